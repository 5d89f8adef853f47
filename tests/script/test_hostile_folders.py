"""Folders that no tool made: each odd file is passed over as Alembic does, or named in one line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory as AlembicDirectory

from nbmigrate.errors import CommandError, ScriptError
from nbmigrate.script import ScriptDirectory

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An environment with one revision, ``aaaa``."""
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    (folder / "versions" / "aaaa_x.py").write_text("revision = 'aaaa'\ndown_revision = None\n")
    (tmp_path / "alembic.ini").write_text(
        "[alembic]\nscript_location = %(here)s/migrations\npath_separator = os\n"
    )
    return folder


def syntax(path: Path) -> None:
    path.write_text("revision = 'bbbb'\ndown_revision = (\n    'aaaa'\n\ndef upgrade():\n    pass\n")


def not_utf8(path: Path) -> None:
    path.write_bytes(b"'''caf\xe9'''\nrevision = 'bbbb'\ndown_revision = 'aaaa'\n")


def unknown_encoding(path: Path) -> None:
    path.write_text("# coding: klingon\nrevision = 'bbbb'\ndown_revision = 'aaaa'\n")


def null_bytes(path: Path) -> None:
    path.write_bytes(b"revision = 'bbbb'\ndown_revision = x\0\n")


def empty(path: Path) -> None:
    path.write_text("")


def half(path: Path) -> None:
    path.write_text("revision = 'bbbb'\n")


def link_to_itself(path: Path) -> None:
    path.symlink_to(path)


def link_to_nothing(path: Path) -> None:
    path.symlink_to(path.parent / "gone.py")


def pipe(path: Path) -> None:
    os.mkfifo(path)


def too_deep(path: Path) -> None:
    path.write_text(f"revision, down_revision = 'bbbb', 'aaaa'\nx = {'(' * 400}{')' * 400}\n")


