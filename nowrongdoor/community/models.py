"""The community's reference rows. Loaded from its files; the app only reads them."""

from django.db import models
from django.db.models import Func

from nowrongdoor.rows.functions import ReferenceRows


class Community(models.Model):
    """The one community of this database. `digest` is of its files, as last loaded."""

    code = models.TextField(primary_key=True)
    names = models.JSONField()
    time_zone = models.TextField()
    languages = models.JSONField()
    number_prefix = models.TextField()
    synthetic = models.BooleanField()
    digest = models.TextField()
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [ReferenceRows(name="community_reference")]


class Version(models.Model):
    """The one version of all reference rows. A trigger of each of their tables changes the value."""

    id = models.SmallIntegerField(primary_key=True)
    value = models.UUIDField(db_default=Func(function="gen_random_uuid"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="community_one_version"),
        ]


class Code(models.Model):
    """One value of a code list. Retired, never removed: old rows still use it."""

    id = models.UUIDField(primary_key=True)
    list = models.TextField()
    code = models.TextField()
    names = models.JSONField()
    position = models.IntegerField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            ReferenceRows(name="code_reference"),
            models.UniqueConstraint(fields=["list", "code"], name="code_once"),
        ]


class Zone(models.Model):
    """A part of the map that people name over the radio."""

    id = models.UUIDField(primary_key=True)
    code = models.TextField(unique=True)
    names = models.JSONField()
    shape = models.JSONField()  # GeoJSON geometry
    centre_lon = models.FloatField()
    centre_lat = models.FloatField()
    position = models.IntegerField()

    class Meta:
        constraints = [ReferenceRows(name="zone_reference")]


class Streets(models.Model):
    """The community's streets, and where house numbers stand on them: one row, read whole."""

    code = models.TextField(primary_key=True)  # the community's
    lines = models.JSONField()  # [{name, kind, points [[lon, lat], ...], first, last}, ...]
    blocks = models.JSONField()  # [{axis, at, number}, ...]
    notes = models.JSONField()  # what the map says of them, by language; {} says nothing

    class Meta:
        constraints = [ReferenceRows(name="streets_reference")]


class Setting(models.Model):
    """One value from one date on, with its source. The newest that began is in force."""

    COVERED = ("key", "value", "unit", "from_at", "source")
    LOADED = True

    id = models.UUIDField(primary_key=True)
    key = models.TextField()
    value = models.JSONField()
    unit = models.TextField()
    from_at = models.DateTimeField()
    source = models.TextField()

    class Meta:
        constraints = [
            ReferenceRows(name="setting_reference"),
            models.UniqueConstraint(fields=["key", "from_at"], name="setting_once_a_date"),
        ]
