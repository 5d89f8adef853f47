"""Types of MySQL and MariaDB as texts: one spelling for what is one type, and SQLAlchemy's type of a text."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from sqlalchemy.types import NULLTYPE

_PARTS = re.compile(r"([a-z ]+?)\s*(\(.*\))?((?:\s+(?:unsigned|zerofill|signed))*)\Z", re.DOTALL)
_COLLATION = re.compile(r"\s+(?:CHARACTER SET|CHARSET)\s+(\w+)|\s+COLLATE\s+(\w+)", re.IGNORECASE)
_WORDS = {
    "integer": "int",
    "numeric": "decimal",
    "dec": "decimal",
    "fixed": "decimal",
    "double precision": "double",
    "real": "double",
    "character": "char",
    "character varying": "varchar",
    "nchar": "char",
    "nvarchar": "varchar",
    "national char": "char",
    "national varchar": "varchar",
    "boolean": "tinyint(1)",
    "bool": "tinyint(1)",
    # MariaDB's JSON is an alias
    "json": "longtext",
}
_WHOLE = {"tinyint": "tinyint(4)", "decimal": "decimal(10,0)", "char": "char(1)", "bit": "bit(1)",
          "year": "year(4)", "binary": "binary(1)"}  # fmt: skip
_INTEGERS = ("int", "bigint", "smallint", "mediumint")


@lru_cache(maxsize=4096)
def canonical(text: str) -> tuple[str, str | None, str | None]:
    """A type without its character set, that set, and the collation; synonyms and usual lengths spelled out.

    How many digits an integer is shown with is left out: it says nothing about what can be stored.
    """
    charset, collation = None, None
    for found in _COLLATION.finditer(text):
        charset, collation = found[1] or charset, found[2] or collation
    plain = _COLLATION.sub("", text).strip()
    parts = _PARTS.match(plain.lower())
    if parts is None:
        return plain, charset, collation
    word = " ".join(parts[1].split())
    signs = parts[3].replace(" signed", "")
    # what stands in the parentheses keeps its case: they may be the values of an ENUM
    given = plain[parts.start(2) : parts.end(2)] if parts[2] else ""
    word = _WORDS.get(word, word)
    given = re.sub(r"'\s*,\s*'", "','", given) if word in ("enum", "set") else given.replace(" ", "")
    if word == "decimal" and given and "," not in given:
        given = f"{given[:-1]},0)"
    if word in _INTEGERS and "zerofill" not in signs:
        given = ""
    whole = _WHOLE.get(word, word) if not given else f"{word}{given}"
    return f"{whole}{signs}", charset, collation


def sqlalchemy_type(dialect: Any, text: str) -> Any:
    """SQLAlchemy's type of a type's text, by the parser of its own reflection."""
    from sqlalchemy.dialects.mysql.reflection import ReflectedState

    state: Any = ReflectedState()
    dialect._tabledef_parser._parse_column(f"  `x` {text} DEFAULT NULL,", state)
    return state.columns[0]["type"] if state.columns else NULLTYPE
