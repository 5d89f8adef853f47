"""Names at and over the limit of each database: taken whole at it, one clear line over it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.sql.elements import conv

from nbmigrate.dialects import dialect_for
from nbmigrate.errors import CommandError
from nbmigrate.model import operations as ops
from nbmigrate.operations import Operations
from nbmigrate.runtime.migration import MigrationContext

# characters of one byte, and of two
AT = {
    "postgresql": ("x" * 63, "ü" * 31 + "x"),
    "mysql": ("x" * 64, "ü" * 64),
    "mariadb": ("x" * 64, "ü" * 64),
    "mssql": ("x" * 128, "ü" * 128),
    "oracle": ("x" * 128, "ü" * 64),
    "sqlite": ("x" * 500, "ü" * 500),
    "duckdb": ("x" * 500, "ü" * 500),
}
OVER = {
    "postgresql": ("x" * 64, "ü" * 32),
    "mysql": ("x" * 65, "ü" * 65),
    "mariadb": ("x" * 65, "ü" * 65),
    "mssql": ("x" * 129, "ü" * 129),
    "oracle": ("x" * 129, "ü" * 65),
}
GIVES: dict[str, Callable[[str], ops.MigrateOperation]] = {
    "table": lambda name: ops.CreateTableOp(name, [sa.Column("a", sa.Integer)]),
    "column": lambda name: ops.AddColumnOp("t", sa.Column(name, sa.Integer)),
    "column of a table": lambda name: ops.CreateTableOp("t", [sa.Column(name, sa.Integer)]),
    "column renamed": lambda name: ops.AlterColumnOp(
        "t", "c", modify_name=name, existing_type=sa.Integer(), existing_nullable=True
    ),
    "table renamed": lambda name: ops.RenameTableOp("t", name),
    "index": lambda name: ops.CreateIndexOp(name, "t", ["a"]),
    "constraint": lambda name: ops.CreateUniqueConstraintOp(name, "t", ["a"]),
    "constraint of a table": lambda name: ops.CreateTableOp(
        "t", [sa.Column("a", sa.Integer), sa.UniqueConstraint("a", name=name)]
    ),
}


def emitted(database: str, operation: ops.MigrateOperation) -> list[Any]:
    if database == "duckdb":
        pytest.importorskip("duckdb_sqlalchemy")
    dialect = sa.make_url(f"{database}://").get_dialect()()
    return list(dialect_for(dialect).emit(operation))


@pytest.mark.parametrize("give", GIVES.values(), ids=GIVES)
@pytest.mark.parametrize("database", AT)
def test_a_name_at_the_limit(database: str, give: Callable[[str], ops.MigrateOperation]) -> None:
    for name in AT[database]:
        operation = give(name)
        if database == "sqlite" and isinstance(operation, ops.AddConstraintOp):
            continue  # takes a rebuild, and so a table
        if database == "duckdb" and give in (GIVES["index"], *list(GIVES.values())[-2:]):
            continue  # SQLAlchemy's dialect itself stops at 63 for these
        assert emitted(database, operation)


@pytest.mark.parametrize(("label", "give"), GIVES.items(), ids=GIVES)
@pytest.mark.parametrize("database", OVER)
def test_a_name_over_the_limit(
    database: str, label: str, give: Callable[[str], ops.MigrateOperation]
) -> None:
    kind = "constraint" if label.startswith("constraint") else label.split()[0]
    for name in OVER[database]:
        with pytest.raises(CommandError, match=rf"^The {kind} name '[xü]+' has \d+ .*write a shorter one$"):
            emitted(database, give(name))


def test_what_is_said() -> None:
    with pytest.raises(CommandError) as caught:
        emitted("postgresql", GIVES["table"]("ü" * 32))
    assert str(caught.value) == (
        f"The table name '{'ü' * 32}' has 64 bytes; PostgreSQL takes 63 and would cut it silently: "
        "write a shorter one"
    )
    with pytest.raises(sa.exc.IdentifierError, match="65 characters; MariaDB takes 64 and refuses it"):
        emitted("mariadb", GIVES["index"]("x" * 65))


def test_what_was_cut_once_is_still_found() -> None:
    """Names that an operation only looks for are sent as they are."""
    long = "x" * 70
    for operation in (
        ops.DropTableOp(long),
        ops.DropColumnOp("t", long),
        ops.RenameTableOp(long, "t"),
        ops.AlterColumnOp(long, long, modify_name="c"),
    ):
        assert emitted("postgresql", operation)


def test_a_name_of_a_convention_is_shortened() -> None:
    operation = ops.CreateUniqueConstraintOp(conv("uq_" + "x" * 70), "t", ["a"])
    (statement,) = emitted("postgresql", operation)
    text = str(statement.construct.compile(dialect=sa.dialects.postgresql.dialect()))
    assert "x" * 70 not in text and "uq_xxx" in text


@pytest.mark.parametrize(
    "database",
    [
        pytest.param("postgresql", marks=pytest.mark.postgresql),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
    ],
)
def test_on_the_server(request: pytest.FixtureRequest, database: str) -> None:
    """At the limit the database has the whole name; over it nothing has happened."""
    engine = sa.create_engine(request.getfixturevalue(f"{database}_url"))
    with engine.connect() as connection:
        op = Operations(MigrationContext.configure(connection))
        for name in AT[database]:
            op.create_table(name, sa.Column(name, sa.Integer), sa.UniqueConstraint(name, name=f"u{name[1:]}"))
            op.create_index(f"i{name[1:]}", name, [name])
        for name in OVER[database]:
            with pytest.raises(CommandError, match="write a shorter one"):
                op.create_table(name, sa.Column("a", sa.Integer))
        connection.commit()
        inspector = sa.inspect(connection)
        assert sorted(inspector.get_table_names()) == sorted(AT[database])
        for name in AT[database]:
            assert [column["name"] for column in inspector.get_columns(name)] == [name]
            assert f"i{name[1:]}" in {index["name"] for index in inspector.get_indexes(name)}
            assert [one["name"] for one in inspector.get_unique_constraints(name)] == [f"u{name[1:]}"]
    engine.dispose()
