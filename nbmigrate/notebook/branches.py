"""``heads`` where there are several: both branches as a picture, and the lines that make one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbmigrate.model.lanes import lanes_text
from nbmigrate.model.walk import reach
from nbmigrate.notebook.tables import Cell, Html, listing, plural, table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nbmigrate.results import RevisionInfo, Revisions

SHOWN = 40  # rows of text; what is longer is what `graph` is for


def branches_text(value: Revisions) -> str:
    """The branches as lanes, then what to type; empty where there is one head only."""
    if not value.open:
        return ""
    lanes = lanes_text(value.open, value.database).splitlines()
    cut = [*lanes[:SHOWN], f"... {len(lanes) - SHOWN:,} more lines: %migrate graph"]
    drawn = cut if len(lanes) > SHOWN + 1 else lanes
    lines = [f"  {line:<{_width(value)}}  {text}" for line, text in joining(value.open)]
    return "\n".join([*drawn, "", f"{plural(_heads(value), 'head')}; one again by", *lines])


def branches(
    value: Revisions, history_table: Callable[[str, Sequence[RevisionInfo]], Html]
) -> tuple[Html, ...]:
    """The same as tables: the branches beside their lanes, and the lines to type."""
    if not value.open:
        return ()
    lines = joining(value.open)
    rows = [(Cell(line, mono=True, nowrap=True), text) for line, text in lines]
    return (
        history_table(f"{plural(_heads(value), 'head')}, and where they part", value.open),
        table("One head again", ("type", "what it does"), rows),
        listing("To copy", "\n".join(line for line, _ in lines), opened=False),
    )


def joining(infos: Sequence[RevisionInfo]) -> list[tuple[str, str]]:
    """The lines that make one head of several, each with what it does; rebasing only what has not run."""
    heads = [info.id for info in infos if info.is_head]
    names = " and ".join(heads) if len(heads) == 2 else f"{len(heads)} heads"
    # with a message, so that the cell can be run again
    found = [(f'%migrate merge heads -m "join {names}"', "writes a revision that follows them all")]
    if len(heads) != 2:
        return found
    down = {info.id: tuple(p for p in info.down_revision) for info in infos}
    edges = {**{parent: () for parents in down.values() for parent in parents}, **down}
    applied = {info.id for info in infos if info.status == "applied"}
    for move, onto in (heads, heads[::-1]):
        side = reach([move], edges) - reach([onto], edges)
        if side.isdisjoint(applied):
            what = plural(len(side), "revision")
            found.append(
                (f"%migrate merge --rebase {move} {onto}", f"puts {what} of {move} on top of {onto}")
            )
    return found


def _heads(value: Revisions) -> int:
    return sum(info.is_head for info in value.open)


def _width(value: Revisions) -> int:
    return max(len(line) for line, _ in joining(value.open))
