"""A database that was named without a project: by URL, engine or connection.

Migrations get a short-lived connection of their own, so that a half-read result or an open session of the
user's is never dragged into a run; only a ``Connection`` that was handed in, and an in-memory SQLite, whose
one connection is the database, are used as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from nbmigrate.errors import ConnectError
from nbmigrate.runtime.urls import safe_url, scrub
from nbmigrate.util.interrupts import allowed, held, hold_from_here

if TYPE_CHECKING:
    from sqlalchemy.engine import URL, Connection, Dialect, Engine

SYNC_TWINS = {
    "sqlite+aiosqlite": "sqlite",
    "postgresql+asyncpg": "postgresql+psycopg",
    "postgresql+psycopg_async": "postgresql+psycopg",
    "mysql+aiomysql": "mysql+pymysql",
    "mysql+asyncmy": "mysql+pymysql",
    "mariadb+aiomysql": "mariadb+pymysql",
    "mariadb+asyncmy": "mariadb+pymysql",
}
DRIVER_EXTRAS = {"psycopg": "postgresql", "pymysql": "mysql", "duckdb_sqlalchemy": "duckdb"}


class Database:
    """One database; ``target`` is a URL, an Engine, a Connection or an AsyncEngine."""

    def __init__(self, target: str | URL | Engine | Connection | Any) -> None:
        from sqlalchemy.engine import URL, Connection, Engine

        self._engine: Engine | None = None
        self._connection: Connection | None = None
        if isinstance(target, Connection):
            self._connection = target
            self.url = target.engine.url
        elif isinstance(target, Engine):
            self._engine = target
            self.url = target.url
        elif isinstance(target, (str, URL)):
            self.url = _parse(target)
        elif isinstance(getattr(target, "sync_engine", None), Engine):
            self.url = target.sync_engine.url
            if in_memory(self.url):
                raise ConnectError(
                    "a database in the memory of an AsyncEngine can't be migrated: it is that engine's own; "
                    "use a file (sqlite+aiosqlite:///shop.db), or create_engine('sqlite://')"
                )
        else:
            raise ConnectError(
                f"can't connect to a {type(target).__name__}: give a URL such as sqlite:///shop.db, "
                "or a SQLAlchemy Engine or Connection"
            )
        if self.url.drivername in SYNC_TWINS and self._connection is None:
            self._engine = None
            self.url = _sync_twin(self.url)

    @property
    def name(self) -> str:
        """The address without its secrets."""
        return safe_url(self.url)

    @property
    def is_private_to_a_thread(self) -> bool:
        """Whether another thread would see another, empty database: SQLite in memory by a plain Engine."""
        from sqlalchemy.pool import SingletonThreadPool

        return in_memory(self.url) and isinstance(self._make_engine().pool, SingletonThreadPool)

    @property
    def dialect(self) -> Dialect:
        """SQLAlchemy's dialect for the address; needs no connection."""
        return self._make_engine().dialect

    @contextmanager
    def connect(self, wait: float = 0) -> Iterator[Connection]:
        """A connection, closed at the end unless it was handed in.

        A file that belongs to another process for now (DuckDB's) is waited for, ``wait`` seconds. Raises
        ``ConnectError`` where the database can't be reached or its driver is not installed, ``LockTimeout``
        where the other process keeps the file.
        """
        if self._connection is not None:
            yield self._connection
            return
        from sqlalchemy.exc import SQLAlchemyError

        engine = self._make_engine()
        connection: Connection | None = None
        try:
            try:
                with held(), _stoppable(engine):
                    connection = _connected(engine, wait)
            except SQLAlchemyError as error:
                raise connect_error(self.url, error) from error
            hold_from_here()  # until it is closed
            yield connection
        finally:
            if connection is not None:
                connection.close()

    def _make_engine(self) -> Engine:
        if self._connection is not None:
            return self._connection.engine
        if self._engine is None:
            from sqlalchemy import create_engine
            from sqlalchemy.exc import SQLAlchemyError
            from sqlalchemy.pool import NullPool, StaticPool

            pool = StaticPool if in_memory(self.url) else NullPool
            try:
                self._engine = create_engine(self.url, poolclass=pool, hide_parameters=True)
            except (ImportError, SQLAlchemyError) as error:
                raise address_error(self.url, error) or connect_error(self.url, error) from error
        return self._engine


def _connected(engine: Engine, wait: float) -> Connection:
    if engine.dialect.name != "duckdb":
        return engine.connect()
    from nbmigrate.dialects.duckdb.lock import when_free

    return when_free(engine.connect, wait)


