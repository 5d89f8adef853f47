"""Directives: Alembic's signatures, the operations they make, batches, extensions."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.operations import BatchOperations as AlembicBatchOperations
from alembic.operations import Operations as AlembicOperations
from alembic.operations import ops as alembic_ops
from sqlalchemy.sql.elements import conv

from nbmigrate.model import operations as ops
from nbmigrate.operations import AbstractOperations, BatchOperations, Operations, base, toimpl
from nbmigrate.operations import ops as ops_door


class Recorder:
    """A migration context that keeps what it is asked to run."""

    def __init__(self) -> None:
        self.opts: dict[str, Any] = {}
        self.bind: Any = None
        self.operations: list[Any] = []

    def run_operation(self, operation: ops.MigrateOperation, /) -> Any:
        self.operations.append(operation)
        return "done"


class AlembicRecorder:
    """Alembic's operations, kept instead of run."""

    def __init__(self) -> None:
        self.operations: list[Any] = []
        recorder = self.operations

        class Recording(AlembicOperations):
            def __init__(self) -> None:
                pass

            def invoke(self, operation: Any) -> Any:
                recorder.append(operation)

        class RecordingBatch(AlembicBatchOperations):
            def __init__(self) -> None:
                self.impl = ops.BatchAlterTableOp("t", schema="s")  # type: ignore[assignment]

            def invoke(self, operation: Any) -> Any:
                recorder.append(operation)

        self.op = Recording()
        self.batch_op = RecordingBatch()


def directives(kind: type) -> list[str]:
    inherited = {"create_module_class_proxy", "batch_alter_table"}
    return [
        name
        for name, value in inspect.getmembers(kind)
        if not name.startswith("_") and callable(value) and name not in inherited
    ]


@pytest.mark.parametrize(
    ("ours", "theirs", "name"),
    [(Operations, AlembicOperations, n) for n in directives(AlembicOperations)]
    + [
        (BatchOperations, AlembicBatchOperations, n)
        for n in directives(AlembicBatchOperations)
        if n != "context"
    ],
)
def test_a_directive_has_alembics_signature(ours: Any, theirs: Any, name: str) -> None:
    def parameters(kind: Any) -> list[tuple[Any, ...]]:
        found = inspect.signature(getattr(kind, name)).parameters.values()
        return [(p.name, p.kind, p.default) for p in found]

    assert parameters(ours) == parameters(theirs)


def test_batch_alter_table_has_alembics_parameters() -> None:
    def words(kind: Any) -> list[str]:
        return list(inspect.signature(kind.batch_alter_table).parameters)

    assert words(Operations) == words(AlembicOperations)


