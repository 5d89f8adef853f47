"""Models against databases: no change, changes, everything; with a server near and far; how it grows."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.bench import NAMES, Bench
from tests.bench.fresh import ROOT, child
from tests.bench.table import Row, Target, at_most, row, times

EQUAL = {"sqlite": times(8, 16), "postgresql": times(6, 9), "mysql": times(5, 7)}
FAR = {"postgresql": times(10, 24), "mysql": times(6, 9)}
TRIPS = {"sqlite": 10, "postgresql": 15, "mysql": 10}
ROUND_TRIP = 5  # milliseconds


@contextmanager
def filled(bench: Bench, kind: str, count: int) -> Iterator[str]:
    """A database with so many tables."""
    url = bench.create(kind)
    child("diff:fill", "floor", {"url": url, "count": count})
    try:
        yield url
    finally:
        bench.drop(url)


def equal(bench: Bench) -> Iterator[Row]:
    """No change among a thousand tables, 200 changes among them, and their first autogenerate."""
    count = bench.size(1_000, 100)
    for kind in (*bench.kinds, *(["duckdb"] if bench.duckdb else [])):
        # Alembic knows nothing of DuckDB
        sides = ("nbmigrate", "floor") if kind == "duckdb" else ("alembic", "nbmigrate", "floor")
        name = NAMES[kind]
        with filled(bench, kind, count) as url:
            facts = {"url": url, "count": count, "case": "equal"}
            found = bench.turns("diff:compare", facts, sides=sides)
            title = f"diff of {count:,} tables, no change, {name}"
            # of DuckDB nothing is wanted: Alembic has none of it, and its reflection is another project's
            memory, trips = (at_most(80), at_most(TRIPS[kind])) if kind in TRIPS else (Target(), Target())
            yield row("diff", title, found, EQUAL.get(kind, Target()))
            yield row("diff", f"   peak memory, {name}", found, memory, "peak")
            yield row("diff", f"   of that by the comparison, {name}", found, key="grown")
            counted = bench.counts("diff:compare", facts, sides=sides)
            yield row("diff", f"   statements, {name}", counted, trips, "trips")
            if kind == "postgresql":
                facts["case"] = "changes"
                found = bench.turns("diff:compare", facts)
                title = f"{count // 5:,} changes among {count:,} tables, rendered, {name}"
                yield row("diff", title, found, times(3, 5))
    if "postgresql" in bench.kinds:
        url = bench.create("postgresql")
        found = bench.turns("diff:compare", {"url": url, "count": count, "case": "first"})
        bench.drop(url)
        title = f"first autogenerate of {count:,} tables, rendered, PostgreSQL"
        yield row("diff", title, found, times(7, 12))


def far(bench: Bench) -> Iterator[Row]:
    """300 tables where a round trip takes 5 ms, by the clock on the wall."""
    count = bench.size(300, 40)
    for kind in FAR:
        if kind not in bench.kinds:
            continue
        with filled(bench, kind, count) as url, slow(bench, kind, url) as far_url:
            facts = {"url": far_url, "count": count, "case": "equal"}
            found = bench.turns("diff:compare", facts, rounds=bench.few(3))
        title = f"diff of {count:,} tables, {ROUND_TRIP} ms a round trip, {NAMES[kind]}"
        yield row("far", title, found, FAR[kind], "wall")


@contextmanager
def slow(bench: Bench, kind: str, url: str) -> Iterator[str]:
    """The same database behind a socket that lets every byte wait; its URL."""
    import sqlalchemy as sa

    address = sa.make_url(url)
    folder = bench.folder / f"far-{kind}"
    folder.mkdir()
    if kind == "postgresql":
        port = address.port or 5432
        server = Path(str(address.query["host"]), f".s.PGSQL.{port}")
        here, moved = folder / server.name, address.update_query_dict({"host": str(folder)})
    else:
        server, here = Path(str(address.query["unix_socket"])), folder / "sock"
        moved = address.update_query_dict({"unix_socket": str(here)})
    line = [sys.executable, "-m", "tests.bench.proxy", str(here), str(server), str(ROUND_TRIP)]
    with subprocess.Popen(line, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdout.readline()
        try:
            yield moved.render_as_string(hide_password=False)
        finally:
            process.stdin.close()
            process.wait()
