"""Enum types, sequences and views in an autogenerate run: found beside the tables, put around their changes.

The order is always: views that are in the way or go, sequences, enum types, the tables, then views again from
what is read to what reads, and last what goes. Read backwards it is the order of the way back.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nbmigrate.autogenerate.enum_types import altered_enums
from nbmigrate.compare.objects import (
    create_view_op,
    desired_objects,
    drop_view_op,
    ordered_views,
    sequence_changes,
    views_over,
)
from nbmigrate.dialects.objects import objects_reader
from nbmigrate.model import operations as ops
from nbmigrate.model.objects import Objects, View
from nbmigrate.model.schema import UNKNOWN, Key, Schema

if TYPE_CHECKING:
    from nbmigrate.autogenerate.context import AutogenContext
    from nbmigrate.compare.options import CompareOptions

# databases where a view does not follow when a table or column that it reads gets another name
_VIEWS_KEEP_NAMES = ("mysql", "mariadb", "duckdb")
# databases that refuse to change a column which a view reads; SQLite when plain Alembic rebuilds the table
_VIEWS_IN_THE_WAY = ("postgresql", "duckdb", "sqlite")


def add_objects(
    autogen: AutogenContext,
    upgrade: ops.UpgradeOps,
    options: CompareOptions,
    current: Schema,
    desired: Schema,
    renamed: Collection[Key] = (),
) -> None:
    """Put what differs beside the tables into ``upgrade``; keep in ``autogen`` what there is.

    ``renamed`` are the tables, by their old keys, that get another name themselves or in a column.
    """
    reader = objects_reader(autogen.dialect.name)
    if reader is None or autogen.connection is None or options.as_alembic:
        return
    wanted = desired_objects(autogen.metadata, autogen.dialect, options)
    in_the_way = bool(upgrade.ops) and autogen.dialect.name in _VIEWS_IN_THE_WAY
    if not (wanted.enums or wanted.declares or in_the_way):
        return
    there = reader.reflect_objects(autogen.connection, options)
    there = _with_uses(there, {*current.tables, *renamed})
    wanted = _with_uses(wanted, desired.tables)
    views = _Views(autogen, options, there, wanted, upgrade, renamed)
    before, after = sequence_changes(there, wanted, options)
    dropped = {view.key for view in views.dropped}
    standing = [view for view in there.views.values() if view.key not in dropped]
    enums = (
        altered_enums(autogen, upgrade, options, there, wanted, current, desired, standing)
        if autogen.dialect.name == "postgresql"
        else []
    )
    upgrade.ops[:] = [*views.drops(), *before, *enums, *upgrade.ops, *views.creates(), *after]
    autogen.objects = there, wanted


def _with_uses(objects: Objects, tables: Iterable[Key]) -> Objects:
    """Views that don't say what they read: whatever table's or other view's name stands in them."""
    if all(view.uses for view in objects.views.values()):
        return objects
    names = {key: _named(key[1]) for key in (*objects.views, *tables)}
    views = {
        key: view
        if view.uses
        else replace(
            view,
            uses=tuple(
                other for other, name in names.items() if other != key and name.search(view.sql) is not None
            ),
        )
        for key, view in objects.views.items()
    }
    return replace(objects, views=views)


def _named(name: str) -> re.Pattern[str]:
    """Where a name stands, as it is or with its quotes doubled."""
    spellings = dict.fromkeys([name, name.replace('"', '""'), name.replace("`", "``")])
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, spellings))})(?!\w)", re.IGNORECASE)


