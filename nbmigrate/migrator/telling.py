"""A revision told instead of run: each operation in words, as Python, as SQL.

The script is called with a context that hands operations to the emitters and executes nothing. One ``Teller``
tells revisions one after the other, so that SQLite's emitters know the tables that earlier ones would make.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbmigrate.autogenerate.counting import RowCounter
from nbmigrate.ddl.text import WHOLE, to_sql
from nbmigrate.lint import Finding, Linter
from nbmigrate.migrator.preview import Linting, why_not
from nbmigrate.model.operations import BulkInsertOp, ExecuteSQLOp
from nbmigrate.model.rows import count_of
from nbmigrate.operations import Operations
from nbmigrate.plans import OperationText
from nbmigrate.render import RenderOptions, render_ops
from nbmigrate.runtime.executor import RecordingExecutor

if TYPE_CHECKING:
    from nbmigrate.model.operations import MigrateOperation
    from nbmigrate.runtime.migration import MigrationContext


class Teller:
    """Tells revisions on the database of a context.

    ``live``: its catalogue may be read; otherwise it is not asked at all. ``count_rows``: rows at stake are
    counted, as they are now.
    """

    def __init__(self, context: MigrationContext, *, live: bool = True, count_rows: bool = False) -> None:
        connection = context.connection if live else None
        opts = {**context.opts, "as_sql": True, "catalogue_connection": connection, "quiet": True}
        self._context = _Telling(context.dialect, None, opts, context.environment_context)
        self._context.executor = RecordingExecutor(connection)
        self._counter = RowCounter(connection if count_rows else None)

    def tell(self, revision: Any, direction: str) -> tuple[tuple[OperationText, ...], str]:
        """The operations of one direction of a revision, and a note where they can't be told to the end."""
        note = self._followed(revision, direction)
        return tuple(self._text(*one) for one in self._context.told), note

    def follow(self, revision: Any) -> None:
        """Go through an upgrade for what comes after it: nothing of it is put into words."""
        self._followed(revision, "upgrade")

    def _followed(self, revision: Any, direction: str) -> str:
        self._context.told.clear()
        self._context.linter = Linter(self._context.ddl)
        note = ""
        try:
            function = getattr(revision.module, direction, None)
            if function is not None:
                with Operations.context(self._context):
                    function()
        except Exception as error:  # a script is anybody's code, and may need rows that it reads
            # NotImplementedError is how a script says that it has no such way
            note = str(error) if isinstance(error, NotImplementedError) and str(error) else why_not(error)
        return note

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What lint says of what was told last."""
        return self._context.linter.findings

    @property
    def operations(self) -> list[MigrateOperation]:
        """The operations of what was told last."""
        return [operation for operation, _, _ in self._context.told if operation is not None]

    @property
    def has_plain_sql(self) -> bool:
        """Whether some of what was told last was SQL, and no operation that says what is meant."""
        told = [operation for operation, _, _ in self._context.told]
        return any(operation is None or isinstance(operation, ExecuteSQLOp) for operation in told)

    def _text(self, operation: MigrateOperation | None, start: int, end: int) -> OperationText:
        dialect = self._context.dialect
        statements = self._context.executor.statements[start:end]
        texts = tuple(text for statement in statements for text in to_sql(statement, dialect))
        if operation is None:
            return OperationText("Run SQL on the connection.", "", texts)
        try:
            if isinstance(operation, BulkInsertOp) and (count_of(operation.rows) or 0) > WHOLE:
                raise ValueError("too many rows to be read")
            python = render_ops([operation], RenderOptions(dialect=dialect)).rstrip()
        except Exception:  # rows without an end; an operation of the project's own may have no renderer
            python = ""
        return OperationText(operation.explain(), python, texts, self._counter.words(operation))


class _Telling(Linting):
    """Notes which statements each operation became."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        # operation, and where its statements begin and end
        self.told: list[tuple[MigrateOperation | None, int, int]] = []

    def run_operation(self, operation: MigrateOperation) -> Any:
        start = len(self.executor.statements)
        result = super().run_operation(operation)
        self.told.append((operation, start, len(self.executor.statements)))
        return result

    def execute(self, sql: Any, execution_options: Mapping[str, Any] | None = None) -> None:
        start = len(self.executor.statements)
        super().execute(sql, execution_options)
        self.told.append((None, start, len(self.executor.statements)))
