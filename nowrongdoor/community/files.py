"""Reading a community's folder. All that is wrong is named at once: file, line, key, in words."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, TypeAdapter, ValidationError

from nowrongdoor.community import places, schema, sending, streets
from nowrongdoor.community.mistakes import in_words
from nowrongdoor.community.needed import NEEDED_LISTS, NEEDED_SETTINGS
from nowrongdoor.community.schema import Community
from nowrongdoor.community.yaml_files import BadYaml, YamlDocument

R = TypeVar("R", bound=BaseModel)
T = TypeVar("T")
FEEDS = frozenset({"feed", "whole_feed"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `line` counts from 1; 0 where a file is missing."""

    file: str
    line: int
    key: str
    because: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}, {self.key}: {self.because}"


class BadCommunity(Exception):  # noqa: N818 - it is an answer, not a fault
    """The folder cannot be loaded; `problems` names each reason."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Known:
    """What the code knows and the files must not step outside of."""

    roles: frozenset[str]
    agency_kinds: frozenset[str]
    owners: frozenset[str]


def read(folder: Path, *, known: Known) -> Community:
    """Read and check a whole folder. Errors: BadCommunity with every problem found."""
    sources = _Sources(folder)
    gathered = partial(
        Community,
        about=sources.one("community", schema.CommunityFile),
        agencies=sources.many("agencies", schema.AgencyRow),
        members=sources.many("members", schema.MemberRow),
        routes=sources.many("routes", schema.RouteRow),
        handoffs=sources.many("handoffs", schema.HandoffRow),
        lists=sources.many("codes", schema.ListRow),
        settings=sources.many("settings", schema.SettingRow),
        units=sources.many("units", schema.UnitRow),
        requests=sources.many("requests", schema.RequestRow) if sources.has("requests") else (),
        zones=sources.features("zones", schema.ZoneRow),
        streets=sources.lines("streets.csv", streets.from_csv)
        or sources.lines("streets.geojson", streets.from_geojson),
        blocks=sources.lines("blocks.csv", streets.blocks_from_csv),
        psaps=sources.many("psaps", schema.PsapRow) if sources.has("psaps") else (),
        facilities=sources.many("facilities", schema.FacilityRow)
        if sources.has("facilities")
        else (),
        approvals=sources.one("approvals", schema.ApprovalsFile)
        if sources.has("approvals")
        else None,
        agreements=sources.many("agreements", schema.AgreementRow)
        if sources.has("agreements")
        else (),
        protocol=sources.text("protocol"),
        disclosure=sources.text("disclosure"),
        clocks=sources.text("clocks"),
        cases=sources.text("cases"),
        clip=sources.text("clip"),
        digest=sources.digest(),
    )
    if sources.problems:
        raise BadCommunity(sources.problems)
    community = gathered()
    problems = list(_Checks(community, known, sources).all())
    if problems:
        raise BadCommunity(problems)
    return community


def read_one(file: Path, row: type[R]) -> R:
    """Read and check one YAML file. Errors: BadCommunity with every problem found."""
    sources = _Sources(file.parent)
    found = sources.one(file.stem, row)
    if sources.problems:
        raise BadCommunity(sources.problems)
    return found


class _Sources:
    """The files of a folder, with the line of every key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self._documents: dict[str, YamlDocument] = {}
        self._bytes: dict[str, bytes] = {}

    def one(self, name: str, row: type[R]) -> R:
        found: R = self._checked(name, TypeAdapter(row))
        return found

    def has(self, name: str) -> bool:
        return (self.folder / f"{name}.yaml").exists()

    def text(self, name: str) -> str:
        """A file that another module reads, as it is; '' where there is none."""
        if not self.has(name):
            return ""
        self._bytes[name] = (self.folder / f"{name}.yaml").read_bytes()
        return self._bytes[name].decode("utf-8", "replace")

    def many(self, name: str, row: type[R]) -> tuple[R, ...]:
        return self._checked(name, TypeAdapter(tuple[row, ...])) or ()  # type: ignore[valid-type]

    def features(self, name: str, row: type[R]) -> tuple[R, ...]:
        """Rows from GeoJSON: each feature's properties, with its geometry as `shape`."""
        file = self.folder / f"{name}.geojson"
        if not file.exists():
            self.problems.append(Problem(file.name, 0, name, "this file is missing"))
            return ()
        self._bytes[name] = file.read_bytes()
        try:
            features = json.loads(self._bytes[name])["features"]
            rows = [each["properties"] | {"shape": each["geometry"]} for each in features]
            return tuple(row.model_validate(each) for each in rows)
        except json.JSONDecodeError as error:
            self.problems.append(Problem(file.name, error.lineno, name, error.msg))
        except (KeyError, TypeError):
            self.problems.append(Problem(file.name, 1, name, "it is not a GeoJSON collection"))
        except ValidationError as error:
            for each in error.errors():
                key = ".".join(map(str, each["loc"]))
                self.problems.append(Problem(file.name, 1, key, in_words(each)))
        return ()

    def lines(self, name: str, read: Callable[[str], tuple[T, ...]]) -> tuple[T, ...]:
        """Rows of a file about streets; none where it is not there: a community can do without."""
        file = self.folder / name
        if not file.exists():
            return ()
        self._bytes[name] = file.read_bytes()
        try:
            return read(self._bytes[name].decode("utf-8"))
        except streets.BadStreets as bad:
            self.problems.append(Problem(name, bad.line, file.stem, bad.because))
        except UnicodeDecodeError:
            self.problems.append(Problem(name, 1, file.stem, "it is not UTF-8"))
        return ()

    def digest(self) -> str:
        whole = sha256()
        for name in sorted(self._bytes):
            whole.update(name.encode() + b"\0" + self._bytes[name] + b"\0")
        return whole.hexdigest()

    def line(self, name: str, path: Sequence[object]) -> int:
        """The line of a key, or of the nearest thing around it that has one."""
        return self._documents[name].line(path) if name in self._documents else 1

    def _checked(self, name: str, adapter: TypeAdapter[Any]) -> Any:
        tree = self._tree(name)
        if tree is None:
            return None
        try:
            return adapter.validate_python(tree)
        except ValidationError as error:
            for each in error.errors():
                key = ".".join(map(str, each["loc"])) or name
                line = self.line(name, each["loc"])
                self.problems.append(Problem(f"{name}.yaml", line, key, in_words(each)))
            return None

    def _tree(self, name: str) -> Any:
        file = self.folder / f"{name}.yaml"
        if not file.exists():
            self.problems.append(Problem(file.name, 0, name, "this file is missing"))
            return None
        self._bytes[name] = file.read_bytes()
        try:
            self._documents[name] = YamlDocument(self._bytes[name])
        except BadYaml as bad:
            self.problems.append(Problem(file.name, bad.line, name, bad.because))
            return None
        return self._documents[name].value


