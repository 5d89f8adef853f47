"""Enum types, sequences and views of the models, and how they differ from those of the database.

What is not in the models is dropped only where the models speak of that kind at all: a project that keeps its
views by hand, or by revisions, has none in its models, and must not be told to drop them. A sequence that a
column draws from is never dropped. Of a sequence only those options are compared that the models say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect as SQLAlchemyDialect
from sqlalchemy.exc import CompileError

from nbmigrate.compare.desired import plain_dialect
from nbmigrate.compare.options import CompareOptions
from nbmigrate.model.objects import EnumColumn, EnumType, Objects, View
from nbmigrate.model.objects import Sequence as SequenceValue
from nbmigrate.model.operations import (
    AlterSequenceOp,
    CreateSequenceOp,
    CreateViewOp,
    DropSequenceOp,
    DropViewOp,
    MigrateOperation,
)
from nbmigrate.model.schema import UNKNOWN, Key
from nbmigrate.model.view import VIEWS, view_of

_MAY_BE_ENUM = (sa.Enum, sa.types.TypeDecorator, sa.types.ARRAY)
_SEQUENCE = ("start", "increment", "minvalue", "maxvalue", "cache", "cycle")


def desired_objects(
    metadata: sa.MetaData | Sequence[sa.MetaData], dialect: SQLAlchemyDialect, options: CompareOptions
) -> Objects:
    """What the models ask for beside tables, on this database."""
    several = [metadata] if isinstance(metadata, sa.MetaData) else list(metadata)
    plain = plain_dialect(dialect)
    enums: dict[Key, EnumType] = {}
    sequences: dict[Key, SequenceValue] = {}
    views: dict[Key, View] = {}
    declares: set[str] = set()
    for one in several:
        declares |= set(one.info.get("nbmigrate_declares", ()))
        for type_, column in _enum_types(one, plain):
            key = options.key(type_.schema, str(type_.name))
            known = enums.get(key) or EnumType(key[1], key[0], tuple(type_.enums), source=type_)
            if column is not None:
                place = EnumColumn(*options.key(column.table.schema, column.table.name), column.name)
                known = replace(known, columns=(*known.columns, place))
            enums[key] = known
        for sequence in _sequences(one, plain):
            key = options.key(sequence.schema, str(sequence.name))
            sequences[key] = SequenceValue(key[1], key[0], _said(sequence, plain), source=sequence)
        for given in [*one.info.get(VIEWS, {}).values(), *map(view_of, one.tables.values())]:
            if given is not None:
                key = options.key(given.schema, given.name)
                text = _select_text(given.selectable, plain)
                uses = tuple(options.key(t.schema, t.name) for t in given.tables())
                views[key] = View(key[1], key[0], text, given.materialized, uses, source=given)
    declares |= {"sequence"} if sequences else set()
    declares |= {"view"} if views else set()
    return Objects(
        dict(sorted(enums.items(), key=_by_key)),
        dict(sorted(sequences.items(), key=_by_key)),
        dict(sorted(views.items(), key=_by_key)),
        frozenset(declares),
    )


def enum_in(type_: Any, dialect: SQLAlchemyDialect) -> Any:
    """The named enum type that a column's type is on this database, also within an array; else None."""
    if not (isinstance(type_, _MAY_BE_ENUM) or getattr(type_, "_variant_mapping", None)):
        return None
    found = type_.dialect_impl(dialect)
    while isinstance(found, sa.types.TypeDecorator):
        found = found.impl_instance.dialect_impl(dialect)
    if isinstance(found, sa.types.ARRAY):
        return enum_in(found.item_type, dialect)
    named = isinstance(found, sa.Enum) and found.native_enum and found.name
    return found if named and getattr(dialect, "supports_native_enum", False) else None


def _enum_types(metadata: sa.MetaData, dialect: SQLAlchemyDialect) -> Iterator[tuple[Any, Any]]:
    """Each named enum type, with each column that has it; those of the MetaData itself without one."""
    if dialect.name != "postgresql":
        return
    for table in metadata.tables.values():
        for column in table.columns:
            found = enum_in(column.type, dialect)
            if found is not None:
                yield found, column
    # SQLAlchemy 2.1 keeps those that belong to the MetaData itself
    own = [item for item in getattr(metadata, "_objects", ()) if isinstance(item, sa.Enum)]
    for item in sorted(own, key=lambda item: str(item.name)):
        found = enum_in(item, dialect)
        if found is not None:
            yield found, None


def _sequences(metadata: sa.MetaData, dialect: SQLAlchemyDialect) -> Iterator[Any]:
    if not dialect.supports_sequences:
        return
    for sequence in metadata._sequences.values():
        if not (sequence.optional and getattr(dialect, "sequences_optional", False)):
            yield sequence


