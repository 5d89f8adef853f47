"""Each operation as the directive that makes it: the renderers for constraints and indexes."""

from __future__ import annotations

import warnings
from typing import Any

from sqlalchemy import schema

from nbmigrate.model import operations as ops
from nbmigrate.model.operations.schema_objects import table_of
from nbmigrate.render.expressions import condition_text, ident, index_expression, keyword_texts, name_text
from nbmigrate.render.items import exclude_text, unique_text
from nbmigrate.render.options import RenderOptions
from nbmigrate.render.registry import renderers

UNNAMED = (
    "# WARNING: constraint name is None; this directive will fail as",
    "# rendered.  Add a name, or use a naming convention; see",
    "# https://alembic.sqlalchemy.org/en/latest/naming.html",
)


@renderers.built_in(ops.CreateIndexOp)
def create_index(options: RenderOptions, op: ops.CreateIndexOp) -> str:
    """``op.create_index(...)``."""
    index: Any = op if _is_plain(op) else op.to_index()
    expressions = op.columns if index is op else index.expressions
    parts = [name_text(op.index_name if index is op else index.name, options)]
    if not options.batch:
        parts.append(repr(ident(op.table_name)))
    columns = ", ".join(index_expression(expression, options) for expression in expressions)
    parts += [f"[{columns}]", f"unique={index.unique or False!r}"]
    if op.schema and not options.batch:
        parts.append(f"schema={ident(op.schema)!r}")
    parts += [] if index is op else keyword_texts(index.dialect_kwargs, options)
    if op.if_not_exists is not None:
        parts.append(f"if_not_exists={bool(op.if_not_exists)!r}")
    return f"{options.op}create_index({', '.join(parts)})"


def _is_plain(op: ops.CreateIndexOp) -> bool:
    """Whether an index is just columns, so that the operation says it all; to make one costs far more."""
    return op.index_name is not None and not op.kw and all(isinstance(c, schema.Column) for c in op.columns)


@renderers.built_in(ops.DropIndexOp)
def drop_index(options: RenderOptions, op: ops.DropIndexOp) -> str:
    """``op.drop_index(...)``."""
    parts = [name_text(op.index_name, options)]
    if not options.batch:
        parts.append(f"table_name={ident(op.table_name)!r}")
        if op.schema:
            parts.append(f"schema={ident(op.schema)!r}")
    if not op.kw.keys() <= {"unique"}:
        parts += keyword_texts(op.to_index().dialect_kwargs, options)
    if op.if_exists is not None:
        parts.append(f"if_exists={bool(op.if_exists)!r}")
    return f"{options.op}drop_index({', '.join(parts)})"


@renderers.built_in(ops.CreatePrimaryKeyOp)
def create_primary_key(options: RenderOptions, op: ops.CreatePrimaryKeyOp) -> str:
    """``op.create_primary_key(...)``."""
    parts = [name_text(op.constraint_name, options)]
    if not options.batch:
        parts.append(repr(ident(op.table_name)))
    parts.append(repr([ident(column) for column in op.columns]))
    if op.schema and not options.batch:
        parts.append(f"schema={ident(op.schema)!r}")
    return f"{options.op}create_primary_key({', '.join(parts)})"


@renderers.built_in(ops.CreateUniqueConstraintOp)
def create_unique_constraint(options: RenderOptions, op: ops.CreateUniqueConstraintOp) -> list[str]:
    """``op.create_unique_constraint(...)``."""
    constraint = op.to_constraint()
    return [unique_text(constraint, options, table_of(constraint))]


@renderers.built_in(ops.CreateForeignKeyOp)
def create_foreign_key(options: RenderOptions, op: ops.CreateForeignKeyOp) -> str:
    """``op.create_foreign_key(...)``."""
    parts = [name_text(op.constraint_name, options)]
    if not options.batch:
        parts.append(repr(ident(op.source_table)))
    parts.append(repr(ident(op.referent_table)))
    parts.append(repr([ident(column) for column in op.local_cols]))
    parts.append(repr([ident(column) for column in op.remote_cols]))
    words = ["referent_schema", "onupdate", "ondelete", "initially", "deferrable", "use_alter", "match"]
    if not options.batch:
        words.insert(0, "source_schema")
    parts += [f"{word}={op.kw[word]!r}" for word in words if op.kw.get(word) is not None]
    parts += keyword_texts(op.to_constraint().dialect_kwargs, options)
    return f"{options.op}create_foreign_key({', '.join(parts)})"


@renderers.built_in(ops.CreateCheckConstraintOp)
def create_check_constraint(options: RenderOptions, op: ops.CreateCheckConstraintOp) -> str:
    """``op.create_check_constraint(...)``."""
    constraint = op.to_constraint()
    parts = [name_text(op.constraint_name, options)]
    if not options.batch:
        parts.append(repr(ident(op.table_name)))
    parts.append(condition_text(constraint.sqltext, options))
    if op.schema and not options.batch:
        parts.append(f"schema={ident(op.schema)!r}")
    parts += keyword_texts(constraint.dialect_kwargs, options)
    return f"{options.op}create_check_constraint({', '.join(parts)})"


@renderers.built_in(ops.CreateExcludeConstraintOp)
def create_exclude_constraint(options: RenderOptions, op: ops.CreateExcludeConstraintOp) -> str:
    """``op.create_exclude_constraint(...)``."""
    constraint = op.to_constraint()
    return exclude_text(constraint, options, table_of(constraint))


@renderers.built_in(ops.DropConstraintOp)
def drop_constraint(options: RenderOptions, op: ops.DropConstraintOp) -> list[str]:
    """``op.drop_constraint(...)``; without a name it can't run, which a comment above it says."""
    parts = [name_text(op.constraint_name, options)]
    if not options.batch:
        parts.append(repr(ident(op.table_name)))
        if op.schema:
            parts.append(f"schema={ident(op.schema)!r}")
    if op.constraint_type:
        parts.append(f"type_={ident(op.constraint_type)!r}")
    if op.if_exists is not None:
        parts.append(f"if_exists={op.if_exists}")
    lines: list[str] = []
    if ident(op.constraint_name) is None:
        warnings.warn(
            f"a drop_constraint() for a constraint without a name, on the table {op.table_name!r}, was "
            "written: the migration fails until the line has a name; a naming convention makes names known",
            stacklevel=2,
        )
        lines += UNNAMED
    return [*lines, f"{options.op}drop_constraint({', '.join(parts)})"]