CALLS: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    (
        "create_table",
        ("t", sa.Column("a", sa.Integer)),
        {"schema": "s", "if_not_exists": True, "mysql_X": 1},
    ),
    (
        "drop_table",
        ("t",),
        {"schema": "s", "if_exists": True, "comment": "c", "mysql_x": 1},
    ),
    ("rename_table", ("t", "u"), {"schema": "s"}),
    ("create_table_comment", ("t", "c"), {"existing_comment": "d", "schema": "s"}),
    ("drop_table_comment", ("t",), {"existing_comment": "d", "schema": "s"}),
    ("add_column", ("t", sa.Column("a", sa.Integer)), {"schema": "s", "inline_references": True}),
    ("drop_column", ("t", "a"), {"schema": "s", "if_exists": True, "mssql_drop_check": True}),
    ("alter_column", ("t", "a"), {"nullable": True, "new_column_name": "b", "type_": int, "comment": None}),
    (
        "alter_column",
        ("t", "a"),
        {"server_default": None, "autoincrement": True, "schema": "s"},
    ),
    ("create_index", ("ix", "t", ["a"]), {"unique": True, "schema": "s", "postgresql_using": "gin"}),
    ("drop_index", ("ix",), {"table_name": "t", "schema": "s", "if_exists": True, "mysql_x": 1}),
    ("create_primary_key", ("pk", "t", ["a"]), {"schema": "s"}),
    ("create_unique_constraint", (None, "t", ["a"]), {"schema": "s", "deferrable": True}),
    (
        "create_foreign_key",
        ("fk", "t", "u", ["a"], ["b"]),
        {"ondelete": "x", "source_schema": "s", "my_x": 1},
    ),
    ("create_check_constraint", ("ck", "t", "a > 1"), {"schema": "s"}),
    ("create_exclude_constraint", ("ex", "t", ("a", "&&"), ("b", "=")), {"where": "x", "using": "gist"}),
    ("drop_constraint", ("c", "t", "unique"), {"schema": "s", "if_exists": True}),
    ("bulk_insert", (sa.table("t"), [{"a": 1}]), {"multiinsert": False}),
    ("execute", ("SELECT 1",), {"execution_options": {"a": 1}}),
]
BATCH_CALLS: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("create_table_comment", ("c",), {"existing_comment": "d"}),
    ("drop_table_comment", (), {"existing_comment": "d"}),
    ("add_column", (sa.Column("a", sa.Integer),), {"insert_before": "b", "if_not_exists": True}),
    ("add_column", (sa.Column("a", sa.Integer),), {"insert_after": "b"}),
    ("drop_column", ("a",), {"existing_type": int}),
    ("alter_column", ("a",), {"nullable": True, "insert_after": "b", "existing_autoincrement": True}),
    ("create_index", ("ix", ["a"]), {"unique": True, "if_not_exists": True}),
    ("drop_index", ("ix",), {"if_exists": True}),
    ("create_primary_key", ("pk", ["a"]), {}),
    ("create_unique_constraint", ("uq", ["a"]), {"deferrable": True}),
    ("create_foreign_key", ("fk", "u", ["a"], ["b"]), {"referent_schema": "r", "onupdate": "x"}),
    ("create_check_constraint", ("ck", "a > 1"), {"mysql_x": 1}),
    ("create_exclude_constraint", ("ex", ("a", "&&")), {"using": "gist"}),
    ("drop_constraint", ("c", "check"), {}),
]


def attributes(operation: Any) -> dict[str, Any]:
    kept = {word: value for word, value in vars(operation).items() if not word.startswith("_")}
    return {"class": type(operation).__name__, **{word: _plain(value) for word, value in kept.items()}}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, list | tuple) else value


@pytest.mark.parametrize(("name", "args", "kw"), CALLS)
def test_a_directive_makes_the_operation_that_alembics_makes(name: str, args: Any, kw: Any) -> None:
    recorder, theirs = Recorder(), AlembicRecorder()
    getattr(Operations(recorder), name)(*args, **kw)
    getattr(theirs.op, name)(*args, **kw)
    assert [attributes(op) for op in recorder.operations] == [attributes(op) for op in theirs.operations]


@pytest.mark.parametrize(("name", "args", "kw"), BATCH_CALLS)
def test_a_directive_in_batch_makes_the_operation_that_alembics_makes(name: str, args: Any, kw: Any) -> None:
    recorder, theirs = Recorder(), AlembicRecorder()
    with Operations(recorder).batch_alter_table("t", schema="s") as batch_op:
        getattr(batch_op, name)(*args, **kw)
        assert recorder.operations == []
    getattr(theirs.batch_op, name)(*args, **kw)
    (batch,) = recorder.operations
    assert [attributes(op) for op in batch.ops] == [attributes(op) for op in theirs.operations]


def test_every_directive_is_among_the_cases() -> None:
    shared = {
        "f",
        "get_bind",
        "get_context",
        "implementation_for",
        "inline_literal",
        "invoke",
        "register_operation",
    }
    shared |= {"run_async", "context"}
    assert {name for name, _, _ in CALLS} == set(directives(AlembicOperations)) - shared
    assert {name for name, _, _ in BATCH_CALLS} == set(directives(AlembicBatchOperations)) - shared - {
        "execute"
    }


def test_create_table_returns_the_table() -> None:
    table = Operations(Recorder()).create_table("t", sa.Column("a", sa.Integer), schema="s")
    assert isinstance(table, sa.Table) and table.fullname == "s.t" and table.c.keys() == ["a"]


