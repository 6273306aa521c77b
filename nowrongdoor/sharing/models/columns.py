"""Columns that many tables of sharing have."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models


def texts(**more: object) -> "ArrayField[list[str], list[str]]":
    return ArrayField(models.TextField(), **more)  # type: ignore[arg-type]


def a_member(*, null: bool = False) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        "agencies.Member", models.PROTECT, null=null, related_name="+", db_index=False
    )


def by_name(at: str, by: str, *, name: str) -> models.CheckConstraint:
    """What is ended has a time and a name; what is not has neither."""
    ended = models.Q(**{f"{at}__isnull": False, f"{by}__isnull": False})
    return models.CheckConstraint(
        condition=models.Q(**{f"{at}__isnull": True, f"{by}__isnull": True}) | ended, name=name
    )


def a_program(*, null: bool = False) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        "agencies.Program", models.PROTECT, null=null, related_name="+", db_index=False
    )
