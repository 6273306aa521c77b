"""The acts of requests, units and crews. Where they are drawn is for the desks to say."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop as _

from nowrongdoor.agencies.facts import Action
from nowrongdoor.dispatch import commands, reads
from nowrongdoor.dispatch.facts import Transport
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kit.acts import Acts

PAGE = "#follows"
HEARD = {"way": Transport.RADIO}
"""How a machine that does not say has heard of a team."""

acts = Acts("dispatch", home="calls:teams")


def choices(by: Actor, *, at: datetime) -> dict[str, Any]:
    return {"forms": acts.forms(by, at=at)}


# fmt: off
_REQUEST, _TEAM, _UNIT = "requests/<uuid:request_id>", "assignments/<uuid:assignment_id>", "units/<uuid:unit_id>"
_CAUTION = "cautions/<uuid:caution_id>"
acts.add(commands.accept_request, at=f"{_REQUEST}/accept/", label=_("Accept, assign later"), key="a", machine=False, target=PAGE)
acts.add(commands.queue_request, at=f"{_REQUEST}/queue/", label=_("Hold for a unit and give an ETA"), key="w", machine=False, target=PAGE)
acts.add(commands.decline_request, at=f"{_REQUEST}/decline/", label=_("Decline"), key="d", machine=False, leaves=True, target=PAGE)
acts.add(commands.withdraw_request, at=f"{_REQUEST}/withdraw/", label=_("Cancel request"), machine=False, target=PAGE)
acts.add(commands.choose, at=f"{_REQUEST}/choose/", label=_("Choose"), machine=False, folded=False, target=PAGE)
acts.add(commands.close_without_response, at=f"{_REQUEST}/without/", label=_("No other unit needed"), machine=False, folded=False, target=PAGE)
acts.add(commands.keep_police, at=f"{_REQUEST}/police/keep/", label=_("Keep police"), machine=False, target=PAGE)
acts.add(commands.release_police, at=f"{_REQUEST}/police/release/", label=_("Release police"), machine=False, target=PAGE)
acts.add(commands.assign, at=f"{_REQUEST}/assign/", label=_("Dispatch unit"), machine=False, folded=False, target=PAGE)

acts.add(commands.call_off, at=f"{_TEAM}/call-off/", label=_("Divert to another call"), machine=False, target=PAGE)
acts.add(commands.notify_caller, at=f"{_TEAM}/told/", label=_("Who was notified"), machine=False, folded=False, target=PAGE)
acts.add(commands.step, at=f"{_TEAM}/step/", label=_("Stage"), machine=True, machine_means=HEARD, folded=False, target=PAGE)
acts.add(commands.step_member, at=f"{_TEAM}/member/", label=_("Stage"), machine=False, folded=False, target=PAGE)
acts.add(commands.check_in, at=f"{_TEAM}/check-in/", label=_("Log check-in"), machine=False, folded=False)
acts.add(commands.activate_duress, at=f"{_TEAM}/duress/", label=_("DURESS: police now"), machine=False, folded=False, target=PAGE)
acts.add(commands.end_duress, at="duress/<uuid:duress_id>/end/", label=_("Voice contact made - clear alarm"), machine=False)
acts.add(commands.clear, at=f"{_TEAM}/clear/", label=_("Clear"), machine=False, target=PAGE)

acts.add(commands.sign_off, at="crews/<uuid:crew_id>/sign-off/", label=_("Sign off"), machine=False)
acts.add(commands.take_out_of_service, at=f"{_UNIT}/out-of-service/", label=_("Out of service"), machine=False)
acts.add(commands.put_in_service, at=f"{_UNIT}/in-service/", label=_("Back in service"), machine=False)
acts.add(commands.report_cad_status, at=f"{_UNIT}/cad/", label=_("Update CAD status"), machine=False)

acts.add(commands.ask, at="episodes/<uuid:episode_id>/help/", label=_("Send request"), machine=False, target=PAGE, subject="episode_id", desk="holding")
acts.add(commands.warn, at="episodes/<uuid:episode_id>/caution/", label=_("Add safety alert"), machine=False, target=PAGE)
acts.add(commands.appeal, at=f"{_CAUTION}/appeal/", label=_("Dispute"), machine=False, target=PAGE)
acts.add(commands.decide_appeal, at=f"{_CAUTION}/decide/", label=_("Decide the dispute"), machine=False, target=PAGE)
acts.add(commands.end_caution, at=f"{_CAUTION}/end/", label=_("Resolve"), machine=False, target=PAGE)

acts.reads("requests", reads.requests, reads.RequestNow, needs=Action.REQUEST)
acts.reads("units", reads.units, reads.UnitNow, needs=Action.REQUEST)
