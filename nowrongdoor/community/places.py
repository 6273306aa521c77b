"""What no single row of `facilities.yaml` can say of itself. Pure."""

from collections.abc import Collection, Iterator

from nowrongdoor.community.schema import Community, FacilityRow

NEEDED_LISTS = ("facility_kinds", "diversion_reasons")
Wrong = tuple[list[object], str]
"""The path of a key in the file, and what is wrong there."""


def wrong(community: Community, programs: Collection[str]) -> Iterator[Wrong]:
    """Everything wrong in the facilities. A community without any needs nothing for them."""
    if not community.facilities:
        return
    yield from _lacking(community)
    zones = {zone.code for zone in community.zones}
    kinds = {
        value.code
        for each in community.lists
        if each.list == "facility_kinds"
        for value in each.values
    }
    for index, row in enumerate(community.facilities):
        if row.program and row.program not in programs:
            yield [index, "program"], f"no such program: {row.program} (write agency/program)"
        if row.kind not in kinds:
            yield [index, "kind"], f"not in the list facility_kinds: {row.kind}"
        yield from _nowhere(index, row, zones)


def _lacking(community: Community) -> Iterator[Wrong]:
    lists = {each.list for each in community.lists}
    for name in NEEDED_LISTS:
        if name not in lists:
            yield [], f"codes.yaml needs the list {name}"


def _nowhere(index: int, row: FacilityRow, zones: Collection[str]) -> Iterator[Wrong]:
    if row.zone and row.zone not in zones:
        yield [index, "zone"], f"no such zone: {row.zone}"
    if not row.zone and row.point is None:
        yield [index], "say where it is: a zone, or a point [longitude, latitude]"
