"""Statements as text for a script: literal values, nothing escaped for a driver, nothing read back."""

from __future__ import annotations

import datetime
import ipaddress
import json
import sqlite3
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite
from sqlalchemy.dialects.mysql import pymysql
from sqlalchemy.dialects.postgresql import psycopg

from nbmigrate.ddl.statement import Statement
from nbmigrate.ddl.text import compile_text, script_texts, to_sql
from nbmigrate.errors import CommandError

t = sa.table("t", sa.column("a", sa.Integer), sa.column("b", sa.String), sa.column("j", sa.JSON))
version = sa.Table("v", sa.MetaData(), sa.Column("version_num", sa.String(32), primary_key=True))


@pytest.mark.parametrize("dialect", [psycopg.dialect(), pymysql.dialect(), sqlite.dialect()])
def test_percent_signs_and_tabs_stay(dialect: sa.Dialect) -> None:
    insert = t.insert().values(b="5%\tof\nit's")
    assert "'5%\tof\nit''s'" in to_sql(Statement(insert), dialect)[0]
    assert to_sql(Statement(sa.text("SELECT a % 2 FROM t WHERE b LIKE '%\t'")), dialect) == [
        "SELECT a % 2 FROM t WHERE b LIKE '%\t'"
    ]
    assert "100%" in compile_text(
        sa.schema.SetTableComment(sa.Table("t", sa.MetaData(), comment="100%")), dialect
    )
    assert dialect.paramstyle != "named" or isinstance(dialect, sqlite.dialect)


def test_a_plain_string_stays_as_it_is() -> None:
    assert to_sql(Statement("  SELECT ':x', '%s', 5 % 2 "), psycopg.dialect()) == ["SELECT ':x', '%s', 5 % 2"]


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect(), mysql.dialect()])
def test_inserts_read_nothing_back(dialect: sa.Dialect) -> None:
    for insert in (
        version.insert().values(version_num="a"),
        version.insert().inline().values(version_num="a"),
    ):
        (text,) = to_sql(Statement(insert), dialect)
        assert "RETURNING" not in text and "'a'" in text


def test_returning_that_was_asked_for_stays() -> None:
    insert = version.insert().values(version_num="a").returning(version.c.version_num)
    assert "RETURNING" in to_sql(Statement(insert), postgresql.dialect())[0]


def test_one_insert_a_row() -> None:
    rows: list[dict[str, Any]] = [
        {"a": 1, "b": "x"},
        {"a": 2, "b": None},
        {"a": sa.literal_column("3"), "b": "y"},
    ]
    assert to_sql(Statement(t.insert().inline(), rows=rows), sqlite.dialect()) == [
        "INSERT INTO t (a, b) VALUES (1, 'x')",
        "INSERT INTO t (a, b) VALUES (2, NULL)",
        "INSERT INTO t (a, b) VALUES (3, 'y')",
    ]


def test_json_and_dates_have_a_literal_form() -> None:
    value = {"it's": [1, None, "5%"]}
    (text,) = to_sql(Statement(t.insert().inline(), rows=[{"j": value}]), psycopg.dialect())
    literal = text.split("VALUES (")[1].removesuffix(")").strip("'").replace("''", "'")
    assert json.loads(literal) == value
    dated = sa.table("d", sa.column("on", sa.Date))
    (text,) = to_sql(Statement(dated.insert(), rows=[{"on": datetime.date(2026, 1, 2)}]), sqlite.dialect())
    assert "'2026-01-02'" in text


def test_a_value_without_a_literal_form_is_a_placeholder_to_read_and_refused_to_run() -> None:
    untyped = sa.table("d", sa.column("x"))
    statement = Statement(untyped.insert().values(x=object()))
    (text,) = to_sql(statement, sqlite.dialect())
    assert "VALUES (:x)" in text or "VALUES (?)" in text
    with pytest.raises(CommandError, match=r"can't be written as SQL text.*INSERT INTO d \(x\).*object"):
        list(script_texts(statement, sqlite.dialect()))


