"""What a command takes from whoever types or sends, read from its signature (see `fields`)."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from inspect import Parameter, signature, unwrap
from typing import Any, get_type_hints
from uuid import UUID

from nowrongdoor.web.fields import Field, Lists, Text


@dataclass(frozen=True, slots=True)
class Group:
    """Marks a parameter that is a dataclass, whose own fields are what is typed or sent."""


@dataclass(frozen=True, slots=True)
class Input:
    """One field of a command: for which parameter, in which group of it, and whether it is needed."""

    name: str
    field: Field
    needed: bool
    group: str = ""

    @property
    def sent_as(self) -> str:
        return self.field.sent_as or self.name

    def check(self, value: object, codes: Lists) -> None:
        """Refuse a value, whoever gives it; None is nothing given. Errors: BadInput."""
        if value == "" and self.needed:
            raise self.field.missing(self.sent_as)
        if value is not None and value != "":
            self.field.check(self.sent_as, value, codes)


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that is typed or sent for a command."""

    fields: tuple[Input, ...]
    groups: Mapping[str, type]
    plain: frozenset[str] = frozenset()
    """Parameters that are no field, but `by` and `at`, and that have no default: ids of an address."""

    def __iter__(self) -> Iterator[Input]:
        return iter(self.fields)

    def without(self, names: Collection[str]) -> "Inputs":
        return replace(self, fields=tuple(each for each in self if each.name not in names))

    def unread(self, ids: Collection[str]) -> list[str]:
        """What a command needs and neither its fields nor these ids of an address give it."""
        return sorted(self.plain - set(ids))

    def arguments(self, given: Mapping[str, object], ids: Mapping[str, UUID]) -> dict[str, object]:
        """What the command is called with: values that were given, and the ids of the address.

        A group takes its own; an id of the address goes into a group that has a field of that name.
        """
        found: dict[str, object] = {}
        used: set[str] = set()
        for name, kind in self.groups.items():
            own = {each.name for each in fields(kind)}
            found[name] = kind(**{k: v for k, v in {**ids, **given}.items() if k in own})
            used |= own
        plain = {**ids, **given}
        return found | {name: value for name, value in plain.items() if name not in used}

    def kept(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """What the command was called with, each text of it as its field keeps it, also within other facts."""
        found = {name: _kept(value) for name, value in arguments.items()}
        for each in self.fields:
            told = None if each.group else found.get(each.name)
            if isinstance(each.field, Text) and isinstance(told, str):
                found[each.name] = each.field.kept(told)
        return found

    def check(self, arguments: Mapping[str, object], codes: Lists) -> None:
        """Let each field have its say about what the command was called with. Errors: BadInput."""
        for each in self.fields:
            holder = arguments.get(each.group) if each.group else arguments
            value = getattr(holder, each.name, None) if each.group else arguments.get(each.name)
            each.check(value, codes)


@cache
def inputs_of(command: Callable[..., object]) -> Inputs:
    """What a command's signature says may be typed or sent for it."""
    plain = unwrap(command)
    hints = get_type_hints(plain, include_extras=True)
    found: list[Input] = []
    groups: dict[str, type] = {}
    given = set()
    for name, parameter in signature(plain).parameters.items():
        for mark in getattr(hints[name], "__metadata__", ()):
            if isinstance(mark, Field):
                found.append(Input(name, mark, parameter.default is Parameter.empty))
            elif isinstance(mark, Group):
                groups[name] = hints[name].__origin__
                found += _in_group(name, groups[name])
        if parameter.default is Parameter.empty and not hasattr(hints[name], "__metadata__"):
            given.add(name)
    return Inputs(tuple(found), groups, frozenset(given - {"by", "at"}))


def _kept(value: Any) -> Any:
    """The same facts, with each text as its field keeps it. What needs no change is the same object."""
    if type(value) in (list, tuple) and value and is_dataclass(value[0]):
        return type(value)(_kept(each) for each in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changed = {}
    for name, text in _texts_within(type(value)):
        old = getattr(value, name)
        new = text.kept(old) if text and isinstance(old, str) else _kept(old)
        if new is not old and new != old:
            changed[name] = new
    return replace(value, **changed) if changed else value


@cache
def _texts_within(kind: type) -> tuple[tuple[str, Text | None], ...]:
    """The fields of facts that are texts, and those that are facts themselves: these with None."""
    hints = get_type_hints(kind, include_extras=True)
    found: list[tuple[str, Text | None]] = []
    for each in fields(kind):
        marks = getattr(hints[each.name], "__metadata__", ())
        text = next((mark for mark in marks if isinstance(mark, Text)), None)
        if text is not None or is_dataclass(hints[each.name]):
            found.append((each.name, text))
    return tuple(found)


def _in_group(name: str, kind: type) -> list[Input]:
    if not is_dataclass(kind):
        raise TypeError(f"{name} is marked as a group and is no dataclass")
    hints = get_type_hints(kind, include_extras=True)
    needed = {
        name
        for name, parameter in signature(kind).parameters.items()
        if parameter.default is Parameter.empty
    }
    return [
        Input(each.name, mark, each.name in needed, name)
        for each in fields(kind)
        for mark in getattr(hints[each.name], "__metadata__", ())
        if isinstance(mark, Field)
    ]
