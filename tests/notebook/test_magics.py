"""The magics in a shell: how a line becomes a call, without a kernel."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from notebook_samples import graph
from sqlalchemy.exc import OperationalError

from nbmigrate.errors import CommandError, MigrateError, MigrationFailed
from nbmigrate.notebook import load, unload
from nbmigrate.notebook.errors import one_line, prepare
from nbmigrate.notebook.magics import MigrateMagics
from nbmigrate.notebook.pictures import Picture
from nbmigrate.results import Diff, RevisionCreated


class Recorder:
    """Stands where the engine does and keeps what it was asked."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []

    def __getattr__(self, verb: str) -> Any:
        def call(*args: Any, **kw: Any) -> Any:
            self.calls.append((verb, args, kw))
            return {"graph": graph(), "diff": Diff("x", ())}.get(verb, verb)

        return call


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    InteractiveShell.clear_instance()
    made = InteractiveShell.instance()
    made.history_manager.enabled = False
    load(made)
    yield made
    made.history_manager.end_session()
    InteractiveShell.clear_instance()


@pytest.fixture
def magics(shell: InteractiveShell) -> MigrateMagics:
    found = shell.magics_manager.magics["line"]["migrate"].__self__
    assert isinstance(found, MigrateMagics)
    return found


@pytest.fixture
def asked(magics: MigrateMagics, monkeypatch: pytest.MonkeyPatch) -> Recorder:
    recorder = Recorder()
    monkeypatch.setattr(magics.session, "migrator", lambda: recorder)
    monkeypatch.setattr(magics.session, "with_models", lambda: (recorder, "Base"))
    return recorder


def test_load_and_unload(shell: InteractiveShell) -> None:
    lines, cells = shell.magics_manager.magics["line"], shell.magics_manager.magics["cell"]
    assert {"migrate", "nbmigrate"} <= set(lines)
    assert "revision" in cells
    load(shell)
    assert lines["migrate"].__self__ is lines["nbmigrate"].__self__
    unload(shell)
    assert not {"migrate", "nbmigrate"} & set(lines)
    assert "revision" not in cells
    unload(shell)


def test_unload_leaves_other_peoples_magics(shell: InteractiveShell) -> None:
    shell.register_magic_function(lambda line, cell: None, "cell", "revision")
    unload(shell)
    assert "revision" in shell.magics_manager.magics["cell"]


def test_loading_twice_shows_a_result_once(shell: InteractiveShell) -> None:
    load(shell)
    data, _ = shell.display_formatter.format(Diff("x", ()))
    assert set(data) == {"text/html", "text/plain"}


def test_a_line_is_not_expanded_by_ipython(shell: InteractiveShell, asked: Recorder) -> None:
    shell.user_ns.update(x="expanded", rev="ae10")
    shell.run_line_magic("migrate", 'revision -m "cost {x} $x" --head $rev')
    shell.run_line_magic("nbmigrate", "show {rev}")
    assert asked.calls[0][1] == ("cost {x} $x",)
    assert asked.calls[0][2]["head"] == "ae10"
    assert asked.calls[1] == ("show", ("ae10",), {})


def test_a_revision_in_a_notebook_is_found_again(shell: InteractiveShell, asked: Recorder) -> None:
    shell.run_line_magic("migrate", "revision -m one")
    shell.run_line_magic("migrate", "revision --autogenerate -m two")
    assert [call[2]["reuse"] for call in asked.calls] == [True, True]


def test_a_final_semicolon_is_not_part_of_the_line(shell: InteractiveShell, asked: Recorder) -> None:
    magic = shell.magics_manager.magics["line"]["migrate"]
    magic("upgrade head;")
    magic("upgrade head ;")
    magic('revision -m "a;"')
    assert [call[1] for call in asked.calls] == [("head",), ("head",), ("a;",)]
    assert shell.run_line_magic("migrate", "upgrade head;") is None


def test_results_come_back_and_a_graph_as_a_picture(shell: InteractiveShell, asked: Recorder) -> None:
    assert shell.run_line_magic("migrate", "upgrade +1") == "upgrade"
    assert asked.calls[-1][1] == ("+1",)
    assert shell.run_line_magic("migrate", "downgrade -1") == "downgrade"
    assert asked.calls[-1][1] == ("-1",)
    assert isinstance(shell.run_line_magic("migrate", "graph"), Picture)
    assert shell.run_line_magic("migrate", "diff") == Diff("x", (), "Base")


@pytest.mark.parametrize("line", ["-h", "--help", "upgrade -h", "connect -h"])
def test_help_is_printed_and_nothing_exits(
    shell: InteractiveShell, asked: Recorder, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    assert shell.run_line_magic("migrate", line) is None
    assert f"%migrate {line.partition(' ')[0] if ' ' in line else ''}".strip() in capsys.readouterr().out
    assert asked.calls == []


def test_the_help_of_a_revision_cell(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    assert shell.run_cell_magic("revision", "-h", "pass") is None
    assert "--amend" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("upgrad head", r"unknown verb 'upgrad': did you mean 'upgrade'\?"),
        ("conect x", r"did you mean 'connect'\?"),
        ("xyzzy", "unknown verb 'xyzzy': verbs are .*upgrade.*connect"),
        ("upgrade --nothing", "--nothing"),
        ("downgrade", "revision"),
        ("show $nothing", "no variable nothing"),
        ("revision -m 'x", "opened and not closed"),
        ("upgrade a b c", "unrecognized arguments: b c"),
    ],
)
def test_a_wrong_line_is_a_command_error(
    shell: InteractiveShell, asked: Recorder, line: str, message: str
) -> None:
    with pytest.raises(CommandError, match=message) as caught:
        shell.run_line_magic("migrate", line)
    assert len(caught.value._render_traceback_()) == 1  # type: ignore[attr-defined]
    assert asked.calls == []


