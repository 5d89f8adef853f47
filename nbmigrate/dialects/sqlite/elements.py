"""The texts of SQLite's own ALTERs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.schema import ForeignKeyConstraint

from nbmigrate.ddl import elements

if TYPE_CHECKING:
    from sqlalchemy.schema import Constraint
    from sqlalchemy.sql.compiler import DDLCompiler


class AddColumnWith(elements.AddColumn):
    """ADD COLUMN with constraints behind the column: the only way to add them without a rebuild."""

    def __init__(
        self, table_name: str, column: Any, schema: str | None, constraints: Sequence[Constraint]
    ) -> None:
        super().__init__(table_name, column, schema)
        self.constraints = constraints


@compiles(AddColumnWith, "sqlite")
def _add_column_with(element: AddColumnWith, compiler: DDLCompiler, **kw: Any) -> str:
    parts = [
        elements.alter_table(compiler, element),
        "ADD COLUMN",
        elements.format_new_column(compiler, element),
    ]
    for constraint in element.constraints:
        if isinstance(constraint, ForeignKeyConstraint):
            name = compiler.preparer.format_constraint(constraint) if constraint.name else None
            parts += [f"CONSTRAINT {name}"] if name else []
            parts.append(elements.format_references(compiler, constraint))
        elif constraint not in element.column.constraints:
            parts.append(compiler.process(constraint))
    return " ".join(parts)


@compiles(elements.RenameTable, "sqlite")
def _rename_table(element: elements.RenameTable, compiler: DDLCompiler, **kw: Any) -> str:
    new = elements.format_table_name(compiler, element.new_table_name, None)
    return f"{elements.alter_table(compiler, element)} RENAME TO {new}"


@compiles(elements.ColumnName, "sqlite")
def _column_name(element: elements.ColumnName, compiler: DDLCompiler, **kw: Any) -> str:
    old = elements.format_column_name(compiler, element.column_name)
    new = elements.format_column_name(compiler, element.newname)
    return f"{elements.alter_table(compiler, element)} RENAME COLUMN {old} TO {new}"
