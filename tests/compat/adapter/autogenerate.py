"""Autogenerate: what the fixtures of ``alembic.testing`` and the test files reach inside Alembic for.

Alembic's own tests compare two schemas by its comparison alone. ``configure(autogenerate_plugins=...)`` is
the parameter by which a project asks for just that, so it is set here where a test does not say otherwise.
"""

from __future__ import annotations

import contextlib
import sys
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.base import DialectKWArgs
from sqlalchemy.sql.elements import conv
from sqlalchemy.types import NullType

import nbmigrate.autogenerate
from adapter.making import absent, module, package
from nbmigrate.autogenerate import api, context, render_op_text, render_script
from nbmigrate.model.operations import OpContainer, UpgradeOps
from nbmigrate.render import expressions, items, operations, options_of, types

PLUGINS = ("alembic.autogenerate.*",)
_usual = context.AutogenContext.__init__


def _as_alembic(self: Any, *args: Any, **kw: Any) -> None:
    """A context that looks for what Alembic looks for."""
    _usual(self, *args, **kw)
    if self.opts.get("autogenerate_plugins") is None:
        self.opts["autogenerate_plugins"] = PLUGINS


context.AutogenContext.__init__ = _as_alembic  # type: ignore[method-assign]


def _filters(word: str) -> property:
    """``_object_filters`` and ``_name_filters``: the hooks as a list that a test may replace."""

    def get(self: Any) -> list[Any]:
        found = self.opts.get(word)
        return list(found) if isinstance(found, list | tuple) else [found] if found else []

    def put(self: Any, value: list[Any]) -> None:
        self.opts[word] = value

    return property(get, put)


context.AutogenContext._object_filters = _filters("include_object")  # type: ignore[attr-defined]
context.AutogenContext._name_filters = _filters("include_name")  # type: ignore[attr-defined]


@contextlib.contextmanager
def _within_batch(self: Any) -> Any:
    self._has_batch = True
    yield
    self._has_batch = False


context.AutogenContext._within_batch = _within_batch  # type: ignore[attr-defined]


_usual_reader = api.reader_for


def _upgrade(autogen: Any) -> UpgradeOps:
    """The comparison; where a test has put a method of its own into the dialect, by that method."""
    generic = sys.modules[_usual_reader.__module__]
    replaced = any(name.startswith("get_") for name in vars(autogen.dialect))
    api.reader_for = (lambda name: generic) if replaced else _usual_reader
    try:
        return api.upgrade_operations(autogen)
    finally:
        api.reader_for = _usual_reader


def _produce_net_changes(autogen: Any, upgrade: UpgradeOps) -> None:
    upgrade.ops.extend(_upgrade(autogen).ops)


def _render_migration_diffs(migration_context: Any, template_args: dict[str, Any]) -> None:
    """Compare, and put both bodies into the variables of a template."""
    script = api.produce_migrations(migration_context)
    for hook in [migration_context.opts.get("process_revision_directives")]:
        if hook is not None:
            hook(migration_context, (), [script])
    template_args.update(render_script(script, migration_context))


vars(nbmigrate.autogenerate).update(
    _produce_net_changes=_produce_net_changes, _render_migration_diffs=_render_migration_diffs, api=api
)
api.AutogenContext = context.AutogenContext


# ---- alembic.autogenerate.render: one function for each thing that is rendered


def _repr_type(type_: Any, autogen: Any, _skip_variants: bool = False) -> str:
    return types.type_text(type_, options_of(autogen), plain=_skip_variants)


def _render_column(column: Any, autogen: Any) -> Any:
    return items.column_text(column, options_of(autogen))


def _render_constraint(constraint: Any, autogen: Any, namespace: Any = None) -> Any:
    return items.constraint_text(constraint, options_of(autogen), namespace)


def _render_server_default(default: Any, autogen: Any, repr_: bool = True) -> Any:
    return expressions.server_default(default, options_of(autogen))


