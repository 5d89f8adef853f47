"""One connection for ``%sql`` and ``%migrate``: JupySQL's is taken, or ours is given to it.

JupySQL keeps its connections in ``sql.connection.ConnectionManager``: ``current`` is the one that ``%sql``
uses, ``set()`` makes an Engine the current one under an alias, which ``%sql ALIAS`` goes back to. It is never
imported here: whoever wants it has loaded it (``%load_ext sql``).
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from nbmigrate.errors import ConnectError

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from nbmigrate.notebook.targets import Target

__all__ = ["current_engine", "share"]

ALIAS = "nbmigrate"


def _manager() -> Any:
    module = sys.modules.get("sql.connection")
    manager = getattr(module, "ConnectionManager", None)
    if manager is None:
        raise ConnectError("JupySQL is not loaded: %load_ext sql first (pip install jupysql)")
    return manager


def current_engine() -> Engine:
    """The Engine of JupySQL's current connection.

    Raises ``ConnectError`` where JupySQL is not loaded, has no connection, or one that is no Engine's.
    """
    current = _manager().current
    if current is None:
        raise ConnectError("JupySQL has no connection yet: %sql sqlite:///shop.db, or %sql ENGINE, first")
    engine = getattr(getattr(current, "_connection_sqlalchemy", None), "engine", None)
    if engine is None:
        raise ConnectError(
            f"JupySQL's current connection is a {type(current).__name__}, not one of SQLAlchemy: connect "
            "%sql by an address or an Engine"
        )
    return engine  # type: ignore[no-any-return]  # JupySQL ships no types


def share(target: Target) -> str:
    """Make a database JupySQL's current connection, by the Engine that was named; its alias.

    The alias is the variable's name, else "nbmigrate". Raises ``ConnectError`` where there is no Engine to
    give, or JupySQL is not loaded.
    """
    manager = _manager()
    engine = _engine_of(target)
    word, _, name = target.source.partition(" ")
    alias = name if word == "variable" else ALIAS
    there = manager.connections.get(alias)
    if there is not None and getattr(there, "_connection_sqlalchemy", None) is not None:
        if there._connection_sqlalchemy.engine.url == engine.url and word != "variable":
            manager.current = there  # the cell was run again
            return alias
        manager.close_connection_with_descriptor(alias)
    manager.set(engine, displaycon=False, alias=alias)
    return alias


def _engine_of(target: Target) -> Engine:
    from sqlalchemy import create_engine, make_url

    from nbmigrate.runtime.database import in_memory

    database = target.database
    if hasattr(database, "sync_engine"):
        raise ConnectError(f"{target.source} is asynchronous, which JupySQL can't use: name a plain Engine")
    engine = getattr(database, "engine", None)
    if engine is not None:
        return engine  # type: ignore[no-any-return]
    address = target.url
    if not address:
        raise ConnectError(f"{target.source} has its address in env.py only: name an Engine to share")
    if in_memory(make_url(address)):
        raise ConnectError(
            "a database in memory is its connection's own: make an Engine with StaticPool and name that, or "
            "%migrate sandbox and then %sql sandbox"
        )
    return create_engine(address)
