"""A revision graph as lanes, the way ``git log --graph`` draws one: pure values, nothing to install.

Rows come newest first, each with the lane (column) of its node and the lines that lead from it down to the
next row; who draws them (text here, SVG in the notebook) needs to know nothing else. Every revision that is
still awaited below owns exactly one lane, so a second child joins the lane of its parent right away: that
keeps drawings narrow and the layout linear in what is drawn.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

__all__ = [
    "Lanes",
    "Node",
    "Row",
    "Shown",
    "fold",
    "folded_nodes",
    "folded_words",
    "lanes_text",
    "lay_out",
    "newest_first",
    "nodes_of",
    "to_text",
    "words",
]

SHORTEST_FOLD = 4


@dataclass(frozen=True, slots=True)
class Node:
    """A revision, or a folded run of them: its key, its parents' keys, the keys folded into it."""

    key: str
    parents: tuple[str, ...] = ()
    folded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the drawing: the node, its lane, and the lines from this row to the next.

    A line is ``(lane here, lane in the next row)``, sorted; the last row has none.
    """

    node: Node
    lane: int
    lines: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Lanes:
    """The whole layout: rows newest first, and how many lanes they need."""

    rows: tuple[Row, ...]
    width: int


def newest_first(nodes: Iterable[Node]) -> list[Node]:
    """Put every child before its parents and otherwise keep the order that was given."""
    given = list(nodes)
    place = {node.key: index for index, node in enumerate(given)}
    waiting = dict.fromkeys(place, 0)
    for node in given:
        for parent in dict.fromkeys(node.parents):
            if parent in waiting:
                waiting[parent] += 1
    ready = [index for index, node in enumerate(given) if not waiting[node.key]]
    heapq.heapify(ready)
    done: list[Node] = []
    while ready:
        node = given[heapq.heappop(ready)]
        done.append(node)
        for parent in dict.fromkeys(node.parents):
            if parent in waiting:
                waiting[parent] -= 1
                if not waiting[parent]:
                    heapq.heappush(ready, place[parent])
    if len(done) < len(given):  # a circle: the graph's own check says so elsewhere; here nothing gets lost
        seen = {node.key for node in done}
        done.extend(node for node in given if node.key not in seen)
    return done


def fold(nodes: Iterable[Node], keep: Iterable[str] = (), shortest: int = SHORTEST_FOLD) -> list[Node]:
    """Replace each linear run of at least ``shortest`` nodes by one node that lists them, newest first.

    Nodes in ``keep``, heads, bases, branch points and merge points always stay. A folded node's key is the
    key of its newest member, so that nothing that points at it needs to be rewritten.
    """
    ordered = newest_first(nodes)
    by_key = {node.key: node for node in ordered}
    children: dict[str, list[str]] = {key: [] for key in by_key}
    for node in ordered:
        for parent in dict.fromkeys(node.parents):
            if parent in children:
                children[parent].append(node.key)
    kept = set(keep)
    dull = {
        node.key
        for node in ordered
        if node.key not in kept
        and len(children[node.key]) == 1
        and len(node.parents) == 1
        and node.parents[0] in by_key
    }
    swallowed: set[str] = set()
    result: list[Node] = []
    for node in ordered:
        if node.key in swallowed:
            continue
        run = _run_from(node, by_key, dull)
        if len(run) >= shortest:
            swallowed.update(run)
            result.append(Node(node.key, by_key[run[-1]].parents, tuple(run)))
        else:
            result.append(node)
    return result


def _run_from(node: Node, by_key: dict[str, Node], dull: set[str]) -> list[str]:
    """Keys of the linear run that begins at ``node`` and goes down, empty where there is none."""
    run: list[str] = []
    key = node.key
    while key in dull:
        run.append(key)
        key = by_key[key].parents[0]
    return run


@dataclass(slots=True)
class _Columns:
    """Which lane awaits which revision, while the rows are laid out from top to bottom."""

    awaited: dict[str, int] = field(default_factory=dict)
    free: list[int] = field(default_factory=list)
    width: int = 0

    def take(self, key: str) -> int:
        """Give ``key`` a lane: the leftmost free one."""
        if self.free:
            lane = heapq.heappop(self.free)
        else:
            lane = self.width
            self.width += 1
        self.awaited[key] = lane
        return lane

    def reach(self, key: str, lane: int) -> None:
        """See that ``key`` has a lane: ``lane`` if that is free and no further right than its own."""
        own = self.awaited.get(key)
        if lane in self.free and (own is None or lane < own):
            self.withdraw(lane)
            self.awaited[key] = lane
            if own is not None:
                heapq.heappush(self.free, own)
        elif own is None:
            self.take(key)

    def withdraw(self, lane: int) -> None:
        """Take a lane out of the free ones."""
        self.free.remove(lane)
        heapq.heapify(self.free)

    def release(self, key: str) -> int:
        """Take ``key``'s lane back and return it."""
        lane = self.awaited.pop(key)
        heapq.heappush(self.free, lane)
        return lane


def lay_out(nodes: Iterable[Node]) -> Lanes:
    """Lay the nodes out in lanes, newest on top; parents that aren't among them run off the bottom."""
    ordered = newest_first(nodes)
    columns = _Columns()
    rows: list[Row] = []
    resting: int | None = None  # the lane of a base: what stood right below it would look like its parent
    for index, node in enumerate(ordered):
        if node.key not in columns.awaited:
            columns.take(node.key)
        if resting is not None:
            heapq.heappush(columns.free, resting)
            resting = None
        passing = {other: key for key, other in columns.awaited.items() if key != node.key}
        lane = columns.release(node.key)
        for parent in dict.fromkeys(node.parents):
            columns.reach(parent, lane)
        lines = {(other, columns.awaited[key]) for other, key in passing.items()}
        lines.update((lane, columns.awaited[parent]) for parent in node.parents)
        if not node.parents:
            columns.withdraw(lane)
            resting = lane
        last = index == len(ordered) - 1
        rows.append(Row(node, lane, () if last else tuple(sorted(lines))))
    return Lanes(tuple(rows), columns.width)


