"""Asking PostgreSQL how it spells what the models say.

Types, defaults, CHECKs and index expressions are kept by PostgreSQL parsed, and come back in its own words:
``price > 0`` as ``(price > (0)::numeric)``. Where the models' text is not what stands in the catalogue, the
models' tables are made as temporary ones inside a savepoint, by one DO block in which every piece may fail by
itself, read back with the queries that read the real ones, and rolled back. What the database would not take
can't be told, and is not reported as a change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import CompileError, DBAPIError

from nbmigrate.compare.desired import plain_dialect
from nbmigrate.compare.generated import with_known_expression
from nbmigrate.compare.lenient import same_default
from nbmigrate.compare.text import normal
from nbmigrate.ddl.autocommit import commits_by_itself
from nbmigrate.model.schema import (
    UNKNOWN,
    Check,
    Column,
    Exclude,
    Index,
    Key,
    Schema,
    Table,
    sorted_constraints,
)

_Read = Callable[[Connection, Sequence[str], str | None, Sequence[str]], list[Table]]

_BASES = {
    "varchar": "character varying",
    "char": "character",
    "int": "integer",
    "int4": "integer",
    "int8": "bigint",
    "int2": "smallint",
    "decimal": "numeric",
    "bool": "boolean",
    "float8": "double precision",
    "float4": "real",
    "varbit": "bit varying",
}
_PARTS = re.compile(r"([^(\[]*)(\([^)]*\))?([^\[]*)((?:\[\d*\])*)\Z")
_AT_ONCE = 300
_VALUE = re.compile(r"'(?:[^']|'')*'\Z")
# a sequence that a default draws from may only be about to be made
_NEXTVAL = re.compile(r"\bnextval\s*\(\s*'((?:[^']|'')+)'", re.IGNORECASE)
_TWO_QUOTES, _ONE_QUOTE = "''", "'"
_CHECK = "nbmigrate_check_"
_EXCLUDE = "nbmigrate_exclude_"
_NO_TYPE = "nbmigrate: no such type"


def format_type(text: str) -> str:
    """A type as SQLAlchemy compiles it, in ``format_type()``'s words where they are known."""
    head, collate, collation = text.partition(" COLLATE ")
    found = _PARTS.match(head) if '"' not in head else None
    if found is None:
        return text
    base, arguments, rest, dimensions = (part or "" for part in found.groups())
    base, rest = " ".join(base.lower().split()), " ".join(rest.lower().split())
    arguments = arguments.replace(" ", "")
    if base == "float":
        double = not arguments or int(arguments[1:-1]) > 24
        base, arguments = "double precision" if double else "real", ""
    base = _BASES.get(base, base)
    if base in ("character", "bit") and not arguments:
        arguments = "(1)"
    if base in ("timestamp", "time") and not rest:
        rest = "without time zone"
    if base == "numeric" and arguments and "," not in arguments:
        arguments = f"{arguments[:-1]},0)"
    whole = f"{base}{arguments} {rest}".strip() + ("[]" if dimensions else "")
    return whole + collate + collation


def normalise(connection: Connection, current: Schema, desired: Schema, read: _Read) -> Schema:
    """Replace the models' texts by the database's wherever both have the table and texts differ."""
    tables = {key: _in_known_words(table, current.tables.get(key)) for key, table in desired.tables.items()}
    doubtful = {
        key: table
        for key, table in tables.items()
        if key in current.tables and _differs_in_text(current.tables[key], table)
    }
    if doubtful:
        answers = _ask(connection, doubtful, read)
        for key, table in doubtful.items():
            tables[key] = _in_database_words(current.tables[key], table, answers.get(key))
        _settle(connection, current, tables, list(doubtful), read)
    return replace(desired, tables=tables)


