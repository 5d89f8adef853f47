"""plan, sql, explain: what is told is what then runs, and telling it changes nothing."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from nbmigrate import Migrator, plans
from nbmigrate.errors import CommandError, MigrateError
from nbmigrate.notebook.displays import html_of

USER = """
op.create_table("user", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(50)))
"""
EMAIL = """
op.add_column("user", sa.Column("email", sa.String(50)))
op.alter_column("user", "name", nullable=False, existing_type=sa.String(50), existing_nullable=True)
"""
READING = """
def upgrade():
    op.drop_column("user", "name")
    for row in op.get_bind().execute(sa.text("SELECT id FROM user")).fetchall():
        op.execute("SELECT 1")

def downgrade():
    raise NotImplementedError("the names are gone")
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def m(folder: Path) -> Migrator:
    """Three revisions, the first applied, with seven rows in its table."""
    migrator = Migrator("sqlite:///shop.db")
    migrator.cell_revision("user", USER, "add user", apply=True)
    with sqlite3.connect("shop.db") as connection:
        connection.executemany("INSERT INTO user VALUES (?, 'x')", [(number,) for number in range(7)])
    connection.close()
    migrator.cell_revision("email", EMAIL, "add email")
    migrator.cell_revision("reading", READING, "read rows")
    return migrator


def dump() -> list[str]:
    connection = sqlite3.connect("shop.db")
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


def flat(statements: tuple[str, ...]) -> list[str]:
    """Without line ends: SQLite puts an added column into the stored text with a blank before it."""
    return [" ".join(text.split()) for text in statements]


def all_flat(told: plans.Explanation) -> list[object]:
    return [
        (way, one.words, one.python, flat(one.statements), note)
        for way, operations, note in told.directions
        for one in operations
    ]


def test_a_plan_shows_what_then_runs(m: Migrator) -> None:
    before = dump()
    plan = m.plan("+1")
    assert dump() == before
    (step,) = plan.steps
    assert plan.direction == "upgrade"
    assert [one.words for one in step.operations] == [
        "Add the column email to the table user.",
        "Alter the column name of the table user: forbid NULL.",
    ]
    assert str(plan).startswith("Plan: upgrade sqlite:///shop.db from ")
    assert "1 revision, 2 operations, 2 findings; nothing has run" in str(plan)
    ran = m.upgrade("+1")
    assert flat(ran.steps[0].statements) == flat(step.statements)
    assert (ran.before, ran.after) == (plan.before, plan.after)
    assert (ran.steps[0].source, ran.steps[0].destination) == (step.source, step.destination)


def test_a_plan_on_every_database(database_url: str, folder: Path) -> None:
    migrator = Migrator(database_url)
    migrator.cell_revision("user", USER.replace('"user"', '"people"'), "add people")
    migrator.cell_revision("email", EMAIL.replace('"user"', '"people"'), "add email")
    engine = create_engine(database_url)
    for target in ("head", "base"):
        plan = migrator.plan(target)
        assert [step.note for step in plan.steps] == ["", ""]
        assert inspect(engine).has_table("people") == (target == "base")
        ran = migrator.upgrade(target) if target == "head" else migrator.downgrade(target)
        assert [flat(step.statements) for step in ran.steps] == [flat(step.statements) for step in plan.steps]
    told = migrator.explain("head")
    assert (told.upgrade_note, told.downgrade_note) == ("", "")
    assert all(one.statements and one.python and one.words for one in (*told.upgrade, *told.downgrade))
    engine.dispose()


def test_a_plan_downwards_counts_what_is_lost(m: Migrator) -> None:
    before = dump()
    plan = m.plan("base")
    assert plan.direction == "downgrade"
    assert [one.rows for one in plan.steps[0].operations] == ["drops 7 rows"]
    assert "Drop the table user and all its rows. (drops 7 rows)" in str(plan)
    assert dump() == before
    ran = m.downgrade("base")
    assert ran.steps[0].statements == plan.steps[0].statements
    assert str(m.plan("base")) == "Nothing to downgrade: sqlite:///shop.db is at base"


