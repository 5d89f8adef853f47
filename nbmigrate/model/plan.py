"""``Plan``: the steps from where a database stands to where it is to stand, and what each does to its rows.

Pure values: a plan is made from the graph, a target and the ids in the version table, and can be shown,
counted and tested without a database. A step says how it changes the version table (``version_change``) from
the rows that are there; the runtime writes that and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from nbmigrate.errors import ResolutionError, RevisionError
from nbmigrate.model.graph import RevisionGraph, Target
from nbmigrate.model.revision import Revision, unique
from nbmigrate.model.targets import ids
from nbmigrate.model.value import value
from nbmigrate.model.walk import climbs_to, reach
from nbmigrate.model.wording import spoken

Direction = Literal["upgrade", "downgrade", "stamp"]
Ids = tuple[str, ...]

__all__ = [
    "MigrationInfo",
    "Plan",
    "Step",
    "VersionChange",
    "check_rows",
    "plan_downgrade",
    "plan_stamp",
    "plan_upgrade",
]


@value
class VersionChange:
    """What happens to the rows of the version table: in this order, deletes, inserts, updates."""

    delete: Ids = ()
    insert: Ids = ()
    update: tuple[tuple[str, str], ...] = ()

    def apply_to(self, heads: Iterable[str]) -> Ids:
        """The rows afterwards; rows that stay keep their order."""
        renamed = dict(self.update)
        kept = [renamed.get(row, row) for row in unique(list(heads)) if row not in self.delete]
        return unique([*kept, *self.insert])


@value(hidden=("revision_map",))
class MigrationInfo:
    """One step as ``on_version_apply`` callbacks see it, by Alembic's names."""

    revision_map: RevisionGraph
    is_upgrade: bool
    is_stamp: bool
    up_revision_ids: Ids
    down_revision_ids: Ids

    @property
    def is_migration(self) -> bool:
        """Whether a script runs."""
        return not self.is_stamp

    @property
    def up_revision_id(self) -> str | None:
        """The first of ``up_revision_ids``."""
        return self.up_revision_ids[0] if self.up_revision_ids else None

    @property
    def source_revision_ids(self) -> Ids:
        """Where the step comes from."""
        return self.down_revision_ids if self.is_upgrade else self.up_revision_ids

    @property
    def destination_revision_ids(self) -> Ids:
        """Where the step leads to."""
        return self.up_revision_ids if self.is_upgrade else self.down_revision_ids

    @property
    def up_revision(self) -> Revision | None:
        """``up_revision_id`` as a revision."""
        return self.revision_map.get_revision(self.up_revision_id)

    @property
    def up_revisions(self) -> tuple[Revision | None, ...]:
        """``up_revision_ids`` as revisions."""
        return self.revision_map.get_revisions(self.up_revision_ids)

    @property
    def down_revisions(self) -> tuple[Revision | None, ...]:
        """``down_revision_ids`` as revisions."""
        return self.revision_map.get_revisions(self.down_revision_ids)

    @property
    def source_revisions(self) -> tuple[Revision | None, ...]:
        """``source_revision_ids`` as revisions."""
        return self.revision_map.get_revisions(self.source_revision_ids)

    @property
    def destination_revisions(self) -> tuple[Revision | None, ...]:
        """``destination_revision_ids`` as revisions."""
        return self.revision_map.get_revisions(self.destination_revision_ids)


