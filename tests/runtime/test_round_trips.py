"""What a run sends to a database beyond what its revisions say: one statement a revision, a few a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from nbmigrate import command
from nbmigrate.config import Config

ENV = """
from alembic import context
from sqlalchemy import create_engine, pool
engine = create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
FILE = """
from alembic import op
import sqlalchemy as sa
revision, down_revision = "r{number:04}", {down!r}
def upgrade():
    op.create_table("t{number}", sa.Column("id", sa.Integer), sa.Column("n", sa.String(9)))
    op.create_index("ix_{number}", "t{number}", ["n"])
def downgrade():
    op.drop_index("ix_{number}", "t{number}")
    op.drop_table("t{number}")
"""
OWN = 2  # statements of each revision, either way


def project(folder: Path, count: int, url: str) -> Config:
    """So many revisions in a line."""
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions.parent / "env.py").write_text(ENV)
    for number in range(count):
        down = f"r{number - 1:04}" if number else None
        (versions / f"{number}.py").write_text(FILE.format(number=number, down=down))
    config = Config()
    config.set_main_option("script_location", str(versions.parent))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def count(verb: Any, config: Config, target: str) -> int:
    """How many statements a verb sends."""
    sent: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    sa.event.listen(sa.engine.Engine, "before_cursor_execute", note)
    try:
        verb(config, target)
    finally:
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", note)
    return len(sent)


def test_a_revision_costs_one_statement_beyond_its_own(database_url: str, tmp_path: Path) -> None:
    config = project(tmp_path, 12, database_url)
    few, many = count(command.upgrade, config, "+3"), count(command.upgrade, config, "+9")
    assert many - few <= 6 * (OWN + 1)
    assert many <= 9 * (OWN + 1) + 12
    back_few, back_many = count(command.downgrade, config, "-3"), count(command.downgrade, config, "-9")
    assert back_many - back_few <= 6 * (OWN + 1)
    assert back_many <= 9 * (OWN + 1) + 12


def test_a_journal_costs_one_statement_a_create_and_events_once_a_run(
    mariadb_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pymysql

    from nbmigrate.runtime import watch

    sent: list[str] = []
    registered: list[str] = []
    execute, listen = pymysql.cursors.Cursor.execute, sa.event.listen

    def noted(self: Any, query: str, args: Any = None) -> Any:
        sent.append(query)
        return execute(self, query, args)

    def noted_listen(target: Any, name: str, *args: Any, **kw: Any) -> None:
        registered.append(name)
        listen(target, name, *args, **kw)

    monkeypatch.setattr(pymysql.cursors.Cursor, "execute", noted)
    monkeypatch.setattr(watch.event, "listen", noted_listen)
    config = project(tmp_path, 12, mariadb_url)
    figures = []
    for target in ("+1", "+3", "+8"):  # the first one makes the version table
        sent.clear()
        registered.clear()
        command.upgrade(config, target)
        figures.append((len(sent), len(registered)))
    _, (few, few_events), (many, many_events) = figures
    # each of its statements and its row in the journal, and the version row
    assert many - few == 5 * (2 * OWN + 1)
    assert few_events == many_events
