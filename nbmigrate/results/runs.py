"""What the verbs return that move a database: upgrade, downgrade, stamp; or write the SQL for that."""

from __future__ import annotations

from collections.abc import Callable
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
class Place:
    """One of several databases: where it stood before a run, and where it stands after."""

    database: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    def __str__(self) -> str:
        """One line: where it stands."""
        return f"{self.database} is at {position(self.after)}"


@value
class Run(Result):
    """``upgrade`` and ``downgrade``: what ran, and where the database stood before and stands after.

    ``places`` has each database, where env.py serves several; ``before`` is then the first one's, ``after``
    the last one's. ``undone`` tells of an unfinished revision that was taken back.
    """

    holds_sql = True

    direction: Literal["upgrade", "downgrade"]
    target: str
    database: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    steps: tuple[StepReport, ...]
    seconds: float
    places: tuple[Place, ...] = ()
    undone: str = ""

    @property
    def rows(self) -> tuple[Any, ...]:
        """The steps."""
        return self.steps

    @property
    def standing(self) -> tuple[str, ...]:
        """A line for each database: where it stands now."""
        return _each(self, str)

    def __str__(self) -> str:
        """A line per step, or what was undone; then where each database stands."""
        if self.undone:
            return "\n".join((self.undone, *self.standing))
        if not self.steps:
            return f"Nothing to {self.direction}: {'; '.join(self.standing)}"
        lines = [
            f"Ran {step.direction} {position(step.source)} -> {position(step.destination)}, "
            f"{step.revision.message} ({step.seconds * 1000:.0f} ms)"
            for step in self.steps
        ]
        return "\n".join([*lines, *self.standing])


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
    """``stamp``: the position that was written into the version table; no revision ran.

    ``places`` has each database, where env.py serves several.
    """

    database: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    places: tuple[Place, ...] = ()

    @property
    def standing(self) -> tuple[str, ...]:
        """A line for each database: what became of its position."""
        return _each(self, _stamped)

    def __str__(self) -> str:
        """One line for each database."""
        return "\n".join(self.standing)


def _each(told: Run | Stamped, line: Callable[[Place], str]) -> tuple[str, ...]:
    """A line for each database; an env.py may come back to one, schema by schema."""
    places = told.places or (Place(told.database, told.before, told.after),)
    return tuple(dict.fromkeys(map(line, places)))


def _stamped(place: Place) -> str:
    if place.before == place.after:
        return f"{place.database} is stamped {position(place.after)} already"
    return f"{place.database} stamped {position(place.before)} -> {position(place.after)}"
