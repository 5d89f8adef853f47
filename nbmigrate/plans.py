"""What ``plan``, ``sql``, ``explain``, ``draft``, ``erd``, ``walk`` return: what would be, before it is.

Frozen values like those of ``results``, in a module of their own because they stand on each other and nothing
else stands on them. ``str()`` gives the complete text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import indent
from typing import Any, Literal

from nbmigrate.model.change import Change
from nbmigrate.model.drawing import Drawing
from nbmigrate.model.finding import Finding
from nbmigrate.model.question import Question
from nbmigrate.results.result import Result
from nbmigrate.results.revisions import RevisionInfo
from nbmigrate.results.text import position

__all__ = [
    "Draft",
    "Explanation",
    "OperationText",
    "Plan",
    "PlannedStep",
    "SQLScript",
    "SQLScripts",
    "SchemaPicture",
    "Walk",
    "WalkStep",
]

Direction = Literal["upgrade", "downgrade"]


@dataclass(frozen=True)
class OperationText:
    """One operation three times: in words, as Python, as SQL; and what it does to rows, where it does."""

    words: str
    python: str
    statements: tuple[str, ...]
    rows: str = ""


@dataclass(frozen=True)
class PlannedStep:
    """One revision that would run; ``note`` says where its operations can't be told beforehand.

    ``findings`` is what lint says of it.
    """

    revision: RevisionInfo
    direction: Direction
    source: tuple[str, ...]
    destination: tuple[str, ...]
    operations: tuple[OperationText, ...]
    note: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def statements(self) -> tuple[str, ...]:
        """The SQL of all its operations."""
        return tuple(text for operation in self.operations for text in operation.statements)

    @property
    def title(self) -> str:
        """Direction, from, to, message."""
        way = f"{self.direction} {position(self.source)} -> {position(self.destination)}"
        return f"{way}, {self.revision.message}" if self.revision.message else way


@dataclass(frozen=True)
class Plan(Result):
    """``plan``: the steps from where the database stands to a target; nothing has run."""

    holds_sql = True

    direction: Direction
    target: str
    database: str
    dialect: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    steps: tuple[PlannedStep, ...]

    @property
    def rows(self) -> tuple[Any, ...]:
        """The operations of all steps."""
        return tuple(
            _row(step.revision, step.direction, one) for step in self.steps for one in step.operations
        )

    @property
    def statements(self) -> tuple[str, ...]:
        """The SQL of all steps, without the version table's."""
        return tuple(text for step in self.steps for text in step.statements)

    @property
    def summary(self) -> str:
        """What it would do, in a line."""
        if not self.steps:
            return f"Nothing to {self.direction}: {self.database} is at {position(self.before)}"
        operations = sum(len(step.operations) for step in self.steps)
        findings = sum(len(step.findings) for step in self.steps)
        found = f", {_counted(findings, 'finding')}" if findings else ""
        return (
            f"Plan: {self.direction} {self.database} from {position(self.before)} to {position(self.after)}, "
            f"{_counted(len(self.steps), 'revision')}, {_counted(operations, 'operation')}{found}; "
            "nothing has run"
        )

    def __str__(self) -> str:
        """The summary; then each step with its operations in words and in SQL."""
        lines = [self.summary]
        for step in self.steps:
            lines += ["", step.title, *_operations(step.operations)]
            lines += [f"  note: {step.note}"] if step.note else []
            lines += [indent(str(finding), "  ") for finding in step.findings]
        return "\n".join(lines)


@dataclass(frozen=True)
class SQLScript:
    """The script for one database system; ``note`` says why it is not whole."""

    dialect: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class SQLScripts(Result):
    """``sql``: the scripts that lead to a target, one for each database system."""

    holds_sql = True

    target: str
    scripts: tuple[SQLScript, ...]

    @property
    def rows(self) -> tuple[Any, ...]:
        """The scripts."""
        return self.scripts

    @property
    def sql(self) -> str:
        """The script, or all of them below each other."""
        return str(self)

    def __str__(self) -> str:
        """The scripts below each other, each under a comment that names its database."""
        parts = []
        for script in self.scripts:
            head = [f"-- {script.dialect}"] if len(self.scripts) > 1 else []
            tail = [f"-- {script.note}"] if script.note else []
            parts.append("\n".join([*head, *([script.text.strip()] if script.text.strip() else []), *tail]))
        return "\n\n".join(parts)


@dataclass(frozen=True)
class Explanation(Result):
    """``explain``: one revision, operation by operation: words, Python, and SQL for one database system."""

    holds_sql = True

    revision: RevisionInfo
    dialect: str
    upgrade: tuple[OperationText, ...]
    downgrade: tuple[OperationText, ...]
    upgrade_note: str = ""
    downgrade_note: str = ""

    @property
    def rows(self) -> tuple[Any, ...]:
        """The operations of both directions."""
        return tuple(
            _row(self.revision, name, one) for name, operations, _ in self.directions for one in operations
        )

    @property
    def statements(self) -> tuple[str, ...]:
        """The SQL of the upgrade."""
        return tuple(text for one in self.upgrade for text in one.statements)

    def __str__(self) -> str:
        """Both directions below each other."""
        info = self.revision
        lines = [f"Revision {info.id}, {info.message}" if info.message else f"Revision {info.id}"]
        lines.append(f"follows {position(info.down_revision)}; SQL for {self.dialect}")
        for name, operations, note in self.directions:
            lines += ["", f"{name}():", *(_operations(operations, python=True) or ["  nothing"])]
            lines += [f"  note: {note}"] if note else []
        return "\n".join(lines)

    @property
    def directions(self) -> tuple[tuple[str, tuple[OperationText, ...], str], ...]:
        """Name, operations and note of ``upgrade`` and ``downgrade``."""
        return (
            ("upgrade", self.upgrade, self.upgrade_note),
            ("downgrade", self.downgrade, self.downgrade_note),
        )


