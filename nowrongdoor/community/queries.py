"""Every read of the community's reference rows. One query each."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from nowrongdoor.community.models import Code, Community, Setting, Zone


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


def codes(list_code: str, language: str) -> tuple[Choice, ...]:
    """The values of a list that are in use, in the list's own order."""
    rows = Code.objects.filter(list=list_code, retired_at=None).order_by("position")
    return tuple(Choice(row.code, in_language(row.names, language), row.pk) for row in rows)


def code_names(list_code: str, language: str) -> dict[str, str]:
    """Code to name, retired ones included, because old rows still carry them."""
    rows = Code.objects.filter(list=list_code)
    return {row.code: in_language(row.names, language) for row in rows}


def known_code(list_code: str, code: str) -> bool:
    return Code.objects.filter(list=list_code, code=code, retired_at=None).exists()


class _Codes:
    """The lists, as the fields of a command ask for them (`web.fields.Lists`)."""

    def known(self, list_code: str, code: str) -> bool:
        return known_code(list_code, code)

    def named(self, list_code: str, language: str) -> tuple[tuple[str, str], ...]:
        return tuple((each.code, each.name) for each in codes(list_code, language))


CODES = _Codes()


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


def zone_centres(zone_ids: Collection[UUID]) -> dict[UUID, tuple[float, float]]:
    """Latitude and longitude of each zone's middle."""
    rows = Zone.objects.filter(pk__in=zone_ids).values_list("id", "centre_lat", "centre_lon")
    return {id: (lat, lon) for id, lat, lon in rows}


def setting(key: str, at: datetime) -> Any:
    """The value in force at `at`. What a setting holds is the community's to say.

    Errors: NotLoaded where none has begun: a missing threshold is never guessed.
    """
    rows = Setting.objects.filter(key=key, from_at__lte=at).order_by("-from_at")
    value = rows.values_list("value", flat=True).first()
    if value is None:
        raise NotLoaded(f"the community has no setting {key} at this time")
    return value
