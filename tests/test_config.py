"""``Config`` answers as Alembic's does, from ini, from toml, and from memory."""

from __future__ import annotations

import io
import os
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config as AlembicConfig
from alembic.util import CommandError as AlembicError

from nbmigrate.config import Config, as_boolean, find_project
from nbmigrate.errors import CommandError, ConfigError

INI = """
[alembic]
script_location = %(here)s/migrations
file_template = %%(rev)s_%%(slug)s
path_separator = {separator}
version_locations = %(here)s/a{join}%(here)s/b
prepend_sys_path = .
sourceless = true
recursive_version_locations = True
sqlalchemy.url = sqlite:///%(name)s.db

[other]
script_location = elsewhere

[post_write_hooks]
hooks = one, two
one.type = exec
one.executable = ruff
two.type = module
"""

TOML = """
[tool.alembic]
script_location = "%(here)s/migrations"
file_template = "%%(rev)s"
truncate_slug_length = 12
version_locations = ["%(here)s/a", "b"]
prepend_sys_path = ["."]
sourceless = true
wrong = 1.5

[[tool.alembic.post_write_hooks]]
name = "ruff"
type = "module"
options = "check %(here)s"
"""


def both(**arguments: Any) -> tuple[Config, AlembicConfig]:
    return Config(**arguments), AlembicConfig(**arguments)


def assert_same(ours: Config, theirs: AlembicConfig) -> None:
    for name in ("script_location", "file_template", "truncate_slug_length", "sqlalchemy.url", "nothing"):
        assert ours.get_alembic_option(name) == theirs.get_alembic_option(name)
    for name in ("sourceless", "recursive_version_locations", "nothing"):
        assert ours.get_alembic_boolean_option(name) == theirs.get_alembic_boolean_option(name)
    assert ours.get_version_locations_list() == theirs.get_version_locations_list()
    assert ours.get_prepend_sys_paths_list() == theirs.get_prepend_sys_paths_list()
    assert ours.get_hooks_list() == theirs.get_hooks_list()
    for section in ("alembic", "other", "nothing"):
        assert ours.get_section(section) == theirs.get_section(section)


@pytest.mark.parametrize(
    ("separator", "join"), [("os", os.pathsep), ("space", " "), ("newline", "\n  "), (":", ":"), (";", ";")]
)
def test_ini_is_read_as_alembic_reads_it(tmp_path: Path, separator: str, join: str) -> None:
    path = tmp_path / "alembic.ini"
    path.write_text(INI.format(separator=separator, join=join))
    ours, theirs = both(file_=path, config_args={"name": "shop"})
    assert_same(ours, theirs)
    assert ours.get_main_option("sqlalchemy.url") == "sqlite:///shop.db"
    assert ours.config_file_name == theirs.config_file_name == str(path)
    assert_same(*both(file_=str(path), ini_section="other", config_args={"name": "x"}))


def test_toml_is_read_as_alembic_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(TOML)
    ours, theirs = both(toml_file=path)
    assert_same(ours, theirs)
    assert ours.get_alembic_option("truncate_slug_length") == 12
    with pytest.raises(ConfigError, match="unsupported TOML value type for key: 'wrong'"):
        ours.get_alembic_option("wrong")
    with pytest.raises(ConfigError, match="boolean value expected for TOML parameter 'script_location'"):
        ours.get_alembic_boolean_option("script_location")
    assert ours.get_main_option("script_location") is None


def test_ini_wins_over_toml(tmp_path: Path) -> None:
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = from_ini\n")
    (tmp_path / "pyproject.toml").write_text(TOML)
    ours, theirs = both(file_=tmp_path / "alembic.ini", toml_file=tmp_path / "pyproject.toml")
    assert_same(ours, theirs)
    assert ours.get_alembic_option("script_location") == "from_ini"


def test_in_memory() -> None:
    ours, theirs = both(attributes={"a": 1})
    for config in (ours, theirs):
        config.set_main_option("script_location", "x:y")
        config.set_section_option("new", "url", "a%%b")
    assert_same(ours, theirs)
    assert ours.get_section_option("new", "url") == "a%b"
    assert ours.attributes == {"a": 1}
    ours.remove_main_option("script_location")
    assert ours.get_main_option("script_location", "gone") == "gone"
    with pytest.raises(ConfigError, match="write a literal percent sign as %%"):
        ours.set_main_option("x", "a%b")


