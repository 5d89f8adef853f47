"""Any database as schema values, through SQLAlchemy's bulk reflection; and which reader a database has.

``reader_for`` gives the module with the two functions that every reader has: ``reflect(connection, options)``
and ``normalise(connection, current, desired)``. SQLite and PostgreSQL have their own; this one serves the
rest. What SQLAlchemy's reflection does not tell reliably (expressions of CHECKs, options of indexes) is left
out of the comparison rather than guessed at.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import import_module
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.engine.reflection import ObjectKind

from nbmigrate.compare.desired import action
from nbmigrate.compare.lenient import match_tables, same_type_text
from nbmigrate.compare.options import CompareOptions
from nbmigrate.compare.text import normal
from nbmigrate.model.schema import (
    UNKNOWN,
    Check,
    Column,
    ForeignKey,
    Index,
    Key,
    PrimaryKey,
    Schema,
    Table,
    Unique,
    sorted_constraints,
)

_OWN = {
    "mysql": "nbmigrate.dialects.mysql.reflect",
    "mariadb": "nbmigrate.dialects.mysql.reflect",
    "sqlite": "nbmigrate.dialects.sqlite.reflect",
    "duckdb": "nbmigrate.dialects.duckdb.reflect",
    "postgresql": "nbmigrate.dialects.postgresql.reflect",
}
_COLLATION = re.compile(r" (?:CHARACTER SET|COLLATE) \S+")
# a decimal whose scale is not said has none
_DECIMAL = re.compile(r"^(NUMERIC|DECIMAL)(?:\((\d+)\))?(?![\w(])", re.IGNORECASE)
# what MariaDB adds to a column of the type JSON
_JSON_CHECK = re.compile(r"\s*json_valid\s*\(\s*`[^`]*`\s*\)\s*\Z", re.IGNORECASE)
_MYSQL = (
    frozenset({"json", "longtext"}),
    frozenset({"numeric(10,0)", "decimal(10,0)", "numeric", "decimal", "numeric(10)", "decimal(10)"}),
    frozenset({"integer", "int"}),
    frozenset({"uuid", "char(32)"}),
)
# what stands for the constraints of a table where the dialect can't tell them
_UNTOLD_UNIQUES = (Unique((UNKNOWN,)),)
_UNTOLD_CHECKS = (Check(UNKNOWN),)
_SYNONYMS = {"mysql": _MYSQL, "mariadb": _MYSQL}


class Reader(Protocol):
    """What reads a database's schema."""

    @property
    def reflect(self) -> Callable[[Connection, CompareOptions], Schema]:
        """All tables that a comparison is to look at."""

    @property
    def normalise(self) -> Callable[[Connection, Schema, Schema], tuple[Schema, Schema]]:
        """Current and desired schema in one spelling."""


def reader_for(dialect_name: str) -> Reader:
    """The reader of a database system."""
    own = _OWN.get(dialect_name)
    module: Any = import_module(own) if own else sys.modules[__name__]
    return module  # type: ignore[no-any-return]


def reflect(connection: Connection, options: CompareOptions) -> Schema:
    """All tables of the schemas that are asked for."""
    inspector = sa.inspect(connection)
    names: Sequence[str | None] = options.schemas
    if options.include_schemas:
        others = [name for name in inspector.get_schema_names() if name not in _system(connection)]
        wanted = [name for name in others if name not in (*names, options.default_schema)]
        names = [*names, *(name for name in wanted if options.wants_name(name, "schema", {}))]
    tables: dict[Key, Table] = {}
    for schema in names:
        for table in _Schema(inspector, schema, options).tables():
            if table.key not in options.exclude_tables:
                tables[table.key] = table
    return Schema(tables)