class _Views:
    """What becomes of the views."""

    def __init__(
        self,
        autogen: AutogenContext,
        options: CompareOptions,
        there: Objects,
        wanted: Objects,
        upgrade: ops.UpgradeOps,
        renamed: Collection[Key],
    ) -> None:
        self.options, self.wanted, self.there = options, wanted.views, there.views
        self.replaced: dict[Key, View] = {}
        self.autogen = autogen
        new = {key: view for key, view in self.wanted.items() if key not in self.there and self._comes(view)}
        gone = self._gone("view" in wanted.declares)
        changed = self._changed()
        again: dict[Key, View] = {}
        self._around(upgrade, gone, changed, again, renamed)
        if autogen.dialect.name in _VIEWS_KEEP_NAMES:
            # the text of a view says the old names until it is made again, on the way back the new ones
            for view in views_over(self.there.values(), set(), set(renamed)):
                if view.key in changed:
                    again[view.key] = view
        # a view that is dropped takes those that read it along
        below = set(gone) | {key for key, in_place in changed.items() if not in_place}
        for view in views_over(self.there.values(), set(), below):
            if view.key not in gone:
                again[view.key] = view
        for key, in_place in changed.items():
            if in_place and key not in again:
                self.replaced[key] = self.wanted[key]
            else:
                again[key] = self.there[key]
        self.dropped = ordered_views([*gone.values(), *again.values()])
        self.created = ordered_views(
            [*new.values(), *(self._anew(key, view, changed) for key, view in again.items())]
        )

    def _anew(self, key: Key, view: View, changed: Mapping[Key, bool]) -> View:
        """A view that was taken off: as the models have it now, else as it was."""
        if key not in changed:
            return view
        wanted = self.wanted[key]
        keep = wanted.materialized == view.materialized
        return replace(wanted, indexes=view.indexes if keep else (), extra=view.extra if keep else "")

    def _comes(self, view: View) -> bool:
        return self.options.wants_object(view.source, view.name, "view", False, self.there.get(view.key))

    def _gone(self, declared: bool) -> dict[Key, View]:
        if not declared:
            return {}
        return {
            key: view
            for key, view in self.there.items()
            if key not in self.wanted
            and key[0] in self.options.schemas
            and self.options.wants_name(view.name, "view", {"schema_name": key[0]})
            and self.options.wants_object(view, view.name, "view", True, None)
        }

    def _changed(self) -> dict[Key, bool]:
        """Views that differ, and whether they can be replaced as they stand."""
        pairs = [
            (self.there[key], view)
            for key, view in self.wanted.items()
            if key in self.there and view.sql != UNKNOWN and self._comes(view)
        ]
        other_kind = {ours.key: False for ours, theirs in pairs if ours.materialized != theirs.materialized}
        same_kind = [(ours, theirs) for ours, theirs in pairs if ours.key not in other_kind]
        reader = objects_reader(self.autogen.dialect.name)
        assert reader is not None and self.autogen.connection is not None
        found = reader.changed_views(self.autogen.connection, same_kind) if same_kind else {}
        return other_kind | found

    def _around(
        self,
        upgrade: ops.UpgradeOps,
        gone: Mapping[Key, View],
        changed: Mapping[Key, bool],
        again: dict[Key, View],
        renamed: Collection[Key],
    ) -> None:
        """Views that the database would not let the tables change under."""
        altered, dropped, tables, grown = touched(upgrade, self.options)
        if self.autogen.dialect.name == "sqlite":
            altered = {(*key, "") for key in _rebuilt(upgrade, self.options)}
        if self.autogen.dialect.name not in _VIEWS_IN_THE_WAY:
            altered = set()
        for key in changed:
            # on the way back the old text comes before the columns go again which the new one may read, and
            # before what the old one reads has its name again
            old, new = set(self.there[key].uses), set(self.wanted[key].uses)
            if grown & (old | new) or old & set(renamed):
                again[key] = self.there[key]
        for view in views_over(self.there.values(), altered | dropped, tables):
            # one that is not in the models can't be made again without what it reads: the database refuses
            reads_lost = bool(views_over([view], dropped, tables))
            if view.key not in gone and (not reads_lost or view.key in changed):
                again[view.key] = view

    def drops(self) -> Iterator[ops.MigrateOperation]:
        """Before all else, those first that read others."""
        for view in reversed(self.dropped):
            yield drop_view_op(view)

    def creates(self) -> Iterator[ops.MigrateOperation]:
        """When the tables are as they shall be."""
        for view in ordered_views([*self.created, *self.replaced.values()]):
            if view.key in self.replaced:
                ours = self.there[view.key]
                yield ops.ReplaceViewOp(view.name, view.sql, ours.sql, schema=view.schema, extra=ours.extra)
            else:
                yield create_view_op(view)


_Columns = set[tuple[str | None, str, str]]


def touched(operations: Any, options: CompareOptions) -> tuple[_Columns, _Columns, set[Key], set[Key]]:
    """Columns that get another type, columns that go, tables that go, and tables that get columns."""
    altered: _Columns = set()
    dropped: _Columns = set()
    tables: set[Key] = set()
    grown: set[Key] = set()
    for operation in flat(operations):
        if isinstance(operation, ops.DropTableOp):
            tables.add(options.key(operation.schema, operation.table_name))
        elif isinstance(operation, ops.AddColumnOp | ops.CreateTableOp):
            grown.add(options.key(operation.schema, operation.table_name))
        elif isinstance(operation, ops.DropColumnOp):
            dropped.add((*options.key(operation.schema, operation.table_name), operation.column_name))
        elif isinstance(operation, ops.AlterColumnOp) and operation.modify_type is not None:
            altered.add((*options.key(operation.schema, operation.table_name), operation.column_name))
    return altered, dropped, tables, grown


def _rebuilt(upgrade: ops.UpgradeOps, options: CompareOptions) -> set[Key]:
    """Tables that SQLite rebuilds, on the way up or on the way back."""
    alone = (
        ops.CreateIndexOp,
        ops.DropIndexOp,
        ops.CreateTableCommentOp,
        ops.DropTableCommentOp,
    )
    return {
        options.key(one.schema, one.table_name)
        for one in upgrade.ops
        if isinstance(one, ops.ModifyTableOps) and not all(isinstance(inner, alone) for inner in one.ops)
    }


def flat(operations: Any) -> Iterator[ops.MigrateOperation]:
    """Operations, containers opened."""
    for operation in getattr(operations, "ops", operations):
        if isinstance(operation, ops.OpContainer):
            yield from flat(operation)
        else:
            yield operation
