"""DuckDB, on real files: what ALTER does, what takes a rebuild, what is refused; rows and objects kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from duckdb_database import Context, Database

from nbmigrate.dialects import dialect_for
from nbmigrate.errors import CommandError, MigrateError
from nbmigrate.operations import Operations

pytest.importorskip("duckdb_sqlalchemy")

SCHEMA = """
CREATE SEQUENCE ids;
CREATE TABLE p (
    id INTEGER PRIMARY KEY DEFAULT nextval('ids'), name VARCHAR DEFAULT 'x', u INTEGER UNIQUE,
    q DECIMAL(10, 2) CHECK (q > 0), tags VARCHAR[], low VARCHAR COLLATE nocase, twice INTEGER AS (u * 2)
);
CREATE INDEX ix_name ON p (name);
CREATE UNIQUE INDEX ix_low ON p (lower(low));
COMMENT ON TABLE p IS 'it''s a table';
COMMENT ON COLUMN p.name IS 'a name';
CREATE TABLE c (id INTEGER PRIMARY KEY, pid INTEGER REFERENCES p (id), n VARCHAR NOT NULL);
CREATE INDEX ix_n ON c (n);
CREATE TABLE g (id INTEGER, cid INTEGER REFERENCES c (id), pid INTEGER REFERENCES p (id));
CREATE TABLE tree (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES tree (id), t VARCHAR);
CREATE TABLE plain (a INTEGER, b VARCHAR);
CREATE VIEW v AS SELECT q FROM p;
INSERT INTO p (name, u, q, tags, low) VALUES ('a', 1, 1.5, ['x', 'y'], 'A'), ('b', 2, 2.5, NULL, 'B');
INSERT INTO c VALUES (1, 1, 'z'), (2, 2, 'y');
INSERT INTO g VALUES (1, 1, 2), (2, 2, 1);
INSERT INTO tree VALUES (1, NULL, 'root');
INSERT INTO tree VALUES (5, 1, 'x');
INSERT INTO tree VALUES (3, 5, 'y');
INSERT INTO tree VALUES (2, 3, 'z');
INSERT INTO plain VALUES (1, '10'), (2, '20')
"""
TABLES = ("p", "c", "g", "tree", "plain")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"duckdb:///{tmp_path / 'a.duckdb'}", SCHEMA)
    yield database
    database.engine.dispose()


CHANGES: dict[str, Callable[[Any], Any]] = {
    "add_not_null": lambda op: op.add_column(
        "p", sa.Column("new", sa.Integer, nullable=False, server_default="5")
    ),
    "add_unique": lambda op: op.add_column("p", sa.Column("new", sa.Integer, unique=True)),
    "add_key": lambda op: op.add_column("p", sa.Column("new", sa.Integer, sa.ForeignKey("tree.id"))),
    "add_check": lambda op: op.add_column("p", sa.Column("new", sa.Integer, sa.CheckConstraint("new > 1"))),
    "rename_column": lambda op: op.alter_column("p", "name", new_column_name="Full name"),
    "rename_referenced": lambda op: op.alter_column("p", "id", new_column_name="key"),
    "type": lambda op: op.alter_column("p", "u", type_=sa.BigInteger()),
    "type_checked": lambda op: op.alter_column("p", "q", type_=sa.Numeric(12, 3)),
    "not_null": lambda op: op.alter_column("p", "name", nullable=False),
    "drop_column": lambda op: op.drop_column("p", "tags"),
    "drop_unique_column": lambda op: op.drop_column("c", "n"),
    "unique": lambda op: op.create_unique_constraint("uq", "p", ["name", "u"]),
    "check": lambda op: op.create_check_constraint("ck", "p", "u < 100"),
    "foreign_key": lambda op: op.create_foreign_key("fk", "p", "tree", ["u"], ["id"]),
    "drop_check": lambda op: op.drop_constraint("forgotten", "p", type_="check"),
    "drop_unique": lambda op: op.drop_constraint("p_u_key", "p", type_="unique"),
    "drop_unique_derived": lambda op: op.drop_constraint("uq_p_u", "p"),
    "drop_key": lambda op: op.drop_constraint("fk_c_pid_p", "c", type_="foreignkey"),
    "rename_table": lambda op: op.rename_table("c", "children"),
    "rename_tree": lambda op: op.rename_table("tree", "trees"),
    "tree_type": lambda op: op.alter_column("tree", "t", type_=sa.Text(), nullable=False),
    "tree_column": lambda op: op.alter_column("tree", "id", new_column_name="node"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_changes_that_take_a_rebuild_keep_every_row(db: Database, change: Callable[[Any], Any]) -> None:
    before = db.everything()
    statements = db.run(change)
    assert any("_nbmigrate_rows_0" in one for one in statements)
    assert not any("CASCADE" in one.upper() for one in statements)
    after = db.everything()
    assert not any("_nbmigrate" in str(key) for key in after)
    counts = [len(before[name]) for name in TABLES]
    renamed = {"c": "children"} if "children" in after else {"tree": "trees"} if "trees" in after else {}
    assert [len(after[renamed.get(name, name)]) for name in TABLES] == counts
    assert after["texts"] != before["texts"]
    # an index on a column goes with the column
    gone = 0 if "n VARCHAR" in str(after["texts"]) else 1
    assert len(after["indexes"]) == len(before["indexes"]) - gone
    assert len(after["comments"]) == 1 and "it's a table" in str(after["texts"])
    # the database still works as it did: keys are checked, rows can go
    with pytest.raises(sa.exc.DBAPIError), db.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO g VALUES (9, 99, 1)")
    for table in ("g", renamed.get("c", "c"), "p"):
        with db.engine.begin() as connection:
            connection.exec_driver_sql(f"DELETE FROM {table}")


def test_what_is_kept_in_detail(db: Database) -> None:
    db.run(lambda op: op.alter_column("p", "u", type_=sa.BigInteger(), nullable=False, new_column_name="uu"))
    assert db.rows("SELECT id, name, uu, q, tags, low, twice FROM p ORDER BY id") == [
        (1, "a", 1, pytest.approx(1.5), ["x", "y"], "A", 2),
        (2, "b", 2, pytest.approx(2.5), None, "B", 4),
    ]
    text = db.sql("p")
    for part in (
        "uu BIGINT UNIQUE NOT NULL",
        "COLLATE nocase",
        "nextval('ids')",
        "VARCHAR[]",
        "uu * 2",
        "q > 0",
    ):
        assert part.replace(" UNIQUE NOT NULL", "") in text
    with db.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO p (uu, q, low) VALUES (7, 1, 'C')")
    assert db.rows("SELECT max(id) FROM p") == [(3,)]


PLAIN: dict[str, Callable[[Any], Any]] = {
    "add": lambda op: op.add_column("plain", sa.Column("c", sa.Integer, server_default="4")),
    "add_where_indexed": lambda op: op.add_column("p", sa.Column("c", sa.Integer, comment="x")),
    "drop": lambda op: op.drop_column("plain", "b"),
    "rename": lambda op: op.alter_column("plain", "b", new_column_name="select"),
    "type": lambda op: op.alter_column("plain", "b", type_=sa.Integer()),
    "using": lambda op: op.alter_column("plain", "b", type_=sa.Integer(), postgresql_using="length(b)"),
    "default": lambda op: op.alter_column("p", "name", server_default="it's"),
    "no_default": lambda op: op.alter_column("p", "name", server_default=None),
    "comment": lambda op: op.alter_column("p", "name", comment="100% it's"),
    "table_comment": lambda op: op.create_table_comment("p", "new"),
    "rename_table": lambda op: op.rename_table("plain", "Plainer"),
    "index": lambda op: op.create_index("ix", "plain", ["a", sa.text("lower(b)")], unique=True),
    "drop_index": lambda op: op.drop_index("ix_name", "p"),
}


@pytest.mark.parametrize("change", PLAIN.values(), ids=PLAIN)
def test_changes_that_are_altered(db: Database, change: Callable[[Any], Any]) -> None:
    before = db.everything()
    statements = db.run(change)
    assert not any("_nbmigrate_rows" in one for one in statements)
    assert db.everything() != before


def test_using(db: Database) -> None:
    db.run(lambda op: op.alter_column("plain", "b", type_=sa.Integer(), postgresql_using="length(b)"))
    assert db.rows("SELECT b FROM plain") == [(2,), (2,)]
    db.run(lambda op: op.create_index("i", "plain", ["a"]))
    db.run(lambda op: op.alter_column("plain", "b", type_=sa.Text(), postgresql_using="'<' || b || '>'"))
    assert db.rows("SELECT b FROM plain") == [("<2>",), ("<2>",)]


def test_a_type_with_a_check_takes_a_rebuild(db: Database) -> None:
    kind = sa.Enum("10", "20", name="kind", native_enum=False, create_constraint=True)
    db.run(lambda op: op.alter_column("plain", "b", type_=kind))
    assert "CHECK((b IN ('10', '20')))" in db.sql("plain")
    db.run(lambda op: op.alter_column("plain", "b", existing_type=kind, type_=sa.Integer()))
    assert "CHECK" not in db.sql("plain")
    assert db.rows("SELECT b FROM plain ORDER BY 1") == [(10,), (20,)]


def test_columns_stay_not_null_without_their_key(db: Database) -> None:
    """DuckDB's text of a table leaves out the NOT NULL beside a PRIMARY KEY."""

    def required() -> bool:
        where = "table_name = 'plain' AND column_name = 'a'"
        return bool(db.rows(f"SELECT NOT is_nullable FROM duckdb_columns() WHERE {where}")[0][0])

    db.run(lambda op: op.alter_column("plain", "a", nullable=False))
    db.run(lambda op: op.create_primary_key("pk", "plain", ["a"]))
    db.run(lambda op: op.create_primary_key("pk", "plain", ["b"]))
    assert required()
    db.run(lambda op: op.create_primary_key("pk", "plain", ["a", "b"]))
    db.run(lambda op: op.drop_constraint("pk", "plain", type_="primary"))
    assert required()


