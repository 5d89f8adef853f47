"""EXCLUDE constraints (PostgreSQL): from SQLAlchemy's object to the text that is compared, and back.

The text is what stands behind the constraint's name: ``EXCLUDE USING gist (room WITH =, during WITH &&)``.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

_WHOLE = re.compile(
    r"EXCLUDE(?: USING (?P<using>\"[^\"]+\"|\w+))? \((?P<rest>.*)\Z", re.IGNORECASE | re.DOTALL
)
_PLAIN = re.compile(r'(?:"(?:[^"]|"")+"|[a-z_][a-z0-9_$]*)\Z')
_WITH = re.compile(r"(?P<element>.*\S)\s+WITH\s+(?P<operator>\S+)\Z", re.IGNORECASE | re.DOTALL)


def exclusion_text(constraint: Any, ddl: Any) -> str:
    """An EXCLUDE of the models as the DDL compiler writes it, without its name."""
    where = constraint.where
    if where is not None and not isinstance(where, sa.TextClause):
        # SQLAlchemy puts the table's name before its columns
        constraint = copy.copy(constraint)
        told = ddl.sql_compiler.process(where, include_table=False, literal_binds=True)
        constraint.where = _text(str(told))
    text = " ".join(str(ddl.process(constraint)).split())
    return text[text.index("EXCLUDE") :]


def exclusion(text: str, name: str | None) -> Any:
    """SQLAlchemy's object for the text of the catalogue (``pg_get_constraintdef``)."""
    from sqlalchemy.dialects.postgresql import ExcludeConstraint

    found = _WHOLE.match(text)
    if found is None:
        raise ValueError(f"not an EXCLUDE constraint: {text}")
    inside, behind = _closed(found.group("rest"))
    elements = [(_element(element), operator) for element, operator in _elements(inside)]
    options: dict[str, Any] = {"using": (found.group("using") or "gist").strip('"')}
    where = re.match(r"\s*WHERE \((?P<text>.*)", behind, re.DOTALL)
    if where is not None:
        condition, behind = _closed(where.group("text"))
        options["where"] = _text(condition)
    if "DEFERRABLE" in behind and "NOT DEFERRABLE" not in behind:
        options["deferrable"] = True
    if "INITIALLY DEFERRED" in behind:
        options["initially"] = "DEFERRED"
    return ExcludeConstraint(*elements, name=name, **options)


def _closed(text: str) -> tuple[str, str]:
    """What stands before the parenthesis that closes, and what behind it."""
    depth = 1
    for place, sign in _signs(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return text[:place], text[place + 1 :]
    return text, ""


def _signs(text: str) -> Iterator[tuple[int, str]]:
    """The signs of a text that stand outside of quotes."""
    quote = ""
    for place, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        else:
            yield place, sign


def _elements(text: str) -> Iterator[tuple[str, str]]:
    """Each element with its operator."""
    depth, start, pieces = 0, 0, []
    for place, sign in _signs(text):
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            pieces.append(text[start:place])
            start = place + 1
    for piece in [*pieces, text[start:]]:
        found = _WITH.match(piece.strip())
        if found is not None:
            yield found.group("element"), found.group("operator")


def _element(text: str) -> Any:
    if _PLAIN.match(text):
        return sa.column(text[1:-1].replace('""', '"') if text.startswith('"') else text)
    # not text(): plain Alembic wants something with a name
    return sa.literal_column(text)


def _text(sql: str) -> Any:
    """A piece of SQL as it is: a colon in it is no parameter."""
    return sa.text(sql.replace(":", r"\:"))
