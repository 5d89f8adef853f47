"""A new name for an index or a unique constraint, where its table or column has got one.

Alembic has no directive for it: in a file it is the SQL of the database that it was written for.
"""

from __future__ import annotations

from typing import Literal

from nbmigrate.model.operations.base import AlterTableOp, full_name


class RenameIndexOp(AlterTableOp):
    """Rename an index, or the unique constraint of a table (``kind``)."""

    def __init__(
        self,
        table_name: str,
        index_name: str,
        new_index_name: str,
        *,
        kind: Literal["index", "unique"] = "index",
        schema: str | None = None,
    ) -> None:
        super().__init__(table_name, schema=schema)
        self.index_name = index_name
        self.new_index_name = new_index_name
        self.kind = kind

    def reverse(self) -> RenameIndexOp:
        """Rename it back."""
        return RenameIndexOp(
            self.table_name, self.new_index_name, self.index_name, kind=self.kind, schema=self.schema
        )

    def to_diff_tuple(self) -> tuple[str, str | None, str, str, str]:
        """``("rename_index", schema, table, old name, new name)``; Alembic has none."""
        return ("rename_index", self.schema, self.table_name, self.index_name, self.new_index_name)

    def explain(self) -> str:
        """One sentence."""
        what = "index" if self.kind == "index" else "unique constraint"
        table = full_name(self.table_name, self.schema)
        return f"Rename the {what} {self.index_name} of the table {table} to {self.new_index_name}."
