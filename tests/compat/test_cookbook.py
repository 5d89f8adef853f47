"""The recipes that Alembic documents (1.13), each in a project of its own."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from small_projects import Make, make, tables

from nbmigrate import Migrator, command
from nbmigrate.autogenerate import produce_migrations, render_python_code
from nbmigrate.config import CommandLine, Config
from nbmigrate.errors import DatabaseNotAtHead
from nbmigrate.operations import Operations, ops
from nbmigrate.runtime.migration import MigrationContext
from nbmigrate.script import ScriptDirectory

__all__ = ["make"]

MODELS = """
from sqlalchemy import Boolean, Column, Index, Integer, MetaData, String, Table
metadata = MetaData()
Table("a", metadata, Column("name", String(9)), Column("id", Integer, primary_key=True),
      Index("ix_a", "name"))
"""


def text(script: Any) -> str:
    return Path(script.path).read_text()


def body(script: Any, name: str = "upgrade") -> str:
    """The lines of one function of a revision."""
    source = text(script)
    start = source.index(f"def {name}")
    end = source.find("\ndef ", start + 1)
    return source[start : end if end > 0 else None]


def test_building_an_up_to_date_database_from_scratch(make: Make) -> None:
    config = make("op.execute('create table a (id integer)')", "op.execute('create table b (id integer)')")
    metadata = sa.MetaData()
    for name in "ab":
        sa.Table(name, metadata, sa.Column("id", sa.Integer))
    engine = sa.create_engine("sqlite:///x.db")
    metadata.create_all(engine)
    engine.dispose()
    command.stamp(config, "head")
    command.upgrade(config, "head")
    assert tables() == ["a", "alembic_version", "b"]


def test_sharing_a_connection_with_several_commands(make: Make) -> None:
    config = make(
        "op.execute('create table t (a int)')",
        env="""
        connection = context.config.attributes.get("connection", None)
        assert connection is not None
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
        """,
    )
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        command.stamp(config, "base")
        assert connection.exec_driver_sql("select count(*) from alembic_version").scalar() == 0
        assert sa.inspect(connection).get_table_names() == ["alembic_version", "t"]
    engine.dispose()


@pytest.mark.parametrize(("given", "expected"), [([], ["alembic_version"]), (["-x", "data=1"], None)])
def test_conditional_migrations_with_x(make: Make, given: list[str], expected: list[str] | None) -> None:
    make(
        """
        from alembic import context
        if context.get_x_argument(as_dictionary=True).get("data"):
            op.execute("create table of_data (a int)")
        """
    )
    Path("alembic.ini").write_text("[alembic]\nscript_location=migrations\nsqlalchemy.url=sqlite:///x.db\n")
    CommandLine().main([*given, "upgrade", "head"])
    assert tables() == (expected or ["alembic_version", "of_data"])


def test_replaceable_objects(make: Make) -> None:
    Path("views_of_recipe.py").write_text(
        """
from alembic.operations import MigrateOperation, Operations

class View:
    def __init__(self, name, text):
        self.name, self.text = name, text

class ReversibleOp(MigrateOperation):
    def __init__(self, target):
        self.target = target

    @classmethod
    def invoke_for_target(cls, operations, target):
        return operations.invoke(cls(target))

    @classmethod
    def replace(cls, operations, target, replaces=None, replace_with=None):
        module = operations.get_context().script.get_revision(replaces.partition(".")[0]).module
        old = getattr(module, replaces.partition(".")[2])
        cls(old).reverse().run(operations)
        cls(target).run(operations)

    def run(self, operations):
        operations.invoke(self)

@Operations.register_operation("create_view", "invoke_for_target")
@Operations.register_operation("replace_view", "replace")
class CreateViewOp(ReversibleOp):
    def reverse(self):
        return DropViewOp(self.target)

@Operations.register_operation("drop_view", "invoke_for_target")
class DropViewOp(ReversibleOp):
    def reverse(self):
        return CreateViewOp(self.target)

@Operations.implementation_for(CreateViewOp)
def create_view(operations, operation):
    operations.execute(f"CREATE VIEW {operation.target.name} AS {operation.target.text}")

@Operations.implementation_for(DropViewOp)
def drop_view(operations, operation):
    operations.execute(f"DROP VIEW {operation.target.name}")
