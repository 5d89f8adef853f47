"""What is promised of a pair of schemas: one function that goes there and back, and looks after each step."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from roundtrip import diffs, run, sources

from nbmigrate.compare.options import CompareOptions
from nbmigrate.compare.text import normal
from nbmigrate.dialects.objects import objects_reader
from nbmigrate.dialects.reflect import reader_for
from schemas.kinds import Kind, Schema
from schemas.models import OTHER, build, fill, renames, rows_of

_EMPTY = {
    "postgresql": [
        *("DROP SCHEMA public CASCADE", f'DROP SCHEMA IF EXISTS "{OTHER}" CASCADE', "CREATE SCHEMA public")
    ],
    "mysql": [
        "SET foreign_key_checks = 0",
        f"DROP DATABASE IF EXISTS `{OTHER}`",
        "DROP DATABASE {0}",
        "CREATE DATABASE {0}",
        "USE {0}",
        "SET foreign_key_checks = 1",
    ],
}


class Database:
    """One database that is emptied between cases; ``closely`` looks with SQLAlchemy's eyes too."""

    def __init__(self, url: str, *, closely: bool = False) -> None:
        self.url = sa.make_url(url)
        self.closely = closely
        self.engine = self._engine()
        self.opts: dict[str, Any] = {}

    @property
    def name(self) -> str:
        """The dialect's name."""
        return self.engine.dialect.name

    def _engine(self) -> sa.Engine:
        options: dict[str, Any] = {}
        if self.url.get_backend_name() in ("sqlite", "duckdb"):
            options["poolclass"] = sa.pool.StaticPool
        if self.url.get_backend_name() == "duckdb":
            options["connect_args"] = {"config": {"threads": 1}}
        return sa.create_engine(self.url, **options)

    def empty(self) -> None:
        """Take everything out of it."""
        if self.name not in _EMPTY:
            self.engine.dispose()
            self.engine = self._engine()
            return
        self.execute(*(statement.format(self.url.database) for statement in _EMPTY[self.name]))

    def execute(self, *statements: str) -> None:
        """Statements outside a transaction."""
        with self.engine.connect() as connection:
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            for statement in statements:
                connection.exec_driver_sql(statement)

    def begin(self, schema: Schema, kind: Kind, *others: Schema) -> sa.MetaData:
        """The empty database with the tables of a schema; its models."""
        self.empty()
        several = [schema, *others]
        if any(told["schema"] == "other" for one in several for told in one["tables"].values()):
            quoted = self.engine.dialect.identifier_preparer.quote(OTHER)
            self.execute(f"CREATE SCHEMA {quoted}")
            self.opts = {"include_schemas": True, "include_name": self._is_ours}
        else:
            self.opts = {}
        models = build(schema, kind, default_schema=self.url.database)
        models.create_all(self.engine, checkfirst=False)
        return models

    @staticmethod
    def _is_ours(name: str | None, type_: str, parents: Any) -> bool:
        return type_ != "schema" or name in (None, OTHER)

    def shape(self) -> dict[str, Any]:
        """All that is there, by our own reader, as something to compare and to read."""
        default = self.engine.dialect.default_schema_name
        schemas = (None, OTHER) if self.opts else (None,)
        options = CompareOptions(default_schema=default, schemas=schemas)
        with self.engine.connect() as connection:
            tables = reader_for(self.name).reflect(connection, options).tables
            shapes: dict[str, Any] = {name: _shape(table) for (_, name), table in tables.items()}
            reader = objects_reader(self.name)
            assert reader is not None
            objects = reader.reflect_objects(connection, options)
            beside = {
                "enum types": {key: one.values for key, one in objects.enums.items()},
                "sequences": {key: one.options for key, one in objects.sequences.items() if not one.in_use},
                "views": {key: (one.materialized, _plain(one.sql)) for key, one in objects.views.items()},
            }
            if self.closely:
                beside["SQLAlchemy's eyes"] = _by_sqlalchemy(connection, schemas)
        return shapes | beside


_NOW = {"now()": "CURRENT_TIMESTAMP"}


def _plain(sql: str) -> str:
    return " ".join(sql.split())


def _shape(table: Any) -> dict[str, Any]:
    """A table as something to compare and to read: columns in any order, names of constraints left out."""
    return {
        "columns": {
            # SQLite and DuckDB put quotes around a name that was changed; PostgreSQL has two names for now
            c.name: replace(
                c,
                generated=c.generated and normal(c.generated),
                default=_NOW.get(c.default or "", c.default),
            )
            for c in table.columns
        },
        "key": table.primary_key,
        "foreign keys": table.foreign_keys,
        "uniques": sorted((u.columns, u.options) for u in table.uniques),
        "checks": sorted(normal(check.expression) for check in table.checks),
        "excludes": sorted(one.definition for one in table.excludes),
        "indexes": sorted(
            # MariaDB's indexes of keys and unique constraints bear names that it has chosen, or that are left
            (i.name if i.name.startswith("ix ") else "", [*map(_element, i.columns)], i.unique, i.options)
            for i in table.indexes
        ),
        "comment": table.comment,
        "options": table.kwargs,
    }


