"""The pieces of rendering under Alembic's names (``alembic.autogenerate.render``), for renderers of add-ons.

Packages that bring types or operations of their own (ClickHouse's and DuckDB's dialects, GeoAlchemy) call
these with the ``autogen_context`` that their renderer was given. Each is one of ``nbmigrate.render``'s.
"""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

from nbmigrate.autogenerate.api import render_op_text
from nbmigrate.model import operations as ops
from nbmigrate.render import (
    constraints,
    containers,
    expressions,
    items,
    operations,
    options_of,
    renderers,
    types,
)
from nbmigrate.render.body import render_body

__all__ = ["MAX_PYTHON_ARGS", "default_renderers", "render_op", "render_op_text", "renderers"]

default_renderers = renderers

MAX_PYTHON_ARGS: int = operations.MAX_PYTHON_ARGS
"""The most arguments that a rendered call lists one by one."""

# what add-ons look up of ``alembic.util.sqla_compat`` by way of this module
sqla_compat = SimpleNamespace(AUTOINCREMENT_DEFAULT="auto")


def render_op(autogen_context: Any, op: ops.MigrateOperation) -> list[str]:
    """The lines of one operation."""
    return containers.render_op(op, autogen_context)


def _render_cmd_body(op_container: ops.OpContainer, autogen_context: Any) -> str:
    """The body of ``upgrade()`` or ``downgrade()``."""
    return render_body(op_container, options_of(autogen_context))


def _user_autogenerate_prefix(autogen_context: Any, target: Any) -> str:
    """What stands before the name of a type that is the user's own."""
    prefix = options_of(autogen_context).user_module_prefix
    return f"{target.__class__.__module__}." if prefix is None else prefix


def _ident(name: Any) -> str | None:
    """A name as plain text, without SQLAlchemy's marks on it."""
    return expressions.ident(name)


def _sqlalchemy_autogenerate_prefix(autogen_context: Any) -> str:
    """What stands before SQLAlchemy's names."""
    return options_of(autogen_context).sa


def _alembic_autogenerate_prefix(autogen_context: Any) -> str:
    """What stands before directives."""
    return options_of(autogen_context).op


def _user_defined_render(type_: str, object_: Any, autogen_context: Any) -> Any:
    """What the user's ``render_item`` says; False for "as usual"."""
    return options_of(autogen_context).ask(type_, object_)


def _repr_type(type_: Any, autogen_context: Any, _skip_variants: bool = False) -> str:
    """A type."""
    return types.type_text(type_, options_of(autogen_context), plain=_skip_variants)


def _render_type_w_subtype(
    type_: Any, autogen_context: Any, attrname: str, regexp: str, prefix: str = ""
) -> str | None:
    """A type whose attribute ``attrname`` is a type; ``regexp`` finds what stands before that one."""
    inner = getattr(type_, attrname, None)
    if inner is None:
        return None
    outer = f"{prefix}{type_!r}"
    text = _repr_type(inner, autogen_context)
    return re.sub(regexp + re.escape(repr(inner)), lambda found: (found[1] or "") + text, outer)


def _render_column(column: Any, autogen_context: Any) -> Any:
    """A column."""
    return items.column_text(column, options_of(autogen_context))


def _render_constraint(constraint: Any, autogen_context: Any, namespace_metadata: Any = None) -> Any:
    """A constraint; None where there is nothing to say."""
    return items.constraint_text(constraint, options_of(autogen_context), namespace_metadata)


def _render_server_default(default: Any, autogen_context: Any, repr_: bool = True) -> Any:
    """A server default; ``repr_=False`` gives the SQL's text alone."""
    if not repr_ and isinstance(default, str):
        return default
    return expressions.server_default(default, options_of(autogen_context))


def _should_render_server_default_positionally(server_default: Any) -> bool:
    """Whether a default stands among a column's positional arguments (Computed, Identity)."""
    return expressions.stands_alone(server_default)


def _render_potential_expr(value: Any, autogen_context: Any, **kw: Any) -> str:
    """A value, or ``sa.text(...)`` for an expression."""
    return expressions.value_text(value, options_of(autogen_context))


def _add_table(autogen_context: Any, op: Any) -> str:
    """``create_table``."""
    return operations.create_table(options_of(autogen_context), op)


def _drop_table(autogen_context: Any, op: Any) -> str:
    """``drop_table``."""
    return operations.drop_table(options_of(autogen_context), op)


def _add_column(autogen_context: Any, op: Any) -> str:
    """``add_column``."""
    return operations.add_column(options_of(autogen_context), op)


def _drop_column(autogen_context: Any, op: Any) -> str:
    """``drop_column``."""
    return operations.drop_column(options_of(autogen_context), op)


def _alter_column(autogen_context: Any, op: Any) -> str:
    """``alter_column``."""
    return operations.alter_column(options_of(autogen_context), op)


def _add_index(autogen_context: Any, op: Any) -> str:
    """``create_index``."""
    return constraints.create_index(options_of(autogen_context), op)


def _drop_index(autogen_context: Any, op: Any) -> str:
    """``drop_index``."""
    return constraints.drop_index(options_of(autogen_context), op)