def _settle(
    connection: Connection, current: Schema, tables: dict[Key, Table], keys: Sequence[Key], read: _Read
) -> None:
    """A text that PostgreSQL wrote need not come back as it is: ask once more where CHECKs still differ.

    ``x IN ('a')`` is read back in one form, and that form in another. A CHECK that a migration copied from
    the catalogue has the second form, one that the models made the first.
    """
    pairs = {
        key: ([c for c in there.checks if c not in wanted.checks], _unmatched(wanted, there))
        for key in keys
        for there, wanted in [(current.tables[key], tables[key])]
    }
    again = {
        key: replace(tables[key], checks=(*ours, *theirs), indexes=())
        for key, (ours, theirs) in pairs.items()
        if ours and theirs
    }
    answers = _ask(connection, again, read) if again else {}
    for key, answer in answers.items():
        ours, theirs = pairs[key]
        told = {check.name: check.expression for check in answer.checks}
        known: dict[str, str] = {}
        for number, check in enumerate(ours):
            known[check.expression] = known[told.get(f"{_CHECK}{number}", "")] = check.expression
        known.pop("", None)
        spelled = {}
        for number, check in enumerate(theirs, len(ours)):
            second = told.get(f"{_CHECK}{number}", check.expression)
            spelled[check.expression] = known.get(second, check.expression)
        checks = tuple(
            replace(c, expression=spelled.get(c.expression, c.expression)) for c in tables[key].checks
        )
        tables[key] = sorted_constraints(replace(tables[key], checks=checks))


def _unmatched(wanted: Table, there: Table) -> list[Check]:
    return [c for c in wanted.checks if c not in there.checks and c.expression != UNKNOWN]


def _in_known_words(table: Table, there: Table | None) -> Table:
    """Spell types in the catalogue's words, and defaults too where the difference is only a cast."""
    columns = [
        column_in_known_words(column, None if there is None else there.column(column.name))
        for column in table.columns
    ]
    known = {} if there is None else {normal(check.expression): check.expression for check in there.checks}
    checks = tuple(
        replace(check, expression=known.get(normal(check.expression), check.expression))
        for check in table.checks
    )
    return sorted_constraints(replace(table, columns=tuple(columns), checks=checks))


def column_in_known_words(column: Column, there: Column | None) -> Column:
    """One column, in the words that need no asking; ``there`` is the one of the database."""
    changes: dict[str, Any] = {}
    if column.type_text != UNKNOWN:
        changes["type_text"] = format_type(column.type_text)
    if there is not None:
        serial = there.autoincrement and (column.default or "").lower().startswith("nextval(")
        if serial or same_default(there.default, column.default, there.type_text):
            changes["default"] = there.default
        changes |= with_known_expression(there, column)
    return replace(column, **changes)


def _differs_in_text(there: Table, wanted: Table) -> bool:
    for column in wanted.columns:
        other = there.column(column.name)
        if other is not None and _words(other) != _words(column):
            return True
    if set(wanted.checks) - set(there.checks) or set(wanted.excludes) - set(there.excludes):
        return True
    return any(index not in there.indexes for index in wanted.indexes)


def _words(column: Column) -> tuple[str | None, ...]:
    return column.type_text, column.default, column.generated


def _in_database_words(there: Table, wanted: Table, answer: Table | None) -> Table:
    """Take the answers over; what was not answered is taken to be as it is."""
    columns = tuple(
        _column(there.column(column.name), column, None if answer is None else answer.column(column.name))
        for column in wanted.columns
    )
    told = {check.name: check for check in answer.checks} if answer is not None else {}
    checks = []
    for number, check in enumerate(wanted.checks):
        found = told.get(f"{_CHECK}{number}")
        checks.append(replace(check, expression=found.expression if found else _guess(check, there)))
    indexes = {index.name: index for index in answer.indexes} if answer is not None else {}
    there_too = {index.name: index for index in there.indexes}
    return sorted_constraints(
        replace(
            wanted,
            columns=columns,
            checks=tuple(checks),
            excludes=tuple(_exclude(e, number, answer, there) for number, e in enumerate(wanted.excludes)),
            indexes=tuple(_index(i, indexes.get(i.name), there_too.get(i.name)) for i in wanted.indexes),
        )
    )


