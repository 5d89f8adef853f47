"""Enum types whose values change (PostgreSQL): found, rendered, run by us and by Alembic; rows stay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from roundtrip import context_of, database, diffs, metadata_of, run, run_with_alembic, sources
from sqlalchemy.dialects.postgresql import ENUM

from nbmigrate import Migrator, View
from nbmigrate.autogenerate import describe, generate
from nbmigrate.errors import CommandError
from nbmigrate.model.operations import AlterEnumOp

pytestmark = pytest.mark.postgresql


@pytest.fixture
def engine(postgresql_url: str) -> Iterator[sa.Engine]:
    with database(postgresql_url) as made:
        with made.begin() as connection:
            connection.exec_driver_sql('CREATE SCHEMA "Other one"')
        yield made


def models(
    *values: str,
    name: str = "mood",
    schema: str | None = None,
    tables: tuple[str, ...] = ("person",),
    default: str | None = None,
    info: dict[str, Any] | None = None,
    more: Any = lambda: (),
) -> sa.MetaData:
    metadata = sa.MetaData()
    for table in tables:
        enum = sa.Enum(*values, name=name, schema=schema)
        sa.Table(
            table,
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("mood", enum, server_default=default, info=info or {}),
            sa.Column("moods", sa.ARRAY(enum)),
            *more(),
        )
    return metadata


def types(engine: sa.Engine) -> dict[str, list[str]]:
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT typname, ARRAY(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = t.oid "
            "ORDER BY enumsortorder) FROM pg_type t WHERE typtype = 'e' ORDER BY 1"
        )
        return {row[0]: row[1] for row in rows}


def rows(engine: sa.Engine, sql: str = "SELECT mood::text, moods::text FROM person ORDER BY id") -> list[Any]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(sql)]


def fill(engine: sa.Engine, *values: str) -> None:
    with engine.begin() as connection:
        for value in values:
            connection.exec_driver_sql(
                f"INSERT INTO person (mood, moods) VALUES ('{value}', ARRAY['{value}', NULL]::mood[])"
            )


def there_and_back(engine: sa.Engine, after: sa.MetaData, before: sa.MetaData) -> tuple[str, str]:
    imports, up, down = sources(engine, after)
    for runner in (run, run_with_alembic):
        runner(engine, imports, up)
        assert diffs(engine, after) == [], up
        runner(engine, imports, down)
        assert diffs(engine, before) == [], down
    run(engine, imports, up)
    return up, down


NOTHING = sa.MetaData()


@pytest.mark.parametrize(
    ("name", "schema"),
    [("mood", None), ('My "mood" : %', None), ("user", None), ("mood", "Other one"), ("mood", "public")],
)
def test_a_type_comes_with_its_first_table_and_goes_with_its_last(engine, name, schema):
    made: dict[str, Any] = {"name": name, "schema": schema}
    two = models("it's", "a:b", "%", tables=("person", "pet"), **made)
    up, _ = there_and_back(engine, two, NOTHING)
    assert up.count("CREATE TYPE") == 0 and "create_type" not in up  # op.create_table makes it
    assert types(engine) == {name: ["it's", "a:b", "%"]}
    one = models("it's", "a:b", "%", **made)
    up, down = there_and_back(engine, one, two)
    assert "TYPE" not in up and "create_type=False" in down
    there_and_back(engine, two, one)
    there_and_back(engine, NOTHING, two)
    assert types(engine) == {}


def test_a_new_column_brings_its_type_and_the_last_takes_it_along(engine):
    def bare() -> sa.MetaData:
        metadata = sa.MetaData()
        for name in ("person", "pet"):
            sa.Table(name, metadata, sa.Column("id", sa.Integer, primary_key=True))
        return metadata

    bare().create_all(engine)
    both = models("sad", "ok", tables=("person", "pet"))
    up, down = there_and_back(engine, both, bare())
    assert up.count("CREATE TYPE mood") == 1 and down.count("DROP TYPE mood") == 1
    there_and_back(engine, bare(), both)
    assert types(engine) == {}


def test_values_are_only_added(engine):
    before, after = models("sad", "ok"), models("first", "sad", "new", "ok", "last")
    before.create_all(engine)
    fill(engine, "sad", "ok")
    up, _ = there_and_back(engine, after, before)
    assert "ALTER TYPE mood ADD VALUE 'first' BEFORE 'sad'" in up
    assert "ALTER TYPE mood ADD VALUE 'new' AFTER 'sad'" in up
    assert "ALTER TYPE mood ADD VALUE 'last'\"" in up
    assert types(engine) == {"mood": ["first", "sad", "new", "ok", "last"]}
    assert rows(engine) == [("sad", "{sad,NULL}"), ("ok", "{ok,NULL}")]


def test_a_value_that_is_used_at_once_takes_a_new_type(engine):
    # PostgreSQL: a new value of an old type can't be used in the transaction that added it
    before, after = models("sad", "ok", default="sad"), models("sad", "ok", "new", default="new")
    before.create_all(engine)
    fill(engine, "ok")
    up, _ = there_and_back(engine, after, before)
    assert "ADD VALUE" not in up and "CREATE TYPE mood" in up
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO person DEFAULT VALUES")
    assert rows(engine) == [("ok", "{ok,NULL}"), ("new", None)]


def test_values_go_and_change_places_under_all_that_can_hang_on_a_column(engine):
    def more(value: str) -> Any:
        return lambda: (
            sa.CheckConstraint("mood <> 'ok' OR id > 0", name="ck"),
            sa.Index("ix_some", "id", postgresql_where=sa.text("mood = 'ok'")),
            sa.Index("ix_mood", "mood"),
            sa.UniqueConstraint("id", "mood", name="uq"),
        )

    before = models("sad", "ok", "gone", default="ok", more=more("ok"))
    after = models("ok", "sad", default="ok", more=more("ok"))
    for metadata in (before, after):
        View("happy", "SELECT id FROM person WHERE mood = 'ok'", metadata)
        View("above", "SELECT id FROM happy", metadata)
    before.create_all(engine)
    fill(engine, "ok", "sad")
    with engine.begin() as connection:
        for sql in (
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
            "CREATE TRIGGER tr BEFORE UPDATE OF mood ON person FOR EACH ROW EXECUTE FUNCTION f()",
            "COMMENT ON INDEX ix_some IS 'some'",
            "COMMENT ON TYPE mood IS 'how'",
        ):
            connection.exec_driver_sql(sql)
    there_and_back(engine, after, before)
    assert types(engine) == {"mood": ["ok", "sad"]}
    assert rows(engine) == [("ok", "{ok,NULL}"), ("sad", "{sad,NULL}")]
    assert rows(engine, "SELECT id FROM above") == [(1,)]
    assert rows(engine, "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal") == [("tr",)]
    assert rows(engine, "SELECT obj_description('ix_some'::regclass)") == [("some",)]
    assert rows(engine, "SELECT obj_description('mood'::regtype)") == [("how",)]


def test_foreign_keys_between_enum_columns_are_put_back(engine):
    def both(*values: str) -> sa.MetaData:
        metadata = sa.MetaData()
        enum = sa.Enum(*values, name="mood")
        sa.Table("a", metadata, sa.Column("mood", enum, primary_key=True))
        sa.Table("b", metadata, sa.Column("mood", enum, sa.ForeignKey("a.mood", name="fk_b_a")))
        return metadata

    both("x", "y", "z").create_all(engine)
    there_and_back(engine, both("y", "x"), both("x", "y", "z"))
    assert [key["name"] for key in sa.inspect(engine).get_foreign_keys("b")] == ["fk_b_a"]


def test_a_value_that_rows_hold_is_not_dropped(engine, postgresql_url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    models("sad", "ok").create_all(engine)
    fill(engine, "sad", "ok", "sad")
    m = Migrator(postgresql_url, metadata=models("ok", "glad"))
    assert "fails: 4 rows hold 'sad'" in str(m.diff())  # in two columns
    with pytest.raises(CommandError) as refused:
        m.revision("moods", autogenerate=True)
    told = str(refused.value)
    assert "2 rows of person.mood hold 'sad'" in told and "nothing was written" in told
    assert "info={'renamed_values': {'sad': 'glad'}}" in told
    assert "UPDATE person SET mood = 'glad' WHERE mood = 'sad'" in told
    assert not list(tmp_path.rglob("*_moods.py"))
    # and where the rows come later, the cast fails and nothing has happened
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM person WHERE mood = 'sad'")
    imports, up, _ = sources(engine, models("ok", "glad"))
    fill(engine, "sad")
    with pytest.raises(sa.exc.DataError, match='invalid input value for enum mood: "sad"'):
        run(engine, imports, up)
    assert types(engine) == {"mood": ["sad", "ok"]} and len(rows(engine)) == 2


def test_renamed_values_keep_their_rows(engine):
    before = models("sad", "ok", "gone", default="sad")
    after = models("ok", "blue", "new", default="blue", info={"renamed_values": {"sad": "blue"}})
    before.create_all(engine)
    fill(engine, "sad", "ok")
    imports, up, down = sources(engine, after)
    assert "RENAME VALUE 'sad' TO 'blue'" in up and "RENAME VALUE 'blue' TO 'sad'" in down
    run(engine, imports, up)
    assert rows(engine) == [("blue", "{blue,NULL}"), ("ok", "{ok,NULL}")]
    assert diffs(engine, after) == []
    run_with_alembic(engine, imports, down)
    assert rows(engine) == [("sad", "{sad,NULL}"), ("ok", "{ok,NULL}")]
    assert diffs(engine, before) == []


def test_two_values_change_names(engine):
    models("a", "b").create_all(engine)
    fill(engine, "a")
    after = models("b", "a", info={"renamed_values": {"a": "b", "b": "a"}})
    imports, up, down = sources(engine, after)
    run(engine, imports, up)
    assert rows(engine) == [("b", "{b,NULL}")]
    run(engine, imports, down)
    assert rows(engine) == [("a", "{a,NULL}")]


def test_what_stands_in_the_way_is_said(engine, postgresql_url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    models("sad", "ok").create_all(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE FUNCTION f(m mood) RETURNS int LANGUAGE sql AS 'SELECT 1'")
    m = Migrator(postgresql_url, metadata=models("ok"))
    assert "function f(mood) uses the type" in str(m.diff())
    with pytest.raises(CommandError, match=r"used by function f\(mood\): drop that"):
        m.revision("moods", autogenerate=True)


def test_a_type_of_the_metadata_itself(engine):
    def both(*values: str) -> sa.MetaData:
        metadata = sa.MetaData()
        sa.Enum(*values, name="mood", metadata=metadata)
        sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True))
        return metadata

    if not hasattr(sa.MetaData(), "_objects"):
        pytest.skip("SQLAlchemy 2.1 can tell which types a MetaData has")
    there_and_back(engine, both("a", "b"), NOTHING)
    assert types(engine) == {"mood": ["a", "b"]}
    there_and_back(engine, both("b", "c"), both("a", "b"))


def test_types_that_nobody_uses_stay(engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TYPE lonely AS ENUM ('a')")
    assert diffs(engine, NOTHING) == []
    there_and_back(engine, models("sad"), NOTHING)
    assert set(types(engine)) == {"lonely", "mood"}


def test_a_column_from_text_and_back(engine):
    before = metadata_of(
        lambda m: sa.Table("person", m, sa.Column("mood", sa.Text), sa.Column("moods", sa.Text))
    )
    after = metadata_of(
        lambda m: sa.Table(
            "person", m, sa.Column("mood", sa.Enum("x", name="mood")), sa.Column("moods", sa.Text)
        )
    )
    before.create_all(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO person VALUES ('x', 'y')")
    up, down = there_and_back(engine, after, before)
    assert "CREATE TYPE mood" in up and "DROP TYPE mood" in down
    assert rows(engine, "SELECT mood::text FROM person") == [("x",)]


def test_the_operation_explains_itself_and_is_a_row_of_the_diff(engine):
    models("sad", "ok").create_all(engine)
    with engine.connect() as connection:
        context = context_of(connection)
        script = generate(context, models("ok", "new"))
        (operation,) = script.upgrade_ops.ops
        assert isinstance(operation, AlterEnumOp)
        assert operation.explain() == (
            "Change the enum type mood: add new and remove sad, by a new type in its place; "
            "rows keep their values."
        )
        (change,) = describe(script.upgrade_ops, context)
        assert str(change) == "~ alter enum mood: ('sad', 'ok') -> ('ok', 'new')"
        assert "op.execute" in change.operation
        back = operation.reverse()
        assert (back.added, back.removed) == (("sad",), ("new",))


# what scripts say, without autogenerate


def step(engine: sa.Engine, body: str) -> list[str]:
    """One revision's function, with what the run does at its end."""
    from nbmigrate.operations import Operations

    done: list[str] = []
    with engine.connect() as connection:
        sa.event.listen(
            connection, "before_cursor_execute", lambda c, cursor, statement, *rest: done.append(statement)
        )
        context = context_of(connection)
        with context.ddl.transaction(connection), Operations.context(context) as operations:
            exec(body, {"op": operations, "sa": sa, "ENUM": ENUM})
            for statement in context.ddl.end_of_step():
                context.executor.execute(statement)
    return done


