"""What a change does to the rows that are there: counts to take, and the words for them.

Only the counting statements are made here; who runs them decides how long that may take. Whether values fit
another type is a question of the database: ``Situation.conversion`` knows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from nbmigrate.compare.renamed_schema import renamed_text
from nbmigrate.model import operations as ops

FAILS = "fails"
"""The first word where rows that are there would stop the change."""


@dataclass(frozen=True)
class Count:
    """A question to the database; ``words`` makes the answer a sentence, "" where nothing is at stake.

    ``unknown`` is what to say when there is no answer in time.
    """

    statement: sa.Select[Any]
    words: Callable[..., str]
    unknown: str


@dataclass(frozen=True)
class Conversion:
    """What happens to values when a column gets another type; conditions on the column as it is.

    Where ``fails`` holds, the database refuses; where ``changes`` holds, the value is another one afterwards,
    and ``changes_words`` say how. ``attempt`` is an expression that fails by itself where nothing else tells.
    """

    fails: sa.ColumnElement[bool] | None = None
    changes: sa.ColumnElement[bool] | None = None
    fails_words: str = "not fitting"
    changes_words: str = "would change"
    attempt: sa.ColumnElement[Any] | None = None
    touches: bool = True


Convert = Callable[[sa.ColumnElement[Any], ops.AlterColumnOp], Conversion]


@dataclass
class Situation:
    """What must be known of the database to ask it.

    ``tables`` and ``columns`` lead from the names that operations use to those that the database has, while
    renames are still to come. ``sql`` writes an expression, ``conversion`` tells about types.
    ``fills_by_itself``: a new column that must not be NULL gets a value that nobody has given.
    """

    sql: Callable[[Any], str] = str
    conversion: Convert | None = None
    fills_by_itself: bool = False
    tables: dict[tuple[str | None, str], str] = field(default_factory=dict)
    columns: dict[tuple[str | None, str], dict[str, str]] = field(default_factory=dict)

    def note(self, operation: ops.MigrateOperation) -> None:
        """Remember a rename that is yet to run: later operations speak of the new name."""
        if isinstance(operation, ops.RenameTableOp):
            old = (operation.schema, operation.table_name)
            new = (operation.schema, operation.new_table_name)
            self.tables[new] = self.tables.pop(old, operation.table_name)
            self.columns[new] = self.columns.pop(old, {})
        elif isinstance(operation, ops.AlterColumnOp) and operation.modify_name:
            names = self.columns.setdefault((operation.schema, operation.table_name), {})
            names[operation.modify_name] = names.pop(operation.column_name, operation.column_name)

    def table(self, name: str, schema: str | None) -> sa.TableClause:
        """A table by the name that the database has for it."""
        return sa.table(self.tables.get((schema, name), name), schema=schema)

    def column(self, name: str, table: str, schema: str | None) -> sa.ColumnClause[Any]:
        """A column by the name that the database has for it."""
        return sa.column(self.columns.get((schema, table), {}).get(name, name))


def number(count: int, one: str, several: str) -> str:
    """``1 row``, ``12,431 rows``."""
    return f"{count:,} {one if count == 1 else several}"


def at_stake(operation: ops.MigrateOperation, situation: Situation) -> list[Count]:
    """What to count before this operation runs; nothing where no row is touched."""
    for kind, question in _QUESTIONS.items():
        if isinstance(operation, kind):
            return question(operation, situation)
    return []


def _rows(table: sa.TableClause) -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(table)


def _drop_table(operation: ops.DropTableOp, now: Situation) -> list[Count]:
    return [
        Count(
            _rows(now.table(operation.table_name, operation.schema)),
            lambda n: f"drops {number(n, 'row', 'rows')}" if n else "",
            "drops its rows",
        )
    ]


def _drop_column(operation: ops.DropColumnOp, now: Situation) -> list[Count]:
    column = now.column(operation.column_name, operation.table_name, operation.schema)
    return [
        Count(
            _rows(now.table(operation.table_name, operation.schema)).where(column.is_not(None)),
            lambda n: f"drops {number(n, 'value', 'values')}" if n else "",
            "drops its values",
        )
    ]


def _add_column(operation: ops.AddColumnOp, now: Situation) -> list[Count]:
    column = operation.column
    if column.nullable or column.server_default is not None or column.primary_key:
        return []
    rows = _rows(now.table(operation.table_name, operation.schema))
    value = given_value(column)
    if value is not None:
        return [
            Count(
                rows,
                lambda n: f"fills {number(n, 'row', 'rows')} with {value}" if n else "",
                f"fills its rows with {value}",
            )
        ]
    if now.fills_by_itself:
        told = "the database gives {} a value of its own (0 or '')"
        return [
            Count(
                rows,
                lambda n: told.format(number(n, "row", "rows")) if n else "",
                told.format("its rows"),
            )
        ]
    return [
        Count(
            rows,
            lambda n: f"fails: {number(n, 'row has', 'rows have')} no value for it" if n else "",
            "fails if there are rows: they have no value for it",
        )
    ]


def given_value(column: Any) -> str | None:
    """The value that the models give to a column where none is given: a plain Python default, as text."""
    default = getattr(column, "default", None)
    if default is None or not getattr(default, "is_scalar", False):
        return None
    return repr(default.arg)


def _alter_column(operation: ops.AlterColumnOp, now: Situation) -> list[Count]:
    table = now.table(operation.table_name, operation.schema)
    column = now.column(operation.column_name, operation.table_name, operation.schema)
    found = []
    if operation.modify_nullable is False:
        filled = operation.info.get("filled")
        found.append(_nulls_filled(table, column, filled) if filled else _nulls(table, column))
    if operation.modify_type is not None:
        conversion = now.conversion(column, operation) if now.conversion else Conversion()
        if conversion.touches:
            found.append(_converted(table, column, conversion))
    return found


def _nulls(table: sa.TableClause, column: sa.ColumnClause[Any]) -> Count:
    return Count(
        _rows(table).where(column.is_(None)),
        lambda n: f"fails: {number(n, 'row is', 'rows are')} NULL" if n else "",
        "fails if there are NULLs",
    )


def _nulls_filled(table: sa.TableClause, column: sa.ColumnClause[Any], value: str) -> Count:
    return Count(
        _rows(table).where(column.is_(None)),
        lambda n: f"fills {number(n, 'NULL', 'NULLs')} with {value}" if n else "",
        f"fills NULLs with {value}",
    )


def _converted(table: sa.TableClause, column: sa.ColumnClause[Any], conversion: Conversion) -> Count:
    """One look at all values of a column that gets another type."""
    text = sa.cast(column, sa.String())
    parts: list[Any] = [sa.func.count()]
    for condition in (conversion.fails, conversion.changes):
        if condition is None:
            parts += [sa.literal(0), sa.null()]
        else:
            parts += [
                sa.func.count(sa.case((condition, sa.literal(1)))),
                sa.func.min(sa.case((condition, text))),
            ]
    if conversion.attempt is not None:
        parts.append(sa.func.count(conversion.attempt))

    def words(total: int, failing: int, bad: Any, changed: int, other: Any, *_: Any) -> str:
        if failing:
            told = f"{number(failing, 'value', 'values')} {conversion.fails_words}"
            return f"{FAILS}: {told}, such as {_example(bad)}"
        if changed:
            return (
                f"{number(changed, 'value', 'values')} {conversion.changes_words}, such as {_example(other)}"
            )
        return f"converts {number(total, 'value', 'values')}" if total else ""

    return Count(
        sa.select(*parts).select_from(table).where(column.is_not(None)), words, "converts its values"
    )


def _example(value: Any) -> str:
    text = str(value)
    return repr(text if len(text) <= 40 else text[:39] + "\N{HORIZONTAL ELLIPSIS}")


def _unique(operation: Any, now: Situation) -> list[Count]:
    if isinstance(operation, ops.CreateIndexOp):
        plain = all(isinstance(c, str) or hasattr(c, "name") for c in operation.columns)
        if not (operation.unique and plain) or any(word.endswith("_where") for word in operation.kw):
            return []
    names = [str(getattr(column, "name", column)) for column in operation.columns]
    table = now.table(operation.table_name, operation.schema)
    columns = [now.column(name, operation.table_name, operation.schema) for name in names]
    doubled = sa.select(*columns).select_from(table).group_by(*columns).having(sa.func.count() > 1)
    if not operation.kw.get("postgresql_nulls_not_distinct"):
        doubled = doubled.where(*(column.is_not(None) for column in columns))
    found = [
        Count(
            sa.select(sa.func.count()).select_from(doubled.subquery()),
            lambda n: f"fails: {number(n, 'value is', 'values are')} there more than once" if n else "",
            "fails if there are duplicates",
        )
    ]
    if isinstance(operation, ops.CreatePrimaryKeyOp):
        found.append(
            Count(
                _rows(table).where(sa.or_(*(column.is_(None) for column in columns))),
                lambda n: f"fails: {number(n, 'row is', 'rows are')} NULL in it" if n else "",
                "fails if there are NULLs in it",
            )
        )
    return found


def _check(operation: ops.CreateCheckConstraintOp, now: Situation) -> list[Count]:
    condition = now.sql(operation.condition)
    names = now.columns.get((operation.schema, operation.table_name), {})
    broken: sa.ColumnElement[bool] = sa.not_(sa.literal_column(f"({renamed_text(condition, names)})"))
    return [
        Count(
            _rows(now.table(operation.table_name, operation.schema)).where(broken),
            lambda n: f"fails: {number(n, 'row breaks', 'rows break')} it" if n else "",
            "fails if rows break it",
        )
    ]


def _foreign_key(operation: ops.CreateForeignKeyOp, now: Situation) -> list[Count]:
    schema, other = operation.kw.get("source_schema"), operation.kw.get("referent_schema")
    local = [now.column(name, operation.source_table, schema) for name in operation.local_cols]
    remote = [now.column(name, operation.referent_table, other) for name in operation.remote_cols]
    ours, theirs = now.table(operation.source_table, schema), now.table(operation.referent_table, other)
    ours = sa.table(ours.name, *local, schema=schema)
    theirs = sa.table(theirs.name, *remote, schema=other)
    mine, others = ours.alias("ours"), theirs.alias("theirs")
    pairs = [mine.c[a.name] == others.c[b.name] for a, b in zip(local, remote, strict=True)]
    orphans = (
        sa.select(sa.func.count())
        .select_from(mine)
        .where(*(mine.c[a.name].is_not(None) for a in local))
        .where(~sa.exists(sa.select(sa.literal(1)).select_from(others).where(*pairs)))
    )
    return [
        Count(
            orphans,
            lambda n: f"fails: {number(n, 'row refers', 'rows refer')} to nothing" if n else "",
            "fails if rows refer to nothing",
        )
    ]


_QUESTIONS: dict[type[ops.MigrateOperation], Callable[[Any, Situation], list[Count]]] = {
    ops.DropTableOp: _drop_table,
    ops.DropColumnOp: _drop_column,
    ops.AddColumnOp: _add_column,
    ops.AlterColumnOp: _alter_column,
    ops.CreateUniqueConstraintOp: _unique,
    ops.CreatePrimaryKeyOp: _unique,
    ops.CreateIndexOp: _unique,
    ops.CreateCheckConstraintOp: _check,
    ops.CreateForeignKeyOp: _foreign_key,
}
