"""What others add to the comparison: functions registered on ``comparators``, or by plugins.

They run after nbmigrate's own comparison, on what it found: ``autogenerate`` and ``schema`` once, ``table``
for each table that is on either side, ``column`` for each column that is on both. Tables are only reflected
again, one by one, where somebody has registered for them. A built-in plugin that env.py has left out takes
its findings away here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from nbmigrate.model import operations as ops
from nbmigrate.runtime.plugins import BUILT_IN, DEFAULT, Plugin
from nbmigrate.runtime.records import own_tables

if TYPE_CHECKING:
    from sqlalchemy import Table

    from nbmigrate.autogenerate.context import AutogenContext
    from nbmigrate.util.dispatch import PriorityDispatcher

_PARTS = tuple(name for name in BUILT_IN if name.startswith("alembic.autogenerate."))
_COMMENTS = (ops.CreateTableCommentOp, ops.DropTableCommentOp)
# the chains for a column, what each decides, and the value that says "no change"
_COLUMN: dict[str, tuple[str, Any]] = {
    "nullable": ("modify_nullable", None),
    "types": ("modify_type", None),
    "server_default": ("modify_server_default", False),
    "comments": ("modify_comment", False),
}
_CONSTRAINTS = (ops.AddConstraintOp, ops.DropConstraintOp, ops.CreateIndexOp, ops.DropIndexOp)


def chosen_comparators(autogen: AutogenContext, registered: PriorityDispatcher) -> PriorityDispatcher:
    """What was registered for everybody, and what the chosen plugins bring."""
    comparators = registered.branch()
    expressions = autogen.opts.get("autogenerate_plugins") or DEFAULT
    Plugin.populate_autogenerate_priority_dispatch(comparators, expressions)
    return comparators


def beyond_names(opts: Mapping[str, Any]) -> dict[str, Any]:
    """What is compared that Alembic compares otherwise or not at all: parameters of CompareOptions."""
    taken = Plugin.chosen(opts.get("autogenerate_plugins") or DEFAULT)
    by_name = "name" if "alembic.ext.checkconstraint_byname" in taken else None
    return {
        "checks": "expression" if "nbmigrate.autogenerate.checks" in taken else by_name,
        "as_alembic": not any(name.startswith("nbmigrate.autogenerate.") for name in taken),
        "derive_names": "nbmigrate.autogenerate.names" in taken,
        "primary_keys": "nbmigrate.autogenerate.primary_keys" in taken,
    }


def extend(autogen: AutogenContext, upgrade: ops.UpgradeOps, schemas: tuple[str | None, ...]) -> None:
    """Take away what is not wanted, then let the registered functions add to it."""
    expressions = autogen.opts.get("autogenerate_plugins")
    if expressions:
        taken = set(Plugin.chosen(expressions))
        left_out = {name.rsplit(".", 1)[1] for name in _PARTS if name not in taken}
        if left_out:
            upgrade.ops[:] = list(_kept(upgrade.ops, left_out))
    comparators = autogen.comparators
    if not comparators:
        return
    name = autogen.dialect.name
    comparators.dispatch("autogenerate", qualifier=name)(autogen, upgrade)
    comparators.dispatch("schema", qualifier=name)(autogen, upgrade, set(schemas))
    if comparators.has("table") or comparators.has("column"):
        for schema in schemas:
            _compare_tables(autogen, upgrade, schema)


def _kept(found: list[Any], left_out: set[str]) -> Iterator[Any]:
    """The operations without those that the built-in plugins of these names find."""
    if left_out & {"schemas", "tables"}:
        return
    dropped = (
        *(_COMMENTS if "comments" in left_out else ()),
        *(_CONSTRAINTS if "constraints" in left_out else ()),
    )
    for operation in found:
        if isinstance(operation, ops.ModifyTableOps):
            operation.ops[:] = list(_kept(operation.ops, left_out))
            if operation.ops:
                yield operation
        elif isinstance(operation, ops.AlterColumnOp):
            _forget(operation, left_out)
            if operation.has_changes():
                yield operation
        elif not isinstance(operation, dropped):
            yield operation


def _forget(operation: ops.AlterColumnOp, left_out: set[str]) -> None:
    if "types" in left_out:
        operation.modify_type = None
    if "defaults" in left_out:
        operation.modify_server_default = False
    if "comments" in left_out:
        operation.modify_comment = False
    if "constraints" in left_out:
        operation.modify_nullable = None


def _compare_tables(autogen: AutogenContext, upgrade: ops.UpgradeOps, schema: str | None) -> None:
    default = autogen.dialect.default_schema_name
    models = {
        table.name: table
        for table in autogen.sorted_tables
        if (None if table.schema == default else table.schema) == schema
    }
    own = own_tables(autogen.opts.get("version_table") or "alembic_version")
    there = [name for name in autogen.inspector.get_table_names(schema=schema) if name not in own]
    for name in sorted({*models, *there}):
        parents = {"schema_name": schema, "table_name": name, "schema_qualified_table_name": name}
        if name in there and not autogen.run_name_filters(name, "table", {**parents}):
            continue
        reflected = _reflected(autogen, name, schema) if name in there else None
        _compare_table(autogen, upgrade, schema, name, reflected, models.get(name))


def _compare_table(
    autogen: AutogenContext,
    upgrade: ops.UpgradeOps,
    schema: str | None,
    name: str,
    reflected: Table | None,
    model: Table | None,
) -> None:
    """Call what is registered for one table and its columns; what they add joins what was found."""
    found: list[ops.ModifyTableOps] = [
        one
        for one in upgrade.ops
        if isinstance(one, ops.ModifyTableOps) and (one.table_name, one.schema) == (name, schema)
    ]
    modify = found[0] if found else ops.ModifyTableOps(name, [], schema=schema)
    qualifier = autogen.dialect.name
    if reflected is not None and model is not None:
        for column in model.columns:
            if column.name not in reflected.columns:
                continue
            altered = [
                one
                for one in modify.ops
                if isinstance(one, ops.AlterColumnOp) and one.column_name == column.name
            ]
            change = altered[0] if altered else ops.AlterColumnOp(name, column.name, schema=schema)
            before = reflected.columns[column.name]
            with _first_word(autogen.comparators, change, qualifier) as stopped:
                stopped |= autogen.comparators.dispatch("column", qualifier=qualifier)(
                    autogen, change, schema, name, column.name, before, column
                )
            if altered and not change.has_changes():
                modify.ops.remove(change)
            if not altered and change.has_changes():
                change.existing_type = before.type
                change.existing_nullable = before.nullable
                modify.ops.append(change)
    autogen.comparators.dispatch("table", qualifier=qualifier)(
        autogen, modify, schema, name, reflected, model
    )
    if not found and modify.ops:
        upgrade.ops.append(modify)
    if found and not modify.ops:
        upgrade.ops.remove(modify)


@contextmanager
def _first_word(
    comparators: PriorityDispatcher, change: ops.AlterColumnOp, qualifier: str
) -> Iterator[set[str | None]]:
    """What functions of the first priority decide about a column, is decided: they ran before ours.

    Meanwhile what we found of it is not in ``change``; the block fills in what has been stopped.
    """
    first = comparators.first_subgroups("column", qualifier=qualifier)
    found = {word: getattr(change, word) for group, (word, _) in _COLUMN.items() if group in first}
    for group in first & _COLUMN.keys():
        setattr(change, *_COLUMN[str(group)])
    stopped: set[str | None] = set()
    yield stopped
    for group, (word, nothing) in _COLUMN.items():
        if word in found and group not in stopped and getattr(change, word) is nothing:
            setattr(change, word, found[word])


def _reflected(autogen: AutogenContext, name: str, schema: str | None) -> Table:
    from sqlalchemy import MetaData, Table

    return Table(name, MetaData(), schema=schema, autoload_with=autogen.connection, resolve_fks=False)
