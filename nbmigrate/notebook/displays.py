"""How each result looks in a notebook: ``text/html`` and a complete ``text/plain``, always both.

One function a type; ``register`` hands them to IPython's formatters by name, so that loading the extension
imports none of the types. The results themselves know no HTML.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from nbmigrate.model.lanes import folded_nodes, folded_words, lay_out
from nbmigrate.notebook import explained, project
from nbmigrate.notebook.branches import branches, branches_text
from nbmigrate.notebook.svg import lane_strips
from nbmigrate.notebook.tables import (
    Cell,
    Html,
    clip,
    esc,
    facts,
    frame,
    limited,
    listing,
    note,
    path_cell,
    plural,
    sql_lines,
    table,
)
from nbmigrate.results import position, question_detail

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nbmigrate import results
    from nbmigrate.model.change import Change
    from nbmigrate.model.question import Question
    from nbmigrate.notebook.pictures import Picture

__all__ = ["functions_of", "html_of", "register", "unregister"]

NEWEST = 30  # revisions that a long history always shows before it folds
ROWS = 60  # rows of a history on one screen


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms"


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
            Cell(change.operation if operations else "", mono=True),
        )
        for change in changes
    ]
    heading = ("change", "what", "name", "detail", "rows", "operation")
    tints = ["quiet" for _ in questions] + [str(change.kind) for change in changes]
    return table(caption, heading, rows, tints=tints)


def diff(value: results.Diff) -> Html:
    """The diff table."""
    against = f"{value.metadata or 'models'} against {value.database}"
    shown = change_table(f"{value.summary} ({against})", value.changes, value.questions)
    if not value.questions:
        return frame(shown)
    yes = " ".join(question.rename for question in value.questions)
    told = "A rename keeps the values. To answer, add one option of each row:"
    return frame(shown, note(f"{told} %migrate revision --autogenerate {yes}"))


def json_text(value: results.JSONText) -> Html:
    """What a program is told."""
    return frame(listing("JSON", value.text))


def check(value: results.Check) -> Html:
    """No difference."""
    return frame(facts(str(value), [("database", Cell(value.database, mono=True))]))


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
        parts.append(listing("Script", source, opened=bool(value.changes), limit=30_000))
    if value.statements:
        on = f" on {value.dialect}" if value.dialect else ""
        title = f"SQL of upgrade(){on}: {plural(len(value.statements), 'statement')}"
        parts.append(listing(title, sql_lines(value.statements), limit=30_000))
    parts.append(explained.findings_table(value.findings))
    if value.applied is not None:
        parts.append(run(value.applied))
    return frame(*parts)


def functions_of(source: str) -> str:
    """A revision's source from its first function on: above that stands what the table says."""
    start = source.find("\ndef upgrade(")
    return source[start + 1 :] if start >= 0 else source


def run(value: results.Run) -> Html:
    """What an upgrade or downgrade ran, and where the database stands now."""
    if not value.steps:
        return frame(note(str(value)))
    word = "Upgraded" if value.direction == "upgrade" else "Downgraded"
    count, time = plural(len(value.steps), "revision"), _milliseconds(value.seconds)
    caption = f"{word} {value.database}: {count} in {time}, now at {position(value.after)}"
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
    pairs = [
        ("database", Cell(value.database, mono=True)),
        ("before", Cell(position(value.before), mono=True)),
        ("now", Cell(position(value.after), mono=True)),
    ]
    caption = "Stamped already" if value.before == value.after else "Stamped; no revision ran"
    return frame(facts(caption, pairs))


def edited(value: results.Edited) -> Html:
    """The files that were opened."""
    return frame(facts("Edited", [("file", path_cell(path)) for path in value.paths]))


def current(value: results.Current) -> Html:
    """Where the database stands."""
    rows = [(Cell(""), value.unfinished, "unfinished", "")] if value.unfinished else []
    rows += [
        (Cell(info.id, mono=True), info.message, ", ".join(_words(info)), info.created or "")
        for info in value.revisions
    ]
    rows += [
        (Cell(revision, mono=True), "", f"no file: {note}" if note else "no file for this revision", "")
        for revision, note in zip(value.missing, value.notes or ("",) * len(value.missing), strict=True)
    ]
    ids = [*(revision.id for revision in value.revisions), *value.missing]
    caption = f"{value.database} is at {position(ids)}"
    return frame(table(caption, ("revision", "message", "", "date"), rows))