def _element(text: str) -> str:
    return normal(text) if text.startswith("(") else text


def _by_sqlalchemy(connection: sa.Connection, schemas: tuple[str | None, ...]) -> dict[Any, Any]:
    """The same by SQLAlchemy's inspector: a reader that shares no line with ours."""
    inspector = sa.inspect(connection)
    found: dict[Any, Any] = {}
    for schema in schemas:
        for name in inspector.get_table_names(schema):
            columns = inspector.get_columns(name, schema)
            told = {
                "columns": sorted(repr(_facts(c, inspector.dialect.name)) for c in columns),
                "key": inspector.get_pk_constraint(name, schema)["constrained_columns"],
            }
            for word in ("foreign_keys", "unique_constraints", "check_constraints"):
                several = getattr(inspector, f"get_{word}")(name, schema)
                told[word] = sorted(
                    # names may be the database's choice; a unique index's stands in duplicates_index
                    repr({k: v for k, v in one.items() if k not in ("name", "duplicates_index")})
                    for one in several
                )
            found[schema, name] = told
    return found


def _facts(column: Any, dialect: str) -> list[tuple[str, Any]]:
    # SQLAlchemy takes what follows on the same line of SQLite's text for a part of the expression
    left_out = ("computed",) if dialect == "sqlite" else ()
    facts = {word: fact for word, fact in column.items() if word not in left_out}
    facts["default"] = _NOW.get(facts["default"], facts["default"])
    return sorted(facts.items(), key=lambda item: item[0])


def differing(found: Any, wanted: Any, path: str = "") -> dict[str, Any]:
    """What is not as wanted, by where it is: (found, wanted)."""
    if not (isinstance(found, dict) and isinstance(wanted, dict)):
        return {} if found == wanted else {path: (found, wanted)}
    told: dict[str, Any] = {}
    for key in (*found, *(key for key in wanted if key not in found)):
        told |= differing(found.get(key), wanted.get(key), f"{path}/{key}")
    return told


def there_and_back(
    database: Database, kind: Kind, first: Schema, second: Schema, note: Callable[[str], None] = print
) -> None:
    """All six promises, for one pair."""
    database.begin(second, kind, first)
    wanted = database.shape()
    before = database.begin(first, kind, second)
    after = build(second, kind, default_schema=database.url.database)
    engine, opts = database.engine, database.opts
    with engine.begin() as connection:
        fill(connection, first, before, second)
        rows = rows_of(connection, before)
    was = database.shape()
    assert diffs(engine, before, **opts) == []
    imports, upgrade, downgrade = sources(engine, after, renames=renames(second), **opts)
    note(f"{upgrade}\n\n{downgrade}")
    run(engine, imports, upgrade, target_metadata=after, **opts)
    assert diffs(engine, after, **opts) == []
    assert differing(database.shape(), wanted) == {}
    with engine.connect() as connection:
        _compare_rows(rows, rows_of(connection, after), first, second)
    run(engine, imports, downgrade, target_metadata=after, **opts)
    assert diffs(engine, before, **opts) == []
    assert differing(database.shape(), was) == {}
    with engine.connect() as connection:
        _compare_rows_back(rows, rows_of(connection, before), second)


def _survivors(second: Schema) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """The tables and columns that are in both, by old and new name."""
    for name, told in second["tables"].items():
        pairs = [(facts.get("renamed", column), column) for column, facts in told["columns"].items()]
        yield told.get("renamed", name), name, [("id", "id"), ("r", "r"), *pairs]


def _compare_rows(rows: Any, now: Any, first: Schema, second: Schema) -> None:
    """What survives an upgrade is the same."""
    for old_name, name, columns in _survivors(second):
        if old_name not in rows:
            continue
        assert len(now[name]) == len(rows[old_name])
        for old, new in zip(rows[old_name], now[name], strict=True):
            for was, column in columns:
                if was in old:
                    assert _same(old[was], new[column]), (name, column, old[was], new[column])


def _same(was: Any, now: Any) -> bool:
    """Whether a value is the same, also where its type has become another."""
    if isinstance(was, datetime.datetime) and isinstance(now, str):
        now = datetime.datetime.fromisoformat(now)
    elif isinstance(was, decimal.Decimal) and isinstance(now, str):
        now = decimal.Decimal(now)
    elif type(was) is datetime.date and isinstance(now, datetime.datetime):
        was = datetime.datetime(was.year, was.month, was.day)
    return bool(was == now) or str(was) == now


def _compare_rows_back(rows: Any, now: Any, second: Schema) -> None:
    """What has survived there has survived back."""
    for old_name, _, columns in _survivors(second):
        if old_name not in rows:
            continue
        for old, new in zip(rows[old_name], now[old_name], strict=True):
            for was, _ in columns:
                if was in old:
                    assert old[was] == new[was], (old_name, was)
