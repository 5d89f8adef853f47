"""What a revision has done so far, on a database that takes no DDL back.

MySQL, MariaDB and Oracle commit at every CREATE, ALTER and DROP. A run that ends in the middle of a revision
leaves the statements that it got to. So each statement that changes something is written down before it runs,
in a table of ours that is there only while a run is unfinished: its commit carries the row of a CREATE as it
carries that of the INSERT beside it. That a row is there means that the statement ran, but for the last one,
which the catalogue decides (``Dialect.has_run``). The next run goes through the script again and leaves out
what the rows account for.

One row a statement and no second one for "done": the next statement's row, or the version's move, says that.
"""

from __future__ import annotations

import datetime
import getpass
import hashlib
import re
import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Column, Integer, MetaData, String, Table, Text, event, inspect
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from nbmigrate.errors import UnfinishedRun

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from nbmigrate.dialects.base import Dialect

# what only looks at the database, or only sets something for the session: run again when a script is resumed
LOOKING = re.compile(
    r"[\s(]*(SELECT|SHOW|DESC|DESCRIBE|EXPLAIN|SET|USE|DO|VALUES|PRAGMA|CHECK)\b", re.IGNORECASE
)
LOOKING_WITH = re.compile(r"\s*WITH\b(?!.*\b(INSERT|UPDATE|DELETE|MERGE)\b)", re.IGNORECASE | re.DOTALL)
TEMPORARY = re.compile(r"\s*(CREATE|DROP)\s+(OR\s+REPLACE\s+)?(GLOBAL\s+)?TEMPORARY\b", re.IGNORECASE)
ROWS = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|MERGE|WITH)\b", re.IGNORECASE)
LONGEST = 4000  # characters of a statement that are kept to be read


@dataclass(frozen=True)
class Entry:
    """One statement that a revision came to.

    ``digest`` is of its whole text. ``certain`` says that it ran: false for a statement whose end nobody saw.
    """

    number: int
    digest: str
    text: str
    certain: bool
    temporary: bool

    @property
    def changes_rows(self) -> bool:
        """Whether it is an INSERT, UPDATE or DELETE, which commits together with its row here."""
        return ROWS.match(self.text) is not None


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


