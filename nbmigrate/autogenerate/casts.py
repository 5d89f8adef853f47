"""Changes of type that PostgreSQL does not make by itself are told how: ``postgresql_using``."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Dialect
from sqlalchemy.exc import CompileError

from nbmigrate.dialects.postgresql.casts import using
from nbmigrate.model.operations import AlterColumnOp, OpContainer


def say_using(operations: OpContainer, dialect: Dialect) -> None:
    """Add ``postgresql_using`` to what needs it; each direction has needs of its own."""
    for operation in operations.ops:
        if isinstance(operation, OpContainer):
            say_using(operation, dialect)
        elif isinstance(operation, AlterColumnOp) and operation.modify_type is not None:
            _say(operation, dialect)


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
