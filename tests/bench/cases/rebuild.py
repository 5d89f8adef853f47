"""SQLite's rebuild, as a multiple of what the copying costs by itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from typing import Any

from tests.bench.bench import Bench
from tests.bench.fresh import child
from tests.bench.table import Row, Target, of_floor, row


def rebuild(bench: Bench) -> Iterator[Row]:
    """One table of a million rows, and a hundred of a thousand."""
    many = bench.size(1_000_000, 50_000)
    yield from _rebuild(bench, 1, many, f"SQLite rebuild of {many:,} rows", of_floor(1.1, 1.0))
    tables = bench.size(100, 20)
    title = f"SQLite rebuild of {tables} tables of 1,000 rows"
    yield from _rebuild(bench, tables, 1_000, title, of_floor(1.7, 1.3))


def _rebuild(bench: Bench, tables: int, rows: int, title: str, target: Target) -> Iterator[Row]:
    original, copy = bench.folder / "original.db", bench.folder / "copy.db"
    child("rebuild:make", "floor", {"path": str(original), "tables": tables, "rows": rows})

    def copied(_: str) -> Mapping[str, Any]:
        shutil.copyfile(original, copy)
        return {"path": str(copy), "tables": tables}

    found = bench.turns("rebuild:rebuild", copied)
    yield row("rebuild", title, found, target)
    counted = bench.counts("rebuild:rebuild", copied, sides=("alembic", "nbmigrate", "floor"))
    yield row("rebuild", "   statements", counted, key="trips")
    original.unlink()
    copy.unlink()
