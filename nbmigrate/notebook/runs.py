"""How upgrade, downgrade and stamp look: what ran, step by step, with its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbmigrate.notebook.tables import Cell, Html, facts, frame, listing, note, plural, sql_lines, table
from nbmigrate.results.text import position

if TYPE_CHECKING:
    from nbmigrate import results

__all__ = ["run", "sql_text", "stamped"]


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms"


def run(value: results.Run) -> Html:
    """What an upgrade or downgrade ran, and where the database stands now."""
    if not value.steps:
        return frame(note(str(value)))
    word = "Upgraded" if value.direction == "upgrade" else "Downgraded"
    count, time = plural(len(value.steps), "revision"), _milliseconds(value.seconds)
    caption = f"{word} {value.database}: {count} in {time}, now at {position(value.after)}"
    if value.places:
        caption = f"{word} {len(value.places)} databases: {count} in {time}; {'; '.join(value.standing)}"
    rows = [
        (
            Cell(step.direction, nowrap=True),
            Cell(f"{position(step.source)} \N{RIGHTWARDS ARROW} {position(step.destination)}", mono=True),
            step.revision.message,
            Cell(str(len(step.statements)), nowrap=True),
            Cell(_milliseconds(step.seconds), nowrap=True),
        )
        for step in value.steps
    ]
    heading = ("step", "from \N{RIGHTWARDS ARROW} to", "message", "statements", "time")
    tints = ["add" if step.direction == "upgrade" else "alter" for step in value.steps]
    shown = table(caption, heading, rows, tints=tints, row_head=1, limit=60_000)
    sql = "\n\n".join(
        f"-- {step.direction} {step.revision.id}\n{sql_lines(step.statements)}"
        for step in value.steps
        if step.statements
    )
    return frame(shown, listing("SQL that ran", sql, opened=False, limit=40_000) if sql else None)


def sql_text(value: results.SQLText) -> Html:
    """SQL that was asked for instead of a run."""
    return frame(listing(f"SQL for {value.dialect}", value.text))


def stamped(value: results.Stamped) -> Html:
    """The position that was written."""
    if value.places:
        return frame(*(note(line) for line in value.standing))
    pairs = [
        ("database", Cell(value.database, mono=True)),
        ("before", Cell(position(value.before), mono=True)),
        ("now", Cell(position(value.after), mono=True)),
    ]
    caption = "Stamped already" if value.before == value.after else "Stamped; no revision ran"
    return frame(facts(caption, pairs))