def test_what_a_batch_does_to_rows_is_counted_for_each_of_its_changes(m: Migrator) -> None:
    body = """
with op.batch_alter_table("user") as table:
    table.drop_column("name")
    table.add_column(sa.Column("mail", sa.String(9), nullable=False))
"""
    made = m.cell_revision("batch", body, head=m.current().revisions[0].id, splice=True).revision
    assert made is not None
    told = [one.rows for one in m.plan(made.id).steps[-1].operations]
    assert told == ["name: drops 7 values; mail: fails: 7 rows have no value for it"]


def test_several_steps_know_of_each_other(m: Migrator) -> None:
    plan = m.plan()
    assert len(plan.steps) == 2
    assert "DROP COLUMN name" in plan.steps[1].statements[0]
    # what depends on rows that nobody has read is said, not guessed
    assert "MockConnection" not in plan.steps[1].note
    assert "its SQL can't be told before it runs" in plan.steps[1].note
    assert f"note: {plan.steps[1].note}" in str(plan)


def test_which_way_a_plan_goes(m: Migrator) -> None:
    first, second, third = (one.id for one in reversed(m.history().revisions))
    m.upgrade(second)
    ways = {
        "head": "upgrade", "heads": "upgrade", "+1": "upgrade", third: "upgrade", second: "upgrade",
        "base": "downgrade", "-1": "downgrade", first: "downgrade", f"{second}-1": "downgrade",
        first[:6]: "downgrade", f"{second}+1": "upgrade",
    }  # fmt: skip
    assert {target: m.plan(target).direction for target in ways} == ways
    assert m.plan(second).steps == ()
    assert m.plan(first).after == (first,)
    with pytest.raises(MigrateError, match="nowhere"):
        m.plan("nowhere")


def test_a_revision_explained(m: Migrator) -> None:
    told = m.explain("head-1")
    assert [one.words for one in told.upgrade] == [one.words for one in m.plan("+1").steps[0].operations]
    assert told.upgrade[0].python.startswith("op.add_column('user', sa.Column('email', sa.String(length=50)")
    assert told.upgrade[0].statements == ("ALTER TABLE user ADD COLUMN email VARCHAR(50)",)
    assert [one.words for one in told.downgrade] == [
        "Alter the column name of the table user: allow NULL.",
        "Drop the column email and its values from the table user.",
    ]
    assert (told.upgrade_note, told.downgrade_note) == ("", "")
    assert "upgrade():\n  1. Add the column email" in str(told)
    reading = m.explain()
    assert reading.downgrade_note == "the names are gone"
    assert m.explain("current").revision.message == "add user"
    with pytest.raises(CommandError, match="one revision"):
        m.explain("base")


def test_an_explanation_is_the_same_whatever_the_database_has(m: Migrator) -> None:
    pending = m.explain("head-1")
    m.upgrade("head-1")
    applied = m.explain("head-1")
    assert all_flat(applied) == all_flat(pending)


def test_a_revision_is_explained_without_its_database(folder: Path, m: Migrator) -> None:
    expected = m.explain("head-1")
    away = Migrator("sqlite:////no/such/folder/x.db")
    assert all_flat(away.explain("head-1")) == all_flat(expected)


def test_one_script_is_what_upgrade_writes(m: Migrator) -> None:
    before = dump()
    (script,) = m.sql("head-1").scripts
    assert script.text == m.upgrade("head-1", sql=True).text
    first = m.history().revisions[-1].id
    (back,) = m.sql(f"{first}:base").scripts
    assert back.text == m.downgrade(f"{first}:base", sql=True).text
    assert str(m.sql("head-1")) == script.text.strip()
    assert dump() == before


