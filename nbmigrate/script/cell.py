"""A notebook cell's body as a revision file.

The body is either ``def upgrade()`` (and ``def downgrade()``) or bare statements, which become ``upgrade()``.
Everything works on the text by the line numbers of the parsed tree, so that comments, blank lines and the
insides of texts stay as they were typed. The file comes from the environment's own ``script.py.mako``; its
first line is a comment that names the cell and its body's hash, by which the cell finds its file again.
"""

from __future__ import annotations

import ast
import hashlib
import io
import re
import tokenize
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from nbmigrate.errors import CommandError, ScriptError
from nbmigrate.model.revision import RevisionIds
from nbmigrate.script import write
from nbmigrate.script.load import compile_source
from nbmigrate.script.script import Script

if TYPE_CHECKING:
    from nbmigrate.script.directory import ScriptDirectory

_SLUG = re.compile(r"[\w.\-]+")
_PRESENT = ("from alembic import op", "from nbmigrate import op", "import sqlalchemy as sa")
NO_DOWNGRADE = "the cell gives no downgrade()"


@dataclass(frozen=True)
class _Part:
    """One top-level statement with the comments above it; lines count from 0, ``end`` is past the last."""

    node: ast.stmt
    start: int
    end: int


@dataclass(frozen=True)
class CellRevision:
    """The body of a ``%%revision`` cell, under the name by which the cell finds its revision again."""

    slug: str
    body: str

    def __post_init__(self) -> None:
        if not _SLUG.fullmatch(self.slug):
            raise CommandError(
                f"'{self.slug}' can't name a revision cell; letters, digits and the signs _ . - can"
            )

    @property
    def hash(self) -> str:
        """Sixteen hexadecimal digits for the body, white space at line ends not counted."""
        return body_hash(self.body)

    @property
    def mark(self) -> str:
        """The file's first line."""
        return f"# nbmigrate: cell={self.slug} sha256={self.hash}"

    @cached_property
    def lines(self) -> list[str]:
        """The body's lines, without their ends."""
        return _lines(self.body)

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed body; what can't be parsed is refused with the cell's line."""
        try:
            return ast.parse(self.body)
        except (SyntaxError, ValueError) as error:
            raise _refused(error) from error

    @cached_property
    def parts(self) -> list[_Part]:
        """The top-level statements; those that share a line are refused, but for bare ones."""
        parts: list[_Part] = []
        last = 0
        for node in self.tree.body:
            decorators = getattr(node, "decorator_list", [])
            first = min([node.lineno, *(d.lineno for d in decorators)]) - 1
            end = node.end_lineno or node.lineno
            if parts and first < last:
                parts[-1] = replace(parts[-1], end=max(last, end))
                if not (self._is_bare(node) and self._is_bare(parts[-1].node)):
                    raise _error("one statement a line, please", node.lineno)
            else:
                parts.append(_Part(node, last, end))
            last = max(last, end)
        if parts:
            parts[-1] = replace(parts[-1], end=len(self.lines))
        return parts

    @cached_property
    def functions(self) -> dict[str, _Part]:
        """``upgrade`` and ``downgrade`` as far as the body defines them."""
        found: dict[str, _Part] = {}
        for part in self.parts:
            if isinstance(part.node, ast.FunctionDef) and part.node.name in ("upgrade", "downgrade"):
                if part.node.name in found:
                    raise _error(f"{part.node.name}() is defined twice", part.node.lineno)
                found[part.node.name] = part
            if isinstance(part.node, ast.AsyncFunctionDef) and part.node.name in ("upgrade", "downgrade"):
                raise _error(f"{part.node.name}() can't be async; use op.run_async", part.node.lineno)
        return found

    def _is_bare(self, node: ast.stmt) -> bool:
        """Whether a statement belongs into ``upgrade()`` where the body has no such function."""
        if isinstance(
            node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        ):
            return False
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            return not self._used_by_functions.intersection(_bound(node)) or _mentions_op(node)
        return True

    @cached_property
    def _used_by_functions(self) -> frozenset[str]:
        names: set[str] = set()
        for node in self.tree.body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                names.update(n.id for n in ast.walk(node) if isinstance(n, ast.Name))
        return frozenset(names)

    # -- the text

    def text(self, template: str, downgrade_lines: Sequence[str] | None = None) -> str:
        """The file's text: the rendered template with the body's parts in their places.

        ``downgrade_lines`` are used where the body has no ``def downgrade()``; with None and no such function
        the way back raises, since one that does nothing would only move the version.
        """
        futures, imports, helpers, bare = self._sorted()
        upgrade = self._upgrade(bare)
        downgrade = self._downgrade(downgrade_lines)
        lines = _lines(template)
        tree = ast.parse(template)
        edits = [
            (*_place(tree, "upgrade"), [*helpers, *([""] * 2 if helpers else []), *upgrade]),
            (*_place(tree, "downgrade"), downgrade),
        ]
        if imports:
            at = max((n.end_lineno or 0 for n in tree.body if _is_import(n)), default=_after_docstring(tree))
            edits.append((at, at, imports))
        if futures:
            at = _after_docstring(tree)
            edits.append((at, at, futures))
        for start, end, replacement in sorted(edits, key=lambda edit: edit[0], reverse=True):
            lines[start:end] = replacement
        text = "\n".join([self.mark, *lines]) + "\n"
        compile_source(text, f"revision cell '{self.slug}'")
        return text

    def _sorted(self) -> tuple[list[str], list[str], list[str], list[_Part]]:
        """Future imports, imports and helpers as lines; the bare statements as parts."""
        futures: list[str] = []
        imports: list[str] = []
        helpers: list[str] = []
        bare: list[_Part] = []
        whole = "upgrade" in self.functions
        for part in self.parts:
            node = part.node
            lines = self.lines[part.start : part.end]
            if part in self.functions.values():
                continue
            if isinstance(node, ast.ImportFrom) and node.module == "__future__":
                futures += lines
            elif _is_import(node):
                imports += _comments(lines) if ast.unparse(node) in _PRESENT else lines
            elif not self._is_bare(node) or (whole and isinstance(node, (ast.Assign, ast.AnnAssign))):
                helpers += ["", "", *_stripped(lines)] if helpers else _stripped(lines)
            elif whole and not _is_text(node):
                raise _error(
                    "put this into upgrade(): beside the function it would run at import", node.lineno
                )
            else:
                bare.append(part)
        return futures, _stripped(imports), helpers, bare

    def _upgrade(self, bare: Sequence[_Part]) -> list[str]:
        part = self.functions.get("upgrade")
        if part is not None:
            return _stripped(self.lines[part.start : part.end])
        inside = self._inside_texts
        lines: list[str] = []
        for piece in bare:
            for number in range(piece.start, piece.end):
                line = self.lines[number]
                lines.append(line if number in inside or not line.strip() else f"    {line}")
        return ["def upgrade() -> None:", '    """Upgrade schema."""', *(_stripped(lines) or ["    pass"])]

    def _downgrade(self, downgrade_lines: Sequence[str] | None) -> list[str]:
        part = self.functions.get("downgrade")
        if part is not None:
            return _stripped(self.lines[part.start : part.end])
        if downgrade_lines is None:
            downgrade_lines = [f"raise NotImplementedError({NO_DOWNGRADE!r})"]
        inside = _inside_texts("\n".join(downgrade_lines) + "\n")
        lines = _lines("\n".join(downgrade_lines))
        body = [
            line if number in inside or not line.strip() else f"    {line}"
            for number, line in enumerate(lines)
        ]
        return ["def downgrade() -> None:", '    """Downgrade schema."""', *(_stripped(body) or ["    pass"])]

    @cached_property
    def _inside_texts(self) -> set[int]:
        return _inside_texts("\n".join(self.lines) + "\n")


def body_hash(body: str) -> str:
    """Sixteen hexadecimal digits for a cell's body; white space at line ends does not count."""
    lines = [line.rstrip() for line in _lines(body)]
    return hashlib.sha256("\n".join(lines).strip("\n").encode()).hexdigest()[:16]


