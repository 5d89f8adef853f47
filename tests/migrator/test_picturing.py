"""erd and walk: what is drawn is what there is, and what a revision changes is marked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from nbmigrate import Migrator
from nbmigrate.compare.drawn import drawing_of
from nbmigrate.model.drawing import Drawing, DrawnColumn, DrawnKey, DrawnTable, laid_over

HISTORY = {
    "people": """
op.create_table("person", sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(50), nullable=False), sa.Column("mail", sa.String(80), unique=True))
""",
    "orders": """
op.create_table("order", sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id", name="fk_person")),
    sa.Column("total", sa.Numeric(10, 2)))
op.create_index("ix_total", "order", ["total"], unique=True)
""",
    "batch": """
with op.batch_alter_table("person") as batch:
    batch.add_column(sa.Column("born", sa.Date))
    batch.alter_column("name", existing_type=sa.String(50), type_=sa.Text(), new_column_name="full_name")
    batch.create_unique_constraint("uq_name", ["full_name"])
""",
    "renamed": 'op.rename_table("person", "customer")\n',
    "less": """
op.drop_index("ix_total", "order")
op.drop_column("order", "total")
with op.batch_alter_table("order") as batch:
    batch.drop_constraint("fk_person", type_="foreignkey")
op.create_table("gone", sa.Column("id", sa.Integer, primary_key=True))
""",
    "end": 'op.drop_table("gone")\n',
}


@pytest.fixture
def migrator(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Migrator:
    monkeypatch.chdir(tmp_path)
    m = Migrator(sqlite_url)
    for slug, body in HISTORY.items():
        m.cell_revision(slug, body)
    return m


def test_a_key_that_comes_with_its_column_is_drawn(migrator: Migrator, sqlite_url: str) -> None:
    body = 'op.add_column("order", sa.Column("payer", sa.Integer, sa.ForeignKey("customer.id")))\n'
    migrator.cell_revision("key", body)
    replayed = migrator.walk().steps[-1].drawing
    assert DrawnKey("order", ("payer",), "customer", ("id",), optional=True, mark="add") in replayed.keys
    migrator.upgrade("head")
    assert str(migrator.erd("head").drawing) == str(migrator.erd().drawing)
    migrator.downgrade("-1")
    assert "payer -> customer (id)" in str(migrator.erd(diff=True).drawing)


def test_at_each_revision_the_sketch_is_what_the_database_has(migrator: Migrator, sqlite_url: str) -> None:
    """Nothing runs while it is sketched; then each revision runs, and the database is drawn."""
    steps = migrator.walk().steps
    assert not Path("fresh.db").exists() or migrator.current().revisions == ()
    engine = sa.create_engine(sqlite_url)
    for step in steps:
        migrator.upgrade("+1")
        metadata = sa.MetaData()
        metadata.reflect(engine)
        drawn = drawing_of(metadata, engine.dialect, {"alembic_version"})
        sketched = migrator.erd(step.revision.id).drawing
        assert str(sketched) == str(drawn), step.revision.message
    engine.dispose()


def test_what_a_revision_changes_is_marked(migrator: Migrator) -> None:
    people, orders, batch, renamed, less, _ = (str(step.drawing) for step in migrator.walk().steps)
    assert people.splitlines() == [
        "+ person",
        "+   id    INTEGER PK",
        "+   name  VARCHAR(50) NOT NULL",
        "+   mail  VARCHAR(80) UQ",
    ]
    assert "+   person_id -> person (id)" in orders and "  person\n" in orders
    assert "-   name       VARCHAR(50) NOT NULL" in batch and "+   full_name  TEXT NOT NULL UQ" in batch
    assert "+ customer" in renamed and "- person" in renamed
    assert "-   total      NUMERIC(10, 2) UQ" in less and "-   person_id -> customer (id)" in less


def test_what_a_step_leaves_alone_is_not_drawn_again(migrator: Migrator) -> None:
    less, end = ({table.name: table for table in step.drawing.tables} for step in migrator.walk().steps[-2:])
    assert less["customer"] is end["customer"]
    assert less["order"] is not end["order"]  # marked there, and here no more


def test_each_step_has_words_python_and_sql(migrator: Migrator) -> None:
    walk = migrator.walk()
    first = walk.steps[0]
    assert first.sentence == "Create the table person with 3 columns."
    assert "def upgrade()" in first.source and first.statements[0].startswith("CREATE TABLE person")
    text = str(walk)
    assert text.startswith("walk to heads: 6 revisions; SQL for sqlite")
    assert [line for line in text.splitlines() if line[:2] in ("1.", "6.")] == [
        f"1. {first.revision.id}  people",
        f"6. {walk.steps[-1].revision.id}  end",
    ]


def test_diff_marks_what_is_pending(migrator: Migrator) -> None:
    migrator.upgrade("+2")
    picture = migrator.erd(diff=True)
    assert picture.note == "marked: what the revisions that have not run would do"
    marked = {table.name: table.mark for table in picture.drawing.tables}
    assert marked == {"person": "drop", "customer": "add", "order": ""}
    metadata = sa.MetaData()
    sa.Table("person", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("age", sa.Integer))
    migrator.metadata = metadata
    picture = migrator.erd(diff=True)
    assert picture.note == "marked: what the models ask for"
    person = next(table for table in picture.drawing.tables if table.name == "person")
    assert [(c.name, c.mark) for c in person.columns] == [
        ("id", ""), ("name", "drop"), ("mail", "drop"), ("age", "add"),
    ]  # fmt: skip


def test_a_revision_without_a_database(migrator: Migrator, tmp_path: Path) -> None:
    away = Migrator(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder' / 'x.db'}")
    assert "customer" in str(away.erd("head"))
    assert len(away.walk().steps) == 6


def test_plain_sql_is_said_not_to_be_followed(migrator: Migrator) -> None:
    migrator.cell_revision("plain", 'op.execute("CREATE TABLE raw (a INTEGER)")\n')
    assert migrator.walk().steps[-1].note == "what plain SQL does is not in the picture"
    assert "what plain SQL does" in migrator.erd("head").note


COLUMN = DrawnColumn("id", "INTEGER", ("PK",), False)
KEY = DrawnKey("a", ("b_id",), "b", ("id",))


@pytest.mark.parametrize(
    ("before", "after", "marks"),
    [
        (Drawing((DrawnTable("a", (COLUMN,)),)), Drawing((DrawnTable("a", (COLUMN,)),)), ""),
        (Drawing(), Drawing((DrawnTable("a", (COLUMN,)),)), "add"),
        (Drawing((DrawnTable("a", (COLUMN,)),)), Drawing(), "drop"),
    ],
)
def test_laid_over(before: Drawing, after: Drawing, marks: str) -> None:
    (table,) = laid_over(before, after).tables
    assert table.mark == marks and table.columns[0].mark == marks


def test_laid_over_keys() -> None:
    tables = (DrawnTable("a", (COLUMN,)), DrawnTable("b", (COLUMN,)))
    both = laid_over(Drawing(tables, (KEY,)), Drawing(tables))
    assert [key.mark for key in both.keys] == ["drop"] and [table.name for table in both.changed] == ["a"]


@pytest.fixture
def hostile() -> Callable[[str], Drawing]:
    def make(name: str) -> Drawing:
        column = DrawnColumn(name, name, ("FK",), mark="alter", before=name)
        return Drawing((DrawnTable(name, (column,)),), (DrawnKey(name, (name,), name, (name,)),))

    return make


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '"; drop', "a&amp;b", "\\N", "</TD>", "%", "\u202e", "x" * 300, ""]
)
def test_hostile_names_are_text(name: str, hostile: Callable[[str], Drawing], monkeypatch: Any) -> None:
    from nbmigrate.notebook.erd import schema_html

    for drawn in (True, False):
        if not drawn:
            monkeypatch.setattr("nbmigrate.notebook.erd.render_dot", lambda source: None)
        found = schema_html(hostile(name), "caption")
        assert "<script" not in found and "</TD>" not in found
        assert ("<svg" in found) is (drawn and name != "")
