"""The headers of all revision files in one file of a cache folder, so that the next start reads one file.

A row is trusted where path, times, size and inode are what they were when the file was read, and only where
the file had been still for longer than the coarsest clock of a file system ticks: a file that was written
twice within one tick looks the same after both. The whole is believed only where its first line, its checksum
and its owner are right, so that a torn, foreign or older index is as good as none; that it can't be read or
written is never an error, it makes the next start slower. A header that had to be run is not kept.
"""

from __future__ import annotations

import marshal
import os
import sys
import time
import zlib
from collections.abc import Iterable
from functools import partial

from nbmigrate.script.files import Stamp
from nbmigrate.script.header import Header

__all__ = ["GRAIN", "Rows", "Stamp", "cache_folder", "index_path", "load", "settled", "store"]

Rows = dict[str, tuple[Stamp, Header]]

GRAIN = 2_000_000_000  # FAT counts in steps of two seconds; nothing in use is coarser
_FORMAT = 1  # one more whenever a row, or what a header is read as, changes
_FIELDS = len(Header._fields)


def cache_folder() -> str | None:
    """``NBMIGRATE_CACHE_DIR``, else where this system keeps what can be made again; None without a home."""
    named = os.environ.get("NBMIGRATE_CACHE_DIR")
    if named:
        return named
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    # without a home there is nothing to expand; the working folder is no place for a cache
    return os.path.join(base, "nbmigrate") if os.path.isabs(base) else None


def index_path(environment: str) -> str | None:
    """The index of a migration environment, given by its absolute folder; None where there is no cache."""
    folder = cache_folder()
    if folder is None:
        return None
    # marshal's format is the interpreter's, and so is what a docstring is cleaned to
    key = zlib.crc32(os.fsencode(environment))
    return os.path.join(folder, f"headers-{_FORMAT}-{sys.implementation.cache_tag}-{key:08x}.index")


def settled(stamp: Stamp, now: int) -> bool:
    """Whether a file that is read now can't change any more without its times changing too."""
    return stamp[0] < now - GRAIN and stamp[3] < now - GRAIN


def load(path: str | None, environment: str) -> Rows:
    """The rows that were stored for this environment; none where there is any doubt."""
    if path is None:
        return {}
    data = _read(path)
    head = _head(environment)
    start = len(head) + 4
    if data is None or not data.startswith(head):
        return {}
    if zlib.crc32(memoryview(data)[start:]) != int.from_bytes(data[len(head) : start], "big"):
        return {}
    try:
        rows = marshal.loads(memoryview(data)[start:])
        if any(len(row) != _FIELDS for _, _, row in rows):
            return {}
        make = partial(tuple.__new__, Header)  # Header._make is a call more, for each of ten thousand
        return {name: (stamp, make(row)) for name, stamp, row in rows}
    except (ValueError, TypeError, EOFError):
        return {}


def store(path: str | None, environment: str, rows: Iterable[tuple[str, Stamp, Header]]) -> bool:
    """Replace the index in one step; False, and nothing else, where that can't be done."""
    if path is None:
        return False
    # version 2 keeps no references: equal rows give equal bytes
    body = marshal.dumps([(name, stamp, tuple(header)) for name, stamp, header in rows], 2)
    temporary = f"{path}.{os.getpid()}.{time.time_ns():x}"
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        try:
            with open(file, "wb") as stream:
                stream.write(_head(environment) + zlib.crc32(body).to_bytes(4, "big"))
                stream.write(body)
            os.replace(temporary, path)
        except OSError:
            os.unlink(temporary)
            raise
    except OSError:
        return False
    return True


def _head(environment: str) -> bytes:
    return f"nbmigrate headers {_FORMAT} {environment!r}\n".encode("utf-8", "surrogateescape")


def _read(path: str) -> bytes | None:
    try:
        file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return None
    try:
        status = os.fstat(file)
        # somebody else's file in a shared folder is not to be unmarshalled
        if hasattr(os, "getuid") and status.st_uid != os.getuid():
            return None
        with open(file, "rb", closefd=False) as stream:
            return stream.read()
    except OSError:
        return None
    finally:
        os.close(file)
