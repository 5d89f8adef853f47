"""bulk_insert (O16) of any number of rows, from whatever holds them: what arrives, how little it takes."""

from __future__ import annotations

import datetime
import decimal
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from nbmigrate.errors import CommandError
from nbmigrate.model.operations import BulkInsertOp, ExecuteSQLOp, NotReversible
from nbmigrate.model.rows import PIECE, RowStream
from nbmigrate.operations import Operations
from nbmigrate.render import RenderOptions, render_ops
from nbmigrate.runtime.migration import MigrationContext

NIGHTLY = bool(os.environ.get("NBMIGRATE_NIGHTLY"))
TABLE = sa.Table(
    "t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("note", sa.String)
)
ROWS = [{"id": 1, "note": "a"}, {"id": 2, "note": None}, {"id": 3, "note": "it's 100% :x"}]


@pytest.fixture
def connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        TABLE.metadata.create_all(connection)
        yield connection
    engine.dispose()


def operations(connection: sa.Connection) -> Operations:
    return Operations(MigrationContext.configure(connection))


def stored(connection: sa.Connection) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(sa.select(TABLE).order_by("id")).mappings()]


class Stream:
    """An object that has nothing but the Arrow C stream."""

    def __init__(self, table: Any) -> None:
        self.table = table

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self.table.__arrow_c_stream__(requested_schema)


class Interchange:
    """An object that has nothing but the interchange protocol."""

    def __init__(self, table: Any) -> None:
        self.table = table

    def __dataframe__(self, *args: Any, **kw: Any) -> Any:
        return self.table.__dataframe__(*args, **kw)


def _arrow() -> Any:
    return pytest.importorskip("pyarrow").Table.from_pylist(ROWS)


SOURCES: dict[str, Callable[[], Any]] = {
    "list": lambda: ROWS,
    "tuple": lambda: tuple(ROWS),
    "generator": lambda: (row for row in ROWS),
    "map": lambda: map(dict, ROWS),
    "pandas": lambda: pytest.importorskip("pandas").DataFrame(ROWS),
    "polars": lambda: pytest.importorskip("polars").DataFrame(ROWS),
    "arrow table": _arrow,
    "arrow batch": lambda: _arrow().to_batches()[0],
    "arrow reader": lambda: _arrow().to_reader(),
    "arrow stream": lambda: Stream(_arrow()),
    "interchange": lambda: Interchange(_arrow()),
}


@pytest.mark.parametrize("multiinsert", [True, False])
@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_o16_whatever_holds_the_rows(
    connection: sa.Connection, source: Callable[[], Any], multiinsert: bool
) -> None:
    operations(connection).bulk_insert(TABLE, source(), multiinsert=multiinsert)
    assert stored(connection) == ROWS


def test_o16_rows_of_a_query(connection: sa.Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE old (id, note)")
    connection.execute(sa.table("old", sa.column("id"), sa.column("note")).insert(), ROWS)
    query = sa.text("SELECT id, note FROM old")
    operations(connection).bulk_insert(TABLE, connection.execute(query))
    assert stored(connection) == ROWS


def test_o16_values_of_a_frame_are_pythons(connection: sa.Connection) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        {
            "i": pandas.array([1, None], dtype="Int64"),
            "f": [1.5, float("nan")],
            "at": pandas.to_datetime(["2026-01-31 12:00:01", None]),
            "b": [True, False],
            "n": [decimal.Decimal("1.10"), None],
            7: ["x", "y"],
        }
    )
    columns = [
        sa.Column("i", sa.Integer),
        sa.Column("f", sa.Float),
        sa.Column("at", sa.DateTime),
        sa.Column("b", sa.Boolean),
        sa.Column("n", sa.String),
        sa.Column("7", sa.String),
    ]
    table = sa.Table("frame", sa.MetaData(), *columns)
    table.create(connection)
    operations(connection).bulk_insert(table, frame.astype({"n": str}).where(frame.notna(), None))
    rows = [tuple(row) for row in connection.execute(sa.select(table))]
    assert rows == [
        (1, 1.5, datetime.datetime(2026, 1, 31, 12, 0, 1), True, "1.10", "x"),
        (None, None, None, False, None, "y"),
    ]


