"""``init``: what it writes, that ``alembic`` runs it, and that it never overwrites."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.config import Config as AlembicConfig

from nbmigrate.config import Config
from nbmigrate.errors import CommandError
from nbmigrate.script import ScriptDirectory
from nbmigrate.script.environment_files import init_environment, list_templates


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run_alembic(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "alembic", *arguments], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_alembic_runs_what_init_wrote(folder: Path) -> None:
    done = init_environment(Config("alembic.ini"), "migrations", sqlalchemy_url="sqlite:///a%20b.db")
    assert {Path(path).name: state for path, state in done} == dict.fromkeys(
        ("README", "alembic.ini", "env.py", "script.py.mako"), "created"
    )
    directory = ScriptDirectory.from_config(Config("alembic.ini"))
    directory.generate_revision(
        "aaaa",
        "one",
        upgrades="op.create_table('t', sa.Column('id', sa.Integer))",
        downgrades="op.drop_table('t')",
    )
    assert "Running upgrade  -> aaaa, one" in run_alembic("upgrade", "head")
    connection = sqlite3.connect(folder / "a b.db")
    assert connection.execute("select version_num from alembic_version").fetchall() == [("aaaa",)]
    connection.close()
    assert "aaaa (head)" in run_alembic("current")
    assert "CREATE TABLE t" in run_alembic("upgrade", "head", "--sql")
    run_alembic("revision", "-m", "two")
    run_alembic("downgrade", "base")
    assert ScriptDirectory.from_config(Config("alembic.ini")).get_revision("head").doc == "two"  # type: ignore[union-attr]


def test_what_alembic_init_wrote_is_read(folder: Path) -> None:
    run_alembic("init", "theirs")
    directory = ScriptDirectory.from_config(Config("alembic.ini"))
    assert directory.dir == str(folder / "theirs")
    directory.generate_revision("aaaa", "one")
    assert "<base> -> aaaa (head), one" in run_alembic("history")


def test_a_second_time_changes_nothing() -> None:
    init_environment(Config("alembic.ini"), "migrations")
    Path("migrations/env.py").write_text("# mine\n")
    Path("migrations/README").unlink()
    done = init_environment(Config("alembic.ini"), "migrations")
    assert {Path(path).name: state for path, state in done} == {
        "README": "created", "alembic.ini": "unchanged", "env.py": "unchanged", "script.py.mako": "unchanged"
    }  # fmt: skip
    assert Path("migrations/env.py").read_text() == "# mine\n"


def test_a_folder_with_something_else_is_refused() -> None:
    Path("migrations").mkdir()
    Path("migrations/data.csv").touch()
    with pytest.raises(CommandError, match="Directory migrations already exists and is not empty"):
        init_environment(Config("alembic.ini"), "migrations")
    assert not Path("alembic.ini").exists()
    with pytest.raises(CommandError, match="No such template 'generik'; did you mean 'generic'"):
        init_environment(Config("alembic.ini"), "m", template="generik")
    assert not Path("m").exists()


@pytest.mark.parametrize("where", ["relative", "absolute", "above", "percent"])
def test_script_location_is_found_again(folder: Path, where: str) -> None:
    ini, directory = {
        "relative": (Path("alembic.ini"), Path("db/migrations")),
        "absolute": (Path("alembic.ini"), folder / "db"),
        "above": (Path("settings/alembic.ini"), Path("db")),
        "percent": (Path("alembic.ini"), Path("100% sure")),
    }[where]
    init_environment(Config(ini), directory)
    for config in (Config(ini), AlembicConfig(str(ini))):
        found = config.get_alembic_option("script_location")
        assert found is not None
        assert Path(found).resolve() == directory.resolve()
    text = ini.read_text()
    assert ("%(here)s" in text.split("script_location")[1].splitlines()[0]) == (where != "absolute")


def test_package_writes_the_two_init_files() -> None:
    init_environment(Config("alembic.ini"), "migrations", package=True)
    assert Path("migrations/__init__.py").exists()
    assert Path("migrations/versions/__init__.py").exists()
    assert ScriptDirectory("migrations").get_heads() == []


def test_templates_are_listed_with_their_first_line() -> None:
    ours = [item for item in list_templates() if item[0] != "notebook"]
    theirs = Path(AlembicConfig().get_template_directory())
    assert [name for name, _ in ours] == sorted(p.name for p in theirs.iterdir() if (p / "README").is_file())
    for name, line in ours:
        assert line == (theirs / name / "README").read_text().splitlines()[0].strip()


@pytest.mark.parametrize("template", ["generic", "async", "pyproject", "pyproject_async"])
def test_alembic_runs_every_template(folder: Path, template: str) -> None:
    driver = "sqlite+aiosqlite" if "async" in template else "sqlite"
    config = Config("alembic.ini", "pyproject.toml")
    init_environment(config, "migrations", template=template, sqlalchemy_url=f"{driver}:///shop.db")
    directory = ScriptDirectory.from_config(Config("alembic.ini", "pyproject.toml"))
    directory.generate_revision("aaaa", "one", upgrades="op.execute('create table t (id integer)')")
    assert "create table t" in run_alembic("upgrade", "head", "--sql")
    if "async" in template:
        pytest.importorskip("aiosqlite")
    run_alembic("upgrade", "head")
    assert "aaaa (head)" in run_alembic("current")


def test_alembic_runs_several_databases(folder: Path) -> None:
    init_environment(Config("alembic.ini"), "m", template="multidb", sqlalchemy_url="sqlite:///one.db")
    ini = Path("alembic.ini")
    ini.write_text(ini.read_text().replace("driver://user:pass@localhost/dbname2", "sqlite:///two.db"))
    config = Config("alembic.ini")
    script = ScriptDirectory.from_config(config).generate_revision(
        "aaaa", "one", config=config, engine2_upgrades="op.execute('create table t (id integer)')"
    )
    assert "def downgrade_engine1() -> None:" in script.source
    run_alembic("upgrade", "head")
    for name, tables in (("one", 1), ("two", 2)):
        connection = sqlite3.connect(f"{name}.db")
        assert connection.execute("select count(*) from sqlite_schema where type = 'table'").fetchone() == (
            tables,
        )
        connection.close()
    run_alembic("upgrade", "head", "--sql")
    assert "create table t" in Path("engine2.sql").read_text()


def test_an_existing_pyproject_is_extended_once(folder: Path) -> None:
    import tomllib

    Path("pyproject.toml").write_text('[project]\nname = "shop"\n')
    config = Config("alembic.ini", "pyproject.toml")
    done = dict(init_environment(config, "migrations", template="pyproject"))
    assert done[str(folder / "pyproject.toml")] == "extended"
    text = Path("pyproject.toml").read_text()
    found = tomllib.loads(text)
    assert found["project"] == {"name": "shop"}
    assert found["tool"]["alembic"]["script_location"] == "%(here)s/migrations"
    done = dict(init_environment(Config("alembic.ini", "pyproject.toml"), "migrations", template="pyproject"))
    assert set(done.values()) == {"unchanged"}
    assert Path("pyproject.toml").read_text() == text


def test_a_folder_with_a_quote_in_its_name_fits_into_toml(folder: Path) -> None:
    config = Config("alembic.ini", "pyproject.toml")
    init_environment(config, 'my "db"', template="pyproject")
    directory = ScriptDirectory.from_config(Config("alembic.ini", "pyproject.toml"))
    assert Path(directory.dir) == folder / 'my "db"'