def has_functions(body: str) -> bool:
    """Whether the body has its own ``def upgrade()`` or ``def downgrade()``."""
    return bool(CellRevision("cell", body).functions)


def find_cell(directory: ScriptDirectory, slug: str) -> tuple[Script, str] | None:
    """The revision that a cell wrote, and the hash of the body that it was written from."""
    found = [
        revision
        for revision in directory.revision_map.revisions.values()
        if isinstance(revision, Script) and revision.header.cell == slug
    ]
    if len(found) > 1:
        raise CommandError(
            f"Two files say that cell '{slug}' wrote them: {' and '.join(s.path for s in found)}; remove the "
            "first line of one"
        )
    return (found[0], found[0].header.cell_hash) if found else None


def cell_id(parents: Sequence[str], slug: str, body: str) -> str:
    """The id of a cell's revision: the same cell on the same parents gets the same, on every machine."""
    text = "\n".join([*parents, slug, body_hash(body)])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def write_cell(
    directory: ScriptDirectory,
    slug: str,
    body: str,
    *,
    message: str | None = None,
    head: RevisionIds | None = None,
    splice: bool = False,
    rewrite: Script | None = None,
    downgrade_lines: Sequence[str] | None = None,
) -> Script:
    """Write the cell's revision file, or write it anew (then id, parents and date stay)."""
    cell = CellRevision(slug, body)
    if not [node for node in cell.tree.body if not _is_text(node)]:
        raise CommandError(f"The revision cell '{slug}' is empty: write upgrade(), or op. lines")
    if rewrite is None:
        draft = _new_draft(directory, cell, message, head, splice)
    else:
        draft = _old_draft(rewrite, message)
    text = cell.text(write.render(directory, draft.variables()), downgrade_lines)
    return write.put(directory, draft, text)


