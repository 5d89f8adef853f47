"""The panel behind ``%migrate ui``: presses on a real database, without a widget."""

from __future__ import annotations

import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
import sqlalchemy as sa
from IPython.core.interactiveshell import InteractiveShell
from nbclient import NotebookClient
from sqlalchemy.pool import StaticPool

from nbmigrate import Migrator
from nbmigrate.notebook import ui, widgets
from nbmigrate.notebook.line import Argument
from nbmigrate.notebook.magics import MigrateMagics
from nbmigrate.notebook.panel import Panel
from nbmigrate.notebook.session import Session

EVIL = "<img src=x onerror=alert(1)> \u202e \x1b[31m"
URL = "sqlite:///shop.db"


class Room:
    """A notebook's folder with two revisions, and a panel on it."""

    def __init__(self) -> None:
        self.namespace: dict[str, Any] = {}
        self.session = Session(lambda: self.namespace)
        self.session.connect(Argument(URL), None)
        migrator = self.session.migrator()
        body = "op.create_table('shop', sa.Column('id', sa.Integer, primary_key=True))"
        self.first = migrator.cell_revision("one", body, message="a shop").revision.id
        body = "op.add_column('shop', sa.Column('town', sa.String(20)))"
        self.second = migrator.cell_revision("two", body, message=EVIL).revision.id
        self.states: list[dict[str, Any]] = []
        self.panel = Panel(self.session, self.states.append)
        self.press("refresh")

    def press(self, do: str, **arguments: Any) -> dict[str, Any]:
        """Press and give the state after it."""
        self.panel.press({"do": do, **arguments})
        assert self.panel.state["busy"] == ""
        return self.panel.state

    def models(self) -> None:
        """Models whose shops have a city in place of a town."""
        metadata = sa.MetaData()
        columns = (sa.Column("id", sa.Integer, primary_key=True), sa.Column("city", sa.String(20)))
        sa.Table("shop", metadata, *columns)
        self.namespace["metadata"] = metadata

    def shop(self) -> None:
        """A shop with a town."""
        engine = sa.create_engine(URL)
        with engine.begin() as connection:
            connection.execute(sa.text("insert into shop (town) values ('Ulm')"))
        engine.dispose()

    def tables(self) -> set[str]:
        engine = sa.create_engine(URL)
        try:
            return set(sa.inspect(engine).get_table_names())
        finally:
            engine.dispose()


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    monkeypatch.chdir(tmp_path)
    return Room()


def test_rows_and_details_of_a_hostile_revision_are_plain_readable_text(room: Room) -> None:
    state = room.press("select", id=room.second)
    assert [(row["id"], row["status"]) for row in state["rows"]] == [
        (room.second, "pending"),
        (room.first, "pending"),
    ]
    assert state["rows"][0]["marks"] == ["head"]
    assert "\\u202e" in state["rows"][0]["message"]
    for hidden in ("\u202e", "\x1b"):
        assert hidden not in repr(state).replace("\\\\", "")
        assert all(hidden not in str(value) for value in state["detail"].values())
    assert not any("img" in row["lanes"] for row in state["rows"])
    assert state["line"] == f"%migrate explain {room.second}"
    assert "ALTER TABLE shop ADD COLUMN town VARCHAR(20)" in state["detail"]["sql"]
    assert "def upgrade()" in state["detail"]["python"]
    assert "town" in state["detail"]["words"][0]
    assert state["detail"]["status"] == "pending"
    facts = dict(state["detail"]["facts"])
    assert facts["follows"] == room.first
    assert facts["file"].startswith("migrations")