def _words(info: results.RevisionInfo) -> list[str]:
    """What is to be said of a revision besides id, message and status."""
    said = [
        word
        for word, holds in (
            ("head", info.is_head),
            ("base", info.is_base),
            ("branch point", info.is_branch_point),
            ("merge point", info.is_merge_point),
        )
        if holds
    ]
    said += [f"branch: {label}" for label in info.branch_labels]
    said += [f"depends on {revision}" for revision in info.depends_on]
    return said


def _status(info: results.RevisionInfo) -> str:
    status = "" if info.status == "unknown" else info.status
    return f"{status}, the database is here" if info.is_current else status


def revisions(value: results.Revisions) -> Html:
    """A history beside its lanes; long ones are folded to a screen."""
    shown = list(value.revisions)
    counted = plural(len(shown), "revision")
    of_all = f" of {value.total:,}" if value.total > len(shown) else ""
    caption = f"{value.verb}: {counted}{of_all}"
    if value.database:
        caption += f"; {value.database} is at {position(value.current)}"
    listed = history_table(caption, shown, with_lanes=value.verb == "history")
    source = listing("Script", value.source) if value.source else None
    audit = listing("Audit log", str(value.audit)) if value.audit is not None else None
    return frame(listed, *branches(value, history_table), source, audit)


def history_table(caption: str, infos: Sequence[results.RevisionInfo], *, with_lanes: bool = True) -> Html:
    """Revisions a row each, with the graph drawn in the first column."""
    by_id = {info.id: info for info in infos}
    lanes = lay_out(folded_nodes(infos, NEWEST if len(infos) > NEWEST else len(infos)))
    cut = lanes.rows[:ROWS]
    strips: Sequence[str] = [""] * len(lanes.rows)
    if with_lanes:
        applied = {info.id for info in infos if info.status == "applied"}
        strips = lane_strips(lanes, applied, {info.id for info in infos if info.is_head})
    rows: list[tuple[Cell | str, ...]] = []
    tints = []
    for row, strip in zip(cut, strips, strict=False):
        drawing = Cell(strip, tight=True)
        if row.node.folded:
            text = folded_words(row.node, dict(by_id))
            rows.append((drawing, "\N{HORIZONTAL ELLIPSIS}", Cell(text, nowrap=True), "", "", ""))
            tints.append("")
            continue
        info = by_id[row.node.key]
        message = Cell(clip(info.message.replace("\n", " "), 72), nowrap=True, title=info.message)
        words = Cell(", ".join(_words(info)), nowrap=True)
        rows.append(
            (
                drawing,
                Cell(info.id, mono=True),
                message,
                Cell(_status(info), nowrap=True),
                words,
                Cell(info.created or "", nowrap=True),
            )
        )
        tints.append("add" if info.is_current else "")
    heading = ("", "revision", "message", "status", "", "date")
    shown = table(caption, heading, rows, tints=tints, row_head=1)
    rest = len(lanes.rows) - len(cut)
    return Html(shown + note(f"{rest:,} more rows are not shown; print() shows every one")) if rest else shown


def picture(value: Picture) -> Html:
    """The graph's picture, with a legend in words."""
    graph = value.graph
    applied = sum(info.status == "applied" for info in graph.revisions)
    caption = plural(len(graph.revisions), "revision")
    if graph.database:
        caption += f", {applied:,} applied; {graph.database} is at {position(graph.current)}"
    title = Html(f'<div style="padding:4px 10px;font-weight:bold;">{esc(clip(caption, 500))}</div>')
    if not graph.revisions:
        return frame(title, note("No revisions yet"))
    engine, svg = value.drawn
    drawn = Html(f'<div style="padding:4px 10px;overflow-x:auto;white-space:pre-line;">{svg}</div>')
    return frame(title, drawn, note(_legend(graph, engine)), _hint(engine))


def graph(value: results.Graph) -> Html:
    """The picture of a graph that came from Python (``Migrator.graph()``)."""
    from nbmigrate.notebook.pictures import Picture

    return picture(Picture(value))


