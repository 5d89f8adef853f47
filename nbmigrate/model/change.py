"""One difference between the models and the database, in words: a row of the diff table."""

from __future__ import annotations

from typing import Any, Literal

from nbmigrate.model.value import value

PLAIN_SIGNS = {"add": "+", "drop": "-", "alter": "~"}
SIGNS = {"add": "+", "drop": "\N{MINUS SIGN}", "alter": "~"}


@value
class Change:
    """One row of the diff table.

    ``name`` is the object's full name ("user.email"); ``before`` and ``after`` are its two states in SQL's
    words, either may be empty; ``rows`` says what happens to rows ("drops 12,431 values"), empty where none
    are touched; ``operation`` is the Python that a revision would hold. ``fails``: rows that are there now
    would stop it.
    """

    kind: Literal["add", "drop", "alter"]
    object_kind: str
    name: str
    before: str = ""
    after: str = ""
    rows: str = ""
    operation: str = ""
    fails: bool = False

    @property
    def sign(self) -> str:
        """The sign that stands beside the word: + add, minus drop, ~ alter."""
        return SIGNS[self.kind]

    @property
    def plain_sign(self) -> str:
        """The same in ASCII, for terminals and for what is printed."""
        return PLAIN_SIGNS[self.kind]

    @property
    def plain_detail(self) -> str:
        """Before and after in one text, in ASCII but for names and values."""
        if self.before and self.after:
            return f"{self.before} -> {self.after}"
        return self.before or self.after

    @property
    def detail(self) -> str:
        """Before and after in one text."""
        if self.before and self.after:
            return f"{self.before} \N{RIGHTWARDS ARROW} {self.after}"
        return self.before or self.after

    def to_dict(self) -> dict[str, Any]:
        """The row as a dictionary."""
        from dataclasses import asdict

        return asdict(self)

    def to_json(self) -> dict[str, Any]:
        """The row in the documented form of ``--json``."""
        return {
            "kind": self.kind,
            "object": self.object_kind,
            "name": self.name,
            "before": self.before,
            "after": self.after,
            "rows": self.rows,
            "fails": self.fails,
            "operation": self.operation,
        }

    def __str__(self) -> str:
        """One line of text."""
        tail = f" ({self.rows})" if self.rows else ""
        detail = f": {self.plain_detail}" if self.plain_detail else ""
        return f"{self.plain_sign} {self.kind} {self.object_kind} {self.name}{detail}{tail}"
