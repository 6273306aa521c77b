"""A visit entered afterwards: what it may be, and that it is written down as one that was live."""

import json
from pathlib import Path

import pytest

from nowrongdoor.agencies.acting import act_as, act_as_task
from nowrongdoor.calls import commands as calls
from nowrongdoor.calls.facts import ContactFacts
from nowrongdoor.dispatch import commands
from nowrongdoor.dispatch.facts import Ask, Clearing, Signing, Stage, Transport, Visit
from nowrongdoor.dispatch.models import Assignment, Request
from nowrongdoor.dispatch.rules import backentry
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import Closing, Source
from nowrongdoor.journal.models import Entry
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, Refused
from nowrongdoor.web.clock import now
from tests.exchange import test_teams
from tests.makers import NOON, an_actor, an_episode, later, member_id, program_id

FLOOR, PAIR = "911/floor", "MHST-1"
WAY = dict(
    zip(
        (Stage.ASSIGNED, Stage.ON_SCENE, Stage.ENGAGED, Stage.CLEARED),
        (later(n * 600) for n in range(1, 5)),
        strict=True,
    )
)


def a_visit(**over: object) -> Visit:
    given = {
        "kind": "pair",
        "asked_at": NOON,
        "outcome": "ed",
        "source": Source.PAPER,
        "reached": WAY,
    }
    return Visit(**(given | over))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("over", "says", "rule"),
    [
        ({}, {}, "visit.possible"),
        ({"source": Source.IMPORT, "reached": {}}, {}, "visit.possible"),
        ({"source": Source.LIVE}, {}, "visit.live"),
        ({}, {"open": False}, "episode.closed"),
        ({}, {"works": False}, "ask.not_working"),
        ({}, {"sends": False}, "visit.not_your_unit"),
        ({}, {"known": False}, "clear.outcome"),
        ({"asked_at": later(601)}, {}, "visit.order"),
        ({"reached": WAY | {Stage.ENGAGED: later(1)}}, {}, "visit.order"),
        ({}, {"at": later(2399)}, "visit.future"),
    ],
)
def test_may_record(over: dict[str, object], says: dict[str, object], rule: str) -> None:
    given = {"open": True, "works": True, "sends": True, "known": True, "at": later(9999)} | says

    verdict = backentry.may_record(a_visit(**over), **given)  # type: ignore[arg-type]

    assert (verdict.rule, verdict.allowed) == (rule, rule == "visit.possible")


def test_the_first_stage_out_of_order_is_named_and_a_missing_one_passed_over() -> None:
    assert backentry.out_of_order(NOON, WAY) is None
    assert backentry.out_of_order(NOON, {Stage.CLEARED: later(-1)}) is Stage.CLEARED
    backwards = {Stage.ON_SCENE: later(9), Stage.CLEARED: later(8)}
    assert backentry.out_of_order(NOON, backwards) is Stage.CLEARED


def test_a_line_of_the_journal_without_a_time_stands_at_the_last_that_is_known() -> None:
    visit = a_visit(reached={Stage.ON_SCENE: later(60)})

    assert backentry.said_at(visit, Stage.ASSIGNED) == NOON
    assert backentry.said_at(visit, Stage.CLEARED) == backentry.last_known(visit) == later(60)


def david() -> Actor:
    return an_actor("david.chavez", FLOOR)


def unit() -> object:
    return test_teams.teams.desk(FLOOR, PAIR, at=now()).unit_id


@pytest.mark.usefixtures("db")
def test_a_sheet_of_paper_has_who_entered_it_and_keeps_no_unit_busy() -> None:
    by, episode = david(), an_episode(david())
    reached = {stage: at for stage, at in WAY.items() if stage is not Stage.CLEARED}

    row = commands.record_visit(
        by=by,
        at=later(9999),
        episode_id=episode.pk,
        unit_id=unit(),
        visit=a_visit(reached=reached),  # type: ignore[arg-type]
    )

    assert (row.by_member_id, row.cleared_at, row.assigned_at) == (by.member_id, None, later(600))
    assert test_teams.queries.stage_of(row.unit_id) is None
    with act_as(by), pytest.raises(Refused) as refusal:
        commands.step(
            by=by, at=later(9999), assignment_id=row.pk, to=Stage.TRANSPORTING, way=Transport.RADIO
        )
    assert refusal.value.verdict.rule == "assignment.cleared"


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("kind", ["mobile_team", "moonwalk"])
def test_a_kind_that_the_unit_is_not_for_is_refused(kind: str) -> None:
    by, episode = david(), an_episode(david())

    with pytest.raises(BadInput):
        commands.record_visit(
            by=by,
            at=later(9999),
            episode_id=episode.pk,
            unit_id=unit(),
            visit=a_visit(kind=kind),  # type: ignore[arg-type]
        )
    with act_as(by):
        assert Request.objects.count() == 0


