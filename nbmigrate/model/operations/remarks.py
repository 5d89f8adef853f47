"""A step that only a person can write: a comment in the file, which does nothing when it is run."""

from __future__ import annotations

from nbmigrate.model.operations.base import MigrateOperation


class RemarkOp(MigrateOperation):
    """Lines of a comment in a revision."""

    def __init__(self, *lines: str) -> None:
        self.lines = lines

    def reverse(self) -> RemarkOp:
        """Nothing to undo."""
        return RemarkOp()

    def to_diff_tuple(self) -> tuple[str, tuple[str, ...]]:
        """``("remark", lines)``; Alembic has none."""
        return ("remark", self.lines)

    def explain(self) -> str:
        """The lines as one paragraph."""
        return " ".join(self.lines) or "Nothing."
