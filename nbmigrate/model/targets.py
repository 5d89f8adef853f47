"""What a target means from a given position: which revisions lie between the two.

Functions over the graph's edges that give sets of ids; the order comes later (``walk.newest_first``). An
upgrade takes what the target needs and the position lacks; a downgrade takes what stands above the target
and is applied.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from nbmigrate.errors import RangeNotAncestorError, RevisionError
from nbmigrate.model.revision import Revision
from nbmigrate.model.walk import reach

if TYPE_CHECKING:
    from nbmigrate.model.graph import RevisionGraph, Target


class Found(NamedTuple):
    """The revisions to walk, and the heads to begin at; ``whole``: nothing is missing in between."""

    revisions: set[str]
    heads: Sequence[str]
    whole: bool = True


def ids(revisions: Iterable[Revision | None]) -> list[str]:
    """The ids, each once, the base left out."""
    return list(dict.fromkeys(r.revision for r in revisions if r is not None))


# -- counting steps


def walk(
    graph: RevisionGraph,
    start: Revision | None,
    steps: int,
    branch: str | None,
    text: str,
    *,
    exact: bool = True,
    prefix: str = "",
) -> Revision | None:
    """Go so many steps up or down from a revision; None is the base.

    ``branch`` chooses the way up where there are several. Past the end is an error, or, where ``exact`` is
    false, the end.
    """
    here = start
    for taken in range(abs(steps)):
        if steps < 0 and here is None:
            ways: Sequence[str] | None = None
        elif steps < 0:
            assert here is not None
            ways = here._versioned_down_revisions
            if not ways:
                here = None
                continue
        else:
            ways = graph.bases if here is None else here.children
            if branch and ways:
                ways = graph.filter_for_lineage(ways, branch)
        if not ways:
            if not exact:
                return here
            raise RevisionError(f"{prefix}{_too_far(start, steps, taken)}")
        if len(ways) > 1:
            raise RevisionError(_ambiguous(text, here, steps, ways))
        here = graph.revisions[ways[0]]
    return here


def _too_far(start: Revision | None, steps: int, taken: int) -> str:
    side = "above" if steps > 0 else "below"
    place = start.revision if start else "base"
    count = f"only {taken}" if taken else "none"
    return (
        f"Relative revision {steps:+d} didn't produce {abs(steps)} migrations: there "
        f"{'is' if taken < 2 else 'are'} {count} {side} {place}"
    )


def _ambiguous(text: str, here: Revision | None, steps: int, ways: Sequence[str]) -> str:
    place = here.revision if here else "base"
    side = "up" if steps > 0 else "down"
    return (
        f"Ambiguous walk: '{text}' passes {place}, from where {len(ways)} ways lead {side} "
        f"({', '.join(ways)}); name the revision, or a branch as in '{ways[0]}@{steps:+d}'"
    )


# -- upgrade


def upgrade_targets(graph: RevisionGraph, current: Target, target: Target, exact: bool) -> list[str]:
    """The revisions that an upgrade's target names, seen from the current ones."""
    identifier = graph.parse(target) if isinstance(target, str) else None
    if identifier is None or identifier.steps is None:
        return ids(graph.get_revisions(target))
    steps = identifier.steps
    if identifier.symbol is not None:
        first = graph.get_revision(identifier.symbol if steps > 0 else identifier.start)
        branch = identifier.branch if steps > 0 else None
        return ids([walk(graph, first, steps, branch, identifier.text, exact=exact)])
    if steps <= 0:
        raise RevisionError(
            f"Relative revision {identifier.steps_text} didn't produce {abs(steps)} migrations: an upgrade "
            f"goes up; to go down, use downgrade {identifier.steps_text}"
        )
    starts = _upgrade_starts(graph, current, identifier.branch)
    if len(starts) > 1:
        raise RevisionError(
            f"Ambiguous upgrade from multiple current revisions ({', '.join(starts)}); name a branch, for "
            f"instance '{starts[0]}@{identifier.steps_text}'"
        )
    start = graph.revisions[starts[0]] if starts else None
    return ids([walk(graph, start, steps, identifier.branch, identifier.text, exact=exact)])


