"""Statements as SQL text: what ``--sql`` writes, and what plans, reports and notebooks show.

The text is meant to be run by another program (psql, mysql, sqlite3), so values stand in it as literals and
percent signs are not doubled, whatever the driver that SQLAlchemy would use asks for.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import exc, literal
from sqlalchemy.schema import ExecutableDDLElement
from sqlalchemy.sql.dml import Insert
from sqlalchemy.sql.elements import ClauseElement

from nbmigrate.ddl.literals import literal_compiler
from nbmigrate.ddl.statement import Statement
from nbmigrate.errors import CommandError
from nbmigrate.model.rows import SHOWN, RowStream

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

_QUOTED_OR_TAB = re.compile(r"""('(?:[^']|'')*'|"(?:[^"]|"")*")|\t""")

# so many rows are shown all
WHOLE = 50


def to_sql(statement: Statement, dialect: Dialect, *, literal_binds: bool = True) -> list[str]:
    """The SQL texts of a statement to be read, without terminator: one, or one a row for a multi-row insert.

    Of many rows the first few, under a comment that says so; of a stream that was not read yet the INSERT
    with placeholders. A value that has no literal form keeps its placeholder.
    """
    construct, rows = statement.construct, statement.rows
    if rows is None:
        return [compile_text(construct, dialect, literal_binds=literal_binds)]
    assert isinstance(construct, Insert)
    shown: Sequence[Mapping[str, Any]]
    count: int | None
    if isinstance(rows, RowStream):
        shown, count = rows.excerpt()
    else:
        shown, count = rows[: SHOWN if len(rows) > WHOLE else None], len(rows)
    texts = [
        compile_text(_with_row(construct, row), dialect, literal_binds=literal_binds) for row in shown
    ] or [compile_text(construct, dialect, literal_binds=False)]
    if count != len(shown):
        many = "as many rows as are read" if count is None else f"{count:,} rows"
        texts[0] = f"/* {many}{f', the first {len(shown)}' if shown else ''}: */ {texts[0]}"
    return texts if count != 0 else []


def script_texts(statement: Statement, dialect: Dialect) -> Iterator[str]:
    """The SQL texts of a statement to be run: every row, one after the other, none kept.

    Raises ``CommandError`` where a value has no form as SQL text.
    """
    if statement.rows is None:
        yield _complete_text(statement.construct, dialect)
        return
    assert isinstance(statement.construct, Insert)
    rows, plain = statement.rows, script_dialect(dialect)
    for piece in rows.pieces() if isinstance(rows, RowStream) else [rows]:
        for row in piece:
            yield _complete_text(_with_row(statement.construct, row), plain)


def _complete_text(construct: Any, dialect: Dialect) -> str:
    """One construct as text without placeholders."""
    try:
        return compile_text(construct, dialect, complete=True)
    except exc.CompileError as error:
        if isinstance(construct, ExecutableDDLElement):
            raise
        raise CommandError(
            f"this can't be written as SQL text, only run on a connection: {_line(construct)}: {error}"
        ) from error


def _line(construct: Any) -> str:
    text = " ".join(str(construct).split())
    return text if len(text) <= 100 else f"{text[:100]} ..."


def compile_text(
    construct: Any, dialect: Dialect, *, literal_binds: bool = True, complete: bool = False
) -> str:
    """One construct as text for a SQL script.

    Where a value has no literal form there is a placeholder, or with ``complete`` a ``CompileError``.
    """
    if isinstance(construct, str):
        return construct.strip()
    plain = script_dialect(dialect)
    if isinstance(construct, ExecutableDDLElement) or not literal_binds:
        return str(construct.compile(dialect=plain)).strip()
    if isinstance(construct, Insert) and not construct._returning:
        # a script reads no generated keys back: without this, SQLite's and others' inserts say RETURNING
        construct = construct.inline()
    try:
        return str(construct.compile(dialect=plain, compile_kwargs={"literal_binds": True})).strip()
    except exc.CompileError:
        if complete:
            raise
        return str(construct.compile(dialect=plain)).strip()


def soft_tabs(sql: str) -> str:
    """Four blanks for each tab that stands outside of quotes: how a CREATE TABLE is indented in a script."""
    return _QUOTED_OR_TAB.sub(lambda found: found[1] or "    ", sql) if "\t" in sql else sql


def script_dialect(dialect: Dialect) -> Dialect:
    """The dialect, without its driver's placeholder style: nothing is escaped for a driver."""
    known: Dialect | None = vars(dialect).get("nbmigrate_script")
    if known is not None:
        return known
    plain: Any = copy.copy(dialect)
    # made once for each dialect: a copy has to quote every name anew; its own is itself
    dialect.nbmigrate_script = plain.nbmigrate_script = plain  # type: ignore[attr-defined]
    plain.paramstyle = "named"
    plain.positional = False
    plain.statement_compiler = literal_compiler(plain.statement_compiler)
    plain.identifier_preparer = copy.copy(dialect.identifier_preparer)
    plain.identifier_preparer.dialect = plain
    plain.identifier_preparer._double_percents = False
    # what has been quoted already, with doubled percent signs or without
    plain.identifier_preparer._strings = {}
    return plain  # type: ignore[no-any-return]


def _with_row(insert: Insert, row: Mapping[str, Any]) -> Insert:
    columns = getattr(insert.table, "c", {})
    return insert.values(
        {key: _as_literal(value, columns[key].type if key in columns else None) for key, value in row.items()}
    )


def _as_literal(value: Any, type_: Any) -> Any:
    if isinstance(value, ClauseElement):
        return value
    # of a column without a type nothing is known but the value
    return literal(value) if type_ is None or type_._isnull else value
