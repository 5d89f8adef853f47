"""The rows of the diff table: kind, object, name, before and after, what happens to rows, the Python."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from roundtrip import context_of, database, metadata_of, upgrade_ops

from nbmigrate.autogenerate import describe
from nbmigrate.autogenerate.counting import RowCounter
from nbmigrate.model.change import Change


def before(m: sa.MetaData) -> None:
    sa.Table(
        "user",
        m,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", sa.String(50)),
        sa.Column("age", sa.Integer),
        sa.Column("phone", sa.String(20)),
        sa.Column("boss", sa.Integer),
    )
    sa.Table("old", m, sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Integer))


def after(m: sa.MetaData) -> None:
    sa.Table(
        "user",
        m,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", sa.String(50), nullable=False, unique=True),
        sa.Column("age", sa.Text),
        sa.Column("boss", sa.ForeignKey("user.id", name="fk_boss")),
        sa.Column("must", sa.Integer, nullable=False),
        sa.Column("may", sa.Integer, server_default="4"),
        sa.CheckConstraint("boss > 5", name="ck_boss"),
        sa.Index("ix_age", "age", unique=True),
    )
    sa.Table("new", m, sa.Column("id", sa.Integer, primary_key=True))


@pytest.fixture(params=["sqlite_url", "postgresql_url"])
def changes(request) -> dict[tuple[str, str], Change]:
    with database(request.getfixturevalue(request.param)) as engine:
        metadata_of(before).create_all(engine)
        with engine.begin() as connection:
            rows = [
                {"id": 1, "email": "a", "age": 7, "phone": "1", "boss": None},
                {"id": 2, "email": "a", "age": 7, "phone": None, "boss": 1},
                {"id": 3, "email": None, "age": None, "phone": "3", "boss": 99},
            ]
            connection.execute(sa.insert(metadata_of(before).tables["user"]), rows)
            connection.execute(sa.insert(metadata_of(before).tables["old"]), [{"n": n} for n in range(1234)])
        with engine.connect() as connection:
            found = describe(upgrade_ops(connection, metadata_of(after)), context_of(connection))
            # looking leaves the connection usable
            assert connection.exec_driver_sql('SELECT count(*) FROM "user"').scalar() == 3
    return {(change.kind, change.name): change for change in found}


def test_what_happens_to_rows(changes):
    rows = {key: change.rows for key, change in changes.items()}
    assert rows == {
        ("add", "new"): "",
        ("drop", "old"): "drops 1,234 rows",
        ("add", "user.must"): "fails: 3 rows have no value for it",
        ("add", "user.may"): "",
        ("alter", "user.email"): "fails: 1 row is NULL",
        ("alter", "user.age"): "converts 2 values",
        ("add", "user.uq_user_email"): "fails: 1 value is there more than once",
        ("add", "user.ix_age"): "fails: 1 value is there more than once",
        ("add", "user.ck_boss"): "fails: 1 row breaks it",
        ("add", "user.fk_boss"): "fails: 1 row refers to nothing",
        ("drop", "user.phone"): "drops 2 values",
    }


def test_before_and_after_are_sql(changes):
    told = {key: (change.object_kind, change.before, change.after) for key, change in changes.items()}
    assert told["drop", "old"] == ("table", "(id INTEGER, n INTEGER)", "")
    assert told["add", "user.must"] == ("column", "", "INTEGER NOT NULL")
    assert told["add", "user.may"] == ("column", "", "INTEGER DEFAULT '4'")
    assert told["alter", "user.email"] == ("column", "NULL", "NOT NULL")
    assert told["alter", "user.age"] == ("column", "INTEGER", "TEXT")
    assert told["add", "user.uq_user_email"] == ("unique constraint", "", "(email)")
    assert told["add", "user.ix_age"] == ("index", "", "UNIQUE (age)")
    assert told["add", "user.ck_boss"] == ("check constraint", "", "boss > 5")
    assert told["add", "user.fk_boss"] == ("foreign key", "", "(boss) REFERENCES user (id)")
    assert told["drop", "user.phone"] == ("column", "VARCHAR(20)", "")


def test_the_operation_is_its_python(changes):
    assert changes["drop", "user.phone"].operation == "op.drop_column('user', 'phone')"
    assert changes["add", "user.may"].operation == (
        "op.add_column('user', sa.Column('may', sa.Integer(), server_default='4', nullable=True))"
    )


def test_without_rows_nothing_is_counted(sqlite_url):
    with database(sqlite_url) as engine:
        metadata_of(before).create_all(engine)
        with engine.begin() as connection:
            connection.exec_driver_sql("INSERT INTO old DEFAULT VALUES")
        with engine.connect() as connection:
            operations = upgrade_ops(connection, metadata_of(after))
            assert not any(c.rows for c in describe(operations, context_of(connection), with_rows=False))


@pytest.mark.parametrize("fixture", ["sqlite_url", "postgresql_url"])
def test_a_count_that_takes_too_long_is_given_up(request, fixture):
    """The time limit, at its tightest: nothing is counted, and the words say what may be."""
    with database(request.getfixturevalue(fixture)) as engine:
        metadata_of(before).create_all(engine)
        with engine.begin() as connection:
            connection.execute(
                sa.insert(metadata_of(before).tables["old"]), [{"n": n} for n in range(20_000)]
            )
        with engine.connect() as connection:
            operations: Any = upgrade_ops(connection, metadata_of(after)).ops
            drop = next(op for op in operations if type(op).__name__ == "DropTableOp")
            counter = RowCounter(connection, seconds=0.0)
            assert counter.words(drop) == "drops its rows (not counted: took longer than 0 s)"
            assert RowCounter(connection).words(drop) == "drops 20,000 rows"


def test_alterations_and_comments_on_postgresql(postgresql_url):
    def commented(m: sa.MetaData) -> None:
        before(m)
        m.tables["user"].comment = "people"
        m.tables["user"].c.age.comment = "in years"
        m.tables["user"].c.email.server_default = sa.DefaultClause("x@y")

    with database(postgresql_url) as engine:
        metadata_of(before).create_all(engine)
        with engine.connect() as connection:
            ops = upgrade_ops(connection, metadata_of(commented))
            found = {c.name: (c.kind, c.detail) for c in describe(ops, context_of(connection))}
    assert found == {
        "user": ("alter", "people"),
        "user.age": ("alter", "no comment → comment 'in years'"),
        "user.email": ("alter", "no default → DEFAULT 'x@y'"),
    }
