"""What runs in a fresh process: ``python -m tests.bench.child MODULE:FUNCTION SIDE [--count]``.

The function (in ``tests/bench/work``; its arguments are JSON on stdin) prepares what a side needs, then works
inside ``with clock:``. Printed is one JSON list, an object for each time the clock ran: milliseconds of CPU
(user and system) and of wall time, and the megabytes that the process took at most; with ``--count``
statements sent to a database and files opened instead. Nothing is imported here that the thing measured might
have to pay for.
"""

import json
import sys
import time
from importlib import import_module


def peak() -> float:
    """The most megabytes that this process has held; unlike ``ru_maxrss`` never the parent's."""
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


class Clock:
    """Takes one sample for each ``with`` block."""

    def __init__(self, counting: bool) -> None:
        self.samples: list[dict[str, float]] = []
        self.trips = 0
        self.opened = 0
        self._counting = counting
        self._running = False
        if counting:
            sys.addaudithook(self._audit)

    def _audit(self, event: str, args: tuple[object, ...]) -> None:
        if event == "open" and self._running and not str(args[0]).startswith(PYTHONS_OWN):
            self.opened += 1

    def trip(self, *_: object) -> None:
        """One statement goes to the database."""
        self.trips += self._running

    def _listen(self) -> None:
        import sqlalchemy as sa

        if not sa.event.contains(sa.engine.Engine, "before_cursor_execute", self.trip):
            sa.event.listen(sa.engine.Engine, "before_cursor_execute", self.trip)

    def __enter__(self) -> None:
        if self._counting and "sqlalchemy" in sys.modules:
            self._listen()
        self.trips = self.opened = 0
        self._before = peak()
        self._running = True
        self._cpu, self._wall = time.process_time(), time.perf_counter()

    def __exit__(self, *_: object) -> None:
        cpu, wall = time.process_time() - self._cpu, time.perf_counter() - self._wall
        self._running = False
        sample = {"cpu": cpu * 1000, "wall": wall * 1000, "peak": peak(), "grown": peak() - self._before}
        self.samples.append({"trips": self.trips, "opened": self.opened} if self._counting else sample)


# files that Python opens whatever a project holds: modules of its own and of what is installed
_PLACES = (sys.prefix, sys.base_prefix, __file__.partition("/tests/bench/")[0] + "/")
PYTHONS_OWN = ("/proc/", *_PLACES, *(f"{sys.pycache_prefix}{place}" for place in _PLACES))


def main() -> None:
    """Run one function."""
    name, side, *options = sys.argv[1:]
    facts = json.load(sys.stdin)
    module, _, function = name.partition(":")
    clock = Clock("--count" in options)
    getattr(import_module(f"tests.bench.work.{module}"), function)(clock, side, **facts)
    print("\n" + json.dumps(clock.samples))


if __name__ == "__main__":
    main()
