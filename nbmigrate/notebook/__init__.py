"""The notebook door: magics, what they display, pictures. Everything else works without this package.

Loading registers the magics, their completion and the displays by name, and imports neither SQLAlchemy nor
graphviz.
"""

from __future__ import annotations

from typing import Any

__all__ = ["load", "unload"]

# the name of each magic, and the method that it is
_MAGICS = {
    "line": {"migrate": "migrate", "nbmigrate": "migrate", "models": "models", "revision": "revision_line"},
    "cell": {"revision": "revision", "models": "models_in_cell"},
}


def load(shell: Any) -> None:
    """Register the magics, displays, completion and options with an IPython shell, once."""
    from nbmigrate.notebook.configuration import register as register_options
    from nbmigrate.notebook.displays import register
    from nbmigrate.notebook.hints import register as register_hint
    from nbmigrate.notebook.magics import MigrateMagics
    from nbmigrate.notebook.matcher import register as register_completion

    unload(shell)
    magics = MigrateMagics(shell)
    for kind, names in _MAGICS.items():
        for name, method in names.items():
            shell.register_magic_function(getattr(magics, method), kind, name)
    register(shell.display_formatter)
    register_completion(shell, magics.completion)
    register_options(shell, magics.options)
    register_hint(shell)


def unload(shell: Any) -> None:
    """Take away what ``load`` registered, and nothing of anybody else's."""
    from nbmigrate.notebook.configuration import unregister as unregister_options
    from nbmigrate.notebook.displays import unregister
    from nbmigrate.notebook.hints import unregister as unregister_hint
    from nbmigrate.notebook.magics import MigrateMagics
    from nbmigrate.notebook.matcher import unregister as unregister_completion

    for kind, names in _MAGICS.items():
        registered = shell.magics_manager.magics[kind]
        for name in names:
            if isinstance(getattr(registered.get(name), "__self__", None), MigrateMagics):
                del registered[name]
    unregister(shell.display_formatter)
    unregister_completion(shell)
    unregister_options(shell)
    unregister_hint(shell)
