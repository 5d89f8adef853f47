"""Edits of CREATE TABLE texts: what is not asked for stays, what can be undone is undone."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbmigrate.dialects.sqlite import edit
from nbmigrate.dialects.sqlite.create_table import parse_create_table
from nbmigrate.errors import CommandError

definitions = st.sampled_from(
    [
        "INTEGER",
        "varchar(10) DEFAULT 'a, (b'",
        "TEXT COLLATE NOCASE NOT NULL",
        "",
        "INT CHECK (1 <> 2) -- about it, really\n",
        "REFERENCES o (x) ON DELETE CASCADE",
        "DEFAULT (1 + 2) /* here */",
        "NUMERIC UNIQUE",
    ]
)
separators = st.sampled_from([", ", ",", ",\n  ", " ,\n\t", ", -- about the one before\n  "])
endings = st.sampled_from(
    ["", "\n", " -- the last one\n", ", CHECK (2 > 1)", ",\n  CONSTRAINT u UNIQUE (c0)\n"]
)


@st.composite
def tables(draw: st.DrawFn, least: int = 1) -> str:
    count = draw(st.integers(least, 4))
    columns = [f"c{number} {draw(definitions)}" for number in range(count)]
    text = columns[0]
    for column in columns[1:]:
        text += draw(separators) + column
    return f"CREATE TABLE t ({text}{draw(endings)})"


def accepted(sql: str) -> list[str]:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute(sql)
        return [row[1] for row in connection.execute("PRAGMA table_info(t)")]
    finally:
        connection.close()


def squeezed(sql: str) -> str:
    """All but blanks, and the commas, which may change sides with a comment."""
    return "".join(sql.replace(",", "").split())


@settings(max_examples=60, deadline=None)
@given(tables())
def test_a_column_added_and_dropped_leaves_the_rest_as_it_was(sql: str) -> None:
    before = accepted(sql)
    added = edit.add_column(sql, "new INTEGER")
    assert accepted(added) == [*before, "new"]
    dropped = edit.drop_column(added, "new")
    assert accepted(dropped) == before
    assert squeezed(dropped) == squeezed(sql)


@settings(max_examples=60, deadline=None)
@given(tables())
def test_a_constraint_added_and_dropped_leaves_the_rest_as_it_was(sql: str) -> None:
    added = edit.add_constraint(sql, "CONSTRAINT k CHECK (c0 <> 5)")
    accepted(added)
    constraint = next(c for c in parse_create_table(added).constraints if c.name == "k")
    dropped = edit.drop_constraint(added, constraint)
    accepted(dropped)
    assert squeezed(dropped) == squeezed(sql)


@settings(max_examples=60, deadline=None)
@given(tables(least=2), st.data())
def test_any_column_can_be_dropped(sql: str, data: st.DataObject) -> None:
    names = [column.name for column in parse_create_table(sql).columns]
    name = data.draw(st.sampled_from(names[1:] if "u UNIQUE" in sql else names))
    assert accepted(edit.drop_column(sql, name)) == [other for other in names if other != name]


@settings(max_examples=60, deadline=None)
@given(tables(least=2), st.randoms(use_true_random=False))
def test_columns_in_any_order_and_back(sql: str, random: object) -> None:
    names = [column.name for column in parse_create_table(sql).columns]
    shuffled = list(names)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    reordered = edit.reorder_columns(sql, shuffled)
    assert accepted(reordered) == shuffled
    assert edit.reorder_columns(reordered, names) == sql


@settings(max_examples=60, deadline=None)
@given(tables())
def test_rename_not_null_and_default_can_be_undone(sql: str) -> None:
    renamed = edit.rename_column(sql, "c0", "renamed")
    assert accepted(renamed)[0] == "renamed"
    assert edit.rename_column(renamed, "RENAMED", "c0") == sql
    column = parse_create_table(sql).columns[0]
    if not column.not_null:
        assert edit.set_not_null(edit.set_not_null(sql, "c0", True), "c0", False) == sql
    if column.default is None:
        assert edit.set_default(edit.set_default(sql, "c0", "'x'"), "c0", None) == sql
    else:
        assert edit.set_default(edit.set_default(sql, "c0", "'x'"), "c0", column.default) == sql
    if column.type:
        assert edit.set_type(edit.set_type(sql, "c0", "BLOB"), "c0", column.type) == sql


def test_a_comment_goes_with_its_column_and_others_stay() -> None:
    sql = "CREATE TABLE t (\n  a INT, -- about a\n  b INT, -- about b\n  c INT -- about c\n)"
    assert edit.drop_column(sql, "a") == "CREATE TABLE t (\n  b INT, -- about b\n  c INT -- about c\n)"
    assert edit.drop_column(sql, "b") == "CREATE TABLE t (\n  a INT, -- about a\n  c INT -- about c\n)"
    assert edit.drop_column(sql, "c") == "CREATE TABLE t (\n  a INT, -- about a\n  b INT -- about b\n)"


def test_rename_reaches_keys_checks_generated_columns_and_references_to_itself() -> None:
    sql = (
        "CREATE TABLE t (a INT, b INT AS (a + abs(a)), p REFERENCES t (a), "
        "UNIQUE (\"a\" DESC), CHECK (t.a <> 'a' AND a(1)), FOREIGN KEY (p) REFERENCES t ([a]), "
        "FOREIGN KEY (a) REFERENCES o (a))"
    )
    assert edit.rename_column(sql, "A", "z") == (
        "CREATE TABLE t (z INT, b INT AS (z + abs(z)), p REFERENCES t (z), "
        "UNIQUE (z DESC), CHECK (t.z <> 'a' AND a(1)), FOREIGN KEY (p) REFERENCES t (z), "
        "FOREIGN KEY (z) REFERENCES o (a))"
    )


def test_what_follows_a_column_on_the_line_of_another_keeps_its_own_line() -> None:
    """SQLite's ADD COLUMN writes so, and SQLAlchemy reads a generated column by its line."""
    made = "CREATE TABLE t (\n\ta INTEGER, b INTEGER AS (a * 2) VIRTUAL, \n\tPRIMARY KEY (a)\n)"
    assert edit.drop_column(made, "b") == "CREATE TABLE t (\n\ta INTEGER, \n\tPRIMARY KEY (a)\n)"


