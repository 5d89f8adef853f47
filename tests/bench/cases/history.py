"""Loading a history: the first time, with what the first time left, and again in the same process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.bench.bench import Bench
from tests.bench.table import Row, at_most, row, times


def history(bench: Bench) -> Iterator[Row]:
    """10,000 revisions in a line."""
    yield from _history(bench, "linear")


def branchy(bench: Bench) -> Iterator[Row]:
    """10,000 with side branches and merges; Alembic takes half a minute for each round, so its are few."""
    yield from _history(bench, "branchy")


def _history(bench: Bench, shape: str) -> Iterator[Row]:
    project = bench.project(bench.size(10_000, 1_000), shape)
    name = f"{project.count:,} {shape}"
    rounds = bench.few(9 if shape == "linear" else 2)
    facts: dict[str, Any] = {"ini": project.ini, "versions": str(project.versions), "count": project.count}

    def first(_: str) -> Mapping[str, Any]:
        project.forget()
        return {**facts, "read": True}

    # to write bytecode is not counted against the one that does
    cold = {**project.environment, "PYTHONDONTWRITEBYTECODE": "1"}
    if shape == "linear":
        found = bench.turns("history:load", first, cold, rounds)
        yield row("history", f"history, {name}, first time", found, times(10, 18))
    facts["read"] = False
    warm = True if shape == "linear" else ("nbmigrate", "floor")
    found = bench.turns("history:load", facts, project.environment, rounds, warm=warm)
    target = times(12, 19) if shape == "linear" else times(50, 145)
    yield row(shape, f"history, {name}, index there", found, target)
    yield row(shape, f"history, {name}, second call", found, times(12, 30), at=1)
    yield row(shape, f"peak memory, {name}", found, at_most(40), "peak")
