"""Operations on rows, and plain SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nbmigrate.model.operations.base import MigrateOperation, full_name

if TYPE_CHECKING:
    from sqlalchemy.schema import Table
    from sqlalchemy.sql.base import Executable
    from sqlalchemy.sql.selectable import TableClause


class BulkInsertOp(MigrateOperation):
    """Insert rows into a table."""

    def __init__(
        self, table: Table | TableClause, rows: Sequence[Mapping[str, Any]], *, multiinsert: bool = True
    ) -> None:
        self.table = table
        self.rows = rows
        self.multiinsert = multiinsert

    def explain(self) -> str:
        """One sentence."""
        count = len(self.rows)
        table = full_name(self.table.name, getattr(self.table, "schema", None))
        return f"Insert {count} row{'' if count == 1 else 's'} into the table {table}."


class ExecuteSQLOp(MigrateOperation):
    """Run SQL."""

    def __init__(
        self, sqltext: Executable | str, *, execution_options: Mapping[str, Any] | None = None
    ) -> None:
        self.sqltext = sqltext
        self.execution_options = execution_options

    def to_diff_tuple(self) -> tuple[str, Executable | str]:
        """``("execute", SQL)``."""
        return ("execute", self.sqltext)

    def explain(self) -> str:
        """One sentence."""
        text = " ".join(str(self.sqltext).split())
        return f"Run the SQL: {text if len(text) <= 200 else text[:200] + ' ...'}"
