"""Small questions about SQLAlchemy's objects, by the names of ``alembic.util.sqla_compat``.

Undocumented there, and yet imported by extensions and by env.py files, mostly to ask for a version or for a
connection's transaction. nbmigrate's own rooms don't use it. ``sqla_*`` are true: SQLAlchemy 2.0 is the
oldest that works.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy
from sqlalchemy import inspect, schema
from sqlalchemy.engine import Connection, Transaction
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CheckConstraint, Column, Constraint, ForeignKeyConstraint, Index, Table
from sqlalchemy.sql import visitors
from sqlalchemy.sql.base import DialectKWArgs, _NoneName
from sqlalchemy.sql.elements import BindParameter, ColumnClause, TextClause, UnaryExpression, quoted_name
from sqlalchemy.types import TypeEngine

__all__ = ["compiles", "sqlalchemy_version"]

sqlalchemy_version = sqlalchemy.__version__
_vers = tuple(int(part) if part.isdigit() else part for part in re.findall(r"\d+|[a-z]+", sqlalchemy_version))
_numbers = tuple(part for part in _vers[:3] if isinstance(part, int))
sqla_13 = sqla_14 = sqla_14_18 = sqla_14_26 = sqla_2 = True
sqla_2_0_25 = _numbers >= (2, 0, 25)
sqla_2_1 = _numbers >= (2, 1)
identity_has_dialect_kwargs = issubclass(schema.Identity, DialectKWArgs)
AUTOINCREMENT_DEFAULT = "auto"


# -- connections


def _get_connection_in_transaction(connection: Connection | None) -> bool:
    return connection is not None and connection.in_transaction()


@contextmanager
def _ensure_scope_for_ddl(connection: Connection | None) -> Iterator[None]:
    """A block in a transaction: the one that is open, else one of its own."""
    if connection is None or connection.in_transaction():
        yield
    else:
        with connection.begin():
            yield


def _safe_begin_connection_transaction(connection: Connection) -> Transaction:
    return connection.get_transaction() or connection.begin()


def _safe_commit_connection_transaction(connection: Connection) -> None:
    transaction = connection.get_transaction()
    if transaction is not None:
        transaction.commit()


def _safe_rollback_connection_transaction(connection: Connection) -> None:
    transaction = connection.get_transaction()
    if transaction is not None:
        transaction.rollback()


def _connectable_has_table(connectable: Connection, tablename: str, schemaname: str | None) -> bool:
    return inspect(connectable).has_table(tablename, schemaname)


# -- names


def _get_table_key(name: str, schema: str | None) -> str:
    return name if schema is None else f"{schema}.{name}"


def constraint_name_defined(name: Any) -> bool:
    """Whether a constraint's name is a text, or the word for "by the naming convention, later"."""
    return name is _NoneName.NONE_NAME or isinstance(name, (str, quoted_name))


def constraint_name_string(name: Any) -> bool:
    """Whether a constraint's name is a text."""
    return isinstance(name, str)


def constraint_name_or_none(name: Any) -> str | None:
    """A constraint's name where it is a text."""
    return name if isinstance(name, str) else None


def _get_constraint_final_name(constraint: Constraint | Index, dialect: Any) -> str | None:
    """The name that goes to the database, by its naming convention and cut to its length."""
    if constraint.name is None:
        return None
    # SQLAlchemy keeps this argument for Alembic; it takes indexes too
    found: str | None = dialect.identifier_preparer.format_constraint(constraint, _alembic_quote=False)
    return found


def _constraint_is_named(constraint: Constraint | Index, dialect: Any) -> bool:
    return _get_constraint_final_name(constraint, dialect) is not None


# -- columns, keys and constraints


def _server_default_is_computed(*server_default: Any) -> bool:
    return any(isinstance(one, schema.Computed) for one in server_default)


def _server_default_is_identity(*server_default: Any) -> bool:
    return any(isinstance(one, schema.Identity) for one in server_default)


def _nullability_might_be_unset(metadata_column: Column[Any]) -> bool:
    return getattr(metadata_column, "_user_defined_nullable", None) is schema.SchemaConst.NULL_UNSPECIFIED


