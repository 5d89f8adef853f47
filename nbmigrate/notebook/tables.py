"""HTML that keeps its meaning anywhere: one escape function, tables, listings, and the size limit.

Only inline styles without variables survive a notebook that isn't trusted, so tints are ``rgba`` and text has
no colour of its own (it takes the theme's). Whatever is not an ``Html`` value is escaped; nothing else in the
package makes HTML out of text.
"""

from __future__ import annotations

import html
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nbmigrate.results.text import visible

__all__ = [
    "Cell",
    "Html",
    "clip",
    "esc",
    "facts",
    "frame",
    "heading",
    "listing",
    "note",
    "path_cell",
    "plural",
    "sql_lines",
    "table",
    "visible",
]

HTML_LIMIT = 120_000
"""Bytes of HTML in one output; with the text beside it an output stays below 200 KB."""
TEXT_LIMIT = 60_000
CELL_LIMIT = 2_000

TINTS = {
    "add": "rgba(46,160,67,.20)",
    "drop": "rgba(248,81,73,.20)",
    "alter": "rgba(210,153,34,.22)",
    "quiet": "rgba(128,128,128,.14)",
}
MONO = "font-family:ui-monospace,Menlo,Consolas,monospace;"
_CELL_STYLE = "text-align:left;vertical-align:baseline;padding:3px 10px;line-height:20px;"
_TABLE_STYLE = "border-collapse:collapse;margin:0 0 6px 0;color:inherit;font-size:inherit;"


class Html(str):
    """Text that is HTML already; everything else gets escaped."""

    __slots__ = ()


def esc(text: str) -> Html:
    """The one way from text to HTML; ``Html`` passes through unchanged."""
    if isinstance(text, Html):
        return text
    return Html(html.escape(visible(text), quote=True))


def clip(text: str, limit: int = CELL_LIMIT) -> str:
    """Cut a long text and say how long it was."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}\N{HORIZONTAL ELLIPSIS} ({len(text):,} characters)"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its content, and how it looks; ``tight`` ones hold a drawing that touches its neighbours."""

    content: str
    mono: bool = False
    tint: str = ""
    tight: bool = False
    nowrap: bool = False
    title: str = ""


