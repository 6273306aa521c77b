"""Acts: from a command to its address, door, view, form, key and operation in the API."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from inspect import Parameter, Signature
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import URLPattern, path, resolve, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST
from ninja import Router, Schema

from nowrongdoor.agencies.access import api_actor, requires
from nowrongdoor.agencies.acting import Needs, act_as, granted, require_role
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.rules import FOR_PEOPLE
from nowrongdoor.community.queries import CODES
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, NotFound, NotPermitted, Refused
from nowrongdoor.kit import posted, records
from nowrongdoor.kit.desks import drawn_on, led
from nowrongdoor.kit.forms import Again, Form
from nowrongdoor.kit.records import CHANGED, Stands
from nowrongdoor.kit.shapes import REFUSALS, WRITES, Done, body_of, given, sent, without_names
from nowrongdoor.web.clock import now
from nowrongdoor.web.fields import Choices, Pick
from nowrongdoor.web.idempotency import Draw, drawn, once
from nowrongdoor.web.inputs import Input, Inputs, inputs_of
from nowrongdoor.web.refusals import STATUS, by_script, reason

SAVED = "saved"
"""What htmx replaces where a form saves itself: one word beside it, so that nothing moves under the hand."""
_ID = re.compile(r"<uuid:(\w+)>")
_PART = re.compile(r"<\w+:(\w+)>")
Command = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Act:
    """One command that may be called from outside.

    `at`: its address, with the ids it takes. `label`: its button, for gettext. `key`: its key, of
    the row that has the focus or of the whole page. `machine`: whether a key of the API may do it;
    what only a person may do is no operation there. `machine_at`: where the API has it, if elsewhere;
    a field may be a part of that address.
    `first`: what takes long, called as the command is, before any transaction begins.
    `edits`: its fields are those of a record. Called as edits(by, **ids) it locks that record and
    answers the values in force, by parameter; the form begins with the row's own values, what was not
    touched stays as it stands, and what somebody else wrote meanwhile is shown beside, never replaced.
    `saves`: its form saves itself as its fields are left, and is answered with one word.
    `again`: sent in vain, it goes again by itself when the network is back; any other is asked for again.
    `folded`: its form opens under
    its name; else it stands open. `leaves`: whoever acted sees the row no longer, and goes to the
    module's home, from a desk too. `machine_means`: what a machine means where it does not say.
    `target`: what htmx replaces with the answer, unless a desk stands around: a desk draws itself
    again; '' is a plain post, after which the whole page is another. `subject`: the attribute of the
    command's answer whose row is drawn again. `desk`: the one that shows that row, if not the module's.
    """

    module: str
    command: Command
    at: str
    label: str
    key: str
    machine: bool
    machine_at: str
    first: Command | None
    edits: Stands | None = field(hash=False)
    saves: bool
    again: bool
    folded: bool
    leaves: bool
    machine_means: Mapping[str, object] = field(hash=False)
    target: str
    subject: str
    desk: str

    @property
    def name(self) -> str:
        return self.command.__name__

    @property
    def needs(self) -> Needs:
        found: Needs = self.command.needs  # type: ignore[attr-defined]  # set by @command
        return found

    @property
    def inputs(self) -> Inputs:
        return inputs_of(self.command)

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(_ID.findall(self.at))

    @property
    def on_rows(self) -> bool:
        """Whether its key is a row's: it acts on the row that has the focus."""
        return self.target == "closest tr"

    @property
    def of_row(self) -> bool:
        """Whether the form differs from row to row, by more than its row's id and version."""
        return any(
            each.field.only_if
            or each.field.begins_as
            or (isinstance(each.field, Pick) and each.field.of_row)
            for each in self.inputs
        )

    def url(self, row: Any) -> str:
        """Its address for a row: an id of the address is the row's attribute of that name, else its id."""
        ids = {name: getattr(row, name, row.id) for name in self.ids}
        return reverse(f"{self.module}:{self.name}", kwargs=ids)

    def run(self, values: Mapping[str, object], *, by: Actor, at: datetime, **ids: UUID) -> Any:
        if by.machine_id is not None and not self.machine:
            raise NotPermitted(FOR_PEOPLE)
        return self.command(by=by, at=at, **self.inputs.arguments(values, ids))


