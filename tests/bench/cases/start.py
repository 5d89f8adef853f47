"""Import, and verbs in a fresh process."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench import fresh
from tests.bench.bench import Bench
from tests.bench.fresh import Measure
from tests.bench.projects import Project
from tests.bench.table import Row, Target, at_most, row, times


def imports(bench: Bench) -> Iterator[Row]:
    """``import`` beyond SQLAlchemy's own: the package, what scripts use, and what programs use."""
    environment = bench.project(bench.size(1_000, 300)).environment
    every = ([], [".op", ".context"], [".op", ".context", ".command", ".config"])
    for more in every[-1:] if bench.quick else every:
        facts = {"modules": ["", *more]}
        found = bench.turns("history:imports", facts, environment, sides=("alembic", "nbmigrate"), warm=True)
        title = "import " + ", ".join(["x", *("x" + name for name in more)]) + ", beyond SQLAlchemy"
        yield row("import", title, found, times(4, 6))


def verbs(bench: Bench) -> Iterator[Row]:
    """Verbs that read files only, everything warm."""
    project = bench.project(bench.size(1_000, 300))
    every = ("heads", "history", "show head", "branches")
    for line in every[:1] if bench.quick else every:
        yield from _verb(bench, "verbs", project, line, times(9, 14))
    for line in every[:1] if bench.quick else every[:2]:
        found = bench.counts("history:verb", {"line": f"-c {project.ini} {line}"}, project.environment)
        yield row("verbs", f"{line}, files opened", found, at_most(5), "opened")


def current(bench: Bench) -> Iterator[Row]:
    """Where a database stands that was upgraded to the head."""
    every = ((1_000, 300, times(2.2, 2.7)), (3_000, 600, times(6, 8)))
    for count, few, target in every[:1] if bench.quick else every:
        project = bench.project(bench.size(count, few))
        fresh.whole(["-m", "nbmigrate", "stamp", "head"], project.folder, project.environment)
        yield from _verb(bench, "current", project, "current", target)


def _verb(bench: Bench, case: str, project: Project, line: str, target: Target) -> Iterator[Row]:
    look = ["-m", "tests.bench.child", "history:look", "floor"]
    lines = {
        "alembic": ["-m", "alembic.config", *line.split()],
        "nbmigrate": ["-m", "nbmigrate", *line.split()],
        "floor": look,
    }

    def measure(words: list[str]) -> Measure:
        return lambda: fresh.whole(words, project.folder, project.environment, project.look)

    sides = {side: measure(words) for side, words in lines.items()}
    found = fresh.in_turn(bench.rounds, sides, warm=sides)
    yield row(case, f"{line}, {project.count:,} revisions, fresh process", found, target)
