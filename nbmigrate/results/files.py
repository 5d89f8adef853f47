"""What the verbs return that write files, or name a project: connect, init, revision, merge, edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from nbmigrate.model.value import value
from nbmigrate.results.result import Result

if TYPE_CHECKING:
    from nbmigrate.model.change import Change
    from nbmigrate.model.finding import Finding
    from nbmigrate.model.question import Question
    from nbmigrate.results.revisions import RevisionInfo
    from nbmigrate.results.runs import Run


@value
class Connected(Result):
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
class Init(Result):
    """``init``: the files of the migration environment."""

    directory: str
    files: tuple[FileState, ...]

    @property
    def rows(self) -> tuple[Any, ...]:
        """The files."""
        return self.files

    def __str__(self) -> str:
        """A line per file."""
        if all(f.state == "unchanged" for f in self.files):
            return f"{self.directory} is a migration environment already; nothing changed"
        lines = [f"Migration environment in {self.directory}"]
        return "\n".join(lines + [f"  {f.state:9} {f.path}" for f in self.files])


@value
class Templates(Result):
    """``list_templates``: name and first line of each."""

    templates: tuple[tuple[str, str], ...]

    @property
    def rows(self) -> tuple[Any, ...]:
        """Name and first line of each."""
        return tuple({"template": name, "text": text} for name, text in self.templates)

    def __str__(self) -> str:
        """A line per template, and how to use one."""
        lines = ["Available templates:", ""]
        lines += [f"{name} - {text}" for name, text in self.templates]
        return "\n".join([*lines, "", "Templates are used via the 'init' command, e.g.:", "",
                          "  nbmigrate init --template generic ./scripts"])  # fmt: skip


@value
class Edited(Result):
    """``edit``: the files that were opened, one after another."""

    paths: tuple[str, ...]

    @property
    def rows(self) -> tuple[Any, ...]:
        """The files."""
        return tuple({"path": path} for path in self.paths)

    def __str__(self) -> str:
        """A line per file."""
        return "\n".join(f"Edited {path}" for path in self.paths)


@value
class RevisionCreated(Result):
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

    holds_sql = True

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
