"""Asking, answering, and what becomes of the level."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from nowrongdoor.agencies.acting import command, named
from nowrongdoor.agencies.facts import Action
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.journal.kinds import Kind, record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, NotPermitted, require
from nowrongdoor.kernel.words import _
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.inserts import insert_all
from nowrongdoor.triage import kinds, permissions, queries, replay, rules, step
from nowrongdoor.triage.commands import joining
from nowrongdoor.triage.facts import (
    LEVEL_WORDS,
    Clinical,
    CurrentLevel,
    Ems,
    Level,
    Police,
    Response,
)
from nowrongdoor.triage.facts import Protocol as ProtocolFacts
from nowrongdoor.triage.models import Answer, DutyDone, Screening
from nowrongdoor.web.fields import Code, OneOf, Text

CALL_FACTS = frozenset({"psap"})
"""Kinds of agency whose questions make facts of the call: they travel with it. A counselor's are
health content, and travel when the counselor hands the person back."""


@command(needs=Action.SCREEN)
def screen(
    *,
    by: Actor,
    at: datetime,
    episode_id: UUID,
    given: Mapping[str, str],
    asked_together: bool = False,
) -> Screening:
    """Write answers down, and what the rules make of all that is known. The need rises by itself.

    Refused: as `triage.permissions.may_screen` says; BadInput for an answer
        that the protocol does not know.
    Journal: triage.screened, triage.rose where the need rose, and triage.need_began where a
        clinician is owed from now on.
    """
    held = episodes.lock_episode(episode_id)

    require(permissions.may_screen(open=held.open, works=held.worked_on(by)), NotPermitted)
    protocol_id, protocol, before, answered = step.so_far(episode_id, at=at)
    read = _read(protocol, given)

    understood = replay.understood(protocol, answered)
    known = understood | read
    found = rules.decide(protocol, known)
    firm = rules.raised(_firm(before), rules.said(protocol, known))
    shown = rules.shown(protocol, firm, found)
    row = _step(
        before,
        by=by,
        at=at,
        episode_id=episode_id,
        protocol_id=protocol_id,
        firm=firm,
        shown=shown,
    )
    rule = rules.named_by(protocol, known, found)
    row.level, row.rule, row.duties = found.level.value, rule, list(found.duties)
    row.provisional = found.provisional
    row.screened = rules.is_screened(protocol, known)
    if before is not None and before.provisional:
        was, now = (rules.so_far(protocol, each) for each in (understood, known))
        row.rose = row.rose or permissions.rose(was, now)
    insert_all([row])
    hard = {stop.id for stop in protocol.hard_stops}
    answers = [
        Answer(
            id=new_id(at),
            screening=row,
            episode_id=episode_id,
            step=row.step,
            question=question,
            value=value,
            asked_together=asked_together,
            at=at,
            by_program_id=by.program_id,
            travels=question in hard or by.agency_kind in CALL_FACTS,
        )
        for question, value in read.items()
    ]
    insert_all(answers)

    _record(kinds.SCREENED, row, by=by, at=at, also=answers)
    _owe(firm, shown, by=by, at=at, episode_id=episode_id)
    return row


@command(needs=Action.SCREEN)
def recommend(
    *,
    by: Actor,
    at: datetime,
    episode_id: UUID,
    level: Annotated[
        str,
        OneOf(
            label=_("Recommend a level"),
            help=_("a higher level takes effect immediately"),
            words=LEVEL_WORDS,
            wrong=_("Choose one of the levels."),
        ),
    ],
) -> Screening:
    """Put a level of your own beside the rule's. A higher one raises the need at once.

    Refused: as `triage.permissions.may_recommend` says.
    Journal: triage.recommended, and triage.rose where the need rose.
    """
    held = episodes.lock_episode(episode_id)
    before = _latest(episode_id)

    require(permissions.may_screen(open=held.open, works=held.worked_on(by)), NotPermitted)
    screened = before is not None and before.screened
    require(permissions.may_recommend(by.role, screened=screened), NotPermitted)
    said = Level(level)
    if before is None:  # may_recommend has said no
        raise BadInput("level", "recommend.unscreened", "Screen first.")

    protocol = queries.parsed(before.protocol)
    firm = CurrentLevel(Level(before.standing), _response(before))
    if said is not Level.STANDARD and not rules.above(firm.level, said):
        firm = rules.raised(firm, CurrentLevel(said, protocol.responses[said]))
    shown = rules.raised(_shown(before), firm)
    row = _step(
        before,
        by=by,
        at=at,
        episode_id=episode_id,
        protocol_id=before.protocol_id,
        firm=firm,
        shown=shown,
    )
    row.cause, row.said = "recommended", said.value
    row.save(force_insert=True)

    _record(kinds.RECOMMENDED, row, by=by, at=at)
    _owe(firm, shown, by=by, at=at, episode_id=episode_id)
    return row


@command(needs=Action.SCREEN)
def lower(
    *,
    by: Actor,
    at: datetime,
    episode_id: UUID,
    to: Annotated[
        str,
        OneOf(
            label=_("Lower"),
            help=_("responders already sent stay assigned"),
            words=LEVEL_WORDS,
            sent_as="level",
            wrong=_("Choose one of the levels."),
        ),
    ],
    reason: Annotated[
        str,
        Code(
            label=_("Reason"),
            list="override_reasons",
            wrong=_("Choose one of the listed reasons."),
            example="new_facts",
        ),
    ],
) -> Screening:
    """Lower the level that stands, with a reason. What was sent is not recalled.

    A supervisor does it alone; a clinician's lower level, recommended before, needs a second
    person, who does this.
    Refused: as `triage.rules.may_lower` and `triage.permissions.may_lower_now` say; BadInput for an unknown reason.
    Journal: triage.lowered.
    """
    held = episodes.lock_episode(episode_id)
    before = _latest(episode_id)

    require(permissions.may_screen(open=held.open, works=held.worked_on(by)), NotPermitted)
    level = Level(to)
    if before is None or not before.screened:
        raise BadInput("level", "recommend.unscreened", "Screen first.")
    said = _recommendation(episode_id, level)
    role = permissions.role_that_lowers(by.role, recommended=said is not None)
    require(permissions.may_lower_now(provisional=before.provisional))
    require(rules.may_lower(role, Level(before.shown), level, reason))
    if (
        said is not None
        and permissions.needs_another(by.role)
        and said.by_member_id == by.member_id
    ):
        raise BadInput("level", "lower.alone", "A second person must agree to a lower level.")

    firm = CurrentLevel(level, _response(before))
    row = _step(
        before,
        by=by,
        at=at,
        episode_id=episode_id,
        protocol_id=before.protocol_id,
        firm=firm,
        shown=firm,
    )
    row.cause, row.reason, row.rose = "lowered", reason, False
    row.agreed_with_id = said.by_member_id if said is not None else None
    row.save(force_insert=True)

    _record(kinds.LOWERED, row, by=by, at=at)
    return row


@command(needs=Action.SCREEN)
def do_duty(
    *,
    by: Actor,
    at: datetime,
    episode_id: UUID,
    duty: Annotated[str, Text(label=_("What"), most=60)],
) -> DutyDone:
    """Write down that a duty which the rules named has been done, by name. Once is enough.

    Refused: as `triage.permissions.may_do` says.
    Journal: triage.duty_done.
    """
    held = episodes.lock_episode(episode_id)
    before = _latest(episode_id)

    require(permissions.may_screen(open=held.open, works=held.worked_on(by)), NotPermitted)
    asked_for = _asked_for(before)
    done = DutyDone.objects.filter(episode_id=episode_id, duty=duty).exists()
    require(permissions.may_do(duty, named=asked_for, done=done))

    row = DutyDone.objects.create(
        id=new_id(at),
        episode_id=episode_id,
        duty=duty,
        at=at,
        by_program_id=by.program_id,
        by_member_id=named(by),
    )

    record(kinds.DUTY_DONE, row, by=by, at=at)
    return row


def let_travel(*, episode_id: UUID) -> None:
    """From now on, this program's answers are read by all who work on the episode.

    A step inside the command that hands the person back in danger (basis E), which writes the
    journal line.
    """
    Answer.objects.filter(episode_id=episode_id, travels=False).update(travels=True)


def _asked_for(before: Screening | None) -> frozenset[str]:
    """The duties that a person writes down as done. That a clinician joins ends by acceptance."""
    if before is None:
        return frozenset()
    protocol = queries.parsed(before.protocol)
    joins = {each.id for each in protocol.duties if each.when is None}
    return frozenset(before.duties) - joins


def _latest(episode_id: UUID) -> Screening | None:
    rows = Screening.objects.filter(episode_id=episode_id).select_related("protocol")
    rows = rows.defer("protocol__text")
    return rows.order_by("-step").first()


def _recommendation(episode_id: UUID, level: Level) -> Screening | None:
    """A clinician's recommendation of this level, where none said another after it and the need has
    not risen since: they did not know of that yet."""
    rows = Screening.objects.filter(episode_id=episode_id)
    last = rows.filter(cause="recommended").order_by("-step").first()
    if last is None or last.said != level.value:
        return None
    return None if rows.filter(rose=True, step__gt=last.step).exists() else last


def _read(protocol: ProtocolFacts, given: Mapping[str, str]) -> dict[str, str]:
    """At least one answer, and none that the community's settings give."""
    read = rules.read_answers(protocol, given)
    if not read:
        raise BadInput("answers", "answers.none", "Answer at least one question.")
    for id in read:
        if protocol.by_id[id].external:
            raise BadInput(
                id, "answer.external", "{question} is not asked: a setting answers it.", question=id
            )
    return read


