"""A dialect of somebody else's package, written for Alembic: operations become calls of its methods.

``Adapted`` stands in front of the dialect that nbmigrate has for the same base (``Postgresql`` for a subclass
of ``PostgresqlImpl``, the usual ``Dialect`` for one of ``DefaultImpl``). What the foreign class overrides is
called, in the order in which Alembic calls it; all the rest is nbmigrate's own.

The foreign methods execute, they do not yield: what they send goes straight to the executor of the run
(``attach``), so that one may ask the database between two statements; without a run it is collected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import PrimaryKeyConstraint

from nbmigrate.ddl import elements
from nbmigrate.ddl.impl import BUILT_IN, DefaultImpl, ImplMeta
from nbmigrate.ddl.statement import Executor, Statement
from nbmigrate.dialects.altered import existing_facts
from nbmigrate.dialects.base import Dialect, Statements
from nbmigrate.dialects.foreign import given, make_impl, says
from nbmigrate.dialects.foreign_batch import ForeignBatch, ForeignRebuild
from nbmigrate.dialects.run_ways import HeldText
from nbmigrate.errors import CommandError
from nbmigrate.model.operations.schema_objects import make_constraint, ordered_constraints

if TYPE_CHECKING:
    from sqlalchemy import MetaData, Table
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine import Dialect as SQLAlchemyDialect

    from nbmigrate.model.operations import (
        AddColumnOp,
        AddConstraintOp,
        AlterColumnOp,
        BatchAlterTableOp,
        BulkInsertOp,
        CreateIndexOp,
        CreateTableCommentOp,
        CreateTableOp,
        DropColumnOp,
        DropConstraintOp,
        DropIndexOp,
        DropTableCommentOp,
        DropTableOp,
        ExecuteSQLOp,
        RenameTableOp,
    )


Emitter = Callable[[Any, Any], Statements]


def spoken_by(*methods: str) -> Callable[[Emitter], Emitter]:
    """An emitter for a class that overrides one of these methods; for others it is nbmigrate's own."""

    def decorate(emitter: Emitter) -> Emitter:
        @wraps(emitter)
        def emit(self: Adapted, operation: Any) -> Statements:
            if self._says(*methods):
                return emitter(self, operation)
            own: Emitter = getattr(self.usual_class, emitter.__name__)
            return self._sent(own(self, operation))

        return emit

    return decorate


