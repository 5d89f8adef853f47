"""NOT NULL on a filled table: the step that gives rows a value first, written out in the file.

The value is the column's own default, the server's or else a plain Python one. Where the models have none,
none is made up: a comment stands where a person has to say it, and the database refuses until that is done.
Tables without such rows need no step, and get none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import CompileError

from nbmigrate.autogenerate.context import AutogenContext
from nbmigrate.autogenerate.counting import RowCounter
from nbmigrate.autogenerate.objects import flat
from nbmigrate.compare.desired import plain_dialect
from nbmigrate.compare.rows import Count, number
from nbmigrate.dialects.objects_sql import qualified
from nbmigrate.model import operations as ops
from nbmigrate.render.expressions import without_parameters

Step = tuple[list[ops.MigrateOperation], ops.MigrateOperation, ops.MigrateOperation]


def mark_fills(upgrade: ops.OpContainer, autogen: AutogenContext) -> None:
    """Note on each column that is no longer to be NULL what its rows get, where the models say it."""
    for container in upgrade.ops:
        for operation in getattr(container, "ops", ()):
            if isinstance(operation, ops.AlterColumnOp) and operation.modify_nullable is False:
                value = _Values(autogen).of_altered(operation)
                if value is not None:
                    operation.info["filled"] = value


def write_fills(upgrade: ops.UpgradeOps, autogen: AutogenContext) -> None:
    """Put the step before each column that must not be NULL from now on, where rows are in the way."""
    counter, values = RowCounter(autogen.connection), _Values(autogen)

    def step(operation: ops.MigrateOperation) -> Step | None:
        counter.situation.note(operation)
        return _step(operation, values, counter)

    found: list[ops.MigrateOperation] = []
    for container in upgrade.ops:
        counter.situation.note(container)
        if not isinstance(container, ops.ModifyTableOps):
            found.append(container)
            continue
        found += _split(container, step)
    upgrade.ops[:] = found


def write_way_back(upgrade: ops.UpgradeOps, downgrade: ops.DowngradeOps, autogen: AutogenContext) -> None:
    """Say in the downgrade where rows need a value for a column that has gone, and nothing gives it."""
    counter = RowCounter(autogen.connection)
    if counter.situation.fills_by_itself:
        return
    lost: dict[tuple[str | None, str, str], int | None] = {}
    for operation in flat(upgrade):
        if isinstance(operation, ops.DropColumnOp) and operation._reverse is not None:
            count = (
                counter.number(_rows(operation, counter)) if _needs_value(operation._reverse.column) else 0
            )
            if count != 0:
                lost[operation.schema, operation.table_name, operation.column_name] = count
        counter.situation.note(operation)
    if not lost:
        return
    values = _Values(autogen)

    def step(operation: ops.MigrateOperation) -> Step | None:
        if not isinstance(operation, ops.AddColumnOp):
            return None
        key = (operation.schema, operation.table_name, str(operation.column.name))
        if key not in lost:
            return None
        return _added(operation, values.fill(operation, key[2], None, lost[key]), None, lost[key])

    found: list[ops.MigrateOperation] = []
    for container in downgrade.ops:
        found += _split(container, step) if isinstance(container, ops.ModifyTableOps) else [container]
    downgrade.ops[:] = found


def _needs_value(column: sa.Column[Any]) -> bool:
    """Whether a column that is added must be told what rows get."""
    return not (column.nullable or column.server_default is not None or column.primary_key or column.computed)


def _split(
    container: ops.ModifyTableOps, step_of: Callable[[ops.MigrateOperation], Step | None]
) -> Iterator[ops.MigrateOperation]:
    """The changes to one table, with steps between them."""
    part: list[ops.MigrateOperation] = []

    def parted() -> Iterator[ops.MigrateOperation]:
        if part:
            yield ops.ModifyTableOps(container.table_name, list(part), schema=container.schema)
            part.clear()

    for operation in container.ops:
        step = step_of(operation)
        if step is None:
            part.append(operation)
            continue
        before, fill, after = step
        part += before
        yield from parted()
        yield fill
        part.append(after)
    yield from parted()


def _step(operation: ops.MigrateOperation, values: _Values, counter: RowCounter) -> Step | None:
    """What comes before the step, the step, and what it makes possible; None where none is needed."""
    if isinstance(operation, ops.AlterColumnOp) and operation.modify_nullable is False:
        count = counter.number(_nulls(operation, counter))
        if count == 0:
            return None
        value = operation.info.get("filled")
        before, after = _apart(operation)
        return before, values.fill(operation, operation.column_name, value, count), after
    if isinstance(operation, ops.AddColumnOp):
        column = operation.column
        if not _needs_value(column):
            return None
        count = counter.number(_rows(operation, counter))
        if count == 0:
            return None
        value = values.of_python(column)
        return _added(operation, values.fill(operation, column.name, value, count), value, count)
    return None


def _apart(operation: ops.AlterColumnOp) -> tuple[list[ops.MigrateOperation], ops.AlterColumnOp]:
    """Another type and default first: what rows get is a value of the new type."""
    if operation.modify_type is None:
        return [], operation
    first = _altering(operation)
    first.modify_type, first.modify_server_default = operation.modify_type, operation.modify_server_default
    first.modify_comment, first.existing_nullable = operation.modify_comment, operation.existing_nullable
    first.kw = dict(operation.kw)
    second = _altering(operation)
    second.existing_type, second.modify_nullable = operation.modify_type, False
    if operation.modify_server_default is not False:
        second.existing_server_default = operation.modify_server_default
    if operation.modify_comment is not False:
        second.existing_comment = operation.modify_comment
    second.kw = {word: value for word, value in operation.kw.items() if word != "postgresql_using"}
    second.info.update(operation.info)
    return [first], second


def _altering(operation: ops.AlterColumnOp) -> ops.AlterColumnOp:
    return ops.AlterColumnOp(
        operation.table_name,
        operation.column_name,
        schema=operation.schema,
        existing_type=operation.existing_type,
        existing_server_default=operation.existing_server_default,
        existing_comment=operation.existing_comment,
    )


def _added(
    operation: ops.AddColumnOp, fill: ops.MigrateOperation, value: str | None, count: int | None
) -> Step:
    """The new column with NULLs, the step, and then NOT NULL."""
    column = operation.column._copy()
    column.nullable = True
    add = ops.AddColumnOp(operation.table_name, column, schema=operation.schema, **operation.kw)
    after = ops.AlterColumnOp(
        operation.table_name,
        column.name,
        schema=operation.schema,
        existing_type=operation.column.type,
        modify_nullable=False,
    )
    rows = "rows" if count is None else number(count, "row", "rows")
    told = (
        f"fills {rows} with {value}"
        if value
        else f"fails: {rows} have no value for it until the step is written"
    )
    after.info["rows"] = told
    return [add], fill, after


def _rows(operation: Any, counter: RowCounter) -> Count:
    table = counter.situation.table(operation.table_name, operation.schema)
    return Count(sa.select(sa.func.count()).select_from(table), lambda n: "", "")


def _nulls(operation: ops.AlterColumnOp, counter: RowCounter) -> Count:
    now = counter.situation
    column = now.column(operation.column_name, operation.table_name, operation.schema)
    count = _rows(operation, counter)
    return Count(count.statement.where(column.is_(None)), lambda n: "", "")


class _Values:
    """What the models say that rows get, as SQL of this database."""

    def __init__(self, autogen: AutogenContext) -> None:
        self.autogen = autogen
        self.dialect = plain_dialect(autogen.dialect)
        self.ddl: Any = self.dialect.ddl_compiler(self.dialect, None)  # type: ignore[arg-type]

    def of_altered(self, operation: ops.AlterColumnOp) -> str | None:
        """The default that the column is to have, as SQL; None without one."""
        column = self._model(operation)
        if column is None:
            return None
        if column.server_default is not None:
            try:
                text = self.ddl.get_column_default_string(column)
            except (CompileError, NotImplementedError):
                return None
            return None if text is None else str(text)
        return self.of_python(column)

    def of_python(self, column: Any) -> str | None:
        """A plain Python default as SQL."""
        default = getattr(column, "default", None)
        if default is None or not getattr(default, "is_scalar", False):
            return None
        literal = sa.literal(default.arg, column.type)
        try:
            return str(literal.compile(dialect=self.dialect, compile_kwargs={"literal_binds": True}))
        except (CompileError, NotImplementedError, TypeError, ValueError):
            return None

    def _model(self, operation: ops.AlterColumnOp) -> Any:
        key = f"{operation.schema}.{operation.table_name}" if operation.schema else operation.table_name
        table = self.autogen.table_key_to_table.get(key)
        return (
            None
            if table is None
            else next((c for c in table.columns if c.name == operation.column_name), None)
        )

    def fill(self, operation: Any, name: str, value: str | None, count: int | None) -> ops.MigrateOperation:
        """The step: an UPDATE, or a comment that asks for one."""
        table = qualified(self.dialect, operation.table_name, operation.schema)
        column = qualified(self.dialect, name, None)
        if value is not None:
            update = f"UPDATE {table} SET {column} = {value} WHERE {column} IS NULL"
            step: ops.MigrateOperation = ops.ExecuteSQLOp(without_parameters(update))
        else:
            told = "rows" if count is None else number(count, "row", "rows")
            example = f"UPDATE {table} SET {column} = ... WHERE {column} IS NULL"
            step = ops.RemarkOp(
                f"{told} without a value for {table}.{column}, and the models have no default for it:",
                f"say here what they get, or the next step is refused: op.execute({example!r})",
            )
        step.info["backfill"] = True
        return step
