"""Rows of the table of speeds: what was measured, what is wanted, and the three ways to print them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tests.bench.fresh import Figures


@dataclass(frozen=True)
class Target:
    """What is wanted of a row.

    ``times``: Alembic's figure is at least so many times ours. ``floor``: ours is at most so many times the
    floor's. ``most``: ours is at most that much.
    """

    kind: Literal["times", "floor", "most", "none"] = "none"
    least: float = 0
    goal: float | None = None

    def __str__(self) -> str:
        if self.kind == "none":
            return ""
        if self.kind == "most":
            return f"at most {self.least:g}"
        of = "x" if self.kind == "times" else "x floor"
        return f"{self.least:g}{of}" + (f", goal {self.goal:g}{of}" if self.goal is not None else "")


def times(least: float, goal: float | None = None) -> Target:
    """So many times less than Alembic."""
    return Target("times", least, goal)


def of_floor(most: float, goal: float) -> Target:
    """So many times the floor at most."""
    return Target("floor", most, goal)


def at_most(most: float) -> Target:
    """A limit for ours alone."""
    return Target("most", most)


NO_TARGET = Target()


@dataclass(frozen=True)
class Row:
    """One line: medians; ``noise`` is how far apart the middle half of ours lay, in percent of its median."""

    case: str
    title: str
    unit: str
    alembic: float | None
    ours: float | None
    floor: float | None
    target: Target = NO_TARGET
    noise: float | None = None
    wall: tuple[float | None, ...] = ()

    @property
    def ratio(self) -> float | None:
        """Alembic's by ours, or ours by the floor's where the floor is what is aimed at."""
        top, below = (self.ours, self.floor) if self.target.kind == "floor" else (self.alembic, self.ours)
        return None if top is None or below is None else top / max(below, 0.01)

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without a target or a figure."""
        if self.target.kind == "most":
            return None if self.ours is None else self.ours <= self.target.least
        if self.target.kind == "none" or self.ratio is None:
            return None
        return (
            self.ratio >= self.target.least
            if self.target.kind == "times"
            else self.ratio <= self.target.least
        )


def row(
    case: str, title: str, found: Figures, target: Target = NO_TARGET, key: str = "cpu", at: int = 0
) -> Row:
    """A line from what was measured."""
    units = {"cpu": "CPU ms", "wall": "wall ms", "peak": "MB", "grown": "MB", "trips": "round trips",
             "opened": "files", "bytes": "KB"}  # fmt: skip
    alembic, ours, floor = (found.median(side, key, at) for side in ("alembic", "nbmigrate", "floor"))
    sides = ("alembic", "nbmigrate", "floor")
    wall = tuple(found.median(side, "wall", at) for side in sides) if key == "cpu" else ()
    values = sorted(found.values("nbmigrate", key, at))
    quarter = len(values) // 4
    noise = None
    if len(values) > 2 and ours:
        noise = (values[-1 - quarter] - values[quarter]) / ours * 100
    return Row(case, title, units[key], alembic, ours, floor, target, noise, wall)


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.1f}"


def _cells(one: Row) -> list[str]:
    ratio = "" if one.ratio is None else f"{one.ratio:.2f}" if one.ratio < 3 else f"{one.ratio:.1f}"
    of = " x floor" if one.target.kind == "floor" else "x"
    verdict = {True: "met", False: "BELOW", None: ""}[one.met]
    wall = " / ".join(_number(value) for value in one.wall)
    noise = "" if one.noise is None else f"{one.noise:.0f} %"
    figures = [_number(one.alembic), _number(one.ours), _number(one.floor)]
    return [one.title, one.unit, *figures, ratio and ratio + of, str(one.target), verdict, wall, noise]


HEADING = ["case", "what", "Alembic", "nbmigrate", "floor", "ratio", "wanted", "", "wall ms", "spread"]


def text_line(cells: list[str]) -> str:
    """One line for a terminal."""
    widths = (54, 12, 9, 9, 9, 12, 20, 6, 24, 6)
    left = (0, 1, 6, 7, 8)
    return " ".join(
        cell.ljust(width) if at in left else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ).rstrip()


def as_text(one: Row) -> str:
    """A row for a terminal."""
    return text_line(_cells(one))


def as_json(rows: Iterable[Row], machine: str) -> str:
    """Everything, for a program."""
    found = [{**dataclasses.asdict(one), "ratio": one.ratio, "met": one.met} for one in rows]
    return json.dumps({"machine": machine, "rows": found}, indent=1)


def as_markdown(rows: Iterable[Row]) -> str:
    """The table of the documentation."""
    lines = ["| " + " | ".join(HEADING) + " |", "|---|---|" + "---:|" * 4 + "---|---|---|---:|"]
    for one in rows:
        cells = [cell.replace("BELOW", "**below**") for cell in _cells(one)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
