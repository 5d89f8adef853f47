"""Who holds the lock of a run on MySQL and MariaDB, and the end of one that nobody waits for any more."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine

HOLDER = """
SELECT id, user, host, command, time FROM information_schema.processlist WHERE id = IS_USED_LOCK('{key}')
"""


def lock_holder(connection: Connection, key: str) -> str:
    """The connection that holds the lock; who it is, where this user may see that."""
    row = connection.exec_driver_sql(HOLDER.format(key=key)).first()
    if row is not None:
        number, user, host, command, seconds = row
        return f"connection {number}, user {user} from {host or 'here'}, in command {command} for {seconds} s"
    holder = connection.exec_driver_sql(f"SELECT IS_USED_LOCK('{key}')").scalar()
    return f"connection {holder}" if holder else "it has just ended"


def end_abandoned(engine: Engine, key: str, number: int, patience: float = 5.0) -> None:
    """End the connection that still holds the lock although we have given it up, and wait until it is gone.

    A server goes on with the statement of a client who has left (an interrupted ALTER), and keeps its locks.
    """
    with engine.connect() as connection:
        end = time.monotonic() + patience
        while connection.exec_driver_sql(f"SELECT IS_USED_LOCK('{key}')").scalar() == number:
            if time.monotonic() > end:
                return
            connection.exec_driver_sql(f"KILL {number}")
            time.sleep(0.02)
