"""The environment that runs now, for ``env.py``: ``from nbmigrate import context`` (or ``from alembic``).

Plain attributes (``config``, ``script``) are those of the current ``EnvironmentContext``; its methods are
looked up when they are called. The module itself can be handed about as if it were the object.
"""

from __future__ import annotations

from typing import Any

from nbmigrate.runtime.active import environment


def __getattr__(name: str) -> Any:
    """An attribute of the current environment; without one, a function that says so when it is called."""
    if name.startswith("__"):
        raise AttributeError(name)
    current = environment.get()
    if current is not None:
        return getattr(current, name)

    def call(*args: Any, **kw: Any) -> Any:
        now = environment.get()
        if now is None:
            raise NameError(
                f"Can't invoke function '{name}', as the proxy object has not yet been established for the "
                "'EnvironmentContext' class: context works only inside env.py, while nbmigrate runs it"
            )
        return getattr(now, name)(*args, **kw)

    call.__name__ = call.__qualname__ = name
    return call
