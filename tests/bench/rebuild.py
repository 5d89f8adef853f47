"""The SQLite rebuild rows of the table of speeds: ``python tests/bench/rebuild.py [--quick]``.

Not run by pytest: timings never decide a test. Alembic, nbmigrate and a floor written by hand (the five
statements of a rebuild and those of its indexes, on the bare driver) take turns in fresh processes, each on a
copy of the same file; what is timed begins behind imports and ends with the commit. Medians of CPU
milliseconds (user and system), and ours as a multiple of the floor.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]

# 12 columns, a primary key, two foreign keys, two indexes, one unique constraint
TABLE = """CREATE TABLE {name} (id INTEGER NOT NULL, owner INTEGER, kind INTEGER, email VARCHAR(60),
    first VARCHAR(40), last VARCHAR(40), age INTEGER, balance NUMERIC(10, 2), note TEXT, active BOOLEAN,
    created DATETIME, changed DATETIME, PRIMARY KEY (id), CONSTRAINT uq_{name}_email UNIQUE (email),
    CONSTRAINT fk_{name}_owner FOREIGN KEY(owner) REFERENCES owners (id),
    CONSTRAINT fk_{name}_kind FOREIGN KEY(kind) REFERENCES kinds (id))"""
ROWS = """WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
    INSERT INTO {name} SELECT i, i % 100 + 1, i % 10 + 1, 'user' || i || '@example.org', 'first' || i,
    'last' || i % 1000, i % 90, i * 0.5, 'some words about ' || i, i % 2, '2026-01-05 10:00:00',
    '2026-02-05 10:00:00' FROM n"""
INDEXES = (
    "CREATE INDEX ix_{name}_last ON {name} (last)",
    "CREATE INDEX ix_{name}_age ON {name} (age, active)",
)

TIMED = """
import sys, time
{imports}
cpu, wall = time.process_time(), time.perf_counter()
{work}
print((time.process_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000)
"""
BY_OP = (
    """
from sqlalchemy import create_engine, Integer
from {package}.migration import MigrationContext
from {package}.operations import Operations
engine = create_engine("sqlite:///" + sys.argv[1])
connection = engine.connect()
connection.exec_driver_sql("SELECT 1"); connection.rollback()
""",
    """
context = MigrationContext.configure(connection)
op = Operations(context)
with {transaction}:
    for number in range({tables}):
        with op.batch_alter_table("t%d" % number) as batch_op:
            batch_op.alter_column("age", nullable=False, existing_type=Integer())
connection.close()
""",
)
TRANSACTION = {"alembic": "connection.begin()", "nbmigrate": "context.ddl.transaction(connection)"}
FLOOR = (
    """
import sqlite3
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
""",
    """
connection.execute("BEGIN IMMEDIATE")
for number in range({tables}):
    name = "t%d" % number
    texts = [row[0] for row in connection.execute(
        "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY rowid", (name,))]
    table = texts[0].replace("age INTEGER", "age INTEGER NOT NULL").replace(name + " (", "new_t (", 1)
    connection.execute(table)
    connection.execute("INSERT INTO new_t SELECT * FROM " + name)
    connection.execute("DROP TABLE " + name)
    connection.execute("ALTER TABLE new_t RENAME TO " + name)
    for text in texts[1:]:
        connection.execute(text)
connection.execute("COMMIT")
connection.close()
""",
)


def make(path: Path, tables: int, rows: int) -> None:
    """A file with so many tables of so many rows."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE owners (id INTEGER PRIMARY KEY)")
    connection.execute("CREATE TABLE kinds (id INTEGER PRIMARY KEY)")
    connection.executemany("INSERT INTO owners VALUES (?)", [(n,) for n in range(1, 101)])
    connection.executemany("INSERT INTO kinds VALUES (?)", [(n,) for n in range(1, 11)])
    for number in range(tables):
        for sql in (TABLE, ROWS, *INDEXES):
            connection.execute(sql.format(name=f"t{number}", rows=rows))
    connection.commit()
    connection.close()


def code(side: str, tables: int) -> str:
    """What a side runs."""
    imports, work = FLOOR if side == "floor" else BY_OP
    facts = {"package": side, "tables": tables, "transaction": TRANSACTION.get(side, "")}
    return TIMED.format(imports=imports.format(**facts), work=work.format(**facts))


def run(side: str, tables: int, original: Path, copy: Path) -> tuple[float, float]:
    """CPU and wall milliseconds of one side on a fresh copy."""
    shutil.copyfile(original, copy)
    os.sync()
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code(side, tables), str(copy)],
        env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{side}: {done.stderr[-2000:]}")
    made = sqlite3.connect(copy)
    (sql,) = made.execute(f"SELECT sql FROM sqlite_master WHERE name = 't{tables - 1}'").fetchone()
    assert "age INTEGER NOT NULL" in sql, sql
    made.close()
    cpu, wall = done.stdout.split()
    return float(cpu), float(wall)


def case(title: str, tables: int, rows: int, rounds: int, folder: Path, least: str) -> None:
    """One line of the table."""
    original, copy = folder / "original.db", folder / "copy.db"
    original.unlink(missing_ok=True)
    make(original, tables, rows)
    taken: dict[str, list[tuple[float, float]]] = {"alembic": [], "nbmigrate": [], "floor": []}
    for _ in range(rounds):
        for side, found in taken.items():
            found.append(run(side, tables, original, copy))
    cpu = {side: statistics.median(one for one, _ in found) for side, found in taken.items()}
    wall = {side: statistics.median(one for _, one in found) for side, found in taken.items()}
    for what, found in (("CPU", cpu), ("wall", wall)):
        print(
            f"{title + ', ' + what:<48}{found['alembic']:>9.0f}"
            f"{found['nbmigrate']:>9.0f}{found['floor']:>9.0f}"
            f"{found['nbmigrate'] / found['floor']:>8.2f}x   {least}"
        )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="100,000 rows for 1,000,000, fewer rounds")
    parser.add_argument("--rounds", type=int, help="how often each is measured")
    options = parser.parse_args()
    rounds = options.rounds or (3 if options.quick else 5)
    many = 100_000 if options.quick else 1_000_000
    print(f"{f'ms, medians of {rounds}':<48}{'alembic':>9}{'ours':>9}{'floor':>9}{'x floor':>9}   at most")
    with tempfile.TemporaryDirectory() as folder:
        case(f"rebuild of {many:,} rows", 1, many, rounds, Path(folder), "1.1x, goal 1.0x")
        case("rebuild of 100 tables of 1,000 rows", 100, 1_000, rounds, Path(folder), "1.7x, goal 1.3x")


if __name__ == "__main__":
    main()
