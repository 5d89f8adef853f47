"""One file (or package) for each database, and the way from SQLAlchemy's dialect to it.

Only the file that is needed is imported. Other packages bring a database of their own by an entry point in
the group ``nbmigrate.dialects``, named as SQLAlchemy names the dialect, which leads to a subclass of
``Dialect``. Ours are not looked for there: reading the entry points takes longer than all else here. A class
that a package registered for Alembic (``alembic.ddl.impl.DefaultImpl`` with ``__dialect__``) is adapted.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine import Dialect as SQLAlchemyDialect
    from sqlalchemy.schema import MetaData

    from nbmigrate.dialects.base import Dialect

ENTRY_POINTS = "nbmigrate.dialects"

_OURS = {
    "sqlite": ("sqlite.dialect", "SQLite"),
    "postgresql": ("postgresql", "Postgresql"),
    "mysql": ("mysql", "MySQL"),
    "mariadb": ("mysql", "MariaDB"),
    "mssql": ("mssql", "MSSQL"),
    "oracle": ("oracle", "Oracle"),
    "duckdb": ("duckdb.dialect", "DuckDB"),
}
NAMES = tuple(_OURS)


def dialect_for(
    sa_dialect: SQLAlchemyDialect,
    *,
    connection: Connection | None = None,
    opts: Mapping[str, Any] | None = None,
    metadata: MetaData | None = None,
) -> Dialect:
    """The dialect for a database; for one that nobody knows, the usual one.

    ``opts`` are ``configure()``'s; ``opts["as_sql"]`` says that ``connection`` is only there to be read.
    """
    return dialect_class(sa_dialect.name)(sa_dialect, connection, opts, metadata)


def dialect_class(name: str) -> type[Dialect]:
    """The class for a database, by the name that SQLAlchemy has for it.

    Ours come first; a class written for Alembic (``DefaultImpl``) stands in front of one of ours only where
    it builds on Alembic's own for that database.
    """
    usual = _usual_class(name)
    # nobody can have registered a class where the module was never imported
    impls = getattr(sys.modules.get("nbmigrate.ddl.impl"), "_impls", {})
    if name not in impls:
        return usual
    from nbmigrate.dialects import foreign
    from nbmigrate.dialects.adapted import adapted_class

    impl_class = impls[name]
    if foreign.is_ours(impl_class):
        return usual
    if usual is not import_module("nbmigrate.dialects.base").Dialect:
        return adapted_class(impl_class, usual) if foreign.builds_on(impl_class, name) else usual
    return adapted_class(impl_class, _usual_class(foreign.base_name(impl_class)))


def is_known(name: str) -> bool:
    """Whether a database has a dialect: ours, by an entry point, or registered for Alembic."""
    if name in _OURS or name in getattr(sys.modules.get("nbmigrate.ddl.impl"), "_impls", {}):
        return True
    return bool(entry_points(group=ENTRY_POINTS, name=name))


def _usual_class(name: str) -> type[Dialect]:
    """What nbmigrate, or an entry point, has for a database; else the usual one."""
    if name not in _OURS:
        for found in entry_points(group=ENTRY_POINTS, name=name):
            return cast("type[Dialect]", found.load())
    module, cls = _OURS.get(name, ("base", "Dialect"))
    return cast("type[Dialect]", getattr(import_module(f"nbmigrate.dialects.{module}"), cls))
