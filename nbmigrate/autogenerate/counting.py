"""Counting rows on the live database without making anyone wait: all counts together have a time limit.

A statement that takes longer is stopped: by the server where it can (PostgreSQL, MySQL, MariaDB), by an
interruption where the database is in this process (SQLite, DuckDB). Looking leaves the connection as it was,
its transaction included.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Timer
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import CompileError, SQLAlchemyError

from nbmigrate.compare.desired import plain_dialect
from nbmigrate.compare.object_rows import QUESTIONS
from nbmigrate.compare.rows import FAILS, Count, Situation, at_stake
from nbmigrate.ddl.autocommit import commits_by_itself
from nbmigrate.dialects.conversions import conversion_for
from nbmigrate.model.operations import AddColumnOp, MigrateOperation, OpContainer


@dataclass(frozen=True)
class Effect:
    """What an operation does to rows, in words; ``fails``: rows that are there stop it."""

    words: str = ""
    fails: bool = False


class RowCounter:
    """Says what operations do to rows, one after another; after ``seconds`` in all only what may be."""

    def __init__(self, connection: Connection | None, seconds: float = 2.0) -> None:
        self.connection = connection
        self.seconds = self.left = seconds
        self.situation = Situation()
        if connection is not None:
            dialect = plain_dialect(connection.dialect)
            self.situation = Situation(
                lambda expression: _sql(dialect, expression),
                conversion_for(connection),
                fills_by_itself=dialect.name in ("mysql", "mariadb"),
            )

    def words(self, operation: MigrateOperation) -> str:
        """What the operation does to rows, "" where nothing is at stake."""
        return self.effect(operation).words

    def effect(self, operation: MigrateOperation) -> Effect:
        """The same, and whether rows stop it."""
        if self.connection is None:
            return Effect()
        if isinstance(operation, OpContainer):
            return self._of_several(operation)
        # None for a table's operation that was given none
        info: dict[Any, Any] = operation.info or {}
        if "rows" in info:
            # counted when the step before it was written
            words = str(info["rows"])
            return Effect(words, words.startswith(FAILS))
        question = QUESTIONS.get(type(operation))
        if question is not None:
            one: Count | None = question(operation)
            counts = [] if one is None else [one]
        else:
            counts = at_stake(operation, self.situation)
            self.situation.note(operation)
        answers = [self._told(self.connection, count) for count in counts]
        fails = any(words.startswith(FAILS) for words, known in answers if known)
        return Effect("; ".join(words for words, _ in answers if words), fails)

    def _of_several(self, container: OpContainer) -> Effect:
        """What the operations of a batch do, each with the name of what it is about."""
        words, fails = [], False
        for one in container.ops:
            effect = self.effect(one)
            fails = fails or effect.fails
            name = _name(one)
            if effect.words:
                words.append(f"{name}: {effect.words}" if name else effect.words)
        return Effect("; ".join(words), fails)

    def number(self, count: Count) -> int | None:
        """The answer to one question; None where there is none in time."""
        try:
            row = None if self.connection is None else self._row(self.connection, count)
        except SQLAlchemyError:
            return None
        return None if row is None else int(row[0])

    def _told(self, connection: Connection, count: Count) -> tuple[str, bool]:
        """The words, and whether they were counted."""
        try:
            row = self._row(connection, count)
        except SQLAlchemyError as error:
            told = _refusal(error)
            if told and len(count.statement.selected_columns) == _WITH_ATTEMPT:
                return f"{FAILS}: {told}", True
            # the statement needs something that is only about to be made
            return "", False
        if row is not None:
            return count.words(*row), True
        return f"{count.unknown} (not counted: took longer than {self.seconds:g} s)", False

    def _row(self, connection: Connection, count: Count) -> Any:
        """The row that answers; None where the time is over."""
        if self.left <= 0:
            return None
        began = time.monotonic()
        try:
            with _limited(connection, self.left) as execute:
                return execute(count.statement)
        except SQLAlchemyError:
            if time.monotonic() - began >= self.left * 0.95:
                return None
            raise
        finally:
            self.left -= time.monotonic() - began


def _name(operation: MigrateOperation) -> str:
    """What an operation in a batch is about: a column, else a constraint or an index."""
    if isinstance(operation, AddColumnOp):
        return str(operation.column.name)
    names = (getattr(operation, key, None) for key in ("column_name", "constraint_name", "index_name"))
    return next((str(name) for name in names if name), "")


_WITH_ATTEMPT = 6  # columns of a look at values that also tries to convert them


def _refusal(error: SQLAlchemyError) -> str:
    """What the database says of a value that it can't convert: data exceptions, class 22 of SQLSTATE."""
    original: Any = getattr(error, "orig", None)
    state = str(getattr(original, "sqlstate", "") or getattr(original, "pgcode", "") or "")
    return str(original).strip().split("\n")[0] if state.startswith("22") else ""


