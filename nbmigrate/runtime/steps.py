"""What became of one step of a run: it ran, it failed, or another run was faster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from nbmigrate.ddl.text import to_sql

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect as SQLAlchemyDialect

    from nbmigrate.ddl.statement import Statement
    from nbmigrate.model.plan import Step


@dataclass(frozen=True)
class StepRun:
    """What one step did.

    ``before`` and ``after`` are the rows of the version table, ``statements`` what its operations became,
    ``seconds`` is wall time.
    """

    step: Step
    before: tuple[str, ...]
    after: tuple[str, ...]
    statements: tuple[Statement, ...]
    dialect: SQLAlchemyDialect
    seconds: float

    @property
    def texts(self) -> tuple[str, ...]:
        """The SQL texts of the statements."""
        return tuple(text for item in self.statements for text in to_sql(item, self.dialect))


class Moved(Exception):
    """Another run has moved the version while this one waited; ``heads`` is where it is now."""

    def __init__(self, heads: tuple[str, ...]) -> None:
        self.heads = heads


@dataclass(frozen=True)
class FailedStep:
    """Which step an exception came out of; an attribute ``nbmigrate_step`` of the exception.

    ``outcome`` is what became of what the step had done: "rolled back", "kept" (the database does not take
    it back), "caller's" (in a transaction that the caller has open), or "text" (nothing ran). ``kept`` is how
    many of its statements stay done, None where no journal was kept.
    """

    step: Step
    outcome: Literal["rolled back", "kept", "caller's", "text"]
    heads: tuple[str, ...]
    kept: int | None = None
