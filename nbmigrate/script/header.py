"""Reading a revision file's header without executing the file.

Three ways, each the way out of the one before. A regular expression takes the docstring and the four
assignments where they are plain literals and nothing else in the file assigns them: that is every file that a
template ever wrote, at some ten microseconds. Else the file is parsed, and literal assignments are taken from
the tree. Only a header that is computed makes that one file run.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from types import ModuleType
from typing import Any, NamedTuple

from nbmigrate.errors import ScriptError
from nbmigrate.script.load import decode, load_module

AroundLoad = Callable[[], AbstractContextManager[None]]
NAMES = ("revision", "down_revision", "branch_labels", "depends_on")

_LEGACY_NAME = re.compile(r"([a-f0-9]+)\.py$")
_CREATED = re.compile(r"^Create Date:[ \t]*(.+?)[ \t]*$", re.MULTILINE)


_CELL = re.compile(r"# nbmigrate: cell=([\w.\-]+) sha256=([0-9a-f]+)[ \t]*\r?\n")


class Header(NamedTuple):
    """What a revision file says of itself; ``cell`` is the notebook cell that wrote it, where one did.

    A header that is not ``literal`` was known only by running the file: it may be another the next time.
    """

    revision: str
    down_revision: str | tuple[str, ...] | None
    branch_labels: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    doc: str = ""
    cell: str | None = None
    cell_hash: str = ""
    literal: bool = True

    @property
    def create_date(self) -> str | None:
        """The date in the docstring, as it stands there."""
        found = _CREATED.search(self.doc)
        return found[1] if found else None


def read_header(path: str | os.PathLike[str], data: bytes, around_load: AroundLoad = nullcontext) -> Header:
    """The header of a revision file whose bytes are given; ``around_load`` is entered where it must run."""
    found = literal_header(path, data)
    if found is None:
        found = _marked(_header(path, *_by_import(path, around_load), literal=False), decode(data, path))
    return found


def literal_header(path: str | os.PathLike[str], data: bytes) -> Header | None:
    """The header that can be read off; None where it is computed."""
    text = decode(data, path)
    # patterns and ast are not paid for by a start that finds every header in the index
    from nbmigrate.script.header_text import header_by_expression

    found = header_by_expression(text)
    if found is None:
        from nbmigrate.script.header_tree import header_by_tree

        found = header_by_tree(text, path, NAMES)
    return None if found is None else _marked(_header(path, *found, literal=True), text)


def _marked(header: Header, text: str) -> Header:
    """The header with the notebook cell that the file's first line names."""
    if not text.startswith("# nbmigrate"):
        return header
    mark = _CELL.match(text)
    return header if mark is None else header._replace(cell=mark[1], cell_hash=mark[2])


def header_of_bytecode(path: str | os.PathLike[str], around_load: AroundLoad = nullcontext) -> Header:
    """The header of a file that is there as bytecode only (``sourceless``)."""
    return _header(path, *_by_import(path, around_load), literal=False)


def _by_import(path: str | os.PathLike[str], around_load: AroundLoad) -> tuple[dict[str, Any], str]:
    with around_load():
        module: ModuleType = load_module(path)
    values = {name: getattr(module, name) for name in NAMES if hasattr(module, name)}
    return values, module.__doc__ or ""


def _header(path: str | os.PathLike[str], values: dict[str, Any], doc: str, *, literal: bool) -> Header:
    path = os.fspath(path)
    if "revision" in values:
        revision = values["revision"]
    else:
        legacy = _LEGACY_NAME.match(os.path.basename(path))
        if not legacy:
            raise ScriptError(
                f"Could not determine revision id from filename {os.path.basename(path)}. Be sure the "
                f"'revision' variable is declared inside the script {path}; a file that is no revision "
                "belongs elsewhere",
                path,
            )
        revision = legacy[1]
    if not isinstance(revision, str) or not revision:
        raise ScriptError(f"{path}: revision is {revision!r}, not a text", path)
    if "down_revision" not in values:
        raise ScriptError(
            f"{path} has no 'down_revision'; a first revision says 'down_revision = None'", path
        )
    down = _ids(path, "down_revision", values["down_revision"])
    if sys.version_info >= (3, 13):
        import inspect

        doc = inspect.cleandoc(doc)
    return Header(
        revision,
        None if not down else down[0] if len(down) == 1 else down,
        _ids(path, "branch_labels", values.get("branch_labels")),
        _ids(path, "depends_on", values.get("depends_on")),
        doc.strip(),
        literal=literal,
    )


def _ids(path: str, name: str, value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,) if value else ()
    if isinstance(value, (tuple, list, set, frozenset)):
        items = tuple(sorted(value) if isinstance(value, (set, frozenset)) else value)
        if all(isinstance(item, str) for item in items):
            return items
    raise ScriptError(f"{path}: {name} is {value!r}; it must be a text, several, or None", path)