def test_scripts_for_several_databases(m: Migrator) -> None:
    told = m.sql("head-1", ["postgresql", "mysql", "sqlite", "mysql"])
    assert [script.dialect for script in told.scripts] == ["postgresql", "mysql", "sqlite"]
    assert [script.note for script in told.scripts] == ["", "", ""]
    texts = [script.text for script in told.scripts]
    assert 'ALTER TABLE "user" ALTER COLUMN name SET NOT NULL' in texts[0]
    assert "MODIFY name VARCHAR(50) NOT NULL" in texts[1]
    assert texts[2] == m.upgrade("head-1", sql=True).text
    assert str(told).count("\n-- mysql\n") == 1
    whole = m.sql("head", ["postgresql", "mysql"])
    assert all("can't be written from revision" in script.note for script in whole.scripts)
    with pytest.raises(CommandError, match="SQL for postgresql can't be written"):
        m.sql("head", ["postgresql"])
    with pytest.raises(CommandError, match="no database system 'postgres' is known here"):
        m.sql("head", ["postgres"])


@pytest.mark.parametrize("name", ["postgresql", "mysql", "mssql", "oracle"])
def test_scripts_of_a_project_are_those_of_its_own_env_py(m: Migrator, folder: Path, name: str) -> None:
    """A further dialect is configured beside env.py; version table and options are env.py's."""
    env = folder / "migrations" / "env.py"
    text = env.read_text().replace(
        "target_metadata=target_metadata", "version_table='v', target_metadata=None"
    )
    env.write_text(text)
    project = Migrator.from_config("alembic.ini")
    (script,) = project.sql("head-1", [name]).scripts
    assert "CREATE TABLE v " in script.text
    assert "email" in script.text


def test_through_the_project_it_is_the_same(m: Migrator) -> None:
    project = Migrator.from_config("alembic.ini")
    (folder_ini := Path("alembic.ini")).write_text(
        folder_ini.read_text().replace("sqlite:///nbmigrate.db", "sqlite:///shop.db")
    )
    project = Migrator.from_config("alembic.ini")
    assert project.plan("+1").steps == m.plan("+1").steps
    assert project.explain("head-1") == m.explain("head-1")


def test_nothing_is_created_by_telling(folder: Path) -> None:
    migrator = Migrator("sqlite:///new.db")
    migrator.cell_revision("user", USER, "add user")
    migrator.plan()
    migrator.explain()
    engine = create_engine("sqlite:///new.db")
    assert inspect(engine).get_table_names() == []
    engine.dispose()


def test_each_is_displayed(m: Migrator) -> None:
    for value in (m.plan(), m.plan("base"), m.explain(), m.sql("head-1", ["postgresql", "mysql"])):
        assert type(value).__module__ == plans.__name__
        html = html_of(value)
        assert html is not None
        assert "user" in html
    assert (html_of(m.sql("head-1", ["postgresql", "mysql"])) or "").count("<th scope") == 2


def test_the_card_tells_of_the_models_that_env_py_has(m: Migrator, folder: Path) -> None:
    ini = folder / "alembic.ini"
    ini.write_text(ini.read_text().replace("sqlite:///nbmigrate.db", "sqlite:///shop.db"))
    assert Migrator.from_config("alembic.ini").card().note == "none named yet"
    env = folder / "migrations" / "env.py"
    env.write_text(
        env.read_text().replace(
            "target_metadata = None", "import sqlalchemy as sa\ntarget_metadata = sa.MetaData()"
        )
    )
    told = Migrator.from_config("alembic.ini").card().diff
    assert told is not None
    assert "drop" in told.summary


def test_telling_a_block_without_a_transaction_prints_nothing(
    m: Migrator, capsys: pytest.CaptureFixture[str]
) -> None:
    body = """
def upgrade():
    with op.get_context().autocommit_block():
        op.create_index("ix", "user", ["name"])


def downgrade():
    pass
"""
    made = m.cell_revision("block", body, head=m.current().revisions[0].id, splice=True).revision
    assert made is not None
    assert m.plan(made.id).steps[-1].operations
    m.explain(made.id)
    assert capsys.readouterr().out == ""
    assert "COMMIT;" in m.sql(made.id).scripts[0].text
