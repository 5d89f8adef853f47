"""Which function renders which operation.

Open for users: ``@renderers.dispatch_for(TheirOp)`` registers ``f(autogen_context, op)``, which returns a
text or a list of lines. A class without a renderer of its own is rendered as its base class is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from nbmigrate.render.options import RenderOptions, options_of

Renderer = Callable[[Any, Any], Any]
F = TypeVar("F", bound=Renderer)


class Renderers:
    """Renderers by operation class; ``branch()`` gives an independent copy."""

    def __init__(self) -> None:
        self._own: dict[type, Callable[[RenderOptions, Any], Any]] = {}
        self._users: dict[type, Renderer] = {}

    def built_in(self, target: type) -> Callable[[F], F]:
        """Register one of ours: it takes RenderOptions."""

        def register(function: F) -> F:
            self._own[target] = function
            return function

        return register

    def dispatch_for(
        self, target: type, *, qualifier: str = "default", replace: bool = False
    ) -> Callable[[F], F]:
        """Register a user's renderer; ``replace`` is needed where the class has one already."""

        def register(function: F) -> F:
            if (target in self._own or target in self._users) and not replace:
                raise ValueError(
                    f"Can not set dispatch function for object {target!r}: key already exists. "
                    "To replace existing function, use replace=True."
                )
            self._users[target] = function
            return function

        return register

    def dispatch(self, obj: Any, qualifier: str = "default") -> Renderer:
        """The renderer of an operation or class, called with (autogen_context or options, op)."""
        kinds = obj.__mro__ if isinstance(obj, type) else type(obj).__mro__
        for kind in kinds:
            if kind in self._users:
                users = self._users[kind]
                return lambda context, op: users(
                    context.for_hooks if isinstance(context, RenderOptions) else context, op
                )
            if kind in self._own:
                own = self._own[kind]
                return lambda context, op: own(options_of(context), op)
        raise ValueError(f"no dispatch function for object: {obj}")

    def branch(self) -> Renderers:
        """A copy; what is registered on it stays on it."""
        copy = Renderers()
        copy._own.update(self._own)
        copy._users.update(self._users)
        return copy


renderers = Renderers()
