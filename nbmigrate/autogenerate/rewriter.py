"""Rewriter: a ``process_revision_directives`` hook made of functions by operation class, as in Alembic."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from nbmigrate.model.operations import MigrateOperation, MigrationScript, OpContainer

Rewrite = Callable[[Any, Any, Any], MigrateOperation | Sequence[MigrateOperation] | None]
Hook = Callable[[Any, Any, list[Any]], None]
_DONE = "_rewritten_by"


class Rewriter:
    """Calls the user's functions on each operation; what they return takes its place.

    A function is called once for an operation, also where what it returns is or holds that operation again.
    """

    def __init__(self) -> None:
        self._rewrites: dict[type[MigrateOperation], Rewrite] = {}
        self._next: Hook | None = None

    def rewrites(
        self, operator: type[MigrateOperation] | tuple[type[MigrateOperation], ...] | list[Any]
    ) -> Callable[[Rewrite], Rewrite]:
        """Decorator: this function, called with (context, revision, operation), rewrites these classes."""
        classes = tuple(operator) if isinstance(operator, tuple | list) else (operator,)

        def register(function: Rewrite) -> Rewrite:
            for cls in classes:
                self._rewrites[cls] = function
            return function

        return register

    def chain(self, other: Hook) -> Rewriter:
        """This one, then the other."""
        both = Rewriter()
        both._rewrites.update(self._rewrites)
        both._next = other if self._next is None else _both(self._next, other)
        return both

    def __call__(self, context: Any, revision: Any, directives: list[Any]) -> None:
        """Rewrite the directives in place."""
        directives[:] = [new for one in directives for new in self._rewritten(context, revision, one)]
        if self._next is not None:
            self._next(context, revision, directives)

    process_revision_directives = __call__

    def _rewritten(self, context: Any, revision: Any, operation: Any) -> list[Any]:
        """What an operation becomes, and what becomes of whatever is in it."""
        found = list(self._replaced(context, revision, operation))
        for one in found:
            if isinstance(one, MigrationScript):
                one.upgrade_ops = self._all(context, revision, one.upgrade_ops_list)
                one.downgrade_ops = self._all(context, revision, one.downgrade_ops_list)
            elif isinstance(one, OpContainer):
                one.ops = self._all(context, revision, one.ops)
        return found

    def _all(self, context: Any, revision: Any, operations: Sequence[Any]) -> list[Any]:
        return [new for one in operations for new in self._rewritten(context, revision, one)]

    def _replaced(self, context: Any, revision: Any, operation: Any) -> Iterator[Any]:
        function = next((self._rewrites[c] for c in type(operation).__mro__ if c in self._rewrites), None)
        if function is None or self in getattr(operation, _DONE, ()):
            yield operation
            return
        result = function(context, revision, operation)
        several = [] if result is None else list(result) if isinstance(result, Sequence) else [result]
        for one in several:
            setattr(one, _DONE, (*getattr(one, _DONE, ()), self))
        yield from several


def _both(
    first: Hook,
    second: Hook,
) -> Hook:
    def run(context: Any, revision: Any, directives: list[MigrationScript]) -> None:
        first(context, revision, directives)
        second(context, revision, directives)

    return run
