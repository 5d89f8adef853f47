"""SQL text to tokens, by SQLite's rules, each with its place in the text.

Only as much lexing as it takes to find one's way: comments and white space are skipped, quoted things are
one token, everything else is a word, a number or a single character.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|--[^\n]*(?:\n|$)|/\*.*?(?:\*/|$))
  | (?P<blob>[xX]'[^']*')
  | (?P<string>'(?:[^']|'')*')
  | (?P<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])
  | (?P<number>0[xX][0-9a-fA-F]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?)
  | (?P<word>[^\W\d][\w$]*)
  | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One token: ``kind`` is blob, string, quoted, number, word or sign; ``text[start:end]`` is it."""

    kind: str
    text: str
    start: int
    end: int

    def is_word(self, *words: str) -> bool:
        """Whether this is one of these (upper case) key words, unquoted."""
        return self.kind == "word" and self.text.upper() in words

    @property
    def is_name(self) -> bool:
        """Whether this may be an identifier; SQLite takes strings for identifiers too."""
        return self.kind in ("word", "quoted", "string")

    @property
    def name(self) -> str:
        """The identifier without its quotes."""
        return unquote(self.text)


def tokenise(sql: str) -> list[Token]:
    """All tokens of a text but white space and comments."""
    return [
        Token(match.lastgroup or "sign", match.group(), match.start(), match.end())
        for match in _TOKEN.finditer(sql)
        if match.lastgroup != "space"
    ]


def unquote(text: str) -> str:
    """An identifier or string without its quotes; anything else as it is."""
    first = text[:1]
    if first == "[":
        return text[1:-1]
    if first and first in "\"'`":
        return text[1:-1].replace(first * 2, first)
    return text


def same_name(left: str, right: str) -> bool:
    """Whether SQLite takes two identifiers for the same: ASCII letters without case."""
    return fold(left) == fold(right)


def fold(name: str) -> str:
    """An identifier with its ASCII letters in lower case: what SQLite compares."""
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in name)
