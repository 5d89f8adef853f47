"""The text that names a revision: one parser for every verb.

``branch@symbol+N``: any part may be missing. ``symbol`` is an id, the beginning of one, a branch label,
``head``, ``heads``, ``base`` or ``current``; without a symbol, ``+N`` and ``-N`` count from where the
database stands. An id may hold anything but ``@ - + :``, dots included.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from nbmigrate.errors import RevisionError

_RELATIVE = re.compile(r"(?:(?P<branch>.+?)@)?(?P<symbol>[^@+:\-]+)?(?P<steps>[+-]\d+)")


class Identifier(NamedTuple):
    """A parsed identifier; ``steps`` is None where it is not relative."""

    text: str
    branch: str | None = None
    symbol: str | None = None
    steps: int | None = None

    @property
    def steps_text(self) -> str:
        """The relative part as it was written, sign included."""
        return "" if self.steps is None else f"{self.steps:+d}"

    @property
    def start(self) -> str | None:
        """Where a relative identifier counts from: ``branch@symbol``, or None for the database's place."""
        if self.symbol is None:
            return None
        return self.symbol if self.branch is None else f"{self.branch}@{self.symbol}"


def parse_identifier(text: str, known: Iterable[str] = ()) -> Identifier:
    """Cut an identifier into its parts; what is a known id or label is never cut."""
    if text in known:
        return Identifier(text, symbol=text)
    match = _RELATIVE.fullmatch(text)
    if match:
        return Identifier(text, match["branch"], match["symbol"], int(match["steps"]))
    branch, at, symbol = text.partition("@")
    if at and branch and symbol:
        return Identifier(text, branch, symbol)
    if at:
        raise RevisionError(
            f"'{text}' names no revision: before the @ stands a branch label or an id, "
            "behind it head, base, an id or +N; for instance 'shop@head'"
        )
    return Identifier(text, symbol=text)


def parse_range(text: str) -> tuple[str | None, str | None]:
    """``start:end`` of ``history`` and ``--sql``: each may be missing."""
    start, colon, end = text.strip().partition(":")
    if not colon or ":" in end:
        raise RevisionError(f"History range requires [start]:[end], [start]:, or :[end], not '{text}'")
    return start or None, end or None


def near(text: str, known: Iterable[str]) -> list[str]:
    """Up to three ids or labels that may have been meant."""
    from difflib import get_close_matches  # for who mistypes only

    names = list(known)
    lowered = {name.lower(): name for name in reversed(names)}
    close = get_close_matches(text.lower(), lowered, n=3, cutoff=0.6)
    found = [lowered[name] for name in close]
    if not found and len(text) >= 3:
        found = [name for name in names if text.lower() in name.lower()][:3]
    return found


def did_you_mean(text: str, known: Iterable[str]) -> str:
    """A clause to put behind an error about an unknown name; empty where nothing is near."""
    found = near(text, known)
    if not found:
        return ""
    return f"; did you mean {' or '.join(repr(name) for name in found)}?"
