"""Who gets through which door: the one table that `tests/test_doors.py` holds every address against.

Written by hand and reviewed by reading, not computed: a route or a role that is changed, added or
taken away in the program is changed here too, or a test fails. What stands in no row is shut.
"""

from typing import NamedTuple


class Right(NamedTuple):
    """What a role may hold, who holds it, and what it opens. Words are set apart by spaces, operations by lines."""

    action: str
    roles: str
    pages: str = ""
    operations: str = ""


AT_WORK = """
    call_taker dispatcher psap_supervisor in_center_clinician counselor line_supervisor
    team_dispatcher team_clinician officer mhst_sergeant detective co_responder charge_nurse
    admitting_officer center_clinician peer peer_supervisor outreach_worker
    follow_up_coordinator ems_crew program_supervisor
"""
"""Whoever works with people, in any program."""

TABLE = (
    Right(
        "see_board",
        roles="""
            call_taker dispatcher psap_supervisor in_center_clinician counselor line_supervisor
            team_dispatcher team_clinician officer mhst_sergeant detective co_responder charge_nurse
            admitting_officer center_clinician peer peer_supervisor outreach_worker
            follow_up_coordinator court_liaison ems_crew negotiator program_supervisor
            program_manager medical_director jail_coordinator machine
        """,
        pages="""
            live calls:board calls:board_rows calls:find calls:episode calls:morning triage:protocol
            triage:version triage:prove directory:places
        """,
        operations="""
            GET /episodes
            GET /episodes/{episode_id}
            GET /episodes/{episode_id}/lines
            GET /episodes/{episode_id}/need
        """,
    ),
    Right(
        "take_call",
        roles="""
            call_taker dispatcher psap_supervisor counselor line_supervisor machine
        """,
        pages="""
            calls:new_call calls:clip calls:paper calls:change_caller
        """,
        operations="""
            POST /calls
        """,
    ),
    Right(
        "screen",
        roles="""
            call_taker dispatcher psap_supervisor in_center_clinician counselor line_supervisor
        """,
        pages="""
            calls:answer triage:do_duty triage:recommend triage:lower triage:end_clinical_need
            calls:write_plan
        """,
    ),
    Right(
        "see_board or govern_sharing",
        roles="""
            call_taker dispatcher psap_supervisor in_center_clinician counselor line_supervisor
            team_dispatcher team_clinician officer mhst_sergeant detective co_responder charge_nurse
            admitting_officer center_clinician peer peer_supervisor outreach_worker
            follow_up_coordinator court_liaison ems_crew negotiator program_supervisor
            program_manager medical_director jail_coordinator machine
            privacy_officer
        """,
        pages="calls:alarms",
    ),
    Right(
        "share",
        roles=AT_WORK,
        pages="calls:ask_to_see calls:claim_emergency calls:tell calls:tell_preview calls:told_to calls:told_page calls:tell_waits",
    ),
    Right(
        "take_release",
        roles=AT_WORK,
        pages="""
            sharing:new_release sharing:draft_release sharing:change_release sharing:read_release sharing:sign_release
            sharing:refuse_release sharing:stop_release sharing:give_copy sharing:revoke_release sharing:say_subject
            sharing:undo_subject
        """,
    ),
    Right(
        "take_release or govern_sharing",
        roles=f"{AT_WORK} privacy_officer",
        pages="sharing:releases sharing:release sharing:release_pdf",
    ),
    Right(
        "govern_sharing",
        roles="privacy_officer",
        pages="""
            calls:find_record sharing:privacy sharing:looks sharing:ledger sharing:table sharing:replay sharing:accounting sharing:new_agreement
            sharing:make_agreement sharing:sign_off sharing:paper sharing:agree_agreement sharing:end_agreement
            sharing:withdraw_sign_off calls:suspend_accounting calls:lift_suspension
        """,
    ),
    Right(
        "govern_sharing or assume",
        roles="""
            privacy_officer psap_supervisor line_supervisor mhst_sergeant charge_nurse peer_supervisor
            program_supervisor
        """,
        pages="sharing:finish_review",
    ),
    Right(
        "share or govern_sharing",
        roles=f"{AT_WORK} privacy_officer",
        pages="sharing:answer_ask",
    ),
    Right(
        "keep_persons or govern_sharing",
        roles=f"{AT_WORK} privacy_officer",
        pages="calls:person",
    ),
    Right(
        "offer",
        roles=AT_WORK,
        pages="""
            calls:place calls:change_card episodes:classify_episode calls:offer_transfer calls:return_person
            episodes:join_by_number calls:reattach episodes:separate_episode calls:hand_over calls:decline_request episodes:withdraw_offer calls:attest_transfer calls:attest_arrival
            guests:make guests:end_link
        """,
    ),
    Right(
        "accept",
        roles=AT_WORK,
        pages="""
            calls:take_back calls:take_from_queue calls:start_search calls:record_dispatched calls:escalate calls:promise_call_back
            calls:record_call_back calls:request_call calls:record_attempt calls:record_contact_made calls:record_not_located
             calls:acknowledge_level   calls:accept_transfer episodes:confirm_contact calls:receive_person
            episodes:decline_offer calls:queue calls:accept_relief calls:accept_watch
        """,
    ),
    Right(
        "accept, dispatch, request, assume or govern_sharing",
        roles="""
            call_taker dispatcher psap_supervisor in_center_clinician counselor line_supervisor
            team_dispatcher team_clinician officer mhst_sergeant detective co_responder charge_nurse
            admitting_officer center_clinician peer peer_supervisor outreach_worker
            follow_up_coordinator ems_crew program_supervisor negotiator machine
            privacy_officer
        """,
        pages="calls:acknowledge_alarm",
    ),
    Right(
        "accept or post_legs",
        roles="""
            call_taker dispatcher psap_supervisor in_center_clinician counselor line_supervisor
            team_dispatcher team_clinician officer mhst_sergeant detective co_responder charge_nurse
            admitting_officer center_clinician peer peer_supervisor outreach_worker
            follow_up_coordinator ems_crew program_supervisor machine
        """,
        pages="""
            calls:join_line calls:leave_line calls:lose_line calls:lose_caller
        """,
    ),
    Right(
        "post_legs",
        roles="""
            machine
        """,
        operations="""
            POST /lines/{leg_id}/join
            POST /lines/{leg_id}/leave
            POST /lines/{leg_id}/lost
            POST /lines/{leg_id}/caller-lost
        """,
    ),
    Right(
        "relieve",
        roles=AT_WORK,
        pages="""
            calls:relief
        """,
    ),
    Right(
        "assume",
        roles="""
            psap_supervisor line_supervisor mhst_sergeant charge_nurse peer_supervisor
            program_supervisor
        """,
        pages="""
            calls:assume_call calls:supervising calls:line_answers calls:take_over cases:assign_case
        """,
    ),
    Right(
        "close",
        roles="""
            call_taker dispatcher psap_supervisor in_center_clinician counselor line_supervisor
            team_dispatcher team_clinician officer mhst_sergeant detective co_responder charge_nurse
            admitting_officer center_clinician peer peer_supervisor outreach_worker
            follow_up_coordinator ems_crew program_supervisor machine
        """,
        pages="""
            calls:close_call
        """,
    ),
    Right(
        "run_shift",
        roles="""
            psap_supervisor line_supervisor mhst_sergeant charge_nurse peer_supervisor
            program_supervisor
        """,
        pages="""
            agencies:shift agencies:start_shift agencies:end_shift
        """,
    ),
    Right(
        "manage_access",
        roles="""
            administrator
        """,
        pages="""
            agencies:people agencies:end_access agencies:give_password agencies:issue_token agencies:replace_sign_in
        """,
    ),
    Right(
        "manage_access, agree_to_key or assume",
        roles="""
            administrator privacy_officer psap_supervisor line_supervisor mhst_sergeant charge_nurse
            peer_supervisor program_supervisor
        """,
        pages="""
            agencies:confirm_sign_in
        """,
    ),
    Right(
        "manage_access or agree_to_key",
        roles="""
            administrator privacy_officer
        """,
        pages="""
            agencies:revoke_token
        """,
    ),
    Right(
        "agree_to_key",
        roles="""
            privacy_officer
        """,
        pages="""
            agencies:keys agencies:agree_to_key
        """,
    ),
    Right(
        "govern_protocol",
        roles="""
            psap_supervisor line_supervisor mhst_sergeant medical_director
        """,
        pages="""
            triage:draft triage:mutate triage:approve_protocol triage:activate_protocol
            triage:retire_protocol triage:dry_run triage:dry_run_csv
        """,
    ),
    Right(
        "request",
        roles="""
            call_taker dispatcher psap_supervisor in_center_clinician counselor line_supervisor
            team_dispatcher team_clinician officer mhst_sergeant detective co_responder charge_nurse
            admitting_officer center_clinician peer peer_supervisor outreach_worker
            follow_up_coordinator ems_crew negotiator program_supervisor machine
        """,
        pages="""
            dispatch:ask calls:request calls:field dispatch:warn dispatch:appeal
            dispatch:decide_appeal dispatch:end_caution dispatch:withdraw_request dispatch:choose
            dispatch:close_without_response dispatch:keep_police dispatch:release_police dispatch:notify_caller
            dispatch:activate_duress triage:send_clinician
        """,
        operations="""
            GET /requests
            GET /units
        """,
    ),
    Right(
        "dispatch",
        roles="""
            dispatcher psap_supervisor team_dispatcher mhst_sergeant peer_supervisor
            follow_up_coordinator program_supervisor machine
        """,
        pages="""
            calls:teams calls:map_frame calls:map_lines calls:rollcall dispatch:accept_request dispatch:queue_request
            dispatch:decline_request dispatch:assign dispatch:call_off dispatch:end_duress
            dispatch:report_cad_status
        """,
        operations="""
            POST /units/{unit_id}/said
        """,
    ),
    Right(
        "dispatch or field",
        roles="""
            dispatcher psap_supervisor team_dispatcher mhst_sergeant peer_supervisor
            follow_up_coordinator program_supervisor machine team_clinician officer detective
            co_responder peer outreach_worker ems_crew negotiator
        """,
        pages="""
            calls:destination calls:position calls:sign_on dispatch:step dispatch:step_member
            dispatch:check_in dispatch:clear dispatch:sign_off dispatch:take_out_of_service
            dispatch:put_in_service
        """,
        operations="""
            POST /units/{unit_id}/position
            POST /assignments/{assignment_id}/step
        """,
    ),
    Right(
        "report_capacity",
        roles="""
            dispatcher psap_supervisor line_supervisor team_dispatcher charge_nurse
            admitting_officer center_clinician follow_up_coordinator program_supervisor machine
        """,
        pages="""
            directory:report_capacity
        """,
        operations="""
            POST /directory/{facility_id}/capacity
        """,
    ),
    Right(
        "write_note",
        roles=AT_WORK,
        pages="""
            narrative:messages narrative:write_note narrative:correct_note
            narrative:acknowledge_message
        """,
    ),
    Right(
        "keep_cases",
        roles="follow_up_coordinator peer peer_supervisor program_supervisor",
        pages="""
            cases:caseload cases:case cases:take_case cases:log_try cases:move_case cases:close_case
        """,
    ),
    Right(
        "keep_persons",
        roles=AT_WORK,
        pages="""
            identity:persons identity:keep_person identity:change_person identity:say_born identity:add_name
            identity:end_name identity:add_phone identity:end_phone identity:say_contact identity:say_what_helps
            identity:judge identity:undo_judgment identity:merge_person identity:separate_person
            episodes:like_person episodes:identify_person episodes:new_person
            episodes:forget_person
        """,
    ),
    Right(
        "write_note or see_people",
        roles="""
            call_taker dispatcher psap_supervisor in_center_clinician counselor line_supervisor
            team_dispatcher team_clinician officer mhst_sergeant detective co_responder charge_nurse
            admitting_officer center_clinician peer peer_supervisor outreach_worker
            follow_up_coordinator ems_crew program_supervisor machine
        """,
        operations="""
            GET /episodes/{episode_id}/notes
        """,
    ),
)
EVERYBODY_SIGNED_IN = frozenset(
    {
        "agencies:home",
        "agencies:lock",
        "agencies:account",
        "agencies:end_session",
        "agencies:see_replaced",
    }
)
"""Opened to whoever acts for a program, in any role."""

PAGES = {page: right.action for right in TABLE for page in right.pages.split()}
OPERATIONS = {
    operation.strip(): right.action
    for right in TABLE
    for operation in right.operations.splitlines()
    if operation.strip()
}
HOLDERS = {right.action: frozenset(right.roles.split()) for right in TABLE}


def opens(role: str, action: str) -> bool:
    return role in HOLDERS.get(action, frozenset())
