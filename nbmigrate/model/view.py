"""``View``: a view as part of the models, for SQLAlchemy 2.0 and for views written as text.

SQLAlchemy 2.1 has ``CreateView`` with the same meaning; both are understood. A ``View`` is remembered by its
MetaData, and is made and dropped with it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import MetaData, Table, event, inspect
from sqlalchemy.sql import visitors

VIEWS = "nbmigrate_views"


class View:
    """A view, or with ``materialized`` a materialised one, in ``metadata``.

    ``selectable`` is a SELECT, of SQLAlchemy or as text. ``metadata.create_all()`` makes it behind the tables
    where it is absent, ``drop_all()`` drops it before them.
    """

    def __init__(
        self,
        name: str,
        selectable: Any,
        metadata: MetaData,
        *,
        schema: str | None = None,
        materialized: bool = False,
    ) -> None:
        self.name = name
        self.selectable = selectable
        self.schema = schema if schema is not None else metadata.schema
        self.materialized = materialized
        metadata.info.setdefault(VIEWS, {})[(self.schema, name)] = self
        event.listen(metadata, "after_create", self._create)
        event.listen(metadata, "before_drop", self._drop, insert=True)

    def tables(self) -> list[Table]:
        """The tables that the SELECT reads, where it is not a text."""
        if isinstance(self.selectable, str):
            return []
        found = (item for item in visitors.iterate(self.selectable) if isinstance(item, Table))
        return list(dict.fromkeys(found))

    def _there(self, connection: Any) -> bool:
        inspector = inspect(connection)
        names = list(inspector.get_view_names(self.schema))
        if self.materialized:
            names += inspector.get_materialized_view_names(self.schema)
        return self.name in names

    def _quoted(self, connection: Any) -> str:
        preparer = connection.dialect.identifier_preparer
        name: str = preparer.quote(self.name)
        return _plain(connection, f"{preparer.quote_schema(self.schema)}.{name}" if self.schema else name)

    @property
    def _kind(self) -> str:
        return "MATERIALIZED VIEW" if self.materialized else "VIEW"

    def _create(self, metadata: MetaData, connection: Any, **kw: Any) -> None:
        if self._is_of(metadata) and not self._there(connection):
            text = self.selectable
            if not isinstance(text, str):
                compiled = text.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
                text = _plain(connection, str(compiled))
            _run(connection, f"CREATE {self._kind} {self._quoted(connection)} AS {text}")

    def _drop(self, metadata: MetaData, connection: Any, **kw: Any) -> None:
        if self._is_of(metadata) and self._there(connection):
            _run(connection, f"DROP {self._kind} {self._quoted(connection)}")

    def _is_of(self, metadata: MetaData) -> bool:
        """Whether this is still the view of that name: model cells are run again."""
        return metadata.info.get(VIEWS, {}).get((self.schema, self.name)) is self


def _plain(connection: Any, text: str) -> str:
    """A text as the database is to get it: compilers double ``%`` for drivers that look for parameters."""
    return text.replace("%%", "%") if connection.dialect.paramstyle in ("format", "pyformat") else text


def _run(connection: Any, text: str) -> None:
    connection.exec_driver_sql(text, execution_options={"no_parameters": True})


class _OfSQLAlchemy:
    """A view that SQLAlchemy 2.1's ``CreateView`` has put into the MetaData as a Table."""

    def __init__(self, table: Table, creation: Any) -> None:
        self.name, self.schema = str(table.name), table.schema
        self.selectable = creation.selectable
        self.materialized = bool(creation.materialized)
        self.table = table

    def tables(self) -> list[Table]:
        """The tables that the SELECT reads."""
        found = (item for item in visitors.iterate(self.selectable) if isinstance(item, Table))
        return list(dict.fromkeys(found))


def view_of(table: Table) -> _OfSQLAlchemy | None:
    """The view that a Table of SQLAlchemy 2.1 stands for; None for a real table."""
    creation = getattr(table, "_creator_ddl", None)
    if getattr(creation, "__visit_name__", "") != "create_view":
        return None
    return _OfSQLAlchemy(table, creation)
