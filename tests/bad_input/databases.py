"""Databases: files that are none, version tables of somebody else's, and what nobody may write to."""

from __future__ import annotations

import os
import sqlite3

from bad_input.cases import EVERYWHERE, PROJECT, Case, Spoil, both, nothing, setting, sql, url
from bad_input.places import Place

UP = ("upgrade", "head")


def _text_file(place: Place) -> None:
    place.database.write_text("this is no database, but it is long enough to be taken for one\n" * 20)


def _cut_short(place: Place) -> None:
    place.database.write_bytes(place.database.read_bytes()[:5000])


def _folder(place: Place) -> None:
    place.database.unlink()
    place.database.mkdir()


def _locked(place: Place) -> None:
    connection = sqlite3.connect(place.database, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    place.open.append(connection)


def other_table(*statements: str) -> Spoil:
    return sql("drop table alembic_version", *statements)


CASES = [
    Case("a text file", UP, _text_file, doors=EVERYWHERE),
    Case("a database cut short", UP, _cut_short, doors=EVERYWHERE),
    Case("a folder", UP, _folder, doors=EVERYWHERE),
    Case("locked", ("upgrade", "head", "--lock-timeout", "0.1"), _locked, doors=EVERYWHERE),
    Case("opened read-only", UP, url("sqlite:///file:shop.db?mode=ro&uri=true")),
    Case("opened immutable: stamp", ("stamp", "bbbb"), url("sqlite:///file:shop.db?mode=ro&uri=true")),
    Case("a version table with other columns", UP, other_table("create table alembic_version (other int)"), doors=EVERYWHERE),
    Case("a version table with other columns: current", ("current",), other_table("create table alembic_version (other int)"), doors=EVERYWHERE),
    Case("a version table with other columns: stamp", ("stamp", "head"), other_table("create table alembic_version (other int)"), doors=EVERYWHERE),
    Case("a version table with one more column", UP, other_table("create table alembic_version (version_num varchar(32), why text not null)", "insert into alembic_version values ('aaaa', 'x')"), doors=EVERYWHERE),
    Case("a view in the version table's place", UP, other_table("create view alembic_version as select 'aaaa' as version_num"), doors=EVERYWHERE),
    Case("a version that is NULL", UP, other_table("create table alembic_version (version_num varchar(32))", "insert into alembic_version values (null)"), doors=EVERYWHERE),
    Case("a version that is empty", UP, sql("update alembic_version set version_num = ''"), doors=EVERYWHERE),
    Case("a version that is a number", UP, other_table("create table alembic_version (version_num int)", "insert into alembic_version values (12)"), doors=EVERYWHERE),
    Case("a version with blanks", UP, sql("update alembic_version set version_num = ' aaaa '"), doors=EVERYWHERE),
    Case("several rows: an ancestor and its child", ("downgrade", "base"), sql("insert into alembic_version values ('bbbb')"), doors=EVERYWHERE),
    Case("several rows: an ancestor and its child: upgrade", UP, both(sql("insert into alembic_version values ('bbbb')"), lambda p: p.script("cccc", "bbbb") and None), doors=EVERYWHERE),
    Case("several rows: one twice", UP, other_table("create table alembic_version (version_num varchar(32))", "insert into alembic_version values ('aaaa'), ('aaaa')"), doors=EVERYWHERE),
    Case("several rows: one of them lost", UP, sql("insert into alembic_version values ('gone')"), doors=EVERYWHERE),
    Case("tables that are there already", UP, sql("create table two (x int)"), code=1, doors=EVERYWHERE),
    Case("tables that are gone", ("downgrade", "base"), sql("drop table one"), code=1, doors=EVERYWHERE),
    Case("undo where nothing is unfinished", ("upgrade", "--undo"), nothing, doors=EVERYWHERE),
]
