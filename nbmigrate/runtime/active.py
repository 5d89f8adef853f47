"""Which operations and which environment are the current ones: what ``op`` and ``context`` speak of.

Context variables in place of globals: two threads, or two tasks, each see their own, and leaving a ``with``
block restores what was there before, whatever happened inside. Work started in another thread copies the
context first (``contextvars.copy_context``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbmigrate.operations import Operations
    from nbmigrate.runtime.environment import EnvironmentContext

operations: ContextVar[Operations | None] = ContextVar("nbmigrate_operations", default=None)
environment: ContextVar[EnvironmentContext | None] = ContextVar("nbmigrate_environment", default=None)


@contextmanager
def bound_operations(current: Operations) -> Iterator[Operations]:
    """Make these operations what ``op`` speaks of, inside the block."""
    token = operations.set(current)
    try:
        yield current
    finally:
        operations.reset(token)