class Adapted(Dialect):
    """Goes in front of a dialect class; ``impl_class`` is the foreign one, ``usual_class`` what is behind."""

    impl_class: type[DefaultImpl]
    usual_class: type[Dialect]

    def __init__(
        self,
        sqlalchemy: SQLAlchemyDialect,
        connection: Connection | None = None,
        opts: Mapping[str, Any] | None = None,
        metadata: MetaData | None = None,
    ) -> None:
        super().__init__(sqlalchemy, connection, opts, metadata)
        self._collected: list[Statement] | None = None
        self._run: Callable[[Statement], Any] | None = None
        usual = self.usual_class(sqlalchemy, connection, self.opts, metadata)
        usual.memo = self.memo
        self.impl = make_impl(self.impl_class, usual, self._send, self.opts)
        if says(self.impl_class, "transactional_ddl"):
            self.transactional_ddl = self.impl.transactional_ddl

    def attach(self, run: Callable[[Statement], Any], write: Callable[[str], None]) -> None:
        """Where foreign methods send statements, and text that is none, during a run."""
        self._run = run
        self.impl._write = write

    def _send(self, statement: Statement) -> Any:
        if self._collected is not None:
            self._collected.append(statement)
            return None
        return None if self._run is None else self._run(statement)

    @contextmanager
    def _collecting(self) -> Iterator[list[Statement]]:
        """Collect what the foreign methods send, unless there is a run that it goes to."""
        collected: list[Statement] = []
        if self._run is None:
            self._collected = collected
        try:
            yield collected
        finally:
            self._collected = None

    def _call(self, method: str, *args: Any, **kw: Any) -> Statements:
        """One foreign method."""
        with self._collecting() as collected:
            getattr(self.impl, method)(*args, **kw)
        yield from collected

    def _says(self, *methods: str) -> bool:
        return any(says(self.impl_class, method) for method in methods)

    def _sent(self, statements: Statements) -> Statements:
        """Nbmigrate's own statements, by way of the foreign ``_exec``."""
        for one in statements:
            if isinstance(one.construct, str) or not self._says("_exec"):
                yield one
            else:
                options = dict(one.execution_options) or None
                yield from self._call("_exec", one.construct, execution_options=options, multiparams=one.rows)

    # operations, as Alembic's ``toimpl`` calls them

    @spoken_by("create_table", "create_table_comment", "create_column_comment")
    def create_table(self, operation: CreateTableOp) -> Statements:
        """``create_table(table)``."""
        yield from self._call(
            "create_table",
            operation.to_table(self),
            **given(if_not_exists=operation.if_not_exists),
        )

    @spoken_by("drop_table")
    def drop_table(self, operation: DropTableOp) -> Statements:
        """``drop_table(table)``."""
        yield from self._call("drop_table", operation.to_table(self), **given(if_exists=operation.if_exists))

    @spoken_by("rename_table")
    def rename_table(self, operation: RenameTableOp) -> Statements:
        """``rename_table(old, new, schema=)``."""
        yield from self._call(
            "rename_table", operation.table_name, operation.new_table_name, schema=operation.schema
        )

    @spoken_by("create_table_comment")
    def create_table_comment(self, operation: CreateTableCommentOp) -> Statements:
        """``create_table_comment(table)``."""
        yield from self._call("create_table_comment", operation.to_table(self))

    @spoken_by("drop_table_comment")
    def drop_table_comment(self, operation: DropTableCommentOp) -> Statements:
        """``drop_table_comment(table)``."""
        yield from self._call("drop_table_comment", operation.to_table(self))

    @spoken_by("add_column", "add_constraint", "create_index", "create_column_comment")
    def add_column(self, operation: AddColumnOp) -> Statements:
        """``add_column(...)``, then the column's constraints, indexes and comment."""
        table, column = self.table_with_new_column(operation)
        yield from self._call(
            "add_column",
            operation.table_name,
            column,
            schema=operation.schema,
            **given(
                if_not_exists=operation.if_not_exists,
                inline_references=operation.inline_references,
                inline_primary_key=operation.inline_primary_key,
            ),
            **operation.kw,
        )
        inlined = elements.inline_foreign_key(column) if operation.inline_references else None
        for constraint in ordered_constraints(table):
            if constraint is not inlined and not isinstance(constraint, PrimaryKeyConstraint):
                yield from self._call("add_constraint", constraint)
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            yield from self._call("create_index", index)
        apart = self.sqlalchemy.supports_comments and not self.sqlalchemy.inline_comments
        if column.comment is not None and apart:
            yield from self._call("create_column_comment", column)

    @spoken_by("drop_column")
    def drop_column(self, operation: DropColumnOp) -> Statements:
        """``drop_column(...)``."""
        yield from self._call(
            "drop_column",
            operation.table_name,
            operation.to_column(self),
            schema=operation.schema,
            **given(if_exists=operation.if_exists),
            **operation.kw,
        )

    @spoken_by("alter_column", "add_constraint", "drop_constraint")
    def alter_column(self, operation: AlterColumnOp) -> Statements:
        """``alter_column(...)`` between dropping and adding the constraints of its types."""
        if operation.existing_type is not None and operation.modify_type is not None:
            for constraint in self.type_constraints(operation, operation.existing_type):
                yield from self._call("drop_constraint", constraint)
        yield from self._call(
            "alter_column",
            operation.table_name,
            operation.column_name,
            nullable=operation.modify_nullable,
            server_default=operation.modify_server_default,
            name=operation.modify_name,
            type_=operation.modify_type,
            comment=operation.modify_comment,
            **existing_facts(operation),
            **operation.kw,
        )
        if operation.modify_type is not None:
            for constraint in self.type_constraints(operation, operation.modify_type):
                yield from self._call("add_constraint", constraint)

    @spoken_by("add_constraint")
    def add_constraint(self, operation: AddConstraintOp) -> Statements:
        """``add_constraint(constraint)``."""
        yield from self._call("add_constraint", operation.to_constraint(self))

    @spoken_by("drop_constraint")
    def drop_constraint(self, operation: DropConstraintOp) -> Statements:
        """``drop_constraint(constraint)``."""
        constraint = make_constraint(
            operation.constraint_name,
            operation.table_name,
            operation.constraint_type,
            context=self,
            schema_name=operation.schema,
        )
        yield from self._call("drop_constraint", constraint, **given(if_exists=operation.if_exists))

    @spoken_by("create_index")
    def create_index(self, operation: CreateIndexOp) -> Statements:
        """``create_index(index)``."""
        yield from self._call(
            "create_index", operation.to_index(self), **given(if_not_exists=operation.if_not_exists)
        )

    @spoken_by("drop_index")
    def drop_index(self, operation: DropIndexOp) -> Statements:
        """``drop_index(index)``."""
        yield from self._call("drop_index", operation.to_index(self), **given(if_exists=operation.if_exists))

    def batch_alter_table(self, operation: BatchAlterTableOp) -> Statements:
        """``requires_recreate_in_batch(batch)`` decides; ``prep_table_for_batch(...)`` before a rebuild."""
        asked = operation.recreate == "auto" and self._says("requires_recreate_in_batch")
        if asked and self.impl.requires_recreate_in_batch(ForeignBatch(operation, self)):
            if not self._rebuilds():
                raise CommandError(
                    f"{self.impl_class.__name__} wants table {operation.table_name!r} rebuilt, "
                    f"and nbmigrate has no rebuild for {self.sqlalchemy.name} that keeps everything: "
                    'write recreate="never", or the statements with op.execute()'
                )
            operation = copy(operation)
            operation.recreate = "always"
        if operation.recreate == "always" and self._says("prep_table_for_batch") and self.live:
            assert self.connection is not None
            rebuilt = ForeignRebuild(operation, self.connection)
            yield from self._call("prep_table_for_batch", rebuilt, rebuilt.table)
        yield from super().batch_alter_table(operation)

    def _rebuilds(self) -> bool:
        """Whether the dialect behind has a rebuild of its own."""
        return any(
            getattr(self.usual_class, name) is not getattr(Dialect, name)
            for name in ("table_recreated", "batch_alter_table")
        )

    @spoken_by("bulk_insert")
    def bulk_insert(self, operation: BulkInsertOp) -> Statements:
        """``bulk_insert(table, rows)``."""
        yield from self._call(
            "bulk_insert", operation.table, operation.rows, multiinsert=operation.multiinsert
        )

    @spoken_by("execute")
    def execute_sql(self, operation: ExecuteSQLOp) -> Statements:
        """``execute(sql)``."""
        yield from self._call("execute", operation.sqltext, operation.execution_options)

    # the run

    def version_table(self, name: str, schema: str | None = None, primary_key: bool = True) -> Table:
        """``version_table_impl(...)``."""
        if not self._says("version_table_impl"):
            return super().version_table(name, schema, primary_key)
        return self.impl.version_table_impl(
            version_table=name, version_table_schema=schema, version_table_pk=primary_key
        )

    def version_executor(self, executor: Executor) -> Executor:
        """Rows of the version table go through the foreign ``_exec``."""
        return _ThroughImpl(self.impl, executor) if self._says("_exec") else executor

    def hook(self, name: str) -> Callable[..., Any] | None:
        """The foreign object's method, where its class overrides it."""
        return getattr(self.impl, name) if self._says(name) else None

    def started(self) -> None:
        """``start_migrations()``."""
        self.impl.start_migrations()

    @contextmanager
    def text_transaction(
        self, write: Callable[[str], None], hold: Callable[[], AbstractContextManager[HeldText]]
    ) -> Iterator[None]:
        """``emit_begin()`` and ``emit_commit()``."""
        if not self._says("emit_begin", "emit_commit"):
            with super().text_transaction(write, hold):
                yield
            return
        self.impl.emit_begin()
        yield
        self.impl.emit_commit()


