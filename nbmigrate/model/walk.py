"""Walking a directed graph given as plain mappings from id to ids.

No revision objects here, so that each walk is one loop over a dictionary. All of it is linear in the part of
the graph that is walked, except the order where several heads are open: that asks which of them stands above
a node, and answers with one bit per unbranched stretch of history.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

Edges = Mapping[str, Sequence[str]]


def reach(start: Iterable[str], edges: Edges) -> set[str]:
    """Everything that can be reached along the edges, the start included."""
    seen = set(start)
    todo = list(seen)
    while todo:
        for node in edges[todo.pop()]:
            if node not in seen:
                seen.add(node)
                todo.append(node)
    return seen


def reach_in_order(start: Iterable[str], edges: Edges) -> list[str]:
    """As ``reach``, depth first, in an order that depends on nothing but the input."""
    seen: dict[str, None] = {}
    for first in start:
        todo = [first]
        while todo:
            node = todo.pop()
            if node not in seen:
                seen[node] = None
                todo.extend(edges[node])
    return list(seen)


def climbs_to(start: Iterable[str], goal: set[str], up: Edges, rank: Mapping[str, int], avoid: str) -> bool:
    """Whether the way up leads to any of ``goal`` without passing ``avoid``; no higher than they stand."""
    if not goal:
        return False
    highest = max(rank.get(node, -1) for node in goal)
    seen = {avoid}
    todo = [node for node in start if node != avoid]
    while todo:
        node = todo.pop()
        if node in goal:
            return True
        if node not in seen and rank[node] < highest:
            seen.add(node)
            todo.extend(up[node])
    return False


def topological(needs: Edges, children: Edges) -> list[str]:
    """Parents before children; what lies on or above a circle is left out."""
    waiting = {node: len(parents) for node, parents in needs.items()}
    ready = [node for node, count in waiting.items() if not count]
    for node in ready:
        for child in children[node]:
            waiting[child] -= 1
            if not waiting[child]:
                ready.append(child)
    return ready


def inverse(edges: Edges) -> dict[str, tuple[str, ...]]:
    """The same edges, the other way round."""
    found: dict[str, tuple[str, ...]] = dict.fromkeys(edges, ())
    many: dict[str, list[str]] = {}
    for node, others in edges.items():
        for other in others:
            if not found[other]:
                found[other] = (node,)
            else:
                many.setdefault(other, [*found[other]]).append(node)
    found.update((node, tuple(others)) for node, others in many.items())
    return found


class Ancestry:
    """Answers whether one node is another's ancestor.

    The nodes (parents first) are cut into unbranched stretches; each stretch keeps the stretches below it as
    the bits of one integer.
    """

    def __init__(self, nodes: Sequence[str], needs: Edges) -> None:
        inside = set(nodes)
        parents = {node: [p for p in needs[node] if p in inside] for node in nodes}
        children = dict.fromkeys(nodes, 0)
        for ups in parents.values():
            for up in ups:
                children[up] += 1
        self._place: dict[str, tuple[int, int]] = {}
        self._below: list[int] = []
        for node in nodes:
            ups = parents[node]
            if len(ups) == 1 and children[ups[0]] == 1:
                stretch, offset = self._place[ups[0]]
                self._place[node] = (stretch, offset + 1)
                continue
            below = 1 << len(self._below)
            for up in ups:
                below |= self._below[self._place[up][0]]
            self._place[node] = (len(self._below), 0)
            self._below.append(below)

    def is_ancestor(self, low: str, high: str) -> bool:
        """Whether ``low`` is ``high`` or lies below it."""
        low_stretch, low_offset = self._place[low]
        high_stretch, high_offset = self._place[high]
        if low_stretch == high_stretch:
            return low_offset <= high_offset
        return bool(self._below[high_stretch] >> low_stretch & 1)


class _Walk:
    """The state of ``newest_first``: the heads that are open, in the order in which they are tried."""

    def __init__(self, todo: set[str], heads: Sequence[str], needs: Edges, rank: Mapping[str, int]) -> None:
        self.left = set(todo)
        self.open = list(heads)
        self.is_open = set(heads)
        self.needs = needs
        self.rank = rank
        # what is left, and how many children of each are left; known from when a second head is open
        self.waiting: dict[str, int] | None = None
        self._ancestry: Ancestry | None = None

    def go_down(self, output: list[str]) -> None:
        """Walk the only open head down as long as one way leads on: nothing can be in the way there.

        Most of most histories is such a line.
        """
        left, needs = self.left, self.needs
        node = self.open[0]
        self.waiting = None
        while True:
            parents = [parent for parent in needs[node] if parent in left]
            if len(parents) != 1:
                break
            output.append(node)
            left.discard(node)
            node = parents[0]
        self.open[0] = node
        self.is_open = {node}

    def blocker(self, at: int, node: str, whole: bool) -> int | None:
        """The first other open head that stands above the node: it must be walked before."""
        if len(self.open) == 1 or (whole and not self._waiting()[node]):
            return None
        if self._ancestry is None:
            inside = self._waiting().keys() if whole else reach(self.open, self.needs)
            self._ancestry = Ancestry(sorted(inside, key=self.rank.__getitem__), self.needs)
        for index, head in enumerate(self.open):
            if index != at and self._ancestry.is_ancestor(node, head):
                return index
        return None

    def _waiting(self) -> dict[str, int]:
        if self.waiting is None:
            self.waiting = dict.fromkeys(self.left, 0)
            for node in self.left:
                for parent in self.needs[node]:
                    if parent in self.waiting:
                        self.waiting[parent] += 1
        return self.waiting

    def step_down(self, at: int, node: str) -> int:
        """Replace an open head by its parents; gives the index to go on at."""
        self.left.discard(node)
        if self.waiting is not None:
            for parent in self.needs[node]:
                if parent in self.waiting:
                    self.waiting[parent] -= 1
        parents = [p for p in self.needs[node] if p in self.left and p not in self.is_open]
        self.is_open.discard(node)
        if not parents:
            del self.open[at]
            return max(at - 1, 0)
        self.is_open.update(parents)
        self.open[at] = parents[0]
        self.open.extend(parents[1:])
        return at


def newest_first(
    todo: set[str], heads: Sequence[str], needs: Edges, rank: Mapping[str, int], *, whole: bool = True
) -> list[str]:
    """The nodes of ``todo``, children before parents, in the order in which Alembic walks them.

    From the first head down one line as far as no other open head stands above, then on along that one; a
    merge opens its further parents at the end. ``rank`` numbers all nodes parents first. ``whole`` says that
    ``todo`` has no gaps: what lies between two of its nodes is in it, so counting children is enough.
    """
    walk = _Walk(todo, [head for head in heads if head in todo], needs, rank)
    output: list[str] = []
    if len(walk.open) == 1:
        walk.go_down(output)
    at = 0
    while walk.open:
        node = walk.open[at]
        above = walk.blocker(at, node, whole)
        if above is not None:
            at = above
            continue
        output.append(node)
        at = walk.step_down(at, node)
    # with gaps a node may hang on no open head: it goes last, still children first
    output.extend(sorted(walk.left, key=rank.__getitem__, reverse=True))
    return output