def _legend(graph: results.Graph, engine: str) -> str:
    shape, ring = ("box", "double border") if engine != "lanes" else ("dot", "ring")
    said = []
    if graph.database:
        said.append(f"filled {shape}: applied; hollow {shape}: pending")
    said.append(f"{ring}: head")
    said.append("arrows: from parent to child" if engine != "lanes" else "newest on top")
    if any(info.depends_on for info in graph.revisions):
        said.append(
            "dashed arrow: depends on" if engine != "lanes" else "what depends on a revision joins it"
        )
    if graph.database and engine != "lanes":
        said.append("tag: where the database stands")
    return "; ".join(said)


def _hint(engine: str) -> Html | None:
    if engine != "lanes":
        return None
    return note("Boxes and arrows need Graphviz: install its dot program, or pip install 'nbmigrate[dot]'")


def card(value: results.Card) -> Html:
    """Where everything stands."""
    pairs: list[tuple[str, Cell | str]] = [
        ("database", Cell(value.database, mono=True)),
        ("kind", value.dialect),
        ("migrations", path_cell(value.directory) if value.directory else "none yet: %migrate init"),
        ("at", Cell(position(value.current), mono=True)),
        ("heads", Cell(position(value.heads), mono=True)),
        ("pending", plural(value.pending, "revision")),
    ]
    tints = ["", "", "", "", "", "alter" if value.pending else ""]
    if value.diff is not None:
        pairs.append(("models", f"{value.metadata or 'models'}: {value.diff.summary}"))
        tints.append("alter" if value.diff else "")
    else:
        pairs.append(("models", value.note))
    return frame(facts("nbmigrate", pairs, tints))


_RESULTS: dict[str, Callable[[Any], Html]] = {
    "Connected": project.connected,
    "Init": project.initialised,
    "Templates": project.templates,
    "RevisionCreated": revision_created,
    "Run": run,
    "SQLText": sql_text,
    "Stamped": stamped,
    "Edited": edited,
    "Current": current,
    "Revisions": revisions,
    "Graph": graph,
    "Diff": diff,
    "Check": check,
    "JSONText": json_text,
    "Card": card,
}


def schema_picture(value: Any) -> Html:
    """``erd``; what draws is imported when something is drawn."""
    from nbmigrate.notebook import erd

    return erd.schema_picture(value)


def walk(value: Any) -> Html:
    """``walk``, one revision below the other."""
    from nbmigrate.notebook import erd

    return erd.walk(value)


_TYPES: dict[tuple[str, str], Callable[[Any], Html]] = {
    **{("nbmigrate.results", name): function for name, function in _RESULTS.items()},
    ("nbmigrate.notebook.pictures", "Picture"): picture,
    ("nbmigrate.notebook.models", "Models"): explained.models,
    **{("nbmigrate.plans", name): function for name, function in explained.PLANS.items()},
    ("nbmigrate.plans", "SchemaPicture"): schema_picture,
    ("nbmigrate.plans", "Walk"): walk,
}


def html_of(value: Any) -> str | None:
    """The HTML of a result, None for anything else."""
    function = _TYPES.get((type(value).__module__, type(value).__name__))
    return str(function(value)) if function is not None else None


def text_of(value: Any) -> str:
    """What ``str()`` gives; where Alembic prints nothing at all, a line that says so.

    Paths below the working folder are shown from there: a saved notebook need not tell where it was run.
    """
    text = str(value)
    if getattr(value, "open", None):
        text = f"{text}\n\n{branches_text(value)}"
    text = text.replace(f"{os.getcwd()}{os.sep}", "")
    if not text and hasattr(value, "database"):
        kind = type(value).__name__
        text = f"{value.database} is at base" if kind == "Current" else f"{value.verb}: none"
    return limited(text)


def _plain(value: Any, printer: Any, cycle: bool) -> None:
    printer.text(text_of(value))


def register(formatter: Any) -> None:
    """Give IPython's display formatter a display for every result type."""
    for module, name in _TYPES:
        formatter.formatters["text/html"].for_type_by_name(module, name, html_of)
        formatter.formatters["text/plain"].for_type_by_name(module, name, _plain)


def unregister(formatter: Any) -> None:
    """Take the displays away again."""
    for module, name in _TYPES:
        for mimetype in ("text/html", "text/plain"):
            formatter.formatters[mimetype].pop((module, name), None)
            formatter.formatters[mimetype].pop(f"{module}.{name}", None)