def test_directives_make_a_type_once_and_drop_it_with_its_last_column(engine):
    column = "sa.Column('mood', sa.Enum('a', 'b', name='mood'))"
    for _ in range(2):
        done = step(
            engine, f"op.create_table('t', {column})\nop.create_table('u', sa.Column('id', sa.Integer))"
        )
        done += step(engine, f"op.add_column('u', {column})")
        assert sum("CREATE TYPE" in statement for statement in done) == 1
        step(engine, "op.drop_table('t')")
        assert types(engine) == {"mood": ["a", "b"]}
        step(engine, "op.drop_column('u', 'mood')")
        assert types(engine) == {}
        step(engine, "op.drop_table('u')")


def test_a_type_that_a_script_has_made_is_dropped_by_a_script(engine):
    step(engine, "op.execute(\"CREATE TYPE mood AS ENUM ('a')\")")
    table = "op.create_table('t', sa.Column('mood', ENUM('a', name='mood', create_type=False)))"
    step(engine, table)
    step(engine, "op.drop_table('t')")
    assert types(engine) == {"mood": ["a"]}
    step(engine, "op.execute('DROP TYPE mood')")
    # a table whose type was to be there, and is not, gets it all the same
    step(engine, table)
    assert types(engine) == {"mood": ["a"]}


