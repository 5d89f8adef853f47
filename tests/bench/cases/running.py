"""Upgrade and downgrade of a thousand small revisions, nothing to do, and the text of ``--sql``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.bench.bench import NAMES, Bench
from tests.bench.fresh import SIDES, Figures, child
from tests.bench.table import Row, at_most, row, times

UP = {"postgresql": times(1.5, 1.8), "mysql": times(1.5, 1.8), "sqlite": times(1.35, 1.6)}
DOWN = {"postgresql": times(3.5, 5.6), "mysql": times(3, 4.7), "sqlite": times(1.35, 1.5)}


def up_and_down(bench: Bench) -> Iterator[Row]:
    """Each run has a new database, which is upgraded by one process and downgraded by another."""
    project = bench.project(bench.size(1_000, 100))
    for kind in bench.kinds:
        facts = {verb: {"ini": project.ini, "verb": verb, "target": target,
                        "texts": project.statements(verb, kind)}
                 for verb, target in (("upgrade", "head"), ("downgrade", "base"))}  # fmt: skip

        def both(
            side: str, count: bool = False, kind: str = kind, facts: Any = facts
        ) -> list[dict[str, float]]:
            url = bench.create(kind)
            try:
                told = [{**facts[verb], "url": url} for verb in ("upgrade", "downgrade")]
                return [child("running:move", side, one, project.environment, count)[0] for one in told]
            finally:
                bench.drop(url)

        taken: dict[str, Any] = {side: [] for side in SIDES}
        both("alembic"), both("nbmigrate")  # bytecode
        for _ in range(bench.rounds):
            for side in SIDES:
                taken[side].append(both(side))
        found = Figures(taken)
        counted = Figures({side: [both(side, True)] for side in SIDES})
        of = f"{project.count:,} revisions, {NAMES[kind]}"
        yield row("upgrade", f"upgrade, {of}", found, UP[kind])
        most = (counted.median("floor", "trips") or 0) + project.count
        yield row("upgrade", f"   statements (floor: the revisions' and 1 each), {NAMES[kind]}", counted,
                  at_most(most), "trips")  # fmt: skip
        yield row("upgrade", f"   peak memory, {NAMES[kind]}", found, key="peak")
        yield row("upgrade", f"downgrade, {of}", found, DOWN[kind], at=1)
        yield row("upgrade", f"   statements, {NAMES[kind]}", counted, key="trips", at=1)


def nothing(bench: Bench) -> Iterator[Row]:
    """An upgrade that has nothing to do, 10,000 revisions."""
    project = bench.project(bench.size(10_000, 1_000))
    url = f"sqlite:///{project.folder / 'shop.db'}"
    facts = {"ini": project.ini, "url": url, "verb": "upgrade", "target": "head", "texts": [["SELECT 1"]]}
    child("running:move", "nbmigrate", {**facts, "verb": "stamp"}, project.environment)
    sides = ("alembic", "nbmigrate")
    found = bench.turns("running:move", facts, project.environment, bench.few(5), sides, warm=True)
    yield row("nothing", f"upgrade with nothing to do, {project.count:,} revisions", found, times(10, 15))


def text(bench: Bench) -> Iterator[Row]:
    """``upgrade head --sql`` of a thousand."""
    project = bench.project(bench.size(1_000, 100))
    facts = {"ini": project.ini, "versions": str(project.versions)}
    found = bench.turns("running:text", facts, project.environment, warm=True)
    yield row("sql", f"upgrade --sql, {project.count:,} revisions", found, times(1.7, 2.2))
