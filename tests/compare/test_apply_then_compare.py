"""For each kind of change: what is found is run, and then nothing is found; the way back leads back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from roundtrip import database, diffs, metadata_of, run, run_with_alembic, sources

Case = tuple[Callable[[sa.MetaData], None], Callable[[sa.MetaData], None]]


def table(metadata: sa.MetaData, *items: Any, name: str = "t", **kw: Any) -> sa.Table:
    return sa.Table(name, metadata, sa.Column("id", sa.Integer, primary_key=True), *items, **kw)


def col(name: str = "c", type_: Any = None, *items: Any, **kw: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer() if type_ is None else type_, *items, **kw)


def one(*before: Callable[[], Any]) -> Callable[..., Case]:
    """A table with some items before, and with others after."""

    def and_then(*after: Callable[[], Any]) -> Case:
        return (
            lambda m: table(m, *(item() for item in before)),
            lambda m: table(m, *(item() for item in after)),
        )

    return and_then


def two_tables(m: sa.MetaData) -> None:
    table(m, name="other")
    table(m, col("other_id", None, sa.ForeignKey("other.id")), col("x"), sa.UniqueConstraint("x"))


def two_bare_tables(m: sa.MetaData) -> None:
    table(m, name="other")
    table(m)


def cycle(m: sa.MetaData) -> None:
    table(m, col("b_id", None, sa.ForeignKey("b.id", name="fk_a_b")), name="a")
    table(m, col("a_id", None, sa.ForeignKey("a.id", name="fk_b_a")), name="b")


def with_key(**options: Any) -> Callable[[sa.MetaData], None]:
    def models(m: sa.MetaData) -> None:
        table(m, name="other")
        table(m, col(), sa.ForeignKeyConstraint(["c"], ["other.id"], **options))

    return models


def without_key(m: sa.MetaData) -> None:
    table(m, name="other")
    table(m, col())


def pair(*columns: str) -> Callable[[sa.MetaData], None]:
    def models(m: sa.MetaData) -> None:
        sa.Table(
            "t",
            m,
            *(sa.Column(name, sa.Integer, primary_key=name in columns, autoincrement=False, nullable=False)
              for name in ("id", "c")),
        )  # fmt: skip

    return models


def column_goes_with_its_table(m: sa.MetaData) -> None:
    table(m, col("x"), sa.UniqueConstraint("x"))


def new_column_and_key(m: sa.MetaData) -> None:
    table(m, col("code"), sa.UniqueConstraint("code", name="uq_code"), name="z")
    table(m, col("z_code"), sa.ForeignKeyConstraint(["z_code"], ["z.code"], name="fk_z"), name="a")


def bare_pair(m: sa.MetaData) -> None:
    table(m, name="z")
    table(m, name="a")


def enum_check(*values: str) -> Callable[[], Any]:
    return lambda: col("e", sa.Enum(*values, native_enum=False, create_constraint=True, name="kind"))


CASES: dict[str, Case] = {
    "tables": (lambda m: None, two_tables),
    "cycle": (lambda m: None, cycle),
    "column": one()(lambda: col()),
    "column not null with default": one()(lambda: col("c", nullable=False, server_default="5")),
    "columns of many types": one()(
        lambda: col("a", sa.Numeric(10, 2)),
        lambda: col("b", sa.String(7), server_default="it's"),
        lambda: col("d", sa.DateTime(timezone=True), server_default=sa.func.now()),
        lambda: col("j", sa.JSON()),
        lambda: col("u", sa.Uuid()),
        lambda: col("k", sa.Boolean(), server_default=sa.true()),
    ),
    "column with its own check": one()(lambda: col("c", None, sa.CheckConstraint("c > 5", name="ck_c"))),
    "column with a type's check": one()(lambda: col("c", sa.Boolean(create_constraint=True, name="ck_b"))),
    "column with key": (two_bare_tables, two_tables),
    "column refers to a table that goes": (two_tables, column_goes_with_its_table),
    "key to a new column of a later table": (bare_pair, new_column_and_key),
    "nullable": one(lambda: col())(lambda: col(nullable=False)),
    "type": one(lambda: col("c", sa.String(5)))(lambda: col("c", sa.String(50))),
    "type to text": one(lambda: col("c", sa.Integer()))(lambda: col("c", sa.Text())),
    "numeric": one(lambda: col("c", sa.Numeric(5, 1)))(lambda: col("c", sa.Numeric(9, 3))),
    "default": one(lambda: col("c"))(lambda: col("c", server_default="7")),
    "default changed": one(lambda: col("c", sa.String(9), server_default="a"))(
        lambda: col("c", sa.String(9), server_default="it's 5%")
    ),
    "default now": one(lambda: col("c", sa.DateTime()))(
        lambda: col("c", sa.DateTime(), server_default=sa.func.now())
    ),
    "everything of a column": one(lambda: col("c", sa.String(5), server_default="x"))(
        lambda: col("c", sa.String(9), server_default="y", nullable=False)
    ),
    "unique": one(lambda: col())(lambda: col(), lambda: sa.UniqueConstraint("c", name="uq")),
    "unnamed unique": one(lambda: col())(lambda: col(unique=True)),
    "unique over two": one(lambda: col(), lambda: sa.UniqueConstraint("c", name="uq"))(
        lambda: col(), lambda: sa.UniqueConstraint("c", "id", name="uq")
    ),
    "check": one(lambda: col())(lambda: col(), lambda: sa.CheckConstraint("c > 0", name="ck")),
    "unnamed check": one(lambda: col())(lambda: col(), lambda: sa.CheckConstraint("c > 0 AND c < 9")),
    "check changed": one(lambda: col(), lambda: sa.CheckConstraint("c > 0", name="ck"))(
        lambda: col(), lambda: sa.CheckConstraint("c > 1 OR c IN (-1, -2)", name="ck")
    ),
    "enum values": one(enum_check("a", "b"))(enum_check("a", "b", "c")),
    "enum values and length": one(enum_check("a", "b"))(enum_check("a", "bcd")),
    "index": one(lambda: col())(lambda: col(index=True)),
    "unique index": one(lambda: col(index=True))(lambda: col(index=True, unique=True)),
    "index columns": one(lambda: col(), lambda: sa.Index("ix", "c"))(
        lambda: col(), lambda: sa.Index("ix", "c", "id")
    ),
    "index expression": one(lambda: col("c", sa.String(5)))(
        lambda: col("c", sa.String(5)), lambda: sa.Index("ix", sa.text("lower(c)"), "id")
    ),
    "index condition": one(lambda: col(), lambda: _part("c > 5"))(lambda: col(), lambda: _part("c > 6")),
    "column with index and unique goes": one(
        lambda: col(index=True), lambda: sa.UniqueConstraint("c", "id", name="uq")
    )(),
    "key": (without_key, with_key(name="fk", ondelete="CASCADE")),
    "unnamed key": (without_key, with_key()),
    "key action": (with_key(name="fk"), with_key(name="fk", ondelete="SET NULL", onupdate="CASCADE")),
    "key deferrable": (with_key(name="fk"), with_key(name="fk", deferrable=True, initially="DEFERRED")),
    "key to itself": one(lambda: col())(lambda: col("c", None, sa.ForeignKey("t.id"))),
    "primary key": (pair("id"), pair("id", "c")),
    "other primary key": (pair("id"), pair("c")),
}


def _part(where: str) -> sa.Index:
    return sa.Index("ix", "id", sqlite_where=sa.text(where), postgresql_where=sa.text(where))


# what SQLAlchemy's reflection, and so Alembic's batch, does not see
NOT_FOR_ALEMBIC_ON_SQLITE = {"unnamed check", "index expression", "key deferrable"}


def walk(url: str, case: Case, runner: Callable[..., None]) -> None:
    before, after = (metadata_of(models) for models in case)
    with database(url) as engine:
        before.create_all(engine)
        assert diffs(engine, before) == []
        assert diffs(engine, after) != []
        imports, upgrade, downgrade = sources(engine, after)
        runner(engine, imports, upgrade)
        assert diffs(engine, after) == [], upgrade
        runner(engine, imports, downgrade)
        assert diffs(engine, before) == [], downgrade
        # and the other way round: what was made by create_all() can go
        after_url_is_free(engine)
        after.create_all(engine)
        imports, upgrade, downgrade = sources(engine, before)
        runner(engine, imports, upgrade)
        assert diffs(engine, before) == [], upgrade
        runner(engine, imports, downgrade)
        assert diffs(engine, after) == [], downgrade


def after_url_is_free(engine: sa.Engine) -> None:
    found = sa.MetaData()
    found.reflect(engine)
    found.drop_all(engine)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
def test_sqlite(sqlite_url, name):
    walk(sqlite_url, CASES[name], run)


@pytest.mark.parametrize("name", CASES)
def test_postgresql(postgresql_url, name):
    walk(postgresql_url, CASES[name], run)


@pytest.mark.parametrize("name", [name for name in CASES if name not in NOT_FOR_ALEMBIC_ON_SQLITE])
@pytest.mark.filterwarnings("ignore")
def test_plain_alembic_runs_the_upgrade_on_sqlite(sqlite_url, name):
    before, after = (metadata_of(models) for models in CASES[name])
    with database(sqlite_url) as engine:
        before.create_all(engine)
        imports, upgrade, downgrade = sources(engine, after)
        run_with_alembic(engine, imports, upgrade)
        assert diffs(engine, after) == [], upgrade
        run_with_alembic(engine, imports, downgrade)
        assert diffs(engine, before) == [], downgrade


# MariaDB has no such thing: an index on an expression, a partial one, a check at the end of a transaction, a
# name for a column's own CHECK
NOT_ON_MARIADB = {"index expression", "index condition", "key deferrable", "column with its own check"}


@pytest.mark.parametrize("name", [name for name in CASES if name not in NOT_ON_MARIADB])
def test_mariadb(mariadb_url, name):
    walk(mariadb_url, CASES[name], run)