def test_o16_rows_with_other_columns_lose_nothing(connection: sa.Connection) -> None:
    """One executemany has the columns of its first row; the rest of a later row would go silently."""
    rows = [{"id": 1}, {"id": 2, "note": "kept"}, {"note": "also", "id": 3}]
    operations(connection).bulk_insert(TABLE, rows)
    assert [row["note"] for row in stored(connection)] == [None, "kept", "also"]


WRONG: dict[str, tuple[Callable[[], Any], str]] = {
    "dictionary": (lambda: {"id": 1}, "List expected.*not dict"),
    "text": (lambda: "abc", "List expected"),
    "number": (lambda: 3, "List expected"),
    "tuples": (lambda: [(1, "x")], "List of dictionaries expected"),
    "iterator of tuples": (lambda: iter([(1, "x")]), "List of dictionaries expected; one row is a tuple"),
}


@pytest.mark.parametrize(("source", "message"), WRONG.values(), ids=WRONG)
def test_o16_what_is_no_rows(connection: sa.Connection, source: Callable[[], Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        operations(connection).bulk_insert(TABLE, source())
    assert stored(connection) == []


def test_a_generator_that_was_read_already_is_refused(connection: sa.Connection) -> None:
    rows = (row for row in ROWS)
    operations(connection).bulk_insert(TABLE, rows)
    with pytest.raises(CommandError, match="read to its end already; make it inside upgrade"):
        operations(connection).bulk_insert(TABLE, rows)


def test_offline_every_row_is_written_and_none_is_kept() -> None:
    buffer = StringIO()
    context = MigrationContext.configure(
        dialect_name="sqlite", opts={"as_sql": True, "output_buffer": buffer}
    )
    count = PIECE + 3
    Operations(context).bulk_insert(TABLE, ({"id": n, "note": "%:'"} for n in range(count)))
    lines = buffer.getvalue().split("\n\n")
    assert lines[0] == "INSERT INTO t (id, note) VALUES (0, '%:''');"
    assert lines[count - 1] == f"INSERT INTO t (id, note) VALUES ({count - 1}, '%:''');"
    assert lines[count:] == [""]


def test_what_is_told_of_many_rows(connection: sa.Connection) -> None:
    from nbmigrate.ddl.text import to_sql

    context = MigrationContext.configure(connection)
    rows = ({"id": n, "note": "x"} for n in range(PIECE + 1))
    (statement,) = context.ddl.emit(BulkInsertOp(TABLE, rows))
    (before,) = to_sql(statement, connection.dialect)
    assert before == "/* as many rows as are read: */ INSERT INTO t (id, note) VALUES (:id, :note)"
    context.executor.execute(statement)
    texts = to_sql(statement, connection.dialect)
    assert len(stored(connection)) == PIECE + 1
    assert texts == [
        f"/* {PIECE + 1:,} rows, the first 3: */ INSERT INTO t (id, note) VALUES (0, 'x')",
        "INSERT INTO t (id, note) VALUES (1, 'x')",
        "INSERT INTO t (id, note) VALUES (2, 'x')",
    ]
    assert isinstance(statement.rows, RowStream) and statement.rows.exhausted


def test_o16_explained_and_undone(connection: sa.Connection) -> None:
    operation = BulkInsertOp(TABLE, ROWS)
    assert operation.explain() == "Insert 3 rows into the table t."
    assert BulkInsertOp(TABLE, iter(ROWS)).explain() == "Insert rows, as they are read, into the table t."
    ops = operations(connection)
    ops.bulk_insert(TABLE, [{"id": 9, "note": "mine"}])
    ops.invoke(operation)
    back = operation.reverse()
    assert isinstance(back, ExecuteSQLOp)
    rendered = render_ops([back], RenderOptions(dialect=connection.dialect))
    assert rendered.strip() == "op.execute(sa.text('DELETE FROM t WHERE id IN (1, 2, 3)'))"
    exec(rendered.strip(), {"op": ops, "sa": sa})
    assert stored(connection) == [{"id": 9, "note": "mine"}]


def test_o16_a_key_of_several_columns_is_undone(connection: sa.Connection) -> None:
    columns = [sa.Column(name, sa.Integer, primary_key=True) for name in ("a", "b")]
    table = sa.Table("pair", sa.MetaData(), *columns)
    table.create(connection)
    connection.execute(table.insert(), [{"a": 1, "b": 2}, {"a": 2, "b": 1}])
    operation = BulkInsertOp(table, [{"a": 1, "b": 1}, {"a": 2, "b": 2}])
    operations(connection).invoke(operation)
    operations(connection).invoke(operation.reverse())
    assert sorted(map(tuple, connection.execute(sa.select(table)))) == [(1, 2), (2, 1)]


@pytest.mark.parametrize(
    "operation",
    [
        BulkInsertOp(sa.table("t", sa.column("id")), [{"id": 1}]),
        BulkInsertOp(TABLE, [{"note": "x"}]),
        BulkInsertOp(TABLE, iter(ROWS)),
        BulkInsertOp(TABLE, [{"id": sa.func.now(), "note": "x"}]),
    ],
    ids=["no key", "key left out", "iterator", "key by the database"],
)
def test_o16_what_can_not_be_undone_is_not_made_up(operation: BulkInsertOp) -> None:
    with pytest.raises(NotReversible, match="which rows were inserted"):
        operation.reverse()


# how much memory it takes: the peak of a process of its own, before and after

CHILD = """
import sys, tracemalloc
import sqlalchemy as sa
from nbmigrate.operations import Operations
from nbmigrate.runtime.migration import MigrationContext

url, kind, count, size = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
table = sa.Table("big", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
                 sa.Column("note", sa.Text))

def rows(start, stop):
    return ({"id": n, "note": str(n) + "x" * size} for n in range(start, stop))

def source(start, stop):
    if kind == "iterator":
        return rows(start, stop)
    import pyarrow as pa
    schema = pa.schema([("id", pa.int64()), ("note", pa.string())])
    step = range(start, stop, 1000)
    batches = (pa.RecordBatch.from_pylist(list(rows(n, min(n + 1000, stop))), schema) for n in step)
    return pa.RecordBatchReader.from_batches(schema, batches)

def peak():
    if "duckdb" in url:
        # the database itself is in the process, and may take what it is allowed
        return tracemalloc.get_traced_memory()[1] // 2**20
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) // 1024

if "duckdb" in url:
    tracemalloc.start()
engine = sa.create_engine(url)
with engine.connect() as connection:
    table.create(connection)
    connection.commit()
    context = MigrationContext.configure(connection)
    with context.begin_transaction(_per_migration=True):
        Operations(context).bulk_insert(table, source(0, 6000))
    before = peak()
    with context.begin_transaction(_per_migration=True):
        Operations(context).bulk_insert(table, source(6000, count))
    after = peak()
    assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() == count
print(after - before)
"""


def peak_growth(url: str, kind: str, count: int, size: int) -> int:
    """By how many MB the peak grows from 6,000 rows to ``count``."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, url, kind, str(count), str(size)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[-1])  # DuckDB may show a bar of its own before


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
@pytest.mark.parametrize("kind", ["iterator", "arrow"])
@pytest.mark.parametrize(
    "database",
    [
        "sqlite",
        "duckdb",
        pytest.param("postgresql", marks=pytest.mark.postgresql),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
    ],
)
def test_o16_memory_does_not_grow_with_the_rows(
    request: pytest.FixtureRequest, tmp_path: Path, database: str, kind: str
) -> None:
    """A hundred thousand rows, a million by night: held, they would take more than 100 MB, or 1 GB."""
    if kind == "arrow":
        pytest.importorskip("pyarrow")
    if database == "duckdb":
        pytest.importorskip("duckdb_sqlalchemy")
        url = f"duckdb:///{tmp_path / 'big.duckdb'}"
    else:
        url = request.getfixturevalue(f"{database}_url")
    # fewer and longer rows say the same in less time; the first two are cheap enough for 100,000
    count, size = (1_000_000, 900) if NIGHTLY else (100_000, 900) if database == "sqlite" else (36_000, 2900)
    if kind == "arrow" and not NIGHTLY:
        count, size = 36_000, 2900
    assert peak_growth(url, kind, count, size) < 40
