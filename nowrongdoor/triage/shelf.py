"""What somebody said when they were asked, as the gate reads it for a rescue: what is dangerous, and nothing else."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from nowrongdoor.kernel.actor import Actor
from nowrongdoor.sharing.shelves import About, Item, Shelf
from nowrongdoor.triage import queries
from nowrongdoor.triage.facts import UNKNOWN
from nowrongdoor.triage.models import Screening
from nowrongdoor.triage.words import level_words, localized

GROUPS = ("rescue", "threat", "safety")


def _own(by: Actor, about: About) -> QuerySet[Screening]:
    """What the program asked itself: what another asked is that one's to tell."""
    return Screening.objects.filter(episode_id__in=about.episode_ids, by_program_id=by.program_id)


def versions(by: Actor, about: About) -> dict[UUID, int]:
    steps = _own(by, about)
    return dict(steps.order_by("episode_id", "step").values_list("episode_id", "step"))


def read(by: Actor, about: About, groups: Collection[str]) -> tuple[Item, ...]:
    """The level, and each answer that is neither harmless nor unknown."""
    group = next((each for each in GROUPS if each in groups), GROUPS[0])
    found: list[Item] = []
    for episode_id in versions(by, about):
        level = queries.levels(by, [episode_id]).get(episode_id)
        if level is None:
            continue
        found.append(
            Item(group, gettext("Level"), level_words(level.shown.value), record_id=episode_id)
        )
        found += [
            Item(group, asked, said, record_id=episode_id) for asked, said in _told(by, episode_id)
        ]
    return tuple(found)


def _told(by: Actor, episode_id: UUID) -> list[tuple[str, str]]:
    """Each question and its answer, where the answer is neither harmless nor unknown."""
    step = Screening.objects.filter(episode_id=episode_id).select_related("protocol")
    last = step.order_by("-step").first()
    if last is None:
        return []
    given = queries.answers(by, episode_id)
    return [
        (localized(each.ask, by.language), localized(each.says[value], by.language))
        for each in queries.parsed(last.protocol).questions
        if (value := given.get(each.id, UNKNOWN)) not in (UNKNOWN, each.benign)
        and value in each.says
    ]


DANGER = Shelf(
    name="danger",
    label=_("Danger"),
    groups=GROUPS,
    versions=versions,
    read=read,
)
