"""A line below the error that everybody meets who runs a cell with models again.

SQLAlchemy's message suggests ``extend_existing``, which leaves columns and indexes behind. IPython calls a
function after each cell, so the hint needs no handler of its own and replaces nobody's.
"""

from __future__ import annotations

from typing import Any

__all__ = ["HINT", "register", "unregister"]

EVENT = "post_run_cell"
HINT = (
    "nbmigrate: to run models again, put Base and all of them into one cell, or begin each cell of models "
    "with %%models NAME; after that every run begins on a fresh Base"
)


def tell(result: Any) -> None:
    """Print the hint where a cell failed because a table is defined already."""
    error = getattr(result, "error_in_exec", None)
    if type(error).__name__ == "InvalidRequestError" and "is already defined for this MetaData" in str(error):
        print(HINT)


def register(shell: Any) -> None:
    """Let the shell call ``tell`` after each cell, once."""
    unregister(shell)
    shell.events.register(EVENT, tell)


def unregister(shell: Any) -> None:
    """Take it away again."""
    if tell in shell.events.callbacks[EVENT]:
        shell.events.unregister(EVENT, tell)
