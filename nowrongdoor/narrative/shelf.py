"""What a program's own notes say, as the gate reads them for others."""

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext_noop as _

from nowrongdoor.kernel.actor import Actor
from nowrongdoor.narrative.models import SHARED, Note
from nowrongdoor.sharing.shelves import About, Item, Shelf


def _own(by: Actor, about: About) -> list[Note]:
    """Those of the class that the program has itself: what an employer's clinician keeps apart is not theirs to tell."""
    rows = Note.objects.filter(
        program_id=by.program_id, episode_id__in=about.episode_ids, apart=False, correction=None
    )
    return list(rows.exclude(data_class=SHARED).order_by("-written_at", "-id"))


def versions(by: Actor, about: About) -> dict[UUID, int]:
    return {row.pk: 1 for row in _own(by, about)}


def read(by: Actor, about: About, groups: Collection[str]) -> tuple[Item, ...]:
    group = "whole" if "whole" in groups else "treatment"
    return tuple(
        Item(group, "", row.text, at=row.written_at, record_id=row.pk) for row in _own(by, about)
    )


NOTES = Shelf(
    name="notes",
    label=_("Notes"),
    groups=("treatment", "whole"),
    versions=versions,
    read=read,
)
