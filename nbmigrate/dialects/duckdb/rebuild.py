"""A DuckDB table rebuilt under a changed text, with its rows and all that hangs on it.

The rows go to a temporary table, the table is dropped and made again **under its final name**, and the rows
come back: a table with foreign keys that is renamed can't be used any more in DuckDB. Tables that refer to it
must go before it and come back after it, likewise with their rows. A table that refers to itself takes its
rows back generation by generation, as DuckDB checks foreign keys against what was there before the statement.

All in one transaction. Nothing is ever dropped with CASCADE.

Where the statements are only written, nobody can look how many generations there will be: as many are written
as the rows have now, where these can be read, else ``ROUNDS``; rows that are left then stop the script.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import String, exc

from nbmigrate.ddl.autocommit import commits_by_itself
from nbmigrate.ddl.statement import Statement
from nbmigrate.dialects.duckdb.catalogue import views
from nbmigrate.dialects.duckdb.draft import DuckDraft
from nbmigrate.dialects.sqlite import edit
from nbmigrate.dialects.sqlite.tokens import fold
from nbmigrate.errors import CommandError, MigrateError

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from nbmigrate.dialects.duckdb.tables import Tables

ROUNDS = 12
_ROWS = "_nbmigrate_rows_"
_ROUND = "_nbmigrate_round"


def rebuild(draft: DuckDraft, tables: Tables) -> Iterator[Statement]:
    """The statements of a rebuild; where ``tables`` are live they run as they come."""
    connection = tables.connection if tables.live else None
    if connection is not None and commits_by_itself(connection):
        raise CommandError(
            f"Table {draft.stored.name!r} must be rebuilt for this change, which takes a transaction: "
            "don't run it in an autocommit block"
        )
    drafts = [draft, *_referring(draft, tables)]
    for number, one in enumerate(drafts):
        extra = f", NULL::INTEGER AS {_ROUND}" if one.own_keys() else ""
        yield Statement(
            f"CREATE OR REPLACE TEMP TABLE {_ROWS}{number} AS "
            f"SELECT *{extra} FROM {one.qualified(one.stored.name)}"
        )
    for one in reversed(drafts):
        yield Statement(f"DROP TABLE {one.qualified(one.stored.name)}")
    for number, one in enumerate(drafts):
        yield Statement(one.sql.rstrip().rstrip(";"))
        if connection is None:
            yield from _rows_back_unseen(one, f"{_ROWS}{number}", tables)
        else:
            yield from _rows_back(one, f"{_ROWS}{number}", connection)
            _compare_counts(one, f"{_ROWS}{number}", connection)
        yield Statement(f"DROP TABLE {_ROWS}{number}")
    for one in drafts:
        for found in one.objects:
            yield Statement(found.sql.rstrip().rstrip(";"))
        yield from one.created
        yield from _comments_back(one)
        tables.changed(one)
    if connection is not None:
        check_views(draft.stored.name, connection)


def _referring(draft: DuckDraft, tables: Tables) -> list[DuckDraft]:
    """The tables that refer to this one, and those that refer to them: each behind all it refers to."""
    stored, schema = draft.stored, draft.stored.schema
    seen: set[str] = set()
    finished: list[str] = []

    def visit(name: str) -> None:
        seen.add(fold(name))
        for child in tables.referring(name, schema):
            if fold(child) not in seen:
                visit(child)
        finished.append(name)

    visit(stored.name)
    drafts = []
    for name in reversed(finished[:-1]):
        child = tables.table(name, schema)
        if child is None:
            raise CommandError(f"Table {name!r}, which refers to {stored.name!r}, can't be read")
        drafts.append(DuckDraft(child, draft.dialect))
        drafts[-1].point_to(stored.name, draft.new_name, draft.renamed)
    return drafts


def _rows_back(draft: DuckDraft, source: str, connection: Connection) -> Iterator[Statement]:
    """INSERT of the rows that were put aside."""
    insert, keys = _insert(draft, source), draft.own_keys()
    if insert and not keys:
        yield Statement(insert)
    if not insert or not keys:
        return
    generation, left = 0, _count(connection, source)
    while left:
        generation += 1
        yield from _generation(draft, source, generation)
        still = _count(connection, f"{source} WHERE {_ROUND} IS NULL")
        if still == left:
            raise MigrateError(
                f"Table {draft.stored.name!r} can't be rebuilt: {still} of its rows refer to each other in a "
                "circle, and DuckDB takes no such rows back; nothing was changed"
            )
        left = still


def _rows_back_unseen(draft: DuckDraft, source: str, tables: Tables) -> Iterator[Statement]:
    """The same as text: a number of generations, and a look whether they were enough."""
    insert, keys = _insert(draft, source), draft.own_keys()
    if not insert:
        return
    if not keys:
        yield Statement(insert)
        return
    for generation in range(1, _depth(draft, tables) + 1):
        yield from _generation(draft, source, generation)
    name = draft.stored.name.replace("'", "''")
    told = f"table {name}: rows refer to each other in a circle, or over more generations than were written"
    yield Statement(f"SELECT error('{told}') FROM {source} WHERE {_ROUND} IS NULL LIMIT 1")


def _insert(draft: DuckDraft, source: str) -> str:
    columns, values = draft.copied_columns()
    if not columns:
        return ""
    return f"INSERT INTO {draft.name} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {source}"


def _generation(draft: DuckDraft, source: str, number: int) -> Iterator[Statement]:
    """The rows whose parents are in the new table already."""
    yield Statement(
        f"UPDATE {source} SET {_ROUND} = {number} WHERE {_ROUND} IS NULL AND "
        + " AND ".join(_parent_is_there(draft, source, *key) for key in draft.own_keys())
    )
    yield Statement(f"{_insert(draft, source)} WHERE {_ROUND} = {number}")


def _depth(draft: DuckDraft, tables: Tables) -> int:
    """How many generations the rows have that are there now, as far as that can be told."""
    stored, keys = draft.stored, draft.own_keys()
    depth = tables.depths.get((stored.schema, fold(stored.name)), ROUNDS)
    if tables.connection is not None and len(keys) == 1 and tables.exists_now(stored.name, stored.schema):
        depth = _depth_now(draft, tables.connection)
    tables.depths[(stored.schema, fold(draft.new_name))] = depth
    return depth


def _depth_now(draft: DuckDraft, connection: Connection) -> int:
    stored, keys = draft.stored, draft.own_keys()
    name = draft.qualified(stored.name)
    columns, referred = ([draft.quote(draft.origin.get(fold(k), k)) for k in part] for part in keys[0])
    none = " OR ".join(f"{column} IS NULL" for column in columns)
    same = " AND ".join(f"child.{c} = above.{r}" for c, r in zip(columns, referred, strict=True))
    found = connection.exec_driver_sql(
        f"WITH RECURSIVE above AS (SELECT {', '.join(referred)}, 1 AS depth FROM {name} WHERE {none} "
        f"UNION ALL SELECT {', '.join('child.' + key for key in referred)}, above.depth + 1 "
        f"FROM {name} child JOIN above ON {same} WHERE above.depth < 1000) SELECT max(depth) FROM above"
    ).scalar()
    return int(found or 1)


def _parent_is_there(
    draft: DuckDraft, source: str, columns: tuple[str, ...], referred: tuple[str, ...]
) -> str:
    """Whether a row's parent is in the new table already, or it has none."""
    old = [draft.quote(draft.origin.get(fold(name), name)) for name in columns]
    none = " OR ".join(f"{source}.{name} IS NULL" for name in old)
    same = " AND ".join(
        f"parent.{draft.quote(key)} = {source}.{name}" for key, name in zip(referred, old, strict=True)
    )
    return f"({none} OR EXISTS (SELECT 1 FROM {draft.name} parent WHERE {same}))"


