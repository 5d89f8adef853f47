"""The functions that a run will call, all of them loaded before the first one runs.

A file that can't be imported is found while nothing has been done, and not half-way up the history, where
each revision before it would be committed already.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import TYPE_CHECKING, Any

from nbmigrate.errors import ScriptError
from nbmigrate.operations import Operations

if TYPE_CHECKING:
    from nbmigrate.model.operations import MigrateOperation
    from nbmigrate.model.plan import Direction, Step
    from nbmigrate.runtime.migration import MigrationContext


_LAZY = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


def load_scripts(steps: Iterable[Step], context: MigrationContext) -> dict[str, Callable[..., Any]]:
    """Import the script of every step and look for its function: what will run, by the revision's id.

    Raises ``ScriptError`` where a file can't be imported, or has no function that would run. ``op`` may be
    asked for the connection meanwhile, as some scripts do at their top; it runs nothing.
    """
    scripts = [step for step in steps if not step.is_stamp]
    if not scripts:
        return {}
    with Operations.context(context), _refusing(context):
        return {step.up[0]: script_function(step.revision, step.direction) for step in scripts}


def script_function(script: Any, direction: Direction) -> Callable[..., Any]:
    """A script's ``upgrade`` or ``downgrade``; ``ScriptError`` where there is none that can be called."""
    function: Any = getattr(script.module, direction, None)
    if function is None:
        raise ScriptError(
            f"{script.path} has no function {direction}(): add one, with pass in it", script.path
        )
    if not callable(function):
        kind = type(function).__name__
        raise ScriptError(f"{script.path}: {direction} is of type {kind}, not a function", script.path)
    _refuse_lazy(script, direction, function)
    found: Callable[..., Any] = function
    return found


def _refuse_lazy(script: Any, direction: Direction, function: Any) -> None:
    """Refuse a function whose call would run nothing."""
    if type(function) is FunctionType and not vars(function) and not function.__code__.co_flags & _LAZY:
        return  # as nearly all are: the three questions are a tenth of what loading a revision costs
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        raise ScriptError(
            f"{script.path}: {direction}() is an async function, of which nothing would run: write def "
            f"{direction}(), and what is to be awaited as op.run_async(function)",
            script.path,
        )
    if inspect.isgeneratorfunction(function):
        raise ScriptError(
            f"{script.path}: {direction}() holds a yield, so nothing of it would run: take it out",
            script.path,
        )


@contextmanager
def _refusing(context: MigrationContext) -> Iterator[None]:
    """Refuse each operation while scripts are imported: it belongs to no revision's run."""

    def refuse(operation: MigrateOperation) -> Any:
        raise RuntimeError("an operation stands outside upgrade() and downgrade(): move it into one of them")

    context.claimed = refuse
    try:
        yield
    finally:
        context.claimed = None
