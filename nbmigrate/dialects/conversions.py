"""What happens to values when their column gets another type, by database: which module knows.

Each has ``conversion(column, operation, before, after, version)``: the column, the operation, both types as
the database spells them, and the server's version.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import CompileError

from nbmigrate.compare.rows import Conversion, Convert
from nbmigrate.model.operations import AlterColumnOp

_OWN = {
    "sqlite": "nbmigrate.dialects.sqlite.conversions",
    "postgresql": "nbmigrate.dialects.postgresql.conversions",
    "mysql": "nbmigrate.dialects.mysql.conversions",
    "mariadb": "nbmigrate.dialects.mysql.conversions",
    "duckdb": "nbmigrate.dialects.duckdb.conversions",
}
_TYPE = re.compile(
    r"([a-z][a-z ]*?)\s*(?:\((\d+)(?:\s*,\s*(-?\d+))?\))?(?:\s.*)?\Z", re.IGNORECASE | re.DOTALL
)
STRINGS = frozenset({"varchar", "character varying", "char", "character", "nvarchar", "nchar"})
TEXTS = STRINGS | {"text", "clob", "string", "tinytext", "mediumtext", "longtext", "citext"}
RANGES = {
    "tinyint": 8,
    "smallint": 16,
    "mediumint": 24,
    "int": 32,
    "integer": 32,
    "bigint": 64,
}
DECIMALS = frozenset({"numeric", "decimal"})
FLOATS = frozenset({"real", "float", "double", "double precision"})


def conversion_for(connection: Connection) -> Convert | None:
    """What tells about changes of type on this database; None where nothing does."""
    own = _OWN.get(connection.dialect.name)
    if own is None:
        return None
    module: Any = import_module(own)
    dialect = connection.dialect
    version = getattr(dialect, "server_version_info", None) or ()

    def convert(column: sa.ColumnElement[Any], operation: AlterColumnOp) -> Conversion:
        try:
            before, after = (
                str(dialect.type_compiler_instance.process(sa.types.to_instance(type_)))
                for type_ in (operation.existing_type, operation.modify_type)
            )
        except (CompileError, NotImplementedError):
            return Conversion()
        found: Conversion = module.conversion(column, operation, before, after, version)
        return found

    return convert


def parts_of(text: str) -> tuple[str, int | None, int | None]:
    """A type's name in lower case, and the numbers in its parentheses."""
    found = _TYPE.match(text.strip())
    if found is None:
        return text.lower(), None, None
    name, first, second = found.groups()
    name = re.sub(r"\s+(?:unsigned|with(?:out)? time zone)\Z", "", name.lower())
    return name, int(first) if first else None, int(second) if second else None


def too_long(column: sa.ColumnElement[Any], length: int) -> sa.ColumnElement[bool]:
    """Values that have more characters than a new length allows."""
    return sa.func.char_length(column) > length


def out_of_range(column: sa.ColumnElement[Any], bits: int) -> sa.ColumnElement[bool]:
    """Numbers that an integer type of so many bits can't hold."""
    top = 2 ** (bits - 1)
    return sa.or_(column > sa.literal_column(str(top - 1)), column < sa.literal_column(str(-top)))


def too_large(column: sa.ColumnElement[Any], precision: int, scale: int) -> sa.ColumnElement[bool]:
    """Numbers with more digits before the point than a decimal type has."""
    return sa.func.abs(sa.func.round(column, scale)) >= sa.literal_column(str(10 ** (precision - scale)))


def numeric(column: sa.ColumnElement[Any], before: str, after: str) -> Conversion | None:
    """From one type of numbers to another, where it is done as everywhere; None where it is not."""
    old, _, scale = parts_of(before)
    new, new_precision, new_scale = parts_of(after)
    numbers = RANGES.keys() | DECIMALS | FLOATS
    if old not in numbers or new not in numbers:
        return None
    if new in RANGES:
        if old in RANGES:
            wider = RANGES[new] >= RANGES[old]
            return (
                Conversion()
                if wider
                else Conversion(out_of_range(column, RANGES[new]), fails_words="out of range")
            )
        return Conversion(
            out_of_range(column, RANGES[new]),
            column != sa.func.round(column),
            fails_words="out of range",
            changes_words="would be rounded",
        )
    if new in DECIMALS and new_precision is not None:
        places = new_scale or 0
        rounded = None
        if old in FLOATS or (old in DECIMALS and (scale is None or scale > places)):
            rounded = column != sa.func.round(column, places)
        return Conversion(
            too_large(column, new_precision, places),
            rounded,
            fails_words="with too many digits",
            changes_words="would be rounded",
        )
    return Conversion()
