"""The first lesson in a real kernel: run, run again, look at the outputs; errors as CI sees them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from notebook_samples import Parsed

Notebook = Callable[..., list[Any]]

LOAD = "%load_ext nbmigrate"
CONNECT = "%migrate connect sqlite:///shop.db --metadata Base"
MODELS = """
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase):
    pass

class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50))
"""
LESSON = [
    LOAD,
    CONNECT,
    MODELS,
    '%migrate revision --autogenerate -m "add user"',
    "%migrate upgrade head",
    '%%revision add_email -m "add email"\nop.add_column("user", sa.Column("email", sa.String(50)))',
    "%migrate graph",
    "%migrate upgrade",
    "%migrate history",
    "%migrate diff",
    "%migrate current",
    "%migrate",
]


@pytest.fixture
def run(folder: Path) -> Notebook:
    """Run cells in a kernel of their own; the outputs of each."""

    def run_cells(*sources: str, allow_errors: bool = False) -> list[Any]:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
        client = NotebookClient(
            notebook,
            timeout=120,
            kernel_name="python3",
            allow_errors=allow_errors,
            resources={"metadata": {"path": str(folder)}},
        )
        client.execute()
        return [cell.outputs for cell in notebook.cells]

    return run_cells


def the(outputs: list[Any]) -> Any:
    """The data of a cell's only output."""
    assert len(outputs) == 1, outputs
    return outputs[0].data


def revisions(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted((folder / "migrations" / "versions").glob("*.py"))}


def test_the_lesson_runs_twice_with_the_same_files_and_the_same_end(run: Notebook, folder: Path) -> None:
    first = run(*LESSON)
    written = revisions(folder)
    assert len(written) == 2
    second = run(*LESSON)
    assert revisions(folder) == written
    assert first[0] == []  # %load_ext prints nothing
    for outputs in first[3:] + second[3:]:
        data = the(outputs)
        assert set(data) == {"text/html", "text/plain"}
        assert data["text/plain"].strip()
        assert "var(" not in data["text/html"]
        assert "<style" not in data["text/html"]
    shown = dict(zip(LESSON, first, strict=True))
    again = dict(zip(LESSON, second, strict=True))
    assert "created" in the(shown[LESSON[3]])["text/plain"]
    assert "unchanged" in the(again[LESSON[3]])["text/plain"]
    assert "ADD COLUMN email" in the(shown[LESSON[5]])["text/plain"]
    assert "unchanged" in the(again[LESSON[5]])["text/plain"]
    assert "Nothing to upgrade" in the(again["%migrate upgrade head"])["text/plain"]
    assert the(shown["%migrate history"]) == the(again["%migrate history"])
    assert the(shown["%migrate current"]) == the(again["%migrate current"])


def test_the_outputs_say_what_happened(run: Notebook, folder: Path) -> None:
    outputs = dict(zip(LESSON, run(*LESSON), strict=True))
    graph = Parsed(the(outputs["%migrate graph"])["text/html"])
    assert "svg" in graph.tags
    for word in ("applied", "pending", "head", "add user", "add email"):
        assert word in graph.text
    plain = the(outputs["%migrate graph"])["text/plain"]
    assert re.search(r"^o  \w+  add email  \(head, pending\)$", plain, re.MULTILINE)
    assert re.search(r"^\*  \w+  add user  \(applied, the database is here\)$", plain, re.MULTILINE)
    diff = the(outputs["%migrate diff"])  # the column that the cell added is not in the models
    assert "1 difference: 1 to drop" in diff["text/plain"]
    assert "\N{MINUS SIGN} drop" in Parsed(diff["text/html"]).pieces
    card = the(outputs["%migrate"])["text/plain"]
    assert "sqlite:///shop.db" in card
    assert "1 difference" in card


def cell(columns: str, flags: str = "") -> str:
    body = (
        f'def upgrade():\n    op.create_table("t", {columns})\n\ndef downgrade():\n    op.drop_table("t")\n'
    )
    return f"%%revision make_t {flags}\n{body}"


def test_a_revision_cell_is_idempotent(run: Notebook, folder: Path) -> None:
    one, two = 'sa.Column("a", sa.Integer)', 'sa.Column("b", sa.Integer)'
    every = run(
        LOAD,
        CONNECT,
        cell(one),
        cell(one),
        cell(two),
        cell(two, "--apply"),
        cell(two, "--apply"),
        cell(one),
        cell(one, "--amend"),
        cell(one),
        "import sqlite3\nsqlite3.connect('shop.db').execute('select sql from sqlite_master').fetchall()",
        allow_errors=True,
    )
    states = [
        "refused"
        if outputs[0].output_type == "error"
        else re.findall(r"Revision \w+ (\w+)", str(outputs[0]))[0]
        for outputs in every[2:10]
    ]
    assert states == [
        "created",
        "unchanged",
        "rewritten",
        "unchanged",
        "unchanged",
        "refused",
        "amended",
        "unchanged",
    ]
    assert "--amend" in every[7][0].traceback[0]
    assert len(revisions(folder)) == 1
    assert "a INTEGER" in the(every[10])["text/plain"]


