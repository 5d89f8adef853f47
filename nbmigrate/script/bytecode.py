"""What Python has left of a source that it compiled, taken where it is certain to be of the source of now.

A notebook rewrites a revision twice within one second, and a ``.pyc`` is matched by seconds and size. So one
is taken only where it is younger than the last change of any kind to its source, by a time that nobody can
set. Compiling is two thirds of what loading a revision costs; done by Python's own loader, with its copies,
paths and second looks at the same files, reading the bytecode was another third. None is written here.
"""

from __future__ import annotations

import marshal
import os
from importlib.util import MAGIC_NUMBER, cache_from_source
from types import CodeType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# bytecode is written right after its source was read; clocks of file systems are finer than this
_YOUNGER = 1_000_000_000
_BY_TIME = MAGIC_NUMBER + bytes(4)  # how a file begins that names its source by time and size


def trusted_bytecode(path: str, cached: str | None) -> CodeType | None:
    """The compiled source of a file, where Python has it in ``cached`` from just this source; else None."""
    if os.name == "nt" or cached is None:
        return None  # Windows does not keep the time of change
    try:
        source = os.stat(path)
        with open(cached, "rb", buffering=0) as file:
            if os.fstat(file.fileno()).st_mtime_ns - source.st_ctime_ns < _YOUNGER:
                return None
            data = file.readall()
        facts = int(source.st_mtime), source.st_size
        if data[:16] != _BY_TIME + b"".join((fact & 0xFFFFFFFF).to_bytes(4, "little") for fact in facts):
            return None
        code = marshal.loads(memoryview(data)[16:])
    except (OSError, EOFError, ValueError, TypeError):
        return None  # whatever it is, compiling the source tells it properly
    return _named(code, path) if isinstance(code, CodeType) else None


def _named(code: CodeType, path: str) -> CodeType:
    """The code with this path in it: it was compiled under another one, where its folder has been moved."""
    if code.co_filename == path:
        return code
    inner = (_named(one, path) if isinstance(one, CodeType) else one for one in code.co_consts)
    return code.replace(co_filename=path, co_consts=tuple(inner))


def bytecode_of(path: str | os.PathLike[str]) -> Path | None:
    """The compiled file that stands for a source file which is not there; None without one."""
    from pathlib import Path

    source = Path(path)
    candidates = [Path(cache_from_source(str(source))), source.with_suffix(".pyc")]
    return next((candidate for candidate in candidates if candidate.is_file()), None)
