"""Who in this kernel holds the lock that a migration waited for in vain, and the line that lets go of it.

In a notebook it is mostly the reader's own cell of ten minutes ago: a Session after ``flush``, a result that
was read by half, JupySQL's last query. Those are looked for among the notebook's variables first, then among
all connections that Python still holds.
"""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any

LOCKED = re.compile(
    r"database (table )?is locked|lock timeout|lock wait timeout|locknotavailable|could not set lock on file|"
    r"conflicting lock|another migration run is under way|transactioncontext error.*conflict",
    re.IGNORECASE,
)
MOST = 5  # culprits that are named


def is_lock_error(error: BaseException) -> bool:
    """Whether an error, or what it came from, says that a lock was not to be had."""
    seen: BaseException | None = error
    while seen is not None:
        if LOCKED.search(f"{type(seen).__name__}: {seen}"):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def tell_culprits(error: BaseException, namespace: Mapping[str, Any]) -> None:
    """Add to the message of a lock error who holds on, and what to run; any other error stays as it is."""
    if len(error.args) != 1 or not is_lock_error(error):
        return
    found = list(dict.fromkeys(culprits(namespace)))
    if found:
        more = f"; and {len(found) - MOST} more" if len(found) > MOST else ""
        error.args = (f"{error.args[0]}. Held open in this kernel: {'; '.join(found[:MOST])}{more}",)


def culprits(namespace: Mapping[str, Any]) -> Iterator[str]:
    """One text for each: what it is, and the line that frees it."""
    if "sqlalchemy" not in sys.modules:
        return
    named = [(name, value) for name, value in list(namespace.items()) if not name.startswith("_")]
    held: set[int] = set()
    for name, value in named:
        text, connections = _of_variable(name, value)
        held.update(id(connection) for connection in connections)
        if text:
            yield text
    for text, connection in _of_jupysql():
        held.add(id(connection))
        yield text
    yield from _of_nobody(held, named)


def _of_variable(name: str, value: Any) -> tuple[str, list[Any]]:
    """What a variable holds open, and SQLAlchemy's connections that it accounts for."""
    kinds = {kind.__name__ for kind in type(value).__mro__ if kind.__module__.startswith("sqlalchemy.")}
    if kinds & {"Session", "AsyncSession", "scoped_session", "async_scoped_session"}:
        return _session(name, value, "async" if kinds & {"AsyncSession", "async_scoped_session"} else "")
    if "Connection" in kinds or "AsyncConnection" in kinds:
        inner = getattr(value, "sync_connection", None) or value
        if inner.closed or not inner.in_transaction():
            return "", [inner]
        wait = "await " if "AsyncConnection" in kinds else ""
        return f"{name} (a connection with a transaction open): {wait}{name}.rollback()", [inner]
    if "CursorResult" in kinds:
        connection = value.connection
        if getattr(value, "closed", True) and not connection.in_transaction():
            return "", [connection]
        return f"{name} (a result, its connection is still open): {name}.connection.close()", [connection]
    if type(value).__module__ == "sqlite3" and getattr(value, "in_transaction", False):
        return f"{name} (a sqlite3 connection with a transaction open): {name}.rollback()", []
    return "", []


def _session(name: str, value: Any, wait: str) -> tuple[str, list[Any]]:
    session = value.registry() if hasattr(value, "registry") else value
    session = getattr(session, "sync_session", session)
    if not session.in_transaction():
        return "", []
    transaction = session.get_transaction()
    connections = [one for one, *_ in getattr(transaction, "_connections", {}).values()]
    call = f"await {name}.rollback()" if wait else f"{name}.rollback()"
    return f"{name} (a Session with a transaction open): {call}, or commit()", connections


def _of_jupysql() -> Iterator[tuple[str, Any]]:
    """JupySQL's connections: a result that it shows in part is read by half."""
    module = sys.modules.get("sql.connection")
    manager = getattr(module, "ConnectionManager", None)
    for alias, connection in list(getattr(manager, "connections", {}).items()):
        inner = getattr(connection, "_connection", None) or getattr(connection, "connection_sqlalchemy", None)
        # what it read by half is not a transaction to SQLAlchemy where the driver is in autocommit
        yield f"JupySQL's connection {alias}: %sql --close {alias}", inner


def _of_nobody(held: set[int], named: list[tuple[str, Any]]) -> Iterator[str]:
    """Connections that no variable accounts for: of a session in a function, of a result in an output."""
    from sqlalchemy.engine import Connection

    engines = {id(value): name for name, value in named if hasattr(value, "dispose")}
    for found in gc.get_objects():
        if not isinstance(found, Connection) or id(found) in held:
            continue
        # one that could not be made has no such attribute
        if getattr(found, "closed", True) or not found.in_transaction():
            continue
        engine = engines.get(id(found.engine))
        where = f"of {engine}" if engine else f"to {found.engine.url.render_as_string(hide_password=True)}"
        yield (
            f"a connection {where} that no variable holds: "
            "from sqlalchemy.orm import close_all_sessions; close_all_sessions(); import gc; gc.collect()"
        )
