"""Run the notebooks in a clean folder and save them with their outputs.

    python tests/notebook_runs/refresh.py

Names of notebooks may follow (``02``, ``02_what_a_migration_is.ipynb``); without any, all are run. An output
that differs from the saved one in times, dates and random ids only stays as it was saved, so that a run
changes nothing in git unless something changed. Needs the ``test`` extra.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from pathlib import Path

import lessons

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
WHO = "ada@laptop, process 4711"
SAVED_TYPES = ("text/html", "text/plain", "image/svg+xml", "image/png")


def tidy(notebook: lessons.Notebook, folder: Path) -> None:
    """Take away what tells of this run or this machine."""
    notebook["metadata"] = METADATA
    for number, cell in enumerate(notebook["cells"], 1):
        cell["id"] = f"cell-{number:02}"
        tags = cell["metadata"].get("tags")
        cell["metadata"] = {"tags": tags} if tags else {}
        for output in cell.get("outputs", ()):
            if "data" in output:
                output["data"] = {key: output["data"][key] for key in SAVED_TYPES if key in output["data"]}
                output["metadata"] = {}
    written = re.sub(r"[\w.-]+@[\w.-]+, process \d+", WHO, json.dumps(notebook, ensure_ascii=False))
    notebook.update(json.loads(written.replace(str(folder), "/home/you/nbmigrate/notebooks")))


def keep_old(notebook: lessons.Notebook, old: lessons.Notebook) -> None:
    """Keep the saved outputs where all of the new ones say the same: ids of two runs are never mixed."""
    pairs = list(zip(notebook["cells"], old["cells"], strict=True))
    if all(said(new) == said(before) for new, before in pairs):
        for new, before in pairs:
            if "outputs" in new:
                new["outputs"] = before["outputs"]


def said(cell: lessons.Cell) -> list[str]:
    """All that a cell shows, as text and as HTML, without what differs from run to run."""
    found = [lessons.shown(cell)]
    for one in lessons.html(cell):
        for pattern, word in lessons.VOLATILE:
            one = pattern.sub(word, one)
        found.append(one)
    return found


def refresh(name: str) -> None:
    """Run one notebook and save it."""
    path = lessons.NOTEBOOKS / name
    old = lessons.read(path)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "notebooks"
        folder.mkdir()
        with lessons.private_jupyter(Path(temporary)):
            made = lessons.run(old, folder)
        tidy(made, folder)
    keep_old(made, old)
    text = json.dumps(made, indent=1, ensure_ascii=False) + "\n"
    if len(text.encode()) > lessons.LIMIT:
        raise SystemExit(f"{name} would be larger than {lessons.LIMIT:,} bytes: show less")
    path.write_text(text, encoding="utf-8")
    print(f"{name}: {len(text.encode()):,} bytes")


if __name__ == "__main__":
    wanted = sys.argv[1:] or [""]
    for each in lessons.names():
        if any(each.startswith(word) for word in wanted):
            refresh(each)
