"""Two schemas to the operations that lead from the first to the second.

Both come in the same spelling, so most tables are done with one ``==``. Operations come in Alembic's order:
tables that are new, tables that are gone, then what changes in each table by name. Two things differ, because
Alembic's order would fail: tables are created and dropped along their foreign keys, and a table that others
still refer to is dropped after those have been changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.sql.elements import conv

from nbmigrate.compare.as_alembic import uniques_as_indexes
from nbmigrate.compare.build import Reflected
from nbmigrate.compare.columns import alter_column
from nbmigrate.compare.constraints import constraint_changes
from nbmigrate.compare.generated import replacements
from nbmigrate.compare.options import CompareOptions
from nbmigrate.compare.order import creation_order
from nbmigrate.model.naming import derived_name
from nbmigrate.model.operations import (
    AddColumnOp,
    AddConstraintOp,
    AlterColumnOp,
    CreateForeignKeyOp,
    CreateIndexOp,
    CreatePrimaryKeyOp,
    CreateTableCommentOp,
    CreateTableOp,
    CreateUniqueConstraintOp,
    DropColumnOp,
    DropConstraintOp,
    DropIndexOp,
    DropTableCommentOp,
    DropTableOp,
    MigrateOperation,
    ModifyTableOps,
    UpgradeOps,
)
from nbmigrate.model.schema import ForeignKey, Key, Schema, Table


@dataclass(frozen=True)
class Traits:
    """What a database is like, as far as operations depend on it.

    ``inline_keys``: a foreign key may name a table that does not exist yet, and can't be added to a table
    later by a plain ALTER. ``keys_hold_indexes``: an index can't be dropped while a foreign key uses it.
    ``autoincrement_is_altered``: altering a column takes it away unless it is said again.
    ``expressions_untold``: SQLAlchemy's reflection does not tell indexes over expressions.
    ``keeps_computed_values``: a computed column can be made a plain one with its values.
    ``forgets_names``: a constraint is known by what it says, not by the name that it was given.
    """

    inline_keys: bool = False
    keys_hold_indexes: bool = False
    autoincrement_is_altered: bool = False
    expressions_untold: bool = False
    keeps_computed_values: bool = False
    forgets_names: bool = False


def compare(
    current: Schema, desired: Schema, options: CompareOptions, traits: Traits | None = None
) -> UpgradeOps:
    """The operations that make ``current`` like ``desired``."""
    return UpgradeOps(ops=list(_Comparison(current, desired, options, traits or Traits()).operations()))


class _Comparison:
    """One comparison, with the objects that it has made so far."""

    def __init__(self, current: Schema, desired: Schema, options: CompareOptions, traits: Traits) -> None:
        self.options, self.traits = options, traits
        self.desired = desired
        seen = [key for key in current.tables if self.is_seen(key, key in desired.tables)]
        self.current = replace(current, tables={key: current.tables[key] for key in seen})
        if options.as_alembic and traits.keys_hold_indexes:
            self.current = uniques_as_indexes(self.current, desired)
        self.reflected = Reflected(self.current)
        self.looks_at_all = callable(options.compare_type) or callable(options.compare_server_default)

    def is_seen(self, key: Key, is_desired: bool) -> bool:
        """Whether a table of the database takes part."""
        schema, name = key
        if not is_desired and schema is not None and not self.options.include_schemas:
            return False
        return self.options.wants_name(name, "table", {"schema_name": schema})

    def operations(self) -> Iterator[MigrateOperation]:
        """All operations, in the order to run them."""
        new = {key: table for key, table in self.desired.tables.items() if key not in self.current.tables}
        gone = {key: table for key, table in self.current.tables.items() if key not in self.desired.tables}
        differing = [
            key
            for key in sorted(self.desired.tables, key=lambda key: (key[0] or "", key[1]))
            if key in self.current.tables
            and (
                self.looks_at_all
                or self.options.include_object is not None
                # values are equal whatever their names are
                or self.options.checks == "name"
                or not _is_same(self.current.tables[key], self.desired.tables[key])
            )
        ]
        self.reflected.load([*gone, *differing])
        yield from self.created(new)
        changed = [ops for ops in (self.modified(key) for key in differing) if not ops.is_empty()]
        dropped = list(self.dropped(gone))
        referred = {
            (fk.referred_schema, fk.referred_table)
            for key in differing
            for fk in self.current.tables[key].foreign_keys
        }
        before, changed, after = self.apart(changed)
        yield from before
        yield from [*changed, *after, *dropped] if referred & set(gone) else [*dropped, *changed, *after]

    # new tables

    def created(self, new: dict[Key, Table]) -> Iterator[MigrateOperation]:
        """Create tables with their indexes; then the foreign keys that had to wait."""
        wanted = {
            key: table
            for key, table in new.items()
            if self.options.wants_object(table.source, table.name, "table", False, None)
        }
        late = [fk for t in wanted.values() for fk in t.foreign_keys if fk.source.use_alter]
        order, postponed = creation_order(wanted, [] if self.traits.inline_keys else late)
        if self.traits.inline_keys:
            postponed = {}
        for key in order:
            yield self.create_table(wanted[key], postponed.get(key, ()))
            indexes = ModifyTableOps(key[1], [], schema=wanted[key].source.schema)
            for index in sorted(wanted[key].indexes, key=lambda index: index.name):
                if self.options.wants_object(index.source, index.name, "index", False, None):
                    indexes.ops.append(CreateIndexOp.from_index(index.source))
            if not indexes.is_empty():
                yield indexes
        for key in order:
            if key in postponed:
                keys = [self.added(fk.source, fk.name, wanted[key], fk) for fk in postponed[key]]
                yield ModifyTableOps(key[1], keys, schema=wanted[key].source.schema)

    def create_table(self, table: Table, postponed: Sequence[ForeignKey]) -> CreateTableOp:
        """One table, without some of its foreign keys."""
        operation = CreateTableOp.from_table(table.source)
        left_out = {id(fk.source) for fk in postponed}
        if left_out:
            operation.columns = [item for item in operation.columns if id(item) not in left_out]
        return operation

    # tables that are gone

    def dropped(self, gone: dict[Key, Table]) -> Iterator[MigrateOperation]:
        """Drop tables, those first that refer to others."""
        wanted = {
            key: table
            for key, table in gone.items()
            if self.options.include_object is None
            or self.options.wants_object(self.reflected.table(key), key[1], "table", True, None)
        }
        order, postponed = creation_order(wanted)
        if self.traits.inline_keys:
            postponed = {}
        for key in order:
            if key in postponed:
                drops: list[MigrateOperation] = [self.removed(key, fk, "foreignkey") for fk in postponed[key]]
                yield ModifyTableOps(key[1], drops, schema=key[0])
        for key in reversed(order):
            indexes = ModifyTableOps(key[1], [], schema=key[0])
            for index in sorted(wanted[key].indexes, key=lambda index: index.name):
                item = self.reflected.item(key, index)
                if self.options.wants_object(item, index.name, "index", True, None):
                    indexes.ops.append(DropIndexOp.from_index(item))
            if not indexes.is_empty():
                yield indexes
            operation = DropTableOp.from_table(self.reflected.table(key))
            left_out = {id(self.reflected.item(key, fk)) for fk in postponed.get(key, ())}
            if left_out and operation._reverse is not None:
                kept = [item for item in operation._reverse.columns if id(item) not in left_out]
                operation._reverse.columns = kept
            yield operation

    # tables that are in both

    def modified(self, key: Key) -> ModifyTableOps:
        """What changes in one table."""
        there, wanted = self.current.tables[key], self.desired.tables[key]
        operations = ModifyTableOps(key[1], [], schema=wanted.source.schema)
        if self.options.include_object is not None and not self.options.wants_object(
            wanted.source, key[1], "table", False, self.reflected.table(key)
        ):
            return operations
        operations.ops = list(self.changes(key, there, wanted))
        return operations

    def changes(self, key: Key, there: Table, wanted: Table) -> Iterator[MigrateOperation]:
        """The changes to one table, in order."""
        schema = wanted.source.schema
        parents = {"schema_name": key[0], "table_name": key[1]}
        ours = {c.name: c for c in there.columns if self.options.wants_name(c.name, "column", parents)}
        theirs = {column.name: column for column in wanted.columns}
        for name, column in theirs.items():
            if name not in ours and self.options.wants_object(column.source, name, "column", False, None):
                yield AddColumnOp.from_column_and_tablename(schema, key[1], column.source)
        recomputed, there, names = replacements(self, key, there, wanted)
        constraints = constraint_changes(self, key, there, wanted)
        yield from constraints.early
        yield from recomputed
        for name, column in theirs.items():
            if (
                name in ours
                and name not in names
                and (self.looks_at_all or self.is_filtered or ours[name] != column)
            ):
                operation = alter_column(self, key, ours[name], column)
                if operation is not None:
                    yield operation
        yield from constraints.late
        if there.comment != wanted.comment:
            yield self.comment(there, wanted)
        for name in ours:
            if name in theirs:
                continue
            item = self.reflected.column(key, name)
            if self.options.wants_object(item, name, "column", True, None):
                yield DropColumnOp.from_column_and_tablename(schema, key[1], item)

    @property
    def is_filtered(self) -> bool:
        """Whether the user wants to be asked about every object."""
        return self.options.include_object is not None

    def comment(self, there: Table, wanted: Table) -> MigrateOperation:
        """Set or take away the table's comment."""
        name, schema = wanted.name, wanted.source.schema
        if wanted.comment is None:
            return DropTableCommentOp(name, existing_comment=there.comment, schema=schema)
        return CreateTableCommentOp(name, wanted.comment, existing_comment=there.comment, schema=schema)

    def added(self, item: Any, name: str | None, table: Table, value: Any) -> AddConstraintOp:
        """Add a constraint of the models; without a name it gets the derived one, so that it can go again."""
        operation = AddConstraintOp.from_constraint(item)
        if name is None and self.options.derive_names:
            operation.constraint_name = conv(derived(table, value))
        elif name is not None and name != operation.constraint_name:
            # what a convention, or the limit on lengths, made of it
            operation.constraint_name = conv(name)
        if self.traits.forgets_names:
            operation.info["known_as"] = conv(derived(table, value))
        return operation

    def removed(self, key: Key, value: Any, kind: str) -> DropConstraintOp:
        """Drop a constraint of the database."""
        operation = DropConstraintOp.from_constraint(self.reflected.item(key, value))
        if value.name is not None or self.options.derive_names:
            operation.constraint_name = self.reflected.drop_name(kind, self.current.tables[key], value)
        if value.name is None:
            operation.info["unnamed"] = True
        return operation

    def apart(
        self, changed: list[ModifyTableOps]
    ) -> tuple[list[ModifyTableOps], list[ModifyTableOps], list[ModifyTableOps]]:
        """Foreign keys to columns that change too: dropped before everything, added after it."""
        if self.traits.inline_keys or len(changed) < 2:
            return [], changed, []
        by_table = {(ops.schema, ops.table_name): ops for ops in changed}
        before: list[ModifyTableOps] = []
        between: list[ModifyTableOps] = []
        after: list[ModifyTableOps] = []
        for operations in changed:
            own = (operations.schema, operations.table_name)
            early: list[MigrateOperation] = []
            middle: list[MigrateOperation] = []
            late: list[MigrateOperation] = []
            for operation in operations.ops:
                target, columns = referred(operation)
                if target is None or target == own or not _touches(by_table.get(target), columns):
                    middle.append(operation)
                elif isinstance(operation, DropConstraintOp):
                    early.append(operation)
                else:
                    late.append(operation)
            for group, into in ((early, before), (middle, between), (late, after)):
                if group:
                    into.append(ModifyTableOps(own[1], group, schema=own[0]))
        return before, between, after


