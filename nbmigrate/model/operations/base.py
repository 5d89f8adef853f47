"""What all operations have in common.

An operation says what is meant ("add this column to that table"), never how a database does it. Operations
are ordinary mutable objects without value equality: people's Rewriters change their attributes in place and
keep them in lists. Names, constructor parameters and attributes are Alembic's, because scripts, ``env.py``
hooks and extensions are written against them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Protocol


class NotReversible(ValueError, NotImplementedError):
    """The operation does not know enough to be undone.

    Both a ValueError and a NotImplementedError: Alembic raises the one or the other, by operation.
    """


class HasOptions(Protocol):
    """The part of a migration context that operations look at: ``opts["target_metadata"]``."""

    @property
    def opts(self) -> Mapping[str, Any]:
        """What the context was configured with."""


class MigrateOperation:
    """One intended change."""

    # Rewriters that have seen this operation already; each takes it once
    _mutations: frozenset[Any] = frozenset()

    @cached_property
    def info(self) -> dict[Any, Any]:
        """Room for whatever a program wants to remember about this operation."""
        return {}

    def reverse(self) -> MigrateOperation:
        """The operation that undoes this one; NotReversible where it can't be known."""
        raise NotReversible(f"this can't be reversed by itself: {self.explain()}")

    def to_diff_tuple(self) -> Any:
        """This operation as one of Alembic's diff tuples."""
        raise NotImplementedError(f"{type(self).__name__} has no diff tuple")

    def explain(self) -> str:
        """What this operation does, in one plain sentence."""
        return f"Run {type(self).__name__}."

    def __repr__(self) -> str:
        shown = ", ".join(
            f"{name}={value!r}"
            for name, value in vars(self).items()
            if not name.startswith("_") and not _is_unset(value)
        )
        return f"{type(self).__name__}({shown})"


def _is_unset(value: Any) -> bool:
    # identity, not equality: comparing a SQL expression gives another expression
    return value is None or value is False or (isinstance(value, dict) and not value)


class AlterTableOp(MigrateOperation):
    """A change to a table that exists."""

    def __init__(self, table_name: str, *, schema: str | None = None) -> None:
        self.table_name = table_name
        self.schema = schema


def full_name(name: str | None, schema: str | None = None) -> str:
    """A table's name for a sentence, with its schema where there is one."""
    return f"{schema}.{name}" if schema else str(name)


def named(kind: str, name: Any) -> str:
    """'the index ix_a', or 'an unnamed index'."""
    if name:
        return f"the {kind} {name}"
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind} without a name"


def listed(names: Any) -> str:
    """Names joined with commas and a final 'and'."""
    words = [str(name) for name in names]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