@value(hidden=("graph",))
class Step:
    """One revision in one direction, or one move of a stamp (then without a revision).

    ``up`` and ``down`` are the ids above and below the step, dependencies included; ``branch_move`` marks a
    stamp that opens or closes a branch.
    """

    graph: RevisionGraph
    direction: Direction
    up: Ids
    down: Ids
    revision: Revision | None = None
    is_upgrade: bool = True
    branch_move: bool = False

    @property
    def is_stamp(self) -> bool:
        """Whether only the version table moves."""
        return self.direction == "stamp"

    @property
    def is_downgrade(self) -> bool:
        """Whether it leads down."""
        return not self.is_upgrade

    @property
    def name(self) -> str:
        """What Alembic calls the step in its log."""
        return "stamp_revision" if self.is_stamp else self.direction

    @property
    def doc(self) -> str | None:
        """The first paragraph of the script's docstring."""
        return getattr(self.revision, "doc", None)

    @property
    def from_revisions(self) -> Ids:
        """Where the step comes from, dependencies included."""
        return self.down if self.is_upgrade else self.up

    @property
    def to_revisions(self) -> Ids:
        """Where the step leads to, dependencies included."""
        return self.up if self.is_upgrade else self.down

    @property
    def source(self) -> Ids:
        """Where the step comes from, by ``down_revision`` alone: what is shown."""
        return self._down_shown if self.is_upgrade else self.up

    @property
    def destination(self) -> Ids:
        """Where the step leads to, by ``down_revision`` alone: what is shown."""
        return self.up if self.is_upgrade else self._down_shown

    from_revisions_no_deps = source
    to_revisions_no_deps = destination

    @property
    def _down_shown(self) -> Ids:
        return self.down if self.revision is None else self.revision._versioned_down_revisions

    @property
    def short_log(self) -> str:
        """``upgrade a -> b``."""
        return f"{self.name} {', '.join(self.source)} -> {', '.join(self.destination)}"

    def __str__(self) -> str:
        """``upgrade a -> b, message``: behind "Running " it is Alembic's log line."""
        return f"{self.short_log}, {self.doc}" if self.doc else self.short_log

    @property
    def info(self) -> MigrationInfo:
        """The step for ``on_version_apply``."""
        return MigrationInfo(self.graph, self.is_upgrade, self.is_stamp, self.up, self.down)

    def version_change(self, heads: Iterable[str]) -> VersionChange:
        """What the step does to the rows ``heads`` of the version table.

        A branch that begins is inserted, one that ends is deleted, else a row is updated; a merge deletes the
        rows of all but its last parent, the way back inserts them again.
        """
        rows = set(heads)
        if self.is_stamp:
            return self._stamp_change(rows)
        return self._upgrade_change(rows) if self.is_upgrade else self._downgrade_change(rows)

    def apply_to(self, heads: Iterable[str]) -> Ids:
        """The rows of the version table after the step."""
        rows = tuple(heads)
        return self.version_change(rows).apply_to(rows)

    def _upgrade_change(self, rows: set[str]) -> VersionChange:
        (new,) = self.up
        present = [parent for parent in self.down if parent in rows]
        if not present:
            return VersionChange(insert=(new,))
        return VersionChange(delete=tuple(present[:-1]), update=((present[-1], new),))

    def _downgrade_change(self, rows: set[str]) -> VersionChange:
        (old,) = self.up
        if old not in rows:
            raise RevisionError(
                f"Can't downgrade {old}: the version table holds {', '.join(sorted(rows)) or 'no revision'}"
            )
        others = rows - {old}
        above, rank = self.graph.structure.needed_by, self.graph.structure.rank
        back = [
            parent
            for parent in self.down
            if not climbs_to(above[parent], others | (set(self.down) - {parent}), above, rank, avoid=old)
        ]
        if not back:
            return VersionChange(delete=(old,))
        return VersionChange(insert=tuple(back[:-1]), update=((old, back[-1]),))

    def _stamp_change(self, rows: set[str]) -> VersionChange:
        leaving = [row for row in self.from_revisions if row in rows]
        new = [row for row in self.to_revisions if row not in rows]
        if self.branch_move or not leaving or not new:
            return VersionChange(delete=tuple(leaving), insert=tuple(new))
        move = (leaving[-1], new[0])
        return VersionChange(delete=tuple(leaving[:-1]), insert=tuple(new[1:]), update=(move,))


@value(hidden=("graph",))
class Plan:
    """The steps in the order in which they run, from ``before``; ``target`` is what was typed."""

    graph: RevisionGraph
    direction: Direction
    target: Target
    before: Ids
    steps: tuple[Step, ...]

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)

    @property
    def after(self) -> Ids:
        """The rows of the version table when every step has run."""
        rows = self.before
        for step in self.steps:
            rows = step.apply_to(rows)
        return rows

    def changes(self) -> Iterator[tuple[Step, VersionChange, Ids]]:
        """Each step with what it does to the version table, and the rows afterwards."""
        rows = self.before
        for step in self.steps:
            change = step.version_change(rows)
            rows = change.apply_to(rows)
            yield step, change, rows