class Acts:
    """The acts of one module.

    `draw` answers how the subject of an act now stands, for whoever acted from the module's own
    rows; on a desk, the desk draws itself. None: it has no rows of its own. `home` is the page to
    which a plain post goes back, and whoever leaves. `desk`: the one that shows the module's rows,
    where another module draws them.
    """

    def __init__(self, module: str, *, draw: Draw | None = None, home: str, desk: str = "") -> None:
        self.module, self.home, self.desk, self.router = module, home, desk, Router()
        self.all: dict[str, Act] = {}
        self.views: dict[str, Callable[..., HttpResponse]] = {}
        self._draw = draw

    def add(  # noqa: PLR0913 - what an act is
        self,
        command: Command,
        *,
        at: str,
        label: str,
        machine: bool,
        machine_at: str = "",
        first: Command | None = None,
        key: str = "",
        edits: Stands | None = None,
        saves: bool = False,
        again: bool = False,
        folded: bool = True,
        leaves: bool = False,
        machine_means: Mapping[str, object] = MappingProxyType({}),
        target: str = "closest tr",
        subject: str = "pk",
        desk: str = "",
    ) -> Act:
        """Open a command to pages, and to the API where a machine may do it.

        Errors: TypeError where no role may do it, and where something it needs is never given.
        """
        act = Act(
            module=self.module,
            command=command,
            at=at,
            label=label,
            key=key,
            machine=machine,
            machine_at=machine_at or at,
            first=first,
            edits=edits,
            saves=saves,
            again=again,
            folded=folded,
            leaves=leaves,
            machine_means=machine_means,
            target=target,
            subject=subject,
            desk=desk or self.desk,
        )
        if act.needs is None:
            raise TypeError(f"{act.name} says of no role that it may do this: @command(needs=…)")
        if machine and edits:
            raise TypeError(f"{act.name}: machines change no record that people change too")
        if nowhere := act.inputs.unread(act.ids):
            names = ", ".join(nowhere)
            raise TypeError(f"{act.name}: {names} is neither a field (Annotated) nor in {at}")
        self.all[act.name] = act
        self.views[act.name] = require_POST(requires(act.needs)(self._view(act)))
        if machine:
            self._operation(act)
        return act

    def reads(
        self,
        at: str,
        rows: Callable[..., Any],
        row: type[Any],
        *,
        needs: Needs,
        one: bool = False,
        describes: bool = False,
    ) -> None:
        """Let other systems read what pages show: rows(by, at=, **ids), as JSON; or `one` row.

        `row` says what is answered: of a row that is more than that, the rest is left out. A machine
        reads no name, and nothing that `describes` a person, unless a privacy officer agreed.
        """

        def read(request: HttpRequest, **ids: UUID) -> Any:
            by = actor_of(request)
            shown = by.machine_id is None or granted(by, Action.SEE_PEOPLE)
            if describes and not shown:
                require_role(by, Action.SEE_PEOPLE)
            found = rows(by, at=now(), **ids)
            found = found if shown else without_names(found)
            # a list: ninja takes two things in a tuple for a status and a body
            return found if one else list(found)

        read.__name__, read.__doc__ = rows.__name__, rows.__doc__
        answers = {200: row if one else list[row], **REFUSALS}  # type: ignore[valid-type]
        self._open(self.router.get, read, at, needs, answers, {})

    def forms(self, by: Actor, *, at: datetime) -> dict[str, Form]:
        """The forms of all acts for one reader: what may be chosen is read once for all rows."""
        return {name: Form(act, _choices(by, at)) for name, act in self.all.items()}

    @property
    def urls(self) -> list[URLPattern]:
        return [path(act.at, self.views[name], name=name) for name, act in self.all.items()]

    def _view(self, act: Act) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest, **ids: UUID) -> HttpResponse:
            by, at = actor_of(request), now()
            values = posted.read(act.inputs, request.POST, at=at, edits=act.edits is not None)
            with act_as(by):
                if act.edits:
                    records.check(act.inputs, values)
                    standing = records.in_force(act.edits, act.inputs, by, ids)
                    if newer := records.newer(act.inputs, request.POST, standing):
                        return _again(act, request, Refused(CHANGED, newer))
                    values = {**standing, **values}
                done = act.run(values, by=by, at=at, **ids)
            return drawn(_id(done, act.subject))

        acted = once(act_as, partial(self._answer, act))(view)

        def run(request: HttpRequest, **ids: UUID) -> HttpResponse:
            try:
                if act.first:
                    by, at = actor_of(request), now()
                    act.first(by=by, at=at, **posted.read(act.inputs, request.POST, at=at), **ids)
                return acted(request, **ids)
            except (NotPermitted, NotFound):
                raise
            except Refused as refusal:
                return _again(act, request, refusal)

        return run

    def _answer(self, act: Act, request: HttpRequest, subject: UUID) -> HttpResponse:
        """How the subject now stands: on the desk that stands around, or as the module's own row."""
        if act.saves and request.headers.get("HX-Target") == SAVED:
            return HttpResponse(gettext("Saved"))
        home = reverse(self.home)
        try:
            if not act.leaves and (answer := drawn_on(request, act.desk, subject)) is not None:
                return answer
        except (BadInput, NotFound):  # of a desk that cannot be shown; what was done is done
            return led(request, home)
        if act.leaves or self._draw is None:
            return led(request, home)
        if not _swaps(request):
            return HttpResponseRedirect(f"{home}#row-{subject}")
        return self._draw(request, subject)

    def _operation(self, act: Act) -> None:
        at = set(_PART.findall(act.machine_at))
        typed = act.inputs.without(at)

        def operation(request: HttpRequest, body: Schema | None = None, **ids: Any) -> HttpResponse:
            def run(_request: HttpRequest) -> HttpResponse:
                values = {**act.machine_means, **given(body, typed)}
                done = act.run(values, by=actor_of(request), at=now(), **ids)
                episode_id = getattr(done, "episode_id", ids.get("episode_id"))
                id = _id(done, "pk" if hasattr(done, "pk") else "id")
                return JsonResponse(Done(id=id, episode_id=episode_id).model_dump(mode="json"))

            return once(act_as)(run)(request)

        words = gettext(act.label)
        operation.__name__ = act.name
        operation.__doc__ = (act.command.__doc__ or words).partition("\n")[0]
        shapes = {each.name: sent(each.field) for each in act.inputs if each.name in at}
        if body := body_of(act.name, words, typed):
            shapes["body"] = body
        self._open(self.router.post, operation, act.machine_at, act.needs, WRITES, shapes)

    def _open(
        self,
        method: Callable[..., Any],
        operation: Callable[..., Any],
        at: str,
        needs: Needs,
        answers: dict[int, Any],
        shapes: Mapping[str, object],
    ) -> None:
        """Add an operation whose signature is made from its address and `shapes`, which ninja reads.

        `shapes`: that of its body, and of each part of its address that is no id.
        """
        given = [
            Parameter(name, Parameter.KEYWORD_ONLY, annotation=shape)
            for name, shape in {**dict.fromkeys(_PART.findall(at), UUID), **shapes}.items()
        ]
        first = Parameter("request", Parameter.POSITIONAL_OR_KEYWORD, annotation=HttpRequest)
        operation.__signature__ = Signature([first, *given])  # type: ignore[attr-defined]
        where = "/" + _PART.sub(r"{\1}", at).rstrip("/")
        method(where, auth=api_actor(needs), response=answers)(operation)


