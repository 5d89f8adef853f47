"""MySQL and MariaDB: values that do not fit stop the change in strict mode, and are cut without it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from nbmigrate.compare.rows import Conversion
from nbmigrate.dialects.conversions import (
    DECIMALS,
    FLOATS,
    RANGES,
    STRINGS,
    TEXTS,
    numeric,
    parts_of,
    too_long,
)
from nbmigrate.model.operations import AlterColumnOp

_INTEGER = "^[[:space:]]*[-+]?[0-9]+[[:space:]]*$"
_NUMBER = "^[[:space:]]*[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)(e[-+]?[0-9]+)?[[:space:]]*$"


def conversion(
    column: sa.ColumnElement[Any], operation: AlterColumnOp, before: str, after: str, version: Sequence[int]
) -> Conversion:
    """What happens to the column's values."""
    old, length, _ = parts_of(before)
    new, new_length, _ = parts_of(after)
    if new in TEXTS:
        fits = old in STRINGS and length is not None and new_length is not None and length <= new_length
        if new in STRINGS and new_length is not None and not fits:
            return Conversion(too_long(column, new_length), fails_words="too long")
        return Conversion(touches=old not in TEXTS)
    found = numeric(column, before, after)
    if found is not None:
        return found
    if old in TEXTS:
        if new in RANGES:
            return Conversion(~column.regexp_match(_INTEGER), fails_words=f"not {after}")
        if new in DECIMALS | FLOATS:
            return Conversion(~column.regexp_match(_NUMBER), fails_words=f"not {after}")
        if new in ("date", "datetime", "timestamp"):
            told = sa.cast(column, sa.DateTime()).is_(None)
            return Conversion(told, fails_words=f"not {after}")
    return Conversion()
