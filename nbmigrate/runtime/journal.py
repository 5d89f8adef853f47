"""What a revision has done so far, on a database that takes no DDL back.

MySQL, MariaDB and Oracle commit at every CREATE, ALTER and DROP. A run that ends in the middle of a revision
leaves the statements that it got to. So each statement that changes something is written down before it is
committed, in a table of ours that is there only while a run is unfinished. That a row is there means that the
statement ran, but for the last one, which the catalogue decides (``Dialect.has_run``). The next run goes
through the script again and leaves out what the rows account for.

The commit of a CREATE is its own: the database makes it before it begins. So its row is written before it,
and with it, in one statement, the rows of the INSERTs and UPDATEs that came before and that this commit
carries. Those that come after the last CREATE need none: the version row shares their commit.

One row a statement and no second one for "done": the next statement's row, or the version's move, says that.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Column, String, Text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from nbmigrate.errors import UnfinishedRun
from nbmigrate.runtime.records import JOURNAL, StepRecords, heads_column, step_facts, together

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from nbmigrate.dialects.base import Dialect
    from nbmigrate.runtime.watch import Watch

# what only looks at the database, or only sets something for the session: run again when a script is resumed
LOOKING = re.compile(
    r"[\s(]*(SELECT|SHOW|DESC|DESCRIBE|EXPLAIN|SET|USE|DO|VALUES|PRAGMA|CHECK)\b", re.IGNORECASE
)
SETS_COMMITTING = re.compile(r"\s*SET\b.*\bautocommit\b", re.IGNORECASE | re.DOTALL)
LOOKING_WITH = re.compile(r"\s*WITH\b(?!.*\b(INSERT|UPDATE|DELETE|MERGE)\b)", re.IGNORECASE | re.DOTALL)
TEMPORARY = re.compile(r"\s*(CREATE|DROP)\s+(OR\s+REPLACE\s+)?(GLOBAL\s+)?TEMPORARY\b", re.IGNORECASE)
ROWS = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|MERGE|WITH)\b", re.IGNORECASE)
LONGEST = 4000  # characters of a statement that are kept to be read


@dataclass(frozen=True)
class Entry:
    """One statement that a revision came to.

    ``digest`` is of its whole text. ``certain`` says that it ran: false for a statement whose end nobody saw.
    ``temporary``: a temporary table was made before it. ``alone``: its commit is its own (a CREATE's, that of
    autocommit), and not its row's.
    """

    number: int
    digest: str
    text: str
    certain: bool
    temporary: bool
    alone: bool


@dataclass(frozen=True)
class Unfinished:
    """A revision that was begun and not ended; ``heads`` is where the database stood, and stands.

    ``entries`` ran. ``not_run`` are the numbers of rows whose statement the catalogue knows nothing of;
    ``doubt`` is a statement of which it can't tell.
    """

    revision: str
    direction: str
    heads: tuple[str, ...]
    script_digest: str
    since: str
    by: str
    entries: tuple[Entry, ...]
    not_run: tuple[int, ...] = ()
    doubt: Entry | None = None

    def __str__(self) -> str:
        """One line: what is unfinished, since when, and how far it got."""
        count = len(self.entries)
        done = "1 statement is done" if count == 1 else f"{count} statements are done"
        return (
            f"unfinished: {self.direction} of {self.revision}, begun {self.since} by {self.by}; "
            f"{done} and will not run again"
        )

    @property
    def is_nothing(self) -> bool:
        """Whether it did not get as far as changing anything."""
        return not self.entries and self.doubt is None

    @property
    def table(self) -> str:
        """The statements that are done, one a line."""
        return "\n".join(f"  {place}. {_short(one.text)}" for place, one in enumerate(self.entries, 1))

    @property
    def taken_back(self) -> str:
        """What is said when that was undone."""
        count = len(self.entries)
        done = "its one statement is" if count == 1 else f"its {count} statements are"
        what = f"{done} taken back" if count else "it had done nothing"
        return f"Undid the unfinished {self.direction} of {self.revision}: {what}"

    @property
    def in_doubt(self) -> str:
        """What is said where the catalogue does not tell whether the last statement ran."""
        assert self.doubt is not None
        return (
            f"it ended while `{_short(self.doubt.text)}` was running, and the catalogue does not tell whether"
            " that has happened: look, put it right by hand, and say with `stamp` where the database stands"
        )

    @property
    def ways_out(self) -> str:
        """What can be typed."""
        return (
            f"`{self.direction}` carries on where it stopped; `{self.direction} --undo` takes back what is "
            "done; `stamp` says that you have put it right by hand"
        )


class Journal(StepRecords):
    """The table ``<version table>_journal`` of one database.

    Its first row (number 0, no statement) is about the run: who began it, and when.
    """

    kind = JOURNAL

    def __init__(self, dialect: Dialect, version_table: str, schema: str | None) -> None:
        super().__init__(
            version_table,
            schema,
            heads_column("heads"),
            Column("digest", String(64), nullable=False),
            Column("statement", Text, nullable=False),
            Column("certain", Boolean, nullable=False),
            Column("temporary", Boolean, nullable=False),
            Column("alone", Boolean, nullable=False),
        )
        self.dialect = dialect
        self.insert = self.table.insert().compile(dialect=dialect.sqlalchemy)
        self.there = False
        self.last = 0

    def find(self, connection: Connection, heads: Sequence[str]) -> Unfinished | None:
        """The revision that was left unfinished where the database stands now, None where there is none.

        Changes nothing. The statement that was in doubt is settled by the catalogue, where that can be told.
        """
        if not self.is_there(connection):
            return None
        self.there = True
        rows = connection.execute(self.table.select().order_by(self.table.c.number)).all()
        self.last = rows[-1].number if rows else 0
        mine = [row for row in rows if row.number and (row.heads or "") == together(heads)]
        if not mine:
            return None
        entries = [Entry(r.number, r.digest, r.statement, r.certain, r.temporary, r.alone) for r in mine]
        not_run: tuple[int, ...] = ()
        doubt = None
        if not entries[-1].certain and entries[-1].alone:
            ran = self.dialect.has_run(connection, entries[-1].text)
            if not ran:
                last = entries.pop()
                not_run, doubt = ((last.number,), None) if ran is False else ((), last)
        row = mine[0]
        digest = row.script_digest or ""
        return Unfinished(
            row.revision,
            row.direction,
            tuple(heads),
            digest,
            row.at,
            row.run_by,
            tuple(entries),
            not_run,
            doubt,
        )

    def begin(self, connection: Connection, first: dict[str, str]) -> None:
        """Make the table for a run that changes something; ``first`` are the facts of its first step."""
        if not self.there:
            self.table.create(connection)
            self.there = True
        nothing = {"digest": "", "statement": "", "certain": True, "temporary": False, "alone": False}
        about = {**first, **nothing, "number": 0}
        connection.execute(self.table.delete().where(self.table.c.number == 0))
        connection.execute(self.table.insert().values(about))
        connection.commit()

    def running(self, connection: Connection) -> str:
        """Who has begun a run that is under way, and when; empty where there is none."""
        if not self.is_there(connection):
            return ""
        row = connection.execute(self.table.select().where(self.table.c.number == 0)).first()
        return f"{row.direction} begun {row.at} by {row.run_by}" if row is not None else ""

    def end(self, connection: Connection) -> None:
        """Put the table away: the run is over, with nothing unfinished."""
        if self.there:
            self.table.drop(connection)
            connection.commit()
            self.there = False

    def forget(self, connection: Connection, numbers: Sequence[int]) -> None:
        """Delete the rows of statements that did not run, or that were taken back."""
        connection.execute(self.table.delete().where(self.table.c.number.in_(numbers)))

    def confirm(self, connection: Connection, number: int) -> None:
        """Note that a statement is known to have run."""
        connection.execute(self.table.update().where(self.table.c.number == number).values(certain=True))


class StepJournal:
    """Writes down the statements of one step, as a block around its script's function.

    ``done`` are the statements that ran in an earlier attempt: they are left out when the script comes to
    them again. With ``stop`` the script is only followed so far, and then left by ``Followed``.
    """

    def __init__(
        self,
        journal: Journal,
        watch: Watch,
        revision: Any,
        direction: str,
        heads: Sequence[str],
        signed: dict[str, str],
        done: Sequence[Entry] = (),
        *,
        stop: bool = False,
    ) -> None:
        self.journal = journal
        self.watch = watch
        self.connection = watch.connection
        self.done = tuple(done)
        self.stop = stop
        self.seen = 0  # statements that the script has come to, those that are left out included
        self.ran: list[Entry] = []  # in the order in which they came
        self.written = 0  # how many of them have a row
        self.temporary = False
        self.revision = revision.revision
        self.facts = {**step_facts(revision, direction), "heads": together(heads), **signed}

    def __enter__(self) -> StepJournal:
        self.watch.follower = self
        return self

    def __exit__(self, *_error: object) -> None:
        self.watch.follower = None

    def statement(self, statement: str, parameters: Any, context: Any) -> tuple[str, Any]:
        """Write down what is about to run, where its commit is its own; leave out what ran before."""
        if SETS_COMMITTING.match(statement):
            self.commit()
        if LOOKING.match(statement) or LOOKING_WITH.match(statement):
            return statement, parameters
        if TEMPORARY.match(statement):
            self.temporary = True
            return statement, parameters
        digest = hashlib.sha256(statement.encode()).hexdigest()
        place, self.seen = self.seen, self.seen + 1
        if place < len(self.done):
            return self._left_out(self.done[place], digest, statement, context)
        if self.stop:
            raise Followed
        level = self.connection.get_execution_options().get("isolation_level")
        alone = ROWS.match(statement) is None or level == "AUTOCOMMIT"
        self.journal.last += 1
        self.ran.append(Entry(self.journal.last, digest, statement[:LONGEST], False, self.temporary, alone))
        if alone:
            self.commit()
        return statement, parameters

    def _left_out(self, entry: Entry, digest: str, statement: str, context: Any) -> tuple[str, Any]:
        place = f"statement {self.seen} of {self.revision}"
        if entry.digest != digest:
            raise UnfinishedRun(
                f"{place} is another one now: `{_short(entry.text)}` has run, `{_short(statement)}` is what "
                "the script says. Put the script back, or take back by hand what has run and use `stamp`"
            )
        if entry.temporary:
            raise UnfinishedRun(
                f"{place} came after a temporary table was made, which is gone, so what is left to do can't "
                "be told: put it right by hand and say so with `stamp`"
            )
        if getattr(getattr(context, "compiled", None), "effective_returning", None):
            raise UnfinishedRun(
                f"{place} has run and hands rows back to the script, which can't be had a second time: "
                f"put the rest right by hand and say so with `stamp`"
            )
        return self.journal.dialect.nothing, ()

    def commit(self) -> None:
        """Write the rows of all that it carries, by the driver itself: this is for each CREATE."""
        entries = self.ran[self.written :]
        if not entries:
            return
        self.written = len(self.ran)
        rows = [
            {
                **self.facts,
                "number": entry.number,
                "digest": entry.digest,
                "statement": entry.text,
                "certain": False,
                "temporary": entry.temporary,
                "alone": entry.alone,
            }
            for entry in entries
        ]
        sqlalchemy = self.journal.dialect.sqlalchemy
        if len(rows) > 1 and sqlalchemy.supports_multivalues_insert:
            insert = self.journal.table.insert().values(rows).compile(dialect=sqlalchemy)
            self._by_the_driver(insert, insert.params)
            return
        for row in rows:
            self._by_the_driver(self.journal.insert, self.journal.insert.construct_params(row))

    def _by_the_driver(self, insert: Any, values: Any) -> None:
        positions = insert.positiontup
        cursor = self.connection.connection.cursor()
        try:
            cursor.execute(str(insert), tuple(values[name] for name in positions) if positions else values)
        finally:
            cursor.close()

    def rollback(self) -> None:
        """What has no row yet was rolled back, by the script or by us."""
        del self.ran[self.written :]

    def failed(self, error: BaseException) -> int:
        """After the transaction was rolled back: what is known for certain goes into the table.

        Returns how many of the step's statements stay done. Where the connection is gone the rows stay as
        they are, and the next run settles what is in doubt.
        """
        if not self.written:
            return len(self.done)
        last = self.ran[self.written - 1]
        its_own = isinstance(error, DBAPIError) and (error.statement or "")[:LONGEST] == last.text
        came_past = len(self.ran) > self.written or (isinstance(error, Exception) and not its_own)
        with suppress(SQLAlchemyError):
            if came_past:
                self.journal.confirm(self.connection, last.number)
            elif isinstance(error, DBAPIError) and not error.connection_invalidated:
                self.journal.forget(self.connection, [last.number])
            self.connection.commit()
            table = self.journal.table
            mine = (table.c.heads == self.facts["heads"]) & (table.c.number > 0)
            rows = self.connection.execute(table.select().where(mine)).all()
            self.connection.commit()
            return len(rows)
        return len(self.done) + self.written


class Followed(Exception):
    """The script has come to the end of what it had done."""


def _short(statement: str) -> str:
    text = " ".join(statement.split())
    return text if len(text) <= 120 else f"{text[:119]}\N{HORIZONTAL ELLIPSIS}"