"""
    )
    config = make(
        "from views_of_recipe import View\nfirst = View('v', 'select 1 as a')\n#---\nop.create_view(first)",
        "from views_of_recipe import View\nsecond = View('v', 'select 2 as a')\n"
        "#---\nop.replace_view(second, replaces='rev1.first')",
        prepend_sys_path=".",
        path_separator="os",
    )
    command.upgrade(config, "head")
    engine = sa.create_engine("sqlite:///x.db")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("select a from v").scalar() == 2
    engine.dispose()


def test_no_empty_migrations(make: Make) -> None:
    config = make(
        env="""
        from sqlalchemy import MetaData
        def process(context, revision, directives):
            if context.config.cmd_opts is None or context.config.cmd_opts.autogenerate:
                if directives[0].upgrade_ops.is_empty():
                    directives[:] = []
        run(target_metadata=MetaData(), process_revision_directives=process)
        """
    )
    assert command.revision(config, "nothing", autogenerate=True) is None
    assert ScriptDirectory.from_config(config).get_heads() == []


DROPS = """
from alembic.operations import ops
from sqlalchemy import MetaData
def process(context, revision, directives):
    script = directives[0]
    gone = {(op.schema, op.table_name) for op in script.upgrade_ops.ops if isinstance(op, ops.DropTableOp)}
    def keep(found):
        for op in found:
            if isinstance(op, ops.ModifyTableOps) and (op.schema, op.table_name) in gone:
                op.ops = [one for one in op.ops if not isinstance(one, ops.DropIndexOp)]
                if not op.ops:
                    continue
            if isinstance(op, ops.DropIndexOp) and (op.schema, op.table_name) in gone:
                continue
            yield op
    script.upgrade_ops.ops = list(keep(script.upgrade_ops.ops))
run(target_metadata=MetaData(), process_revision_directives=process)
"""


def test_no_drop_index_beside_drop_table(make: Make) -> None:
    config = make("op.execute('create table t (a int)')\nop.execute('create index ix on t (a)')", env=DROPS)
    command.upgrade(config, "head")
    written = body(command.revision(config, "drop", autogenerate=True))
    assert "op.drop_table('t')" in written
    assert "drop_index" not in written


def test_no_drop_table(make: Make) -> None:
    config = make(
        "op.execute('create table t (a int)')",
        env="""
        from sqlalchemy import MetaData
        def include_object(object, name, type_, reflected, compare_to):
            return not (type_ == "table" and reflected and compare_to is None)
        run(target_metadata=MetaData(), include_object=include_object)
        """,
    )
    command.upgrade(config, "head")
    assert command.revision(config, "drop", autogenerate=True) is None


def test_columns_sorted_by_info(make: Make) -> None:
    config = make(
        env=MODELS
        + """
from alembic.autogenerate.rewriter import Rewriter
from alembic.operations import ops
writer = Rewriter()
@writer.rewrites(ops.CreateTableOp)
def order_columns(context, revision, op):
    special = {"id": -100}
    columns = [c for c in op.columns if isinstance(c, Column)]
    others = [c for c in op.columns if not isinstance(c, Column)]
    op.columns = sorted(columns, key=lambda c: special.get(c.name, 0)) + others
    return op
run(target_metadata=metadata, process_revision_directives=writer)
"""
    )
    written = body(command.revision(config, "a", autogenerate=True))
    assert written.index("'id'") < written.index("'name'")


def test_if_exists_by_rewriters(make: Make) -> None:
    config = make(
        env=MODELS
        + """
from alembic.autogenerate.rewriter import Rewriter
from alembic.operations import ops
writer = Rewriter()
@writer.rewrites(ops.CreateTableOp)
@writer.rewrites(ops.CreateIndexOp)
def add_if_not_exists(context, revision, op):
    op.if_not_exists = True
    return op
@writer.rewrites(ops.DropTableOp)
@writer.rewrites(ops.DropIndexOp)
def add_if_exists(context, revision, op):
    op.if_exists = True
    return op
run(target_metadata=metadata, process_revision_directives=writer)
"""
    )
    written = command.revision(config, "a", autogenerate=True)
    assert body(written).count("if_not_exists=True") == 2
    assert body(written, "downgrade").count("if_exists=True") == 2
    command.upgrade(config, "head")
    command.stamp(config, "base")
    command.upgrade(config, "head")


def test_views_left_out_by_info(make: Make) -> None:
    config = make(
        env=MODELS
        + """
Table("v", metadata, Column("id", Integer), info={"is_view": True})
def include_object(object, name, type_, reflected, compare_to):
    return not object.info.get("is_view", False)
