"""Renames in an autogenerate run: the answers that were given, what they change, and what is asked.

Alembic's functions (``compare_metadata``, ``produce_migrations``) ask nothing and rename only what the models
themselves declare. The verbs hand a ``Renaming`` through: it carries the answers in, and the questions out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from nbmigrate.autogenerate.counting import RowCounter
from nbmigrate.compare.build import Reflected
from nbmigrate.compare.rename_answers import Answer, answers_from, spelled
from nbmigrate.compare.rename_operations import follow_names, rename_operations
from nbmigrate.compare.renamed_schema import renamed_schema
from nbmigrate.compare.renames import Candidate, Decision, decide
from nbmigrate.compare.rows import Count, number
from nbmigrate.errors import CommandError, RenamesUnanswered
from nbmigrate.model.question import Question, unanswered_text
from nbmigrate.model.schema import Key, Schema

if TYPE_CHECKING:
    from nbmigrate.autogenerate.context import AutogenContext
    from nbmigrate.compare.options import CompareOptions
    from nbmigrate.model.operations import MigrateOperation


class Renaming:
    """Answers in, questions out: one for a verb, whatever the number of databases its env.py serves.

    ``renames`` leads from old names to new ones, to None what is dropped. ``fills``: a file is to be
    written, and rows that stand in the way of NOT NULL are given a value in it first.
    """

    def __init__(
        self, renames: Mapping[str, str | None] | None = None, *, ask: bool = True, fills: bool = False
    ) -> None:
        self.fills = fills
        self.answers: tuple[Answer, ...] = answers_from(renames or {})
        self.ask = ask
        self.questions: list[Question] = []
        self.used: set[Answer] = set()

    @classmethod
    def of(
        cls,
        renames: Mapping[str, str | None] | None = None,
        lines: Iterable[str] = (),
        drops: Iterable[str] = (),
    ) -> Renaming:
        """Answers as Python gives them, and as a command line does (``old=new``, and what is dropped)."""
        found = cls()
        found.answers = (*answers_from(renames or {}), *answers_from(lines, drops))
        return found

    def check_answers(self) -> None:
        """Refuse an answer that had no meaning in any database. Raises ``CommandError``."""
        for answer in self.answers:
            if answer not in self.used and answer.new is not None:
                raise CommandError(
                    f"{answer}: {spelled(*answer.old)} must be in the database, and "
                    f"{spelled(*answer.new)} in the models, but that is not so; names are table, "
                    "table.column or schema.table.column"
                )

    def check_questions(self) -> None:
        """Stop where values would be lost for want of an answer. Raises ``RenamesUnanswered``."""
        open_ones = [question for question in self.questions if question.must_be_answered]
        if open_ones:
            raise RenamesUnanswered(unanswered_text(open_ones), open_ones)


class Renamed:
    """What one comparison does about renames, in the order in which it needs it."""

    def __init__(self, autogen: AutogenContext, options: CompareOptions, current: Schema, desired: Schema):
        self.renaming = autogen.renaming
        self.autogen, self.options = autogen, options
        self.original, self.desired = current, desired
        reflected = Reflected(current)

        def goes(key: Key, name: str | None) -> bool:
            if options.include_object is None:
                return True
            table = reflected.table(key)
            item: Any = table if name is None else table.columns[name]
            kind = "table" if name is None else "column"
            return options.wants_object(item, name or key[1], kind, True, None)

        self.decision: Decision = decide(
            current, desired, self.renaming.answers, options, ask=self.renaming.ask, goes=goes
        )
        self.renaming.used |= self.decision.used
        self.current = current
        if self.decision:
            self.current = renamed_schema(current, self.decision.tables, self.decision.columns)
        self.renaming.questions += questions(self.decision.candidates, autogen.connection)

    def follow(self, current: Schema, desired: Schema) -> tuple[Schema, list[MigrateOperation]]:
        """The schema as it is once everything is renamed, and the operations that do it.

        ``current`` and ``desired`` are in one spelling by now.
        """
        if not self.decision:
            return current, []
        name = self.autogen.dialect.name
        mysql = name in ("mysql", "mariadb")
        operations = rename_operations(
            self.decision, self.original, current, desired, restate_autoincrement=mysql
        )
        current, named = follow_names(self.decision, current, desired, name)
        return current, [*operations, *named]


def questions(candidates: Iterable[Candidate], connection: Any) -> list[Question]:
    """The candidates as questions, with what is at stake counted on the live database."""
    counter = RowCounter(connection)
    found = []
    for candidate in candidates:
        rename, (old, new) = candidate.rename, candidate.names
        count = counter.number(_at_stake(candidate))
        one, several = ("row", "rows") if rename.kind == "table" else ("value", "values")
        rows = f"{number(count, one, several)} would be lost" if count else f"it holds no {several}"
        if count is None:
            rows = f"how many {several} would be lost was not counted in time"
        within = candidate.within
        found.append(
            Question(
                rename.kind,
                old,
                new,
                candidate.likeness.reasons,
                candidate.likeness.score,
                rows,
                count,
                "" if within is None else spelled(candidate.old_table[0], within.old),
            )
        )
    return found


def _at_stake(candidate: Candidate) -> Count:
    schema, name = candidate.old_table
    statement = sa.select(sa.func.count()).select_from(sa.table(name, schema=schema))
    if candidate.rename.kind == "column":
        statement = statement.where(sa.column(candidate.rename.old).is_not(None))
    return Count(statement, lambda n: "", "")
