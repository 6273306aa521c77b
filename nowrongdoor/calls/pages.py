"""The acts of calls: who takes a person, who is on their line, what is sought, sent and promised."""

from functools import partial

from django.utils.translation import gettext_noop as _

from nowrongdoor.agencies.facts import Action
from nowrongdoor.calls import commands, queries, reads
from nowrongdoor.episodes import commands as holding
from nowrongdoor.kit.acts import Acts

acts = Acts("calls", home="calls:board", desk="holding")
on_its_page = partial(acts.add, target="#follows", subject="episode_id")
"""An act of the call's own page, which is drawn again in its answer."""

acts.add(
    commands.accept_transfer,
    at="offers/<uuid:handoff_id>/accept/",
    label=_("Accept by name"),
    key="a",
    machine=False,
    subject="episode_id",
)
on_its_page(
    commands.attest_transfer,
    at="offers/<uuid:handoff_id>/attest/",
    label=_("Record verbal acceptance"),
    machine=False,
)
acts.add(
    commands.receive_person,
    at="offers/<uuid:handoff_id>/arrival/",
    label=_("Arrived - I receive them"),
    key="c",
    machine=False,
    subject="episode_id",
)
acts.add(
    commands.attest_arrival,
    at="offers/<uuid:handoff_id>/received/",
    label=_("Arrived and received"),
    machine=False,
    subject="episode_id",
)
acts.add(
    commands.acknowledge_alarm,
    at="alarms/<uuid:deadline_id>/acknowledge/",
    label=_("Acknowledge"),
    machine=False,
    target="#alarms",
    subject="episode_id",
    desk="alarms",
)
acts.add(
    commands.take_from_queue,
    at="episodes/<uuid:episode_id>/take/",
    label=_("Take the call"),
    key="t",
    machine=False,
    subject="episode_id",
)
acts.add(
    commands.assume_call,
    at="episodes/<uuid:episode_id>/assume/",
    label=_("Take over"),
    key="s",
    machine=False,
)
on_its_page(
    commands.take_back,
    at="episodes/<uuid:episode_id>/take-back/",
    label=_("Take the call back"),
    key="k",
    machine=False,
)
on_its_page(
    commands.offer_transfer,
    at="episodes/<uuid:episode_id>/offer/",
    label=_("Transfer"),
    machine=False,
)
on_its_page(
    commands.return_person,
    at="episodes/<uuid:episode_id>/give-back/",
    label=_("Return to 911"),
    machine=False,
)
acts.add(
    commands.close_call,
    at="episodes/<uuid:episode_id>/close/",
    label=_("Close"),
    machine=False,
    leaves=True,
    target="",
)
acts.add(
    commands.change_card,
    at="episodes/<uuid:episode_id>/card/",
    label=_("Save"),
    machine=False,
    edits=holding.lock_card,
    saves=True,
    again=True,
    folded=False,
)
on_its_page(
    commands.change_caller,
    at="callers/<uuid:contact_id>/",
    label=_("Save"),
    machine=False,
    edits=commands.lock_caller,
    again=True,
    folded=False,
)
acts.add(
    commands.reattach,
    at="episodes/<uuid:episode_id>/reattach/",
    label=_("Link"),
    machine=False,
    target="",
    subject="episode_id",
)
on_its_page(
    commands.record_dispatched,
    at="episodes/<uuid:episode_id>/sent/",
    label=_("Save"),
    machine=False,
)
on_its_page(
    commands.request_call,
    at="episodes/<uuid:episode_id>/ask-for/",
    label=_("Request this call"),
    key="t",
    machine=False,
)
on_its_page(
    commands.hand_over,
    at="asked/<uuid:call_request_id>/give/",
    label=_("Hand over"),
    key="t",
    machine=False,
)
on_its_page(
    commands.decline_request,
    at="asked/<uuid:call_request_id>/keep/",
    label=_("Keep the call"),
    machine=False,
)
on_its_page(
    commands.join_line,
    at="lines/<uuid:leg_id>/join/",
    label=_("Join call"),
    machine=False,
)
on_its_page(
    commands.leave_line,
    at="lines/<uuid:leg_id>/leave/",
    label=_("Drop off"),
    key="l",
    machine=False,
)
on_its_page(
    commands.acknowledge_level,
    at="lines/<uuid:leg_id>/seen/",
    label=_("Acknowledge the higher level"),
    key="v",
    machine=False,
)
on_its_page(
    commands.lose_line,
    at="lines/<uuid:leg_id>/lost/",
    label=_("I was disconnected"),
    machine=False,
)
on_its_page(
    commands.lose_caller,
    at="lines/<uuid:leg_id>/caller-lost/",
    label=_("Caller disconnected (call back)"),
    machine=False,
)
on_its_page(
    commands.start_search,
    at="episodes/<uuid:episode_id>/seek/",
    label=_("Start locating (assign to me)"),
    machine=False,
)
on_its_page(
    commands.record_attempt,
    at="searches/<uuid:search_id>/tried/",
    label=_("Log attempt"),
    machine=False,
    folded=False,
)
on_its_page(
    commands.record_contact_made,
    at="sent/<uuid:external_responder_id>/met/",
    label=_("Contact made"),
    machine=False,
)
on_its_page(
    commands.record_not_located,
    at="sent/<uuid:external_responder_id>/not-found/",
    label=_("Not located"),
    machine=False,
)
acts.add(
    commands.escalate,
    at="episodes/<uuid:episode_id>/escalate/",
    label=_("Alert supervisor"),
    key="e",
    machine=False,
    target="#follows",
)
acts.add(
    commands.promise_call_back,
    at="episodes/<uuid:episode_id>/call-back/",
    label=_("Promise a callback"),
    machine=False,
    target="#follows",
)
acts.add(
    commands.record_call_back,
    at="episodes/<uuid:episode_id>/called-back/",
    label=_("Caller was called back"),
    machine=False,
    target="#follows",
)
on_its_page(
    commands.write_plan,
    at="episodes/<uuid:episode_id>/plan/",
    label=_("Save"),
    machine=False,
    again=True,
    folded=False,
)
acts.reads("episodes/<uuid:episode_id>/lines", queries.lines, reads.LineNow, needs=Action.SEE_BOARD)