def test_O18_a_batch_is_one_operation_with_what_it_was_told() -> None:
    recorder = Recorder()
    copy = sa.Table("t", sa.MetaData())
    with Operations(recorder).batch_alter_table(
        "t",
        recreate="always",
        partial_reordering=[("a", "b")],
        copy_from=copy,
        table_args=(1,),
        table_kwargs={"k": 1},
        reflect_args=[2],
        reflect_kwargs={"r": 1},
        naming_convention={"uq": "x"},
    ) as batch_op:
        batch_op.drop_column("a")
        batch_op.drop_column("b")
    (batch,) = recorder.operations
    assert isinstance(batch, ops.BatchAlterTableOp)
    assert [op.column_name for op in batch.operations] == ["a", "b"]
    assert (batch.recreate, batch.partial_reordering, batch.copy_from) == ("always", [("a", "b")], copy)
    assert (batch.table_args, batch.table_kwargs) == ((1,), {"k": 1})
    assert (batch.reflect_args, batch.reflect_kwargs, batch.naming_convention) == (
        (2,),
        {"r": 1},
        {"uq": "x"},
    )


def test_a_batch_whose_block_raises_changes_nothing() -> None:
    recorder = Recorder()
    with (
        pytest.raises(RuntimeError, match="stop"),
        Operations(recorder).batch_alter_table("t") as batch_op,
    ):
        batch_op.drop_column("a")
        raise RuntimeError("stop")
    assert recorder.operations == []


def test_sql_in_a_batch_runs_at_once() -> None:
    recorder = Recorder()
    with Operations(recorder).batch_alter_table("t") as batch_op:
        batch_op.drop_column("a")
        batch_op.execute("DELETE FROM t")
        assert [type(op) for op in recorder.operations] == [ops.ExecuteSQLOp]
    assert [type(op) for op in recorder.operations] == [ops.ExecuteSQLOp, ops.BatchAlterTableOp]


def test_whole_tables_are_not_part_of_a_batch() -> None:
    with Operations(Recorder()).batch_alter_table("t") as batch_op:
        for call in (
            lambda: batch_op.create_table("u", sa.Column("a", sa.Integer)),
            lambda: batch_op.drop_table("u"),
            lambda: batch_op.rename_table("t", "u"),
            lambda: batch_op.invoke(ops.DropTableOp("u")),
        ):
            with pytest.raises(NotImplementedError, match="batch for the table t"):
                call()


def test_containers_are_invoked_part_by_part() -> None:
    recorder = Recorder()
    drops = [ops.DropColumnOp("t", "a"), ops.DropColumnOp("t", "b")]
    Operations(recorder).invoke(ops.UpgradeOps([ops.ModifyTableOps("t", drops)]))
    assert recorder.operations == drops


@pytest.fixture
def registries() -> Iterator[None]:
    implementations = dict(AbstractOperations._implementations)
    yield
    AbstractOperations._implementations.clear()
    AbstractOperations._implementations.update(implementations)
    for kind in (Operations, BatchOperations):
        if "create_sequence" in vars(kind):
            del kind.create_sequence  # type: ignore[attr-defined]


@pytest.mark.usefixtures("registries")
def test_a_directive_of_ones_own() -> None:
    @Operations.register_operation("create_sequence")
    @BatchOperations.register_operation("create_sequence", "batch_create_sequence")
    class CreateSequenceOp(ops.MigrateOperation):
        def __init__(self, name: str) -> None:
            self.name = name

        @classmethod
        def create_sequence(cls, operations: Any, name: str, *, start: int = 1) -> Any:
            """Create a sequence."""
            return operations.invoke(cls(f"{name}_{start}"))

        @classmethod
        def batch_create_sequence(cls, operations: Any) -> Any:
            return operations.invoke(cls(operations.impl.table_name))

    @Operations.implementation_for(CreateSequenceOp)
    def create_sequence(operations: Any, operation: CreateSequenceOp) -> str:
        operations.execute(f"CREATE SEQUENCE {operation.name}")
        return operation.name

    recorder = Recorder()
    op: Any = Operations(recorder)
    assert op.create_sequence("s", start=5) == "s_5"
    assert op.create_sequence.__name__ == "create_sequence"
    assert op.create_sequence.__doc__ == "Create a sequence."
    with op.batch_alter_table("t") as batch_op:
        assert batch_op.create_sequence() == "t"
    assert [getattr(one, "sqltext", "batch") for one in recorder.operations] == [
        "CREATE SEQUENCE s_5",
        "CREATE SEQUENCE t",
        "batch",
    ]
    with pytest.raises(ValueError, match="replace=True"):
        Operations.implementation_for(CreateSequenceOp)(create_sequence)