def _column(there: Column | None, wanted: Column, answer: Column | None) -> Column:
    if there is None or _words(there) == _words(wanted):
        return wanted
    if there.generated and wanted.generated:
        told = there.generated if answer is None or answer.generated is None else answer.generated
        wanted = replace(wanted, generated=told)
    if answer is None:
        return replace(wanted, type_text=there.type_text, default=there.default)
    missing = answer.comment == _NO_TYPE
    refused = wanted.default is not None and answer.default is None
    # a plain value that does not fit what is there (a new value of an enum type, say) is another one
    untold = wanted.default if _VALUE.match(wanted.default or "") else UNKNOWN
    default = untold if refused else answer.default
    if same_default(there.default, default, there.type_text):
        default = there.default
    return replace(wanted, type_text=wanted.type_text if missing else answer.type_text, default=default)


def _guess(check: Check, there: Table) -> str:
    """The CHECK that an unanswered one stands for: the one of the same name, else it can't be told."""
    for other in there.checks:
        if other.name == check.name or normal(other.expression) == normal(check.expression):
            return other.expression
    return UNKNOWN


def _exclude(wanted: Exclude, number: int, answer: Table | None, there: Table) -> Exclude:
    """In PostgreSQL's words; one that it would not take is the one of the same name, if there is one."""
    for told in answer.excludes if answer is not None else ():
        if told.name == f"{_EXCLUDE}{number}":
            return replace(wanted, definition=told.definition)
    same = (one for one in there.excludes if one.name == wanted.name)
    return replace(wanted, definition=next((one.definition for one in same), wanted.definition))


def _index(wanted: Index, answer: Index | None, there: Index | None) -> Index:
    if answer is not None:
        return replace(answer, source=wanted.source, kwargs=wanted.kwargs)
    return wanted if there is None else replace(there, source=wanted.source)


def _ask(connection: Connection, tables: Mapping[Key, Table], read: _Read) -> dict[Key, Table]:
    """Ask about all of them, so many at a time that the server's table of locks has room for them."""
    answers: dict[Key, Table] = {}
    waiting = list(tables.items())
    for start in range(0, len(waiting), _AT_ONCE):
        answers |= _ask_at_once(connection, dict(waiting[start : start + _AT_ONCE]), read)
    return answers


def _ask_at_once(connection: Connection, tables: Mapping[Key, Table], read: _Read) -> dict[Key, Table]:
    """Make the tables as temporary ones, read them back, take everything back."""
    names: dict[str, Key] = {}
    statements: list[Sequence[str]] = []
    writer = _Writer(connection)
    for key, table in tables.items():
        name = table.name if table.name not in names else f"{table.name}_{len(names)}"
        names[name] = key
        statements += writer.statements(table, name)
    found: list[Table] = []
    try:
        with taken_back(connection):
            connection.exec_driver_sql(block(statements), execution_options={"no_parameters": True})
            schema = connection.execute(
                sa.text("SELECT nspname::text FROM pg_catalog.pg_namespace WHERE oid = pg_my_temp_schema()")
            ).scalar()
            if schema is not None:
                found = read(connection, [schema], schema, list(names))
    except DBAPIError:  # no right to it (a read-only server, no plpgsql): then nothing can be told
        return {}
    return {names[table.name]: table for table in found}


@contextmanager
def taken_back(connection: Connection) -> Iterator[None]:
    """A savepoint that is always rolled back; in autocommit mode a transaction of its own."""
    if commits_by_itself(connection):
        connection.exec_driver_sql("BEGIN")
        try:
            yield
        finally:
            connection.exec_driver_sql("ROLLBACK")
        return
    savepoint = connection.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()


