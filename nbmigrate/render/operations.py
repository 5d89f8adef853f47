"""Each operation as the directive that makes it: the renderers for changes to tables, columns and rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import schema

from nbmigrate.model import operations as ops
from nbmigrate.render.expressions import ident, server_default, sql_text
from nbmigrate.render.items import column_text, constraint_text
from nbmigrate.render.options import RenderOptions
from nbmigrate.render.registry import renderers
from nbmigrate.render.types import type_text

# what Python took as arguments of one call before 3.7; the files keep the form
MAX_PYTHON_ARGS = 255


@renderers.built_in(ops.CreateTableOp)
def create_table(options: RenderOptions, op: ops.CreateTableOp) -> str:
    """``op.create_table(...)``, an argument a line: columns in order, then constraints by their text."""
    columns, constraints = _table_items(op)
    parts = [text for text in (column_text(column, options) for column in columns) if text]
    texts = (constraint_text(constraint, options, op._namespace_metadata) for constraint in constraints)
    parts += sorted(text for text in texts if text is not None)
    inside = ",\n".join(parts)
    if len(parts) > MAX_PYTHON_ARGS:
        inside = f"*[{inside}]"
    text = f"{options.op}create_table({ident(op.table_name)!r},\n{inside}"
    if op.schema:
        text += f",\nschema={ident(op.schema)!r}"
    if op.comment is not None:
        text += f",\ncomment={ident(op.comment)!r}"
    if op.info:
        text += f",\ninfo={op.info!r}"
    for word in sorted(op.kw):
        text += f",\n{word.replace(' ', '_')}={op.kw[word]!r}"
    if op.prefixes:
        text += f",\nprefixes=[{', '.join(repr(str(prefix)) for prefix in op.prefixes)}]"
    if op.if_not_exists is not None:
        text += f",\nif_not_exists={bool(op.if_not_exists)!r}"
    return text + "\n)"


def _table_items(op: ops.CreateTableOp) -> tuple[list[schema.Column[Any]], list[schema.Constraint]]:
    """Columns and constraints: the models' own objects where the operation holds all of them, else copies."""
    columns = [item for item in op.columns if isinstance(item, schema.Column)]
    whole = op._constraints_included and all(column.table is not None for column in columns)
    if whole and type(op).to_table is ops.CreateTableOp.to_table:
        return columns, [item for item in op.columns if isinstance(item, schema.Constraint)]
    table = op.to_table()
    return list(table.columns), list(table.constraints)


@renderers.built_in(ops.DropTableOp)
def drop_table(options: RenderOptions, op: ops.DropTableOp) -> str:
    """``op.drop_table(...)``."""
    parts = [repr(ident(op.table_name))]
    if op.schema:
        parts.append(f"schema={ident(op.schema)!r}")
    if op.if_exists is not None:
        parts.append(f"if_exists={bool(op.if_exists)!r}")
    return f"{options.op}drop_table({', '.join(parts)})"


@renderers.built_in(ops.RenameTableOp)
def rename_table(options: RenderOptions, op: ops.RenameTableOp) -> str:
    """``op.rename_table(...)``."""
    parts = [repr(ident(op.table_name)), repr(ident(op.new_table_name))]
    if op.schema:
        parts.append(f"schema={ident(op.schema)!r}")
    return f"{options.op}rename_table({', '.join(parts)})"


@renderers.built_in(ops.CreateTableCommentOp)
def create_table_comment(options: RenderOptions, op: ops.CreateTableCommentOp) -> str:
    """``op.create_table_comment(...)``, an argument a line."""
    parts = [] if options.batch else [repr(ident(op.table_name))]
    parts += [repr(op.comment), f"existing_comment={op.existing_comment!r}"]
    if not options.batch:
        parts.append(f"schema={ident(op.schema)!r}")
    return _a_line_each("create_table_comment", parts, options)


@renderers.built_in(ops.DropTableCommentOp)
def drop_table_comment(options: RenderOptions, op: ops.DropTableCommentOp) -> str:
    """``op.drop_table_comment(...)``, an argument a line."""
    parts = [f"existing_comment={op.existing_comment!r}"]
    if not options.batch:
        parts = [repr(ident(op.table_name)), *parts, f"schema={ident(op.schema)!r}"]
    return _a_line_each("drop_table_comment", parts, options)


def _a_line_each(directive: str, parts: list[str], options: RenderOptions) -> str:
    inside = ",\n".join(f"    {part}" for part in parts)
    return f"{options.op}{directive}(\n{inside}\n)"


@renderers.built_in(ops.AddColumnOp)
def add_column(options: RenderOptions, op: ops.AddColumnOp) -> str:
    """``op.add_column(...)``."""
    parts = [column_text(op.column, options)]
    if not options.batch:
        parts.insert(0, repr(ident(op.table_name)))
        if op.schema:
            parts.append(f"schema={ident(op.schema)!r}")
    for word in ("if_not_exists", "inline_references", "inline_primary_key"):
        if getattr(op, word) is not None:
            parts.append(f"{word}={getattr(op, word)!r}")
    parts += _places(op.kw)
    return f"{options.op}add_column({', '.join(parts)})"


