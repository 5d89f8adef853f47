"""Engine, character set and collation of MySQL's tables, where the models say them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from nbmigrate.compare.desired import model_tables
from nbmigrate.dialects.mysql.table_options import differing, options_there, options_wanted
from nbmigrate.model import operations as ops
from nbmigrate.model.schema import Key

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

    from nbmigrate.autogenerate.context import AutogenContext
    from nbmigrate.compare.options import CompareOptions


_WITH_KEYS = "innodb"


def add_table_options(
    autogen: AutogenContext, upgrade: ops.UpgradeOps, options: CompareOptions, renamed: Mapping[Key, Key]
) -> None:
    """Put what differs around the other changes; what is not said in the models is not compared.

    An engine that has foreign keys comes before them, one that may not have them after they are gone; the
    character set comes when all columns are there.
    ``renamed`` leads from old keys of tables to new ones.
    """
    name = autogen.dialect.name
    if name not in ("mysql", "mariadb") or autogen.connection is None or options.as_alembic:
        return
    said = {table: told for table in model_tables(autogen.metadata) if (told := options_wanted(table, name))}
    if not said:
        return
    there = options_there(autogen.connection, options.schemas)
    there |= {new: there[old] for old, new in renamed.items() if old in there}
    first: list[ops.MigrateOperation] = []
    last: list[ops.MigrateOperation] = []
    for table, wanted in sorted(said.items(), key=lambda pair: pair[0].key):
        key = options.key(table.schema, table.name)
        known = there.get(key)
        new = differing(known, wanted) if known and key not in options.exclude_tables else {}
        if known and new and options.wants_object(table, table.name, "table", False, None):
            if "engine" in new:
                place = first if new["engine"].lower() == _WITH_KEYS else last
                old = {"engine": known["engine"]}
                place.append(
                    ops.AlterTableOptionsOp(key[1], {"engine": new["engine"]}, old, schema=table.schema)
                )
            if len(new) > ("engine" in new):
                last.append(_converted(autogen.dialect, table, key, known, new))
    upgrade.ops[:] = [*first, *upgrade.ops, *last]


def _converted(
    dialect: Dialect, table: sa.Table, key: Key, known: dict[str, str], new: dict[str, str]
) -> ops.ConvertTableOps:
    """The change of set and collation; columns that say one of their own get it back."""
    # said together: a collation belongs to a set, and the way back needs both
    wanted = {word: value for word, value in new.items() if word != "engine"}
    wanted["charset"] = new.get("charset") or new["collate"].partition("_")[0]
    old: dict[str, str] = {word: known[word] for word in ("charset", "collate") if word in known}
    change = ops.AlterTableOptionsOp(key[1], wanted, old, schema=table.schema)
    return ops.ConvertTableOps(table.name, [change, *_own_sets(dialect, table)], schema=table.schema)


def _own_sets(dialect: Dialect, table: sa.Table) -> list[ops.MigrateOperation]:
    own = [column for column in table.columns if _has_own_set(dialect, column.type)]
    return [
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


def _has_own_set(dialect: Dialect, type_: Any) -> bool:
    if getattr(type_, "collation", None) or getattr(type_, "charset", None):
        return True
    # MariaDB's JSON is an alias that brings one
    return bool(getattr(dialect, "is_mariadb", False)) and type_.compile(dialect) == "JSON"


def _default(column: Any) -> Any:
    return False if column.server_default is None else column.server_default
