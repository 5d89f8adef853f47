"""The SQL of a revision before it runs: operations are turned into statements that nobody executes.

The catalogue may be read (a table rebuild looks at what is there), but the script gets a stand-in for the
connection, so that nothing it does reaches the database. What can't be told that way, because a script reads
rows and decides by them, is said in a note and never guessed.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple

from nbmigrate.ddl.text import to_sql
from nbmigrate.errors import CommandError, MigrateError
from nbmigrate.lint import Finding, Linter
from nbmigrate.model.operations import ExecuteSQLOp
from nbmigrate.operations import Operations
from nbmigrate.runtime.executor import RecordingExecutor
from nbmigrate.runtime.migration import MigrationContext

if TYPE_CHECKING:
    from nbmigrate.model.operations import MigrateOperation, UpgradeOps

CELL = "<cell>"
NO_WAY_BACK = "no way back: {reason}; write downgrade() yourself"


class Linting(MigrationContext):
    """Shows each operation to lint before it is turned into statements."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.linter = Linter(self.ddl)
        self._in_transaction = True

    def run_operation(self, operation: MigrateOperation) -> Any:
        """Look, then as ever."""
        self.linter.look(operation, in_transaction=self._in_transaction)
        return super().run_operation(operation)

    def execute(self, sql: Any, execution_options: Mapping[str, Any] | None = None) -> None:
        """Look, then as ever."""
        self.linter.look(ExecuteSQLOp(sql), in_transaction=self._in_transaction)
        super().execute(sql, execution_options)

    @contextmanager
    def autocommit_block(self) -> Iterator[None]:
        """A block outside of the transaction, and known to be."""
        with super().autocommit_block():
            self._in_transaction = False
            try:
                yield
            finally:
                self._in_transaction = True


def recording_context(context: MigrationContext) -> Linting:
    """A context for the same database that collects statements and executes none."""
    opts = {**context.opts, "as_sql": True, "catalogue_connection": context.connection, "quiet": True}
    recording = Linting(context.dialect, None, opts, context.environment_context)
    recording.executor = RecordingExecutor(context.connection)
    return recording


@contextmanager
def reopened(context: MigrationContext) -> Iterator[MigrationContext]:
    """The context, or where env.py has closed its connection one like it, on a connection of its own.

    Where there is no way back to the database the context knows its dialect only.
    """
    old = context.connection
    if old is None or not old.closed:
        yield context
        return
    with ExitStack() as stack:
        connection = None
        with suppress(Exception):  # an async engine, a database that is gone, ...: then without
            connection = stack.enter_context(old.engine.connect())
        opts = {**context.opts, "quiet": True}
        yield MigrationContext(context.dialect, connection, opts, context.environment_context)


class Preview(NamedTuple):
    """The SQL texts of a script's ``upgrade()``; else none, and a note that says why not; what lint says."""

    statements: tuple[str, ...]
    note: str
    findings: tuple[Finding, ...]


def preview_upgrade(context: MigrationContext, revision: Any) -> Preview:
    """A script's ``upgrade()``, told instead of run."""
    recording = recording_context(context)
    try:
        with Operations.context(recording):
            revision.module.upgrade()
        return Preview(_texts(recording), "", recording.linter.findings)
    except Exception as error:
        return Preview((), why_not(error), recording.linter.findings)


def preview_operations(context: MigrationContext, operations: UpgradeOps) -> tuple[tuple[str, ...], str]:
    """The SQL texts of operations; else none, and a note that says why not."""
    recording = recording_context(context)
    try:
        for operation in operations.ops:
            recording.run_operation(operation)
        return _texts(recording), ""
    except MigrateError as error:
        return (), why_not(error)


def _texts(recording: MigrationContext) -> tuple[str, ...]:
    statements = recording.executor.statements
    return tuple(text for statement in statements for text in to_sql(statement, recording.dialect))


def why_not(error: Exception) -> str:
    """A note: why SQL can't be told."""
    reason = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, AttributeError) and "MockConnection" in reason:
        reason = "it asks the database a question"  # the stand-in for a connection answers none
    return f"its SQL can't be told before it runs ({reason})"


def _mistake(error: Exception) -> str:
    """What is wrong with a call of an operation, "" where an error is about anything else."""
    line = next((one.lineno for one in traceback.extract_tb(error.__traceback__) if one.filename == CELL), 0)
    # the cell's own first line is the magic's
    where = f"line {line + 1} of the cell: " if line else ""
    if isinstance(error, AttributeError) and isinstance(error.obj, Operations):
        near = get_close_matches(str(error.name), [name for name in dir(error.obj) if name[0] != "_"], 1)
        hint = f"; did you mean op.{near[0]}?" if near else ""
        return f"{where}there is no op.{error.name}{hint}"
    if isinstance(error, TypeError) and str(error).startswith("Operations."):
        return f"{where}{str(error).replace('Operations.', 'op.', 1)}"
    return ""


class _Collecting(MigrationContext):
    """Keeps the operations themselves."""

    collected: list[MigrateOperation]

    def run_operation(self, operation: MigrateOperation) -> Any:
        self.collected.append(operation)
        return None


def reversed_lines(context: MigrationContext, body: str) -> list[str]:
    """The lines of ``downgrade()`` for a body of bare ``op.`` lines, derived by reversing its operations.

    Where an operation can't be reversed, a line that raises and says so: a way back is never made up. Raises
    ``CommandError`` where the body calls an operation by a name, or with an argument, that there isn't: such
    a file could never run.
    """
    import sqlalchemy

    from nbmigrate.render import RenderOptions, render_ops

    opts = {**context.opts, "as_sql": True, "quiet": True}
    collecting = _Collecting(context.dialect, None, opts, context.environment_context)
    collecting.collected = []
    try:
        with Operations.context(collecting) as operations:
            exec(compile(body, CELL, "exec"), {"op": operations, "sa": sqlalchemy})
        reverse = [operation.reverse() for operation in reversed(collecting.collected)]
        options = RenderOptions(dialect=context.dialect)
        text = render_ops(reverse, options)
        return [*sorted(options.imports), *text.splitlines()]
    except Exception as error:
        if mistake := _mistake(error):
            raise CommandError(mistake) from error
        reason = " ".join(str(error).split()) or type(error).__name__
        return [f"raise NotImplementedError({NO_WAY_BACK.format(reason=reason)!r})"]
