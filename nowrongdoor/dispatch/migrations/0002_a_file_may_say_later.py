"""A file may say later what it did not know of a visit: a stage that is missing, an outcome that is unknown.

Lock: dispatch_assignment and dispatch_request, for a moment; no row is written. The rule is taken away and
    made anew in one transaction.
Reverse: the same, with the earlier rule.
"""

import nowrongdoor.rows.constraints
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('dispatch', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='assignment',
            name='dispatch_assignment_end_stands',
        ),
        migrations.RemoveConstraint(
            model_name='request',
            name='dispatch_request_end_stands',
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=nowrongdoor.rows.constraints.Immutable(name='dispatch_assignment_end_stands', once="CASE OLD.source WHEN 'live' THEN OLD.cleared_at IS NOT NULL WHEN 'import' THEN (OLD.assigned_at IS NOT NULL AND (NEW.assigned_at IS DISTINCT FROM OLD.assigned_at)) OR (OLD.en_route_at IS NOT NULL AND (NEW.en_route_at IS DISTINCT FROM OLD.en_route_at)) OR (OLD.staged_at IS NOT NULL AND (NEW.staged_at IS DISTINCT FROM OLD.staged_at)) OR (OLD.on_scene_at IS NOT NULL AND (NEW.on_scene_at IS DISTINCT FROM OLD.on_scene_at)) OR (OLD.engaged_at IS NOT NULL AND (NEW.engaged_at IS DISTINCT FROM OLD.engaged_at)) OR (OLD.transporting_at IS NOT NULL AND (NEW.transporting_at IS DISTINCT FROM OLD.transporting_at)) OR (OLD.cleared_at IS NOT NULL AND (NEW.cleared_at IS DISTINCT FROM OLD.cleared_at)) OR (NEW.request_id IS DISTINCT FROM OLD.request_id OR NEW.episode_id IS DISTINCT FROM OLD.episode_id OR NEW.unit_id IS DISTINCT FROM OLD.unit_id OR NEW.crew_id IS DISTINCT FROM OLD.crew_id OR NEW.program_id IS DISTINCT FROM OLD.program_id OR NEW.authority_id IS DISTINCT FROM OLD.authority_id OR NEW.by_member_id IS DISTINCT FROM OLD.by_member_id OR NEW.source IS DISTINCT FROM OLD.source OR NEW.took_somebody IS DISTINCT FROM OLD.took_somebody OR NEW.left_behind IS DISTINCT FROM OLD.left_behind OR NEW.facility_code IS DISTINCT FROM OLD.facility_code) OR ((NEW.outcome IS DISTINCT FROM OLD.outcome) AND NOT (OLD.source = 'import' AND OLD.outcome = 'unknown')) ELSE true END"),
        ),
        migrations.AddConstraint(
            model_name='request',
            constraint=nowrongdoor.rows.constraints.Immutable(name='dispatch_request_end_stands', once="(OLD.declined_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL OR OLD.ended_at IS NOT NULL) AND ((NEW.declined_at IS DISTINCT FROM OLD.declined_at OR NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at OR NEW.ended_at IS DISTINCT FROM OLD.ended_at OR NEW.accepted_at IS DISTINCT FROM OLD.accepted_at OR NEW.queued_at IS DISTINCT FROM OLD.queued_at OR NEW.reason IS DISTINCT FROM OLD.reason) OR ((NEW.outcome IS DISTINCT FROM OLD.outcome OR NEW.returned IS DISTINCT FROM OLD.returned) AND NOT (OLD.source = 'import' AND OLD.outcome = 'unknown')))"),
        ),
    ]
