"""What the verbs return: frozen values that print as terminal text.

Every verb of ``Migrator`` returns one of these. ``str()`` gives the complete text: the terminal prints it,
and it is the ``text/plain`` of the notebook's display; where programs read Alembic's output (``history``,
``heads``, ``current``, ``branches``, ``show``) the lines are Alembic's. No HTML here: the notebook registers
its displays for these types from outside. Database addresses are masked before they get in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from nbmigrate.model.change import Change
from nbmigrate.model.finding import Finding
from nbmigrate.model.question import Question
from nbmigrate.model.value import value

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
class Connected:
    """``connect``: which database and which project the notebook now speaks of."""

    database: str
    dialect: str
    source: str
    directory: str | None = None
    metadata: str | None = None
    note: str = ""

    def __str__(self) -> str:
        """One line, and the note."""
        where = f", migrations in {self.directory}" if self.directory else ""
        models = f", models in {self.metadata}" if self.metadata else ""
        note = f"\nnote: {self.note}" if self.note else ""
        return f"Connected to {self.database} ({self.dialect}, from {self.source}){where}{models}{note}"


@value
class FileState:
    """One file that a verb wrote, or left as it was."""

    path: str
    state: Literal["created", "unchanged", "extended", "rewritten"]


@value
class Init:
    """``init``: the files of the migration environment."""

    directory: str
    files: tuple[FileState, ...]

    def __str__(self) -> str:
        """A line per file."""
        if all(f.state == "unchanged" for f in self.files):
            return f"{self.directory} is a migration environment already; nothing changed"
        lines = [f"Migration environment in {self.directory}"]
        return "\n".join(lines + [f"  {f.state:9} {f.path}" for f in self.files])


@value
class Templates:
    """``list_templates``: name and first line of each."""

    templates: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        """A line per template, and how to use one."""
        lines = ["Available templates:", ""]
        lines += [f"{name} - {text}" for name, text in self.templates]
        return "\n".join([*lines, "", "Templates are used via the 'init' command, e.g.:", "",
                          "  nbmigrate init --template generic ./scripts"])  # fmt: skip


@value
class Edited:
    """``edit``: the files that were opened, one after another."""

    paths: tuple[str, ...]

    def __str__(self) -> str:
        """A line per file."""
        return "\n".join(f"Edited {path}" for path in self.paths)


@value
class RevisionCreated:
    """``revision``, ``merge`` and ``%%revision``: the file, and what it would do.

    ``state`` is "created", "unchanged" (the same revision is there already), "rewritten" (its cell changed
    before it was applied), "amended" (after it was applied, by ``--amend``), "rebased" (``merge --rebase``
    gave it another parent) or "no changes" (autogenerate found no difference and wrote nothing).
    ``statements`` is the SQL of its upgrade on this database; where that can't be told without running it,
    ``note`` says why. ``changes`` are autogenerate's differences;
    ``others`` are further files, where env.py's ``process_revision_directives`` asked for several;
    ``questions`` are renames that were not answered, and need not be: this database holds nothing there;
    ``findings`` is what lint says of the upgrade.
    """

    state: Literal["created", "unchanged", "rewritten", "amended", "rebased", "no changes"]
    revision: RevisionInfo | None = None
    source: str = ""
    statements: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    database: str | None = None
    dialect: str | None = None
    note: str = ""
    applied: Run | None = None
    others: tuple[RevisionInfo, ...] = ()
    questions: tuple[Question, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def brief(self) -> str:
        """State, path and differences, without the script and its SQL: what a terminal wants to see."""
        if self.revision is None:
            return self.note or "No difference between models and database; no revision written"
        where = f" {self.revision.path}" if self.revision.path else ""
        lines = [f"Revision {self.revision.id} {self.state}:{where}"]
        if self.state == "rebased":
            lines.append(self.note)
        lines += [f"Revision {other.id} {self.state}: {other.path}" for other in self.others]
        lines += [f"  {change}" for change in self.changes]
        if self.questions:
            lines.append("dropped and added, since this database holds nothing there; others may:")
            lines += [f"  {question}" for question in self.questions]
        return "\n".join(lines)

    def __str__(self) -> str:
        """State and path, then the differences, the script and its SQL."""
        told = self.revision is None or self.state == "rebased"
        lines = [self.brief, self.note] if self.note and not told else [self.brief]
        if self.source:
            lines += ["", self.source.rstrip()]
        if self.statements:
            lines += ["", f"-- SQL of upgrade() on {self.dialect}", *(f"{s};" for s in self.statements)]
        if self.findings:
            lines += ["", *map(str, self.findings)]
        if self.applied is not None:
            lines += ["", str(self.applied)]
        return "\n".join(lines)


@value
class StepReport:
    """One revision that was run, in one direction; ``seconds`` is wall time."""

    revision: RevisionInfo
    direction: Literal["upgrade", "downgrade"]
    source: tuple[str, ...]
    destination: tuple[str, ...]
    statements: tuple[str, ...]
    seconds: float


@value
class Run:
    """``upgrade`` and ``downgrade``: what ran, and where the database stood before and stands after."""

    direction: Literal["upgrade", "downgrade"]
    target: str
    database: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    steps: tuple[StepReport, ...]
    seconds: float

    def __str__(self) -> str:
        """A line per step, then the position."""
        if not self.steps:
            return f"Nothing to {self.direction}: {self.database} is at {position(self.after)}"
        lines = [
            f"Ran {step.direction} {position(step.source)} -> {position(step.destination)}, "
            f"{step.revision.message} ({step.seconds * 1000:.0f} ms)"
            for step in self.steps
        ]
        return "\n".join([*lines, f"{self.database} is at {position(self.after)}"])


@value
class SQLText:
    """``--sql``: the text that would run, for one database system."""

    dialect: str
    text: str

    def __str__(self) -> str:
        """The SQL as it is."""
        return self.text.rstrip("\n")


@value
class Stamped:
    """``stamp``: the position that was written into the version table; no revision ran."""

    database: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    def __str__(self) -> str:
        """One line."""
        if self.before == self.after:
            return f"{self.database} is stamped {position(self.after)} already"
        return f"{self.database} stamped {position(self.before)} -> {position(self.after)}"


@value
class Current:
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
class Revisions:
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

    def __str__(self) -> str:
        """The lines that Alembic prints; then the audit log, where it was asked for."""
        return self.text if self.audit is None else f"{self.text}\n\n{self.audit}"


@value
class Graph:
    """``graph``: every revision, newest first, and where the database stands."""

    revisions: tuple[RevisionInfo, ...]
    database: str | None
    current: tuple[str, ...]
    missing: tuple[str, ...] = ()
    lanes: str = ""

    def __str__(self) -> str:
        """The lanes, as git draws them."""
        return self.lanes


@value
class Diff:
    """``diff``: how the database must change to be as the models say.

    ``questions`` are the renames that may be meant and are not answered; ``changes`` has them as dropped and
    added, which is what happens where they are no renames.
    """

    database: str
    changes: tuple[Change, ...]
    metadata: str | None = None
    questions: tuple[Question, ...] = ()

    def __bool__(self) -> bool:
        """True where there is a difference."""
        return bool(self.changes)

    def __len__(self) -> int:
        """The number of differences."""
        return len(self.changes)

    def count(self, kind: str) -> int:
        """How many changes are of a kind: "add", "alter" or "drop"."""
        return sum(change.kind == kind for change in self.changes)

    @property
    def summary(self) -> str:
        """The counts in words: "3 differences: 1 to add, 1 to alter, 1 to drop"."""
        if not self.changes:
            return "No difference between models and database"
        parts = [f"{n} to {kind}" for kind in ("add", "alter", "drop") if (n := self.count(kind))]
        if self.questions:
            parts.append(f"{len(self.questions)} question{'s' if len(self.questions) > 1 else ''}")
        return f"{len(self.changes)} difference{'s' if len(self.changes) > 1 else ''}: {', '.join(parts)}"

    def to_dict(self) -> dict[str, Any]:
        """The documented form of ``--json``: plain values, the same on every database."""
        return {
            "form": 1,
            "database": self.database,
            "different": bool(self),
            "changes": [change.to_json() for change in self.changes],
            "questions": [question.to_dict() for question in self.questions],
        }

    def to_dicts(self) -> list[dict[str, Any]]:
        """The changes as dictionaries, one a row of the table."""
        return [change.to_dict() for change in self.changes]

    def to_pandas(self) -> Any:
        """The changes as a pandas DataFrame, where pandas is installed."""
        import pandas

        return pandas.DataFrame(self.to_dicts())

    def __str__(self) -> str:
        """The counts, then an aligned table."""
        if not self.changes:
            return f"{self.summary} ({self.database})"
        rows: list[tuple[str, ...]] = [
            ("? rename", str(q.object_kind), q.old, question_detail(q), q.rows) for q in self.questions
        ]
        rows += [
            (change.sign + " " + change.kind, change.object_kind, change.name, change.detail, change.rows)
            for change in self.changes
        ]
        text = f"{self.summary} ({self.database})\n"
        text += text_table(("change", "what", "name", "detail", "rows"), rows)
        if self.questions:
            text += "\nanswer by one option of each line:"
            text += "".join(f"\n  {question.rename}   or   {question.drop}" for question in self.questions)
        return text


@value
class Check:
    """``check`` without a difference; with one it raises ``AutogenerateDiffsDetected``."""

    database: str

    def to_dict(self) -> dict[str, Any]:
        """The documented form of ``--json``, as that of a ``Diff``."""
        return Diff(self.database, ()).to_dict()

    def __str__(self) -> str:
        """Alembic's line."""
        return "No new upgrade operations detected."


