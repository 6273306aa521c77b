"""Migrating in a third of the time: a constraint or an index is added to the one model it is of.

Django draws that model anew, and every model that refers to it, after each of our 165 constraints and
indexes, though none of the others looks at them: most of what `migrate` did.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.state import ProjectState


@contextmanager
def in_place() -> Iterator[None]:
    """While this stands, what a migration adds to a model's constraints and indexes changes no other model."""
    changes: Any = ProjectState
    before = changes._append_option
    changes._append_option = _append
    try:
        yield
    finally:
        changes._append_option = before


def _append(state: Any, app_label: str, model: str, option: str, made: object) -> None:
    options = state.models[app_label, model].options
    options[option] = [*options[option], made]
    if "apps" in state.__dict__:  # else nothing is drawn yet
        meta: Any = state.apps.all_models[app_label][model.lower()]._meta
        setattr(meta, option, [*getattr(meta, option), made])
