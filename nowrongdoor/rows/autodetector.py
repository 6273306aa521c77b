"""In which order migrations run: a safeguard comes after every table that its SQL names.

Django knows what a foreign key needs. What a policy or a function names in its SQL it cannot know,
and `clocks` stands below `episodes`, whose table its policy asks.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.db.migrations.autodetector import MigrationAutodetector, OperationDependency
from django.db.migrations.operations import AddConstraint
from django.db.migrations.operations.base import Operation

from nowrongdoor.rows.constraints import Safeguard

_NAME = re.compile(r"[a-z_][a-z_0-9]*")


class Autodetector(MigrationAutodetector):
    def add_operation(
        self,
        app_label: str,
        operation: Operation,
        dependencies: Any = None,
        beginning: bool = False,  # noqa: FBT001, FBT002 - Django's signature
    ) -> None:
        if isinstance(operation, AddConstraint) and isinstance(operation.constraint, Safeguard):
            dependencies = [*(dependencies or ()), *self._named(operation.constraint)]
        super().add_operation(app_label, operation, dependencies, beginning)

    def _named(self, safeguard: Safeguard) -> Iterator[OperationDependency]:
        """One dependency for each table of ours that the statements name."""
        words = set(_NAME.findall(" ".join(safeguard.created("this"))))
        for (app_label, model_name), state in self.to_state.models.items():
            table = state.options.get("db_table") or f"{app_label}_{model_name}"
            if table in words:
                kind = OperationDependency.Type.CREATE
                yield OperationDependency(app_label, model_name, None, kind)
