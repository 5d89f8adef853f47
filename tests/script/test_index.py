"""The index of headers: the next start believes it only where nothing can have changed since."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nbmigrate.script import ScriptDirectory, directory, index

Reads = list[str]


def write(folder: Path, name: str, down: str | None = None, head: str = "", old: bool = True) -> Path:
    path = folder / "versions" / f"{name}_x.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'"""message of {name}"""\n{head}revision = {name!r}\ndown_revision = {down!r}\n')
    if old:
        os.utime(path, (1_700_000_000, 1_700_000_000))
    return path


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NBMIGRATE_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that were written a moment ago count as settled: the clock is an hour ahead."""
    real = time.time_ns
    monkeypatch.setattr(directory.time, "time_ns", lambda: real() + 3_600_000_000_000)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    """The names of the files whose headers are read."""
    seen: Reads = []
    real: Callable[..., bytes] = directory.read_bytes

    def read(path: str) -> bytes:
        seen.append(os.path.basename(path))
        return real(path)

    monkeypatch.setattr(directory, "read_bytes", read)
    return seen


@pytest.fixture
def folder(tmp_path: Path, cache: Path) -> Path:
    folder = tmp_path / "migrations"
    folder.mkdir()
    write(folder, "aaaa")
    write(folder, "bbbb", "aaaa")
    return folder


def heads(folder: Path) -> list[str]:
    return ScriptDirectory(folder).get_heads()


def the_index(cache: Path) -> Path:
    (found,) = cache.iterdir()
    return found


def test_the_second_start_reads_no_revision(folder: Path, still: None, reads: Reads, cache: Path) -> None:
    first = [(s.revision, s.longdoc, s.path) for s in ScriptDirectory(folder).walk_revisions()]
    assert sorted(reads) == ["aaaa_x.py", "bbbb_x.py"]
    reads.clear()
    assert [(s.revision, s.longdoc, s.path) for s in ScriptDirectory(folder).walk_revisions()] == first
    assert reads == []
    assert stat.S_IMODE(the_index(cache).stat().st_mode) == 0o600


def test_what_came_went_and_changed_is_seen(folder: Path, still: None, reads: Reads, cache: Path) -> None:
    assert heads(folder) == ["bbbb"]
    write(folder, "cccc", "bbbb")
    reads.clear()
    assert heads(folder) == ["cccc"]
    assert reads == ["cccc_x.py"]
    (folder / "versions" / "cccc_x.py").unlink()
    assert heads(folder) == ["bbbb"]
    assert len(index.load(str(the_index(cache)), str(folder))) == 2
    # as large as before, and as old by its mtime: a copy that keeps times
    write(folder, "bbbb").write_text(write(folder, "bbbb", "aaaa").read_text().replace("bbbb", "dddd"))
    os.utime(folder / "versions" / "bbbb_x.py", (1_700_000_000, 1_700_000_000))
    assert heads(folder) == ["dddd"]


def test_a_young_file_is_not_trusted(folder: Path, reads: Reads, cache: Path) -> None:
    for _ in range(2):
        assert heads(folder) == ["bbbb"]
        assert sorted(reads) == ["aaaa_x.py", "bbbb_x.py"]
        reads.clear()
    assert not cache.exists()


