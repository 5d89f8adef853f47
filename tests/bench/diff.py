"""The diff rows of the table of speeds, as ratios: ``python tests/bench/diff.py [--quick] [--only WORD]``.

Not run by pytest: timings never decide a test. Alembic, nbmigrate and a floor written by hand (the driver's
own cursor, raw catalogue queries) take turns in fresh processes for several rounds. What is timed is the
comparison alone: imports, models and the connection are there. Printed are medians of CPU time (user and
system), in milliseconds, and how many times less than Alembic's ours is; then round trips, memory and growth.

This file is also what runs in the fresh processes: ``diff.py --child SIDE CASE URL TABLES``.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SIDES = ("alembic", "nbmigrate", "floor")
LATENCY = 0.005  # seconds that a round trip takes in the case "far"

# what the floor asks: as much as a comparison needs to know, in a constant number of statements
_INSIDE = "sqlite_schema m JOIN pragma_{0}(m.name) x WHERE m.type = 'table'"
_HERE = "FROM information_schema.{0} WHERE table_schema = DATABASE()"
FLOOR = {
    "sqlite": [
        "SELECT name, sql FROM sqlite_schema",
        "SELECT m.name, x.* FROM " + _INSIDE.format("table_xinfo"),
        "SELECT m.name, x.* FROM " + _INSIDE.format("foreign_key_list"),
        "SELECT m.name, x.* FROM " + _INSIDE.format("index_list"),
        "SELECT m.name, x.* FROM sqlite_schema m JOIN pragma_index_xinfo(m.name) x WHERE m.type = 'index'",
    ],
    "postgresql": [
        "SELECT oid, relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
        "SELECT attrelid, attname, format_type(atttypid, atttypmod), attnotnull, "
        "col_description(attrelid, attnum) FROM pg_attribute JOIN pg_class c ON c.oid = attrelid "
        "WHERE attnum > 0 AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace",
        "SELECT conrelid, conname, contype, conkey, confrelid, confkey FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace",
        "SELECT indrelid, indkey, indisunique, relname FROM pg_index JOIN pg_class c ON c.oid = indexrelid "
        "WHERE c.relnamespace = 'public'::regnamespace",
    ],
    "mysql": [
        "SELECT table_name, table_comment " + _HERE.format("tables"),
        "SELECT table_name, column_name, column_type, is_nullable, column_default, extra, column_comment "
        + _HERE.format("columns"),
        "SELECT table_name, index_name, column_name, seq_in_index, non_unique " + _HERE.format("statistics"),
        "SELECT table_name, constraint_name, column_name, referenced_table_name, referenced_column_name "
        + _HERE.format("key_column_usage"),
    ],
}


def models(count: int, changed: int = 0) -> Any:
    """``count`` tables of 12 columns, key, 2 foreign keys, 2 indexes, 1 unique, comments; some changed."""
    import sqlalchemy as sa

    metadata = sa.MetaData()
    for n in range(count):
        name, is_changed = f"table_{n:05}", n < changed
        sa.Table(
            name,
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("name", sa.String(60 if is_changed and n % 4 == 0 else 40), nullable=False),
            sa.Column("code", sa.String(20), nullable=False, comment="what it is called elsewhere"),
            sa.Column("note", sa.Text),
            sa.Column("price", sa.Numeric(10, 2)),
            sa.Column("amount", sa.Integer, nullable=bool(is_changed and n % 4 == 1), server_default="0"),
            sa.Column("ratio", sa.Float),
            sa.Column("is_open", sa.Boolean, nullable=False),
            sa.Column("made_at", sa.DateTime),
            sa.Column("day", sa.Date),
            sa.Column("parent_id", sa.Integer),
            sa.Column("other_id", sa.Integer),
            *([sa.Column("more", sa.String(9))] if is_changed and n % 4 == 2 else []),
            sa.ForeignKeyConstraint(["parent_id"], [f"table_{max(n - 1, 0):05}.id"], name=f"fk_{name}_p"),
            sa.ForeignKeyConstraint(["other_id"], [f"table_{n // 2:05}.id"], name=f"fk_{name}_o"),
            sa.Index(f"ix_{name}_name", "name"),
            sa.Index(f"ix_{name}_day", "day", "amount" if is_changed and n % 4 == 3 else "made_at"),
            sa.UniqueConstraint("code", name=f"uq_{name}_code"),
            comment="a table of the benchmark",
        )
    return metadata


def child(side: str, case: str, url: str, count: int) -> None:
    """One measurement: CPU and wall time in milliseconds, round trips, megabytes."""
    import sqlalchemy as sa

    engine = sa.create_engine(url)
    # no models for the floor: the garbage collector would go through them on its account
    metadata = None if side == "floor" else models(count, count // 5 if case == "changes" else 0)
    with engine.connect() as connection:
        action = _action(side, case, connection, metadata)
        trips = 0

        def note(*_: Any) -> None:
            nonlocal trips
            trips += 1
            if case == "far":
                time.sleep(LATENCY)

        sa.event.listen(engine, "before_cursor_execute", note)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        cpu, wall = time.process_time(), time.perf_counter()
        action()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if side == "floor":
        trips = len(FLOOR[engine.dialect.name])
    print(json.dumps({"cpu": cpu * 1000, "wall": wall * 1000, "trips": trips, "more": (peak - before) / 1024,
                      "peak": peak / 1024}))  # fmt: skip


def _action(side: str, case: str, connection: Any, metadata: Any) -> Callable[[], None]:
    """What is timed."""
    if side == "floor":
        raw = connection.connection.driver_connection.cursor()

        def floor() -> None:
            for statement in FLOOR[connection.dialect.name]:
                if case == "far":
                    time.sleep(LATENCY)
                raw.execute(statement)
                raw.fetchall()

        return floor
    if side == "alembic":
        from alembic.autogenerate import compare_metadata, produce_migrations, render_python_code
        from alembic.runtime.migration import MigrationContext
    else:
        from nbmigrate.autogenerate import (  # type: ignore[assignment]
            compare_metadata,
            produce_migrations,
            render_python_code,
        )
        from nbmigrate.migration import MigrationContext  # type: ignore[assignment]
    context: Any = MigrationContext.configure(connection)

    def compare() -> None:
        found = compare_metadata(context, metadata)
        assert not found, found[:3]

    def render() -> None:
        script: Any = produce_migrations(context, metadata)
        texts = [render_python_code(one, migration_context=context)
                 for one in (script.upgrade_ops, script.downgrade_ops)]  # fmt: skip
        assert all(len(text) > 100 for text in texts)

    return render if case in ("changes", "first") else compare


def measured(rounds: int, case: str, url: str, count: int, sides: tuple[str, ...] = SIDES) -> dict[str, Any]:
    """Medians of what each side measures, the sides taking turns in fresh processes."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": ""}
    taken: dict[str, list[dict[str, float]]] = {side: [] for side in sides}
    for _ in range(rounds):
        for side in sides:
            command = [sys.executable, __file__, "--child", side, case, url, str(count)]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            if done.returncode:
                raise SystemExit(f"{side} {case}: {done.stderr[-2000:]}")
            taken[side].append(json.loads(done.stdout))
    return {
        side: {key: statistics.median(one[key] for one in all_) for key in all_[0]}
        for side, all_ in taken.items()
    }


