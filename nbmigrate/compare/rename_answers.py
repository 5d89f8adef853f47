"""What a person has answered about renames: ``old=new``, or that something goes.

A name is written with dots, ``schema.table.column``; a part that holds a dot, an equals sign, a quotation
mark or a blank stands in double quotes, those in it doubled. Which of its meanings a name has (``a.b``: the
column b of table a, or the table b of schema a) is seen from what the database has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nbmigrate.errors import CommandError
from nbmigrate.model.schema import Key

Parts = tuple[str, ...]
_PART = r'(?:"(?:[^"]|"")+"|[^".=\s][^".=]*)'
_NAME = re.compile(rf"\s*({_PART}(?:\.{_PART}){{0,2}})\s*")
_PIECE = re.compile(_PART)
_PLAIN = re.compile(r"[\w$-]+\Z")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; ``new`` is None where the old thing goes, with what it holds."""

    old: Parts
    new: Parts | None

    def __str__(self) -> str:
        """The option that gives this answer."""
        if self.new is None:
            return f"--drop {spelled(*self.old)}"
        return f"--rename {spelled(*self.old)}={spelled(*self.new)}"


def spelled(*parts: str | None) -> str:
    """A full name as it is written in an answer."""
    return ".".join(
        part if _PLAIN.match(part) else '"' + part.replace('"', '""') + '"' for part in parts if part
    )


def parts_of(name: str) -> Parts:
    """The parts of a name. Raises ``CommandError`` where it is none."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise CommandError(
            f"{name!r} is no name of a table or column: write table, table.column or schema.table.column, "
            'and a part with dots, blanks or = in it in double quotes ("a.b")'
        )
    return tuple(
        piece[1:-1].replace('""', '"') if piece.startswith('"') else piece.rstrip()
        for piece in _PIECE.findall(found.group(1))
    )


def answers_from(
    renames: Mapping[str, str | None] | Iterable[str] = (), drops: Iterable[str] = ()
) -> tuple[Answer, ...]:
    """The answers in ``{"t.a": "t.b", "t.c": None}``, or in ``["t.a=t.b"]`` and ``["t.c"]``.

    Raises ``CommandError`` for what can't be read, and where one thing is answered in two ways.
    """
    found: dict[Parts, Answer] = {}
    pairs = renames.items() if isinstance(renames, Mapping) else (_split(text) for text in renames)
    for old, new in [*pairs, *((name, None) for name in drops)]:
        answer = Answer(parts_of(old), None if new is None else parts_of(new))
        other = found.setdefault(answer.old, answer)
        if other != answer:
            raise CommandError(f"two answers about {old}: {other} and {answer}; leave one out")
    return tuple(found.values())


def typed_answers(renames: Iterable[str], drops: Iterable[str]) -> dict[str, str | None]:
    """What stands behind ``--rename`` and ``--drop``, as one mapping. Raises ``CommandError`` as above."""
    return {
        spelled(*one.old): None if one.new is None else spelled(*one.new)
        for one in answers_from(renames, drops)
    }


def _split(text: str) -> tuple[str, str]:
    """``old=new`` in two."""
    match = _NAME.match(text)
    if match is None or text[match.end() : match.end() + 1] != "=" or not text[match.end() + 1 :].strip():
        raise CommandError(
            f"--rename {text}: write old=new, as in --rename user.mail=user.email; "
            f"what is no rename is answered by --drop {text.partition('=')[0] or 'NAME'}"
        )
    return match.group(1), text[match.end() + 1 :]


def table_key(parts: Parts, default_schema: str | None) -> Key | None:
    """The key of a table of that name; None where the name has too many parts."""
    if len(parts) == 1:
        return None, parts[0]
    if len(parts) == 2:
        return (None if parts[0] == default_schema else parts[0]), parts[1]
    return None
