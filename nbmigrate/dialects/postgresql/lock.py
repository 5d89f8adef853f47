"""The lock of a run on PostgreSQL: an advisory lock (PostgreSQL's manual, "Explicit Locking")."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from nbmigrate.dialects.waiting import wait_for

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

# an advisory lock's 64-bit key is shown in pg_locks as two halves
HOLDER = """
SELECT a.pid, a.usename, a.application_name, a.backend_start::timestamp(0)::text
FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
AND (l.classid::bigint << 32) | l.objid::bigint = {key}
"""


@contextmanager
def advisory_lock(connection: Connection, name: str, timeout: float, in_transaction: bool) -> Iterator[None]:
    """Hold the lock of that name: for a block, or until the caller's own transaction ends."""
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    level = "xact_lock" if in_transaction else "lock"
    began = not connection.in_transaction()

    def attempt() -> bool:
        return bool(connection.exec_driver_sql(f"SELECT pg_try_advisory_{level}({key})").scalar())

    wait_for(attempt, timeout, lambda: _holder(connection, key))
    if began:
        connection.commit()
    try:
        yield
    finally:
        # a connection that broke has given the lock back already
        with suppress(SQLAlchemyError):
            if not in_transaction and not connection.closed:
                connection.exec_driver_sql(f"SELECT pg_advisory_unlock({key})")


def _holder(connection: Connection, key: int) -> str:
    row = connection.exec_driver_sql(HOLDER.format(key=key)).first()
    if row is None:
        return "it has just ended"
    program = f", program {row[2]}" if row[2] else ""
    return f"process {row[0]}, user {row[1]}{program}, connected since {row[3]}"
