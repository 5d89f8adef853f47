"""``merge --rebase``: which side of an open history is put on top of the other.

Pure decisions on the graph. A side is what one head has and the other has not; it can only be moved where no
database that is asked has any of it, and where one revision is its beginning: that one's ``down_revision`` is
all that changes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from nbmigrate.errors import RevisionError
from nbmigrate.model.graph import RevisionGraph
from nbmigrate.model.value import value
from nbmigrate.model.walk import reach, reach_in_order

__all__ = ["Rebase", "plan_rebase"]


@value
class Rebase:
    """The side below the head ``move`` goes onto the head ``onto``.

    ``first`` is the revision that gets another parent, ``before`` are the parents that it has now, ``side``
    are all that move, the head first; none where they stand there already.
    """

    move: str
    onto: str
    first: str = ""
    before: tuple[str, ...] = ()
    side: tuple[str, ...] = ()


def plan_rebase(graph: RevisionGraph, named: Sequence[str], applied: Collection[str]) -> Rebase:
    """What is to be moved where.

    ``named`` are ids: the head to move and the one that stays; the head to move, where there is one other;
    or none, where ``applied`` (the ids that the database has) decides between two heads. Raises
    ``RevisionError`` where that is unclear or can't be done.
    """
    if not named:
        return _decided(graph, applied)
    move, onto = _named(graph, named)
    if onto in reach([move], graph.structure.needs):
        return Rebase(move, onto)
    plan = _side(graph, move, onto)
    there = [key for key in plan.side if key in applied]
    if there:
        other = _side(graph, onto, move).side
        way_out = f"; join them: merge {move} {onto}"
        if not any(key in applied for key in other):
            way_out = f"; the other side is not applied, move that: merge --rebase {onto} {move}"
        raise RevisionError(
            f"{', '.join(reversed(there))} can't be moved: the database has run "
            f"{'it' if len(there) == 1 else 'them'} already{way_out}"
        )
    return plan


def _named(graph: RevisionGraph, named: Sequence[str]) -> tuple[str, str]:
    heads = graph.heads
    if len(named) > 2:
        raise RevisionError(
            f"--rebase moves one head onto another, and {len(named)} are named; name two: the one to move, "
            "then the one that stays"
        )
    for key in named[:1]:
        if key not in heads:
            raise RevisionError(
                f"{key} is no head, so it can't be moved with --rebase; heads are {_list(heads)}"
            )
    if len(named) == 2:
        move, onto = named
        if move == onto:
            raise RevisionError(f"{move} can't be put on top of itself; name two heads of {_list(heads)}")
        # a line that is run again: the one that stays is below the one that has moved
        if onto not in heads and onto not in reach([move], graph.structure.needs):
            raise RevisionError(f"{onto} is no head, so nothing can be put on it; heads are {_list(heads)}")
        return move, onto
    others = [key for key in heads if key != named[0]]
    if len(others) != 1:
        raise RevisionError(
            f"'{named[0]}' could go onto any of {_list(others)}; name the one that stays, too"
            if others
            else f"nothing to rebase: {named[0]} is the only head"
        )
    return named[0], others[0]


def _decided(graph: RevisionGraph, applied: Collection[str]) -> Rebase:
    heads = graph.heads
    if len(heads) < 2:
        raise RevisionError(f"nothing to rebase: there is {'one head' if heads else 'no revision'} only")
    if len(heads) > 2:
        raise RevisionError(
            f"there are {len(heads)} heads ({_list(heads)}), so it is unclear which is to go onto which; "
            f"name two: merge --rebase {heads[0]} {heads[1]} puts the first onto the second"
        )
    first, second = heads
    has = [any(key in applied for key in _below(graph, one, other)) for one, other in
           ((first, second), (second, first))]  # fmt: skip
    if all(has):
        raise RevisionError(
            f"both sides are applied in the database ({_list(heads)}), so neither can be moved; join them: "
            "merge heads"
        )
    if not any(has):
        raise RevisionError(
            f"neither side is applied in the database ({_list(heads)}), so it is unclear which is to move; "
            f"say it: merge --rebase {first} {second} puts the first onto the second"
        )
    move, onto = (second, first) if has[0] else (first, second)
    return _side(graph, move, onto)


def _below(graph: RevisionGraph, head: str, other: str) -> list[str]:
    """What the head has and the other has not, the head first."""
    down = graph.structure.down
    there = reach([other], down)
    return [key for key in reach_in_order([head], down) if key not in there]


def _side(graph: RevisionGraph, move: str, onto: str) -> Rebase:
    down, needs = graph.structure.down, graph.structure.needs
    side = _below(graph, move, onto)
    inside = set(side)
    instead = f"; join them: merge {move} {onto}"
    needed = sorted(inside & reach([onto], needs))
    if needed:
        raise RevisionError(f"{onto} depends on {_list(needed)}, so that can't stand above it{instead}")
    firsts = [key for key in side if inside.isdisjoint(down[key])]
    mixed = [key for key in side if key not in firsts and not inside.issuperset(down[key])]
    if len(firsts) > 1 or mixed:
        what = f"it begins at {_list(firsts)}" if len(firsts) > 1 else f"{mixed[0]} joins the two already"
        raise RevisionError(f"the side of {move} can't be moved by one change of a parent: {what}{instead}")
    branches = [key for key in side[1:] if any(child not in inside for child in graph.structure.up[key])]
    if branches:
        raise RevisionError(
            f"another branch leaves {branches[0]}, and would move too{instead}, or name that branch's head"
        )
    return Rebase(move, onto, firsts[0], down[firsts[0]], tuple(side))


def _list(ids: Sequence[str]) -> str:
    return ", ".join(ids)
