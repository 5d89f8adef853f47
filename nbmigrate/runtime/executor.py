"""Where statements go: to a connection, into a text stream, or into a list.

All three take the same statements, so that what a plan or a notebook shows is what runs. An executor keeps
the SQL text of what it was given (``statements``) for reports and for the message of a failure.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy import TextClause
from sqlalchemy.schema import CreateTable, ExecutableDDLElement

from nbmigrate.ddl.statement import Statement
from nbmigrate.ddl.text import script_texts, soft_tabs
from nbmigrate.model.rows import RowStream, pieces

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Dialect


class OnlineExecutor:
    """Runs statements on a connection."""

    def __init__(self, connection: Connection) -> None:
        self.connection: Connection | None = connection
        self._live = connection
        self.statements: list[Statement] = []

    def execute(self, statement: Statement) -> Any:
        """Run one statement and return the cursor result."""
        self.statements.append(statement)
        result = self._run(statement)
        if isinstance(statement.construct, ExecutableDDLElement):
            self._keep_text(result)
        return result

    def _keep_text(self, result: Any) -> None:
        """In place of a DDL construct that has run the text that ran.

        For reports it is as good, as long as nothing in it is doubled for a driver; a construct holds its
        table, and a run keeps all its statements: 30 KB a revision, which the garbage collector goes through
        again and again.
        """
        text = getattr(getattr(result, "context", None), "statement", None)
        if isinstance(text, str) and "%" not in text:
            self.statements[-1] = Statement(text.strip())

    def _run(self, statement: Statement) -> Any:
        if isinstance(statement.construct, str):
            # no_parameters: a percent sign in the text is a percent sign, for every driver
            options = {"no_parameters": True, **statement.execution_options}
            if not hasattr(self._live, "exec_driver_sql"):
                # create_mock_engine's hands what it is given to somebody who compiles it
                return self._live.execute(TextClause(statement.construct.replace(":", r"\:")))
            return self._live.exec_driver_sql(statement.construct, execution_options=options)
        options = dict(statement.execution_options)
        if statement.rows is None:
            return self._live.execute(statement.construct, execution_options=options)
        if isinstance(statement.rows, RowStream) and statement.rows.one_by_one:
            return self._insert_one_by_one(statement.construct, statement.rows, options)
        result = None
        found = statement.rows.pieces() if isinstance(statement.rows, RowStream) else pieces(statement.rows)
        for piece in found:
            parameters = [dict(row) for row in piece]
            result = self._live.execute(statement.construct, parameters, execution_options=options)
        return result

    def _insert_one_by_one(self, insert: Any, rows: RowStream, options: dict[str, Any]) -> Any:
        result = None
        for piece in rows.pieces():
            for row in piece:
                result = self._live.execute(insert.values(**row), execution_options=options)
        return result


class OfflineExecutor:
    """Writes statements as SQL text; ``write`` gets one finished statement without its terminator."""

    connection: Connection | None = None

    def __init__(self, dialect: Dialect, write: Callable[[str], None]) -> None:
        self.dialect = dialect
        self.write = write
        self.statements: list[Statement] = []

    def execute(self, statement: Statement) -> None:
        """Write one statement."""
        for text in script_texts(statement, self.dialect):
            # kept as text: see OnlineExecutor._keep_text
            self.statements.append(Statement(text))
            self.write(soft_tabs(text) if isinstance(statement.construct, CreateTable) else text)


class RecordingExecutor:
    """Collects statements; ``connection`` may be read by emitters (a rebuild looks at the catalogue)."""

    def __init__(self, connection: Connection | None = None) -> None:
        self.connection = connection
        self.statements: list[Statement] = []

    def execute(self, statement: Statement) -> None:
        """Collect one statement."""
        self.statements.append(statement)


class HeldText:
    """Stands in the place of an output buffer and keeps what is written to it back."""

    def __init__(self, buffer: Any) -> None:
        self.buffer = buffer
        self._pieces: list[Any] = []

    def write(self, piece: Any) -> None:
        """Keep a piece of text (or bytes)."""
        self._pieces.append(piece)

    def flush(self) -> None:
        """Nothing yet."""

    def release(self) -> None:
        """Write all that was kept back."""
        for piece in self._pieces:
            self.buffer.write(piece)
        self._pieces.clear()