@pytest.mark.usefixtures("registries")
def test_a_built_in_implementation_replaced_by_one_that_calls_it() -> None:
    with pytest.raises(ValueError, match="replace=True"):
        Operations.implementation_for(ops.CreateTableOp)(toimpl.create_table)

    @Operations.implementation_for(ops.CreateTableOp, replace=True)
    def create_table(operations: Any, operation: ops.CreateTableOp) -> sa.Table:
        table = toimpl.create_table(operations, operation)
        operations.create_table_comment(table.name, "made here")
        return table

    recorder = Recorder()
    assert Operations(recorder).create_table("t").name == "t"
    assert [type(op) for op in recorder.operations] == [ops.CreateTableOp, ops.CreateTableCommentOp]


@pytest.mark.usefixtures("registries")
def test_a_replaced_implementation_keeps_a_batch_together() -> None:
    @Operations.implementation_for(ops.DropColumnOp, replace=True)
    def drop_column(operations: Any, operation: ops.DropColumnOp) -> None:
        if operation.column_name != "keep":
            toimpl.drop_column(operations, operation)

    recorder = Recorder()
    with Operations(recorder).batch_alter_table("t") as batch_op:
        batch_op.drop_column("keep")
        batch_op.drop_column("a")
    (batch,) = recorder.operations
    assert [op.column_name for op in batch.ops] == ["a"]


def test_toimpl_has_alembics_names() -> None:
    from alembic.operations import toimpl as alembic_toimpl

    theirs = {
        name
        for name, value in vars(alembic_toimpl).items()
        if inspect.isfunction(value)
        and value.__module__ == alembic_toimpl.__name__
        and not name.startswith("_")
    }
    ours = {name for name, value in vars(toimpl).items() if inspect.isfunction(value)}
    assert theirs <= ours
    recorder = Recorder()
    toimpl.rename_table(Operations(recorder), ops.RenameTableOp("a", "b"))
    assert recorder.operations[0].new_table_name == "b"


def test_the_doors_have_alembics_names() -> None:
    for name, value in vars(alembic_ops).items():
        if inspect.isclass(value) and value.__module__ == alembic_ops.__name__:
            assert getattr(ops_door, name) is getattr(ops, name)
    assert base.BatchOperations is BatchOperations


def test_a_likely_misspelling_gets_a_warning_and_is_kept() -> None:
    recorder = Recorder()
    op = Operations(recorder)
    with pytest.warns(UserWarning, match="'default', which has no effect; did you mean 'server_default'"):
        op.alter_column("t", "a", default="x")
    with pytest.warns(UserWarning, match="did you mean 'nullable'"), op.batch_alter_table("t") as batch_op:
        batch_op.alter_column("a", nulable=False)
    op.alter_column("t", "a", onupdate="x", mysql_anything=1, postgresql_using="a::int")
    assert recorder.operations[0].kw == {"default": "x"}


def test_O19_names_literals_and_the_context() -> None:
    recorder = Recorder()
    op = Operations(recorder)
    assert isinstance(op.f("x"), conv) and op.f("x") == "x"
    assert op.get_context() is recorder and op.get_bind() is None
    table = sa.table("t", sa.column("a", sa.String()))
    statement = table.update().values(a=op.inline_literal("it's"))
    assert str(statement) == "UPDATE t SET a='it''s'"
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        for value in ("one", "two"):
            # the same statement but for the value: nothing of the first may be kept for the second
            assert connection.scalar(sa.select(op.inline_literal(value))) == value
    engine.dispose()
    with pytest.raises(NotImplementedError, match="SQL mode"):
        op.run_async(None)  # type: ignore[arg-type]


def test_a_context_may_bind_the_operations_to_the_module_op() -> None:
    bound: list[Any] = []

    class Binding(Recorder):
        @contextmanager
        def bound_operations(self, operations: Operations) -> Iterator[None]:
            bound.append(operations)
            yield
            bound.remove(operations)

    with Operations.context(Binding()) as op:
        assert bound == [op]
    assert bound == []
    with Operations.context(Recorder()) as op:
        assert isinstance(op, Operations)


def test_an_async_function_gets_the_migrations_own_connection() -> None:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        recorder = Recorder()
        recorder.bind = connection
        with pytest.raises(ValueError, match="sync engine"):
            Operations(recorder).run_async(None)  # type: ignore[arg-type]
    engine.dispose()
