"""``%migrate walk`` with somebody there: what the widget is told, and the list for who has none."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbclient import NotebookClient

from nbmigrate import Migrator
from nbmigrate.model.drawing import Drawing, DrawnColumn, DrawnKey, DrawnTable
from nbmigrate.notebook import walk
from nbmigrate.notebook.displays import html_of
from nbmigrate.notebook.erd import TABLE_LIMIT, walked_picture
from nbmigrate.notebook.magics import MigrateMagics
from nbmigrate.notebook.walk import Walker
from nbmigrate.plans import Walk

EVIL = "<img src=x onerror=alert(1)>"
BODIES = {
    "people": "op.create_table('person', sa.Column('id', sa.Integer, primary_key=True))",
    "evil": f"op.add_column('person', sa.Column({EVIL!r}, sa.Text))",
    "gone": "op.drop_table('person')",
}


@pytest.fixture
def walked(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Walk:
    monkeypatch.chdir(tmp_path)
    migrator = Migrator(sqlite_url)
    for slug, body in BODIES.items():
        migrator.cell_revision(slug, body, message=f"{slug} \u202e" if slug == "evil" else slug)
    return migrator.walk()


def ask(walker: Walker, at: Any) -> dict[str, Any]:
    """What the page gets when it asks for a step."""
    message = {"content": {"data": {"method": "custom", "content": {"at": at}}}, "buffers": []}
    walker.widget._handle_msg(message)
    shown: dict[str, Any] = walker.widget.shown
    return shown


def test_each_step_is_told_with_words_picture_python_and_sql(walked: Walk) -> None:
    walker = Walker(walked)
    assert walker.widget.titles == [f"{s.revision.id}  {m}" for s, m in zip(
        walked.steps, ("people", "evil \\u202e", "gone"), strict=True
    )]  # fmt: skip
    assert walker.widget.shown["at"] == 0  # a walk begins where the history does
    assert walker.widget.shown["words"] == ["Create the table person with 1 column."]
    shown = ask(walker, 1)
    assert shown["at"] == 1
    assert shown["summary"] == "1 table: ~ person"
    assert f"follows {walked.steps[0].revision.id}" in shown["facts"]
    assert "<svg" in shown["picture"] and "<img" not in shown["picture"] and "&lt;img" in shown["picture"]
    assert shown["python"].startswith("def upgrade()")
    assert shown["sql"] == f'ALTER TABLE person ADD COLUMN "{EVIL}" TEXT;'
    assert ask(walker, 2)["summary"] == "1 table: \N{MINUS SIGN} person"
    assert walker.steps is walked.steps and str(walker) == str(walked)


@pytest.mark.parametrize("nonsense", [-1, 3, "1", None, 10**20])
def test_a_step_that_is_not_there_changes_nothing(walked: Walk, nonsense: Any) -> None:
    walker = Walker(walked)
    before = walker.widget.shown
    assert ask(walker, nonsense) is before


def test_a_step_is_made_once_and_an_error_is_told_where_one_looks(
    walked: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    walker = Walker(walked)
    made: list[Drawing] = []

    def broken(drawing: Drawing) -> str:
        made.append(drawing)
        raise RuntimeError("no pen")

    monkeypatch.setattr(walk, "walked_picture", broken)
    assert "no pen" in ask(walker, 1)["error"]
    monkeypatch.setattr(walk, "walked_picture", lambda drawing: made.append(drawing) or "picture")
    assert ask(walker, 1)["picture"] == "picture"
    ask(walker, 0)
    ask(walker, 1)
    assert len(made) == 2


def test_of_many_tables_what_changes_is_drawn_with_its_neighbours() -> None:
    column = DrawnColumn("id", "INTEGER", ("PK",))
    names = [f"t{number}" for number in range(TABLE_LIMIT + 10)]
    tables = tuple(DrawnTable(name, (column,), "add" if name == "t1" else "") for name in names)
    keys = (DrawnKey("t1", ("id",), "t5", ("id",)), DrawnKey("t7", ("id",), "t8", ("id",)))
    picture = walked_picture(Drawing(tables, keys))
    assert ">t5<" in picture and ">+ t1<" in picture and ">t7<" not in picture
    assert f"{TABLE_LIMIT + 8} other tables not drawn" in picture
    still = tuple(DrawnTable(name, (column,)) for name in names)
    assert walked_picture(Drawing(still)).count(f"{TABLE_LIMIT + 10} other tables not drawn") == 1
    assert "no tables" in walked_picture(Drawing())


def test_without_dot_the_list_has_tables_of_what_changes_and_the_rest_by_name(
    walked: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nbmigrate.notebook.erd.render_dot", lambda source: None)
    migrator = Migrator("sqlite:///fresh.db")
    migrator.cell_revision("two", "op.create_table('a', sa.Column('id', sa.Integer, primary_key=True))")
    migrator.cell_revision("three", "op.create_table('b', sa.Column('id', sa.Integer, primary_key=True))")
    migrator.cell_revision("rows", "op.execute('select 1')")
    found = html_of(migrator.walk()) or ""
    steps = [part for part in found.split("<summary") if ". " in part[:60]]
    assert "1 table with changes" in steps[-2] and "+ b" in steps[-2] and "as before: a" in steps[-2]
    assert "as before: a, b" in steps[-1] and "<table" not in steps[-1]


def test_the_bundle_has_widget_list_and_text(walked: Walk) -> None:
    bundle, _ = Walker(walked)._repr_mimebundle_()
    assert set(bundle) == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    assert bundle["text/html"].count("<summary") >= 3
    assert "1. " in bundle["text/plain"]


def test_the_slider_is_for_somebody_there(walked: Walk) -> None:
    shell = InteractiveShell()
    shell.history_manager.enabled = False
    magics = MigrateMagics(shell)
    assert isinstance(magics.migrate("walk"), Walk)
    shell.kernel = SimpleNamespace(_allow_stdin=True)
    assert isinstance(magics.migrate("walk"), Walker)
    shell.history_manager.end_session()


def test_a_batch_run_has_the_list_and_no_widget_state(walked: Walk) -> None:
    cells = ["%load_ext nbmigrate\nimport sys", "%migrate walk", "print('anywidget' in sys.modules)"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": "."}}).execute()
    (shown,) = notebook.cells[1].outputs
    assert set(shown.data) == {"text/html", "text/plain"}
    assert notebook.cells[2].outputs[0].text == "False\n"
    assert "widgets" not in notebook.metadata