def _upgrade_starts(graph: RevisionGraph, current: Target, branch: str | None) -> list[str]:
    here = ids(graph.get_revisions(current))
    if not branch:
        return here
    starts = list(graph.filter_for_lineage(here, branch))
    if starts:
        return starts
    # the branch begins below: where does what is applied of its line end?
    edges = graph.structure
    active = set(graph.filter_for_lineage(sorted(reach(here, edges.needs)), branch))
    tips = active.difference(*(edges.needs[key] for key in active)) if active else set()
    return sorted(tips, key=edges.rank.__getitem__)


def collect_upgrade(
    graph: RevisionGraph, upper: Target, lower: Target, *, inclusive: bool, implicit_base: bool, exact: bool
) -> Found:
    """What ``upper`` needs and ``lower`` has not; without ``implicit_base`` only what stands above it."""
    edges = graph.structure
    targets = upgrade_targets(graph, lower, upper, exact)
    if isinstance(lower, str) and "@" in lower:
        targets = _on_branch(graph, targets, lower.partition("@")[0])
    _refuse_overlap(graph, targets)
    required = reach(targets, edges.needs)
    current = _lower_end(graph, targets, lower, exact)
    if not implicit_base and not required.issuperset(current):
        raise RangeNotAncestorError(lower, upper)
    needs = required - reach(current, edges.needs)
    if inclusive:
        needs.update(current)
    if current and not implicit_base:
        needs &= reach(current, edges.up)
    whole = implicit_base or not current or edges.needs is edges.down
    return Found(needs, targets, whole and not (inclusive and implicit_base))


def _lower_end(graph: RevisionGraph, targets: Sequence[str], lower: Target, exact: bool) -> list[str]:
    identifier = graph.parse(lower) if isinstance(lower, str) else None
    if identifier is None or identifier.steps is None or identifier.symbol is not None:
        named = ids(graph.get_revisions(lower))
        _refuse_overlap(graph, named)
        return named
    if identifier.steps > 0:
        raise RevisionError(
            f"A range can't begin at '{lower}'; it may begin at an id, or so many before the heads"
        )
    # as in Alembic: from the heads, wherever the range ends; where that leads below the base, from its end
    found = graph.below_heads(identifier, exact=False)
    if found and found[0] is None:
        tops = [graph.revisions[key] for key in targets]
        found = tuple(walk(graph, top, identifier.steps, None, identifier.text, exact=exact) for top in tops)
    return ids(found)


def _on_branch(graph: RevisionGraph, targets: Sequence[str], branch: str) -> list[str]:
    named = graph._resolve_branch(branch)
    if branch not in graph.structure.labels:
        if named is None or len(named.branch_labels) != 1:
            return list(graph.filter_for_lineage(targets, named.revision if named else None))
        # a revision that stands for its branch
        (branch,) = named.branch_labels
    return [key for key in targets if branch in graph.revisions[key].branch_labels]


def _refuse_overlap(graph: RevisionGraph, chosen: Sequence[str]) -> None:
    """Refuse revisions of which one is another's ancestor."""
    if len(chosen) < 2:
        return
    edges = graph.structure.needs
    below = reach((parent for key in chosen for parent in edges[key]), edges)
    inner = [key for key in chosen if key in below]
    if inner:
        others = [key for key in chosen if key != inner[0] and inner[0] in reach([key], edges)]
        raise RevisionError(
            f"Requested revision {others[0]} overlaps with other requested revisions {', '.join(inner)}, "
            f"which lie below it: name {others[0]} alone; where the version table holds them all, "
            f"'stamp --purge {others[0]}'"
        )


