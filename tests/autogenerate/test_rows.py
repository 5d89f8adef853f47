"""What a change does to rows, counted on each database: what is dropped, what is in the way, an example."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from roundtrip import context_of, database, metadata_of

from nbmigrate.autogenerate import describe, generate
from nbmigrate.autogenerate.counting import RowCounter
from nbmigrate.autogenerate.renaming import Renaming
from nbmigrate.model.operations import AlterColumnOp, DropTableOp

Models = Callable[[sa.MetaData], Any]


def table(m: sa.MetaData, *items: Any, name: str = "t") -> sa.Table:
    return sa.Table(name, m, sa.Column("id", sa.Integer, primary_key=True, autoincrement=False), *items)


def effects(
    engine: sa.Engine, before: Models, rows: list[dict[str, Any]], after: Models, answers: Any = None
) -> dict[str, tuple[str, bool]]:
    """What is said of rows, by the name of what changes, and whether rows stop it."""
    old = metadata_of(before)
    old.create_all(engine)
    with engine.begin() as connection:
        for row in rows:
            connection.execute(sa.insert(old.tables["t"]).values(row))
    with engine.connect() as connection:
        context = context_of(connection)
        script = generate(context, metadata_of(after), renaming=Renaming(answers))
        found = describe(script.upgrade_ops, context)
        # looking leaves the connection usable
        assert connection.execute(sa.select(sa.func.count()).select_from(old.tables["t"])).scalar() == len(
            rows
        )
    return {change.name: (change.rows, change.fails) for change in found if change.rows}


def test_what_is_dropped_and_what_is_in_the_way(engine: sa.Engine) -> None:
    def before(m: sa.MetaData) -> None:
        table(m, name="p")
        table(m, *(sa.Column(name, sa.Integer) for name in ("gone", "n", "u", "k", "r")))

    def after(m: sa.MetaData) -> None:
        table(m, name="p")
        table(
            m,
            sa.Column("n", sa.Integer, nullable=False),
            sa.Column("u", sa.Integer),
            sa.Column("k", sa.Integer),
            sa.Column("r", sa.Integer),
            sa.Index("ux", "u", unique=True),
            sa.CheckConstraint("k > 1", name="ck"),
            sa.ForeignKeyConstraint(["r"], ["p.id"], name="fk"),
        )

    rows = [
        {"id": 1, "gone": 1, "n": None, "u": 5, "k": 0, "r": 9},
        {"id": 2, "gone": None, "n": 1, "u": 5, "k": None, "r": None},
    ]
    found = effects(engine, before, rows, after, {"t.gone": None})
    assert found == {
        "t.gone": ("drops 1 value", False),
        "t.n": ("fails: 1 row is NULL", True),
        "t.ux": ("fails: 1 value is there more than once", True),
        "t.ck": ("fails: 1 row breaks it", True),
        "t.fk": ("fails: 1 row refers to nothing", True),
    }


def one(type_: Any, name: str = "c") -> Models:
    return lambda m: table(m, sa.Column(name, type_))


CASTS: dict[str, tuple[Any, list[Any], Any, dict[str, tuple[str, bool]]]] = {
    "text to number": (
        sa.String(20),
        ["1", "abc", None],
        sa.Integer(),
        {
            "sqlite": ("1 value would stay text in a column of INTEGER, such as 'abc'", False),
            "postgresql": ("fails: 1 value not INTEGER, such as 'abc'", True),
            "mariadb": ("fails: 1 value not INTEGER, such as 'abc'", True),
            "duckdb": ("fails: 1 value not INTEGER, such as 'abc'", True),
        },
    ),
    "shorter": (
        sa.String(20),
        ["a", "abcdef", "abcdefg"],
        sa.String(5),
        {
            # neither keeps lengths
            "sqlite": ("", False),
            "postgresql": ("fails: 2 values too long, such as 'abcdef'", True),
            "mariadb": ("fails: 2 values too long, such as 'abcdef'", True),
            "duckdb": ("", False),
        },
    ),
    "longer": (sa.String(5), ["a"], sa.String(20), {}),
    "out of range": (
        sa.BigInteger(),
        [1, 2**40],
        sa.Integer(),
        {
            "sqlite": ("converts 2 values", False),
            "postgresql": (f"fails: 1 value out of range, such as '{2**40}'", True),
            "mariadb": (f"fails: 1 value out of range, such as '{2**40}'", True),
            "duckdb": (f"fails: 1 value not INTEGER, such as '{2**40}'", True),
        },
    ),
    "rounded": (
        sa.Numeric(10, 3),
        [1, 1.256],
        sa.Numeric(10, 1),
        {
            "sqlite": ("converts 2 values", False),
            "postgresql": ("1 value would be rounded, such as '1.256'", False),
            "mariadb": ("1 value would be rounded, such as '1.256'", False),
            "duckdb": ("1 value would be rounded, such as '1.256'", False),
        },
    ),
    "text to a date": (
        sa.String(20),
        ["2020-01-02", "soon"],
        sa.Date(),
        {
            "sqlite": ("converts 2 values", False),
            "postgresql": ("fails: 1 value not DATE, such as 'soon'", True),
            "mariadb": ("fails: 1 value not DATE, such as 'soon'", True),
            "duckdb": ("fails: 1 value not DATE, such as 'soon'", True),
        },
    ),
}


@pytest.mark.filterwarnings("ignore:.*support Decimal objects natively")
@pytest.mark.parametrize("case", CASTS)
def test_values_that_another_type_does_not_take(engine: sa.Engine, case: str) -> None:
    before, values, after, expected = CASTS[case]
    rows = [{"id": number, "c": value} for number, value in enumerate(values)]
    found = effects(engine, one(before), rows, one(after))
    name = {"mysql": "mariadb"}.get(engine.dialect.name, engine.dialect.name)
    told = expected.get(name, ("", False))
    assert found == ({"t.c": told} if told[0] else {})


def test_what_is_renamed_first_is_counted_by_its_present_name(engine: sa.Engine) -> None:
    found = effects(
        engine,
        one(sa.String(20), "c"),
        [{"id": 1, "c": "abc"}],
        lambda m: table(m, sa.Column("d", sa.Integer), name="u"),
        {"t": "u", "t.c": "u.d"},
    )
    assert "'abc'" in found["u.d"][0]


def test_no_value_for_a_new_column(engine: sa.Engine) -> None:
    found = effects(engine, one(sa.Integer()), [{"id": 1, "c": 1}], lambda m: table(
        m, sa.Column("c", sa.Integer), sa.Column("must", sa.Integer, nullable=False)))  # fmt: skip
    if engine.dialect.name in ("mysql", "mariadb"):
        assert found == {"t.must": ("the database gives 1 row a value of its own (0 or '')", False)}
    else:
        assert found == {"t.must": ("fails: 1 row has no value for it", True)}


def test_an_enum_where_the_database_can_only_be_asked_by_trying(postgresql_url: str) -> None:
    """Older PostgreSQL has no pg_input_is_valid: the conversion is tried, and its message shown."""
    with database(postgresql_url) as engine:
        old = metadata_of(one(sa.Text()))
        old.create_all(engine)
        with engine.connect() as connection:
            connection.execute(sa.insert(old.tables["t"]).values(id=1, c="abc"))
            counter = RowCounter(connection)
            engine.dialect.server_version_info = (15, 4)  # type: ignore[attr-defined]
            operation = AlterColumnOp(
                "t", "c", existing_type=sa.Text(), modify_type=sa.Integer(), postgresql_using="c::integer"
            )
            counter = RowCounter(connection)
            effect = counter.effect(operation)
            assert effect.fails
            assert effect.words == 'fails: invalid input syntax for type integer: "abc"'
            # the row that is not committed is still there
            assert connection.execute(sa.select(old.tables["t"])).all() == [(1, "abc")]


def test_time_is_over(engine: sa.Engine) -> None:
    metadata_of(one(sa.Integer())).create_all(engine)
    with engine.connect() as connection:
        counter = RowCounter(connection, seconds=0.0)
        assert counter.words(DropTableOp("t")) == "drops its rows (not counted: took longer than 0 s)"


def test_a_statement_that_takes_long_is_stopped(engine: sa.Engine) -> None:
    """Ten billion pairs are not counted; afterwards the connection is as it was."""
    metadata = metadata_of(one(sa.Integer()))
    metadata.create_all(engine)
    t = metadata.tables["t"]
    with engine.begin() as connection:
        connection.execute(sa.insert(t), [{"id": n, "c": n % 3} for n in range(1000)])
    with engine.connect() as connection:
        from nbmigrate.compare.rows import Count

        a, b, c, d = (t.alias(name) for name in "abcd")
        endless = (
            sa.select(sa.func.count())
            .select_from(a)
            .join(b, a.c.c < b.c.id)
            .join(c, b.c.id < c.c.id)
            .join(d, sa.func.abs(c.c.id - d.c.id) > a.c.id)
        )
        counter = RowCounter(connection, seconds=0.3)
        assert counter.number(Count(endless, lambda n: "", "")) is None
        assert counter.left <= 0
        assert connection.execute(sa.select(sa.func.count()).select_from(t)).scalar() == 1000
