"""Computed and identity columns: found, made, changed, taken back; rows and what hangs on them stay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from roundtrip import database, diffs, run, run_with_alembic, sources

FRESH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
FRESH += [pytest.param("mariadb", marks=pytest.mark.mariadb)]


@pytest.fixture(params=FRESH)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    with database(request.getfixturevalue(f"{request.param}_url")) as made:
        yield made


def models(*items: Any) -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("price", sa.Integer, nullable=False),
        *items,
    )
    return metadata


def computed(text: str, *items: Any, **kw: Any) -> sa.MetaData:
    return models(sa.Column("sum", sa.Integer, sa.Computed(text, persisted=True)), *items)


def values(engine: sa.Engine, sql: str = "SELECT id, price, sum FROM t ORDER BY id") -> list[Any]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(sql)]


def fill(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO t (id, price) VALUES (1, 10), (2, 20)")


def both_ways(engine: sa.Engine, after: sa.MetaData, before: sa.MetaData) -> tuple[str, str]:
    imports, up, down = sources(engine, after)
    for _ in range(2):
        run(engine, imports, up)
        assert diffs(engine, after) == []
        run(engine, imports, down)
        assert diffs(engine, before) == []
    run(engine, imports, up)
    return up, down


def test_a_computed_column_is_added_and_dropped(engine: sa.Engine) -> None:
    models().create_all(engine)
    fill(engine)
    up, _ = both_ways(engine, computed("price * 2"), models())
    assert "sa.Computed('price * 2', persisted=True)" in up
    assert values(engine) == [(1, 10, 20), (2, 20, 40)]


def test_a_changed_expression_is_found_and_what_hangs_on_it_is_made_again(engine: sa.Engine) -> None:
    def items() -> list[Any]:
        return [
            sa.Index("ix_sum", "sum"),
            sa.UniqueConstraint("sum", "id", name="uq_sum"),
            sa.CheckConstraint("sum > 0", name="ck_sum"),
        ]

    before, after = computed("price * 2", *items()), computed("price * 3 + id", *items())
    before.create_all(engine)
    fill(engine)
    both_ways(engine, after, before)
    assert values(engine) == [(1, 10, 31), (2, 20, 62)]
    inspector = sa.inspect(engine)
    assert "ix_sum" in [index["name"] for index in inspector.get_indexes("t")]
    assert "uq_sum" in [unique["name"] for unique in inspector.get_unique_constraints("t")]
    assert "ck_sum" in [check["name"] for check in inspector.get_check_constraints("t")]


@pytest.mark.parametrize("text", ["(price + 1) * 2", "coalesce(price, 5)", "CASE WHEN price > 3 THEN 1 END"])
def test_what_the_database_writes_otherwise_is_no_change(engine: sa.Engine, text: str) -> None:
    computed(text).create_all(engine)
    assert diffs(engine, computed(text)) == []


def test_parentheses_count(engine: sa.Engine) -> None:
    computed("(price + 1) * 2").create_all(engine)
    assert diffs(engine, computed("price + 1 * 2")) != []


def test_a_computed_column_becomes_a_plain_one_and_back(engine: sa.Engine) -> None:
    before, after = computed("price * 2"), models(sa.Column("sum", sa.Integer))
    before.create_all(engine)
    fill(engine)
    both_ways(engine, after, before)
    if engine.dialect.name == "postgresql":
        assert values(engine) == [(1, 10, 20), (2, 20, 40)]
    assert [row[:2] for row in values(engine)] == [(1, 10), (2, 20)]


@pytest.mark.postgresql
def test_the_file_runs_under_plain_alembic(postgresql_url: str) -> None:
    with database(postgresql_url) as engine:
        before, after = computed("price * 2"), computed("price * 3")
        before.create_all(engine)
        fill(engine)
        imports, up, down = sources(engine, after)
        run_with_alembic(engine, imports, up)
        assert diffs(engine, after) == [] and values(engine)[0] == (1, 10, 30)
        run_with_alembic(engine, imports, down)
        assert diffs(engine, before) == [] and values(engine)[0] == (1, 10, 20)


def identity(**options: Any) -> sa.MetaData:
    return models(sa.Column("n", sa.Integer, sa.Identity(**options)))


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"always": True}),
        ({"always": True, "start": 5}, {"start": 5, "increment": 3}),
        ({"minvalue": 1, "maxvalue": 50, "cycle": True}, {"cache": 7}),
        (None, {"start": 10}),
        ({"start": 10, "increment": 2}, None),
    ],
    ids=["always", "increment", "limits", "plain to identity", "identity to plain"],
)
def test_identity_options_change(postgresql_url: str, before: Any, after: Any) -> None:
    def made(options: Any) -> sa.MetaData:
        return models(sa.Column("n", sa.Integer, nullable=False)) if options is None else identity(**options)

    with database(postgresql_url) as engine:
        made(before).create_all(engine)
        with engine.begin() as connection:
            extra = (" (id, price, n)", ", 1") if before is None else (" (id, price)", "")
            connection.exec_driver_sql(f"INSERT INTO t{extra[0]} VALUES (1, 10{extra[1]})")
        kept = values(engine, "SELECT * FROM t")
        both_ways(engine, made(after), made(before))
        assert values(engine, "SELECT * FROM t") == kept
        imports, up, down = sources(engine, made(before))
        run_with_alembic(engine, imports, up)
        assert diffs(engine, made(before)) == []
        run_with_alembic(engine, imports, down)
        assert diffs(engine, made(after)) == []


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "options", [{}, {"start": 2}, {"start": 50}, {"start": -1, "increment": -1}], ids=repr
)
def test_an_identity_goes_on_behind_the_rows(postgresql_url: str, options: Any) -> None:
    """Both on the way up and on the way back; a start beyond the rows is kept."""
    plain, made = models(sa.Column("n", sa.Integer, nullable=False)), identity(**options)
    sign = options.get("increment", 1)
    with database(postgresql_url) as engine:
        plain.create_all(engine)
        with engine.begin() as connection:
            connection.exec_driver_sql(f"INSERT INTO t VALUES (1, 10, {7 * sign}), (2, 20, {3 * sign})")
        imports, up, down = sources(engine, made, renames={})
        run_with_alembic(engine, imports, up)
        insert = "INSERT INTO t (id, price) VALUES ({}, 30) RETURNING n"
        with engine.begin() as connection:
            first = connection.exec_driver_sql(insert.format(3)).scalar()
        assert first == (50 if options.get("start") == 50 else 8 * sign)
        run_with_alembic(engine, imports, down)
        assert diffs(engine, plain) == []
        # the way back of the opposite change makes the sequence anew
        run_with_alembic(engine, imports, up)
        imports, up, down = sources(engine, plain, renames={})
        run_with_alembic(engine, imports, up)
        run_with_alembic(engine, imports, down)
        with engine.begin() as connection:
            second = connection.exec_driver_sql(insert.format(4)).scalar()
        assert second == first + sign


@pytest.mark.postgresql
def test_an_empty_table_begins_at_the_start(postgresql_url: str) -> None:
    with database(postgresql_url) as engine:
        models(sa.Column("n", sa.Integer, nullable=False)).create_all(engine)
        imports, up, _ = sources(engine, identity(start=5), renames={})
        run(engine, imports, up)
        with engine.begin() as connection:
            insert = "INSERT INTO t (id, price) VALUES (1, 10) RETURNING n"
            assert connection.exec_driver_sql(insert).scalar() == 5