run(target_metadata=metadata, include_object=include_object)
"""
    )
    written = body(command.revision(config, "a", autogenerate=True))
    assert "create_table('a'" in written
    assert "'v'" not in written


def test_several_environments_in_one_ini(make: Make) -> None:
    for name in ("one", "two"):
        make(f"op.execute('create table of_{name} (a int)')", folder=name)
    Path("alembic.ini").write_text(
        "[DEFAULT]\nsqlalchemy.url = sqlite:///%(name)s.db\n"
        "[one]\nname = one\nscript_location = one\n[two]\nname = two\nscript_location = two\n"
    )
    for name in ("one", "two"):
        CommandLine().main(["-n", name, "upgrade", "head"])
        engine = sa.create_engine(f"sqlite:///{name}.db")
        assert sa.inspect(engine).get_table_names() == ["alembic_version", f"of_{name}"]
        engine.dispose()


def test_python_code_for_tables_that_are_there() -> None:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        connection.exec_driver_sql("create table t (id integer not null primary key, a varchar(5))")
        context = MigrationContext.configure(connection)
        script = produce_migrations(context, sa.MetaData())
        assert script.downgrade_ops is not None
        code = render_python_code(script.downgrade_ops)
    engine.dispose()
    assert "op.create_table('t'," in code
    assert "sa.Column('a', sa.VARCHAR(length=5), nullable=True)" in code


def test_operations_invoked_without_an_environment() -> None:
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        context = MigrationContext.configure(connection)
        operations = Operations(context)
        operations.invoke(
            ops.UpgradeOps(
                [
                    ops.CreateTableOp("t", [sa.Column("a", sa.Integer)]),
                    ops.ModifyTableOps("t", [ops.AddColumnOp("t", sa.Column("b", sa.Integer))]),
                ]
            )
        )
        operations.drop_column("t", "a")
        assert [column["name"] for column in sa.inspect(connection).get_columns("t")] == ["b"]
    engine.dispose()


def test_whether_a_database_is_at_heads(make: Make) -> None:
    config = make("pass", "pass")
    directory = ScriptDirectory.from_config(config)

    def at_heads() -> bool:
        engine = sa.create_engine("sqlite:///x.db")
        with engine.begin() as connection:
            context = MigrationContext.configure(connection)
            found = set(context.get_current_heads()) == set(directory.get_heads())
        engine.dispose()
        return found

    command.upgrade(config, "rev1")
    assert not at_heads()
    with pytest.raises(DatabaseNotAtHead):
        command.current(config, check_heads=True)
    command.upgrade(config, "head")
    assert at_heads()
    command.current(config, check_heads=True)


def test_programmatic_use_with_asyncio(make: Make) -> None:
    pytest.importorskip("aiosqlite")
    from sqlalchemy.ext.asyncio import create_async_engine

    config = make(
        "op.execute('create table t (a int)')",
        env="""
        context.configure(connection=context.config.attributes["connection"])
        with context.begin_transaction():
            context.run_migrations()
        """,
    )

    def upgrade(connection: sa.Connection) -> None:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    async def program() -> None:
        engine = create_async_engine("sqlite+aiosqlite:///x.db")
        async with engine.begin() as connection:
            await connection.run_sync(upgrade)
        await engine.dispose()

    asyncio.run(program())
    assert tables() == ["alembic_version", "t"]


def test_run_async_inside_a_migration(make: Make) -> None:
    pytest.importorskip("aiosqlite")
    config = make(
        """
        async def work(connection):
            await connection.execute(sa.text("create table t (a int)"))
        op.run_async(work)
        """,
        env="""
        import asyncio
        from sqlalchemy.ext.asyncio import create_async_engine
        def work(connection):
            context.configure(connection=connection)
            with context.begin_transaction():
                context.run_migrations()
        async def main():
            engine = create_async_engine("sqlite+aiosqlite:///x.db")
            async with engine.connect() as connection:
                await connection.run_sync(work)
            await engine.dispose()
        asyncio.run(main())
        """,
    )
    command.upgrade(config, "head")
    assert tables() == ["alembic_version", "t"]


def test_data_migrations(make: Make) -> None:
    config = make(
        """
        table = op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.String))
        op.bulk_insert(table, [{"id": 1, "a": "x"}, {"id": 2, "a": "y"}])
        """,
        """
        t = sa.table("t", sa.column("id"), sa.column("a"))
        op.execute(t.update().where(t.c.a == op.inline_literal("x")).values(a=op.inline_literal("z")))
        for row in op.get_bind().execute(sa.select(t.c.id).where(t.c.a == "y")):
            op.get_bind().execute(t.delete().where(t.c.id == row.id))
        """,
    )
    command.upgrade(config, "head")
    engine = sa.create_engine("sqlite:///x.db")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("select id, a from t").fetchall() == [(1, "z")]
    engine.dispose()


def test_a_command_line_of_ones_own(make: Make) -> None:
    make("pass")
    Path("alembic.ini").write_text("[alembic]\nscript_location=migrations\nsqlalchemy.url=sqlite:///x.db\n")
    seen: list[Any] = []

    def is_current(config: Config, rev: str = "head") -> None:
        """Whether the database is current."""
        config.stdout = io.StringIO()
        command.current(config)
        seen.append("(head)" in config.stdout.getvalue())

    line = CommandLine()
    line.register_command(is_current)
    line.main(["is_current"])
    line.main(["upgrade", "head"])
    line.main(["is_current"])
    assert seen == [False, True]


def test_old_files_pruned(make: Make) -> None:
    config = make("pass", "pass", "op.execute('create table t (a int)')")
    command.upgrade(config, "rev2")
    Path("migrations", "versions", "rev1.py").unlink()
    second = Path("migrations", "versions", "rev2.py")
    second.write_text(second.read_text().replace("down_revision = 'rev1'", "down_revision = None"))
    command.upgrade(config, "head")
    assert [one.id for one in Migrator.from_config(config).current().revisions] == ["rev3"]
    command.downgrade(config, "base")
