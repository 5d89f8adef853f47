"""Enum types that come with a column and go with the last one, while a migration runs.

SQLAlchemy makes a type when a table is created. So does a new column here, and a table whose type says
``create_type=False`` but is not there. Whatever is made that way is marked by a comment on the type: it goes
when the revision that drops its last column has ended. A type without the mark was made by somebody's own
line, and somebody's own line drops it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from nbmigrate.ddl.events import fire
from nbmigrate.ddl.statement import Statement
from nbmigrate.dialects.base import Dialect, Statements
from nbmigrate.dialects.objects_sql import always_quoted, literal
from nbmigrate.dialects.postgresql.enums import alter_enum, create_type

if TYPE_CHECKING:
    from nbmigrate.model.operations import (
        AddColumnOp,
        AlterColumnOp,
        AlterEnumOp,
        CreateEnumOp,
        CreateTableOp,
        DropColumnOp,
        DropEnumOp,
        DropExpressionOp,
        DropTableOp,
        ExecuteSQLOp,
    )

MARK = "made with its first column, goes with its last"
"""The comment on a type that was made for a column."""

# marked types that a column of this table has; of one column, or of all
_MARKED = f"""
SELECT DISTINCT t.oid, n.nspname::text, t.typname::text
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_type t ON (t.oid = a.atttypid OR t.typarray = a.atttypid) AND t.typtype = 'e'
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE a.attrelid = to_regclass(:table) AND (a.attname = :column OR CAST(:column AS text) IS NULL)
AND a.attnum > 0 AND NOT a.attisdropped AND obj_description(t.oid, 'pg_type') = {literal(MARK)}
ORDER BY 2, 3
"""
_ANY_MARKED = f"""
SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_description
    WHERE classoid = 'pg_catalog.pg_type'::regclass AND description = {literal(MARK)})
"""
_IN_USE = """
SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_type t JOIN pg_catalog.pg_depend d
    ON d.refclassid = 'pg_catalog.pg_type'::regclass AND d.refobjid IN (t.oid, t.typarray)
    WHERE t.oid = {oid} AND d.deptype = 'n')
    OR NOT EXISTS (SELECT 1 FROM pg_catalog.pg_type WHERE oid = {oid})
"""


_NAME = r"""(?:"(?:[^"]|"")+"|\w+)"""
_MAKES = re.compile(
    rf"\s*CREATE\s+TYPE\s+(?:(?P<schema>{_NAME})\s*\.\s*)?(?P<name>{_NAME})\s+AS\s+ENUM\b", re.I
)


def _unquoted(name: str | None) -> str | None:
    if name is None or not name.startswith('"'):
        return None if name is None else name.lower()
    return name[1:-1].replace('""', '"')


