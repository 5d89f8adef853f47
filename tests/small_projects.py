"""Small projects in the working folder: an env.py, and a body of ``upgrade()`` for each revision."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from nbmigrate.config import Config

ENV = """
from alembic import context
from sqlalchemy import create_engine, pool

def run(connection=None, **options):
    if context.is_offline_mode():
        context.configure(url=context.config.get_main_option("sqlalchemy.url"), **options)
        with context.begin_transaction():
            context.run_migrations()
        return
    engine = create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()

"""

Make = Callable[..., Config]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Make a project: env.py, and a body of ``upgrade()`` for each revision."""
    monkeypatch.chdir(tmp_path)

    def project(*upgrades: str, env: str = "run()", folder: str = "migrations", **options: str) -> Config:
        versions = Path(folder, "versions")
        versions.mkdir(parents=True)
        Path(folder, "env.py").write_text(ENV + textwrap.dedent(env))
        Path(folder, "script.py.mako").write_text(
            "from alembic import op\nimport sqlalchemy as sa\n${imports or ''}\n"
            "revision = ${repr(up_revision)}\ndown_revision = ${repr(down_revision)}\n"
            "def upgrade():\n    ${upgrades or 'pass'}\ndef downgrade():\n    ${downgrades or 'pass'}\n"
        )
        below: str | None = None
        for number, body in enumerate(upgrades, 1):
            head, _, rest = textwrap.dedent(body).partition("#---\n")
            head, rest = (head, rest) if rest else ("", head)
            text = f"{head}\nrevision = 'rev{number}'\ndown_revision = {below!r}\n"
            text += "from alembic import op\nimport sqlalchemy as sa\n"
            text += f"def upgrade():\n{textwrap.indent(rest or 'pass', '    ')}\n"
            (versions / f"rev{number}.py").write_text(text + "\ndef downgrade():\n    pass\n")
            below = f"rev{number}"
        config = Config()
        config.set_main_option("script_location", folder)
        config.set_main_option("sqlalchemy.url", "sqlite:///x.db")
        for name, value in options.items():
            config.set_main_option(name, value)
        return config

    return project


def tables() -> list[str]:
    engine = sa.create_engine("sqlite:///x.db")
    names = sa.inspect(engine).get_table_names()
    engine.dispose()
    return names