@pytest.mark.usefixtures("db")
def test_a_desk_enters_only_for_units_that_it_sends() -> None:
    by, episode = an_actor("maria.lopez"), an_episode(an_actor("maria.lopez"))

    with pytest.raises(Refused):
        commands.record_visit(
            by=by,
            at=later(9999),
            episode_id=episode.pk,
            unit_id=unit(),
            visit=a_visit(),  # type: ignore[arg-type]
        )


def lines() -> list[tuple[str, frozenset[str], object]]:
    """The journal's lines: their kind, the names of what they carry, and when it was."""
    with act_as_task("feed"):
        rows = Entry.objects.order_by("recorded_at", "id").values_list("kind", "ids", "at")
        return [(kind, frozenset(json.loads(ids)), at) for kind, ids, at in rows]


@pytest.mark.usefixtures("db")
def test_an_imported_visit_is_written_down_as_one_that_was_sent_and_said_step_by_step(
    tmp_path: Path,
) -> None:
    """By hand: taken from paper; asked, accepted, sent, stepped and cleared by the live commands."""
    profile = tmp_path / "pair.yaml"
    profile.write_text(test_teams.PROFILE.read_text().replace("kind: mobile_team", "kind: pair"))
    file = test_teams.a_file(tmp_path, test_teams.a_row())
    [line] = test_teams.read(tmp_path, test_teams.a_row())
    test_teams.import_(file, profile, program=FLOOR, unit=PAIR)
    imported = lines()
    assert line.contact is not None
    assert line.visit is not None
    asked_at, way = line.visit.asked_at, line.visit.reached
    crew = [Signing(member_id(name)) for name in ("luis.garza", "susan.kim")]
    commands.sign_on(by=david(), at=now(), unit_id=unit(), members=crew)  # type: ignore[arg-type]
    before = len(lines())

    by_hand(line.contact, asked_at, way)

    assert len(imported) == 11
    assert _apart(lines()[before:]) == _apart(imported)


Lines = list[tuple[str, frozenset[str], object]]


def _apart(every: Lines) -> tuple[Lines, Lines]:
    """The steps in their order; and that the team's program was told the card, which an import says as it asks."""
    told = [each for each in every if each[0] == "sharing.disclosed"]
    return [each for each in every if each not in told], [(kind, ids, "") for kind, ids, _ in told]


def by_hand(contact: ContactFacts, asked_at: object, way: object) -> None:
    by = david()
    taken = ContactFacts(
        at=contact.at, class_code=contact.class_code, behavioral=True, source=Source.PAPER
    )
    episode_id = calls.take_contact(by=by, at=now(), contact=taken).episode_id
    ask = Ask(episode_id, "pair", program_id(FLOOR))  # type: ignore[arg-type]
    request = commands.ask(by=by, at=asked_at, asked=ask)  # type: ignore[arg-type]
    sent_at = way[Stage.ASSIGNED]  # type: ignore[index]
    commands.accept_request(by=by, at=sent_at, request_id=request.pk)
    row = commands.assign(by=by, at=sent_at, request_id=request.pk, unit_id=unit())  # type: ignore[arg-type]
    for stage in (Stage.ON_SCENE, Stage.ENGAGED):
        commands.step(by=by, at=way[stage], assignment_id=row.pk, to=stage, way=Transport.RADIO)  # type: ignore[index]
    gone = way[Stage.CLEARED]  # type: ignore[index]
    commands.clear(
        by=by,
        at=gone,
        assignment_id=row.pk,
        clearing=Clearing("resolved_scene"),
        way=Transport.RADIO,
    )
    closing = Closing(outcome="co_response", declined_by_person=True)
    episodes.close_episode(by=by, at=gone, episode_id=row.episode_id, closing=closing)


@pytest.mark.usefixtures("db")
def test_what_was_entered_is_never_rewritten(tmp_path: Path) -> None:
    test_teams.import_(test_teams.a_file(tmp_path, test_teams.a_row(**{test_teams.GONE: ""})))

    desk = test_teams.teams.desk(None, None, at=now())
    with act_as(desk.by), pytest.raises(Exception, match="dispatch_assignment_end_stands"):
        Assignment.objects.update(on_scene_at=now())
