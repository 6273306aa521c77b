"""Forms of acts: drawn once for a reader, filled in for each row, and drawn again with what was posted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from secrets import token_hex
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from nowrongdoor.kit.posted import GIVEN, LIST, WAS
from nowrongdoor.kit.records import in_words
from nowrongdoor.web.fields import Choices, OneOf, Pick, Text, Version, Widget, YesNo
from nowrongdoor.web.inputs import Input

if TYPE_CHECKING:
    from nowrongdoor.kit.acts import Act

# Stand where each row's own values go. By chance, anew in each process: nothing typed or named holds them.
_URL, _ROW, _VERSION, _TOKEN, _ON, _ON_ID = (f"\ue000{token_hex(8)}\ue001" for _ in range(6))
DESK = "#follows"
"""The part of a desk's page that is drawn again after an act."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One field as a form shows it."""

    name: str
    label: str
    help: str
    widget: Widget
    needed: bool
    choices: Choices
    most: int | None
    rows: int
    value: str
    began: str | None
    """The value it began with, where the page says so: what a save must not replace unseen."""
    error: str
    wrote: str = ""
    """What somebody else wrote meanwhile, beside what is typed here."""
    key: str = ""
    listed: bool = False
    """Whether its choices are its row's own, and have to come back with the form."""
    ticked: tuple[str, ...] = ()
    autofill: str = "off"


@dataclass(frozen=True, slots=True)
class Again:
    """A form that comes back: what was typed, and what is wrong with it."""

    typed: QueryDict
    error: str
    field: str = ""
    newer: Mapping[str, str] | None = None
    """What stands there by now, of fields that somebody else changed meanwhile."""
    version: int | None = None
    """As of which version, where the form says one: whoever sends it again has seen that."""


@dataclass(frozen=True, slots=True)
class Own:
    """How one form of an act differs from its others. `given`: the fields that its button says.

    `page_key`: its key wherever on the page the focus is, also where the act has one of the row.
    """

    label: str = ""
    key: str = ""
    page_key: str = ""
    look: str = "first"
    given: tuple[tuple[str, str], ...] = ()

    def says(self, name: str) -> bool:
        return any(each == name for each, _value in self.given)


USUAL = Own()


def own(options: Mapping[str, object]) -> Own:
    """What a template says of a form: its label, keys and look; every other word is a field it gives."""
    said = {name: str(value) for name, value in options.items()}
    looks = {name: said.pop(name) for name in ("label", "key", "page_key", "look") if name in said}
    return Own(**looks, given=tuple(said.items()))


