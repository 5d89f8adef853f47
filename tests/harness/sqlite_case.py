"""A SQLite file with everything on its tables that a rebuild could lose, and a context to change it with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from nbmigrate.dialects import dialect_for
from nbmigrate.operations import Operations
from nbmigrate.runtime.executor import OnlineExecutor

# DATABASES.md, section 3
SCHEMA = """
CREATE TABLE other (id INTEGER PRIMARY KEY);
CREATE TABLE log (what TEXT);
CREATE TABLE t (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- the key
  email VARCHAR(50) COLLATE NOCASE,
  age INT CHECK (age > 0) DEFAULT 18,
  o INTEGER REFERENCES other (id) ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
  twice INT GENERATED ALWAYS AS (age * 2) STORED,
  thrice INT AS (age * 3),
  note TEXT, /* free text */
  spare TEXT,
  CONSTRAINT uq_email UNIQUE (email) ON CONFLICT REPLACE,
  CONSTRAINT ck_note CHECK (note <> 'bad'),
  CHECK (length(note) < 100)
);
CREATE INDEX ix_partial ON t (age) WHERE age > 20;
CREATE INDEX ix_expr ON t (lower(note));
CREATE INDEX ix_desc ON t (age DESC, note COLLATE NOCASE);
CREATE UNIQUE INDEX ix_unique ON t (note, age);
CREATE TRIGGER t_ins AFTER INSERT ON t BEGIN INSERT INTO log VALUES ('t; ' || NEW.id); END;
CREATE TRIGGER other_del AFTER DELETE ON other BEGIN UPDATE t SET note = 'orphan' WHERE o = OLD.id; END;
CREATE VIEW v AS SELECT id, email FROM t;
CREATE TABLE child (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t (id) ON DELETE CASCADE);
CREATE TABLE s (id INTEGER PRIMARY KEY, thing ANY, note TEXT, spare TEXT) STRICT;
CREATE TABLE w (code TEXT, nr INT, note TEXT, spare TEXT, PRIMARY KEY (code, nr)) WITHOUT ROWID;
INSERT INTO other VALUES (1);
INSERT INTO t (id, email, age, o, note) VALUES (1, 'a@x', 20, 1, 'n'),
  (2, 'B@x', 30, NULL, 'm'), (9, 'c@x', NULL, 1, NULL);
DELETE FROM t WHERE id = 9;
INSERT INTO child VALUES (1, 1), (2, 2);
INSERT INTO s VALUES (1, 5, 'x', NULL), (2, 'five', 'y', NULL), (3, x'00ff', 'z', NULL);
INSERT INTO w VALUES ('a', 1, 'x', NULL), ('b', 2, 'y', NULL);
"""


class Context:
    """As much of a migration context as operations need."""

    def __init__(self, connection: sa.Connection, metadata: sa.MetaData | None = None) -> None:
        self.connection = self.bind = connection
        self.opts: dict[str, Any] = {"target_metadata": metadata}
        self.target_metadata = metadata
        self.as_sql = False
        self.dialect = connection.dialect
        self.ddl: Any = dialect_for(
            connection.dialect, connection=connection, opts=self.opts, metadata=metadata
        )
        self.executor = OnlineExecutor(connection)
        self.op: Any = Operations(self)  # type: ignore[arg-type]

    def run_operation(self, operation: Any) -> None:
        for statement in self.ddl.emit(operation):
            self.executor.execute(statement)

    @property
    def texts(self) -> list[str]:
        made = (s.construct for s in self.executor.statements)
        return [c if isinstance(c, str) else str(c.compile(dialect=self.dialect)) for c in made]

    @property
    def rebuilds(self) -> int:
        return sum(text.startswith("DROP TABLE") for text in self.texts)


def run_script(engine: sa.Engine, sql: str) -> None:
    """Several statements, as ``sqlite3``'s own ``executescript`` takes them."""
    raw: Any = engine.raw_connection()
    raw.executescript(sql)
    raw.close()


def migrate(
    engine: sa.Engine, change: Callable[[Any], Any], *, foreign_keys: bool = False, version: Any = None
) -> Context:
    """Run a change as a step of a migration runs: in its transaction, a second time if it must."""
    with engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
        connection.commit()
        context = Context(connection)
        if version is not None:
            context.ddl.catalogue._version = version
        try:
            with context.ddl.transaction(connection):
                change(context.op)
        except context.ddl.restart_errors as error:
            with context.ddl.restarted(connection, error), context.ddl.transaction(connection):
                change(context.op)
        assert bool(connection.exec_driver_sql("PRAGMA foreign_keys").scalar()) is foreign_keys
        return context


def rows(engine: sa.Engine, query: str) -> list[tuple[Any, ...]]:
    """What a query gives."""
    with engine.connect() as connection:
        found = connection.exec_driver_sql(query, execution_options={"no_parameters": True})
        return [tuple(row) for row in found]


def objects(engine: sa.Engine) -> dict[str, str]:
    """The text of everything there is, by name; quotes around a table's name are SQLite's."""
    found = rows(engine, "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
    return {name: sql.replace(f'CREATE TABLE "{name}"', f"CREATE TABLE {name}") for name, sql in found}
