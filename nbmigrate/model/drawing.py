"""A schema as it is drawn: tables, their columns with types and keys, and what refers to what.

Two drawings can be laid over each other: what is only in the first goes, what is only in the second comes,
what is in both and not the same is altered. A mark is a sign and a word, so that colour is never needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from nbmigrate.model.value import replaced, value

Mark = Literal["", "add", "drop", "alter"]
SIGNS: Mapping[str, str] = {"": " ", "add": "+", "drop": "-", "alter": "~"}


@value
class DrawnColumn:
    """A column; ``keys`` are of "PK", "FK", "UQ". ``before`` is what an altered one was."""

    name: str
    type: str
    keys: tuple[str, ...] = ()
    nullable: bool = True
    mark: Mark = ""
    before: str = ""

    @property
    def words(self) -> str:
        """Type, nullability and keys."""
        facts = [self.type, *([] if self.nullable or "PK" in self.keys else ["NOT NULL"]), *self.keys]
        return " ".join(facts)


@value
class DrawnKey:
    """A foreign key between tables; ``one`` where at most one row of ``source`` refers to a row."""

    source: str
    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]
    one: bool = False
    optional: bool = True
    mark: Mark = ""

    @property
    def words(self) -> str:
        """``a, b -> t.x, t.y``."""
        return f"{', '.join(self.columns)} -> {self.target} ({', '.join(self.target_columns)})"


@value
class DrawnTable:
    """A table, behind its schema where it is not the default one."""

    name: str
    columns: tuple[DrawnColumn, ...] = ()
    mark: Mark = ""


@value
class Drawing:
    """Tables by name, and the keys between them."""

    tables: tuple[DrawnTable, ...] = ()
    keys: tuple[DrawnKey, ...] = ()

    @property
    def changed(self) -> tuple[DrawnTable, ...]:
        """The tables that are marked, or hold a column or a key that is."""
        by_key = {key.source for key in self.keys if key.mark}
        return tuple(
            table
            for table in self.tables
            if table.mark or table.name in by_key or any(column.mark for column in table.columns)
        )

    def around(self, tables: Iterable[DrawnTable]) -> Drawing:
        """Only these tables, and those that they refer to or that refer to them."""
        named = {table.name for table in tables}
        keys = tuple(key for key in self.keys if key.source in named or key.target in named)
        near = named.union(*((key.source, key.target) for key in keys))
        return Drawing(tuple(table for table in self.tables if table.name in near), keys)

    def __str__(self) -> str:
        """Each table with its columns below it, and what it refers to."""
        if not self.tables:
            return "no tables"
        lines: list[str] = []
        for table in self.tables:
            wide = max((len(column.name) for column in table.columns), default=0)
            lines.append(f"{SIGNS[table.mark]} {table.name}")
            for column in table.columns:
                was = f"  (was {column.before})" if column.before else ""
                lines.append(f"{SIGNS[column.mark]}   {column.name.ljust(wide)}  {column.words}{was}")
            keys = (key for key in self.keys if key.source == table.name)
            lines += [f"{SIGNS[key.mark]}   {key.words}" for key in keys]
        return "\n".join(line.rstrip() for line in lines)


def laid_over(before: Drawing, after: Drawing) -> Drawing:
    """The second drawing over the first, with marks; what goes stands where it stood."""
    old = {table.name: table for table in before.tables}
    new = {table.name: table for table in after.tables}
    tables = []
    for name in sorted({*old, *new}):
        if name not in new:
            tables.append(_marked(old[name], "drop"))
        elif name not in old:
            tables.append(_marked(new[name], "add"))
        elif old[name] is new[name]:
            tables.append(new[name])
        else:
            tables.append(replaced(new[name], columns=_columns(old[name], new[name])))
    if [id(key) for key in before.keys] == [id(key) for key in after.keys]:
        return Drawing(tuple(tables), after.keys)
    had = {_facts(key) for key in before.keys}
    has = {_facts(key) for key in after.keys}
    gone = [replaced(key, mark="drop") for key in before.keys if _facts(key) not in has]
    keys = [key if _facts(key) in had else replaced(key, mark="add") for key in after.keys]
    return Drawing(tuple(tables), (*keys, *gone))


def _facts(key: DrawnKey) -> tuple[object, ...]:
    """What makes two keys the same."""
    return key.source, key.columns, key.target, key.target_columns


def _marked(table: DrawnTable, mark: Mark) -> DrawnTable:
    columns = tuple(replaced(column, mark=mark) for column in table.columns)
    return replaced(table, mark=mark, columns=columns)


def _columns(old: DrawnTable, new: DrawnTable) -> tuple[DrawnColumn, ...]:
    before = {column.name: column for column in old.columns}
    names = {column.name for column in new.columns}
    found = []
    for column in new.columns:
        was = before.get(column.name)
        if was is None:
            found.append(replaced(column, mark="add"))
        elif was.words != column.words:
            found.append(replaced(column, mark="alter", before=was.words))
        else:
            found.append(column)
    for place, column in enumerate(old.columns):
        if column.name not in names:
            found.insert(min(place, len(found)), replaced(column, mark="drop"))
    return tuple(found)
