"""What a run must know of a database: transactions, locks, limits, the version table, a script's text.

A part of ``Dialect``. The usual answers stand here; a database's own file gives others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any, ClassVar, Protocol
from weakref import WeakSet

from sqlalchemy import Column, MetaData, PrimaryKeyConstraint, String, Table, event

from nbmigrate.dialects.names import longest_name
from nbmigrate.errors import CommandError

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine import Dialect as SQLAlchemyDialect

    from nbmigrate.ddl.statement import Executor, Statement
    from nbmigrate.dialects.limits import Limit


class HeldText(Protocol):
    """Text that has been kept back."""

    def release(self) -> None:
        """Write it."""


class RunWays:
    """What the database needs and offers while revisions run."""

    sqlalchemy: SQLAlchemyDialect

    transactional_ddl: bool = False
    transaction_per_migration: ClassVar[bool] = False
    keeps_lengths: ClassVar[bool] = True  # whether a VARCHAR(32) refuses, or cuts, what is longer
    leases: ClassVar[bool] = False  # whether runs are kept apart by a row, for want of a lock
    # whether the lock that is waited for, for want of another, is that of all tables at once
    one_lock: ClassVar[bool] = False
    in_process: ClassVar[bool] = False  # whether the database is a library in this process, and no server
    statement_terminator: ClassVar[str] = ";"
    batch_separator: str = ""
    begin_text: ClassVar[str] = "BEGIN"
    commit_text: ClassVar[str] = "COMMIT"
    restart_errors: ClassVar[tuple[type[Exception], ...]] = ()
    # whether a run keeps a journal where DDL is not taken back, and a statement that does nothing
    journals: ClassVar[bool] = False
    nothing: ClassVar[str] = ""

    def terminated(self, sql: str) -> str:
        """A statement's text as it stands in a script: with the terminator."""
        return sql + self.statement_terminator

    def version_table(self, name: str, schema: str | None = None, primary_key: bool = True) -> Table:
        """The version table as this database keeps it."""
        table = Table(name, MetaData(), Column("version_num", String(32), nullable=False), schema=schema)
        if primary_key:
            key: str | None = f"{name}_pkc"
            if len(f"{name}_pkc".encode()) > longest_name(self.sqlalchemy):
                key = None  # the database's own name for it
            table.append_constraint(PrimaryKeyConstraint("version_num", name=key))
        return table

    def version_executor(self, executor: Executor) -> Executor:
        """The way of the version table's statements."""
        return executor

    def attach(self, run: Callable[[Statement], Any], write: Callable[[str], None]) -> None:
        """A run begins to use the dialect; only one written for Alembic sends statements by itself."""

    def hook(self, name: str) -> Callable[..., Any] | None:
        """A hook of autogenerate that a dialect written for Alembic overrides; None for none."""
        return None

    def started(self) -> None:
        """The steps of a run are about to begin."""

    @contextmanager
    def text_transaction(
        self, write: Callable[[str], None], hold: Callable[[], AbstractContextManager[HeldText]]
    ) -> Iterator[None]:
        """BEGIN and COMMIT as text around a block.

        What is written within ``hold()`` is kept back until its ``release()``: for a database where it
        depends on the block what must stand before BEGIN.
        """
        write(self.begin_text)
        yield
        write(self.commit_text)

    @contextmanager
    def transaction(self, connection: Connection) -> Iterator[None]:
        """A real transaction around a block: committed at its end, rolled back when an error leaves it."""
        with connection.begin():
            yield

    @contextmanager
    def uninterrupted(self, connection: Connection | None) -> Iterator[None]:
        """A block that an interrupt may leave without costing the connection, where it is in this process.

        SQLAlchemy gives up a connection on which an interrupt came, since it may be in the middle of an
        answer. A database that is no server has no such thing, and what is in memory would be lost. But a
        result that was read by half keeps its lock for as long as a traceback holds it, which a kernel does:
        so those are closed.
        """
        if not self.in_process or connection is None:
            yield
            return

        def keep(context: Any) -> None:
            if context.connection is connection and not isinstance(context.original_exception, Exception):
                context.is_disconnect = False

        cursors: WeakSet[Any] = WeakSet()

        def note(_connection: Any, cursor: Any, *_more: Any) -> None:
            with suppress(TypeError):  # some drivers' cursors can't be referred to weakly
                cursors.add(cursor)

        event.listen(connection.engine, "handle_error", keep)
        event.listen(connection, "before_cursor_execute", note)
        try:
            yield
        except BaseException:
            for cursor in list(cursors):
                with suppress(Exception):
                    cursor.close()
            raise
        finally:
            event.remove(connection, "before_cursor_execute", note)
            event.remove(connection.engine, "handle_error", keep)

    def lock(
        self, connection: Connection, name: str, timeout: float, *, in_transaction: bool
    ) -> AbstractContextManager[None]:
        """Keep other runs of that name out while a block runs; ``timeout`` is in seconds.

        ``in_transaction`` says that the transaction is the caller's, who ends it later. A database without
        such a lock has none.
        """
        return nullcontext()

    def limits(self, lock: float | None, statement: float | None) -> tuple[Limit, ...]:
        """The session's limits for waiting for a lock and for a statement, in seconds; None is no limit.

        Raises ``CommandError`` where statements can't be limited. A database without locks of tables has no
        limit for them.
        """
        if statement is not None:
            raise CommandError(f"{self.sqlalchemy.name} has no statement_timeout: leave it out")
        return ()

    def is_lock_timeout(self, error: BaseException) -> bool:
        """Whether an error says that a lock was not to be had in time."""
        return False

    def whole_lock(self, error: BaseException) -> str | None:
        """Who holds the database's one lock, where an error says that it was not to be had; else None."""
        return None

    def changed_elsewhere(self, connection: Connection) -> object:
        """A value that is another one once another connection has written; None where that is not told."""
        return None

    def has_run(self, connection: Connection, statement: str) -> bool | None:
        """Whether a DDL statement that was interrupted has run, by the catalogue; None where that isn't told.

        False also for one that may simply run again.
        """
        from nbmigrate.dialects.doubt import has_run

        return has_run(connection, statement)

    def restarted(self, connection: Connection, error: Exception) -> AbstractContextManager[None]:
        """What must hold for a step to be run again after one of ``restart_errors``: a block around it."""
        raise error
