"""PostgreSQL: values that do not fit another type stop the change (CREATE CAST, assignment casts)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from nbmigrate.compare.rows import Conversion
from nbmigrate.dialects.conversions import STRINGS, TEXTS, numeric, parts_of, too_long
from nbmigrate.model.operations import AlterColumnOp

TELLS_INPUT = (16,)
"""From this version on ``pg_input_is_valid`` says whether a text is a value of a type."""


def conversion(
    column: sa.ColumnElement[Any], operation: AlterColumnOp, before: str, after: str, version: Sequence[int]
) -> Conversion:
    """What happens to the column's values."""
    old, length, _ = parts_of(before)
    new, new_length, _ = parts_of(after)
    text: Any = sa.cast(column, sa.Text())
    if new in TEXTS:
        fits = old in STRINGS and length is not None and new_length is not None and length <= new_length
        if new in STRINGS and new_length is not None and not fits:
            # blanks at the end are cut off without an error
            return Conversion(too_long(sa.func.rtrim(text), new_length), fails_words="too long")
        return Conversion(touches=old not in TEXTS)
    found = numeric(sa.cast(column, sa.Numeric()), before, after)
    if found is not None:
        return found
    if old in TEXTS and tuple(version) >= TELLS_INPUT:
        valid = sa.func.pg_input_is_valid(text, after)
        return Conversion(sa.not_(valid), fails_words=f"not {after}")
    using = operation.kw.get("postgresql_using")
    if using is not None and operation.column_name == getattr(column, "name", None):
        return Conversion(attempt=sa.literal_column(using))
    return Conversion(attempt=sa.cast(column, sa.types.to_instance(operation.modify_type)))
