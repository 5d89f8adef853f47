"""Asking PostgreSQL itself: nothing stays behind, and what can't be told is no change."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from roundtrip import database, diffs, upgrade_ops

from nbmigrate.dialects.postgresql.casts import using
from nbmigrate.dialects.postgresql.probe import format_type


def models(check: str = "price > 0", default: str = "1 + 1") -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("price", sa.Numeric(8, 2), server_default=sa.text(default)),
        sa.Column("name", sa.String(20)),
        sa.CheckConstraint(check),
        sa.Index("ix", sa.text("lower(name || 'x')"), postgresql_where=sa.text("price > 5")),
    )
    return metadata


@pytest.fixture
def engine(postgresql_url):
    with database(postgresql_url) as engine:
        models().create_all(engine)
        yield engine


def test_a_change_is_told_from_a_spelling(engine):
    assert diffs(engine, models("((price) > 0)", "(1)+(1)")) == []
    assert [diff[0] for diff in diffs(engine, models("price > 1"))] == ["remove_constraint", "add_constraint"]
    assert diffs(engine, models(default="2 + 1"))[0][0][0] == "modify_default"


def test_nothing_stays_behind_and_the_callers_transaction_goes_on(engine):
    with engine.connect() as connection:
        connection.exec_driver_sql("INSERT INTO t (price) VALUES (7)")
        upgrade_ops(connection, models("price >= 0"))
        assert connection.exec_driver_sql("SELECT count(*) FROM t").scalar() == 1
        connection.commit()
    with engine.connect() as connection:
        temporary = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_class WHERE relpersistence = 't'"
        ).scalar()
        assert temporary == 0
        assert connection.exec_driver_sql("SELECT count(*) FROM t").scalar() == 1


def test_autocommit_works_too(engine):
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        assert upgrade_ops(connection, models("((price) > 0)")).is_empty()
        assert not upgrade_ops(connection, models("price > 9")).is_empty()
        found = connection.exec_driver_sql("SELECT count(*) FROM pg_class WHERE relpersistence = 't'")
        assert found.scalar() == 0


def test_without_the_right_to_ask_nothing_uncertain_is_reported(engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP ROLE IF EXISTS nbmigrate_reader")
        connection.exec_driver_sql("CREATE ROLE nbmigrate_reader")
        name = connection.exec_driver_sql("SELECT current_database()").scalar()
        connection.exec_driver_sql(f"REVOKE TEMP ON DATABASE {name} FROM PUBLIC")
        connection.exec_driver_sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO nbmigrate_reader")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SET ROLE nbmigrate_reader")
            assert upgrade_ops(connection, models("((price) > 0)", "(2)")).is_empty()
            # what needs no asking is still found
            other = models()
            other.tables["t"].append_column(sa.Column("new", sa.Integer))
            assert [diff[0] for diff in upgrade_ops(connection, other).as_diffs()] == ["add_column"]
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP OWNED BY nbmigrate_reader")
            connection.exec_driver_sql("DROP ROLE nbmigrate_reader")


def test_a_read_only_transaction_is_no_error(engine):
    with engine.connect() as connection:
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        assert upgrade_ops(connection, models("((price) > 0)")).is_empty()


def test_an_expression_that_the_database_refuses_is_no_change(engine):
    metadata = models("no_such_function(price)")
    assert diffs(engine, metadata) == []


def test_a_copied_catalogue_text_is_the_same_check(engine):
    """PostgreSQL reads its own text back in another form."""
    metadata = models("name IN ('a', 'b')")
    with engine.begin() as connection:
        metadata.drop_all(connection)
        metadata.create_all(connection)
        sql = "SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint WHERE conrelid = 't'::regclass "
        sql += "AND contype = 'c'"
        text = connection.exec_driver_sql(sql).scalar()
        connection.exec_driver_sql("ALTER TABLE t DROP CONSTRAINT t_name_check")
        connection.exec_driver_sql(f"ALTER TABLE t ADD CONSTRAINT copied CHECK ({text})")
        assert connection.exec_driver_sql(sql).scalar() != text
    assert diffs(engine, metadata) == []


@pytest.mark.parametrize(
    ("compiled", "expected"),
    [
        ("VARCHAR(50)", "character varying(50)"),
        ("CHAR", "character(1)"),
        ("NUMERIC(10, 2)", "numeric(10,2)"),
        ("NUMERIC(10)", "numeric(10,0)"),
        ("FLOAT", "double precision"),
        ("FLOAT(24)", "real"),
        ("TIMESTAMP WITHOUT TIME ZONE", "timestamp without time zone"),
        ("TIMESTAMP(3) WITH TIME ZONE", "timestamp(3) with time zone"),
        ("INTEGER[]", "integer[]"),
        ("VARCHAR(5)[][]", "character varying(5)[]"),
        ('VARCHAR(20) COLLATE "C"', 'character varying(20) COLLATE "C"'),
    ],
)
def test_types_in_the_catalogues_words(engine, compiled, expected):
    assert format_type(compiled) == expected
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE TEMP TABLE probe (c {compiled})")
        found = connection.exec_driver_sql(
            "SELECT format_type(atttypid, atttypmod) FROM pg_attribute "
            "WHERE attrelid = 'probe'::regclass AND attnum = 1"
        ).scalar()
    assert found == expected.partition(" COLLATE ")[0]


@pytest.mark.parametrize(
    ("before", "after", "value"),
    [
        ("TEXT", "INTEGER", "7"),
        ("VARCHAR(9)", "UUID", "00000000-0000-0000-0000-000000000000"),
        ("INTEGER", "BIGINT", "7"),
        ("INTEGER", "TEXT", "7"),
        ("INTEGER", "BOOLEAN", "7"),
        ("SMALLINT", "BOOLEAN", "7"),
        ("NUMERIC(5, 2)", "BOOLEAN", "0.5"),
        ("BOOLEAN", "INTEGER", "true"),
        ("BOOLEAN", "SMALLINT", "true"),
        ("BOOLEAN", "NUMERIC(5, 2)", "true"),
        ("TEXT", "DATE", "2020-01-02"),
        ("DATE", "TIMESTAMP WITHOUT TIME ZONE", "2020-01-02"),
        ("TEXT", "JSONB", "{}"),
        ("JSON", "JSONB", "{}"),
        ("NUMERIC(5, 2)", "INTEGER", "7"),
        ("TEXT[]", "INTEGER[]", "{7}"),
    ],
)
def test_using_is_said_exactly_where_postgresql_needs_it(engine, before, after, value):
    expression = using("c", before, after)
    with engine.connect() as connection:
        made = before.replace("(9)", "(50)")
        connection.exec_driver_sql(f"CREATE TEMP TABLE cast_me (c {made})")
        connection.execute(sa.text(f"INSERT INTO cast_me VALUES (CAST(:v AS {made}))"), {"v": value})
        point = connection.begin_nested()
        plain = f"ALTER TABLE cast_me ALTER COLUMN c TYPE {after}"
        if expression is None:
            connection.exec_driver_sql(plain)
            return
        with pytest.raises(sa.exc.ProgrammingError, match="cannot be cast automatically"):
            connection.exec_driver_sql(plain)
        point.rollback()
        connection.exec_driver_sql(f"{plain} USING {expression}")
