"""Renames as operations, in an order in which no two things ever bear one name.

In a chain (a to b, b to c) the last comes first; a circle (a to b, b to a) is opened by a name in between.
Each rename is a container of its own: Alembic's batches know a column only by the name it had before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from nbmigrate.compare.build import Reflected
from nbmigrate.compare.renames import Decision
from nbmigrate.compare.similar import same_index
from nbmigrate.model.operations import (
    AlterColumnOp,
    MigrateOperation,
    ModifyTableOps,
    RenameIndexOp,
    RenameTableOp,
)
from nbmigrate.model.schema import Key, Schema, Table, sorted_constraints

IN_BETWEEN = "nbmigrate_in_between"


def steps_of(names: Mapping[str, str], taken: Iterable[str]) -> list[tuple[str, str]]:
    """Single renames, one after another, that have the effect of all at once; ``taken`` are all names now."""
    taken = set(taken)
    open_ones = {old: new for old, new in names.items() if old != new}
    found = []
    while open_ones:
        free = [old for old, new in open_ones.items() if new not in open_ones]
        if free:
            old = free[0]
            found.append((old, open_ones.pop(old)))
            continue
        old, new = next(iter(open_ones.items()))
        aside, number = IN_BETWEEN, 1
        while aside in taken:
            number += 1
            aside = f"{IN_BETWEEN}_{number}"
        taken.add(aside)
        found.append((old, aside))
        del open_ones[old]
        open_ones[aside] = new
    return found


def rename_operations(
    decision: Decision, current: Schema, renamed: Schema, desired: Schema, *, restate_autoincrement: bool
) -> list[MigrateOperation]:
    """The operations that rename, tables first.

    ``renamed`` is ``current`` with the new names. ``restate_autoincrement``: a rename says the whole column
    again, this included.
    """
    found: list[MigrateOperation] = []
    for schema in dict.fromkeys(key[0] for key in decision.tables):
        names = {old[1]: new[1] for old, new in decision.tables.items() if old[0] == schema}
        there = [key[1] for key in (*current.tables, *desired.tables) if key[0] == schema]
        found += [
            RenameTableOp(old, new, schema=_schema_name(desired, decision.tables, schema))
            for old, new in steps_of(names, there)
        ]
    reflected = Reflected(renamed)
    reflected.load(list(decision.columns))
    for key, columns in decision.columns.items():
        table, schema = renamed.tables[key], desired.tables[key].source.schema
        final = {old: new for old, new in columns.items()}
        origin: dict[str, str] = {}
        for old, new in steps_of(columns, _all_names(table, desired.tables[key], columns)):
            first = origin.pop(old, old)
            origin[new] = first
            operation = _rename_column(reflected, key, old, new, final[first], schema)
            if restate_autoincrement:
                column = desired.tables[key].column(final[first])
                ours = table.column(final[first])
                if ours is not None and (ours.autoincrement or (column is not None and column.autoincrement)):
                    operation.kw["existing_autoincrement"] = True
            found.append(ModifyTableOps(key[1], [operation], schema=schema))
    return found


def _all_names(table: Table, wanted: Table, columns: Mapping[str, str]) -> list[str]:
    return [*(column.name for column in (*table.columns, *wanted.columns)), *columns]


def _schema_name(desired: Schema, tables: Mapping[Key, Key], schema: str | None) -> str | None:
    """The schema as the models name it: the default one may be spelled out."""
    first = next(new for new in tables.values() if new[0] == schema)
    found: str | None = desired.tables[first].source.schema
    return found


def _rename_column(
    reflected: Reflected, key: Key, old: str, new: str, final: str, schema: str | None
) -> AlterColumnOp:
    """One rename, with what the column is: MySQL and MariaDB must be told."""
    column = reflected.column(key, final)
    operation = AlterColumnOp(key[1], old, schema=schema, modify_name=new)
    operation.existing_type = column.type
    operation.existing_nullable = column.nullable
    operation.existing_comment = column.comment
    if column.server_default is not None and column.identity is None and column.computed is None:
        operation.existing_server_default = column.server_default
    return operation


def follow_names(
    decision: Decision, current: Schema, desired: Schema, dialect_name: str
) -> tuple[Schema, list[MigrateOperation]]:
    """Give indexes and unique constraints of renamed things the names that the models have for them.

    Names are mostly made of the table's and the columns'. Where a database can rename an index or a
    constraint, that is done; SQLite and DuckDB can't, there they are made again under the new name. Names of
    primary keys, foreign keys and CHECKs are left: they are compared by what they say.
    """
    if dialect_name not in ("postgresql", "mysql", "mariadb"):
        return current, []
    tables = dict(current.tables)
    found: list[MigrateOperation] = []
    for key in dict.fromkeys((*decision.tables.values(), *decision.columns)):
        there, wanted = tables.get(key), desired.tables.get(key)
        if there is None or wanted is None:
            continue
        operations: list[MigrateOperation] = []
        indexes = _paired(there.indexes, wanted.indexes, same_index)
        uniques = _paired(there.uniques, wanted.uniques, lambda a, b: a == b)
        schema = wanted.source.schema
        operations += [RenameIndexOp(key[1], old, new, schema=schema) for old, new in indexes.items()]
        operations += [
            RenameIndexOp(key[1], old, new, kind="unique", schema=schema) for old, new in uniques.items()
        ]
        if not operations:
            continue
        tables[key] = sorted_constraints(
            replace(
                there,
                indexes=tuple(replace(i, name=indexes.get(i.name, i.name)) for i in there.indexes),
                uniques=tuple(replace(u, name=uniques.get(u.name or "", u.name)) for u in there.uniques),
            )
        )
        found += operations
    return replace(current, tables=tables), found


def _paired(ours: Sequence[Any], theirs: Sequence[Any], same: Any) -> dict[str, str]:
    """Old and new names of what is the same on both sides, where no name of the one is on the other."""
    our_names, their_names = {item.name for item in ours}, {item.name for item in theirs}
    left = [item for item in theirs if item.name and item.name not in our_names]
    found = {}
    for item in ours:
        if not item.name or item.name in their_names:
            continue
        for other in left:
            if same(item, other):
                found[item.name] = str(other.name)
                left.remove(other)
                break
    return found