def test_a_batch_is_one_rebuild(db: Database) -> None:
    def change(op: Any) -> None:
        with op.batch_alter_table("p") as batch_op:
            batch_op.add_column(sa.Column("x", sa.Integer, nullable=False, server_default="1"))
            batch_op.alter_column("name", new_column_name="title", nullable=False)
            batch_op.drop_constraint("p_u_key", type_="unique")
            batch_op.create_unique_constraint("uq_title", ["title"])
            batch_op.drop_column("tags")

    statements = db.run(change)
    assert sum("DROP TABLE p" in one for one in statements) == 1
    assert db.rows("SELECT id, title, x FROM p ORDER BY 1") == [(1, "a", 1), (2, "b", 1)]


def test_backfill_and_not_null_in_one_transaction(db: Database) -> None:
    """DuckDB refuses SET NOT NULL and CREATE INDEX behind an UPDATE, and 1.x the commit of an ALTER."""

    def change(op: Any) -> None:
        op.add_column("plain", sa.Column("c", sa.Integer))
        op.execute("UPDATE plain SET c = a * 10")
        op.alter_column("plain", "c", nullable=False)
        op.create_index("ix_c", "plain", ["c"])
        op.execute("UPDATE plain SET b = 'z'")
        op.create_index("ix_b", "plain", ["b"])
        op.execute("UPDATE plain SET b = 'y'")
        op.add_column("plain", sa.Column("d", sa.Integer))
        op.drop_column("plain", "a")

    db.run(change)
    assert db.rows("SELECT * FROM plain ORDER BY c") == [("y", 10, None), ("y", 20, None)]
    assert len(db.rows("SELECT * FROM duckdb_indexes() WHERE table_name = 'plain'")) == 2


