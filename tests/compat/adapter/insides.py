"""``alembic.ddl.*``, ``alembic.autogenerate.compare.*`` and ``alembic.operations.*``: what tests import."""

from __future__ import annotations

from typing import Any

from adapter.making import absent, module, package
from nbmigrate.model.operations import schema_objects


def _fk_spec(constraint: Any) -> tuple[Any, ...]:
    """What a foreign key says, in Alembic's order."""
    return (
        constraint.parent.schema,
        constraint.parent.name,
        [column.name for column in constraint.columns],
        constraint.elements[0].column.table.schema,
        constraint.elements[0].column.table.name,
        [element.column.name for element in constraint.elements],
        constraint.onupdate,
        constraint.ondelete,
        constraint.deferrable,
        constraint.initially,
    )


# ---- alembic.ddl

module("ddl.base", _fk_spec=_fk_spec)
for _name, _impl in (
    ("sqlite", "SQLiteImpl"),
    ("mysql", "MySQLImpl"),
    ("mssql", "MSSQLImpl"),
    ("postgresql", "PostgresqlImpl"),
    ("oracle", "OracleImpl"),
):
    module(f"ddl.{_name}", **{_impl: type(_impl, (), {})})
module("ddl._autogen", ComparisonResult=type("ComparisonResult", (), {}))

# ---- alembic.autogenerate; the rest is in adapter/autogenerate.py

package("autogenerate.compare")
module("autogenerate.compare.constraints", _compare_nullable=absent("_compare_nullable"))
module(
    "autogenerate.compare.server_defaults",
    _dialect_impl_compare_server_default=absent("_dialect_impl_compare_server_default"),
    _render_server_default_for_compare=absent("_render_server_default_for_compare"),
    _user_compare_server_default=absent("_user_compare_server_default"),
)
# ---- alembic.operations

module(
    "operations.schemaobj",
    SchemaObjects=absent("SchemaObjects"),
    **{name: value for name, value in vars(schema_objects).items() if not name.startswith("__")},
)
module("operations.batch", ApplyBatchImpl=absent("ApplyBatchImpl"))
