"""From a list of revisions to a graph: edges, order, labels, and what is wrong with it.

Every pass is a loop over the revisions with dictionaries beside it. What the headers contradict each other
about (two files with one id, a parent that is nowhere, a circle, a label used twice) is refused here, with
the files by name, before anything is planned on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

from nbmigrate.errors import CycleDetected, DependencyCycleDetected, RevisionError
from nbmigrate.model.identifiers import did_you_mean
from nbmigrate.model.revision import Revision, to_tuple
from nbmigrate.model.walk import inverse, reach, topological

Ids = tuple[str, ...]


class Structure:
    """A graph's parts, all in the order in which the revisions were read.

    ``down`` and ``up`` follow ``down_revision`` alone; ``needs`` and ``needed_by`` also follow dependencies,
    without those that an ancestor has already; ``all_up`` follows every dependency. ``rank`` numbers the
    revisions, parents first.
    """

    labels: dict[str, Revision]
    down: dict[str, Ids]
    up: dict[str, Ids]
    needs: dict[str, Ids]
    needed_by: dict[str, Ids]
    all_up: dict[str, Ids]
    rank: dict[str, int]
    heads: Ids = ()
    real_heads: Ids = ()
    bases: Ids = ()
    real_bases: Ids = ()

    def __init__(self, revisions: dict[str, Revision]) -> None:
        self.revisions = revisions


def build(revisions: Iterable[Revision]) -> Structure:
    """Work out the whole graph, or say what is wrong with it."""
    graph = Structure(_by_id(revisions))
    for revision in graph.revisions.values():
        if "children" in revision.__dict__:  # it has been in a graph before
            revision.forget_graph()
    graph.labels = _label_map(graph.revisions)
    graph.down = {key: r._versioned_down_revisions for key, r in graph.revisions.items()}
    _check_parents(graph)
    graph.up = inverse(graph.down)
    has_dependencies = _resolve_dependencies(graph)
    if has_dependencies:
        all_down = {key: r._all_down_revisions for key, r in graph.revisions.items()}
        graph.all_up = inverse(all_down)
    else:
        all_down, graph.all_up = graph.down, graph.up
    order = topological(all_down, graph.all_up)
    if len(order) < len(graph.revisions):
        _refuse_cycle(graph, all_down)
    graph.rank = {key: number for number, key in enumerate(order)}
    if has_dependencies:
        _normalise_dependencies(graph)
        graph.needs = {key: r._normalized_down_revisions for key, r in graph.revisions.items()}
        graph.needed_by = inverse(graph.needs)
    else:
        graph.needs, graph.needed_by = graph.down, graph.up
    for key, revision in graph.revisions.items():
        revision.children, revision.all_children = graph.up[key], graph.all_up[key]
    graph.heads = tuple(key for key, up in graph.up.items() if not up)
    graph.real_heads = tuple(key for key, up in graph.all_up.items() if not up)
    graph.bases = tuple(key for key, down in graph.down.items() if not down)
    graph.real_bases = tuple(key for key in graph.bases if graph.revisions[key]._is_real_base)
    _spread_labels(graph)
    return graph


def described(revision: Revision) -> str:
    """A revision and its file, for messages."""
    return f"{revision.revision} ({revision.path})" if revision.path else revision.revision


def _by_id(revisions: Iterable[Revision]) -> dict[str, Revision]:
    given = list(revisions)
    found = {revision.revision: revision for revision in given}
    if len(found) == len(given):
        return found
    found = {}
    for revision in given:
        other = found.setdefault(revision.revision, revision)
        if other is not revision:
            files = [r.path for r in (other, revision) if r.path]
            where = f": in {' and in '.join(files)}; give one of them another id" if files else ""
            raise RevisionError(f"Revision {revision.revision} is present more than once{where}")
    return found


def _label_map(revisions: Mapping[str, Revision]) -> dict[str, Revision]:
    labels: dict[str, Revision] = {}
    for revision in revisions.values():
        for label in revision._orig_branch_labels:
            other = labels.get(label) or revisions.get(label)
            if other is not None:
                raise RevisionError(
                    f"Branch name '{label}' in revision {described(revision)} already used by revision "
                    f"{described(other)}"
                )
            labels[label] = revision
    return labels


def _check_parents(graph: Structure) -> None:
    if graph.revisions.keys() >= set(chain.from_iterable(graph.down.values())):
        return
    for key, parents in graph.down.items():
        for parent in parents:
            if parent not in graph.revisions:
                raise RevisionError(
                    f"Revision {parent} referenced from {described(graph.revisions[key])} is not present"
                    f"{did_you_mean(parent, (k for k in graph.revisions if k != key))}"
                )


def _resolve_dependencies(graph: Structure) -> bool:
    found = False
    for revision in graph.revisions.values():
        if revision.dependencies is None:
            continue
        found = True
        names = to_tuple(revision.dependencies)  # type: ignore[arg-type]
        revision._resolved_dependencies = tuple(_dependency(graph, revision, name) for name in names)
    return found


def _dependency(graph: Structure, revision: Revision, name: str) -> str:
    if name in graph.revisions:
        return name
    if name in graph.labels:
        return graph.labels[name].revision
    starts = [key for key in graph.revisions if key.startswith(name)]
    if len(starts) == 1:
        return starts[0]
    raise RevisionError(
        f"Revision {name} referenced from {described(revision)} is not present"
        f"{did_you_mean(name, [*graph.revisions, *graph.labels])}"
    )


def _normalise_dependencies(graph: Structure) -> None:
    """Drop a dependency that an ancestor (by ``down_revision``) has already."""
    dependents: dict[str, list[str]] = {}
    for key, revision in graph.revisions.items():
        for need in revision._resolved_dependencies:
            dependents.setdefault(need, []).append(key)
    implied: dict[str, set[str]] = {}
    for need, keys in dependents.items():
        if len(keys) > 1:
            above = reach((child for key in keys for child in graph.up[key]), graph.up)
            implied[need] = above.intersection(keys)
    for key, revision in graph.revisions.items():
        revision._normalized_resolved_dependencies = tuple(
            need
            for need in dict.fromkeys(revision._resolved_dependencies)
            if key not in implied.get(need, ())
        )


def _refuse_cycle(graph: Structure, all_down: dict[str, Ids]) -> None:
    all_up = graph.all_up
    for error, down, up in (
        (CycleDetected, graph.down, graph.up),
        (DependencyCycleDetected, all_down, all_up),
    ):
        heads = [key for key in down if not up[key]]
        bases = [key for key in down if not down[key]]
        between = reach(heads, down) & reach(bases, up)
        if len(between) < len(down):
            lost = sorted(set(down) - between) if heads and bases else list(down)
            raise error(lost, [path for key in lost if (path := graph.revisions[key].path)])


def _spread_labels(graph: Structure) -> None:
    """Labels go up to all descendants, and down to where a branch or merge point stops them."""
    for revision in graph.revisions.values():
        labels = revision._orig_branch_labels
        if not labels:
            continue
        for key in reach([revision.revision], graph.up):
            graph.revisions[key].branch_labels.update(labels)
        if not _leads_straight_up(graph, revision):
            continue
        below = revision
        while below.down_revision is not None:
            below = graph.revisions[below._versioned_down_revisions[0]]
            if _is_junction(below):
                break
            below.branch_labels.update(labels)


def _leads_straight_up(graph: Structure, revision: Revision) -> bool:
    while not _is_junction(revision):
        if not revision.children:
            return True
        revision = graph.revisions[revision.children[0]]
    return False


def _is_junction(revision: Revision) -> bool:
    return revision._is_real_branch_point or revision.is_merge_point
