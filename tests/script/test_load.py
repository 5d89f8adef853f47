"""Which bytecode is taken: only what is younger than any change to its source, by a time that nobody sets."""

from __future__ import annotations

import importlib.util
import marshal
import os
import py_compile
import sys
from pathlib import Path

import pytest

from nbmigrate.script.load import load_module

# trusted_bytecode() decides by it
timed = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows keeps no time of the last change of any kind"
)


def compiled(folder: Path, source: str, under: str | None = None) -> tuple[Path, Path]:
    """A file and its bytecode where Python looks for it, compiled under another path if one is given."""
    path = folder / "r1.py"
    path.write_text(source)
    bytecode = Path(importlib.util.cache_from_source(str(path)))
    py_compile.compile(str(path), cfile=str(bytecode), dfile=under)
    return path, bytecode


@timed
def test_bytecode_is_taken_only_where_it_is_younger_than_its_source(tmp_path: Path) -> None:
    path, bytecode = compiled(tmp_path, "x = 1\n")
    # a code that is not the source's, under a head that says it is: to see which of the two runs
    bytecode.write_bytes(bytecode.read_bytes()[:16] + marshal.dumps(compile("x = 2\n", str(path), "exec")))
    changed = path.stat().st_ctime
    os.utime(bytecode, (changed + 5, changed + 5))
    assert load_module(path).x == 2
    os.utime(bytecode, (changed + 0.5, changed + 0.5))
    assert load_module(path).x == 1
    os.utime(bytecode, (changed + 5, changed + 5))
    bytecode.write_bytes(b"nothing of the kind")
    os.utime(bytecode, (changed + 5, changed + 5))
    assert load_module(path).x == 1


@timed
def test_bytecode_of_another_source_or_kind_is_not_taken(tmp_path: Path) -> None:
    path, bytecode = compiled(tmp_path, "x = 1\n")
    head, other = bytecode.read_bytes()[:16], marshal.dumps(compile("x = 2\n", str(path), "exec"))
    later = path.stat().st_ctime + 5
    by_hash = head[:4] + (1).to_bytes(4, "little") + head[8:]
    for wrong in (b"\0\0\r\n" + head[4:], by_hash, head[:8] + bytes(4) + head[12:], head[:12] + bytes(4)):
        bytecode.write_bytes(wrong + other)
        os.utime(bytecode, (later, later))
        assert load_module(path).x == 1
    bytecode.write_bytes(head + other[:-3])
    os.utime(bytecode, (later, later))
    assert load_module(path).x == 1


@timed
def test_code_that_was_compiled_under_another_path_is_of_the_path_it_is_loaded_from(tmp_path: Path) -> None:
    path, bytecode = compiled(tmp_path, "def f():\n    return [1 for _ in ()]\n", "/elsewhere/r1.py")
    later = path.stat().st_ctime + 5
    os.utime(bytecode, (later, later))
    function = load_module(path).f
    codes = [function.__code__, *(one for one in function.__code__.co_consts if hasattr(one, "co_filename"))]
    assert {code.co_filename for code in codes} == {str(path)}
    assert load_module(path).__file__ == load_module(path).__spec__.origin == str(path)
