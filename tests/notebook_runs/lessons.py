"""The notebooks as values: read, run in a folder, solved, and compared with what was saved.

Tags in a notebook: ``exercise`` is a code cell to be filled in, ``check`` one that fails until that is done
(with ``raises-exception``, so that a run of all cells goes on), ``solution`` a Markdown cell with the code
for one exercise in a folded block. Exercises and solutions follow each other in the same order.
"""

from __future__ import annotations

import copy
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
FOLDERS = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
LIMIT = 300_000  # bytes of a saved notebook

Cell = dict[str, Any]
Notebook = dict[str, Any]

# what differs from run to run, or from machine to machine, and says nothing
VOLATILE = (
    (re.compile(r"\x1b\[[0-9;]*m"), ""),
    (re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?"), "<time>"),
    (re.compile(r"\d{4}-\d\d-\d\d"), "<day>"),
    (re.compile(r"\b\d[\d,]*(\.\d+)? (ms|s|min)\b"), "<duration>"),
    (re.compile(r"(?<![0-9a-f])[0-9a-f]{12}(?![0-9a-f])"), "<id>"),
    (re.compile(r"(?<![0-9a-f])[0-9a-f]{16}(?![0-9a-f])"), "<hash>"),
    (re.compile(r"0x[0-9a-f]+"), "<address>"),
    (re.compile(r"\S+@\S+, process \d+"), "<who>"),
    (re.compile(r"nbmigrate \d\S*"), "nbmigrate <version>"),
    (re.compile(r"In\[\d+\]"), "In[]"),
    (re.compile(r"[ \t]+$", re.MULTILINE), ""),
    (re.compile(r" {2,}"), "  "),  # columns are as wide as what is in them
    (re.compile(r"-{2,}"), "--"),
)


def names() -> list[str]:
    """Every notebook, by its file's name."""
    return sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))


def read(path: Path) -> Notebook:
    """A notebook's JSON."""
    notebook: Notebook = json.loads(path.read_text(encoding="utf-8"))
    return notebook


def text(value: str | list[str]) -> str:
    """A text that nbformat may have cut into lines."""
    return value if isinstance(value, str) else "".join(value)


def tagged(notebook: Notebook, tag: str) -> list[Cell]:
    """The cells with a tag, in their order."""
    return [cell for cell in notebook["cells"] if tag in cell["metadata"].get("tags", ())]


def code_of(solution: Cell) -> str:
    """The code in a solution's folded block."""
    source = text(solution["source"])
    found = re.search(r"<details>.*?```python\n(.*?)\n```\s*</details>", source, flags=re.DOTALL)
    assert found, f"no folded code in {source}"
    return found.group(1)


def solved(notebook: Notebook) -> Notebook:
    """The same with each solution's code in the place of its exercise."""
    made = copy.deepcopy(notebook)
    exercises, solutions = tagged(made, "exercise"), tagged(made, "solution")
    assert len(exercises) == len(solutions), "each exercise has one solution"
    for exercise, solution in zip(exercises, solutions, strict=True):
        exercise["source"] = code_of(solution)
    return made


def is_of_a_solution(notebook: Notebook, file: bytes) -> bool:
    """Whether a revision file is of a cell that some solution writes, or writes anew."""
    slugs = [re.match(r"%%revision ([\w.-]+)", code_of(one)) for one in tagged(notebook, "solution")]
    return any(file.startswith(f"# nbmigrate: cell={slug.group(1)} ".encode()) for slug in slugs if slug)


@contextmanager
def private_jupyter(folder: Path) -> Iterator[None]:
    """Keep kernels away from the person's own Jupyter, and from what the environment says about databases."""
    before = {name: os.environ.get(name) for name in FOLDERS}
    os.environ.update({name: str(folder / name.lower()) for name in FOLDERS})
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def run(notebook: Notebook, folder: Path) -> Notebook:
    """Run all cells in a new kernel that works in ``folder``; the notebook with its outputs.

    Raises nbclient's ``CellExecutionError`` where a cell fails that is not tagged ``raises-exception``.
    """
    import nbformat
    from nbclient import NotebookClient

    node = nbformat.reads(json.dumps(notebook), as_version=4)
    client = NotebookClient(
        node,
        timeout=120,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute(env={**os.environ, "NO_COLOR": "1", "PYTHONWARNINGS": "default"})
    done: Notebook = json.loads(nbformat.writes(node))
    return done


def failed(cell: Cell) -> str | None:
    """The error in a cell's outputs, in one line; None where there is none."""
    for output in cell.get("outputs", ()):
        if output["output_type"] == "error":
            return f"{output['ename']}: {output['evalue']}"
    return None


def shown(cell: Cell) -> str:
    """What a cell shows as plain text, without what differs from run to run."""
    parts = []
    for output in cell.get("outputs", ()):
        if output["output_type"] == "stream":
            parts.append(text(output["text"]))
        elif output["output_type"] == "error":
            parts.append(f"{output['ename']}: {output['evalue']}")
        else:
            parts.append(text(output["data"].get("text/plain", "")))
    said = "\n".join(parts)
    for pattern, word in VOLATILE:
        said = pattern.sub(word, said)
    return said


def html(cell: Cell) -> list[str]:
    """The HTML that a cell shows."""
    return [text(o["data"]["text/html"]) for o in cell.get("outputs", ()) if "text/html" in o.get("data", ())]


def files(folder: Path) -> Mapping[str, bytes]:
    """The revisions and settings that a run left, by path; databases are compared by what they hold."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in {".py", ".ini", ".mako", ".toml", ".sql", ".csv"}
        and not {"__pycache__", "jupyter_data_dir", "ipythondir"} & set(path.parts)
    }
