"""How diff, check and a new revision look: differences a row each, with sign and word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbmigrate.notebook.explained import findings_table
from nbmigrate.notebook.runs import run
from nbmigrate.notebook.tables import (
    Cell,
    Html,
    clip,
    esc,
    facts,
    frame,
    listing,
    note,
    path_cell,
    plural,
    sql_lines,
    table,
)
from nbmigrate.results.differences import question_detail
from nbmigrate.results.text import position

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbmigrate import plans, results
    from nbmigrate.model.change import Change
    from nbmigrate.model.question import Question

__all__ = [
    "change_table",
    "check",
    "check_text",
    "diff",
    "draft",
    "functions_of",
    "json_text",
    "revision_created",
]

TABLE = 70_000  # bytes of a table of differences, which has a script or SQL below it


def _signed(change: Change) -> Html:
    tag = {"add": "ins", "drop": "del"}.get(change.kind, "span")
    text = esc(f"{change.sign} {change.kind}")
    return Html(f'<{tag} style="text-decoration:none;white-space:nowrap;">{text}</{tag}>')


def change_table(
    caption: str, changes: Sequence[Change], questions: Sequence[Question] = (), *, operations: bool = True
) -> Html:
    """Differences as a table, a row each: sign and word, object, before and after, rows, operation.

    Renames that may be meant come first, with the options that answer them where the others have operations.
    """
    rows: list[tuple[Cell | str, ...]] = [
        (
            Cell("? rename", mono=True, nowrap=True),
            Cell(question.object_kind, nowrap=True),
            Cell(question.old, mono=True),
            question_detail(question),
            question.rows,
            Cell(f"{question.rename}\nor {question.drop}", mono=True),
        )
        for question in questions
    ]
    rows += [
        (
            Cell(_signed(change), mono=True),
            Cell(change.object_kind, nowrap=True),
            Cell(change.name, mono=True),
            Cell(change.detail, mono=True),
            change.rows,
            Cell(_folded(change.operation) if operations else "", mono=True),
        )
        for change in changes
    ]
    heading = ("change", "what", "name", "detail", "rows", "operation")
    tints = ["quiet" for _ in questions] + [str(change.kind) for change in changes]
    return table(caption, heading, rows, tints=tints, limit=TABLE)


def _folded(operation: str) -> str:
    """An operation of several lines under its first, so that the rows of the table stay rows."""
    first, end, rest = operation.rstrip().partition("\n")
    if not end:
        return operation
    return Html(f"<details><summary>{esc(clip(first))}</summary>{esc(clip(rest))}</details>")


def diff(value: results.Diff) -> Html:
    """The diff table."""
    against = f"{value.metadata or 'models'} against {value.database}"
    shown = change_table(f"{value.summary} ({against})", value.changes, value.questions)
    told = note(f"note: {value.note}") if value.note else None
    if value.statements:
        title = f"SQL on {value.dialect}: {plural(len(value.statements), 'statement')}"
        told = listing(title, sql_lines(value.statements), opened=False, limit=30_000)
    if not value.questions:
        return frame(shown, told)
    yes = " ".join(question.rename for question in value.questions)
    ask = "A rename keeps the values. To answer, add one option of each row:"
    return frame(shown, note(f"{ask} %migrate revision --autogenerate {yes}"), told)


def json_text(value: results.JSONText) -> Html:
    """What a program is told."""
    return frame(listing("JSON", value.text))


def check(value: results.Check) -> Html:
    """No difference."""
    return frame(facts(str(value), [("database", Cell(value.database, mono=True))]))


def check_text(value: results.Check) -> str:
    """Alembic's line, and of which database."""
    return f"{value} ({value.database})"


def revision_created(value: results.RevisionCreated) -> Html:
    """The revision, its differences, its script and its SQL."""
    if value.revision is None:
        return frame(note(str(value)))
    info = value.revision
    pairs: list[tuple[str, Cell | str]] = [
        ("message", info.message),
        ("follows", Cell(position(info.down_revision), mono=True)),
        ("branch", Cell(", ".join(info.branch_labels), mono=True)),
        ("file", path_cell(info.path)),
        ("note", value.note),
    ]
    parts: list[Html | None] = [facts(f"Revision {info.id}: {value.state}", pairs)]
    if value.changes:
        caption = f"{plural(len(value.changes), 'change')} in it"
        parts.append(change_table(caption, value.changes, operations=False))
    if value.questions:
        caption = "Dropped and added, since this database holds nothing there; others may"
        parts.append(change_table(caption, (), value.questions))
    if value.source:
        # what a cell holds need not be shown again below it; what was generated must be seen
        source = functions_of(value.source) if value.changes else value.source
        parts.append(listing("Script", source, opened=bool(value.changes), limit=20_000))
    if value.statements:
        on = f" on {value.dialect}" if value.dialect else ""
        title = f"SQL of upgrade(){on}: {plural(len(value.statements), 'statement')}"
        parts.append(listing(title, sql_lines(value.statements), limit=20_000))
    parts.append(findings_table(value.findings))
    if value.applied is not None:
        parts.append(run(value.applied))
    return frame(*parts)


def functions_of(source: str) -> str:
    """A revision's source from its first function on: above that stands what the table says."""
    start = source.find("\ndef upgrade(")
    return source[start + 1 :] if start >= 0 else source


def draft(value: plans.Draft) -> Html:
    """The differences, and the cell's text to be copied where no front end took it."""
    if not value.cell:
        return frame(note(value.summary))
    shown = change_table(value.summary, value.changes, value.questions, operations=False)
    return frame(shown, listing("The cell", value.cell, opened=not value.placed))