class _Rendering(type(nbmigrate)):
    """Alembic's module ``render``, where a test sets how many arguments a call may have."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "MAX_PYTHON_ARGS":
            operations.MAX_PYTHON_ARGS = value
        super().__setattr__(name, value)


module(
    "autogenerate.render",
    MAX_PYTHON_ARGS=operations.MAX_PYTHON_ARGS,
    _repr_type=_repr_type,
    _render_column=_render_column,
    _render_constraint=_render_constraint,
    _render_server_default=_render_server_default,
    _render_unique_constraint=_render_constraint,
    _render_foreign_key=_render_constraint,
    _render_check_constraint=_render_constraint,
    _render_primary_key=_render_constraint,
    render_op_text=render_op_text,
    renderers=nbmigrate.autogenerate.renderers,
).__class__ = _Rendering


# ---- alembic.autogenerate.compare


def _compare_tables(
    there: set[Any], wanted: set[Any], inspector: Any, upgrade: OpContainer, autogen: Any
) -> None:
    upgrade.ops.extend(_upgrade(autogen).ops)


class _InspectorConv:
    """Reflection with names that conventions leave alone."""

    def __init__(self, inspector: Any) -> None:
        self.inspector = inspector

    def pre_cache_tables(self, *args: Any) -> None:
        """Nothing: all is read at once."""

    def __getattr__(self, name: str) -> Any:
        def asked(table: str, schema: str | None = None) -> Any:
            found = getattr(self.inspector, name)(table, schema=schema)
            return [{**one, "name": one["name"] and conv(one["name"])} for one in found]

        return asked


def _is_unknown(column: Any) -> bool:
    return isinstance(column.type, NullType)


def _compare_type(
    autogen: Any, change: Any, schema: Any, table: str, name: str, ours: Any, theirs: Any
) -> Any:
    given = autogen.opts.get("compare_type")
    verdict = (
        given(autogen.migration_context, ours, theirs, ours.type, theirs.type) if callable(given) else None
    )
    if verdict is None and not (_is_unknown(ours) or _is_unknown(theirs)):
        verdict = autogen.migration_context.impl.compare_type(ours, theirs)
    change.existing_type = ours.type
    if verdict:
        change.modify_type = theirs.type


def _compare_server_default(
    autogen: Any, change: Any, schema: Any, table: str, name: str, ours: Any, theirs: Any
) -> None:
    """Compare the whole table, as nbmigrate does, and say what came out for this column's default."""
    change.existing_server_default = ours.server_default
    own = api.AutogenContext(autogen.migration_context, theirs.table.metadata)
    for found in _flat(_upgrade(own).ops):
        if getattr(found, "column_name", None) == name and found.modify_server_default is not False:
            change.modify_server_default = found.modify_server_default


def _flat(operations: Any) -> Any:
    for one in operations:
        yield from _flat(one.ops) if isinstance(one, OpContainer) else (one,)


package("autogenerate.compare", _produce_net_changes=_produce_net_changes)
module("autogenerate.compare.tables", _compare_tables=_compare_tables)
module("autogenerate.compare.util", _InspectorConv=_InspectorConv)
module("autogenerate.compare.types", _dialect_impl_compare_type=_compare_type)
module(
    "autogenerate.compare.server_defaults",
    _dialect_impl_compare_server_default=_compare_server_default,
    _render_server_default_for_compare=absent("_render_server_default_for_compare"),
    _user_compare_server_default=absent("_user_compare_server_default"),
)


# ---- alembic.util.sqla_compat, the part that these files use


def _get_constraint_final_name(constraint: Any, dialect: Any) -> str | None:
    if constraint.name is None:
        return None
    found: str | None = dialect.identifier_preparer.format_constraint(constraint, _alembic_quote=False)
    return found


module(
    "util.sqla_compat",
    _get_constraint_final_name=_get_constraint_final_name,
    _inherit_schema_deprecated=lambda: hasattr(sa.Enum, "inherit_schema"),
    _vers=tuple(int(part) for part in sa.__version__.split(".")[:2]),
    identity_has_dialect_kwargs=issubclass(sa.Identity, DialectKWArgs),
    sqla_2_0_25=True,
)
module("operations.base", conv=conv)
