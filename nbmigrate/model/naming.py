"""Names for constraints that have none.

SQLite keeps an unnamed constraint unnamed, so there is nothing to say ``drop_constraint`` to. A name derived
from what the constraint is stands in for it: reflection gives it out, the table rebuild understands it, and
it is the same on every machine and on every run.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Literal

ConstraintKind = Literal["unique", "foreignkey", "primary", "check", "exclude"]

_PIECES = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|\s+|.""", re.DOTALL)


def normalise_whitespace(expression: str) -> str:
    """One blank for every run of white space outside quotes, none at either end."""
    pieces = (" " if piece.isspace() else piece for piece in _PIECES.findall(expression))
    return "".join(pieces).strip()


def derived_name(
    kind: ConstraintKind,
    table: str,
    columns: Sequence[str] = (),
    *,
    referred_table: str | None = None,
    expression: str | None = None,
) -> str:
    """The name by which an unnamed constraint is addressed.

    ``uq_<table>_<columns>``, ``fk_<table>_<columns>_<referred table>``, ``pk_<table>`` and
    ``ck_<table>_<hash of the expression>`` (an EXCLUDE ``ex_...``).
    """
    if kind == "primary":
        return f"pk_{table}"
    if kind in ("check", "exclude"):
        digest = sha256(normalise_whitespace(expression or "").encode()).hexdigest()
        return f"{'ck' if kind == 'check' else 'ex'}_{table}_{digest[:8]}"
    parts = ["uq" if kind == "unique" else "fk", table, *columns]
    if kind == "foreignkey" and referred_table is not None:
        parts.append(referred_table)
    return "_".join(parts)
