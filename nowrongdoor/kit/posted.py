"""What was posted, read as a command's fields. Nothing typed is cut, and nothing untouched is taken for typed."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone
from django.http import QueryDict

from nowrongdoor.web.fields import Field, Moment, Text, Tick, Widget
from nowrongdoor.web.inputs import Input, Inputs

GIVEN = "given"
"""Names the fields that a form's button says, and nobody types."""
LIST = "list."
"""Before a field's name: what its row lists, so that the list comes back with the form."""
SEVERAL = ":"
"""Between the names of fields that one choice says at once, and between the values that it says."""
WAS = "was."
"""Before a field's name: the value that it began with on the page."""


def typed(inputs: Inputs, posted: QueryDict) -> bool:
    """Whether somebody typed or chose anything that the form can give back."""
    given = posted.getlist(GIVEN)
    shown = [
        each
        for each in inputs
        if each.field.widget is not Widget.HIDDEN
        and each.sent_as not in given
        and (not each.field.only_if or each.sent_as in posted)
    ]
    return bool(shown)


def read(
    inputs: Inputs,
    posted: QueryDict,
    *,
    at: datetime,
    edits: bool = False,
) -> dict[str, object]:
    """What was typed, by parameter. Left out: what was not sent, and what its page began with.

    `edits`: of a record, where even what is needed may be left as it was.
    Errors: BadInput, under the name that was sent, for what cannot be read or is missing.
    """
    found: dict[str, object] = {}
    posted = _apart(posted)
    for each in inputs:
        name = each.sent_as
        if each.field.widget is Widget.TICKS:
            if ticked := tuple(dict.fromkeys(posted.getlist(name))):
                found[each.name] = ticked
            continue
        if not touched(posted, name) and (edits or not each.needed):
            continue
        text = text_of(posted, name)
        if not text and each.needed and (name in posted or not edits):
            raise each.field.missing(name)
        if text:
            value = each.field.read(name, text, at=at)
            found[each.name] = _in_zone(each.field, name, value)
        elif name in posted or WAS + name in posted:
            found |= _emptied(each, posted)
    return found


def text_of(posted: QueryDict, name: str) -> str:
    """What was typed, with one character for the end of a line: browsers send two, which nobody typed."""
    return posted.get(name, "").replace("\r\n", "\n").strip()


def touched(posted: QueryDict, name: str) -> bool:
    """Whether a field is other than its page began with; of one that says nothing of that, it is."""
    was = WAS + name
    return was not in posted or text_of(posted, name) != text_of(posted, was)


def _emptied(each: Input, posted: QueryDict) -> dict[str, object]:
    """What follows where nothing is in a field now."""
    if isinstance(each.field, Text):
        return {each.name: ""}
    if isinstance(each.field, Tick):
        return {each.name: False}
    if text_of(posted, WAS + each.sent_as):  # what was known is not made unknown unsaid
        raise each.field.unlisted(each.sent_as)
    return {}


def several(posted: QueryDict) -> bool:
    """Whether one choice says several fields: `kind:to_program_id` chosen as `referral:019…` is both."""
    return any(SEVERAL in name for name in posted)


def _apart(posted: QueryDict) -> QueryDict:
    found = posted.copy()
    for name in posted:
        names = name.split(SEVERAL)
        if len(names) > 1:
            values = posted.get(name, "").split(SEVERAL, len(names) - 1)
            found.update(dict(zip(names, values, strict=False)))
    return found


def _in_zone(field: Field, name: str, value: object) -> object:
    """A time as the community's clocks show it. One that they never show, or twice, is refused."""
    if not isinstance(field, Moment) or not isinstance(value, datetime):
        return value
    try:
        return from_current_timezone(value)
    except ValidationError:
        raise field.no_time(name) from None
