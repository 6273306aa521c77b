"""The modules of this house, which say of themselves what they bring: the one list of them.

From here follow their addresses and operations, what their deadlines do, their alerts, their boards
and screens, and what the folders below have to ask them.
"""

from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies import kinds as agencies
from nowrongdoor.agencies import urls as sign_in
from nowrongdoor.agencies.access import ON_HAND
from nowrongdoor.calls.module import MODULE as CALLS
from nowrongdoor.cases.module import MODULE as CASES
from nowrongdoor.cases.pages import CASE
from nowrongdoor.clocks import kinds as clocks
from nowrongdoor.clocks.commands import HOLDS
from nowrongdoor.desks import account, guest_card, keys, people, shift
from nowrongdoor.desks.views import home
from nowrongdoor.desks.views.alarms import ALARMS
from nowrongdoor.desks.views.answers import CALL, HOLDING
from nowrongdoor.desks.views.field import FIELD
from nowrongdoor.desks.views.persons import PERSON
from nowrongdoor.desks.views.rollcall import ROLLCALL
from nowrongdoor.desks.views.teams import REQUEST, TEAMS
from nowrongdoor.directory.module import MODULE as DIRECTORY
from nowrongdoor.dispatch.module import MODULE as DISPATCH
from nowrongdoor.episodes.commands.sharing import NEEDS_TO_SEE
from nowrongdoor.episodes.module import MODULE as EPISODES
from nowrongdoor.guests.gate import KNOWN
from nowrongdoor.guests.module import MODULE as GUESTS
from nowrongdoor.identity import finding
from nowrongdoor.identity import queries as identity_queries
from nowrongdoor.identity.module import MODULE as IDENTITY
from nowrongdoor.journal.kinds import Kind
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kit.desks import open_desks
from nowrongdoor.kit.module import Module
from nowrongdoor.narrative.module import MODULE as NARRATIVE
from nowrongdoor.sandbox.module import MODULE as SANDBOX
from nowrongdoor.sharing import release_queries
from nowrongdoor.sharing.module import MODULE as SHARING
from nowrongdoor.sharing.privacy_pages import PRIVACY
from nowrongdoor.sharing.release_wishes import RECIPIENTS, RECORDS
from nowrongdoor.sharing.shelves import KNOWN_AS, SHELVES
from nowrongdoor.triage.module import MODULE as TRIAGE
from nowrongdoor.triage.views import VERSION

MODULES: tuple[Module, ...] = (
    # these two stand below the kit, and so cannot say it themselves
    Module(
        name="agencies",
        kinds=agencies.ALL,
        acts=people.acts,
        screens=(shift.SCREEN, people.SCREEN, keys.SCREEN),
        pages=(
            *sign_in.urlpatterns,
            *home.PAGES,
            *people.PAGES,
            *shift.PAGES,
            *keys.PAGES,
            *account.PAGES,
        ),
    ),
    Module(name="clocks", kinds=clocks.ALL),
    SHARING,
    IDENTITY,
    EPISODES,
    NARRATIVE,
    GUESTS,
    DIRECTORY,
    DISPATCH,
    TRIAGE,
    CASES,
    CALLS,
    SANDBOX,
)
KINDS: tuple[Kind, ...] = tuple(kind for module in MODULES for kind in module.kinds)
"""Every kind of journal entry."""


def own_records(by: Actor, name: str, *, at: datetime) -> list[tuple[str, str]]:
    """The records of the actor's program that a name finds, with their birth dates."""
    lines, _more = finding.persons(by, at=at, text=name)
    return [(str(each.id), f"{each.name} {each.born}".strip()) for each in lines]


def known_as(by: Actor, person_id: UUID) -> str:
    """What the actor's program calls the person of its record."""
    row = identity_queries.lines(by, [person_id]).get(person_id)
    return "" if row is None else row.name


def _on_hand(by: Actor) -> int:
    """The most that any module counts: whoever speaks with somebody mostly holds them too."""
    return max(module.on_hand(by) for module in MODULES if module.on_hand)


ON_HAND.give(_on_hand)
KNOWN.give(lambda guest, episode_id, at: guest_card.known(guest, episode_id, at=at))
RECORDS.give(own_records)
RECIPIENTS.give(release_queries.recipients)
KNOWN_AS.give(known_as)
SHELVES.give(tuple(shelf for module in MODULES for shelf in module.shelves))
NEEDS_TO_SEE.give(tuple(module.needs_to_see for module in MODULES if module.needs_to_see))
[_holds] = (module.holds for module in MODULES if module.holds)
HOLDS.give(_holds)
open_desks(
    (
        ALARMS,
        CALL,
        HOLDING,
        TEAMS,
        REQUEST,
        FIELD,
        PERSON,
        CASE,
        ROLLCALL,
        people.PEOPLE,
        shift.SHIFT,
        keys.KEYS,
        VERSION,
        PRIVACY,
    )
)
