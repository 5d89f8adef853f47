"""What real projects do (PROJECTS.md): each line as a small project that runs unchanged."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from small_projects import ENV, Make, make, tables

from nbmigrate import Migrator, command
from nbmigrate.config import Config
from nbmigrate.errors import MigrationFailed
from nbmigrate.runtime import active
from nbmigrate.runtime.environment import EnvironmentContext
from nbmigrate.script import ScriptDirectory

__all__ = ["make"]


def test_1_helper_modules_that_import_alembic_are_nbmigrates_while_they_run(make: Make) -> None:
    config = make(
        "import helper_of_line_1 as h\n#---\nh.make('t')", prepend_sys_path=".", path_separator="os"
    )
    Path("helper_of_line_1.py").write_text(
        "from alembic import op\nimport alembic.config, alembic.command, alembic.script\n"
        "import alembic.runtime.migration\nimport sqlalchemy as sa\n"
        "def make(name): op.create_table(name, sa.Column('id', sa.Integer, primary_key=True))\n"
    )
    before = {name for name in sys.modules if name.split(".")[0] == "alembic"}
    command.upgrade(config, "head")
    assert tables() == ["alembic_version", "t"]
    assert {name for name in sys.modules if name.split(".")[0] == "alembic"} == before
    sys.modules.pop("helper_of_line_1", None)


def test_2_a_script_folder_called_alembic_does_not_win(make: Make) -> None:
    config = make(
        "op.execute('create table t (a int)')", folder="alembic", prepend_sys_path=".", path_separator="os"
    )
    Path("alembic", "__init__.py").write_text("raise AssertionError('the local folder was imported')\n")
    command.upgrade(config, "head")
    assert "t" in tables()


IMPORTS = """
import alembic
import alembic.op as op1
import alembic.context
from alembic import op, context, command, config, script, util, autogenerate, operations, migration
from alembic.config import Config, CommandLine
from alembic.environment import EnvironmentContext as E1
from alembic.migration import MigrationContext as M1
from alembic.operations import Operations, ops, MigrateOperation
from alembic.operations.base import BatchOperations
from alembic.operations.ops import CreateTableOp, MigrationScript
from alembic.autogenerate import renderers, compare_metadata, produce_migrations, render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.runtime.environment import EnvironmentContext, NameFilterType, NameFilterParentNames
from alembic.runtime.migration import MigrationContext, MigrationInfo
from alembic.script import Script, ScriptDirectory
from alembic.script.base import Script as S1
from alembic.script.revision import ResolutionError, RevisionError, RevisionMap
from alembic.script.write_hooks import register
from alembic.util import CommandError, Dispatcher, rev_id, err, warn, msg
from alembic.util.exc import CommandError as C1
import alembic.util.exc
"""


@pytest.mark.parametrize("line", IMPORTS.strip().splitlines())
def test_3_every_import_in_use_reaches_nbmigrate(line: str) -> None:
    from nbmigrate.runtime.alias import alembic_alias

    names: dict[str, Any] = {}
    with alembic_alias():
        exec(line, names)
        modules = {name: module for name, module in sys.modules.items() if name.startswith("alembic.")}
    assert all(module.__name__.startswith("nbmigrate") for module in modules.values())
    for value in names.values():
        if inspect.isclass(value):
            assert value.__module__.startswith("nbmigrate")


def test_4_the_version_compared_in_a_revision_is_alembics(make: Make) -> None:
    config = make("import alembic\nassert tuple(map(int, alembic.__version__.split('.'))) >= (1, 7, 0)")
    command.upgrade(config, "head")


def test_5_steps_of_the_script_directory_handed_to_an_environment(make: Make) -> None:
    config = make("op.execute('create table t (a int)')", "pass")
    script = ScriptDirectory.from_config(config)

    def upgrade(rev: Any, context: Any) -> Any:
        return script._upgrade_revs("head", rev)

    with EnvironmentContext(config, script, fn=upgrade, as_sql=False, destination_rev="head"):
        script.run_env()
    seen: list[Any] = []

    def look(rev: Any, context: Any) -> Any:
        seen.append((rev, {one.revision for one in script.get_all_current(rev)}))
        context._ensure_version_table()
        return script._downgrade_revs("base", rev)

    with EnvironmentContext(config, script, fn=look):
        script.run_env()
    assert seen == [(("rev2",), {"rev2"})]
    assert script.as_revision_number("head") == "rev2"
    assert script.revision_map.get_revision("rev1") is not None
    assert [one.revision for one in script.iterate_revisions("head", "base")] == ["rev2", "rev1"]

    def stamp(rev: Any, context: Any) -> Any:
        return script._stamp_revs("rev1", rev)

    with EnvironmentContext(config, script, fn=stamp):
        script.run_env()
    assert [one.id for one in Migrator.from_config(config).current().revisions] == ["rev1"]


def test_6_the_module_context_is_handed_about(make: Make) -> None:
    config = make(
        "op.execute('create table t (a int)')",
        env="""
        class Runner:
            def __init__(self, context):
                self.context = context
            def __call__(self, connection):
                self.context.configure(connection=connection)
                with self.context.begin_transaction():
                    self.context.run_migrations()
        engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
        with engine.connect() as connection:
            Runner(context)(connection)
        engine.dispose()
        """,
    )
    command.upgrade(config, "head")
    assert "t" in tables()


def test_7_attributes_of_their_own_on_config(make: Make) -> None:
    config = make("pass", env="assert context.config.tenant == 'blue'\nrun()")
    config.tenant = "blue"  # type: ignore[attr-defined]
    command.upgrade(config, "head")


def test_8_cmd_opts(make: Make) -> None:
    config = make("pass", env="assert context.config.cmd_opts is None\nrun()")
    command.upgrade(config, "head")
    Path("migrations", "env.py").write_text(
        ENV + "opts = context.config.cmd_opts\nassert opts.cmd[0].__name__ == 'upgrade'\n"
        "assert opts.revision == 'head'\nassert getattr(opts, 'autogenerate', False) is False\n"
        "assert context.get_x_argument(as_dictionary=True) == {'a': 'b=c', 'flag': ''}\nrun()\n"
    )
    Path("alembic.ini").write_text(
        "[alembic]\nscript_location = migrations\nsqlalchemy.url = sqlite:///x.db\n"
    )
    from nbmigrate.cli import run_line

    assert run_line(["-x", "a=b=c", "-x", "flag", "upgrade", "head"]) == 0


def test_9_env_assigns_version_locations(make: Make) -> None:
    config = make(env="context.script.version_locations = ['elsewhere']\nrun()")
    Path("elsewhere").mkdir()
    Path("elsewhere", "a.py").write_text(
        "revision = 'a1'\ndown_revision = None\nfrom alembic import op\n"
        "def upgrade(): op.execute('create table t (a int)')\ndef downgrade(): pass\n"
    )
    command.upgrade(config, "head")
    assert "t" in tables()


@pytest.mark.parametrize("location", ["pkg_line9:folder:sub", "pkg_line9:folder/sub"])
def test_9_script_location_in_a_package(make: Make, location: str, monkeypatch: pytest.MonkeyPatch) -> None:
    config = make("op.execute('create table t (a int)')", folder="pkg_line9/folder/sub")
    Path("pkg_line9", "__init__.py").write_text("")
    monkeypatch.syspath_prepend(Path.cwd())
    config.set_main_option("script_location", location)
    command.upgrade(config, "head")
    assert "t" in tables()


@pytest.mark.filterwarnings("ignore:.*did you mean")
def test_10_unknown_keywords_are_kept_or_swallowed(make: Make) -> None:
    config = make(
        """
        assert op.get_context().opts["my_option"] == 5
        op.create_table("t", sa.Column("a", sa.String(5)), mysql_ENGINE="InnoDB", extend_existing=True)
        with op.batch_alter_table("t") as batch:
            batch.alter_column("a", existing_type=sa.String(5), type_=sa.String(9), onupdate="x", default=1)
        """,
        env="run(my_option=5)",
    )
    command.upgrade(config, "head")
    assert "t" in tables()


@pytest.mark.parametrize("callbacks", ["note", "[note, note]"])
def test_11_on_version_apply_is_one_or_a_list(make: Make, callbacks: str) -> None:
    config = make(
        "pass",
        env=f"""
        told = context.config.attributes["told"]
        def note(*, ctx, step, heads, run_args, **kw):
            told.append((step.up_revision_id, step.is_upgrade, sorted(heads), ctx.connection is not None))
        run(on_version_apply={callbacks}, target_metadata=[])
        """,
    )
    config.attributes["told"] = told = []
    command.upgrade(config, "head")
    assert told == [("rev1", True, ["rev1"], True)] * (2 if "," in callbacks else 1)


def test_12_connection_of_attributes_and_run_without_begin_transaction(make: Make) -> None:
    config = make(
        "op.execute('create table t (a int)')",
        env="""
        context.configure(connection=context.config.attributes["connection"])
        context.run_migrations()
        """,
    )
    engine = sa.create_engine("sqlite:///x.db")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        assert connection.in_transaction()
    engine.dispose()
    assert tables() == ["alembic_version", "t"]


def test_12_pragmas_and_autocommit_blocks(make: Make) -> None:
    config = make(
        """
        op.execute("create table t (a int)")
        with op.get_context().autocommit_block():
            op.execute("vacuum")
        op.execute("create table u (a int)")
        """,
        env="""
        engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
        with engine.connect() as connection:
            context.configure(connection=connection)
            context.execute("PRAGMA foreign_keys=OFF")
            with context.begin_transaction():
                context.run_migrations()
            context.execute("PRAGMA foreign_keys=ON")
        engine.dispose()
        """,
    )
    command.upgrade(config, "head")
    assert tables() == ["alembic_version", "t", "u"]


def test_13_an_env_that_works_in_a_thread_with_a_copied_context(make: Make) -> None:
    config = make(
        "op.execute('create table t (a int)')",
        env="""
        import contextvars, threading
        thread = threading.Thread(target=contextvars.copy_context().run, args=(run,))
        thread.start()
        thread.join()
        """,
    )
    command.upgrade(config, "head")
    assert "t" in tables()


def test_14_offline_get_bind_writes_and_what_was_written_stays(
    make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    config = make(
        """
        from sqlalchemy.exc import NoInspectionAvailable
        bind = op.get_bind()
        try:
            sa.inspect(bind)
        except NoInspectionAvailable:
            pass
        else:
            raise AssertionError
        assert bind.execute(sa.text("select 1")) is None
        """,
        "raise LookupError('half-way')",
    )
    with pytest.raises(LookupError, match="half-way"):
        command.upgrade(config, "head", sql=True)
    written = capsys.readouterr().out
    assert "select 1" in written
    assert "VALUES ('rev1')" in written


@pytest.mark.parametrize("name", ["v3.0.0.a", "0.36.0", "2024_1_contract01", "kilo"])
def test_15_unusual_ids(make: Make, name: str) -> None:
    config = make()
    one = command.revision(config, "x", rev_id=name)
    assert one is not None
    command.upgrade(config, name)
    assert [r.id for r in Migrator.from_config(config).current().revisions] == [name]


def test_15_a_target_relative_to_a_branch(make: Make) -> None:
    config = make("pass", "pass")
    Path("migrations", "versions", "rev2.py").write_text(
        Path("migrations", "versions", "rev2.py").read_text() + "\nbranch_labels = ('shop',)\n"
    )
    command.upgrade(config, "head")
    command.downgrade(config, "shop@-1")
    assert [r.id for r in Migrator.from_config(config).current().revisions] == ["rev1"]


def test_16_a_table_with_a_similar_name_is_not_ours(make: Make) -> None:
    config = make("op.execute('create table shadow_alembic_version (version_num text)')")
    command.upgrade(config, "head")
    assert tables() == ["alembic_version", "shadow_alembic_version"]


# ---- issue 3, point 6: nothing is left behind, and nobody sees another's


def test_file_config_does_not_switch_off_loggers(make: Make) -> None:
    mine = logging.getLogger("of.the.notebook")
    handler = logging.NullHandler()
    logging.getLogger().addHandler(handler)
    config = make("pass", env="from logging.config import fileConfig\nfileConfig('log.ini')\nrun()")
    Path("log.ini").write_text(
        "[loggers]\nkeys=root\n[handlers]\nkeys=h\n[formatters]\nkeys=f\n[logger_root]\nlevel=ERROR\n"
        "handlers=h\n[handler_h]\nclass=StreamHandler\nargs=(sys.stderr,)\nformatter=f\n[formatter_f]\n"
    )
    level = logging.getLogger().level
    command.upgrade(config, "head")
    assert not mine.disabled
    assert handler in logging.getLogger().handlers
    assert logging.getLogger().level == level
    logging.getLogger().removeHandler(handler)


def test_sys_path_does_not_grow(make: Make) -> None:
    config = make("pass", prepend_sys_path=".", path_separator="os")
    before = list(sys.path)
    command.upgrade(config, "head")
    command.history(config)
    assert sys.path == before


def test_a_programs_own_script_directory_puts_the_path_there_once(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = make("pass", prepend_sys_path="of_mine", path_separator="os")
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = list(sys.path)
    ScriptDirectory.from_config(config)
    assert sys.path == ["of_mine", *before]
    ScriptDirectory.from_config(config)
    assert sys.path == ["of_mine", *before]


def test_a_relative_path_is_that_of_the_folder_of_now(make: Make, tmp_path: Path) -> None:
    """Python's finder for "." stays with the folder that was the working one when it was made."""
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        os.chdir(tmp_path / folder)
        name = f"module_in_{folder}"
        config = make(f"import {name}\n#---\n{name}.make()", prepend_sys_path=".", path_separator="os")
        Path(f"{name}.py").write_text(
            "from alembic import op\ndef make(): op.execute('create table t (a int)')"
        )
        command.upgrade(config, "head")
        assert "t" in tables()


