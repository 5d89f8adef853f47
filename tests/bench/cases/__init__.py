"""The cases by their names for ``--only``, in the order of the table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module

from tests.bench.bench import Bench
from tests.bench.cases import diff, growth, history, rebuild, running, start
from tests.bench.table import Row


def lazily(name: str) -> Callable[[Bench], Iterator[Row]]:
    """A case whose module is imported when it runs: a kernel's client is not in every environment."""

    def case(bench: Bench) -> Iterator[Row]:
        found: Callable[[Bench], Iterator[Row]] = getattr(import_module(f"tests.bench.cases.{name}"), name)
        return found(bench)

    return case


# what --quick leaves out: a distant server, a browser, and exponents, which small sizes don't tell
NOT_QUICK = ("far", "click", "growth")

CASES: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "import": start.imports,
    "verbs": start.verbs,
    "current": start.current,
    "history": history.history,
    "branchy": history.branchy,
    "upgrade": running.up_and_down,
    "nothing": running.nothing,
    "sql": running.text,
    "diff": diff.equal,
    "far": diff.far,
    "rebuild": rebuild.rebuild,
    "growth": growth.growth,
    "hand": lazily("hand"),
    "click": lazily("click"),
}