def test_a_collation_that_comes_with_a_type_replaces_the_old_one() -> None:
    sql = "CREATE TABLE t (a TEXT COLLATE NOCASE NOT NULL)"
    assert edit.set_type(sql, "a", 'VARCHAR COLLATE "RTRIM"') == (
        'CREATE TABLE t (a VARCHAR COLLATE "RTRIM" NOT NULL)'
    )


def test_one_column_leaves_a_key_of_several() -> None:
    sql = "CREATE TABLE t (a, b, c, PRIMARY KEY (a, b COLLATE NOCASE DESC, c))"
    key = parse_create_table(sql).constraints[0]
    assert edit.drop_key_column(sql, key, "a").endswith("PRIMARY KEY (b COLLATE NOCASE DESC, c))")
    assert edit.drop_key_column(sql, key, "b").endswith("PRIMARY KEY (a, c))")
    assert edit.drop_key_column(sql, key, "c").endswith("PRIMARY KEY (a, b COLLATE NOCASE DESC))")


def test_a_missing_comma_between_constraints() -> None:
    sql = "CREATE TABLE t (a INT, CHECK (a > 1) CONSTRAINT u UNIQUE (a) CHECK (a < 9))"
    for constraint, left in zip(
        parse_create_table(sql).constraints, ["UNIQUE (a)", "a > 1", "a > 1"], strict=True
    ):
        dropped = edit.drop_constraint(sql, constraint)
        accepted(dropped)
        assert left in dropped


def test_indexes_and_triggers() -> None:
    sql = "CREATE UNIQUE INDEX a ON a (a DESC, lower(a), 'a') WHERE a > 1"
    assert edit.rename_in_index(sql, "a", "z") == (
        "CREATE UNIQUE INDEX a ON a (z DESC, lower(z), 'a') WHERE z > 1"
    )
    assert edit.rename_in_object(sql, "A", '"Z"') == sql.replace("ON a", 'ON "Z"')
    trigger = "CREATE TRIGGER a AFTER UPDATE ON a BEGIN INSERT INTO a(b) VALUES ('a'); END"
    assert edit.rename_in_object(trigger, "a", "z") == trigger.replace("ON a", "ON z").replace(
        "INTO a", "INTO z"
    )
    assert edit.qualify("CREATE INDEX i ON t (a)", "s") == "CREATE INDEX s.i ON t (a)"
    assert edit.qualify("CREATE INDEX s.i ON t (a)", "s") == "CREATE INDEX s.i ON t (a)"
    assert edit.qualify("CREATE TRIGGER IF NOT EXISTS g AFTER", '"s"').endswith('"s".g AFTER')


def test_the_only_column_stays() -> None:
    with pytest.raises(CommandError, match="only column"):
        edit.drop_column("CREATE TABLE t (a)", "a")
