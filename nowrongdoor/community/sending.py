"""What no single row can say of units and of what may be asked for. As `places`, used by `files`."""

from collections.abc import Collection, Iterator

from nowrongdoor.community.schema import Community, UnitRow

ASK, JOINS = "ask.", "joins."
LISTS = ("cmt_dispositions", "left_behind", "out_of_service", "without_reasons")
SETTINGS = (
    "queued_team_min",
    "check_in_min",
    "check_in_grace_min",
    "follow_decline_min",
    "eta_factor",
    "eta_speed_kmh",
    "teams_program",
    "teams_unit",
)
Found = tuple[str, list[object], str]


def wrong(community: Community, programs: Collection[str]) -> Iterator[Found]:
    """Every (file, path, reason). A community without `requests.yaml` sends nobody, and needs less."""
    usernames = {member.username for member in community.members}
    for index, unit in enumerate(community.units):
        for path, because in _unit(unit, usernames, programs):
            yield "units", [index, *path], because
    if community.requests:
        yield from _requests(community)
        yield from _lacking(community)


def _unit(
    unit: UnitRow, usernames: Collection[str], programs: Collection[str]
) -> Iterator[tuple[list[object], str]]:
    if unit.program not in programs:
        yield ["program"], _no_program(unit.program)
    for at, crew in enumerate(unit.crew):
        if crew.member not in usernames:
            yield ["crew", at, "member"], f"no such member: {crew.member}"
    for at, authority in enumerate(unit.sent_by):
        if authority.program not in programs:
            yield ["sent_by", at, "program"], _no_program(authority.program)
        if authority.until is not None and authority.until <= authority.since:
            yield ["sent_by", at, "until"], "ends before it begins"


def _requests(community: Community) -> Iterator[Found]:
    kinds = {unit.kind for unit in community.units}
    asked = {
        route.kind.removeprefix(ASK) for route in community.routes if route.kind.startswith(ASK)
    }
    for index, request in enumerate(community.requests):
        for at, kind in enumerate(request.unit_kinds):
            if kind not in kinds:
                yield "requests", [index, "unit_kinds", at], f"no unit is of this kind: {kind}"
        if request.code not in asked:
            yield "requests", [index, "code"], f"no route asks for it: {ASK}{request.code}"
        if (request.axis == "police") != (request.mode != ""):
            yield "requests", [index, "mode"], "police, and nothing else, have a mode"


def _lacking(community: Community) -> Iterator[Found]:
    lists = {each.list for each in community.lists}
    keys = {each.key for each in community.settings}
    for name in LISTS:
        if name not in lists:
            yield "codes", [], f"this list is needed: {name}"
    for name in SETTINGS:
        if name not in keys:
            yield "settings", [], f"this setting is needed: {name}"


def _no_program(name: str) -> str:
    return f"no such program: {name} (write agency/program)"
