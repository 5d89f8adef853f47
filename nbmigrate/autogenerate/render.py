"""Door: the names of ``alembic.autogenerate.render`` that extensions import.

GeoAlchemy2 and others write renderers of their own around these: each takes Alembic's ``AutogenContext`` (or
what a renderer here was handed) and gives Python text.
"""

from __future__ import annotations

from typing import Any

from nbmigrate.model import operations as ops
from nbmigrate.render import containers, expressions, items, options_of, renderers, types
from nbmigrate.render import operations as rendering
from nbmigrate.render.body import render_body

__all__ = ["default_renderers", "render_op", "render_op_text", "renderers"]

default_renderers = renderers


def render_op(autogen_context: Any, op: ops.MigrateOperation) -> list[str]:
    """The lines of one operation."""
    return containers.render_op(op, autogen_context)


def render_op_text(autogen_context: Any, op: ops.MigrateOperation) -> str:
    """One operation as text."""
    return "\n".join(render_op(autogen_context, op))


def _add_table(autogen_context: Any, op: ops.CreateTableOp) -> str:
    return rendering.create_table(options_of(autogen_context), op)


def _drop_table(autogen_context: Any, op: ops.DropTableOp) -> str:
    return rendering.drop_table(options_of(autogen_context), op)


def _add_column(autogen_context: Any, op: ops.AddColumnOp) -> str:
    return rendering.add_column(options_of(autogen_context), op)


def _drop_column(autogen_context: Any, op: ops.DropColumnOp) -> str:
    return rendering.drop_column(options_of(autogen_context), op)


def _repr_type(type_: Any, autogen_context: Any, _skip_variants: bool = False) -> str:
    return types.type_text(type_, options_of(autogen_context), plain=_skip_variants)


def _render_column(column: Any, autogen_context: Any) -> Any:
    return items.column_text(column, options_of(autogen_context))


def _render_constraint(constraint: Any, autogen_context: Any, namespace_metadata: Any = None) -> Any:
    return items.constraint_text(constraint, options_of(autogen_context), namespace_metadata)


def _render_server_default(default: Any, autogen_context: Any, repr_: bool = True) -> Any:
    return expressions.server_default(default, options_of(autogen_context))


def _ident(name: Any) -> str | None:
    return expressions.ident(name)


def _render_cmd_body(op_container: ops.OpContainer, autogen_context: Any) -> str:
    return render_body(op_container, options_of(autogen_context))


def _alembic_autogenerate_prefix(autogen_context: Any) -> str:
    return options_of(autogen_context).op


def _sqlalchemy_autogenerate_prefix(autogen_context: Any) -> str:
    return options_of(autogen_context).sa


def _user_autogenerate_prefix(autogen_context: Any, target: Any) -> str:
    prefix = options_of(autogen_context).user_module_prefix
    return f"{target.__class__.__module__}." if prefix is None else prefix
