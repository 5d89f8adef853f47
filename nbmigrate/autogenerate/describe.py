"""Operations as rows of the diff table: what, before, after, what it does to rows, and its Python."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.exc import CompileError

from nbmigrate.autogenerate.api import render_operations
from nbmigrate.autogenerate.context import MigrationContextLike
from nbmigrate.autogenerate.counting import Effect, RowCounter
from nbmigrate.autogenerate.describe_objects import WORDS as OBJECT_WORDS
from nbmigrate.compare.desired import plain_dialect
from nbmigrate.model import operations as ops
from nbmigrate.model.change import Change

_KINDS = {
    "unique": "unique constraint",
    "foreignkey": "foreign key",
    "primary": "primary key",
    "primarykey": "primary key",
    "check": "check constraint",
    "exclude": "exclude constraint",
}


def describe(
    operations: ops.OpContainer | Iterable[ops.MigrateOperation],
    context: MigrationContextLike,
    with_rows: bool = True,
) -> list[Change]:
    """One Change for each operation, containers opened; rows are counted on the live database."""
    counter = RowCounter(context.connection if with_rows else None)
    words = _Words(context)
    # what is filled before is told with the operation that needs it
    shown = (one for one in _flat(operations) if not one.info.get("backfill"))
    return [words.change(operation, counter.effect(operation)) for operation in shown]


def _flat(
    operations: ops.OpContainer | Iterable[ops.MigrateOperation],
) -> Iterator[ops.MigrateOperation]:
    for operation in operations.ops if isinstance(operations, ops.OpContainer) else operations:
        if isinstance(operation, ops.OpContainer):
            yield from _flat(operation)
        else:
            yield operation


class _Words:
    """Operations in words, as this database spells them."""

    def __init__(self, context: MigrationContextLike) -> None:
        self.context = context
        self.dialect = plain_dialect(context.dialect)
        self.ddl: Any = self.dialect.ddl_compiler(self.dialect, None)  # type: ignore[arg-type]

    def change(self, operation: ops.MigrateOperation, effect: Effect) -> Change:
        """The row of one operation."""
        for kind, words in _WORDS.items():
            if isinstance(operation, kind):
                told = words(self, operation)
                return Change(*told, effect.words, self.python(operation), effect.fails)
        python = self.python(operation)
        return Change("alter", "statement", "", "", operation.explain(), effect.words, python, effect.fails)

    def python(self, operation: ops.MigrateOperation) -> str:
        """Its source, as a revision would hold it outside of a batch."""
        try:
            return render_operations([operation], self.context).strip()
        except ValueError:  # a class of the user's without a renderer
            return ""

    def type(self, type_: Any) -> str:
        """A type in SQL's words."""
        try:
            return str(self.dialect.type_compiler_instance.process(type_))
        except (CompileError, NotImplementedError):
            return repr(type_)

    def text(self, expression: Any) -> str:
        """An expression in SQL's words."""
        if isinstance(expression, str):
            return expression
        try:
            return str(self.ddl.sql_compiler.process(expression, include_table=False, literal_binds=True))
        except (CompileError, NotImplementedError):
            return str(expression)

    def default(self, default: Any) -> str:
        """A server default in SQL's words."""
        if isinstance(default, sa.Computed):
            return f"GENERATED ALWAYS AS ({self.text(default.sqltext)})"
        if isinstance(default, sa.Identity):
            return f"GENERATED {'ALWAYS' if default.always else 'BY DEFAULT'} AS IDENTITY"
        if isinstance(default, str):
            return f"DEFAULT {self.text(sa.literal(default))}"
        if isinstance(default, sa.DefaultClause):
            return f"DEFAULT {self.ddl.render_default_string(default.arg)}"
        return f"DEFAULT {self.text(default)}" if hasattr(default, "compile") else "DEFAULT (from outside)"

    def column(self, column: Any) -> str:
        """A column without its name."""
        parts = [self.type(column.type)]
        if column.server_default is not None:
            parts.append(self.default(column.server_default))
        if not column.nullable:
            parts.append("NOT NULL")
        return " ".join(parts)

    def columns(self, items: Sequence[Any]) -> str:
        """The columns of a table, in parentheses."""
        found = [f"{item.name} {self.type(item.type)}" for item in items if isinstance(item, sa.Column)]
        return f"({', '.join(found)})"

    def index(self, index: Any) -> str:
        """What an index is over."""
        names = [getattr(c, "name", None) or self.text(c) for c in index.columns]
        where = next((v for k, v in index.kw.items() if k.endswith("_where") and v is not None), None)
        text = f"{'UNIQUE ' if index.unique else ''}({', '.join(names)})"
        return text if where is None else f"{text} WHERE {self.text(where)}"

    def constraint(self, operation: Any) -> str:
        """What a constraint says."""
        if isinstance(operation, ops.CreateCheckConstraintOp):
            return self.text(operation.condition)
        if isinstance(operation, ops.CreateExcludeConstraintOp):
            text = str(self.ddl.process(operation.to_constraint()))
            return text[text.index("EXCLUDE") :]
        if isinstance(operation, ops.CreateForeignKeyOp):
            target = _full(operation.kw.get("referent_schema"), operation.referent_table)
            text = f"({', '.join(operation.local_cols)}) REFERENCES {target} "
            text += f"({', '.join(operation.remote_cols)})"
            for word, clause in (("onupdate", "ON UPDATE"), ("ondelete", "ON DELETE")):
                if operation.kw.get(word):
                    text += f" {clause} {operation.kw[word]}"
            if operation.kw.get("deferrable"):
                text += " DEFERRABLE"
            return text + (f" INITIALLY {operation.kw['initially']}" if operation.kw.get("initially") else "")
        return f"({', '.join(str(getattr(c, 'name', c)) for c in getattr(operation, 'columns', ()))})"


