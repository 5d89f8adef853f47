"""What is imported when: the engine without a notebook, the revision graph without SQLAlchemy."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOK = {"IPython", "ipywidgets", "anywidget", "graphviz", "traitlets", "nbmigrate.notebook"}

REVISION = '''"""create shop

Revision ID: a1
Revises:
Create Date: 2026-01-01 00:00:00

"""
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("shop", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("shop")
'''

USE_THE_ENGINE = """
import sqlalchemy as sa
from nbmigrate import Migrator
metadata = sa.MetaData()
shop = sa.Table("shop", metadata, sa.Column("id", sa.Integer, primary_key=True))
url = "sqlite:///shop.db"
m = Migrator(url, metadata=metadata, directory="migrations")
m.init()
with open("migrations/versions/a1_create_shop.py", "w") as file:
    file.write(REVISION)
m.upgrade("head")
str(m.current()), str(m.history()), str(m.graph()), str(m.diff())
engine = sa.create_engine(url)
assert sa.inspect(engine).get_table_names() == ["alembic_version", "shop"]
engine.dispose()
"""


def modules_after(source: str, folder: Path, package: Path = ROOT) -> set[str]:
    """Run a script in a fresh interpreter in a folder; the names in ``sys.modules`` at its end."""
    script = f"import json, sys\nREVISION = {REVISION!r}\n{source}\nprint(json.dumps(sorted(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(package)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return set(json.loads(result.stdout.splitlines()[-1]))


def test_importing_the_package_is_light(tmp_path: Path) -> None:
    loaded = modules_after("import nbmigrate", tmp_path)
    assert not loaded & (NOTEBOOK | {"sqlalchemy", "mako", "alembic"})


def test_the_engine_imports_nothing_of_notebooks(tmp_path: Path) -> None:
    loaded = modules_after(USE_THE_ENGINE, tmp_path)
    assert "sqlalchemy" in loaded  # the script did run in there
    assert not loaded & NOTEBOOK
    assert not {name for name in loaded if name.split(".")[0] == "alembic"}


@pytest.mark.parametrize("verb", [["heads"], ["branches"], ["history"], ["show", "head"]])
def test_verbs_that_read_files_import_no_sqlalchemy(tmp_path: Path, verb: list[str]) -> None:
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/migrations\n")
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions / "a1_create_shop.py").write_text(REVISION)
    loaded = modules_after(f"from nbmigrate.cli import run_line\nassert run_line({verb!r}) == 0", tmp_path)
    assert "nbmigrate.script" in loaded
    assert not loaded & (NOTEBOOK | {"sqlalchemy"})


def test_the_engine_works_without_the_notebook_layer(tmp_path: Path) -> None:
    package = tmp_path / "site"
    shutil.copytree(
        ROOT / "nbmigrate", package / "nbmigrate", ignore=shutil.ignore_patterns("__pycache__", "notebook")
    )
    check = f"import nbmigrate; assert nbmigrate.__file__.startswith({str(package)!r}), nbmigrate.__file__\n"
    loaded = modules_after(check + USE_THE_ENGINE, tmp_path, package)
    assert "sqlalchemy" in loaded
