"""An env.py that calls ``asyncio.run`` while a loop is running: NOTEBOOK.md 2.7, issue 3 point 6."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest

from nbmigrate import Migrator
from nbmigrate.config import Config
from nbmigrate.errors import EnvironmentFailed
from nbmigrate.runtime.loops import nested_runs

ENV = """
import asyncio
from asyncio import run
from alembic import context
from sqlalchemy import create_engine

async def work():
    await asyncio.sleep(0)
    engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
    with engine.connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()

{call}(work())
"""
SCRIPT = """
from alembic import op
revision = "aaaa1"
down_revision = None
def upgrade():
    op.execute("create table t (a int)")
def downgrade():
    op.execute("drop table t")
"""


@pytest.mark.parametrize("call", ["asyncio.run", "run"])
def test_an_async_env_runs_inside_a_running_loop(tmp_path: Path, call: str) -> None:
    (tmp_path / "versions").mkdir()
    (tmp_path / "env.py").write_text(ENV.replace("{call}", call))
    (tmp_path / "versions" / "a.py").write_text(SCRIPT)
    config = Config()
    config.set_main_option("script_location", str(tmp_path))
    config.set_main_option("sqlalchemy.url", f"sqlite:///{tmp_path}/x.db")
    verbs = Migrator.from_config(config)

    async def cell() -> tuple[str, ...]:
        verbs.upgrade("head")
        return tuple(revision.id for revision in verbs.current().revisions)

    before = asyncio.run
    assert asyncio.run(cell()) == ("aaaa1",)
    assert asyncio.run is before
    # without a loop there is nothing to nest
    verbs.downgrade("base")
    assert verbs.current().revisions == ()


def test_only_environments_are_served() -> None:
    async def other() -> None: ...

    async def cell() -> None:
        with nested_runs(), nested_runs():
            coroutine = other()
            with pytest.raises(RuntimeError, match="running event loop"):
                asyncio.run(coroutine)
            coroutine.close()

    asyncio.run(cell())


def test_a_failure_comes_out_of_the_thread(tmp_path: Path) -> None:
    (tmp_path / "env.py").write_text(
        "import asyncio\nasync def work(): raise LookupError('in the thread')\nasyncio.run(work())\n"
    )
    config = Config()
    config.set_main_option("script_location", str(tmp_path))

    async def cell() -> None:
        Migrator.from_config(config).current()

    with pytest.raises(EnvironmentFailed, match="LookupError: in the thread") as caught:
        asyncio.run(cell())
    assert isinstance(caught.value.__cause__, LookupError)


def test_an_interrupt_ends_the_run_in_the_thread_before_its_next_step(tmp_path: Path) -> None:
    """It is the main thread that is interrupted, which waits for the one that runs env.py."""
    (tmp_path / "versions").mkdir()
    (tmp_path / "env.py").write_text(ENV.replace("{call}", "asyncio.run"))
    pressed = "\n    import signal, os, time\n    os.kill(os.getpid(), signal.SIGINT)\n    time.sleep(0.2)\n"
    first = SCRIPT.replace('("create table t (a int)")\n', f'("create table t (a int)"){pressed}')
    second = SCRIPT.replace('"aaaa1"', '"bbbb2"').replace("down_revision = None", 'down_revision = "aaaa1"')
    (tmp_path / "versions" / "a.py").write_text(first)
    (tmp_path / "versions" / "b.py").write_text(second.replace("table t", "table u"))
    config = Config()
    config.set_main_option("script_location", str(tmp_path))
    config.set_main_option("sqlalchemy.url", f"sqlite:///{tmp_path}/x.db")
    verbs = Migrator.from_config(config)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    async def cell() -> None:
        with pytest.raises(KeyboardInterrupt):
            verbs.upgrade("head")

    try:
        # asyncio.run has a handler of its own, which ends the loop; a kernel's loop is not run by it
        loop = asyncio.new_event_loop()
        loop.run_until_complete(cell())
        loop.close()
        assert tuple(revision.id for revision in verbs.current().revisions) == ("aaaa1",)
    finally:
        signal.signal(signal.SIGINT, before)