@contextmanager
def _stoppable(engine: Engine) -> Iterator[None]:
    """A block in which an interrupt may end the driver's waiting for a server, and nothing around it.

    What SQLAlchemy does with a new connection, broken off, would leave it open.
    """
    from sqlalchemy import event

    def connect(dialect: Dialect, record: Any, arguments: Any, options: Any) -> Any:
        with allowed():
            return dialect.connect(*arguments, **options)

    event.listen(engine, "do_connect", connect)
    try:
        yield
    finally:
        event.remove(engine, "do_connect", connect)


def _sync_twin(url: URL) -> URL:
    """The same address for a driver that needs no event loop; asyncpg has its own word for ``sslmode``."""
    query = dict(url.query)
    if url.drivername == "postgresql+asyncpg":
        for name in ("prepared_statement_cache_size", "prepared_statement_name_func"):
            query.pop(name, None)
        if "ssl" in query:
            query["sslmode"] = query.pop("ssl")
    return url.set(drivername=SYNC_TWINS[url.drivername], query=query)


def _parse(text: str | URL) -> URL:
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(text)
    except (ArgumentError, ValueError):
        raise _no_url(text) from None


def _no_url(text: str | URL) -> ConnectError:
    return ConnectError(
        f"'{safe_url(text)}' is no database URL: write it like sqlite:///shop.db or "
        "postgresql://user@host/database"
    )


def in_memory(url: URL) -> bool:
    """Whether an address is of a SQLite database without a file."""
    return url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:")


def address_error(url: str | URL, error: BaseException) -> ConnectError | None:
    """What is wrong with an address, where ``error`` comes of that; None where it comes of anything else.

    An env.py may take its address from elsewhere. So the address that is configured is tried once more,
    without connecting: only one that fails in the same words is to blame.
    """
    from sqlalchemy.exc import NoSuchModuleError

    if type(error).__name__ == "MissingGreenlet":
        return _async_error(url)
    trouble = _trouble_with(url)
    if trouble is None or (type(trouble), str(trouble)) != (type(error), str(error)):
        return None
    if isinstance(trouble, NoSuchModuleError):
        return _dialect_error(url)
    if isinstance(trouble, ImportError):
        return _driver_error(url, trouble)
    return _no_url(url)


def _trouble_with(url: str | URL) -> Exception | None:
    """What SQLAlchemy says of an address before it connects."""
    from sqlalchemy.engine import make_url

    try:
        make_url(url).get_dialect().import_dbapi()
    except Exception as error:
        return error
    return None


def _async_error(url: str | URL) -> ConnectError | None:
    from sqlalchemy.engine import make_url

    parsed = make_url(url)
    if not parsed.get_dialect().is_async:
        return None
    twin = SYNC_TWINS.get(parsed.drivername)
    plain = f"write {safe_url(parsed.set(drivername=twin))}, or " if twin else ""
    return ConnectError(
        f"{safe_url(url)} has an async driver, and env.py is none that awaits: {plain}take env.py from "
        "'init -t async'"
    )


def _dialect_error(url: str | URL) -> ConnectError:
    from sqlalchemy.engine import make_url

    from nbmigrate.dialects import NAMES
    from nbmigrate.model.identifiers import did_you_mean

    name = make_url(url).get_backend_name()
    if name == "driver":  # what `init` writes where it knows no better
        return ConnectError(
            f"the database has not been named yet: {safe_url(url)} is what 'init' put into sqlalchemy.url; "
            "write your own there, like sqlite:///shop.db or postgresql://user@host/database"
        )
    return ConnectError(
        f"can't connect to {safe_url(url)}: no SQLAlchemy dialect '{name}' is installed"
        f"{did_you_mean(name, NAMES)}"
    )


def _driver_error(url: str | URL, missing: ImportError) -> ConnectError:
    name = missing.name or "its driver"
    extra = DRIVER_EXTRAS.get(name)
    hint = f'pip install "nbmigrate[{extra}]"' if extra else f"pip install {name}"
    return ConnectError(f"the driver for {safe_url(url)} is not installed: {hint}")


def connect_error(url: Any, error: Exception) -> ConnectError:
    """What a person needs of a driver's connection error: one line, no secrets."""
    reason = getattr(error, "orig", None) or error
    text = " ".join(str(reason).split())
    return ConnectError(f"can't connect to {safe_url(url)}: {scrub(text, url)}")
