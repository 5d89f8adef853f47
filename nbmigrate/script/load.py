"""Executing a file of the migration environment: the only place where that happens.

Compiled from the source as it is now, or from bytecode that is certain to be of it (``bytecode.py``). Nothing
is put into ``sys.modules``, no bytecode is written, and ``sys.path`` is lengthened only while something runs.
"""

from __future__ import annotations

import codecs
import importlib.util
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.machinery import ModuleSpec, SourceFileLoader, SourcelessFileLoader
from types import CodeType, ModuleType

from nbmigrate.errors import MigrateError, ScriptError
from nbmigrate.script.bytecode import trusted_bytecode

_PIECE = 1 << 16
_NOT_IN_NAMES = re.compile(r"\W")


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


def load_module(
    path: str | os.PathLike[str],
    name: str | None = None,
    *,
    wrap: bool = True,
    content: bytes | None = None,
) -> ModuleType:
    """Execute a Python file, or a ``.pyc``, and give its module; ``content`` is its source, if known.

    A syntax error becomes a ``ScriptError`` with file and line; with ``wrap`` so does whatever the file
    raises while it is executed (``env.py`` is loaded without: what comes out of it is the verb's failure).
    """
    path = os.fspath(path)
    name = name or _NOT_IN_NAMES.sub("_", os.path.basename(path))
    compiled = path.endswith((".pyc", ".pyo"))
    if not compiled and not path.endswith(".py"):
        raise ScriptError(f"{path} is not a Python file", path)
    loader = (SourcelessFileLoader if compiled else SourceFileLoader)(name, path)
    # as spec_from_file_location makes it, which looks for a loader first: a seventh of what a revision costs
    spec = ModuleSpec(name, loader, origin=os.path.abspath(path))
    spec.has_location = True
    module = importlib.util.module_from_spec(spec)
    if compiled:
        code = _bytecode(loader, name, path)
    else:
        code = trusted_bytecode(path, spec.cached) or _compiled(path, content)
    try:
        exec(code, module.__dict__)
    except MigrateError:
        raise
    except (Exception, SystemExit) as error:
        if not wrap:
            raise
        raise _failed(path, error) from error
    return module


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


def _compiled(path: str, content: bytes | None) -> CodeType:
    return compile_source(decode(read_bytes(path) if content is None else content, path), path)


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


def _bytecode(loader: SourceFileLoader | SourcelessFileLoader, name: str, path: str) -> CodeType:
    try:
        code = loader.get_code(name)
    except (ImportError, EOFError, OSError) as error:
        raise ScriptError(f"{path}: {error}", str(path)) from error
    assert code is not None
    return code


def _failed(path: str, error: Exception | SystemExit) -> ScriptError:
    import traceback

    line = None
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename == path:
            line = frame.lineno
    where = f"{path}, line {line}" if line else f"{path}"
    return ScriptError(f"{where}: {type(error).__name__}: {error}", str(path), line)