def _new_draft(
    directory: ScriptDirectory,
    cell: CellRevision,
    message: str | None,
    head: RevisionIds | None,
    splice: bool,
) -> write.Draft:
    parents = write.parents(directory, head, splice=splice)
    return write.draft_revision(
        directory,
        cell_id([parent.revision for parent in parents], cell.slug, cell.body),
        message or cell.slug.replace("_", " "),
        head=head,
        splice=splice,
        branch_labels=None,
        version_path=None,
        depends_on=None,
    )


def _old_draft(script: Script, message: str | None) -> write.Draft:
    return write.Draft(
        script.revision,
        message or script.doc,
        script._script_path,
        script.header_parents,
        script.header.branch_labels,
        script.header.depends_on,
        script.create_date or str(write.create_date(None)),
    )


# -- text and tree


def _lines(text: str) -> list[str]:
    """The lines as Python counts them: ``str.splitlines`` would also cut at signs inside texts."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines if lines[-1] else lines[:-1]


def _bound(node: ast.Assign | ast.AnnAssign) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]


def _mentions_op(node: ast.AST) -> bool:
    return any(isinstance(name, ast.Name) and name.id == "op" for name in ast.walk(node))


def _is_import(node: ast.stmt) -> bool:
    return isinstance(node, (ast.Import, ast.ImportFrom))


def _is_text(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _after_docstring(tree: ast.Module) -> int:
    return (tree.body[0].end_lineno or 0) if tree.body and _is_text(tree.body[0]) else 0


def _place(tree: ast.Module, name: str) -> tuple[int, int]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            return first - 1, node.end_lineno or node.lineno
    raise ScriptError(f"script.py.mako has no {name}(); a revision cell can't be put into it")


def _comments(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if line.lstrip().startswith("#")]


def _stripped(lines: Sequence[str]) -> list[str]:
    """Without the blank lines at either end."""
    kept = list(lines)
    while kept and not kept[0].strip():
        del kept[0]
    while kept and not kept[-1].strip():
        del kept[-1]
    return kept


def _inside_texts(source: str) -> set[int]:
    """The lines (from 0) that begin inside a text: to indent them would change it."""
    inside: set[int] = set()
    opened: list[int] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        kind = tokenize.tok_name[token.type]
        if kind == "FSTRING_START":
            opened.append(token.start[0])
        elif kind == "FSTRING_END":
            inside.update(range(opened.pop(), token.end[0]))
        elif kind == "STRING":
            inside.update(range(token.start[0], token.end[0]))
    return inside


def _error(message: str, line: int) -> ScriptError:
    return ScriptError(f"revision cell, line {line + 1}: {message}", line=line + 1)


def _refused(error: Exception) -> ScriptError:
    """A syntax error with its line in the cell, whose first line is the magic's."""
    line = getattr(error, "lineno", None)
    message = getattr(error, "msg", None) or str(error)
    if line is None:
        return ScriptError(f"revision cell: {message}")
    text = (getattr(error, "text", None) or "").strip()
    return _error(f"syntax error: {message}{f': {text}' if text else ''}; nothing was written", line)