@renderers.built_in(ops.DropColumnOp)
def drop_column(options: RenderOptions, op: ops.DropColumnOp) -> str:
    """``op.drop_column(...)``."""
    parts = [repr(ident(op.column_name))]
    if not options.batch:
        parts.insert(0, repr(ident(op.table_name)))
        if op.schema:
            parts.append(f"schema={ident(op.schema)!r}")
    if op.if_exists is not None:
        parts.append(f"if_exists={op.if_exists!r}")
    for word, value in sorted(op.kw.items()):
        if value is not None:
            shown = type_text(value, options) if word == "existing_type" else repr(value)
            parts.append(f"{word}={shown}")
    return f"{options.op}drop_column({', '.join(parts)})"


def _places(keywords: dict[str, Any]) -> list[str]:
    return [f"{word}={keywords[word]!r}" for word in ("insert_before", "insert_after") if keywords.get(word)]


@renderers.built_in(ops.AlterColumnOp)
def alter_column(options: RenderOptions, op: ops.AlterColumnOp) -> str:
    """``op.alter_column(...)``: first what is there and what is wanted, a keyword a line."""
    parts = [repr(ident(op.column_name))]
    if not options.batch:
        parts.insert(0, repr(ident(op.table_name)))
    lines = [", ".join(parts), *_wanted(options, op), *_existing(options, op)]
    if op.schema and not options.batch:
        lines.append(f"schema={ident(op.schema)!r}")
    return f"{options.op}alter_column({(',' + chr(10) + ' ' * 11).join(lines)})"


def _wanted(options: RenderOptions, op: ops.AlterColumnOp) -> list[str]:
    lines = []
    if op.existing_type is not None:
        lines.append(f"existing_type={type_text(op.existing_type, options)}")
    if op.modify_server_default is not False:
        lines.append(f"server_default={server_default(op.modify_server_default, options)}")
    if op.modify_name is not None:
        lines.append(f"new_column_name={ident(op.modify_name)!r}")
    if op.modify_type is not None:
        lines.append(f"type_={type_text(op.modify_type, options)}")
    if op.modify_nullable is not None:
        lines.append(f"nullable={op.modify_nullable!r}")
    if op.modify_comment is not False:
        lines.append(f"comment={op.modify_comment!r}")
    return lines


def _existing(options: RenderOptions, op: ops.AlterColumnOp) -> list[str]:
    lines = []
    if op.existing_comment is not None:
        lines.append(f"existing_comment={op.existing_comment!r}")
    if op.modify_nullable is None and op.existing_nullable is not None:
        lines.append(f"existing_nullable={op.existing_nullable!r}")
    for word in ("autoincrement", "existing_autoincrement", "postgresql_using"):
        if op.kw.get(word) is not None:
            lines.append(f"{word}={op.kw[word]!r}")
    known = op.existing_server_default is not None and op.existing_server_default is not False
    # an identity is altered otherwise than it is added: the database must be told which it is
    needed = op.modify_server_default is False or isinstance(op.existing_server_default, schema.Identity)
    if needed and known and not _is_empty(op.existing_server_default):
        lines.append(f"existing_server_default={server_default(op.existing_server_default, options)}")
    return lines + _places(op.kw)


def _is_empty(default: Any) -> bool:
    return isinstance(default, str) and not default


@renderers.built_in(ops.RemarkOp)
def remark(options: RenderOptions, op: ops.RemarkOp) -> list[str]:
    """A comment, a line each."""
    return [f"# {line}" for line in op.lines]


@renderers.built_in(ops.ExecuteSQLOp)
def execute(options: RenderOptions, op: ops.ExecuteSQLOp) -> str:
    """``op.execute(...)``; a SQLAlchemy statement as the SQL that it is on this database."""
    if isinstance(op.sqltext, str):
        sql = repr(op.sqltext)
    else:
        # a colon would be a parameter to text() again
        literal = sql_text(op.sqltext, options).replace(":", r"\:")
        sql = f"{options.sa}text({literal!r})"
    told = f", execution_options={dict(op.execution_options)!r}" if op.execution_options else ""
    return f"{options.op}execute({sql}{told})"


@renderers.built_in(ops.BulkInsertOp)
def bulk_insert(options: RenderOptions, op: ops.BulkInsertOp) -> str:
    """``op.bulk_insert(...)`` into an ad-hoc table that has the columns of the rows' table."""
    sa = options.sa
    columns = [f"{sa}column({str(c.name)!r}, {type_text(c.type, options)})" for c in op.table.c]
    told = f", schema={op.table.schema!r}" if getattr(op.table, "schema", None) else ""
    table = f"{sa}table({', '.join([repr(str(op.table.name)), *columns])}{told})"
    if not isinstance(op.rows, (list, tuple)):
        raise TypeError(f"rows that are read when they are needed can't be written out: {op.explain()}")
    rows = "".join(f"    {dict(row)!r},\n" for row in op.rows)
    single = "" if op.multiinsert else ", multiinsert=False"
    return f"{options.op}bulk_insert({table},\n[\n{rows}]{single})"