def _get_identity_options_dict(identity: schema.Identity | schema.Sequence | None) -> dict[str, Any]:
    """The options that an Identity was given, by their names."""
    if identity is None:
        return {}
    words = ("always", "on_null", "start", "increment", "minvalue", "maxvalue", "nominvalue", "nomaxvalue",
             "cycle", "cache", "order")  # fmt: skip
    found = {name: getattr(identity, name, None) for name in words}
    return {name: value for name, value in found.items() if value is not None}


def _table_for_constraint(constraint: Constraint) -> Any:
    if isinstance(constraint, ForeignKeyConstraint):
        assert constraint.parent is not None
        return constraint.parent
    return constraint.table


def _columns_for_constraint(constraint: Constraint) -> list[Column[Any]]:
    if isinstance(constraint, ForeignKeyConstraint):
        return [element.parent for element in constraint.elements]
    if isinstance(constraint, CheckConstraint):
        return _find_columns(constraint.sqltext)
    return list(constraint.columns)  # type: ignore[attr-defined]


def _fk_spec(constraint: ForeignKeyConstraint) -> tuple[Any, ...]:
    """Schema, table and columns on both sides, then what a foreign key does and when."""
    own = constraint.columns[0].table
    targets = [element.target_fullname.rpartition(".") for element in constraint.elements]
    target_schema, _, target_table = targets[0][0].rpartition(".")
    return (
        own.schema,
        own.name,
        list(constraint.column_keys),
        target_schema or None,
        target_table,
        [column for _, _, column in targets],
        constraint.onupdate,
        constraint.ondelete,
        constraint.deferrable,
        constraint.initially,
    )


def _fk_is_self_referential(constraint: ForeignKeyConstraint) -> bool:
    table = constraint.elements[0].target_fullname.rpartition(".")[0]
    return constraint.parent is not None and table == constraint.parent.key


def _is_type_bound(constraint: Constraint) -> bool:
    return bool(getattr(constraint, "_type_bound", False))


def all_table_check_constraints(table: Table) -> set[CheckConstraint]:
    """The CHECKs of a table, those of its types too."""
    return {one for one in table.constraints if isinstance(one, CheckConstraint)}


# -- expressions and types


def _find_columns(clause: Any) -> list[Column[Any]]:
    found: dict[Column[Any], None] = {}
    visitors.traverse(clause, {}, {"column": lambda column: found.setdefault(column)})
    return list(found)


def is_expression(expr: Any) -> bool:
    """Whether something is more than a plain column."""
    while isinstance(expr, UnaryExpression):
        expr = expr.element
    return not isinstance(expr, ColumnClause) or expr.is_literal


def is_expression_index(index: Index) -> bool:
    """Whether an index is on something else than plain columns."""
    return any(is_expression(expression) for expression in index.expressions)


def _idx_table_bound_expressions(idx: Index) -> Iterable[Any]:
    return idx.expressions


def _type_has_variants(type_: TypeEngine[Any]) -> bool:
    return bool(type_._variant_mapping)


def _get_variant_mapping(type_: TypeEngine[Any]) -> tuple[TypeEngine[Any], Any]:
    return type_, type_._variant_mapping


def _resolve_for_variant(type_: TypeEngine[Any], dialect: Any) -> TypeEngine[Any]:
    return type_._variant_mapping.get(dialect.name, type_)


def _copy(schema_item: Any, **kw: Any) -> Any:
    """A copy of a column or constraint, bound to no table."""
    return schema_item._copy(**kw) if hasattr(schema_item, "_copy") else schema_item.copy(**kw)


def _inherit_schema_deprecated() -> bool:
    return sqla_2_1


class _literal_bindparam(BindParameter[Any]):
    """A value that is written into the statement."""

    inherit_cache = True


@compiles(_literal_bindparam)
def _render_literal_bindparam(element: _literal_bindparam, compiler: Any, **kw: Any) -> str:
    text: str = compiler.render_literal_bindparam(element, **kw)
    return text


def _textual_index_column(table: Table, text_: str | TextClause | Any) -> Any:
    """What a column's name, or an expression, is for an index: the column, or the expression itself."""
    if isinstance(text_, str):
        return table.c[text_] if text_ in table.c else Column(text_, sqlalchemy.types.NULLTYPE)
    return text_
