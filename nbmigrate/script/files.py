"""Finding the files of a migration environment, and what folder a setting names."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence

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


def stamp_at(path: str) -> Stamp:
    """What tells one state of a file from another; a link is followed.

    The inode counts, because our own writing replaces the file.
    """
    try:
        status = os.stat(path)
    except OSError as error:
        raise ScriptError(f"Can't read {path}: {error.strerror}", path) from error
    # a pipe that is called x.py would keep whoever opens it waiting for ever
    if status.st_mode & 0o170000 != 0o100000:
        raise ScriptError(f"Can't read {path}: it is no regular file", path)
    return status.st_mtime_ns, status.st_size, status.st_ino, status.st_ctime_ns


def _in_folder(folder: str, recursive: bool, sourceless: bool) -> Iterator[tuple[str, Stamp]]:
    """The files of one folder by name, then those of its folders; links are followed to the file itself."""
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        raise ScriptError(f"Can't read the folder {folder}: {error.strerror}", folder) from error
    found, folders = _stamped(folder, [name for name in names if _is_wanted(folder, name, sourceless)])
    yield from found
    if sourceless and "__pycache__" in names:
        for path in _cached(folder, {name.split(".")[0] for name in names}):
            yield path, stamp_at(path)
    if recursive:
        # a link to a folder may lead back up; Alembic doesn't follow it either
        for name in names:
            path = os.path.join(folder, name)
            if name in folders or (name != "__pycache__" and not name.endswith(".py") and _is_folder(path)):
                yield from _in_folder(path, recursive, sourceless)


def _is_wanted(folder: str, name: str, sourceless: bool) -> bool:
    # the pattern is for names that begin with "." or "_"; most end the question here
    if sourceless:
        return wanted(folder, name, True)
    return name.endswith(".py") and (name[0] not in "._" or _SOURCE.match(name) is not None)


def _is_folder(path: str) -> bool:
    return os.path.isdir(path) and not os.path.islink(path)


def _stamped(folder: str, names: Sequence[str]) -> tuple[list[tuple[str, Stamp]], set[str]]:
    """The files with their stamps, and which of the names are folders.

    One call of the system a file, relative to the open folder: of ten thousand files this is the greater part
    of a start, and twice as much if each path is looked up from the root.
    """
    if os.stat not in os.supports_dir_fd:  # Windows; and its links are of many kinds
        paths = [os.path.join(folder, name) for name in names]
        real = [(name, os.path.realpath(path)) for name, path in zip(names, paths, strict=True)]
        folders = {name for name, path in real if os.path.isdir(path)}
        return [(path, stamp_at(path)) for name, path in real if name not in folders], folders
    found, folders, stat, prefix = [], set(), os.stat, os.path.join(folder, "")
    try:
        at = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise ScriptError(f"Can't read the folder {folder}: {error.strerror}", folder) from error
    try:
        for name in names:
            status = stat(name, dir_fd=at, follow_symlinks=False)
            path = prefix + name
            if status.st_mode & 0o170000 == 0o100000:
                stamp = (status.st_mtime_ns, status.st_size, status.st_ino, status.st_ctime_ns)
                found.append((path, stamp))
            elif status.st_mode & 0o170000 == 0o040000:
                folders.add(name)
            elif not os.path.isdir(path):  # a link to a file, or something that is none
                path = os.path.realpath(path)
                found.append((path, stamp_at(path)))
    except OSError as error:
        raise ScriptError(f"Can't read {prefix}{name}: {error.strerror}", prefix + name) from error
    finally:
        os.close(at)
    return found, folders


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