ERRORS = [
    ("%migrate upgrad head", "CommandError", "did you mean 'upgrade'?"),
    ("%migrate upgrade nowhere", "", "nowhere"),
    ("%migrate connect enginee", "ConnectError", "enginee"),
    ("%migrate connect postgresql://me:hunter2@localhost:1/shop?token=sesame", "ConnectError", ""),
    ("%migrate connect --metadata Bse", "", ""),
    ("%migrate diff", "CommandError", "no variable Bse"),
    ("%migrate show $undefined", "CommandError", "no variable undefined"),
    ("%%revision broken\ndef upgrade(:\n    pass", "", "line 2"),
    ("%%revision half --apply\nop.create_table('t', sa.Column('id', sa.Integer()))\nop.drop_table('gone')",
     "MigrationFailed", "gone"),
]  # fmt: skip


def test_every_error_is_one_line_and_a_real_error_output(run: Notebook, folder: Path) -> None:
    every = run(LOAD, CONNECT, MODELS, LESSON[3], *(line for line, _, _ in ERRORS), allow_errors=True)
    for (line, name, words), outputs in zip(ERRORS, every[4:], strict=True):
        if line.startswith("%migrate connect --metadata"):
            continue
        (error,) = outputs
        assert error.output_type == "error", line
        assert len(error.traceback) == 1, error.traceback
        assert "\n" not in error.traceback[0]
        assert error.traceback[0].startswith(f"{name or error.ename}: "), line
        assert words in error.traceback[0], line
        for text in (error.traceback[0], error.evalue):
            assert "hunter2" not in text
            assert "sesame" not in text


def test_a_half_run_migration_leaves_nothing_of_itself(run: Notebook, folder: Path) -> None:
    body = ERRORS[-1][0]
    every = run(LOAD, CONNECT, MODELS, LESSON[3], "%migrate upgrade", body, "%migrate current",
                "import sqlite3\n"
                "found = sqlite3.connect('shop.db').execute('select type, name from sqlite_master')\n"
                "sorted(name for kind, name in found if kind == 'table')",
                allow_errors=True)  # fmt: skip
    assert every[5][0].output_type == "error"
    assert the(every[7])["text/plain"] == "['alembic_version', 'user']"


def test_an_error_stops_nbclient(run: Notebook) -> None:
    with pytest.raises(CellExecutionError, match="did you mean 'upgrade'"):
        run(LOAD, "%migrate upgrad")


def test_an_error_fails_nbmake(folder: Path) -> None:
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in (LOAD, "%migrate upgrad")],
        metadata={"kernelspec": {"name": "python3", "display_name": "x", "language": "python"}},
    )
    nbformat.write(notebook, folder / "bad.ipynb")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbmake", "-p", "no:cacheprovider", "bad.ipynb"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "did you mean 'upgrade'?" in done.stdout


def test_results_are_assigned_silenced_and_read(run: Notebook) -> None:
    every = run(
        LOAD,
        CONNECT,
        MODELS,
        "created = %migrate revision --autogenerate -m first\nprint(created.state)",
        "%migrate upgrade head;",
        "rev = created.revision.id\nshown = %migrate show $rev\nprint(shown.revisions[0].id == rev)",
        "picture = %migrate graph\nprint(picture.save('x.svg'), len(picture.revisions))",
        "%nbmigrate downgrade base",
    )
    assert [outputs[0].text for outputs in every[3:7] if outputs] == ["created\n", "True\n", "x.svg 1\n"]
    assert every[4] == []
    assert "base" in the(every[7])["text/plain"]


def test_re_running_the_model_cell_is_seen_by_the_next_diff(run: Notebook) -> None:
    every = run(
        LOAD,
        CONNECT,
        MODELS,
        "%migrate diff",
        MODELS + "    email: Mapped[str]\n",
        "%migrate diff",
        MODELS.replace('"user"', '"person"'),
        "%migrate diff",
    )
    assert "person" not in the(every[3])["text/plain"]
    assert the(every[3]) != the(every[5]) or "email" in the(every[5])["text/html"]
    assert "person" in the(every[7])["text/plain"]


def test_without_connect_it_is_sqlite_here_and_the_only_models_there_are(run: Notebook, folder: Path) -> None:
    every = run(LOAD, MODELS, "%migrate diff")
    assert "sqlite:///nbmigrate.db" in the(every[2])["text/plain"]
    assert "user" in the(every[2])["text/plain"]


def test_without_dot_the_graph_is_lanes(run: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel_path = str(Path(sys.executable).parent)
    monkeypatch.setenv("PATH", kernel_path)
    every = run(LOAD, CONNECT, MODELS, LESSON[3], "%migrate graph")
    parsed = Parsed(the(every[4])["text/html"])
    if (Path(kernel_path) / "dot").exists() or "polygon" in parsed.tags:
        pytest.skip("dot or pygraphviz is there whatever PATH says")
    assert "circle" in parsed.tags
    assert "nbmigrate[dot]" in parsed.text


def test_engines_and_connections_of_the_notebook(run: Notebook) -> None:
    every = run(
        LOAD,
        MODELS + "import sqlalchemy\nengine = sqlalchemy.create_engine('sqlite:///own.db')\n",
        "%migrate connect engine",
        "%migrate connect $engine --metadata Base.metadata",
        "connection = engine.connect()",
        "%migrate connect connection",
        "%migrate diff",
        "connection.close()",
    )
    for index in (2, 3, 5):
        assert "sqlite:///own.db" in the(every[index])["text/plain"]
    assert "user" in the(every[6])["text/plain"]


def test_reload_and_unload(run: Notebook) -> None:
    every = run(
        LOAD,
        "%reload_ext nbmigrate",
        "%migrate -h",
        "%unload_ext nbmigrate",
        "%migrate -h",
        allow_errors=True,
    )
    assert every[1] == []
    assert "connect" in every[2][0].text
    assert every[3] == []
    assert "not found" in every[4][0].text
