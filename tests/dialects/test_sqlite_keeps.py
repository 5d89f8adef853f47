"""Whatever kind of change rebuilds a table, everything else on it and around it stays: row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from harness.sqlite_case import SCHEMA, migrate, objects, rows, run_script
from sqlalchemy.pool import NullPool

Change = Callable[[Any], Any]

# one kind of change each, on a column or constraint that no row of the list below is about
CHANGES: dict[str, Change] = {
    "nothing": lambda batch_op: None,
    "type": lambda batch_op: batch_op.alter_column("spare", type_=sa.Integer()),
    "not_null": lambda batch_op: batch_op.alter_column("note", nullable=False),
    "default": lambda batch_op: batch_op.alter_column("spare", server_default=sa.func.current_timestamp()),
    "rename": lambda batch_op: batch_op.alter_column("spare", new_column_name="Extra"),
    "add_column": lambda batch_op: batch_op.add_column(
        sa.Column("more", sa.Integer, nullable=False, server_default="7")
    ),
    "add_column_in_the_middle": lambda batch_op: batch_op.add_column(
        sa.Column("more", sa.Integer, server_default=sa.text("(1 + 1)")), insert_before="note"
    ),
    "add_generated": lambda batch_op: batch_op.add_column(
        sa.Column("more", sa.Text, sa.Computed("note || '!'", persisted=True))
    ),
    "drop_column": lambda batch_op: batch_op.drop_column("spare"),
    "reorder": lambda batch_op: batch_op.alter_column("spare", insert_before="note"),
    "unique": lambda batch_op: batch_op.create_unique_constraint("uq_more", ["note", "spare"]),
    "check": lambda batch_op: batch_op.create_check_constraint("ck_more", "spare IS NULL"),
    "foreign_key": lambda batch_op: batch_op.create_foreign_key("fk_more", "other", ["spare"], ["id"]),
    "index": lambda batch_op: batch_op.create_index("ix_more", ["spare"]),
}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'db'}", poolclass=NullPool)
    run_script(engine, SCHEMA)
    yield engine
    engine.dispose()


def fails(engine: sa.Engine, sql: str) -> bool:
    """Whether a statement is refused; nothing of it stays."""
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        transaction = connection.begin_nested()
        try:
            connection.exec_driver_sql(sql)
        except sa.exc.IntegrityError:
            return True
        finally:
            transaction.rollback()
            connection.rollback()
    return False


def kept_things(engine: sa.Engine) -> dict[str, bool]:
    """Each row of the list, and whether it holds."""
    texts = objects(engine)
    table = texts["t"]
    found = {
        "rows of cascading children": rows(engine, "SELECT * FROM child ORDER BY 1") == [(1, 1), (2, 2)],
        "own rows": rows(engine, "SELECT id, email, age, o, note FROM t ORDER BY id")
        == [(1, "a@x", 20, 1, "n"), (2, "B@x", 30, None, "m")],
        "a view on it": rows(engine, "SELECT * FROM v ORDER BY 1") == [(1, "a@x"), (2, "B@x")],
        "triggers on it": texts["t_ins"].endswith("VALUES ('t; ' || NEW.id); END"),
        "triggers elsewhere that mention it": "UPDATE t SET note = 'orphan'" in texts["other_del"],
        "generated columns": rows(engine, "SELECT twice, thrice FROM t ORDER BY id") == [(40, 60), (60, 90)]
        and "GENERATED ALWAYS AS (age * 2) STORED" in table
        and "thrice INT AS (age * 3)" in table,
        "expression index": texts["ix_expr"] == "CREATE INDEX ix_expr ON t (lower(note))",
        "partial index": texts["ix_partial"] == "CREATE INDEX ix_partial ON t (age) WHERE age > 20",
        "DESC and COLLATE of an index": "(age DESC, note COLLATE NOCASE)" in texts["ix_desc"],
        "unique index": fails(engine, "INSERT INTO t (note, age) VALUES ('n', 20)"),
        "COLLATE of a column": rows(engine, "SELECT id FROM t WHERE email = 'b@X'") == [(2,)],
        "unnamed CHECKs": fails(engine, "UPDATE t SET age = -1")
        and fails(engine, "UPDATE t SET note = printf('%200d', id)"),
        "named CHECKs": fails(engine, "UPDATE t SET note = 'bad'") and "CONSTRAINT ck_note" in table,
        "actions of inline foreign keys": "ON DELETE SET NULL ON UPDATE CASCADE" in table,
        "DEFERRABLE": "DEFERRABLE INITIALLY DEFERRED" in table,
        "ON CONFLICT": "UNIQUE (email) ON CONFLICT REPLACE" in table,
        "AUTOINCREMENT": "PRIMARY KEY AUTOINCREMENT" in table,
        "its counter": rows(engine, "SELECT name, seq FROM sqlite_sequence") == [("t", 9)],
        "STRICT": fails(engine, "INSERT INTO s (id, note) VALUES (9, x'00')")
        and texts["s"].endswith("STRICT"),
        "ANY in a STRICT table": rows(engine, "SELECT typeof(thing) FROM s ORDER BY id")
        == [("integer",), ("text",), ("blob",)],
        "WITHOUT ROWID": texts["w"].endswith("WITHOUT ROWID")
        and rows(engine, "SELECT code, nr, note FROM w ORDER BY 1") == [("a", 1, "x"), ("b", 2, "y")],
        "comments in its text": "-- the key" in table and "/* free text */" in table,
        "no leftover table": not [name for name in texts if name.startswith("_alembic_tmp_")],
        "intact": rows(engine, "PRAGMA integrity_check") == [("ok",)]
        and rows(engine, "PRAGMA foreign_key_check(child)") == [],
    }
    order = [row[0] for row in rows(engine, "SELECT name FROM pragma_table_xinfo('t')")]
    known = [name for name in order if name not in ("more", "spare", "Extra")]
    found["column order"] = known == ["id", "email", "age", "o", "twice", "thrice", "note"]
    return found


@pytest.mark.parametrize("foreign_keys", [True, False], ids=["enforced", "not"])
@pytest.mark.parametrize("change", CHANGES)
def test_every_kind_of_change_keeps_everything(engine: sa.Engine, change: str, foreign_keys: bool) -> None:
    """M3: DATABASES.md 3, on an ordinary, a STRICT and a WITHOUT ROWID table at once."""
    before = objects(engine)

    def run(op: Any) -> None:
        for table in ("t", "s", "w"):
            with op.batch_alter_table(table, recreate="always") as batch_op:
                if table == "t" or change != "index":
                    CHANGES[change](batch_op)

    assert set(kept_things(engine).values()) == {True}
    context = migrate(engine, run, foreign_keys=foreign_keys)
    assert context.rebuilds == 3
    found = kept_things(engine)
    assert [what for what, holds in found.items() if not holds] == []
    after = objects(engine)
    same = {name: text for name, text in before.items() if name not in ("t", "s", "w")}
    assert {name: after[name] for name in same} == same
    if change == "nothing":
        assert after == before
    # the trigger works, and ids that were given out once are not given out again
    run_script(engine, "INSERT INTO t (email, age, note) VALUES ('d@x', 50, 'new')")
    assert rows(engine, "SELECT what FROM log") == [("t; 1",), ("t; 2",), ("t; 9",), ("t; 10",)]


def test_the_counter_is_kept_when_the_table_is_empty(engine: sa.Engine) -> None:
    run_script(engine, "DELETE FROM child; DELETE FROM t")
    migrate(engine, lambda op: op.alter_column("t", "note", type_=sa.String(80)))
    run_script(engine, "INSERT INTO t (email, age, note) VALUES ('d@x', 50, 'new')")
    assert rows(engine, "SELECT id FROM t") == [(10,)]


def test_a_leftover_of_plain_alembic_does_not_stop_a_batch(engine: sa.Engine) -> None:
    """M3: what a crash of either tool left behind is neither taken nor touched."""
    run_script(engine, "CREATE TABLE _alembic_tmp_t (x); INSERT INTO _alembic_tmp_t VALUES (5)")
    for note in (80, 90):
        migrate(engine, lambda op, note=note: op.alter_column("t", "note", type_=sa.String(note)))
    assert rows(engine, "SELECT x FROM _alembic_tmp_t") == [(5,)]
    assert "note VARCHAR(90)" in objects(engine)["t"]


@pytest.mark.parametrize(
    "trouble",
    ["INSERT INTO nowhere VALUES (1)", "INSERT INTO s (id, note) VALUES (1, 'twice')"],
    ids=["no such table", "constraint"],
)
def test_a_failure_behind_a_rebuild_leaves_no_trace(engine: sa.Engine, trouble: str) -> None:
    before, data = objects(engine), rows(engine, "SELECT * FROM t ORDER BY id")

    def run(op: Any) -> None:
        op.alter_column("t", "note", type_=sa.String(80))
        op.drop_column("s", "spare")
        op.execute(trouble)

    with pytest.raises(sa.exc.DBAPIError):
        migrate(engine, run, foreign_keys=True)
    assert objects(engine) == before and rows(engine, "SELECT * FROM t ORDER BY id") == data
    assert rows(engine, "PRAGMA foreign_key_check") == [] and kept_things(engine)["no leftover table"]


def test_a_foreign_key_that_rows_break_is_refused_with_foreign_keys_off(engine: sa.Engine) -> None:
    before = objects(engine)
    from nbmigrate.errors import MigrateError

    with pytest.raises(MigrateError, match=r"'t': 2 of its rows would refer to rows of 'other'"):
        migrate(engine, lambda op: op.create_foreign_key("f", "t", "other", ["age"], ["id"]))
    assert objects(engine) == before


def test_temporary_views_and_triggers_are_kept(engine: sa.Engine) -> None:
    from harness.sqlite_case import Context

    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TEMP TABLE seen (id)")
        connection.exec_driver_sql("CREATE TEMP VIEW tv AS SELECT id FROM w2")
        connection.exec_driver_sql("CREATE TABLE w2 (id INT, b TEXT)")
        connection.exec_driver_sql(
            "CREATE TEMP TRIGGER tt AFTER INSERT ON w2 BEGIN INSERT INTO seen VALUES (NEW.id); END"
        )
        connection.commit()
        context = Context(connection)
        with context.ddl.transaction(connection):
            context.op.alter_column("w2", "b", nullable=False, type_=sa.String(5))
        connection.exec_driver_sql("INSERT INTO w2 VALUES (4, 'x')")
        assert connection.exec_driver_sql("SELECT * FROM tv").all() == [(4,)]
        assert connection.exec_driver_sql("SELECT * FROM seen").all() == [(4,)]
