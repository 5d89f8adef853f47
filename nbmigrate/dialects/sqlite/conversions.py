"""SQLite: a value that does not fit a type stays as it is; only a STRICT table refuses it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from nbmigrate.compare.rows import Conversion
from nbmigrate.dialects.conversions import DECIMALS, FLOATS, RANGES, TEXTS, parts_of
from nbmigrate.model.operations import AlterColumnOp


def conversion(
    column: sa.ColumnElement[Any], operation: AlterColumnOp, before: str, after: str, version: Sequence[int]
) -> Conversion:
    """What happens to the column's values."""
    old, new = parts_of(before)[0], parts_of(after)[0]
    if old in TEXTS and new in TEXTS:
        return Conversion(touches=False)
    if new in RANGES.keys() | DECIMALS | FLOATS:
        trimmed = sa.func.trim(column)
        is_no_number = sa.and_(
            sa.func.typeof(column) == "text",
            sa.or_(trimmed == "", trimmed.op("GLOB")("*[^0-9.eE+-]*")),
        )
        return Conversion(changes=is_no_number, changes_words=f"would stay text in a column of {after}")
    return Conversion()
