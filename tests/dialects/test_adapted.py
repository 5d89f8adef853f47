"""Dialects of other packages, written for Alembic: classes that subclass ``alembic.ddl.impl.DefaultImpl``."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.ext.compiler import compiles

from nbmigrate import Migrator
from nbmigrate.autogenerate import produce_migrations, render_python_code
from nbmigrate.ddl import impl as door
from nbmigrate.ddl.base import AddColumn, add_column, alter_table
from nbmigrate.ddl.impl import DefaultImpl
from nbmigrate.ddl.postgresql import PostgresqlImpl
from nbmigrate.dialects import dialect_class
from nbmigrate.dialects.duckdb.dialect import DuckDB
from nbmigrate.dialects.postgresql import Postgresql
from nbmigrate.dialects.sqlite.dialect import SQLite
from nbmigrate.errors import CommandError
from nbmigrate.operations import Operations
from nbmigrate.runtime.migration import MigrationContext


class ToyDialect(SQLiteDialect_pysqlite):
    """SQLite under another name: a database that nbmigrate has never heard of, and that runs."""

    name = "toydb"
    supports_statement_cache = True


registry.register("toydb", __name__, "ToyDialect")


@pytest.fixture(autouse=True)
def impls() -> Iterator[dict[str, type[DefaultImpl]]]:
    """Classes that a test registers are forgotten after it."""
    for module in set(door.BUILT_IN.values()):
        import_module(f"nbmigrate.ddl.{module}")
    kept = dict(door._impls)
    yield door._impls
    door._impls.clear()
    door._impls.update(kept)


def operations(name: str, **opts: Any) -> tuple[Operations, io.StringIO]:
    buffer = io.StringIO()
    context = MigrationContext.configure(
        dialect_name=name, opts={"as_sql": True, "output_buffer": buffer, **opts}
    )
    return Operations(context), buffer


def lines(buffer: io.StringIO) -> list[str]:
    return [" ".join(part.split()) for part in buffer.getvalue().split("\n\n") if part]


def toy(**members: Any) -> type[DefaultImpl]:
    return type("ToyImpl", (DefaultImpl,), {"__dialect__": "toydb", **members})


def test_an_unknown_database_is_the_usual_one_until_a_class_is_registered() -> None:
    assert dialect_class("toydb").__name__ == "Dialect"
    toy()
    assert dialect_class("toydb").__name__ == "Toy"


def test_what_the_class_overrides_is_called_with_alembics_arguments_and_the_rest_is_ours() -> None:
    calls: list[Any] = []

    def add(self: Any, table_name: str, column: Any, **kw: Any) -> None:
        calls.append((table_name, column.name, kw))
        super(door._impls["toydb"], self).add_column(table_name, column, **kw)
        self._exec(f"ANALYZE {table_name}")

    toy(add_column=add)
    op, buffer = operations("toydb")
    op.add_column("t", sa.Column("a", sa.Integer, index=True), schema="s", if_not_exists=True)
    op.rename_table("t", "u")
    assert calls == [("t", "a", {"schema": "s", "if_not_exists": True})]
    assert lines(buffer) == [
        "ALTER TABLE s.t ADD COLUMN IF NOT EXISTS a INTEGER;",
        "ANALYZE t;",
        "CREATE INDEX s.ix_s_t_a ON t (a);",
        "ALTER TABLE t RENAME TO u;",
    ]


def test_every_method_is_called_for_its_operation() -> None:
    """O1 to O17: each operation is a call of the method that Alembic calls for it."""
    called: list[str] = []
    names = [
        *["create_table", "drop_table", "rename_table", "create_table_comment", "drop_table_comment"],
        *["add_column", "drop_column", "alter_column", "add_constraint", "drop_constraint"],
        *["create_index", "drop_index", "bulk_insert", "execute"],
    ]

    def recorder(name: str) -> Any:
        def method(self: Any, *args: Any, **kw: Any) -> None:
            called.append(name)

        return method

    toy(**{name: recorder(name) for name in names})
    op, buffer = operations("toydb")
    table = op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), if_not_exists=True)
    op.rename_table("t", "u", schema="s")
    op.create_table_comment("t", "words")
    op.drop_table_comment("t")
    op.add_column("t", sa.Column("a", sa.Integer))
    op.alter_column("t", "a", nullable=False)
    op.drop_column("t", "a", if_exists=True)
    op.create_unique_constraint("uq", "t", ["id"])
    op.create_foreign_key("fk", "t", "u", ["id"], ["id"])
    op.create_check_constraint("ck", "t", "id > 0")
    op.create_primary_key("pk", "t", ["id"])
    op.drop_constraint("uq", "t", "unique")
    op.create_index("ix", "t", ["id"])
    op.drop_index("ix", "t")
    op.bulk_insert(table, [{"id": 1}])
    op.execute("SELECT 1")
    op.drop_table("t")
    assert buffer.getvalue() == ""
    assert called == [
        "create_table",
        "rename_table",
        "create_table_comment",
        "drop_table_comment",
        "add_column",
        "alter_column",
        "drop_column",
        *["add_constraint"] * 4,
        "drop_constraint",
        "create_index",
        "drop_index",
        "bulk_insert",
        "execute",
        "drop_table",
    ]


def test_alter_column_gets_what_alembic_gives_it() -> None:
    """O2."""
    found: dict[str, Any] = {}

    def alter(self: Any, table_name: str, column_name: str, **kw: Any) -> None:
        found.update(kw)

    toy(alter_column=alter)
    op, _ = operations("toydb")
    op.alter_column(
        "t",
        "a",
        new_column_name="b",
        type_=sa.Text(),
        existing_type=sa.Integer(),
        existing_nullable=True,
        toydb_online=True,
    )
    assert {name: found[name] for name in ("name", "nullable", "server_default", "comment")} == {
        "name": "b",
        "nullable": None,
        "server_default": False,
        "comment": False,
    }
    assert isinstance(found["type_"], sa.Text) and isinstance(found["existing_type"], sa.Integer)
    assert found["existing_nullable"] is True and found["toydb_online"] is True


def test_an_overridden_exec_sees_every_statement() -> None:
    seen: list[str] = []

    def execute(self: Any, construct: Any, *args: Any, **kw: Any) -> Any:
        seen.append(type(construct).__name__)
        return super(door._impls["toydb"], self)._exec(construct, *args, **kw)

    toy(_exec=execute)
    op, buffer = operations("toydb")
    op.add_column("t", sa.Column("a", sa.Integer))
    op.bulk_insert(sa.table("t", sa.column("a")), [{"a": 1}])
    assert seen == ["AddColumn", "Insert"]
    assert lines(buffer) == ["ALTER TABLE t ADD COLUMN a INTEGER;", "INSERT INTO t (a) VALUES (1);"]


def test_the_spelling_that_a_package_registers_for_our_elements_is_used() -> None:
    @compiles(AddColumn, "toydb")
    def _add(element: AddColumn, compiler: Any, **kw: Any) -> str:
        table = alter_table(compiler, element.table_name, element.schema)
        return f"{table} {add_column(compiler, element.column)} !"

    toy()
    op, buffer = operations("toydb")
    try:
        op.add_column("t", sa.Column("a", sa.Integer), schema="s")
    finally:
        AddColumn._compiler_dispatcher.specs.pop("toydb")  # type: ignore[attr-defined]
    assert lines(buffer) == ["ALTER TABLE s.t ADD COLUMN a INTEGER !;"]


def test_terminator_and_transaction_texts_are_the_classes() -> None:
    def begin(self: Any) -> None:
        self.static_output("START WORK" + self.command_terminator)

    toy(command_terminator="!", transactional_ddl=True, emit_begin=begin)
    buffer = io.StringIO()
    context = MigrationContext.configure(
        dialect_name="toydb", opts={"as_sql": True, "output_buffer": buffer, "transactional_ddl": None}
    )
    with context.begin_transaction():
        Operations(context).execute("SELECT 1")
    assert lines(buffer) == ["START WORK!", "SELECT 1!", "COMMIT!"]


def project(folder: Path, revision: str, *lines: str) -> Migrator:
    """A database of the toy's, and a folder with one revision."""
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    body = "\n".join(f"    {line}" for line in lines)
    (versions / "first.py").write_text(
        f"from alembic import op\nimport sqlalchemy as sa\nrevision = {revision!r}\ndown_revision = None\n"
        f"def upgrade():\n{body}\ndef downgrade():\n    pass\n"
    )
    return Migrator(f"toydb:///{folder / 'toy.db'}", directory=str(folder / "migrations"))


