"""What the API reads and answers, from the fields of a command and from the rows of a query."""

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import (
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Strict,
    StringConstraints,
    create_model,
)
from pydantic import Field as Constraint
from pydantic.config import JsonValue

from nowrongdoor.web.fields import (
    Codes,
    Field,
    FromNow,
    Moment,
    Number,
    OneOf,
    Pick,
    Text,
    Tick,
    Version,
    YesNo,
)
from nowrongdoor.web.inputs import Inputs

NAMES = re.compile(r"(^|_)name$|^relief_to$|^acknowledged_by$")
"""Fields of what is read that name somebody: a colleague, whoever accepted, whoever wrote."""
_NO_NUL = r"^[^\x00]*$"


class Problem(Schema):
    """Why not: the rule that said no, in a stable word and in a sentence."""

    rule: str
    because: str
    field: str = ""


class Body(Schema):
    """What is sent. A word that it does not know is refused: misspelled, it would be lost unseen."""

    model_config = ConfigDict(extra="forbid")


class Done(Schema):
    """What was done, by its id, to which episode."""

    id: UUID
    episode_id: UUID | None


def without_names(found: Any) -> Any:
    """The same rows, with "" for whoever is named in them: "not known to you"."""
    if isinstance(found, list | tuple):
        return type(found)(without_names(each) for each in found)
    if not is_dataclass(found) or isinstance(found, type):
        return found
    read = {each.name: getattr(found, each.name) for each in fields(found) if each.init}
    told = {name: "" if NAMES.search(name) else without_names(kept) for name, kept in read.items()}
    return replace(found, **told)


REFUSALS: dict[int, Any] = dict.fromkeys((400, 401, 403, 404, 409, 422, 429), Problem)
WRITES: dict[int, Any] = {200: Done, **REFUSALS}


def _written(value: object) -> object:
    """A bare number would be read as seconds since 1970, and a mistake become a time long ago."""
    if not isinstance(value, str) or re.match(r"\d{4}-\d\d-\d\d[Tt ]", value) is None:
        raise ValueError("not a date and a time")
    return value


When = Annotated[datetime, BeforeValidator(_written)]


def _text(field: Text) -> object:
    return Annotated[
        str, StringConstraints(max_length=field.most, strip_whitespace=True, pattern=_NO_NUL)
    ]


_SENT: dict[type[Field], Callable[[Any], object]] = {  # the first that fits
    Codes: lambda field: tuple[_text(field), ...],  # type: ignore[misc]  # made here
    Text: _text,
    OneOf: lambda field: field.kind,
    Pick: lambda _field: UUID,
    Number: lambda field: Annotated[int, Strict(), Constraint(ge=field.least, le=field.most)],
    FromNow: lambda _field: Annotated[AwareDatetime, BeforeValidator(_written)],
    Moment: lambda _field: Annotated[AwareDatetime, BeforeValidator(_written)],
    Tick: lambda _field: Annotated[bool, Strict()],
    YesNo: lambda _field: Annotated[bool, Strict()],
    Version: lambda _field: Annotated[int, Strict(), Constraint(ge=0, le=2**31 - 1)],
}


def sent(field: Field) -> Any:
    """How the API reads a field."""
    return next(make(field) for kind, make in _SENT.items() if isinstance(field, kind))


def body_of(name: str, words: str, inputs: Inputs) -> type[Schema] | None:
    """The body of an operation; None where nothing is sent. What need not be sent may be null."""
    shapes: dict[str, Any] = {}
    for each in inputs:
        shape = sent(each.field)
        shapes[each.sent_as] = (shape, ...) if each.needed else (shape | None, None)
    if not shapes:
        return None
    title = f"{name.title().replace('_', '')}In"
    return create_model(title, __base__=_shown(inputs), __doc__=words, **shapes)


def _shown(inputs: Inputs) -> type[Schema]:
    """A body whose description has an example, where any of its fields has one."""
    example: dict[str, JsonValue] = {}
    for each in inputs:
        if each.field.example != "":
            example[each.sent_as] = each.field.example
        elif each.needed and isinstance(each.field, FromNow):
            example[each.sent_as] = "2099-01-01T12:00:00Z"
        elif each.needed and isinstance(each.field, Pick):
            example[each.sent_as] = "019364c0-0000-7000-8000-000000000001"
        elif isinstance(each.field, OneOf):
            example[each.sent_as] = next(iter(each.field.words)).value
    if not example:
        return Body
    examples: list[JsonValue] = [dict(example)]
    config = ConfigDict(json_schema_extra={"examples": examples})
    return type("Shown", (Body,), {"model_config": config, "__module__": __name__})


def given(body: Schema | None, inputs: Inputs) -> dict[str, object]:
    """What was sent, by parameter; what was not sent, or is null, is left out."""
    if body is None:
        return {}
    values = {each.name: getattr(body, each.sent_as) for each in inputs}
    return {name: value for name, value in values.items() if value is not None}
