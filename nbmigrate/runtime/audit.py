"""The audit log: who ran what, when, from where to where, how long, and what the script was then.

Kept where it is asked for (``--audit``, ``configure(audit=True)``, ``audit = true``), in a table beside the
version table. A row is written in the transaction of the step that it tells of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Column, Float, String, func, select

from nbmigrate.runtime.records import LOG, StepRecords, heads_column, signature, step_facts, together
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


class AuditLog(StepRecords):
    """The table ``<version table>_log`` of one database."""

    kind = LOG

    def __init__(self, version_table: str, schema: str | None, connection: Connection | None) -> None:
        super().__init__(
            version_table,
            schema,
            heads_column("source"),
            heads_column("destination"),
            Column("seconds", Float, nullable=False),
            Column("tool", String(64), nullable=False),
        )
        self.connection = connection

    def exists(self) -> bool:
        """Whether the database has the table."""
        return self.connection is not None and self.is_there(self.connection)

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
        last = select(func.coalesce(func.max(self.table.c.number), 0)).scalar_subquery()
        number = self.connection.execute(select(last)).scalar_one() + 1
        stamped = {"direction": step.direction, "revision": ", ".join(step.up)[:255], "script_digest": ""}
        about = stamped if step.revision is None else step_facts(step.revision, step.direction)
        self.connection.execute(
            self.table.insert().values(
                number=number,
                **signature(),
                **about,
                source=together(heads),
                destination=together(step.apply_to(heads)),
                seconds=seconds,
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
