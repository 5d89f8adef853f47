"""``RevisionGraph``: the revisions as a graph, and every question that is put to it by identifier.

By names and behaviour it is Alembic's ``RevisionMap``, which is an alias. Building is in ``build.py``,
walking in ``walk.py``, what a target means from a given position in ``targets.py``; this class holds the
parts together and looks identifiers up. It knows neither files nor databases.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, cast

from nbmigrate.errors import MultipleHeads, ResolutionError, RevisionError
from nbmigrate.model import targets
from nbmigrate.model.build import Structure, build
from nbmigrate.model.identifiers import Identifier, did_you_mean, near, parse_identifier
from nbmigrate.model.revision import Revision, to_tuple, tuple_rev_as_scalar, unique
from nbmigrate.model.walk import newest_first, reach, reach_in_order

__all__ = ["Revision", "RevisionGraph", "RevisionMap", "tuple_rev_as_scalar"]

Target = str | Sequence[str | None] | None


class RevisionGraph:
    """The graph of all revisions that ``generator`` gives; it is called on first use."""

    def __init__(self, generator: Callable[[], Iterable[Revision]]) -> None:
        self._generator = generator
        self._built: Structure | None = None

    # -- the parts

    @property
    def structure(self) -> Structure:
        """Edges, order and labels; built on first use."""
        if self._built is None:
            # nothing that is made here is garbage, and looking for it is a fifth of the time
            collecting = gc.isenabled()
            gc.disable()
            try:
                self._built = build(self._generator())
            finally:
                if collecting:
                    gc.enable()
        return self._built

    @property
    def revisions(self) -> dict[str, Revision]:
        """All revisions by id, in the order in which they were read."""
        return self.structure.revisions

    @property
    def heads(self) -> tuple[str, ...]:
        """The ids that no ``down_revision`` names."""
        return self.structure.heads

    @property
    def bases(self) -> tuple[str, ...]:
        """The ids without a ``down_revision``."""
        return self.structure.bases

    @property
    def _real_heads(self) -> tuple[str, ...]:
        return self.structure.real_heads

    @property
    def _real_bases(self) -> tuple[str, ...]:
        return self.structure.real_bases

    @property
    def _revision_map(self) -> dict[Any, Revision | None]:
        graph = self.structure
        return {**graph.revisions, **graph.labels, None: None, (): None}

    def __len__(self) -> int:
        return len(self.structure.revisions)

    def __bool__(self) -> bool:
        return True

    def add_revision(self, revision: Revision, _replace: bool = False) -> None:
        """Add one revision to the graph, which is then as if it had been read with the rest."""
        revisions = self.revisions
        if _replace and revision.revision not in revisions:
            raise RevisionError(f"revision {revision.revision} not in map")
        if not _replace:
            self._built = build([*revisions.values(), revision])
            return
        self._built = build([revision if r.revision == revision.revision else r for r in revisions.values()])

    def forget(self) -> None:
        """Read the revisions anew at the next question."""
        self._built = None

    # -- looking up

    def parse(self, text: str) -> Identifier:
        """The parts of an identifier; what is an id or a label of this graph is never cut."""
        graph = self.structure
        if text in graph.revisions or text in graph.labels:
            return Identifier(text, symbol=text)
        return parse_identifier(text)

    def get_revisions(self, id_: Target) -> tuple[Revision | None, ...]:
        """The revisions that an identifier, or each of several, names; none for "base"."""
        if isinstance(id_, (list, tuple, set, frozenset)):
            return tuple(revision for each in id_ for revision in self.get_revisions(each))
        identifier = self._parsed(id_)
        if identifier is not None and identifier.steps is not None:
            return self._relative(identifier)
        ids, branch = self._resolve_revision_number(id_)
        return tuple(self._revision_for_ident(each, branch) for each in ids)

    def get_revision(self, id_: Target) -> Revision | None:
        """The one revision that an identifier names; None for "base", an error for several."""
        identifier = self._parsed(id_)
        if identifier is not None and identifier.steps is not None:
            found = self._relative(identifier)
            if len(found) > 1:
                raise MultipleHeads([r.revision if r else "base" for r in found], str(id_))
            return found[0] if found else None
        ids, branch = self._resolve_revision_number(id_)
        if len(ids) > 1:
            raise MultipleHeads(ids, cast("str", id_))
        return self._revision_for_ident(ids[0], branch) if ids else None

    def get_current_head(self, branch_label: str | None = None) -> str | None:
        """The head, of the whole graph or of a branch; an error where there are several."""
        heads: Sequence[str] = self.heads
        if branch_label:
            heads = self.filter_for_lineage(heads, branch_label)
        if len(heads) > 1:
            raise MultipleHeads(heads, f"{branch_label}@head" if branch_label else "head")
        return heads[0] if heads else None

    def _parsed(self, id_: Any) -> Identifier | None:
        return self.parse(id_) if isinstance(id_, str) else None

    def _relative(self, identifier: Identifier) -> tuple[Revision | None, ...]:
        steps = cast("int", identifier.steps)
        start = identifier.start
        if start is not None:
            branch = identifier.branch if steps > 0 else None
            first = self.get_revision(identifier.symbol if steps > 0 else start)
            return (targets.walk(self, first, steps, branch, identifier.text),)
        if steps > 0:
            raise RevisionError(
                f"Relative revision {identifier.steps_text} counts from where the database stands, which is "
                f"not known here; name a revision, for instance 'base{identifier.steps_text}'"
            )
        return self.below_heads(identifier)

    def below_heads(self, identifier: Identifier, *, exact: bool = True) -> tuple[Revision | None, ...]:
        """So many steps below each head, or each of a branch; past the base is an error, or the base."""
        steps = cast("int", identifier.steps)
        heads = [r for r in self.get_revisions("heads") if r is not None]
        if identifier.branch is not None:
            named = self._resolve_branch(identifier.branch)
            related = self._relatives([named.revision], dependencies=False) if named else set()
            heads = [r for r in heads if identifier.branch in r.branch_labels or r.revision in related]
        return tuple(targets.walk(self, head, steps, None, identifier.text, exact=exact) for head in heads)

    def _resolve_revision_number(self, id_: Any) -> tuple[tuple[str, ...], str | None]:
        branch: str | None = None
        if isinstance(id_, str):
            if "@" in id_ and id_ not in self.structure.labels:
                identifier = parse_identifier(id_)
                branch, id_ = identifier.branch, identifier.symbol
        elif id_ is not None and not (isinstance(id_, tuple) and all(isinstance(e, str) for e in id_)):
            raise RevisionError(
                f"revision identifier {id_!r} is not a string; ensure database driver settings are correct"
            )
        if branch and id_ in ("head", "heads"):
            self._resolve_branch(branch)
        if id_ == "heads":
            return (self.filter_for_lineage(self.heads, branch) if branch else self._real_heads), branch
        if id_ == "head":
            head = self.get_current_head(branch)
            return ((head,) if head else ()), branch
        if id_ == "base" or id_ is None:
            return (), branch
        return to_tuple(id_), branch

    def _resolve_branch(self, branch: str) -> Revision | None:
        graph = self.structure
        found = graph.revisions.get(branch) or graph.labels.get(branch)
        if found is not None:
            return found
        try:
            return self._revision_for_ident(branch)
        except ResolutionError as error:
            hint = did_you_mean(branch, [*graph.labels, *graph.revisions])
            hint = hint or "; 'branches' and 'history' tell those that there are"
            raise ResolutionError(f"No such branch: '{branch}'{hint}", branch) from error

    def _revision_for_ident(self, id_: str, branch: str | None = None) -> Revision | None:
        graph = self.structure
        top = self._resolve_branch(branch) if branch else None
        found = graph.revisions.get(id_) or graph.labels.get(id_)
        if found is None:
            names = [n for n in (*graph.revisions, *graph.labels) if len(n) > 3 and n.startswith(id_)]
            if top is not None:
                names = list(self.filter_for_lineage(names, branch))
            if len(names) != 1:
                raise self._unknown(id_, names)
            found = graph.revisions.get(names[0]) or graph.labels[names[0]]
        if top is not None and found.revision not in self._relatives([top.revision], dependencies=False):
            raise ResolutionError(
                f"Revision {found.revision} is not a member of branch '{branch}'", found.revision
            )
        return found

    def _unknown(self, id_: str, names: Sequence[str]) -> ResolutionError:
        if id_ == "current":
            return ResolutionError("'current' is where a database stands; it can't be named here", id_)
        if names:
            listed = ", ".join(f"'{name}'" for name in names[:3])
            if not id_:
                return ResolutionError("it is empty: name an id, head, base, +1, ...", id_)
            return ResolutionError(
                f"Multiple revisions start with '{id_}': {listed}...; type more of it", id_
            )
        short = (
            "; please ensure at least four characters are present for partial revision identifier matches"
            if len(id_) < 4
            else ""
        )
        error = ResolutionError(f"No such revision or branch '{id_}'{short}", id_)
        error.near = tuple(near(id_, [*self.structure.revisions, *self.structure.labels]))
        return error

    # -- lineage

    def filter_for_lineage(
        self, targets: Iterable[Any], check_against: Target, include_dependencies: bool = False
    ) -> tuple[Any, ...]:
        """Those of ``targets`` (ids or revisions) that stand above or below what is checked against."""
        identifier = self._parsed(check_against)
        if identifier is not None and identifier.steps is not None:
            ids: Sequence[str] = [r.revision for r in self.get_revisions(check_against) if r is not None]
            branch = None
        else:
            ids, branch = self._resolve_revision_number(check_against)
        checks = [r.revision for i in unique([*([branch] if branch else []), *ids]) if (r := self._known(i))]
        if not checks:
            return tuple(targets)
        related = self._relatives(checks, dependencies=include_dependencies)
        return tuple(target for target in targets if self._id(target) in related)

    def _known(self, id_: str) -> Revision | None:
        return self._resolve_branch(id_) if id_ in self.structure.labels else self._revision_for_ident(id_)

    def _id(self, target: Revision | str) -> str:
        if isinstance(target, Revision):
            return target.revision
        found = self._revision_for_ident(target)
        return found.revision if found else target

    def _relatives(self, ids: Sequence[str], *, dependencies: bool) -> set[str]:
        graph = self.structure
        if dependencies:
            return reach(ids, graph.needs) | reach(ids, graph.all_up)
        return reach(ids, graph.down) | reach(ids, graph.up)

    def _get_ancestor_nodes(
        self, targets: Iterable[Any], check: bool = False, include_dependencies: bool = True
    ) -> Iterator[Revision]:
        graph = self.structure
        edges = graph.needs if include_dependencies else graph.down
        yield from (graph.revisions[i] for i in reach_in_order([self._id(t) for t in targets], edges))

    def _get_descendant_nodes(
        self, targets: Iterable[Any], check: bool = False, include_dependencies: bool = True
    ) -> Iterator[Revision]:
        graph = self.structure
        edges = graph.all_up if include_dependencies else graph.up
        yield from (graph.revisions[i] for i in reach_in_order([self._id(t) for t in targets], edges))

    def implied_heads(self, current: Target) -> tuple[Revision, ...]:
        """The rows of a version table and the heads of the branches that they depend on, newest first."""
        graph = self.structure
        active = reach([r.revision for r in self.get_revisions(current) if r is not None], graph.needs)
        tops = [key for key in active if active.isdisjoint(graph.up[key])]
        return tuple(graph.revisions[k] for k in sorted(tops, key=graph.rank.__getitem__, reverse=True))

    def _get_all_current(self, id_: Target) -> set[Revision]:
        return set(self.implied_heads(id_))

    # -- ranges

    def iterate_revisions(
        self,
        upper: Target,
        lower: Target,
        implicit_base: bool = False,
        inclusive: bool = False,
        assert_relative_length: bool = True,
        select_for_downgrade: bool = False,
    ) -> Iterator[Revision]:
        """The revisions from ``upper`` down to ``lower``, newest first, in Alembic's order."""
        graph = self.structure
        collect = targets.collect_downgrade if select_for_downgrade else targets.collect_upgrade
        found = collect(
            self,
            upper,
            lower,
            inclusive=inclusive,
            implicit_base=implicit_base,
            exact=assert_relative_length,
        )
        place = {key: number for number, key in enumerate(graph.revisions)} if len(found.heads) > 1 else {}
        heads = sorted(found.heads, key=place.__getitem__) if place else list(found.heads)
        order = newest_first(found.revisions, heads, graph.needs, graph.rank, whole=found.whole)
        yield from (graph.revisions[key] for key in order)

    def resolve_upgrade(self, target: Target, current_heads: Target) -> list[Revision]:
        """The revisions that an upgrade from the current heads to the target runs, in that order."""
        return list(self.iterate_revisions(target, current_heads, implicit_base=True))[::-1]

    def resolve_downgrade(self, target: Target, current_heads: Target) -> list[Revision]:
        """The revisions that a downgrade from the current heads to the target runs, in that order."""
        return list(self.iterate_revisions(current_heads, target, select_for_downgrade=True))


RevisionMap = RevisionGraph