def test_a_cells_body_stands_for_itself(shell: InteractiveShell, asked: Recorder) -> None:
    shell.user_ns["x"] = "expanded"
    body = 'op.execute("select {x} $x :x %s")\n'
    shell.run_cell_magic("revision", 'add_x -m "add x" --head a@head --apply', body)
    shell.run_cell_magic("revision", "add_x --amend", body)
    shell.run_cell_magic("revision", '-m "Add an e-mail!"', body)
    assert asked.calls[0] == (
        "cell_revision",
        ("add_x", body),
        {"message": "add x", "head": "a@head", "splice": False, "apply": True, "amend": False},
    )
    assert asked.calls[1][2]["amend"] is True
    assert asked.calls[2][1][0] == "add_an_e_mail"
    with pytest.raises(CommandError, match="needs a name that it keeps"):
        shell.run_cell_magic("revision", "", body)


def test_an_error_is_one_line_and_names_its_kind() -> None:
    error = MigrationFailed("revision ae10 failed\n  statement: X\n\n  state: unchanged")
    assert one_line(error) == "MigrationFailed: revision ae10 failed statement: X state: unchanged"
    prepare(error, str)
    assert error._render_traceback_() == [one_line(error)]  # type: ignore[attr-defined]


def test_an_error_tells_paths_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    error = CommandError(f"bad: {tmp_path / 'versions' / 'a.py'}, line 3, not {tmp_path.parent}")
    assert one_line(error) == f"CommandError: bad: versions/a.py, line 3, not {tmp_path.parent}"
    prepare(error, str)
    assert str(error) == f"bad: versions/a.py, line 3, not {tmp_path.parent}"


def test_an_error_shows_no_secret_and_no_control_character() -> None:
    error = CommandError("hunter2 failed \x1b[31m")
    prepare(error, lambda text: text.replace("hunter2", "***"))
    assert str(error) == "*** failed \x1b[31m"
    assert error._render_traceback_() == ["CommandError: *** failed \\x1b[31m"]  # type: ignore[attr-defined]


def test_a_bug_keeps_its_traceback_and_a_database_error_does_not() -> None:
    bug = ZeroDivisionError("x")
    prepare(bug, str)
    assert not hasattr(bug, "_render_traceback_")
    failed = OperationalError("select 1", {}, Exception("no such table"))
    prepare(failed, str)
    line = failed._render_traceback_()  # type: ignore[attr-defined]
    assert line == ["OperationalError: (builtins.Exception) no such table [SQL: select 1]"]


def test_the_whole_traceback_on_request(
    shell: InteractiveShell, magics: MigrateMagics, capsys: pytest.CaptureFixture[str]
) -> None:
    shell.run_line_magic("migrate", "--traceback")
    assert "No error so far" in capsys.readouterr().out
    with pytest.raises(MigrateError) as caught:
        shell.run_line_magic("migrate", "--traceback upgrad")
    lines = caught.value._render_traceback_()  # type: ignore[attr-defined]
    assert len(lines) > 3
    assert lines[-1].startswith("nbmigrate.errors.CommandError: unknown verb")
    shell.run_line_magic("migrate", "--traceback")
    assert "unknown verb 'upgrad'" in capsys.readouterr().out


def test_loading_is_silent_and_imports_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance()\n"
        "shell.run_cell('%load_ext nbmigrate')\n"
        "assert 'migrate' in shell.magics_manager.magics['line']\n"
        "shell.run_cell('%reload_ext nbmigrate')\n"
        "shell.run_cell('%unload_ext nbmigrate')\n"
        "assert 'migrate' not in shell.magics_manager.magics['line']\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "print(sorted(loaded & {'sqlalchemy', 'graphviz', 'pygraphviz', 'ipywidgets', 'anywidget', 'mako'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout == "[]\n"


def test_an_old_ipython_without_silencing_can_load_it(tmp_path: Path) -> None:
    code = (
        "import IPython.core.magic as magic\n"
        "del magic.output_can_be_silenced\n"
        "from nbmigrate.notebook.magics import MigrateMagics\n"
        "from types import SimpleNamespace\n"
        "MigrateMagics(SimpleNamespace(user_ns={})).migrate('-h;')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert "connect" in done.stdout


def test_what_a_verb_returns_is_not_touched(shell: InteractiveShell, asked: Recorder) -> None:
    created = RevisionCreated("no changes")
    asked.__dict__["merge"] = lambda *args, **kw: created
    assert shell.run_line_magic("migrate", "merge heads -m x") is created


def test_files_can_be_read_where_the_database_can_not(shell: InteractiveShell, tmp_path: Path) -> None:
    shell.run_line_magic("migrate", "revision -m one")
    url = "sqlite:////nowhere/at/all/x.db"
    ini = (tmp_path / "alembic.ini").read_text().replace("sqlite:///nbmigrate.db", url)
    (tmp_path / "alembic.ini").write_text(ini)
    history = shell.run_line_magic("migrate", "history")
    assert [revision.status for revision in history.revisions] == ["unknown"]
    for line in ("history -i", "current"):
        with pytest.raises((CommandError, OperationalError)) as caught:
            shell.run_line_magic("migrate", line)
        assert len(caught.value._render_traceback_()) == 1  # type: ignore[union-attr]