def wide_version_table(self: Any, **kw: Any) -> sa.Table:
    return sa.Table(
        kw["version_table"],
        sa.MetaData(),
        sa.Column("version_num", sa.String(100), primary_key=True),
        sa.Column("note", sa.Text, server_default="ours"),
        schema=kw["version_table_schema"],
    )


def test_a_whole_run_by_a_registered_class(tmp_path: Path) -> None:
    """T7: the class's own version table, its rows by its ``_exec``, its ``start_migrations``."""
    told: list[str] = []

    def execute(self: Any, construct: Any, *args: Any, **kw: Any) -> Any:
        told.append(str(construct).split()[0])
        return super(door._impls["toydb"], self)._exec(construct, *args, **kw)

    def add(self: Any, table_name: str, column: Any, **kw: Any) -> None:
        super(door._impls["toydb"], self).add_column(table_name, column, **kw)
        # what was sent has run: the database can be asked
        rows = self._exec(sa.text("SELECT count(*) FROM pragma_table_info('t')")).scalar()
        told.append(f"{rows} columns")

    toy(
        _exec=execute,
        add_column=add,
        version_table_impl=wide_version_table,
        start_migrations=lambda self: told.append("started"),
    )
    migrator = project(
        tmp_path,
        "a" * 40,
        "op.create_table('t', sa.Column('id', sa.Integer))",
        "op.add_column('t', sa.Column('a', sa.Integer))",
    )
    migrator.upgrade("head")
    assert told == ["started", "CREATE", "CREATE", "ALTER", "SELECT", "2 columns", "INSERT"]
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'toy.db'}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT * FROM alembic_version").all() == [("a" * 40, "ours")]
    engine.dispose()
    assert str(migrator.current()).startswith("a" * 40)


