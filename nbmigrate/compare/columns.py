"""What changes in one column: type, NULL, default, identity and comment, as one operation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from nbmigrate.compare.as_alembic import say_autoincrement, warn_of_computed
from nbmigrate.compare.desired import IDENTITY_DEFAULTS
from nbmigrate.model.operations import AlterColumnOp
from nbmigrate.model.schema import UNKNOWN, Column, Key

if TYPE_CHECKING:
    from nbmigrate.compare.compare import _Comparison


def alter_column(comparison: _Comparison, key: Key, there: Column, wanted: Column) -> AlterColumnOp | None:
    """The operation that makes a column as the models say; None where it is so already."""
    options, ours, theirs = comparison.options, comparison.reflected.column(key, there.name), wanted.source
    if not options.wants_object(theirs, wanted.name, "column", False, ours):
        return None
    operation = AlterColumnOp(key[1], wanted.name, schema=theirs.table.schema)
    operation.existing_type = ours.type
    operation.existing_nullable = there.nullable
    operation.existing_comment = there.comment
    if there.nullable != wanted.nullable and not _settles_null(comparison, there, wanted):
        operation.modify_nullable = wanted.nullable
    if _differs_in_type(comparison, there, wanted, ours):
        operation.modify_type = theirs.type
    _compare_default(comparison, there, wanted, ours, operation)
    if there.comment != wanted.comment:
        operation.modify_comment = wanted.comment
    if not operation.has_changes():
        return None
    if comparison.traits.autoincrement_is_altered and wanted.autoincrement:
        operation.kw["autoincrement"] = True
    elif options.as_alembic:
        say_autoincrement(operation, theirs)
    return operation


def _settles_null(comparison: _Comparison, there: Column, wanted: Column) -> bool:
    """Whether nothing is to be said of NULL; Alembic leaves it out for identities, which need it first."""
    if there.generated or wanted.generated:
        return True
    return comparison.options.as_alembic and bool(there.identity or wanted.identity)


def _differs_in_type(comparison: _Comparison, there: Column, wanted: Column, ours: sa.Column[Any]) -> bool:
    """The user's judgement first, then ours."""
    options, theirs = comparison.options, wanted.source
    if options.compare_type is False:
        return False
    if callable(options.compare_type):
        verdict = options.compare_type(options.context, ours, theirs, ours.type, theirs.type)
        if verdict is not None:
            return bool(verdict)
    return UNKNOWN not in (there.type_text, wanted.type_text) and there.type_text != wanted.type_text


def _compare_default(
    comparison: _Comparison, there: Column, wanted: Column, ours: sa.Column[Any], operation: AlterColumnOp
) -> None:
    """Server default and identity, which share a place in the operation."""
    theirs = wanted.source
    if there.default is not None or there.identity is not None:
        operation.existing_server_default = ours.server_default
    if comparison.options.compare_server_default is False:
        return
    if there.generated or wanted.generated:
        if comparison.options.as_alembic:
            warn_of_computed(there, wanted, operation.table_name)
        return
    if there.identity != wanted.identity:
        # a SERIAL would first have to lose its sequence: left as it is
        if not there.autoincrement or there.identity is not None:
            operation.existing_server_default = _identity(there, wanted) or ours.server_default
            operation.modify_server_default = _identity(wanted, there)
        return
    if there.identity is None and _differs_in_default(comparison, there, wanted, ours):
        _set_default(operation, ours, None if wanted.default is None else theirs.server_default)


def _identity(column: Column, other: Column) -> sa.Identity | None:
    """An identity that says all in which it differs from the other: what is not said would not be changed."""
    if column.identity is None:
        return None
    said: dict[str, Any] = dict(column.identity)
    for name, _ in other.identity or ():
        if name in ("minvalue", "maxvalue"):
            said |= {} if name in said else {f"no{name}": True}
        else:
            said.setdefault(name, IDENTITY_DEFAULTS[name])
    return sa.Identity(**said)


def _set_default(operation: AlterColumnOp, ours: sa.Column[Any], new: Any) -> None:
    operation.existing_server_default = ours.server_default
    operation.modify_server_default = new


def _differs_in_default(comparison: _Comparison, there: Column, wanted: Column, ours: sa.Column[Any]) -> bool:
    """The user's judgement first, then ours."""
    options, theirs = comparison.options, wanted.source
    if callable(options.compare_server_default):
        verdict = options.compare_server_default(
            options.context, ours, theirs, there.default, theirs.server_default, wanted.default
        )
        if verdict is not None:
            return bool(verdict)
    return UNKNOWN not in (there.default, wanted.default) and there.default != wanted.default
