"""Engine, character set and collation of MySQL's tables, where the models say them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from nbmigrate.compare.desired import model_tables
from nbmigrate.dialects.mysql.table_options import differing, options_there, options_wanted
from nbmigrate.model import operations as ops
from nbmigrate.model.schema import Key

if TYPE_CHECKING:
    from nbmigrate.autogenerate.context import AutogenContext
    from nbmigrate.compare.options import CompareOptions


def add_table_options(autogen: AutogenContext, upgrade: ops.UpgradeOps, options: CompareOptions) -> None:
    """Put what differs in front of the other changes; what is not said in the models is not compared."""
    name = autogen.dialect.name
    if name not in ("mysql", "mariadb") or autogen.connection is None or options.as_alembic:
        return
    said = {table: told for table in model_tables(autogen.metadata) if (told := options_wanted(table, name))}
    if not said:
        return
    there = options_there(autogen.connection, options.schemas)
    found: list[ops.MigrateOperation] = []
    for table, wanted in sorted(said.items(), key=lambda pair: pair[0].key):
        key = options.key(table.schema, table.name)
        known = there.get(key)
        new = differing(known, wanted) if known and key not in options.exclude_tables else {}
        if known and new and options.wants_object(table, table.name, "table", False, None):
            found.append(_changed(table, key, known, new))
            found += _own_sets(table, new)
    upgrade.ops[:0] = found


def _changed(
    table: sa.Table, key: Key, known: dict[str, str], new: dict[str, str]
) -> ops.AlterTableOptionsOp:
    if "charset" in new or "collate" in new:
        # said together: a collation belongs to a set, and the way back needs both
        new = {**new, "charset": new.get("charset") or new["collate"].partition("_")[0]}
        old: dict[str, str] = {word: known[word] for word in ("charset", "collate") if word in known}
    else:
        old = {}
    if "engine" in new:
        old["engine"] = known["engine"]
    return ops.AlterTableOptionsOp(key[1], new, old, schema=table.schema)


def _own_sets(table: sa.Table, new: dict[str, str]) -> list[ops.MigrateOperation]:
    """Columns that say a set or a collation of their own get it back: CONVERT TO takes every column along."""
    if "charset" not in new and "collate" not in new:
        return []
    own = [
        column
        for column in table.columns
        if getattr(column.type, "collation", None) or getattr(column.type, "charset", None)
    ]
    changes: list[ops.MigrateOperation] = [
        ops.AlterColumnOp(
            table.name,
            column.name,
            schema=table.schema,
            existing_type=column.type,
            existing_nullable=column.nullable,
            existing_server_default=_default(column),
            existing_comment=column.comment,
            modify_type=column.type,
        )
        for column in own
    ]
    return [ops.ModifyTableOps(table.name, changes, schema=table.schema)] if changes else []


def _default(column: Any) -> Any:
    return False if column.server_default is None else column.server_default