def plural(count: int, word: str) -> str:
    """A number and its word: ``1 row``, ``12,431 rows``."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def path_cell(path: str | None) -> Cell:
    """A path, short where it lies in the working folder."""
    if path and os.path.isabs(path):
        near = os.path.relpath(path)
        path = path if near.startswith(os.pardir) else near
    return Cell(path or "", mono=True)


def sql_lines(statements: Sequence[str]) -> str:
    """Statements below each other, each with its end."""
    return "\n".join(f"{statement.strip().rstrip(';')};" for statement in statements)


def _cell(cell: Cell | str, row_head: bool, tint: str) -> str:
    """One cell as HTML."""
    if isinstance(cell, str):
        cell = Cell(cell)
    style = "padding:0 4px;line-height:0;vertical-align:middle;" if cell.tight else _CELL_STYLE
    if cell.mono:
        style += MONO
    style += "white-space:nowrap;" if cell.nowrap or row_head else "white-space:pre-wrap;"
    background = TINTS.get(cell.tint or tint)
    if background:
        style += f"background:{background};"
    if row_head:
        style += "font-weight:normal;"
    title = f' title="{esc(clip(cell.title))}"' if cell.title else ""
    content = cell.content if isinstance(cell.content, Html) else esc(clip(cell.content))
    tag, scope = ("th", ' scope="row"') if row_head else ("td", "")
    return f'<{tag}{scope} style="{style}"{title}>{content}</{tag}>'


def table(
    caption: str,
    heading: Sequence[str],
    rows: Iterable[Sequence[Cell | str]],
    *,
    tints: Sequence[str] = (),
    row_head: int = 0,
    limit: int = HTML_LIMIT,
) -> Html:
    """A table with its caption; ``tints`` colours whole rows, column ``row_head`` names the row.

    Columns that are empty in every row are left out. Rows beyond ``limit`` bytes are counted, not shown.
    """
    every = [list(row) for row in rows]
    keep = [i for i in range(len(heading)) if any(_content(row[i]) for row in every)]
    head = "".join(
        f'<th scope="col" style="{_CELL_STYLE}white-space:nowrap;">{esc(clip(heading[i], 100))}</th>'
        for i in keep
    )
    body: list[str] = []
    size = 0
    for number, row in enumerate(every):
        tint = tints[number] if number < len(tints) else ""
        line = "".join(_cell(row[i], i == row_head, tint) for i in keep)
        size += len(line.encode("utf-8"))
        if size > limit:
            rest = f"{len(every) - number:,} more rows are not shown here; the value holds all of them"
            body.append(f'<tr><td colspan="{len(keep)}" style="{_CELL_STYLE}">{esc(rest)}</td></tr>')
            break
        body.append(f"<tr>{line}</tr>")
    inner = f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody>" if every else ""
    return Html(f'<table style="{_TABLE_STYLE}">{_caption(caption)}{inner}</table>')


def _content(cell: Cell | str) -> str:
    return cell if isinstance(cell, str) else cell.content


def _caption(text: str) -> str:
    wrap = "nowrap" if len(text) <= 110 else "normal"
    style = f"caption-side:top;text-align:left;font-weight:bold;padding:4px 10px;white-space:{wrap};"
    return f'<caption style="{style}">{esc(clip(text, 500))}</caption>'


def facts(caption: str, pairs: Sequence[tuple[str, Cell | str]], tints: Sequence[str] = ()) -> Html:
    """A table of names and values, one a row; empty values are left out."""
    shown = [(index, pair) for index, pair in enumerate(pairs) if _content(pair[1])]
    body = []
    for index, (name, value) in shown:
        tint = tints[index] if index < len(tints) else ""
        body.append(f"<tr>{_cell(name, True, '')}{_cell(value, False, tint)}</tr>")
    inner = f"<tbody>{''.join(body)}</tbody>" if body else ""
    return Html(f'<table style="{_TABLE_STYLE}">{_caption(caption)}{inner}</table>')


def listing(title: str, text: str, *, opened: bool = True, limit: int = TEXT_LIMIT) -> Html:
    """Code or SQL under a title that folds it; a long one is cut and says so."""
    lines = text.rstrip("\n").split("\n")
    size = 0
    for number, line in enumerate(lines):
        # as it will be written: a quotation mark takes six bytes
        size += len(esc(line).encode("utf-8")) + 1
        if size > limit:
            count = len(lines) - number
            lines = [
                *lines[:number],
                clip(line, limit // 6) if not number else "",
                f"\N{HORIZONTAL ELLIPSIS} {count:,} more lines are not shown here; the value holds them all",
            ]
            break
    style = f"{MONO}margin:4px 10px;padding:6px 10px;white-space:pre;overflow-x:auto;"
    style += f"background:{TINTS['quiet']};"
    is_open = " open" if opened else ""
    return Html(
        f'<details{is_open} style="margin:4px 0;">'
        f'<summary style="padding:2px 10px;">{esc(clip(title, 500))}</summary>'
        f'<pre style="{style}">{esc(chr(10).join(lines))}</pre></details>'
    )


def heading(text: str) -> Html:
    """What stands above a picture, as the caption does above a table."""
    return Html(f'<div style="padding:4px 10px;font-weight:bold;">{esc(clip(text, 500))}</div>')


def note(text: str) -> Html:
    """A line of prose."""
    return Html(f'<div style="padding:2px 10px;white-space:pre-wrap;">{esc(clip(text))}</div>')


def frame(*parts: Html | None) -> Html:
    """The whole output; the classes keep MathJax from reading dollar signs in names as formulas."""
    inner = "".join(part for part in parts if part)
    return Html(f'<div class="tex2jax_ignore mathjax_ignore" style="font-size:13px;">{inner}</div>')


def limited(text: str, limit: int = TEXT_LIMIT) -> str:
    """Text for ``text/plain``: hidden characters made visible, whole lines up to the limit."""
    shown = visible(text)
    if len(shown.encode("utf-8")) <= limit:
        return shown
    lines = shown.split("\n")
    kept: list[str] = []
    size = 0
    for line in lines:
        size += len(line.encode("utf-8")) + 1
        if size > limit:
            break
        kept.append(line)
    if not kept:
        return clip(shown, limit // 4)
    kept.append(f"... {len(lines) - len(kept):,} more lines; print() shows them all")
    return "\n".join(kept)
