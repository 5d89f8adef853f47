"""PostgreSQL's enum types in an autogenerate run: changed values, and types that come and go with columns.

Plain Alembic makes a type when ``op.create_table`` needs it, whether it is there or not, and never else. So
the lines are written for it too: a type that a new column needs is made by a line of its own, a table that
uses a type which is there says ``create_type=False``, and a type that has lost its last column goes by a line
at the end. Each direction is walked through by itself, from the types there are at its beginning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, ENUM

from nbmigrate.autogenerate.context import AutogenContext, compare_options
from nbmigrate.compare.objects import enum_in
from nbmigrate.dialects.objects_sql import literal
from nbmigrate.dialects.postgresql.objects import dependents_of
from nbmigrate.model import operations as ops
from nbmigrate.model.objects import Dependent, EnumColumn, EnumType, Objects, View
from nbmigrate.model.schema import Key, Schema, Table

if TYPE_CHECKING:
    from nbmigrate.compare.options import CompareOptions

_Place = tuple[str | None, str, str]


# changed values


def altered_enums(
    autogen: AutogenContext,
    upgrade: ops.UpgradeOps,
    options: CompareOptions,
    there: Objects,
    wanted: Objects,
    current: Schema,
    desired: Schema,
    views: Sequence[View],
) -> list[ops.MigrateOperation]:
    """The changes of values; what they take over from the tables' own operations is taken out there."""
    found: list[ops.MigrateOperation] = []
    for key, theirs in wanted.enums.items():
        ours = there.enums.get(key)
        if ours is None or ours.values == theirs.values:
            continue
        if not options.wants_object(theirs.source, theirs.name, "enum", False, ours):
            continue
        found.append(_altered(autogen, upgrade, options, ours, theirs, current, desired, views))
    return found


def _altered(
    autogen: AutogenContext,
    upgrade: ops.UpgradeOps,
    options: CompareOptions,
    ours: EnumType,
    theirs: EnumType,
    current: Schema,
    desired: Schema,
    views: Sequence[View],
) -> ops.AlterEnumOp:
    operation = ops.AlterEnumOp(
        ours.name,
        ours.values,
        theirs.values,
        schema=ours.schema,
        renamed=_renamed(autogen, ours, theirs),
        columns=ours.columns,
        comment=ours.comment,
        rights=ours.rights,
    )
    operation.rebuild = _uses(desired, current, operation.added)
    if not operation.needs_rebuild and not _uses(current, desired, operation.removed):
        return operation
    assert autogen.connection is not None
    dependents, blockers = dependents_of(autogen.connection, ours, views)
    operation.dependents = tuple(_taken_over(upgrade, options, dependents))
    operation.columns = tuple(_with_defaults(upgrade, options, ours.columns, desired))
    operation.info["blockers"] = blockers
    return operation


def _renamed(autogen: AutogenContext, ours: EnumType, theirs: EnumType) -> dict[str, str]:
    """Renames that the models declare: ``Column(info={"renamed_values": {"old": "new"}})``."""
    told: dict[str, str] = {}
    for table in autogen.table_key_to_table.values():
        for column in table.columns:
            given = column.info.get("renamed_values")
            if given:
                found = enum_in(column.type, autogen.dialect)
                if found is not None and str(found.name) == theirs.name:
                    told |= dict(given)
    return {
        old: new
        for old, new in told.items()
        if old in ours.values and new in theirs.values and (new not in ours.values or new in told)
    }


def _uses(schema: Schema, other: Schema, values: Iterable[str]) -> bool:
    """Whether something in ``schema`` that the other does not have speaks of one of these values."""
    texts = [literal(value) for value in values]
    if not texts:
        return False
    for key, table in schema.tables.items():
        if other.tables.get(key) != table and any(text in told for told in _texts(table) for text in texts):
            return True
    return False


def _texts(table: Table) -> Iterator[str]:
    for column in table.columns:
        yield column.default or ""
        yield column.generated or ""
    for check in table.checks:
        yield check.expression
    for index in table.indexes:
        yield " ".join([*index.columns, str(dict(index.options).get("where", ""))])


def _taken_over(
    upgrade: ops.UpgradeOps, options: CompareOptions, dependents: Iterable[Dependent]
) -> Iterator[Dependent]:
    """What the tables' operations drop is dropped by the change of values; their own line goes."""
    for dependent in dependents:
        key = (dependent.schema, dependent.table)

        def is_its_own(one: Any, key: Any = key, dependent: Dependent = dependent) -> bool:
            name = getattr(one, "constraint_name", None) or getattr(one, "index_name", None)
            kinds = (ops.DropConstraintOp, ops.DropIndexOp)
            return (
                isinstance(one, kinds)
                and str(name) == dependent.name
                and options.key(one.schema, str(one.table_name)) == key
            )

        yield replace(dependent, goes=_remove(upgrade, is_its_own))


def _remove(container: ops.OpContainer, unwanted: Any) -> bool:
    found = False
    for operation in list(container.ops):
        if isinstance(operation, ops.OpContainer):
            found = _remove(operation, unwanted) or found
            if operation.is_empty():
                container.ops.remove(operation)
        elif unwanted(operation):
            container.ops.remove(operation)
            found = True
    return found


def _with_defaults(
    upgrade: ops.UpgradeOps, options: CompareOptions, columns: Iterable[EnumColumn], desired: Schema
) -> Iterator[EnumColumn]:
    """A default that changes too is changed with the type: neither type may take both."""
    for column in columns:
        key = (column.schema, column.table)
        altering = [
            one
            for one in _flat(upgrade)
            if isinstance(one, ops.AlterColumnOp)
            and options.key(one.schema, one.table_name) == key
            and one.column_name == column.name
            and one.modify_server_default is not False
        ]
        wanted = desired.tables.get(key)
        there = None if wanted is None else wanted.column(column.name)
        if not altering or there is None:
            yield column
            continue
        for one in altering:
            one.modify_server_default = False
            one.existing_server_default = False
        _remove(upgrade, lambda one: isinstance(one, ops.AlterColumnOp) and not one.has_changes())
        yield replace(column, new_default=there.default)


