"""DuckDB, models against database: equal ones have no difference, changed ones the right one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from roundtrip import database, diffs, run, sources, upgrade_ops

pytest.importorskip("duckdb_sqlalchemy")

pytestmark = pytest.mark.skipif(
    sa.__version__ < "2.1", reason="SQLAlchemy 2.0 writes STORED, which DuckDB refuses"
)


def models() -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table(
        "owner",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(50), nullable=False, comment="it's 100%"),
        sa.Column("Order By", sa.String(collation="nocase")),
        sa.UniqueConstraint("name", "Order By", name="uq_owner"),
        comment="a table",
    )
    sa.Table(
        "thing",
        metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("owner_id", sa.ForeignKey("owner.id", name="fk_owner"), index=True),
        sa.Column("up", sa.ForeignKey("thing.id")),
        sa.Column("price", sa.Numeric(10, 2), server_default="1.50"),
        sa.Column("ratio", sa.Float, server_default=sa.text("0.5")),
        sa.Column("yes", sa.Boolean, server_default=sa.true(), nullable=False),
        sa.Column("at", sa.DateTime, server_default=sa.func.now()),
        sa.Column("zoned", sa.DateTime(timezone=True)),
        sa.Column("day", sa.Date, server_default=sa.text("'2026-01-31'")),
        sa.Column("clock", sa.Time),
        sa.Column("span", sa.Interval),
        sa.Column("raw", sa.LargeBinary),
        sa.Column("key", sa.Uuid),
        sa.Column("data", sa.JSON),
        sa.Column("list", sa.ARRAY(sa.Integer)),
        sa.Column("kind", sa.Enum("x", "it's", name="kind")),
        sa.Column("small", sa.SmallInteger),
        sa.Column("other", sa.Integer),
        sa.Column("text", sa.Text, server_default="it's"),
        sa.Column("twice", sa.Integer, sa.Computed("small * 2")),
        sa.CheckConstraint("price > 0 AND text <> 'x'", name="ck_price"),
        sa.CheckConstraint("small IN (1, 2)"),
        sa.Index("ix_lower", sa.text("lower(text)"), unique=True),
        sa.Index("ix two", "small", "price"),
    )
    return metadata


def test_equal_models_have_no_difference(tmp_path: Path) -> None:
    with database(f"duckdb:///{tmp_path / 'a.duckdb'}") as engine:
        models().create_all(engine)
        assert diffs(engine, models()) == []


def test_what_autogenerate_writes_makes_equal(tmp_path: Path) -> None:
    """Up from nothing, compare; down again, nothing is left; up once more."""
    with database(f"duckdb:///{tmp_path / 'a.duckdb'}") as engine:
        imports, up, down = sources(engine, models())
        for _ in range(2):
            run(engine, imports, up)
            assert diffs(engine, models()) == []
            run(engine, imports, down)
            with engine.connect() as connection:
                left = connection.exec_driver_sql("SELECT table_name FROM duckdb_tables()").scalars().all()
            assert left == []


def thing(metadata: sa.MetaData) -> sa.Table:
    return metadata.tables["thing"]


def without(table: sa.Table, kind: type) -> None:
    for constraint in [one for one in table.constraints if type(one) is kind]:
        table.constraints.discard(constraint)


CHANGES: dict[str, tuple[Callable[[sa.MetaData], Any], str]] = {
    "type": (lambda m: setattr(thing(m).c.small, "type", sa.Integer()), "modify_type"),
    "collation": (
        lambda m: setattr(m.tables["owner"].c["Order By"], "type", sa.String(collation="noaccent")),
        "modify_type",
    ),
    "computed": (
        lambda m: sa.Computed("small * 3")._set_parent(thing(m).c.twice),
        "twice",
    ),
    "precision": (lambda m: setattr(thing(m).c.price, "type", sa.Numeric(12, 2)), "modify_type"),
    "nullable": (lambda m: setattr(thing(m).c.price, "nullable", False), "modify_nullable"),
    "default": (
        lambda m: setattr(thing(m).c.text, "server_default", sa.DefaultClause("other")),
        "modify_default",
    ),
    "default gone": (lambda m: setattr(thing(m).c.text, "server_default", None), "modify_default"),
    "comment": (lambda m: setattr(m.tables["owner"].c.name, "comment", None), "modify_comment"),
    "table comment": (lambda m: setattr(m.tables["owner"], "comment", "other"), "add_table_comment"),
    "column": (lambda m: thing(m).append_column(sa.Column("extra", sa.Integer)), "add_column"),
    "unique": (lambda m: thing(m).append_constraint(sa.UniqueConstraint("day", "small")), "add_constraint"),
    "unique gone": (lambda m: without(m.tables["owner"], sa.UniqueConstraint), "remove_constraint"),
    "index": (lambda m: sa.Index("ix_new", thing(m).c.day), "add_index"),
    "check": (lambda m: thing(m).append_constraint(sa.CheckConstraint("ratio > 1")), "add_constraint"),
    "check of the same columns": (
        lambda m: [
            thing(m).append_constraint(sa.CheckConstraint(f"ratio in (1, 2, {n})", name=f"ck{n}"))
            for n in (7, 8)
        ],
        "ck8",
    ),
    "foreign key": (
        lambda m: thing(m).append_constraint(sa.ForeignKeyConstraint(["other"], ["owner.id"])),
        "add_fk",
    ),
    "table": (lambda m: sa.Table("more", m, sa.Column("id", sa.Integer, primary_key=True)), "add_table"),
    "enum value": (
        lambda m: setattr(thing(m).c.kind, "type", sa.Enum("x", "it's", "y", name="kind")),
        "enum",
    ),
}


@pytest.mark.parametrize(("change", "expected"), CHANGES.values(), ids=CHANGES)
def test_a_change_is_found_applied_and_gone(
    tmp_path: Path, change: Callable[[sa.MetaData], Any], expected: str
) -> None:
    with database(f"duckdb:///{tmp_path / 'a.duckdb'}") as engine:
        models().create_all(engine)
        wanted = models()
        change(wanted)
        found = diffs(engine, wanted)
        words = str(found)
        assert found and (expected in words or expected == "enum"), words
        imports, up, down = sources(engine, wanted)
        run(engine, imports, up)
        assert diffs(engine, wanted) == []
        run(engine, imports, down)
        assert diffs(engine, models()) == []


def test_the_number_of_questions_does_not_grow_with_the_tables(tmp_path: Path) -> None:
    def count(number: int) -> list[str]:
        metadata, seen = sa.MetaData(), []
        for n in range(number):
            sa.Table(
                f"t{n}",
                metadata,
                sa.Column("id", sa.Integer, primary_key=True),
                sa.Column("up", sa.ForeignKey(f"t{max(n - 1, 0)}.id"), index=True),
                sa.Column("price", sa.Numeric(8, 2), unique=True),
                sa.Column("kind", sa.Enum("a", "b", name="kind")),
                sa.CheckConstraint("price > 0"),
            )
        with database(f"duckdb:///{tmp_path / f'{number}.duckdb'}") as engine:
            metadata.create_all(engine)
            with engine.connect() as connection:
                sa.event.listen(
                    connection, "before_cursor_execute", lambda c, k, text, *rest: seen.append(text)
                )
                assert upgrade_ops(connection, metadata).is_empty()
        return seen

    few, many = count(2), count(12)
    assert len(few) == len(many), many
    assert len(many) <= 25, many


def test_which_of_two_checks_goes_is_told_by_what_it_says(tmp_path: Path) -> None:
    """DuckDB calls both ``t_id_check``, whatever names they were given."""

    def checked(*texts: str) -> sa.MetaData:
        metadata = sa.MetaData()
        checks = [sa.CheckConstraint(text) for text in texts]
        sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True, autoincrement=False), *checks)
        return metadata

    def there(engine: sa.Engine) -> list[str]:
        with engine.connect() as connection:
            return sorted(str(one["sqltext"]) for one in sa.inspect(connection).get_check_constraints("t"))

    before, after = checked("id > 0", "id in (1,2)"), checked("id in (1, 2)", "id<9")
    with database(f"duckdb:///{tmp_path / 'a.duckdb'}") as engine:
        before.create_all(engine)
        imports, up, down = sources(engine, after)
        run(engine, imports, up)
        assert there(engine) == ["id < 9", "id IN (1, 2)"]
        assert diffs(engine, after) == []
        run(engine, imports, down)
        assert there(engine) == ["id > 0", "id IN (1, 2)"]
        assert diffs(engine, before) == []


@pytest.mark.parametrize("name", ["x%y", "it's", 'we"ird', "a (b)", "sp ace"])
def test_a_computed_column_beside_a_key_to_a_table_of_an_odd_name(tmp_path: Path, name: str) -> None:
    metadata = sa.MetaData()
    other = sa.Table(name, metadata, sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))
    table = sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))
    table.append_column(sa.Column("twice", sa.Integer, sa.Computed(table.c.id * sa.literal_column("2"))))
    table.append_column(sa.Column("other", sa.ForeignKey(other.c.id)))
    with database(f"duckdb:///{tmp_path / 'x.db'}") as engine:
        metadata.create_all(engine)
        assert diffs(engine, metadata) == []