class _ThroughImpl:
    """An executor that hands statements to a foreign ``_exec``, which hands them on."""

    def __init__(self, impl: DefaultImpl, executor: Executor) -> None:
        self.impl = impl
        self.executor = executor

    @property
    def connection(self) -> Connection | None:
        """The live connection."""
        return self.executor.connection

    def execute(self, statement: Statement) -> Any:
        """Run, write or collect one statement."""
        if isinstance(statement.construct, str):
            return self.executor.execute(statement)
        return self.impl._exec(statement.construct)


def impl_of(dialect: Dialect, run: Callable[[Statement], Any], write: Callable[[str], None]) -> DefaultImpl:
    """What a migration context shows as ``impl``: the foreign object, or nbmigrate's ways by those names."""
    if isinstance(dialect, Adapted):
        return dialect.impl
    name = dialect.sqlalchemy.name
    impl_class: Any = DefaultImpl
    if name in BUILT_IN:
        door = import_module(f"nbmigrate.ddl.{BUILT_IN[name]}")
        impl_class = next(
            cls
            for cls in vars(door).values()
            if isinstance(cls, ImplMeta) and vars(cls).get("__dialect__") == name
        )
    impl = make_impl(impl_class, dialect, run, dialect.opts)
    impl.transactional_ddl = dialect.transactional_ddl
    impl._write = write
    return impl


def adapted_class(impl_class: type[DefaultImpl], usual_class: type[Dialect]) -> type[Dialect]:
    """The dialect class for a foreign class."""
    members: dict[str, Any] = {"impl_class": impl_class, "usual_class": usual_class, "__module__": __name__}
    if says(impl_class, "command_terminator"):
        members["statement_terminator"] = impl_class.command_terminator
    name = impl_class.__name__.removesuffix("Impl")
    return cast("type[Dialect]", type(name, (Adapted, usual_class), members))
