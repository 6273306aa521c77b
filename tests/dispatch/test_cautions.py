"""Safety concerns about a place or a person: who writes, sees, appeals, decides and ends them."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.dispatch import commands
from nowrongdoor.dispatch.cautions import CautionRow, cautions
from nowrongdoor.dispatch.facts import CautionOf, Decision
from nowrongdoor.dispatch.models import Caution
from nowrongdoor.episodes.models import Episode
from tests.dispatch.floor import (
    ANA,
    CARL,
    DENISE,
    LINDA,
    MARIA,
    STRANGER,
    a_request,
    an_assignment,
    holder,
    kinds,
    lines,
    marias,
    refused,
)
from tests.makers import NOON, an_actor, an_episode, later, seen

pytestmark = pytest.mark.usefixtures("db")
DAY = 86_400
PLACE = "12 Quiet Street"


def warn(
    episode: Episode,
    by: str = MARIA,
    *,
    of: CautionOf = CautionOf.PLACE,
    code: str = "dogs",
    text: str = "Two dogs behind the house",
    evidence: str = "told_by_caller",
    at: datetime = NOON,
    days: float = 30,
) -> Caution:
    return commands.warn(
        by=an_actor(by),
        at=at,
        episode_id=episode.pk,
        of=of,
        code=code,
        text=text,
        evidence=evidence,
        expires_at=at + timedelta(days=days),
    )


def here(place: str = PLACE, by: str = MARIA) -> Episode:
    return an_episode(an_actor(by), place=place)


def shown(episode: Episode, by: str = MARIA, *, at: datetime = NOON) -> list[CautionRow]:
    return list(cautions(an_actor(by), episode.pk, at=at))


def test_a_team_that_comes_to_the_place_later_sees_what_was_written_of_it() -> None:
    first, other = here(), here("9 Loud Street")
    warn(first)
    row = an_assignment(a_request(here("  12 QUIET   street ")))
    again = seen(an_actor(ANA), row.episode_id)
    assert again is not None

    [found] = shown(again, ANA)

    assert (found.of, found.text, found.ours) == ("place", "Two dogs behind the house", False)
    assert (found.author, found.appealed) == ("Maria Lopez", False)
    assert shown(other) == []
    assert "warned" in kinds()


@pytest.mark.parametrize("place", ["Calle Ñandú 5", "ÁLAMO Alto 7"])
def test_a_place_is_the_same_in_capitals_also_with_accents(place: str) -> None:
    warn(here(place.upper()))

    assert len(shown(here(place.lower()))) == 1


def test_what_is_written_of_a_person_stays_with_their_episode() -> None:
    episode = here()
    warn(episode, of=CautionOf.PERSON, code="assault_on_responders", text="")

    assert [each.of for each in shown(episode)] == ["person"]
    assert shown(here()) == []


def test_nobody_outside_sees_it() -> None:
    episode = here()
    row = warn(episode)

    assert shown(episode, STRANGER) == []
    for name in (STRANGER, CARL, ANA):
        with act_as(an_actor(name)):
            assert not Caution.objects.filter(pk=row.pk).exists()
    ask = partial(commands.appeal, by=an_actor(CARL), at=NOON, caution_id=row.pk, reason="not_so")
    assert refused(ask) == "row.missing"


def test_an_expired_caution_is_not_shown() -> None:
    episode = here()
    warn(episode, days=2)

    found = [len(shown(episode, at=later(s))) for s in (0, 2 * DAY - 1, 2 * DAY, 9 * DAY)]

    assert found == [1, 1, 0, 0]


def test_what_may_not_be_written_is_refused_and_nothing_is_kept() -> None:
    episode, nowhere = here(), here("")
    try_ = partial(warn, episode=episode)

    rules = [
        refused(try_, code="grumpy"),
        refused(try_, evidence=""),
        refused(try_, evidence="a feeling"),
        refused(try_, text="Bipolar, be careful"),
        refused(try_, text="Es esquizofrénico"),
        refused(try_, text="x" * 201),
        refused(try_, days=0),
        refused(try_, days=181),
        refused(try_, episode=nowhere),
        refused(try_, by=CARL),
        refused(try_, by="walter.pena"),
    ]

    assert rules == [
        "code.unknown",
        "field.needed",
        "code.unknown",
        "caution.diagnosis",
        "caution.diagnosis",
        "text.long",
        "caution.past",
        "caution.too_long",
        "caution.no_place",
        "row.missing",
        "row.missing",
    ]
    assert kinds() == []


def test_whoever_is_only_informed_of_an_episode_writes_nothing_of_it() -> None:
    episode = an_episode(an_actor("anna.miller"), place=PLACE)

    assert refused(warn, episode=episode) == "row.missing"
    assert shown(episode) == []


# appeals ----------------------------------------------------------------------------------------


def appealed(author: str = MARIA) -> tuple[Episode, Caution]:
    episode = here()
    a_request(episode)  # so that the desk sees it
    row = warn(episode, author)
    commands.appeal(by=an_actor(CARL), at=later(60), caution_id=row.pk, reason="no_longer")
    return episode, row


def decides(row: Caution, by: str, *, kept: bool) -> Caution:
    decision = Decision.KEEP if kept else Decision.DROP
    return commands.decide_appeal(
        by=an_actor(by), at=later(120), caution_id=row.pk, decision=decision
    )


def test_a_caution_stands_until_another_supervisor_of_its_program_has_decided() -> None:
    episode, row = appealed()
    [open_] = shown(episode)

    counselor = refused(decides, row=row, by="thomas.baker", kept=False)
    other_desk = refused(decides, row=row, by="irma.salas", kept=False)
    decides(row, DENISE, kept=False)
    again = refused(decides, row=row, by=DENISE, kept=True)

    assert open_.appealed
    assert (counselor, other_desk, again) == (
        "appeal.supervisor",
        "appeal.supervisor",
        "appeal.none",
    )
    assert shown(episode) == []
    assert holder(episode.pk) == marias()
    assert [k for k in kinds() if k != "asked"] == ["warned", "appealed", "appeal_decided"]


def test_one_that_was_kept_is_shown_and_may_be_appealed_again() -> None:
    episode, row = appealed()

    decides(row, DENISE, kept=True)
    [kept] = shown(episode)
    commands.appeal(by=an_actor(MARIA), at=later(180), caution_id=row.pk, reason="not_so")
    [again] = shown(episode)

    assert (kept.appealed, again.appealed) == (False, True)


def test_the_author_decides_no_appeal_also_not_as_a_supervisor() -> None:
    _episode, row = appealed(DENISE)

    assert refused(decides, row=row, by=DENISE, kept=True) == "appeal.own"


def test_an_appeal_has_a_listed_reason() -> None:
    row = warn(here())
    ask = partial(commands.appeal, by=an_actor(MARIA), at=NOON, caution_id=row.pk)

    assert refused(ask, reason="rude") == "code.unknown"
    assert refused(decides, row=row, by=DENISE, kept=True) == "appeal.none"


def test_only_the_program_that_wrote_it_ends_it() -> None:
    episode, row = appealed()
    end = partial(commands.end_caution, at=later(90), caution_id=row.pk)

    theirs = refused(end, by=an_actor(CARL))
    nobodys = refused(end, by=an_actor(LINDA))
    end(by=an_actor("thomas.baker"))

    assert (theirs, nobodys) == ("caution.not_yours", "row.missing")
    assert shown(episode) == []
    assert len(lines("dispatch.caution_ended")) == 1
