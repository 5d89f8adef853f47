"""Random revision graphs, and what Alembic says about them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from alembic.runtime.migration import HeadMaintainer, RevisionStep, StampStep
from alembic.script.revision import Revision as AlembicRevision
from alembic.script.revision import RevisionMap as AlembicMap
from hypothesis import strategies as st

from nbmigrate.model.graph import Revision, RevisionGraph


@dataclass(frozen=True)
class Node:
    id: str
    down: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


class Scripted(AlembicRevision):
    module = SimpleNamespace(upgrade=lambda: None, downgrade=lambda: None)
    doc = "doc"


def alembic_map(nodes: Sequence[Node]) -> AlembicMap:
    def generate() -> list[Scripted]:
        return [Scripted(n.id, n.down or None, n.needs or None, n.labels or None) for n in nodes]

    found = AlembicMap(generate)
    by_id = {n.id: n for n in nodes}
    for key, revision in found._revision_map.items():
        if revision is not None and key in by_id:
            # Alembic keeps them in a set: any order is right, the declared one is compared
            order = list(revision._resolved_dependencies)
            revision._normalized_resolved_dependencies = tuple(
                sorted(revision._normalized_resolved_dependencies, key=order.index)
            )
    return found


def our_graph(nodes: Sequence[Node]) -> RevisionGraph:
    return RevisionGraph(
        lambda: [Revision(n.id, n.down or None, n.needs or None, n.labels or None) for n in nodes]
    )


class Rows(HeadMaintainer):
    """Alembic's own rules for the version table, writing into a list."""

    def __init__(self, heads: Sequence[str]) -> None:
        super().__init__(None, heads)  # type: ignore[arg-type]
        self.log: list[tuple[str, ...]] = []

    def _insert_version(self, version: str) -> None:
        assert version not in self.heads
        self.heads.add(version)
        self.log.append(("insert", version))

    def _delete_version(self, version: str) -> None:
        self.heads.remove(version)
        self.log.append(("delete", version))

    def _update_version(self, from_: str, to_: str) -> None:
        assert to_ not in self.heads
        self.heads.remove(from_)
        self.heads.add(to_)
        self.log.append(("update", from_, to_))


def run_steps(
    steps: Sequence[RevisionStep | StampStep], heads: Sequence[str]
) -> list[tuple[list[tuple[str, ...]], set[str]]]:
    """What each step does to the version table, and the rows after it."""
    rows, found = Rows(heads), []
    for step in steps:
        rows.log = []
        rows.update_to_step(step)
        found.append((list(rows.log), set(rows.heads)))
    return found


def revision_steps(graph: AlembicMap, revisions: Sequence[Any], is_upgrade: bool) -> list[RevisionStep]:
    return [RevisionStep(graph, revision, is_upgrade) for revision in revisions]


@st.composite
def graphs(draw: st.DrawFn, largest: int = 9) -> list[Node]:
    """Histories with branches, merges, several bases, dependencies and labels, in any order of files."""
    count = draw(st.integers(1, largest))
    names = [f"{letter}{number:03d}" for number, letter in enumerate("abcdefghijklmnop"[:count])]
    names = draw(st.permutations(names))
    nodes: list[Node] = []
    below: dict[str, set[str]] = {}
    for number, name in enumerate(names):
        earlier = names[:number]
        down = draw(st.lists(st.sampled_from(earlier), max_size=2, unique=True)) if earlier else []
        if earlier and draw(st.booleans()):
            down = down[:1] or [earlier[-1]]
        if len(down) == 2 and (down[0] in below[down[1]] or down[1] in below[down[0]]):
            down = down[:1]
        under = set(down).union(*(below[d] for d in down))
        free = [e for e in earlier if e not in under]
        needs = draw(st.lists(st.sampled_from(free), max_size=2, unique=True)) if free else []
        if draw(st.integers(0, 2)):
            needs = []
        needs = [n for n in needs if not any(n in below[other] for other in needs)]
        below[name] = under.union(needs, *(below[n] for n in needs))
        labels = (f"label_{name}",) if draw(st.integers(0, 4)) == 0 else ()
        nodes.append(Node(name, tuple(down), tuple(needs), labels))
    return draw(st.permutations(nodes))


@st.composite
def large_graphs(draw: st.DrawFn, largest: int = 60) -> list[Node]:
    """As ``graphs``, up to sixty revisions; long lines among the branches, one in ten a merge."""
    dice = random.Random(draw(st.integers(0, 2**32 - 1)))
    count = dice.randint(12, largest)
    names = [f"{chr(97 + number % 26)}{number:03d}" for number in range(count)]
    dice.shuffle(names)
    nodes: list[Node] = []
    below: dict[str, set[str]] = {}
    for number, name in enumerate(names):
        earlier = names[:number]
        recent = earlier[-dice.choice((1, 1, 3, 6)) :]
        down = [dice.choice(recent)] if earlier and dice.random() < 0.93 else []
        if down and dice.random() < 0.12:
            other = dice.choice(earlier)
            if other not in below[down[0]] and down[0] not in below[other] and other != down[0]:
                down.append(other)
        under = set(down).union(*(below[one] for one in down))
        free = [one for one in earlier if one not in under]
        needs = dice.sample(free, min(len(free), dice.choice((1, 1, 2)))) if dice.random() < 0.12 else []
        needs = [one for one in needs if not any(one in below[other] for other in needs)]
        below[name] = under.union(needs, *(below[one] for one in needs))
        labels = (f"label_{name}",) if dice.random() < 0.08 else ()
        nodes.append(Node(name, tuple(down), tuple(needs), labels))
    dice.shuffle(nodes)
    return nodes
