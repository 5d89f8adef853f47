"""Containers as Python text: all changes to a table, in ``with op.batch_alter_table(...)`` or one by one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import schema

from nbmigrate.model import operations as ops
from nbmigrate.render.expressions import ident
from nbmigrate.render.items import column_text, constraint_text
from nbmigrate.render.options import RenderOptions
from nbmigrate.render.registry import renderers


def render_op(op: Any, options: Any) -> list[str]:
    """One operation as lines; a line may itself hold line breaks.

    ``options`` are RenderOptions or an AutogenContext. Raises ValueError for a class without a renderer.
    """
    lines = renderers.dispatch(op)(options, op)
    if lines is None:
        return []
    return list(lines) if isinstance(lines, list | tuple) else [lines]


def _each(op: ops.OpContainer, options: RenderOptions) -> list[str]:
    return [line for one in op.ops for line in render_op(one, options)]


@renderers.built_in(ops.OpContainer)
def container(options: RenderOptions, op: ops.OpContainer) -> list[str]:
    """Whatever is in it, one after the other."""
    return _each(op, options)


@renderers.built_in(ops.ModifyTableOps)
def modify_table(options: RenderOptions, op: ops.ModifyTableOps) -> list[str]:
    """The changes one by one; with ``render_as_batch`` as a batch."""
    if not op.ops:
        return []
    if not options.render_as_batch:
        return _each(op, options)
    told = f"{ident(op.table_name)!r}, schema={ident(op.schema)!r}"
    head = f"with {options.op}batch_alter_table({told}) as batch_op:"
    # the empty line ends the block
    return [head, *_each(op, options.in_batch()), ""]


@renderers.built_in(ops.BatchAlterTableOp)
def batch_alter_table(options: RenderOptions, op: ops.BatchAlterTableOp) -> list[str]:
    """``with op.batch_alter_table(...) as batch_op:`` and the changes."""
    if not op.ops:
        return []
    parts = [repr(ident(op.table_name)), f"schema={ident(op.schema)!r}"]
    if op.recreate != "auto":
        parts.append(f"recreate={op.recreate!r}")
    if op.partial_reordering is not None:
        parts.append(f"partial_reordering={[tuple(names) for names in op.partial_reordering]!r}")
    if op.copy_from is not None:
        parts.append(f"copy_from={_table(op.copy_from, options)}")
    for word, items in (("table_args", op.table_args), ("reflect_args", op.reflect_args)):
        if items:
            parts.append(f"{word}=[{', '.join(_item(item, options) for item in items)}]")
    for word, pairs in (
        ("table_kwargs", op.table_kwargs),
        ("reflect_kwargs", op.reflect_kwargs),
        ("naming_convention", op.naming_convention),
    ):
        if pairs:
            parts.append(f"{word}={dict(pairs)!r}")
    head = f"with {options.op}batch_alter_table({', '.join(parts)}) as batch_op:"
    return [head, *_each(op, options.in_batch()), ""]


def _item(item: Any, options: RenderOptions) -> str:
    if isinstance(item, schema.Column):
        return str(column_text(item, options))
    return str(constraint_text(item, options, None))


def _table(table: schema.Table, options: RenderOptions) -> str:
    create = ops.CreateTableOp.from_table(table)
    items = [_item(item, options) for item in create.columns]
    told = f", schema={table.schema!r}" if table.schema else ""
    inside = ", ".join(item for item in items if item != "None")
    return f"{options.sa}Table({ident(table.name)!r}, {options.sa}MetaData(), {inside}{told})"