@value
class JSONText:
    """``--json``: what a verb found, as text for a program."""

    text: str

    @classmethod
    def of(cls, found: dict[str, Any]) -> JSONText:
        """The text of a dictionary of plain values."""
        from json import dumps

        return cls(dumps(found, indent=2, ensure_ascii=False))

    def __str__(self) -> str:
        """The text as it is."""
        return self.text


@value
class Card:
    """``%migrate`` alone: database, where it stands, what is pending, whether models and database differ."""

    database: str
    dialect: str
    directory: str | None
    current: tuple[str, ...]
    heads: tuple[str, ...]
    pending: int
    metadata: str | None = None
    diff: Diff | None = None
    note: str = ""

    def __str__(self) -> str:
        """A line per fact."""
        lines = [
            f"database  {self.database} ({self.dialect})",
            f"folder    {self.directory or 'none yet: %migrate init'}",
            f"at        {position(self.current)}",
            f"heads     {position(self.heads)}",
            f"pending   {self.pending} revision{'' if self.pending == 1 else 's'}",
        ]
        if self.diff is not None:
            lines.append(f"models    {self.metadata or 'models'}: {self.diff.summary}")
        elif self.note:
            lines.append(f"models    {self.note}")
        return "\n".join(lines)


def question_detail(question: Question) -> str:
    """Old and new name, and why it may be a rename."""
    why = f": {', '.join(question.reasons)}" if question.reasons else ""
    return f"{question.old} \N{RIGHTWARDS ARROW} {question.new}?{why}"


def position(revisions: Sequence[str]) -> str:
    """A place in the history in words: ids, or "base" for the empty one."""
    return ", ".join(revisions) or "base"


def text_table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """An aligned text table; columns that are empty in every row are left out."""
    keep = [i for i in range(len(heading)) if any(row[i] for row in rows)]
    table = [[row[i] for i in keep] for row in [heading, *rows]]
    widths = [max(len(row[i]) for row in table) for i in range(len(keep))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in table]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(line.rstrip() for line in lines)
