"""What changes among the constraints and indexes of one table.

A constraint is what it says, not what it is called: primary keys, foreign keys and CHECKs are matched by
content, unique constraints by name where both sides have one, else by columns. Indexes are matched by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from nbmigrate.compare.as_alembic import without_expressions
from nbmigrate.compare.key_indexes import KeyIndexes
from nbmigrate.model.operations import CreateIndexOp, DropConstraintOp, DropIndexOp, MigrateOperation
from nbmigrate.model.schema import UNKNOWN, Check, ForeignKey, Index, Key, Table, Unique

if TYPE_CHECKING:
    from nbmigrate.compare.compare import _Comparison


@dataclass
class ConstraintChanges:
    """Operations on constraints: those before columns are altered, and those after."""

    early: list[MigrateOperation] = field(default_factory=list)
    late: list[MigrateOperation] = field(default_factory=list)


def constraint_changes(comparison: _Comparison, key: Key, there: Table, wanted: Table) -> ConstraintChanges:
    """All of them, for one table."""
    one = _OneTable(comparison, key, there, wanted)
    gone, new = one.checks()
    old_key, new_key = one.primary_key()
    keys = list(one.foreign_keys())
    found = ConstraintChanges(late=[*new_key, *one.indexes_and_uniques(), *new])
    if comparison.traits.keys_hold_indexes and not comparison.options.as_alembic:
        around = KeyIndexes(there, wanted)
        after = around.after(lambda index: comparison.reflected.item(key, index))
        found.late = [*around.before(), *found.late, *after, *around.for_new(keys)]
    # a key to this very table goes before what it stands on
    for operation in keys:
        early = isinstance(operation, DropConstraintOp) and (
            comparison.traits.keys_hold_indexes or one.is_to_itself(operation)
        )
        (found.early if early else found.late).append(operation)
    # a column can't be made nullable while it is in the primary key, nor change its type under a CHECK
    found.early += [*gone, *one.excludes_gone(), *old_key]
    found.late += one.excludes_new()
    return found


class _OneTable:
    """The constraints of one table, on both sides."""

    def __init__(self, comparison: _Comparison, key: Key, there: Table, wanted: Table) -> None:
        self.comparison, self.options = comparison, comparison.options
        self.key, self.there, self.wanted = key, there, wanted
        self.parents = {"schema_name": key[0], "table_name": key[1]}
        self.lost_keys: list[ForeignKey] = []

    def seen(self, values: Sequence[Any], kind: str) -> list[Any]:
        """Those of the database that the user's ``include_name`` lets through."""
        return [v for v in values if self.options.wants_name(v.name, kind, self.parents)]

    def goes(self, value: Any, kind: str) -> bool:
        """Whether the user agrees to something being dropped."""
        if self.options.include_object is None:
            return True
        item = self.comparison.reflected.item(self.key, value)
        return self.options.wants_object(item, value.name, kind, True, None)

    def comes(self, value: Any, kind: str, other: Any = None) -> bool:
        """Whether the user agrees to something being added, or changed from ``other``."""
        if self.options.include_object is None:
            return True
        item = None if other is None else self.comparison.reflected.item(self.key, other)
        return self.options.wants_object(value.source, value.name, kind, False, item)

    def add(self, value: Any) -> MigrateOperation:
        """Add a constraint of the models."""
        return self.comparison.added(value.source, value.name, self.wanted, value)

    def primary_key(self) -> tuple[list[MigrateOperation], list[MigrateOperation]]:
        """Another primary key, by its columns and their order: what goes, and what comes."""
        ours, theirs = self.there.primary_key, self.wanted.primary_key
        if not self.options.primary_keys or (ours and ours.columns) == (theirs and theirs.columns):
            return [], []
        gone = [] if ours is None else [self.comparison.removed(self.key, ours, "primary")]
        return [*gone], [] if theirs is None else [self.add(theirs)]

    def is_to_itself(self, operation: DropConstraintOp) -> bool:
        """Whether a foreign key refers to its own table."""
        key: Any = operation._reverse
        return (key.kw.get("referent_schema"), key.referent_table) == self.key

    def checks(self) -> tuple[list[MigrateOperation], list[MigrateOperation]]:
        """CHECKs that go, and that come."""
        if self.options.checks is None:
            return [], []
        ours: list[Check] = self.seen(self.there.checks, "check_constraint")
        theirs = list(self.wanted.checks)
        if self.options.checks == "name":
            return self.checks_by_name(ours, theirs)
        unsure = [check for check in theirs if check.expression == UNKNOWN]
        gone = [c for c in ours if not any(c.expression == other.expression for other in theirs)]
        new = [c for c in theirs if not any(c.expression == other.expression for other in ours)]
        if unsure:
            # one of these may be one that seems to be gone
            return [], [self.add(c) for c in new if c not in unsure and self.comes(c, "check_constraint")]
        return (
            [
                self.comparison.removed(self.key, check, "check")
                for check in gone
                if self.goes(check, "check_constraint")
            ],
            [
                self.add(check)
                for check in new
                if self.comes(check, "check_constraint") and not self.comes_with_its_column(check)
            ],
        )

    def checks_by_name(
        self, ours: Sequence[Check], theirs: Sequence[Check]
    ) -> tuple[list[MigrateOperation], list[MigrateOperation]]:
        """CHECKs that go and come where only their names count; what has none is not looked at."""
        kind = "check_constraint"
        here, wanted = ({c.name: c for c in checks if c.name} for checks in (ours, theirs))
        gone = [c for name, c in sorted(here.items()) if name not in wanted and self.goes(c, kind)]
        new = [c for name, c in sorted(wanted.items()) if name not in here and self.comes(c, kind)]
        return (
            [self.comparison.removed(self.key, check, "check") for check in gone],
            [self.add(check) for check in new if not self.comes_with_its_column(check)],
        )

    def excludes_gone(self) -> Iterator[MigrateOperation]:
        """EXCLUDE constraints that the models do not have."""
        for exclude in self.seen(self.there.excludes, "exclude_constraint"):
            if exclude not in self.wanted.excludes and self.goes(exclude, "exclude_constraint"):
                yield self.comparison.removed(self.key, exclude, "exclude")

    def excludes_new(self) -> Iterator[MigrateOperation]:
        """EXCLUDE constraints that the database does not have."""
        for exclude in self.wanted.excludes:
            if exclude not in self.there.excludes and self.comes(exclude, "exclude_constraint"):
                yield self.add(exclude)

    def comes_with_its_column(self, check: Check) -> bool:
        """Whether this CHECK is made when its column is added, or gets the type that brings it."""
        if isinstance(check.source.parent, sa.Column):
            return self.there.column(check.source.parent.name) is None
        if not getattr(check.source, "_type_bound", False):
            return False
        there = {column.name: column.type_text for column in self.there.columns}
        wanted = {column.name: column.type_text for column in self.wanted.columns}
        return any(there.get(column.name) != wanted[column.name] for column in check.source.columns)

    def foreign_keys(self) -> Iterator[MigrateOperation]:
        """Foreign keys by what they say; the name does not count."""
        kind = "foreign_key_constraint"
        ours = self.seen(self.there.foreign_keys, kind)
        theirs = [_with_key(fk, self.there.foreign_keys) for fk in self.wanted.foreign_keys]
        for fk in ours:
            if fk not in theirs and self.goes(fk, kind):
                self.lost_keys.append(fk)
                yield self.comparison.removed(self.key, fk, "foreignkey")
        for fk in theirs:
            if fk not in ours and self.comes(fk, kind):
                yield self.add(fk)

    def indexes_and_uniques(self) -> Iterator[MigrateOperation]:
        """Gone, then changed, then new."""
        uniques, indexes = self.unique_pairs(), self.index_pairs()
        for ours, theirs in uniques:
            if ours and not theirs and self.goes(ours, "unique_constraint"):
                yield self.comparison.removed(self.key, ours, "unique")
        for mine, other in indexes:
            if mine and not other and not self.serves_a_key(mine) and self.goes(mine, "index"):
                yield self.drop_index(mine)
        yield from self.changed(uniques, indexes)
        for ours, theirs in uniques:
            if theirs and not ours and self.comes(theirs, "unique_constraint"):
                yield self.add(theirs)
        for mine, other in indexes:
            if other and not mine and self.comes(other, "index"):
                yield CreateIndexOp.from_index(other.source)

    def serves_a_key(self, index: Index) -> bool:
        """Whether the database made this index for a foreign key that stays, or that comes again."""
        if not self.comparison.traits.keys_hold_indexes:
            return False
        again = {fk.columns for fk in self.wanted.foreign_keys}
        return any(
            self.options.as_alembic or fk.columns in again or fk not in self.lost_keys
            for fk in self.there.foreign_keys
            if index.name in (fk.name, fk.columns[0])
        )

    def changed(
        self,
        uniques: Sequence[tuple[Unique | None, Unique | None]],
        indexes: Sequence[tuple[Index | None, Index | None]],
    ) -> Iterator[MigrateOperation]:
        """What is there on both sides, but differs: dropped and made again."""
        for ours, theirs in uniques:
            if ours and theirs and ours != theirs and self.comes(theirs, "unique_constraint", ours):
                yield self.comparison.removed(self.key, ours, "unique")
                yield self.add(theirs)
        for mine, other in indexes:
            if mine and other and not _same_index(mine, other) and self.comes(other, "index", mine):
                yield self.drop_index(mine)
                yield CreateIndexOp.from_index(other.source)

    def drop_index(self, index: Index) -> DropIndexOp:
        """Drop an index of the database."""
        return DropIndexOp.from_index(self.comparison.reflected.item(self.key, index))

    def unique_pairs(self) -> list[tuple[Unique | None, Unique | None]]:
        """Unique constraints that belong together; None where one side has nothing to match."""
        ours: list[Unique] = self.seen(self.there.uniques, "unique_constraint")
        theirs = list(self.wanted.uniques)
        pairs: list[tuple[Unique | None, Unique | None]] = []
        for by_name in (True, False):
            for unique in list(theirs):
                for other in ours:
                    same_name = unique.name is not None and unique.name == other.name
                    both_named = unique.name is not None and other.name is not None
                    if same_name if by_name else (unique == other and not both_named):
                        pairs.append((other, unique))
                        ours.remove(other)
                        theirs.remove(unique)
                        break
        pairs += [(other, None) for other in ours]
        return pairs + [(None, unique) for unique in theirs]

    def index_pairs(self) -> list[tuple[Index | None, Index | None]]:
        """Indexes of one name, by name."""
        ours = {index.name: index for index in self.seen(self.there.indexes, "index")}
        theirs = {index.name: index for index in self.wanted.indexes}
        if self.options.as_alembic and self.comparison.traits.expressions_untold:
            ours = without_expressions(ours, in_models=False)
            theirs = without_expressions(theirs, in_models=True)
        return [(ours.get(name), theirs.get(name)) for name in sorted({*ours, *theirs})]


def _same_index(ours: Index, theirs: Index) -> bool:
    # models may name an index and no columns (mlflow's do): that says nothing of what is in it
    if not theirs.columns or any(UNKNOWN in column for column in (*ours.columns, *theirs.columns)):
        return True
    return ours == theirs


def _with_key(wanted: Any, there: Sequence[Any]) -> Any:
    """The foreign key of the models; one that names no columns over there means the primary key."""
    return next((other for other in there if other == wanted), None) or wanted
