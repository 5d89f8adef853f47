"""SQLAlchemy's table events while a table is created or dropped, with what they execute caught as statements.

Types hang their own DDL on these events (PostgreSQL's CREATE TYPE for an enum), users hang theirs. Run
straight on the connection it would be missing from every plan, report and ``--sql`` text; caught here, it
goes the way of all statements.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import text
from sqlalchemy.engine.mock import MockConnection

from nbmigrate.ddl.statement import Statement

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Dialect
    from sqlalchemy.schema import Table


try:
    # SQLAlchemy 2.1 asks for what; before, a yes was enough
    LOOK: Any = import_module("sqlalchemy.schema").CheckFirst.TYPES
except AttributeError:
    LOOK = True


class Catcher(MockConnection):
    """A connection that keeps what it is given to execute; only questions (SELECT) reach the live one."""

    def __init__(self, dialect: Dialect, live: Connection | None) -> None:
        super().__init__(dialect, self._caught)
        self.live = live
        self.statements: list[Statement] = []

    def _caught(self, construct: Any, parameters: Any = None) -> Any:
        if self.live is not None and _asks(construct):
            return self.live.execute(construct, parameters)
        rows = None
        if parameters:
            rows = [dict(parameters)] if isinstance(parameters, dict) else [dict(row) for row in parameters]
        self.statements.append(Statement(construct, rows=rows))
        return None

    def _run_ddl_visitor(self, visitorcallable: Any, element: Any, **kw: Any) -> None:
        """Let a visitor look first where there is a database to look at; the base class never lets it."""
        if self.live is None:
            kw["checkfirst"] = False
        visitorcallable(dialect=self.dialect, connection=self, **kw).traverse_single(element)

    def exec_driver_sql(self, statement: str, parameters: Any = None, **kw: Any) -> None:
        """Keep a plain text too."""
        self.statements.append(Statement(text(statement.replace(":", "\\:"))))

    def get_execution_options(self) -> Any:
        """The live connection's; none without one."""
        return {} if self.live is None else self.live.get_execution_options()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or self.__dict__.get("live") is None:
            raise AttributeError(name)
        return getattr(self.live, name)


def _asks(construct: Any) -> bool:
    """Whether a statement only asks: a SELECT, also one that a dialect has as plain text."""
    words = str(getattr(construct, "text", "")).split(None, 1)
    return bool(getattr(construct, "is_select", False)) or [w.upper() for w in words[:1]] == ["SELECT"]


def fire(event: str, table: Table, dialect: Dialect, live: Connection | None, runner: Any) -> list[Statement]:
    """Fire ``before_create``, ``after_create``, ``before_drop`` or ``after_drop``; what it executed.

    ``runner`` is what listeners get as ``_ddl_runner``: its ``memo`` is where a type remembers, for the
    whole run, that it has been created.
    """
    catcher = Catcher(dialect, live)
    listeners = getattr(table.dispatch, event)
    # what is there already is not made again: an enum type that another revision created, say
    look = LOOK if event == "before_create" and live is not None else False
    listeners(table, cast("Any", catcher), checkfirst=look, _ddl_runner=runner)
    return catcher.statements