def _flat(container: Any) -> Iterator[Any]:
    for operation in container.ops:
        if isinstance(operation, ops.OpContainer):
            yield from _flat(operation)
        else:
            yield operation


# types that come and go


def place_types(autogen: AutogenContext, upgrade: ops.UpgradeOps, downgrade: ops.DowngradeOps) -> None:
    """Lines that make and drop enum types, in both directions."""
    if autogen.objects is None:
        return
    (there, wanted), options = autogen.objects, compare_options(autogen)
    unused = {key for key, enum in there.enums.items() if not enum.columns}
    state = _State(there.enums, autogen, options)
    state.walk(upgrade, keep=unused | set(wanted.enums))
    # those that belong to the MetaData itself
    for key, enum in wanted.enums.items():
        if key not in state.values and not enum.columns:
            upgrade.ops.append(state.create(key, enum.values))
    state.walk(downgrade, keep=set(there.enums))


class _State:
    """Which enum types there are, with their values, and which columns have them."""

    def __init__(
        self, enums: Mapping[Key, EnumType], autogen: AutogenContext, options: CompareOptions
    ) -> None:
        self.autogen, self.options = autogen, options
        self.values: dict[Key, tuple[str, ...]] = {key: enum.values for key, enum in enums.items()}
        self.users: dict[Key, set[_Place]] = {
            key: {(c.schema, c.table, c.name) for c in enum.columns} for key, enum in enums.items()
        }

    def walk(self, container: ops.OpContainer, keep: set[Key]) -> None:
        """Put the lines in; types that no column has any more go at the end, but for those in ``keep``."""
        # made by an op.create_table of this very run: plain Alembic remembers those
        self.by_table: set[Key] = set()
        container.ops[:] = list(self._with_lines(container.ops))
        for key in sorted(self.values, key=lambda key: (key[0] or "", key[1])):
            if not self.users.get(key) and key not in keep:
                container.ops.append(ops.DropEnumOp(key[1], schema=key[0], values=self.values.pop(key)))

    def create(self, key: Key, values: Sequence[str]) -> ops.CreateEnumOp:
        """The line that makes a type, which is there from then on."""
        self.values[key] = tuple(values)
        self.users.setdefault(key, set())
        return ops.CreateEnumOp(key[1], values, schema=key[0])

    def _with_lines(self, operations: Sequence[ops.MigrateOperation]) -> Iterator[ops.MigrateOperation]:
        for operation in operations:
            inner = list(_flat(operation)) if isinstance(operation, ops.OpContainer) else [operation]
            for one in inner:
                if isinstance(one, ops.AddColumnOp):
                    yield from self._needs(one, one.column)
                elif isinstance(one, ops.AlterColumnOp) and one.modify_type is not None:
                    column: sa.Column[Any] = sa.Column(one.column_name, one.modify_type)
                    self._forget(one, one.column_name)
                    yield from self._needs(one, column)
                elif isinstance(one, ops.CreateTableOp):
                    self._table(one)
                elif isinstance(one, ops.DropTableOp):
                    self._forget(one, None)
                elif isinstance(one, ops.DropColumnOp):
                    self._forget(one, one.column_name)
                elif isinstance(one, ops.AlterEnumOp):
                    self.values[one.schema, one.enum_name] = one.values
            yield operation

    def _key(self, enum: Any) -> Key:
        return self.options.key(enum.schema, str(enum.name))

    def _needs(self, operation: Any, column: sa.Column[Any]) -> Iterator[ops.CreateEnumOp]:
        enum = enum_in(column.type, self.autogen.dialect)
        if enum is None:
            return
        key = self._key(enum)
        if key not in self.values:
            yield self.create(key, enum.enums)
        self._use(key, operation, str(column.name))

    def _use(self, key: Key, operation: Any, column: str) -> None:
        place = (*self.options.key(operation.schema, operation.table_name), column)
        self.users.setdefault(key, set()).add(place)

    def _forget(self, operation: Any, column: str | None) -> None:
        table = self.options.key(operation.schema, operation.table_name)
        for users in self.users.values():
            users -= {place for place in users if place[:2] == table and column in (None, place[2])}

    def _table(self, operation: ops.CreateTableOp) -> None:
        """A new table makes the types that are not there; it must not make those that are."""
        items: list[Any] = []
        for given in operation.columns:
            item: Any = given
            enum = enum_in(item.type, self.autogen.dialect) if isinstance(given, sa.Column) else None
            if enum is not None:
                key = self._key(enum)
                if key not in self.values:
                    self.values[key] = tuple(enum.enums)
                    self.by_table.add(key)
                elif key not in self.by_table:
                    item = without_creating(item, self.autogen.dialect)
                self._use(key, operation, str(item.name))
            items.append(item)
        if any(new is not old for new, old in zip(items, operation.columns, strict=True)):
            operation.columns = items


def without_creating(column: sa.Column[Any], dialect: Any) -> sa.Column[Any]:
    """A copy of a column of an enum type, which does not make the type."""
    enum = enum_in(column.type, dialect)
    found: Any = ENUM(*enum.enums, name=str(enum.name), schema=enum.schema, create_type=False)
    if isinstance(column.type.dialect_impl(dialect), sa.types.ARRAY):
        found = ARRAY(found, dimensions=getattr(column.type, "dimensions", None))
    copy: sa.Column[Any] = column._copy()
    copy.type = found
    return copy
