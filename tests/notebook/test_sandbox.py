"""A throw-away database for lessons, and the pictures of the schema, by their magics."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa
from IPython.core.interactiveshell import InteractiveShell

from nbmigrate.errors import CommandError
from nbmigrate.notebook import load
from nbmigrate.notebook.displays import html_of, text_of

FIRST = 'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True))\n'


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    InteractiveShell.clear_instance()
    made = InteractiveShell.instance()
    made.history_manager.enabled = False
    load(made)
    made.run_line_magic("migrate", "connect sqlite:///real.db")
    made.run_cell_magic("revision", "first", FIRST)
    yield made
    made.history_manager.end_session()
    InteractiveShell.clear_instance()


def test_up_and_down_in_the_sandbox_leaves_the_real_database_alone(shell: InteractiveShell) -> None:
    said = shell.run_line_magic("migrate", "sandbox")
    assert "throw-away" in str(said) and "sqlite" in str(said)
    for _ in range(2):
        assert len(shell.run_line_magic("migrate", "upgrade").steps) == 1
        assert sa.inspect(shell.user_ns["sandbox"]).has_table("t")
        shell.run_line_magic("migrate", "downgrade base")
    assert not sa.inspect(shell.user_ns["sandbox"]).has_table("t")
    shell.run_line_magic("migrate", "upgrade")
    shell.run_line_magic("migrate", "sandbox")
    assert shell.run_line_magic("migrate", "current").revisions == ()
    back = shell.run_line_magic("migrate", "sandbox --off")
    assert "real.db" in str(back)
    assert shell.run_line_magic("migrate", "current").revisions == ()
    assert "real.db" in shell.run_line_magic("migrate", "upgrade").database


def test_a_project_that_begins_in_the_sandbox_does_not_point_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shell: InteractiveShell
) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    monkeypatch.chdir(folder)
    shell.run_line_magic("migrate", "sandbox")
    shell.run_cell_magic("revision", "first", FIRST)
    assert "sqlalchemy.url = sqlite:///nbmigrate.db" in (folder / "alembic.ini").read_text()


def test_connecting_leaves_the_sandbox(shell: InteractiveShell) -> None:
    shell.run_line_magic("migrate", "sandbox")
    shell.run_line_magic("migrate", "connect sqlite:///other.db")
    assert "other.db" in shell.run_line_magic("migrate", "upgrade").database


def test_the_pictures_have_both_forms(shell: InteractiveShell) -> None:
    shell.run_cell_magic("revision", "second", 'op.add_column("t", sa.Column("x", sa.Integer))\n')
    shell.run_line_magic("migrate", "upgrade +1")
    for line in ("erd", "erd --diff", "erd head", "walk"):
        value = shell.run_line_magic("migrate", line)
        found = html_of(value)
        assert found is not None and "<svg" in found, line
        assert "t" in text_of(value).split(), line
    assert "+   x" in text_of(shell.run_line_magic("migrate", "erd --diff"))


def test_without_dot_the_picture_is_a_table(shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbmigrate.notebook.erd.render_dot", lambda source: None)
    found = html_of(shell.run_line_magic("migrate", "erd head"))
    assert found is not None and "<svg" not in found and "<table" in found and "INTEGER" in found


def test_three_hundred_tables_are_a_list_and_a_few_are_a_picture(shell: InteractiveShell) -> None:
    shell.run_line_magic("migrate", "sandbox")
    metadata = sa.MetaData()
    for number in range(300):
        columns = [sa.Column(f"column_{place}", sa.String(50)) for place in range(12)]
        up = [sa.Column("up", sa.Integer, sa.ForeignKey(f"table_{number // 3}.id"))] if number else []
        sa.Table(f"table_{number}", metadata, sa.Column("id", sa.Integer, primary_key=True), *up, *columns)
    metadata.create_all(shell.user_ns["sandbox"])
    value = shell.run_line_magic("migrate", "erd")
    found = html_of(value)
    assert found is not None and len(found.encode()) + len(text_of(value).encode()) <= 200_000
    assert len(value.drawing.tables) == 300
    assert all(f"table_{number}  (1" in found for number in range(300)) and "<svg" not in found
    assert "table_299  (14 columns) \N{RIGHTWARDS ARROW} table_99" in found and ".save(" in found

    few = shell.run_line_magic("migrate", "erd --table table_299 'table_29?'")
    names = {table.name for table in few.drawing.tables}
    assert names == {f"table_{n}" for n in (*range(290, 300), 96, 97, 98, 99)}
    assert "<svg" in (html_of(few) or "")
    with pytest.raises(CommandError, match=r"No table tabel_1 in this schema; did you mean table_1"):
        shell.run_line_magic("migrate", "erd --table tabel_1")

    # what changes is drawn, with what stands next to it
    sa.Table("fresh", metadata, sa.Column("id", sa.ForeignKey("table_7.id"), primary_key=True))
    shell.user_ns["metadata"] = metadata
    found = html_of(shell.run_line_magic("migrate", "erd --diff"))
    assert found is not None and ">+ fresh<" in found and ">table_7<" in found and ">table_8<" not in found


def test_the_picture_is_saved_in_three_ways(
    shell: InteractiveShell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = (
        "op.create_table('per son', sa.Column('id', sa.Integer, primary_key=True),"
        " sa.Column('<b>\"x\"', sa.Numeric(10, 2), nullable=False))\n"
        "op.create_table('note', sa.Column('id', sa.Integer, sa.ForeignKey('per son.id'), primary_key=True))"
    )
    shell.run_cell_magic("revision", "second", body)
    value = shell.run_line_magic("migrate", "erd head --diff")
    svg = value.save(tmp_path / "x.svg").read_text("utf-8")
    assert "background:white" in svg and "+ per son" in svg
    ElementTree.fromstring(svg)
    assert value.save(tmp_path / "x.dot").read_text("utf-8") == value.dot
    assert value.save(tmp_path / "x.mmd").read_text("utf-8").splitlines() == [
        "erDiagram",
        '    t0["#43; note"] {',
        '        INTEGER id PK, FK "added"',
        "    }",
        '    t1["#43; per son"] {',
        '        INTEGER id PK "added"',
        '        NUMERIC_10_2 column_1 "#60;b#62;#34;x#34;#59; NOT NULL#59; added"',
        "    }",
        '    t2["t"] {',
        "        INTEGER id PK",
        "    }",
        '    t0 |o--|| t1 : "#43; id"',
    ]
    monkeypatch.setattr("nbmigrate.notebook.erd.render_dot", lambda source: None)
    with pytest.raises(CommandError, match="needs Graphviz"):
        value.save(tmp_path / "y.svg")
    assert not (tmp_path / "y.svg").exists() and value.save(tmp_path / "y.mmd").exists()
