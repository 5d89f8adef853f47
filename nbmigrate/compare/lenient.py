"""Where two spellings mean one thing: the desired schema takes on the database's.

After this, comparing is plain equality. Every rule here says "equal" only: what it does not know stays as it
is, and shows as a change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar

from nbmigrate.compare.generated import with_known_expression
from nbmigrate.compare.text import normal, normal_default
from nbmigrate.model.schema import UNKNOWN, Check, Column, Index, Schema, Table

SameColumn = Callable[[Column, Column], bool]
_T = TypeVar("_T")

_SYNONYMS = (
    frozenset({"numeric", "decimal"}),
    frozenset({"integer", "int"}),
    frozenset({"double", "double precision", "float", "real"}),
    frozenset({"bool", "boolean", "tinyint(1)"}),
    frozenset({"char", "character"}),
    frozenset({"varchar", "character varying"}),
    frozenset({"datetime", "timestamp without time zone"}),
)
# types whose values are numbers, so that 5 is 5.0
_NUMERIC = re.compile(r"(?i)(numeric|decimal|float|double|real|(small|big|tiny|medium)?int(eger)?\b)")
_BOOLEAN = re.compile(r"(?i)(bool(ean)?\b|tinyint\(1\))")
_TRUTH = {"true": "1", "false": "0"}
_PARTS = re.compile(r"([^(]*)(?:\(([^)]*)\))?(.*)\Z", re.DOTALL)


def match_tables(
    current: Schema,
    desired: Schema,
    same_column_type: SameColumn,
    same_text: Callable[[str, str], bool] | None = None,
) -> Schema:
    """Let every desired table take on the spelling of the table that is there."""
    compare = same_text or equal_texts
    tables = dict(desired.tables)
    for key, table in tables.items():
        there = current.tables.get(key)
        if there is not None and there != table:
            tables[key] = match_table(there, table, same_column_type, compare)
    return replace(desired, tables=tables)


def equal_texts(ours: str, theirs: str) -> bool:
    """Whether two expressions are the same but for their spelling."""
    return normal(ours) == normal(theirs)


def match_table(
    there: Table, wanted: Table, same_column_type: SameColumn, same_text: Callable[[str, str], bool]
) -> Table:
    """One table."""
    by_name = {column.name.lower(): column for column in there.columns}
    columns = []
    for column in wanted.columns:
        other = by_name.get(column.name.lower())
        columns.append(column if other is None else match_column(other, column, same_column_type, same_text))
    checks = tuple(_match_check(check, there.checks, same_text) for check in wanted.checks)
    named = {index.name: index for index in there.indexes}
    indexes = tuple(_match_index(index, named.get(index.name), same_text) for index in wanted.indexes)
    keys = tuple(
        replace(key, referred_columns=()) if _refers_to_primary_key(key, there.foreign_keys) else key
        for key in wanted.foreign_keys
    )
    return replace(wanted, columns=tuple(columns), checks=checks, indexes=indexes, foreign_keys=keys)


def match_column(
    other: Column, column: Column, same_column_type: SameColumn, same_text: Callable[[str, str], bool]
) -> Column:
    """One column: type, default and expression."""
    changes: dict[str, Any] = {}
    if column.type_text != other.type_text and same_column_type(other, column):
        changes["type_text"] = other.type_text
    if column.default != other.default and same_default(other.default, column.default, column.type_text):
        changes["default"] = other.default
    changes |= with_known_expression(other, column)
    return replace(column, **changes) if changes else column


def same_default(ours: str | None, theirs: str | None, type_text: str = "") -> bool:
    """Whether two server defaults are the same as far as texts tell; numbers and truth by their values."""
    if UNKNOWN in (ours, theirs):
        return True
    there, wanted = (normal_default(one) if one else None for one in (ours, theirs))
    if there != wanted and there and wanted and _NUMERIC.match(type_text):
        with suppress(ValueError, ArithmeticError):
            # what was read in tokens has a blank within 1e3
            return Decimal(there.replace(" ", "")) == Decimal(wanted.replace(" ", ""))
    if _BOOLEAN.match(type_text):
        return _TRUTH.get(there or "", there) == _TRUTH.get(wanted or "", wanted)
    return there == wanted


def same_type(dialect: Any, known: Any, text: str, column: Column) -> bool:
    """Whether a reflected type, as text and as SQLAlchemy knows it, is the one that a column asks for."""
    if column.type_text == UNKNOWN:
        return True
    if same_type_text(text, column.type_text):
        return True
    try:
        compiled = dialect.type_compiler_instance.process(known)
    except Exception:  # third-party types fail in every way there is; then the texts have to do
        return False
    return same_type_text(compiled, column.type_text)


def same_type_text(ours: str, theirs: str, synonyms: Sequence[frozenset[str]] | None = None) -> bool:
    """Whether two type texts mean one type.

    With ``synonyms`` of its own a database is taken to fill in lengths that were not given, or not all.
    """
    groups = (*_SYNONYMS, *(synonyms or ()))
    a, b = (_PARTS.match(" ".join(text.lower().replace('"', "").split())) for text in (ours, theirs))
    assert a and b
    arguments = [re.sub(r"\s", "", part or "") for part in (a[2], b[2])]
    names = [f"{part[1].strip()} {part[3].strip()}".strip() for part in (a, b)]
    whole = [f"{name}({given})" if given else name for name, given in zip(names, arguments, strict=True)]
    if _synonyms(groups, *whole):
        return True
    if arguments[0] != arguments[1] and (synonyms is None or not _fills_in(*arguments)):
        return False
    return names[0] == names[1] or _synonyms(groups, *names)


def _fills_in(ours: str, theirs: str) -> bool:
    """Whether arguments are the same as far as both sides have them: none, ``10``, ``10,2``."""
    pairs = zip(ours.split(","), theirs.split(","), strict=False)
    return not ours or not theirs or all(one == other for one, other in pairs)


def _synonyms(groups: Iterable[frozenset[str]], ours: str, theirs: str) -> bool:
    return any(ours in group and theirs in group for group in groups)


def _match_check(check: Check, there: Iterable[Check], same_text: Callable[[str, str], bool]) -> Check:
    for other in there:
        if same_text(other.expression, check.expression):
            return replace(check, expression=other.expression)
    return check


def _match_index(index: Index, other: Index | None, same_text: Callable[[str, str], bool]) -> Index:
    if other is None or index == other or len(index.columns) != len(other.columns):
        return index
    columns = tuple(
        theirs if ours != theirs and same_text(ours, theirs) else ours
        for ours, theirs in zip(index.columns, other.columns, strict=True)
    )
    options, known = dict(index.options), dict(other.options)
    if "where" in options and "where" in known and same_text(options["where"], known["where"]):
        options["where"] = known["where"]
    return replace(index, columns=columns, options=tuple(sorted(options.items())))


def _refers_to_primary_key(key: Any, there: Sequence[Any]) -> bool:
    """Whether the key that is there leaves out the columns it refers to: then it means the primary key."""
    return any(
        not other.referred_columns
        and (other.columns, other.referred_table) == (key.columns, key.referred_table)
        for other in there
    )
