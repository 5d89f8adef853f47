"""Asking MariaDB how it spells what the models say: types, defaults, CHECKs and generated columns.

All that is in doubt is put into one temporary table, which is read back by one SHOW CREATE TABLE and dropped.
MariaDB's manual ("SQL statements that cause an implicit commit"): temporary tables end no transaction. What
MariaDB would not take, or may not be asked, is taken to be as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from nbmigrate.compare.desired import plain_dialect
from nbmigrate.compare.lenient import same_default
from nbmigrate.compare.text import normal, normal_default
from nbmigrate.dialects.mysql.types import canonical
from nbmigrate.model.schema import UNKNOWN, Check, Column, Index, Key, Table, sorted_constraints

_NAME = "nbmigrate_probe"
_NOW = re.compile(r"\b(?:now|current_timestamp|localtime|localtimestamp)(?: \( \))?(?= |\Z)")
_INTRODUCER = re.compile(r"\b_(?:utf8mb[34]|utf8|latin1|binary|ascii)(?=\s*')", re.IGNORECASE)
_LINE = re.compile(
    r"\s+(?:CONSTRAINT `(?P<check>c\d+)` CHECK \((?P<expression>.*)\)|`(?P<column>d\d+)` (?P<rest>.*?)),?\Z",
    re.DOTALL,
)
_DEFINITION = re.compile(
    r"(?P<type>\w+(?: ?\((?:'(?:[^']|'')*'|[^')])*\))?(?: unsigned| zerofill)*)"
    r"(?: CHARACTER SET (?P<charset>\w+))?(?: COLLATE (?P<collation>\w+))?"
    r"(?: GENERATED ALWAYS AS \((?P<generated>.*)\) (?P<kind>STORED|VIRTUAL))?"
    r"(?: NOT NULL| NULL)?(?: DEFAULT (?P<default>(?:'(?:[^']|'')*'|[^'])*?))?"
    r"(?: CHECK \(.*\))?\Z",
    re.DOTALL,
)


def same_type(there: Column, wanted: Column) -> bool:
    """Whether a column's type is what the models ask for, as far as texts tell."""
    if UNKNOWN in (there.type_text, wanted.type_text):
        return True
    ours, _, our_collation = canonical(there.type_text)
    theirs, charset, collation = canonical(wanted.type_text)
    if ours != theirs:
        return False
    holding = our_collation or there.collation
    if collation is not None:
        return holding is None or holding.lower() == collation.lower()
    if charset is not None:
        return holding is None or holding.lower().partition("_")[0] == charset.lower()
    return our_collation is None


def default_text(text: str | None) -> str | None:
    """A default in one spelling: MariaDB's for the time of day."""
    if text is None:
        return None
    found = normal_default(text)
    return None if found is None else _NOW.sub("current_timestamp", found)


def same_default_text(there: str | None, wanted: str | None) -> bool:
    """Whether two defaults are the same as far as texts tell; truth is a number here."""
    if same_default(there, wanted):
        return True
    ours, theirs = default_text(there), default_text(wanted)
    return ours == {"true": "1", "false": "0"}.get(theirs or "", theirs)


def same_column(there: Column, wanted: Column) -> bool:
    """Whether a column is as the models say, without asking the database."""
    return _matched(there, wanted) == there


def _matched(there: Column, wanted: Column) -> Column:
    """The wanted column with the spelling that is there, where texts tell that it is the same."""
    changes: dict[str, Any] = {}
    if same_type(there, wanted):
        changes["type_text"] = there.type_text
    if same_default_text(there.default, wanted.default):
        changes["default"] = there.default
    if there.generated and wanted.generated and normal(there.generated) == normal(wanted.generated):
        changes["generated"] = there.generated
    if there.generated and wanted.generated and bool(there.stored) == bool(wanted.stored):
        changes["stored"] = there.stored
    return replace(wanted, **changes)


