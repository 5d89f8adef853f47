"""What ``batch_alter_table()`` says of a table besides the operations: taken into the draft.

The draft begins with the table's own text, so nothing here is needed to keep what is there: ``reflect_args``
and ``reflect_kwargs`` only change what they say otherwise than the table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, inspect, schema, text
from sqlalchemy import types as sqltypes

from nbmigrate.ddl import elements
from nbmigrate.dialects.sqlite import edit
from nbmigrate.dialects.sqlite.create_table import Constraint, parse_create_table
from nbmigrate.dialects.sqlite.tokens import fold
from nbmigrate.model.naming import normalise_whitespace
from nbmigrate.model.operations.schema_objects import make_table, ordered_constraints

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from nbmigrate.dialects.sqlite.draft import Draft
    from nbmigrate.model.operations import BatchAlterTableOp


def take_in_reflection(draft: Draft, batch: BatchAlterTableOp, connection: Connection | None) -> None:
    """``reflect_args`` and ``reflect_kwargs``: before the operations, as the table is read before them.

    A column that is given stands for the one of its name: its type, its default and its nullability count
    where they are said. Listeners of ``column_reflect`` are asked about each column; what they change counts.
    """
    for item in batch.reflect_args:
        if isinstance(item, Column) and draft.table.column(item.name) is not None:
            default = item.server_default if item.server_default is not None else False
            said = getattr(item, "_user_defined_nullable", None)
            redefine(draft, item.name, item.type, default, said if isinstance(said, bool) else None)
    add_table_args(draft, [item for item in batch.reflect_args if isinstance(item, schema.Constraint)])
    options = {word: value for word, value in batch.reflect_kwargs.items() if word != "listeners"}
    take_in_options(draft, options)
    _ask_listeners(draft, batch.reflect_kwargs.get("listeners") or (), connection)


def take_in_arguments(draft: Draft, batch: BatchAlterTableOp) -> None:
    """The other arguments, after the operations: ``table_args``, ``table_kwargs`` and so on."""
    add_table_args(draft, batch.table_args)
    draft.reorder(batch.partial_reordering or ())
    take_in_options(draft, batch.table_kwargs)
    if batch.naming_convention:
        draft.name_constraints()


def take_in_options(draft: Draft, options: Mapping[str, Any]) -> None:
    """SQLAlchemy's ``sqlite_autoincrement``, ``sqlite_with_rowid`` and ``sqlite_strict``."""
    if options.get("sqlite_autoincrement"):
        draft.sql = edit.set_autoincrement(draft.sql)
    wanted = {
        "WITHOUT ROWID": options.get("sqlite_with_rowid") is False,
        "STRICT": options.get("sqlite_strict"),
    }
    there = {"WITHOUT ROWID": draft.table.without_rowid, "STRICT": draft.table.strict}
    for option, asked in wanted.items():
        if asked and not there[option]:
            draft.sql = edit.add_option(draft.sql, option)


def redefine(draft: Draft, name: str, type_: Any, default: Any, nullable: bool | None) -> None:
    """A column whose type, default (False: not said) or nullability (None: not said) is said otherwise."""
    type_ = sqltypes.to_instance(type_)
    if not isinstance(type_, sqltypes.NullType):
        said, there = elements.format_type(draft.compiler, type_), draft.table.column(name)
        if there is not None and _plain(said) != _plain(there.type):
            draft.sql = edit.set_type(draft.sql, name, said)
        table = make_table(
            draft.stored.name, [Column(name, type_)], context=draft.dialect, schema=draft.stored.schema
        )
        for constraint in ordered_constraints(table):
            if draft.dialect.is_wanted(constraint):
                _add_missing(draft, constraint)
    if default is not False:
        draft.sql = edit.set_default(draft.sql, name, draft.default_text(default))
    if nullable is not None:
        draft.sql = edit.set_not_null(draft.sql, name, not nullable)


def _plain(type_text: str) -> str:
    return "".join(type_text.split()).upper()


def _ask_listeners(draft: Draft, listeners: Sequence[Any], connection: Connection | None) -> None:
    functions = [function for event, function, *_ in listeners if event == "column_reflect"]
    if connection is None or not functions:
        return
    inspector = inspect(connection)
    table = schema.Table(draft.stored.name, schema.MetaData(), schema=draft.stored.schema)
    for info in inspector.get_columns(draft.stored.name, draft.stored.schema):
        before: dict[str, Any] = dict(info)
        for function in functions:
            function(inspector, table, info)
        told: dict[str, Any] = dict(info)
        changed = {word for word in ("type", "default", "nullable") if told.get(word) is not before.get(word)}
        default = text(told["default"]) if isinstance(told.get("default"), str) else told.get("default")
        redefine(
            draft,
            before["name"],
            told["type"] if "type" in changed else sqltypes.NULLTYPE,
            default if "default" in changed else False,
            told["nullable"] if "nullable" in changed else None,
        )


def add_table_args(draft: Draft, items: Sequence[Any]) -> None:
    """Constraints, where the table has no such thing yet."""
    constraints = [item for item in items if isinstance(item, schema.Constraint)]
    if not constraints:
        return
    columns = [Column(column.name, sqltypes.NULLTYPE) for column in draft.table.columns]
    described = [*columns, *constraints]
    table = make_table(draft.stored.name, described, context=draft.dialect, schema=draft.stored.schema)
    for constraint in ordered_constraints(table):
        _add_missing(draft, constraint)


def _add_missing(draft: Draft, constraint: schema.Constraint) -> None:
    if isinstance(constraint, schema.PrimaryKeyConstraint) and not constraint.columns:
        return
    sql = draft.compiler.process(constraint)
    if not sql:
        return
    changed = edit.add_constraint(draft.sql, sql)
    known = {_essence(there) for there in draft.table.all_constraints()}
    if _essence(parse_create_table(changed).constraints[-1]) not in known:
        draft.sql = changed


def _essence(constraint: Constraint) -> tuple[Any, ...]:
    target = constraint.references
    return (
        constraint.kind,
        tuple(fold(name) for name in constraint.column_names) if constraint.kind != "check" else (),
        normalise_whitespace(constraint.text or "") if constraint.kind == "check" else "",
        fold(target.table.name) if target else "",
    )
