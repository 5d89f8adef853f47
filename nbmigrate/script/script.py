"""``Script``: a revision with its file, and the lines that Alembic prints for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from types import ModuleType
from typing import TYPE_CHECKING

from nbmigrate.errors import RevisionError, ScriptError
from nbmigrate.model.revision import Revision, to_tuple
from nbmigrate.script.header import Header
from nbmigrate.script.load import load_module, read_source

if TYPE_CHECKING:
    from pathlib import Path


class Script(Revision):
    """One file in a versions folder.

    Only its header has been read; ``module`` executes the file when it is asked for, and anew when the file
    has changed since.
    """

    path: str
    _db_current_indicator: bool | None = None
    _module: tuple[bytes, ModuleType] | None = None

    def __init__(
        self,
        header: Header,
        path: str,
        around_load: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self.path = path
        self.header = header
        self._around_load = around_load
        revision, down_revision, branch_labels, depends_on = header[:4]
        try:
            super().__init__(revision, down_revision, depends_on, branch_labels)
        except RevisionError as error:
            error.args = (f"{error}; look at {path}",)
            raise

    @property
    def module(self) -> ModuleType:
        """The executed file."""
        try:
            with open(self.path, "rb", buffering=0) as file:
                content = file.readall()
        except OSError as error:
            raise ScriptError(
                f"The file of revision {self.revision} can't be read: {self.path}: {error.strerror}",
                self.path,
            ) from error
        # times of files are too coarse: a cell rewrites its file within one tick of the clock
        if self._module is None or self._module[0] != content:
            with self._around_load():
                self._module = (content, load_module(self.path, content=content))
        return self._module[1]

    @property
    def source(self) -> str:
        """The text of the file."""
        return read_source(self.path)

    @property
    def header_parents(self) -> tuple[str, ...]:
        """``down_revision`` as a tuple."""
        return self._versioned_down_revisions

    @property
    def _script_path(self) -> Path:
        from pathlib import Path

        return Path(self.path)

    @property
    def longdoc(self) -> str:
        """The docstring."""
        return self.header.doc

    @property
    def doc(self) -> str:
        """The docstring's first paragraph: the message."""
        return self.header.doc.split("\n\n")[0]

    @property
    def create_date(self) -> str | None:
        """The creation date as it stands in the docstring."""
        return self.header.create_date

    @property
    def log_entry(self) -> str:
        """The long form, of ``show`` and ``history --verbose``."""
        marks = self._marks(head=" (head)" if self.is_head else "")
        lines = [
            f"Rev: {self.revision}{marks}{self._current_mark}",
            f"{'Merges' if self.is_merge_point else 'Parent'}: {self._format_down_revision()}",
        ]
        if self.dependencies:
            lines.append(f"Also depends on: {comma(self.dependencies)}")
        if self.is_branch_point:
            lines.append(f"Branches into: {comma(self.children)}")
        if self.branch_labels:
            lines.append(f"Branch names: {comma(sorted(self.branch_labels))}")
        lines.append(f"Path: {self.path}")
        text = "\n".join(f"    {line}" for line in self.longdoc.splitlines())
        return "\n".join(lines) + f"\n\n{text}\n"

    def __str__(self) -> str:
        marks = self._marks(head=" (head)" if self.is_head else "")
        return f"{self._format_down_revision()} -> {self.revision}{marks}, {self.doc}"

    def cmd_format(
        self,
        verbose: bool,
        include_branches: bool = False,
        include_doc: bool = False,
        include_parents: bool = False,
        tree_indicators: bool = True,
    ) -> str:
        """The text that a verb prints: the long form, or one line with what is asked for."""
        if verbose:
            return self.log_entry
        return self._head_only(include_branches, include_doc, include_parents, tree_indicators)

    def _head_only(
        self,
        include_branches: bool = False,
        include_doc: bool = False,
        include_parents: bool = False,
        tree_indicators: bool = True,
        head_indicators: bool = True,
    ) -> str:
        text = self.revision
        if include_parents:
            needs = f" ({comma(self.dependencies)})" if self.dependencies else ""
            text = f"{self._format_down_revision()}{needs} -> {text}"
        if include_branches and self.branch_labels:
            text += f" ({comma(sorted(self.branch_labels))})"
        if head_indicators or tree_indicators:
            effective = " (effective head)" if self.is_head else ""
            text += (" (head)" if self._is_real_head else effective) + self._current_mark
        if tree_indicators:
            text += self._marks()
        return f"{text}, {self.doc}" if include_doc else text

    @property
    def _current_mark(self) -> str:
        return " (current)" if self._db_current_indicator else ""

    def _marks(self, head: str = "") -> str:
        branch = " (branchpoint)" if self.is_branch_point else ""
        merge = " (mergepoint)" if self.is_merge_point else ""
        return f"{head}{branch}{merge}"

    def _format_down_revision(self) -> str:
        return comma(self._versioned_down_revisions) or "<base>"


def comma(value: str | Iterable[str] | None) -> str:
    """Texts with commas between them; also what ``script.py.mako`` calls ``comma``."""
    if value is None:
        return ""
    return ", ".join(to_tuple(value if isinstance(value, str) else tuple(value)))
