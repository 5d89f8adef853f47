"""``op_fixture`` runs operations on a ``Mock`` that takes SQL and answers nothing.

A dialect that looks at its connection would take the mock's answers for a catalogue: it is given none.
"""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

from nbmigrate.ddl.statement import Statement
from nbmigrate.runtime import executor, migration

_dialect_for = migration.dialect_for
_execute = executor.OnlineExecutor.execute


def _without_mock(dialect: Any, connection: Any = None, **kw: Any) -> Any:
    return _dialect_for(dialect, connection=None if isinstance(connection, Mock) else connection, **kw)


def _on_mock(self: executor.OnlineExecutor, statement: Statement) -> Any:
    if isinstance(self._live, Mock):
        return self._live.execute(statement.construct)
    return _execute(self, statement)


vars(migration).update(dialect_for=_without_mock)
executor.OnlineExecutor.execute = _on_mock  # type: ignore[method-assign]
