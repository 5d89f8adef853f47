"""A process that runs a history up and down, is interrupted at random moments, and looks about each time.

What a kernel is: it lives on, and keeps the traceback, so a connection that nobody closed stays open.
Half of the moments are by the clock, half by the line of Python that is being run: those find the moments
between two calls that a clock seldom hits.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import sqlalchemy as sa
from databases import killing

HERE = os.path.dirname(sys.modules["nbmigrate"].__file__ or "")
OURS = (
    *(os.path.join(HERE, room) for room in ("runtime", "migrator", "util", "dialects")),
    contextlib.__file__,
)


def after_seconds(seconds: float) -> Callable[[], None]:
    """Interrupt this process once the time is over; the function calls that off."""
    timer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()

    def off() -> None:
        timer.cancel()
        timer.join()

    return off


class AtLine:
    """Interrupts when so many lines of ours have been run, and functions of anybody's been called."""

    def __init__(self, number: int) -> None:
        self.left = number

    def __call__(self, frame: FrameType, what: str, _argument: Any) -> Any:
        if what in ("line", "call"):
            self.left -= 1
            if self.left == 0:
                sys.settrace(None)
                signal.raise_signal(signal.SIGINT)
        return self if frame.f_code.co_filename.startswith(OURS) else None

    def off(self) -> None:
        """Stop counting."""
        sys.settrace(None)


class Run:
    """One database and one folder."""

    def __init__(self, url: str, folder: str) -> None:
        self.url = url
        self.folder = folder
        self.seconds = {"head": 0.0, "base": 0.0}
        self.lines = {"head": 0, "base": 0}
        self.kept: list[BaseException] = []
        self.handler = signal.getsignal(signal.SIGINT)

    def measure(self) -> None:
        """How long a run takes, and how many lines it has."""
        for target in ("head", "base"):
            began = time.perf_counter()
            killing.migrate(self.url, self.folder, target)
            self.seconds[target] = time.perf_counter() - began
        for target in ("head", "base"):
            counter = AtLine(1 << 40)
            sys.settrace(counter)
            killing.migrate(self.url, self.folder, target)
            counter.off()
            self.lines[target] = (1 << 40) - counter.left

    def interrupted(self, target: str, moments: random.Random, by_line: bool) -> bool:
        """One run with an interrupt in it; whether it was in time."""
        off: Callable[[], None]
        came = False
        try:
            if by_line:
                at_line = AtLine(moments.randrange(1, self.lines[target] + 1))
                off = at_line.off
                sys.settrace(at_line)
            else:
                off = after_seconds(moments.uniform(0, self.seconds[target]))
            try:
                killing.migrate(self.url, self.folder, target)
            finally:
                off()
        except KeyboardInterrupt as error:
            came = True
            self.kept = [error]
        return came

    def in_order(self) -> int:
        """Nothing is left open, held, replaced or half-done; the number of the revision."""
        assert signal.getsignal(signal.SIGINT) is self.handler, "the handler of SIGINT is another one"
        assert not any(name.split(".")[0] == "alembic" for name in sys.modules), "alembic is still nbmigrate"
        assert asyncio.run.__module__.startswith("asyncio"), "asyncio.run is still replaced"
        alone(self.url)
        engine = sa.create_engine(self.url, poolclass=sa.NullPool)
        try:
            number = killing.at(engine)
            if not sa.inspect(engine).has_table("alembic_version_journal"):
                assert killing.state(engine) == killing.expected(number)
        finally:
            engine.dispose()
        return number


def alone(url: str) -> None:
    """Nobody else is connected, and nothing is locked."""
    address = sa.make_url(url)
    if address.get_backend_name() == "duckdb":
        import duckdb

        # refused where this process still has the file open with other settings
        duckdb.connect(address.database or "", config={"threads": 1}).close()
        return
    if address.get_backend_name() == "sqlite":
        engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args={"timeout": 0})
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
            connection.rollback()
        return
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        if engine.dialect.name == "postgresql"
        else "SELECT count(*) FROM information_schema.processlist "
        "WHERE db = database() AND id <> connection_id()"
    )
    for _ in range(400):
        with engine.connect() as connection:
            if not connection.exec_driver_sql(others).scalar():
                return
        time.sleep(0.005)
    raise AssertionError("a connection is still open after 2 s")


def main(url: str, folder: str, rounds: int, seed: int, count: int) -> None:
    """Interrupt so many runs up and so many down; says how many were hit."""
    # a shell that puts a command into the background lets it ignore SIGINT
    signal.signal(signal.SIGINT, signal.default_int_handler)
    moments = random.Random(seed)
    run = Run(url, folder)
    run.measure()
    came = 0
    for number in range(rounds):
        for target in ("head", "base"):
            try:
                came += run.interrupted(target, moments, by_line=bool(number % 2))
                run.in_order()
                killing.migrate(url, folder, target)
                end = count if target == "head" else 0
                assert run.in_order() == end, "the next run did not get to its end"
            except Exception as error:
                raise AssertionError(f"seed {seed}, round {number}, {target}: {run.kept}") from error
    print(came)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))
