"""The rest of the checklist: G, K, B, R and X ids that no other file names; and that every id is named."""

from __future__ import annotations

import importlib
import io
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import alembic.command
import alembic.config
import pytest
import sqlalchemy as sa
from small_projects import Make, make, tables

import nbmigrate
from nbmigrate import Migrator, cli, command
from nbmigrate.config import CommandLine, Config
from nbmigrate.errors import CommandError, RevisionError
from nbmigrate.runtime.migration import MigrationContext
from nbmigrate.script import ScriptDirectory

__all__ = ["make"]

ROWS = {
    "G": 11, "K": 15, "F": 17, "T": 9, "E": 31, "R": 14, "B": 8, "X": 10, "H": 3, "O": 21, "M": 12, "A": 25,
}  # fmt: skip
RECIPES = (
    "building_an_up_to_date_database_from_scratch", "sharing_a_connection", "conditional_migrations",
    "replaceable_objects", "tenan", "no_empty_migrations", "no_drop_index", "no_drop_table", "columns_sorted",
    "if_exists", "views_left_out", "several_environments_in_one_ini", "python_code_for_tables",
    "operations_invoked", "at_heads", "asyncio", "run_async", "data_migrations", "command_line_of_ones_own",
    "old_files_pruned",
)  # fmt: skip


def test_every_id_of_the_checklist_is_named_by_a_test() -> None:
    folder = Path(__file__).parents[1]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py")))
    # what names an id: a test's name (test_k7_stamp), its docstring or a parameter ("K7")
    names = "_".join(re.findall(r"def test_(\w+)", text)).upper()
    named = set(re.findall(r"(?<![A-Z0-9])[A-Z]\d{1,2}(?![A-Z0-9])", names))
    named |= set(re.findall(r"(?<![A-Za-z0-9'_])[A-Z]\d{1,2}(?![A-Za-z0-9_'])", text))
    wanted = {f"{letter}{number}" for letter, count in ROWS.items() for number in range(1, count + 1)}
    assert sorted(wanted - named) == []
    tests = re.findall(r"def (test_\w+)", text)
    assert [one for one in RECIPES if not any(one in name for name in tests)] == []


@pytest.fixture
def ini(make: Make) -> Path:
    """A project with three revisions, of which the second begins a branch."""
    make("op.execute('create table a (i int)')", "op.execute('create table b (i int)')", "pass")
    mako = Path("migrations", "script.py.mako")
    mako.write_text(mako.read_text() + "\nbranch_labels = ${repr(branch_labels)}\n")
    path = Path("alembic.ini")
    path.write_text("[alembic]\nscript_location = migrations\nsqlalchemy.url = sqlite:///x.db\n")
    return path


def test_g1_g2_g10_the_two_ways_in(ini: Path) -> None:
    for words, code, said in (
        (["--version"], 0, nbmigrate.__version__),
        (["heads"], 0, "rev3 (head)"),
        ([], 255, "too few arguments"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "nbmigrate", *words], capture_output=True, text=True, check=False
        )
        assert done.returncode == code
        assert said in done.stdout + done.stderr
    script = Path(sys.executable).with_name("nbmigrate")
    done = subprocess.run([script, "heads"], capture_output=True, text=True, check=True)
    assert done.stdout == "rev3 (head)\n"


