"""What keeps two runs apart: who comes second waits, is told by whom and since when, then goes on."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from nbmigrate import Migrator
from nbmigrate.errors import CommandError, LockTimeout
from nbmigrate.runtime import lease

WAITS = """
revision = "slow"
down_revision = None
import sqlalchemy as sa
from alembic import op
from threads import begun, go_on

def upgrade():
    op.create_table("slow{name}", sa.Column("id", sa.Integer, primary_key=True))
    begun.set()
    assert go_on.wait(30)

def downgrade():
    op.drop_table("slow{name}")
"""
SECOND = (
    'revision = "more"\ndown_revision = "slow"\n\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n'
)
SERVERS = [
    pytest.param("postgresql", marks=pytest.mark.postgresql),
    pytest.param("mariadb", marks=pytest.mark.mariadb),
]
Make = Callable[..., Migrator]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A migrator with a history of its own, which waits in its first revision for ``threads``."""

    def made(url: str, name: str = "", **options: Any) -> Migrator:
        folder = tmp_path / f"migrations{name}"
        if not folder.exists():
            Migrator("sqlite://").init(str(folder))
            (folder / "versions" / "slow.py").write_text(WAITS.format(name=name))
            (folder / "versions" / "more.py").write_text(SECOND)
        return Migrator(url, directory=str(folder), **options)

    return made


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """``begun`` and ``go_on``; ``run`` starts a run and waits until it is in its first revision."""
    ours = SimpleNamespace(begun=threading.Event(), go_on=threading.Event())
    monkeypatch.setitem(sys.modules, "threads", ours)
    running: list[threading.Thread] = []
    failed: list[BaseException] = []

    def run(migrator: Migrator) -> None:
        def work() -> None:
            try:
                migrator.upgrade()
            except BaseException as error:
                failed.append(error)
                ours.begun.set()

        running.append(threading.Thread(target=work))
        running[-1].start()
        assert ours.begun.wait(30)

    def end() -> None:
        ours.go_on.set()
        for thread in running:
            thread.join()

    ours.run, ours.failed, ours.end = run, failed, end
    yield ours
    end()


SINCE = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"
TOLD = {
    "postgresql": rf"\(process \d+, user postgres.*, connected since {SINCE}\)",
    "mariadb": rf"\(connection \d+, user root .*; upgrade begun {SINCE} UTC by \S+@\S+, "
    rf"process {os.getpid()}\)",
}


@pytest.mark.parametrize("system", SERVERS)
def test_the_servers_say_who_and_since_when(
    system: str, request: pytest.FixtureRequest, make: Make, threads: SimpleNamespace
) -> None:
    url = request.getfixturevalue(f"{system}_url")
    threads.run(make(url))
    with pytest.raises(LockTimeout, match="another migration run is under way .*" + TOLD[system]) as told:
        make(url, lock_timeout=0.5).upgrade()
    assert told.value.waited == 0.5 and "--lock-timeout" in str(told.value)
    threads.end()
    assert not threads.failed and not make(url).upgrade().steps  # type: ignore[union-attr]


@pytest.mark.parametrize("system", SERVERS)
def test_two_projects_on_one_server_do_not_wait_for_each_other(
    system: str, request: pytest.FixtureRequest, make: Make, threads: SimpleNamespace
) -> None:
    url = request.getfixturevalue(f"{system}_url")
    threads.run(make(url))
    other = make(url, "other", version_table="other_version", lock_timeout=0.1)
    threads.go_on.set()  # for the other one; the first may still be anywhere
    assert len(other.upgrade().steps) == 2  # type: ignore[union-attr]


def test_a_sqlite_file_is_locked_by_a_process_that_is_named(
    make: Make, sqlite_url: str, threads: SimpleNamespace
) -> None:
    threads.go_on.set()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDS_SQLITE, sqlite_url.removeprefix("sqlite:///")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        with pytest.raises(LockTimeout, match="the database is locked") as told:
            make(sqlite_url, lock_timeout=0.1, lock_retries=0).upgrade()
        if os.path.exists("/proc/locks"):
            assert re.search(rf"process {holder.pid}, `.*-c.*`, there since {SINCE} UTC", str(told.value))
    finally:
        holder.communicate("end\n")


HOLDS_SQLITE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
"""
HOLDS_DUCKDB = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1])
print("held", flush=True)
sys.stdin.readline()
"""