def asked(
    connection: Connection, current: Mapping[Key, Table], desired: Mapping[Key, Table]
) -> dict[Key, Table]:
    """The desired tables in MariaDB's words wherever the database has the table and texts differ."""
    tables = {
        key: _with_known(table, current[key]) if key in current else table for key, table in desired.items()
    }
    doubts = {key: _Doubts(current[key], table) for key, table in tables.items() if key in current}
    doubts = {key: doubt for key, doubt in doubts.items() if doubt.columns or doubt.checks}
    answers = _ask(connection, doubts) if doubts else {}
    for key, doubt in doubts.items():
        tables[key] = doubt.settled(answers)
    return tables


def _with_known(wanted: Table, there: Table) -> Table:
    columns = []
    for column in wanted.columns:
        other = there.column(column.name)
        columns.append(column if other is None else _matched(other, column))
    checks = []
    known = {_plain(check.expression): check.expression for check in there.checks}
    for check in wanted.checks:
        checks.append(replace(check, expression=known.get(_plain(check.expression), check.expression)))
    named = {index.name: index for index in there.indexes}
    indexes = tuple(_index(index, named.get(index.name)) for index in wanted.indexes)
    return sorted_constraints(replace(wanted, columns=tuple(columns), checks=tuple(checks), indexes=indexes))


def _index(wanted: Index, there: Index | None) -> Index:
    """An index with what MariaDB has added: lengths where a column is too long for a whole one."""
    if there is None or any(column.startswith("(") for column in wanted.columns):
        return wanted if there is None else replace(there, source=wanted.source)
    given, known = dict(wanted.options), dict(there.options)
    if "length" not in given and "length" in known and not (wanted.source and wanted.source.kwargs):
        given["length"] = known["length"]
    return replace(wanted, options=tuple(sorted(given.items())))


def _plain(expression: str) -> str:
    return normal(_INTRODUCER.sub("", expression))


class _Doubts:
    """What of one table can't be told by its text."""

    def __init__(self, there: Table, wanted: Table) -> None:
        self.there, self.wanted = there, wanted
        self.columns = [
            column
            for column in wanted.columns
            for other in [there.column(column.name)]
            if other is not None and column.type_text != UNKNOWN and _differs(other, column)
        ]
        known = {check.expression for check in there.checks}
        self.checks = [c for c in wanted.checks if c.expression not in known and c.expression != UNKNOWN]

    def settled(self, answers: Mapping[Any, Any]) -> Table:
        """The wanted table with the answers taken over."""
        columns = tuple(
            self.column(column, answers.get(_question(column))) if column in self.columns else column
            for column in self.wanted.columns
        )
        checks = tuple(self.check(check, answers) for check in self.wanted.checks)
        return sorted_constraints(replace(self.wanted, columns=columns, checks=checks))

    def column(self, column: Column, answer: Column | None) -> Column:
        """A column as MariaDB spells it; unanswered, it is what is there."""
        there = self.there.column(column.name)
        assert there is not None
        if answer is None:
            default = UNKNOWN if column.default != there.default else column.default
            return replace(column, default=default, generated=there.generated and column.generated)
        told = replace(
            column,
            type_text=answer.type_text,
            default=column.default if column.default is None else answer.default,
            generated=answer.generated,
            stored=answer.stored,
        )
        return _matched(there, told)

    def check(self, check: Check, answers: Mapping[Any, Any]) -> Check:
        """A CHECK as MariaDB spells it; unanswered, it is the one of its name, else it can't be told."""
        if check not in self.checks:
            return check
        answer = answers.get(check.expression)
        if answer is not None:
            return replace(check, expression=answer)
        same = [other.expression for other in self.there.checks if other.name == check.name]
        return replace(check, expression=same[0] if same else UNKNOWN)


def _differs(there: Column, wanted: Column) -> bool:
    parts = ("type_text", "default", "generated", "stored")
    return any(getattr(there, part) != getattr(wanted, part) for part in parts)


