"""Every notebook of this repository, run as people and as CI run them, in a clean folder."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from notebook_runs import lessons

NAMES = lessons.names()
# properties of the magics rather than of the notebooks: one or two of them show it
QUICKSTART = NAMES[0]
PICTURES = NAMES[:2]


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Variables that keep a kernel away from the person's own Jupyter."""
    with lessons.private_jupyter(tmp_path):
        yield dict(os.environ)


@pytest.fixture
def folder(tmp_path: Path, environment: dict[str, str]) -> Path:
    """An empty folder to run in."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_runs_clean_and_again_and_its_checks_fail_until_solved(name: str, folder: Path) -> None:
    """Two runs in one folder, nothing cleaned between: as it is, and with the solutions put in."""
    notebook = lessons.read(lessons.NOTEBOOKS / name)
    first = lessons.run(notebook, folder)
    for check in lessons.tagged(first, "check"):
        assert lessons.failed(check), f"passes unsolved: {lessons.text(check['source'])}"
        # what is missing is said in words, not in the name of whatever broke
        assert lessons.failed(check).startswith("AssertionError: "), lessons.failed(check)
    expected_to_be_shown_well(first)
    left = lessons.files(folder)
    assert left
    again = lessons.run(lessons.solved(notebook), folder)
    for check in lessons.tagged(again, "check"):
        assert lessons.failed(check) is None, lessons.failed(check)
    after = lessons.files(folder)
    kept = {path: text for path, text in left.items() if not lessons.is_of_a_solution(notebook, text)}
    assert {path: after.get(path) for path in kept} == kept, "a second run changes files"
    expected_to_be_current(name, notebook, first)


@pytest.mark.skipif("NBMIGRATE_NIGHTLY" not in os.environ, reason="NBMIGRATE_NIGHTLY asks for it")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("solved", [False, True], ids=["as it is", "solved"])
def test_running_the_very_same_again_leaves_the_same_files(name: str, solved: bool, folder: Path) -> None:
    notebook = lessons.read(lessons.NOTEBOOKS / name)
    notebook = lessons.solved(notebook) if solved else notebook
    lessons.run(notebook, folder)
    left = lessons.files(folder)
    again = lessons.run(notebook, folder)
    assert lessons.files(folder) == left
    assert all(bool(lessons.failed(check)) is not solved for check in lessons.tagged(again, "check"))


def expected_to_be_shown_well(notebook: lessons.Notebook) -> None:
    """A terminal, a LaTeX export and a diff of the file see nothing but the text."""
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", ())]
    shown = [output["data"] for output in outputs if "data" in output]
    assert any("text/html" in data for data in shown)
    assert all(lessons.text(data["text/plain"]).strip() for data in shown)
    assert not any("<IPython" in lessons.text(data["text/plain"]) for data in shown)


def expected_to_be_current(name: str, saved: lessons.Notebook, made: lessons.Notebook) -> None:
    """The outputs in the repository are what the cells show now, but for times and random ids."""
    for before, now in zip(saved["cells"], made["cells"], strict=True):
        if before["cell_type"] == "code":
            assert lessons.shown(now) == lessons.shown(before), (
                f"{name} shows something else than is saved; if that is right, "
                f"run python tests/notebook_runs/refresh.py {name}"
            )


@pytest.mark.parametrize("name", NAMES)
def test_what_is_saved_can_be_read_anywhere(name: str) -> None:
    path = lessons.NOTEBOOKS / name
    written = path.read_text(encoding="utf-8")
    assert len(written.encode()) <= lessons.LIMIT
    notebook = json.loads(written)
    assert "widgets" not in notebook["metadata"]
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert any(cell["outputs"] for cell in code)
    for cell in code:
        if "raises-exception" not in cell["metadata"].get("tags", ()):
            assert lessons.failed(cell) is None
    # nobody's folders; what a check says is a thing of the lesson
    assert not re.search(r"/(root|work|tmp|Users)/|/home/(?!you/)", written), "a path of some machine"
    assert lessons.text(notebook["cells"][0]["source"]).startswith("# ")
    assert lessons.tagged(notebook, "check"), "a lesson has exercises"


@pytest.mark.parametrize("name", PICTURES)
def test_runs_without_dot(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(Path(sys.executable).parent)
    if shutil.which("dot", path=path):
        pytest.skip("dot stands beside Python here, PATH can't hide it")
    monkeypatch.setenv("PATH", path)
    made = lessons.run(lessons.read(lessons.NOTEBOOKS / name), folder)
    assert any(lessons.html(cell) for cell in made["cells"])


def test_passes_nbmake(folder: Path, environment: dict[str, str]) -> None:
    shutil.copy(lessons.NOTEBOOKS / QUICKSTART, folder)
    command = [sys.executable, "-m", "pytest", "--nbmake", "-q", "-p", "no:cacheprovider", QUICKSTART]
    result = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=180, check=False
    )
    assert "1 passed" in result.stdout, result.stdout[-3000:]


def written(sources: list[str]) -> lessons.Notebook:
    """A notebook with these cells."""
    empty: dict[str, Any] = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{**empty, "id": f"c{number}", "source": source} for number, source in enumerate(sources)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}


def test_a_failing_migration_fails_the_run(folder: Path) -> None:
    """By the program that CI jobs run notebooks with."""
    path = folder / "bad.ipynb"
    path.write_text(json.dumps(written(["%load_ext nbmigrate\n%migrate upgrade nowhere"])))
    command = [sys.executable, "-m", "jupyter", "execute", path.name]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=180, check=False)
    assert result.returncode != 0
    assert "nowhere" in result.stderr
