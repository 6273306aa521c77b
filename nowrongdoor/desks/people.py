"""The administrator's screen: one's own agency's people, and the keys of its machines."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_GET, require_POST

from nowrongdoor.agencies import commands, machine_keys, queries, sessions
from nowrongdoor.agencies.access import requires
from nowrongdoor.agencies.facts import MACHINE_SCOPES, Action
from nowrongdoor.kernel.text import line
from nowrongdoor.kernel.verdict import BadInput
from nowrongdoor.kit.acts import Acts, actor_of
from nowrongdoor.kit.desks import Desk
from nowrongdoor.kit.module import Screen
from nowrongdoor.web.clock import now

PAGE = "desks/people.html"
SCOPES = tuple(action.value for action in MACHINE_SCOPES if action is not Action.SEE_PEOPLE)
LONGEST_LABEL, LONGEST_DAYS, MOST_DAYS = 80, 3, 366


@require_GET
@requires(Action.MANAGE_ACCESS)
def people(request: HttpRequest) -> HttpResponse:
    """One's own agency's people, and the keys of its machines."""
    return _shown(request)


@require_POST
@requires(Action.MANAGE_ACCESS)
def give_password(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Shown on this answer and nowhere again; so it is no answer to be remembered."""
    secret = commands.give_password(by=actor_of(request), at=now(), member_id=member_id)
    return _shown(request, secret=secret)


@require_POST
@requires(Action.MANAGE_ACCESS)
def replace_sign_in(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """As `give_password`: the new one is shown this once."""
    secret = commands.replace_sign_in(by=actor_of(request), at=now(), member_id=member_id)
    return _shown(request, secret=secret)


@require_POST
@requires(Action.MANAGE_ACCESS)
def issue_token(request: HttpRequest) -> HttpResponse:
    """As `give_password`: the key is shown this once."""
    at, posted = now(), request.POST
    days, label = posted.get("days", ""), line(posted.get("label", ""))
    if len(label) > LONGEST_LABEL:
        raise BadInput(
            "label",
            "text.long",
            "At most {most} characters. You entered {count}.",
            most=str(LONGEST_LABEL),
            count=str(len(label)),
        )
    if not days.isdecimal() or len(days) > LONGEST_DAYS or not 1 <= int(days) <= MOST_DAYS:
        raise BadInput("days", "token.days", "Enter a number of days, from 1 to 366.")
    wish = commands.TokenWish(
        label=label,
        scopes=frozenset(posted.getlist("scopes")),
        expires_at=at + timedelta(days=int(days)),
    )
    _token, key = commands.issue_token(
        by=actor_of(request), at=at, program_id=_program(posted.get("program", "")), wish=wish
    )
    return _shown(request, secret=key)


def draw(request: HttpRequest) -> HttpResponse:
    """The screen as it now stands."""
    return _shown(request, part="#follows")


def _shown(request: HttpRequest, *, part: str = "", secret: str = "") -> HttpResponse:
    by, at = actor_of(request), now()
    context = {
        "desk": ("people", ""),
        "forms": acts.forms(by, at=at),
        "people": queries.people(by, at=at),
        "waiting": sessions.to_confirm(by, at=at),
        "tokens": machine_keys.tokens_of(by, at=at),
        "programs": machine_keys.programs_of(by),
        "scopes": SCOPES,
        "me": by.member_id,
        "secret": secret,
    }
    return render(request, f"{PAGE}{part}", context)


def _program(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadInput("program", "id.unreadable", "Choose from the list.") from None


PEOPLE = Desk("people", "agencies:people", draw, alone=True)
acts = Acts("agencies", home="agencies:people")
acts.add(
    commands.end_access,
    at="people/<uuid:member_id>/end/",
    label=_("End access"),
    machine=False,
)
acts.add(
    commands.confirm_sign_in,
    at="people/<uuid:member_id>/confirm/",
    label=_("Confirm in person"),
    machine=False,
)
acts.add(
    commands.revoke_token,
    at="people/tokens/<uuid:token_id>/revoke/",
    label=_("Revoke"),
    machine=False,
)
SCREEN = Screen(
    page="agencies:people",
    label=_("Users"),
    key="m",
    needs=Action.MANAGE_ACCESS,
    group="admin",
    icon="users",
)
PAGES = (
    path("people/", people, name="people"),
    path("people/<uuid:member_id>/password/", give_password, name="give_password"),
    path("people/<uuid:member_id>/sign-in/", replace_sign_in, name="replace_sign_in"),
    path("people/tokens/", issue_token, name="issue_token"),
)
