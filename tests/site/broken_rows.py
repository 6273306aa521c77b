"""One row that each CHECK of `identity`, `narrative` and `sharing` would not let in, once it is gone.

Of the rows that their `full()` makes. Each breaks that one CHECK and nothing else.
"""

BROKEN = {
    # identity
    "judgment_known": "UPDATE identity_judgment SET says = 'perhaps'",
    "judgment_of_two_in_order": "UPDATE identity_judgment SET one_id = other_id, other_id = one_id",
    "judgment_undone_by_name": "UPDATE identity_judgment SET undone_by_id = judged_by_id WHERE undone_at IS NULL",
    "name_ended_by_name": "UPDATE identity_name SET ended_by_id = NULL WHERE ended_at IS NOT NULL",
    "name_kind_known": "UPDATE identity_name SET kind = 'stage'",
    "name_says_something": "UPDATE identity_name SET given = '', family = '', second_family = ''",
    "person_born_between": "UPDATE identity_person SET born = NULL, born_from = 1990, born_until = NULL",
    "person_born_once": "UPDATE identity_person SET born_from = 1980, born_until = 1980 WHERE born IS NOT NULL",
    "person_merged_by_name": "UPDATE identity_person SET merged_by_id = NULL WHERE merged_into_id IS NOT NULL",
    "phone_ended_by_name": "UPDATE identity_phone SET ended_by_id = NULL WHERE ended_at IS NOT NULL",
    "phone_says_something": "UPDATE identity_phone SET number = ''",
    # narrative
    "note_acknowledged_by_name": "UPDATE narrative_note SET acknowledged_at = NULL WHERE acknowledged_at IS NOT NULL",
    "note_class_known": "UPDATE narrative_note SET data_class = 'D15', to_program_id = NULL WHERE acknowledged_at IS NULL",
    "note_message_is_shared": "UPDATE narrative_note SET data_class = 'D2' WHERE to_program_id IS NOT NULL",
    "note_says_something": "UPDATE narrative_note SET text = ''",
    # sharing
    "agreement_ends_after_it_begins": "UPDATE sharing_agreement SET until_at = from_at",
    "agreement_says_who_what_why": "UPDATE sharing_agreement SET legal_basis = ''",
    "agreement_versions_follow": "UPDATE sharing_agreement SET version = 2 WHERE replaces_id IS NULL",
    "agreement_ended_by_name": "UPDATE sharing_agreement SET ended_at = NULL WHERE ended_at IS NOT NULL",
    "ask_answered_with_a_reason": "UPDATE sharing_ask SET reason = '' WHERE answer = 'no'",
    "ask_says_why": "UPDATE sharing_ask SET why = ''",
    "disclosure_of_something": "UPDATE sharing_disclosure SET fields = '{}'",
    "disclosure_to_someone": "UPDATE sharing_disclosure SET to_program_id = NULL, to_agency_id = NULL WHERE id = (SELECT id FROM sharing_disclosure WHERE to_name = '' LIMIT 1)",
    "ground_emergency_ends": "UPDATE sharing_ground SET until_at = from_at + interval '3 h' WHERE kind = 'emergency'",
    "ground_is_about_someone": "UPDATE sharing_ground SET person_id = NULL, episode_id = NULL",
    "ground_withdrawn_by_name": "UPDATE sharing_ground SET withdrawn_at = NULL WHERE withdrawn_at IS NOT NULL",
    "ground_says_what": "UPDATE sharing_ground SET reference = ''",
    "release_has_every_element": "UPDATE sharing_release SET signature = '' WHERE activated_at IS NOT NULL",
    "release_kind_known": "UPDATE sharing_release SET kind = 'gift'",
    "release_notes_alone": "UPDATE sharing_release SET data = '{sud_notes,clinical}'",
    "release_refused_opens_nothing": "UPDATE sharing_release SET refused_at = activated_at WHERE activated_at IS NOT NULL",
    "release_revoked_after_it_began": "UPDATE sharing_release SET revoked_at = activated_at - interval '1 h' WHERE revoked_at IS NOT NULL",
    "release_revoked_by_name": "UPDATE sharing_release SET revoked_by_id = NULL WHERE revoked_at IS NOT NULL",
    "signoff_withdrawn_by_name": "UPDATE sharing_signoff SET withdrawn_by_id = NULL WHERE withdrawn_at IS NOT NULL",
    "suspension_ends_after_it_begins": "UPDATE sharing_suspension SET until_at = from_at",
    "suspension_lifted_by_name": "UPDATE sharing_suspension SET lifted_by_id = NULL WHERE lifted_at IS NOT NULL",
    "suspension_of_one_requester": "UPDATE sharing_suspension SET to_agency_id = NULL, to_name = ''",
    "suspension_oral_ends_in_30_days": "UPDATE sharing_suspension SET until_at = from_at + interval '31 d' WHERE way = 'oral'",
    "suspension_says_who_asked": "UPDATE sharing_suspension SET official = ''",
    "suspension_way_known": "UPDATE sharing_suspension SET way = 'hinted'",
    "review_by_another": "UPDATE sharing_review SET done_by_id = asked_by_id WHERE done_by_id IS NOT NULL",
    "review_says_what_was_found": "UPDATE sharing_review SET finding = '' WHERE done_at IS NOT NULL",
}
