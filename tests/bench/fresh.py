"""Fresh processes, taking turns: where every figure of the table comes from."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SIDES = ("alembic", "nbmigrate", "floor")

Sample = dict[str, float]
Measure = Callable[[], list[Sample]]


class Failed(Exception):
    """A process that was to be measured has failed; the text is the end of what it said."""


def child(
    work: str,
    side: str,
    facts: Mapping[str, Any],
    environment: Mapping[str, str] | None = None,
    count: bool = False,
) -> list[Sample]:
    """What ``tests.bench.child`` measured of a function of ``tests.bench.work``."""
    line = [sys.executable, "-m", "tests.bench.child", work, side]
    printed = _run(line + ["--count"] * count, ROOT, environment, json.dumps(facts))[0]
    found: list[Sample] = json.loads(printed.rstrip().rpartition("\n")[2])
    return found


def whole(line: list[str], folder: Path, environment: Mapping[str, str], told: str = "") -> list[Sample]:
    """CPU (user and system) and wall milliseconds of a process from its start to its end."""
    return [_run([sys.executable, *line], folder, environment, told)[1]]


def _run(
    line: list[str], folder: Path, environment: Mapping[str, str] | None, told: str
) -> tuple[str, Sample]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})}
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(line, cwd=folder, env=env, input=told, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise Failed(f"{' '.join(line[1:5])}: {done.stderr[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.stdout, {"cpu": cpu * 1000, "wall": wall * 1000}


class Figures:
    """What the sides measured; ``at`` tells the samples of one run apart (first call, second call)."""

    def __init__(self, taken: Mapping[str, list[list[Sample]]]) -> None:
        self.taken = taken

    def values(self, side: str, key: str, at: int = 0) -> list[float]:
        """Each round's."""
        return [run[at][key] for run in self.taken.get(side, ()) if at < len(run) and key in run[at]]

    def median(self, side: str, key: str, at: int = 0) -> float | None:
        """The middle one, None where the side was not measured."""
        found = self.values(side, key, at)
        return statistics.median(found) if found else None


def in_turn(rounds: int, sides: Mapping[str, Measure], warm: Iterable[str] = ()) -> Figures:
    """Measure the sides in turns; those named ``warm`` run once before, uncounted."""
    for name in warm:
        sides[name]()
    taken: dict[str, list[list[Sample]]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, measure in sides.items():
            taken[name].append(measure())
    return Figures(taken)