def form_of(command: Command, label: str, *, by: Actor, at: datetime) -> Form:
    """The form of a command that is no act: its page has a view of its own, which reads and answers it."""
    act = Act(
        module="",
        command=command,
        at="",
        machine_at="",
        first=None,
        label=label,
        key="",
        machine=False,
        edits=None,
        saves=False,
        again=False,
        folded=False,
        leaves=False,
        machine_means={},
        target="",
        subject="",
        desk="",
    )
    return Form(act, _choices(by, at))


def _again(act: Act, request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The form with what was typed and what is wrong, where the hand is. Nothing typed is lost.

    What somebody else wrote meanwhile is shown beside what is typed.
    """
    newer = refusal.newer
    field = refusal.field if isinstance(refusal, BadInput) else ""
    if not act.inputs.fields or (field and field not in {each.sent_as for each in act.inputs}):
        raise refusal
    if not field and not posted.typed(act.inputs, request.POST):
        raise refusal  # a button alone: there is no form to give back
    if posted.several(request.POST) or (act.saves and not field and not newer):
        raise refusal  # its form stays on the page, as it is
    choices = _choices(actor_of(request), now())
    wrong = Again(request.POST, reason(refusal.verdict), field, newer, refusal.version)
    status, ids = STATUS[type(refusal)], resolve(request.path).kwargs
    row = next(iter(ids.values()), "again")
    if not by_script(request):
        token = get_token(request)
        form = Form(act, choices).again(request.path, wrong, row=row, token=token)
        context = {"form": form, "label": gettext(act.label)}
        return render(request, "kit/again.html", context, status=status)
    response = HttpResponse(Form(act, choices).again(request.path, wrong, row=row), status=status)
    response["HX-Retarget"], response["HX-Reswap"] = "this", "outerHTML"
    return response


def _swaps(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def actor_of(request: HttpRequest) -> Actor:
    by: Actor = request.actor  # type: ignore[attr-defined]  # set by Doors, or by api_actor
    return by


def _choices(by: Actor, at: datetime) -> Callable[[Input], Choices]:
    """What may be chosen for a field; read where a form shows it."""
    return lambda each: each.field.choices(by, at=at, codes=CODES)


def _id(done: Any, subject: str) -> UUID:
    """The id of a command's answer: a row's, or the answer itself."""
    found: UUID = done if isinstance(done, UUID) else getattr(done, subject)
    return found
