"""Which changes of type PostgreSQL makes by itself, and which need USING.

``ALTER COLUMN ... TYPE`` takes assignment casts only. From text to anything else, or from one enum to
another, there is none: the cast has to be written out.
"""

from __future__ import annotations

from nbmigrate.dialects.postgresql.probe import format_type

_STRINGS = frozenset({"character varying", "character", "text", "citext", "name", "bpchar"})
_NUMBERS = frozenset({"smallint", "integer", "bigint", "numeric", "real", "double precision"})
_FAMILIES = (
    _STRINGS,
    _NUMBERS,
    frozenset({"date", "timestamp without time zone", "timestamp with time zone"}),
    frozenset({"time without time zone", "time with time zone", "interval"}),
    frozenset({"json", "jsonb"}),
    frozenset({"bit", "bit varying"}),
    frozenset({"inet", "cidr"}),
)


def using(column: str, before: str, after: str) -> str | None:
    """The expression that a change of type needs, None where it goes by itself.

    ``column`` is quoted where it must be; ``before`` and ``after`` are types as SQL has them.
    """
    old, new = _base(before), _base(after)
    if old == new or new in _STRINGS or any(old in family and new in family for family in _FAMILIES):
        return None
    # a boolean's text is no number; of the numbers only integer has a cast to it and from it
    if old == "boolean" and new in _NUMBERS:
        return f"{column}::integer" if new == "integer" else f"{column}::integer::{after}"
    if new == "boolean" and old in _NUMBERS:
        return f"{column} <> 0"
    # there is no cast from one enum to another, nor from most types to another kind, but by way of text
    through = column if old in _STRINGS else f"{column}::text"
    return f"{through}::{after}"


def _base(text: str) -> str:
    """A type without its length; an array stays one."""
    found = format_type(text.partition(" COLLATE ")[0])
    head, open_, rest = found.partition("(")
    return f"{head}{rest.partition(')')[2]}" if open_ else found