def test_op_and_context_are_unbound_after_a_failure(make: Make) -> None:
    from nbmigrate import context, op

    config = make("raise LookupError('broken')")
    with pytest.raises(MigrationFailed, match="broken"):
        Migrator.from_config(config).upgrade("head")
    assert (active.operations.get(), active.environment.get()) == (None, None)
    for call in (op.get_bind, context.get_bind):
        with pytest.raises(NameError, match="proxy object has not yet been established"):
            call()


def test_threads_do_not_see_each_others(tmp_path: Path) -> None:
    together = threading.Barrier(2, timeout=20)
    failures: list[BaseException] = []

    def work(name: str) -> None:
        try:
            folder = tmp_path / name
            (folder / "versions").mkdir(parents=True)
            (folder / "env.py").write_text(ENV + "context.config.attributes['together'].wait()\nrun()\n")
            (folder / "versions" / "a.py").write_text(
                "revision = 'a1'\ndown_revision = None\nfrom alembic import op\n"
                "def upgrade():\n    op.get_context().config.attributes['together'].wait()\n"
                f"    op.execute('create table of_{name} (a int)')\ndef downgrade(): pass\n"
            )
            config = Config(attributes={"together": together})
            config.set_main_option("script_location", str(folder))
            config.set_main_option("sqlalchemy.url", f"sqlite:///{folder}/x.db")
            command.upgrade(config, "head")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=contextvars.Context().run, args=(work, n)) for n in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    for name in ("one", "two"):
        engine = sa.create_engine(f"sqlite:///{tmp_path}/{name}/x.db")
        assert sa.inspect(engine).get_table_names() == ["alembic_version", f"of_{name}"]
        engine.dispose()


