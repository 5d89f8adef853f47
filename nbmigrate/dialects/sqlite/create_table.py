"""CREATE TABLE texts as SQLite keeps them in ``sqlite_schema``: read into values (``definitions``).

SQLite's catalogue is the text itself: collations, conflict clauses, unnamed constraints and AUTOINCREMENT
stand nowhere else in full. So a table is reflected by reading this text, and changed by editing it
(``edit.py``), which keeps everything that nobody asked to change byte for byte.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from nbmigrate.dialects.sqlite.definitions import (
    Column,
    Constraint,
    CreateTable,
    Name,
    References,
    Span,
    UnreadableTable,
    affinity,
)
from nbmigrate.dialects.sqlite.tokens import Token, fold, tokenise

__all__ = [
    "Column",
    "Constraint",
    "CreateTable",
    "Name",
    "References",
    "Span",
    "UnreadableTable",
    "affinity",
    "parse_create_table",
]

_COLUMN_CONSTRAINT = (
    "CONSTRAINT", "DEFAULT", "NULL", "NOT", "PRIMARY", "UNIQUE", "CHECK", "REFERENCES", "COLLATE", "AS",
    "DEFERRABLE",
)  # fmt: skip
_TABLE_CONSTRAINT = ("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN")


# one change reads the same text a dozen times
@lru_cache(maxsize=16)
def parse_create_table(sql: str) -> CreateTable:
    """Read a CREATE TABLE text; ``UnreadableTable`` when it is something else, or not understood."""
    return _Reader(sql).table()


class _Reader:
    """Recursive descent over the tokens, one method a clause of SQLite's grammar."""

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self.tokens = tokenise(sql)
        self.at = 0

    # -- moving ----------------------------------------------------------------------------------------------

    @property
    def token(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    @property
    def end(self) -> int:
        """Where the token before this one ends."""
        return self.tokens[self.at - 1].end

    @property
    def start(self) -> int:
        token = self.token
        return token.start if token else len(self.sql)

    def peek(self, *words: str, ahead: int = 0) -> bool:
        at = self.at + ahead
        return at < len(self.tokens) and self.tokens[at].is_word(*words)

    def peek_sign(self, sign: str) -> bool:
        token = self.token
        return token is not None and token.kind == "sign" and token.text == sign

    def take(self, *words: str) -> bool:
        """Go past these words, if exactly they come next."""
        if all(self.peek(word, ahead=ahead) for ahead, word in enumerate(words)):
            self.at += len(words)
            return True
        return False

    def take_sign(self, sign: str) -> bool:
        if self.peek_sign(sign):
            self.at += 1
            return True
        return False

    def expect_sign(self, sign: str) -> None:
        if not self.take_sign(sign):
            raise self.error(f"'{sign}' expected")

    def next(self) -> Token:
        token = self.token
        if token is None:
            raise self.error("it ends too soon")
        self.at += 1
        return token

    def error(self, what: str) -> UnreadableTable:
        near = self.sql[self.start : self.start + 30]
        return UnreadableTable(f"Can't read this CREATE TABLE text ({what} near {near!r}): {self.sql}")

    def read_name(self) -> Name:
        token = self.next()
        if not token.is_name:
            self.at -= 1
            raise self.error("a name expected")
        return Name(token.name, (token.start, token.end))

    def group(self) -> Span:
        """Go past a parenthesised group; the span is what stands inside, without blanks at its ends."""
        self.expect_sign("(")
        depth, first = 1, self.at
        while depth:
            token = self.next()
            if token.kind == "sign":
                depth += {"(": 1, ")": -1}.get(token.text, 0)
        if self.at - 1 == first:
            return (self.tokens[first].start, self.tokens[first].start)
        return (self.tokens[first].start, self.tokens[self.at - 2].end)

    # -- clauses ---------------------------------------------------------------------------------------------

    def table(self) -> CreateTable:
        if not self.take("CREATE"):
            raise self.error("CREATE TABLE expected")
        temporary = self.take("TEMP") or self.take("TEMPORARY")
        if not self.take("TABLE"):
            raise self.error("TABLE expected")
        if_not_exists = self.take("IF", "NOT", "EXISTS")
        name = self.read_name()
        if self.take_sign("."):
            name = self.read_name()
        if not self.peek_sign("("):
            raise self.error("'(' expected")
        self.next()
        opened = self.end
        columns, constraints = self.definitions()
        closed = self.start
        self.expect_sign(")")
        without_rowid, strict = self.options()
        return CreateTable(
            self.sql, name.name, name.span, (opened, closed), columns, constraints,
            without_rowid, strict, temporary, if_not_exists, {fold(c.name): c for c in columns},
        )  # fmt: skip

    def definitions(self) -> tuple[tuple[Column, ...], tuple[Constraint, ...]]:
        columns = [self.column()]
        constraints: list[Constraint] = []
        while not self.peek_sign(")"):
            # SQLite forgives a missing comma between table constraints, nowhere else
            if not self.take_sign(",") and not constraints:
                raise self.error("',' or ')' expected")
            if constraints or self.peek(*_TABLE_CONSTRAINT):
                constraints.append(self.table_constraint())
            else:
                columns.append(self.column())
        return tuple(columns), tuple(constraints)

    def options(self) -> tuple[bool, bool]:
        without_rowid = strict = False
        while self.token is not None and not self.take_sign(";"):
            self.take_sign(",")
            if self.take("WITHOUT", "ROWID"):
                without_rowid = True
            elif self.take("STRICT"):
                strict = True
            else:
                raise self.error("a table option expected")
        return without_rowid, strict

    def column(self) -> Column:
        name = self.read_name()
        type_span = self.type_name()
        constraints: list[Constraint] = []
        while not (self.peek_sign(",") or self.peek_sign(")")):
            constraints.append(self.column_constraint())
        text = self.sql[slice(*type_span)] if type_span else ""
        span = (name.span[0], self.end)
        return Column(name.name, name.span, span, text, type_span, tuple(constraints))

    def type_name(self) -> Span | None:
        first = self.start
        begun = self.at
        while self.token is not None and self.token.is_name:
            if self.peek(*_COLUMN_CONSTRAINT) or (self.peek("GENERATED") and self.peek("ALWAYS", ahead=1)):
                break
            self.at += 1
        if self.at == begun:
            return None
        if self.peek_sign("("):
            self.group()
        # DuckDB's arrays: DECIMAL(10,2)[], VARCHAR[3][]
        while self.token is not None and self.token.text.startswith("["):
            self.at += 1
        return (first, self.end)

    def column_constraint(self) -> Constraint:
        first = self.start
        name = self.read_name() if self.take("CONSTRAINT") else None
        found = self.column_clause()
        named = (name.name, name.span) if name else (None, None)
        return replace(found, span=(first, self.end), name=named[0], name_span=named[1])

    def column_clause(self) -> Constraint:
        here = (self.start, self.start)
        if self.take("NOT", "NULL"):
            return Constraint("notnull", here, conflict=self.conflict())
        if self.take("NULL"):
            return Constraint("null", here, conflict=self.conflict())
        if self.take("PRIMARY", "KEY"):
            order = "DESC" if self.take("DESC") else None
            self.take("ASC")
            conflict = self.conflict()
            auto = self.take("AUTOINCREMENT")
            return Constraint("primary", here, text=order, conflict=conflict, autoincrement=auto)
        if self.take("UNIQUE"):
            return Constraint("unique", here, conflict=self.conflict())
        if self.take("CHECK"):
            return self.expression("check")
        if self.take("DEFAULT"):
            return self.default()
        if self.take("COLLATE"):
            collation = self.read_name()
            return Constraint("collate", here, text=collation.name, text_span=collation.span)
        if self.peek("REFERENCES"):
            return Constraint("foreignkey", here, references=self.references())
        if self.take("GENERATED", "ALWAYS", "AS") or self.take("AS"):
            found = self.expression("generated")
            stored = self.take("STORED")
            self.take("VIRTUAL")
            return replace(found, stored=stored)
        raise self.error("a column constraint expected")

    def expression(self, kind: str) -> Constraint:
        span = self.group()
        self.conflict()
        return Constraint(kind, span, text=self.sql[slice(*span)], text_span=span)

    def default(self) -> Constraint:
        first = self.start
        if self.peek_sign("("):
            self.group()
        else:
            if not self.take_sign("+"):
                self.take_sign("-")
            self.next()
        span = (first, self.end)
        return Constraint("default", span, text=self.sql[slice(*span)], text_span=span)

    def conflict(self) -> str | None:
        return self.next().text.upper() if self.take("ON", "CONFLICT") else None

    def references(self) -> References:
        self.take("REFERENCES")
        table = self.read_name()
        # DuckDB's may name a schema
        found = References(self.read_name() if self.take_sign(".") else table)
        if self.peek_sign("("):
            found = replace(found, columns=self.names())
        while True:
            if self.take("ON", "DELETE"):
                found = replace(found, ondelete=self.action())
            elif self.take("ON", "UPDATE"):
                found = replace(found, onupdate=self.action())
            elif self.take("MATCH"):
                found = replace(found, match=self.read_name().name)
            elif self.take("NOT", "DEFERRABLE"):
                found = replace(found, deferrable=False, initially=self.initially())
            elif self.take("DEFERRABLE"):
                found = replace(found, deferrable=True, initially=self.initially())
            else:
                return found

    def action(self) -> str:
        for words in (("SET", "NULL"), ("SET", "DEFAULT"), ("NO", "ACTION")):
            if self.take(*words):
                return " ".join(words)
        return self.next().text.upper()

    def initially(self) -> str | None:
        return self.next().text.upper() if self.take("INITIALLY") else None

    def names(self) -> tuple[Name, ...]:
        """A parenthesised list of key columns, each with COLLATE and order where they are written."""
        self.expect_sign("(")
        found = [self.key_column()]
        while self.take_sign(","):
            found.append(self.key_column())
        self.expect_sign(")")
        return tuple(found)

    def key_column(self) -> Name:
        name = self.read_name()
        if self.take("COLLATE"):
            name = replace(name, collation=self.read_name().name)
        if self.peek("ASC", "DESC"):
            name = replace(name, order=self.next().text.upper())
        return name

    def table_constraint(self) -> Constraint:
        first = self.start
        name = self.read_name() if self.take("CONSTRAINT") else None
        found = self.table_clause()
        named = (name.name, name.span) if name else (None, None)
        return replace(found, span=(first, self.end), name=named[0], name_span=named[1])

    def table_clause(self) -> Constraint:
        here = (self.start, self.start)
        if self.take("PRIMARY", "KEY"):
            self.expect_sign("(")
            columns = [self.key_column()]
            auto = self.take("AUTOINCREMENT")
            while self.take_sign(","):
                columns.append(self.key_column())
            auto = self.take("AUTOINCREMENT") or auto
            self.expect_sign(")")
            conflict = self.conflict()
            return Constraint("primary", here, columns=tuple(columns), conflict=conflict, autoincrement=auto)
        if self.take("UNIQUE"):
            columns_ = self.names()
            return Constraint("unique", here, columns=columns_, conflict=self.conflict())
        if self.take("CHECK"):
            return self.expression("check")
        if self.take("FOREIGN", "KEY"):
            columns_ = self.names()
            if not self.peek("REFERENCES"):
                raise self.error("REFERENCES expected")
            return Constraint("foreignkey", here, columns=columns_, references=self.references())
        raise self.error("a table constraint expected")
