"""``alembic.ddl.*``, ``alembic.autogenerate.compare.*`` and ``alembic.operations.*``: what tests import."""

from __future__ import annotations

from typing import Any

from adapter.making import absent, module, package
from nbmigrate.ddl.impl import ComparisonResult
from nbmigrate.model.operations import schema_objects
from nbmigrate.operations.abstract import AbstractOperations


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
module("ddl._autogen", ComparisonResult=ComparisonResult)

# ---- alembic.autogenerate; the rest is in adapter/autogenerate.py

package("autogenerate.compare")
module("autogenerate.compare.constraints", _compare_nullable=absent("_compare_nullable"))
# ---- alembic.operations


class SchemaObjects:
    """SQLAlchemy's objects without a migration context."""

    def index(self, name: Any, table: str, columns: Any, schema: str | None = None, **kw: Any) -> Any:
        """An index."""
        return schema_objects.make_index(name, table, columns, context=None, schema_name=schema, **kw)

    def table(self, name: str, *columns: Any, **kw: Any) -> Any:
        """A table."""
        return schema_objects.make_table(name, columns, context=None, **kw)

    def unique_constraint(self, name: Any, table: str, columns: Any, schema: Any = None, **kw: Any) -> Any:
        """A unique constraint."""
        return schema_objects.make_unique(name, table, columns, context=None, schema_name=schema, **kw)

    def _ensure_table_for_fk(self, metadata: Any, key: Any) -> None:
        schema_objects.ensure_referent(metadata, key)


class _Registry:
    """``Operations._to_impl``, whose ``_registry`` a test saves and puts back."""

    @property
    def _registry(self) -> dict[type, Any]:
        return AbstractOperations._implementations

    @_registry.setter
    def _registry(self, saved: dict[type, Any]) -> None:
        AbstractOperations._implementations.clear()
        AbstractOperations._implementations.update(saved)


AbstractOperations._to_impl = _Registry()  # type: ignore[attr-defined]

module(
    "operations.schemaobj",
    SchemaObjects=SchemaObjects,
    **{name: value for name, value in vars(schema_objects).items() if not name.startswith("__")},
)
module("operations.batch", ApplyBatchImpl=absent("ApplyBatchImpl"))
