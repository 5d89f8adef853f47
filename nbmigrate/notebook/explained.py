"""How plans, explanations and model cells look: what is shown before anything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbmigrate.notebook.tables import Cell, Html, frame, listing, note, plural, sql_lines, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbmigrate import plans
    from nbmigrate.model.finding import Finding
    from nbmigrate.notebook.models import Models

__all__ = ["explanation", "findings_table", "models", "plan", "sql_scripts"]


def models(value: Models) -> Html:
    """The model cells, and what names a table or class that no cell defines."""
    rows = [(Cell(cell.group, mono=True), Cell(", ".join(cell.classes), mono=True)) for cell in value.cells]
    tints = ["add" if cell.group == value.group else "" for cell in value.cells]
    shown = table(value.summary, ("cell", "classes"), rows, tints=tints)
    return frame(shown, *(note(f"note: {text}") for text in value.notes))


def plan(value: plans.Plan) -> Html:
    """The steps with their operations in words and what they do to rows; then all of the SQL."""
    if not value.steps:
        return frame(note(value.summary))
    rows: list[tuple[Cell | str, ...]] = []
    tints: list[str] = []
    for step in value.steps:
        first = Cell(step.title)
        for operation in step.operations:
            rows.append((first, operation.words, operation.rows))
            tints.append("alter" if operation.rows else "")
            first = Cell("")
        if step.note or not step.operations:
            rows.append((first, f"note: {step.note}" if step.note else "nothing", ""))
            tints.append("alter" if step.note else "")
    shown = table(value.summary, ("step", "what it does", "rows"), rows, tints=tints, limit=60_000)
    sql = "\n\n".join(
        f"-- {step.direction} {step.revision.id}\n{sql_lines(step.statements)}"
        for step in value.steps
        if step.statements
    )
    count = sum(len(step.statements) for step in value.steps)
    title = f"SQL on {value.dialect}: {plural(count, 'statement')}"
    found = findings_table([finding for step in value.steps for finding in step.findings])
    return frame(shown, found, listing(title, sql, limit=40_000) if sql else None)


def findings_table(findings: Sequence[Finding]) -> Html | None:
    """What lint says, a row each: the rule, the object, why, the safe way."""
    if not findings:
        return None
    rows = [
        (Cell(f"! {one.rule}", mono=True), Cell(one.about, mono=True), one.why, one.instead)
        for one in findings
    ]
    heading = ("finding", "about", "why", "instead")
    tints = ["alter" for _ in findings]
    return table(plural(len(findings), "finding"), heading, rows, tints=tints, limit=20_000)


def sql_scripts(value: plans.SQLScripts) -> Html:
    """One script, or several side by side."""
    shown = [
        Html(
            listing(f"SQL for {script.dialect}", script.text.strip(), limit=50_000 // len(value.scripts))
            + (note(script.note) if script.note else "")
        )
        for script in value.scripts
    ]
    if len(shown) == 1:
        return frame(shown[0])
    caption = f"SQL to {value.target} for {plural(len(shown), 'database')}"
    heading = [script.dialect for script in value.scripts]
    return frame(table(caption, heading, [[Cell(one) for one in shown]], row_head=-1))


def explanation(value: plans.Explanation) -> Html:
    """Each operation in a row: words, Python, SQL."""
    info = value.revision
    parts = []
    for name, operations, why in value.directions:
        rows = [
            (Cell(one.words), Cell(one.python, mono=True), Cell(sql_lines(one.statements), mono=True))
            for one in operations
        ]
        title = f"{name}() of {info.id}, {info.message}" if info.message else f"{name}() of {info.id}"
        caption = f"{title}: {plural(len(rows), 'operation')}"
        heading = ("what it does", "Python", f"SQL on {value.dialect}")
        parts.append(table(caption, heading, rows, row_head=-1, limit=50_000))
        if why:
            parts.append(note(f"note: {why}"))
    return frame(*parts)
