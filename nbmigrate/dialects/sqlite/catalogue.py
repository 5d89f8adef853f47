"""What SQLite's catalogue says about a table: its text, and the texts of its indexes and triggers.

While statements run, this is asked of the database each time. While they are only written or collected, the
tables that the script itself created or changed are remembered here as they would be, so that a later change
to them can be written too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nbmigrate.dialects.sqlite.create_table import UnreadableTable, parse_create_table
from nbmigrate.dialects.sqlite.edit import mentions, rename_in_object, rename_table
from nbmigrate.dialects.sqlite.tokens import fold, same_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Connection


# what text is written for: SQLite of 2021, the first with DROP COLUMN as it should be
_ASSUMED = (3, 35, 5)


@dataclass(frozen=True)
class StoredObject:
    """An index, a trigger or a view: ``kind``, name and text."""

    kind: str
    name: str
    sql: str
    table: str = ""


@dataclass(frozen=True)
class StoredTable:
    """A table's text and the texts of what hangs on it."""

    name: str
    schema: str | None
    sql: str
    objects: tuple[StoredObject, ...] = ()

    def of_kind(self, kind: str) -> tuple[StoredObject, ...]:
        """Its indexes, or its triggers."""
        return tuple(found for found in self.objects if found.kind == kind)


class Untold:
    """A table of a script, and what has been hung on it, that nobody has asked for yet."""

    def __init__(self, describe: Callable[[], StoredTable]) -> None:
        self.describe = describe
        self.objects: list[Callable[[], StoredObject]] = []

    def told(self) -> StoredTable:
        """The table as it is to be remembered."""
        table = self.describe()
        return replace(table, objects=(*table.objects, *(found() for found in self.objects)))


