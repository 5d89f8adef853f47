"""``asyncio.run`` in an env.py, while an event loop is running already: in a notebook's cell.

The ``async`` template, and most async projects, call ``asyncio.run(...)`` in env.py, which refuses to run
inside a running loop. Inside ``nested_runs()`` such a call gets a thread and a loop of its own, with a copy
of the context, so that ``op`` and ``context`` are those of the run. Only calls that come out of a migration
environment in a thread whose loop is running are served so; every other one goes to asyncio's own function.

Python has one ``asyncio.run`` a process, so users are counted under a lock, as for the ``alembic`` import.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from typing import Any

from nbmigrate.runtime import active
from nbmigrate.util.interrupts import allowed, held, stop

_lock = threading.Lock()
_users = 0
_own: Callable[..., Any] = asyncio.run


def loop_is_running() -> bool:
    """Whether this thread is inside an event loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _run(main: Any, **kw: Any) -> Any:
    if active.environment.get() is None or not loop_is_running():
        return _own(main, **kw)
    context, told = copy_context(), threading.Event()
    context.run(stop.set, told)
    with ThreadPoolExecutor(1, thread_name_prefix="nbmigrate-env") as threads:
        running = threads.submit(context.run, lambda: _own(main, **kw))
        with held():
            # it is this thread that an interrupt comes to: not while it has a lock of the future's
            while not running.done():
                try:
                    with allowed():
                        time.sleep(0.01)
                except KeyboardInterrupt:
                    told.set()  # the run ends with the step that it is at
                    raise
        return running.result()


@contextmanager
def nested_runs() -> Iterator[None]:
    """Let ``asyncio.run`` in an env.py work inside a running loop; nests, and threads may overlap."""
    global _users, _own
    with _lock:
        if _users == 0:
            _own, asyncio.run = asyncio.run, _run
        _users += 1
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if _users == 0 and asyncio.run is _run:
                asyncio.run = _own
