"""A run that ends half-way on MariaDB, which takes no DDL back: carried on, taken back, or told."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pymysql
import pytest
import sqlalchemy as sa

from nbmigrate import Migrator
from nbmigrate.errors import CommandError, MigrationFailed, UnfinishedRun

pytestmark = pytest.mark.mariadb

FIRST = """
revision = "a1"
down_revision = None
import sqlalchemy as sa
from alembic import op

def upgrade():
    op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Integer))

def downgrade():
    op.drop_table("t")
"""
SECOND = """
revision = "b2"
down_revision = "a1"
import sqlalchemy as sa
from alembic import op

def upgrade():
    op.add_column("t", sa.Column("x", sa.Integer))
    op.bulk_insert(sa.table("t", sa.column("id"), sa.column("n")), [{"id": 1, "n": 1}, {"id": 2, "n": 2}])
    op.create_index("ix_t_n", "t", ["n"])
    op.get_bind().execute(sa.text("UPDATE t SET n = n + 10"))
    %s
    op.create_table("u", sa.Column("id", sa.Integer, primary_key=True))

def downgrade():
    op.drop_table("u")
    op.execute("UPDATE t SET n = n - 10")
    op.drop_index("ix_t_n", "t")
    op.drop_column("t", "x")
    op.execute("DELETE FROM t")
"""


class Project:
    """A folder of two revisions, the second of which can be made to fail, and a database."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.versions = folder / "migrations" / "versions"
        self.folder = folder
        Migrator(url, directory=str(folder / "migrations")).init(str(folder / "migrations"))
        (self.versions / "a1_first.py").write_text(FIRST)
        self.second("pass")
        self.engine = sa.create_engine(url)

    def second(self, line: str) -> None:
        (self.versions / "b2_second.py").write_text(SECOND % line)

    @property
    def migrator(self) -> Migrator:
        return Migrator(self.url, directory=str(self.folder / "migrations"))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query)]

    def tables(self) -> list[str]:
        return sorted(name for (name,) in self.rows("SHOW TABLES"))

    def finished(self) -> None:
        """Everything is there, once, and the journal is gone."""
        assert self.tables() == ["alembic_version", "t", "u"]
        assert self.rows("SELECT id, n FROM t ORDER BY id") == [(1, 11), (2, 12)]
        assert self.rows("SELECT version_num FROM alembic_version") == [("b2",)]
        assert [i["name"] for i in sa.inspect(self.engine).get_indexes("t")] == ["ix_t_n"]

    def at_the_first(self) -> None:
        """As after the first revision."""
        assert self.tables() == ["alembic_version", "t"]
        assert self.rows("SELECT version_num FROM alembic_version") == [("a1",)]
        assert [c["name"] for c in sa.inspect(self.engine).get_columns("t")] == ["id", "n"]
        assert sa.inspect(self.engine).get_indexes("t") == []


@pytest.fixture
def project(mariadb_url: str, tmp_path: Path) -> Any:
    made = Project(mariadb_url, tmp_path)
    yield made
    made.engine.dispose()


def test_the_journal_is_there_only_while_a_run_is_unfinished(project: Project) -> None:
    seen: list[list[str]] = []
    project.second("op.get_bind().info = None")
    project.second("op.execute('INSERT INTO seen SELECT table_name FROM information_schema.tables')")
    with project.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE seen (name VARCHAR(64))")
    project.migrator.upgrade()
    seen = [name for (name,) in project.rows("SELECT name FROM seen WHERE name LIKE 'alembic%%'")]
    assert sorted(seen) == ["alembic_version", "alembic_version_journal"]
    assert project.tables() == ["alembic_version", "seen", "t", "u"]


def test_a_script_that_fails_is_carried_on_with_when_the_reason_is_gone(project: Project) -> None:
    """The reason lies outside of the script: a table in the way."""
    with project.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE u (a INT)")
    with pytest.raises(MigrationFailed) as failed:
        project.migrator.upgrade()
    assert "its first 4 statements are done and stay" in str(failed.value)
    assert "the version is still a1" in str(failed.value)
    assert "`upgrade` carries on after that; `upgrade --undo` takes it back" in str(failed.value)
    with project.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE u")
    project.migrator.upgrade()
    project.finished()


