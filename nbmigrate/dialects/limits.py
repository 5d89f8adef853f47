"""Limits of a session: how long a statement may wait for a lock, and how long it may take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True)
class Limit:
    """One setting: SQL that asks for it, SQL that sets it (``{}`` is the value), and the value."""

    ask: str
    set: str
    value: object


@contextmanager
def limited(connection: Connection | None, limits: Sequence[Limit]) -> Iterator[None]:
    """The limits around a block; then the session is as it was."""
    if connection is None or not limits:
        yield
        return
    began = not connection.in_transaction()
    before = [connection.exec_driver_sql(limit.ask).scalar() for limit in limits]
    for limit in limits:
        connection.exec_driver_sql(limit.set.format(limit.value))
    if began:
        connection.commit()
    try:
        yield
    finally:
        # a connection that broke, or a transaction that failed, takes its settings along
        with suppress(SQLAlchemyError):
            began = not connection.in_transaction()
            for limit, value in zip(limits, before, strict=True):
                connection.exec_driver_sql(limit.set.format(value))
            if began:
                connection.commit()


def sqlstate(error: BaseException) -> str | None:
    """The SQLSTATE that the driver gives, None without one."""
    state: str | None = getattr(getattr(error, "orig", None), "sqlstate", None)
    return state


def error_number(error: BaseException) -> int | None:
    """The server's number for the error, where the driver gives it first; None without one."""
    arguments: Any = getattr(getattr(error, "orig", None), "args", ())
    return arguments[0] if arguments and isinstance(arguments[0], int) else None
