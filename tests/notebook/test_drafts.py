"""``%revision --draft``: the next cell where a front end takes it, once; else a text to be copied."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
import sqlalchemy as sa
from IPython.core.interactiveshell import InteractiveShell
from nbclient import NotebookClient

from nbmigrate.errors import CommandError
from nbmigrate.notebook import load
from nbmigrate.notebook.displays import html_of


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    InteractiveShell.clear_instance()
    made = InteractiveShell.instance()
    made.history_manager.enabled = False
    made.placed = []
    monkeypatch.setattr(made, "set_next_input", lambda text, replace=False: made.placed.append(text))
    load(made)
    metadata = sa.MetaData()
    sa.Table("person", metadata, sa.Column("id", sa.Integer, primary_key=True))
    made.user_ns["metadata"] = metadata
    yield made
    made.history_manager.end_session()
    InteractiveShell.clear_instance()


@pytest.mark.parametrize("line", ["people --draft", "--draft -m people"])
def test_the_next_cell_is_written_once_and_not_when_it_has_been_run(shell: Any, line: str) -> None:
    shell.kernel = SimpleNamespace(_allow_stdin=True)
    for _ in range(2):
        draft = shell.run_line_magic("revision", line)
        assert draft.placed and "it is in the next cell" in str(draft)
    (cell,) = shell.placed
    first, _, body = cell.partition("\n")
    assert first == "%%revision people"
    shell.run_cell_magic("revision", "people", body)
    assert shell.run_line_magic("revision", line).state == "written"
    shell.run_line_magic("migrate", "upgrade")
    assert shell.run_line_magic("revision", line).state == "written"
    assert shell.run_line_magic("revision", "more --draft").state == "no changes"
    assert len(shell.placed) == 1


def test_by_the_verb_and_with_changed_models_it_is_written_anew(shell: Any) -> None:
    assert shell.run_line_magic("migrate", "revision --draft -m 'the people'").placed  # a terminal's prompt
    sa.Table("other", shell.user_ns["metadata"], sa.Column("id", sa.Integer, primary_key=True))
    shell.run_line_magic("migrate", "revision --draft -m 'the people'")
    assert [cell.count("create_table") for cell in shell.placed] == [1, 2]
    assert all(cell.startswith("%%revision the_people\n") for cell in shell.placed)
    assert not Path("migrations").exists()


def test_where_nobody_takes_it_the_text_is_there_to_copy(shell: Any) -> None:
    shell.kernel = SimpleNamespace(_allow_stdin=False)
    draft = shell.run_line_magic("revision", "people --draft")
    assert not shell.placed and not draft.placed
    assert "copy it into a new cell" in str(draft) and "op.create_table" in str(draft)
    found = html_of(draft)
    assert found is not None and "op.create_table" in found and "<details open" in found


@pytest.mark.parametrize(
    ("line", "cell", "told"),
    [
        ("people --draft", "op.execute('x')", "on a line of its own, %revision people --draft"),
        ("people", "\n", "write op. lines below"),
        ("--draft", "\n", "needs a name"),
    ],
)
def test_what_it_is_not_for(shell: Any, line: str, cell: str, told: str) -> None:
    with pytest.raises(CommandError, match=told):
        shell.run_cell_magic("revision", line, cell)


def test_run_all_twice_in_a_batch_leaves_the_same_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    cells = [
        "%load_ext nbmigrate\nimport sqlalchemy as sa",
        "md = sa.MetaData()\nt = sa.Table('t', md, sa.Column('id', sa.Integer, primary_key=True))",
        "draft = %revision first --draft\ndraft",
        "%%revision first\nop.create_table('t', sa.Column('id', sa.Integer, primary_key=True))",
        "%migrate upgrade",
    ]
    files: list[dict[str, bytes]] = []
    states = []
    for _ in range(2):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
        NotebookClient(notebook, timeout=120, resources={"metadata": {"path": "."}}).execute()
        assert len(notebook.cells) == len(cells)
        states.append(notebook.cells[2].outputs[0].data["text/plain"].split()[0])
        files.append({str(path): path.read_bytes() for path in Path("migrations").rglob("*.py")})
    assert states == ["Draft", "Cell"]
    assert files[0] == files[1]
