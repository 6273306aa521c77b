"""What a program's own record says of somebody, as the gate reads it for others."""

from collections.abc import Collection, Iterator
from uuid import UUID

from django.utils.translation import gettext_noop as _

from nowrongdoor.identity import queries
from nowrongdoor.identity.models import Person
from nowrongdoor.identity.reads import RecordRow
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.sharing.shelves import About, Item, Shelf

HELPS = "what_helps"
"""No group of the table: the person's own words travel where their release names them, and nowhere else."""


def versions(_by: Actor, about: About) -> dict[UUID, int]:
    rows = Person.objects.filter(pk__in=filter(None, [about.person_id]))
    return dict(rows.values_list("id", "version"))


def read(by: Actor, about: About, groups: Collection[str]) -> tuple[Item, ...]:
    if about.person_id is None:
        return ()
    row = queries.record(by, about.person_id)
    return tuple(each for each in _items(row) if each.group in groups or "whole" in groups)


def _items(row: RecordRow) -> Iterator[Item]:
    said = (
        ("identify", _("Name"), row.line.name),
        ("identify", _("Born"), row.born),
        ("identify", _("Address"), row.address),
        ("identify", _("Description"), row.description),
        ("need", _("Usual place"), row.usual_place),
        (HELPS, _("What helps me"), row.what_helps),
    )
    for group, label, value in said:
        if value:
            yield Item(group, label, value, record_id=row.id)


SHELF = Shelf(
    name="person",
    label=_("Who they are"),
    groups=("identify", "need", HELPS, "whole"),
    versions=versions,
    read=read,
)
