"""NOT NULL on a filled table: its step stands in the file; type and default change in an order that works."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from roundtrip import database, diffs, metadata_of, run, run_with_alembic, sources

from nbmigrate import Migrator
from nbmigrate.errors import MigrationFailed

Models = Callable[[sa.MetaData], Any]


def table(m: sa.MetaData, *items: Any) -> sa.Table:
    return sa.Table("t", m, sa.Column("id", sa.Integer, primary_key=True, autoincrement=False), *items)


class Project:
    """A table with two rows, made by a first revision."""

    def __init__(self, url: str, folder: Path, before: Models, rows: list[dict[str, Any]]) -> None:
        self.url = url
        self.migrator = Migrator(url, metadata=metadata_of(before), directory=folder / "migrations")
        self.migrator.revision("first", autogenerate=True)
        self.migrator.upgrade("head")
        with database(url) as engine, engine.begin() as connection:
            for row in rows:
                connection.execute(sa.insert(self.migrator.metadata.tables["t"]).values(row))

    def revise(self, after: Models) -> str:
        """The body of upgrade() of a second revision."""
        self.migrator.metadata = metadata_of(after)
        made = self.migrator.revision("second", autogenerate=True)
        self.changes = {change.name: change.rows for change in made.changes}
        return made.source.partition("def upgrade")[2].partition("def downgrade")[0]

    def rows(self, *columns: str) -> list[Any]:
        with database(self.url) as engine, engine.connect() as connection:
            found = sa.select(*map(sa.column, columns)).select_from(sa.table("t")).order_by(sa.column("id"))
            return [tuple(row) for row in connection.execute(found)]


def number(**kw: Any) -> Models:
    return lambda m: table(m, sa.Column("c", sa.Integer, **kw))


ROWS = [{"id": 1, "c": None}, {"id": 2, "c": 7}]


@pytest.mark.parametrize("default", [{"server_default": "5"}, {"default": 5}], ids=["server", "python"])
def test_nulls_get_the_default(url: str, tmp_path: Path, default: dict[str, Any]) -> None:
    project = Project(url, tmp_path, number(), ROWS)
    text = project.revise(number(nullable=False, **default))
    assert "UPDATE t SET c = " in text
    assert project.changes["t.c"] == f"fills 1 NULL with {5 if 'default' in default else repr('5')}"
    project.migrator.upgrade("head")
    assert project.rows("id", "c") == [(1, 5), (2, 7)]
    assert not project.migrator.diff()
    project.migrator.downgrade("-1")
    project.migrator.metadata = metadata_of(number())
    assert not project.migrator.diff()


def test_without_a_default_nothing_is_made_up(url: str, tmp_path: Path) -> None:
    project = Project(url, tmp_path, number(), ROWS)
    text = project.revise(number(nullable=False))
    assert "# 1 row without a value for t.c, and the models have no default for it:" in text
    assert "# say here what they get" in text
    assert "\n    op.execute" not in text
    with pytest.raises(MigrationFailed):
        project.migrator.upgrade("head")
    assert project.rows("id", "c") == [(1, None), (2, 7)]


def test_where_no_row_is_in_the_way_no_step_is_written(url: str, tmp_path: Path) -> None:
    project = Project(url, tmp_path, number(), [{"id": 2, "c": 7}])
    text = project.revise(number(nullable=False, server_default="5"))
    assert "UPDATE" not in text
    project.migrator.upgrade("head")
    assert not project.migrator.diff()


def test_a_new_column_that_must_not_be_null(url: str, tmp_path: Path) -> None:
    project = Project(url, tmp_path, number(), ROWS)
    new = sa.Column("must", sa.String(20), nullable=False, default="it's: 5%")
    text = project.revise(lambda m: table(m, sa.Column("c", sa.Integer), new))
    assert "nullable=True" in text and "UPDATE" in text
    assert project.changes["t.must"] == "fills 2 rows with 'it''s: 5%'"
    project.migrator.upgrade("head")
    assert project.rows("id", "must") == [(1, "it's: 5%"), (2, "it's: 5%")]
    assert not project.migrator.diff()
    project.migrator.downgrade("-1")
    assert project.rows("id", "c") == [(1, None), (2, 7)]


def test_a_new_column_without_a_value_is_refused_by_the_database_not_filled(url: str, tmp_path: Path) -> None:
    project = Project(url, tmp_path, number(), ROWS)
    text = project.revise(
        lambda m: table(m, sa.Column("c", sa.Integer), sa.Column("must", sa.Integer, nullable=False))
    )
    assert "# 2 rows without a value for t.must" in text
    with pytest.raises(MigrationFailed):
        project.migrator.upgrade("head")


def test_a_person_writes_the_step(url: str, tmp_path: Path) -> None:
    project = Project(url, tmp_path, number(), ROWS)
    project.revise(number(nullable=False))
    path = Path(next(tmp_path.glob("migrations/versions/*second.py")))
    text = path.read_text()
    line = text[text.index("op.execute(") : text.index("IS NULL')") + len("IS NULL')")]
    step = line.replace("...", "40 + 2")
    head, comment, rest = text.partition("    # say here what they get")
    path.write_text(f"{head}    {step}\n{comment}{rest}")
    project.migrator.upgrade("head")
    assert project.rows("id", "c") == [(1, 42), (2, 7)]


def test_another_type_and_not_null_at_once(url: str, tmp_path: Path) -> None:
    project = Project(url, tmp_path, number(), ROWS)
    text = project.revise(lambda m: table(m, sa.Column("c", sa.Text, nullable=False, default="none")))
    assert text.index("type_=") < text.index("UPDATE") < text.index("nullable=False")
    project.migrator.upgrade("head")
    assert project.rows("id", "c") == [(1, "none"), (2, "7")]
    assert not project.migrator.diff()


TEN, WHOLE = sa.String(10), sa.Integer()
CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "default stays": ({"type_": TEN, "server_default": "5"}, {"type_": WHOLE, "server_default": "5"}),
    "default changes": ({"type_": TEN, "server_default": "x"}, {"type_": WHOLE, "server_default": "7"}),
    "default goes": ({"type_": TEN, "server_default": "x"}, {"type_": WHOLE}),
    "default comes": ({"type_": TEN}, {"type_": WHOLE, "server_default": "7"}),
    "expression": (
        {"type_": sa.Text(), "server_default": sa.text("'a' || 'b'")},
        {"type_": WHOLE, "server_default": sa.text("1 + 1")},
    ),
    "truth": (
        {"type_": sa.String(5), "server_default": "true"},
        {"type_": sa.Boolean(), "server_default": sa.true()},
    ),
}


@pytest.mark.postgresql
@pytest.mark.parametrize("case", CHANGES)
@pytest.mark.parametrize("runner", [run, run_with_alembic], ids=["ours", "alembic"])
def test_type_and_default_on_postgresql(postgresql_url: str, case: str, runner: Any) -> None:
    """DROP DEFAULT, TYPE ... USING, SET DEFAULT: PostgreSQL casts no default by itself."""
    before, after = (
        metadata_of(lambda m, o=options: table(m, sa.Column("c", **o))) for options in CHANGES[case]
    )
    with database(postgresql_url) as engine:
        before.create_all(engine)
        imports, up, down = sources(engine, after)
        assert "postgresql_using" in up
        runner(engine, imports, up)
        assert diffs(engine, after) == []
        runner(engine, imports, down)
        assert diffs(engine, before) == []


def test_the_way_back_says_where_rows_need_a_value(url: str, tmp_path: Path) -> None:
    """A column without a default goes from a filled table: nothing can give its values back by itself."""

    def before(m: sa.MetaData) -> None:
        table(m, sa.Column("gone", sa.Integer, nullable=False), sa.Column("kept", sa.Integer))

    def after(m: sa.MetaData) -> None:
        table(m, sa.Column("kept", sa.Integer))

    project = Project(url, tmp_path, before, [{"id": 1, "gone": 7}, {"id": 2, "gone": 8}])
    project.revise(after)
    project.migrator.upgrade("head")
    told = "# 2 rows without a value for t.gone"
    path = next((tmp_path / "migrations" / "versions").glob("*_second.py"))
    down = path.read_text().partition("def downgrade")[2]
    if url.startswith("mysql"):
        # MariaDB gives rows a value of its own, zero for one
        assert told not in down
        return
    assert told in down
    with pytest.raises(MigrationFailed):
        project.migrator.downgrade("-1")
    line = next(line for line in down.splitlines() if "op.execute(" in line)
    step = line[line.index("op.execute(") :].replace("...", "id + 6")
    path.write_text(path.read_text().replace(line, f"    {step}"))
    project.migrator.downgrade("-1")
    assert project.rows("id", "gone") == [(1, 7), (2, 8)]
