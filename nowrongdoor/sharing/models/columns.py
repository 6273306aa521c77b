"""Columns that many tables of sharing have."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models


def texts(**more: object) -> "ArrayField[list[str], list[str]]":
    return ArrayField(models.TextField(), **more)  # type: ignore[arg-type]  # the stubs name every option


def a_member(*, null: bool = False) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        "agencies.Member", models.PROTECT, null=null, related_name="+", db_index=False
    )


def a_program(*, null: bool = False) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        "agencies.Program", models.PROTECT, null=null, related_name="+", db_index=False
    )
