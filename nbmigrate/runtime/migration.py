"""One migration run against one database, or into one text stream.

``MigrationContext`` bears Alembic's name and documented members: what scripts and env.py may ask. It knows
where statements go (an executor), which version table is kept, and how transactions lie around the steps;
``Run`` is what happens when it is told to run.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy.schema import CreateTable

from nbmigrate.ddl.statement import Statement
from nbmigrate.dialects import dialect_for
from nbmigrate.errors import CommandError
from nbmigrate.model.operations import BatchAlterTableOp, CreateTableOp
from nbmigrate.model.plan import MigrationInfo, Step
from nbmigrate.operations import Operations
from nbmigrate.runtime.active import bound_operations
from nbmigrate.runtime.companions import load_companion
from nbmigrate.runtime.executor import HeldText, OfflineExecutor, OnlineExecutor, RecordingExecutor
from nbmigrate.runtime.run import Run
from nbmigrate.runtime.settings import run_settings
from nbmigrate.runtime.steps import FailedStep, StepRun
from nbmigrate.runtime.transaction import Transactions
from nbmigrate.runtime.version_table import VersionTable

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine import Dialect as SQLAlchemyDialect

    from nbmigrate.ddl.impl import DefaultImpl
    from nbmigrate.dialects.base import Dialect
    from nbmigrate.model.operations import MigrateOperation
    from nbmigrate.runtime.environment import EnvironmentContext
    from nbmigrate.runtime.journal import Unfinished
    from nbmigrate.runtime.resuming import Resuming

__all__ = ["FailedStep", "MigrationContext", "MigrationInfo", "StepRun"]

# the names that existing projects configure in alembic.ini
log = logging.getLogger("alembic.runtime.migration")


class MigrationContext:
    """A run against one database; made by ``EnvironmentContext.configure()`` or by ``configure()`` here.

    ``opts`` are ``configure()``'s parameters by Alembic's names; unknown ones are kept and can be read back.
    """

    def __init__(
        self,
        dialect: SQLAlchemyDialect,
        connection: Connection | None,
        opts: Mapping[str, Any],
        environment_context: EnvironmentContext | None = None,
    ) -> None:
        self.opts: dict[str, Any] = dict(opts)
        self.environment_context = environment_context
        self.dialect = dialect
        self.as_sql: bool = bool(self.opts.get("as_sql", False))
        self.connection: Connection | None = connection
        self.script: Any = self.opts.get("script")
        self.output_buffer: Any = self.opts.get("output_buffer") or sys.stdout
        self.target_metadata: Any = self.opts.get("target_metadata")
        self.purge: bool = bool(self.opts.get("purge", False))
        self.runs: list[StepRun] = []
        self.undone: Unfinished | None = None
        live = None if self.as_sql else connection
        load_companion(dialect)
        # a mock connection (create_mock_engine) takes statements and answers nothing
        readable = live if hasattr(live, "exec_driver_sql") else None
        self.ddl: Dialect = dialect_for(
            dialect,
            connection=self.opts.get("catalogue_connection", readable),
            opts=self.opts,
            metadata=_first(self.target_metadata),
        )
        if live is None:
            self.executor: OfflineExecutor | OnlineExecutor | RecordingExecutor = OfflineExecutor(
                dialect, self._write_statement
            )
        else:
            self.executor = OnlineExecutor(live)
        self.ddl.attach(self._execute, self._write_text)
        self._version_table = VersionTable(self.ddl, self.opts)
        # set while an unfinished revision is followed: told of each operation before it runs
        self.claimed: Callable[[MigrateOperation], AbstractContextManager[None]] | None = None
        self._heads_offline: tuple[str, ...] | None = None
        if self.opts.get("transactional_ddl") is not None:
            self.ddl.transactional_ddl = bool(self.opts["transactional_ddl"])
        per_migration = self.opts.get("transaction_per_migration")
        self.transactions = Transactions(
            self.ddl, live, per_migration, self._write_statement, self._held_text
        )
        self.resuming = self._resuming()
        self._log_start()

    @classmethod
    def configure(
        cls,
        connection: Connection | None = None,
        url: Any = None,
        dialect_name: str | None = None,
        dialect: SQLAlchemyDialect | None = None,
        environment_context: EnvironmentContext | None = None,
        dialect_opts: Mapping[str, Any] | None = None,
        opts: Mapping[str, Any] | None = None,
    ) -> MigrationContext:
        """Make a context from a connection, or for text only from a URL, a dialect's name or a dialect.

        Raises ``CommandError`` where an Engine is given in place of a Connection, or nothing at all.
        """
        from sqlalchemy.engine import make_url

        if connection is not None:
            if not (hasattr(connection, "dialect") and hasattr(connection, "execute")):
                raise CommandError(
                    "'connection' argument to configure() is expected to be a sqlalchemy.engine.Connection "
                    f"instance, got {connection!r}; use engine.connect()"
                )
            dialect = connection.dialect
        elif url:
            dialect = make_url(url).get_dialect()(**(dialect_opts or {}))
        elif dialect_name:
            dialect = make_url(f"{dialect_name}://").get_dialect()(**(dialect_opts or {}))
        elif dialect is None:
            raise CommandError("Connection, url, or dialect_name is required.")
        return cls(dialect, connection, opts or {}, environment_context)

    # what scripts and env.py may ask

    @property
    def bind(self) -> Any:
        """The connection; offline a stand-in that writes what is executed and returns nothing."""
        if self.connection is not None and not self.as_sql:
            return self.connection
        from sqlalchemy.engine.mock import MockConnection

        def write(construct: Any, parameters: Any = None, **kw: Any) -> None:
            if parameters:
                raise CommandError("execute() can't be given parameters while SQL text is written (--sql)")
            self.execute(construct)

        return MockConnection(self.dialect, write)

    @property
    def config(self) -> Any:
        """The ``Config`` of the surrounding environment, None without one."""
        return self.environment_context.config if self.environment_context is not None else None

    @cached_property
    def impl(self) -> DefaultImpl:
        """The database's ways by Alembic's names: what extensions call in place of the directives."""
        from nbmigrate.dialects.adapted import impl_of

        return impl_of(self.ddl, self._execute, self._write_text)

    @property
    def version_table(self) -> str:
        """The version table's name."""
        return self._version_table.name

    @property
    def version_table_schema(self) -> str | None:
        """The version table's schema."""
        return self._version_table.schema

    def get_current_heads(self) -> tuple[str, ...]:
        """The ids in the version table; offline the starting point that the verb was given."""
        if self.as_sql:
            if self._heads_offline is not None:
                return self._heads_offline
            return self._start_offline()
        if self.opts.get("starting_rev"):
            raise CommandError("Can't specify current_rev to context when using a database connection")
        assert self.connection is not None
        return self._version_table.read(self.connection)

    def _start_offline(self) -> tuple[str, ...]:
        """The ids that were given as the start, whole: a person types the beginning of one."""
        start = self.opts.get("starting_rev")
        given = start if isinstance(start, (tuple, list)) else (start,)
        names = [name for name in given if name not in (None, "base")]
        if self.script is None:
            return tuple(names)
        return tuple(revision.revision for name in names for revision in self.script.get_revisions(name))

    def get_current_revision(self) -> str | None:
        """The one current id, None at base.

        Raises ``CommandError`` where there are several.
        """
        heads = self.get_current_heads()
        if len(heads) > 1:
            raise CommandError(
                f"Version table '{self.version_table}' has more than one head present; "
                "please use get_current_heads()"
            )
        return heads[0] if heads else None

    def bound_operations(self, operations: Operations) -> AbstractContextManager[Operations]:
        """Make these operations what the module ``op`` speaks of, inside a block."""
        return bound_operations(operations)

    def execute(self, sql: Any, execution_options: Mapping[str, Any] | None = None) -> None:
        """Run, or write, one SQL text or SQLAlchemy construct."""
        from sqlalchemy import text

        construct = text(sql) if isinstance(sql, str) else sql
        self.executor.execute(Statement(construct, execution_options=dict(execution_options or {})))

    def run_operation(self, operation: MigrateOperation) -> Any:
        """Turn one operation into statements for this database and run them in order.

        A batch on a connection without a transaction gets one of its own, which is committed.
        """
        if self.claimed is not None:
            with self.claimed(operation):
                return self._emit(operation)
        if not isinstance(operation, BatchAlterTableOp) or self.as_sql or self.connection is None:
            return self._emit(operation)
        # a mock connection (create_mock_engine) has no transactions
        if getattr(self.connection, "in_transaction", lambda: True)():
            return self._emit(operation)
        try:
            with self.ddl.transaction(self.connection):
                return self._emit(operation)
        except self.ddl.restart_errors as error:
            with self.ddl.restarted(self.connection, error), self.ddl.transaction(self.connection):
                return self._emit(operation)

    def _emit(self, operation: MigrateOperation) -> Any:
        """What the last statement gave; the table where the operation creates one."""
        result = table = None
        for statement in self.ddl.emit(operation):
            result = self.executor.execute(statement)
            if table is None and isinstance(statement.construct, CreateTable):
                table = statement.construct.element
        return result if table is None or not isinstance(operation, CreateTableOp) else table

    # the run

    def run_migrations(self, **kw: Any) -> None:
        """Run the steps that the verb's ``fn`` gives for the current heads.

        ``kw`` reach each ``upgrade()`` and ``downgrade()``. The version rows move in the same transaction as
        the step's own changes, where the database has transactional DDL; so does the creation of the version
        table, so that a first revision that fails leaves nothing.
        """
        Run(self, run_settings(self.opts, self.config), kw).migrations()

    def _resuming(self) -> Resuming | None:
        """The journal, where a revision that fails half-way can't be taken back."""
        live = None if self.as_sql else self.connection
        if live is None or self.ddl.transactional_ddl or not self.ddl.journals or self.transactions.external:
            return None
        from nbmigrate.runtime.journal import Journal
        from nbmigrate.runtime.resuming import Resuming

        return Resuming(Journal(self.ddl, self.version_table, self.version_table_schema), live, self.opts)

    def unfinished(self, heads: Sequence[str]) -> Unfinished | None:
        """The revision that was begun at these heads and not ended, where such a thing isn't taken back."""
        if self.resuming is None or self.connection is None:
            return None
        found = self.resuming.journal.find(self.connection, heads)
        return found if found is not None and not found.is_nothing else None

    # version table

    def _has_version_table(self) -> bool:
        return self.connection is not None and self._version_table.exists(self.connection)

    def _create_version_table(self) -> None:
        if self.as_sql or not self._has_version_table():
            self._version_table.create(self.executor)

    def _ensure_version_table(self, purge: bool = False) -> None:
        """Create the version table where it is absent; ``purge`` empties it."""
        with self.begin_transaction(_per_migration=True):
            self._create_version_table()
            if purge:
                self._version_table.clear(self.executor)

    def _purge(self) -> None:
        if self.as_sql:
            raise CommandError("Can't use --purge with --sql mode")
        self._ensure_version_table(purge=True)

    def stamp(self, script_directory: Any, revision: Any) -> None:
        """Write the version rows for ``revision`` without running any revision."""
        heads = self.get_current_heads()
        if not heads:
            self._create_version_table()
        for step in script_directory._stamp_revs(revision, heads):
            self._version_table.move(step.version_change(heads), self.executor)
            heads = step.apply_to(heads)

    # transactions

    def begin_transaction(self, _per_migration: bool = False) -> AbstractContextManager[Any]:
        """The transaction of the whole run, or a block that does nothing where each step has its own.

        To be used in env.py as ``with context.begin_transaction(): context.run_migrations()``.
        """
        return self.transactions.block(_per_migration)

    def autocommit_block(self) -> AbstractContextManager[None]:
        """Commit what ran before, run the block outside any transaction, then begin a new one.

        For statements that refuse to run in a transaction, such as PostgreSQL's CREATE INDEX CONCURRENTLY.
        """
        return self.transactions.autocommit()

    # text

    def static_output(self, text: str) -> None:
        """Write one line into the offline output."""
        encoding = self.opts.get("output_encoding")
        line = text + "\n\n"
        self.output_buffer.write(line.encode(encoding) if encoding else line)
        if hasattr(self.output_buffer, "flush"):
            self.output_buffer.flush()

    @contextmanager
    def _held_text(self) -> Iterator[HeldText]:
        """Keep back what is written in a block, until it is released."""
        held = HeldText(self.output_buffer)
        self.output_buffer = held
        try:
            yield held
        finally:
            self.output_buffer = held.buffer

    def _execute(self, statement: Statement) -> Any:
        return self.executor.execute(statement)

    def _write_text(self, text: str) -> None:
        """Text that is no statement, in a script; not in a preview."""
        if isinstance(self.executor, OfflineExecutor):
            self.static_output(text)

    def _write_statement(self, text: str) -> None:
        if not text or not isinstance(self.executor, OfflineExecutor):
            return  # where statements are collected, a BEGIN or COMMIT is not for anybody's screen
        # a batch separator is a piece of its own, as what catches the output of Alembic expects it
        ending, _, separator = self.ddl.terminated(text).removeprefix(text).partition("\n\n")
        self.static_output(text + ending)
        if separator:
            self.static_output(separator)

    def _log_start(self) -> None:
        level = logging.DEBUG if self.opts.get("quiet") else logging.INFO
        log.log(level, "Context impl %sImpl.", type(self.ddl).__name__)
        if self.as_sql:
            log.log(level, "Generating static SQL")
        word = "transactional" if self.ddl.transactional_ddl else "non-transactional"
        log.log(level, "Will assume %s DDL.", word)

    def _log_step(self, step: Step) -> None:
        level = logging.DEBUG if self.opts.get("quiet") else logging.INFO
        log.log(level, "Running %s", step)
        if self.as_sql:
            self.static_output(f"-- Running {step.short_log}")


def _first(metadata: Any) -> Any:
    if isinstance(metadata, Sequence) and not isinstance(metadata, str):
        return metadata[0] if metadata else None
    return metadata
