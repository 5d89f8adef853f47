"""The schema as a picture: boxes with columns, crow's feet between them, marks for what changes.

By graphviz, as the revision graph is (``pictures``), under ids made here; names get into DOT as escaped text.
Where it can't draw, or where the picture would be too large for a page, the same as a table. A change has a
sign before its name besides its colour.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from nbmigrate.errors import CommandError
from nbmigrate.model.drawing import Drawing
from nbmigrate.notebook.pictures import mermaid_text, render_dot, restyled, save
from nbmigrate.notebook.tables import (
    HTML_LIMIT,
    Cell,
    Html,
    clip,
    esc,
    frame,
    heading,
    listing,
    note,
    plural,
    table,
    visible,
)

if TYPE_CHECKING:
    from nbmigrate import plans
    from nbmigrate.model.drawing import DrawnColumn, DrawnKey, DrawnTable

__all__ = [
    "Schema",
    "changes_in_words",
    "erd_mermaid",
    "erd_source",
    "schema_html",
    "schema_picture",
    "walk",
    "walk_step",
    "walked_picture",
]

TABLE_LIMIT = 60  # tables; beyond that nobody reads the picture
COLUMN_LIMIT = 24  # columns of a table that are drawn
TINTS = {"add": "#3fb95059", "drop": "#f8514959", "alter": "#d2992259", "": ""}
EDGES = {"add": "#3fb950", "drop": "#f85149", "alter": "#d29922", "": "#8c8c8c"}
LINES = "#8c8c8c"  # of boxes: seen on white and on black, quieter than the text
SIGNS = {"add": "+ ", "drop": "\N{MINUS SIGN} ", "alter": "~ ", "": ""}
LEGEND = "PK primary key, FK foreign key, UQ unique; crow's foot: many rows, bar: one, circle: or none"
MARK_WORDS = {"add": "added", "drop": "dropped", "alter": "altered"}
WHOLE = (
    "too many for one picture: %migrate erd --table 'order*' draws some with what stands next to them; "
    '.save("schema.svg") of the value draws all'
)
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
MARKS = "+ added, \N{MINUS SIGN} dropped, ~ altered"


def _text(text: str, limit: int = 40) -> str:
    """A name as text of an HTML-like label."""
    return html.escape(visible(clip(text.replace("\n", " "), limit)), quote=True)


def erd_source(drawing: Drawing) -> str:
    """The schema in DOT."""
    from graphviz import Digraph

    ids = {one.name: f"t{number}" for number, one in enumerate(drawing.tables)}
    dot = Digraph(
        graph_attr={
            **{"rankdir": "LR", "bgcolor": "transparent"},
            **{"nodesep": "0.3", "ranksep": "0.7", "pad": "0.02"},
        },
        node_attr={"shape": "plain", "fontname": "Helvetica", "fontsize": "10"},
        edge_attr={"arrowsize": "0.8", "dir": "both"},
    )
    for one in drawing.tables:
        dot.node(ids[one.name], f"<{_box(one)}>")
    for number, key in enumerate(drawing.keys):
        if key.target not in ids:  # a table of another schema, that is not drawn
            ids[key.target] = f"x{number}"
            dot.node(ids[key.target], f"<{_away(key.target)}>")
        dot.edge(
            ids[key.source],
            ids[key.target],
            arrowtail="teeodot" if key.one else "crowodot",
            arrowhead="teeodot" if key.optional else "teetee",
            color=EDGES[key.mark],
            style="dashed" if key.mark == "drop" else "solid",
        )
    return str(dot.source)


def _away(name: str) -> str:
    return f'<TABLE BORDER="1" CELLBORDER="0" COLOR="{LINES}"><TR><TD>{_text(name)}</TD></TR></TABLE>'


def _box(one: DrawnTable) -> str:
    """A table's box: its name, then a row a column."""
    shown = one.columns
    rest = 0
    if len(shown) > COLUMN_LIMIT:
        marked = [column for column in shown if column.mark or column.keys]
        shown = tuple(marked[:COLUMN_LIMIT]) or shown[:COLUMN_LIMIT]
        rest = len(one.columns) - len(shown)
    rows = [f'<TR><TD COLSPAN="3"{_tint(one.mark)}><B>{SIGNS[one.mark]}{_text(one.name)}</B></TD></TR><HR/>']
    rows += [_row(column) for column in shown]
    if rest:
        rows.append(f'<TR><TD COLSPAN="3" ALIGN="LEFT">{plural(rest, "column")} more</TD></TR>')
    opening = f'<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3" COLOR="{LINES}">'
    return f"{opening}{''.join(rows)}</TABLE>"


