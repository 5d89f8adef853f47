"""How a run behaves, by the checklist: transactions, text, logging, callbacks (X1 to X10, E16, E29, T7)."""

from __future__ import annotations

import io
import logging
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from small_projects import Make, make, tables

from nbmigrate import command
from nbmigrate.config import Config
from nbmigrate.errors import CommandError
from nbmigrate.runtime.migration import MigrationContext

__all__ = ["make"]


def written(config: Config, verb: str, target: str, url: str) -> str:
    """The SQL text of a verb on another database."""
    config.set_main_option("sqlalchemy.url", url)
    config.output_buffer = out = io.StringIO()
    getattr(command, verb)(config, target, sql=True)
    return out.getvalue()


def test_x1_an_external_transaction_is_left_to_its_owner(make: Make) -> None:
    config = make(
        "op.execute('create table t (a int)')",
        env="context.configure(connection=context.config.attributes['connection'])\n"
        "with context.begin_transaction():\n    context.run_migrations()",
    )
    engine = sa.create_engine("sqlite:///x.db")
    with engine.connect() as connection:
        transaction = connection.begin()
        connection.exec_driver_sql("create table mine (a int)")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        assert transaction.is_active
        assert connection.exec_driver_sql("select version_num from alembic_version").scalar() == "rev1"
        transaction.rollback()
        # the driver begins a transaction before rows are written, not before DDL: the row is taken back
        assert connection.exec_driver_sql("select count(*) from alembic_version").scalar() == 0
    engine.dispose()


@pytest.mark.parametrize(
    ("name", "transactional"),
    [("postgresql", True), ("mssql", True), ("mysql", False), ("mariadb", False), ("oracle", False)],
)
def test_x2_which_databases_take_ddl_back(name: str, transactional: bool) -> None:
    context = MigrationContext.configure(dialect_name=name, opts={"as_sql": True})
    assert context.ddl.transactional_ddl is transactional


def test_x3_autocommit_block_as_text(make: Make) -> None:
    config = make(
        "op.execute('one')\nwith op.get_context().autocommit_block():\n    op.execute('two')\n"
        "op.execute('three')"
    )
    text = written(config, "upgrade", "head", "postgresql://")
    words = [line for line in text.split("\n") if line in ("one;", "two;", "three;", "COMMIT;", "BEGIN;")]
    assert words == ["BEGIN;", "one;", "COMMIT;", "two;", "BEGIN;", "three;", "COMMIT;"]


def test_x4_e29_batch_separators(make: Make) -> None:
    config = make("op.execute('one')", env="run(mssql_batch_separator='END', oracle_batch_separator='//')")
    assert "one;\n\nEND" in written(config, "upgrade", "head", "mssql+pyodbc://")
    assert "one\n\n//" in written(config, "upgrade", "head", "oracle://")


def test_x5_parameters_and_autogenerate_are_refused_as_text(make: Make) -> None:
    config = make("op.get_bind().execute(sa.text('select :a'), {'a': 1})")
    with pytest.raises(CommandError, match="parameters"):
        written(config, "upgrade", "head", "postgresql://")
    with pytest.raises(CommandError, match="does not make any sense"):
        command.revision(config, autogenerate=True, sql=True)


def test_x6_attributes_buffer_and_stdout(make: Make) -> None:
    config = make("pass", env="assert context.config.attributes == {'a': 1}\nrun()")
    config.attributes["a"] = 1
    config.stdout = io.StringIO()
    command.upgrade(config, "head")
    command.current(config)
    assert config.stdout.getvalue() == "rev1 (head)\n"


def test_x7_looking_makes_no_version_table(make: Make) -> None:
    config = make("pass")
    command.current(config)
    command.history(config, indicate_current=True)
    assert tables() == []
    command.ensure_version(config)
    assert tables() == ["alembic_version"]


def test_x8_log_lines_under_the_names_that_projects_configure(
    make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    config = make("pass", "pass")
    Path("migrations", "versions", "rev2.py").write_text(
        '"""a message"""\n' + Path("migrations", "versions", "rev2.py").read_text()
    )
    with caplog.at_level(logging.INFO, "alembic"):
        command.upgrade(config, "head")
    lines = [record.getMessage() for record in caplog.records if record.name == "alembic.runtime.migration"]
    assert lines[0] == "Context impl SQLiteImpl."
    assert lines[1].startswith("Will assume ")
    assert lines[-2:] == ["Running upgrade  -> rev1", "Running upgrade rev1 -> rev2, a message"]


def test_x10_tenants_by_x_argument_and_default_schema(make: Make) -> None:
    config = make(
        "op.create_table('t', sa.Column('a', sa.Integer))",
        env="""
        tenant = context.get_x_argument(as_dictionary=True)["tenant"]
        engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
        with engine.connect() as connection:
            connection.exec_driver_sql(f"attach database '{tenant}.db' as tenant")
            connection.commit()
            connection.dialect.default_schema_name = tenant
            context.configure(connection=connection, version_table_schema="tenant")
            with context.begin_transaction():
                context.run_migrations()
        engine.dispose()
        """,
    )

    class Options:
        x = ("tenant=blue",)

    config.cmd_opts = Options()  # type: ignore[assignment]
    command.upgrade(config, "head")
    engine = sa.create_engine("sqlite:///blue.db")
    assert sa.inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()


def test_e16_on_version_apply_runs_inside_the_transaction(make: Make) -> None:
    config = make(
        "op.execute('create table t (a int)')",
        env="""
        def refuse(*, ctx, step, heads, run_args, **kw):
            assert (step.is_upgrade, step.is_stamp, step.is_migration) == (True, False, True)
            assert (step.up_revision_id, step.down_revision_ids) == ("rev1", ())
            assert (step.source_revision_ids, step.destination_revision_ids) == ((), ("rev1",))
            assert step.up_revision.revision == "rev1"
            raise LookupError("no")
        run(on_version_apply=refuse)
        """,
    )
    with pytest.raises(LookupError, match="no"):
        command.upgrade(config, "head")
    assert tables() == []


@pytest.mark.parametrize("key", [True, False])
def test_t7_version_table(make: Make, key: bool) -> None:
    config = make("pass", env=f"run(version_table='mine', version_table_pk={key})")
    command.upgrade(config, "head")
    engine = sa.create_engine("sqlite:///x.db")
    found: Any = sa.inspect(engine)
    assert found.get_pk_constraint("mine")["constrained_columns"] == (["version_num"] if key else [])
    (column,) = found.get_columns("mine")
    engine.dispose()
    assert (column["name"], str(column["type"]), column["nullable"]) == ("version_num", "VARCHAR(32)", False)