def _is_same(there: Table, wanted: Table) -> bool:
    """Whether nothing differs; unique constraints that both have names are known by them."""
    return there == wanted and not any(
        None not in (ours.name, theirs.name) and ours.name != theirs.name
        for ours, theirs in zip(there.uniques, wanted.uniques, strict=True)
    )


def referred(operation: MigrateOperation) -> tuple[Key | None, Sequence[str]]:
    """The table and columns that a foreign key which is added or dropped refers to."""
    key = operation._reverse if isinstance(operation, DropConstraintOp) else operation
    if not isinstance(key, CreateForeignKeyOp):
        return None, ()
    return (key.kw.get("referent_schema"), key.referent_table), key.remote_cols


def _touches(operations: ModifyTableOps | None, columns: Sequence[str]) -> bool:
    """Whether changes to a table concern what a foreign key to these columns stands on."""
    return any(_concerns(operation, columns) for operation in (operations.ops if operations else ()))


def _concerns(operation: Any, columns: Sequence[str]) -> bool:
    if isinstance(operation, AddColumnOp):
        return operation.column.name in columns
    if isinstance(operation, DropColumnOp | AlterColumnOp):
        return operation.column_name in columns
    if isinstance(operation, DropConstraintOp | DropIndexOp):
        operation = operation._reverse
    if isinstance(operation, CreateIndexOp) and not operation.unique:
        return False
    if isinstance(operation, CreateIndexOp | CreateUniqueConstraintOp | CreatePrimaryKeyOp):
        return {getattr(column, "name", column) for column in operation.columns} == set(columns)
    return False


def derived(table: Table, value: Any) -> str:
    """The name derived for a constraint that has none."""
    kinds: dict[str, Any] = {
        "PrimaryKey": "primary",
        "Unique": "unique",
        "Check": "check",
        "ForeignKey": "foreignkey",
        "Exclude": "exclude",
    }
    return derived_name(
        kinds[type(value).__name__],
        table.name,
        getattr(value, "columns", ()),
        referred_table=getattr(value, "referred_table", None),
        expression=getattr(value, "expression", None) or getattr(value, "definition", None),
    )