def _said(sequence: Any, dialect: SQLAlchemyDialect) -> tuple[tuple[str, Any], ...]:
    """The options that the models say, by SQLAlchemy's names."""
    found = {name: getattr(sequence, name, None) for name in _SEQUENCE}
    type_ = getattr(sequence, "data_type", None)
    if type_ is not None:
        found["data_type"] = dialect.type_compiler_instance.process(sa.types.to_instance(type_)).lower()
    return tuple(sorted((name, value) for name, value in found.items() if value is not None))


def _select_text(selectable: Any, dialect: SQLAlchemyDialect) -> str:
    """A view's SELECT as the database would be sent it."""
    if isinstance(selectable, str):
        return selectable.strip().rstrip(";")
    try:
        text = selectable.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    except (CompileError, NotImplementedError):
        return UNKNOWN
    return "\n".join(line.rstrip() for line in str(text).strip().splitlines()).rstrip(";")


def _by_key(item: tuple[Key, Any]) -> tuple[str, str]:
    return item[0][0] or "", item[0][1]


# sequences


def sequence_changes(
    current: Objects, desired: Objects, options: CompareOptions
) -> tuple[list[MigrateOperation], list[MigrateOperation]]:
    """What comes before the tables are changed, and what after: new and altered ones; those that go."""
    before: list[MigrateOperation] = []
    after: list[MigrateOperation] = []
    for key, wanted in desired.sequences.items():
        there = current.sequences.get(key)
        if not options.wants_object(wanted.source, wanted.name, "sequence", False, there):
            continue
        if there is None:
            before.append(CreateSequenceOp(wanted.name, _for_sqlalchemy(wanted), schema=wanted.schema))
            continue
        known = dict(there.options)
        new = {
            name: value for name, value in wanted.options if name in known and not _same(known[name], value)
        }
        if new and there.alterable:
            old = {name: known[name] for name in new}
            before.append(AlterSequenceOp(wanted.name, new, old, schema=wanted.schema))
    if "sequence" not in desired.declares:
        return before, after
    for key, there in current.sequences.items():
        known_by_name = options.wants_name(there.name, "sequence", {"schema_name": key[0]})
        if key in desired.sequences or there.in_use or key[0] not in options.schemas or not known_by_name:
            continue
        if options.wants_object(there, there.name, "sequence", True, None):
            after.append(DropSequenceOp(there.name, schema=there.schema, options=_for_sqlalchemy(there)))
    return before, after


def _same(ours: Any, theirs: Any) -> bool:
    if isinstance(theirs, str):
        return str(ours).lower() == theirs.lower()
    return bool(ours) == theirs if isinstance(theirs, bool) else int(ours) == int(theirs)


def _for_sqlalchemy(sequence: SequenceValue) -> dict[str, Any]:
    """Options as ``sa.Sequence`` takes them: a type is an object there."""
    found = dict(sequence.options)
    type_ = found.get("data_type")
    if isinstance(type_, str):
        known = {"bigint": sa.BigInteger, "integer": sa.Integer, "smallint": sa.SmallInteger}
        if type_ in known:
            found["data_type"] = known[type_]()
        else:
            del found["data_type"]
    return found


# views


def ordered_views(views: Iterable[View]) -> list[View]:
    """Views in the order to create them, by name among equals."""
    left = {view.key: view for view in sorted(views, key=lambda v: (v.schema or "", v.name))}
    found: list[View] = []
    while left:
        free = next((v for v in left.values() if left.keys().isdisjoint(set(v.uses) - {v.key})), None)
        chosen = free if free is not None else next(iter(left.values()))
        found.append(left.pop(chosen.key))
    return found


def views_over(
    views: Iterable[View],
    columns: set[tuple[str | None, str, str]],
    tables: set[Key] = frozenset(),  # type: ignore[assignment]
) -> list[View]:
    """Views that read one of these columns or tables, directly or by way of other views, in order.

    A view of which only the tables are known (no ``columns``) reads every column of them.
    """
    touched = tables | {(schema, table) for schema, table, _ in columns}
    taken: dict[Key, View] = {}
    waiting = list(views)
    while True:
        new = [
            view
            for view in waiting
            if view.key not in taken
            and (
                not taken.keys().isdisjoint(view.uses)
                or not tables.isdisjoint(view.uses)
                or (
                    not columns.isdisjoint(view.columns)
                    if view.columns
                    else not touched.isdisjoint(view.uses)
                )
            )
        ]
        if not new:
            return ordered_views(taken.values())
        taken.update((view.key, view) for view in new)


def create_view_op(view: View) -> CreateViewOp:
    """The operation that makes a view."""
    return CreateViewOp(
        view.name,
        view.sql,
        schema=view.schema,
        materialized=view.materialized,
        extra=view.extra,
        afterwards=view.indexes,
    )


def drop_view_op(view: View) -> DropViewOp:
    """The operation that drops it, and can make it again."""
    return DropViewOp(
        view.name, schema=view.schema, materialized=view.materialized, _reverse=create_view_op(view)
    )
