"""DuckDB's file belongs to one process at a time: who that is, by DuckDB's own words."""

from __future__ import annotations

import re

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
