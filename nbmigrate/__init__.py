"""nbmigrate: schema migrations in the notebook, in Alembic's file format.

Names are handed on lazily (PEP 562): importing the package imports neither SQLAlchemy nor IPython, so that
``nbmigrate heads`` starts in milliseconds.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from nbmigrate.version import __version__

__all__ = ["CommandError", "MigrateError", "MigrationFailed", "Migrator", "View", "__version__"]

_LAZY = {
    "Migrator": "nbmigrate.migrator",
    "View": "nbmigrate.model.view",
    "CommandError": "nbmigrate.errors",
    "MigrateError": "nbmigrate.errors",
    "MigrationFailed": "nbmigrate.errors",
}

if TYPE_CHECKING:
    from nbmigrate.errors import CommandError, MigrateError, MigrationFailed
    from nbmigrate.migrator import Migrator
    from nbmigrate.model.view import View


def __getattr__(name: str) -> Any:
    """Import what is asked for, when it is asked for."""
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    if name in ("op", "context", "command", "script", "config", "runtime"):
        return import_module(f"nbmigrate.{name}")
    raise AttributeError(f"module 'nbmigrate' has no attribute {name!r}")


def load_ipython_extension(ipython: Any) -> None:
    """Register ``%migrate`` and ``%%revision``: what ``%load_ext nbmigrate`` calls."""
    import_module("nbmigrate.notebook").load(ipython)


def unload_ipython_extension(ipython: Any) -> None:
    """Take the magics away again: what ``%unload_ext nbmigrate`` calls."""
    import_module("nbmigrate.notebook").unload(ipython)
