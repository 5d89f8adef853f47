"""A small project to be spoilt: one revision has run, one has not; and what a folder and a database hold.

``make_template`` makes it once, ``Place.copy_of`` copies it for each case, so that a case costs a few files.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

from nbmigrate import Migrator

SCRIPT = '''"""{message}"""
from alembic import op
import sqlalchemy as sa

revision = "{id}"
down_revision = {down!r}
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("{table}", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("{table}")
'''

Snapshot = dict[str, object]


class Place:
    """A project in a folder of its own: ``alembic.ini``, ``migrations/``, ``shop.db`` at ``aaaa``."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.ini = root / "alembic.ini"
        self.scripts = root / "migrations"
        self.versions = self.scripts / "versions"
        self.env = self.scripts / "env.py"
        self.template = self.scripts / "script.py.mako"
        self.database = root / "shop.db"
        self.done = self.versions / "aaaa_one.py"
        self.next = self.versions / "bbbb_two.py"
        self.open: list[object] = []  # what a case keeps open while it is tried

    @classmethod
    def copy_of(cls, template: Path, root: Path) -> Place:
        """A fresh project."""
        shutil.copytree(template, root, symlinks=True)
        return cls(root)

    def script(self, id: str, down: object = None, **changes: str) -> Path:
        """Write one more revision; ``changes`` are texts to put in the place of others."""
        path = self.versions / f"{id}_x.py"
        path.write_text(SCRIPT.format(id=id, down=down, table=f"t_{id}", message=id))
        return path

    def body(self, *lines: str) -> None:
        """Make the pending revision run these lines."""
        text = self.next.read_text()
        begin = text.index("def upgrade():\n") + len("def upgrade():\n")
        end = text.index("\n\ndef downgrade")
        self.next.write_text(text[:begin] + "".join(f"    {line}\n" for line in lines) + text[end:])

    def setting(self, name: str, value: str | None) -> None:
        """Set a key of ``[alembic]`` in the ini file; None takes it out."""
        lines = [x for x in self.ini.read_text().split("\n") if not x.startswith(f"{name} =")]
        if value is not None:
            lines.insert(lines.index("[alembic]") + 1, f"{name} = {value}")
        self.ini.write_text("\n".join(lines))

    def url(self, url: str) -> None:
        """Give the ini file another address."""
        self.setting("sqlalchemy.url", url.replace("%", "%%"))

    def sql(self, *statements: str) -> None:
        """Run statements on the database."""
        connection = sqlite3.connect(self.database)
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()

    def rows(self) -> list[str]:
        """What the version table holds."""
        connection = sqlite3.connect(self.database)
        try:
            return [row[0] for row in connection.execute("select version_num from alembic_version")]
        finally:
            connection.close()

    def snapshot(self) -> Snapshot:
        """Every file byte for byte, and every table with its rows."""
        found: Snapshot = {}
        for folder, folders, files in os.walk(self.root):
            for name in (*folders, *files):
                path = Path(folder, name)
                found[str(path.relative_to(self.root))] = _content(path)
        return found


def _content(path: Path) -> object:
    if path.is_symlink():
        return "link", os.readlink(path)
    if path.is_dir():
        return "folder"
    if not path.is_file():
        return "special"
    data = path.read_bytes()
    return _dump(path) or data if data.startswith(b"SQLite format 3\0") else data


def _dump(path: Path) -> tuple[str, ...]:
    connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    try:
        return tuple(connection.iterdump())
    except sqlite3.DatabaseError:
        return ()
    finally:
        connection.close()


def make_template(root: Path) -> Path:
    """The project before anything is wrong with it."""
    root.mkdir()
    place = Place(root)
    config = root / "alembic.ini"
    Migrator.from_config(config).init(str(place.scripts))
    text = config.read_text().replace("driver://user:pass@localhost/dbname", "sqlite:///%(here)s/shop.db")
    config.write_text(text.replace(str(place.scripts), "%(here)s/migrations"))
    place.done.write_text(SCRIPT.format(id="aaaa", down=None, table="one", message="one"))
    Migrator.from_config(config).upgrade("aaaa")
    place.next.write_text(SCRIPT.format(id="bbbb", down="aaaa", table="two", message="two"))
    place.sql("insert into one values (1), (2)")
    return root