def test_an_index_dropped_in_the_same_transaction(db: Database) -> None:
    def change(op: Any) -> None:
        op.create_index("ix_a", "plain", ["a"])
        op.drop_index("ix_a", "plain")
        op.alter_column("plain", "b", new_column_name="bb")

    db.run(change)
    assert db.rows("SELECT bb FROM plain ORDER BY 1") == [("10",), ("20",)]


REFUSED: dict[str, tuple[Callable[[Any], Any], str]] = {
    "view": (lambda op: op.drop_column("p", "q"), "view 'v' would not work once table 'p' is changed"),
    "view_rename": (lambda op: op.rename_table("p", "pp"), "view 'v' would not work"),
    "which_constraint": (
        lambda op: [
            op.create_unique_constraint("one", "plain", ["a"]),
            op.create_unique_constraint("two", "plain", ["b"]),
            op.drop_constraint("one", "plain", type_="unique"),
        ],
        "forgets the names.*plain_a_key, plain_b_key",
    ),
    "no_such_column": (lambda op: op.alter_column("p", "nix", nullable=False), "no column 'nix'"),
}


@pytest.mark.parametrize(("change", "message"), REFUSED.values(), ids=REFUSED)
def test_refused_in_a_line_and_nothing_has_changed(
    db: Database, change: Callable[[Any], Any], message: str
) -> None:
    before = db.everything()
    with pytest.raises(CommandError, match=message):
        db.run(change)
    assert db.everything() == before


