"""The reader of CREATE TABLE texts, held against what SQLite itself says about the same table."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbmigrate.dialects.sqlite.create_table import UnreadableTable, affinity, parse_create_table

FULL = """CREATE TABLE "my t" ( -- a comment, with ( and '
 id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, a varchar(10, 2) collate nocase default 'x''y' check (a <> ')' ) /* , */,
 [b c] DOUBLE PRECISION DEFAULT (1+2) CONSTRAINT nn NOT NULL ON CONFLICT REPLACE,
 d AS (id+1), e INT GENERATED ALWAYS AS (a*2) STORED,
 f REFERENCES o(x) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
 g DEFAULT -1.5e3 unique on conflict ignore, generated text, 'h' any,
 CONSTRAINT q UNIQUE (a COLLATE binary DESC, "b c") ON CONFLICT FAIL FOREIGN KEY (a,f) REFERENCES z
 ON UPDATE NO ACTION MATCH FULL NOT DEFERRABLE, CHECK (a IN ('a,','b')) )"""  # noqa: E501


def xinfo(sql: str) -> list[tuple[str, str, bool, str | None, int]]:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute(sql)
        (name,) = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchone()
        rows = connection.execute(
            'SELECT name, type, "notnull", dflt_value, hidden FROM pragma_table_xinfo(?)', [name]
        )
        return [(r[0], r[1], bool(r[2]), r[3], r[4]) for r in rows]
    finally:
        connection.close()


def read(sql: str) -> list[tuple[str, str, bool, str | None, int]]:
    found = []
    for column in parse_create_table(sql).columns:
        hidden = 0 if column.generated is None else 3 if column.generated.stored else 2
        default = column.default
        if default is not None and default.startswith("("):
            default = default[1:-1]
        found.append((column.name, column.type, column.not_null, default, hidden))
    return found


def test_reads_what_sqlite_reads() -> None:
    sql = FULL.replace("AUTOINCREMENT", "").replace("id INTEGER PRIMARY KEY", "id INTEGER")
    expected = xinfo(sql)
    found = read(sql)
    # SQLite keeps "GENERATED ALWAYS" out of the type, and so do we
    assert [row[0] for row in found] == [row[0] for row in expected]
    # and gives its own type names in upper case
    assert [row[2:] for row in found] == [row[2:] for row in expected]
    assert [row[1].upper() for row in found] == [row[1].upper() for row in expected]


def test_constraints_of_every_kind() -> None:
    table = parse_create_table(FULL)
    assert table.name == "my t"
    assert [(c.kind, c.name, c.column_names) for c in table.all_constraints()] == [
        ("primary", None, ("id",)),
        ("check", None, ("a",)),
        ("foreignkey", None, ("f",)),
        ("unique", None, ("g",)),
        ("unique", "q", ("a", "b c")),
        ("foreignkey", None, ("a", "f")),
        ("check", None, ()),
    ]
    own = table.constraints
    assert own[0].conflict == "FAIL" and own[0].columns[0].order == "DESC"
    assert own[1].references is not None and own[1].references.deferrable is False
    assert FULL[slice(*own[2].span)] == "CHECK (a IN ('a,','b'))"
    inline = table.columns[5].constraints[0].references
    assert inline is not None
    assert (inline.table.name, inline.ondelete, inline.deferrable, inline.initially) == (
        "o",
        "SET NULL",
        True,
        "DEFERRED",
    )
    assert table.columns[0].constraints[0].autoincrement


def test_options_and_names() -> None:
    table = parse_create_table(
        "create temp table if not exists main.[x] (a int primary key) without rowid, strict"
    )
    assert (table.name, table.strict, table.without_rowid, table.temporary) == ("x", True, True, True)
    assert table.column("A") is table.columns[0]
    assert table.primary_key == ("a",)


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "CREATE VIEW v AS SELECT 1",
        "CREATE VIRTUAL TABLE f USING fts5(a)",
        "CREATE TABLE t (a int",
        "CREATE TABLE t (a int,,b)",
    ],
)
def test_refuses_what_it_does_not_understand(sql: str) -> None:
    with pytest.raises(UnreadableTable):
        parse_create_table(sql)


names = st.sampled_from(["a", '"b "" c"', "[d e]", "`f`", "_g1", "é", '"select"'])
types = st.sampled_from(
    ["", "INTEGER", "varchar ( 10 )", "DOUBLE PRECISION", "numeric(10, -2)", "generated", '"my type"']
)
clauses = st.lists(
    st.sampled_from(
        ["NOT NULL", "DEFAULT 'it''s, (x'", "DEFAULT (1 + (2))", "DEFAULT +3", "CHECK (1 <> 2)", 
         "COLLATE NOCASE", "CONSTRAINT k UNIQUE", "/* , ) */", "REFERENCES o ON DELETE CASCADE",
         "NULL", "default current_timestamp"]
    ),
    max_size=4,
    unique_by=lambda clause: clause.split()[0].upper(),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(names, types, clauses), min_size=1, max_size=5, unique_by=lambda column: column[0]))
def test_any_table_reads_as_sqlite_reads_it(columns: list[tuple[str, str, list[str]]]) -> None:
    body = ",\n".join(f"{name} {type_} {' '.join(clauses)}" for name, type_, clauses in columns)
    sql = f"CREATE TABLE t ({body})"
    expected = [(n, _squeeze(t), nn, d, h) for n, t, nn, d, h in xinfo(sql)]
    assert [(n, _squeeze(t), nn, d, h) for n, t, nn, d, h in read(sql)] == expected


def _squeeze(type_text: str) -> str:
    # SQLite takes the quotes off a type that stands in quotes, and normalises some blanks
    return "".join(type_text.split()).replace('"', "").upper()


@pytest.mark.parametrize(
    "declared",
    [
        "INT",
        "bigint",
        "VARCHAR(3)",
        "CLOB",
        "",
        "BLOB",
        "REAL",
        "DOUBLE PRECISION",
        "FLOAT",
        "DATE",
        "JSON",
        "CHARINT",
        "NUMERIC(3)",
    ],
)
def test_affinity_is_the_one_that_sqlite_applies(declared: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE TABLE t (a {declared})")
    connection.executemany("INSERT INTO t VALUES (?)", [("12",), (7.0,)])
    kinds = [row[0] for row in connection.execute("SELECT typeof(a) FROM t ORDER BY rowid")]
    connection.close()
    assert (
        kinds
        == {
            "integer": ["integer", "integer"],
            "numeric": ["integer", "integer"],
            "text": ["text", "text"],
            "blob": ["text", "real"],
            "real": ["real", "real"],
        }[affinity(declared)]
    )