def test_a_script_that_drops_the_type_itself_is_not_in_the_way(engine):
    step(engine, "op.create_table('t', sa.Column('mood', sa.Enum('a', name='mood')))")
    step(engine, "op.drop_table('t')\nop.execute('DROP TYPE mood')")
    assert types(engine) == {}


def test_a_cell_that_is_amended_gets_its_new_values(postgresql_url, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    m = Migrator(postgresql_url)
    body = 'op.create_table("t", sa.Column("mood", sa.Enum({}, name="mood")))\n'
    m.cell_revision("t", body.format('"a"'))
    m.upgrade()
    m.cell_revision("t", body.format('"a", "b"'), amend=True)
    with database(postgresql_url) as engine:
        assert types(engine) == {"mood": ["a", "b"]}


def test_a_type_that_is_made_anew_keeps_owner_rights_and_comment(engine):
    """A value goes, so there is a new type in the old one's place: up and back."""
    roles = ('"Re ader"', "keeper")
    before, after = models("x", "y", "z"), models("y", "x")
    asked = """
        SELECT pg_get_userbyid(t.typowner), t.typacl::text, obj_description(t.oid, 'pg_type')
        FROM pg_type t WHERE typname = 'mood'
    """
    before.create_all(engine)
    try:
        with engine.begin() as connection:
            for role in roles:
                connection.exec_driver_sql(f"CREATE ROLE {role}")
            for statement in (
                "GRANT CREATE ON SCHEMA public TO keeper",
                "REVOKE ALL ON TYPE mood FROM PUBLIC",
                'GRANT USAGE ON TYPE mood TO "Re ader" WITH GRANT OPTION',
                "COMMENT ON TYPE mood IS 'it''s a:b'",
                "ALTER TYPE mood OWNER TO keeper",
            ):
                connection.exec_driver_sql(statement)
        kept = rows(engine, asked)
        assert kept[0][0] == "keeper" and "Re ader" in kept[0][1]
        imports, up, down = sources(engine, after)
        for body, wanted in ((up, after), (down, before)):
            run_with_alembic(engine, imports, body)
            assert diffs(engine, wanted) == []
            assert rows(engine, asked) == kept, body
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE IF EXISTS person")
            for role in roles:
                connection.exec_driver_sql(f"DROP OWNED BY {role} CASCADE")
                connection.exec_driver_sql(f"DROP ROLE {role}")
