"""Migration environments of many revisions, written to be measured."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

INI = "[alembic]\nscript_location = %(here)s/migrations\nprepend_sys_path = .\npath_separator = os\n"
INI += "sqlalchemy.url = sqlite:///{here}/shop.db\n"

ENV = """from alembic import context
from sqlalchemy import create_engine

url = context.config.get_main_option("sqlalchemy.url")
if context.is_offline_mode():
    context.configure(url=url, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    engine = create_engine(url)
    with engine.connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()
"""

FILE = '''"""add table {number} to orders

Revision ID: {id}
Revises: {revises}
Create Date: 2026-01-05 10:00:00.000000

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '{id}'
down_revision: Union[str, Sequence[str], None] = {down!r}
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    {upgrade}


def downgrade() -> None:
    """Downgrade schema."""
    {downgrade}
'''

UPGRADE = """op.create_table(
        "orders_{number}",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )"""
DOWNGRADE = 'op.drop_table("orders_{number}")'


@dataclass
class Project:
    """A generated migration environment; ``ids`` from the first to the last."""

    folder: Path
    count: int
    shape: str
    ids: list[str]

    @property
    def ini(self) -> str:
        """Its alembic.ini."""
        return str(self.folder / "alembic.ini")

    @property
    def versions(self) -> Path:
        """Where its revisions are."""
        return self.folder / "migrations" / "versions"

    @property
    def environment(self) -> dict[str, str]:
        """Bytecode and index of their own; both packages have bytecode, whatever the habits here."""
        return {
            "NBMIGRATE_CACHE_DIR": str(self.folder / "cache"),
            "PYTHONPYCACHEPREFIX": str(self.folder.parent / "bytecode"),
            "PYTHONDONTWRITEBYTECODE": "",
        }

    @property
    def look(self) -> str:
        """What the floor of a verb is told."""
        return json.dumps({"versions": str(self.versions), "read": False})

    def forget(self) -> None:
        """No bytecode of its files and no index, as after a checkout."""
        shutil.rmtree(f"{self.folder.parent / 'bytecode'}{self.folder}", ignore_errors=True)
        shutil.rmtree(self.folder / "cache", ignore_errors=True)

    def statements(self, verb: str, kind: str) -> list[list[str]]:
        """What each revision sends, in the order in which it runs, for a floor written by hand."""
        found: list[list[str]] = []
        for number, one in enumerate(self.ids):
            table, before = f"orders_{number}", self.ids[number - 1] if number else None
            if verb == "upgrade":
                create = (
                    f"CREATE TABLE {table} (id {SERIAL[kind]}, name VARCHAR(40) NOT NULL, PRIMARY KEY (id))"
                )
                moved = f"UPDATE alembic_version SET version_num = '{one}' WHERE version_num = '{before}'"
                if before is None:
                    key = "version_num VARCHAR(32) NOT NULL PRIMARY KEY"
                    found.append([f"CREATE TABLE alembic_version ({key})"])
                    moved = f"INSERT INTO alembic_version VALUES ('{one}')"
                found.append([create, moved])
            else:
                moved = f"UPDATE alembic_version SET version_num = '{before}' WHERE version_num = '{one}'"
                if before is None:
                    moved = f"DELETE FROM alembic_version WHERE version_num = '{one}'"
                found.append([f"DROP TABLE {table}", moved])
        return found if verb == "upgrade" else found[::-1]


SERIAL = {
    "sqlite": "INTEGER NOT NULL",
    "postgresql": "SERIAL NOT NULL",
    "mysql": "INTEGER NOT NULL AUTO_INCREMENT",
}


def parents(count: int, shape: str) -> list[tuple[int, ...]]:
    """The parents of each revision by number: a line, or a line with side branches that are merged again."""
    if shape == "linear":
        return [(n - 1,) if n else () for n in range(count)]
    found: list[tuple[int, ...]] = []
    for n in range(count):
        place = n % 5
        if n == 0:
            found.append(())
        elif place == 0:
            found.append((n - 3, n - 1))  # the merge of both lines
        elif place == 3:
            found.append((n - 3,))  # a side branch leaves where the main line has two more
        else:
            found.append((n - 1,))
    return found


def generate(folder: Path, count: int, shape: str = "linear") -> Project:
    """Write a project of ``count`` revisions, an hour old."""
    ids = [f"{number * 2654435761 % 2**48:012x}" for number in range(count)]
    project = Project(folder, count, shape, ids)
    project.versions.mkdir(parents=True)
    Path(project.ini).write_text(INI.format(here=folder))
    (folder / "migrations" / "env.py").write_text(ENV)
    for number, ups in enumerate(parents(count, shape)):
        down = tuple(ids[up] for up in ups)
        path = project.versions / f"{ids[number]}_add_table_{number}_to_orders.py"
        text = FILE.format(
            id=ids[number],
            number=number,
            revises=", ".join(down),
            down=None if not down else down[0] if len(down) == 1 else down,
            upgrade=UPGRADE.format(number=number),
            downgrade=DOWNGRADE.format(number=number),
        )
        path.write_text(text)
        old = path.stat().st_mtime - 3600
        os.utime(path, (old, old))
    return project
