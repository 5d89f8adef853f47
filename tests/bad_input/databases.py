"""Databases: files that are none, version tables of somebody else's, and what nobody may write to."""

# ruff: noqa: E501 (a table: one case, one line where it can be)

from __future__ import annotations

import sqlite3
from functools import partial

from bad_input.cases import EVERYWHERE, Spoil, both, case, cases_of, nothing, sql, url
from bad_input.places import Place

STEP_BACK = "the step was rolled back, the database is at aaaa"
OTHER = ("alembic_version is no version table, whose one column is version_num", "version_table=... in")
READ_ONLY = url("sqlite:///file:shop.db?mode=ro&uri=true")

typed = partial(case, doors=EVERYWHERE)
up = cases_of("upgrade head", doors=EVERYWHERE)


def text_file(place: Place) -> None:
    place.database.write_text("this is no database, but it is long enough to be taken for one\n" * 20)


def cut_short(place: Place) -> None:
    place.database.write_bytes(place.database.read_bytes()[:5000])


def folder(place: Place) -> None:
    place.database.unlink()
    place.database.mkdir()


def locked(place: Place) -> None:
    connection = sqlite3.connect(place.database, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    place.open.append(connection)


def version_table(*statements: str) -> Spoil:
    """Another version table."""
    return sql("drop table alembic_version", *statements)


def one_column(kind: str, *values: str) -> Spoil:
    rows = (f"insert into alembic_version values ({value})" for value in values)
    return version_table(f"create table alembic_version (version_num {kind})", *rows)


OTHER_COLUMNS = version_table("create table alembic_version (other int)")
PARENT_AND_CHILD = sql("insert into alembic_version values ('bbbb')")

CASES = [
    up("a text file", text_file, "shop.db refused: file is not a database"),
    up("a database cut short", cut_short, "shop.db refused: database disk image is malformed"),
    up("a folder", folder, "can't connect to", "shop.db: unable to open database file"),
    typed("locked", "upgrade head --lock-timeout 0.1", locked, "shop.db is held by another", "--lock-timeout"),
    case("read-only: upgrade", "upgrade head", READ_ONLY, "upgrade of bbbb failed: attempt to write a readonly",
         STEP_BACK, code=1),
    case("read-only: stamp", "stamp bbbb", READ_ONLY, "stamp of bbbb failed: attempt to write a readonly",
         STEP_BACK, code=1),
    up("other columns: upgrade", OTHER_COLUMNS, *OTHER),
    typed("other columns: current", "current", OTHER_COLUMNS, *OTHER),
    typed("other columns: stamp", "stamp head", OTHER_COLUMNS, *OTHER),
    up("a view in the version table's place", version_table("create view alembic_version as select 'aaaa' as version_num"),
       "upgrade of bbbb failed: cannot modify alembic_version because it is a view", STEP_BACK, code=1),
    up("a version that is NULL", one_column("text", "null"), "holds a row with None", "'stamp --purge <revision>'"),
    up("a version that is empty", one_column("text", "''"), "holds a row with ''", "'stamp --purge <revision>'"),
    up("a version that is a number", one_column("int", "12"), "12 is not a string", "driver settings"),
    up("a version with blanks", one_column("text", "' aaaa '"), "' aaaa '", "(could it be 'aaaa'?)", "--purge aaaa"),
    up("a parent beside its child", both(PARENT_AND_CHILD, lambda place: place.script("cccc", "bbbb") and None),
       "bbbb overlaps with other requested revisions aaaa", "'stamp --purge bbbb'"),
    up("one version twice", one_column("text", "'aaaa'", "'aaaa'"), "2 found", "more than once: 'stamp --purge", code=1),
    up("one version of two is lost", sql("insert into alembic_version values ('gone')"),
       "'gone': the database stands there", "'stamp --purge <revision>'"),
    up("tables that are there already", sql("create table two (x int)"),
       "table two already exists; statement: CREATE TABLE two", "bbbb_two.py, line 12", STEP_BACK, code=1),
    typed("tables that are gone", "downgrade base", sql("drop table one"),
          "no such table: one; statement: DROP TABLE one", "aaaa_one.py, line 16", STEP_BACK, code=1),
    typed("nothing to undo", "upgrade --undo", nothing, "Nothing to undo: sqlite takes back by itself"),
]  # fmt: skip