def test_a_plan_runs_nothing_of_a_registered_class(tmp_path: Path) -> None:
    def add(self: Any, table_name: str, column: Any, **kw: Any) -> None:
        super(door._impls["toydb"], self).add_column(table_name, column, **kw)
        self.static_output("VACUUM" + self.command_terminator)

    toy(add_column=add)
    migrator = project(tmp_path, "abcd1234", "op.add_column('t', sa.Column('a', sa.Integer))")
    plan = str(migrator.plan("head"))
    assert "ALTER TABLE t ADD COLUMN a INTEGER" in plan and "VACUUM" in plan
    assert sa.inspect(sa.create_engine(f"sqlite:///{tmp_path / 'toy.db'}")).get_table_names() == []


def test_a_class_that_builds_on_postgresqls_stands_in_front_of_ours() -> None:
    class Wide(PostgresqlImpl):
        __dialect__ = "postgresql"
        version_table_impl = wide_version_table

    found = dialect_class("postgresql")
    assert issubclass(found, Postgresql) and found is not Postgresql
    op, buffer = operations("postgresql")
    assert op.get_context().version_table == "alembic_version"
    op.alter_column("t", "a", type_=sa.Text(), postgresql_using="a::text")
    assert lines(buffer) == ["ALTER TABLE t ALTER COLUMN a TYPE TEXT USING a::text;"]


def test_a_relative_of_a_known_database_is_treated_as_that() -> None:
    class Cockroach(PostgresqlImpl):
        __dialect__ = "toydb"
        transactional_ddl = False

    found = dialect_class("toydb")
    assert issubclass(found, Postgresql)
    context = MigrationContext.configure(dialect_name="toydb", opts={"as_sql": True})
    assert context.ddl.transactional_ddl is False


@pytest.mark.parametrize(("name", "ours"), [("duckdb", DuckDB), ("sqlite", SQLite)])
def test_where_nbmigrate_knows_the_database_itself_a_class_from_scratch_is_not_used(
    name: str, ours: type
) -> None:
    type("FromScratch", (DefaultImpl,), {"__dialect__": name})
    assert dialect_class(name) is ours


