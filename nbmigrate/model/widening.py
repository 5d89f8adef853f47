"""Whether one type only gives more room than another: every value fits, as it is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import types

_TEXTS = frozenset(("string", "unicode", "text", "unicode_text", "VARCHAR", "NVARCHAR", "TEXT"))


def widens(old: Any, new: Any) -> bool:
    """Whether every value of ``old`` is one of ``new``, unchanged: a longer VARCHAR, a larger integer."""
    old, new = types.to_instance(old), types.to_instance(new)
    if isinstance(old, types.Enum) or isinstance(new, types.Enum):
        both = isinstance(old, types.Enum) and isinstance(new, types.Enum)
        return both and set(old.enums) <= set(new.enums)
    if isinstance(old, types.String) and isinstance(new, types.String):
        # no CHAR, which is padded; no LONGTEXT and the like, which TEXT is not
        if any(one.__visit_name__ not in _TEXTS for one in (old, new)):
            return False
        return new.length is None or (old.length is not None and old.length <= new.length)
    if isinstance(old, types.Integer) and isinstance(new, types.Integer):
        return _size(old) <= _size(new)
    if isinstance(old, types.Float) or isinstance(new, types.Float):
        return False
    if isinstance(old, types.Numeric) and isinstance(new, types.Numeric):
        return widens_numeric(old, new)
    return False


def widens_numeric(old: Any, new: Any) -> bool:
    """Whether there are as many places behind the point, and no fewer in all."""
    if new.precision is None:
        return True
    return (
        old.precision is not None and old.precision <= new.precision and (old.scale or 0) == (new.scale or 0)
    )


def _size(type_: Any) -> int:
    """Small, usual or big."""
    if isinstance(type_, types.SmallInteger):
        return 0
    return 2 if isinstance(type_, types.BigInteger) else 1
