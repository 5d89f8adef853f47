"""A revision that a notebook cell holds: running the cell again changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from nbmigrate import Migrator
from nbmigrate.errors import CommandError

CREATE = 'op.create_table("pet", sa.Column("id", sa.Integer, primary_key=True))\n'
WITH_NAME = (
    'op.create_table("pet", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(9)))\n'
)


@pytest.fixture
def m(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Migrator:
    monkeypatch.chdir(tmp_path)
    return Migrator(sqlite_url)


def files(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in sorted(folder.rglob("*.py"))}


def pet_columns(m: Migrator) -> list[str]:
    assert m.database is not None
    engine = create_engine(m.database.url)
    inspector = inspect(engine)
    return [c["name"] for c in inspector.get_columns("pet")] if inspector.has_table("pet") else []


def test_running_it_twice_writes_once(m: Migrator, tmp_path: Path) -> None:
    first = m.cell_revision("create_pet", CREATE, "a table for pets", apply=True)
    assert first.state == "created"
    assert first.applied is not None
    assert first.statements[0].startswith("CREATE TABLE pet")
    before = files(tmp_path)
    again = m.cell_revision("create_pet", CREATE, "a table for pets", apply=True)
    assert (again.state, again.applied) == ("unchanged", None)
    assert files(tmp_path) == before


def test_bare_lines_get_their_way_back(m: Migrator) -> None:
    m.cell_revision("create_pet", CREATE, apply=True)
    assert pet_columns(m) == ["id"]
    m.downgrade("base")
    assert pet_columns(m) == []


def test_a_way_back_is_never_made_up(m: Migrator) -> None:
    made = m.cell_revision("data", 'op.execute("select 1")\n', apply=True)
    assert "raise NotImplementedError" in made.source
    with pytest.raises(Exception, match="no way back"):
        m.downgrade("base")


def test_changed_before_it_is_applied_it_is_rewritten(m: Migrator, tmp_path: Path) -> None:
    first = m.cell_revision("create_pet", CREATE)
    second = m.cell_revision("create_pet", WITH_NAME)
    assert second.state == "rewritten"
    assert first.revision is not None and second.revision is not None
    assert (first.revision.id, first.revision.path) == (second.revision.id, second.revision.path)
    assert first.revision.created == second.revision.created
    m.upgrade()
    assert pet_columns(m) == ["id", "name"]


def test_changed_after_it_is_applied_it_is_refused_or_amended(m: Migrator, tmp_path: Path) -> None:
    m.cell_revision("create_pet", CREATE, apply=True)
    before = files(tmp_path)
    with pytest.raises(CommandError, match="--amend"):
        m.cell_revision("create_pet", WITH_NAME)
    assert files(tmp_path) == before
    amended = m.cell_revision("create_pet", WITH_NAME, amend=True)
    assert amended.state == "amended"
    assert pet_columns(m) == ["id", "name"]


def test_a_syntax_error_names_the_line_and_writes_nothing(m: Migrator, tmp_path: Path) -> None:
    m.cell_revision("create_pet", CREATE)
    before = files(tmp_path)
    with pytest.raises(CommandError, match="line 3") as caught:
        # line 3 of the cell, whose first line is %%revision
        m.cell_revision("other", "op.execute('select 1')\nop.execute(\n")
    assert "\n" not in str(caught.value)
    assert files(tmp_path) == before


def test_a_fork_is_made_on_purpose_only(m: Migrator) -> None:
    first = m.cell_revision("create_pet", CREATE).revision
    assert first is not None
    add = 'op.add_column("pet", sa.Column("{}", sa.String(9)))\n'
    m.cell_revision("name", add.format("name"))
    with pytest.raises(CommandError, match="--splice"):
        m.cell_revision("age", add.format("age"), head=first.id)
    m.cell_revision("age", add.format("age"), head=first.id, splice=True)
    assert len(m.heads().revisions) == 2
