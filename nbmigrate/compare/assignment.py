"""Who belongs to whom: pairs with the best total score, never more than one for each.

First come, first served pairs ``name`` with ``nickname`` because it was seen first, and leaves nothing for
``nick_name``. The total decides instead, by the Hungarian method (Kuhn 1955, in the form with potentials,
O(n^3)). Pairs that may be are mostly few and far between, so each connected group is solved by itself; in a
group of more than ``EXACT`` on its smaller side the best pairs are taken first, which is good, not optimal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

EXACT = 80
_SCALE = 10_000
_A = TypeVar("_A")
_B = TypeVar("_B")


def best_pairs(scores: Mapping[tuple[_A, _B], float]) -> list[tuple[_A, _B]]:
    """The pairs with the highest total score.

    ``scores`` holds the pairs that may be, with scores above 0; what is not in it can't be a pair. Of equal
    totals it is always the same one: the order in which ``scores`` was filled decides.
    """
    found: list[tuple[_A, _B]] = []
    for group in _groups(scores):
        lefts = list(dict.fromkeys(left for left, _ in group))
        rights = list(dict.fromkeys(right for _, right in group))
        if min(len(lefts), len(rights)) > EXACT:
            found += _greedy(group)
            continue
        size = max(len(lefts), len(rights))
        place = {right: number for number, right in enumerate(rights)}
        row = {left: number for number, left in enumerate(lefts)}
        costs = [[0] * size for _ in range(size)]
        for (left, right), score in group.items():
            costs[row[left]][place[right]] = -round(score * _SCALE)
        chosen = _hungarian(costs)
        for left in lefts:
            column = chosen[row[left]]
            if column < len(rights) and (left, rights[column]) in group:
                found.append((left, rights[column]))
    order = {pair: number for number, pair in enumerate(scores)}
    return sorted(found, key=order.__getitem__)


def _groups(scores: Mapping[tuple[_A, _B], float]) -> list[dict[tuple[_A, _B], float]]:
    """The pairs by connected group."""
    parent: dict[tuple[str, object], tuple[str, object]] = {}

    def root(item: tuple[str, object]) -> tuple[str, object]:
        parent.setdefault(item, item)
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    for left, right in scores:
        parent[root(("left", left))] = root(("right", right))
    groups: dict[tuple[str, object], dict[tuple[_A, _B], float]] = {}
    for pair, score in scores.items():
        groups.setdefault(root(("left", pair[0])), {})[pair] = score
    return list(groups.values())


def _greedy(scores: Mapping[tuple[_A, _B], float]) -> list[tuple[_A, _B]]:
    """The best pair, then the best of what is left."""
    lefts: set[_A] = set()
    rights: set[_B] = set()
    found = []
    for pair in sorted(scores, key=lambda pair: -scores[pair]):
        if pair[0] not in lefts and pair[1] not in rights:
            lefts.add(pair[0])
            rights.add(pair[1])
            found.append(pair)
    return found


def _hungarian(costs: list[list[int]]) -> list[int]:
    """For each row of a square matrix its column, so that the sum is the least.

    Rows are taken in one after the other; each time the shortest way to a free column is searched in the
    reduced costs (what is left of a cost after the potentials of its row and column), and the pairs along
    it are exchanged.
    """
    size = len(costs)
    of_row, of_column = [0] * (size + 1), [0] * (size + 1)
    # row_of[column], counted from 1; 0 is free
    row_of = [0] * (size + 1)
    for row in range(1, size + 1):
        row_of[0], column = row, 0
        least: list[float] = [float("inf")] * (size + 1)
        came_from = [0] * (size + 1)
        visited = [False] * (size + 1)
        while row_of[column]:
            visited[column] = True
            here, step, following = row_of[column], float("inf"), 0
            for other in range(1, size + 1):
                if visited[other]:
                    continue
                reduced = costs[here - 1][other - 1] - of_row[here] - of_column[other]
                if reduced < least[other]:
                    least[other], came_from[other] = reduced, column
                if least[other] < step:
                    step, following = least[other], other
            for other in range(size + 1):
                if visited[other]:
                    of_row[row_of[other]] += int(step)
                    of_column[other] -= int(step)
                else:
                    least[other] -= step
            column = following
        while column:
            row_of[column] = row_of[came_from[column]]
            column = came_from[column]
    columns = [0] * size
    for column in range(1, size + 1):
        columns[row_of[column] - 1] = column - 1
    return columns