def test_an_edited_script_is_refused_with_what_is_done_and_the_ways_out(project: Project) -> None:
    project.second("raise ValueError('half-way')")
    with pytest.raises(MigrationFailed, match="its first 3 statements are done"):
        project.migrator.upgrade()
    project.second("pass")
    with pytest.raises(UnfinishedRun) as refused:
        project.migrator.upgrade()
    text = str(refused.value)
    assert "b2_second.py was edited since" in text
    assert "`upgrade --resume`" in text and "`upgrade --undo`" in text and "`stamp`" in text
    assert text.splitlines()[1:] == [
        "  1. ALTER TABLE t ADD COLUMN x INTEGER",
        "  2. INSERT INTO t (id, n) VALUES (%(id)s, %(n)s)",
        "  3. CREATE INDEX ix_t_n ON t (n)",
    ]
    assert refused.value.revision == "b2" and len(refused.value.done) == 3
    page = (Path(__file__).parents[2] / "docs" / "errors.md").read_text()
    (begin,) = re.findall(r"^Example: `(unfinished: .*), begun", page, re.M)
    (end,) = re.findall(r"^Example: `unfinished: .* process \d+(; .* edited since)`", page, re.M)
    assert text.startswith(begin) and end.replace("migrations/", f"{project.folder}/migrations/") in text
    project.migrator.upgrade(resume=True)
    project.finished()


def test_statements_that_were_edited_away_are_never_guessed_at(project: Project) -> None:
    project.second("raise ValueError('half-way')")
    with pytest.raises(MigrationFailed):
        project.migrator.upgrade()
    path = project.versions / "b2_second.py"
    path.write_text(path.read_text().replace('"x", sa.Integer', '"x", sa.Text'))
    with pytest.raises(
        MigrationFailed, match="statement 1 of b2 is another one now: `ALTER TABLE t ADD COLUMN x"
    ):
        project.migrator.upgrade(resume=True)
    assert "alembic_version_journal" in project.tables()


def test_undo_takes_back_what_is_done(project: Project) -> None:
    """Rows that were inserted by key have a way back too; the UPDATE was never reached."""
    project.second("pass")
    path = project.versions / "b2_second.py"
    path.write_text(
        path.read_text().replace('op.get_bind().execute(sa.text("UPDATE t', 'raise ValueError(("UPDATE t')
    )
    path.write_text(path.read_text().replace("op.bulk_insert(sa.table", "0 and (sa.table"))
    with pytest.raises(MigrationFailed, match="its first 2 statements are done"):
        project.migrator.upgrade()
    run = project.migrator.upgrade(undo=True)
    undone, stands = str(run).splitlines()
    assert undone == "Undid the unfinished upgrade of b2: its 2 statements are taken back"
    assert stands.endswith(" is at a1") and (run.before, run.after) == (("a1",), ("a1",))  # type: ignore[union-attr]
    project.at_the_first()
    with pytest.raises(CommandError, match="No unfinished run to undo"):
        project.migrator.upgrade(undo=True)


def test_undo_refuses_what_has_no_way_back_and_changes_nothing(project: Project) -> None:
    project.second("raise ValueError('half-way')")
    path = project.versions / "b2_second.py"
    path.write_text(path.read_text().replace("op.bulk_insert(", 'op.execute("UPDATE t SET n = 1"); 0 and ('))
    with pytest.raises(MigrationFailed, match="statements are done"):
        project.migrator.upgrade()
    before = project.tables()
    with pytest.raises(CommandError, match="can't be taken back by itself"):
        project.migrator.upgrade(undo=True)
    assert project.tables() == before
    assert [c["name"] for c in sa.inspect(project.engine).get_columns("t")] == ["id", "n", "x"]


def test_another_verb_is_refused_and_stamp_settles_it(project: Project) -> None:
    project.second("raise ValueError('half-way')")
    with pytest.raises(MigrationFailed):
        project.migrator.upgrade()
    with pytest.raises(UnfinishedRun, match="has to be settled first"):
        project.migrator.downgrade("base")
    assert "unfinished: upgrade of b2" in str(project.migrator.current())
    assert str(project.migrator.current()).startswith("unfinished: ")
    project.migrator.stamp("b2")
    assert "alembic_version_journal" not in project.tables()
    assert "unfinished" not in str(project.migrator.current())


