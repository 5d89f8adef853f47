"""What every case is given: options, a folder, servers that are started when the first case asks."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench import fresh, projects
from tests.bench.fresh import Figures, Measure

DATABASES = ("sqlite", "postgresql", "mysql")
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mysql": "MariaDB", "duckdb": "DuckDB"}


@dataclass
class Bench:
    """One run of the benchmark."""

    folder: Path
    quick: bool
    rounds: int
    stack: contextlib.ExitStack
    kinds: tuple[str, ...] = DATABASES
    duckdb: bool = True
    _servers: dict[str, Any] = field(default_factory=dict)
    _projects: dict[tuple[int, str], projects.Project] = field(default_factory=dict)
    _numbers: Any = field(default_factory=itertools.count)

    def size(self, full: int, quick: int) -> int:
        """How many: as the table of targets has it, or few."""
        return quick if self.quick else full

    def few(self, most: int) -> int:
        """Rounds of a case that takes long."""
        return max(1, min(self.rounds, most))

    def project(self, count: int, shape: str = "linear") -> projects.Project:
        """A migration environment, made once."""
        if (count, shape) not in self._projects:
            self._projects[count, shape] = projects.generate(self.folder / f"{shape}{count}", count, shape)
        return self._projects[count, shape]

    def create(self, kind: str) -> str:
        """A new empty database; its URL."""
        if kind in ("sqlite", "duckdb"):
            return f"{kind}:///{self.folder / f'{kind}{next(self._numbers)}.db'}"
        url: str = self.server(kind).create()
        return url

    def drop(self, url: str) -> None:
        """Remove a database that ``create`` made."""
        kind, _, path = url.partition(":///")
        if kind in ("sqlite", "duckdb"):
            Path(path).unlink(missing_ok=True)
        else:
            self.server(kind.partition("+")[0]).drop(url)

    def server(self, kind: str) -> Any:
        """The server of that kind, started now if it is not yet."""
        if kind not in self._servers:
            import servers

            start = {"postgresql": servers.postgresql, "mysql": servers.mariadb}[kind]
            self._servers[kind] = self.stack.enter_context(start())
        return self._servers[kind]

    def turns(
        self,
        work: str,
        facts: Mapping[str, Any] | Callable[[str], Mapping[str, Any]],
        environment: Mapping[str, str] | None = None,
        rounds: int | None = None,
        sides: tuple[str, ...] = fresh.SIDES,
        warm: bool | tuple[str, ...] = False,
    ) -> Figures:
        """Let the sides take turns at a function of ``tests.bench.work``.

        ``facts`` are its arguments, or a function that makes those of a side anew for each run. Sides that
        are ``warm`` (all, or these) run once before, uncounted.
        """

        def measure(side: str) -> Measure:
            return lambda: fresh.child(work, side, facts(side) if callable(facts) else facts, environment)

        measures = {side: measure(side) for side in sides}
        return fresh.in_turn(rounds or self.rounds, measures, sides if warm is True else warm or ())

    def counts(
        self,
        work: str,
        facts: Mapping[str, Any] | Callable[[str], Mapping[str, Any]],
        environment: Mapping[str, str] | None = None,
        sides: tuple[str, ...] = ("alembic", "nbmigrate"),
    ) -> Figures:
        """One run of each side in which statements and files are counted."""
        taken = {}
        for side in sides:
            given = facts(side) if callable(facts) else facts
            taken[side] = [fresh.child(work, side, given, environment, count=True)]
        return Figures(taken)