def check_rows(graph: RevisionGraph, rows: Sequence[str]) -> None:
    """Say so where the version table names a revision that has no file, and how to get out of that.

    Raises ``ResolutionError``, then ``stored``.
    """
    try:
        graph.get_revisions(tuple(rows))
    except ResolutionError as error:
        if str(error).startswith("No such revision"):
            could_be = f" (could it be {' or '.join(map(repr, error.near))}?)" if error.near else ""
            where = error.near[0] if error.near else "<revision>"
            error.args = (
                f"Can't locate revision identified by '{error.argument}': the database stands there, and no "
                f"file has that id{could_be}; bring the file back, or tell the database where it is with "
                f"'stamp --purge {where}'",
            )
            error.stored = True
        raise


def plan_upgrade(graph: RevisionGraph, target: Target, heads: Sequence[str]) -> Plan:
    """What an upgrade from the rows ``heads`` to the target runs."""
    check_rows(graph, heads)
    with spoken(ancestor="Destination {end} is not a valid upgrade target from current head(s)", end=target):
        revisions = graph.resolve_upgrade(target, tuple(heads))
    steps = tuple(Step(graph, "upgrade", (r.revision,), r._normalized_down_revisions, r) for r in revisions)
    return Plan(graph, "upgrade", target, tuple(heads), steps)


def plan_downgrade(graph: RevisionGraph, target: Target, heads: Sequence[str]) -> Plan:
    """What a downgrade from the rows ``heads`` to the target runs."""
    check_rows(graph, heads)
    with spoken(
        ancestor="Destination {end} is not a valid downgrade target from current head(s); 'current' and "
        "'history' tell what lies below",
        end=target,
    ):
        revisions = graph.resolve_downgrade(target, tuple(heads))
    steps = tuple(
        Step(graph, "downgrade", (r.revision,), r._normalized_down_revisions, r, is_upgrade=False)
        for r in revisions
    )
    return Plan(graph, "downgrade", target, tuple(heads), steps)


def plan_stamp(graph: RevisionGraph, targets: Target, heads: Sequence[str]) -> Plan:
    """What must move in the version table so that it says ``targets``; branches not named stay."""
    rows = tuple(heads)
    wanted: Sequence[str | None] = [targets] if targets is None or isinstance(targets, str) else list(targets)
    check_rows(graph, rows)
    with spoken(multiple_heads="Multiple heads are present; please specify a single target revision"):
        present = ids(graph.get_revisions(rows))
        concerned = unique(
            [
                row
                for target in (wanted or [None])
                for row in graph.filter_for_lineage(present, target or "base", include_dependencies=True)
            ]
        )
        goals = ids(graph.get_revisions(list(wanted)))
    steps = _stamp_steps(graph, concerned, goals) if goals else _leave(graph, concerned)
    return Plan(graph, "stamp", targets, rows, steps)


def _leave(graph: RevisionGraph, rows: Sequence[str]) -> tuple[Step, ...]:
    return tuple(Step(graph, "stamp", (row,), (), None, is_upgrade=False, branch_move=True) for row in rows)


def _stamp_steps(graph: RevisionGraph, rows: Ids, goals: Sequence[str]) -> tuple[Step, ...]:
    edges = graph.structure
    steps = []
    for goal in goals:
        if goal in rows:
            continue
        if not reach([goal], edges.all_up).isdisjoint(rows):
            steps.append(Step(graph, "stamp", rows, (goal,), None, is_upgrade=False))
        elif not reach([goal], edges.needs).isdisjoint(rows):
            steps.append(Step(graph, "stamp", (goal,), rows, None))
        else:
            steps.append(Step(graph, "stamp", (goal,), (), None, branch_move=True))
    return tuple(steps)
