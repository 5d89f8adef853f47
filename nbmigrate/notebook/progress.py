"""How far a long run is, while somebody looks on: one display, changed at most five times a second.

A run that is over soon shows nothing: the first picture comes after a moment, from a timer where the first
revision alone takes longer than that. What happens to the display never stops a migration.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import copy_context
from typing import Any

from nbmigrate.notebook.tables import TINTS, clip, esc, frame, visible

__all__ = ["Tell", "seldom", "shown_progress"]

Tell = Callable[[int, int, str], None]
FIRST = 0.4  # seconds before anything is shown
EVERY = 0.2  # seconds between two pictures
WIDTH = 30  # signs of the bar as text


def seldom(tell: Tell) -> Tell:
    """The same, but not more often than five times a second; the first and the last always."""
    last = float("-inf")

    def sometimes(done: int, total: int, doing: str) -> None:
        nonlocal last
        now = time.monotonic()
        if done == total or now - last >= EVERY:
            last = now
            tell(done, total, doing)

    return sometimes


class _Shown:
    """One display: nothing for a moment, then what was told last."""

    def __init__(self, verb: str) -> None:
        self.verb = verb
        from IPython import display

        self.new_handle: Any = display.DisplayHandle
        self.handle: Any = None
        self.last: tuple[int, int, str] | None = None
        self.begun = self.over = False
        self.lock = threading.Lock()
        self.draw_seldom = seldom(lambda done, total, doing: self.draw())
        # the output belongs to the cell that runs, which a new thread does not know
        self.timer = threading.Timer(FIRST, copy_context().run, (self.begin,))
        self.timer.daemon = True

    def begin(self) -> None:
        """The moment has passed: from now on it is shown."""
        self.begun = True
        self.draw()

    def tell(self, done: int, total: int, doing: str) -> None:
        """What is to be seen from now on."""
        self.last = (done, total, doing)
        if self.begun:
            self.draw_seldom(done, total, doing)

    def draw(self) -> None:
        """Show it, under one id."""
        with self.lock, suppress(Exception):  # a display that can't be shown is no reason to stop
            if self.last is None or (self.over and self.handle is None):
                return
            if self.handle is None:
                self.handle = self.new_handle()
                self.handle.display(bundle(self.verb, *self.last), raw=True)
            else:
                self.handle.update(bundle(self.verb, *self.last), raw=True)

    def end(self, *, well: bool) -> None:
        """Where it stopped stays to be seen; where it went well the result says all, and the bar goes."""
        self.timer.cancel()
        self.over = True
        if self.handle is not None and well:
            with self.lock, suppress(Exception):
                self.handle.update({"text/html": "", "text/plain": ""}, raw=True)
        elif self.handle is not None:
            self.draw()


@contextmanager
def shown_progress(verb: str) -> Iterator[Tell]:
    """A function to be told how far a run is; what it shows ends with the block."""
    shown = _Shown(verb)
    shown.timer.start()
    try:
        yield shown.tell
    except BaseException:
        shown.end(well=False)
        raise
    shown.end(well=True)


def bundle(verb: str, done: int, total: int, doing: str) -> dict[str, str]:
    """A bar as HTML and as text."""
    counted = f"{verb}: {done:,} of {total:,}"
    now = clip(visible(doing).replace("\n", " "), 100)
    share = done / total if total else 1.0
    bar = (
        f'<div style="background:{TINTS["quiet"]};height:6px;max-width:420px;margin:4px 10px;">'
        f'<div style="background:rgba(46,160,67,.8);height:6px;width:{share:.0%};"></div></div>'
    )
    said = esc(f"{counted}  {now}".rstrip())
    html = frame(type(said)(f'<div style="padding:2px 10px;">{said}</div>{bar}'))
    signs = "#" * round(share * WIDTH)
    return {"text/html": html, "text/plain": f"{counted} [{signs.ljust(WIDTH, '.')}] {now}".rstrip()}
