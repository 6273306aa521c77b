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
from nowrongdoor.triage.models import Answer, Screening
from nowrongdoor.triage.words import level_words, localized

GROUPS = ("rescue", "threat", "safety")


def _own(by: Actor, about: About) -> QuerySet[Screening]:
    """What the program asked itself: what another asked is that one's to tell."""
    return Screening.objects.filter(episode_id__in=about.episode_ids, by_program_id=by.program_id)


def versions(by: Actor, about: About) -> dict[UUID, int]:
    steps = _own(by, about)
    return dict(steps.order_by("episode_id", "step").values_list("episode_id", "step"))


def read(by: Actor, about: About, groups: Collection[str]) -> tuple[Item, ...]:
    """The level as the program itself found it, and each answer that it got which is neither harmless nor unknown."""
    group = next((each for each in GROUPS if each in groups), GROUPS[0])
    found: list[Item] = []
    for episode_id in versions(by, about):
        last = _own(by, about).filter(episode_id=episode_id).select_related("protocol")
        step = last.order_by("-step")[0]
        found.append(Item(group, gettext("Level"), level_words(step.shown), record_id=episode_id))
        found += [
            Item(group, asked, said, record_id=episode_id)
            for asked, said in _told(by, episode_id, step)
        ]
    return tuple(found)


def _told(by: Actor, episode_id: UUID, step: Screening) -> list[tuple[str, str]]:
    rows = Answer.objects.filter(episode_id=episode_id, by_program_id=by.program_id)
    last = rows.order_by("question", "-step").distinct("question")
    given = dict(last.values_list("question", "value"))
    return [
        (localized(each.ask, by.language), localized(each.says[value], by.language))
        for each in queries.parsed(step.protocol).questions
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
