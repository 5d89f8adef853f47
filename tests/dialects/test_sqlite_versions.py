"""What SQLite can ALTER, by the version of the library: nothing is rebuilt that need not be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from harness import newer_sqlite
from harness.sqlite_case import SCHEMA, migrate, objects, rows, run_script
from sqlalchemy.pool import NullPool


@pytest.fixture
def newer(tmp_path: Path) -> Iterator[sa.Engine]:
    """The SQLite of ``apsw``, 3.53 or newer."""
    assert newer_sqlite.sqlite_version_info >= (3, 53)
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'db'}", poolclass=NullPool, module=newer_sqlite)
    run_script(engine, SCHEMA)
    yield engine
    engine.dispose()


Change = Callable[[Any], Any]
ALTERS: dict[str, tuple[Change, list[str], str]] = {
    "set_not_null": (
        lambda op: op.alter_column("t", "email", nullable=False),
        ["ALTER TABLE t ALTER COLUMN email SET NOT NULL"],
        "COLLATE NOCASE NOT NULL,",
    ),
    "set_and_drop_not_null": (
        lambda op: [
            op.alter_column("s", "note", nullable=False),
            op.alter_column("s", "note", nullable=True, new_column_name="text"),
        ],
        [
            "ALTER TABLE s ALTER COLUMN note SET NOT NULL",
            "ALTER TABLE s ALTER COLUMN note DROP NOT NULL",
            "ALTER TABLE s RENAME COLUMN note TO text",
        ],
        "text TEXT,",
    ),
    "nothing_changes": (lambda op: op.alter_column("t", "email", nullable=True), [], "COLLATE NOCASE,"),
    "add_check": (
        lambda op: op.create_check_constraint("ck age", "t", sa.column("age") < 150),
        ['ALTER TABLE t ADD CONSTRAINT "ck age" CHECK (age < 150)'],
        'CONSTRAINT "ck age" CHECK (age < 150)',
    ),
    "drop_check": (
        lambda op: op.drop_constraint("ck_note", "t", type_="check"),
        ["ALTER TABLE t DROP CONSTRAINT ck_note"],
        "CHECK (length(note) < 100)",
    ),
}


@pytest.mark.parametrize("case", ALTERS)
def test_newer_sqlite_alters(newer: sa.Engine, case: str) -> None:
    change, texts, left = ALTERS[case]
    before = objects(newer)
    data = rows(newer, "SELECT * FROM t ORDER BY id")
    context = migrate(newer, change, foreign_keys=True)
    assert context.texts == texts
    after = objects(newer)
    changed = {name for name in before if before[name] != after[name]}
    assert len(changed) == (1 if texts else 0)
    assert left in after[changed.pop() if changed else "t"]
    assert rows(newer, "SELECT * FROM t ORDER BY id") == data
    assert rows(newer, "SELECT count(*) FROM child") == [(2,)]


def test_newer_sqlite_verifies_rows(newer: sa.Engine) -> None:
    before = objects(newer)
    with pytest.raises(sa.exc.IntegrityError, match="constraint failed"):
        migrate(newer, lambda op: op.alter_column("t", "o", nullable=False))
    with pytest.raises(sa.exc.IntegrityError, match="constraint failed"):
        migrate(newer, lambda op: op.create_check_constraint("c", "t", "age > 25"))
    assert objects(newer) == before


def test_newer_sqlite_drops_a_foreign_key_by_its_name(newer: sa.Engine) -> None:
    run_script(newer, "CREATE TABLE f (a INT, CONSTRAINT fk FOREIGN KEY (a) REFERENCES other (id))")
    context = migrate(newer, lambda op: op.drop_constraint("fk", "f", type_="foreignkey"))
    assert context.texts == ["ALTER TABLE f DROP CONSTRAINT fk"]


@pytest.mark.parametrize(
    "change",
    [
        lambda op: op.alter_column("t", "note", type_=sa.String(50)),
        lambda op: op.alter_column("t", "note", server_default="x"),
        lambda op: op.create_unique_constraint("u", "t", ["spare"]),
        lambda op: op.create_foreign_key("f", "t", "other", ["age"], ["id"], ondelete="CASCADE"),
        lambda op: op.drop_constraint("uq_email", "t", type_="unique"),
        lambda op: op.drop_constraint("fk_t_o_other", "t", type_="foreignkey"),
        lambda op: op.alter_column("t", "note", nullable=False, server_default="x"),
    ],
    ids=["type", "default", "unique", "foreign_key", "drop_unique", "drop_unnamed", "null_and_default"],
)
def test_newer_sqlite_rebuilds_for_the_rest(newer: sa.Engine, change: Change) -> None:
    run_script(newer, "INSERT INTO other VALUES (20), (30)")
    context = migrate(newer, change, foreign_keys=True)
    assert context.rebuilds == 1
    assert rows(newer, "SELECT count(*) FROM child") == [(2,)]


def test_a_check_that_speaks_of_a_renamed_column_goes_into_the_rebuild(newer: sa.Engine) -> None:
    def change(op: Any) -> None:
        with op.batch_alter_table("s") as batch_op:
            batch_op.alter_column("note", new_column_name="text")
            batch_op.create_check_constraint("ck", sa.column("note") != "q")

    assert migrate(newer, change).rebuilds == 1
    assert "CONSTRAINT ck CHECK (text != 'q')" in objects(newer)["s"]


@pytest.mark.parametrize(
    ("version", "change", "rebuilds"),
    [
        ((3, 24, 0), lambda op: op.alter_column("s", "note", new_column_name="text"), 1),
        ((3, 25, 0), lambda op: op.alter_column("s", "note", new_column_name="text"), 0),
        ((3, 35, 4), lambda op: op.drop_column("s", "spare"), 1),
        ((3, 35, 5), lambda op: op.drop_column("s", "spare"), 0),
        ((3, 52, 9), lambda op: op.alter_column("s", "note", nullable=False), 1),
        ((3, 53, 0), lambda op: op.alter_column("s", "note", nullable=False), 0),
        ((3, 52, 9), lambda op: op.create_check_constraint("c", "s", "id > 0"), 1),
        ((3, 53, 0), lambda op: op.create_check_constraint("c", "s", "id > 0"), 0),
        ((3, 53, 0), lambda op: op.add_column("s", sa.Column("n", sa.Integer)), 0),
    ],
)
def test_by_version(newer: sa.Engine, version: tuple[int, ...], change: Change, rebuilds: int) -> None:
    data = rows(newer, "SELECT id, thing FROM s ORDER BY id")
    assert migrate(newer, change, version=version).rebuilds == rebuilds
    assert rows(newer, "SELECT id, thing FROM s ORDER BY id") == data
