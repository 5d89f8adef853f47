"""Operations on rows, and plain SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from nbmigrate.model.operations.base import MigrateOperation, NotReversible, full_name
from nbmigrate.model.rows import count_of

if TYPE_CHECKING:
    from sqlalchemy.schema import Table
    from sqlalchemy.sql.base import Executable
    from sqlalchemy.sql.selectable import TableClause


class BulkInsertOp(MigrateOperation):
    """Insert rows into a table.

    ``rows``: dictionaries in a list or any other iterable, a data frame, an Arrow table or reader (see
    ``model/rows.py``); kept as it was given, and read only when the operation is carried out.
    """

    def __init__(
        self, table: Table | TableClause, rows: Iterable[Mapping[str, Any]], *, multiinsert: bool = True
    ) -> None:
        self.table = table
        self.rows = rows
        self.multiinsert = multiinsert

    def reverse(self) -> ExecuteSQLOp:
        """A DELETE of the rows by their primary keys.

        NotReversible where these are not known: the table is no ``Table`` with a primary key, rows leave it
        to the database, or they are read only when the operation is carried out.
        """
        keys = [column.key for column in getattr(self.table, "primary_key", ())]
        rows = self.rows if isinstance(self.rows, (list, tuple)) else ()
        values = [tuple(row.get(key) for key in keys) for row in rows]
        known = keys and rows and not any(_is_unknown(value) for key in values for value in key)
        if not known:
            raise NotReversible(
                f"which rows were inserted can't be known afterwards: {self.explain()} "
                "(It takes a Table with a primary key, and a list of rows that all have it.)"
            )
        from sqlalchemy import and_, delete, or_

        columns = [self.table.c[key] for key in keys]
        if len(columns) == 1:
            chosen = columns[0].in_([key[0] for key in values])
        else:
            same = [[c == v for c, v in zip(columns, key, strict=True)] for key in values]
            chosen = or_(*(and_(*one) for one in same))
        return ExecuteSQLOp(delete(self.table).where(chosen))

    def explain(self) -> str:
        """One sentence."""
        count = count_of(self.rows)
        table = full_name(self.table.name, getattr(self.table, "schema", None))
        if count is None:
            return f"Insert rows, as they are read, into the table {table}."
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


def _is_unknown(value: Any) -> bool:
    """Whether a value is given, or comes from the database."""
    return value is None or hasattr(value, "__clause_element__") or hasattr(value, "compile")
