"""Hostile names: ids, labels, version tables and schemas that mean something to SQL, a shell, HTML or a URL."""

# ruff: noqa: E501 (lists of names)

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from bad_input.doors import DOORS, Answer
from bad_input.places import Place

from nbmigrate import Migrator

IDS = [
    "a'b",
    "x';drop",
    "a%b",
    "%s%(x)s",
    "a`b",
    "a;b",
    "a(b)",
    "{a}",
    "a$b",
    "a#b",
    "a&b",
    "a.b",
    "select",
    "None",
    "0",
    "\u00fcn\u00ef\u8868",
    "a" * 32,
]
LABELS = ['"; drop', "<script>", "it's", "a%b", "select", "\u8868", "a" * 64]
TABLES = ["select", "my table", 'a"b', "it's", "a%b", "%(x)s", "a:b", ":x", "a`b", "<script>", "\u00fc\u8868", "a" * 63]
REFUSED = ["", " ", "head", "base", "a b", "a/b", "a\\b", "a:b", "a@b", "a-b", "a+b", "a*b", 'a"b', "<b>", "a\nb", "a" * 33]


@pytest.fixture
def place(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    found = Place.copy_of(project, tmp_path / "p")
    monkeypatch.chdir(found.root)
    return found


def well(answer: Answer) -> str:
    assert (answer.code, answer.is_traceback) == (0, False), answer
    return answer.out


@pytest.mark.parametrize("door", ["terminal", "magic"])
def test_ids_through_every_verb(door: str, place: Place, shell: object) -> None:
    ask = DOORS[door]
    for number, id in enumerate(IDS):
        well(ask(["revision", "-m", f"number {number}", f"--rev-id={id}"]))  # a notebook finds it by its message
        well(ask(["upgrade", id]))
        assert place.rows() == [id]
    for verb in ("history", "current", "heads", "branches", "graph", "plan"):
        well(ask([verb]))
    for id in IDS:
        well(ask(["show", id]))
        well(ask(["explain", id]))
    assert f"'{IDS[0].replace(chr(39), chr(39) * 2)}'" in well(DOORS["terminal"](["upgrade", "head", "--sql"]))
    well(ask(["downgrade", "aaaa"]))
    assert place.rows() == ["aaaa"]


@pytest.mark.parametrize("id", REFUSED)
def test_ids_that_can_not_be(id: str, place: Place) -> None:
    before = place.snapshot()
    answer = DOORS["terminal"](["revision", "-m", "x", f"--rev-id={id}"])
    if id == "":  # as if none had been given
        assert answer.code == 0
        return
    assert answer.code == 255 and "\n" not in answer.text.strip(), answer
    assert place.snapshot() == before


@pytest.mark.parametrize("label", LABELS)
def test_labels(label: str, place: Place) -> None:
    answer = DOORS["terminal"](["revision", "-m", "x", "--rev-id=cccc", f"--branch-label={label}"])
    if " " in label:
        assert answer.code == 255 and "can't be a branch label" in answer.text
        return
    well(answer)
    assert label in well(DOORS["terminal"](["heads"]))
    well(DOORS["terminal"](["upgrade", f"{label}@head"]))
    assert place.rows() == ["cccc"]


def test_ids_and_version_tables_on_each_database(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All ids in one history, and one version table after the other."""
    monkeypatch.chdir(tmp_path)
    first = Migrator(database_url, directory="migrations")
    for id in IDS:
        first.revision("x", rev_id=id)
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    first.upgrade("head")
    assert [one.id for one in first.current().revisions] == [IDS[-1]]
    first.downgrade("base")
    for name in TABLES:
        migrator = Migrator(database_url, directory="migrations", version_table=name)
        migrator.stamp(IDS[0])
        migrator.upgrade("+1")
        assert [one.id for one in migrator.current().revisions] == [IDS[1]]
        migrator.downgrade("-1")
        assert [one.id for one in migrator.current().revisions] == [IDS[0]]
    assert set(sa.inspect(engine).get_table_names()) == {*TABLES, "alembic_version"}
    engine.dispose()


@pytest.mark.postgresql
def test_schemas(postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Migrator(postgresql_url, directory="migrations").revision("x", rev_id="aaaa")
    engine = sa.create_engine(postgresql_url, poolclass=sa.NullPool)
    for name in TABLES:
        with engine.begin() as connection:
            connection.execute(sa.schema.CreateSchema(name))
        migrator = Migrator(postgresql_url, directory="migrations", version_table_schema=name)
        migrator.upgrade("head")
        assert [one.id for one in migrator.current().revisions] == ["aaaa"]
        assert sa.inspect(engine).has_table("alembic_version", schema=name)
    engine.dispose()
