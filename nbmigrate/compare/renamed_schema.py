"""The schema of a database as it will be once some tables and columns have other names.

Every database carries a rename through by itself: keys, indexes, CHECKs and the foreign keys of other tables
follow. So does this. Expressions are texts: in them a name is a name wherever it stands as a word of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.compiler import RESERVED_WORDS
from sqlalchemy.sql.elements import TextClause

from nbmigrate.model.schema import (
    Check,
    Column,
    ForeignKey,
    Index,
    Key,
    PrimaryKey,
    Schema,
    Table,
    Unique,
    sorted_constraints,
)

Names = Mapping[str, str]
_PIECES = re.compile(
    r"""
    (?P<string>[eEnN]?'(?:[^']|'')*')
    | (?P<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]'"]*\])
    | (?P<type>::\s*(?:"[^"]*"|\w+))
    | (?P<word>[^\W\d]\w*)(?P<call>\s*\()?
    """,
    re.VERBOSE | re.DOTALL,
)
_SIMPLE = re.compile(r"[a-z_][a-z0-9_]*\Z")


def renamed_schema(schema: Schema, tables: Mapping[Key, Key], columns: Mapping[Key, Names]) -> Schema:
    """The schema with other names; ``columns`` are by the keys that their tables have then."""
    old_of = {new: old for old, new in tables.items()}
    found = {}
    for key, table in schema.tables.items():
        new_key = tables.get(key, key)
        found[new_key] = _renamed_table(table, new_key, tables, columns)
    loads = schema.load_types
    return replace(
        schema,
        tables={key: found[key] for key in sorted(found, key=lambda key: (key[0] or "", key[1]))},
        facts=None,
        load_types=None if loads is None else partial(_load, loads, old_of, columns),
    )


def _load(
    loads: Callable[[Sequence[Key]], Mapping[Key, Mapping[str, Any]]],
    old_of: Mapping[Key, Key],
    columns: Mapping[Key, Names],
    keys: Sequence[Key],
) -> dict[Key, dict[str, Any]]:
    """The types of columns, asked for by the names that the database still has."""
    known = loads([old_of.get(key, key) for key in keys])
    return {
        key: {
            columns.get(key, {}).get(name, name): type_ for name, type_ in known[old_of.get(key, key)].items()
        }
        for key in keys
        if old_of.get(key, key) in known
    }


def _renamed_table(table: Table, key: Key, tables: Mapping[Key, Key], columns: Mapping[Key, Names]) -> Table:
    own = columns.get(key, {})
    keys = tuple(_foreign_key(fk, own, tables, columns) for fk in table.foreign_keys)
    if not own:
        if keys == table.foreign_keys and key == table.key:
            return table
        return sorted_constraints(replace(table, name=key[1], foreign_keys=keys))
    primary = table.primary_key
    return sorted_constraints(
        replace(
            table,
            name=key[1],
            columns=tuple(_column(column, own) for column in table.columns),
            primary_key=None if primary is None else _primary_key(primary, own),
            foreign_keys=keys,
            uniques=tuple(_unique(unique, own) for unique in table.uniques),
            checks=tuple(_check(check, own) for check in table.checks),
            indexes=tuple(_index(index, own) for index in table.indexes),
        )
    )


def _names(given: Sequence[str], names: Names) -> tuple[str, ...]:
    return tuple(names.get(name, name) for name in given)


def _column(column: Column, names: Names) -> Column:
    generated = None if column.generated is None else renamed_text(column.generated, names)
    return replace(column, name=names.get(column.name, column.name), generated=generated)


def _primary_key(key: PrimaryKey, names: Names) -> PrimaryKey:
    return replace(key, columns=_names(key.columns, names))


def _foreign_key(
    key: ForeignKey, own: Names, tables: Mapping[Key, Key], columns: Mapping[Key, Names]
) -> ForeignKey:
    target = (key.referred_schema, key.referred_table)
    new = tables.get(target, target)
    return replace(
        key,
        columns=_names(key.columns, own),
        referred_table=new[1],
        referred_columns=_names(key.referred_columns, columns.get(new, {})),
    )


def _unique(unique: Unique, names: Names) -> Unique:
    kwargs = tuple((word, _option(value, names)) for word, value in unique.kwargs)
    return replace(unique, columns=_names(unique.columns, names), kwargs=kwargs)


def _check(check: Check, names: Names) -> Check:
    return replace(check, expression=renamed_text(check.expression, names))


def _index(index: Index, names: Names) -> Index:
    columns = tuple(
        renamed_text(column, names)
        if column.startswith("(") and column not in names
        else names.get(column, column)
        for column in index.columns
    )
    options = tuple(
        (word, renamed_text(value, names) if word == "where" else _listed(word, value, names))
        for word, value in index.options
    )
    kwargs = tuple((word, _option(value, names)) for word, value in index.kwargs)
    return replace(index, columns=columns, options=options, kwargs=kwargs)


def _listed(word: str, value: Any, names: Names) -> Any:
    """Only ``include`` lists columns; the others list orders and classes."""
    return _names(value, names) if word == "include" else value


def _option(value: Any, names: Names) -> Any:
    """SQLAlchemy's keyword for an index: a condition, columns, or something by column."""
    if isinstance(value, TextClause):
        return sa.text(renamed_text(value.text.replace(r"\:", ":"), names).replace(":", r"\:"))
    if isinstance(value, list):
        return [names.get(item, item) for item in value]
    if isinstance(value, dict):
        return {names.get(name, name): item for name, item in value.items()}
    return value


def renamed_text(text: str, names: Names) -> str:
    """An expression in which columns have other names."""
    folded = {old.lower(): new for old, new in names.items()}

    def replaced(match: re.Match[str]) -> str:
        piece, word, quoted = match.group(), match["word"], match["quoted"]
        if word is not None and match["call"] is None:
            new = folded.get(word.lower())
            if new is None:
                return piece
            plain = _SIMPLE.match(new) and new not in RESERVED_WORDS
            return new if plain else '"' + new.replace('"', '""') + '"'
        if quoted is not None:
            sign, end = quoted[0], quoted[-1]
            new = names.get(quoted[1:-1].replace(end * 2, end))
            if new is None:
                new = folded.get(quoted[1:-1].lower()) if sign != '"' else None
            if new is not None:
                return f"{sign}{new.replace(end, end * 2)}{end}"
        return piece

    return _PIECES.sub(replaced, text)
