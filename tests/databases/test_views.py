"""Views among the models: found, made, changed, taken off while their tables change, and put back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from roundtrip import database, diffs, run, run_with_alembic, sources

from nbmigrate import View

ADULTS = "SELECT person.id, person.name FROM person WHERE person.age > 17 OR person.name = 'a:b %'"


def models(*views: Callable[[sa.MetaData, sa.Table], Any], age: Any = sa.Integer) -> sa.MetaData:
    metadata = sa.MetaData()
    person = sa.Table(
        "person",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(30)),
        *([] if age is None else [sa.Column("age", age)]),
    )
    for view in views:
        view(metadata, person)
    return metadata


def text_view(name: str, sql: str) -> Callable[[sa.MetaData, sa.Table], Any]:
    return lambda metadata, person: View(name, sql, metadata)


def names(engine: sa.Engine) -> list[str]:
    with engine.connect() as connection:
        return sorted(sa.inspect(connection).get_view_names())


def there_and_back(engine: sa.Engine, wanted: sa.MetaData, before: sa.MetaData) -> tuple[str, str]:
    """Up, nothing left, down, nothing left of it, and up again; the two bodies."""
    imports, up, down = sources(engine, wanted)
    for _ in range(2):
        run(engine, imports, up)
        assert diffs(engine, wanted) == []
        run(engine, imports, down)
        assert diffs(engine, before) == []
    run_with_alembic(engine, imports, up)
    assert diffs(engine, wanted) == []
    return up, down


def test_a_view_comes_and_goes(url: str) -> None:
    none = models(text_view("v", "SELECT 1 AS one"))
    both = models(text_view("v", "SELECT 1 AS one"), text_view("adults", ADULTS))
    with database(url) as engine:
        none.create_all(engine)
        there_and_back(engine, both, none)
        assert names(engine) == ["adults", "v"]
        there_and_back(engine, none, both)
        assert names(engine) == ["v"]


def test_a_view_that_sqlalchemy_writes_has_no_false_difference(url: str) -> None:
    def select(metadata: sa.MetaData, person: sa.Table) -> Any:
        mine = person.alias("mine")
        count = sa.select(person.c.name, sa.func.count().label("n")).group_by(person.c.name).subquery()
        joined = sa.select(mine.c.id, count.c.n).join(count, count.c.name == mine.c.name)
        View("joined", joined.where(mine.c.id.in_([1, 2]), mine.c.name.like("%a%")), metadata)
        View("plain", sa.select(person).where(person.c.age.between(1, 9) | person.c.name.is_(None)), metadata)

    with database(url) as engine:
        models(select).create_all(engine)
        assert diffs(engine, models(select)) == []


def test_a_changed_view_is_found(url: str) -> None:
    before = models(text_view("adults", ADULTS), text_view("z", "SELECT name FROM adults"))
    after = models(
        text_view("adults", "SELECT person.id, person.name, person.age FROM person WHERE person.age > 20"),
        text_view("z", "SELECT name FROM adults"),
    )
    with database(url) as engine:
        before.create_all(engine)
        there_and_back(engine, after, before)


def test_views_that_the_models_do_not_speak_of_stay(url: str) -> None:
    with database(url) as engine:
        models(text_view("by_hand", ADULTS)).create_all(engine)
        assert diffs(engine, models()) == []


def test_a_column_changes_under_a_view(url: str) -> None:
    before = models(text_view("adults", ADULTS), text_view("z", "SELECT name FROM adults"))
    after = models(text_view("adults", ADULTS), text_view("z", "SELECT name FROM adults"), age=sa.BigInteger)
    with database(url) as engine:
        before.create_all(engine)
        with engine.begin() as connection:
            connection.exec_driver_sql("INSERT INTO person VALUES (1, 'x', 20)")
        there_and_back(engine, after, before)
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT * FROM adults").fetchall() == [(1, "x")]


def test_a_column_goes_with_the_views_that_read_it(url: str) -> None:
    before = models(text_view("adults", ADULTS), text_view("z", "SELECT name FROM adults"))
    after = models(
        text_view("adults", "SELECT id, name FROM person"),
        text_view("z", "SELECT name FROM adults"),
        age=None,
    )
    with database(url) as engine:
        before.create_all(engine)
        there_and_back(engine, after, before)


def test_a_view_that_reads_a_table_no_more_which_has_another_name_now(url: str) -> None:
    """The old text says the old name: on the way back that has to be there again first."""

    def tables(old: bool) -> sa.MetaData:
        metadata = sa.MetaData()
        name, info = ("person", {}) if old else ("people", {"renamed_from": "person"})
        for table, more in ((name, info), ("city", {})):
            key = sa.Column("id", sa.Integer, primary_key=True, autoincrement=False)
            sa.Table(table, metadata, key, info=more)
        View("v", f"SELECT id FROM {'person' if old else 'city'} WHERE id > 0", metadata)
        return metadata

    before, after = tables(True), tables(False)
    with database(url) as engine:
        before.create_all(engine)
        imports, up, down = sources(engine, after, renames={})
        run(engine, imports, up)
        assert diffs(engine, after) == []
        run(engine, imports, down)
        assert diffs(engine, before) == []


def test_create_view_of_sqlalchemy_is_understood(url: str) -> None:
    ddl = pytest.importorskip("sqlalchemy.sql.ddl")
    if not hasattr(ddl, "CreateView"):
        pytest.skip("SQLAlchemy 2.1 has CreateView")

    def view(metadata: sa.MetaData, person: sa.Table) -> Any:
        ddl.CreateView(sa.select(person.c.id).where(person.c.age > 3), "v", metadata=metadata)

    other = models(text_view("w", "SELECT 1 AS one"))
    with database(url) as engine:
        other.create_all(engine)
        wanted = models(view, text_view("w", "SELECT 1 AS one"))
        there_and_back(engine, wanted, other)
        wanted.drop_all(engine)
        assert names(engine) == []


@pytest.mark.postgresql
def test_a_materialised_view_with_its_index_rights_and_comment(postgresql_url: str) -> None:
    def view(metadata: sa.MetaData, person: sa.Table) -> Any:
        View("m", ADULTS, metadata, materialized=True)

    with database(postgresql_url) as engine:
        none = models(text_view("v", "SELECT 1 AS one"))
        none.create_all(engine)
        before = models(view, text_view("v", "SELECT 1 AS one"))
        there_and_back(engine, before, none)
        with engine.begin() as connection:
            for sql in (
                "CREATE UNIQUE INDEX mi ON m (id)",
                "COMMENT ON MATERIALIZED VIEW m IS 'it''s'",
                "GRANT SELECT ON m TO PUBLIC",
            ):
                connection.exec_driver_sql(sql)
        after = models(view, text_view("v", "SELECT 1 AS one"), age=sa.BigInteger)
        up, _ = there_and_back(engine, after, before)
        for word in ("CREATE UNIQUE INDEX mi", "COMMENT ON MATERIALIZED VIEW", "GRANT SELECT ON m TO PUBLIC"):
            assert word in up
        assert diffs(engine, after) == []


@pytest.mark.postgresql
def test_a_view_is_replaced_as_it_stands_where_that_works_both_ways(postgresql_url: str) -> None:
    before = models(text_view("adults", ADULTS))
    after = models(text_view("adults", ADULTS.replace("17", "20")))
    with database(postgresql_url) as engine:
        before.create_all(engine)
        up, down = there_and_back(engine, after, before)
        assert "CREATE OR REPLACE VIEW adults" in up and "CREATE OR REPLACE VIEW adults" in down
        assert "DROP VIEW" not in up + down