def _row(column: DrawnColumn) -> str:
    tint = _tint(column.mark)
    type_ = column.type if column.nullable or "PK" in column.keys else f"{column.type} NOT NULL"
    before = f" (was {column.before})" if column.before else ""
    cells = (f"{SIGNS[column.mark]}{column.name}", type_ + before, " ".join(column.keys))
    drawn = "".join(f'<TD ALIGN="LEFT"{tint}>{_text(cell, 60) or " "}</TD>' for cell in cells)
    return f"<TR>{drawn}</TR>"


def _tint(mark: str) -> str:
    return f' BGCOLOR="{TINTS[mark]}"' if TINTS[mark] else ""


def legend_of(drawing: Drawing) -> str:
    """What keys, ends and marks mean."""
    return f"{LEGEND}; {MARKS}" if drawing.changed else LEGEND


def drawn(drawing: Drawing, limit: int = HTML_LIMIT) -> Html | None:
    """The picture as an svg element; None where nothing can draw it, or it would be too large for a page."""
    if not 0 < len(drawing.tables) <= TABLE_LIMIT:
        return None
    answer = render_dot(erd_source(drawing))
    if answer is None:
        return None
    try:
        svg = restyled(answer[1])
    except (ElementTree.ParseError, ValueError):
        return None
    return Html(svg) if len(svg.encode("utf-8")) <= limit * 3 // 4 else None


def schema_html(drawing: Drawing, caption: str, limit: int = HTML_LIMIT) -> Html:
    """The picture with a caption and a legend; else the tables as one."""
    svg = drawn(drawing, limit)
    if svg is None:
        return schema_table(drawing, caption, limit)
    picture = f'<div style="padding:4px 10px;overflow-x:auto;">{svg}</div>'
    return Html(heading(caption) + picture + note(legend_of(drawing)))


def changes_in_words(drawing: Drawing) -> str:
    """How many tables there are, and which of them change."""
    counted = plural(len(drawing.tables), "table")
    marked = [f"{SIGNS[one.mark or 'alter'].strip()} {one.name}" for one in drawing.changed]
    return f"{counted}: {', '.join(marked)}" if marked else f"{counted}, none changed"


def walked_picture(drawing: Drawing) -> Html:
    """The schema at one step of a walk: all of it, else what changes with its neighbours."""
    if not drawing.tables:
        return note("no tables")
    shown = drawing if len(drawing.tables) <= TABLE_LIMIT else drawing.around(drawing.changed)
    rest = len(drawing.tables) - len(shown.tables)
    told = note(f"{plural(rest, 'other table')} not drawn: nothing changes there") if rest else Html("")
    if not shown.tables:
        return told
    svg = drawn(shown)
    if svg is None:
        return Html(schema_table(shown, changes_in_words(shown)) + told)
    return Html(svg + told + note(legend_of(shown)))