def test_rows_that_break_the_new_constraint_stop_it(db: Database) -> None:
    before = db.everything()
    with pytest.raises(sa.exc.DBAPIError, match="CHECK"):
        db.run(lambda op: op.create_check_constraint("ck", "p", "u > 1"))
    with pytest.raises(sa.exc.DBAPIError, match="NOT NULL"):
        db.run(lambda op: op.alter_column("p", "tags", nullable=False))
    assert db.everything() == before


def test_an_error_that_was_passed_over_is_a_failure(db: Database) -> None:
    before = db.everything()

    def change(op: Any) -> None:
        op.add_column("plain", sa.Column("c", sa.Integer))
        with suppress(sa.exc.DBAPIError):
            op.execute("INSERT INTO c VALUES (1, 1, 'twice')")

    with pytest.raises(MigrateError, match="error was passed over"):
        db.run(change)
    assert db.everything() == before


@pytest.mark.parametrize("schema", [None, "my %s: sch'éma"])
@pytest.mark.parametrize("name", ["select", "Order By", "100% %s %(x)s :c a::d ?", r"a;--b\c\'d", "größe_表"])
def test_identifiers(tmp_path: Path, name: str, schema: str | None) -> None:
    engine = sa.create_engine(f"duckdb:///{tmp_path / 'a.duckdb'}")
    if schema:
        with engine.begin() as connection:
            connection.execute(sa.schema.CreateSchema(schema))

    def change(op: Any) -> None:
        table = op.create_table(
            name,
            sa.Column(name, sa.Integer, primary_key=True, comment=name),
            sa.Column("note", sa.String, server_default=name),
            comment=name,
            schema=schema,
        )
        op.bulk_insert(table, [{name: 1, "note": name}])
        op.create_table("child", sa.Column("c", sa.Integer), schema=schema)
        op.create_index(f"{name} ix", name, ["note"], schema=schema)
        schemas = {"source_schema": schema, "referent_schema": schema}
        op.create_foreign_key(f"{name} fk", "child", name, ["c"], [name], **schemas)
        op.add_column(name, sa.Column(f"{name} 2", sa.Integer, unique=True), schema=schema)
        op.alter_column(name, f"{name} 2", new_column_name=f"{name} 3", nullable=True, schema=schema)
        op.drop_index(f"{name} ix", name, schema=schema)
        op.rename_table(name, f"{name} t", schema=schema)
        op.drop_column(f"{name} t", f"{name} 3", schema=schema)

    with engine.connect() as connection:
        ddl = dialect_for(connection.dialect, connection=connection)
        with ddl.transaction(connection):
            change(Operations(Context(connection, ddl, [])))
        table = sa.table(f"{name} t", sa.column(name), sa.column("note"), schema=schema)
        assert [tuple(row) for row in connection.execute(sa.select(table))] == [(1, name)]
        with pytest.raises(sa.exc.DBAPIError, match="foreign key"):
            connection.execute(sa.table("child", sa.column("c"), schema=schema).insert().values(c=2))
    engine.dispose()
