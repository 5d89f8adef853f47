"""A lock that can't be had is said to be held by whom in this kernel, with the line that lets go of it."""

from __future__ import annotations

import gc
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from IPython.core.interactiveshell import InteractiveShell
from sqlalchemy.orm import Session

from nbmigrate.errors import LockTimeout, MigrationFailed
from nbmigrate.notebook import load
from nbmigrate.notebook.culprits import culprits, is_lock_error, tell_culprits


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    gc.collect()
    made = sa.create_engine(f"sqlite:///{tmp_path / 'shared.db'}")
    with made.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("INSERT INTO t VALUES (1), (2), (3)")
    yield made
    made.dispose()


def test_a_session_is_named_with_the_line_that_ends_it(engine: sa.Engine) -> None:
    with Session(engine) as session:
        session.execute(sa.text("SELECT 1"))
        found = list(culprits({"session": session, "engine": engine}))
        assert found == ["session (a Session with a transaction open): session.rollback(), or commit()"]
    assert list(culprits({"session": session})) == []


def test_a_connection_and_a_result_that_was_read_by_half(engine: sa.Engine) -> None:
    connection = engine.connect()
    assert list(culprits({"connection": connection})) == []
    result = connection.execute(sa.text("SELECT * FROM t"))
    result.fetchone()
    assert "connection (a connection with a transaction open): connection.rollback()" in list(
        culprits({"connection": connection})
    )
    assert list(culprits({"rows": result})) == [
        "rows (a result, its connection is still open): rows.connection.close()"
    ]
    connection.close()


def test_a_plain_sqlite3_connection(engine: sa.Engine, tmp_path: Path) -> None:
    raw = sqlite3.connect(tmp_path / "shared.db")
    raw.execute("INSERT INTO t VALUES (9)")
    assert list(culprits({"raw": raw})) == [
        "raw (a sqlite3 connection with a transaction open): raw.rollback()"
    ]
    raw.rollback()
    assert list(culprits({"raw": raw})) == []
    raw.close()


def test_a_connection_that_no_variable_holds_is_found_too(engine: sa.Engine) -> None:
    hidden = [engine.connect()]
    hidden[0].exec_driver_sql("SELECT 1")
    (text,) = culprits({"engine": engine})
    assert (
        text.startswith("a connection of engine that no variable holds: ") and "close_all_sessions()" in text
    )
    hidden[0].close()
    assert list(culprits({"engine": engine})) == []


def test_no_password_is_told(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'x.db'}")
    secret = engine.url.set(username="me", password="hunter2")
    connection = engine.connect()
    connection.exec_driver_sql("SELECT 1")
    engine.url = secret
    assert "hunter2" not in " ".join(culprits({}))
    connection.close()
    engine.dispose()


def test_jupysql(monkeypatch: pytest.MonkeyPatch) -> None:
    manager = SimpleNamespace(connections={"duck": SimpleNamespace(_connection=None)})
    monkeypatch.setitem(sys.modules, "sql.connection", SimpleNamespace(ConnectionManager=manager))
    assert "JupySQL's connection duck: %sql --close duck" in list(culprits({}))


@pytest.mark.parametrize(
    ("error", "locked"),
    [
        (sqlite3.OperationalError("database is locked"), True),
        (sqlite3.OperationalError("no such table"), False),
        (LockTimeout("another migration run is under way on this database"), True),
        (MigrationFailed("(1205, 'Lock wait timeout exceeded; try restarting transaction')"), True),
        (MigrationFailed("canceling statement due to lock timeout"), True),
        (OSError('IO Error: Could not set lock on file "x.duckdb": Conflicting lock is held in PID 7'), True),
    ],
)
def test_what_is_a_lock_error(error: Exception, locked: bool) -> None:
    assert is_lock_error(error) is locked


def test_only_a_lock_error_gets_more_words(engine: sa.Engine) -> None:
    with Session(engine) as session:
        session.execute(sa.text("SELECT 1"))
        other = ValueError("no such table")
        tell_culprits(other, {"session": session})
        assert str(other) == "no such table"
        error = LockTimeout("database is locked")
        tell_culprits(error, {"session": session})
        assert str(error).startswith("database is locked. Held open in this kernel: session (a Session")


def test_in_a_notebook(engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The session of an earlier cell has flushed; the magic says so; after its line the run goes through."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.history_manager.enabled = False
    try:
        load(shell)
        session = Session(engine)
        shell.user_ns.update(session=session, engine=engine)
        shell.run_line_magic("migrate", "connect engine")
        shell.run_cell_magic("revision", "second", 'op.add_column("t", sa.Column("x", sa.Integer))\n')
        session.execute(sa.text("INSERT INTO t VALUES (9)"))
        with pytest.raises(Exception, match="is locked") as failed:
            shell.run_line_magic("migrate", "upgrade --lock-timeout 0.05")
        assert "session (a Session with a transaction open): session.rollback()" in str(failed.value)
        session.rollback()
        assert len(shell.run_line_magic("migrate", "upgrade").steps) == 1
        session.close()
    finally:
        shell.history_manager.end_session()
        InteractiveShell.clear_instance()
