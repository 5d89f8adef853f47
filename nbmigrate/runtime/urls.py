"""Database addresses without their secrets.

SQLAlchemy masks the password of a URL, but not what stands in its query string (``?password=``, ``token=``,
``odbc_connect=...PWD=``), nor half of a password that holds an unescaped ``@``. Whatever nbmigrate shows,
logs or writes goes through ``safe_url`` first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

SECRET = re.compile(r"pass|pwd|secret|token|key|cred|auth|odbc_connect", re.IGNORECASE)
MASK = "***"


def safe_url(url: str | URL) -> str:
    """The address as text with every secret replaced by ``***``.

    A text that is no URL comes back with whatever stands between ``:`` and the last ``@`` masked.
    """
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return re.sub(r"(://[^:/@]*:).*@", rf"\1{MASK}@", str(url))
    if parsed.host and "@" in parsed.host:
        parsed = parsed.set(host=parsed.host.rpartition("@")[2])
    if "@" in (parsed.database or "") and not parsed.drivername.startswith(("sqlite", "duckdb")):
        parsed = parsed.set(database=parsed.database.rpartition("@")[2] if parsed.database else None)
    query = {name: MASK if SECRET.search(name) else value for name, value in parsed.query.items()}
    text = parsed.set(query=query).render_as_string(hide_password=True)
    return text.replace("%2A%2A%2A", MASK).replace("%3Amemory%3A", ":memory:")


def secrets_of(url: str | URL) -> tuple[str, ...]:
    """The secret texts that an address holds, longest first, for scrubbing messages."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return ()
    found = [str(parsed.password)] if parsed.password else []
    for name, value in parsed.query.items():
        if SECRET.search(name):
            found.extend([value] if isinstance(value, str) else value)
    return tuple(sorted(filter(None, found), key=len, reverse=True))


def scrub(text: str, url: str | URL | None) -> str:
    """A message without the secrets of an address."""
    for secret in secrets_of(url) if url is not None else ():
        text = text.replace(secret, MASK)
    return text
