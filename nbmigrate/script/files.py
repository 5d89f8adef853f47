"""Finding the files of a migration environment, and what folder a setting names."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from nbmigrate.errors import ConfigError

DEFAULT_FILE_TEMPLATE = "%(rev)s_%(slug)s"
_SOURCE = re.compile(r"(?!\.#|__init__).*\.py$")
_SOURCE_OR_BYTECODE = re.compile(r"(?!\.#|__init__)(.*\.py)([co])?$")


def resource_path(name: str) -> Path:
    """A folder given as a path, or as ``package:folder`` (``package:a/b``, ``package:a:b``)."""
    if os.path.isabs(name) or ":" not in name:
        return Path(name)
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
    return found if isinstance(found, Path) else Path(str(found))


def revision_files(folders: Iterable[Path], *, recursive: bool, sourceless: bool) -> Iterator[str]:
    """The real paths of all files that hold revisions, in a fixed order, each once."""
    seen: set[str] = set()
    for folder in folders:
        if not folder.is_dir():
            continue
        for path in _in_folder(os.path.realpath(folder), recursive, sourceless):
            if path in seen:
                warnings.warn(
                    f"File {path} loaded twice! ignoring. Please ensure version_locations is unique.",
                    UserWarning,
                    stacklevel=2,
                )
                continue
            seen.add(path)
            yield path


def _in_folder(folder: str, recursive: bool, sourceless: bool) -> Iterator[str]:
    """The files of one folder by name, then those of its folders; links are followed to the file itself."""
    names: list[tuple[str, bool]] = []
    folders: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                folders.append(entry.name)
            else:
                names.append((entry.name, entry.is_symlink()))
    for name, linked in sorted(names):
        if wanted(folder, name, sourceless):
            path = os.path.join(folder, name)
            yield os.path.realpath(path) if linked else path
    if sourceless and "__pycache__" in folders:
        yield from _cached(folder, {name.split(".")[0] for name, _ in names})
    if recursive:
        for name in sorted(folders):
            if name != "__pycache__":
                yield from _in_folder(os.path.join(folder, name), recursive, sourceless)


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


def version_folders(directory: str, locations: Sequence[str]) -> list[Path]:
    """The folders with revisions, absolute: those that are configured, else ``versions``."""
    if not locations:
        return [Path(directory, "versions").absolute()]
    return [resource_path(location).absolute() for location in locations]
