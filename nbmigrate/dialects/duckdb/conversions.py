"""DuckDB: values that do not fit stop the change; ``TRY_CAST`` tells which. Strings have no length."""

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
    if new in TEXTS:
        return Conversion(touches=old not in TEXTS)
    tried = sa.try_cast(column, sa.types.to_instance(operation.modify_type))
    numbers = RANGES.keys() | DECIMALS | FLOATS | {"hugeint"}
    changed = None
    if old in numbers and new in numbers:
        changed = sa.cast(tried, sa.Double()) != sa.cast(column, sa.Double())
    return Conversion(tried.is_(None), changed, fails_words=f"not {after}", changes_words="would be rounded")
