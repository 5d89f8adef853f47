"""How time and memory of ours grow with the size of a history or a schema: the exponent of a power law.

Fitted by least squares to the logarithms of the medians at each size; 1 is linear. What does not grow
(imports, say) is in there and makes it less, so the largest size should be large.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from tests.bench.bench import NAMES, Bench
from tests.bench.cases.diff import filled
from tests.bench.fresh import Figures, child
from tests.bench.table import Row, at_most

OURS = ("nbmigrate",)
MOST = at_most(1.1)


def growth(bench: Bench) -> Iterator[Row]:
    """Histories up to 10,000, runs up to 2,000 revisions, schemas up to 2,000 tables."""
    rounds = bench.few(3)
    sizes = [625, 1_250, 2_500, 5_000, 10_000] if not bench.quick else [250, 1_000]
    for shape in ("linear", "branchy"):

        def load(count: int, shape: str = shape) -> Figures:
            project = bench.project(count, shape)
            facts = {"ini": project.ini, "versions": "", "count": count, "read": False}
            return bench.turns("history:load", facts, project.environment, rounds, OURS, warm=True)

        yield from _rows(f"history, {shape}", sizes, load)
    few = [250, 500, 1_000, 2_000] if not bench.quick else [50, 200]
    yield from _runs(bench, few, rounds)
    for kind in bench.kinds:

        def compare(count: int, kind: str = kind) -> Figures:
            with filled(bench, kind, count) as url:
                facts = {"url": url, "count": count, "case": "equal"}
                return bench.turns("diff:compare", facts, rounds=rounds, sides=OURS)

        yield from _rows(f"diff, tables, {NAMES[kind]}", few, compare)


def _runs(bench: Bench, sizes: Sequence[int], rounds: int) -> Iterator[Row]:
    """Upgrade and downgrade, linear and branchy, on SQLite in memory's place."""
    for shape in ("linear", "branchy"):
        measured: dict[str, list[Figures]] = {"upgrade": [], "downgrade": []}
        for count in sizes:
            project = bench.project(count, shape)
            facts = {"ini": project.ini, "texts": []}
            taken: dict[str, list[list[dict[str, float]]]] = {"upgrade": [], "downgrade": []}
            for _ in range(rounds):
                url = bench.create("sqlite")
                for verb, target in (("upgrade", "heads"), ("downgrade", "base")):
                    told = {**facts, "url": url, "verb": verb, "target": target}
                    taken[verb].append(child("running:move", "nbmigrate", told, project.environment))
                bench.drop(url)
            for verb, runs in taken.items():
                measured[verb].append(Figures({"nbmigrate": runs}))
        for verb, found in measured.items():
            by_size = dict(zip(sizes, found, strict=True))
            yield from _rows(f"{verb}, {shape}, SQLite", sizes, by_size.__getitem__)


def _rows(title: str, sizes: Sequence[int], measure: Callable[[int], Figures]) -> Iterator[Row]:
    found = [measure(size) for size in sizes]
    for key, name in (("cpu", "time"), ("grown", "memory")):
        values = [one.median("nbmigrate", key) or 0.0 for one in found]
        yield Row("growth", f"growth of {title}, {name}, {sizes[0]:,} to {sizes[-1]:,}", "exponent",
                  None, exponent(sizes, values), None, MOST)  # fmt: skip


def exponent(sizes: Sequence[float], values: Sequence[float]) -> float:
    """The slope of the line through the logarithms; what is too small to measure counts as a tenth."""
    x = [math.log(size) for size in sizes]
    y = [math.log(max(value, 0.1)) for value in values]
    middle_x, middle_y = sum(x) / len(x), sum(y) / len(y)
    over = sum((a - middle_x) * (b - middle_y) for a, b in zip(x, y, strict=True))
    return over / sum((a - middle_x) ** 2 for a in x)