@pytest.mark.parametrize("name", ["sqlite", "mysql", "mariadb", "postgresql", "mssql", "oracle", "toydb"])
def test_context_impl_is_there_for_scripts_and_extensions(name: str) -> None:
    """O20: extensions call ``operations.impl`` and ``context.impl`` by Alembic's names."""
    op, buffer = operations(name)
    impl = op.get_context().impl
    assert impl is op.impl and impl.as_sql and impl.dialect.name == name
    assert name == "toydb" or type(impl) is DefaultImpl.get_by_dialect(impl.dialect)
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))
    impl.add_column("t", table.c.a)
    impl.execute("SELECT 1")
    impl.static_output("-- words")
    found = lines(buffer)
    assert "ADD" in found[0] and "-- words" in found and any("SELECT 1" in line for line in found)


def test_an_object_made_by_hand_writes_into_its_buffer_and_says_what_it_lacks() -> None:
    buffer = io.StringIO()
    impl = DefaultImpl(ToyDialect(), None, True, None, buffer, {})
    impl.rename_table("a", "b")
    impl.emit_begin()
    assert lines(buffer) == ["ALTER TABLE a RENAME TO b;", "BEGIN;"]
    with pytest.raises(Exception, match="no connection"):
        DefaultImpl(ToyDialect(), None, False, None, None, {}).rename_table("a", "b")
    with pytest.raises(TypeError, match="not allowed with as_sql"):
        impl._exec(sa.text("SELECT :x"), params={"x": 1})


def test_comparison_hooks_say_what_our_comparison_says() -> None:
    impl = operations("toydb")[0].impl
    assert not impl.compare_type(sa.Column("a", sa.Numeric(10, 2)), sa.Column("a", sa.DECIMAL(10, 2)))
    assert impl.compare_type(sa.Column("a", sa.Integer), sa.Column("a", sa.Text))
    assert not impl.compare_server_default(None, None, "'1'", "1")
    assert impl.compare_server_default(None, None, "'1'", None)
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer), sa.Column("b", sa.Integer))
    one, other = sa.Index("ix", table.c.a), sa.Index("iy", table.c.b, unique=True)
    assert impl.compare_indexes(one, one).is_equal
    found = impl.compare_indexes(one, other)
    assert found.is_different and found.message == "unique=True to unique=False, expression ['b'] to ['a']"


DUCKDB = """
import warnings
warnings.simplefilter("error")
import sys
import sqlalchemy as sa
from nbmigrate.runtime.alias import alembic_alias
with alembic_alias():
    import alembic
    engine = sa.create_engine("duckdb:///:memory:")
    with engine.connect() as connection:
        from nbmigrate.runtime.migration import MigrationContext
        from nbmigrate.operations import Operations
        context = MigrationContext.configure(connection)
        Operations(context).create_table("t", sa.Column("a", sa.Integer))
        Operations(context).rename_table("t", "u")
        print(sa.inspect(connection).get_table_names())
found = sys.modules["duckdb_sqlalchemy.alembic_impl"].DuckDBImpl
print([cls.__module__ for cls in found.__mro__[:2]], type(context.ddl).__module__)
"""


def test_duckdb_sqlalchemys_class_loads_and_ours_is_used() -> None:
    done = subprocess.run([sys.executable, "-c", DUCKDB], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "['u']",
        "['duckdb_sqlalchemy.alembic_impl', 'nbmigrate.ddl.impl'] nbmigrate.dialects.duckdb.dialect",
    ]


