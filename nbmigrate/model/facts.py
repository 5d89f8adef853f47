"""What a catalogue says about one table, as plain tuples: enough to see that it is as the models say.

Most tables of a database have not changed, and a comparison of a thousand of them is a comparison of twelve
thousand columns. Making a value for each costs more than asking the database. So readers hand out the rows
as they came, and make the values of ``model/schema.py`` only of tables that need a closer look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from nbmigrate.model.schema import Column, Key, Schema, Table

Row = tuple[Any, ...]
Names = tuple[str, ...]


class KeyFacts(NamedTuple):
    """A foreign key that has nothing but actions beside its columns."""

    columns: Names
    referred_schema: str | None
    referred_table: str
    referred_columns: Names
    onupdate: str | None = None
    ondelete: str | None = None


class TableFacts(NamedTuple):
    """One table without anything special: no CHECK, nothing deferrable, no index but over plain columns.

    ``columns`` holds what the reader knows of each column by its name; what is in there only the reader's
    ``ColumnFacts.column`` can say. ``uniques`` holds names and columns, ``indexes`` columns and whether
    they are unique, by name. ``has_unique`` takes the place of the names in ``uniques`` where the catalogue
    has them only in a text: it says whether a unique constraint of that name is there. ``implied`` names the
    indexes that the database has made for a key: the models may have them or not.
    """

    columns: Mapping[str, Row]
    primary_key: Names = ()
    foreign_keys: Sequence[KeyFacts] = ()
    uniques: Sequence[tuple[str | None, Names]] = ()
    indexes: Mapping[str, tuple[Names, bool]] = {}
    comment: str | None = None
    has_unique: Callable[[str, Names], bool] | None = None
    implied: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Facts:
    """The facts about the tables that are plain enough, and how to read them.

    ``column`` makes the value of a column from its name and its row, ``same_column`` says whether the first
    is beyond doubt what the second, of the models, asks for.
    """

    table: Callable[[Key], TableFacts | None]
    column: Callable[[str, Row], Column]
    same_column: Callable[[Column, Column], bool]


class LazyTables(Mapping[Key, Table]):
    """Tables by their keys, each made when it is first asked for."""

    def __init__(self, keys: Sequence[Key], make: Callable[[Key], Table]) -> None:
        self._keys = dict.fromkeys(keys)
        self._make = make
        self._made: dict[Key, Table] = {}

    def __getitem__(self, key: Key) -> Table:
        if key not in self._made:
            if key not in self._keys:
                raise KeyError(key)
            self._made[key] = self._make(key)
        return self._made[key]

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __iter__(self) -> Iterator[Key]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


def settle(schema: Schema, keys: set[Key]) -> Schema:
    """The same schema, some of its tables put among those that are settled."""
    if not keys:
        return schema
    kept, settled = (
        LazyTables([key for key in schema.tables if (key in keys) is among], schema.tables.__getitem__)
        for among in (False, True)
    )
    return replace(schema, tables=kept, settled=settled)