def row(title: str, found: dict[str, Any], least: str, key: str = "cpu") -> None:
    """One line of the table."""
    values = [found.get(side, {}).get(key, 0.0) for side in SIDES]
    ratio = values[0] / max(values[1], 0.01)
    print(
        f"{title:<46}" + "".join(f"{value:>10.1f}" for value in values) + f"{ratio:>8.1f}x   {least}",
        flush=True,
    )


@contextmanager
def filled(url: str, count: int) -> Iterator[str]:
    """A database with the tables."""
    import sqlalchemy as sa

    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    tables = list(models(count).tables.values())
    later = engine.dialect.name != "sqlite"
    for start in range(0, count, 100):  # PostgreSQL has room for so many locks in one transaction
        with engine.begin() as connection:
            for table in tables[start : start + 100]:
                inline = () if later else None
                connection.execute(sa.schema.CreateTable(table, include_foreign_key_constraints=inline))
                for index in table.indexes:
                    connection.execute(sa.schema.CreateIndex(index))
                if engine.dialect.name == "postgresql":
                    connection.execute(sa.schema.SetTableComment(table))
                    connection.execute(sa.schema.SetColumnComment(table.c.code))
                for key in sorted(table.foreign_key_constraints, key=lambda fk: str(fk.name)):
                    if later:
                        connection.execute(sa.schema.AddConstraint(key))
    try:
        yield url
    finally:
        engine.dispose()


