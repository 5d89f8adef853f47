"""Conversions by the names of ``alembic.util.langhelpers``."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, TypeVar

from nbmigrate.util.dispatch import (
    Dispatcher,
    DispatchPriority,
    PriorityDispatcher,
    PriorityDispatchResult,
)

__all__ = [
    "DispatchPriority",
    "Dispatcher",
    "PriorityDispatchResult",
    "PriorityDispatcher",
    "asbool",
    "dedupe_tuple",
    "not_none",
    "rev_id",
    "to_list",
    "to_tuple",
    "unique_list",
]

T = TypeVar("T")

_WORDS = {
    **dict.fromkeys(("true", "yes", "on", "y", "t", "1"), True),
    **dict.fromkeys(("false", "no", "off", "n", "f", "0"), False),
}


def asbool(obj: Any) -> bool:
    """``yes``, ``off``, ``1`` and the like as a boolean; what is no text counts by its truth.

    Raises ``ValueError`` for any other text.
    """
    if not isinstance(obj, str):
        return bool(obj)
    try:
        return _WORDS[obj.strip().lower()]
    except KeyError:
        raise ValueError(f"String is not true/false: {obj!r}") from None


def rev_id() -> str:
    """A new random revision id: twelve hexadecimal digits."""
    return uuid.uuid4().hex[-12:]


def to_list(x: Any, default: list[Any] | None = None) -> list[Any] | None:
    """A list of what is given: one value, several, or None for the default."""
    if x is None:
        return default
    if isinstance(x, str) or not isinstance(x, Iterable):
        return [x]
    return list(x)


def to_tuple(x: Any, default: tuple[Any, ...] | None = None) -> tuple[Any, ...] | None:
    """A tuple of what is given: one value, several, or None for the default."""
    items = to_list(x)
    return default if items is None else tuple(items)


def unique_list(seq: Iterable[T]) -> list[T]:
    """The items in their order, each once."""
    return list(dict.fromkeys(seq))


def dedupe_tuple(tup: Iterable[T]) -> tuple[T, ...]:
    """The items in their order, each once, as a tuple."""
    return tuple(unique_list(tup))


def not_none(value: T | None) -> T:
    """The value, for a type checker that can't know that it is there."""
    assert value is not None
    return value
