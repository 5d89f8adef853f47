"""Changes to SQLite tables with real rows, and with everything on the table that a rebuild could lose."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from harness import newer_sqlite
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.pool import NullPool

from nbmigrate.dialects import dialect_for
from nbmigrate.dialects.sqlite.foreign_keys import ForeignKeysOn
from nbmigrate.errors import CommandError, MigrateError
from nbmigrate.model import operations as ops
from nbmigrate.operations import Operations
from nbmigrate.runtime.executor import OnlineExecutor

FULL = """
CREATE TABLE other (id INTEGER PRIMARY KEY);
CREATE TABLE t (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- the key
  email VARCHAR(50) COLLATE NOCASE,
  age INT CHECK (age > 0) DEFAULT 18,
  o INTEGER REFERENCES other (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
  twice INT GENERATED ALWAYS AS (age * 2) STORED,
  thrice INT AS (age * 3),
  note TEXT, /* free text */
  CONSTRAINT uq_email UNIQUE (email) ON CONFLICT REPLACE,
  CHECK (length(note) < 100)
);
CREATE INDEX ix_partial ON t (age) WHERE age > 20;
CREATE INDEX ix_expr ON t (lower(note));
CREATE UNIQUE INDEX ix_desc ON t (age DESC, note COLLATE NOCASE);
CREATE TABLE log (what TEXT);
CREATE TRIGGER t_ins AFTER INSERT ON t BEGIN INSERT INTO log VALUES ('t; ' || NEW.id); END;
CREATE TRIGGER other_del AFTER DELETE ON other BEGIN UPDATE t SET note = 'orphan' WHERE o = OLD.id; END;
CREATE VIEW v AS SELECT id, email FROM t;
CREATE TABLE child (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t (id) ON DELETE CASCADE);
INSERT INTO other VALUES (1);
INSERT INTO t (id, email, age, o, note) VALUES (1, 'a@x', 20, 1, 'n'),
  (2, 'B@x', 30, NULL, 'm'), (9, 'c@x', NULL, 1, NULL);
DELETE FROM t WHERE id = 9;
INSERT INTO child VALUES (1, 1), (2, 2);
"""


class Context:
    """As much of a migration context as operations need."""

    def __init__(self, connection: sa.Connection, metadata: sa.MetaData | None = None) -> None:
        self.connection = self.bind = connection
        self.opts: dict[str, Any] = {"target_metadata": metadata}
        self.target_metadata = metadata
        self.as_sql = False
        self.dialect = connection.dialect
        self.ddl = dialect_for(connection.dialect, connection=connection, opts=self.opts, metadata=metadata)
        self.executor = OnlineExecutor(connection)
        self.op = Operations(self)  # type: ignore[arg-type]

    def run_operation(self, operation: Any) -> None:
        for statement in self.ddl.emit(operation):
            self.executor.execute(statement)

    @property
    def texts(self) -> list[str]:
        return [str(s.construct) for s in self.executor.statements]


@pytest.fixture(params=[None, newer_sqlite], ids=["", "newer"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'db'}", poolclass=NullPool, module=request.param)
    yield engine
    engine.dispose()


# where newer SQLite has an ALTER, and the test is about the rebuild that others take
rebuilt = pytest.mark.parametrize("engine", [None], ids=["rebuilt"], indirect=True)


@pytest.fixture
def full(engine: sa.Engine) -> sa.Engine:
    script(engine, FULL)
    return engine


def script(engine: sa.Engine, sql: str) -> None:
    raw = engine.raw_connection()
    raw.executescript(sql)  # type: ignore[attr-defined]
    raw.close()


def migrate(
    engine: sa.Engine,
    change: Callable[[Any], Any],
    metadata: sa.MetaData | None = None,
    foreign_keys: bool = False,
) -> Context:
    with engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
        connection.commit()
        context = Context(connection, metadata)
        with context.ddl.transaction(connection):
            change(context.op)
        return context


def stored(engine: sa.Engine, name: str = "t") -> str:
    return str(rows(engine, f"SELECT sql FROM sqlite_master WHERE name = '{name}'")[0][0])


def rows(engine: sa.Engine, query: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def batch(change: Callable[[Any], Any], **kw: Any) -> Callable[[Any], Any]:
    def run(op: Any) -> None:
        with op.batch_alter_table(kw.pop("table", "t"), **kw) as batch_op:
            change(batch_op)

    return run


@rebuilt
def test_everything_survives(full: sa.Engine) -> None:
    before = {
        name: sql for name, sql in rows(full, "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    }
    data = rows(full, "SELECT * FROM t ORDER BY id")
    migrate(full, lambda op: op.alter_column("t", "email", nullable=False))
    after = {
        name: sql for name, sql in rows(full, "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    }
    expected = (
        before["t"]
        .replace("CREATE TABLE t", 'CREATE TABLE "t"')
        .replace("COLLATE NOCASE,", "COLLATE NOCASE NOT NULL,", 1)
    )
    assert after.pop("t") == expected
    before.pop("t")
    assert after == before
    assert rows(full, "SELECT * FROM t ORDER BY id") == data
    assert rows(full, "SELECT * FROM v ORDER BY id") == [(1, "a@x"), (2, "B@x")]
    assert rows(full, "SELECT count(*) FROM child") == [(2,)]
    assert rows(full, "SELECT seq FROM sqlite_sequence WHERE name = 't'") == [(9,)]
    script(full, "INSERT INTO t (email, age) VALUES ('d@x', 5)")
    assert rows(full, "SELECT max(id) FROM t") == [(10,)]
    assert rows(full, "SELECT what FROM log ORDER BY rowid DESC LIMIT 1") == [("t; 10",)]
    assert rows(full, "PRAGMA integrity_check") == [("ok",)]
    assert rows(full, "PRAGMA foreign_key_check") == []
    with pytest.raises(sa.exc.IntegrityError), full.begin() as connection:
        connection.exec_driver_sql("INSERT INTO t (email) VALUES (NULL)")


def test_settings_of_the_connection_are_given_back(full: sa.Engine) -> None:
    with full.connect() as connection:
        context = Context(connection)
        driver: Any = connection.connection.dbapi_connection
        level = driver.isolation_level
        with context.ddl.transaction(connection):
            context.op.alter_column("t", "email", nullable=False)
        assert connection.exec_driver_sql("PRAGMA legacy_alter_table").scalar() == 0
        assert driver.isolation_level == level


@rebuilt
def test_rows_that_refer_to_it_stop_a_rebuild_before_anything_is_touched(full: sa.Engine) -> None:
    before = rows(full, "SELECT * FROM sqlite_master")
    with pytest.raises(ForeignKeysOn, match="'t'"):
        migrate(full, lambda op: op.alter_column("t", "email", nullable=False), foreign_keys=True)
    assert rows(full, "SELECT * FROM sqlite_master") == before
    assert rows(full, "SELECT count(*) FROM child") == [(2,)]


def test_the_run_with_foreign_keys_off_keeps_the_rows_that_refer_to_it(full: sa.Engine) -> None:
    with full.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        connection.commit()
        context = Context(connection)
        with context.ddl.restarted(connection, ForeignKeysOn("t")), context.ddl.transaction(connection):
            context.op.alter_column("t", "email", nullable=False)
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("SELECT count(*) FROM child").scalar() == 2


def test_a_run_that_breaks_references_is_not_committed(full: sa.Engine) -> None:
    with full.connect() as connection:
        context = Context(connection)
        with (
            pytest.raises(MigrateError, match="1 in child to t"),
            context.ddl.restarted(connection, ForeignKeysOn("t")),
            context.ddl.transaction(connection),
        ):
            context.op.alter_column("t", "email", nullable=False)
            context.op.execute("DELETE FROM t WHERE id = 2")
    assert "NOT NULL" not in stored(full)
    assert rows(full, "SELECT count(*) FROM t") == [(2,)]


def test_a_foreign_key_that_fits_no_key_does_not_stop_the_check(full: sa.Engine) -> None:
    script(full, "CREATE TABLE odd (a REFERENCES log (what)); INSERT INTO odd VALUES (1)")
    with full.connect() as connection:
        context = Context(connection)
        with context.ddl.restarted(connection, ForeignKeysOn("t")), context.ddl.transaction(connection):
            context.op.alter_column("t", "email", nullable=False)
    assert "NOT NULL" in stored(full)


def test_a_table_that_nothing_refers_to_is_rebuilt_with_foreign_keys_on(full: sa.Engine) -> None:
    migrate(full, lambda op: op.alter_column("child", "t_id", nullable=False), foreign_keys=True)
    assert rows(full, "SELECT count(*) FROM child") == [(2,)]
    assert "ON DELETE CASCADE NOT NULL" in stored(full, "child")


def test_a_failure_half_way_leaves_nothing(full: sa.Engine) -> None:
    before = rows(full, "SELECT * FROM sqlite_master")

    def change(op: Any) -> None:
        op.create_table("new", sa.Column("id", sa.Integer, primary_key=True))
        op.add_column("t", sa.Column("extra", sa.Integer))
        op.alter_column("t", "note", nullable=False)
        op.execute("INSERT INTO t (id, note, email) VALUES (50, 'x', 'y')")
        op.alter_column("t", "age", nullable=False)
        op.execute("SELECT * FROM nowhere")

    with pytest.raises(sa.exc.OperationalError, match="nowhere"):
        migrate(full, change)
    assert rows(full, "SELECT * FROM sqlite_master") == before
    assert rows(full, "SELECT count(*) FROM t") == [(2,)]


def test_not_null_on_rows_that_are_null_is_refused_whole(full: sa.Engine) -> None:
    with pytest.raises(sa.exc.IntegrityError, match="NOT NULL"):
        migrate(full, lambda op: op.alter_column("t", "o", nullable=False))
    assert rows(full, "SELECT count(*) FROM t") == [(2,)]


def test_several_changes_are_one_rebuild(full: sa.Engine) -> None:
    def change(batch_op: Any) -> None:
        batch_op.alter_column("email", nullable=False, type_=sa.String(80), server_default="e")
        batch_op.add_column(sa.Column("flag", sa.Boolean, nullable=False, server_default=sa.false()))
        batch_op.create_foreign_key("fk_age", "other", ["age"], ["id"], ondelete="CASCADE")
        batch_op.create_check_constraint("ck_age", sa.column("age") < 150)
        batch_op.create_index("ix_flag", ["flag"])
        batch_op.drop_index("ix_expr")
        batch_op.drop_column("note")

    script(full, "INSERT INTO other VALUES (20), (30)")
    context = migrate(full, batch(change))
    assert sum("DROP TABLE" in text for text in context.texts) == 1
    sql = stored(full)
    assert "email VARCHAR(80) DEFAULT 'e' COLLATE NOCASE NOT NULL" in sql
    assert "flag BOOLEAN DEFAULT 0 NOT NULL" in sql
    assert "CONSTRAINT fk_age FOREIGN KEY(age) REFERENCES other (id) ON DELETE CASCADE" in sql
    assert "CONSTRAINT ck_age CHECK (age < 150)" in sql
    assert "note" not in sql and "length" not in sql
    # the unique index over note went with it; the others stay
    names = [
        row[0]
        for row in rows(full, "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
    ]
    assert sorted(names) == ["ix_flag", "ix_partial"]
    assert rows(full, "SELECT id, email, flag FROM t ORDER BY id") == [(1, "a@x", 0), (2, "B@x", 0)]


@pytest.mark.parametrize(
    ("change", "caught"),
    [
        (lambda op: op.drop_constraint("nosuch", type_="foreignkey"), ValueError),
        (lambda op: (op.alter_column("a", type_=sa.Text()), op.drop_index("nosuch")), ValueError),
        (lambda op: op.drop_column("nosuch"), KeyError),
        (lambda op: op.alter_column("nosuch", nullable=False), KeyError),
    ],
)
def test_a_revision_may_catch_what_alembics_batch_raises(
    engine: sa.Engine, change: Callable[[Any], Any], caught: type[Exception]
) -> None:
    """Airflow drops constraints that may be there or not, in ``try`` and ``except ValueError``."""
    script(engine, "CREATE TABLE t (a INTEGER, b INTEGER)")

    def upgrade(op: Operations) -> None:
        with pytest.raises(caught, match="nosuch"), op.batch_alter_table("t") as batch_op:
            change(batch_op)
        with op.batch_alter_table("t") as batch_op:
            batch_op.drop_column("b")

    migrate(engine, upgrade)
    assert "b INTEGER" not in stored(engine)


def test_a_constraint_takes_the_place_of_one_of_its_name(engine: sa.Engine) -> None:
    """Airflow's history makes a unique constraint that is there again, and drops it once."""
    script(engine, "CREATE TABLE t (a INTEGER, b INTEGER, CONSTRAINT uq UNIQUE (a))")
    migrate(engine, batch(lambda op: op.create_unique_constraint("uq", ["a", "b"])))
    assert stored(engine).count("CONSTRAINT uq") == 1 and "UNIQUE (a, b)" in stored(engine)


def test_constraints_that_share_a_name_go_together(engine: sa.Engine) -> None:
    script(engine, "CREATE TABLE t (a INTEGER, CONSTRAINT uq UNIQUE (a), CONSTRAINT uq UNIQUE (a))")
    migrate(engine, batch(lambda op: op.drop_constraint("uq", type_="unique")))
    assert "uq" not in stored(engine)


def test_a_trigger_that_would_break_stops_it(full: sa.Engine) -> None:
    script(full, "CREATE TRIGGER t_up AFTER UPDATE ON t BEGIN INSERT INTO log VALUES (NEW.note); END")
    with pytest.raises(CommandError, match=r"trigger 't_up'.*note"):
        migrate(full, lambda op: op.drop_column("t", "note"))
    assert "note" in stored(full)


def test_a_view_that_would_break_stops_it(full: sa.Engine) -> None:
    with pytest.raises(CommandError, match=r"view 'v'.*email"):
        migrate(full, lambda op: op.drop_column("t", "email"))
    assert "email" in stored(full)
    migrate(full, lambda op: [op.execute("DROP VIEW v"), op.drop_column("t", "email")])
    assert "email" not in stored(full)


def test_rename_follows_into_views_triggers_and_other_tables(full: sa.Engine) -> None:
    context = migrate(full, lambda op: op.alter_column("t", "id", new_column_name="Key"))
    assert [t for t in context.texts if "DROP TABLE" in t] == []
    assert 'REFERENCES t ("Key")' in stored(full, "child").replace("t(", "t (")
    assert '"Key"' in stored(full, "v")
    assert 'NEW."Key"' in stored(full, "t_ins")


def test_rename_with_other_changes(full: sa.Engine) -> None:
    def change(batch_op: Any) -> None:
        batch_op.alter_column("email", new_column_name="mail", nullable=False, type_=sa.Text())
        batch_op.drop_constraint("uq_email", type_="unique")
        batch_op.create_unique_constraint("uq_mail", ["email", "age"])
        batch_op.create_index("ix_mail", ["mail"])

    migrate(full, batch(change))
    sql = stored(full)
    assert "mail TEXT COLLATE NOCASE NOT NULL" in sql
    assert "CONSTRAINT uq_mail UNIQUE (mail, age)" in sql and "uq_email" not in sql
    assert "mail" in stored(full, "v")
    assert rows(full, "SELECT mail FROM t ORDER BY id") == [("a@x",), ("B@x",)]


def test_names_may_be_swapped(engine: sa.Engine) -> None:
    script(engine, "CREATE TABLE t (a TEXT, b TEXT, c TEXT); INSERT INTO t VALUES ('1', '2', '3')")

    def change(batch_op: Any) -> None:
        batch_op.drop_column("b")
        batch_op.alter_column("a", new_column_name="b")

    migrate(engine, batch(change))
    assert rows(engine, "SELECT b, c FROM t") == [("1", "3")]


def test_a_leftover_of_another_tool_is_not_touched(full: sa.Engine) -> None:
    script(full, "CREATE TABLE _alembic_tmp_t (a); INSERT INTO _alembic_tmp_t VALUES (7)")
    migrate(full, lambda op: op.alter_column("t", "email", nullable=False))
    assert rows(full, "SELECT a FROM _alembic_tmp_t") == [(7,)]
    assert "NOT NULL" in stored(full)


@pytest.mark.parametrize(
    ("column", "alter"),
    [
        (lambda: sa.Column("n", sa.Integer), True),
        (lambda: sa.Column("n", sa.Integer, server_default="5", nullable=False), True),
        (lambda: sa.Column("n", sa.String, server_default="it's"), True),
        (lambda: sa.Column("n", sa.Integer, sa.Computed("age + 1", persisted=False)), True),
        (
            lambda: sa.Column("n", sa.Integer, sa.ForeignKey("other.id", name="fk_n", ondelete="SET NULL")),
            True,
        ),
        (lambda: sa.Column("n", sa.Boolean(create_constraint=True, name="ck_n")), True),
        (lambda: sa.Column("n", sa.Integer, index=True), True),
        (lambda: sa.Column("n", sa.DateTime, server_default=sa.func.current_timestamp()), False),
        (lambda: sa.Column("n", sa.DateTime, server_default=sa.text("CURRENT_TIMESTAMP")), False),
        (lambda: sa.Column("n", sa.Integer, sa.Computed("age + 1", persisted=True)), False),
        (lambda: sa.Column("n", sa.Integer, unique=True), False),
        (lambda: sa.Column("n", sa.Integer, sa.ForeignKey("other.id"), server_default="1"), False),
    ],
)
def test_add_column(full: sa.Engine, column: Callable[[], sa.Column[Any]], alter: bool) -> None:
    context = migrate(full, lambda op: op.add_column("t", column()))
    assert ("DROP TABLE t" not in context.texts) == alter
    assert [row[1] for row in rows(full, "PRAGMA table_xinfo(t)")][-1] == "n"
    assert rows(full, "SELECT count(*) FROM t") == [(2,)]
    if column().foreign_keys:
        assert "n" in [row[3] for row in rows(full, "PRAGMA foreign_key_list(t)")]
    if column().unique:
        assert "UNIQUE (n)" in stored(full)
    if column().index:
        assert "ix_t_n" in [row[1] for row in rows(full, "PRAGMA index_list(t)")]


def test_add_not_null_without_default_to_an_empty_table(engine: sa.Engine) -> None:
    script(engine, "CREATE TABLE t (a INT)")
    migrate(engine, lambda op: op.add_column("t", sa.Column("b", sa.Integer, nullable=False)))
    assert stored(engine) == 'CREATE TABLE "t" (a INT, b INTEGER NOT NULL)'


def test_if_exists_and_if_not_exists(full: sa.Engine) -> None:
    before = rows(full, "SELECT * FROM sqlite_master")
    migrate(
        full,
        lambda op: [
            op.add_column("t", sa.Column("age", sa.Integer), if_not_exists=True),
            op.drop_column("t", "nothing", if_exists=True),
            op.drop_constraint("nothing", "t", if_exists=True),
        ],
    )
    assert rows(full, "SELECT * FROM sqlite_master") == before


@pytest.mark.parametrize(
    ("table", "column", "alter"),
    [
        ("CREATE TABLE t (a INT, b INT)", "b", True),
        ("CREATE TABLE t (a INT, b INT UNIQUE)", "b", False),
        ("CREATE TABLE t (a INT, b INT, UNIQUE (a, b))", "b", False),
        ("CREATE TABLE t (a INT, b INT CHECK (b > 0), CHECK (b < 9))", "b", False),
        ("CREATE TABLE t (a INT, b INT REFERENCES t (a))", "b", False),
        ("CREATE TABLE t (a INT, b INT, PRIMARY KEY (a, b))", "b", False),
        ("CREATE TABLE t (a INT, b INT PRIMARY KEY) WITHOUT ROWID", "a", True),
        ("CREATE TABLE t (a INT, b INT); CREATE INDEX i ON t (b)", "b", False),
        ("CREATE TABLE t (a ANY, b TEXT, c INT CHECK (c <> 1)) STRICT", "c", False),
    ],
)
def test_drop_column(engine: sa.Engine, table: str, column: str, alter: bool) -> None:
    script(engine, table)
    other = "a" if column != "a" else "b"
    script(engine, f"INSERT INTO t ({other}, {column}) VALUES (1, 2), (2, 3)")
    context = migrate(engine, lambda op: op.drop_column("t", column))
    assert ("DROP TABLE t" not in context.texts) == alter
    names = [row[1] for row in rows(engine, "PRAGMA table_xinfo(t)")]
    assert column not in names and other in names
    assert rows(engine, f"SELECT {other} FROM t ORDER BY 1") == [(1,), (2,)]
    option = table.split(")")[-1].strip() if ";" not in table else ""
    assert stored(engine).endswith(option)


def test_drop_column_that_a_check_shares_is_refused(engine: sa.Engine) -> None:
    script(engine, "CREATE TABLE t (a INT, b INT, CHECK (a < b))")
    with pytest.raises(CommandError, match="a < b"):
        migrate(engine, lambda op: op.drop_column("t", "b"))


@pytest.mark.parametrize(
    ("table", "name", "kind", "left"),
    [
        ("CREATE TABLE t (a INT, CONSTRAINT u UNIQUE (a))", "u", "unique", "(a INT)"),
        ("CREATE TABLE t (a INT UNIQUE, b INT)", "uq_t_a", "unique", "(a INT, b INT)"),
        ("CREATE TABLE t (a INT, b INT, UNIQUE (a, b))", "uq_t_a_b", None, "(a INT, b INT)"),
        ("CREATE TABLE t (a INT REFERENCES o (x) ON DELETE CASCADE)", "fk_t_a_o", "foreignkey", "(a INT)"),
        ("CREATE TABLE t (a INT, PRIMARY KEY (a))", "anything", "primary", "(a INT)"),
        ("CREATE TABLE t (a INT CONSTRAINT c CHECK (a > 0) NOT NULL)", "c", "check", "(a INT NOT NULL)"),
        ("CREATE TABLE t (a INT, UNIQUE (a))", "u_a", "unique", "(a INT)"),
    ],
)
def test_drop_constraint(engine: sa.Engine, table: str, name: str, kind: str | None, left: str) -> None:
    script(engine, table)
    metadata = sa.MetaData(naming_convention={"uq": "u_%(column_0_name)s"})
    migrate(engine, lambda op: op.drop_constraint(name, "t", type_=kind), metadata)
    assert stored(engine).replace('"t"', "t") == f"CREATE TABLE t {left}"


def test_drop_constraint_that_is_not_there_names_those_that_are(full: sa.Engine) -> None:
    with pytest.raises(CommandError, match=r"'nope'.*uq_email"):
        migrate(full, lambda op: op.drop_constraint("nope", "t", type_="unique"))


def test_unnamed_constraint_by_the_convention_of_the_batch(engine: sa.Engine) -> None:
    script(engine, "CREATE TABLE t (a INT, b INT REFERENCES o (id), UNIQUE (a))")
    convention = {
        "uq": "uq_%(table_name)s__%(column_0_name)s",
        "fk": "fk_%(table_name)s__%(referred_table_name)s",
    }

    def change(batch_op: Any) -> None:
        batch_op.drop_constraint("uq_t__a", type_="unique")
        batch_op.drop_constraint("fk_t__o", type_="foreignkey")

    migrate(engine, batch(change, naming_convention=convention))
    assert stored(engine) == 'CREATE TABLE "t" (a INT, b INT)'


def test_order_of_columns(engine: sa.Engine) -> None:
    script(engine, "CREATE TABLE t (a INT, b INT, c INT); INSERT INTO t VALUES (1, 2, 3)")

    def change(batch_op: Any) -> None:
        batch_op.add_column(sa.Column("x", sa.Integer), insert_after="a")
        batch_op.add_column(sa.Column("y", sa.Integer), insert_before="a")

    migrate(engine, batch(change, recreate="always"))
    assert stored(engine) == 'CREATE TABLE "t" (y INTEGER, a INT, x INTEGER, b INT, c INT)'
    migrate(engine, batch(lambda batch_op: None, recreate="always", partial_reordering=[("c", "b", "a")]))
    assert rows(engine, "SELECT c, b, a FROM t") == [(3, 2, 1)]
    assert [row[1] for row in rows(engine, "PRAGMA table_info(t)")] == ["y", "x", "c", "b", "a"]


def test_types_keep_what_cast_would_lose(engine: sa.Engine) -> None:
    script(engine, "CREATE TABLE t (a TEXT, b TEXT, c VARCHAR, d BLOB, e TEXT)")
    script(engine, "INSERT INTO t VALUES ('12', 'abc', '2020-01-02', x'6162', 'ab')")

    def change(batch_op: Any) -> None:
        batch_op.alter_column("a", type_=sa.Integer())
        batch_op.alter_column("b", type_=sa.Integer())
        batch_op.alter_column("c", type_=sa.DateTime())
        batch_op.alter_column("d", type_=sa.Text())
        batch_op.alter_column("e", type_=sa.LargeBinary())

    migrate(engine, batch(change))
    assert rows(engine, "SELECT * FROM t") == [(12, "abc", "2020-01-02", "ab", b"ab")]


@pytest.mark.parametrize("named", [True, False])
def test_enum_values_change_with_their_check(engine: sa.Engine, named: bool) -> None:
    name = "state" if named else None
    old = sa.Enum("a", "b", name=name, create_constraint=True)
    new = sa.Enum("a", "b", "c", name=name, create_constraint=True)
    migrate(engine, lambda op: op.create_table("t", sa.Column("s", old), sa.Column("n", sa.Integer)))
    script(engine, "INSERT INTO t VALUES ('a', 1)")
    migrate(engine, batch(lambda b: b.alter_column("s", type_=new, existing_type=old)))
    script(engine, "INSERT INTO t VALUES ('c', 2)")
    assert stored(engine).count("CHECK") == 1
    migrate(engine, batch(lambda b: b.drop_column("s")))
    assert rows(engine, "SELECT n FROM t") == [(1,), (2,)]


def test_a_check_of_somebody_else_on_an_enum_stays(engine: sa.Engine) -> None:
    script(engine, "CREATE TABLE t (s VARCHAR(1), CONSTRAINT mine CHECK (s IN ('a', 'b')))")
    old, new = sa.Enum("a", "b", name="s"), sa.Enum("a", "b", "cc", name="s")
    migrate(engine, batch(lambda b: b.alter_column("s", type_=new, existing_type=old)))
    assert stored(engine) == "CREATE TABLE \"t\" (s VARCHAR(2), CONSTRAINT mine CHECK (s IN ('a', 'b')))"


def test_a_check_named_by_the_convention_changes_with_its_type(engine: sa.Engine) -> None:
    metadata = sa.MetaData(naming_convention={"ck": "ck_%(table_name)s_%(constraint_name)s"})
    old = sa.Enum("a", "b", name="s", create_constraint=True)
    new = sa.Enum("a", "c", name="s", create_constraint=True)
    migrate(engine, lambda op: op.create_table("t", sa.Column("s", old)), metadata)
    migrate(engine, batch(lambda b: b.alter_column("s", type_=new, existing_type=old)), metadata)
    assert stored(engine).count("CONSTRAINT ck_t_s CHECK (s IN ('a', 'c'))") == 1
    assert stored(engine).count("CHECK") == 1


columns = st.lists(
    st.sampled_from(
        [
            "INTEGER",
            "VARCHAR(9) COLLATE NOCASE DEFAULT 'x'",
            "REAL CHECK (1 < 2) -- why not\n",
            "",
            "BLOB",
            "NUMERIC(5, 2) CONSTRAINT n NOT NULL ON CONFLICT ABORT",
            "TEXT /* free */",
        ]
    ),
    min_size=1,
    max_size=4,
)
values = st.one_of(st.integers(-5, 5), st.text("aé'", max_size=3), st.binary(max_size=2), st.just(1.5))


@settings(max_examples=40, deadline=None)
@given(columns, st.lists(st.lists(values, min_size=5, max_size=5), max_size=4))
def test_a_change_and_its_reverse_leave_text_and_rows(definitions: list[str], data: list[list[Any]]) -> None:
    engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
    named = [f"c{number} {definition}" for number, definition in enumerate(definitions)]
    script(engine, f"CREATE TABLE t (id, {', '.join(named)})")
    script(engine, "CREATE INDEX i ON t (id DESC)")
    with engine.begin() as connection:
        for row in data:
            marks = ", ".join("?" * (len(named) + 1))
            connection.exec_driver_sql(f"INSERT INTO t VALUES ({marks})", tuple(row[: len(named) + 1]))
    before = rows(engine, "SELECT * FROM t ORDER BY rowid"), stored(engine), stored(engine, "i")

    def there(batch_op: Any) -> None:
        batch_op.alter_column("id", nullable=False, new_column_name="num", server_default="k")
        batch_op.add_column(sa.Column("more", sa.Integer, server_default=sa.text("1 + 1")))
        batch_op.create_unique_constraint("uq", ["more", "num"]) if not data else None

    def back(batch_op: Any) -> None:
        if not data:
            batch_op.drop_constraint("uq", type_="unique")
        batch_op.drop_column("more")
        batch_op.alter_column("num", nullable=True, new_column_name="id", server_default=None)

    migrate(engine, batch(there))
    if data:
        assert rows(engine, "SELECT DISTINCT more FROM t") == [(2,)]
    migrate(engine, batch(back))
    after = rows(engine, "SELECT * FROM t ORDER BY rowid"), stored(engine), stored(engine, "i")
    assert after == (before[0], before[1].replace("CREATE TABLE t", 'CREATE TABLE "t"'), before[2])
    engine.dispose()


def test_primary_key_is_replaced(engine: sa.Engine) -> None:
    script(engine, "CREATE TABLE t (a INTEGER PRIMARY KEY, b INT NOT NULL); INSERT INTO t VALUES (1, 5)")
    migrate(engine, lambda op: op.create_primary_key("pk", "t", ["a", "b"]))
    assert stored(engine) == 'CREATE TABLE "t" (a INTEGER, b INT NOT NULL, CONSTRAINT pk PRIMARY KEY (a, b))'


def test_table_args_and_kwargs(engine: sa.Engine) -> None:
    script(engine, "CREATE TABLE t (id INTEGER, a INT, PRIMARY KEY (id), CHECK (a > 0))")
    arguments = [sa.CheckConstraint("a > 0", name="again"), sa.UniqueConstraint("a", name="uq_a")]
    kw = {"sqlite_autoincrement": True}
    migrate(
        engine, batch(lambda b: b.alter_column("a", nullable=False), table_args=arguments, table_kwargs=kw)
    )
    assert stored(engine) == (
        'CREATE TABLE "t" (id INTEGER, a INT NOT NULL, PRIMARY KEY (id AUTOINCREMENT), CHECK (a > 0), '
        "CONSTRAINT uq_a UNIQUE (a))"
    )


def test_copy_from_is_what_the_table_is_taken_for(full: sa.Engine) -> None:
    script(full, "CREATE TABLE c (id INTEGER PRIMARY KEY, a INT UNIQUE); INSERT INTO c VALUES (1, 2)")
    table = sa.Table(
        "c",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.Integer, sa.ForeignKey("other.id")),
        sa.UniqueConstraint("a", name="uq_a"),
    )
    migrate(full, batch(lambda b: b.drop_constraint("uq_a", type_="unique"), table="c", copy_from=table))
    assert "UNIQUE" not in stored(full, "c") and "FOREIGN KEY" in stored(full, "c")
    assert rows(full, "SELECT * FROM c") == [(1, 2)]
    short = sa.Table("c", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True))
    with pytest.raises(CommandError, match="lacks the columns a"):
        migrate(full, batch(lambda b: b.alter_column("id", nullable=False), table="c", copy_from=short))


