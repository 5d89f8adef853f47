"""Ctrl-C, kept away from the moments at which it would do harm.

Python raises ``KeyboardInterrupt`` between any two instructions: after a lock was taken and before the block
that gives it back, or in the middle of a ``finally``. In a kernel, which lives on, that leaves a lock, an
open transaction, or ``alembic`` meaning something else. So a run holds interrupts back (``held``) but where
an exception finds everything in order behind it (``allowed``): in scripts, in env.py, while it waits. What
came meanwhile is delivered at the next such place, at the latest at the end.

Signals are the main thread's, and a process has one handler for each: whoever comes first puts it in place,
and it is what was there before that decides what an interrupt does. Other threads are told to stop by
``Stop``.
"""

from __future__ import annotations

import signal
import threading
import time
from contextvars import ContextVar
from types import FrameType, TracebackType
from typing import Any

PATIENCE = 3.0  # seconds that an interrupt is held back; one that is pressed after that comes through

stop: ContextVar[threading.Event | None] = ContextVar("nbmigrate_stop", default=None)


class _Handler:
    """The process's handler of SIGINT while something is held."""

    def __init__(self) -> None:
        self.before: Any = None
        self.depth = 0
        self.open = False
        self.pending_since: float | None = None
        self.raised = False  # in the innermost ``allowed``

    def __call__(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if self.open or (self.pending_since is not None and now - self.pending_since > PATIENCE):
            self.deliver(frame)
        elif self.pending_since is None:
            self.pending_since = now

    def deliver(self, frame: FrameType | None = None) -> None:
        """Do what an interrupt does; where that is an exception, nothing else breaks what cleans up."""
        was, self.open, self.pending_since, self.raised = self.open, False, None, True
        self.before(signal.SIGINT, frame)
        self.open, self.raised = was, False


_handler = _Handler()


def _mine() -> bool:
    return threading.current_thread() is threading.main_thread()


class held:
    """A block in which interrupts wait; what waits at the end of the outermost one is delivered then."""

    def __enter__(self) -> held:
        handler = _handler
        self.counted = False
        if not _mine():
            return self
        if handler.depth == 0:
            before = signal.getsignal(signal.SIGINT)
            if not callable(before):  # ignored, or the end of the process
                return self
            handler.before, handler.open, handler.pending_since = before, False, None
            signal.signal(signal.SIGINT, handler)
        self.was, handler.open = handler.open, False
        handler.depth += 1
        self.counted = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.counted:
            return
        handler = _handler
        handler.depth -= 1
        if handler.depth:
            handler.open = self.was and error is None
            return
        pending = handler.pending_since is not None
        # somebody may have put another one in place meanwhile, which is theirs to keep
        now: object = signal.getsignal(signal.SIGINT)
        if now is handler:
            signal.signal(signal.SIGINT, handler.before)
        if pending and error is None:
            handler.before(signal.SIGINT, None)


class allowed:
    """A block inside ``held`` in which an interrupt comes through at once; one that waits comes first.

    Raises ``KeyboardInterrupt`` in another thread too, where its run was told to stop.
    """

    def __enter__(self) -> allowed:
        told = stop.get()
        if told is not None and told.is_set():
            raise KeyboardInterrupt
        self.was = _handler.open
        if _mine() and _handler.depth:
            if _handler.pending_since is not None:
                _handler.deliver()
            _handler.open, _handler.raised = True, False
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if _mine() and _handler.depth:
            _handler.open = self.was and error is None
            if _handler.raised and isinstance(error, Exception):
                # a driver made an error of its own of it, as DuckDB's does
                raise KeyboardInterrupt from error


def hold_from_here() -> None:
    """End what the surrounding ``allowed`` allows: from here on there is something to be put in order."""
    if _mine() and _handler.depth:
        _handler.open = False
