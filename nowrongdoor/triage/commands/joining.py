"""The clinician whom a person at 4 or E is owed once it is safe: begun by what was said, sent, ended."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from nowrongdoor.agencies import routes
from nowrongdoor.agencies.acting import command, named
from nowrongdoor.agencies.facts import JOINS, Action
from nowrongdoor.community.queries import NotLoaded, codes, setting
from nowrongdoor.dispatch import commands as dispatch
from nowrongdoor.dispatch.facts import Ask
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes import rules as holding
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, NotPermitted, require
from nowrongdoor.kernel.words import _
from nowrongdoor.rows.ids import new_id
from nowrongdoor.triage import kinds, permissions
from nowrongdoor.triage.facts import Clinical
from nowrongdoor.triage.models import ClinicalNeed
from nowrongdoor.web.fields import Code


def begin(clinical: Clinical, *, by: Actor, at: datetime, episode_id: UUID) -> None:
    """Write down what is owed, where it was not owed before. A step inside a screening's command."""
    known = set(
        ClinicalNeed.objects.filter(episode_id=episode_id).values_list("clinical", flat=True)
    )
    if any(clinical <= Clinical(each) for each in known):
        return
    row = ClinicalNeed.objects.create(
        id=new_id(at),
        episode_id=episode_id,
        clinical=clinical.value,
        began_at=at,
        by_program_id=by.program_id,
    )
    record(kinds.NEED_BEGAN, row, by=by, at=at)


@command(needs=Action.REQUEST)
def send_clinician(*, by: Actor, at: datetime, episode_id: UUID) -> ClinicalNeed:
    """Send for the team or the pair that is owed: ask the program that the routes name, in one act.

    Refused: to whoever does not own the call; as `triage.permissions.may_send_clinician` says.
    Journal: dispatch.asked, triage.need_sent.
    """
    held = episodes.lock_episode(episode_id)
    row = _open(episode_id)

    require(holding.holds(by, held), NotPermitted)
    kind, to_id = ("", None) if row is None else way(row.clinical, by=by, at=at)
    last = None if row is None else row.request
    waiting = last is not None and last.declined_at is None and last.withdrawn_at is None
    require(
        permissions.may_send_clinician(
            open=row is not None, waiting=waiting, route=to_id is not None
        )
    )
    if row is None or to_id is None:  # may_send_clinician has said no
        raise BadInput("episode_id", "need.none", "No team or co-responder is needed here.")

    follows = None if last is None or last.declined_at is None else last.pk
    asked = Ask(episode_id=episode_id, kind=kind, to_program_id=to_id, follows_id=follows)
    row.request_id = dispatch.ask(by=by, at=at, asked=asked).pk
    row.save(update_fields=["request_id"])

    record(kinds.NEED_SENT, row, by=by, at=at)
    return row


@command(needs=Action.SCREEN)
def end_clinical_need(
    *,
    by: Actor,
    at: datetime,
    episode_id: UUID,
    reason: Annotated[
        str,
        Code(
            label=_("Reason"),
            list="clinical_need_ends",
            wrong=_("Choose one of the listed reasons."),
            example="declined",
        ),
    ],
) -> ClinicalNeed:
    """End what is owed, by name and with a reason; nobody joins then.

    Refused: as `triage.permissions.may_settle_need` and `may_end_need` say; of a closed call any of the
        program that closed it may.
    Journal: triage.need_ended.
    """
    held = episodes.lock_episode(episode_id)
    row = _open(episode_id)

    ours = held.holder_program_id == by.program_id
    may = permissions.may_settle_need(closed=held.closed, ours=ours, holds=holding.holds(by, held))
    require(may, NotPermitted)
    known = {each.code for each in codes("clinical_need_ends", by.language)}
    require(permissions.may_end_need(open=row is not None, reason_known=reason in known))
    if row is None:  # may_end_need has said no
        raise BadInput("episode_id", "need.none", "No team or co-responder is needed here.")

    rows = ClinicalNeed.objects.filter(episode_id=episode_id, ended_at=None)
    rows.filter(request__accepted_at=None).update(ended_at=at, ended_by_id=named(by), reason=reason)
    row.refresh_from_db()

    record(kinds.NEED_ENDED, row, by=by, at=at)
    return row


def _open(episode_id: UUID) -> ClinicalNeed | None:
    """What is owed and no program has accepted: the pair before the team."""
    rows = ClinicalNeed.objects.filter(
        episode_id=episode_id, ended_at=None, request__accepted_at=None
    )
    return rows.select_related("request").order_by("clinical").first()


def way(clinical: str, *, by: Actor, at: datetime) -> tuple[str, UUID | None]:
    """The kind of request for a team or a pair, and the program that the routes name for it."""
    try:
        kind = str(setting("joins_when_safe", at)[clinical])
    except (NotLoaded, KeyError):
        return "", None
    named_by_route = routes.receivers(f"{JOINS}{kind}", from_id=by.program_id, at=at)
    return kind, next(iter(named_by_route), None)
