"""Giving a revision file another parent, and leaving every other byte of it as it is.

The assignment to ``down_revision`` is found by the syntax tree, and only its value is replaced; a docstring's
"Revises:" line follows where it said what the header said. The new text is read back before it is written:
what does not come out as the same revision with another parent is refused, and the file stays.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from pathlib import Path

from nbmigrate.errors import ScriptError
from nbmigrate.script.header import read_header
from nbmigrate.script.load import read_bytes, syntax_error
from nbmigrate.script.script import Script
from nbmigrate.script.write import write_text

_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_REVISES = re.compile(r"^([ \t]*Revises:)[ \t]*([^\r\n]*?)[ \t]*(?=[\r\n]|\Z)", re.MULTILINE)


def reparent(script: Script, parent: str) -> None:
    """Write ``down_revision = parent`` into a revision's file, whole or not at all.

    Raises ``ScriptError`` where the header is computed, or can't be changed in one place.
    """
    path = script.path
    if path.endswith((".pyc", ".pyo")):
        raise ScriptError(f"{path} is bytecode: its parent can't be changed", path)
    if not script.header.literal:
        raise _by_hand(path, parent, "its header is computed")
    data = read_bytes(path)
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    changed = _with_parent(data.decode(encoding), path, script.header.down_revision, parent)
    after = read_header(path, changed.encode(encoding))
    if after != script.header._replace(down_revision=parent, doc=after.doc):
        raise _by_hand(path, parent, "its header is written in an unusual way")
    write_text(Path(path), changed, encoding)


def _by_hand(path: str, parent: str, reason: str) -> ScriptError:
    return ScriptError(
        f"{path} can't be given another parent: {reason}; change it by hand, to down_revision = {parent!r}",
        path,
    )


def _with_parent(text: str, path: str, old: str | tuple[str, ...] | None, parent: str) -> str:
    try:
        tree = ast.parse(text.removeprefix("\ufeff"))
    except (SyntaxError, ValueError) as error:
        raise syntax_error(path, error) from error
    values = [value for node in tree.body if (value := _assigned(node)) is not None]
    if len(values) != 1:
        raise _by_hand(path, parent, f"it assigns down_revision {len(values)} times")
    starts = _line_starts(text)
    begin, end = _span(text, starts, values[0])
    quoted = f'"{parent}"' if text[begin] == '"' and not re.search(r'["\\]', parent) else repr(parent)
    pieces = [text[:begin], quoted, text[end:]]
    if ast.get_docstring(tree, clean=False) is not None:
        # it stands above the assignment, so the places below stay right if it is changed last
        doc_begin, doc_end = _span(text, starts, tree.body[0])
        if doc_end <= begin:
            doc = _REVISES.sub(lambda found: _revises(found, old, parent), text[doc_begin:doc_end], count=1)
            pieces[0] = text[:doc_begin] + doc + text[doc_end:begin]
    return "".join(pieces)


def _revises(found: re.Match[str], old: str | tuple[str, ...] | None, parent: str) -> str:
    said = tuple(part for part in re.split(r"[,\s]+", found[2]) if part)
    was = () if old is None else (old,) if isinstance(old, str) else old
    return f"{found[1]} {parent}" if said in (was, was or ("None",)) else found[0]


def _assigned(node: ast.stmt) -> ast.expr | None:
    """The value that a statement of the module gives to ``down_revision`` alone."""
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign):
        targets = [node.target]
    if [isinstance(one, ast.Name) and one.id == "down_revision" for one in targets] == [True]:
        return node.value  # type: ignore[attr-defined, no-any-return]
    return None


def _line_starts(text: str) -> list[int]:
    """Where each line begins; lines end as Python's parser has it."""
    return [match.start() for match in _LINES.finditer(text)]


def _span(text: str, starts: list[int], node: ast.stmt | ast.expr) -> tuple[int, int]:
    """Where a node begins and ends in the text; the tree counts bytes of UTF-8 within a line."""

    def place(line: int, column: int) -> int:
        start = starts[line - 1]
        if line == 1 and text.startswith("\ufeff"):
            start += 1
        return start + len(text[start:].encode()[:column].decode())

    assert node.end_lineno is not None and node.end_col_offset is not None
    return place(node.lineno, node.col_offset), place(node.end_lineno, node.end_col_offset)