def _compare_counts(draft: DuckDraft, source: str, connection: Connection) -> None:
    old, new = _count(connection, source), _count(connection, draft.name)
    if old != new:
        raise MigrateError(f"Rebuilding table {draft.stored.name!r}: {new} of {old} rows would be kept")


def _count(connection: Connection, source: str) -> int:
    return int(connection.exec_driver_sql(f"SELECT count(*) FROM {source}").scalar_one())


def _comments_back(draft: DuckDraft) -> Iterator[Statement]:
    """COMMENT ON for all that had one, and still is there."""
    process = draft.compiler.sql_compiler.render_literal_value
    for column, comment in draft.comments.items():
        text = process(comment, String()) if comment else "NULL"
        if column is None:
            yield Statement(f"COMMENT ON TABLE {draft.name} IS {text}")
        elif (there := draft.table.column(column)) is not None:
            yield Statement(f"COMMENT ON COLUMN {draft.name}.{draft.quote(there.name)} IS {text}")


def check_views(table: str, connection: Connection) -> None:
    """Refuse a change that leaves a view not working: DuckDB itself lets it pass."""
    for schema, view, sql in views(connection):
        if not edit.mentions(sql, [table]):
            continue
        quote = connection.dialect.identifier_preparer.quote
        try:
            connection.exec_driver_sql(f"EXPLAIN SELECT * FROM {quote(schema)}.{quote(view)}").close()
        except exc.DBAPIError as error:
            trouble = str(error.orig).splitlines()[0]
            raise CommandError(
                f"The view {view!r} would not work once table {table!r} is changed ({trouble}): "
                "drop the view before, and create it again after"
            ) from error
