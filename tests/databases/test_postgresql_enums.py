"""PostgreSQL's enum types: made when a column needs them, once, and no obstacle on the way up again."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from nbmigrate import Migrator

pytestmark = pytest.mark.postgresql
MOOD = sa.Enum("sad", "ok", name="mood")


def models(*columns: sa.Column[object]) -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table("person", metadata, sa.Column("id", sa.Integer, primary_key=True), *columns)
    return metadata


def test_an_enum_column_is_added_taken_back_and_added_again(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Migrator(postgresql_url, metadata=models()).revision("person", autogenerate=True)
    m = Migrator(postgresql_url, metadata=models(sa.Column("mood", MOOD), sa.Column("before", MOOD)))
    m.upgrade()
    made = m.revision("moods", autogenerate=True)
    creating = [statement for statement in made.statements if "CREATE TYPE" in statement]
    assert creating == ["CREATE TYPE mood AS ENUM ('sad', 'ok')"]
    for _ in range(2):
        m.upgrade()
        assert not m.diff()
        m.downgrade("-1")
    m.upgrade()
    engine = sa.create_engine(postgresql_url)
    with engine.begin() as connection:
        connection.execute(sa.text("insert into person (mood, before) values ('ok', 'sad')"))
    engine.dispose()


def test_a_text_column_becomes_an_enum_and_text_again(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = Migrator(postgresql_url, metadata=models(sa.Column("mood", sa.Text)))
    before.revision("person", autogenerate=True)
    before.upgrade()
    engine = sa.create_engine(postgresql_url)
    with engine.begin() as connection:
        connection.execute(sa.text("insert into person (mood) values ('ok')"))
    after = Migrator(postgresql_url, metadata=models(sa.Column("mood", MOOD)))
    after.revision("mood", autogenerate=True)
    after.upgrade()
    assert not after.diff()
    after.downgrade("-1")
    assert not before.diff()
    with engine.connect() as connection:
        assert connection.execute(sa.text("select mood from person")).scalar() == "ok"
    engine.dispose()


def test_a_type_that_the_script_makes_itself_is_not_made_twice(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    m = Migrator(postgresql_url)
    m.cell_revision("person", 'op.create_table("person", sa.Column("id", sa.Integer, primary_key=True))\n')
    m.cell_revision(
        "mood",
        "def upgrade():\n"
        '    mood = sa.Enum("sad", "ok", name="mood")\n'
        "    mood.create(op.get_bind(), checkfirst=True)\n"
        '    op.add_column("person", sa.Column("mood", mood))\n\n'
        "def downgrade():\n"
        '    op.drop_column("person", "mood")\n'
        '    sa.Enum(name="mood").drop(op.get_bind())\n',
    )
    m.upgrade()
    m.downgrade("-1")
    text = str(m.upgrade("head", sql=True))
    assert text.count("CREATE TYPE mood") == 1
    m.upgrade()