def _full(schema: str | None, *parts: str | None) -> str:
    return ".".join(part for part in (schema, *parts) if part)


Told = tuple[Literal["add", "drop", "alter"], str, str, str, str]


def _create_table(words: _Words, op: Any) -> Told:
    return "add", "table", _full(op.schema, op.table_name), "", words.columns(op.columns)


def _drop_table(words: _Words, op: Any) -> Told:
    before = words.columns(op._reverse.columns) if op._reverse else ""
    return "drop", "table", _full(op.schema, op.table_name), before, ""


def _rename_table(words: _Words, op: Any) -> Told:
    return "alter", "table", _full(op.schema, op.table_name), op.table_name, op.new_table_name


def _add_column(words: _Words, op: Any) -> Told:
    return "add", "column", _full(op.schema, op.table_name, op.column.name), "", words.column(op.column)


def _drop_column(words: _Words, op: Any) -> Told:
    column = op._reverse.column if op._reverse else None
    before = "" if column is None else words.column(column)
    return "drop", "column", _full(op.schema, op.table_name, op.column_name), before, ""


def _rename_index(words: _Words, op: Any) -> Told:
    kind = "index" if op.kind == "index" else "unique constraint"
    return "alter", kind, _full(op.schema, op.table_name, op.index_name), op.index_name, op.new_index_name


def _alter_column(words: _Words, op: Any) -> Told:
    before: list[str] = []
    after: list[str] = []
    if op.modify_type is not None:
        before.append(words.type(op.existing_type) if op.existing_type is not None else "")
        after.append(words.type(op.modify_type))
    if op.modify_server_default is not False:
        known = op.existing_server_default not in (None, False)
        before.append(words.default(op.existing_server_default) if known else "no default")
        gone = op.modify_server_default is None
        after.append("no default" if gone else words.default(op.modify_server_default))
    if op.modify_nullable is not None:
        before.append("NULL" if not op.modify_nullable else "NOT NULL")
        after.append("NULL" if op.modify_nullable else "NOT NULL")
    if op.modify_comment is not False:
        before.append(f"comment {op.existing_comment!r}" if op.existing_comment else "no comment")
        after.append(f"comment {op.modify_comment!r}" if op.modify_comment else "no comment")
    if op.modify_name is not None:
        before.append(op.column_name)
        after.append(op.modify_name)
    name = _full(op.schema, op.table_name, op.column_name)
    return "alter", "column", name, " ".join(before).strip(), " ".join(after)


def _add_constraint(words: _Words, op: Any) -> Told:
    foreign = isinstance(op, ops.CreateForeignKeyOp)
    schema = op.kw.get("source_schema") if foreign else op.schema
    table = op.source_table if foreign else op.table_name
    kind = _KINDS.get(op.constraint_type, "constraint")
    return "add", kind, _full(schema, table, op.constraint_name), "", words.constraint(op)


def _drop_constraint(words: _Words, op: Any) -> Told:
    kind = _KINDS.get(op.constraint_type or "", "constraint")
    before = words.constraint(op._reverse) if op._reverse is not None else ""
    return "drop", kind, _full(op.schema, op.table_name, op.constraint_name), before, ""


def _create_index(words: _Words, op: Any) -> Told:
    return "add", "index", _full(op.schema, op.table_name, op.index_name), "", words.index(op)


def _drop_index(words: _Words, op: Any) -> Told:
    before = words.index(op._reverse) if op._reverse is not None else ""
    return "drop", "index", _full(op.schema, op.table_name, op.index_name), before, ""


def _table_comment(words: _Words, op: Any) -> Told:
    return (
        "alter",
        "table comment",
        _full(op.schema, op.table_name),
        op.existing_comment or "",
        op.comment or "",
    )


def _no_table_comment(words: _Words, op: Any) -> Told:
    return "drop", "table comment", _full(op.schema, op.table_name), op.existing_comment or "", ""


_WORDS: dict[type, Callable[[_Words, Any], Told]] = {
    ops.CreateTableOp: _create_table,
    ops.DropTableOp: _drop_table,
    ops.RenameTableOp: _rename_table,
    ops.RenameIndexOp: _rename_index,
    ops.AddColumnOp: _add_column,
    ops.DropColumnOp: _drop_column,
    ops.AlterColumnOp: _alter_column,
    ops.AddConstraintOp: _add_constraint,
    ops.DropConstraintOp: _drop_constraint,
    ops.CreateIndexOp: _create_index,
    ops.DropIndexOp: _drop_index,
    ops.CreateTableCommentOp: _table_comment,
    ops.DropTableCommentOp: _no_table_comment,
    **OBJECT_WORDS,
}