def test_errors_are_said_in_words(tmp_path: Path) -> None:
    path = tmp_path / "alembic.ini"
    path.write_text("[alembic]\nurl = %(nope)s\npath_separator = comma\nversion_locations = a\n")
    config = Config(path)
    with pytest.raises(ConfigError, match=r"Option 'url' in section \[alembic\] of .*nope.*literal percent"):
        config.get_main_option("url")
    with pytest.raises(
        ConfigError, match="'comma' is not a valid value for path_separator; expected 'space'"
    ):
        config.get_version_locations_list()
    with pytest.raises(AlembicError) as theirs:
        AlembicConfig(str(path)).get_section_option("none", "x")
    with pytest.raises(CommandError) as ours:
        config.get_section_option("none", "x")
    assert str(ours.value) == str(theirs.value)
    path.write_text("script_location = x\n")
    with pytest.raises(ConfigError, match=r"alembic\.ini is not a valid ini file"):
        Config(path).get_main_option("x")
    toml = tmp_path / "pyproject.toml"
    toml.write_text("[tool.alembic\n")
    with pytest.raises(ConfigError, match=r"pyproject\.toml is not valid TOML"):
        Config(toml_file=toml).get_alembic_option("x")


def test_files_that_are_missing_count_as_empty(tmp_path: Path) -> None:
    config = Config(tmp_path / "alembic.ini", tmp_path / "pyproject.toml")
    assert config.get_alembic_option("script_location") is None
    assert config.get_hooks_list() == []


@pytest.mark.parametrize("text", ["a b", "a,b", "a, b"])
def test_old_files_split_as_they_did_and_are_warned_of(tmp_path: Path, text: str) -> None:
    path = tmp_path / "alembic.ini"
    path.write_text(f"[alembic]\nversion_locations = {text}\nprepend_sys_path = {text}:c\n")
    ours, theirs = both(file_=path)
    with pytest.warns(DeprecationWarning, match="No path_separator found"):
        found = ours.get_version_locations_list(), ours.get_prepend_sys_paths_list()
    with pytest.warns(DeprecationWarning):
        assert found == (theirs.get_version_locations_list(), theirs.get_prepend_sys_paths_list())
    path.write_text("[alembic]\nversion_path_separator = :\nversion_locations = a:b\n")
    with pytest.warns(
        DeprecationWarning, match="version_path_separator configuration parameter is deprecated"
    ):
        assert Config(path).get_version_locations_list() == ["a", "b"]


def test_printing_goes_where_stdout_is_now(monkeypatch: pytest.MonkeyPatch) -> None:
    config = Config()
    later = io.StringIO()
    monkeypatch.setattr(sys, "stdout", later)
    config.print_stdout("%s!", "hello")
    config.print_stdout("100%")
    assert later.getvalue() == "hello!\n100%\n"
    own = io.StringIO()
    Config(stdout=own).print_stdout("x")
    assert own.getvalue() == "x\n"
    Config(stdout=own, cmd_opts=Namespace(quiet=True)).print_stdout("y")
    assert own.getvalue() == "x\n"


def test_a_project_sets_attributes_of_its_own() -> None:
    config = Config()
    config.our_engine = object()  # type: ignore[attr-defined]
    assert config.our_engine  # type: ignore[attr-defined]


def test_words_for_yes_and_no() -> None:
    assert [as_boolean(w) for w in ("true", "YES", " on ", "1", True, 1)] == [True] * 6
    assert [as_boolean(w) for w in ("false", "no", "off", "0", None, False)] == [False] * 6
    with pytest.raises(ConfigError, match="String is not true/false: 'maybe'"):
        as_boolean("maybe")


def test_the_project_in_or_above_a_folder(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    toml = tmp_path / "pyproject.toml"
    toml.write_text("[tool.ruff]\n")
    assert find_project(deep) is None or tmp_path not in find_project(deep).parents  # type: ignore[union-attr]
    toml.write_text("[tool.alembic]\nscript_location = 'x'\n")
    assert find_project(deep) == toml
    (tmp_path / "a" / "alembic.ini").write_text("[alembic]\n")
    assert find_project(deep) == tmp_path / "a" / "alembic.ini"
    assert find_project(tmp_path) == toml