def test_a_failure_before_anything_was_done_leaves_no_journal(project: Project) -> None:
    path = project.versions / "b2_second.py"
    path.write_text(
        path.read_text().replace('op.add_column("t", sa.Column("x"', 'op.add_column("t", sa.Column("n"')
    )
    with pytest.raises(MigrationFailed, match="nothing of the step was done, the database is at a1"):
        project.migrator.upgrade()
    assert project.tables() == ["alembic_version", "t"]


def test_a_downgrade_is_carried_on_with(project: Project) -> None:
    project.migrator.upgrade()
    with project.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE t RENAME INDEX ix_t_n TO other")
    with pytest.raises(MigrationFailed, match="its first 2 statements are done"):
        project.migrator.downgrade("a1")
    with pytest.raises(UnfinishedRun, match="has to be settled first"):
        project.migrator.upgrade()
    with project.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE t RENAME INDEX other TO ix_t_n")
    project.migrator.downgrade("a1")
    project.at_the_first()


def test_rows_are_written_down_where_something_commits_them(project: Project) -> None:
    """One statement for each CREATE, with all rows before it; none for what the version's move commits."""
    sent: list[str] = []
    path = project.versions / "b2_second.py"
    path.write_text(
        path.read_text()
        .replace("    op.create_index", "    op.execute('UPDATE t SET n = n')\n    op.create_index")
        .replace("def downgrade", "    op.execute('INSERT INTO u VALUES (1)')\n\ndef downgrade")
    )
    engine = sa.create_engine(project.url)
    real = pymysql.cursors.Cursor
    execute = real.execute

    def noted(self: Any, query: Any, args: Any = None) -> Any:
        sent.append(query if isinstance(query, str) else bytes(query).decode())
        return execute(self, query, args)

    project.migrator.upgrade("a1")
    sent.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(real, "execute", noted)
        project.migrator.upgrade()
    engine.dispose()
    words = [
        "row" if "alembic_version_journal" in text else text.split()[0]
        for text in sent
        if re.match(r"\s*(INSERT INTO (`?alembic_version_journal|[tu] )|UPDATE|CREATE|ALTER)", text)
    ]
    # the first two are the journal itself and its row about the run
    assert words == [
        *("row", "row"),
        *("row", "ALTER"),
        *("INSERT", "UPDATE", "row", "CREATE"),
        *("UPDATE", "row", "CREATE"),
        *("INSERT", "UPDATE"),
    ]


def test_what_a_script_commits_by_itself_is_not_done_twice(project: Project) -> None:
    """An autocommit_block commits the UPDATE before it, and what is in it by itself."""
    block = "with op.get_context().autocommit_block(): op.execute('UPDATE t SET n = n + 0')"
    project.second(f"exec({block!r}, globals()); raise ValueError('half-way')")
    path = project.versions / "b2_second.py"
    failing = path.read_text()
    with pytest.raises(MigrationFailed, match="its first 5 statements are done and stay"):
        project.migrator.upgrade()
    assert project.rows("SELECT id, n FROM t ORDER BY id") == [(1, 11), (2, 12)]
    path.write_text(failing.replace("; raise ValueError('half-way')", ""))
    project.migrator.upgrade(resume=True)
    project.finished()


DIES = """
import os, signal, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
from nbmigrate import Migrator
url, folder, number, when = sys.argv[1:]
seen = 0
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
def count(connection, cursor, statement, *_):
    global seen
    if statement.split()[0] in ("ALTER", "INSERT", "CREATE", "UPDATE") and "alembic_version" not in statement:
        seen += 1
        if seen == int(number):
            if when == "before":
                die()
            event.listen(Engine, "after_cursor_execute", die)
event.listen(Engine, "before_cursor_execute", count)
Migrator(url, directory=folder).upgrade()
"""


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(1, 7))
def test_killed_at_any_statement_the_next_run_ends_what_was_begun(
    project: Project, number: int, when: str
) -> None:
    """Before a statement reaches the server, or when it has run and nobody heard of it."""
    folder = str(project.folder / "migrations")
    done = subprocess.run(
        [sys.executable, "-c", DIES, project.url, folder, str(number), when],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    project.migrator.upgrade()
    project.finished()
