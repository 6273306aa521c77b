"""A call with a request for a team, in whatever state; and what a page says of it."""

from datetime import timedelta

from django.http import HttpResponse
from django.urls import reverse

from nowrongdoor.calls.commands import take_contact
from nowrongdoor.calls.facts import ContactFacts
from nowrongdoor.community import queries as community
from nowrongdoor.dispatch import board, commands
from nowrongdoor.dispatch.board import RequestRow
from nowrongdoor.dispatch.facts import Answer, Ask
from nowrongdoor.dispatch.models import Request
from nowrongdoor.dispatch.pages import acts
from nowrongdoor.episodes.facts import CardFacts
from nowrongdoor.web.clock import now
from tests.clients import Desk
from tests.desks.floor import text
from tests.dispatch.floor import (
    CARL,
    DESK,
    MARIA,
)
from tests.makers import an_actor, member_id, program_id

MHST = "brian.hale"
CREW = "Ana Ruiz, Samuel Price|Samuel Price, Ana Ruiz"


def page(name: str, url: str, *args: object) -> str:
    answer = Desk(name).get(reverse(f"calls:{url}", args=args))
    assert answer.status_code == 200, answer.content
    return text(answer)


def status(name: str, url: str, *args: object) -> int:
    return Desk(name).get(reverse(f"calls:{url}", args=args)).status_code


def asked(place: str = "12 Quiet Street", zone: str = "central") -> Request:
    """Maria holds somebody in a zone, and asks the desk for a team."""
    card, zone_id = CardFacts(place=place), community.zone_id(zone)
    contact = ContactFacts(
        at=now(), class_code="psych_distress", behavioral=True, card=card, zone_id=zone_id
    )
    row = take_contact(by=an_actor(MARIA), at=now(), contact=contact)
    wanted = Ask(row.episode_id, "mobile_team", program_id(DESK))
    return commands.ask(by=an_actor(MARIA), at=now(), asked=wanted)


def queued(request: Request, *, minutes: float = 40) -> Request:
    answer = Answer(now() + timedelta(minutes=minutes), member_id(CARL))
    return commands.queue_request(by=an_actor(CARL), at=now(), request_id=request.pk, answer=answer)


def declined(request: Request, reason: str = "no_unit") -> Request:
    return commands.decline_request(
        by=an_actor(CARL), at=now(), request_id=request.pk, reason=reason
    )


def row_of(request: Request, by: str = MARIA) -> RequestRow:
    [row] = [each for each in board.requests(an_actor(by)) if each.id == request.pk]
    return row


def post(name: str, url: str, id: object, **data: object) -> HttpResponse:
    """An act of dispatch, or a page of the desks'; `on` and `on_id` say where it was done."""
    module = "dispatch" if url in acts.all else "calls"
    return Desk(name).post(reverse(f"{module}:{url}", args=[id]), data)


def done(answer: HttpResponse, *, to: str, id: object = None) -> bool:
    """Done, and led to this page."""
    args = [] if id is None else [id]
    return (answer.status_code, answer.get("Location")) == (302, reverse(f"calls:{to}", args=args))


def no(answer: HttpResponse) -> tuple[int, str]:
    """How it was refused: the status and the rule's sentence."""
    found = text(answer).replace("&#x27;", "'")
    return answer.status_code, found.split('role="alert"')[1].split(">", 1)[1].split("<")[0].strip()