def _question(column: Column) -> tuple[Any, ...]:
    return column.type_text, column.default, column.generated, column.stored


def _ask(connection: Connection, doubts: Mapping[Key, _Doubts]) -> dict[Any, Any]:
    """All in one table; where that fails, table by table, and at last piece by piece."""
    several = list(doubts.values())
    try:
        return _ask_at_once(connection, several)
    except DBAPIError:
        pass
    answers: dict[Any, Any] = {}
    for doubt in several:
        for column in [[c] for c in doubt.columns] + [[]]:
            for check in [[c] for c in doubt.checks] if not column else [[]]:
                part = _Doubts(doubt.there, doubt.wanted)
                part.columns, part.checks = column, check
                try:
                    answers |= _ask_at_once(connection, [part])
                except DBAPIError:
                    continue
    return answers


def _ask_at_once(connection: Connection, several: Sequence[_Doubts]) -> dict[Any, Any]:
    quote = plain_dialect(connection.dialect).identifier_preparer.quote_identifier
    lines: dict[str, str] = {}
    questions: dict[str, Any] = {}
    number = 0
    for doubt in several:
        generated = any(column.generated for column in doubt.columns)
        if doubt.checks or generated:
            # what an expression speaks of must be there
            for column in (*doubt.there.columns, *doubt.wanted.columns):
                if not column.generated and column.type_text != UNKNOWN:
                    lines.setdefault(column.name, f"{quote(column.name)} {column.type_text}")
        for column in doubt.columns:
            if _question(column) not in questions.values():
                number += 1
                questions[f"d{number}"] = _question(column)
                lines[f"d{number}"] = _line(f"d{number}", column)
        for check in doubt.checks:
            if check.expression not in questions.values():
                number += 1
                questions[f"c{number}"] = check.expression
                lines[f" c{number}"] = f"CONSTRAINT c{number} CHECK ({check.expression})"
    if not lines:
        return {}
    ordered = sorted(lines, key=lambda name: name.startswith(" "))
    text = f"CREATE TEMPORARY TABLE {_NAME} (\n" + ",\n".join(lines[name] for name in ordered) + "\n)"
    connection.exec_driver_sql(text, execution_options={"no_parameters": True})
    try:
        made = connection.exec_driver_sql(f"SHOW CREATE TABLE {_NAME}").fetchone()
    finally:
        connection.exec_driver_sql(f"DROP TEMPORARY TABLE {_NAME}")
    assert made is not None
    return _answers(str(made[1]), questions)


def _line(name: str, column: Column) -> str:
    text = f"{name} {column.type_text}"
    if column.generated and column.generated != UNKNOWN:
        return f"{text} GENERATED ALWAYS AS ({column.generated}) {'STORED' if column.stored else 'VIRTUAL'}"
    if column.type_text.upper().startswith("TIMESTAMP"):
        text += " NULL"
    return text if column.default in (None, UNKNOWN) else f"{text} DEFAULT {column.default}"


def _answers(text: str, questions: Mapping[str, Any]) -> dict[Any, Any]:
    """What stands in a CREATE TABLE text, by question."""
    found: dict[Any, Any] = {}
    for line in re.split(r"\n(?=  |\))", text):
        match = _LINE.match(line)
        if match is None:
            continue
        if match["check"] in questions:
            found[questions[match["check"]]] = match["expression"]
        elif match["column"] in questions:
            definition = _DEFINITION.match(match["rest"])
            if definition is not None:
                found[questions[match["column"]]] = _column(definition)
    return found


def _column(definition: re.Match[str]) -> Column:
    type_text = definition["type"]
    if definition["charset"] and definition["collation"]:
        type_text += f" CHARACTER SET {definition['charset']} COLLATE {definition['collation']}"
    default = definition["default"]
    return Column(
        "",
        type_text,
        default=None if default in (None, "NULL") else default,
        generated=definition["generated"],
        stored=definition["kind"] == "STORED" if definition["kind"] else None,
    )
