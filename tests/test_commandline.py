"""``CommandLine`` (G11), ``edit`` (K13), and which configuration files a command line means (G3, G4)."""

from __future__ import annotations

import io
import stat
from pathlib import Path
from typing import Any

import pytest

from nbmigrate import command
from nbmigrate.commandline import CommandLine
from nbmigrate.config import Config
from nbmigrate.errors import CommandError
from nbmigrate.util import open_in_editor


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.chdir(tmp_path)
    config = Config("alembic.ini")
    command.init(config, "migrations")
    config = Config("alembic.ini", stdout=io.StringIO())
    config.set_main_option("sqlalchemy.url", "sqlite:///x.db")
    return config


def test_g11_the_door_is_in_config() -> None:
    from nbmigrate import config

    assert config.CommandLine is CommandLine
    assert callable(config.main)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = config.nonsense


def test_g11_a_function_becomes_a_verb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    seen: list[Any] = []

    def frobnicate(config: Config, revision: str, depth: str, sql: bool = False, tag: str = "t") -> None:
        """Frobnicate a revision,
        100% of it.

        More about it.
        """
        seen.append((config.config_file_name, config.cmd_opts.x, revision, depth, sql, tag))

    line = CommandLine("prog")
    line.register_command(frobnicate)
    assert "Frobnicate a revision, 100% of it." in " ".join(line.parser.format_help().split())
    line.main(["-c", "a.ini", "-x", "k=v", "frobnicate", "abc", "deep", "--sql"])
    line.main(["frobnicate", "abc", "deep", "--tag", "u"])
    assert seen == [
        ("a.ini", ["k=v"], "abc", "deep", True, "t"),
        ("alembic.ini", None, "abc", "deep", False, "u"),
    ]
    with pytest.raises(CommandError, match="depth"):
        line.main(["frobnicate", "abc"])


def test_g11_built_in_verbs_run_with_a_given_configuration(project: Config) -> None:
    line = CommandLine()
    options = line.parser.parse_args(["revision", "-m", "one", "--rev-id", "one1"])
    line.run_cmd(project, options)
    line.run_cmd(project, line.parser.parse_args(["upgrade", "head", "--sql"]))
    written = project.stdout.getvalue()  # type: ignore[attr-defined]
    assert "Revision one1 created" in written
    assert "INSERT INTO alembic_version (version_num) VALUES ('one1')" in written


def test_g9_a_command_error_ends_the_program(project: Config, capsys: pytest.CaptureFixture[str]) -> None:
    line = CommandLine()
    with pytest.raises(SystemExit) as ended:
        line.run_cmd(project, line.parser.parse_args(["show", "nothing"]))
    assert ended.value.code == 255
    assert "FAILED: " in capsys.readouterr().err
    with pytest.raises(CommandError):
        line.run_cmd(project, line.parser.parse_args(["--raiseerr", "show", "nothing"]))


@pytest.mark.parametrize(
    ("variable", "named", "expected"),
    [
        (None, [], ("alembic.ini", "pyproject.toml")),
        (None, ["x.ini"], ("x.ini", "pyproject.toml")),
        (None, ["y/pyproject.toml"], ("alembic.ini", "y/pyproject.toml")),
        (None, ["y/pyproject.toml", "x.ini"], ("x.ini", "y/pyproject.toml")),
        ("z.ini", [], ("z.ini", "pyproject.toml")),
        ("z/pyproject.toml", [], ("alembic.ini", "z/pyproject.toml")),
        ("z.ini", ["x.ini"], ("x.ini", "pyproject.toml")),
    ],
)
def test_g3_g4_configuration_files(
    monkeypatch: pytest.MonkeyPatch, variable: str | None, named: list[str], expected: tuple[str, str]
) -> None:
    monkeypatch.delenv("ALEMBIC_CONFIG", raising=False)
    if variable:
        monkeypatch.setenv("ALEMBIC_CONFIG", variable)
    config = Config.from_files(named)
    assert (config.config_file_name, config.toml_file_name) == expected


def test_g3_two_of_a_kind_are_refused() -> None:
    with pytest.raises(CommandError, match="only one ini file may be indicated"):
        Config.from_files(["a.ini", "b.ini"])
    with pytest.raises(CommandError, match=r"pyproject.toml indicated more than once"):
        Config.from_files(["pyproject.toml", "b/pyproject.toml"])


@pytest.fixture
def editor(tmp_path: Path) -> Path:
    """An editor that notes which file it was given."""
    path = tmp_path / "ed"
    path.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/edited\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_k13_edit(project: Config, editor: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", str(editor))
    one = command.revision(project, "one", rev_id="one1")
    two = command.revision(project, "two", rev_id="two1")
    with pytest.raises(CommandError, match="No current revisions"):
        command.edit(project, "current")
    with pytest.raises(CommandError, match="No revision files indicated by symbol 'base'"):
        command.edit(project, "base")
    command.edit(project, "head")
    command.upgrade(project, "one1")
    command.edit(project, "current")
    assert (tmp_path / "edited").read_text().split() == [two.path, one.path]  # type: ignore[union-attr]


def test_k13_an_editor_may_have_options(editor: Path, tmp_path: Path) -> None:
    open_in_editor("file.py", {"VISUAL": f"{editor} --wait"})
    assert (tmp_path / "edited").read_text() == "--wait file.py\n"
    with pytest.raises(CommandError, match="Error executing editor"):
        open_in_editor("file.py", {"PATH": str(tmp_path / "nowhere")})
    editor.write_text("#!/bin/sh\nexit 3\n")
    with pytest.raises(CommandError, match="exit status 3"):
        open_in_editor("file.py", {"EDITOR": str(editor)})