def test_what_the_file_says_is_shown_before_the_sql_is_known_and_asked_for_once(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    explained: list[str] = []
    explain = Migrator.explain
    monkeypatch.setattr(Migrator, "explain", lambda self, id: explained.append(id) or explain(self, id))
    room.states.clear()
    state = room.press("select", id=room.second)
    first = next(one["detail"] for one in room.states if one["detail"])
    assert first["python"] == state["detail"]["python"] and not first["sql"] and state["detail"]["sql"]
    room.press("select", id=room.first)
    assert room.press("select", id=room.second) == {**state, "selected": room.second}
    assert explained == [room.second, room.first]
    room.press("refresh")
    room.press("select", id=room.second)
    assert explained[2:] == [room.second]


def test_a_run_takes_two_presses_and_tells_how_far_it_is(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbmigrate.notebook.progress.EVERY", 0.0)
    state = room.press("plan", target=room.second)
    assert state["plan"]["direction"] == "upgrade"
    assert len(state["plan"]["steps"]) == 2
    assert "shop" not in room.tables()
    state = room.press("apply", target=room.second)
    assert "shop" in room.tables()
    assert state["said"].startswith("upgrade done: 2 revisions")
    assert state["line"] == f"%migrate upgrade {room.second}"
    assert [row["status"] for row in state["rows"]] == ["applied", "applied"]
    assert state["rows"][0]["marks"] == ["here", "head"]
    told = list(dict.fromkeys(one["busy"] for one in room.states))
    assert told[-3:] == ["upgrade: 0 of 2", "upgrade: 1 of 2", "upgrade: 2 of 2"]
    assert room.press("select", id=room.first)["detail"]["status"] == "applied"
    state = room.press("plan", target=room.first)
    assert state["plan"]["direction"] == "downgrade"
    room.press("apply", target=room.first)
    assert [row["status"] for row in room.panel.state["rows"]] == ["pending", "applied"]
    assert room.press("plan", target=room.first)["said"] == "nothing to do"


@pytest.mark.parametrize("between", [("select",), ("cancel",), ("refresh",), ()])
def test_apply_is_refused_for_what_was_not_planned_just_before(room: Room, between: tuple[str, ...]) -> None:
    if between:
        room.press("plan", target=room.first)
        room.press(between[0], **({"id": room.first} if between == ("select",) else {}))
    state = room.press("apply", target=room.first)
    assert "Plan first" in state["error"]
    room.press("plan", target=room.first)
    assert "Plan first" in room.press("apply", target=room.second)["error"]
    assert "shop" not in room.tables()


def test_apply_is_refused_where_the_database_moved_or_a_revision_was_edited(room: Room) -> None:
    room.press("plan", target=room.second)
    room.session.migrator().upgrade(room.first)
    state = room.press("apply", target=room.second)
    assert "changed since this was planned" in state["error"]
    assert state["plan"] is None
    assert [row["status"] for row in state["rows"]] == ["pending", "applied"]
    room.press("plan", target=room.second)
    (file,) = Path("migrations", "versions").glob(f"*{room.second}*")
    file.write_text(file.read_text().replace("'town'", "'village'").replace('"town"', '"village"'))
    assert "changed since this was planned" in room.press("apply", target=room.second)["error"]


def test_a_question_is_answered_and_the_revision_written(room: Room) -> None:
    room.press("plan", target="heads")
    room.press("apply", target="heads")
    room.shop()
    room.models()
    state = room.press("diff")
    (question,) = state["diff"]["questions"]
    assert (question["old"], question["new"]) == ("shop.town", "shop.city")
    assert {row["kind"] for row in state["diff"]["rows"]} == {"add", "drop"}
    assert "Rename" in room.press("write", message="cities")["error"]  # unanswered, nothing is written
    assert len(list(Path("migrations", "versions").glob("*.py"))) == 2
    state = room.press("answer", old="shop.town", new="shop.city")
    assert not state["diff"]["questions"]
    assert [row["kind"] for row in state["diff"]["rows"]] == ["alter"]
    assert state["line"] == "%migrate diff --rename shop.town=shop.city"
    assert "few words" in room.press("write", message="  ")["error"]
    state = room.press("write", message="it's\ncities")
    assert state["line"].startswith(
        "%migrate revision --autogenerate -m 'it'\"'\"'s cities' --rename shop.town=shop.city"
    )
    assert state["said"].endswith("created")
    assert len(state["rows"]) == 3
    (new,) = (path for path in Path("migrations", "versions").glob("*.py") if "cities" in path.read_text())
    assert "new_column_name=" in new.read_text()


def test_dropping_is_an_answer_too_and_a_wrong_answer_is_forgotten(room: Room) -> None:
    room.press("plan", target="heads")
    room.press("apply", target="heads")
    room.shop()
    room.models()
    assert room.press("answer", old="shop.nothing", new="city")["error"]
    state = room.press("answer", old="shop.town", new=None)
    assert not state["error"]
    assert not state["diff"]["questions"]
    assert state["line"] == "%migrate diff --drop shop.town"
    assert room.press("diff")["diff"]["questions"]  # asked anew


def test_errors_are_one_line_without_secrets_and_a_press_after_one_works(room: Room) -> None:
    class Leaky:
        def __getattr__(self, name: str) -> Any:
            raise RuntimeError("postgresql://me:hunter2@host/db\nis gone \x1b[31m")

    room.session._asked = Argument("postgresql://me:hunter2@host/db")
    migrator, room.session.migrator = room.session.migrator, Leaky  # type: ignore[method-assign, assignment]
    state = room.press("refresh")
    assert "RuntimeError" in state["error"]
    assert "is gone \\x1b" in state["error"]
    assert "hunter2" not in repr(room.states)
    room.session.migrator = migrator  # type: ignore[method-assign]
    assert not room.press("refresh")["error"]
    assert room.press("select", id="nothing")["error"]
    before = room.panel.state
    assert room.press("no such button") is before
    assert "TypeError" in room.press("select", nonsense=1)["error"]


def test_a_failing_run_says_so_and_shows_where_the_database_stands(room: Room) -> None:
    body = "op.execute('insert into nowhere values (1)')"
    third = room.session.migrator().cell_revision("three", body).revision.id
    room.press("refresh")
    room.press("plan", target=third)
    state = room.press("apply", target=third)
    assert "nowhere" in state["error"]
    assert not state["said"]
    assert state["rows"][0]["status"] == "pending"


def test_without_somebody_there_no_widget_is_made(room: Room) -> None:
    assert not widgets.somebody_there(SimpleNamespace())
    assert not widgets.somebody_there(SimpleNamespace(kernel=SimpleNamespace(_allow_stdin=False)))
    assert widgets.somebody_there(SimpleNamespace(kernel=SimpleNamespace(_allow_stdin=True)))
    shown = ui.Interface(room.session, live=False)
    bundle, _ = shown._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert "&lt;img" in bundle["text/html"]
    assert room.first in bundle["text/plain"]


def test_a_batch_run_saves_no_widget_state_and_imports_no_widgets(room: Room) -> None:
    cells = ["%load_ext nbmigrate\nimport sys", "%migrate ui", "print('anywidget' in sys.modules)"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": "."}}).execute()
    (shown,) = notebook.cells[1].outputs
    assert set(shown.data) == {"text/html", "text/plain"}
    assert notebook.cells[2].outputs[0].text == "False\n"
    assert "widgets" not in notebook.metadata


def test_the_widget_shows_the_state_and_its_presses_wait_for_cells(room: Room) -> None:
    shown = ui.Interface(room.session, live=True)
    bundle, _ = shown._repr_mimebundle_()
    assert set(bundle) == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    assert len(shown.widget.state["rows"]) == 2
    message = {"method": "custom", "content": {"do": "select", "id": room.first}}
    press = threading.Thread(
        target=shown.widget._handle_msg, args=({"content": {"data": message}, "buffers": []},)
    )
    with room.session.lock:
        press.start()
        press.join(0.2)
        assert press.is_alive()
        assert shown.widget.state["selected"] is None
    press.join()
    assert shown.widget.state["selected"] == room.first
    shown.widget.close()


@pytest.mark.parametrize("static", [False, True])
def test_a_press_on_another_thread_never_takes_another_database_for_this_one(
    room: Room, static: bool
) -> None:
    shared = {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}} if static else {}
    room.namespace["engine"] = engine = sa.create_engine("sqlite://", **shared)
    room.session.connect(Argument("engine"), None)
    room.session.migrator().upgrade("heads")
    shown = ui.Interface(room.session, live=True)
    message = {"method": "custom", "content": {"do": "refresh"}}
    press = threading.Thread(
        target=shown.widget._handle_msg, args=({"content": {"data": message}, "buffers": []},)
    )
    press.start()
    press.join()
    assert [row["status"] for row in shown.widget.state["rows"]] == ["applied", "applied"]
    assert ("in memory" in shown.widget.state["error"]) is not static
    shown.widget._handle_msg({"content": {"data": message}, "buffers": []})
    assert not shown.widget.state["error"]
    shown.widget.close()
    engine.dispose()


def test_magics_hold_the_lock(room: Room) -> None:
    shell = InteractiveShell()
    shell.history_manager.enabled = False
    magics = MigrateMagics(shell)
    free: list[bool] = []

    def work(_: bool) -> None:
        def look() -> None:
            free.append(magics.session.lock.acquire(blocking=False))

        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

    magics._guarded(work, "")
    assert free == [False]
    magics.session = room.session
    assert isinstance(magics.migrate("ui"), ui.Interface)
    shell.history_manager.end_session()
