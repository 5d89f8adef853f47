# ruff: noqa: E501  the scripts of the history
"""A history of thirty revisions, and a process that runs it and may be killed at any moment."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import sqlalchemy as sa

from nbmigrate import Migrator

COUNT = 30
REVISION = """
import sqlalchemy as sa
from alembic import op

revision = "r{number:02d}"
down_revision = {parent!r}
log = sa.table("log", sa.column("id"), sa.column("n"))

def upgrade():
    if {number} == 1:
        op.create_table("log", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False), sa.Column("n", sa.Integer))
    op.create_table("t{number}", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False), sa.Column("a", sa.Integer))
    op.bulk_insert(sa.table("t{number}", sa.column("id"), sa.column("a")), [{{"id": 1, "a": 5}}, {{"id": 2, "a": 6}}])
    op.alter_column("t{number}", "a", existing_type=sa.Integer(), nullable=False)
    op.bulk_insert(log, [{{"id": {number}, "n": 0}}])
    op.execute("UPDATE log SET n = n + 1")

def downgrade():
    op.execute("UPDATE log SET n = n - 1")
    op.execute("DELETE FROM log WHERE id = {number}")
    op.alter_column("t{number}", "a", existing_type=sa.Integer(), nullable=True)
    op.drop_table("t{number}")
    if {number} == 1:
        op.drop_table("log")
"""


def write_history(folder: Path, count: int = COUNT) -> None:
    """The migration environment."""
    Migrator("sqlite://", directory=str(folder)).init(str(folder))
    for number in range(1, count + 1):
        parent = f"r{number - 1:02d}" if number > 1 else None
        text = REVISION.format(number=number, parent=parent)
        (folder / "versions" / f"r{number:02d}.py").write_text(text)


def migrate(url: str, folder: str, target: str, told: Callable[..., None] = lambda **_: None) -> None:
    """Up to ``head`` or down to ``base``, with a transaction for each revision."""
    options = {"transaction_per_migration": True, "on_version_apply": told}
    migrator = Migrator(url, directory=folder, **options)
    if target == "head":
        migrator.upgrade("head")
    else:
        migrator.downgrade("base")


def child(url: str, folder: str, target: str, ready: Connection) -> None:
    """Says that it begins, and after how many seconds each revision was through."""
    began = time.perf_counter()
    ready.send(0.0)
    migrate(url, folder, target, lambda **_: ready.send(time.perf_counter() - began))


class Killer:
    """Starts runs in processes of their own, with everything imported already, and kills them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(["databases.killing", "nbmigrate.runtime.embedded"])

    def run(self, url: str, target: str, moments: random.Random) -> None:
        """A run that is killed somewhere after a revision: on the way to the next one, or further on."""
        ours, theirs = self.context.Pipe()
        process = self.context.Process(target=child, args=(url, str(self.folder), target, theirs))
        process.start()
        theirs.close()
        number = moments.randrange(COUNT)
        seconds = [ours.recv() for _ in range(number + 1)][-1]
        time.sleep(moments.uniform(0, 2 * seconds / (number + 1)))
        process.kill()
        process.join()


def at(engine: sa.Engine) -> int:
    """How many revisions the version table says have run."""
    if not sa.inspect(engine).has_table("alembic_version"):
        return 0
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return int(found[1:]) if found else 0


def state(engine: sa.Engine) -> dict[str, object]:
    """Tables, whether their column may be null, and rows."""
    inspector = sa.inspect(engine)
    found: dict[str, object] = {}
    with engine.connect() as connection:
        for name in sorted(inspector.get_table_names()):
            if name.startswith("alembic_version"):
                continue
            column = "n" if name == "log" else "a"
            rows = connection.exec_driver_sql(f"SELECT id, {column} FROM {name} ORDER BY id").all()
            nullable = {c["name"]: c["nullable"] for c in inspector.get_columns(name)}[column]
            found[name] = (nullable, [tuple(row) for row in rows])
    return found


def expected(number: int) -> dict[str, object]:
    """The same after so many revisions."""
    found: dict[str, object] = {f"t{n}": (False, [(1, 5), (2, 6)]) for n in range(1, number + 1)}
    if number:
        found["log"] = (True, [(n, number - n + 1) for n in range(1, number + 1)])
    return dict(sorted(found.items()))