class Reversed(sa.types.TypeDecorator[bytes]):
    """Bytes, kept backwards."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Any) -> bytes | None:
        return value and value[::-1]


LITERALS: dict[str, tuple[Any, Any, dict[str, str]]] = {
    "bytes": (
        sa.LargeBinary(),
        b"\x00'\\\xff",
        {
            "sqlite": "X'00275CFF'",
            "mysql": "X'00275CFF'",
            "postgresql": r"'\x00275cff'::BYTEA",
            "mssql": "0x00275CFF",
            "oracle": "HEXTORAW('00275CFF')",
        },
    ),
    "decorated": (Reversed(), b"ab", {"sqlite": "X'6261'", "postgresql": r"'\x6261'::BYTEA"}),
    "json": (sa.JSON(), {"a": "it's %"}, {"sqlite": "'{\"a\": \"it''s %\"}'"}),
    "json null": (sa.JSON(), None, {"sqlite": "'null'", "postgresql": "'null'"}),
    "json none": (sa.JSON(none_as_null=True), None, {"sqlite": "NULL"}),
    "interval": (
        sa.Interval(),
        datetime.timedelta(days=3, seconds=5),
        {"sqlite": "'1970-01-04 00:00:05.000000'", "postgresql": "make_interval(secs=>259205.0)"},
    ),
    "dates": (
        sa.ARRAY(sa.Date),
        [datetime.date(2026, 1, 31)],
        {"postgresql": "ARRAY['2026-01-31']::DATE[]"},
    ),
    "no items": (sa.ARRAY(sa.String), [], {"postgresql": "ARRAY[]::VARCHAR[]"}),
    "texts": (sa.ARRAY(sa.String), ["it's"], {"postgresql": "ARRAY['it''s']"}),
    "range": (postgresql.INT4RANGE(), postgresql.Range(1, 5), {"postgresql": "'[1,5)'"}),
    "ranges": (
        postgresql.INT4MULTIRANGE(),
        [postgresql.Range(1, 2), postgresql.Range(4, 5)],
        {"postgresql": "'{[1,2),[4,5)}'"},
    ),
    "hstore": (postgresql.HSTORE(), {"a": "it's"}, {"postgresql": "'\"a\"=>\"it''s\"'"}),
    "address": (postgresql.INET(), ipaddress.ip_address("10.0.0.1"), {"postgresql": "'10.0.0.1'"}),
    "not a number": (sa.Float(), float("nan"), {"postgresql": "'nan'::FLOAT"}),
    "zone": (
        sa.DateTime(timezone=True),
        datetime.datetime(2026, 1, 31, tzinfo=datetime.UTC),
        {"mysql": "'2026-01-31 00:00:00'", "postgresql": "'2026-01-31 00:00:00+00:00'"},
    ),
    "a date as text": (sa.Date(), "2026-01-31", {"mysql": "'2026-01-31'", "postgresql": "'2026-01-31'"}),
    "a number as text": (sa.String(), 5, {"sqlite": "5"}),
}
DIALECTS = {
    "sqlite": sqlite.dialect,
    "postgresql": psycopg.dialect,
    "mysql": pymysql.dialect,
    "mssql": mssql.dialect,
    "oracle": oracle.dialect,
}


@pytest.mark.parametrize(("type_", "value", "expected"), LITERALS.values(), ids=LITERALS)
def test_literals(type_: Any, value: Any, expected: dict[str, str]) -> None:
    table = sa.table("t", sa.column("x", type_))
    for name, text in expected.items():
        rows = Statement(table.insert().inline(), rows=[{"x": value}])
        alone = Statement(table.insert().inline().values(x=value))
        for statement in (rows, alone):
            assert list(script_texts(statement, DIALECTS[name]())) == [f"INSERT INTO t (x) VALUES ({text})"]


@settings(max_examples=50, deadline=None)
@given(
    st.text(st.characters(blacklist_characters="\x00", blacklist_categories=["Cs"])),
    st.integers(-(2**63), 2**63 - 1),
)
def test_what_sqlite_reads_is_what_was_meant(string: str, number: int) -> None:
    (text,) = to_sql(Statement(t.insert(), rows=[{"a": number, "b": string}]), sqlite.dialect())
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (a, b)")
    connection.execute(text)
    assert connection.execute("SELECT a, b FROM t").fetchone() == (number, string)
    connection.close()


def test_text_and_runs_do_not_share_quoted_names() -> None:
    """SQLAlchemy keeps the names that it has quoted; for a driver with its percent signs doubled."""
    dialect = psycopg.dialect()
    table = sa.table("100%", sa.column("50%"))
    assert compile_text(sa.select(table), dialect) == 'SELECT "100%"."50%" \nFROM "100%"'
    assert '"50%%"' in str(sa.select(table).compile(dialect=dialect))
    assert '"50%"' in compile_text(sa.select(table), dialect)
