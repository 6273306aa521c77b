"""What a role may do, and along which routes. What is not written here is refused."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from nowrongdoor.agencies.facts import MACHINE_SCOPES, Action, PresenceFacts, Role, RouteFacts
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Verdict, no, yes

_RECEIVE = frozenset(
    {
        Action.SEE_BOARD,
        Action.ACCEPT,
        Action.OFFER,
        Action.RELIEVE,
        Action.CLOSE,
        Action.REQUEST,
        Action.WRITE_NOTE,
        Action.KEEP_PERSONS,
        Action.SHARE,
        Action.TAKE_RELEASE,
    }
)
_CLINICIAN = _RECEIVE | {Action.SCREEN}
_ANSWER = _CLINICIAN | {Action.TAKE_CALL}
_SUPERVISE = _RECEIVE | {Action.ASSUME, Action.RUN_SHIFT, Action.READ_JOURNAL}
_KEEP = frozenset({Action.KEEP_CASES})
_LOOK = frozenset({Action.SEE_BOARD})
_SAY = frozenset({Action.SAY_CAPACITY})
_SEND = frozenset({Action.DISPATCH})
_GO = frozenset({Action.FIELD})

GRANTS: Mapping[Role, frozenset[Action]] = {
    Role.CALL_TAKER: _ANSWER,
    Role.DISPATCHER: _ANSWER | _SAY | _SEND,
    Role.PSAP_SUPERVISOR: _SUPERVISE
    | _ANSWER
    | _SAY
    | {Action.IMPORT, Action.GOVERN_PROTOCOL}
    | _SEND,
    Role.IN_CENTER_CLINICIAN: _CLINICIAN,
    Role.COUNSELOR: _ANSWER,
    Role.LINE_SUPERVISOR: _SUPERVISE | _ANSWER | _SAY | {Action.GOVERN_PROTOCOL},
    Role.TEAM_DISPATCHER: _RECEIVE | _SAY | _SEND,
    Role.TEAM_CLINICIAN: _RECEIVE | _GO,
    Role.OFFICER: _RECEIVE | _GO,
    Role.MHST_SERGEANT: _SUPERVISE | {Action.GOVERN_PROTOCOL} | _SEND | _GO,
    Role.DETECTIVE: _RECEIVE | _GO,
    Role.CO_RESPONDER: _RECEIVE | _GO,
    Role.CHARGE_NURSE: _SUPERVISE | _SAY,
    Role.ADMITTING_OFFICER: _RECEIVE | _SAY,
    Role.CENTER_CLINICIAN: _RECEIVE | _SAY,
    Role.PEER: _RECEIVE | _GO | _KEEP,
    Role.PEER_SUPERVISOR: _SUPERVISE | _SEND | _GO | _KEEP,
    Role.OUTREACH_WORKER: _RECEIVE | _GO,
    Role.FOLLOW_UP_COORDINATOR: _RECEIVE | _SAY | _SEND | _KEEP,
    Role.COURT_LIAISON: _LOOK,
    Role.EMS_CREW: _RECEIVE | _GO,
    Role.NEGOTIATOR: _LOOK | _GO | {Action.REQUEST},
    Role.PROGRAM_SUPERVISOR: _SUPERVISE | _SAY | _SEND | _GO | _KEEP,
    Role.PROGRAM_MANAGER: _LOOK,
    Role.MEDICAL_DIRECTOR: _LOOK | {Action.GOVERN_PROTOCOL},
    Role.PRIVACY_OFFICER: frozenset(
        {Action.READ_JOURNAL, Action.AGREE_TO_KEY, Action.GOVERN_SHARING}
    ),
    Role.JAIL_COORDINATOR: _LOOK,
    Role.TRAINING_COORDINATOR: frozenset(),
    Role.ADMINISTRATOR: frozenset({Action.MANAGE_ACCESS, Action.READ_JOURNAL}),
    Role.MACHINE: frozenset({*MACHINE_SCOPES, Action.CLOSE}),
}


FOR_PEOPLE = no("act.for_people", "Only a person can do that, on a page. A key cannot.")
NOBODY = no("actor.nobody", "Only a named person can do that.")


def may(by: Actor, action: Action) -> Verdict:
    """Say whether this role, in this position, may do this at all.

    Errors: an unknown role, or a token whose scopes leave the action out, is
        an answer (no), not an error.
    Source: sources, "Roles and desks" and "Who may send whom"; our table, ADR 0005.
    """
    try:
        granted = GRANTS[Role(by.role)]
    except (ValueError, KeyError):
        return no("role.unknown", "This role is not known here.")
    if action not in granted:
        return no("role.not_granted", "Your role in this program may not do that.")
    if by.scopes is not None and action not in by.scopes:
        return no("token.scope", "This API key may not do that.")
    return yes("role.granted")


def route(
    kind: str, *, from_id: UUID, to_id: UUID, routes: Iterable[RouteFacts], at: datetime
) -> RouteFacts | None:
    """The route of this kind that is in force between two programs, or None.

    Shape: where several are in force, the one that began last.
    Source: sources, "Who may send whom"; the community's `routes.yaml`.
    """
    found = [
        each
        for each in routes
        if (each.kind, each.from_program_id, each.to_program_id) == (kind, from_id, to_id)
        and in_force(each, at=at)
    ]
    return max(found, key=lambda each: each.from_at, default=None)


def in_force(route: RouteFacts, *, at: datetime) -> bool:
    return route.from_at <= at and (route.until_at is None or at < route.until_at)


def reachable(presence: PresenceFacts | None, *, lost_after_s: int, at: datetime) -> Verdict:
    """Say whether a member can be reached at their desk.

    Units: `lost_after_s` is whole seconds without a sign of life.
    Errors: no presence at all is an answer (not signed in): unknown is risk.
    Source: sources, "Relief": after a crash a supervisor sees what they held within 5 seconds.
    """
    if presence is None or presence.ended_at is not None:
        return no("presence.signed_out", "They are not signed in.")
    if at - presence.heard_at > timedelta(seconds=lost_after_s):
        return no("presence.lost", "Their desk is offline.")
    return yes("presence.heard")


def may_sign_out(*, holding: int, listening: int = 0) -> Verdict:
    """Refuse a sign-out that would leave a person with nobody at the desk.

    Source: sources, "Relief".
    """
    if holding or listening:
        return no(
            "sign_out.holding",
            "You still own {count} active calls. Hand them over (Shift change), then sign out.",
            count=str(holding + listening),
        )
    return yes("sign_out.free")


def may_lock(*, holding: int) -> Verdict:
    """An idle screen locks, but never over somebody who is being held.

    Source: sources, "Relief".
    """
    if holding:
        return no("lock.holding", "The screen does not lock while you have an active call.")
    return yes("lock.idle")


def may_end_access(*, own: bool) -> Verdict:
    """Nobody ends their own access: the last administrator would leave nobody who could give it.

    Source: docs/howto/sign-in.md.
    """
    if own:
        return no("access.own", "You cannot end your own access. Ask another administrator.")
    return yes("access.others")


def may_agree_to_key(*, shows_people: bool, revoked: bool, own: bool) -> Verdict:
    """Whether a privacy officer may let a key show what describes a person.

    Source: our choice (ADR 0025): whoever gives access does not look, and never agrees alone.
    """
    if revoked:
        return no("key.over", "This key has ended.")
    if not shows_people:
        return no("key.shows_nobody", "This key shows nothing that describes a person.")
    if own:
        return no("key.own", "You created this key. Someone else must approve it.")
    return yes("key.agreed")


VOUCHING = (Action.ASSUME, Action.MANAGE_ACCESS, Action.AGREE_TO_KEY)
"""What somebody must be granted to confirm, of some members, that it is they who sign in."""


def vouches_for(by: Actor, *, works_here: bool, employed: bool) -> bool:
    """Whether `by` is asked to confirm that a member is who signs in.

    `works_here`: the member has a position in `by`'s program, whose supervisors know them. `employed`: by
    `by`'s agency, whose administrators and privacy officers do.
    Source: our choice (ADR 0025): whoever gives access does not look.
    """
    supervises = works_here and may(by, Action.ASSUME).allowed
    manages = may(by, Action.MANAGE_ACCESS).allowed or may(by, Action.AGREE_TO_KEY).allowed
    return supervises or (employed and manages)


def may_confirm_sign_in(*, own: bool, replaced_it: bool) -> Verdict:
    """Whoever gave somebody what they sign in with knew it, and so confirms nothing.

    Source: our choice (ADR 0025): whoever gives access does not look, and never agrees alone.
    """
    if own:
        return no("confirm.own", "You cannot confirm your own sign-in. Someone else must.")
    if replaced_it:
        return no("confirm.replacer", "You gave them this sign-in. Someone else must confirm it.")
    return yes("confirm.another")


def can_be_confirmed(*, waits: bool, chosen: bool) -> Verdict:
    """Only once they chose a password of their own: until then somebody else knows it, and may be first.

    Source: our choice (ADR 0025).
    """
    if not waits:
        return no("confirm.over", "This sign-in is not waiting to be confirmed.")
    if not chosen:
        return no(
            "confirm.not_chosen",
            "They have not chosen their own password yet. Confirm after they do.",
        )
    return yes("confirm.waits")


def may_go_on(*, waits: bool) -> Verdict:
    """What somebody else gave opens nothing before it is confirmed, and is not put aside either.

    Source: our choice (ADR 0025).
    """
    if waits:
        return no("sign_in.unconfirmed", "Someone must first confirm that this is you.")
    return yes("sign_in.confirmed")


def may_replace_sign_in(*, own: bool) -> Verdict:
    """A lost factor is replaced by somebody else, who has made sure who asks.

    Source: ASVS 5.0, 6.4.4; docs/howto/sign-in.md.
    """
    if own:
        return no("sign_in.own", "You cannot replace your own sign-in. Ask another administrator.")
    return yes("sign_in.others")
