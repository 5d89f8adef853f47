"""What PostgreSQL does with enum types: CREATE, DROP, and a change of values.

Values can be added and renamed where they stand. For all else (a value that goes, another order) there is no
statement: a new type takes the old one's name, and each column is cast to it by way of text. What speaks of
the column's type (defaults, CHECKs, partial indexes, views) is taken off first and put back afterwards. A row
that holds a value which is gone makes the cast fail; then nothing has happened. No CASCADE anywhere.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from nbmigrate.ddl.statement import Statement
from nbmigrate.dialects.objects_sql import literal, qualified

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect as SQLAlchemyDialect

    from nbmigrate.model.objects import EnumColumn
    from nbmigrate.model.operations import AlterEnumOp

_LONGEST = 63


def create_type(dialect: SQLAlchemyDialect, name: str, schema: str | None, values: Sequence[str]) -> str:
    """CREATE TYPE ... AS ENUM."""
    listed = ", ".join(literal(value) for value in values)
    return f"CREATE TYPE {qualified(dialect, name, schema)} AS ENUM ({listed})"


def alter_enum(dialect: SQLAlchemyDialect, operation: AlterEnumOp) -> Iterator[Statement]:
    """All statements of a change of values, in order."""
    name = qualified(dialect, operation.enum_name, operation.schema)
    for old, new in ordered_renames(operation.renamed, operation.existing_values):
        yield Statement(f"ALTER TYPE {name} RENAME VALUE {literal(old)} TO {literal(new)}")
    if operation.needs_rebuild:
        yield from _rebuild(dialect, operation)
        return
    known = list(operation.after_renaming)
    for number, value in enumerate(operation.values):
        if value in known:
            continue
        yield Statement(
            f"ALTER TYPE {name} ADD VALUE {literal(value)}{_place(operation.values, number, known)}"
        )
        known.append(value)
    yield from _defaults(dialect, operation.columns, operation.renamed, changed_only=True)


def ordered_renames(renamed: Mapping[str, str], existing: Sequence[str]) -> list[tuple[str, str]]:
    """Renames one after the other, so that no name is taken twice; a circle goes by a name in between."""
    waiting = {old: new for old, new in renamed.items() if old != new}
    taken = set(existing)
    found = []
    while waiting:
        free = next((old for old in sorted(waiting) if waiting[old] not in taken), None)
        if free is None:
            old = sorted(waiting)[0]
            between = f"{old[:40]}~{hashlib.sha256(old.encode()).hexdigest()[:8]}"
            found.append((old, between))
            waiting[between] = waiting.pop(old)
            taken = (taken - {old}) | {between}
            continue
        new = waiting.pop(free)
        found.append((free, new))
        taken = (taken - {free}) | {new}
    return found


def _place(values: Sequence[str], number: int, known: Sequence[str]) -> str:
    """Where a new value stands: behind the one before it, or in front of the first."""
    if number:
        behind = values[number - 1]
        at_end = not any(later in known for later in values[number + 1 :])
        return "" if at_end else f" AFTER {literal(behind)}"
    following = next((value for value in values[1:] if value in known), None)
    return "" if following is None else f" BEFORE {literal(following)}"


def former_name(name: str) -> str:
    """What a type is called until its columns have left it."""
    return f"{name[: _LONGEST - 13]}_old_{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _rebuild(dialect: SQLAlchemyDialect, operation: AlterEnumOp) -> Iterator[Statement]:
    schema, renamed = operation.schema, operation.renamed
    name, former = qualified(dialect, operation.enum_name, schema), former_name(operation.enum_name)
    own = [one for one in operation.dependents if not (one.goes and operation.is_reverse)]
    for dependent in reversed(own):
        yield Statement(dependent.drop)
    for column in operation.columns:
        if column.default is not None:
            yield Statement(f"{_alter_column(dialect, column)} DROP DEFAULT")
    yield Statement(f"ALTER TYPE {name} RENAME TO {qualified(dialect, former, None)}")
    yield Statement(create_type(dialect, operation.enum_name, schema, operation.values))
    if operation.comment is not None:
        yield Statement(f"COMMENT ON TYPE {name} IS {literal(operation.comment)}")
    for column in operation.columns:
        brackets = "[]" if column.is_array else ""
        quoted = qualified(dialect, column.name, None)
        using = f"{quoted}::text{brackets}::{name}{brackets}"
        yield Statement(f"{_alter_column(dialect, column)} TYPE {name}{brackets} USING {using}")
    yield from _defaults(dialect, operation.columns, renamed, operation.removed)
    yield Statement(f"DROP TYPE {qualified(dialect, former, schema)}")
    for right in operation.rights:
        yield Statement(right)
    for dependent in operation.dependents:
        if not dependent.goes or operation.is_reverse:
            for text in dependent.create:
                yield Statement(_with_new_names(text, renamed))


def _defaults(
    dialect: SQLAlchemyDialect,
    columns: Sequence[EnumColumn],
    renamed: Mapping[str, str],
    removed: Sequence[str] = (),
    changed_only: bool = False,
) -> Iterator[Statement]:
    for column in columns:
        wanted = column.default if column.new_default is False else column.new_default
        if changed_only and column.new_default is False:
            continue
        if isinstance(wanted, str):
            text = _with_new_names(wanted, renamed) if column.new_default is False else wanted
            if not any(text.startswith(literal(value)) for value in removed):
                yield Statement(f"{_alter_column(dialect, column)} SET DEFAULT {text}")
        elif changed_only:
            yield Statement(f"{_alter_column(dialect, column)} DROP DEFAULT")


def _with_new_names(text: str, renamed: Mapping[str, str]) -> str:
    """SQL that PostgreSQL wrote before values were renamed, with their new names: ``'old'::type``."""
    if not renamed:
        return text
    known = "|".join(re.escape(literal(old)) for old in sorted(renamed, key=len, reverse=True))
    names = {literal(old): literal(new) for old, new in renamed.items()}
    return re.sub(rf"(?<!')(?:{known})(?=::)", lambda found: names[found.group()], text)


def _alter_column(dialect: SQLAlchemyDialect, column: EnumColumn) -> str:
    table = qualified(dialect, column.table, column.schema)
    return f"ALTER TABLE {table} ALTER COLUMN {qualified(dialect, column.name, None)}"