@rebuilt
def test_rows_that_a_conflict_clause_would_drop_stop_it(engine: sa.Engine) -> None:
    script(engine, "CREATE TABLE t (a INT, b INT); INSERT INTO t VALUES (1, 1), (1, 2)")
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer), sa.Column("b", sa.Integer))
    table.append_constraint(sa.UniqueConstraint("a", sqlite_on_conflict="REPLACE"))
    with pytest.raises(MigrateError, match="1 of 2 rows"):
        migrate(engine, batch(lambda b: b.alter_column("b", nullable=False), copy_from=table))
    assert rows(engine, "SELECT count(*) FROM t") == [(2,)]


@rebuilt
def test_the_connection_of_somebody_else_is_atomic_too(full: sa.Engine) -> None:
    with full.connect() as connection:
        outer = connection.begin()
        context = Context(connection)
        context.op.alter_column("t", "email", nullable=False)
        outer.rollback()
    assert "email VARCHAR(50) COLLATE NOCASE," in stored(full)
    assert rows(full, "SELECT count(*) FROM t") == [(2,)]


def test_attached_schema(full: sa.Engine, tmp_path: Path) -> None:
    with full.connect() as connection:
        connection.exec_driver_sql(f"ATTACH '{tmp_path / 'second'}' AS \"my s\"")
        for sql in (
            'CREATE TABLE "my s".t (a INT, b INT)',
            'CREATE INDEX "my s".i ON t (b)',
            'CREATE TRIGGER "my s".g AFTER INSERT ON t BEGIN DELETE FROM t WHERE b = 7; END',
            'INSERT INTO "my s".t VALUES (1, 2)',
        ):
            connection.exec_driver_sql(sql)
        connection.commit()
        context = Context(connection)
        with context.ddl.transaction(connection):
            context.op.alter_column("t", "a", nullable=False, schema="my s")
        found = connection.exec_driver_sql('SELECT name FROM "my s".sqlite_master ORDER BY 1').scalars().all()
        assert found == ["g", "i", "t"]
        assert connection.exec_driver_sql('SELECT * FROM "my s".t').all() == [(1, 2)]
    assert re.search(r"email VARCHAR\(50\) COLLATE NOCASE,", stored(full))


def test_a_new_columns_own_check_is_part_of_it(sqlite_url: str) -> None:
    engine = sa.create_engine(sqlite_url)
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a INT)")
        ddl = dialect_for(connection.dialect, connection=connection)
        column = sa.Column("n", sa.Integer, sa.CheckConstraint("n > 1"), unique=True)
        for statement in ddl.emit(ops.AddColumnOp("t", column)):
            construct = statement.construct
            if isinstance(construct, str):
                connection.exec_driver_sql(construct)
            else:
                connection.execute(construct)
        sql = connection.exec_driver_sql("SELECT sql FROM sqlite_schema WHERE name = 't'").scalar_one()
        assert "CHECK (n > 1)" in sql and "UNIQUE (n)" in sql
    engine.dispose()
