"""Registries that extensions fill: functions by class, and functions in an order of priority.

By Alembic's names. ``Dispatcher`` finds one function for an object by its class; ``PriorityDispatcher`` runs
all the functions that were registered for a word, in three classes of priority, where one of a subgroup may
stop those of its subgroup that come after it.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


class DispatchPriority(enum.IntEnum):
    """When a function of a ``PriorityDispatcher`` runs."""

    FIRST = 50
    MEDIUM = 25
    LAST = 10


class PriorityDispatchResult(enum.Enum):
    """What a function of a ``PriorityDispatcher`` may return; anything but STOP means CONTINUE."""

    CONTINUE = enum.auto()
    STOP = enum.auto()


class Dispatcher:
    """One function for each class and qualifier; a subclass without one has its base class's."""

    def __init__(self) -> None:
        self._registry: dict[tuple[Any, str], Any] = {}

    def dispatch_for(
        self, target: Any, *, qualifier: str = "default", replace: bool = False
    ) -> Callable[[F], F]:
        """Register a function; ``replace`` is needed where there is one."""

        def register(function: F) -> F:
            if (target, qualifier) in self._registry and not replace:
                raise ValueError(
                    f"Can not set dispatch function for object {target!r}: key already exists. "
                    "To replace existing function, use replace=True."
                )
            self._registry[target, qualifier] = function
            return function

        return register

    def dispatch(self, obj: Any, qualifier: str = "default") -> Any:
        """The function for an object, a class or a word: the qualifier's own before the default one."""
        if isinstance(obj, str):
            targets: tuple[Any, ...] = (obj,)
        else:
            targets = (obj if isinstance(obj, type) else type(obj)).__mro__
        for target in targets:
            for name in dict.fromkeys((qualifier, "default")):
                if (target, name) in self._registry:
                    return self._registry[target, name]
        raise ValueError(f"no dispatch function for object: {obj}")

    def branch(self) -> Dispatcher:
        """A copy; what is registered on it stays on it."""
        copy = Dispatcher()
        copy._registry.update(self._registry)
        return copy


class PriorityDispatcher:
    """Several functions for each word, which run one after another."""

    def __init__(self) -> None:
        self._registry: dict[tuple[str, str, int], list[tuple[Callable[..., Any], str | None]]] = {}

    def dispatch_for(
        self,
        target: str,
        *,
        priority: DispatchPriority = DispatchPriority.MEDIUM,
        qualifier: str = "default",
        subgroup: str | None = None,
    ) -> Callable[[F], F]:
        """Register one more function."""

        def register(function: F) -> F:
            self._registry.setdefault((target, qualifier, priority), []).append((function, subgroup))
            return function

        return register

    def dispatch(self, target: str, *, qualifier: str = "default") -> Callable[..., frozenset[str | None]]:
        """A function that runs them all; of one priority, the qualifier's own before the default ones.

        It returns the subgroups that were stopped.
        """
        qualifiers = tuple(dict.fromkeys((qualifier, "default")))

        def run(*args: Any, **kw: Any) -> frozenset[str | None]:
            stopped: set[str | None] = set()
            for priority in DispatchPriority:
                for name in qualifiers:
                    for function, subgroup in self._registry.get((target, name, priority), ()):
                        if subgroup in stopped:
                            continue
                        if function(*args, **kw) is PriorityDispatchResult.STOP:
                            stopped.add(subgroup)
            return frozenset(stopped)

        return run

    def __bool__(self) -> bool:
        return bool(self._registry)

    def has(self, target: str) -> bool:
        """Whether a function is registered for this word, on any database."""
        return any(key[0] == target for key in self._registry)

    def first_subgroups(self, target: str, *, qualifier: str = "default") -> frozenset[str | None]:
        """The subgroups for which a function of the first priority is registered."""
        return frozenset(
            subgroup
            for name in (qualifier, "default")
            for _, subgroup in self._registry.get((target, name, DispatchPriority.FIRST), ())
        )

    def branch(self) -> PriorityDispatcher:
        """A copy; what is registered on it stays on it."""
        copy = PriorityDispatcher()
        copy.populate_with(self)
        return copy

    def populate_with(self, other: PriorityDispatcher) -> None:
        """Take over what another one holds, after what is here."""
        for key, entries in other._registry.items():
            self._registry.setdefault(key, []).extend(entries)
