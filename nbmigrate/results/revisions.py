"""What the verbs return that tell of revisions: heads, history, current, branches, show, graph."""

from __future__ import annotations

from typing import Any, Literal

from nbmigrate.model.value import value
from nbmigrate.results.result import Result

Status = Literal["applied", "pending", "unknown"]


@value
class RevisionInfo:
    """One revision as people see it.

    ``status`` is "unknown" where no database was asked; ``created`` is the date as it stands in the file.
    """

    id: str
    down_revision: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    branch_labels: tuple[str, ...] = ()
    message: str = ""
    path: str | None = None
    created: str | None = None
    is_head: bool = False
    is_base: bool = False
    is_branch_point: bool = False
    is_merge_point: bool = False
    is_current: bool = False
    status: Status = "unknown"


@value
class Current(Result):
    """``current``: where the database stands.

    ``missing`` are ids in the version table for which there is no file, ``notes`` what is known of each;
    ``text`` is what Alembic prints; ``unfinished`` tells of a revision that was begun and not ended.
    """

    database: str
    revisions: tuple[RevisionInfo, ...]
    missing: tuple[str, ...] = ()
    text: str = ""
    notes: tuple[str, ...] = ()
    unfinished: str = ""

    @property
    def rows(self) -> tuple[Any, ...]:
        """The revisions."""
        return self.revisions

    @property
    def problem(self) -> str:
        """Why a terminal's exit code is to say that something is wrong; empty where nothing is.

        A program that asks ``current`` relies on that with Alembic: the id can't be upgraded from.
        """
        if not self.missing:
            return ""
        lost = ", ".join(repr(item) for item in self.missing)
        return (
            f"Can't locate revision identified by {lost}: the database stands there, and no file has that id"
        )

    def __str__(self) -> str:
        """An unfinished run before anything else; the lines that Alembic prints; ids without a file."""
        lines = [line for line in (self.unfinished, self.text) if line]
        notes = self.notes or ("",) * len(self.missing)
        for item, note in zip(self.missing, notes, strict=True):
            lines += [f"{item} (no file)", *([f"  {note}"] if note else [])]
        return "\n".join(lines)


@value
class Audit:
    """The audit log: one line a step, oldest first, and the files that were edited since they ran."""

    lines: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The lines, then what was edited."""
        if not self.lines:
            return "Audit log: nothing was written down; upgrade with --audit, or set audit = true"
        edited = [f"  edited since it ran: {path}" for path in self.edited]
        return "\n".join(["Audit log (UTC):", *(f"  {line}" for line in self.lines), *edited])


@value
class Revisions(Result):
    """``heads``, ``branches``, ``history`` and ``show``: revisions, newest first.

    ``text`` is what Alembic would print; ``total`` counts the revisions of the whole history. Where there
    are several heads, ``open`` are the revisions that stand between them, down to where they part.
    """

    verb: Literal["heads", "branches", "history", "show"]
    revisions: tuple[RevisionInfo, ...]
    text: str
    total: int
    database: str | None = None
    current: tuple[str, ...] = ()
    source: str = ""
    open: tuple[RevisionInfo, ...] = ()
    audit: Audit | None = None

    @property
    def rows(self) -> tuple[Any, ...]:
        """The revisions."""
        return self.revisions

    def __str__(self) -> str:
        """The lines that Alembic prints; then the audit log, where it was asked for."""
        return self.text if self.audit is None else f"{self.text}\n\n{self.audit}"


@value
class Graph(Result):
    """``graph``: every revision, newest first, and where the database stands."""

    revisions: tuple[RevisionInfo, ...]
    database: str | None
    current: tuple[str, ...]
    missing: tuple[str, ...] = ()
    lanes: str = ""

    @property
    def rows(self) -> tuple[Any, ...]:
        """The revisions."""
        return self.revisions

    def __str__(self) -> str:
        """The lanes, as git draws them."""
        return self.lanes
