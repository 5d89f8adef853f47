"""``batch_alter_table`` with every argument, on every database: M1 to M12 of the checklist."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from harness.sqlite_case import Context, migrate, objects, rows, run_script

from nbmigrate.errors import CommandError
from nbmigrate.migration import MigrationContext
from nbmigrate.operations import Operations

CONVENTION = {
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
    "ck": "ck_%(table_name)s_ck",
    "pk": "pk_%(table_name)s",
}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'db'}", poolclass=sa.pool.NullPool)
    yield engine
    engine.dispose()


@pytest.fixture(
    params=[
        "sqlite",
        "duckdb",
        pytest.param("postgresql", marks=pytest.mark.postgresql),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
    ]
)
def everywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    if request.param == "duckdb":
        pytest.importorskip("duckdb_sqlalchemy")
        url = f"duckdb:///{tmp_path / 'db.duckdb'}"
    else:
        url = request.getfixturevalue(f"{request.param}_url")
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    yield engine
    engine.dispose()


def offline(dialect: str) -> tuple[Any, io.StringIO]:
    """``op`` that writes text."""
    buffer = io.StringIO()
    context = MigrationContext.configure(dialect_name=dialect, opts={"as_sql": True, "output_buffer": buffer})
    return Operations(context), buffer


# ---- M1, M4: every argument, everywhere


@pytest.mark.parametrize("recreate", ["auto", "always"])
def test_M1_M4_the_same_batch_on_every_database(everywhere: sa.Engine, recreate: str) -> None:
    """Rows, nullability, defaults, keys and names are the same, whatever each database does for it."""
    metadata = sa.MetaData()
    table = sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("a", sa.String(20)),
        sa.Column("b", sa.Integer),
        sa.Column("gone", sa.Integer),
    )
    metadata.create_all(everywhere)
    with everywhere.connect() as connection:
        connection.execute(table.insert(), [{"id": 1, "a": "x", "b": 5}, {"id": 2, "a": "y", "b": 6}])
        connection.commit()
        context = Context(connection)
        with (
            context.ddl.transaction(connection),
            context.op.batch_alter_table("t", recreate=recreate) as batch_op,
        ):
            batch_op.add_column(sa.Column("n", sa.Integer, server_default="7"))
            batch_op.alter_column("a", nullable=False, existing_type=sa.String(20))
            batch_op.alter_column("b", new_column_name="c", existing_type=sa.Integer)
            batch_op.drop_column("gone")
            batch_op.create_unique_constraint("uq_a", ["a"])
            batch_op.create_index("ix_n", ["n"])
        inspector = sa.inspect(connection)
        columns = {one["name"]: one["nullable"] for one in inspector.get_columns("t")}
        assert columns == {"id": False, "a": False, "c": True, "n": True}
        assert [
            tuple(row) for row in connection.exec_driver_sql("SELECT id, a, c, n FROM t ORDER BY id")
        ] == [
            (1, "x", 5, 7),
            (2, "y", 6, 7),
        ]
        connection.rollback()
        for bad in ("3, 'x', 1, 1", "1, 'z', 1, 1", "4, NULL, 1, 1"):
            with pytest.raises(sa.exc.DBAPIError):
                connection.exec_driver_sql(f"INSERT INTO t (id, a, c, n) VALUES ({bad})")
            connection.rollback()
        assert "ix_n" in [one["name"] for one in sa.inspect(connection).get_indexes("t")]


@pytest.mark.parametrize("recreate", ["auto", "always"])
def test_M1_M5_places_on_every_database(everywhere: sa.Engine, recreate: str) -> None:
    with everywhere.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a INTEGER, b INTEGER)")
        connection.exec_driver_sql("INSERT INTO t VALUES (1, 2)")
        connection.commit()
        context = Context(connection)
        batch = context.op.batch_alter_table("t", recreate=recreate)
        if recreate == "auto" and everywhere.dialect.name != "duckdb":
            with pytest.raises(CommandError, match="insert_before or insert_after"), batch as batch_op:
                batch_op.add_column(sa.Column("c", sa.Integer), insert_before="b")
            return
        with context.ddl.transaction(connection), batch as batch_op:
            batch_op.add_column(sa.Column("c", sa.Integer, server_default="3"), insert_before="b")
            batch_op.add_column(sa.Column("d", sa.Integer, server_default="4"), insert_after="a")
        assert [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM t")] == [(1, 4, 3, 2)]


def test_M1_partial_reordering_everywhere(everywhere: sa.Engine) -> None:
    with everywhere.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a INTEGER, b INTEGER, c INTEGER, d INTEGER)")
        connection.exec_driver_sql("INSERT INTO t VALUES (1, 2, 3, 4)")
        connection.commit()
        context = Context(connection)
        with (
            context.ddl.transaction(connection),
            context.op.batch_alter_table("t", recreate="always", partial_reordering=[("d", "c"), ("b", "a")]),
        ):
            pass
        names = list(connection.exec_driver_sql("SELECT * FROM t").keys())
        assert names.index("c") == names.index("d") + 1 and names.index("a") == names.index("b") + 1
        assert sorted(connection.exec_driver_sql("SELECT * FROM t").one()) == [1, 2, 3, 4]


@pytest.mark.parametrize("dialect", ["postgresql", "mysql", "mssql", "oracle", "duckdb"])
def test_M4_text_of_a_batch_is_plain_alters(dialect: str) -> None:
    if dialect == "duckdb":
        pytest.importorskip("duckdb_sqlalchemy")
    op, buffer = offline(dialect)
    with op.batch_alter_table("t", schema="s") as batch_op:
        batch_op.add_column(sa.Column("n", sa.Integer))
        batch_op.alter_column("a", new_column_name="b", existing_type=sa.Integer)
    text = buffer.getvalue()
    assert "_alembic_tmp" not in text
    assert "ADD" in text and "s.t" in text


def test_M1_recreate_is_one_of_three(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        context = Context(connection)
        batch = context.op.batch_alter_table("t", recreate="perhaps")
        with pytest.raises(ValueError, match="recreate may be one of"), batch:
            pass


def test_M1_schema(engine: sa.Engine, tmp_path: Path) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql(f"ATTACH '{tmp_path / 'two'}' AS two")
        connection.exec_driver_sql("CREATE TABLE t (a INT)")
        connection.exec_driver_sql("CREATE TABLE two.t (a INT)")
        connection.commit()
        context = Context(connection)
        with (
            context.ddl.transaction(connection),
            context.op.batch_alter_table("t", schema="two") as batch_op,
        ):
            batch_op.alter_column("a", type_=sa.Text())
        asked = connection.exec_driver_sql(
            "SELECT sql FROM main.sqlite_master UNION ALL SELECT sql FROM two.sqlite_master"
        )
        assert asked.scalars().all() == ["CREATE TABLE t (a INT)", 'CREATE TABLE "t" (a TEXT)']


def test_M1_table_kwargs(engine: sa.Engine) -> None:
    """Options of the table, as SQLAlchemy names them."""
    run_script(engine, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, 'x')")
    kw = {"sqlite_autoincrement": True, "sqlite_strict": True, "mysql_engine": "InnoDB"}
    migrate(engine, lambda op: _batch(op, "t", table_kwargs=kw))
    assert objects(engine)["t"] == "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT) STRICT"
    run_script(engine, "CREATE TABLE w (code TEXT PRIMARY KEY) STRICT; INSERT INTO w VALUES ('x')")
    migrate(engine, lambda op: _batch(op, "w", table_kwargs={"sqlite_with_rowid": False}))
    assert objects(engine)["w"] == "CREATE TABLE w (code TEXT PRIMARY KEY) STRICT, WITHOUT ROWID"
    assert rows(engine, "SELECT * FROM w") == [("x",)]


def test_M1_table_args_are_added_once(engine: sa.Engine) -> None:
    run_script(
        engine, "CREATE TABLE o (id INTEGER PRIMARY KEY); CREATE TABLE t (a INT, b INT, CHECK (a > 0))"
    )
    arguments = [
        sa.CheckConstraint("a > 0"),
        sa.UniqueConstraint("b", name="uq_b"),
        sa.ForeignKeyConstraint(["b"], ["o.id"], name="fk_b"),
    ]
    for _ in range(2):
        migrate(engine, lambda op: _batch(op, "t", table_args=arguments, recreate="always"))
    assert objects(engine)["t"] == (
        "CREATE TABLE t (a INT, b INT, CHECK (a > 0), CONSTRAINT uq_b UNIQUE (b), "
        "CONSTRAINT fk_b FOREIGN KEY(b) REFERENCES o (id))"
    )


def test_M1_reflect_args_say_what_a_column_is(engine: sa.Engine) -> None:
    """What they say counts, what they are silent about stays."""
    run_script(engine, "CREATE TABLE t (a INT NOT NULL DEFAULT 5 COLLATE NOCASE, f INT, g TEXT)")
    arguments = [
        sa.Column("a", sa.BigInteger),
        sa.Column("f", sa.Boolean(create_constraint=True, name="ck_f"), nullable=False, server_default="1"),
    ]
    migrate(engine, lambda op: _batch(op, "t", reflect_args=arguments, recreate="always"))
    assert objects(engine)["t"] == (
        "CREATE TABLE t (a BIGINT NOT NULL DEFAULT 5 COLLATE NOCASE, f BOOLEAN DEFAULT '1' NOT NULL, g TEXT, "
        "CONSTRAINT ck_f CHECK (f IN (0, 1)))"
    )


def test_M1_reflect_kwargs_listeners_change_what_is_read(engine: sa.Engine) -> None:
    run_script(engine, "CREATE TABLE t (a VARCHAR(5), b INT DEFAULT 3); INSERT INTO t VALUES ('x', 1)")
    seen = []

    def listen(inspector: sa.Inspector, table: sa.Table, column: Any) -> None:
        seen.append((table.name, column["name"]))
        if column["name"] == "a":
            column["type"], column["nullable"] = sa.Text(), False
        if column["name"] == "b":
            column["default"] = "9"

    kw = {"listeners": [("column_reflect", listen)]}
    migrate(engine, lambda op: _batch(op, "t", reflect_kwargs=kw, recreate="always"))
    assert seen == [("t", "a"), ("t", "b")]
    assert objects(engine)["t"] == "CREATE TABLE t (a TEXT NOT NULL, b INT DEFAULT 9)"


def _batch(op: Any, table: str, **kw: Any) -> None:
    kw.setdefault("recreate", "always")
    with op.batch_alter_table(table, **kw):
        pass


# ---- M2: when a table is rebuilt


@pytest.mark.parametrize(
    ("change", "rebuilds"),
    [
        (lambda b: b.add_column(sa.Column("n", sa.Integer)), 0),
        (lambda b: b.create_index("ix", ["a"]), 0),
        (lambda b: b.drop_index("ix_there"), 0),
        (lambda b: b.add_column(sa.Column("n", sa.DateTime, server_default=sa.func.now())), 1),
        (lambda b: b.add_column(sa.Column("n", sa.Integer, sa.Computed("a + 1", persisted=True))), 1),
        (lambda b: b.add_column(sa.Column("n", sa.Integer, sa.Computed("a + 1", persisted=False))), 0),
        (lambda b: b.alter_column("a", type_=sa.Text()), 1),
        (lambda b: b.create_unique_constraint("u", ["a"]), 1),
        (lambda b: [b.add_column(sa.Column("n", sa.Integer)), b.alter_column("a", type_=sa.Text())], 1),
    ],
)
def test_M2_what_auto_rebuilds_for(engine: sa.Engine, change: Any, rebuilds: int) -> None:
    run_script(engine, "CREATE TABLE t (a INT, b INT); CREATE INDEX ix_there ON t (b)")

    def run(op: Any) -> None:
        with op.batch_alter_table("t") as batch_op:
            change(batch_op)

    assert migrate(engine, run).rebuilds == rebuilds


# ---- M6 to M9: constraints


def test_M6_a_naming_convention_names_only_what_has_no_name(engine: sa.Engine) -> None:
    run_script(
        engine,
        "CREATE TABLE o (id INTEGER PRIMARY KEY); CREATE TABLE t (id INTEGER PRIMARY KEY, a INT UNIQUE, "
        "b INT REFERENCES o (id), CONSTRAINT mine UNIQUE (b), CHECK (a > 0))",
    )
    migrate(engine, lambda op: _batch(op, "t", naming_convention=CONVENTION))
    assert objects(engine)["t"] == (
        "CREATE TABLE t (id INTEGER CONSTRAINT pk_t PRIMARY KEY, a INT CONSTRAINT uq_t_a UNIQUE, "
        "b INT CONSTRAINT fk_t_o REFERENCES o (id), CONSTRAINT mine UNIQUE (b), "
        "CONSTRAINT ck_t_ck CHECK (a > 0))"
    )


def test_M6_an_unnamed_constraint_is_dropped_by_the_name_of_the_convention(engine: sa.Engine) -> None:
    run_script(engine, "CREATE TABLE t (a INT UNIQUE, b INT)")

    def run(op: Any) -> None:
        with op.batch_alter_table("t", naming_convention=CONVENTION) as batch_op:
            batch_op.drop_constraint("uq_t_a", type_="unique")

    migrate(engine, run)
    assert objects(engine)["t"] == "CREATE TABLE t (a INT, b INT)"


def test_M7_unnamed_checks_are_kept_without_a_warning(engine: sa.Engine) -> None:
    run_script(engine, "CREATE TABLE t (a INT, CHECK (a > 5), CONSTRAINT c CHECK (a < 9))")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        migrate(engine, lambda op: _batch(op, "t"))
    assert objects(engine)["t"] == "CREATE TABLE t (a INT, CHECK (a > 5), CONSTRAINT c CHECK (a < 9))"


@pytest.mark.parametrize("foreign_keys", [True, False])
def test_M8_a_key_to_itself_goes_to_the_tables_own_name(engine: sa.Engine, foreign_keys: bool) -> None:
    run_script(
        engine,
        "CREATE TABLE t (id INTEGER PRIMARY KEY, up INT REFERENCES t (id) ON DELETE CASCADE, a INT);"
        "INSERT INTO t VALUES (1, NULL, 1), (2, 1, 2), (3, 3, 3)",
    )
    migrate(engine, lambda op: op.alter_column("t", "a", type_=sa.Text()), foreign_keys=foreign_keys)
    assert "up INT REFERENCES t (id) ON DELETE CASCADE" in objects(engine)["t"]
    assert rows(engine, "SELECT id, up FROM t ORDER BY 1") == [(1, None), (2, 1), (3, 3)]
    assert rows(engine, "PRAGMA foreign_key_check") == []


def test_M9_the_check_of_a_boolean_goes_with_its_existing_type(engine: sa.Engine) -> None:
    run_script(
        engine, "CREATE TABLE t (f BOOLEAN, CONSTRAINT ck_f CHECK (f IN (0, 1)), CONSTRAINT o CHECK (f > 0))"
    )

    def run(op: Any) -> None:
        with op.batch_alter_table("t") as batch_op:
            batch_op.alter_column(
                "f", type_=sa.Integer(), existing_type=sa.Boolean(create_constraint=True, name="ck_f")
            )

    migrate(engine, run)
    assert objects(engine)["t"] == "CREATE TABLE t (f INTEGER, CONSTRAINT o CHECK (f > 0))"


def test_M9_a_primary_key_that_is_dropped_is_gone(engine: sa.Engine) -> None:
    run_script(engine, "CREATE TABLE t (id INT NOT NULL, a INT, CONSTRAINT pk PRIMARY KEY (id))")

    def run(op: Any) -> None:
        with op.batch_alter_table("t") as batch_op:
            batch_op.drop_constraint("pk", type_="primary")
            batch_op.create_primary_key("pk_a", ["a"])

    migrate(engine, run)
    assert objects(engine)["t"] == "CREATE TABLE t (id INT NOT NULL, a INT, CONSTRAINT pk_a PRIMARY KEY (a))"


# ---- M10: text


def test_M10_text_needs_the_table(engine: sa.Engine) -> None:
    op, _ = offline("sqlite")
    batch = op.batch_alter_table("some")
    with pytest.raises(CommandError, match=r'--sql mode.*"some".*copy_from'), batch as batch_op:
        batch_op.drop_column("a")


def test_M10_text_with_copy_from() -> None:
    op, buffer = offline("sqlite")
    table = sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer), sa.Column("a", sa.String(5)))
    with op.batch_alter_table("t", copy_from=table) as batch_op:
        batch_op.drop_column("a")
    assert [line for line in buffer.getvalue().splitlines() if line] == [
        "CREATE TABLE _alembic_tmp_t (",
        "\tid INTEGER",
        ");",
        "INSERT INTO _alembic_tmp_t (id) SELECT t.id FROM t;",
        "DROP TABLE t;",
        "ALTER TABLE _alembic_tmp_t RENAME TO t;",
    ]


# ---- M11, M12


def test_M11_whole_tables_are_not_changed_in_a_batch(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        context = Context(connection)
        for name, arguments in (
            ("create_table", ("x", sa.Column("a", sa.Integer))),
            ("drop_table", ("x",)),
            ("rename_table", ("t", "u")),
        ):
            batch = context.op.batch_alter_table("t")
            with pytest.raises(NotImplementedError, match="can't be part of a batch"), batch as batch_op:
                getattr(batch_op, name)(*arguments)
        assert context.texts == []


@pytest.mark.parametrize("foreign_keys", [True, False])
def test_M12_a_batch_has_a_transaction_of_its_own_where_there_is_none(
    engine: sa.Engine, foreign_keys: bool
) -> None:
    run_script(
        engine,
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT); INSERT INTO t VALUES (1, NULL);"
        "CREATE TABLE c (t INT REFERENCES t (id) ON DELETE CASCADE); INSERT INTO c VALUES (1)",
    )
    with engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
        connection.commit()
        op = Operations(MigrationContext.configure(connection))
        with op.batch_alter_table("t") as batch_op:
            batch_op.alter_column("a", type_=sa.Text())
        assert not connection.in_transaction()
        batch = op.batch_alter_table("t")
        with pytest.raises(sa.exc.IntegrityError), batch as batch_op:
            batch_op.add_column(sa.Column("n", sa.Integer))
            batch_op.alter_column("a", nullable=False)
        assert not connection.in_transaction()
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == int(foreign_keys)
    assert objects(engine)["t"] == "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)"
    assert rows(engine, "SELECT * FROM c") == [(1,)]


def test_M12_a_batch_is_part_of_the_transaction_that_is_open(engine: sa.Engine) -> None:
    run_script(engine, "CREATE TABLE t (a INT)")
    with engine.connect() as connection:
        outer = connection.begin()
        op = Operations(MigrationContext.configure(connection))
        with op.batch_alter_table("t") as batch_op:
            batch_op.alter_column("a", type_=sa.Text())
        outer.rollback()
    assert objects(engine)["t"] == "CREATE TABLE t (a INT)"


@pytest.mark.parametrize("url", ["sqlite://", "postgresql+psycopg://", "mysql+pymysql://"])
def test_a_mock_engine_is_given_the_statements(url: str) -> None:
    taken = []
    engine = sa.create_mock_engine(url, lambda construct, *_, **__: taken.append(str(construct)))
    op = Operations(MigrationContext.configure(engine))  # type: ignore[arg-type]
    op.rename_table("a", "b")
    with op.batch_alter_table("b") as batch_op:
        batch_op.add_column(sa.Column("n", sa.Integer))
    assert taken == ["ALTER TABLE a RENAME TO b", "ALTER TABLE b ADD COLUMN n INTEGER"]