LEAST = {
    "sqlite": {"equal": "8x, goal 16x"},
    "postgresql": {
        "equal": "6x, goal 9x",
        "far": "10x, goal 24x",
        "changes": "3x, goal 5x",
        "first": "7x, goal 12x",
    },
    "mysql": {"equal": "5x, goal 7x", "far": "6x, goal 9x"},
}


def database(kind: str, create: Callable[[], str], rounds: int, many: int) -> None:
    """All rows of one database."""
    least = LEAST[kind]
    with filled(create(), many) as url:
        found = measured(rounds, "equal", url, many)
        row(f"{kind}, no change, {many:,} tables", found, least["equal"])
        row("   round trips", found, "10 / 15 / 10 at most", "trips")
        row("   peak MB of the process", found, "80 MB", "peak")
        row("   MB of that by the comparison", found, "", "more")
        row(
            f"{kind}, {many // 5} changes, rendered",
            measured(rounds, "changes", url, many),
            least.get("changes", ""),
        )
    with filled(create(), 300) as url:
        if kind != "sqlite":
            row(
                f"{kind}, 300 tables, 5 ms a round trip, wall",
                measured(1, "far", url, 300),
                least["far"],
                "wall",
            )
        small = measured(rounds, "equal", url, 300)
    row(
        f"{kind}, first autogenerate of {many:,}",
        measured(rounds, "first", create(), many),
        least.get("first", ""),
    )
    with filled(create(), many * 2) as url:
        large = measured(rounds, "equal", url, many * 2, ("nbmigrate",))
    growth = math.log(large["nbmigrate"]["cpu"] / small["nbmigrate"]["cpu"]) / math.log(many * 2 / 300)
    print(f"{kind}, growth of ours from 300 to {many * 2:,} tables: {growth:.2f} (at most 1.1)", flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--rounds", type=int, help="how often each is measured")
    parser.add_argument("--tables", type=int, default=1_000)
    parser.add_argument("--only", help="sqlite, postgresql or mysql")
    parser.add_argument("--child", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        side, case, url, count = options.child
        child(side, case, url, int(count))
        return
    sys.path.insert(0, str(ROOT / "tests"))
    import tempfile

    import servers

    rounds = options.rounds or (2 if options.quick else 5)
    title = f"CPU ms, medians of {rounds}"
    print(f"{title:<46}{'alembic':>10}{'ours':>10}{'floor':>10}{'ratio':>9}   at least")
    with tempfile.TemporaryDirectory() as folder:
        names = iter(range(100))
        if options.only in (None, "sqlite"):
            database("sqlite", lambda: f"sqlite:///{folder}/{next(names)}.db", rounds, options.tables)
    for kind, start in (("postgresql", servers.postgresql), ("mysql", servers.mariadb)):
        if options.only in (None, kind):
            with start() as server:
                database(kind, server.create, rounds, options.tables)


if __name__ == "__main__":
    main()