class TypeStatements(Dialect):
    """The part of the PostgreSQL dialect that is about enum types."""

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        # marked types that have lost a column in this revision
        self._left: dict[int, str] = {}
        # whether there are marked types at all: asked once, not for each column that goes
        self._any_marked: bool | None = None

    # types by themselves

    def create_enum(self, operation: CreateEnumOp) -> Statements:
        """CREATE TYPE."""
        yield Statement(create_type(self.sqlalchemy, operation.enum_name, operation.schema, operation.values))

    def drop_enum(self, operation: DropEnumOp) -> Statements:
        """DROP TYPE."""
        yield Statement(f"DROP TYPE {self.name_of(operation.enum_name, operation.schema)}")

    def alter_enum(self, operation: AlterEnumOp) -> Statements:
        """ADD VALUE and RENAME VALUE, else a new type in the old one's place."""
        yield from alter_enum(self.sqlalchemy, operation)

    def execute_sql(self, operation: ExecuteSQLOp) -> Statements:
        """The SQL as it is; a type that it makes is not made again while nothing runs."""
        sql = operation.sqltext
        found = _MAKES.match(sql) if isinstance(sql, str) and not self.live else None
        if found is not None:
            names = [_unquoted(part) for part in found.group("schema", "name")]
            self.memo.setdefault("pg_enum", set()).add((names[0], names[1]))
        yield from super().execute_sql(operation)

    def drop_expression(self, operation: DropExpressionOp) -> Statements:
        """DROP EXPRESSION."""
        table = self.name_of(operation.table_name, operation.schema)
        yield Statement(
            f"ALTER TABLE {table} ALTER COLUMN {self.name_of(operation.column_name, None)} DROP EXPRESSION"
        )

    # with columns

    def create_table(self, operation: CreateTableOp) -> Statements:
        """CREATE TABLE; before it the types that it needs and that are not there."""
        made = False
        for statement in super().create_table(operation):
            if not made and isinstance(statement.construct, sa.schema.CreateTable):
                made = True
                yield from self._absent(statement.construct.element)
            yield statement
            yield from self._mark(statement)

    def add_column(self, operation: AddColumnOp) -> Statements:
        """ADD COLUMN; before it CREATE TYPE, where the column's enum type is not there yet."""
        yield from self.missing_types(self.table_with_new_column(operation)[0])
        yield from super().add_column(operation)

    def missing_types(self, table: sa.Table) -> Statements:
        """CREATE TYPE for the enum types of a table's columns that are not there."""
        # without a database to look at nothing is created: scripts that are written (--sql) may well create
        # the type themselves, as Alembic has always asked of them
        if self.connection is not None:
            for statement in fire("before_create", table, self.sqlalchemy, self.connection, self):
                yield statement
                yield from self._mark(statement)
            yield from self._absent(table)

    def _absent(self, table: sa.Table) -> Statements:
        """Types that say ``create_type=False``, yet nobody has created."""
        if self.connection is None:
            return
        for column in table.columns:
            enum: Any = column.type.dialect_impl(self.sqlalchemy)
            enum = enum.item_type if isinstance(enum, sa.types.ARRAY) else enum
            if not isinstance(enum, sa.Enum) or getattr(enum, "create_type", True) or not enum.enums:
                continue
            key = (enum.schema, str(enum.name))
            made = self.memo.setdefault("pg_enum", set())
            if not enum.name or key in made or self._exists(str(enum.name), enum.schema):
                continue
            made.add(key)
            statement = Statement(create_type(self.sqlalchemy, str(enum.name), enum.schema, enum.enums))
            yield statement
            yield from self._mark(statement, self.name_of(str(enum.name), enum.schema))

    def _exists(self, name: str, schema: str | None) -> bool:
        assert self.connection is not None
        asked = {"name": always_quoted(self.sqlalchemy, name, schema)}
        return bool(self.connection.execute(sa.text("SELECT to_regtype(:name) IS NOT NULL"), asked).scalar())

    def _mark(self, statement: Statement, name: str | None = None) -> Statements:
        """The comment on a type that was just made for a column."""
        if self.connection is None:
            return
        if name is None:
            element: Any = getattr(statement.construct, "element", None)
            is_creation = type(statement.construct).__name__ == "CreateEnumType"
            if not is_creation or element is None:
                return
            name = self.name_of(str(element.name), element.schema)
        self._any_marked = True
        yield Statement(f"COMMENT ON TYPE {name} IS {literal(MARK)}")

    def drop_column(self, operation: DropColumnOp) -> Statements:
        """DROP COLUMN; its type may go when the revision ends."""
        self._remember(operation.table_name, operation.schema, operation.column_name)
        yield from super().drop_column(operation)

    def drop_table(self, operation: DropTableOp) -> Statements:
        """DROP TABLE; its types may go when the revision ends."""
        self._remember(operation.table_name, operation.schema, None)
        yield from super().drop_table(operation)

    def alter_column(self, operation: AlterColumnOp) -> Statements:
        """ALTER COLUMN; the type that it had may go when the revision ends."""
        if operation.modify_type is not None:
            self._remember(operation.table_name, operation.schema, operation.column_name)
        yield from super().alter_column(operation)

    def _remember(self, table: str, schema: str | None, column: str | None) -> None:
        if not self.live or not isinstance(self.connection, sa.Connection):
            return  # a stand-in (create_mock_engine) can't be asked
        if self._any_marked is None:
            self._any_marked = bool(self.connection.exec_driver_sql(_ANY_MARKED).scalar())
        if not self._any_marked:
            return
        asked = {"table": always_quoted(self.sqlalchemy, table, schema), "column": column}
        for oid, found, name in self.connection.execute(sa.text(_MARKED), asked):
            self._left[oid] = always_quoted(self.sqlalchemy, name, found)

    def end_of_step(self) -> Iterator[Statement]:
        """DROP TYPE for what was made with columns and has none any more."""
        left, self._left = self._left, {}
        # a run that drops a type may make it again
        for oid, name in left.items():
            assert self.connection is not None
            in_use = self.connection.exec_driver_sql(_IN_USE.format(oid=oid)).scalar()
            if not in_use:
                self.memo.clear()
                yield Statement(f"DROP TYPE {name}")
