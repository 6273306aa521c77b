"""Writing the community's reference rows, as the owner, from its files. Safe to run again."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from typing import TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from django.db.models import Model

from nowrongdoor.community import models, schema

OWNER = "owner"
M = TypeVar("M", bound=Model)


def row_id(community: str, *path: str) -> UUID:
    """The id of a reference row: the same for the same code, whoever loads it."""
    return uuid5(NAMESPACE_URL, "/".join((community, *path)))


def midnight(day: date, zone: str) -> datetime:
    """When a date begins in the community's zone."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def put(rows: Iterable[M], *, key: str = "id") -> int:
    """Insert or update rows by their key, as the owner. Answers how many there are."""
    listed = list(rows)
    if not listed:
        return 0
    model = type(listed[0])
    fields = [field.name for field in model._meta.concrete_fields if field.name != key]
    model._default_manager.using(OWNER).bulk_create(
        listed, update_conflicts=True, update_fields=fields, unique_fields=[key]
    )
    return len(listed)


def write(files: schema.Community, *, at: datetime) -> None:
    """Community, code lists, zones, streets and settings. A code no longer listed is retired from now on."""
    code = files.about.code
    put([_community(files, at)], key="code")
    codes = [
        models.Code(
            id=row_id(code, "code", each.list, value.code),
            list=each.list,
            code=value.code,
            names=value.name,
            position=position,
        )
        for each in files.lists
        for position, value in enumerate(each.values)
    ]
    put(codes)
    gone = models.Code.objects.using(OWNER).filter(retired_at=None)
    gone.exclude(pk__in=[row.pk for row in codes]).update(retired_at=at)
    put(_zone(code, position, zone) for position, zone in enumerate(files.zones))
    put([_streets(files)], key="code")
    put(_setting(files, setting) for setting in files.settings)


def _community(files: schema.Community, at: datetime) -> models.Community:
    about = files.about
    return models.Community(
        code=about.code,
        names=about.name,
        time_zone=about.time_zone,
        languages=list(about.languages),
        number_prefix=about.number_prefix,
        synthetic=about.synthetic,
        digest=files.digest,
        loaded_at=at,
    )


def _zone(code: str, position: int, zone: schema.ZoneRow) -> models.Zone:
    return models.Zone(
        id=row_id(code, "zone", zone.code),
        code=zone.code,
        names=zone.name,
        shape=zone.shape,
        centre_lon=zone.centre_lon,
        centre_lat=zone.centre_lat,
        position=position,
    )


def _streets(files: schema.Community) -> models.Streets:
    return models.Streets(
        code=files.about.code,
        lines=[asdict(each) for each in files.streets],
        blocks=[asdict(each) for each in files.blocks],
        notes=files.about.streets_note,
    )


def _setting(files: schema.Community, setting: schema.SettingRow) -> models.Setting:
    since = midnight(setting.since, files.about.time_zone)
    return models.Setting(
        id=row_id(files.about.code, "setting", setting.key, setting.since.isoformat()),
        key=setting.key,
        value=setting.value,
        unit=setting.unit,
        from_at=since,
        source=setting.source,
    )


def put_setting(
    files: schema.Community, key: str, value: object, *, unit: str, source: str, at: datetime
) -> None:
    """A setting that another module's file holds, in force from now on where it is new or changed."""
    rows = models.Setting.objects.using(OWNER).filter(key=key)
    last = rows.order_by("-from_at").first()
    if last is not None and last.value == value:
        return
    id = row_id(files.about.code, "setting", key, at.isoformat())
    put([models.Setting(id=id, key=key, value=value, unit=unit, from_at=at, source=source)])


def put_document(files: schema.Community, key: str, text: str, *, unit: str, source: str) -> None:
    """A file that says by itself what was in force when: its text as it is, in place of the one before."""
    id = row_id(files.about.code, "setting", key)
    since = datetime.min.replace(year=1900, tzinfo=UTC)
    put([models.Setting(id=id, key=key, value=text, unit=unit, from_at=since, source=source)])
