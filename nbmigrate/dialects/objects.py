"""Which module reads the enum types, sequences and views of a database.

Each has ``reflect_objects(connection, options)`` and ``changed_views(connection, pairs)``: of pairs of a view
as it is and as it is wanted those that differ, by key, with whether CREATE OR REPLACE can do it both ways.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, Protocol

from sqlalchemy.engine import Connection

from nbmigrate.compare.options import CompareOptions
from nbmigrate.model.objects import Objects, View
from nbmigrate.model.schema import Key

_MODULES = {
    "postgresql": "nbmigrate.dialects.postgresql.objects",
    "sqlite": "nbmigrate.dialects.sqlite.objects",
    "mysql": "nbmigrate.dialects.mysql.objects",
    "mariadb": "nbmigrate.dialects.mysql.objects",
    "duckdb": "nbmigrate.dialects.duckdb.objects",
}


class ObjectsReader(Protocol):
    """What reads a database's objects beside the tables."""

    @property
    def reflect_objects(self) -> Callable[[Connection, CompareOptions], Objects]:
        """All of them."""

    @property
    def changed_views(self) -> Callable[[Connection, Sequence[tuple[View, View]]], dict[Key, bool]]:
        """Which views differ."""


def objects_reader(dialect_name: str) -> ObjectsReader | None:
    """The reader of a database system; None where there is none."""
    name = _MODULES.get(dialect_name)
    module: Any = import_module(name) if name else None
    return module  # type: ignore[no-any-return]