def _firm(row: Screening | None) -> CurrentLevel | None:
    return None if row is None else CurrentLevel(Level(row.standing), _response(row))


def _response(row: Screening) -> Response:
    standard = row.standing == Level.STANDARD
    return Response(Police(row.police), Ems(row.ems), Clinical(row.clinical), standard)


def _shown(row: Screening) -> CurrentLevel:
    """What a screen says after this step."""
    goes = Response(
        Police(row.shown_police or row.police),
        Ems(row.shown_ems or row.ems),
        Clinical(row.shown_clinical or row.clinical),
        row.shown == Level.STANDARD,
    )
    return CurrentLevel(Level(row.shown), goes)


def _step(
    before: Screening | None,
    *,
    by: Actor,
    at: datetime,
    episode_id: UUID,
    protocol_id: UUID,
    firm: CurrentLevel,
    shown: CurrentLevel,
) -> Screening:
    """The next step, not yet saved; what it does not say is as it was before."""
    row = Screening(
        id=new_id(at),
        episode_id=episode_id,
        step=1 if before is None else before.step + 1,
        cause="answers",
        protocol_id=protocol_id,
        at=at,
        by_program_id=by.program_id,
        by_member_id=by.member_id,
        standing=firm.level.value,
        shown=shown.level.value,
        police=firm.response.police.value,
        ems=firm.response.ems.value,
        clinical=firm.response.clinical.value,
        shown_police=shown.response.police.value,
        shown_ems=shown.response.ems.value,
        shown_clinical=shown.response.clinical.value,
        rose=False,
    )
    if before is not None:
        row.rose = _rose(before, firm, shown)
        row.screened = before.screened
        row.level, row.rule, row.duties = before.level, before.rule, before.duties
        row.provisional = before.provisional
    return row


def _rose(before: Screening, firm: CurrentLevel, shown: CurrentLevel) -> bool:
    """Whether the need rose: what is shown, once it was; and what was said, while the level was so far
    and what is not known yet may have been shown as more."""
    said = before.provisional and permissions.rose(
        CurrentLevel(Level(before.standing), _response(before)), firm
    )
    return said or (before.screened and permissions.rose(_shown(before), shown))


def _owe(
    firm: CurrentLevel, shown: CurrentLevel, *, by: Actor, at: datetime, episode_id: UUID
) -> None:
    """At 4 and E a clinician is owed once it is safe, if what was said asks for one."""
    clinical = rules.owed(shown, firm)
    if clinical is not None:
        joining.begin(clinical, by=by, at=at, episode_id=episode_id)


def _record(
    kind: Kind, row: Screening, *, by: Actor, at: datetime, also: Sequence[Answer] = ()
) -> None:
    record(kind, row, *also, by=by, at=at)
    if row.rose:
        record(kinds.LEVEL_RAISED, row, by=by, at=at)
