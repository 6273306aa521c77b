"""What a program's own record says of somebody, as the gate reads it for others."""

from collections.abc import Collection, Iterator
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from nowrongdoor.identity import queries, records
from nowrongdoor.identity.models import Person
from nowrongdoor.identity.reads import RecordRow
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.sharing.shelves import HELPS, About, Item, Shelf


def versions(_by: Actor, about: About) -> dict[UUID, int]:
    """Of the record as part of which it is read: what is written there later is told too."""
    roots = records.roots_of(filter(None, [about.person_id])).values()
    return dict(Person.objects.filter(pk__in=roots).values_list("id", "version"))


def read(by: Actor, about: About, groups: Collection[str]) -> tuple[Item, ...]:
    if about.person_id is None:
        return ()
    return tuple(_items(queries.record(by, about.person_id), groups))


def _items(row: RecordRow, groups: Collection[str]) -> Iterator[Item]:
    """Each line once, under the first of the groups asked for that it belongs to."""
    said = (
        (("identify", "rescue", "need", "treatment"), _("Name"), row.line.name),
        (("identify", "treatment"), _("Born"), row.born),
        (("identify", "rescue", "need", "treatment"), _("Address"), row.address),
        (("identify", "rescue", "treatment"), _("Description"), row.description),
        (("rescue", "need", "treatment"), _("Usual place"), row.usual_place),
        (("rescue", "treatment"), _("Phones"), ", ".join(row.line.phones)),
        (("need", "treatment"), _("Language"), row.language_name),
        ((HELPS,), _("What helps me"), row.what_helps),
    )
    for mine, label, value in said:
        group = next((each for each in mine if each in groups), None)
        if value and group is not None:
            yield Item(group, gettext(label), value, record_id=row.id)


SHELF = Shelf(
    name="person",
    label=_("Who they are"),
    record=_("Person record"),
    holds={"identify": _("what identifies the person"), HELPS: _("what helps me")},
    groups=("identify", "rescue", "need", "treatment", HELPS),
    versions=versions,
    read=read,
)
