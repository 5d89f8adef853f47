"""Folders: closed ones, files in the way, links in a circle, no space left."""

# ruff: noqa: E501 (a table of what is closed)

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from bad_input import doors
from bad_input.places import Place

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="modes, links and mounts of POSIX")

BIG = ("revision", "-m", "word " * 20_000)


@pytest.fixture
def place(project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    # pytest's own folders are closed to others
    root = Path(tempfile.mkdtemp())
    root.chmod(0o755)
    found = Place.copy_of(project, root / "p")
    monkeypatch.chdir(found.root)
    yield found
    subprocess.run(["chmod", "-R", "u+rwX", root], check=True)
    shutil.rmtree(root)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may do everything: so, for the moment, this process is somebody else."""
    if os.getuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


CLOSED: dict[str, tuple[Callable[[Place], Path], int, tuple[str, ...], tuple[str, ...]]] = {
    "versions can't be written": (
        lambda place: place.versions, 0o555, ("revision", "-m", "x"), ("Can't write", "Permission denied"),
    ),
    "versions can't be read": (
        lambda place: place.versions, 0, ("heads",), ("Can't read", "versions", "Permission denied"),
    ),
    "a revision can't be read": (
        lambda place: place.next, 0, ("heads",), ("Can't read", "bbbb_two.py", "Permission denied"),
    ),
    "env.py can't be read": (
        lambda place: place.env, 0, ("upgrade", "head"), ("Can't read", "env.py", "Permission denied"),
    ),
    "the template can't be read": (
        lambda place: place.template, 0, ("revision", "-m", "x"), ("Can't read", "script.py.mako", "Permission"),
    ),
    "the ini file can't be read": (
        lambda place: place.ini, 0, ("heads",), ("Can't read alembic.ini: Permission denied",),
    ),
    "the database can't be written": (
        lambda place: place.database, 0o444, ("upgrade", "head"), ("attempt to write a readonly database",),
    ),
    "the database can't be read": (
        lambda place: place.database, 0, ("current",), ("shop.db: unable to open database file",),
    ),
    "init in a closed folder": (
        lambda place: place.root, 0o555, ("init", "more"), ("Can't make the folder more", "Permission denied"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("door", ["terminal", "python"])
@pytest.mark.parametrize("kind", CLOSED)
def test_what_is_closed(kind: str, door: str, place: Place) -> None:
    find, mode, argv, says = CLOSED[kind]
    before = place.snapshot()
    path = find(place)
    old = path.stat().st_mode
    path.chmod(mode)
    try:
        with as_nobody():
            answer = doors.DOORS[door](argv)
    finally:
        path.chmod(old)
    assert answer.code in (1, 255) and not answer.is_traceback, answer
    assert all(words in answer.text for words in says), answer.text
    assert place.snapshot() == before


def link_in_a_circle(path: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize("make", [Path.touch, link_in_a_circle], ids=["a file", "a link in a circle"])
def test_something_in_the_place_of_versions(make: Callable[[Path], None], place: Place) -> None:
    shutil.rmtree(place.versions)
    make(place.versions)
    place.sql("delete from alembic_version")
    before = place.snapshot()
    answer = doors.terminal(["revision", "-m", "x"])
    assert answer.code == 255 and "Can't write" in answer.text and str(place.versions) in answer.text
    assert place.snapshot() == before


def test_a_folder_with_odd_letters(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blanks, percent signs, quotes, unicode: in the path of the project and in that of its scripts."""
    root = tmp_path / "a b %41 %(x)s 'q' \u8868 ${y} #"
    place = Place.copy_of(project, root)
    place.url("sqlite:///shop.db")  # in an address a percent sign would stand for something else
    monkeypatch.chdir(root)
    assert doors.terminal(["upgrade", "head"]).code == 0
    assert place.rows() == ["bbbb"]
    folder = "more 100% %(rev)s \u8868"
    place.ini.unlink()
    assert doors.terminal(["init", folder]).code == 0
    assert doors.terminal(["revision", "-m", "x", "--rev-id", "cccc"]).code == 0
    assert [path.name for path in (root / folder / "versions").glob("*.py")] == ["cccc_x.py"]
    assert doors.embedded(["heads"]).code == 0


def no_room(size: int = 4_096) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_file_that_may_not_get_that_big(place: Place) -> None:
    before = place.snapshot()
    answer = doors.process(BIG, preexec_fn=no_room)
    assert answer.code == 255 and "Can't write" in answer.text and "File too large" in answer.text, answer
    assert place.snapshot() == before


@pytest.fixture
def full(place: Place) -> Iterator[Place]:
    """The project on a disk of its own, with little room on it."""
    mounted = place.root.parent / "disk"
    mounted.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=128k", "none", str(mounted)]
    if os.getuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting a small disk is not allowed here")
    try:
        yield Place.copy_of(place.root, mounted / "p")
    finally:
        os.chdir("/")
        subprocess.run(["umount", mounted], check=True)


def test_no_space_left_while_a_revision_is_written(full: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(full.root)
    before = full.snapshot()
    answer = doors.terminal(BIG)
    assert answer.code == 255 and "No space left on device" in answer.text, answer
    assert full.snapshot() == before


def test_no_space_left_while_a_revision_runs(full: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(full.root)
    full.body(
        'op.create_table("two", sa.Column("x", sa.Text))',
        "op.execute(\"insert into two values (printf('%.*c', 400000, 'x'))\")",
    )
    before = full.snapshot()
    answer = doors.terminal(["upgrade", "head"])
    assert answer.code == 1 and "disk is full" in answer.text, answer
    assert "rolled back, the database is at aaaa" in answer.text
    assert full.snapshot() == before


def test_no_space_left_for_init(full: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(full.root)
    (full.root / "filler").write_bytes(b"x" * 100)
    with open(full.root / "filler", "ab", buffering=0) as filler:
        try:
            while True:
                filler.write(b"x" * 4096)
        except OSError:
            pass
    full.ini.unlink()
    before = full.snapshot()
    answer = doors.terminal(["init", "more"])
    assert answer.code == 255 and "No space left on device" in answer.text, answer
    assert full.snapshot() == before
