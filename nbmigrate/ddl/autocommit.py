"""Whether a connection commits every statement by itself."""

from __future__ import annotations

from sqlalchemy.engine import Connection


def commits_by_itself(connection: Connection) -> bool:
    """Whether the driver is in autocommit mode: then there is no transaction to put a savepoint in."""
    options = {**connection.engine.get_execution_options(), **connection.get_execution_options()}
    level = options.get("isolation_level")
    if level is not None:
        return bool(level == "AUTOCOMMIT")
    return getattr(connection.connection.driver_connection, "autocommit", False) is True