def schema_table(drawing: Drawing, caption: str, limit: int = HTML_LIMIT) -> Html:
    """The schema without a picture: a row a column; of many tables only those that change, and names."""
    tables = drawing.tables
    if len(tables) > TABLE_LIMIT and drawing.changed:
        tables = drawing.changed
        caption += f"; the {plural(len(tables), 'table')} that change"
    keys: dict[str, list[DrawnKey]] = {}
    for key in drawing.keys:
        keys.setdefault(key.source, []).append(key)
    rows: list[tuple[Cell | str, ...]] = []
    tints: list[str] = []
    for one in tables:
        refers = {name: key for key in keys.get(one.name, ()) for name in key.columns}
        for place, column in enumerate(one.columns):
            target = refers.get(column.name)
            to = f"\N{RIGHTWARDS ARROW} {target.target}" if target else ""
            name = f"{SIGNS[one.mark]}{one.name}" if place == 0 else ""
            was = f" (was {column.before})" if column.before else ""
            rows.append((name, f"{SIGNS[column.mark]}{column.name}", column.words + was, to))
            tints.append(column.mark)
        if not one.columns:
            rows.append((f"{SIGNS[one.mark]}{one.name}", "", "no columns", ""))
            tints.append(one.mark)
    return table(caption, ("table", "column", "type", "refers to"), rows, tints=tints, limit=limit * 3 // 4)


def schema_picture(value: plans.SchemaPicture | Schema) -> Html:
    """``erd``: the whole schema; of more tables than one can look at, those that change, else a list."""
    drawing = value.drawing
    count = len(drawing.tables)
    caption = f"{value.title}: {plural(count, 'table')}"
    said = note(value.note) if value.note else None
    if count <= TABLE_LIMIT:
        return frame(schema_html(drawing, caption), said)
    if drawing.changed:
        shown = drawing.around(drawing.changed)
        caption += f"; {plural(len(drawing.changed), 'table')} with changes, and what stands next to them"
        return frame(schema_html(shown, caption), said, note(WHOLE))
    lines = [_in_a_line(one, drawing.keys) for one in drawing.tables]
    listed = listing("Tables", "\n".join(lines), limit=HTML_LIMIT // 2)
    return frame(heading(caption), listed, said, note(WHOLE))


def _in_a_line(one: DrawnTable, keys: tuple[DrawnKey, ...]) -> str:
    """A table without its columns."""
    targets = dict.fromkeys(key.target for key in keys if key.source == one.name)
    to = f" \N{RIGHTWARDS ARROW} {', '.join(targets)}" if targets else ""
    return clip(f"{one.name}  ({plural(len(one.columns), 'column')}){to}".replace("\n", " "), 300)


@dataclass(frozen=True)
class Schema:
    """What ``%migrate erd`` returns: the schema, its picture, and ``save()``.

    Attributes of the schema (``drawing``, ``title``, ...) can be read from it.
    """

    value: plans.SchemaPicture

    def __getattr__(self, name: str) -> Any:
        """The schema's attributes."""
        if name == "value" or name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.value, name)

    def __str__(self) -> str:
        """The tables as lines."""
        return str(self.value)

    @property
    def dot(self) -> str:
        """The schema in DOT."""
        return erd_source(self.value.drawing)

    @property
    def mermaid(self) -> str:
        """The schema in Mermaid."""
        return erd_mermaid(self.value.drawing)

    @property
    def svg(self) -> str:
        """The whole picture as an svg element; ``CommandError`` where nothing can draw it."""
        answer = render_dot(self.dot)
        if answer is None:
            raise CommandError(
                "an .svg needs Graphviz: install its dot program, or pip install 'nbmigrate[dot]'; .dot and "
                ".mmd need nothing"
            )
        return restyled(answer[1])

    def save(self, path: str | Path) -> Path:
        """Write the whole picture: ``.svg``, ``.dot`` (or ``.gv``) or ``.mmd`` by the end of the name."""
        return save(path, svg=lambda: self.svg, dot=lambda: self.dot, mermaid=lambda: self.mermaid)


def erd_mermaid(drawing: Drawing) -> str:
    """The schema in Mermaid, for READMEs; marks stand in the comments."""
    ids = {one.name: f"t{number}" for number, one in enumerate(drawing.tables)}
    lines = ["erDiagram"]
    for one in drawing.tables:
        lines.append(f'    {ids[one.name]}["{mermaid_text(SIGNS[one.mark] + one.name)}"] {{')
        lines += [f"        {_mermaid_column(column, place)}" for place, column in enumerate(one.columns)]
        lines.append("    }")
    for number, key in enumerate(drawing.keys):
        if key.target not in ids:
            ids[key.target] = f"x{number}"
            lines.append(f'    {ids[key.target]}["{mermaid_text(key.target)}"]')
        many, one_ = "|o" if key.one else "}o", "o|" if key.optional else "||"
        label = mermaid_text(SIGNS[key.mark] + ", ".join(key.columns))
        lines.append(f'    {ids[key.source]} {many}--{one_} {ids[key.target]} : "{label}"')
    return "\n".join(lines) + "\n"


def _mermaid_column(column: DrawnColumn, place: int) -> str:
    """Type, name, keys, and in words what Mermaid's own grammar has no room for."""
    plain = column.name if _WORD.fullmatch(column.name) else f"column_{place}"
    keys = ", ".join({"UQ": "UK"}.get(key, key) for key in column.keys)
    said = [] if plain == column.name else [column.name]
    said += ["NOT NULL"] if not column.nullable and "PK" not in column.keys else []
    said += [MARK_WORDS[column.mark]] if column.mark else []
    said += [f"was {column.before}"] if column.before else []
    comment = f'"{mermaid_text("; ".join(said))}"' if said else ""
    type_ = "_".join(re.findall(r"[A-Za-z0-9]+", column.type)) or "unknown"
    return " ".join(filter(None, (type_ if type_[0].isalpha() else f"t_{type_}", plain, keys, comment)))


def walk(value: plans.Walk) -> Html:
    """``walk`` as a list of steps, each folded but the last."""
    if not value.steps:
        return frame(note("walk: no revisions"))
    share = max(4_000, (HTML_LIMIT - 10_000) // len(value.steps))
    parts = []
    for number, step in enumerate(value.steps, 1):
        title = clip(f"{number}. {step.revision.id}  {step.revision.message}".rstrip(), 200)
        parts.append(_walk_step(title, step, share, opened=number == len(value.steps)))
        if sum(len(part) for part in parts) > HTML_LIMIT * 3 // 4 and number < len(value.steps):
            parts.append(note(f"{plural(len(value.steps) - number, 'revision')} more are not shown here"))
            break
    counted = plural(len(value.steps), "revision")
    return frame(heading(f"walk to {value.target}: {counted}; SQL for {value.dialect}"), *parts)


def _walk_step(title: str, step: plans.WalkStep, share: int, *, opened: bool) -> Html:
    body = walk_step(step, share)
    state = " open" if opened else ""
    summary = f'<summary style="padding:2px 10px;">{esc(title)}</summary>'
    return Html(f'<details{state} style="margin:2px 0;">{summary}{body}</details>')


def _step_drawn(drawing: Drawing, share: int) -> list[Html]:
    """The schema after a step as a picture; else what it changes as a table, and the rest by name."""
    svg = drawn(drawing, share)
    if svg is not None:
        picture = Html(f'<div style="padding:4px 10px;overflow-x:auto;">{svg}</div>')
        return [picture, note(legend_of(drawing))]
    names = {one.name for one in drawing.changed}
    rest = [one.name for one in drawing.tables if one.name not in names]
    parts = [note(clip(f"as before: {', '.join(rest)}", 300))] if rest else []
    if not names:
        return parts
    keys = tuple(key for key in drawing.keys if key.source in names)
    changes = f"{plural(len(names), 'table')} with changes"
    return [schema_table(Drawing(drawing.changed, keys), changes, share), *parts]


def walk_step(step: plans.WalkStep, share: int) -> Html:
    """One revision: the sentence, the picture, the Python, the SQL."""
    parts: list[Any] = [note(clip(step.sentence, 600)), *_step_drawn(step.drawing, share)]
    if step.note:
        parts.append(note(f"note: {step.note}"))
    parts.append(listing("Python", step.source, opened=False, limit=share // 4))
    if step.statements:
        sql = ";\n\n".join(text.strip() for text in step.statements) + ";"
        parts.append(listing("SQL", sql, opened=False, limit=share // 4))
    return Html("".join(parts))
