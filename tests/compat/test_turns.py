"""`nbmigrate` and `alembic` in a terminal: the chapter verb by verb, and both taking turns on one project."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("alembic", reason="the Python package alembic is not installed")

Run = Callable[..., str]
TOOLS = ("alembic", "nbmigrate")

MODELS = '''"""The project's models."""
import sqlalchemy as sa

metadata = sa.MetaData()
shop = sa.Table(
    "shop",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(40), nullable=False),
)
'''


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An empty folder, and what makes the programs in it quick to tell apart."""
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.fixture
def run(project: Path) -> Run:
    """``run("alembic", "upgrade", "head")``: what the program printed."""

    def run(tool: str, *arguments: str) -> str:
        # each program by the module of this interpreter, whatever is on PATH
        code = "from alembic.config import main; main(prog='alembic')"
        start = ["-c", code] if tool == "alembic" else ["-m", "nbmigrate"]
        result = subprocess.run(
            [sys.executable, *start, *arguments],
            cwd=project,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert result.returncode == 0, f"{tool} {arguments}: {result.stdout}{result.stderr}"
        return result.stdout

    return run


def begin(run: Run, project: Path, tool: str) -> None:
    """``init`` by one of the two, then what a person edits: the database and the models."""
    run(tool, "init", "migrations")
    made = {"alembic.ini", "migrations/env.py", "migrations/script.py.mako", "migrations/versions"}
    assert all((project / name).exists() for name in made)
    ini = project / "alembic.ini"
    text, edits = re.subn(
        r"(?m)^sqlalchemy\.url = .*$", "sqlalchemy.url = sqlite:///shop.db", ini.read_text()
    )
    assert edits == 1
    ini.write_text(text)
    (project / "models.py").write_text(MODELS)
    env = project / "migrations" / "env.py"
    text, edits = re.subn(
        r"(?m)^target_metadata = None$",
        "from models import metadata\n\ntarget_metadata = metadata",
        env.read_text(),
    )
    assert edits == 1
    env.write_text(text)


def ids(text: str) -> list[str]:
    """The revision ids in lines such as ``a1b2c3 (head)`` or ``<base> -> a1b2c3, message``."""
    return [re.search(r"(\w+)( \(|,|$)", line)[1] for line in text.splitlines()]  # type: ignore[index]


@pytest.mark.parametrize("begun_by", TOOLS)
def test_the_chapter_in_the_terminal(run: Run, project: Path, begun_by: str) -> None:
    begin(run, project, begun_by)
    run("nbmigrate", "revision", "-m", "empty")
    run("nbmigrate", "upgrade", "head")
    run("nbmigrate", "revision", "--autogenerate", "-m", "add shop")
    files = sorted(path.name for path in (project / "migrations" / "versions").glob("*.py"))
    assert len(files) == 2
    assert any(name.endswith("_add_shop.py") for name in files)
    run("nbmigrate", "upgrade", "+1")
    head, first = ids(run("nbmigrate", "history"))
    assert run("nbmigrate", "current").split() == [head, "(head)"]
    run("nbmigrate", "downgrade", "-1")
    assert run("nbmigrate", "current").split() == [first]
    run("nbmigrate", "upgrade", "head")
    run("nbmigrate", "downgrade", first[:6])
    assert run("nbmigrate", "current").split() == [first]
    run("nbmigrate", "downgrade", "base")
    assert run("nbmigrate", "current").split() == []
    # and the whole of it by plain alembic
    run("alembic", "upgrade", "head")
    run("alembic", "check")
    run("alembic", "downgrade", "base")


@pytest.mark.parametrize("begun_by", TOOLS)
def test_taking_turns(run: Run, project: Path, begun_by: str) -> None:
    begin(run, project, begun_by)
    for turn, tool in enumerate(TOOLS):
        other = TOOLS[1 - turn]
        run(tool, "revision", "-m", f"turn {turn}")
        run(other, "upgrade", "head")
    for verb in (["current"], ["heads"], ["history"], ["show", "head"]):
        said = run("nbmigrate", *verb)
        assert said.strip()
        assert said == run("alembic", *verb)
    run("nbmigrate", "downgrade", "-1")
    run("alembic", "downgrade", "-1")
    run("nbmigrate", "upgrade", "head")
    run("alembic", "revision", "--autogenerate", "-m", "add shop")
    run("nbmigrate", "upgrade", "head")
    run("alembic", "check")
    assert "No new upgrade operations detected." in run("nbmigrate", "check")
