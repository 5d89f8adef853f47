"""DuckDB's file belongs to one process at a time: who that is, by DuckDB's own words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from nbmigrate.dialects.waiting import wait_for

Made = TypeVar("Made")

LOCKED = re.compile(r"Could not set lock on file", re.IGNORECASE)
HOLDER = re.compile(r"lock is held in (?P<program>.+?) \(PID (?P<pid>\d+)\)(?: by user (?P<user>[^\s.]+))?")


def locked_by(error: BaseException) -> str | None:
    """Who holds the file that could not be opened; None for any other error."""
    text = str(error)
    if not LOCKED.search(text):
        return None
    found = HOLDER.search(text)
    if found is None:
        return "another process"
    user = f", user {found['user']}" if found["user"] else ""
    return f"process {found['pid']}, {found['program']}{user}"


def when_free(attempt: Callable[[], Made], wait: float, again: Callable[[], bool] = lambda: True) -> Made:
    """What ``attempt`` gives, tried anew for ``wait`` seconds while another process has the file open.

    ``again`` says after a failure whether another attempt would do no harm. Raises ``LockTimeout`` with who
    has the file when the time is over; any other error is ``attempt``'s own.
    """
    made: list[Made] = []
    refused = ""

    def tried() -> bool:
        nonlocal refused
        try:
            made.append(attempt())
        except Exception as error:
            refused = locked_by(error) or ""
            if not refused or not again():
                raise
        return bool(made)

    wait_for(tried, wait, lambda: refused, "the database's file is open in another process")
    return made[0]