def normalise(connection: Connection, current: Schema, desired: Schema) -> tuple[Schema, Schema]:
    """Both schemas, without the differences that may mean the same."""
    name = connection.dialect.name

    def same(ours: Column, theirs: Column) -> bool:
        there, wanted = ours.type_text, theirs.type_text
        if name in ("mysql", "mariadb"):
            wanted = _DECIMAL.sub(lambda found: f"{found[1]}({found[2] or 10},0)", wanted)
        return UNKNOWN in (there, wanted) or same_type_text(
            _without_collation(there, wanted), wanted, _SYNONYMS.get(name, ())
        )

    if name in ("mysql", "mariadb"):
        from nbmigrate.dialects.mysql.expressions import in_server_words

        desired = in_server_words(connection, current, desired)
    matched = match_tables(current, desired, same)
    tables, there = dict(matched.tables), dict(current.tables)
    for key, table in current.tables.items():
        table, wanted = _without_untold(table, tables.get(key))
        if wanted is not None:
            tables[key] = wanted
        there[key] = _without_shadows(table, tables.get(key), name)
        if key in tables:
            tables[key] = _without_doubt(there[key], tables[key])
    return replace(current, tables=there), replace(matched, tables=tables)


def _without_collation(ours: str, theirs: str) -> str:
    """A collation that was not asked for is the database's own."""
    return ours if " COLLATE " in theirs.upper() else _COLLATION.sub("", ours)


def _without_shadows(there: Table, wanted: Table | None, name: str) -> Table:
    """Leave out what the database made by itself: indexes of keys that stay, CHECKs of types."""
    names = {index.name for index in wanted.indexes} if wanted else set()
    implied = {unique.name for unique in there.uniques}
    for fk in there.foreign_keys:
        if wanted is None or fk in wanted.foreign_keys:
            implied.add(fk.name)
            if name in ("mysql", "mariadb"):
                implied.add(fk.columns[0])
    return replace(
        there,
        indexes=tuple(i for i in there.indexes if i.name in names or i.name not in implied),
        # where a unique constraint is an index, it is whichever the models have
        uniques=tuple(
            u for u in there.uniques if u.name not in names or u.name not in {i.name for i in there.indexes}
        ),
        checks=tuple(c for c in there.checks if not _JSON_CHECK.match(c.expression)),
    )


def _without_untold(there: Table, wanted: Table | None) -> tuple[Table, Table | None]:
    """Both tables without the kinds of constraints that the dialect can't tell."""
    if there.uniques == _UNTOLD_UNIQUES:
        asked = {index.name for index in wanted.indexes} if wanted else set()
        # a unique index that the models don't have may be a constraint
        kept = tuple(index for index in there.indexes if not index.unique or index.name in asked)
        there = replace(there, uniques=(), indexes=kept)
        wanted = wanted and replace(wanted, uniques=())
    if there.checks == _UNTOLD_CHECKS:
        there, wanted = replace(there, checks=()), wanted and replace(wanted, checks=())
    return there, wanted


def _system(connection: Connection) -> tuple[str, ...]:
    return ("information_schema", "mysql", "performance_schema", "sys", "pg_catalog", "INFORMATION_SCHEMA")


def _without_doubt(there: Table, wanted: Table) -> Table:
    """Leave out differences that this reader can't be sure of."""
    names = {check.name: check for check in there.checks}
    checks = []
    for check in wanted.checks:
        same = names.get(check.name) if check.name else None
        # a CHECK of the same name is taken to be the same; one without a name can't be told
        checks.append(replace(check, expression=same.expression if same else check.expression))
    if any(check.name is None for check in wanted.checks):
        kept = {check.expression for check in checks}
        unsure = any(check.expression not in kept for check in there.checks)
        checks = [replace(c, expression=UNKNOWN) if c.name is None and unsure else c for c in checks]
    known = {index.name: index for index in there.indexes}
    columns = tuple(_same_truth(there.column(column.name), column) for column in wanted.columns)
    indexes = []
    for index in wanted.indexes:
        other = known.get(index.name)
        expression = any(column.startswith("(") for column in index.columns)
        if other is not None and (expression or index.columns == other.columns):
            index = replace(other, unique=index.unique, source=index.source)
        indexes.append(index)
    return sorted_constraints(replace(wanted, columns=columns, checks=tuple(checks), indexes=tuple(indexes)))


def _same_truth(there: Column | None, wanted: Column) -> Column:
    """``true`` is kept as 1, ``false`` as 0."""
    pair = (there.default if there else None, (wanted.default or "").lower())
    return replace(wanted, default=pair[0]) if pair in (("1", "true"), ("0", "false")) else wanted