def test_g5_the_name_of_the_section_is_for_ini_only(ini: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ini.write_text("[other]\nscript_location = migrations\n")
    assert cli.run_line(["heads"]) == 255
    assert cli.run_line(["-n", "other", "heads"]) == 0
    ini.unlink()
    Path("pyproject.toml").write_text("[tool.alembic]\nscript_location = 'migrations'\n")
    assert cli.run_line(["-n", "whatever", "heads"]) == 0
    assert capsys.readouterr().out == "rev3 (head)\n" * 2


def test_g6_free_arguments(ini: Path) -> None:
    env = Path("migrations", "env.py")
    seen = "context.config.attributes['seen']"
    env.write_text(
        env.read_text().replace("run()", "")
        + f"\n{seen}.append((context.get_x_argument(), context.get_x_argument(as_dictionary=True)))\nrun()\n"
    )
    for package, main in ((alembic, alembic.config.CommandLine()), (nbmigrate, CommandLine())):
        options = main.parser.parse_args(["-x", "a=b=c", "-x", "flag", "-x", "a=2", "current"])
        config = package.config.Config("alembic.ini", cmd_opts=options, attributes={"seen": (told := [])})
        config.stdout = io.StringIO()
        package.command.current(config)
        assert [(list(given), dict(named)) for given, named in told] == [
            (["a=b=c", "flag", "a=2"], {"a": "2", "flag": ""})
        ]


def test_g7_g8_g9_errors_and_quiet(ini: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run_line(["-q", "heads"]) == 0
    assert cli.run_line(["-q", "init", "fresh"]) == 0
    assert capsys.readouterr().out == ""
    assert cli.run_line(["show", "nothing"]) == 255
    assert capsys.readouterr().err.startswith("FAILED: Can't locate revision identified by 'nothing'")
    with pytest.raises(RevisionError):
        cli.run_line(["--raiseerr", "show", "nothing"])


def test_k1_t2_init(make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is written where, as by Alembic; texts are compared by running them (tests/script)."""
    for template in ("generic", "pyproject", "async", "multidb", "pyproject_async"):
        found = []
        for package in (alembic, nbmigrate):
            folder = tmp_path / template / package.__name__
            folder.mkdir(parents=True)
            monkeypatch.chdir(folder)
            Path("pyproject.toml").write_text("[project]\nname = 'x'\n")
            config = package.config.Config("alembic.ini", toml_file="pyproject.toml", stdout=io.StringIO())
            package.command.init(config, "deep/scripts", template=template, package=True)
            ini = re.findall(r"^script_location.*", Path("alembic.ini").read_text(), re.MULTILINE)
            toml = Path("pyproject.toml").read_text()
            assert toml.startswith("[project]\nname = 'x'\n")
            at = toml.find("[tool.alembic]")
            between = toml[len("[project]\nname = 'x'\n") : at] if at > 0 else ""
            files = sorted(str(p) for p in Path().rglob("*") if p.is_file() and "__pycache__" not in p.parts)
            location = re.findall(r"^script_location.*", toml, re.MULTILINE)
            found.append((files, ini, location, between.count("\n")))
            with pytest.raises(
                (alembic.util.CommandError, CommandError), match="already exists and is not empty"
            ):
                package.command.init(config, "deep/scripts", template=template)
            with pytest.raises((alembic.util.CommandError, CommandError), match="No such template"):
                package.command.init(config, "elsewhere", template="nothing")
        assert found[0] == found[1], template


def test_k2_list_templates(ini: Path) -> None:
    config = Config(stdout=io.StringIO())
    command.list_templates(config)
    for name in ("generic", "async", "multidb", "pyproject", "pyproject_async", "notebook"):
        assert f"\n{name} - " in config.stdout.getvalue()


def test_k4_merge(ini: Path) -> None:
    config = Config("alembic.ini")
    command.revision(config, "side", rev_id="side", head="rev1", splice=True, branch_label="shop")
    with pytest.raises(CommandError, match="rev2 is not a head"):
        command.merge(config, ["rev2", "side"], "m")
    spliced = command.merge(config, ["rev2", "side"], "m", rev_id="m1", splice=True, branch_label="both")
    assert spliced is not None
    assert spliced.down_revision == ("rev2", "side")
    assert spliced.branch_labels == {"shop", "both"}
    made = command.merge(config, "heads", "all", rev_id="m2")
    assert made is not None
    assert set(made.down_revision) == {"rev3", "m1"}
    assert ScriptDirectory.from_config(config).get_heads() == ["m2"]


def test_k10_branches(ini: Path) -> None:
    command.revision(
        Config("alembic.ini"), "side", rev_id="side", head="rev1", splice=True, branch_label="shop"
    )
    texts = []
    for package in (alembic, nbmigrate):
        config = package.config.Config("alembic.ini", stdout=(out := io.StringIO()))
        for verbose in (False, True):
            package.command.branches(config, verbose=verbose)
        # children come in the order of a set from Alembic, within a line too
        texts.append(sorted(sorted(re.split("[ ,]+", line)) for line in out.getvalue().splitlines()))
    assert texts[0] == texts[1]


def test_r5_r6_r13_base_current_and_lists(ini: Path) -> None:
    config = Config("alembic.ini")
    script = ScriptDirectory.from_config(config)
    for base in ("base", None, ()):
        assert script.get_revisions(base) == ()
        assert [one.revision for one in script.iterate_revisions("head", base)] == ["rev3", "rev2", "rev1"]
    for several in (["rev1", "rev3"], ("rev1", "rev3")):
        assert [one.revision for one in script.get_revisions(several)] == ["rev1", "rev3"]
    with pytest.raises(RevisionError, match="'current' is where a database stands"):
        script.get_revision("current")
    migrator = Migrator.from_config(config)
    migrator.upgrade("rev2")
    assert [one.id for one in migrator.show("current").revisions] == ["rev2"]
    assert [one.id for one in migrator.history("current:").revisions] == ["rev3", "rev2"]
    assert [one.id for one in migrator.history("rev1:current").revisions] == ["rev2", "rev1"]


def test_r2_r3_r4_r7_b2_prefixes_heads_and_labels(ini: Path) -> None:
    """R2 by one character, R3 and R4 with one head and with two, R7 a label; B2 how far labels go."""
    for key, down, labels in (("side1", "rev1", "('shop',)"), ("side2", "side1", None), ("low1", None, None),
                              ("lab1", "low1", "'lower'")):  # fmt: skip
        Path("migrations", "versions", f"{key}.py").write_text(
            f"revision = {key!r}\ndown_revision = {down!r}\nbranch_labels = {labels}\n"
            "def upgrade(): pass\ndef downgrade(): pass\n"
        )
    found = []
    for package in (alembic, nbmigrate):
        script = importlib.import_module(f"{package.__name__}.script").ScriptDirectory("migrations")
        said: list[Any] = [sorted(one.revision for one in script.get_revisions("heads"))]
        said += [(one.revision, sorted(one.branch_labels)) for one in script.walk_revisions()]
        for text in ("l", "lo", "low", "r", "rev", "shop", "lower", "head", "shop@head", "rev3@head", "side"):
            try:
                one = script.get_revision(text)
                said.append((text, one.revision))
            except (alembic.util.CommandError, CommandError) as error:
                said.append((text, re.search("Multiple heads|Multiple head|locate revision", str(error))[0]))
        found.append(said)
    assert found[0] == found[1]
    assert ("shop", "side1") in found[1]


def test_b3_b4_what_is_depended_on_is_an_effective_head(ini: Path) -> None:
    for name, down, needs in (("net1", None, "rev2"), ("net2", "net1", "shop1"), ("shop1", None, None)):
        Path("migrations", "versions", f"{name}.py").write_text(
            f"revision = {name!r}\ndown_revision = {down!r}\ndepends_on = {needs!r}\n"
            "def upgrade(): pass\ndef downgrade(): pass\n"
        )
    script = ScriptDirectory.from_config(Config("alembic.ini"))
    assert script.get_heads() == ["net2", "rev3", "shop1"]
    assert script.get_heads(consider_depends_on=True) == ["net2", "rev3"]
    migrator = Migrator.from_config("alembic.ini")
    run: Any = migrator.upgrade("net2")
    assert [step.revision.id for step in run.steps][-1] == "net2"
    assert set(run.after) == {"net2"}
    # what it depends on is not stored, and is current all the same
    assert "shop1 (effective head)" in str(migrator.current())


def test_b5_rows_move_file_by_file(ini: Path) -> None:
    config = Config("alembic.ini")
    command.revision(config, "side", rev_id="side", head="rev1", splice=True)
    command.merge(config, "heads", "m", rev_id="m1")
    env = Path("migrations", "env.py")
    env.write_text(
        env.read_text().replace("run()", "")
        + "def note(*, heads, **kw): context.config.attributes['heads'].append(sorted(heads))\n"
        "run(on_version_apply=note)\n"
    )
    config.attributes["heads"] = seen = []
    command.upgrade(config, "heads")
    assert seen[0] == ["rev1"]
    assert seen[-2:] in ([["rev3", "side"], ["m1"]], [["rev3", "side"], ["m1"]])
    seen.clear()
    command.downgrade(config, "base")
    assert seen[0] == ["rev3", "side"]
    assert seen[-1] == []


def test_b6_a_row_that_somebody_else_has_moved(ini: Path) -> None:
    Path("migrations", "versions", "rev3.py").write_text(
        "revision = 'rev3'\ndown_revision = 'rev2'\nfrom alembic import op\n"
        "def upgrade(): op.execute(\"update alembic_version set version_num = 'other'\")\n"
        "def downgrade(): pass\n"
    )
    config = Config("alembic.ini")
    command.upgrade(config, "rev2")
    with pytest.raises(CommandError, match="expected to match one row when updating 'rev2' to 'rev3'"):
        command.upgrade(config, "rev3")
    assert [one.id for one in Migrator.from_config(config).current().revisions] == ["rev2"]


def test_x9_run_async_needs_an_async_driver(ini: Path) -> None:
    """With one it runs: tests/compat/test_cookbook.py."""
    Path("migrations", "versions", "rev3.py").write_text(
        "revision = 'rev3'\ndown_revision = 'rev2'\nfrom alembic import op\n"
        "async def work(connection): pass\ndef upgrade(): op.run_async(work)\ndef downgrade(): pass\n"
    )
    with pytest.raises(ValueError, match="Cannot call run_async with a sync engine"):
        command.upgrade(Config("alembic.ini"), "head")


TENANTS = """
import sqlalchemy as sa
engine = sa.create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
tenant = context.get_x_argument(as_dictionary=True)["tenant"]
metadata = sa.MetaData()
sa.Table("customers", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
with engine.connect() as connection:
    connection.execute(sa.text(f'SET search_path TO "{tenant}"'))
    connection.commit()
    connection.dialect.default_schema_name = tenant
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()
"""


@pytest.mark.postgresql
@pytest.mark.parametrize("package", ["alembic", "nbmigrate"])
def test_x10_schema_tenancy_by_search_path(make: Make, postgresql_url: str, package: str) -> None:
    make("op.create_table('customers', sa.Column('id', sa.Integer, primary_key=True))", env=TENANTS)
    Path("alembic.ini").write_text(
        f"[alembic]\nscript_location = migrations\nsqlalchemy.url = {postgresql_url.replace('%', '%%')}\n"
    )
    engine = sa.create_engine(postgresql_url)
    with engine.begin() as connection:
        for tenant in ("red", "blue"):
            connection.exec_driver_sql(f'CREATE SCHEMA "{tenant}"')
    door = alembic.config.main if package == "alembic" else CommandLine().main
    for tenant in ("red", "blue"):
        door(["-x", f"tenant={tenant}", "upgrade", "head"])
    inspector = sa.inspect(engine)
    for tenant in ("red", "blue"):
        assert set(inspector.get_table_names(schema=tenant)) == {"alembic_version", "customers"}
    assert inspector.get_table_names(schema="public") == []
    # one revision for all tenants, from the difference to one of them
    door(["-x", "tenant=red", "revision", "-m", "name", "--rev-id", "second", "--autogenerate"])
    (path,) = Path("migrations", "versions").glob("second*.py")
    written = path.read_text()
    assert "op.add_column('customers', sa.Column('name', sa.Text(), nullable=True))" in written
    assert "schema=" not in written
    for tenant in ("red", "blue"):
        door(["-x", f"tenant={tenant}", "upgrade", "head"])
        columns = sa.inspect(engine).get_columns("customers", schema=tenant)
        assert [column["name"] for column in columns] == ["id", "name"]
    with engine.connect() as connection:
        found = MigrationContext.configure(connection, opts={"version_table_schema": "blue"})
        assert found.get_current_heads() == ("second",)
    engine.dispose()


def test_t6_what_a_generated_body_looks_like(ini: Path) -> None:
    config = Config("alembic.ini")
    made = command.revision(config, "empty", rev_id="e1")
    assert made is not None
    assert "def upgrade():\n    pass\n" in Path(made.path).read_text()
    env = Path("migrations", "env.py")
    env.write_text(
        env.read_text().replace("run()", "import sqlalchemy as sa\nm = sa.MetaData()\n"
        "sa.Table('t6', m, sa.Column('i', sa.Integer))\nrun(target_metadata=m, include_object="
        "lambda o, n, t, r, c: n == 't6' or t == 'column')\n")
    )  # fmt: skip
    command.upgrade(config, "head")
    texts = []
    for package in (alembic, nbmigrate):
        one = package.command.revision(
            package.config.Config("alembic.ini"), "x", rev_id="e2", autogenerate=True
        )
        texts.append(Path(one.path).read_text())
        Path(one.path).unlink()
    assert texts[0] == texts[1]
    assert "# ### commands auto generated by Alembic - please adjust! ###" in texts[1]
    assert "# ### end Alembic commands ###" in texts[1]
    assert tables() == ["a", "alembic_version", "b"]