def block(statements: Sequence[Sequence[str]]) -> str:
    """One DO block; each statement in a block of its own, with what to run when it fails."""
    lines = []
    for first, *otherwise in statements:
        instead = " ".join(f"EXECUTE {_literal(text)};" for text in otherwise) or "NULL;"
        lines.append(f"BEGIN EXECUTE {_literal(first)}; EXCEPTION WHEN OTHERS THEN {instead} END;")
    body = "\n".join(["BEGIN", "SET LOCAL client_min_messages = error;", *lines, "END"])
    return f"DO {_literal(body)}"


def all_or_nothing(statements: Sequence[str]) -> str:
    """Several statements as one, for ``block``: where one fails, none has run."""
    body = " ".join(f"EXECUTE {_literal(text)};" for text in statements)
    return f"DO {_literal(f'BEGIN {body} END')}"


def _literal(text: str) -> str:
    quoted = text.replace("'", "''")
    return "E'" + quoted.replace("\\", "\\\\") + "'" if "\\" in text else f"'{quoted}'"


class _Writer:
    """Writes the statements for one temporary table."""

    def __init__(self, connection: Connection) -> None:
        self.dialect = plain_dialect(connection.dialect)
        self.quote = self.dialect.identifier_preparer.quote_identifier

    def statements(self, table: Table, name: str) -> Iterator[Sequence[str]]:
        """Each statement, followed by what to run in its place where it fails."""
        target = f"pg_temp.{self.quote(name)}"
        yield (f"CREATE TEMP TABLE {self.quote(name)} ()",)
        # what is computed stands behind what it is computed from
        for column in sorted(table.columns, key=lambda column: column.generated is not None):
            yield from self.column(column, target)
        for number, check in enumerate(table.checks):
            if check.expression != UNKNOWN:
                yield (f"ALTER TABLE {target} ADD CONSTRAINT {_CHECK}{number} CHECK ({check.expression})",)
        for number, exclude in enumerate(table.excludes):
            name = f"{_EXCLUDE}{number}"
            yield (f"ALTER TABLE {target} ADD CONSTRAINT {name} {exclude.definition}",)
        for index in table.indexes:
            if index.source is not None:
                yield from self.index(index, target)

    def column(self, column: Column, target: str) -> Iterator[Sequence[str]]:
        """The column by itself, then its default; a type that is not there leaves a mark."""
        name = self.quote(column.name)
        text = f"ALTER TABLE {target} ADD COLUMN {name}"
        if column.type_text == UNKNOWN:
            yield (f"{text} text",)
            return
        mark = f"COMMENT ON COLUMN {target}.{name} IS '{_NO_TYPE}'"
        if column.generated not in (None, UNKNOWN):
            # PostgreSQL before 18 has no other; what is asked for is the expression
            yield (f"{text} {self.type_text(column)} GENERATED ALWAYS AS ({column.generated}) STORED",)
            return
        yield (f"{text} {self.type_text(column)}", f"{text} text", mark)
        if column.default is not None and column.default != UNKNOWN:
            for sequence in _NEXTVAL.findall(column.default):
                yield (f"CREATE SEQUENCE IF NOT EXISTS {sequence.replace(_TWO_QUOTES, _ONE_QUOTE)}",)
            yield (f"ALTER TABLE {target} ALTER COLUMN {name} SET DEFAULT {column.default}",)

    def type_text(self, column: Column) -> str:
        """The type as the models' compiler writes it."""
        compiler: Any = self.dialect.type_compiler_instance
        return str(compiler.process(column.type, type_expression=column.source))

    def index(self, index: Index, target: str) -> Iterator[Sequence[str]]:
        """The index as SQLAlchemy writes it, on the temporary table."""
        try:
            text = str(sa.schema.CreateIndex(index.source).compile(dialect=self.dialect)).strip()
        except CompileError:
            return
        there = self.dialect.identifier_preparer.format_table(index.source.table)
        text = re.sub(r"\A(CREATE (?:UNIQUE )?INDEX) CONCURRENTLY\b", r"\1", text)
        yield (text.replace(f" ON {there} ", f" ON {target} ", 1),)
