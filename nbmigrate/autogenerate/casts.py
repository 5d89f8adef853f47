"""Changes of type that PostgreSQL does not make by itself are told how: ``postgresql_using``.

A default is not converted that way, and stops the change: it is taken away before, and set again behind.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Computed, DefaultClause, Identity
from sqlalchemy import text as sa_text
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import CompileError

from nbmigrate.dialects.postgresql.casts import using
from nbmigrate.model.operations import AlterColumnOp, MigrateOperation, OpContainer

_CAST = re.compile(r"('(?:[^']|'')*'|-?[\d.]+|\w+)::.+", re.DOTALL)


def say_using(operations: OpContainer, dialect: Dialect) -> None:
    """Add ``postgresql_using`` to what needs it; each direction has needs of its own."""
    found: list[MigrateOperation] = []
    for operation in operations.ops:
        if isinstance(operation, OpContainer):
            say_using(operation, dialect)
        elif isinstance(operation, AlterColumnOp) and operation.modify_type is not None:
            _say(operation, dialect)
            if operation.kw.get("postgresql_using") and operation.existing_server_default:
                found += _around_default(operation)
                continue
        found.append(operation)
    operations.ops[:] = found


def _around_default(operation: AlterColumnOp) -> list[MigrateOperation]:
    """DROP DEFAULT, the change, SET DEFAULT."""
    existing, wanted = operation.existing_server_default, operation.modify_server_default
    if isinstance(existing, Computed | Identity) or isinstance(wanted, Computed | Identity):
        return [operation]
    place: dict[str, Any] = {"schema": operation.schema}
    before = AlterColumnOp(operation.table_name, operation.column_name, **place)
    before.existing_type, before.existing_nullable = operation.existing_type, operation.existing_nullable
    before.existing_server_default, before.modify_server_default = existing, None
    operation.existing_server_default, operation.modify_server_default = None, False
    if wanted is False:
        wanted = _without_cast(existing)
    if wanted is None:
        return [before, operation]
    after = AlterColumnOp(operation.table_name, operation.column_name, **place)
    after.existing_type, after.existing_server_default = operation.modify_type, None
    nullable = operation.modify_nullable
    after.existing_nullable = operation.existing_nullable if nullable is None else nullable
    after.modify_server_default = wanted
    return [before, operation, after]


def _without_cast(default: Any) -> Any:
    """A default as the catalogue has it, without the type that it had: ``'5'::character varying``."""
    text = getattr(getattr(default, "arg", default), "text", None)
    # a colon is written so that it is no parameter
    found = _CAST.fullmatch(text.replace(r"\:", ":")) if isinstance(text, str) else None
    return default if found is None else DefaultClause(sa_text(found.group(1)))


def _say(operation: AlterColumnOp, dialect: Dialect) -> None:
    compiler: Any = dialect.type_compiler_instance
    try:
        before, after = (
            compiler.process(type_) for type_ in (operation.existing_type, operation.modify_type)
        )
    except (CompileError, NotImplementedError):
        return
    expression = using(dialect.identifier_preparer.quote(operation.column_name), before, after)
    if expression is not None:
        operation.kw["postgresql_using"] = expression
