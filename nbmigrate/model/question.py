"""A rename that may be meant, and the lines that answer it: a row of the diff table with a question mark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from nbmigrate.model.value import value


@value
class Question:
    """Whether this is a rename, or one thing dropped and another added.

    ``old`` and ``new`` are full names as they are written in an answer (``user.mail``); ``reasons`` say in
    words why it may be one, ``score`` (0 to 1) how sure that is. ``rows`` says what would be lost,
    ``count`` how many values or rows those are: None where they were not counted in time. ``within`` is the
    question about the table on which this one, about a column, stands.
    """

    object_kind: Literal["table", "column"]
    old: str
    new: str
    reasons: tuple[str, ...] = ()
    score: float = 0.0
    rows: str = ""
    count: int | None = None
    within: str = ""

    @property
    def must_be_answered(self) -> bool:
        """Whether something would be lost without an answer: not where the database holds nothing there."""
        return self.count != 0

    @property
    def text(self) -> str:
        """The question in words."""
        return f"is {self.object_kind} {self.old} to be called {self.new}?"

    @property
    def rename(self) -> str:
        """The option that says yes, as it is typed behind ``%migrate revision --autogenerate``."""
        return f"--rename {_typed(f'{self.old}={self.new}')}"

    @property
    def drop(self) -> str:
        """The option that says no: the old goes with what it holds, and the new begins empty."""
        return f"--drop {_typed(self.old)}"

    @property
    def python(self) -> str:
        """The argument that says yes, in Python."""
        return f"renames={{{self.old!r}: {self.new!r}}}"

    @property
    def answers(self) -> str:
        """Both options in one line."""
        return f"{self.rename}  or  {self.drop}"

    def to_dict(self) -> dict[str, Any]:
        """The question as a dictionary of plain values."""
        return {
            "object": self.object_kind,
            "old": self.old,
            "new": self.new,
            "reasons": list(self.reasons),
            "score": self.score,
            "rows": self.rows,
            "count": self.count,
            "within": self.within,
            "must_be_answered": self.must_be_answered,
            "rename": self.rename,
            "drop": self.drop,
        }

    def __str__(self) -> str:
        """One line of text."""
        why = f" {', '.join(self.reasons)};" if self.reasons else ""
        rows = f" {self.rows};" if self.rows else ""
        return f"? {self.text}{why}{rows} answer {self.answers}"


def _typed(name: str) -> str:
    """A name as a shell, and the line of a magic, take it for one word."""
    import shlex

    return shlex.quote(name)


def unanswered_text(questions: Sequence[Question]) -> str:
    """What stops a revision, and the lines to paste."""
    one = len(questions) == 1
    head = (
        f"{'A rename is' if one else f'{len(questions)} renames are'} not answered; nothing was written. "
        "Without an answer values would be dropped. Add one option of each line:"
    )
    lines = [head]
    for question in questions:
        lines.append(f"  {question.rename}   or   {question.drop}")
        told = "; ".join(part for part in (", ".join(question.reasons), question.rows) if part)
        lines.append(f"      {question.text} {told}".rstrip())
    yes = ", ".join(f"{question.old!r}: {question.new!r}" for question in questions)
    lines.append(f"  in Python: renames={{{yes}}}, None in place of a new name for what is dropped")
    first = questions[0]
    old = first.old.rsplit(".", 1)[-1]
    lines.append(f"  in the models: {first.object_kind.capitalize()}(..., info={{'renamed_from': {old!r}}})")
    return "\n".join(lines)
