"""``Revision``: one node of the revision graph, with Alembic's attributes.

It holds what the file's header says, and what the graph works out from all headers together. The latter is
written by ``RevisionGraph`` alone, as ready tuples in a fixed order: sets are offered where Alembic's names
promise them, and nothing here iterates over one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nbmigrate.errors import DependencyLoopDetected, LoopDetected, RevisionError

RevisionIds = str | list[str] | tuple[str, ...]
ILLEGAL = frozenset("@-+:")


class Revision:
    """A revision: its id, its parents, what else it depends on, and its branch labels.

    ``dependencies`` are the ``depends_on`` of the file as written (ids, partial ids or labels);
    ``branch_labels`` also holds the labels that come down (and up) the branch.
    """

    path: str | None = None
    _labels: set[str] | None = None
    children: tuple[str, ...] = ()
    all_children: tuple[str, ...] = ()
    _resolved_dependencies: tuple[str, ...] = ()
    _normalized_resolved_dependencies: tuple[str, ...] = ()

    def __init__(
        self,
        revision: str,
        down_revision: RevisionIds | None,
        dependencies: RevisionIds | None = None,
        branch_labels: RevisionIds | None = None,
    ) -> None:
        # ten thousand of these are made at every start: the usual kinds are told apart here
        downs = (down_revision,) if isinstance(down_revision, str) else to_tuple(down_revision)
        needs = to_tuple(dependencies) if dependencies else ()
        if revision in downs:
            raise LoopDetected(revision)
        if revision in needs:
            raise DependencyLoopDetected(revision)
        if not ILLEGAL.isdisjoint(revision):
            self.verify_rev_id(revision)
        self.revision = revision
        self.down_revision: str | Sequence[str] | None = downs[0] if len(downs) == 1 else downs or None
        self.dependencies: str | Sequence[str] | None = tuple_rev_as_scalar(needs) if needs else None
        self._versioned_down_revisions = downs
        self._orig_branch_labels = to_tuple(branch_labels) if branch_labels else ()

    @property
    def branch_labels(self) -> set[str]:
        """The labels of the file, and those that come along the branch."""
        # most revisions have none, and nobody asks them
        if self._labels is None:
            self._labels = set(self._orig_branch_labels)
        return self._labels

    @branch_labels.setter
    def branch_labels(self, labels: Iterable[str]) -> None:
        self._labels = set(labels)

    def forget_graph(self) -> None:
        """Back to what the header says; the graph calls it before it works everything out anew."""
        self._labels = None
        self.children = self.all_children = ()
        self._resolved_dependencies = self._normalized_resolved_dependencies = ()

    @classmethod
    def verify_rev_id(cls, revision: str) -> None:
        """Refuse an id that holds a character of the identifier syntax."""
        if not ILLEGAL.isdisjoint(revision):
            illegal = sorted(ILLEGAL.intersection(revision))
            raise RevisionError(
                f"Character(s) '{', '.join(illegal)}' not allowed in revision identifier '{revision}'"
            )

    def __repr__(self) -> str:
        args = [repr(self.revision), repr(self.down_revision)]
        if self.dependencies:
            args.append(f"dependencies={self.dependencies!r}")
        if self.branch_labels:
            args.append(f"branch_labels={sorted(self.branch_labels)!r}")
        return f"{type(self).__name__}({', '.join(args)})"

    @property
    def nextrev(self) -> frozenset[str]:
        """The revisions that have this one as ``down_revision``."""
        return frozenset(self.children)

    @property
    def _all_nextrev(self) -> frozenset[str]:
        return frozenset(self.all_children)

    @property
    def _all_down_revisions(self) -> tuple[str, ...]:
        return unique(self._versioned_down_revisions + self._resolved_dependencies)

    @property
    def _normalized_down_revisions(self) -> tuple[str, ...]:
        if not self._normalized_resolved_dependencies:
            return self._versioned_down_revisions
        return unique(self._versioned_down_revisions + self._normalized_resolved_dependencies)

    @property
    def is_head(self) -> bool:
        """No revision has this one as ``down_revision``."""
        return not self.children

    @property
    def _is_real_head(self) -> bool:
        return not self.all_children

    @property
    def is_base(self) -> bool:
        """It has no ``down_revision``."""
        return self.down_revision is None

    @property
    def _is_real_base(self) -> bool:
        return self.down_revision is None and self.dependencies is None

    @property
    def is_branch_point(self) -> bool:
        """More than one revision has this one as ``down_revision``."""
        return len(self.children) > 1

    @property
    def _is_real_branch_point(self) -> bool:
        return len(self.all_children) > 1

    @property
    def is_merge_point(self) -> bool:
        """It has more than one ``down_revision``."""
        return len(self._versioned_down_revisions) > 1


def to_tuple(value: RevisionIds | None) -> tuple[str, ...]:
    """None, one text or several as a tuple."""
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    return tuple(value)


def unique(values: Sequence[str]) -> tuple[str, ...]:
    """The values without repetition, in their order."""
    return tuple(dict.fromkeys(values))


def tuple_rev_as_scalar(rev: Sequence[str] | None) -> str | Sequence[str] | None:
    """None for nothing, the one for one, else the sequence: as ``down_revision`` is written in a file."""
    if not rev:
        return None
    return rev[0] if len(rev) == 1 else rev
