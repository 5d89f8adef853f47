"""The audit log: who ran what, when, from where to where, how long, and what the script was then.

Kept where it is asked for (``--audit``, ``configure(audit=True)``, ``audit = true``), in a table beside the
version table. A row is written in the transaction of the step that it tells of.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Float, Integer, MetaData, String, Table, func, inspect, select

from nbmigrate.runtime.journal import script_digest, whoever
from nbmigrate.version import __version__

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from nbmigrate.model.plan import Step


@dataclass(frozen=True)
class AuditEntry:
    """One step that ran; ``at`` is UTC, ``seconds`` wall time, ``digest`` the script's SHA-256."""

    at: str
    by: str
    direction: str
    revision: str
    source: str
    destination: str
    seconds: float
    digest: str
    tool: str

    def __str__(self) -> str:
        """One line."""
        where = f"{self.source or 'base'} -> {self.destination or 'base'}"
        return f"{self.at}  {self.by}  {self.direction} {where}  {self.seconds:.2f} s  {self.tool}"


class AuditLog:
    """The table ``<version table>_log`` of one database."""

    def __init__(self, version_table: str, schema: str | None, connection: Connection | None) -> None:
        self.connection = connection
        self.table = Table(
            f"{version_table}_log",
            MetaData(),
            Column("number", Integer, primary_key=True, autoincrement=False),
            Column("at", String(32), nullable=False),
            Column("run_by", String(255), nullable=False),
            Column("direction", String(9), nullable=False),
            Column("revision", String(255), nullable=False),
            # empty stands for base, and Oracle takes an empty text for NULL
            Column("source", String(1000), nullable=True),
            Column("destination", String(1000), nullable=True),
            Column("seconds", Float, nullable=False),
            Column("script_digest", String(64), nullable=True),
            Column("tool", String(64), nullable=False),
            schema=schema,
        )

    def exists(self) -> bool:
        """Whether the database has the table."""
        return self.connection is not None and bool(
            inspect(self.connection).has_table(self.table.name, schema=self.table.schema)
        )

    def create(self) -> None:
        """Make the table where it is absent."""
        if self.connection is not None and not self.exists():
            began = not self.connection.in_transaction()
            self.table.create(self.connection)
            if began:
                self.connection.commit()

    def note(self, step: Step, heads: Sequence[str], seconds: float) -> None:
        """Write down one step, in its transaction."""
        assert self.connection is not None
        revision: Any = step.revision
        last = select(func.coalesce(func.max(self.table.c.number), 0)).scalar_subquery()
        number = self.connection.execute(select(last)).scalar_one() + 1
        self.connection.execute(
            self.table.insert().values(
                number=number,
                at=datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M:%S"),
                run_by=whoever(),
                direction=step.direction,
                revision=revision.revision if revision is not None else ", ".join(step.up)[:255],
                source=_together(heads),
                destination=_together(step.apply_to(heads)),
                seconds=seconds,
                script_digest=script_digest(revision) if revision is not None else "",
                tool=f"nbmigrate {__version__}",
            )
        )

    def entries(self) -> tuple[AuditEntry, ...]:
        """Everything that was written down, oldest first; nothing where the table is absent."""
        if not self.exists():
            return ()
        assert self.connection is not None
        rows = self.connection.execute(self.table.select().order_by(self.table.c.number))
        return tuple(
            AuditEntry(
                row.at,
                row.run_by,
                row.direction,
                row.revision,
                row.source or "",
                row.destination or "",
                row.seconds,
                row.script_digest or "",
                row.tool,
            )
            for row in rows
        )


def _together(heads: Sequence[str]) -> str:
    return ",".join(sorted(heads))[:1000]
