"""Statements as text for a script: literal values, nothing escaped for a driver, nothing read back."""

from __future__ import annotations

import datetime
import json
import sqlite3
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.dialects.mysql import pymysql
from sqlalchemy.dialects.postgresql import psycopg

from nbmigrate.ddl.statement import Statement
from nbmigrate.ddl.text import compile_text, to_sql

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


def test_a_value_without_a_literal_form_keeps_its_placeholder() -> None:
    binary = sa.table("d", sa.column("x", sa.PickleType))
    (text,) = to_sql(Statement(binary.insert().values(x=object())), sqlite.dialect())
    assert "VALUES (:x)" in text or "VALUES (?)" in text


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
