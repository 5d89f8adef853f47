"""%config NbMigrate: what it sets, and that it goes with the extension."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from nbmigrate.errors import CommandError
from nbmigrate.notebook import load, unload


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    InteractiveShell.clear_instance()
    made: Any = InteractiveShell.instance(config=Config({"NbMigrate": {"metadata": "Models"}}))
    made.history_manager.enabled = False
    load(made)
    yield made
    made.history_manager.end_session()
    InteractiveShell.clear_instance()


def test_the_default_database(shell: Any) -> None:
    shell.run_line_magic("config", "NbMigrate.database = 'sqlite:///mine.db'")
    assert shell.run_line_magic("migrate", "current").database == "sqlite:///mine.db"
    shell.run_line_magic("migrate", "connect sqlite:///other.db")
    assert shell.run_line_magic("migrate", "current").database == "sqlite:///other.db"


def test_the_name_of_the_models_out_of_a_configuration_file(shell: Any) -> None:
    shell.ex(
        "from sqlalchemy import Column, Integer, MetaData, Table\nModels, Others = MetaData(), MetaData()"
    )
    shell.ex("Table('a', Models, Column('id', Integer)); Table('b', Others, Column('id', Integer))")
    assert [change.name for change in shell.run_line_magic("migrate", "diff").changes] == ["a"]
    shell.run_line_magic("config", "NbMigrate.metadata = 'Others'")
    assert [change.name for change in shell.run_line_magic("migrate", "diff").changes] == ["b"]


def test_whole_tracebacks(shell: Any) -> None:
    for value, lines in (("True", 3), ("False", 1)):
        shell.run_line_magic("config", f"NbMigrate.traceback = {value}")
        with pytest.raises(CommandError) as caught:
            shell.run_line_magic("migrate", "upgrad")
        found = len(caught.value._render_traceback_())  # type: ignore[attr-defined]
        assert found == lines or (lines > 1 and found > lines)


def test_it_is_there_once_and_goes_with_the_extension(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    load(shell)
    shell.run_line_magic("config", "")
    assert capsys.readouterr().out.count("NbMigrate") == 1
    unload(shell)
    shell.run_line_magic("config", "")
    assert "NbMigrate" not in capsys.readouterr().out
