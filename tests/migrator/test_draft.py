"""draft: the models' revision as the text of a cell; run, it does what the models ask for, and comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from nbmigrate import Migrator
from nbmigrate.errors import CommandError, RenamesUnanswered
from nbmigrate.notebook.grammar import revision_parser
from nbmigrate.notebook.line import split


@pytest.fixture
def people() -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table("person", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
    return metadata


def run_cell(migrator: Migrator, cell: str) -> Any:
    """What the magic does with a cell's text."""
    first, _, body = cell.partition("\n")
    args = revision_parser().parse_args([one.text for one in split(first.removeprefix("%%revision"))])
    return migrator.cell_revision(args.slug, body, args.message, head=args.head, apply=True)


def test_a_draft_writes_nothing_and_run_it_leaves_no_difference(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, people: sa.MetaData
) -> None:
    monkeypatch.chdir(tmp_path)
    migrator = Migrator(sqlite_url, metadata=people)
    draft = migrator.draft("people", "it's\nthe people")
    assert not (tmp_path / "migrations").exists()
    assert draft.cell.startswith("%%revision people -m \"it's the people\"\nop.create_table('person',")
    assert "def " not in draft.cell  # the way back follows from the lines
    made = run_cell(migrator, draft.cell)
    assert made.revision.message == "it's the people" and made.applied
    assert not migrator.diff()
    again = migrator.draft("people")
    assert again.state == "written" and made.revision.id in str(again) and not again.cell
    assert migrator.draft("more").state == "no changes"
    migrator.downgrade("base")
    assert migrator.draft("people").state == "written"  # pending: its cell is there


def test_what_has_no_derived_way_back_gets_both_functions(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, people: sa.MetaData
) -> None:
    monkeypatch.chdir(tmp_path)
    migrator = Migrator(database_url, metadata=people)
    run_cell(migrator, migrator.draft("people").cell)
    less = sa.MetaData()
    sa.Table("person", less, sa.Column("id", sa.Integer, primary_key=True), sa.Column("mail", sa.Text))
    migrator.metadata = less
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(sa.text("insert into person (id, name) values (1, 'Ada')"))
    engine.dispose()
    with pytest.raises(RenamesUnanswered):
        migrator.draft("mails")
    draft = migrator.draft("mails", renames={"person.name": None})
    assert "\ndef upgrade():\n" in draft.cell and "\ndef downgrade():\n" in draft.cell
    run_cell(migrator, draft.cell)
    assert not migrator.diff()
    migrator.downgrade("-1")
    migrator.metadata = people
    assert not migrator.diff()
    migrator.metadata = less
    migrator.upgrade("head")
    assert run_cell(migrator, draft.cell).state == "unchanged"


def test_refusals(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, people: sa.MetaData
) -> None:
    monkeypatch.chdir(tmp_path)
    migrator = Migrator(sqlite_url, metadata=people)
    with pytest.raises(CommandError, match="can't name a revision cell"):
        migrator.draft("no good")
    migrator.cell_revision("first", "op.execute('select 1')")
    with pytest.raises(CommandError, match="not up to date"):
        migrator.draft("second")
    migrator.upgrade("head")
    migrator.options = {
        "process_revision_directives": lambda context, revision, scripts: scripts.append(scripts[0])
    }
    with pytest.raises(CommandError, match="a cell holds one"):
        migrator.draft("second")