@pytest.mark.parametrize("by", ["address", "project"])
def test_a_duckdb_file_is_waited_for_and_its_process_named(
    by: str, make: Make, tmp_path: Path, threads: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its address, and through an env.py that connects for itself."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "x.duckdb"
    url = f"duckdb+duckdb_sqlalchemy:///{path}"
    threads.go_on.set()
    migrator = make(url)
    if by == "project":
        ini = Path("alembic.ini")
        ini.write_text(re.sub("(?m)^sqlalchemy.url = .*", f"sqlalchemy.url = {url}", ini.read_text()))
        migrator = Migrator.from_config(ini)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDS_DUCKDB, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        expected = (
            rf"the database's file is open in another process \(process {holder.pid}, .*\); waited 0.2 s"
        )
        with pytest.raises(LockTimeout, match=expected):
            migrator.upgrade(lock_timeout=0.2)
        threading.Timer(0.3, holder.communicate, ["end\n"]).start()
        assert len(migrator.upgrade().steps) == 2  # type: ignore[union-attr]
    finally:
        holder.kill()
        holder.wait()


# the lease


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leases that run out while one looks."""
    for name, value in (("TERM", 0.6), ("RENEWAL", 0.1), ("WATCH", 0.4)):
        monkeypatch.setattr(lease, name, value)


@pytest.mark.parametrize("system", [pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_a_lease_keeps_others_out_for_as_long_as_it_is_renewed(
    system: str, request: pytest.FixtureRequest, make: Make, threads: SimpleNamespace, quick: None
) -> None:
    url = request.getfixturevalue(f"{system}_url")
    threads.run(make(url, lock="lease"))
    expected = rf"under way .*\(\S+@\S+, process {os.getpid()}, since {SINCE} UTC; its lease lasts \d s if"
    with pytest.raises(LockTimeout, match=expected):
        make(url, lock="lease", lock_timeout=1.5).upgrade()
    threads.go_on.set()
    assert make(url, lock="lease").upgrade().after == ("more",)  # type: ignore[union-attr]
    assert not threads.failed
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM alembic_version_lease").scalar() == 0
    engine.dispose()


RUNS_WITH_A_LEASE = """
import sys
from threading import Event
from types import SimpleNamespace
event = Event()
event.set()
sys.modules["threads"] = SimpleNamespace(begun=event, go_on=event)
from nbmigrate import Migrator
print(len(Migrator(sys.argv[1], directory=sys.argv[2], lock="lease", lock_timeout=30).upgrade().steps))
"""


def test_two_processes_with_a_lease(make: Make, sqlite_url: str, threads: SimpleNamespace) -> None:
    folder = make(sqlite_url).directory
    command = [sys.executable, "-c", RUNS_WITH_A_LEASE, sqlite_url, folder]
    children = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    said = [child.communicate(timeout=60) for child in children]
    assert [child.returncode for child in children] == [0, 0], said
    assert sum(int(out) for out, _ in said) == 2


DIES = """
import os, sys, signal
from types import SimpleNamespace
wait = SimpleNamespace(wait=lambda seconds: os.kill(os.getpid(), signal.SIGKILL))
sys.modules["threads"] = SimpleNamespace(begun=SimpleNamespace(set=lambda: None), go_on=wait)
from nbmigrate import Migrator
Migrator(sys.argv[1], directory=sys.argv[2], lock="lease").upgrade()
"""


@pytest.mark.postgresql
def test_a_lease_of_a_run_that_was_killed_is_taken_over_and_not_before(
    postgresql_url: str, make: Make, threads: SimpleNamespace, quick: None, caplog: pytest.LogCaptureFixture
) -> None:
    folder = make(postgresql_url).directory
    command = [sys.executable, "-c", DIES, postgresql_url, folder]
    assert subprocess.run(command, capture_output=True, check=False).returncode == -signal.SIGKILL
    # it was written for half a minute
    with pytest.raises(LockTimeout, match=rf"since {SINCE} UTC; its lease lasts \d\d s if it is not renewed"):
        make(postgresql_url, lock="lease", lock_timeout=1).upgrade()
    engine = sa.create_engine(postgresql_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version_lease SET expires = {round(time.time() * 1000)}")
    engine.dispose()
    threads.go_on.set()
    assert len(make(postgresql_url, lock="lease").upgrade().steps) == 2  # type: ignore[union-attr]
    assert "took over the lease of" in caplog.text


@pytest.mark.postgresql
def test_a_run_whose_lease_was_taken_over_stops_before_its_next_step(
    postgresql_url: str, make: Make, threads: SimpleNamespace, quick: None
) -> None:
    """As when a laptop was asleep."""
    threads.run(make(postgresql_url, lock="lease", transaction_per_migration=True))
    renewing = next(thread for thread in threading.enumerate() if thread.name == "nbmigrate-lease")
    engine = sa.create_engine(postgresql_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version_lease SET owner = 'x', run_by = 'somebody'")
    renewing.join(30)
    threads.end()
    (failed,) = threads.failed
    assert isinstance(failed, CommandError)
    assert str(failed).startswith("this run's lease ran out, and another run has begun (somebody, since 20")
    assert [one.id for one in make(postgresql_url).current().revisions] == ["slow"]
    with engine.connect() as connection:  # it is another one's, and stays
        assert connection.exec_driver_sql("SELECT owner FROM alembic_version_lease").scalar() == "x"
    engine.dispose()


def test_what_lock_may_be(make: Make, sqlite_url: str) -> None:
    with pytest.raises(CommandError, match="lock is 'mine': give one of database, lease, off"):
        make(sqlite_url, lock="mine").upgrade()


@pytest.mark.mariadb
def test_a_statement_that_was_given_up_does_not_keep_the_lock(
    make: Make, mariadb_url: str, threads: SimpleNamespace, tmp_path: Path
) -> None:
    """MariaDB goes on with the statement of a client who has left."""
    migrator = make(mariadb_url)
    script = tmp_path / "migrations" / "versions" / "slow.py"
    text = script.read_text()
    script.write_text(text.replace("    assert go_on.wait(30)", "    op.execute('SELECT SLEEP(30)')"))
    threading.Thread(
        target=lambda: (threads.begun.wait(30), time.sleep(0.3), os.kill(os.getpid(), signal.SIGINT))
    ).start()
    with pytest.raises(KeyboardInterrupt, match="interrupted: upgrade of slow; its first statement is done"):
        migrator.upgrade()
    script.write_text(text)
    threads.go_on.set()
    assert len(make(mariadb_url, lock_timeout=0.1).upgrade(resume=True).steps) == 2  # type: ignore[union-attr]
