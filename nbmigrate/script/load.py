"""Executing a file of the migration environment: the only place where that happens.

Compiled from the source as it is now: a notebook rewrites a revision twice within one second, and a ``.pyc``
is matched by seconds and size. Bytecode (that Python or Alembic left) is taken only where it is younger than
the last change of any kind to its source: a sixth of the time of a thousand small revisions. Nothing is
put into ``sys.modules``, no bytecode is written, and ``sys.path`` is lengthened only while something runs.
"""

from __future__ import annotations

import codecs
import importlib.util
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.machinery import SourceFileLoader, SourcelessFileLoader
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any

from nbmigrate.errors import MigrateError, ScriptError

if TYPE_CHECKING:
    from pathlib import Path


_PIECE = 1 << 16
# bytecode is written right after its source was read; clocks of file systems are finer than this
_YOUNGER = 1_000_000_000


@contextmanager
def searching(paths: Sequence[str] | None) -> Iterator[None]:
    """Put paths in front of ``sys.path`` for as long as the block runs (``prepend_sys_path``).

    Absolute, and looked at afresh: Python remembers where "." was and what it held, while a notebook changes
    its folder and writes a module just before it is imported.
    """
    added = [os.path.abspath(path) for path in paths or ()]
    for path in added:
        sys.path_importer_cache.pop(path, None)
    sys.path[:0] = added
    try:
        yield
    finally:
        for path in added:
            if path in sys.path:
                sys.path.remove(path)


def load_module(path: str | os.PathLike[str], name: str | None = None, *, wrap: bool = True) -> ModuleType:
    """Execute a Python file, or a ``.pyc``, and give its module.

    A syntax error becomes a ``ScriptError`` with file and line; with ``wrap`` so does whatever the file
    raises while it is executed (``env.py`` is loaded without: what comes out of it is the verb's failure).
    """
    from pathlib import Path

    path = Path(path)
    name = name or re.sub(r"\W", "_", path.name)
    if path.suffix in (".pyc", ".pyo"):
        loader = SourcelessFileLoader(name, str(path))
        spec = importlib.util.spec_from_file_location(name, path, loader=loader)
    else:
        spec = importlib.util.spec_from_file_location(name, path)
    if spec is None:
        raise ScriptError(f"{path} is not a Python file", str(path))
    module = importlib.util.module_from_spec(spec)
    if path.suffix in (".pyc", ".pyo"):
        code = _bytecode(spec.loader, name, path)
    else:
        code = _trusted_bytecode(name, path) or compile_file(path)
    try:
        exec(code, module.__dict__)
    except MigrateError:
        raise
    except (Exception, SystemExit) as error:
        if not wrap:
            raise
        raise _failed(path, error) from error
    return module


def bytecode_of(path: str | os.PathLike[str]) -> Path | None:
    """The compiled file that stands for a source file which is not there; None without one."""
    from pathlib import Path

    source = Path(path)
    candidates = [Path(importlib.util.cache_from_source(str(source))), source.with_suffix(".pyc")]
    return next((candidate for candidate in candidates if candidate.is_file()), None)


def read_source(path: str | os.PathLike[str]) -> str:
    """The text of a Python file, by its own declared encoding."""
    return decode(read_bytes(path), path)


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """The bytes of a file, mostly with three calls of the system: a first start reads ten thousand."""
    try:
        file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        try:
            data = os.read(file, _PIECE)
            # a file gives less than it is asked for at its end only
            while len(data) % _PIECE == 0 and (part := os.read(file, _PIECE)):
                data += part
        finally:
            os.close(file)
    except OSError as error:
        raise ScriptError(f"Can't read {path}: {error.strerror}", os.fspath(path)) from error
    return data


def decode(data: bytes, path: str | os.PathLike[str]) -> str:
    """Python source as text: UTF-8, or what its first lines declare."""
    if b"coding" not in data[:200] and not data.startswith(codecs.BOM_UTF8):
        with suppress(UnicodeDecodeError):
            text = data.decode()
            return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    try:
        return importlib.util.decode_source(data)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        if b"coding" not in data[:200]:
            with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
                # some Pythons don't decode comments: what they import is a revision with Alembic, too
                compile(data, os.fspath(path), "exec", dont_inherit=True)
                return data.decode(errors="replace").replace("\r\n", "\n").replace("\r", "\n")
        raise ScriptError(
            f"{path} can't be decoded: {error}; save it as UTF-8, or let its first line name its encoding "
            "(# coding: latin-1)",
            str(path),
        ) from error


def compile_file(path: Path) -> CodeType:
    """The compiled source of a file."""
    return compile_source(read_source(path), path)


class _Reader(SourceFileLoader):
    """Python's own way to bytecode, with all its checks, that writes none."""

    def set_data(self, path: str, data: Any, *, _mode: int = 0o666) -> None:
        """Nothing."""


def _trusted_bytecode(name: str, path: Path) -> CodeType | None:
    """What Python left of a source that has not been touched since, by a time that nobody can set."""
    if os.name == "nt":
        return None  # which does not keep that time
    try:
        made = os.stat(importlib.util.cache_from_source(str(path))).st_mtime_ns
        if made - os.stat(path).st_ctime_ns < _YOUNGER:
            return None
        return _Reader(name, str(path)).get_code(name)
    except (OSError, ImportError, EOFError, SyntaxError, ValueError, NotImplementedError):
        return None  # whatever it is, compiling the source tells it properly


def compile_source(source: str, path: str | os.PathLike[str]) -> CodeType:
    """Compile, naming file and line where that fails."""
    try:
        return compile(source, os.fspath(path), "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        raise syntax_error(path, error) from error


def syntax_error(path: str | os.PathLike[str], error: Exception, first_line: int = 0) -> ScriptError:
    """A ``ScriptError`` for what the compiler refused; ``first_line`` is added to its line."""
    line = getattr(error, "lineno", None)
    message = getattr(error, "msg", None) or str(error)
    if line is None:
        return ScriptError(f"{path}: {message}", os.fspath(path))
    line += first_line
    text = (getattr(error, "text", None) or "").strip()
    shown = f": {text}" if text else ""
    return ScriptError(f"{path}, line {line}: syntax error: {message}{shown}", os.fspath(path), line)


def _bytecode(loader: object, name: str, path: Path) -> CodeType:
    assert isinstance(loader, SourcelessFileLoader)
    try:
        code = loader.get_code(name)
    except (ImportError, EOFError, OSError) as error:
        raise ScriptError(f"{path}: {error}", str(path)) from error
    assert code is not None
    return code


def _failed(path: Path, error: Exception | SystemExit) -> ScriptError:
    import traceback

    line = None
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename == str(path):
            line = frame.lineno
    where = f"{path}, line {line}" if line else f"{path}"
    return ScriptError(f"{where}: {type(error).__name__}: {error}", str(path), line)
