"""One revision linted, operation by operation, in the order in which they run."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from nbmigrate.errors import MigrateError
from nbmigrate.lint.general import RULES
from nbmigrate.model.finding import Finding
from nbmigrate.model.operations import MigrateOperation
from nbmigrate.model.operations.so_far import SoFar, single_operations, table_name

if TYPE_CHECKING:
    from nbmigrate.dialects.base import Dialect


class Linter:
    """Collects the findings of one direction of one revision; ``look`` sees each operation before it runs."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._so_far = SoFar()
        # by rule and object: said once, and a database's own words win
        self._found: dict[tuple[str, str], Finding] = {}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, in the order of the operations."""
        return tuple(self._found.values())

    def look(self, operation: MigrateOperation, *, in_transaction: bool = True) -> None:
        """Look at the next operation."""
        self._so_far.in_transaction = in_transaction
        for one in single_operations(operation):
            for rule in (*RULES, *self._dialect.lint_rules):
                for finding in rule(one, self._so_far):
                    self._found[finding.rule, finding.about] = finding
        self._look_for_a_rebuild(operation)
        for one in single_operations(operation):
            self._so_far.note(one)

    def _look_for_a_rebuild(self, operation: MigrateOperation) -> None:
        if self._so_far.is_new(operation):
            return
        with suppress(MigrateError):  # a table that isn't there: who emits the operation says so
            if self._dialect.needs_rebuild(operation):
                about = table_name(operation)
                self._found["rebuild", about] = Finding(
                    "rebuild",
                    about,
                    f"{self._dialect.sqlalchemy.name} has no ALTER for this: the table is made anew and "
                    "every row copied, while nobody else can write",
                    "nothing, where the table is small; else put all changes to it into one revision, and "
                    "run that when nobody writes",
                )