class _Schema:
    """One schema of the database, read with one call a kind of thing."""

    def __init__(self, inspector: Any, schema: str | None, options: CompareOptions) -> None:
        self.inspector, self.schema, self.options = inspector, schema, options
        self.untold: set[str] = set()

    def read(self, method: str) -> dict[str, Any]:
        """What ``Inspector.get_multi_...`` says, by table; nothing where the dialect can't tell."""
        try:
            found = getattr(self.inspector, f"get_multi_{method}")(self.schema, kind=ObjectKind.TABLE)
        except NotImplementedError:
            self.untold.add(method)
            return {}
        return {key[1]: value for key, value in found.items()}

    def tables(self) -> list[Table]:
        """Every table."""
        columns = self.read("columns")
        self.keys = self.read("pk_constraint")
        self.foreign, self.unique = self.read("foreign_keys"), self.read("unique_constraints")
        self.check, self.index = self.read("check_constraints"), self.read("indexes")
        self.comment = self.read("table_comment")
        return [self.table(name, columns[name]) for name in sorted(columns)]

    def table(self, name: str, columns: Any) -> Table:
        """One table."""
        primary = self.keys.get(name) or {}
        foreign_keys = tuple(self.foreign_key(fk) for fk in self.foreign.get(name) or ())
        own_columns = tuple(primary.get("constrained_columns") or ())
        return sorted_constraints(
            Table(
                name=name,
                schema=self.schema,
                columns=tuple(self.column(column) for column in columns),
                primary_key=PrimaryKey(own_columns, primary.get("name")) if own_columns else None,
                foreign_keys=foreign_keys,
                uniques=_UNTOLD_UNIQUES
                if "unique_constraints" in self.untold
                else tuple(Unique(tuple(u["column_names"]), u["name"]) for u in self.unique.get(name) or ()),
                checks=_UNTOLD_CHECKS
                if "check_constraints" in self.untold
                else tuple(Check(c["sqltext"], c["name"]) for c in self.check.get(name) or ()),
                indexes=tuple(self.indexes(name)),
                comment=(self.comment.get(name) or {}).get("text") or None,
            )
        )

    def column(self, column: Any) -> Column:
        """One column."""
        try:
            text = self.inspector.dialect.type_compiler_instance.process(column["type"])
        except Exception:  # a type that reflection did not recognise, or that can't be written
            text = UNKNOWN
        computed = column.get("computed")
        identity = column.get("identity")
        return Column(
            name=column["name"],
            type_text=text,
            nullable=column["nullable"],
            default=None if computed or identity else _default(column),
            comment=column.get("comment") or None,
            generated=computed["sqltext"] if computed else None,
            stored=computed.get("persisted") if computed else None,
            autoincrement=column["autoincrement"] if isinstance(column.get("autoincrement"), bool) else None,
            type=column["type"],
        )

    def foreign_key(self, fk: Any) -> ForeignKey:
        """One foreign key."""
        given, name = fk.get("options") or {}, self.inspector.dialect.name
        schema = self.options.key(fk["referred_schema"], "")[0]
        return ForeignKey(
            columns=tuple(fk["constrained_columns"]),
            referred_schema=schema,
            referred_table=fk["referred_table"],
            referred_columns=tuple(fk["referred_columns"]),
            name=fk["name"],
            onupdate=action(given.get("onupdate"), name),
            ondelete=action(given.get("ondelete"), name),
            deferrable=given.get("deferrable") or None,
            initially="DEFERRED" if (given.get("initially") or "").upper() == "DEFERRED" else None,
        )

    def indexes(self, table: str) -> list[Index]:
        """All indexes, those too that belong to a constraint."""
        found = []
        for index in self.index.get(table) or ():
            expressions = index.get("expressions") or index["column_names"]
            columns = tuple(
                expression if column is not None else f"({normal(str(expression or UNKNOWN))})"
                for column, expression in zip(index["column_names"], expressions, strict=True)
            )
            found.append(Index(index["name"], columns, bool(index["unique"])))
        return found


def _default(column: Any) -> str | None:
    """A reflected column's default as text; some dialects give the clause that a Table is made of."""
    found = column.get("default", column.get("server_default"))
    text: str | None = getattr(found, "text", found)
    return text