class Form:
    """An act's form for one reader. Drawn once; `of` fills in a row's own values."""

    def __init__(self, act: "Act", choose: Callable[[Input], Choices]) -> None:
        self.act, self._choose = act, choose
        self._choices: dict[str, Choices] = {}
        self._drawn: dict[tuple[bool, Own], str] = {}

    def opens_on(self, row: Any) -> bool:
        """Whether the act may be done on this row, where the row says anything of that."""
        may = getattr(row, "may", None)
        return may is None or self.act.name in may

    def of(
        self,
        row: Any,
        own: Own = USUAL,
        *,
        on: tuple[str, UUID | str] = ("", ""),
        token: object = "",
    ) -> SafeString:
        """The form for this row; '' where the row says that the act may not be done."""
        if not self.opens_on(row):
            return SafeString("")
        on = ("", "") if self.act.leaves else on
        desk = on[0] != ""
        if self.act.edits or self.act.of_row:
            return self._filled(self._draw(row, own, desk=desk), row, on=on, token=token)
        if (desk, own) not in self._drawn:
            self._drawn[desk, own] = self._draw(None, own, desk=desk)
        return self._filled(self._drawn[desk, own], row, on=on, token=token)

    def again(
        self,
        url: str,
        wrong: Again,
        *,
        row: object = "again",
        look: str = "first",
        token: object = "",
    ) -> SafeString:
        """The form alone, as it was sent, with what is wrong where the hand is. `row`: the id of its row."""
        posted = wrong.typed
        on = (posted.get("on", ""), posted.get("on_id", ""))
        given = tuple(
            (each.sent_as, posted.get(each.sent_as, ""))
            for each in self.act.inputs
            if each.sent_as in posted.getlist(GIVEN)
        )
        look = "hidden-text" if self.act.saves else look
        context = self._context(None, wrong, Own(look=look, given=given), desk=on[0] != "")
        drawn = render_to_string("kit/form.html", context)
        version = posted.get("version", "") if wrong.version is None else str(wrong.version)
        return _fill(drawn, url, str(row), version, token, on)

    def _draw(self, row: Any, own: Own, *, desk: bool) -> str:
        return render_to_string("kit/act.html", self._context(row, None, own, desk=desk))

    def _context(self, row: Any, wrong: Again | None, own: Own, *, desk: bool) -> dict[str, object]:
        act = self.act
        fields = [
            self._shown(each, row, wrong)
            for each in act.inputs
            if each.field.widget is not Widget.HIDDEN
            and not own.says(each.sent_as)
            and _there(each, row, wrong)
        ]
        # a row's key acts on the row that has the focus; on a desk there may be many
        usual = "" if desk and act.on_rows else act.key
        error = "" if wrong is None or any(each.error for each in fields) else wrong.error
        return {
            "target": DESK if desk and act.target and not act.saves else act.target,
            "saves": act.saves,
            "again": act.again,
            "key": own.page_key or own.key or usual,
            "key_of": "row-key" if act.on_rows and not own.page_key else "key",
            "folds": bool(fields) and act.folded,
            "label": own.label or gettext(act.label),
            "look": own.look,
            "given": own.given,
            "url": _URL,
            "uid": f"{act.name}-{_ROW}",
            "version": _VERSION if any(isinstance(e.field, Version) for e in act.inputs) else "",
            "token": _TOKEN,
            "on": _ON,
            "on_id": _ON_ID,
            "fields": fields,
            "error": error,
        }

    def _shown(self, each: Input, row: Any, wrong: Again | None) -> Shown:
        field, name = each.field, each.sent_as
        begins_as = each.name if self.act.edits else field.begins_as
        begins = in_words(getattr(row, begins_as, "")) if begins_as else field.begins
        wrote = None if wrong is None else (wrong.newer or {}).get(name)
        if not (self.act.edits and field.widget is not Widget.TICKS):
            began = None
        elif wrong is None:
            began = begins
        else:
            began = wrong.typed.get(WAS + name) if wrote is None else wrote
        listed = isinstance(field, Pick) and field.of_row
        return Shown(
            name=name,
            label=gettext(field.label),
            help=gettext(field.help) if field.help else "",
            widget=field.widget,
            needed=each.needed,
            choices=_listed(each, row, wrong) if listed else self._chosen(each),
            listed=bool(listed),
            most=field.most if isinstance(field, Text) else None,
            rows=field.rows if isinstance(field, Text) else 1,
            autofill=field.autofill if isinstance(field, Text) else "off",
            value=begins if wrong is None else wrong.typed.get(name, ""),
            ticked=_ticked(begins_as, row) if wrong is None else tuple(wrong.typed.getlist(name)),
            began=began,
            error=wrong.error if wrong is not None and wrong.field == name else "",
            wrote="" if wrote is None else self._said(each, wrote),
            key=field.key,
        )

    def __eq__(self, other: object) -> bool:
        """Whether both draw the same for a row: known only where all that may be chosen was read."""
        if not isinstance(other, Form) or self.act != other.act or self._choices != other._choices:
            return False
        return all(each.sent_as in self._choices for each in self.act.inputs)

    __hash__ = None  # type: ignore[assignment]  # what may be chosen is read later

    def _said(self, each: Input, value: str) -> str:
        """A value as somebody reads it."""
        if not value:
            return gettext("None")
        if each.field.widget is Widget.TICK:
            return gettext("Yes")
        return dict(self._chosen(each)).get(value, value)

    def chosen(self) -> "Form":
        """With what may be chosen read now: for whoever draws it outside of the transaction."""
        for each in self.act.inputs:
            self._chosen(each)
        return self

    def _chosen(self, each: Input) -> Choices:
        """What may be chosen, read once for all rows."""
        if each.sent_as not in self._choices:
            found = self._choose(each)
            if isinstance(each.field, OneOf | YesNo):
                found = [(value, gettext(words)) for value, words in found]
            self._choices[each.sent_as] = found
        return self._choices[each.sent_as]

    def _filled(
        self, drawn: str, row: Any, *, on: tuple[str, UUID | str], token: object
    ) -> SafeString:
        version = str(getattr(row, "version", ""))
        return _fill(drawn, self.act.url(row), str(row.id), version, token, on)


def _listed(each: Input, row: Any, wrong: Again | None) -> Choices:
    """What the row lists, or what its form said it listed: chosen or not, the command looks again."""
    if wrong is None:
        return getattr(row, each.field.of_row, ()) if isinstance(each.field, Pick) else ()
    said = [line.partition(" ") for line in wrong.typed.getlist(LIST + each.sent_as)]
    return [(value, words) for value, _space, words in said]


def _ticked(begins_as: str, row: Any) -> tuple[str, ...]:
    """The codes that the row itself says, where a field begins with them."""
    said = getattr(row, begins_as, ()) if begins_as else ()
    return tuple(said) if isinstance(said, tuple | list) else ()


def _there(each: Input, row: Any, wrong: Again | None) -> bool:
    """Whether a field is drawn: for this row, or as it was on the form that came back."""
    if not each.field.only_if:
        return True
    return (
        each.sent_as in wrong.typed if wrong is not None else bool(getattr(row, each.field.only_if))
    )


def _fill(
    drawn: str, url: str, row: str, version: str, token: object, on: tuple[str, UUID | str]
) -> SafeString:
    hidden = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token)
    values = {
        _URL: url,
        _ROW: row,
        _VERSION: version,
        _TOKEN: hidden if token else "",
        _ON: on[0],
        _ON_ID: str(on[1]),
    }
    for mark, value in values.items():
        drawn = drawn.replace(mark, conditional_escape(value))
    return mark_safe(drawn)  # noqa: S308 - drawn by a template; each value was escaped
