"""The operations of the migration that runs now: ``from nbmigrate import op`` (or ``from alembic``).

Every name is a function that looks up the current ``Operations`` when it is called, so that a script may
import ``op``, or ``from ... op import add_column``, long before a migration runs. Called outside one, it
raises ``NameError``, as Alembic's does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nbmigrate.runtime.active import operations


def __getattr__(name: str) -> Callable[..., Any]:
    """A function that calls the current operations' method of this name."""
    if name.startswith("__"):
        raise AttributeError(name)
    if name == "Operations":  # scripts find the class here, as it stands in Alembic's module
        from nbmigrate.operations import Operations

        return Operations

    def call(*args: Any, **kw: Any) -> Any:
        current = operations.get()
        if current is None:
            raise NameError(
                f"Can't invoke function '{name}', as the proxy object has not yet been established for the "
                "Alembic 'Operations' class.  Try placing this code inside a callable. "
                "(op works only while a migration runs: put the line into a revision's upgrade() or "
                "downgrade(), or into a %%revision cell)"
            )
        return getattr(current, name)(*args, **kw)

    call.__name__ = call.__qualname__ = name
    return call
