"""Finding the files of a migration environment, and what folder a setting names."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter

from nbmigrate.errors import ConfigError, ScriptError

Stamp = tuple[int, int, int, int]  # mtime, size, inode, ctime; times in nanoseconds

DEFAULT_FILE_TEMPLATE = "%(rev)s_%(slug)s"
_SOURCE = re.compile(r"(?!\.#|__init__).*\.py$")
_SOURCE_OR_BYTECODE = re.compile(r"(?!\.#|__init__)(.*\.py)([co])?$")


def resource_path(name: str) -> str:
    """A folder given as a path, or as ``package:folder`` (``package:a/b``, ``package:a:b``)."""
    if os.path.isabs(name) or ":" not in name:
        if os.path.normpath(name) == name:
            return name
        from pathlib import Path  # writes an odd name plainly, and takes its time to be imported

        return str(Path(name))
    import importlib.resources

    package, *folders = name.split(":")
    try:
        found = importlib.resources.files(package)
        for folder in folders:
            found = found / folder
    except (ImportError, TypeError, OSError) as error:
        raise ConfigError(
            f"'{name}' names no folder: package '{package}' can't be imported ({error})"
        ) from error
    return str(found)


def revision_files(
    folders: Iterable[str], *, recursive: bool, sourceless: bool
) -> Iterator[tuple[str, Stamp]]:
    """The real paths of all files that hold revisions, in a fixed order, each once, with their stamps."""
    seen: set[str] = set()
    for folder in folders:
        if not os.path.isdir(folder):
            continue
        for path, stamp in _in_folder(os.path.realpath(folder), recursive, sourceless):
            if path in seen:
                warnings.warn(
                    f"File {path} loaded twice! ignoring. Please ensure version_locations is unique.",
                    UserWarning,
                    stacklevel=2,
                )
                continue
            seen.add(path)
            yield path, stamp


def stamp_of(path: str, status: os.stat_result) -> Stamp:
    """What tells one state of a file from another; the inode, because our own writing replaces the file."""
    # a pipe that is called x.py would keep whoever opens it waiting for ever
    if status.st_mode & 0o170000 != 0o100000:
        raise ScriptError(f"Can't read {path}: it is no regular file", path)
    return status.st_mtime_ns, status.st_size, status.st_ino, status.st_ctime_ns


def stamp_at(path: str) -> Stamp:
    """The stamp of the file at a path; a link is followed."""
    try:
        return stamp_of(path, os.stat(path))
    except OSError as error:
        raise ScriptError(f"Can't read {path}: {error.strerror}", path) from error


def _entries(folder: str) -> tuple[list[os.DirEntry[str]], list[os.DirEntry[str]]]:
    """A folder's files by name, and its folders by name."""
    files: list[os.DirEntry[str]] = []
    folders: list[os.DirEntry[str]] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                try:
                    (folders if entry.is_dir() else files).append(entry)
                except OSError:  # a link in a circle
                    files.append(entry)
    except OSError as error:
        raise ScriptError(f"Can't read the folder {folder}: {error.strerror}", folder) from error
    return sorted(files, key=_name), sorted(folders, key=_name)


def _in_folder(folder: str, recursive: bool, sourceless: bool) -> Iterator[tuple[str, Stamp]]:
    """The files of one folder by name, then those of its folders; links are followed to the file itself."""
    files, folders = _entries(folder)
    for entry in files:
        name = entry.name
        # the pattern is for names that begin with "." or "_"; most end the question here
        plain = name.endswith(".py") and (name[0] not in "._" or _SOURCE.match(name) is not None)
        if not (wanted(folder, name, True) if sourceless else plain):
            continue
        path = entry.path
        # a DirEntry of Windows knows neither inode nor the size of a file that is open elsewhere
        if os.name == "nt" or entry.is_symlink():
            path = os.path.realpath(path)
            yield path, stamp_at(path)
            continue
        try:
            status = entry.stat()
        except OSError as error:
            raise ScriptError(f"Can't read {path}: {error.strerror}", path) from error
        yield path, stamp_of(path, status)
    if sourceless and any(entry.name == "__pycache__" for entry in folders):
        for path in _cached(folder, {entry.name.split(".")[0] for entry in files}):
            yield path, stamp_at(path)
    if recursive:
        for entry in folders:
            # a link to a folder may lead back up; Alembic doesn't follow it either
            if entry.name != "__pycache__" and not entry.is_symlink():
                yield from _in_folder(entry.path, recursive, sourceless)


_name = attrgetter("name")


def _cached(folder: str, present: set[str]) -> Iterator[str]:
    cache = os.path.join(folder, "__pycache__")
    for name in sorted(os.listdir(cache)):
        if name.split(".")[0] not in present and _SOURCE_OR_BYTECODE.match(_plain(name)):
            yield os.path.join(cache, name)


def _plain(name: str) -> str:
    """``x.cpython-311.pyc`` as ``x.pyc``-like, so that one pattern reads both."""
    stem, *_, suffix = name.split(".")
    return f"{stem}.{suffix}" if suffix in ("pyc", "pyo") else name


def wanted(folder: str, name: str, sourceless: bool) -> bool:
    """Whether a file name is that of a revision."""
    if not sourceless:
        return _SOURCE.match(name) is not None
    match = _SOURCE_OR_BYTECODE.match(name)
    if match is None:
        return False
    source, kind = match[1], match[2]
    if not kind:
        return True
    base = os.path.join(folder, source)
    return not os.path.exists(base) and not (kind == "o" and os.path.exists(base + "c"))


def version_folders(directory: str, locations: Sequence[str]) -> list[str]:
    """The folders with revisions, absolute: those that are configured, else ``versions``."""
    if not locations:
        return [os.path.join(os.getcwd(), directory, "versions")]
    return [os.path.join(os.getcwd(), resource_path(location)) for location in locations]
