"""DROP TABLE of a table of which a script says the name alone: no Table is built, nobody can tell."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from nbmigrate.ddl.text import to_sql
from nbmigrate.dialects import dialect_for
from nbmigrate.model.operations import CreateTableOp, DropTableOp


def texts(operation: Any) -> list[str]:
    dialect = dialect_for(postgresql.dialect())
    return [text for one in dialect.emit(operation) for text in to_sql(one, dialect.sqlalchemy)]


def test_names_and_schemas_are_quoted_as_those_of_a_table() -> None:
    assert texts(DropTableOp("Two words")) == ['DROP TABLE "Two words"']
    assert texts(DropTableOp("a", schema="S", if_exists=True)) == ['DROP TABLE IF EXISTS "S".a']
    assert texts(DropTableOp("a", table_kw={"quote": True})) == ['DROP TABLE "a"']


def test_a_listener_on_every_table_is_told_of_each_by_name() -> None:
    told: list[tuple[str, str | None]] = []

    def note(table: sa.Table, *_: Any, **__: Any) -> None:
        told.append((table.fullname, table.schema))

    sa.event.listen(sa.Table, "before_drop", note)
    try:
        texts(DropTableOp("a"))
        texts(DropTableOp("b", schema="s"))
    finally:
        sa.event.remove(sa.Table, "before_drop", note)
    assert told == [("a", None), ("s.b", "s")]


def test_statements_of_one_run_keep_their_own_tables() -> None:
    dialect = dialect_for(postgresql.dialect())
    first, second = (next(dialect.emit(DropTableOp(name))) for name in ("a", "b"))
    assert [str(one.construct).split()[-1] for one in (first, second)] == ["a", "b"]


def test_the_schema_is_translated() -> None:
    engine = sa.create_engine("sqlite://").execution_options(schema_translate_map={"tenant": "main"})
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE a (x)")
        dialect = dialect_for(connection.dialect, connection=connection)
        for statement in dialect.emit(DropTableOp("a", schema="tenant")):
            connection.execute(statement.construct)  # type: ignore[arg-type]
        assert sa.inspect(connection).get_table_names() == []


def test_what_is_known_of_a_table_is_still_there_for_its_types() -> None:
    create = CreateTableOp("a", [sa.Column("x", postgresql.ENUM("p", name="kind"))])
    assert create.reverse().is_bare is False
    assert texts(create.reverse())[0] == "DROP TABLE a"
