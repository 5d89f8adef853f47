"""Support for Alembic that a database's own package brings: looked for where the package keeps it.

``clickhouse_connect.cc_sqlalchemy`` has its class for Alembic in its module ``alembic``, which an env.py is
told to import. A database that is named without a project has no env.py; so a dialect that nobody knows is
asked for such a module, beside it in its package.
"""

from __future__ import annotations

import warnings
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from nbmigrate.dialects import is_known
from nbmigrate.runtime.alias import alembic_alias

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

MODULES = ("alembic", "alembic_impl")


def load_companion(dialect: Dialect) -> None:
    """Import the module beside a dialect that registers its class for Alembic, where there is one.

    Inside, ``alembic`` means nbmigrate. A module that can't be imported is a warning: the database is then
    treated as the usual one.
    """
    package = type(dialect).__module__.rpartition(".")[0]
    if not package or is_known(dialect.name):
        return
    for module in MODULES:
        name = f"{package}.{module}"
        if find_spec(name) is None:
            continue
        try:
            with alembic_alias():
                import_module(name)
        except ImportError as error:
            warnings.warn(
                f"{name}, which should tell how to migrate {dialect.name}, can't be imported ({error}): "
                "its statements are taken to be those of most databases",
                stacklevel=2,
            )
        return