REFUSED = pytest.mark.parametrize(
    ("make", "words"),
    [
        (syntax, "line 2: syntax error"),
        (not_utf8, "can't be decoded"),
        (unknown_encoding, "can't be decoded"),
        (null_bytes, "null bytes"),
        (empty, "Could not determine revision id from filename"),
        (half, "has no 'down_revision'"),
        (link_to_itself, "Can't read"),
        (link_to_nothing, "Can't read"),
        (pipe, "it is no regular file"),
        (too_deep, "too many nested parentheses"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)


@REFUSED
@pytest.mark.skipif(sys.platform == "win32", reason="no links and pipes")
def test_a_file_that_is_no_revision_is_named(folder: Path, make: Callable[[Path], None], words: str) -> None:
    path = folder / "versions" / "my_table.py"
    make(path)
    with pytest.raises(ScriptError) as caught:
        ScriptDirectory(folder).get_heads()
    assert words in str(caught.value)
    assert str(path) in str(caught.value) or "gone.py" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.path is not None


def test_a_broken_body_stops_its_own_revision_only(folder: Path) -> None:
    path = folder / "versions" / "bbbb_x.py"
    path.write_text("revision = 'bbbb'\ndown_revision = 'aaaa'\n\ndef upgrade(:\n    pass\n")
    script = ScriptDirectory(folder)
    assert script.get_heads() == ["bbbb"]
    with pytest.raises(ScriptError, match=r"bbbb_x\.py, line 4: syntax error"):
        _ = script.get_revisions("bbbb")[0].module


def test_the_terminal_says_it_in_one_line(folder: Path) -> None:
    not_utf8(folder / "versions" / "my_table.py")
    done = subprocess.run(
        [sys.executable, "-m", "nbmigrate", "heads"], cwd=folder.parent, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    assert done.returncode == 255
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("FAILED: ") and "my_table.py" in line


@pytest.mark.parametrize(
    "name",
    ["bbbb_x.py~", ".#bbbb_x.py", "bbbb_x.py.swp", ".bbbb_x.py.swp", "#bbbb_x.py#", "bbbb_x.py.orig",
     "bbbb_x.pyc", "bbbb_x.PY", "__init__.py", "4913", "bbbb_x.py.1a2b.tmp"],
)  # fmt: skip
def test_what_editors_leave_behind_is_passed_over_as_by_alembic(folder: Path, name: str) -> None:
    (folder / "versions" / name).write_text("revision = 'bbbb'\ndown_revision = 'aaaa'\n")
    assert ScriptDirectory(folder).get_heads() == ["aaaa"]
    assert AlembicDirectory(folder).get_heads() == ["aaaa"]


def test_a_folder_that_is_named_like_a_revision(folder: Path) -> None:
    (folder / "versions" / "bbbb_x.py").mkdir()
    assert ScriptDirectory(folder).get_heads() == ["aaaa"]
    assert AlembicDirectory(folder).get_heads() == ["aaaa"]


@pytest.mark.skipif(sys.platform == "win32", reason="no links")
def test_folders_in_a_circle_end(folder: Path, recwarn: pytest.WarningsRecorder) -> None:
    deeper = folder / "versions" / "deeper"
    deeper.mkdir()
    (deeper / "up").symlink_to(folder / "versions")
    (deeper / "self").symlink_to(deeper / "self")
    (deeper / "bbbb_x.py").write_text("revision = 'bbbb'\ndown_revision = 'aaaa'\n")
    ours = ScriptDirectory(folder, recursive_version_locations=True)
    assert ours.get_heads() == ["bbbb"]
    assert not recwarn.list
    (deeper / "self").unlink()  # of which Alembic makes a RuntimeError
    assert AlembicDirectory(folder, recursive_version_locations=True).get_heads() == ["bbbb"]


@pytest.mark.skipif(sys.platform == "win32", reason="no links")
def test_a_versions_folder_that_is_a_link_to_itself_or_a_file(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "file").write_text("")
    for name in ("loop", "file", "nowhere"):
        assert ScriptDirectory(folder, version_locations=[tmp_path / name]).get_heads() == []


def test_a_folder_that_can_not_be_written(folder: Path, tmp_path: Path) -> None:
    (folder / "script.py.mako").write_text("revision = ${repr(up_revision)}\n")
    script = ScriptDirectory(folder, version_locations=[tmp_path / "alembic.ini"])
    with pytest.raises(CommandError, match=r"alembic\.ini") as caught:
        script.generate_revision("bbbb", "message", head="base")
    assert "\n" not in str(caught.value)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may read everything: so, for the moment, this process is somebody else."""
    if os.getuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="no users")
def test_a_file_and_a_folder_that_can_not_be_read(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as place:  # pytest's own folders are closed to others
        os.chmod(place, 0o755)
        open_folder = Path(shutil.copytree(folder, Path(place, "scripts")))
        path = open_folder / "versions" / "aaaa_x.py"
        for locked in (path, path.parent):
            locked.chmod(0)
            try:
                with as_nobody(), pytest.raises(ScriptError, match="Permission denied"):
                    ScriptDirectory(open_folder).get_heads()
            finally:
                locked.chmod(0o755)


def test_the_history_is_whole_again_when_the_odd_file_has_gone(folder: Path) -> None:
    script = ScriptDirectory(folder)
    assert script.get_heads() == ["aaaa"]
    path = folder / "versions" / "my_table.py"
    syntax(path)
    assert script.refresh()
    with pytest.raises(ScriptError):
        script.get_heads()
    path.unlink()
    script.refresh()
    assert script.get_heads() == ["aaaa"]


def test_names_that_are_no_text(folder: Path) -> None:
    if sys.platform in ("win32", "darwin"):
        pytest.skip("file names are text here")
    name = os.fsdecode(b"bbbb_caf\xe9.py")
    (folder / "versions" / name).write_text("revision = 'bbbb'\ndown_revision = 'aaaa'\n")
    for _ in range(2):
        assert ScriptDirectory(folder).get_heads() == ["bbbb"]


def test_a_comment_in_latin_1_is_as_good_as_this_python_takes_it(folder: Path) -> None:
    source = b"# caf\xe9\nrevision = 'bbbb'\ndown_revision = 'aaaa'\n\ndef upgrade():\n    pass\n"
    (folder / "versions" / "my_table.py").write_bytes(source)
    try:
        compile(source, "x", "exec")
    except SyntaxError:
        with pytest.raises(ScriptError, match="can't be decoded"):
            ScriptDirectory(folder).get_heads()
        return
    script = ScriptDirectory(folder)
    assert script.get_heads() == ["bbbb"]
    assert script.get_revision("bbbb").module.down_revision == "aaaa"
