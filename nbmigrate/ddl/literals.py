"""Values as SQL literals, where SQLAlchemy has none or one that another client does not read back.

SQLAlchemy renders literals for what its drivers need in DDL. A script for psql, mariadb or sqlite3 needs
more: bytes of any kind, JSON, arrays of other things than text, values of types that only have a way to the
driver.
``literal_compiler`` is a dialect's own compiler with the gaps closed; whatever SQLAlchemy does well stays as
SQLAlchemy does it, text for text.

How a value of unknown type is written follows from what the driver would be given: the type's bind processor
is asked, and what comes out of it (text, a number, bytes) has a literal.
"""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sqlalchemy import exc
from sqlalchemy import types as sqltypes
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import literal

# items of which ARRAY[...] has the right type by itself on PostgreSQL
_PLAIN_ITEMS = (sqltypes.String, sqltypes.Integer, sqltypes.Numeric, sqltypes.Boolean)
_BYTES: dict[str, Callable[[bytes], str]] = {
    "postgresql": lambda value: f"'\\x{value.hex()}'::BYTEA",
    "duckdb": lambda value: "'" + "".join(f"\\x{byte:02X}" for byte in value) + "'::BLOB",
    "mssql": lambda value: f"0x{value.hex().upper()}",
    "oracle": lambda value: f"HEXTORAW('{value.hex().upper()}')",
}


@lru_cache(maxsize=32)
def literal_compiler(compiler: Any) -> type[SQLCompiler]:
    """The compiler class, with literals for all that can have one."""

    class WithLiterals(compiler):  # type: ignore[misc]
        def render_literal_value(self, value: Any, type_: Any, **kw: Any) -> str:
            return _text(value, type_, self, super().render_literal_value)

        def render_literal_bindparam(self, bindparam: Any, **kw: Any) -> str:
            # a driver would get JSON's null here, SQLAlchemy's text is SQL's NULL
            if bindparam.value is None and bindparam.callable is None and bindparam.type.should_evaluate_none:
                return self.render_literal_value(None, bindparam.type)
            return super().render_literal_bindparam(bindparam, **kw)  # type: ignore[no-any-return]

    WithLiterals.__name__ = compiler.__name__
    return WithLiterals


def _text(value: Any, type_: Any, compiler: Any, usual: Callable[[Any, Any], str]) -> str:
    """One value as SQL; ``CompileError`` where there is no way to write it."""
    dialect = compiler.dialect
    type_, value = _undecorated(type_, value, dialect)
    if value is None and not type_.should_evaluate_none:
        return "NULL"
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _bytes(bytes(value), dialect.name)
    if isinstance(type_, sqltypes.JSON):
        serialise = getattr(dialect, "_json_serializer", None) or json.dumps
        given = None if value is sqltypes.JSON.NULL else value
        return usual(serialise(given), sqltypes.String())
    if isinstance(value, float) and not math.isfinite(value) and dialect.name in ("postgresql", "duckdb"):
        return f"'{value}'::FLOAT"
    if isinstance(value, datetime.datetime) and dialect.name in ("mysql", "mariadb"):
        value = value.replace(tzinfo=None)  # as its drivers do: the type knows no zone
    try:
        text = usual(value, type_)
    except exc.CompileError:
        return _of_driver_value(value, type_, dialect, usual)
    if isinstance(type_, sqltypes.ARRAY) and dialect.name == "postgresql":
        item = type_.item_type
        if not value or isinstance(item, sqltypes.Enum) or not isinstance(item, _PLAIN_ITEMS):
            return f"{text}::{dialect.type_compiler_instance.process(type_)}"
    return text


def _undecorated(type_: Any, value: Any, dialect: Any) -> tuple[Any, Any]:
    """The type below a TypeDecorator, and the value as it gets there."""
    while isinstance(type_, sqltypes.TypeDecorator):
        own = type(type_)
        if (
            own.process_bind_param is sqltypes.TypeDecorator.process_bind_param
            or own.process_literal_param is not sqltypes.TypeDecorator.process_literal_param
        ):
            break
        value = type_.process_bind_param(value, dialect)
        type_ = type_.load_dialect_impl(dialect)
    return type_, value


def _of_driver_value(value: Any, type_: Any, dialect: Any, usual: Callable[[Any, Any], str]) -> str:
    """What the driver would be given, as a literal of its own kind."""
    given = _of_postgresql(value, type_)
    if given is value:
        bind = type_.dialect_impl(dialect).bind_processor(dialect)
        given = value if bind is None else bind(value)
    if isinstance(given, (bytes, bytearray, memoryview)):
        return _bytes(bytes(given), dialect.name)
    inferred = literal(given).type
    if inferred._isnull or (given is value and type(inferred) is type(type_)):
        raise exc.CompileError(
            f"the {type(value).__name__} {str(value)[:60]!r} can't be written as SQL text (type {type_!r})"
        )
    return usual(given, inferred)


def _of_postgresql(value: Any, type_: Any) -> Any:
    """Addresses, ranges and HSTORE as the text that PostgreSQL reads; psycopg takes objects instead."""
    from sqlalchemy.dialects import postgresql  # costs a tenth of a short command on any other database

    if isinstance(type_, postgresql.HSTORE) and isinstance(value, dict):
        hstore: Any = postgresql.HSTORE()
        # psycopg2's way: text
        plain: Any = postgresql.psycopg2.dialect
        return hstore.bind_processor(plain())(value)
    if isinstance(value, postgresql.Range) or type(value).__module__ == "ipaddress":
        return str(value)
    if isinstance(type_, postgresql.ranges.AbstractMultiRange) and isinstance(value, (list, tuple)):
        return "{" + ",".join(str(one) for one in value) + "}"
    return value


def _bytes(value: bytes, name: str) -> str:
    return _BYTES[name](value) if name in _BYTES else f"X'{value.hex().upper()}'"
