"""Kinds of change that only some databases have: found, run, nothing left; the way back leads back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from roundtrip import database, diffs, metadata_of, run, run_with_alembic, sources
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects.postgresql import JSONB

Case = tuple[Callable[[sa.MetaData], None], Callable[[sa.MetaData], None]]


def column(name: str = "c", type_: Any = None, *items: Any, **kw: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.String(30) if type_ is None else type_, *items, **kw)


def table(*items: Callable[[], Any], **kw: Any) -> Callable[[sa.MetaData], None]:
    def models(m: sa.MetaData) -> None:
        sa.Table("t", m, sa.Column("id", sa.Integer, primary_key=True), *(item() for item in items), **kw)

    return models


def index(*items: Any, **kw: Any) -> Callable[[sa.MetaData], None]:
    return table(column, lambda: column("j", sa.Text()), lambda: sa.Index("ix", *items, **kw))


def unique(**kw: Any) -> Callable[[sa.MetaData], None]:
    return table(column, lambda: sa.UniqueConstraint("c", name="uq", **kw))


def typed(type_: Any, **kw: Any) -> Callable[[sa.MetaData], None]:
    return table(lambda: column("c", type_, **kw))


POSTGRESQL: dict[str, Case] = {
    "using": (index("c"), index("c", postgresql_using="hash")),
    "include": (index("c", postgresql_include=["j"]), index("c", postgresql_include=["j", "id"])),
    "operator class": (index("c"), index("c", postgresql_ops={"c": "varchar_pattern_ops"})),
    "with": (index("c", postgresql_with={"fillfactor": 50}), index("c", postgresql_with={"fillfactor": 70})),
    "where": (index("c", postgresql_where=sa.text("id > 1")), index("c")),
    "descending": (index("c"), index(sa.text("c DESC NULLS LAST"), "id")),
    "nulls not distinct": (
        index("c", unique=True),
        index("c", unique=True, postgresql_nulls_not_distinct=True),
    ),
    "unique nulls not distinct": (unique(), unique(postgresql_nulls_not_distinct=True)),
    "unique deferrable": (unique(), unique(deferrable=True, initially="DEFERRED")),
    "collation": (typed(sa.String(9)), typed(sa.String(9, collation="C"))),
    "comment": (table(column, comment="it's"), table(lambda: column(comment="of c"))),
    "array": (typed(sa.ARRAY(sa.Integer)), typed(sa.ARRAY(sa.BigInteger))),
    "gin": (
        table(lambda: column("j", JSONB())),
        table(
            lambda: column("j", JSONB()),
            lambda: sa.Index("ix", "j", postgresql_using="gin", postgresql_ops={"j": "jsonb_path_ops"}),
        ),
    ),
}

MARIADB: dict[str, Case] = {
    "enum value added": (typed(sa.Enum("a", "b")), typed(sa.Enum("a", "n", "b"))),
    "enum value removed": (typed(sa.Enum("a", "b", "it's")), typed(sa.Enum("b", "a"))),
    "enum with default": (
        typed(sa.Enum("a", "b"), server_default="a", nullable=False),
        typed(sa.Enum("b", "c", "a"), server_default="b", nullable=False),
    ),
    "set": (typed(mysql.SET("a", "b")), typed(mysql.SET("a", "b", "c"))),
    "unsigned": (typed(sa.Integer()), typed(mysql.INTEGER(unsigned=True))),
    "unsigned bigint": (typed(mysql.BIGINT(unsigned=True)), typed(mysql.BIGINT())),
    "character set": (
        typed(mysql.VARCHAR(9)),
        typed(mysql.VARCHAR(9, charset="latin1", collation="latin1_bin")),
    ),
    "collation": (
        typed(sa.String(9, collation="utf8mb4_bin")),
        typed(sa.String(9, collation="utf8mb4_general_ci")),
    ),
    "prefix length": (index("j", mysql_length=10), index("j", mysql_length=20)),
    "prefix length of one": (
        index("c", "j", mysql_length={"j": 10}),
        index("c", "j", mysql_length={"j": 10, "c": 5}),
    ),
    "descending": (index("c"), index(sa.desc(sa.text("c")), "id")),
    "full text": (index("c"), index("c", mysql_prefix="FULLTEXT")),
    "engine": (table(column, mysql_engine="InnoDB"), table(column, mysql_engine="MyISAM")),
    "table's character set": (
        table(column, mysql_charset="utf8mb4"),
        table(column, mysql_charset="utf8mb4", mysql_collate="utf8mb4_bin"),
    ),
    "comment": (table(column, comment="it's"), table(lambda: column(comment="of c"))),
    "computed": (
        table(lambda: column("n", sa.Integer()), lambda: column("g", sa.Integer(), sa.Computed("n + 1"))),
        table(lambda: column("n", sa.Integer()), lambda: column("g", sa.Integer(), sa.Computed("n + 2"))),
    ),
}

SQLITE: dict[str, Case] = {
    "collation": (typed(sa.String(9)), typed(sa.String(9, collation="NOCASE"))),
    "descending": (index("c"), index(sa.text("c DESC"), "id")),
    "where": (index("c", sqlite_where=sa.text("id > 1")), index("c", sqlite_where=sa.text("id > 2"))),
    "computed": MARIADB["computed"],
}


def walk(url: str, case: Case) -> None:
    before, after = (metadata_of(models) for models in case)
    with database(url) as engine:
        before.create_all(engine)
        assert diffs(engine, before) == []
        with engine.begin() as connection:
            connection.exec_driver_sql("INSERT INTO t (id) VALUES (1)")
        assert diffs(engine, after) != []
        imports, up, down = sources(engine, after)
        for runner in (run, run_with_alembic) if engine.dialect.name != "sqlite" else (run, run):
            runner(engine, imports, up)
            assert diffs(engine, after) == [], up
            runner(engine, imports, down)
            assert diffs(engine, before) == [], down
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM t").scalar() == 1


@pytest.mark.postgresql
@pytest.mark.parametrize("name", POSTGRESQL)
def test_postgresql(postgresql_url: str, name: str) -> None:
    walk(postgresql_url, POSTGRESQL[name])


@pytest.mark.mariadb
@pytest.mark.parametrize("name", MARIADB)
def test_mariadb(mariadb_url: str, name: str) -> None:
    walk(mariadb_url, MARIADB[name])


@pytest.mark.parametrize("name", SQLITE)
def test_sqlite(sqlite_url: str, name: str) -> None:
    walk(sqlite_url, SQLITE[name])


@pytest.mark.mariadb
def test_mariadb_json_stays_json(mariadb_url: str) -> None:
    """The alias is LONGTEXT with a collation and a check, of which MODIFY and CONVERT TO would lose both."""

    def models(nullable: bool, charset: str) -> sa.MetaData:
        return metadata_of(
            lambda m: sa.Table(
                *("t", m, sa.Column("id", sa.Integer, primary_key=True)),
                sa.Column("a`b", sa.JSON, nullable=nullable),
                mysql_charset=charset,
            )
        )

    def told(engine: sa.Engine) -> str:
        with engine.connect() as connection:
            return str(connection.exec_driver_sql("SHOW CREATE TABLE t").fetchone()[1])

    before = models(False, "utf8mb4")
    with database(mariadb_url) as engine:
        before.create_all(engine)
        was = told(engine)
        for nullable, charset in ((True, "utf8mb4"), (False, "latin1")):
            imports, up, down = sources(engine, models(nullable, charset))
            run(engine, imports, up)
            end = "DEFAULT NULL CHECK" if nullable else "NOT NULL CHECK"
            assert f"longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin {end} (json_valid(" in told(engine)
            run(engine, imports, down)
            assert told(engine) == was
