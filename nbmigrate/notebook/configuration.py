"""``%config NbMigrate``: what a person sets once for a notebook, or in ``ipython_config.py`` for all of them.

Few things, because the rest is said in the line or in the project's own configuration file.
"""

from __future__ import annotations

from typing import Any

from traitlets import Bool, Unicode
from traitlets.config import Configurable

from nbmigrate.notebook.targets import EMBEDDED

__all__ = ["NbMigrate", "options_for", "register", "unregister"]


class NbMigrate(Configurable):
    """The options of ``%migrate``."""

    traceback = Bool(False, help="Show errors with the whole traceback, not as one line.").tag(config=True)
    database = Unicode(
        EMBEDDED,
        help="The database where %migrate connect named none and there is no project here or above.",
    ).tag(config=True)
    metadata = Unicode(
        "", help="The name of the models where %migrate connect --metadata named none, as in 'Base'."
    ).tag(config=True)


def options_for(shell: Any) -> NbMigrate:
    """The options of a shell, with what ``ipython_config.py`` says about them."""
    return NbMigrate(parent=shell if isinstance(shell, Configurable) else None)


def register(shell: Any, options: NbMigrate) -> None:
    """Let ``%config`` find the options, once."""
    unregister(shell)
    shell.configurables.append(options)


def unregister(shell: Any) -> None:
    """Take the options away again."""
    shell.configurables[:] = [one for one in shell.configurables if not isinstance(one, NbMigrate)]
