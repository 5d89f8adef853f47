"""Defaults as DuckDB's catalogue writes them: in parentheses, which the reader of table texts expects."""

from __future__ import annotations

from nbmigrate.dialects.sqlite.edit import splice
from nbmigrate.dialects.sqlite.tokens import tokenise

_BEHIND_DEFAULT = frozenset(
    ("NOT", "NULL", "PRIMARY", "UNIQUE", "CHECK", "REFERENCES", "COLLATE", "CONSTRAINT", "GENERATED")
)


def with_default_in_parentheses(sql: str) -> str:
    """The text of a table or a column as DuckDB would keep it: what follows DEFAULT stands in parentheses."""
    tokens = tokenise(sql)
    changes = []
    for number, token in enumerate(tokens):
        if token.text.upper() != "DEFAULT" or number + 1 == len(tokens):
            continue
        depth, last = 0, number + 1
        for at in range(number + 1, len(tokens)):
            word = tokens[at].text.upper()
            ends = word in (",", ")") or (at > number + 1 and word in _BEHIND_DEFAULT)
            if depth == 0 and ends:
                break
            depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(word, 0)
            last = at
        if tokens[number + 1].text != "(" and last > number + 1:
            start, end = tokens[number + 1].start, tokens[last].end
            changes.append(((start, end), f"({sql[start:end]})"))
    return splice(sql, *changes)
