"""Run against a database that holds only the tiny community: one call from its start to its end."""

from datetime import UTC, datetime

import django

django.setup()

from nowrongdoor.agencies import actors  # noqa: E402
from nowrongdoor.agencies.models import Position, Program  # noqa: E402
from nowrongdoor.calls import commands  # noqa: E402
from nowrongdoor.calls.facts import ContactFacts  # noqa: E402
from nowrongdoor.desks import board  # noqa: E402
from nowrongdoor.episodes import commands as episodes  # noqa: E402
from nowrongdoor.episodes.facts import Closing, Proposal  # noqa: E402
from nowrongdoor.kernel.actor import Actor  # noqa: E402

AT = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)  # 2027 already, where they live


def actor(username: str) -> Actor:
    found = actors.actor_at(
        Position.objects.get(member__username=username).pk, at=AT, language="es"
    )
    if found is None:
        raise SystemExit(f"{username} has no position")
    return found


ada, ben = actor("ada.first"), actor("ben.second")
contact = ContactFacts(at=AT, class_code="sad", behavioral=True)
episode_id = commands.take_contact(by=ada, at=AT, contact=contact).episode_id
if episode_id is None:
    raise SystemExit("no episode")
phones = Program.objects.get(code="phones").pk
offer = episodes.offer_episode(by=ada, at=AT, proposal=Proposal(episode_id, "hand_over", phones))
episodes.accept_offer(by=ben, at=AT, handoff_id=offer.pk)
[row] = board.rows(ben, at=AT)
print(row.number, row.class_name, row.holder_program, row.holder_name, sep=" | ")
episodes.close_episode(
    by=ben, at=AT, episode_id=episode_id, closing=Closing("talked", declined_by_person=True)
)
