"""Tables of ours beside the version table: the journal, the audit log, the lease.

Named after the version table, so that two histories in one database have their own; never looked at by
autogenerate. What their rows have in common is here.
"""

from __future__ import annotations

import datetime
import getpass
import hashlib
import os
import socket
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Integer, MetaData, String, Table, inspect

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

JOURNAL, LOG, LEASE = "journal", "log", "lease"
LONGEST_NAME = 63  # bytes, PostgreSQL's limit; MySQL's is 64 characters


def own_tables(version_table: str) -> frozenset[str]:
    """The names of all tables that nbmigrate may keep beside a version table, and its own."""
    return frozenset([version_table, *(record_table(version_table, kind) for kind in (JOURNAL, LOG, LEASE))])


def record_table(version_table: str, kind: str) -> str:
    """The name of a table of ours beside a version table; cut, and still its own, where that one is long."""
    name = f"{version_table}_{kind}"
    if len(name.encode()) <= LONGEST_NAME:
        return name
    digest = hashlib.sha256(version_table.encode()).hexdigest()[:8]
    short = version_table.encode()[: LONGEST_NAME - len(kind) - 10].decode(errors="ignore")
    return f"{short}_{digest}_{kind}"


class Records:
    """One such table; each row says who wrote it and when (UTC), the rest are ``columns``."""

    kind: str

    def __init__(self, version_table: str, schema: str | None, *columns: Column[Any]) -> None:
        self.table = Table(
            record_table(version_table, self.kind),
            MetaData(),
            Column("number", Integer, primary_key=True, autoincrement=False),
            Column("at", String(32), nullable=False),
            Column("run_by", String(255), nullable=False),
            *columns,
            schema=schema,
            # rows come and go with a transaction, whatever the server's usual engine is
            mysql_engine="InnoDB",
            mariadb_engine="InnoDB",
        )

    def is_there(self, connection: Connection) -> bool:
        """Whether the database has the table."""
        return bool(inspect(connection).has_table(self.table.name, schema=self.table.schema))


class StepRecords(Records):
    """A table whose rows are about steps."""

    def __init__(self, version_table: str, schema: str | None, *columns: Column[Any]) -> None:
        super().__init__(
            version_table,
            schema,
            Column("direction", String(9), nullable=False),
            Column("revision", String(255), nullable=False),
            Column("script_digest", String(64), nullable=True),
            *columns,
        )


def heads_column(name: str) -> Column[Any]:
    """Version rows, as ``together`` writes them; empty stands for base, and Oracle takes that for NULL."""
    return Column(name, String(1000), nullable=True)


def together(heads: Sequence[str]) -> str:
    """Version rows as one text; the same for the same rows, and another one for others."""
    text = ",".join(sorted(heads))
    if len(text) <= 1000:
        return text
    return f"{text[:900]}... {hashlib.sha256(text.encode()).hexdigest()}"


def signature(by: str | None = None) -> dict[str, str]:
    """Who and when, as columns; ``by`` is who, where that was asked for once for many."""
    return {"at": now(), "run_by": whoever() if by is None else by}


def now() -> str:
    """The time, UTC, to the second."""
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def whoever() -> str:
    """Who runs this: user, machine and process, as far as the system tells."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = "unknown"
    return f"{user}@{socket.gethostname()}, process {os.getpid()}"[:255]


def step_facts(revision: Any, direction: str) -> dict[str, str]:
    """What a row says about its step."""
    return {"direction": direction, "revision": revision.revision, "script_digest": script_digest(revision)}


def script_digest(revision: Any) -> str:
    """The digest of a script's file; empty where there is none."""
    try:
        with open(revision.path, "rb") as stream:
            return hashlib.sha256(stream.read()).hexdigest()
    except OSError:
        return ""
