"""A table rebuilt under a changed text, with its rows and all that hangs on it.

The order of the steps is SQLite's own (lang_altertable.html): make the new table under another name, copy,
drop the old one, give the new one its name, make indexes and triggers again. Never the old table renamed out
of the way: views and foreign keys of other tables would follow it. ``legacy_alter_table`` keeps the rename
from looking at views and triggers, which for a moment name a table that is not there.

While this runs on a live connection the new table's rows are counted before the old one goes, and views and
triggers are compiled once at the end: what no longer works is reported while it can be rolled back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import exc

from nbmigrate.ddl.statement import Statement
from nbmigrate.dialects.sqlite import edit
from nbmigrate.dialects.sqlite.catalogue import StoredObject, StoredTable
from nbmigrate.dialects.sqlite.create_table import affinity, parse_create_table
from nbmigrate.dialects.sqlite.foreign_keys import broken_foreign_keys_of
from nbmigrate.dialects.sqlite.tokens import fold
from nbmigrate.errors import CommandError, MigrateError

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from nbmigrate.dialects.sqlite.catalogue import Catalogue
    from nbmigrate.dialects.sqlite.create_table import Column, CreateTable
    from nbmigrate.dialects.sqlite.draft import Draft

# Alembic's, so that whoever finds one after a crash of either knows what it is
_TEMPORARY = "_alembic_tmp_"


def rebuild(draft: Draft, catalogue: Catalogue, connection: Connection | None) -> Iterator[Statement]:
    """The statements of a rebuild; ``connection`` is given where they really run on it."""
    stored = draft.stored
    schema = f"{draft.quote(stored.schema)}." if stored.schema else ""
    name = schema + draft.quote(stored.name)
    temporary = temporary_name(stored.name, catalogue.names(stored.schema, _TEMPORARY))
    target = schema + draft.quote(temporary)
    dependants = _working_dependants(draft, catalogue, connection)
    broken = _broken_keys(draft, connection)
    in_main = draft.stored.schema in (None, "main")
    temporary_triggers = catalogue.temporary_triggers(stored.name) if connection and in_main else []
    legacy = _is_legacy(draft, catalogue, connection)
    if not legacy:
        yield Statement("PRAGMA legacy_alter_table=ON")
    try:
        yield Statement(edit.rename_table(draft.sql, target))
        yield from _copy_rows(draft, name, target)
        yield from _copy_counter(draft, schema, temporary)
        _compare_counts(connection, stored, name, target)
        yield Statement(f"DROP TABLE {name}")
        yield Statement(f"ALTER TABLE {target} RENAME TO {draft.quote(stored.name)}")
        for found in draft.objects:
            yield Statement(
                edit.qualify(found.sql, draft.quote(stored.schema)) if stored.schema else found.sql
            )
        for found in temporary_triggers:
            yield Statement(edit.qualify(found.sql, "temp"))
        yield from draft.created
        if not legacy:
            yield Statement("PRAGMA legacy_alter_table=OFF")
    except BaseException:
        if connection is not None and not legacy:
            connection.exec_driver_sql("PRAGMA legacy_alter_table=OFF")
        raise
    _check_dependants(draft, dependants, connection)
    _compare_keys(draft, broken, connection)


def _is_legacy(draft: Draft, catalogue: Catalogue, connection: Connection | None) -> bool:
    """Whether the new table can be given its name as things are."""
    if catalogue.connection is None:
        # what there is besides is not known; outside a transaction of ours it is the caller's script
        return not draft.dialect.in_text
    if not catalogue.has_programs(draft.stored.schema):
        return True
    return connection is not None and bool(connection.exec_driver_sql("PRAGMA legacy_alter_table").scalar())


def temporary_name(table: str, taken: set[str]) -> str:
    """A name for the new table that nothing has yet; what a crash left behind is not touched."""
    name = wanted = (_TEMPORARY + table)[:50]
    number = 1
    while fold(name) in taken:
        number += 1
        name = f"{wanted[:45]}_{number}"
    return name


def _copy_rows(draft: Draft, name: str, target: str) -> Iterator[Statement]:
    old = parse_create_table(draft.stored.sql)
    pairs = []
    for column in draft.table.columns:
        source = old.column(draft.origin.get(fold(column.name), ""))
        if column.generated is None and source is not None:
            value = _value(f"{name}.{draft.quote(source.name)}", source, column)
            pairs.append((draft.quote(column.name), value))
    if pairs:
        columns, values = (", ".join(part) for part in zip(*pairs, strict=True))
        yield Statement(f"INSERT INTO {target} ({columns}) SELECT {values} FROM {name}")


def _value(name: str, old: Column, new: Column) -> str:
    """A column's values for the new table.

    Storing a value applies the new column's affinity, which converts all that CAST converts without loss;
    CAST itself would turn 'abc' into 0. Between text and bytes only CAST converts.
    """
    kinds = {affinity(old.type), affinity(new.type)}
    typed = old.type and new.type and new.type.upper() != "ANY"
    return f"CAST({name} AS {affinity(new.type).upper()})" if typed and kinds == {"text", "blob"} else name


def _copy_counter(draft: Draft, schema: str, temporary: str) -> Iterator[Statement]:
    """AUTOINCREMENT's counter: ids that were given out once are not given out again."""
    old = parse_create_table(draft.stored.sql)
    if not all(any(c.autoincrement for c in table.all_constraints()) for table in (old, draft.table)):
        return
    sequence = f"{schema}sqlite_sequence"
    new, was = (name.replace("'", "''") for name in (temporary, draft.stored.name))
    yield Statement(f"DELETE FROM {sequence} WHERE name = '{new}'")
    yield Statement(
        f"INSERT INTO {sequence} (name, seq) SELECT '{new}', seq FROM {sequence} WHERE name = '{was}'"
    )


