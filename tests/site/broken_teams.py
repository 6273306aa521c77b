"""One row that each CHECK of `dispatch`, `directory` and the rest of `triage` would not let in, once it is gone.

As `broken_rows.py`: of the rows that their `full()` makes.
"""

STEPS = ("en_route", "engaged", "on_scene", "staged", "transporting")
BROKEN = {
    # directory
    "capacity_free_fits_state": "UPDATE directory_capacity SET state = 'full', free = 3, reason = 'x'",
    "capacity_free_is_a_count": "UPDATE directory_capacity SET state = 'diverting', free = -1, reason = 'x'",
    "capacity_reviewed_after_it_is_said": "UPDATE directory_capacity SET review_at = said_at",
    "capacity_said_by_one": "UPDATE directory_capacity SET member_id = NULL, machine_id = NULL",
    "capacity_says_why": "UPDATE directory_capacity SET state = 'full', free = 0, reason = ''",
    "capacity_state_said": "UPDATE directory_capacity SET state = 'perhaps', free = NULL",
    # dispatch
    **{
        f"assignment_{step}_after_assigned": f"UPDATE dispatch_assignment SET {step}_at = assigned_at - interval '1 h'"
        for step in STEPS
    },
    "assignment_cleared_after_assigned": "UPDATE dispatch_assignment SET cleared_at = assigned_at - interval '1 h' WHERE cleared_at IS NOT NULL",
    "assignment_cleared_with_outcome": "UPDATE dispatch_assignment SET outcome = '' WHERE cleared_at IS NOT NULL",
    "assignment_left_behind_said": "UPDATE dispatch_assignment SET took_somebody = true, left_behind = '{}' WHERE cleared_at IS NOT NULL",
    "assignment_sent_at_a_time": "UPDATE dispatch_assignment SET assigned_at = NULL WHERE source = 'live'",
    "assignment_sent_by_name": "UPDATE dispatch_assignment SET by_member_id = NULL",
    "caution_appeal_decided_by_another": "UPDATE dispatch_caution SET decided_at = at, decided_by_id = by_member_id, kept = true",
    "caution_ends": "UPDATE dispatch_caution SET expires_at = at",
    "caution_of_a_place_has_one": "UPDATE dispatch_caution SET of = 'place', place = ''",
    "crew_ends_after_it_starts": "UPDATE dispatch_crew SET until_at = since_at - interval '1 h'",
    "crew_member_ends_after_it_starts": "UPDATE dispatch_crew_member SET until_at = since_at - interval '1 h'",
    "duress_ended_by_name": "UPDATE dispatch_duress SET ended_at = at, ended_by_id = NULL",
    "member_left_after_coming": "UPDATE dispatch_member_time SET left_at = now(), on_scene_at = NULL",
    "position_on_earth": "INSERT INTO dispatch_position (unit_id, at, lat, lon) SELECT id, now(), 91, 0 FROM dispatch_unit LIMIT 1",
    "request_accepted_by_name": "UPDATE dispatch_request SET accepted_at = asked_at, answered_by_id = NULL WHERE declined_at IS NULL",
    "request_answered_after_asked": "UPDATE dispatch_request SET declined_at = asked_at - interval '1 h' WHERE declined_at IS NOT NULL",
    "request_declined_with_reason": "UPDATE dispatch_request SET reason = '' WHERE declined_at IS NOT NULL",
    "request_ends_one_way": "UPDATE dispatch_request SET withdrawn_at = declined_at WHERE declined_at IS NOT NULL",
    "request_entered_when_over": "UPDATE dispatch_request SET source = 'import' WHERE ended_at IS NULL",
    "request_queued_with_promise": "UPDATE dispatch_request SET promised_at = NULL WHERE queued_at IS NOT NULL",
    "request_returned_with_next_try": "UPDATE dispatch_request SET next_try_at = NULL WHERE returned",
    "unavailable_ends_after_it_starts": "INSERT INTO dispatch_unavailable (id, reason, unit_id, by_member_id, from_at, until_at) SELECT gen_random_uuid(), 'meal', u.id, (SELECT id FROM agencies_member LIMIT 1), now(), now() - interval '1 h' FROM dispatch_unit u LIMIT 1",
    # triage
    "clinical_need_ended_by_name_with_reason": "UPDATE triage_clinical_need SET ended_at = began_at, ended_by_id = NULL, reason = 'x'",
    "clinical_need_known": "UPDATE triage_clinical_need SET clinical = 'army'",
}
ALSO = {"capacity_state_said": {"capacity_says_why"}}
"""What else the same row is against: an unknown state needs no reason and lacks one."""
