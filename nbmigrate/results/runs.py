"""What the verbs return that move a database: upgrade, downgrade, stamp; or write the SQL for that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from nbmigrate.model.value import value
from nbmigrate.results.result import Result
from nbmigrate.results.text import position

if TYPE_CHECKING:
    from nbmigrate.results.revisions import RevisionInfo


@value
class StepReport:
    """One revision that was run, in one direction; ``seconds`` is wall time."""

    revision: RevisionInfo
    direction: Literal["upgrade", "downgrade"]
    source: tuple[str, ...]
    destination: tuple[str, ...]
    statements: tuple[str, ...]
    seconds: float


@value
class Run(Result):
    """``upgrade`` and ``downgrade``: what ran, and where the database stood before and stands after."""

    holds_sql = True

    direction: Literal["upgrade", "downgrade"]
    target: str
    database: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    steps: tuple[StepReport, ...]
    seconds: float

    @property
    def rows(self) -> tuple[Any, ...]:
        """The steps."""
        return self.steps

    def __str__(self) -> str:
        """A line per step, then the position."""
        if not self.steps:
            return f"Nothing to {self.direction}: {self.database} is at {position(self.after)}"
        lines = [
            f"Ran {step.direction} {position(step.source)} -> {position(step.destination)}, "
            f"{step.revision.message} ({step.seconds * 1000:.0f} ms)"
            for step in self.steps
        ]
        return "\n".join([*lines, f"{self.database} is at {position(self.after)}"])


@value
class SQLText(Result):
    """``--sql``: the text that would run, for one database system."""

    holds_sql = True

    dialect: str
    text: str

    @property
    def sql(self) -> str:
        """The SQL as it is."""
        return self.text

    def __str__(self) -> str:
        """The SQL as it is."""
        return self.text.rstrip("\n")


@value
class Stamped(Result):
    """``stamp``: the position that was written into the version table; no revision ran."""

    database: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    def __str__(self) -> str:
        """One line."""
        if self.before == self.after:
            return f"{self.database} is stamped {position(self.after)} already"
        return f"{self.database} stamped {position(self.before)} -> {position(self.after)}"
