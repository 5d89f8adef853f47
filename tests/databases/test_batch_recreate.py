"""``recreate="always"`` on PostgreSQL and MariaDB: rows, order of columns, and all that is on the table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from harness.sqlite_case import Context

from nbmigrate.errors import CommandError

POSTGRESQL = """
CREATE TABLE other (id int PRIMARY KEY);
CREATE TABLE log (what text);
CREATE SEQUENCE apart;
CREATE TABLE "T %" (
  id serial CONSTRAINT the_key PRIMARY KEY,
  ident int GENERATED ALWAYS AS IDENTITY (INCREMENT 5),
  email varchar(50) COLLATE "C" NOT NULL,
  age int DEFAULT 18 CONSTRAINT ck_age CHECK (age > 0),
  o int CONSTRAINT fk_o REFERENCES other ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
  twice int GENERATED ALWAYS AS (age * 2) STORED,
  "it's" text DEFAULT 'a\\b%c',
  parent int REFERENCES "T %" (id),
  CONSTRAINT uq_email UNIQUE (email) DEFERRABLE,
  EXCLUDE USING gist (box(point(age, age), point(age, age)) WITH &&)
) WITH (fillfactor=70);
CREATE INDEX ix_expr ON "T %" (lower(email) DESC) INCLUDE (age) WHERE age > 5;
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN INSERT INTO log VALUES (NEW.email); RETURN NEW; END $$;
CREATE TRIGGER told AFTER INSERT ON "T %" FOR EACH ROW EXECUTE FUNCTION noted();
CREATE TRIGGER quiet AFTER INSERT ON "T %" FOR EACH ROW EXECUTE FUNCTION noted();
ALTER TABLE "T %" DISABLE TRIGGER quiet;
ALTER TABLE "T %" ALTER COLUMN email SET STATISTICS 55;
ALTER TABLE "T %" ALTER COLUMN "it's" SET STORAGE EXTERNAL;
CREATE TABLE child (id int, t_id int CONSTRAINT fk_t REFERENCES "T %" (id) ON DELETE CASCADE);
COMMENT ON TABLE "T %" IS 'the % table''s';
COMMENT ON COLUMN "T %".age IS 'years';
COMMENT ON CONSTRAINT uq_email ON "T %" IS 'one each';
COMMENT ON INDEX ix_expr IS 'looked up';
GRANT SELECT ON "T %" TO PUBLIC;
INSERT INTO other VALUES (1);
INSERT INTO "T %" (email, age, o, parent) VALUES ('a@x', 20, 1, NULL), ('b@x', 30, NULL, 1);
INSERT INTO child VALUES (1, 1), (2, 2);
"""

# everything about the table but the order of its columns and the names of what is made by the way
FACTS = {
    "rows": 'SELECT id, ident, email, age, o, twice, "it\'s", parent FROM "T %" ORDER BY id',
    "children": "SELECT * FROM child ORDER BY 1",
    "columns": """SELECT attname::text, format_type(atttypid, atttypmod), attnotnull, attidentity::text,
        attgenerated::text, attstorage::text, attstattarget, attcollation::regcollation::text,
        col_description(attrelid, attnum), pg_get_expr(adbin, adrelid) FROM pg_attribute LEFT JOIN pg_attrdef
        ON adrelid = attrelid AND adnum = attnum WHERE attrelid = '"T %"'::regclass AND attnum > 0
        AND NOT attisdropped AND attname <> 'more' ORDER BY 1""",
    "constraints": """SELECT conrelid::regclass::text, conname::text, pg_get_constraintdef(oid),
        obj_description(oid, 'pg_constraint') FROM pg_constraint
        WHERE '"T %"'::regclass IN (conrelid, confrelid) ORDER BY 1, 2""",
    "indexes": """SELECT indexdef, obj_description(quote_ident(indexname)::regclass) FROM pg_indexes
        WHERE tablename = 'T %' ORDER BY 1""",
    "triggers": """SELECT pg_get_triggerdef(oid), tgenabled::text FROM pg_trigger
        WHERE tgrelid = '"T %"'::regclass AND NOT tgisinternal ORDER BY 1""",
    "table": """SELECT reloptions, relpersistence::text, obj_description(oid), relacl::text FROM pg_class
        WHERE oid = '"T %"'::regclass""",
    "sequences": """SELECT sequencename::text, start_value, increment_by, last_value,
        pg_get_serial_sequence('"T %"', 'id'), pg_get_serial_sequence('"T %"', 'ident')
        FROM pg_sequences ORDER BY 1""",
}


@pytest.fixture
def connection(request: pytest.FixtureRequest, database: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(request.getfixturevalue(f"{database}_url"), poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def facts(connection: sa.Connection) -> dict[str, Any]:
    found = {name: ask(connection, query) for name, query in FACTS.items()}
    connection.rollback()
    return found


def ask(connection: sa.Connection, query: str) -> list[tuple[Any, ...]]:
    result = connection.exec_driver_sql(query, execution_options={"no_parameters": True})
    return [tuple(row) for row in result]


def lines_of(shown: str) -> list[str]:
    """SHOW CREATE TABLE without the order of the columns, and without the new one."""
    return sorted(line.rstrip(",") for line in shown.splitlines() if "`more`" not in line)


def run_script(connection: sa.Connection, sql: str) -> None:
    connection.exec_driver_sql(sql, execution_options={"no_parameters": True})
    connection.commit()


@pytest.mark.postgresql
@pytest.mark.parametrize("database", ["postgresql"])
def test_postgresql_keeps_everything(connection: sa.Connection) -> None:
    """M4, M5: the ALTERs of the batch, and all that was on the table, in the order that was asked for."""
    run_script(connection, POSTGRESQL)
    before = facts(connection)
    context = Context(connection)
    with context.op.batch_alter_table(
        "T %", recreate="always", partial_reordering=[("parent", "email")]
    ) as batch_op:
        batch_op.add_column(sa.Column("more", sa.Integer, server_default="7"), insert_after="id")
    connection.commit()
    assert facts(connection) == before
    order = [column["name"] for column in sa.inspect(connection).get_columns("T %")]
    assert order == ["id", "more", "ident", "age", "o", "twice", "it's", "parent", "email"]
    assert context.rebuilds == 1
    # counters go on, triggers work
    run_script(connection, "INSERT INTO \"T %\" (email, age) VALUES ('c@x', 40)")
    assert ask(connection, 'SELECT id, ident, more FROM "T %" WHERE age = 40') == [(3, 11, 7)]
    assert ask(connection, "SELECT count(*) FROM log WHERE what = 'c@x'") == [(1,)]
    assert ask(connection, "SELECT 1 FROM pg_class WHERE relname LIKE '%alembic_tmp%'") == []


@pytest.mark.postgresql
@pytest.mark.parametrize("database", ["postgresql"])
@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        ("CREATE VIEW v AS SELECT * FROM t", "depend"),
        ("ALTER TABLE t ENABLE ROW LEVEL SECURITY", "has row security"),
        ("CREATE TABLE heir () INHERITS (t)", "inherit"),
        ("GRANT SELECT (a) ON t TO PUBLIC", "privileges"),
        ("CREATE RULE r AS ON INSERT TO t DO ALSO NOTHING", "rules"),
        ("CREATE STATISTICS st ON a, b FROM t", "statistics"),
        ("ALTER TABLE t REPLICA IDENTITY FULL", "replica"),
    ],
)
def test_postgresql_refuses_what_it_would_lose(connection: sa.Connection, trouble: str, told: str) -> None:
    run_script(connection, f"CREATE TABLE t (a int, b int); INSERT INTO t VALUES (1, 2); {trouble}")
    context = Context(connection)
    batch = context.op.batch_alter_table("t", recreate="always")
    with pytest.raises((CommandError, sa.exc.DBAPIError), match=told), batch as batch_op:
        batch_op.alter_column("b", insert_before="a")
    connection.rollback()
    assert ask(connection, "SELECT * FROM t") == [(1, 2)]


@pytest.mark.mariadb
@pytest.mark.parametrize("database", ["mariadb"])
def test_mariadb_keeps_everything(connection: sa.Connection) -> None:
    """M4, M5: the server copies the table itself."""
    for sql in (
        "CREATE TABLE other (id int PRIMARY KEY)",
        "CREATE TABLE log (what text)",
        "CREATE TABLE `t %` (id int AUTO_INCREMENT PRIMARY KEY, `e``m` varchar(50) COLLATE utf8mb4_bin "
        "NOT NULL COMMENT 'it''s, %', age int DEFAULT 18 CHECK (age > 0), o int, "
        "twice int AS (age * 2) STORED, "
        "thrice int AS (age * 3) VIRTUAL, UNIQUE uq (`e``m`), KEY ix (age, `e``m`(5)), "
        "CONSTRAINT fk_o FOREIGN KEY (o) REFERENCES other (id) ON DELETE SET NULL, "
        "CONSTRAINT ck CHECK (age < 99)) COMMENT 'the table' AUTO_INCREMENT 50",
        "CREATE TABLE child (id int, t_id int, FOREIGN KEY (t_id) REFERENCES `t %` (id) ON DELETE CASCADE)",
        "CREATE TRIGGER told AFTER INSERT ON `t %` FOR EACH ROW INSERT INTO log VALUES (NEW.age)",
        "INSERT INTO other VALUES (1)",
        "INSERT INTO `t %` (`e``m`, age, o) VALUES ('a', 20, 1), ('b', 30, NULL)",
        "INSERT INTO child VALUES (1, 50), (2, 51)",
    ):
        run_script(connection, sql)
    before = ask(connection, "SHOW CREATE TABLE `t %`")[0][1]
    data = ask(connection, "SELECT id, `e``m`, age, o, twice, thrice FROM `t %` ORDER BY id")
    context = Context(connection)
    with context.op.batch_alter_table(
        "t %", recreate="always", partial_reordering=[("o", "e`m")]
    ) as batch_op:
        batch_op.add_column(sa.Column("more", sa.Integer, server_default="7"), insert_before="id")
    after = ask(connection, "SHOW CREATE TABLE `t %`")[0][1]
    assert ask(connection, "SELECT id, `e``m`, age, o, twice, thrice FROM `t %` ORDER BY id") == data
    order = [row[0] for row in ask(connection, "SHOW COLUMNS FROM `t %`")]
    assert order == ["more", "id", "age", "o", "e`m", "twice", "thrice"]
    assert lines_of(before) == lines_of(after)
    assert ask(connection, "SELECT count(*) FROM child") == [(2,)]
    run_script(connection, "INSERT INTO `t %` (`e``m`, age) VALUES ('c', 40)")
    assert ask(connection, "SELECT id FROM `t %` WHERE age = 40") == [(52,)]
    assert ask(connection, "SELECT what FROM log") == [("20",), ("30",), ("40",)]
    assert context.texts[-1].endswith("FORCE")


@pytest.mark.mariadb
@pytest.mark.parametrize("database", ["mariadb"])
def test_mariadb_reads_what_a_change_does_not_say_of_a_column(connection: sa.Connection) -> None:
    """M4: MODIFY repeats all that a column is."""
    columns = "id int AUTO_INCREMENT PRIMARY KEY, a varchar(9) NOT NULL DEFAULT 'x:y'"
    run_script(connection, f"CREATE TABLE t ({columns})")
    context = Context(connection)
    with context.op.batch_alter_table("t", recreate="always") as batch_op:
        batch_op.alter_column("a", comment="told")
        batch_op.alter_column("id", new_column_name="key")
    shown = ask(connection, "SHOW CREATE TABLE t")[0][1]
    assert "`a` varchar(9) NOT NULL DEFAULT 'x:y' COMMENT 'told'" in shown
    assert "`key` int(11) NOT NULL AUTO_INCREMENT" in shown


@pytest.mark.parametrize(
    "database",
    [
        pytest.param("postgresql", marks=pytest.mark.postgresql),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
    ],
)
def test_a_column_beside_one_that_is_not_there(connection: sa.Connection, database: str) -> None:
    """M5."""
    run_script(connection, "CREATE TABLE t (a int, b int)")
    context = Context(connection)
    batch = context.op.batch_alter_table("t", recreate="always")
    with pytest.raises(CommandError, match="'t' has no column 'nowhere'; it has a, b"), batch as batch_op:
        batch_op.alter_column("b", insert_before="nowhere", existing_type=sa.Integer)
    connection.rollback()
