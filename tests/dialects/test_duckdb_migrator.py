"""DuckDB through ``Migrator``: files, version rows, half-way failures, models against database."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from nbmigrate import Migrator
from nbmigrate.errors import MigrationFailed

pytest.importorskip("duckdb_sqlalchemy")


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    return f"duckdb:///{tmp_path / 'a.duckdb'}"


def models() -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table(
        "a",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("at", sa.DateTime, server_default=sa.func.now()),
        sa.Column("price", sa.Numeric(10, 2), server_default="1.50"),
        sa.Column("yes", sa.Boolean, server_default=sa.true()),
        sa.Column("text", sa.String, server_default="it's"),
        sa.Column("twice", sa.Integer, sa.Computed("price * 2")),
        sa.Column("j", sa.JSON),
        sa.UniqueConstraint("name", "text", name="uq_forgotten"),
        sa.Index("ix_name", "name"),
        comment="a comment",
    )
    sa.Table(
        "b",
        metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("a_id", sa.ForeignKey("a.id", name="fk_forgotten")),
        sa.Column("kind", sa.Enum("x", "y", name="kind"), comment="it's"),
        sa.CheckConstraint("a_id > 0", name="ck_forgotten"),
    )
    return metadata


def query(url: str, sql: str) -> list[tuple[Any, ...]]:
    engine = sa.create_engine(url)
    try:
        with engine.begin() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(sql)]
    finally:
        engine.dispose()


def test_a_history_up_and_down_and_up(url: str) -> None:
    metadata = models()
    m = Migrator(url, metadata=metadata, directory="migrations")
    m.revision("first", autogenerate=True, rev_id="a1")
    assert m.upgrade("head").after == ("a1",)
    assert len(m.diff().changes) == 0
    query(url, "INSERT INTO a (name) VALUES ('x'), ('y')")
    query(url, "INSERT INTO b VALUES (1, 1, 'x')")

    table = metadata.tables["a"]
    table.append_column(sa.Column("extra", sa.Integer, nullable=False, server_default="1"))
    table.append_constraint(sa.CheckConstraint("extra > 0"))
    table.c.name.nullable = True
    m.revision("second", autogenerate=True, rev_id="b2")
    m.upgrade("head")
    assert len(m.diff().changes) == 0
    assert query(url, "SELECT id, name, extra FROM a ORDER BY id") == [(1, "x", 1), (2, "y", 1)]
    query(url, "INSERT INTO a (name) VALUES ('z')")
    assert query(url, "SELECT max(id) FROM a") == [(3,)]

    assert m.downgrade("-1").after == ("a1",)
    assert query(url, "SELECT version_num FROM alembic_version") == [("a1",)]
    assert query(url, "SELECT kind FROM b") == [("x",)]
    m.downgrade("base")
    assert query(url, "SELECT table_name FROM duckdb_tables()") == [("alembic_version",)]
    assert query(url, "SELECT sequence_name FROM duckdb_sequences()") == []
    m.upgrade("head")
    assert m.current().revisions[0].id == "b2"


def script(m: Migrator, rev_id: str, body: str) -> None:
    m.revision(rev_id, rev_id=rev_id)
    path = next(Path("migrations", "versions").glob(f"{rev_id}_*.py"))
    text = path.read_text()
    body = "".join(f"    {line}\n" for line in body.splitlines())
    path.write_text(re.sub(r"(def upgrade\(\).*?\n).*?(?=\n\ndef )", rf"\1{body}", text, flags=re.DOTALL))


def test_a_step_that_fails_half_way_leaves_nothing(url: str) -> None:
    m = Migrator(url, directory="migrations")
    script(
        m,
        "a1",
        'op.create_table("t", sa.Column("a", sa.Integer, primary_key=True), sa.Column("b", sa.String))\n'
        'op.create_index("ix", "t", ["b"])',
    )
    script(
        m,
        "b2",
        'op.execute("INSERT INTO t VALUES (1, NULL)")\nop.rename_table("t", "u")\n'
        'op.alter_column("u", "b", nullable=False)',
    )
    with pytest.raises(MigrationFailed, match=r"b2.*NOT NULL"):
        m.upgrade("head")
    assert query(url, "SELECT version_num FROM alembic_version") == [("a1",)]
    assert query(url, "SELECT table_name FROM duckdb_tables() ORDER BY 1") == [("alembic_version",), ("t",)]
    assert query(url, "SELECT index_name, table_name FROM duckdb_indexes()") == [("ix", "t")]
    assert query(url, "SELECT * FROM t") == []
    query(url, "ALTER TABLE t ADD COLUMN c INTEGER")  # nothing of it is locked either


def test_a_step_that_passes_over_an_error_is_not_taken_for_done(url: str) -> None:
    m = Migrator(url, directory="migrations")
    script(m, "a1", 'op.create_table("t", sa.Column("a", sa.Integer, primary_key=True))')
    script(
        m,
        "b2",
        'op.create_table("u", sa.Column("a", sa.Integer))\n'
        'op.execute("INSERT INTO t VALUES (1)")\n'
        'try:\n    op.execute("INSERT INTO t VALUES (1)")\nexcept Exception:\n    pass',
    )
    with pytest.raises(MigrationFailed, match=r"aborted|passed over"):
        m.upgrade("head")
    assert query(url, "SELECT version_num FROM alembic_version") == [("a1",)]
    assert query(url, "SELECT table_name FROM duckdb_tables() ORDER BY 1") == [("alembic_version",), ("t",)]


def test_a_plan_shows_the_rebuild_that_runs(url: str) -> None:
    """From tables that are there, and from those that the script itself has changed before."""
    m = Migrator(url, directory="migrations")
    script(
        m,
        "a1",
        'op.create_table("tree", sa.Column("id", sa.Integer, primary_key=True),\n'
        '    sa.Column("up", sa.Integer, sa.ForeignKey("tree.id")),\n'
        '    sa.Column("x", sa.String, comment="it\'s"))\n'
        'op.create_table("kid", sa.Column("t", sa.Integer, sa.ForeignKey("tree.id")))\n'
        'op.create_index("ix", "tree", ["x"])',
    )
    script(
        m,
        "b2",
        'op.alter_column("tree", "x", nullable=False)\n'
        'op.rename_table("tree", "wood")\n'
        'op.drop_index("ix", "wood")\n'
        'op.add_column("wood", sa.Column("n", sa.Integer, unique=True))\n'
        'op.add_column("wood", sa.Column("plain", sa.Integer))\n'
        'op.create_table("new",\n'
        '    sa.Column("a", sa.Integer, server_default=sa.text("1 + 1"), nullable=False))\n'
        'op.alter_column("new", "a", new_column_name="b")\n'
        'op.create_check_constraint("ck", "new", "b > 0")\n'
        'op.drop_constraint("any", "kid", type_="foreignkey")\n'
        'op.drop_table("wood")',
    )
    m.upgrade("a1")
    for row in ("(1, NULL, 'a')", "(3, 1, 'b')", "(2, 3, 'c')"):
        query(url, f"INSERT INTO tree VALUES {row}")
    planned = [text for text in m.plan().steps[0].statements if not text.startswith("SELECT error(")]
    ran = list(m.upgrade("head").steps[0].statements)
    assert [squeezed(text) for text in planned] == [squeezed(text) for text in ran]
    assert sum("_nbmigrate_round = 3" in text for text in planned) > 0
    assert not any("_nbmigrate_round = 4" in text for text in planned)


def squeezed(text: str) -> str:
    """Without what DuckDB itself puts into the text of a table that the same script has made."""
    return re.sub(r"\s", "", text).replace("((1+1))", "(1+1)")


def test_a_plan_asks_for_an_error_where_rows_would_be_left(url: str) -> None:
    """As text the number of generations is a guess: rows beyond it must not vanish."""
    m = Migrator(url, directory="migrations")
    script(
        m,
        "a1",
        'op.create_table("tree", sa.Column("id", sa.Integer, primary_key=True),\n'
        '    sa.Column("up", sa.Integer, sa.ForeignKey("tree.id")))\n'
        "for n in range(1, 20):\n"
        "    op.execute(f\"INSERT INTO tree VALUES ({n}, {n - 1 or 'NULL'})\")\n"
        'op.alter_column("tree", "up", type_=sa.BigInteger())',
    )
    text = str(m.sql("head"))
    with pytest.raises(sa.exc.DBAPIError, match="over more generations than were written"):
        query(url, text)
    assert query(url, "SELECT table_name FROM duckdb_tables()") == []


def test_duckdb_draws_no_bars_while_a_run_is_under_way(url: str) -> None:
    """They would be widgets in a saved notebook; afterwards the session is as it was."""
    engine = sa.create_engine(url, poolclass=sa.StaticPool)
    setting = "SELECT current_setting('enable_progress_bar')"
    with engine.connect() as connection:
        connection.exec_driver_sql("SET enable_progress_bar = true")
        connection.commit()
    body = f'op.get_bind().exec_driver_sql("CREATE TABLE seen AS {setting} AS bar")\n'
    Migrator(engine).cell_revision("look", body, apply=True)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT bar FROM seen").scalar() is False
        assert connection.exec_driver_sql(setting).scalar() is True
    engine.dispose()


def test_a_type_may_be_given_as_a_class(url: str) -> None:
    m = Migrator(url)
    m.cell_revision("a", 'op.create_table("t", sa.Column("n", sa.Integer))\n', apply=True)
    m.cell_revision("b", 'op.alter_column("t", "n", existing_type=sa.Integer, type_=sa.SmallInteger)\n')
    told = m.plan().steps[0]
    assert (told.note, "class" in told.operations[0].words) == ("", False)
    assert told.operations[0].statements == m.upgrade().steps[0].statements