def _sql(dialect: Any, expression: Any) -> str:
    if isinstance(expression, str):
        return expression
    compiler = dialect.ddl_compiler(dialect, None).sql_compiler
    try:
        return str(compiler.process(expression, include_table=False, literal_binds=True))
    except (CompileError, NotImplementedError):
        return str(expression)


@contextmanager
def _limited(connection: Connection, seconds: float) -> Iterator[Any]:
    """What executes a statement and gives its first row, with a time limit."""

    def execute(statement: sa.Select[Any]) -> Any:
        return connection.execute(statement).one()

    name = connection.dialect.name
    if name == "sqlite":
        with _interrupted(connection, seconds):
            yield execute
    elif name == "duckdb":
        with _beside(connection, seconds) as beside:
            yield beside
    elif commits_by_itself(connection):
        with _limit_of_session(connection, seconds):
            yield execute
    else:
        savepoint = connection.begin_nested()
        try:
            if name == "postgresql":
                connection.exec_driver_sql(f"SET LOCAL statement_timeout = {max(int(seconds * 1000), 1)}")
                yield execute
            else:
                with _limit_of_session(connection, seconds):
                    yield execute
        finally:
            savepoint.rollback()


@contextmanager
def _limit_of_session(connection: Connection, seconds: float) -> Iterator[None]:
    """A limit for each statement of the session, put back afterwards."""
    if connection.dialect.name not in ("mysql", "mariadb"):
        yield
        return
    is_mariadb = getattr(connection.dialect, "is_mariadb", False)
    variable, limit = (
        ("max_statement_time", seconds) if is_mariadb else ("max_execution_time", int(seconds * 1000))
    )
    before = connection.exec_driver_sql(f"SELECT @@SESSION.{variable}").scalar_one()
    connection.exec_driver_sql(
        f"SET SESSION {variable} = {max(limit, 0.001) if is_mariadb else max(limit, 1)}"
    )
    try:
        yield
    finally:
        connection.exec_driver_sql(f"SET SESSION {variable} = {before}")


@contextmanager
def _beside(connection: Connection, seconds: float) -> Iterator[Any]:
    """DuckDB: a second connection to the same database; an error would end the transaction of this one."""
    driver: Any = connection.connection.driver_connection
    duck: Any = getattr(driver, "_ConnectionWrapper__c", None) or driver
    cursor = duck.cursor()
    raw = getattr(cursor, "interrupt", None)
    timer = Timer(seconds, raw) if raw is not None else None

    def execute(statement: sa.Select[Any]) -> Any:
        text = str(statement.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True}))
        try:
            cursor.execute(text)
            return cursor.fetchone()
        except Exception as error:
            raise SQLAlchemyError(str(error)) from error

    if timer is not None:
        timer.daemon = True
        timer.start()
    try:
        yield execute
    finally:
        if timer is not None:
            timer.cancel()
        cursor.close()


@contextmanager
def _interrupted(connection: Connection, seconds: float) -> Iterator[None]:
    """Let SQLite stop by itself when the time is over, where the driver has the means."""
    driver: Any = connection.connection.driver_connection
    if not hasattr(driver, "set_progress_handler"):
        yield
        return
    end = time.monotonic() + seconds
    try:
        driver.set_progress_handler(lambda: time.monotonic() > end, 10_000)
    except TypeError:
        yield
        return
    try:
        yield
    finally:
        driver.set_progress_handler(None, 0)
