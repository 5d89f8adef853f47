"""Lanes as SVG: a strip for one table row, or the whole graph as one picture.

Strokes and fills are ``currentColor`` or mid-tone colours, so that a picture reads on a light and on a dark
page. Filled dot: applied; hollow dot: pending; a ring around it: head.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nbmigrate.model.lanes import Lanes, Row
from nbmigrate.notebook.tables import Html, esc

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbmigrate.model.lanes import Node

__all__ = ["lane_strips", "lanes_picture"]

STEP = 16  # from lane to lane
HEIGHT = 28  # of a row
# Okabe and Ito's, without yellow and black: told apart by colour-blind people, seen on white and on black
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")


def _x(lane: int) -> float:
    return STEP / 2 + lane * STEP


def _colour(lane: int) -> str:
    return COLOURS[lane % len(COLOURS)]


def _number(value: float) -> str:
    return f"{value:g}"


def _path(here: int, below: int, part: str, rim: int) -> str:
    """The half of a line that lies in one row: leaving it ("out") or reaching it ("in").

    ``rim`` is how far from the row's middle it ends, so that a hollow dot stays hollow on any page.
    """
    start, end, mid = _x(here), _x(below), HEIGHT // 2
    half = (start + end) / 2
    if here == below:
        top, bottom = (mid + rim, HEIGHT) if part == "out" else (0, mid - rim)
        steps = f"M{_number(start)} {top}V{bottom}"
    elif part == "out":
        steps = f"M{_number(start)} {mid + rim}Q{_number(start)} {HEIGHT - 3} {_number(half)} {HEIGHT}"
    else:
        steps = f"M{_number(half)} 0Q{_number(end)} 3 {_number(end)} {mid - rim}"
    return f'<path d="{steps}" stroke="{_colour(max(here, below))}" stroke-width="2" fill="none"/>'


def _dot(row: Row, applied: bool, head: bool) -> str:
    x, y = _number(_x(row.lane)), HEIGHT // 2
    if row.node.folded:
        dots = "".join(f'<circle cx="{x}" cy="{y + dy}" r="1.6" fill="currentColor"/>' for dy in (-5, 0, 5))
        return dots
    fill = "currentColor" if applied else "none"
    shape = f'<circle cx="{x}" cy="{y}" r="4" fill="{fill}" stroke="currentColor" stroke-width="1.6"/>'
    if head:
        shape += f'<circle cx="{x}" cy="{y}" r="7" fill="none" stroke="currentColor" stroke-width="1.2"/>'
    return shape


def _rows(lanes: Lanes, applied: set[str], heads: set[str]) -> list[str]:
    """The drawing of each row, without the svg element around it."""
    drawn = []
    above: Sequence[tuple[int, int]] = ()
    for row in lanes.rows:
        rim = 7 if row.node.folded or row.node.key in heads else 5
        parts = [_path(here, below, "in", rim if below == row.lane else 0) for here, below in above]
        parts += [_path(here, below, "out", rim if here == row.lane else 0) for here, below in row.lines]
        parts.append(_dot(row, row.node.key in applied, row.node.key in heads))
        drawn.append("".join(parts))
        above = row.lines
    return drawn


def lane_strips(lanes: Lanes, applied: set[str], heads: set[str]) -> list[Html]:
    """One svg element per row, to stand in a table whose rows are as high as the strips."""
    width = lanes.width * STEP
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{HEIGHT}" '
        f'viewBox="0 0 {width} {HEIGHT}" style="display:block;max-width:none;" aria-hidden="true">'
    )
    return [Html(f"{opening}{drawn}</svg>") for drawn in _rows(lanes, applied, heads)]


def lanes_picture(lanes: Lanes, applied: set[str], heads: set[str], label: Callable[[Node], str]) -> Html:
    """All rows in one svg element, each with its label as text of its own."""
    left = lanes.width * STEP + 8
    labels = [label(row.node) for row in lanes.rows]
    width = left + max((len(text) for text in labels), default=0) * 8 + 8
    height = len(lanes.rows) * HEIGHT
    body = "".join(
        f'<g transform="translate(0,{number * HEIGHT})">{drawn}'
        f'<text x="{left}" y="{HEIGHT // 2 + 4}" font-family="monospace" font-size="13" '
        f'fill="currentColor" xml:space="preserve">{esc(text)}</text>\n</g>'
        for number, (drawn, text) in enumerate(zip(_rows(lanes, applied, heads), labels, strict=True))
    )
    return Html(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">{body}</svg>'
    )
