"""The same operations through Alembic and through us on real databases: the same schema, the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext as AlembicContext
from alembic.operations import Operations as AlembicOperations

from nbmigrate.dialects import dialect_for
from nbmigrate.operations import Operations
from nbmigrate.runtime.executor import OnlineExecutor


class Context:
    """As much of a migration context as operations need."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = self.bind = connection
        self.opts: dict[str, Any] = {}
        self.target_metadata = None
        self.as_sql = False
        self.dialect = connection.dialect
        self.ddl = dialect_for(connection.dialect, connection=connection, opts=self.opts)
        self.executor = OnlineExecutor(connection)

    def run_operation(self, operation: Any) -> None:
        for statement in self.ddl.emit(operation):
            self.executor.execute(statement)


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(database_url, poolclass=sa.pool.NullPool)
    yield engine
    engine.dispose()


def create(op: Any) -> None:
    accounts = op.create_table(
        "accounts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(50), nullable=False, comment="it's 100% a name"),
        sa.Column("state", sa.Enum("new", "old", name="state")),
        sa.Column("balance", sa.Numeric(10, 2), server_default="0.5"),
        sa.Column("joined", sa.DateTime, index=True),
        sa.UniqueConstraint("name", name="uq_name"),
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("account", sa.Integer),
        sa.Column("qty", sa.Integer),
    )
    op.bulk_insert(
        accounts, [{"id": 1, "name": "a%b:c", "state": "new"}, {"id": 2, "name": "d", "state": None}]
    )
    op.execute("INSERT INTO orders (id, account, qty) VALUES (1, 1, 5), (2, 2, NULL)")
    op.execute("UPDATE accounts SET joined = '2026-01-02 03:04:05'")


def change(op: Any) -> None:
    with op.batch_alter_table("orders") as batch_op:
        batch_op.create_foreign_key("fk_account", "accounts", ["account"], ["id"], ondelete="CASCADE")
        batch_op.add_column(sa.Column("note", sa.String(20), nullable=False, server_default="none"))
        batch_op.create_check_constraint("ck_qty", sa.column("qty") > 0)
    with op.batch_alter_table("accounts") as batch_op:
        batch_op.alter_column(
            "name", new_column_name="full_name", existing_type=sa.String(50), existing_nullable=False
        )
    with op.batch_alter_table("accounts") as batch_op:
        batch_op.alter_column("balance", type_=sa.Numeric(12, 3), existing_type=sa.Numeric(10, 2))
        batch_op.alter_column("joined", nullable=False, existing_type=sa.DateTime(), server_default=None)
    op.create_index("ix_two", "accounts", ["state", "full_name"], unique=True)
    op.add_column("orders", sa.Column("extra", sa.Integer))
    op.rename_table("orders", "Purchases")


def drop(op: Any) -> None:
    op.drop_index("ix_two", table_name="accounts")
    with op.batch_alter_table("Purchases") as batch_op:
        batch_op.drop_column("extra")
        batch_op.drop_column("note")
        batch_op.drop_constraint("ck_qty", type_="check")
        batch_op.drop_constraint("fk_account", type_="foreignkey")
    with op.batch_alter_table("accounts") as batch_op:
        batch_op.drop_constraint("uq_name", type_="unique")
        batch_op.drop_column("state")


def snapshot(engine: sa.Engine) -> dict[str, Any]:
    inspector = sa.inspect(engine)
    found: dict[str, Any] = {}
    for table in sorted(inspector.get_table_names()):
        with engine.connect() as connection:
            name = connection.dialect.identifier_preparer.quote(table)
            rows = connection.exec_driver_sql(f"SELECT * FROM {name} ORDER BY id").all()
        found[table] = {
            "columns": [
                (c["name"], str(c["type"]), c["nullable"], c["default"], c.get("comment"))
                for c in inspector.get_columns(table)
            ],
            "pk": inspector.get_pk_constraint(table)["constrained_columns"],
            "fks": [
                (k["name"], k["constrained_columns"], k["referred_table"], k["options"])
                for k in inspector.get_foreign_keys(table)
            ],
            "uniques": sorted(
                (u["name"], tuple(u["column_names"])) for u in inspector.get_unique_constraints(table)
            ),
            "checks": sorted((c["name"], c["sqltext"]) for c in inspector.get_check_constraints(table)),
            "indexes": sorted(
                (i["name"], tuple(i["column_names"]), bool(i["unique"])) for i in inspector.get_indexes(table)
            ),
            "rows": [tuple(row) for row in rows],
        }
    return found


def by_alembic(engine: sa.Engine, *steps: Any) -> list[dict[str, Any]]:
    shots = []
    for step in steps:
        with engine.begin() as connection:
            step(AlembicOperations(AlembicContext.configure(connection)))
        shots.append(snapshot(engine))
    return shots


def by_us(engine: sa.Engine, *steps: Any) -> list[dict[str, Any]]:
    shots = []
    for step in steps:
        with engine.connect() as connection:
            context = Context(connection)
            with context.ddl.transaction(connection):
                step(Operations(context))  # type: ignore[arg-type]
        shots.append(snapshot(engine))
    return shots


def empty(engine: sa.Engine) -> None:
    metadata = sa.MetaData()
    metadata.reflect(engine)
    metadata.drop_all(engine)
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP TYPE IF EXISTS state")


def test_if_exists_of_constraints(engine: sa.Engine) -> None:
    def run(op: Any) -> None:
        op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.Integer))
        with op.batch_alter_table("t") as batch_op:
            batch_op.create_unique_constraint("uq_a", ["a"])
        op.drop_constraint("uq_a", "t", type_="unique", if_exists=True)
        op.drop_constraint("uq_a", "t", type_="unique", if_exists=True)
        op.drop_constraint("fk_a", "t", type_="foreignkey", if_exists=True)

    (found,) = by_us(engine, run)
    assert found["t"]["uniques"] == []


def test_the_same_schema_and_rows_as_alembic(engine: sa.Engine) -> None:
    expected = by_alembic(engine, create, change, drop)
    empty(engine)
    found = by_us(engine, create, change, drop)
    for stage, ours, alembics in zip(("create", "change", "drop"), found, expected, strict=True):
        assert (stage, ours) == (stage, alembics)