def test_a_kernel_reads_a_young_file_again(
    folder: Path, reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = ScriptDirectory(folder)
    assert script.get_heads() == ["bbbb"]

    # a file system whose clock stands still: all times of all files are the same
    def stamped(folder: str, names: list[str]) -> Any:
        return [(os.path.join(folder, name), (2**62, 0, 0, 0)) for name in names], set()

    monkeypatch.setattr("nbmigrate.script.files._stamped", stamped)
    script.revision_map.forget()
    assert script.get_heads() == ["bbbb"]
    assert not script.refresh()
    write(folder, "bbbb", "aaaa").write_text("revision = 'eeee'\ndown_revision = 'aaaa'\n")
    assert script.refresh()
    assert script.get_heads() == ["eeee"]


def test_a_computed_header_is_never_kept(
    folder: Path, still: None, monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    path = folder / "versions" / "cccc_x.py"
    path.write_text("import os\nrevision = os.environ['ID_OF_THIS_TEST']\ndown_revision = 'bbbb'\n")
    for name in ("cccc", "dddd"):
        monkeypatch.setenv("ID_OF_THIS_TEST", name)
        assert heads(folder) == [name]
    assert len(index.load(str(the_index(cache)), str(folder))) == 2
    written = the_index(cache).stat().st_mtime_ns
    assert heads(folder) == ["dddd"]
    assert the_index(cache).stat().st_mtime_ns == written  # nothing new to keep: not written again


def test_every_torn_index_is_as_good_as_none(folder: Path, still: None, reads: Reads, cache: Path) -> None:
    heads(folder)
    whole = the_index(cache).read_bytes()
    for cut in range(0, len(whole), 7):
        the_index(cache).write_bytes(whole[:cut])
        assert index.load(str(the_index(cache)), str(folder)) == {}
    for at in range(0, len(whole), 3):
        torn = bytearray(whole)
        torn[at] ^= 0x41
        the_index(cache).write_bytes(torn)
        assert index.load(str(the_index(cache)), str(folder)) == {}
    reads.clear()
    assert heads(folder) == ["bbbb"]
    assert len(reads) == 2
    assert the_index(cache).read_bytes() == whole  # and it is whole again


def test_an_index_of_another_environment_or_version_is_not_believed(
    folder: Path, still: None, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads(folder)
    path = str(the_index(cache))
    assert index.load(path, str(folder))
    assert index.load(path, str(folder) + "2") == {}
    monkeypatch.setattr(index, "_FORMAT", 0)
    assert index.load(path, str(folder)) == {}


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="files have no owner here")
def test_an_index_of_somebody_else_is_not_believed(
    folder: Path, still: None, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads(folder)
    uid = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: uid + 1)
    assert index.load(str(the_index(cache)), str(folder)) == {}


def test_bytes_of_another_shape_are_not_believed(folder: Path, cache: Path, tmp_path: Path) -> None:
    import marshal
    import zlib

    path = tmp_path / "index"
    for value in (None, 5, [1], [("a", "b")], [("a", (1, 2, 3, 4), ("x",))], {"a": 1}):
        body = marshal.dumps(value)
        path.write_bytes(index._head("x") + zlib.crc32(body).to_bytes(4, "big") + body)
        assert index.load(str(path), "x") == {}


@pytest.mark.parametrize("kind", ["a file", "below a file", "a folder in its place", "nowhere"])
def test_a_cache_that_can_not_be_written_is_no_error(
    folder: Path, still: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    place = tmp_path / "place"
    if kind == "a folder in its place":
        monkeypatch.setenv("NBMIGRATE_CACHE_DIR", str(place))
        Path(index.index_path(str(folder)) or "").mkdir(parents=True)
    elif kind == "nowhere":
        for name in ("NBMIGRATE_CACHE_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr(os.path, "expanduser", lambda path: path)
        assert index.cache_folder() is None
    else:
        place.write_text("")
        monkeypatch.setenv("NBMIGRATE_CACHE_DIR", str(place if kind == "a file" else place / "deeper"))
    for _ in range(2):
        assert heads(folder) == ["bbbb"]
    if kind == "a folder in its place":
        assert len(list(place.iterdir())) == 1  # no temporary file is left


def test_where_the_cache_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBMIGRATE_CACHE_DIR", "/own")
    assert index.cache_folder() == "/own"
    monkeypatch.delenv("NBMIGRATE_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", "/xdg")
    monkeypatch.setenv("LOCALAPPDATA", "/local")
    monkeypatch.setenv("HOME", "/home/x")
    for platform, expected in (
        ("linux", "/xdg/nbmigrate"),
        ("darwin", "/home/x/Library/Caches/nbmigrate"),
        ("win32", "/local/nbmigrate"),
    ):
        monkeypatch.setattr(index.sys, "platform", platform)
        assert index.cache_folder() == expected
    monkeypatch.setattr(index.sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    assert index.cache_folder() == "/home/x/.cache/nbmigrate"
