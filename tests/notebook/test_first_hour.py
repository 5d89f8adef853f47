"""What people run into in their first hour: each mistake gets a line that says what to type next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

from nbmigrate.notebook import load, unload
from nbmigrate.notebook.displays import text_of
from nbmigrate.notebook.grammar import line_parser
from nbmigrate.notebook.hints import HINT

BASE = """
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
class Base(DeclarativeBase):
    pass
"""
MODELS = """
class Customer(Base):
    __tablename__ = "customer"
    id: Mapped[int] = mapped_column(primary_key=True)
"""


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    InteractiveShell.clear_instance()
    made = InteractiveShell.instance(colors="nocolor")
    made.history_manager.enabled = False
    load(made)
    yield made
    made.history_manager.end_session()
    InteractiveShell.clear_instance()


def said(shell: InteractiveShell, cell: str) -> str:
    """What a cell comes to: its error's line, or its value as text."""
    done = shell.run_cell(cell)
    error = done.error_in_exec or done.error_before_exec
    if error is not None:
        return "\n".join(error._render_traceback_()) if hasattr(error, "_render_traceback_") else str(error)
    return text_of(done.result) if done.result is not None else ""


def test_a_name_that_is_no_operation_s_is_told_and_nothing_is_written(
    shell: InteractiveShell, tmp_path: Path
) -> None:
    column = 'sa.Column("mail", sa.String(50))'
    typed = said(shell, f'%%revision add_mail\n# a typing error\nop.add_colum("customer", {column})')
    assert typed == "CommandError: line 3 of the cell: there is no op.add_colum; did you mean op.add_column?"
    typed = said(shell, f'%%revision add_mail\nop.add_column("customer", {column}, nullable=False)')
    assert typed.startswith("CommandError: line 2 of the cell: op.add_column() got an unexpected keyword")
    assert not list(tmp_path.rglob("versions/*.py"))
    assert "Revision" in said(shell, f'%%revision add_mail\nop.add_column("customer", {column})')


def test_a_revision_needs_a_message_to_be_found_again(shell: InteractiveShell, tmp_path: Path) -> None:
    assert 'type next: %migrate revision -m "' not in said(shell, "%migrate revision")
    assert said(shell, "%migrate revision").endswith('%migrate revision -m "add email"')
    for _ in range(2):
        said(shell, '%migrate revision -m "add email"')
    assert len(list(tmp_path.rglob("versions/*.py"))) == 1


def test_models_by_a_name_that_is_not_there_yet(shell: InteractiveShell) -> None:
    connected = said(shell, "%migrate connect sqlite:///shop.db --metadata Bse")
    assert "note: the notebook has no Bse yet" in connected
    said(shell, BASE + MODELS)
    assert said(shell, "%migrate diff").endswith("did you mean Base?")
    assert "no Base yet" not in said(shell, "%migrate connect --metadata Base")


@pytest.mark.filterwarnings("ignore:This declarative base already contains")
def test_models_that_are_run_again_get_a_hint_below_the_error(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    load(shell)  # twice: the hint comes once
    said(shell, BASE)
    said(shell, MODELS)
    assert HINT not in capsys.readouterr().out
    said(shell, MODELS)
    assert capsys.readouterr().out.count(HINT) == 1
    unload(shell)
    said(shell, MODELS)
    assert HINT not in capsys.readouterr().out
    load(shell)
    # as the hint says
    said(shell, "%%models customers\n" + MODELS)
    assert "1 model cell, 1 table: customer" in said(shell, "%%models customers\n" + MODELS)


def test_the_help_of_the_magic_names_every_verb(shell: InteractiveShell) -> None:
    text = shell.object_inspect("%migrate")["docstring"]
    missing = [verb for verb in line_parser()[1].choices if verb not in text]
    assert not missing
    assert max(map(len, text.splitlines())) <= 110