@dataclass(frozen=True)
class SchemaPicture(Result):
    """``erd``: tables, columns and keys; ``title`` says of what, ``note`` what the marks mean."""

    title: str
    dialect: str
    drawing: Drawing
    note: str = ""

    @property
    def rows(self) -> tuple[Any, ...]:
        """The tables."""
        return self.drawing.tables

    def __str__(self) -> str:
        """The tables as lines."""
        count = len(self.drawing.tables)
        lines = [f"{self.title} ({self.dialect}): {_counted(count, 'table')}", str(self.drawing)]
        return "\n".join(lines + ([f"note: {self.note}"] if self.note else []))


@dataclass(frozen=True)
class WalkStep:
    """One revision of a walk: what it does, and the schema after it with what it changed marked."""

    revision: RevisionInfo
    operations: tuple[OperationText, ...]
    drawing: Drawing
    source: str = ""
    note: str = ""

    @property
    def sentence(self) -> str:
        """What it does, in words."""
        return " ".join(one.words for one in self.operations) or "It changes nothing."

    @property
    def statements(self) -> tuple[str, ...]:
        """Its SQL."""
        return tuple(text for one in self.operations for text in one.statements)


@dataclass(frozen=True)
class Walk(Result):
    """``walk``: a history from its base on, one revision after the other."""

    holds_sql = True

    target: str
    dialect: str
    steps: tuple[WalkStep, ...]

    @property
    def rows(self) -> tuple[Any, ...]:
        """The operations of all steps."""
        return tuple(_row(step.revision, "upgrade", one) for step in self.steps for one in step.operations)

    @property
    def statements(self) -> tuple[str, ...]:
        """The SQL of all steps."""
        return tuple(text for step in self.steps for text in step.statements)

    def __str__(self) -> str:
        """Each revision with its operations, and the tables that it changed."""
        lines = [f"walk to {self.target}: {_counted(len(self.steps), 'revision')}; SQL for {self.dialect}"]
        for number, step in enumerate(self.steps, 1):
            info = step.revision
            lines += ["", f"{number}. {info.id}  {info.message}".rstrip(), *_operations(step.operations)]
            changed = step.drawing.changed
            keys = tuple(key for key in step.drawing.keys if key.source in {one.name for one in changed})
            lines += [indent(str(Drawing(changed, keys)), "   ")] if changed else []
            lines += [f"   note: {step.note}"] if step.note else []
        return "\n".join(lines)


@dataclass(frozen=True)
class Draft(Result):
    """``draft``: the text of the ``%%revision`` cell that does what the models ask for.

    ``state`` is "drafted", "written" (the cell has been run: ``revision`` is there) or "no changes".
    ``placed`` says that a front end has been given the text as the next cell.
    """

    state: Literal["drafted", "written", "no changes"]
    slug: str
    cell: str = ""
    changes: tuple[Change, ...] = ()
    questions: tuple[Question, ...] = ()
    revision: RevisionInfo | None = None
    placed: bool = False

    @property
    def rows(self) -> tuple[Any, ...]:
        """The changes."""
        return self.changes

    @property
    def summary(self) -> str:
        """What there is, and what to do with it."""
        if self.revision is not None:
            return f"Cell {self.slug} has been run: its revision is {self.revision.id}; nothing was drafted"
        if self.state == "no changes":
            return "No difference between models and database; nothing to draft"
        where = "it is in the next cell" if self.placed else "copy it into a new cell"
        count = _counted(len(self.changes), "change")
        return f"Draft of {self.slug}, {count}; no file is written: {where}, look, run it"

    def __str__(self) -> str:
        """The summary, the differences and the cell."""
        lines = [self.summary, *(f"  {change}" for change in self.changes)]
        lines += [f"  {question}" for question in self.questions]
        return "\n".join([*lines, "", self.cell.rstrip()] if self.cell else lines)


def _row(revision: RevisionInfo, direction: str, one: OperationText) -> dict[str, Any]:
    """One operation as a row of a table."""
    return {
        "revision": revision.id,
        "message": revision.message,
        "direction": direction,
        "operation": one.words,
        "rows": one.rows,
        "python": one.python,
        "statements": one.statements,
    }


def _operations(operations: Sequence[OperationText], *, python: bool = False) -> list[str]:
    lines: list[str] = []
    for number, one in enumerate(operations, 1):
        lines.append(f"  {number}. {one.words}" + (f" ({one.rows})" if one.rows else ""))
        if python and one.python:
            lines.append(indent(one.python.rstrip(), "     "))
        lines += _indented(one.statements)
    return lines


def _indented(statements: Iterable[str]) -> list[str]:
    return [indent(f"{text.strip()};", "     ") for text in statements]


def _counted(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
