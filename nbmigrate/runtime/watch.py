"""What a connection does, told to whoever follows the step that runs.

Registered with SQLAlchemy once for a run: for each step three events put in place and taken away again were a
tenth of an upgrade of a thousand revisions on MariaDB.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import event

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class Follower(Protocol):
    """Who follows a step."""

    def statement(self, text: str, parameters: Any, context: Any) -> tuple[str, Any]:
        """A statement is about to be sent; what is sent in its place."""

    def commit(self) -> None:
        """A commit is about to be sent."""

    def rollback(self) -> None:
        """A rollback is about to be sent."""


class Watch:
    """The events of one connection; ``follower`` is told of them, nobody while it is None."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.follower: Follower | None = None

    @contextmanager
    def over(self) -> Iterator[None]:
        """The block of a run in which there may be followers."""
        told: dict[str, Any] = {
            "before_cursor_execute": self._statement,
            "commit": self._commit,
            "rollback": self._rollback,
        }
        for name, function in told.items():
            event.listen(self.connection, name, function, retval=name == "before_cursor_execute")
        try:
            yield
        finally:
            for name, function in told.items():
                event.remove(self.connection, name, function)

    def _statement(
        self, _connection: Any, _cursor: Any, text: str, parameters: Any, context: Any, _many: bool
    ) -> tuple[str, Any]:
        follower = self.follower
        return (text, parameters) if follower is None else follower.statement(text, parameters, context)

    def _commit(self, _connection: Any) -> None:
        if self.follower is not None:
            self.follower.commit()

    def _rollback(self, _connection: Any) -> None:
        if self.follower is not None:
            self.follower.rollback()
