"""Keywords of directives: those that go together, and those that were probably meant otherwise."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

_KNOWN = {
    "alter_column": (
        "nullable",
        "comment",
        "server_default",
        "new_column_name",
        "type_",
        "existing_type",
        "existing_server_default",
        "existing_nullable",
        "existing_comment",
        "schema",
        "autoincrement",
        "existing_autoincrement",
        "insert_before",
        "insert_after",
        "postgresql_using",
    )
}
# near in meaning rather than in spelling
_MEANT = {"default": "server_default", "type": "type_", "_type": "type_", "name": "new_column_name"}


def warn_of_misspelling(directive: str, keywords: Mapping[str, Any]) -> None:
    """Warn of keywords that have no effect and look like ones that have; never an error.

    Existing revisions hold such keywords and run; a new one that is written today should not.
    """
    known = _KNOWN[directive]
    for word in keywords:
        if word in known:
            continue
        import difflib  # for who writes a word of their own only

        close = difflib.get_close_matches(word, known, n=1, cutoff=0.75)
        meant = _MEANT.get(word) or (close[0] if close else None)
        if meant is not None:
            message = f"{directive}() was given {word!r}, which has no effect; did you mean {meant!r}?"
            warnings.warn(message, stacklevel=3)


def foreign_key_keywords(
    onupdate: str | None,
    ondelete: str | None,
    deferrable: bool | None,
    initially: str | None,
    match: str | None,
) -> dict[str, Any]:
    """What a foreign key does, as CreateForeignKeyOp keeps it."""
    return {
        "onupdate": onupdate,
        "ondelete": ondelete,
        "deferrable": deferrable,
        "initially": initially,
        "match": match,
    }
