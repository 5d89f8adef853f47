"""What a person is told when the graph refuses: Alembic's sentence, and what to type next.

The graph raises what it knows (``errors.py``); a verb knows what was being done. ``spoken`` gives the same
error the verb's sentence, so that its class and its attributes stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nbmigrate.errors import MultipleHeads, RangeNotAncestorError, ResolutionError

_RANGE = "Requested range {start}:{end} does not refer to ancestor/descendant revisions along the same branch"
_HEADS = (
    "Multiple head revisions are present for given argument '{head_arg}'; please specify a specific target "
    "revision, '<branchname>@{head_arg}' to narrow to a specific head, or 'heads' for all heads"
)


@contextmanager
def spoken(
    *,
    ancestor: str | None = None,
    multiple_heads: str | None = None,
    start: Any = None,
    end: Any = None,
) -> Iterator[None]:
    """Give the graph's errors inside the words of the verb; ``start`` and ``end`` are what was typed."""
    try:
        yield
    except RangeNotAncestorError as error:
        low = start if start is not None else error.lower
        high = end if end is not None else error.upper
        error.args = ((ancestor or _RANGE).format(start=_text(low), end=_text(high)),)
        raise
    except MultipleHeads as error:
        argument = end if end is not None else error.argument
        text = (multiple_heads or _HEADS).format(head_arg=_text(argument), heads=", ".join(error.heads))
        error.args = (f"{text} (heads: {', '.join(error.heads)})",)
        raise
    except ResolutionError as error:
        error.args = (_unresolved(error),)
        raise


def _unresolved(error: ResolutionError) -> str:
    reason = str(error)
    if not reason.startswith("No such revision"):
        return f"Can't locate revision identified by '{error.argument}': {reason}"
    if error.near:
        guess = " or ".join(f"'{name}'" for name in error.near)
        return f"Can't locate revision identified by '{error.argument}'; did you mean {guess}?"
    return f"Can't locate revision identified by '{error.argument}'; 'history' lists those that there are"


def _text(value: Any) -> str:
    if value is None or value == ():
        return "base"
    return ", ".join(value) if isinstance(value, (tuple, list)) else str(value)
