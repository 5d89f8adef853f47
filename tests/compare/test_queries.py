"""How often the database is asked: the same for three tables and for thirty, changes or none."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from roundtrip import database, upgrade_ops


def models(number: int, changed: bool = False, numbered: bool = True) -> sa.MetaData:
    metadata = sa.MetaData()
    for n in range(number):
        sa.Table(
            f"t{n}",
            metadata,
            # keys that number themselves are no business of DuckDB's
            sa.Column("id", sa.Integer, primary_key=True, autoincrement=numbered),
            sa.Column("name", sa.String(20 if not changed else 30), server_default="it's"),
            sa.Column("up", sa.ForeignKey(f"t{max(n - 1, 0)}.id"), index=True),
            sa.Column("price", sa.Numeric(8, 2), unique=True),
            sa.CheckConstraint("price > 0 OR name IN ('a', 'b')"),
        )
    return metadata


def count(url: str, number: int, changed: bool) -> list[str]:
    seen: list[str] = []
    with database(url) as engine:
        numbered = engine.dialect.name != "duckdb"
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA synchronous = OFF")
            models(number, numbered=numbered).create_all(connection)
        with engine.connect() as connection:
            wanted = models(number, changed, numbered)

            def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
                seen.append(statement)

            sa.event.listen(connection, "before_cursor_execute", note)
            operations = upgrade_ops(connection, wanted)
            assert len(operations.as_diffs()) == (number if changed else 0)
    return seen


DATABASES = [("sqlite_url", 10), ("postgresql_url", 15), ("mariadb_url", 10), ("duckdb_url", 25)]


@pytest.mark.parametrize(("fixture", "most"), DATABASES)
def test_the_number_of_statements_does_not_grow_with_the_tables(request, fixture, most):
    url = request.getfixturevalue(fixture)
    few, many = count(url, 10, False), count(url, 200, False)
    assert len(few) == len(many), many
    assert len(many) <= most, many


@pytest.mark.parametrize(
    ("fixture", "most"), [("sqlite_url", 10), ("postgresql_url", 25), ("mariadb_url", 15)]
)
def test_the_number_of_statements_does_not_grow_with_the_changes(request, fixture, most):
    url = request.getfixturevalue(fixture)
    few, many = count(url, 3, True), count(url, 30, True)
    assert len(few) == len(many), many
    assert len(many) <= most, many


def test_postgresql_without_anything_to_ask_takes_few_statements(postgresql_url):
    metadata = sa.MetaData()
    for n in range(5):
        sa.Table(f"t{n}", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Text))
    seen: list[str] = []
    with database(postgresql_url) as engine:
        metadata.create_all(engine)
        with engine.connect() as connection:
            sa.event.listen(
                connection,
                "before_cursor_execute",
                lambda c, cursor, statement, *rest: seen.append(statement),
            )
            assert upgrade_ops(connection, metadata).is_empty()
    assert len(seen) <= 5, seen
