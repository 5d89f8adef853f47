"""A computed column that becomes a plain one and keeps its values."""

from __future__ import annotations

from nbmigrate.model.operations.base import AlterTableOp, MigrateOperation, NotReversible, full_name
from nbmigrate.model.operations.columns import AddColumnOp, DropColumnOp
from nbmigrate.model.operations.containers import ModifyTableOps


class DropExpressionOp(AlterTableOp):
    """Make a stored computed column a plain one (PostgreSQL); ``_reverse`` adds the computed one."""

    def __init__(
        self,
        table_name: str,
        column_name: str,
        *,
        schema: str | None = None,
        _reverse: AddColumnOp | None = None,
    ) -> None:
        super().__init__(table_name, schema=schema)
        self.column_name = column_name
        self._reverse = _reverse

    def reverse(self) -> MigrateOperation:
        """Drop the plain column and add the computed one: its values are computed again."""
        if self._reverse is None:
            raise NotReversible(f"the expression of {self.table_name}.{self.column_name} is not known")
        drop = DropColumnOp(self.table_name, self.column_name, schema=self.schema)
        drop._reverse = self._reverse
        return ModifyTableOps(self.table_name, [drop, self._reverse], schema=self.schema)

    def to_diff_tuple(self) -> tuple[str, str | None, str, str]:
        """``("remove_expression", schema, table, column)``."""
        return ("remove_expression", self.schema, self.table_name, self.column_name)

    def explain(self) -> str:
        """One sentence."""
        table = full_name(self.table_name, self.schema)
        return f"Make {self.column_name} of the table {table} a plain column, which keeps its values."
