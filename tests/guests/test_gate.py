"""The gate: which fields of the card a guest may read, in each state of the offer."""

import pytest

from nowrongdoor.episodes.facts import CardFacts
from nowrongdoor.episodes.offer_queries import OfferedRow
from nowrongdoor.guests.facts import State
from nowrongdoor.guests.gate import Fields, fields
from tests.makers import NOON, later

CARD = CardFacts("12 Quiet Street", "520 555 0134", "Jo", "gate on the left")
ALL = Fields("Suicide threat", CARD.place, "Central", CARD.callback, CARD.name_given, CARD.note)
BACK = Fields(callback=CARD.callback, name_given=CARD.name_given)


def offer(*, stands: bool) -> OfferedRow:
    return OfferedRow(
        episode_id=NOON,  # type: ignore[arg-type]  # not looked at
        number="T27-000001",
        happened="Suicide threat",
        zone="Central",
        card=CARD,
        kind_name="",
        from_name="",
        from_program="",
        from_agency="",
        to_program="",
        offered_at=NOON,
        ended="",
        ended_at=later(1),
        signed="",
        operator="",
        stands=stands,
        coming=False,
        received_by="",
        received_at=None,
    )


@pytest.mark.parametrize(
    ("state", "stands", "shown"),
    [
        (State.OPEN, False, ALL),
        (State.PROMISED, True, ALL),  # who receives them has to get ready
        (State.ACCEPTED, True, BACK),
        (State.ACCEPTED, False, Fields()),
        (State.DECLINED, False, Fields()),
        (State.OVER, False, Fields()),
        (State.OVER, True, Fields()),
    ],
)
def test_the_gate(state: State, stands: bool, shown: Fields) -> None:
    assert fields(offer(stands=stands), state) == shown
