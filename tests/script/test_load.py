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


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no time of the last change of any kind")
def test_bytecode_is_taken_only_where_it_is_younger_than_its_source(tmp_path: Path) -> None:
    path = tmp_path / "r1.py"
    path.write_text("x = 1\n")
    bytecode = Path(importlib.util.cache_from_source(str(path)))
    py_compile.compile(str(path), cfile=str(bytecode))
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