_Named = schema.HandoffRow | schema.RequestRow | schema.ZoneRow | schema.FacilityRow


class _Checks:
    """What no single row can say of itself."""

    def __init__(self, community: Community, known: Known, sources: _Sources) -> None:
        self.c, self.known, self.sources = community, known, sources
        self.agencies = {agency.code for agency in community.agencies}
        self.programs = {
            f"{agency.code}/{program.code}": program
            for agency in community.agencies
            for program in agency.programs
        }

    def all(self) -> Iterator[Problem]:
        yield from self.about()
        yield from self.twice()
        yield from self.kinds_and_roles()
        yield from self.members()
        for file, path, because in sending.wrong(self.c, self.programs):
            yield self._at(file, path, because)
        yield from self.routes()
        yield from self.handoffs()
        yield from self.names()
        yield from self.needed()
        yield from self.centres()
        for path, because in places.wrong(self.c, self.programs):
            yield self._at("facilities", path, because)

    def centres(self) -> Iterator[Problem]:
        zones = {zone.code for zone in self.c.zones}
        for index, psap in enumerate(self.c.psaps):
            if psap.program not in self.programs:
                yield self._at("psaps", [index, "program"], _no_program(psap.program))
            for zone in psap.zones:
                if zone not in zones:
                    yield self._at("psaps", [index, "zones"], f"no such zone: {zone}")
        usernames = {member.username for member in self.c.members}
        for index, each in enumerate(self.c.approvals.approvals if self.c.approvals else ()):
            if each.member not in usernames:
                path = ["approvals", index, "member"]
                yield self._at("approvals", path, f"no such member: {each.member}")

    def about(self) -> Iterator[Problem]:
        try:
            ZoneInfo(self.c.about.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            yield self._at("community", ["time_zone"], "no such time zone")

    def twice(self) -> Iterator[Problem]:
        yield from self._twice("agencies", (a.code for a in self.c.agencies))
        yield from self._twice("members", (m.username for m in self.c.members))
        yield from self._twice("handoffs", (h.code for h in self.c.handoffs))
        yield from self._twice("units", (u.code for u in self.c.units))
        yield from self._twice("requests", (r.code for r in self.c.requests))
        yield from self._twice("codes", (each.list for each in self.c.lists))
        yield from self._twice("settings", (f"{s.key} from {s.since}" for s in self.c.settings))
        yield from self._twice("facilities", (f.code for f in self.c.facilities))
        yield from self._twice("zones", (z.code for z in self.c.zones))
        for index, each in enumerate(self.c.lists):
            yield from self._twice("codes", (v.code for v in each.values), [index, "values"])
        for index, agency in enumerate(self.c.agencies):
            codes = (p.code for p in agency.programs)
            yield from self._twice("agencies", codes, [index, "programs"])

    def kinds_and_roles(self) -> Iterator[Problem]:
        for index, agency in enumerate(self.c.agencies):
            if agency.kind not in self.known.agency_kinds:
                yield self._at("agencies", [index, "kind"], f"no such kind: {agency.kind}")
            for at, program in enumerate(agency.programs):
                for role in program.roles:
                    if role not in self.known.roles:
                        path = [index, "programs", at, "roles"]
                        yield self._at("agencies", path, f"no such role: {role}")

    def members(self) -> Iterator[Problem]:
        for index, member in enumerate(self.c.members):
            if member.employer not in self.agencies:
                yield self._at("members", [index, "employer"], f"no such agency: {member.employer}")
            for at, position in enumerate(member.positions):
                path = [index, "positions", at]
                program = self.programs.get(position.program)
                if program is None:
                    yield self._at("members", [*path, "program"], _no_program(position.program))
                elif position.role not in program.roles:
                    because = f"{position.program} has no role {position.role}"
                    yield self._at("members", [*path, "role"], because)

    def routes(self) -> Iterator[Problem]:
        kinds = {handoff.code for handoff in self.c.handoffs} | FEEDS
        kinds |= {
            f"{way}{each.code}" for each in self.c.requests for way in (sending.ASK, sending.JOINS)
        }
        bases = {
            value.code for each in self.c.lists if each.list == "bases" for value in each.values
        }
        staffed = {p.program for member in self.c.members for p in member.positions}
        pointers = {agency.code for agency in self.c.agencies if agency.pointer}
        attestable = {handoff.code for handoff in self.c.handoffs if handoff.attestable}
        for index, route in enumerate(self.c.routes):
            if route.basis not in bases:
                yield self._at("routes", [index, "basis"], f"not in the list bases: {route.basis}")
            if route.kind not in kinds:
                yield self._at("routes", [index, "kind"], f"no such handoff kind: {route.kind}")
            for program in (route.sender, *route.receivers):
                if program not in self.programs:
                    yield self._at("routes", [index], _no_program(program))
            for program in route.receivers:
                away = program.split("/")[0] in pointers or route.kind in attestable
                if program in self.programs and program not in staffed and not away:
                    yield self._at("routes", [index, "to"], f"nobody in {program} could accept")

    def handoffs(self) -> Iterator[Problem]:
        used = {route.kind for route in self.c.routes}
        for index, handoff in enumerate(self.c.handoffs):
            if handoff.owner not in self.known.owners:
                because = f"no module {handoff.owner} accepts handoffs"
                yield self._at("handoffs", [index, "owner"], because)
            if handoff.code not in used:
                yield self._at("handoffs", [index, "code"], f"no route uses {handoff.code}")

    def names(self) -> Iterator[Problem]:
        """Every name in every language of the community."""
        wanted = set(self.c.about.languages)
        for file, path, names in self._all_names():
            if missing := wanted - set(names):
                because = f"no name in {', '.join(sorted(missing))}"
                yield self._at(file, [*path, "name"], because)

    def needed(self) -> Iterator[Problem]:
        lists = {each.list for each in self.c.lists}
        for name in NEEDED_LISTS:
            if name not in lists:
                yield Problem("codes.yaml", 1, name, "this list is needed")
        keys = {each.key for each in self.c.settings}
        brings = any(each.by_team and each.moves_holder == "on_contact" for each in self.c.handoffs)
        for name in (*NEEDED_SETTINGS, *(("arrival_overdue_s",) if brings else ())):
            if name not in keys:
                yield Problem("settings.yaml", 1, name, "this setting is needed")
        for index, each in enumerate(self.c.settings):
            if each.key == "alarms":
                yield from self._alarms(index, each.value)

    def _alarms(self, index: int, value: object) -> Iterator[Problem]:
        try:
            TypeAdapter(schema.Alarms).validate_python(value)
        except ValidationError as wrong:
            for each in wrong.errors():
                key = ".".join(map(str, each["loc"]))
                yield self._at("settings", [index, "value"], f"{key}: {in_words(each)}")

    def _all_names(self) -> Iterator[tuple[str, list[object], schema.Names]]:
        yield "community", [], self.c.about.name
        for index, agency in enumerate(self.c.agencies):
            yield "agencies", [index], agency.name
            for at, program in enumerate(agency.programs):
                yield "agencies", [index, "programs", at], program.name
                for n, desk in enumerate(program.desks):
                    yield "agencies", [index, "programs", at, "desks", n], desk.name
        for index, each in enumerate(self.c.lists):
            for at, value in enumerate(each.values):
                yield "codes", [index, "values", at], value.name
        plain: dict[str, tuple[_Named, ...]] = {
            "handoffs": self.c.handoffs,
            "requests": self.c.requests,
            "zones": self.c.zones,
            "facilities": self.c.facilities,
        }
        for file, rows in plain.items():
            for index, row in enumerate(rows):
                yield file, [index], row.name

    def _twice(
        self, file: str, codes: Iterable[str], under: Sequence[object] = ()
    ) -> Iterator[Problem]:
        seen: set[str] = set()
        for index, code in enumerate(codes):
            if code in seen:
                yield self._at(file, [*under, index], f"{code} stands here twice")
            seen.add(code)

    def _at(self, file: str, path: Sequence[object], because: str) -> Problem:
        key = ".".join(map(str, path)) or file
        return Problem(f"{file}.yaml", self.sources.line(file, path), key, because)


def _no_program(name: str) -> str:
    return f"no such program: {name} (write agency/program)"
