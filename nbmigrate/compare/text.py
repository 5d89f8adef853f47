"""SQL texts that mean the same, brought to the same spelling: no parser, only what is safe without one.

Models and databases write one expression in many ways (blanks, case, quotes, parentheses around the whole).
What is equal here is equal; what differs here may still be equal, and is put to the database where there is
a way to ask it.
"""

from __future__ import annotations

import re
from functools import lru_cache

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
    | (?P<string>[eEnN]?'(?:[^']|'')*')
    | (?P<name>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]'"]*\])
    | (?P<word>[^\W\d]\w*)
    | (?P<number>\d+(?:\.\d+)?)
    | (?P<sign>::|<>|!=|<=|>=|\|\||->>|->|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_SIMPLE = re.compile(r"[a-z_][a-z0-9_]*\Z")
_CAST = re.compile(
    r""" ?:: ?(?:(?:"[^"]+"|\w+) ?\. ?)?(?:character varying|double precision|bit varying"""
    r"""|time(?:stamp)?(?: ?\( ?\d+ ?\))? with(?:out)? time zone|"[^"]+"|\w+)"""
    r"""(?: ?\( ?\d+(?: ?, ?-?\d+)? ?\))?(?: ?\[ ?\])*"""
)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?\Z")
_NOW = (
    "now ( )",
    "current_timestamp",
    "current_timestamp ( )",
    "transaction_timestamp ( )",
    "localtimestamp ( )",
)


def tokens(text: str) -> list[str]:
    """The pieces of a SQL text without its white space; words in lower case, plain names without quotes."""
    found = []
    for match in _TOKEN.finditer(text):
        kind, piece = match.lastgroup, match.group()
        if kind == "space":
            continue
        if kind == "word":
            piece = piece.lower()
        elif kind == "name" and _SIMPLE.match(piece[1:-1].lower()):
            piece = piece[1:-1].lower()
        elif kind == "name":
            piece = '"' + piece[1:-1] + '"'
        elif piece == "!=":
            piece = "<>"
        found.append(piece)
    return found


@lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """An expression with one blank between its tokens, without parentheses around the whole."""
    return " ".join(without_outer_parentheses(tokens(text)))


def without_outer_parentheses(pieces: list[str]) -> list[str]:
    """Take away pairs of parentheses that enclose everything."""
    while len(pieces) > 1 and pieces[0] == "(" and _closing(pieces) == len(pieces) - 1:
        pieces = pieces[1:-1]
    return pieces


@lru_cache(maxsize=4096)
def normal_default(text: str) -> str | None:
    """A server default without casts; a quoted number as a number, and one word for the time of day."""
    found = normal(text)
    found = _without_casts(found)
    found = " ".join(without_outer_parentheses(found.split(" "))) if "'" not in found else found
    if found.startswith("'") and found.endswith("'") and found.count("'") == 2:
        inner = found[1:-1]
        if _NUMBER.match(inner) or inner.lower() in ("true", "false", "t", "f"):
            found = inner.lower()
    found = {"t": "true", "f": "false"}.get(found, found).replace("- ", "-")
    if found in _NOW:
        return "current_timestamp"
    return None if found == "null" else found


def _without_casts(text: str) -> str:
    """Take off what follows ``::``, outside of string literals."""
    if "::" not in text:
        return text
    parts = re.split(r"('(?:[^']|'')*')", text)
    return "".join(part if part.startswith("'") else _CAST.sub("", part) for part in parts).strip()


def _closing(pieces: list[str]) -> int:
    depth = 0
    for number, piece in enumerate(pieces):
        depth += (piece == "(") - (piece == ")")
        if depth == 0:
            return number
    return -1
