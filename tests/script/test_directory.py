"""The script directory reads histories as Alembic does, and prints them as Alembic prints them."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory as AlembicDirectory
from alembic_oracle import Node, graphs
from hypothesis import HealthCheck, given, settings

from nbmigrate.config import Config
from nbmigrate.errors import CommandError, MultipleHeads, ResolutionError, RevisionError, ScriptError
from nbmigrate.script import ScriptDirectory


def write(folder: Path, node: Node, doc: str | None = None, body: str = "") -> Path:
    path = folder / f"{node.id}_x.py"
    text = f'"""{doc or "message of " + node.id}\n\nRevision ID: {node.id}\n\n"""\n'
    text += f"revision = {node.id!r}\ndown_revision = {node.down or None!r}\n"
    text += f"branch_labels = {node.labels or None!r}\ndepends_on = {node.needs or None!r}\n{body}"
    path.write_text(text)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "versions").mkdir()
    return tmp_path


def unordered(text: str) -> str:
    """Alembic prints sets in any order: sort what stands in one list."""

    def sort(match: re.Match[str]) -> str:
        return match[1] + ", ".join(sorted(match[2].split(", "))) + match[3]

    text = re.sub(r"(Branches into: |Branch names: )([^\n]*)(\n)", sort, text)
    return re.sub(r"( \()([^)\n]*)(\))", sort, text)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(graphs())
def test_history_is_printed_as_alembic_prints_it(
    tmp_path_factory: pytest.TempPathFactory, nodes: list[Node]
) -> None:
    folder = tmp_path_factory.mktemp("history")
    (folder / "versions").mkdir()
    for node in nodes:
        write(folder / "versions", node)
    theirs, ours = AlembicDirectory(folder), ScriptDirectory(folder)
    assert ours.get_heads() == theirs.get_heads()
    assert ours.get_heads(consider_depends_on=True) == theirs.get_heads(consider_depends_on=True)
    assert ours.get_bases() == theirs.get_bases()
    their_scripts = {s.revision: s for s in theirs.walk_revisions()}
    for our in ours.walk_revisions():
        their = their_scripts.pop(our.revision)
        for options in ({}, {"include_branches": True, "include_doc": True, "include_parents": True},
                        {"tree_indicators": False}):  # fmt: skip
            for current in (None, True):
                our._db_current_indicator = their._db_current_indicator = current
                assert unordered(our.cmd_format(False, **options)) == unordered(
                    their.cmd_format(False, **options)
                )
                assert unordered(our.cmd_format(True, **options)) == unordered(
                    their.cmd_format(True, **options)
                )
        assert str(our) == str(their)
        assert (our.doc, our.longdoc, our.path) == (their.doc, their.longdoc, their.path)
    assert not their_scripts


def test_a_history_is_read_without_running_any_of_it(folder: Path) -> None:
    write(folder / "versions", Node("aaaa"), body="raise SystemExit('run')\n")
    directory = ScriptDirectory(folder)
    assert directory.get_current_head() == "aaaa"
    with pytest.raises(ScriptError, match=r"line \d+: SystemExit: run"):
        _ = directory.get_revision("aaaa").module  # type: ignore[union-attr]


def test_a_module_is_loaded_anew_when_its_file_has_changed(folder: Path) -> None:
    path = write(folder / "versions", Node("aaaa"), body="x = 1\n")
    script = ScriptDirectory(folder).get_revision("aaaa")
    assert script is not None
    first = script.module
    assert first.x == 1
    assert script.module is first
    # same second, same size: what bytecode would not notice
    path.write_text(path.read_text().replace("x = 1", "x = 2"))
    assert script.module.x == 2
    assert not list(folder.rglob("*.pyc"))
    assert first.__name__ not in sys.modules


def test_refresh_sees_what_came_went_and_changed(folder: Path) -> None:
    write(folder / "versions", Node("aaaa"))
    directory = ScriptDirectory(folder)
    assert directory.get_heads() == ["aaaa"]
    assert not directory.refresh()
    path = write(folder / "versions", Node("bbbb", ("aaaa",)))
    assert directory.refresh()
    assert directory.get_heads() == ["bbbb"]
    path.unlink()
    assert directory.refresh()
    assert directory.get_heads() == ["aaaa"]


def test_files_that_are_no_revisions_are_passed_over(folder: Path) -> None:
    versions = folder / "versions"
    write(versions, Node("aaaa"))
    for name in ("__init__.py", ".#aaaa_x.py", "notes.txt", "aaaa_x.pyc"):
        (versions / name).write_text("this is no revision")
    (versions / "__pycache__").mkdir()
    (versions / "deeper").mkdir()
    write(versions / "deeper", Node("bbbb", ("aaaa",)))
    assert ScriptDirectory(folder).get_heads() == ["aaaa"]
    assert ScriptDirectory(folder, recursive_version_locations=True).get_heads() == ["bbbb"]


def test_a_file_that_is_reached_twice_is_read_once_and_warned_of(folder: Path) -> None:
    write(folder / "versions", Node("aaaa"))
    (folder / "link").symlink_to(folder / "versions")
    directory = ScriptDirectory(folder, version_locations=[folder / "versions", folder / "link"])
    with pytest.warns(UserWarning, match="loaded twice! ignoring"):
        assert directory.get_heads() == ["aaaa"]


def test_sourceless_revisions(folder: Path) -> None:
    import py_compile

    path = write(folder / "versions", Node("aaaa"))
    py_compile.compile(str(path), cfile=str(path) + "c", doraise=True)
    path.unlink()
    assert ScriptDirectory(folder).get_heads() == []
    assert ScriptDirectory(folder, sourceless=True).get_heads() == ["aaaa"]


def test_a_broken_file_stops_the_history_with_its_name_and_line(folder: Path) -> None:
    (folder / "versions" / "bad.py").write_text("revision = 'a'\ndown_revision = \n")
    with pytest.raises(ScriptError, match=r"bad\.py, line 2: syntax error"):
        ScriptDirectory(folder).get_heads()


def test_an_import_that_fails_names_the_revision_s_line(folder: Path) -> None:
    write(folder / "versions", Node("aaaa"), body="import no_such_module_anywhere\n")
    script = ScriptDirectory(folder).get_revision("aaaa")
    assert script is not None
    with pytest.raises(ScriptError, match=r"aaaa_x\.py, line 10: ModuleNotFoundError"):
        _ = script.module


def test_what_a_project_prepends_is_on_sys_path_only_meanwhile(folder: Path) -> None:
    (folder / "beside").mkdir()
    (folder / "beside" / "helpers_of_this_test.py").write_text("answer = 42\n")
    write(folder / "versions", Node("aaaa"), body="from helpers_of_this_test import answer\n")
    directory = ScriptDirectory(folder, prepend_sys_path=[str(folder / "beside")])
    before = list(sys.path)
    script = directory.get_revision("aaaa")
    assert script is not None
    assert script.module.answer == 42
    (folder / "env.py").write_text("import sys\nassert sys.path[0].endswith('beside')\n")
    directory.run_env()
    assert sys.path == before
    sys.modules.pop("helpers_of_this_test")


def test_what_env_py_raises_is_not_wrapped(folder: Path) -> None:
    (folder / "env.py").write_text("raise KeyError('from env')\n")
    with pytest.raises(KeyError, match="from env"):
        ScriptDirectory(folder).run_env()
    (folder / "env.py").write_text("def (\n")
    with pytest.raises(ScriptError, match=r"env\.py, line 1"):
        ScriptDirectory(folder).run_env()


def test_several_heads_and_bases(folder: Path) -> None:
    write(folder / "versions", Node("aaaa"))
    write(folder / "versions", Node("bbbb"))
    directory = ScriptDirectory(folder)
    with pytest.raises(MultipleHeads, match="has multiple heads"):
        directory.get_current_head()
    with pytest.raises(RevisionError, match="has multiple bases"):
        directory.get_base()
    assert directory.as_revision_number("heads") == ("aaaa", "bbbb")
    assert directory.as_revision_number("base") is None
    with pytest.raises(ResolutionError, match="Can't locate revision identified by 'zzzz'"):
        directory.get_revision("zzzz")


def test_where_the_files_are(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder / "versions", Node("aaaa"))
    (folder / "other").mkdir()
    ini = folder / "alembic.ini"
    ini.write_text(
        "[alembic]\nscript_location = %(here)s\npath_separator = os\n"
        f"version_locations = %(here)s/versions{os.pathsep}%(here)s/other\ntruncate_slug_length = 10\n"
    )
    ours = ScriptDirectory.from_config(Config(ini))
    theirs = AlembicDirectory.from_config(AlembicConfig(str(ini)))
    assert ours.dir == theirs.dir
    assert ours.version_locations == theirs.version_locations
    assert ours.truncate_slug_length == theirs.truncate_slug_length
    with pytest.raises(CommandError, match="Multiple version_locations present"):
        _ = ours.versions
    ours.version_locations = [str(folder / "other")]
    assert ours.get_heads() == []
    with pytest.raises(CommandError, match=r"Path doesn't exist: .*use the 'init' command"):
        ScriptDirectory(folder / "nowhere")
    with pytest.raises(CommandError, match="No 'script_location' key found"):
        ScriptDirectory.from_config(Config())


def test_a_package_s_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = folder / "shop_of_this_test" / "db" / "migrations"
    (package / "versions").mkdir(parents=True)
    (folder / "shop_of_this_test" / "__init__.py").touch()
    write(package / "versions", Node("aaaa"))
    config = Config()
    config.set_main_option("prepend_sys_path", str(folder))
    config.set_main_option("path_separator", "os")
    for location in ("shop_of_this_test:db/migrations", "shop_of_this_test:db:migrations"):
        config.set_main_option("script_location", location)
        assert ScriptDirectory.from_config(config).get_heads() == ["aaaa"]
    sys.modules.pop("shop_of_this_test")
    config.set_main_option("script_location", "no_such_package_anywhere:x")
    with pytest.raises(CommandError, match="package 'no_such_package_anywhere' can't be imported"):
        ScriptDirectory.from_config(config)
