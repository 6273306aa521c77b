"""Telling somebody what one's own program holds: by telephone, on paper, to a program or to whoever has none here."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from nowrongdoor.agencies.acting import command
from nowrongdoor.agencies.facts import Action
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, Refused, no
from nowrongdoor.sharing import queries
from nowrongdoor.sharing.bases import EMERGENCY, NAMED, Want
from nowrongdoor.sharing.commands.disclosing import (
    ENDED,
    Record,
    asked_of,
    asks_first,
    write_line,
)
from nowrongdoor.sharing.commands.grounds import LASTS, claim_emergency, record_ground
from nowrongdoor.sharing.commands.reviews import ask_second_person, confirmed
from nowrongdoor.sharing.queries import Decision

MONTH = timedelta(days=30)
STANDS = dict.fromkeys(("process", "part2_order", "signed_request", "order", "irb"), MONTH)
"""How long what is said on this form stands: a paper for a month, anybody's word for as long as the act takes."""


@command(needs=Action.SHARE)
def tell(
    *,
    by: Actor,
    at: datetime,
    want: Want,
    groups: Sequence[str],
    records: Sequence[Record],
    ground: str = "",
    reference: str = "",
) -> Decision | None:
    """Write down that these groups of one's own records are told, as the preview showed them.

    `ground`: a fact that whoever tells stands for, with its number or reason. What has to be confirmed by
    another person is asked for and answers None: nothing is told yet.
    Refused: where the gate says no, or opens none of these groups. BadInput without a recipient's name.
    Journal: sharing.disclosed; and what a ground or a review writes.
    """
    person_id = _of_whom(want)
    if ground:
        _stand_for(ground, reference, want, person_id, by=by, at=at)

    decision = queries.decide(want, at=at)
    if not decision.allowed:
        raise Refused(decision.verdict)
    told = told_of(decision, groups)
    if not told or not records:
        raise Refused(no("tell.nothing", "Nothing of what you chose may be told here."))
    if asks_first(decision) and confirmed(decision, asked_of(decision)) is not None:
        ask_second_person(decision, asked_of(decision), by=by, at=at)
        return None
    if not queries.holds_still(decision, at=at):
        raise Refused(ENDED)
    narrowed = replace(decision, fields=told)
    for each in records:
        write_line(narrowed, each, by=by, at=at, channel="spoken")
    return narrowed


def _of_whom(want: Want) -> UUID:
    if want.to_id is None and not want.to_name:
        raise BadInput("to_name", "tell.name", "Say by name who is told.")
    if want.person_id is None:
        raise BadInput("person_id", "tell.person", "Choose whose record it is.")
    return want.person_id


def told_of(decision: Decision, groups: Sequence[str]) -> tuple[str, ...]:
    """Of what was chosen, what may be told: what a court's process names is chosen by hand."""
    return tuple(each for each in groups if each in decision.fields or NAMED in decision.fields)


def _stand_for(
    ground: str, reference: str, want: Want, person_id: UUID, *, by: Actor, at: datetime
) -> None:
    if ground == EMERGENCY:
        claim_emergency(
            by=by,
            at=at,
            from_program_id=by.program_id,
            reason=reference,
            to_program_id=want.to_id,
            to_kind=want.to_kind,
            person_id=person_id,
        )
        return
    if not reference:
        raise BadInput("reference", "ground.reference", "Enter the number, or the law's section.")
    record_ground(
        by=by,
        at=at,
        kind=ground,
        reference=reference,
        person_id=person_id,
        to_program_id=want.to_id,
        to_kind=want.to_kind,
        until_at=at + STANDS.get(ground, LASTS),
    )