def _compare_counts(connection: Connection | None, stored: StoredTable, name: str, target: str) -> None:
    if connection is None:
        return
    counts = f"SELECT (SELECT count(*) FROM {name}), (SELECT count(*) FROM {target})"
    old, new = connection.exec_driver_sql(counts).one()
    if old != new:
        raise MigrateError(
            f"Rebuilding table {stored.name!r}: {new} of {old} rows would be kept (an ON CONFLICT clause "
            "drops or replaces rows); stopped before the old table was touched"
        )


# foreign keys


def _foreign_keys(table: CreateTable) -> list[tuple[object, ...]]:
    """What decides which rows break a foreign key of the table."""
    found = []
    for key in table.all_constraints():
        if key.references is not None:
            types = [affinity(c.type) for name in key.column_names if (c := table.column(name)) is not None]
            referred = tuple(fold(name.name) for name in key.references.columns)
            own = tuple(fold(name) for name in key.column_names)
            found.append((own, fold(key.references.table.name), referred, tuple(types)))
    return sorted(found)


def _broken_keys(draft: Draft, connection: Connection | None) -> Counter[tuple[str, str]] | None:
    """How many rows break a foreign key of the table; None where nothing changes about that."""
    same = _foreign_keys(parse_create_table(draft.stored.sql)) == _foreign_keys(draft.table)
    if connection is None or same:
        # every row is copied: what held before holds after
        return None
    return broken_foreign_keys_of(connection, draft.stored.name, draft.stored.schema)


def _compare_keys(
    draft: Draft, before: Counter[tuple[str, str]] | None, connection: Connection | None
) -> None:
    """Refuse a foreign key that rows of the table break, whether foreign keys are enforced or not."""
    if before is None or connection is None:
        return
    after = broken_foreign_keys_of(connection, draft.stored.name, draft.stored.schema)
    for (_, parent), count in (after - before).items():
        raise MigrateError(
            f"Rebuilding table {draft.stored.name!r}: {count} of its rows would refer to rows of {parent!r} "
            "that are not there; nothing was changed"
        )


# what depends on the table


def _working_dependants(
    draft: Draft, catalogue: Catalogue, connection: Connection | None
) -> list[StoredObject]:
    """The views that mention the table, and its triggers, as far as they work now."""
    if connection is None:
        return []
    views = [v for v in catalogue.views(draft.stored.schema) if edit.mentions(v.sql, [draft.stored.name])]
    working = [view for view in views if _trouble(connection, _view_probe(draft, view)) is None]
    triggers = [found for found in draft.objects if found.kind == "trigger"]
    before = _write_probes(draft, parse_create_table(draft.stored.sql)) if triggers else []
    return working if any(_trouble(connection, probe) for probe in before) else [*working, *triggers]


def _check_dependants(draft: Draft, dependants: list[StoredObject], connection: Connection | None) -> None:
    """Compile each view that worked, and a write to the table with its triggers."""
    if connection is None or not dependants:
        return
    probes = _write_probes(draft, draft.table)
    for found in dependants:
        for probe in [_view_probe(draft, found)] if found.kind == "view" else probes:
            trouble = _trouble(connection, probe)
            if trouble is not None and _may_be_meant(draft, found):
                raise CommandError(
                    f"The {found.kind} {found.name!r} would no longer work once table {draft.stored.name!r} "
                    f"is changed ({trouble}): drop the {found.kind} before, and create it again after"
                )


def _may_be_meant(draft: Draft, found: StoredObject) -> bool:
    """Whether a trigger can be the one that no longer works: it names a column that is gone."""
    triggers = [trigger for trigger in draft.objects if trigger.kind == "trigger"]
    naming = [trigger for trigger in triggers if edit.mentions(trigger.sql, draft.dropped)]
    return found.kind == "view" or found in naming or not naming


def _view_probe(draft: Draft, view: StoredObject) -> str:
    schema = f"{draft.quote(draft.stored.schema)}." if draft.stored.schema else ""
    return f"EXPLAIN SELECT * FROM {schema}{draft.quote(view.name)}"


def _write_probes(draft: Draft, table: CreateTable) -> list[str]:
    schema = f"{draft.quote(draft.stored.schema)}." if draft.stored.schema else ""
    name = schema + draft.quote(draft.stored.name)
    columns = [draft.quote(column.name) for column in table.columns if column.generated is None]
    assignments = ", ".join(f"{column} = {column}" for column in columns)
    return [
        f"EXPLAIN INSERT INTO {name} DEFAULT VALUES",
        f"EXPLAIN UPDATE {name} SET {assignments}",
        f"EXPLAIN DELETE FROM {name}",
    ]


def _trouble(connection: Connection, probe: str) -> Any:
    """What SQLite says when it compiles a statement; None when it has nothing to say."""
    try:
        connection.exec_driver_sql(probe).close()
    except exc.DBAPIError as error:
        return error.orig
    return None
