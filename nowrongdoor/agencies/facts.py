"""The kinds of agency, the roles of people and the actions a role may hold."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

PLAYED = "sim."
"""How the names for signing in begin of those whom a synthetic city plays: nobody signs in as them."""


class AgencyKind(StrEnum):
    PSAP = "psap"
    CRISIS_LINE = "crisis_line"
    CMT_PROVIDER = "cmt_provider"
    POLICE = "police"
    SHERIFF = "sheriff"
    FIRE_EMS = "fire_ems"
    CRC = "crc"
    HOSPITAL = "hospital"
    CLINIC = "clinic"
    PART2_PROGRAM = "part2_program"
    PEER_ORG = "peer_org"
    HOMELESS_PROVIDER = "homeless_provider"
    VICTIM_SERVICE = "victim_service"
    COURT = "court"
    PROSECUTOR = "prosecutor"
    DEFENSE = "defense"
    PRETRIAL = "pretrial"
    JAIL = "jail"
    JAIL_HEALTH = "jail_health"
    RBHA = "rbha"
    COUNTY = "county"
    EVALUATOR = "evaluator"


class Role(StrEnum):
    CALL_TAKER = "call_taker"
    DISPATCHER = "dispatcher"
    PSAP_SUPERVISOR = "psap_supervisor"
    IN_CENTER_CLINICIAN = "in_center_clinician"
    COUNSELOR = "counselor"
    LINE_SUPERVISOR = "line_supervisor"
    TEAM_DISPATCHER = "team_dispatcher"
    TEAM_CLINICIAN = "team_clinician"
    OFFICER = "officer"
    MHST_SERGEANT = "mhst_sergeant"
    DETECTIVE = "detective"
    CO_RESPONDER = "co_responder"
    CHARGE_NURSE = "charge_nurse"
    ADMITTING_OFFICER = "admitting_officer"
    CENTER_CLINICIAN = "center_clinician"
    PEER = "peer"
    PEER_SUPERVISOR = "peer_supervisor"
    OUTREACH_WORKER = "outreach_worker"
    FOLLOW_UP_COORDINATOR = "follow_up_coordinator"
    COURT_LIAISON = "court_liaison"
    EMS_CREW = "ems_crew"
    NEGOTIATOR = "negotiator"
    PROGRAM_SUPERVISOR = "program_supervisor"
    PROGRAM_MANAGER = "program_manager"
    MEDICAL_DIRECTOR = "medical_director"
    PRIVACY_OFFICER = "privacy_officer"
    JAIL_COORDINATOR = "jail_coordinator"
    TRAINING_COORDINATOR = "training_coordinator"
    ADMINISTRATOR = "administrator"
    MACHINE = "machine"  # a key of another system, the import, the timer; never a person's


class Action(StrEnum):
    SEE_BOARD = "see_board"
    TAKE_CALL = "take_call"
    SCREEN = "screen"
    OFFER = "offer"
    ACCEPT = "accept"
    RELIEVE = "relieve"
    ASSUME = "assume"
    CLOSE = "close"
    IMPORT = "import"
    RUN_SHIFT = "run_shift"
    MANAGE_ACCESS = "manage_access"
    READ_JOURNAL = "read_journal"
    GOVERN_PROTOCOL = "govern_protocol"
    REQUEST = "request"  # ask for somebody's work
    DISPATCH = "dispatch"  # answer such a request, and send a unit
    FIELD = "field"  # go, and say where one is
    SAY_CAPACITY = "report_capacity"
    WRITE_NOTE = "write_note"  # in a call's log
    KEEP_CASES = "keep_cases"  # what a program goes on doing for a person, and its tries
    KEEP_PERSONS = "keep_persons"  # records of people, and which of them are one person
    POST_LEGS = "post_legs"  # what a telephone system notices of the line at a named desk
    SEE_PEOPLE = (
        "see_people"  # names, needs and notes; of a machine, once the privacy officer agreed
    )
    AGREE_TO_KEY = "agree_to_key"
    SHARE = "share"  # read across programs, ask for what is closed, claim an emergency
    TAKE_RELEASE = "take_release"  # let a person sign who may be told what
    GOVERN_SHARING = "govern_sharing"  # agreements, sign-off, reviews, who looked


MACHINE_SCOPES = (
    Action.TAKE_CALL,
    Action.POST_LEGS,
    Action.DISPATCH,
    Action.SAY_CAPACITY,
    Action.IMPORT,
    Action.REQUEST,
    Action.SEE_BOARD,
    Action.SEE_PEOPLE,
)
"""What a key may be given. Everything else is done by people, on pages."""


ASK = "ask."
"""Before the kind of a route along which work is asked for: it hands nobody on."""
JOINS = "joins."
"""Before the kind of a request: the one program that is asked for it where a clinician is owed."""
FEED, WHOLE_FEED = "feed", "whole_feed"
"""Standing routes. A feed tells that somebody is there and who holds them; a whole feed lets a
program work on it from the start, as clinicians who sit on the floor read the call itself."""


@dataclass(frozen=True, slots=True)
class RouteFacts:
    """One way along which a person, or standing awareness, may go.

    `kind` is a handoff kind of the community, or one of the standing feeds. `basis` is a code of
    the disclosure table (N none needed, A agreement, R release, E emergency …): it says who may be
    asked; what they then see is the gate's to say.
    """

    kind: str
    from_program_id: UUID
    to_program_id: UUID
    basis: str
    from_at: datetime
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PresenceFacts:
    """A member at a desk. `heard_at` is the last sign of life from their screen."""

    member_id: UUID
    program_id: UUID
    signed_in_at: datetime
    heard_at: datetime
    ended_at: datetime | None = None