@pytest.mark.parametrize(
    ("template", "driver"),
    [
        ("generic", "sqlite"),
        ("pyproject", "sqlite"),
        ("notebook", "sqlite"),
        ("async", "sqlite+aiosqlite"),
        ("pyproject_async", "sqlite+aiosqlite"),
        ("notebook", "sqlite+aiosqlite"),
    ],
)
def test_t1_every_template_runs_in_a_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, template: str, driver: str
) -> None:
    """In a kernel a loop is running: a sync env.py does not care, an async one gets a loop of its own."""
    if "aio" in driver:
        pytest.importorskip("aiosqlite")
    monkeypatch.chdir(tmp_path)
    files = ("alembic.ini", "pyproject.toml")
    command.init(Config(*files), "migrations", template=template)
    ini = Path("alembic.ini")
    ini.write_text(ini.read_text().replace("driver://user:pass@localhost/dbname", f"{driver}:///x.db"))

    async def cell() -> None:
        config = Config(*files)
        script = ScriptDirectory.from_config(config)
        script.generate_revision("one1", "one", upgrades="op.create_table('t', sa.Column('a', sa.Integer))")
        command.upgrade(config, "head")
        command.upgrade(config, "base:head", sql=True)

    asyncio.run(cell())
    assert tables() == ["alembic_version", "t"]


WITHOUT = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name == "alembic" or name.startswith("alembic."):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Missing())
from nbmigrate import command
from nbmigrate.config import Config
config = Config()
config.set_main_option("script_location", "migrations")
config.set_main_option("sqlalchemy.url", "sqlite:///x.db")
command.upgrade(config, "head")
try:
    import alembic
except ModuleNotFoundError:
    print("as it was")
"""


def test_without_alembic_installed(make: Make) -> None:
    make("op.execute('create table t (a int)')")
    done = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "as it was"
    assert "t" in tables()
