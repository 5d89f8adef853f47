"""The layer contract: green on the package, red on a copy with one import that points up."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the package in a folder, with that folder's pyproject.toml."""
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [program, "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package and of its settings."""
    shutil.copytree(ROOT / "nbmigrate", tmp_path / "nbmigrate", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_contracts_are_kept() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 broken" in result.stdout


@pytest.mark.parametrize(
    ("below", "planted", "contract"),
    [
        ("model/graph.py", "from nbmigrate.script import directory", "layers"),
        (
            "ddl/statement.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import nbmigrate.migrator",
            "layers",
        ),
        ("migrator/core.py", "import nbmigrate.notebook", "engine"),
        ("runtime/migration.py", "def later():\n    import IPython", "engine"),
        ("script/directory.py", "import sqlalchemy", "light"),
    ],
)
def test_a_planted_import_is_seen(copy: Path, below: str, planted: str, contract: str) -> None:
    with (copy / "nbmigrate" / below).open("a", encoding="utf-8") as file:
        file.write(f"\n{planted}\n")
    result = lint(copy)
    names = {
        "layers": "Import arrows point down only",
        "engine": "The engine knows nothing of notebooks",
        "light": "The revision graph and its files need no SQLAlchemy",
    }
    assert result.returncode == 1
    assert f"{names[contract]} BROKEN" in result.stdout


def test_a_new_module_needs_a_layer(copy: Path) -> None:
    (copy / "nbmigrate" / "elsewhere.py").write_text('"""A module that no layer names."""\n')
    result = lint(copy)
    assert result.returncode != 0
    assert "elsewhere" in result.stdout + result.stderr
