"""What a typed address may mean: places with their zones, for whoever types it to choose from. Nothing is kept."""

from dataclasses import dataclass
from typing import Any

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.community import addresses
from nowrongdoor.community import queries as community
from nowrongdoor.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Meant:
    """One place. `zone_id` '': it lies in no zone."""

    text: str
    zone_id: str
    zone: str


def meant(by: Actor, text: str) -> dict[str, Any]:
    """Context of `desks/place.html`. `searched` False: nothing was typed, or there are no streets to search."""
    with act_as(by):
        index = community.streets().index
        if not text or not index.named:
            return {"searched": False}
        found = addresses.find(text, index)
        names = {each.id: each.name for each in community.zones(by.language)}
        places = []
        for each in found.places:
            zone_id = community.zone_at(each.lat, each.lon)
            places.append(Meant(each.text, str(zone_id or ""), names.get(zone_id, "")))
    return {"searched": True, "places": places, "sure": found.sure, "streets": found.streets}
