"""How history, heads, branches, show, current and graph look: revisions beside their lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbmigrate.model.lanes import folded_nodes, folded_words, lanes_text, lay_out
from nbmigrate.notebook.branches import branches, branches_text
from nbmigrate.notebook.svg import lane_strips
from nbmigrate.notebook.tables import Cell, Html, clip, esc, frame, listing, note, plural, table
from nbmigrate.results.text import position

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbmigrate import results
    from nbmigrate.notebook.pictures import Picture

__all__ = [
    "current",
    "current_text",
    "graph",
    "history_table",
    "picture",
    "revisions",
    "revisions_text",
]

NEWEST = 30  # revisions that a long history always shows before it folds
ROWS = 60  # rows of a history on one screen


def current(value: results.Current) -> Html:
    """Where the database stands."""
    rows = [(Cell(""), value.unfinished, "unfinished", "")] if value.unfinished else []
    rows += [
        (Cell(info.id, mono=True), info.message, ", ".join(_words(info)), _seconds(info.created))
        for info in value.revisions
    ]
    rows += [
        (Cell(revision, mono=True), "", f"no file: {note}" if note else "no file for this revision", "")
        for revision, note in zip(value.missing, value.notes or ("",) * len(value.missing), strict=True)
    ]
    ids = [*(revision.id for revision in value.revisions), *value.missing]
    caption = f"{value.database} is at {position(ids)}"
    return frame(table(caption, ("revision", "message", "", "date"), rows))


def _seconds(created: str | None) -> str:
    """A date as it stands in the file, without what is less than a second."""
    return (created or "").partition(".")[0]


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
    listed = history_table(_caption(value), value.revisions, with_lanes=value.verb == "history")
    source = listing("Script", value.source) if value.source else None
    audit = listing("Audit log", str(value.audit)) if value.audit is not None else None
    return frame(listed, *branches(value, history_table), source, audit)


def _caption(value: results.Revisions) -> str:
    """The verb, how many revisions, where the database stands."""
    counted = plural(len(value.revisions), "revision")
    of_all = f" of {value.total:,}" if value.total > len(value.revisions) else ""
    at = f"; {value.database} is at {position(value.current)}" if value.database else ""
    return f"{value.verb}: {counted}{of_all}{at}"


def current_text(value: results.Current) -> str:
    """Where the database stands, then the lines that a terminal shows."""
    ids = [*(revision.id for revision in value.revisions), *value.missing]
    return f"{value.database} is at {position(ids)}\n{value}".rstrip()


def revisions_text(value: results.Revisions) -> str:
    """What the table says: a history beside its lanes; for other verbs, and verbose, the terminal's lines."""
    lines = [_caption(value)]
    infos = value.revisions
    if value.verb == "history" and not value.text.startswith("Rev:"):
        newest = NEWEST if len(infos) > NEWEST else len(infos)
        lines += [lanes_text(infos, newest=newest)] if infos else []
    elif value.text:
        # the script below says what stands in its docstring
        lines.append(value.text.partition("\n\n")[0] if value.source else value.text)
    lines += ["", value.source.rstrip()] if value.source else []
    lines += ["", str(value.audit)] if value.audit is not None else []
    lines += ["", branches_text(value)] if value.open else []
    return "\n".join(lines)


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
                Cell(_seconds(info.created), nowrap=True),
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
