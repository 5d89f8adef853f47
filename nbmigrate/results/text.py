"""Words and tables of the terminal: ASCII, apart from the names that are told."""

from __future__ import annotations

from collections.abc import Sequence

_KEPT_FORMAT = "\u200c\u200d"  # joiners: whole scripts and emoji are spelt with them


def _is_hidden(char: str, category: str) -> bool:
    """Whether a character would act on the page or the terminal instead of being seen."""
    if char in "\n\t":
        return False
    if category in ("Cc", "Cs", "Zl", "Zp"):
        return True
    if category == "Cf":
        return char not in _KEPT_FORMAT
    code = ord(char)
    return 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE


def _spelt(char: str) -> str:
    """A hidden character as the escape that Python would write."""
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")


def visible(text: str) -> str:
    r"""Make control, bidi and other invisible characters readable: ``\x1b``, ``\u202e``."""
    if text.isascii() and text.isprintable():
        return text
    from unicodedata import category

    return "".join(_spelt(char) if _is_hidden(char, category(char)) else char for char in text)


def position(revisions: Sequence[str]) -> str:
    """A place in the history in words: ids, or "base" for the empty one."""
    return ", ".join(revisions) or "base"


def width(text: str) -> int:
    """How many columns a terminal gives a text: two for a wide character, none for a combining one."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def text_table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """An aligned text table, a line for each row; columns that are empty in every row are left out."""
    keep = [i for i in range(len(heading)) if any(row[i] for row in rows)]
    table = [[" ".join(visible(row[i]).split("\n")) for i in keep] for row in [heading, *rows]]
    widths = [max(width(row[i]) for row in table) for i in range(len(keep))]
    lines = [
        "  ".join(cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True))
        for row in table
    ]
    lines.insert(1, "  ".join("-" * wide for wide in widths))
    return "\n".join(line.rstrip() for line in lines)