class Journal:
    """The table ``<version table>_journal`` of one database."""

    def __init__(self, dialect: Dialect, version_table: str, schema: str | None) -> None:
        self.dialect = dialect
        self.table = Table(
            f"{version_table}_journal",
            MetaData(),
            Column("number", Integer, primary_key=True, autoincrement=False),
            Column("revision", String(255), nullable=False),
            Column("direction", String(9), nullable=False),
            Column("heads", String(1000), nullable=True),
            Column("script_digest", String(64), nullable=True),
            Column("digest", String(64), nullable=False),
            Column("statement", Text, nullable=False),
            Column("certain", Boolean, nullable=False),
            Column("temporary", Boolean, nullable=False),
            Column("since", String(32), nullable=False),
            Column("run_by", String(255), nullable=False),
            schema=schema,
            mysql_engine="InnoDB",
            mariadb_engine="InnoDB",
        )
        self.insert = self.table.insert().compile(dialect=dialect.sqlalchemy)
        self.there = False
        self.last = 0

    def find(self, connection: Connection, heads: Sequence[str]) -> Unfinished | None:
        """The revision that was left unfinished where the database stands now, None where there is none.

        Changes nothing. The statement that was in doubt is settled by the catalogue, where that can be told.
        """
        if not inspect(connection).has_table(self.table.name, schema=self.table.schema):
            return None
        self.there = True
        rows = connection.execute(self.table.select().order_by(self.table.c.number)).all()
        self.last = rows[-1].number if rows else 0
        mine = [row for row in rows if (row.heads or "") == _together(heads)]
        if not mine:
            return None
        entries = [Entry(r.number, r.digest, r.statement, r.certain, r.temporary) for r in mine]
        not_run: tuple[int, ...] = ()
        doubt = None
        if not entries[-1].certain and not entries[-1].changes_rows:
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
            row.since,
            row.run_by,
            tuple(entries),
            not_run,
            doubt,
        )

    def begin(self, connection: Connection) -> None:
        """Make the table for a run that changes something."""
        if not self.there:
            self.table.create(connection)
            connection.commit()
            self.there = True

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
        connection: Connection,
        revision: Any,
        direction: str,
        heads: Sequence[str],
        done: Sequence[Entry] = (),
        *,
        stop: bool = False,
    ) -> None:
        self.journal = journal
        self.connection = connection
        self.done = tuple(done)
        self.stop = stop
        self.seen = 0  # statements that the script has come to, those that are left out included
        self.written: list[Entry] = []
        self.temporary = False
        self.revision = revision.revision
        self.facts = {
            "revision": revision.revision,
            "direction": direction,
            "heads": _together(heads),
            "script_digest": script_digest(revision),
            "since": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
            "run_by": whoever(),
        }

    def __enter__(self) -> StepJournal:
        event.listen(self.connection, "before_cursor_execute", self._note, retval=True)
        return self

    def __exit__(self, *_error: object) -> None:
        event.remove(self.connection, "before_cursor_execute", self._note)

    def _note(
        self, _connection: Any, _cursor: Any, statement: str, parameters: Any, context: Any, _many: bool
    ) -> tuple[str, Any]:
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
        self._write(digest, statement)
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

    def _write(self, digest: str, statement: str) -> None:
        """One row, by the driver itself: this happens for every statement of every revision."""
        journal = self.journal
        journal.last += 1
        entry = Entry(journal.last, digest, statement[:LONGEST], False, self.temporary)
        values = journal.insert.construct_params(
            {
                **self.facts,
                "number": entry.number,
                "digest": digest,
                "statement": entry.text,
                "certain": False,
                "temporary": self.temporary,
            }
        )
        positions = journal.insert.positiontup
        cursor = self.connection.connection.cursor()
        try:
            cursor.execute(str(journal.insert), tuple(values[p] for p in positions) if positions else values)
        finally:
            cursor.close()
        self.written.append(entry)

    def failed(self, error: BaseException) -> int:
        """After the transaction was rolled back: what is known for certain goes into the table.

        Returns how many of the step's statements stay done. Where the connection is gone the rows stay as
        they are, and the next run settles what is in doubt.
        """
        if not self.written:
            return len(self.done)
        last = self.written[-1]
        with suppress(SQLAlchemyError):
            if isinstance(error, DBAPIError) and error.statement == last.text and not _lost(error):
                self.journal.forget(self.connection, [last.number])
            elif not last.changes_rows and not isinstance(error, DBAPIError) and isinstance(error, Exception):
                self.journal.confirm(self.connection, last.number)
            self.connection.commit()
            table = self.journal.table
            rows = self.connection.execute(
                table.select().where(table.c.heads == self.facts["heads"]).order_by(table.c.number)
            ).all()
            self.connection.commit()
            return len(rows)
        return len(self.done) + len(self.written)


class Followed(Exception):
    """The script has come to the end of what it had done."""


def script_digest(revision: Any) -> str:
    """The digest of a script's file; empty where there is none."""
    try:
        with open(revision.path, "rb") as stream:
            return hashlib.sha256(stream.read()).hexdigest()
    except OSError:
        return ""


def whoever() -> str:
    """Who runs this: user and machine, as far as the system tells."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = "unknown"
    return f"{user}@{socket.gethostname()}"[:255]


def _together(heads: Sequence[str]) -> str:
    text = ",".join(sorted(heads))
    return text if len(text) <= 1000 else hashlib.sha256(text.encode()).hexdigest()


def _lost(error: DBAPIError) -> bool:
    """Whether the connection broke, so that nobody knows what became of the statement."""
    return bool(error.connection_invalidated)


def _short(statement: str) -> str:
    text = " ".join(statement.split())
    return text if len(text) <= 120 else f"{text[:119]}\N{HORIZONTAL ELLIPSIS}"
