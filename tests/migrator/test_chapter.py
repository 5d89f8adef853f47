"""The chapter, verb by verb, through ``Migrator``, on every database: files, tables and version rows."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, inspect, text

from nbmigrate import Migrator
from nbmigrate.errors import CommandError, MigrationFailed


def models(*extra: Column[object]) -> MetaData:
    metadata = MetaData()
    Table("account", metadata, Column("id", Integer, primary_key=True), Column("name", String(50)), *extra)
    return metadata


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def columns(url: str, table: str) -> list[str] | None:
    engine = create_engine(url)
    try:
        inspector = inspect(engine)
        return [c["name"] for c in inspector.get_columns(table)] if inspector.has_table(table) else None
    finally:
        engine.dispose()


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]
    finally:
        engine.dispose()


def test_the_chapter(database_url: str, folder: Path) -> None:
    m = Migrator(database_url, metadata=models())

    made = m.init()
    assert {Path(f.path).name for f in made.files} >= {"alembic.ini", "env.py", "script.py.mako"}
    assert (folder / "migrations" / "versions").is_dir()
    assert {f.state for f in m.init().files} == {"unchanged"}

    first = m.revision("create account", autogenerate=True, rev_id="a1")
    assert first.state == "created"
    assert str(first.changes[0]).startswith("+ add table account")
    assert any("CREATE TABLE account" in statement for statement in first.statements)
    assert columns(database_url, "account") is None  # shown, not done
    assert m.current().revisions == ()

    up = m.upgrade("head")
    assert (up.before, up.after, [s.revision.id for s in up.steps]) == ((), ("a1",), ["a1"])
    assert columns(database_url, "account") == ["id", "name"]
    assert rows(database_url, "select version_num from alembic_version") == [("a1",)]
    assert not m.upgrade("head").steps

    assert not m.diff()
    assert m.revision("again", autogenerate=True).state == "no changes"

    m = Migrator(database_url, metadata=models(Column("email", String(80))))
    assert [(c.kind, c.name) for c in m.diff().changes] == [("add", "account.email")]
    assert m.revision("add email", autogenerate=True, rev_id="b2").revision.down_revision == ("a1",)
    third = m.revision("by hand", rev_id="c3")
    assert third.revision is not None and third.revision.path is not None
    assert "down_revision" in Path(third.revision.path).read_text()

    m.upgrade("+1")
    assert columns(database_url, "account") == ["id", "name", "email"]
    assert [r.id for r in m.current().revisions] == ["b2"]
    m.upgrade("head")
    assert [s.revision.id for s in m.downgrade("-1").steps] == ["c3"]
    assert [s.revision.id for s in m.downgrade("a1").steps] == ["b2"]
    assert columns(database_url, "account") == ["id", "name"]
    m.downgrade("base")
    assert columns(database_url, "account") is None
    assert rows(database_url, "select version_num from alembic_version") == []

    assert [r.id for r in m.history().revisions] == ["c3", "b2", "a1"]
    assert str(m.history()).splitlines()[-1] == "<base> -> a1, create account"
    assert [r.id for r in m.heads().revisions] == ["c3"]


def test_a_first_revision_needs_no_set_up(sqlite_url: str, folder: Path) -> None:
    Migrator(sqlite_url, metadata=models()).revision("create", autogenerate=True)
    assert (folder / "migrations" / "env.py").is_file()
    assert (folder / "alembic.ini").is_file()


def test_a_secret_never_gets_into_a_file(folder: Path) -> None:
    Migrator("postgresql+psycopg://me:s3cretword@localhost/db").init()
    for path in folder.rglob("*"):
        assert not path.is_file() or "s3cretword" not in path.read_text()


FAILS_HALF_WAY = """
def upgrade():
    op.create_table("half", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("insert into half (id) values (1)")
    op.execute("insert into no_such_table values (1)")

def downgrade():
    pass
"""


@pytest.mark.parametrize("system", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_a_revision_that_fails_half_way_leaves_nothing(
    system: str, request: pytest.FixtureRequest, folder: Path
) -> None:
    url = request.getfixturevalue(f"{system}_url")
    m = Migrator(url)
    made = m.cell_revision("half", FAILS_HALF_WAY)
    with pytest.raises(MigrationFailed) as caught:
        m.upgrade("head")
    failed = caught.value
    assert made.revision is not None
    assert failed.revision == made.revision.id
    assert failed.statement == "insert into no_such_table values (1)"
    assert failed.path == made.revision.path
    script = Path(str(failed.path)).read_text().splitlines()
    assert "no_such_table" in script[int(failed.line or 0) - 1]
    assert "\n" not in str(failed)
    assert "rolled back" in failed.state
    assert columns(url, "half") is None
    assert columns(url, "alembic_version") is None
    assert m.current().revisions == ()


def test_what_a_database_keeps_of_a_failure_is_said(mariadb_url: str, folder: Path) -> None:
    m = Migrator(mariadb_url)
    m.cell_revision("half", FAILS_HALF_WAY)
    told = r"its first statement is done and stays .* the version is still base"
    with pytest.raises(MigrationFailed, match=told):
        m.upgrade("head")
    assert columns(mariadb_url, "half") == ["id"]


def test_two_heads_are_named(sqlite_url: str, folder: Path) -> None:
    m = Migrator(sqlite_url)
    m.revision("one", rev_id="aaaa")
    m.revision("left", rev_id="bbbb")
    m.revision("right", rev_id="cccc", head="aaaa", splice=True)
    with pytest.raises(CommandError) as caught:
        m.upgrade("head")
    assert "heads" in str(caught.value)
    m.upgrade("heads")
    assert {r.id for r in m.current().revisions} == {"bbbb", "cccc"}
    merged = m.merge("heads", "join", rev_id="dddd")
    assert merged.revision is not None
    assert set(merged.revision.down_revision) == {"bbbb", "cccc"}
    assert m.upgrade("head").after == ("dddd",)
    assert set(m.downgrade("bbbb").after) == {"bbbb", "cccc"}


def test_an_unknown_revision_moves_nothing(sqlite_url: str, folder: Path) -> None:
    m = Migrator(sqlite_url)
    m.revision("one", rev_id="abcd1234")
    with pytest.raises(CommandError, match="abcd1235"):
        m.upgrade("abcd1235")
    assert columns(sqlite_url, "alembic_version") is None


def test_current_changes_nothing(sqlite_url: str, folder: Path) -> None:
    m = Migrator(sqlite_url)
    m.revision("one", rev_id="abcd1234")
    assert str(m.current()) == ""
    assert m.diff  # looking again
    assert columns(sqlite_url, "alembic_version") is None


def test_stamp_and_purge(sqlite_url: str, folder: Path) -> None:
    m = Migrator(sqlite_url)
    m.revision("one", rev_id="aaaa")
    m.revision("two", rev_id="bbbb")
    assert m.stamp("head").after == ("bbbb",)
    assert m.stamp("aaaa").before == ("bbbb",)
    engine = create_engine(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = 'gone'"))
    assert m.current().missing == ("gone",)
    assert m.stamp("head", purge=True).after == ("bbbb",)
    assert rows(sqlite_url, "select version_num from alembic_version") == [("bbbb",)]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:////no/such/folder/x.db", "unable to open database file"),
        ("postgresql+psycopg://me:s3cret@127.0.0.1:1/db", "can't connect to postgresql"),
        ("nonsense", "is no database URL"),
    ],
)
def test_no_connection_is_one_line(url: str, says: str, folder: Path) -> None:
    with pytest.raises(CommandError) as caught:
        Migrator(url).current()
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_the_state_after_a_failure_is_told_as_it_is(sqlite_url: str, folder: Path) -> None:
    m = Migrator(sqlite_url)
    m.cell_revision("bad", 'def upgrade():\n    raise ValueError("no")\n\ndef downgrade():\n    pass\n')
    with pytest.raises(MigrationFailed, match="only text was being written, nothing ran"):
        m.upgrade("head", sql=True)
    engine = create_engine(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("create table mine (id int)"))
        with pytest.raises(MigrationFailed, match="the transaction is yours"):
            Migrator(connection).upgrade("head")
    engine.dispose()
    assert columns(sqlite_url, "mine") == ["id"]