# -- downgrade


def downgrade_target(
    graph: RevisionGraph, current: Target, target: Target, exact: bool
) -> tuple[str | None, Revision | None]:
    """The branch and the revision that a downgrade's target names; no revision is the base."""
    if isinstance(target, (tuple, list)) and len(target) == 1:
        target = target[0]
    if not target:
        return None, None
    if not isinstance(target, str):
        raise RevisionError(f"A downgrade goes to one revision, not to {len(target)}; name one, or 'base'")
    identifier = graph.parse(target)
    if identifier.steps is None:
        symbol = identifier.symbol
        known = symbol in graph.revisions or symbol in graph.structure.labels or symbol == "base"
        return identifier.branch, graph.get_revision(symbol if known else target)
    steps, branch, symbol = identifier.steps, identifier.branch, identifier.symbol
    if symbol is None and steps >= 0:
        raise RevisionError(
            f"Relative revision {identifier.steps_text} didn't produce {abs(steps)} migrations: a downgrade "
            f"goes down; to go up, use upgrade {identifier.steps_text}"
        )
    prefix = ""
    if symbol is None:
        branch, symbol = _downgrade_start(graph, current, branch, identifier.text, steps)
    else:
        prefix = "Walked too far: "
    if steps > 0:
        start = graph.get_revision(symbol)
        return branch, walk(graph, start, steps, branch, identifier.text, exact=exact, prefix=prefix)
    start = graph.get_revision(symbol if branch is None else f"{branch}@{symbol}")
    return branch, walk(graph, start, steps, None, identifier.text, exact=exact, prefix=prefix)


def _downgrade_start(
    graph: RevisionGraph, current: Target, branch: str | None, text: str, steps: int
) -> tuple[str | None, str]:
    here = ids(graph.get_revisions(current))
    if branch is None:
        if not here:
            raise RevisionError(
                f"Relative revision {text} didn't produce {abs(steps)} migrations: the database is at base"
            )
        if len(here) > 1:
            warnings.warn(
                f"downgrade {text} from multiple heads is ambiguous; this usage will be disallowed in a "
                f"future release. Name a branch, for instance '{here[0]}@{text}'",
                UserWarning,
                stacklevel=2,
            )
        return here[0], here[0]
    found = list(graph.filter_for_lineage(here, branch))
    if not found:
        # the branch's head may only be there because another revision depends on it
        found = ids(graph.filter_for_lineage(graph.implied_heads(here), branch))
    if len(found) != 1:
        where = f"at {', '.join(found)}" if found else "nowhere on it"
        raise RevisionError(
            f"'{text}' is ambiguous: on branch '{branch}' the database is {where}; name the revision"
        )
    return branch, found[0]


def collect_downgrade(
    graph: RevisionGraph, upper: Target, lower: Target, *, inclusive: bool, implicit_base: bool, exact: bool
) -> Found:
    """What is applied at ``upper`` and stands above ``lower``."""
    edges = graph.structure
    branch, target = downgrade_target(graph, upper, lower, exact)
    if target is None:
        roots: Sequence[str] = graph.bases
    else:
        roots = (target.revision,) if inclusive else target.children
    if branch and len(roots) > 1:
        named = graph._resolve_branch(branch)
        below = reach([named.revision], edges.down) if named else set()
        roots = [root for root in roots if root in below]
        if not roots:
            raise RevisionError(
                "Not a valid downgrade target from current heads: "
                f"branch '{branch}' is not above {target.revision if target else 'base'}"
            )
    heads = ids(graph.get_revisions(upper))
    active = reach(heads, edges.needs)
    drop = reach(roots, edges.all_up) & active
    if implicit_base:
        drop |= active - reach(roots, edges.needs)
    if target is not None and not drop and target.revision not in heads:
        raise RangeNotAncestorError("Nothing to drop", upper)
    return Found(drop, heads, not implicit_base)
