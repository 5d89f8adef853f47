"""Counting rows on the live database without making anyone wait: every count has a time limit."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from nbmigrate.compare.object_rows import QUESTIONS
from nbmigrate.compare.rows import Count, at_stake
from nbmigrate.ddl.autocommit import commits_by_itself
from nbmigrate.model.operations import MigrateOperation


class RowCounter:
    """Says what operations do to rows; after ``seconds`` in all it only says what may be."""

    def __init__(self, connection: Connection | None, seconds: float = 2.0) -> None:
        self.connection = connection
        self.left = seconds

    def words(self, operation: MigrateOperation) -> str:
        """What the operation does to rows, "" where nothing is at stake."""
        question = QUESTIONS.get(type(operation), at_stake)
        count: Count | None = question(operation)
        if count is None or self.connection is None:
            return ""
        if self.left <= 0:
            return count.unknown
        began = time.monotonic()
        try:
            found = self._count(self.connection, count.statement)
        except SQLAlchemyError:
            # too slow, or the statement needs something that is only about to be made
            return "" if time.monotonic() - began < self.left else count.unknown
        finally:
            self.left -= time.monotonic() - began
        return count.words(found)

    def number(self, count: Count) -> int | None:
        """The answer to one question; None where there is none in time."""
        if self.connection is None or self.left <= 0:
            return None
        began = time.monotonic()
        try:
            return self._count(self.connection, count.statement)
        except SQLAlchemyError:
            return None
        finally:
            self.left -= time.monotonic() - began

    def _count(self, connection: Connection, statement: sa.Select[Any]) -> int:
        if connection.dialect.name == "sqlite":
            with _interrupted(connection, self.left):
                return int(connection.execute(statement).scalar_one())
        if commits_by_itself(connection):
            return int(connection.execute(statement).scalar_one())
        savepoint = connection.begin_nested()
        try:
            if connection.dialect.name == "postgresql":
                limit = max(int(self.left * 1000), 1)
                connection.exec_driver_sql(f"SET LOCAL statement_timeout = {limit}")
            return int(connection.execute(statement).scalar_one())
        finally:
            savepoint.rollback()


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
