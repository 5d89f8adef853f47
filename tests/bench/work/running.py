"""Upgrades, downgrades and their SQL text: importing the package, and from the command to the commit."""

from __future__ import annotations

import io
import os
import sys
import types
from importlib import import_module, util
from typing import Any


def move(clock: Any, side: str, ini: str, url: str, verb: str, target: str, texts: list[list[str]]) -> None:
    """``upgrade`` or ``downgrade`` of a database; the floor sends the same statements by the bare driver.

    ``texts`` are the statements of each revision, in the order in which they run, for the floor.
    """
    if side == "floor":
        raw(clock, url, texts)
        return
    import sqlalchemy

    sqlalchemy.create_engine(url).dialect.import_dbapi()
    # with the import of the package: one of the two puts much of it off until it is needed
    with clock:
        config = import_module(f"{side}.config").Config(ini)
        config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
        getattr(import_module(f"{side}.command"), verb)(config, target)


def raw(clock: Any, url: str, texts: list[list[str]]) -> None:
    """Statements and the row that moves with them, in one transaction."""
    connection = connect(url)
    cursor = connection.cursor()
    with clock:
        for text in ("BEGIN", *(statement for revision in texts for statement in revision), "COMMIT"):
            clock.trip()
            cursor.execute(text)
    connection.close()


def connect(url: str) -> Any:
    """A bare driver's connection, in its own autocommit."""
    import sqlalchemy as sa

    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite":
        import sqlite3

        return sqlite3.connect(str(address.database), isolation_level=None)
    if address.get_backend_name() == "postgresql":
        import psycopg

        given = address.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(given, autocommit=True)
    import pymysql

    socket = str(address.query["unix_socket"])
    return pymysql.connect(
        unix_socket=socket, user=str(address.username), database=str(address.database), autocommit=True
    )


def text(clock: Any, side: str, ini: str, versions: str) -> None:
    """``upgrade head --sql``; the floor imports every file and calls it with an ``op`` that writes a line."""
    if side == "floor":
        floor(clock, versions)
        return
    import sqlalchemy  # noqa: F401

    buffer = io.StringIO()
    with clock:
        config = import_module(f"{side}.config").Config(ini, output_buffer=buffer)
        import_module(f"{side}.command").upgrade(config, "head", sql=True)
    assert buffer.getvalue().count("UPDATE alembic_version") > 10


def floor(clock: Any, versions: str) -> None:
    """Files imported with Python's machinery, run with the least that could be ``op``."""
    buffer = io.StringIO()
    fake = types.ModuleType("alembic")
    write = {"create_table": lambda name, *columns: buffer.write(f"CREATE TABLE {name};\n\n")}
    fake.op = types.SimpleNamespace(**write)  # type: ignore[attr-defined]
    sys.modules["alembic"] = fake
    import sqlalchemy  # noqa: F401

    with clock:
        for name in sorted(os.listdir(versions)):
            if name.endswith(".py"):
                spec = util.spec_from_file_location(name[:-3], os.path.join(versions, name))
                assert spec is not None and spec.loader is not None
                module = util.module_from_spec(spec)
                spec.loader.exec_module(module)
                module.upgrade()
