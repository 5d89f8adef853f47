"""The transaction around a run, or around each of its revisions.

Which of the two is decided as Alembic decides it (its documentation of ``transaction_per_migration`` and of
"transactional DDL"), but that on SQLite each revision has its own by default. A connection that comes in with
a transaction open belongs to its owner: it is never begun, committed or rolled back here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy.exc import SQLAlchemyError

from nbmigrate.errors import CommandError
from nbmigrate.util.interrupts import allowed, held

if TYPE_CHECKING:
    from types import TracebackType

    from sqlalchemy.engine import Connection

    from nbmigrate.dialects.base import Dialect
    from nbmigrate.dialects.run_ways import HeldText


class OpenTransaction:
    """One real transaction that can be committed in the middle and begun anew (``autocommit_block``)."""

    def __init__(self, dialect: Dialect, connection: Connection) -> None:
        self.dialect = dialect
        self.connection = connection
        self._inside: AbstractContextManager[Any] | None = None

    def __enter__(self) -> OpenTransaction:
        if self.connection.in_transaction():
            # reads of ours, or statements of the env.py such as SET search_path, began it by themselves
            self.connection.commit()
        self._inside = self.dialect.transaction(self.connection)
        self._inside.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        inside, self._inside = self._inside, None
        if inside is None:
            return None
        try:
            return inside.__exit__(kind, error, trace)
        except SQLAlchemyError:
            # there was nothing left to roll back on: what is to be told is why
            if isinstance(error, Exception) and not isinstance(error, _Rollback):
                self.connection.invalidate()
                return None
            raise

    def commit(self) -> None:
        """Commit now; the rest of the block then runs outside a transaction."""
        self.__exit__(None, None, None)

    def rollback(self) -> None:
        """Roll back now; the rest of the block then runs outside a transaction."""
        with suppress(_Rollback):
            self.__exit__(_Rollback, _Rollback(), None)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Commit what ran so far, run the block in AUTOCOMMIT, begin again."""
        with held():
            self.commit()
            try:
                with in_autocommit(self.connection):
                    yield
            finally:
                self.__enter__()


@contextmanager
def in_autocommit(connection: Connection) -> Iterator[None]:
    """Run the block in AUTOCOMMIT; SQLAlchemy's own transaction is open meanwhile, as in Alembic."""
    with held():
        if connection.in_transaction():
            connection.commit()
        level = connection.get_isolation_level()
        connection.commit()
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.begin()
        try:
            with allowed():
                yield
        finally:
            if connection.in_transaction():
                connection.commit()
            connection.execution_options(isolation_level=level)


class _Rollback(Exception):
    """Tells the dialect's context manager to roll back."""


class Begun(AbstractContextManager[Any]):
    """A transaction that was begun when it was asked for: a block, or to be ended by hand."""

    def __init__(self, block: AbstractContextManager[OpenTransaction]) -> None:
        self._block: AbstractContextManager[OpenTransaction] | None = block
        self._transaction = block.__enter__()

    def __enter__(self) -> OpenTransaction:
        return self._transaction

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        block, self._block = self._block, None
        return block.__exit__(kind, error, trace) if block is not None else None

    def commit(self) -> None:
        """Commit and end it."""
        self.__exit__(None, None, None)

    def rollback(self) -> None:
        """Roll back and end it."""
        self._transaction.rollback()
        self.__exit__(None, None, None)


class Transactions:
    """Decides which blocks of a run are transactions.

    ``connection`` is None while text is written; ``write`` then takes BEGIN and COMMIT, and what is written
    within ``hold()`` is kept back until it is released.
    """

    def __init__(
        self,
        dialect: Dialect,
        connection: Connection | None,
        per_migration: bool | None,
        write: Callable[[str], None],
        hold: Callable[[], AbstractContextManager[HeldText]],
    ) -> None:
        self.dialect = dialect
        self.connection = connection
        self.per_migration = dialect.transaction_per_migration if per_migration is None else per_migration
        self.write = write
        self.hold = hold
        # a mock connection (create_mock_engine) has no transactions
        self.external = connection is not None and getattr(connection, "in_transaction", bool)()
        self.open: OpenTransaction | None = None
        # what must outlast the transaction of the whole run, such as the lock that keeps other runs out
        self.outlasting = ExitStack()

    @property
    def outcome(self) -> Literal["rolled back", "kept", "caller's", "text"]:
        """What becomes of what a step has done, when it fails."""
        if self.connection is None:
            return "text"
        if self.external:
            return "caller's"
        return "rolled back" if self.dialect.transactional_ddl else "kept"

    def block(self, per_migration: bool) -> AbstractContextManager[Any]:
        """The block around the whole run, or (``per_migration``) around one step."""
        if self.external or self.open is not None:
            return nullcontext()
        if self.dialect.transactional_ddl:
            if per_migration != self.per_migration:
                return nullcontext()
        elif not per_migration or self.connection is None:
            return nullcontext()
        if self.connection is None:
            return self.dialect.text_transaction(self.write, self.hold)
        return Begun(self._real())

    @contextmanager
    def _real(self) -> Iterator[OpenTransaction]:
        assert self.connection is not None
        self.open = OpenTransaction(self.dialect, self.connection)
        try:
            with self.open as transaction:
                yield transaction
        finally:
            self.open = None
            self.outlasting.close()

    @contextmanager
    def autocommit(self) -> Iterator[None]:
        """Commit what ran before, run the block outside any transaction, then begin a new one."""
        if self.connection is None:
            if self.dialect.transactional_ddl:
                self.write(self.dialect.commit_text)
            yield
            if self.dialect.transactional_ddl:
                self.write(self.dialect.begin_text)
        elif self.open is not None:
            with self.open.paused():
                yield
        elif self.external:
            raise CommandError(
                "autocommit_block() can't run inside the transaction that your code opened before "
                "configure(); commit it first, or hand in a connection without an open transaction"
            )
        elif hasattr(self.connection, "get_isolation_level"):
            # an env.py that runs its migrations outside begin_transaction(): still outside any transaction
            with in_autocommit(self.connection):
                yield
        else:
            yield
