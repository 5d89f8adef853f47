"""Every notebook of this repository, run as people and as CI run them, in a copy of its folder."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
README = NOTEBOOKS.parent / "README.md"
NAMES = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Variables that keep a kernel away from the person's own Jupyter."""
    folders = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    return {**os.environ, **{name: str(tmp_path / name.lower()) for name in folders}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder to run in."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    return folder


def run(command: list[str], folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a program in a folder and keep what it says."""
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=180, check=False
    )


def execute(notebook: Path, environment: dict[str, str]) -> list[dict[str, Any]]:
    """Run a notebook in place by ``jupyter execute``; every output."""
    jupyter = [sys.executable, "-m", "jupyter", "execute", "--inplace", notebook.name]
    result = subprocess.run(
        jupyter,
        cwd=notebook.parent,
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-3000:]
    cells = json.loads(notebook.read_text())["cells"]
    return [output for cell in cells for output in cell.get("outputs", ())]


def files(folder: Path) -> dict[str, str]:
    """The revisions and settings that a run left, by path; databases are compared by what they hold."""
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.suffix in {".py", ".ini", ".mako"} and "__pycache__" not in path.parts
    }


@pytest.mark.parametrize("name", NAMES)
def test_runs_twice_in_a_row_and_leaves_the_same_files(
    folder: Path, environment: dict[str, str], name: str
) -> None:
    notebook = Path(shutil.copy(NOTEBOOKS / name, folder))
    execute(notebook, environment)
    first = files(folder)
    assert first
    outputs = execute(notebook, environment)
    assert files(folder) == first
    shown = [output["data"] for output in outputs if "data" in output]
    assert any("text/html" in data for data in shown)
    # a terminal, a LaTeX export and a diff of the file see nothing but the text
    assert all("".join(data["text/plain"]).strip() for data in shown)
    assert not any("<IPython" in "".join(data["text/plain"]) for data in shown)


@pytest.mark.parametrize("name", NAMES)
def test_runs_without_dot(folder: Path, environment: dict[str, str], name: str) -> None:
    path = str(Path(sys.executable).parent)
    if shutil.which("dot", path=path):
        pytest.skip("dot stands beside Python here, PATH can't hide it")
    outputs = execute(Path(shutil.copy(NOTEBOOKS / name, folder)), {**environment, "PATH": path})
    assert any("text/html" in output.get("data", ()) for output in outputs)


@pytest.mark.parametrize("name", NAMES)
def test_passes_nbmake(folder: Path, environment: dict[str, str], name: str) -> None:
    shutil.copy(NOTEBOOKS / name, folder)
    pytest_ = [sys.executable, "-m", "pytest", "--nbmake", "-q", "-p", "no:cacheprovider", name]
    result = run(pytest_, folder, environment)
    assert "1 passed" in result.stdout, result.stdout[-3000:]


def written(path: Path, sources: list[str]) -> Path:
    """A notebook with these cells."""
    empty: dict[str, Any] = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{**empty, "id": f"c{number}", "source": source} for number, source in enumerate(sources)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path.write_text(json.dumps({"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}))
    return path


def test_a_failing_migration_fails_the_run(folder: Path, environment: dict[str, str]) -> None:
    notebook = written(folder / "bad.ipynb", ["%load_ext nbmigrate\n%migrate upgrade nowhere"])
    with pytest.raises(AssertionError, match="nowhere"):
        execute(notebook, environment)


def test_the_sixty_seconds_of_the_readme(folder: Path, environment: dict[str, str]) -> None:
    cells = re.findall(r"```python\n(.*?)```", README.read_text(), flags=re.DOTALL)
    assert len(cells) == 5
    outputs = execute(written(folder / "readme.ipynb", cells), environment)
    printed = "".join("".join(output["text"]) for output in outputs if output["output_type"] == "stream")
    assert "customers have an email" in printed
    # the model of the README has no email yet
    assert "customer.email" in printed
