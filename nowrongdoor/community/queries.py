"""Every read of the community's reference rows. One query each, or none (`remembered`)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from nowrongdoor.community import addresses
from nowrongdoor.community.addresses import Place, StreetIndex
from nowrongdoor.community.models import Code, Community, Setting, Streets, Zone
from nowrongdoor.community.remembered import remembered
from nowrongdoor.community.streets import NO_LINES, Block, Points, Street, as_geojson
from nowrongdoor.community.zones import zone_of


class NotLoaded(Exception):  # noqa: N818 - it is an answer, not a fault
    """No community has been loaded into this database, or it lacks what was asked for."""


@dataclass(frozen=True, slots=True)
class CommunityRow:
    code: str
    names: dict[str, str]
    time_zone: str
    languages: tuple[str, ...]
    number_prefix: str
    synthetic: bool

    def name(self, language: str) -> str:
        return in_language(self.names, language)


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose from a list, in the reader's language."""

    code: str
    name: str
    id: UUID | None = None


def in_language(names: dict[str, str], language: str) -> str:
    """The name in this language, else in English, else any: a name is never empty."""
    return names.get(language) or names.get("en") or next(iter(names.values()))


@remembered
def community() -> CommunityRow:
    row = Community.objects.first()
    if row is None:
        raise NotLoaded("load a community: nowrongdoor load communities/tucson")
    return CommunityRow(
        row.code,
        row.names,
        row.time_zone,
        tuple(row.languages),
        row.number_prefix,
        row.synthetic,
    )


@remembered
def _codes(list_code: str) -> tuple[Code, ...]:
    return tuple(Code.objects.filter(list=list_code).order_by("position"))


def codes(list_code: str, language: str) -> tuple[Choice, ...]:
    """The values of a list that are in use, in the list's own order."""
    return tuple(
        Choice(row.code, in_language(row.names, language), row.pk)
        for row in _codes(list_code)
        if row.retired_at is None
    )


def code_names(list_code: str, language: str) -> dict[str, str]:
    """Code to name, retired ones included, because old rows still carry them."""
    return {row.code: in_language(row.names, language) for row in _codes(list_code)}


def known_code(list_code: str, code: str) -> bool:
    return any(row.code == code and row.retired_at is None for row in _codes(list_code))


class _Codes:
    """The lists, as the fields of a command ask for them (`web.fields.Lists`)."""

    def known(self, list_code: str, code: str) -> bool:
        return known_code(list_code, code)

    def named(self, list_code: str, language: str) -> tuple[tuple[str, str], ...]:
        return tuple((each.code, each.name) for each in codes(list_code, language))


CODES = _Codes()


@remembered
def zones(language: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(row.code, in_language(row.names, language), row.pk)
        for row in Zone.objects.defer("shape").order_by("position")
    )


def zone_id(code: str) -> UUID | None:
    return Zone.objects.filter(code=code).values_list("id", flat=True).first()


@dataclass(frozen=True, slots=True)
class ZoneShape:
    """A zone's outline, as GeoJSON geometry, with its middle."""

    name: str
    shape: dict[str, Any]
    centre_lon: float
    centre_lat: float


def zone_shapes(language: str) -> tuple[ZoneShape, ...]:
    return tuple(
        ZoneShape(in_language(row.names, language), row.shape, row.centre_lon, row.centre_lat)
        for row in Zone.objects.order_by("position")
    )


def zones_version() -> str:
    """What changes when other files are loaded, so that outlines are drawn anew."""
    return Community.objects.values_list("digest", flat=True).first() or ""


@dataclass(frozen=True, slots=True)
class StreetRows:
    """The community's streets. `drawn`: GeoJSON of the lines; `note`: what the map says of them, by language."""

    index: StreetIndex
    drawn: str
    notes: dict[str, str]


@remembered
def streets() -> StreetRows:
    """The streets, ready to be searched and drawn. One query; empty where the community has no file of them."""
    row = Streets.objects.first()
    if row is None:
        return StreetRows(addresses.index((), ()), NO_LINES, {})
    lines = [Street(**(each | {"points": _points(each["points"])})) for each in row.lines]
    index = addresses.index(lines, (Block(**each) for each in row.blocks))
    return StreetRows(index, as_geojson(lines), row.notes)


def _points(points: list[list[float]]) -> Points:
    return tuple((lon, lat) for lon, lat in points)


def place_of(text: str) -> Place | None:
    """Where a text says that something is, where that is sure: nobody is asked."""
    found = addresses.find(text, streets().index) if text else None
    return found.places[0] if found is not None and found.sure else None


@remembered
def _zone_outlines() -> tuple[tuple[str, dict[str, Any]], ...]:
    return tuple((str(row.pk), row.shape) for row in Zone.objects.order_by("position"))


def zone_at(lat: float, lon: float) -> UUID | None:
    """The zone in which a point lies. None outside of all of them."""
    found = zone_of((lon, lat), _zone_outlines())
    return None if found is None else UUID(found)


def zone_centres(zone_ids: Collection[UUID]) -> dict[UUID, tuple[float, float]]:
    """Latitude and longitude of each zone's middle."""
    rows = Zone.objects.filter(pk__in=zone_ids).values_list("id", "centre_lat", "centre_lon")
    return {id: (lat, lon) for id, lat, lon in rows}


@remembered
def _setting(key: str) -> tuple[tuple[datetime, Any], ...]:
    rows = Setting.objects.filter(key=key).order_by("-from_at")
    return tuple(rows.values_list("from_at", "value"))


def telephone(of: str, *, at: datetime) -> str:
    """The number of a program (`agency/program`) or of a unit; '' where the community lists none."""
    return str(setting_or("telephones", {}, at=at).get(of, ""))


def distance_words(metres: float, *, at: datetime) -> str:
    """A distance as it is said here: `3.2 mi`. Units: metres in; miles or kilometers, to one decimal."""
    unit = setting_or("distance_unit", "km", at=at)
    return f"{metres / _METRES[unit]:.1f} {unit}"


_METRES = {"mi": 1609.344, "km": 1000.0}


def text_of(key: str) -> str:
    """The text of a file that a community's folder holds and another module reads, as it was loaded last.

    Errors: NotLoaded where there is none.
    """
    if text := text_or_empty(key):
        return text
    raise NotLoaded(f"the community has no {key}: load it again")


def text_or_empty(key: str) -> str:
    """The same of a file that a community may leave out; '' where it did."""
    return next((str(value) for _from_at, value in _setting(key)), "")


def setting_or(key: str, otherwise: Any, *, at: datetime) -> Any:
    """The value in force of a setting that a community may leave out."""
    return next((value for from_at, value in _setting(key) if from_at <= at), otherwise)


def setting(key: str, at: datetime) -> Any:
    """The value in force at `at`. What a setting holds is the community's to say; nobody changes it here.

    Errors: NotLoaded where none has begun: a missing threshold is never guessed.
    """
    for from_at, value in _setting(key):
        if from_at <= at:
            return value
    raise NotLoaded(f"the community has no setting {key} at this time")
