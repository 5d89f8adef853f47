"""What a table is kept in, on MySQL and MariaDB: its engine, its character set and collation."""

from __future__ import annotations

from collections.abc import Mapping

from nbmigrate.model.operations.base import AlterTableOp, full_name, listed
from nbmigrate.model.operations.containers import ModifyTableOps


class AlterTableOptionsOp(AlterTableOp):
    """Change a table's ``engine``, ``charset`` or ``collate``; ``existing_options`` are what they were."""

    def __init__(
        self,
        table_name: str,
        options: Mapping[str, str],
        existing_options: Mapping[str, str],
        *,
        schema: str | None = None,
    ) -> None:
        super().__init__(table_name, schema=schema)
        self.options = dict(options)
        self.existing_options = dict(existing_options)

    def reverse(self) -> AlterTableOptionsOp:
        """Change them back."""
        return AlterTableOptionsOp(self.table_name, self.existing_options, self.options, schema=self.schema)

    def to_diff_tuple(self) -> tuple[object, ...]:
        """``("modify_table_options", schema, table, existing options, options)``."""
        return ("modify_table_options", self.schema, self.table_name, self.existing_options, self.options)

    def explain(self) -> str:
        """One sentence."""
        told = listed(f"{word} {value}" for word, value in sorted(self.options.items()))
        return f"Make the table {full_name(self.table_name, self.schema)} anew with {told}; rows stay."


class ConvertTableOps(ModifyTableOps):
    """A table's character set is changed, then columns say again what they have of their own.

    CONVERT TO takes every column along, so the way back has the same order.
    """

    def reverse(self) -> ConvertTableOps:
        """Each undone, in the same order."""
        return ConvertTableOps(self.table_name, self._reversed_ops()[::-1], schema=self.schema)
