"""Changes to a CREATE TABLE text that leave everything else in it as it is, byte for byte.

Each function takes a text and gives a new one; none looks at a database. What is put in (definitions, types,
names) is SQL already, quoted where it must be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from nbmigrate.dialects.sqlite.create_table import (
    Column,
    Constraint,
    CreateTable,
    Span,
    parse_create_table,
)
from nbmigrate.dialects.sqlite.tokens import Token, fold, same_name, tokenise
from nbmigrate.errors import CommandError, NotInTable

# what stands behind an element on its line: blanks and a comment that is about it
_REST_OF_LINE = re.compile(r"[ \t]*(?:--[^\n]*)?(?:\n[ \t]*)?")
_COMMENT_BEHIND = re.compile(r"(?:[ \t]*/\*.*?\*/)*(?:[ \t]*--[^\n]*)?", re.DOTALL)


def splice(text: str, *changes: tuple[Span, str]) -> str:
    """A text with some of its spans replaced; the spans don't overlap."""
    for (start, end), new in sorted(changes, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def rename_table(sql: str, new: str) -> str:
    """Another name, which may carry a schema."""
    table = parse_create_table(sql)
    # IF NOT EXISTS and the like go with it: only the name decides what is made
    return f"CREATE TABLE {new}{sql[table.name_span[1] :]}"


# columns


def add_column(sql: str, definition: str) -> str:
    """A column behind the last one, laid out as that one is."""
    last = parse_create_table(sql).columns[-1]
    return _insert_behind(sql, last.span, definition)


def drop_column(sql: str, name: str) -> str:
    """A column's definition taken out; what else names it is the caller's business."""
    table = parse_create_table(sql)
    if len(table.columns) == 1:
        raise CommandError(f"Column {name!r} is the only column of table {table.name!r}: drop the table")
    return _without(table, _column(table, name).span)


def reorder_columns(sql: str, names: Sequence[str]) -> str:
    """The columns in another order; ``names`` are all of them."""
    table = parse_create_table(sql)
    definitions = [sql[slice(*_column(table, name).span)] for name in names]
    slots = [column.span for column in table.columns]
    return splice(sql, *zip(slots, definitions, strict=True))


def rename_column(sql: str, old: str, new: str) -> str:
    """A column's name, everywhere in its table's text: definitions, keys, expressions, own references."""
    table = parse_create_table(sql)
    spans = [_column(table, old).name_span]
    for constraint in (*table.constraints, *(c for column in table.columns for c in column.constraints)):
        spans += [key.span for key in constraint.columns if same_name(key.name, old)]
        target = constraint.references
        if target is not None and same_name(target.table.name, table.name):
            spans += [key.span for key in target.columns if same_name(key.name, old)]
        if constraint.kind in ("check", "generated") and constraint.text_span is not None:
            spans += names_in(sql, old, constraint.text_span)
    return splice(sql, *((span, new) for span in spans))


def set_type(sql: str, name: str, type_text: str) -> str:
    """A column's type; a collation that comes with it takes the place of the column's own."""
    column = _column(parse_create_table(sql), name)
    collate = column.constraint("collate")
    if collate is not None and re.search(r"\bCOLLATE\b", type_text, re.IGNORECASE):
        return set_type(_without_clause(sql, collate.span), name, type_text)
    if column.type_span is not None:
        return splice(sql, (column.type_span, type_text))
    at = column.name_span[1]
    return splice(sql, ((at, at), f" {type_text}"))


def drop_collation(sql: str, name: str) -> str:
    """A column without its COLLATE."""
    collate = _column(parse_create_table(sql), name).constraint("collate")
    return sql if collate is None else _without_clause(sql, collate.span)


def set_not_null(sql: str, name: str, not_null: bool) -> str:
    """NOT NULL put on a column, or taken from it."""
    column = _column(parse_create_table(sql), name)
    found = column.constraint("notnull")
    if found is not None:
        return sql if not_null else _without_clause(sql, found.span)
    if not not_null:
        return sql
    null = column.constraint("null")
    if null is not None:
        return splice(sql, (null.span, "NOT NULL"))
    return _append_clause(sql, column, "NOT NULL")


def set_default(sql: str, name: str, default: str | None) -> str:
    """A column's default; None takes it away."""
    column = _column(parse_create_table(sql), name)
    found = column.constraint("default")
    if found is None:
        if default is None:
            return sql
        at = (column.type_span or column.name_span)[1]
        return splice(sql, ((at, at), f" DEFAULT {default}"))
    if default is None:
        return _without_clause(sql, found.span)
    assert found.text_span is not None
    return splice(sql, (found.text_span, default))


def set_autoincrement(sql: str) -> str:
    """AUTOINCREMENT put on the primary key, where it is one INTEGER column."""
    table = parse_create_table(sql)
    for constraint in table.all_constraints():
        if constraint.kind != "primary" or constraint.autoincrement or len(constraint.columns) != 1:
            continue
        own = constraint not in table.constraints
        at = constraint.span[1] if own else constraint.columns[0].span[1]
        return splice(sql, ((at, at), " AUTOINCREMENT"))
    return sql


def add_option(sql: str, option: str) -> str:
    """A table option, STRICT or WITHOUT ROWID, behind the definitions and the options that are there."""
    table = parse_create_table(sql)
    behind = table.body[1] + 1
    tokens = [token for token in tokenise(sql[behind:]) if token.text != ";"]
    at = behind + tokens[-1].end if tokens else behind
    return splice(sql, ((at, at), f"{',' if tokens else ''} {option}"))


# constraints


def add_constraint(sql: str, definition: str) -> str:
    """A table constraint behind all that is there."""
    table = parse_create_table(sql)
    last = (table.constraints or table.columns)[-1]
    return _insert_behind(sql, last.span, definition)


def drop_constraint(sql: str, constraint: Constraint) -> str:
    """A constraint taken out, wherever it is written; it comes from the reading of this very text."""
    table = parse_create_table(sql)
    if any(found.span == constraint.span for found in table.constraints):
        return _without(table, constraint.span)
    return _without_clause(sql, constraint.span)


def drop_key_column(sql: str, constraint: Constraint, name: str) -> str:
    """One column taken out of a key of several."""
    kept = [
        sql[slice(*_key_span(sql, key.span))] for key in constraint.columns if not same_name(key.name, name)
    ]
    first, last = constraint.columns[0].span, constraint.columns[-1].span
    return splice(sql, ((first[0], _key_span(sql, last)[1]), ", ".join(kept)))


# names in expressions


def names_in(sql: str, name: str, within: Span | None = None) -> list[Span]:
    """Where a text (or a part of it) names a column: identifiers, not strings and not functions."""
    tokens = tokenise(sql)
    start, end = within or (0, len(sql))
    return [
        (token.start, token.end)
        for token, following in zip(tokens, [*tokens[1:], None], strict=True)
        if start <= token.start and token.end <= end and _names(token, following, name)
    ]


def mentions(sql: str, names: Iterable[str]) -> bool:
    """Whether a text has one of these names as an identifier."""
    wanted = {fold(name) for name in names}
    return any(token.kind in ("word", "quoted") and fold(token.name) in wanted for token in tokenise(sql))


def rename_in_index(sql: str, old: str, new: str) -> str:
    """A column's name in a CREATE INDEX text; the names of index and table stay."""
    body = sql.index("(")
    return splice(sql, *((span, new) for span in names_in(sql, old, (body, len(sql)))))


def rename_in_object(sql: str, old: str, new: str) -> str:
    """A CREATE INDEX or CREATE TRIGGER text after its table, or another that it speaks of, was renamed."""
    tokens = tokenise(sql)
    on = next(at for at, token in enumerate(tokens) if token.is_word("ON")) + 1
    trigger = tokens[on:] if any(token.is_word("TRIGGER") for token in tokens[:4]) else tokens[on : on + 1]
    named = [t for t in trigger if t.kind in ("word", "quoted") and same_name(t.name, old)]
    return splice(sql, *(((token.start, token.end), new) for token in named))


def qualify(sql: str, schema: str) -> str:
    """A CREATE INDEX or CREATE TRIGGER text with the schema before what it creates."""
    tokens = tokenise(sql)
    at = next(at for at, token in enumerate(tokens) if token.is_word("INDEX", "TRIGGER")) + 1
    if tokens[at].is_word("IF"):
        at += 3
    if tokens[at + 1].text == ".":
        return sql
    return splice(sql, ((tokens[at].start, tokens[at].start), f"{schema}."))


def _names(token: Token, following: Token | None, name: str) -> bool:
    if token.kind not in ("word", "quoted") or not same_name(token.name, name):
        return False
    return following is None or following.text != "("


# places


def _column(table: CreateTable, name: str) -> Column:
    column = table.column(name)
    if column is None:
        known = ", ".join(column.name for column in table.columns)
        raise NotInTable(f"Table {table.name!r} has no column {name!r}; it has {known}")
    return column


def _lead(sql: str, start: int) -> str:
    """The white space before an element: the new one gets the same."""
    blank = re.search(r"\s*$", sql[:start])
    lead = blank.group() if blank else ""
    return lead if "\n" in lead else " "


def _insert_behind(sql: str, last: Span, definition: str) -> str:
    """A definition behind another, whose comment on the same line stays with it."""
    lead = _lead(sql, last[0])
    comment = _COMMENT_BEHIND.match(sql, last[1])
    end = comment.end() if comment else last[1]
    if "--" not in sql[last[1] : end]:
        return splice(sql, ((end, end), f",{lead}{definition}"))
    new_line = lead if "\n" in lead else f"\n{lead}"
    return splice(sql, ((last[1], last[1]), ","), ((end, end), new_line + definition))


def _key_span(sql: str, name: Span) -> Span:
    """A key column with its COLLATE and order, up to the comma or parenthesis."""
    depth, at = 0, name[1]
    for token in tokenise(sql[name[1] :]):
        if token.text in (",", ")") and not depth:
            break
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        at = name[1] + token.end
    return (name[0], at)


def _append_clause(sql: str, column: Column, clause: str) -> str:
    return splice(sql, ((column.span[1], column.span[1]), f" {clause}"))


def _without_clause(sql: str, span: Span) -> str:
    """A column's clause taken out, with the blanks before it."""
    start = span[0]
    while start and sql[start - 1] in " \t":
        start -= 1
    return splice(sql, ((start, span[1]), ""))


def _without(table: CreateTable, span: Span) -> str:
    """A column or table constraint taken out, with its comma and the comment behind it."""
    sql = table.text
    elements = [column.span for column in table.columns] + [c.span for c in table.constraints]
    at = elements.index(span)
    if at + 1 < len(elements):
        in_front, after = sql[elements[at - 1][1] : span[0]], sql[span[1] : elements[at + 1][0]]
        if at and in_front.strip(" \t") == "," and "\n" in after:
            # SQLite's own ADD COLUMN puts a column on the line of another one: what follows keeps its line
            return splice(sql, ((elements[at - 1][1], span[1]), ""))
        comma = _comma(sql, span[1], elements[at + 1][0])
        rest = _REST_OF_LINE.match(sql, comma[1])
        return splice(sql, ((span[0], min(rest.end() if rest else comma[1], elements[at + 1][0])), ""))
    behind = _COMMENT_BEHIND.match(sql, span[1])
    end = behind.end() if behind and behind.end() <= table.body[1] else span[1]
    start = span[0] - len(re.search(r"\s*$", sql[: span[0]]).group())  # type: ignore[union-attr]
    if not at:
        return splice(sql, ((start, end), ""))
    comma = _comma(sql, elements[at - 1][1], span[0])
    if "--" in sql[comma[1] : start]:
        # the comment on the line before stays, and must keep its line to itself
        return splice(sql, (comma, ""), ((start, end), "" if sql[end : end + 1] == "\n" else "\n"))
    return splice(sql, (comma, ""), ((max(start, comma[1]), end), ""))


def _comma(sql: str, start: int, end: int) -> Span:
    """The comma between two elements; an empty span where SQLite was given none."""
    for token in tokenise(sql[start:end]):
        if token.text == ",":
            return (start + token.start, start + token.end)
    return (start, start)
