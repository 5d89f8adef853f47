"""Comparing models with a database, and rendering what differs."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from tests.bench.tables import FLOOR, fill, models

__all__ = ["compare", "fill"]


def compare(clock: Any, side: str, url: str, count: int, case: str) -> None:
    """The comparison alone: imports, models and the connection are there.

    ``case`` is "equal", "changes" (a fifth of the tables) or "first" (into an empty database).
    """
    import sqlalchemy as sa

    engine = sa.create_engine(url)
    # no models for the floor: the garbage collector would go through them on its account
    metadata = None
    if side != "floor":
        changed = count // 5 if case == "changes" else 0
        metadata = models(count, changed, numbered=engine.dialect.name != "duckdb")
    with engine.connect() as connection:
        # DuckDB imports pandas and Arrow, where they are installed, at the first statement with parameters
        connection.execute(sa.select(sa.bindparam("warm", 1))).all()
        action = _floor(clock, connection) if side == "floor" else _action(side, case, connection, metadata)
        with clock:
            action()
    engine.dispose()


def _floor(clock: Any, connection: Any) -> Callable[[], None]:
    raw = connection.connection.driver_connection.cursor()

    def ask() -> None:
        for statement in FLOOR[connection.dialect.name]:
            clock.trip()
            raw.execute(statement)
            raw.fetchall()

    return ask


def _action(side: str, case: str, connection: Any, metadata: Any) -> Callable[[], None]:
    """What is timed."""
    api = import_module(f"{side}.autogenerate")
    context = import_module(f"{side}.migration").MigrationContext.configure(connection)

    def look() -> None:
        found = api.compare_metadata(context, metadata)
        assert not found, found[:3]

    def render() -> None:
        script = api.produce_migrations(context, metadata)
        texts = [
            api.render_python_code(one, migration_context=context)
            for one in (script.upgrade_ops, script.downgrade_ops)
        ]
        assert all(len(text) > 100 for text in texts)

    return look if case == "equal" else render
