"""Plugins of autogenerate, by the names that projects and packages hold: ``alembic.runtime.plugins``.

A package publishes a module under the entry point group ``alembic.plugins``; its ``setup(plugin)`` registers
comparison functions. An env.py chooses by name: ``autogenerate_plugins=["alembic.autogenerate.*",
"mine.*", "~alembic.autogenerate.comments"]``. The built-in names stand for parts of nbmigrate's own
comparison, which is one function and no chain: leaving one out leaves out what it finds. What Alembic does
not look for has names of its own, ``nbmigrate.autogenerate.*``: an env.py that lists Alembic's alone gets
what Alembic finds.

Entry points are loaded when somebody asks which plugins there are, not when this module is imported.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterable, Sequence
from importlib import metadata
from types import ModuleType
from typing import Any

from nbmigrate.errors import CommandError
from nbmigrate.util.dispatch import DispatchPriority, PriorityDispatcher
from nbmigrate.util.messaging import warn_deprecated

__all__ = ["BUILT_IN", "DEFAULT", "Plugin"]

log = logging.getLogger("alembic.runtime.plugins")

BUILT_IN = (
    "alembic.autogenerate.schemas",
    "alembic.autogenerate.tables",
    "alembic.autogenerate.types",
    "alembic.autogenerate.constraints",
    "alembic.autogenerate.defaults",
    "alembic.autogenerate.comments",
    "alembic.ext.checkconstraint_byname",
    "nbmigrate.autogenerate.checks",
    "nbmigrate.autogenerate.names",
    "nbmigrate.autogenerate.primary_keys",
)
DEFAULT = ("alembic.autogenerate.*", "nbmigrate.autogenerate.*")

# names of earlier versions, which an env.py may still say
_RENAMED = {"alembic.autogenerate.checkconstraint_byname": "alembic.ext.checkconstraint_byname"}

# filled while packages are imported and by env.py files, as Alembic's documented class has it
_all_plugins: dict[str, Plugin] = {}
_loading = threading.Lock()
_loaded: list[bool] = []


class Plugin:
    """A named set of comparison functions; making one registers it."""

    def __init__(self, name: str) -> None:
        if name in _all_plugins:
            raise ValueError(f"A plugin named {name} is already registered")
        self.name = name
        self.autogenerate_comparators = PriorityDispatcher()
        _all_plugins[name] = self
        log.log(logging.DEBUG if name in BUILT_IN else logging.INFO, "setup plugin %s", name)

    def remove(self) -> None:
        """Forget the plugin."""
        del _all_plugins[self.name]

    def add_autogenerate_comparator(
        self,
        fn: Callable[..., Any],
        compare_target: str,
        compare_element: str | None = None,
        *,
        qualifier: str = "default",
        priority: DispatchPriority = DispatchPriority.MEDIUM,
    ) -> None:
        """Register a comparison function.

        ``compare_target`` is ``autogenerate``, ``schema``, ``table`` or ``column``. Functions with the same
        ``compare_element`` form a chain that ``PriorityDispatchResult.STOP`` ends; ``qualifier`` is a
        database's name.
        """
        register = self.autogenerate_comparators.dispatch_for(
            compare_target, subgroup=compare_element, priority=priority, qualifier=qualifier
        )
        register(fn)

    @classmethod
    def populate_autogenerate_priority_dispatch(
        cls, comparators: PriorityDispatcher, include_plugins: Sequence[str]
    ) -> None:
        """Put the functions of the plugins that the expressions choose into a dispatcher."""
        for name in cls.chosen(include_plugins):
            comparators.populate_with(_all_plugins[name].autogenerate_comparators)

    @classmethod
    def chosen(cls, include_plugins: Iterable[str]) -> tuple[str, ...]:
        """The names of the plugins that expressions choose; ``*`` is any part, ``~`` in front leaves out.

        Raises ``CommandError`` for an expression that fits no plugin.
        """
        _load_entry_points()
        expressions = list(include_plugins)
        left_out = [_pattern(text[1:]) for text in expressions if text.startswith("~")]
        taken = {text: _pattern(text) for text in expressions if not text.startswith("~")}
        candidates = [name for name in _all_plugins if not any(out.match(name) for out in left_out)]
        idle = [text for text, fits in taken.items() if not any(fits.match(name) for name in candidates)]
        if idle:
            raise CommandError(
                f"Did not locate plugins: {', '.join(idle)}; there are {', '.join(_all_plugins)}"
            )
        return tuple(name for name in candidates if any(fits.match(name) for fits in taken.values()))

    @classmethod
    def setup_plugin_from_module(cls, module: ModuleType, name: str) -> None:
        """Make a plugin of a module: its ``setup()`` is called with it."""
        module.setup(Plugin(name))


def _pattern(expression: str) -> re.Pattern[str]:
    parts = _RENAMED.get(expression, expression).split(".")
    if not all(part == "*" or part.isidentifier() for part in parts):
        raise ValueError(f"Invalid plugin expression {expression!r}")
    return re.compile(r"\.".join(".+?" if part == "*" else part for part in parts) + "$")


def _load_entry_points() -> None:
    """Set the published plugins up, once a process."""
    with _loading:
        if _loaded:
            return
        _loaded.append(True)
        for entry in metadata.entry_points(group="alembic.plugins"):
            found = entry.load()
            if isinstance(found, ModuleType):
                Plugin.setup_plugin_from_module(found, entry.name)
                continue
            warn_deprecated(
                f"Plugin entrypoint {entry.name!r} refers to a collection of modules; the entrypoint should "
                "refer to a single plugin module that includes a setup() function."
            )
            for module in found:
                Plugin.setup_plugin_from_module(module, entry.name)


for _name in BUILT_IN:
    Plugin(_name)