class Catalogue:
    """The tables as they are now."""

    def __init__(self, connection: Connection | None, live: bool) -> None:
        self.connection = connection
        self.live = live
        self._remembered: dict[tuple[str | None, str], StoredTable | Untold | None] = {}
        self._version: tuple[int, ...] | None = None

    @property
    def version(self) -> tuple[int, ...]:
        """The version of the SQLite library that is linked; what is assumed where nothing is connected."""
        if self._version is None:
            if self.connection is None:
                return _ASSUMED
            told = self.connection.exec_driver_sql("SELECT sqlite_version()").scalar_one()
            self._version = tuple(int(part) for part in str(told).split("."))
        return self._version

    def has(self, since: tuple[int, ...]) -> bool:
        """Whether the library is of this version, or newer."""
        return self.version >= since

    def table(self, name: str, schema: str | None) -> StoredTable | None:
        """The table; None where there is none, or nothing is known of it."""
        key = (schema, fold(name))
        if key in self._remembered:
            found = self._remembered[key]
            if isinstance(found, Untold):
                found = self._remembered[key] = found.told()
            return found
        # NOCASE folds as SQLite does to compare names: ASCII letters
        rows = self._rows(schema, f"tbl_name = {_literal(name)} COLLATE NOCASE")
        own = next((row for row in rows if row.kind == "table"), None)
        if own is None:
            return None
        objects = tuple(row for row in rows if row.kind in ("index", "trigger"))
        return StoredTable(own.name, schema, own.sql, objects)

    def views(self, schema: str | None) -> list[StoredObject]:
        """All views."""
        return self._rows(schema, "type = 'view'")

    def triggers(self, schema: str | None) -> list[StoredObject]:
        """All triggers, of any table."""
        return self._rows(schema, "type = 'trigger'")

    def temporary_triggers(self, table: str) -> list[StoredObject]:
        """The triggers of this connection alone on a table, which go with it."""
        if self.connection is None:
            return []
        found = self._texts("sqlite_temp_master", f"tbl_name = {_literal(table)} COLLATE NOCASE")
        # a temporary table hides the other: then they are on that
        hidden = any(row.kind == "table" for row in found)
        return [] if hidden else [row for row in found if row.kind == "trigger"]

    def has_programs(self, schema: str | None) -> bool:
        """Whether there are views or triggers, which a rename of a table looks at; temporary ones too."""
        if self.connection is None:
            return True
        masters = ("sqlite_temp_master", f"{self._prefix(schema)}sqlite_master")
        asked = " UNION ALL ".join(f"SELECT 1 FROM {m} WHERE type IN ('view', 'trigger')" for m in masters)
        return self.connection.exec_driver_sql(f"{asked} LIMIT 1").first() is not None

    def names(self, schema: str | None, begin: str = "") -> set[str]:
        """The names, folded, of everything there is that begins so."""
        taken = {
            fold(row.name) for row in self._rows(schema, f"instr(lower(name), {_literal(fold(begin))}) = 1")
        }
        return taken | {key[1] for key, table in self._remembered.items() if table and key[0] == schema}

    def referring_tables(self, name: str, schema: str | None) -> list[str]:
        """The tables with a foreign key to this one, itself included."""
        found = []
        for row in self._rows(schema, "type = 'table' AND sql LIKE '%references%'"):
            if not mentions(row.sql, ["REFERENCES"]):
                continue
            try:
                table = parse_create_table(row.sql)
            except UnreadableTable:
                continue
            targets = [c.references.table.name for c in table.all_constraints() if c.references]
            if any(same_name(target, name) for target in targets):
                found.append(table.name)
        return found

    # what a script that is only written has done so far

    def remember(self, table: StoredTable) -> None:
        """From here on the table is this; nothing to do where the database knows by itself."""
        if not self.live:
            self._remembered[(table.schema, fold(table.name))] = table

    def remember_later(self, name: str, schema: str | None, describe: Callable[[], StoredTable]) -> None:
        """From here on there is such a table; what it is like is worked out when somebody asks.

        Most scripts that are written never look at a table again: to describe each one was a third of the
        time of a thousand revisions as text.
        """
        if not self.live:
            self._remembered[(schema, fold(name))] = Untold(describe)

    def forget(self, name: str, schema: str | None) -> None:
        """From here on there is no such table."""
        if not self.live:
            self._remembered[(schema, fold(name))] = None

    def rename(self, old: str, schema: str | None, new: str, quoted: str) -> None:
        """From here on the table has another name."""
        table = self.table(old, schema)
        if table is None:
            return
        objects = tuple(
            replace(found, sql=rename_in_object(found.sql, old, quoted), table=new) for found in table.objects
        )
        self.forget(old, schema)
        self.remember(replace(table, name=new, sql=rename_table(table.sql, quoted), objects=objects))

    def remember_object(self, table: str, schema: str | None, describe: Callable[[], StoredObject]) -> None:
        """From here on the table has this index; nothing where nothing is known of the table."""
        if self.live:
            return
        known = self._remembered.get((schema, fold(table)))
        if isinstance(known, Untold):
            known.objects.append(describe)
            return
        stored = self.table(table, schema)
        if stored is not None:
            self.remember(replace(stored, objects=(*stored.objects, describe())))

    def forget_index(self, name: str, schema: str | None) -> None:
        """From here on no table has an index of this name."""
        if self.live:
            return
        names = [key[1] for key, table in self._remembered.items() if key[0] == schema and table is not None]
        known = [self.table(name, schema) for name in names]
        rows = self._rows(schema, f"type = 'index' AND name = {_literal(name)} COLLATE NOCASE")
        stored = [self.table(row.table, schema) for row in rows]
        for table in (t for t in (*known, *stored) if t is not None):
            kept = tuple(o for o in table.objects if o.kind != "index" or not same_name(o.name, name))
            if kept != table.objects:
                self.remember(replace(table, objects=kept))

    def _rows(self, schema: str | None, condition: str) -> list[StoredObject]:
        if self.connection is None:
            return []
        return self._texts(f"{self._prefix(schema)}sqlite_master", condition)

    def _texts(self, master: str, condition: str) -> list[StoredObject]:
        assert self.connection is not None
        query = f"SELECT type, name, tbl_name, sql FROM {master} WHERE sql IS NOT NULL AND {condition}"
        rows = self.connection.exec_driver_sql(
            f"{query} ORDER BY rowid", execution_options={"no_parameters": True}
        )
        return [StoredObject(kind, name, sql, table) for kind, name, table, sql in rows]

    def _prefix(self, schema: str | None) -> str:
        if not schema or self.connection is None:
            return ""
        return f"{self.connection.dialect.identifier_preparer.quote(schema)}."


def _literal(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"
