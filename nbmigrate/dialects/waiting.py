"""Waiting for the lock that keeps two runs of one history apart, and saying who holds it.

The lock is the database's own and belongs to the run's connection, so that it frees itself when a kernel is
restarted or a server drops the line; each database takes it in its own way (``Dialect.lock``).
"""

from __future__ import annotations

import time
from collections.abc import Callable

from nbmigrate.errors import LockTimeout
from nbmigrate.util.interrupts import allowed

FIRST_PAUSE = 0.02  # seconds; doubled up to LONGEST_PAUSE
LONGEST_PAUSE = 0.5


UNDER_WAY = "another migration run is under way on this database"


def wait_for(
    attempt: Callable[[], bool], timeout: float, holder: Callable[[], str], what: str = UNDER_WAY
) -> None:
    """Try until ``attempt`` says True; ``timeout`` is in seconds.

    Raises ``LockTimeout`` with ``what`` and the words of ``holder`` when the time is over.
    """
    end = time.monotonic() + timeout
    pause = FIRST_PAUSE
    while not attempt():
        left = end - time.monotonic()
        if left <= 0:
            raise lock_timeout(timeout, holder(), what)
        with allowed():
            time.sleep(min(pause, left))
        pause = min(pause * 2, LONGEST_PAUSE)


def lock_timeout(timeout: float, holder: str, what: str = UNDER_WAY) -> LockTimeout:
    """The error of a run that waited in vain."""
    return LockTimeout(
        f"{what} ({holder}); waited {timeout:g} s; nothing was changed: run again when it has ended, or give "
        "it longer (--lock-timeout, lock_timeout=...)",
        what,
        holder,
        timeout,
    )