def to_text(
    lanes: Lanes, label: Callable[[Node], str], mark: Callable[[Node], str] | None = None
) -> list[str]:
    """Draw the lanes in ASCII, one label beside each node, all labels at the same column."""
    pad = max(1, lanes.width * 2 - 1)
    drawn: list[str] = []
    for row in lanes.rows:
        drawn.append(f"{_node_line(row, mark):<{pad}}  {label(row.node)}".rstrip())
        between = _line_between(row.lines)
        if between:
            drawn.append(between)
    return drawn


def _node_line(row: Row, mark: Callable[[Node], str] | None) -> str:
    """The lanes of one row: its node's mark, and a bar for each line that passes by."""
    cells = {lane: "|" for lane, _ in row.lines if lane != row.lane}
    if row.node.folded:
        cells[row.lane] = ":"
    else:
        cells[row.lane] = mark(row.node) if mark else "*"
    return " ".join(cells.get(lane, " ") for lane in range(max(cells) + 1))


def _line_between(lines: Sequence[tuple[int, int]]) -> str:
    """The connecting line below a row, empty where every line goes straight down.

    A slanted line leaves its node with one stroke and runs along the foot of the line from there.
    """
    if all(here == below for here, below in lines):
        return ""
    cells: dict[int, str] = {}
    for here, below in lines:
        step = 1 if below > here else -1
        for column in range(2 * here + step, 2 * below, step):
            cells.setdefault(column, "_")
    for here, below in lines:
        if here == below:
            cells[2 * here] = "|"
        else:
            cells[2 * here + (1 if below > here else -1)] = "\\" if below > here else "/"
    return "".join(cells.get(column, " ") for column in range(max(cells) + 1))


class Shown(Protocol):
    """What a drawing needs to know of a revision."""

    @property
    def id(self) -> str:
        """The revision's id."""

    @property
    def down_revision(self) -> tuple[str, ...]:
        """Its parents."""

    @property
    def depends_on(self) -> tuple[str, ...]:
        """What else must run first."""

    @property
    def branch_labels(self) -> tuple[str, ...]:
        """The labels that it gives its branch."""

    @property
    def message(self) -> str:
        """Its first line of description."""

    @property
    def is_head(self) -> bool:
        """Whether nothing follows it."""

    @property
    def is_current(self) -> bool:
        """Whether the database stands here."""

    @property
    def status(self) -> str:
        """Either "applied", "pending" or "unknown"."""


def nodes_of(revisions: Iterable[Shown]) -> list[Node]:
    """Revisions as nodes; what they depend on counts as a parent too."""
    return [
        Node(info.id, tuple(dict.fromkeys((*info.down_revision, *info.depends_on)))) for info in revisions
    ]


def folded_nodes(revisions: Sequence[Shown], newest: int = 0) -> list[Node]:
    """The nodes with linear runs folded; the database's position, its neighbours and the newest stay."""
    current = {info.id for info in revisions if info.is_current}
    keep = {info.id for info in revisions[:newest]} | current
    for info in revisions:
        if info.is_current:
            keep.update(info.down_revision)
        if info.branch_labels or current.intersection(info.down_revision):
            keep.add(info.id)
    return fold(nodes_of(revisions), keep)


def words(info: Shown) -> str:
    """What a picture says of a revision besides id and message: "head, pending, branch: shop"."""
    said = ["head"] if info.is_head else []
    if info.status != "unknown":
        said.append(info.status)
    if info.branch_labels:
        said.append(f"branch: {', '.join(info.branch_labels)}")
    if info.depends_on:
        said.append(f"depends on {', '.join(info.depends_on)}")
    if info.is_current:
        said.append("the database is here")
    return ", ".join(said)


def folded_words(node: Node, by_id: dict[str, Shown]) -> str:
    """What a picture says of a folded run: how many, from where to where, how many of them applied."""
    oldest, newest = node.folded[-1], node.folded[0]
    counts = Counter(by_id[key].status for key in node.folded)
    if len(counts) > 1:
        status = ", ".join(f"{counts[name]} {name}" for name in sorted(counts))
    else:
        status = next(iter(counts)).replace("unknown", "")
    tail = f" ({status})" if status else ""
    return f"{len(node.folded)} revisions {oldest} .. {newest}{tail}"


def lanes_text(
    revisions: Sequence[Shown], database: str | None = None, missing: Sequence[str] = (), newest: int = 0
) -> str:
    """The whole graph as text: lanes, newest first, and a legend; the ``newest`` are not folded."""
    if not revisions:
        return "No revisions yet"
    by_id = {info.id: info for info in revisions}
    lanes = lay_out(folded_nodes(revisions, newest))

    def label(node: Node) -> str:
        if node.folded:
            return folded_words(node, by_id)
        info = by_id[node.key]
        said = words(info)
        return f"{info.id}  {info.message}" + (f"  ({said})" if said else "")

    def mark(node: Node) -> str:
        return "o" if by_id[node.key].status == "pending" else "*"

    lines = to_text(lanes, label, mark)
    lines += [f"   {revision}  (no file; the database is here)" for revision in missing]
    if any(info.status != "unknown" for info in revisions):
        at = f"  database: {database}" if database is not None else ""
        lines += ["", f"* applied  o pending  newest on top{at}"]
    return "\n".join(lines)