def test_a_module_beside_the_dialect_that_cant_be_imported_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "strangedb"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "alembic.py").write_text("import nothing_of_that_name\n")
    (package / "dialect.py").write_text(
        "from sqlalchemy.engine.default import DefaultDialect\n"
        "class Strange(DefaultDialect):\n    name = 'strangedb'\n    supports_statement_cache = True\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    dialect = import_module("strangedb.dialect").Strange()
    with pytest.warns(UserWarning, match=r"strangedb\.alembic.*nothing_of_that_name"):
        context = MigrationContext.configure(dialect=dialect, opts={"as_sql": True})
    assert type(context.ddl).__name__ == "Dialect"


def test_types_and_defaults_by_the_class(impls: dict[str, type[DefaultImpl]]) -> None:
    """A18, A19: ``render_type``, ``compare_type`` and ``compare_server_default`` of a registered class."""
    asked: list[str] = []

    def compare_type(self: Any, ours: Any, theirs: Any) -> bool:
        asked.append(f"type of {ours.name}")
        return False

    def compare_default(self: Any, ours: Any, theirs: Any, wanted: Any, there: Any) -> bool:
        asked.append(f"default of {ours.name}: {there} {wanted}")
        return theirs.name == "b"

    def render_type(self: Any, type_: Any, autogen_context: Any) -> Any:
        if not isinstance(type_, sa.Text):
            return False
        autogen_context.imports.add("import toys")
        return "toys.Text()"

    toy(compare_type=compare_type, compare_server_default=compare_default, render_type=render_type)
    metadata = sa.MetaData()
    sa.Table(
        "t",
        metadata,
        sa.Column("a", sa.Text, server_default="x"),
        sa.Column("b", sa.Integer, server_default="2"),
        sa.Column("c", sa.Text),
    )
    engine = sa.create_engine("toydb://")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a INTEGER DEFAULT 'y', b INTEGER DEFAULT 1)")
        context = MigrationContext.configure(connection)
        script = produce_migrations(context, metadata)
        imports: set[str] = set()
        assert script.upgrade_ops is not None
        text = render_python_code(script.upgrade_ops, migration_context=context, imports=imports)
    engine.dispose()
    assert asked == ["type of a", "default of a: 'y' 'x'", "type of b", "default of b: 1 '2'"]
    assert "op.add_column('t', sa.Column('c', toys.Text(), nullable=True))" in text
    assert "op.alter_column('t', 'b'" in text and "op.alter_column('t', 'a'" not in text


def batch_of(connection: sa.Connection, **arguments: Any) -> None:
    context = MigrationContext.configure(connection)
    with Operations(context).batch_alter_table("t", **arguments) as batch:
        batch.add_column(sa.Column("b", sa.Integer(), index=True))
        batch.alter_column("a", existing_type=sa.Integer(), nullable=False)
        batch.drop_constraint("uq", type_="unique")


def test_the_two_hooks_of_a_batch_are_called_with_what_alembic_gives_them() -> None:
    from nbmigrate.ddl.sqlite import SQLiteImpl

    seen: list[Any] = []

    class ToyImpl(SQLiteImpl):
        __dialect__ = "toydb"

        def requires_recreate_in_batch(self, batch_op: Any) -> bool:
            seen.append([(name, getattr(given[-1], "name", given[-1])) for name, given, _ in batch_op.batch])
            return True

        def prep_table_for_batch(self, batch_impl: Any, table: sa.Table) -> None:
            seen.append((table.name, sorted(batch_impl.named_constraints), sorted(table.c.keys())))

    engine = sa.create_engine("toydb://")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a INTEGER, CONSTRAINT uq UNIQUE (a))")
        batch_of(connection)
        sql = connection.exec_driver_sql("SELECT sql FROM sqlite_schema WHERE name = 't'").scalar_one()
    assert seen == [
        [
            ("add_column", "b"),
            ("create_index", "ix_t_b"),
            ("alter_column", "a"),
            ("drop_constraint", "uq"),
        ],
        ("t", ["uq"], ["a"]),
    ]
    assert "NOT NULL" in sql and "uq" not in sql


def test_a_rebuild_that_nobody_has_is_refused_in_a_line_and_never_is_obeyed() -> None:
    toy(requires_recreate_in_batch=lambda self, batch_op: True)
    engine = sa.create_engine("toydb://")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a INTEGER)")
        with pytest.raises(CommandError, match="no rebuild for toydb that keeps everything: write recreate="):
            batch_of(connection)
        context = MigrationContext.configure(connection)
        with Operations(context).batch_alter_table("t", recreate="never") as batch:
            batch.add_column(sa.Column("b", sa.Integer()))
        assert [column["name"] for column in sa.inspect(connection).get_columns("t")] == ["a", "b"]
