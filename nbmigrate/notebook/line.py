"""From the line behind a magic to arguments.

IPython's own expansion is all or nothing and silent, and its splitting differs by platform; so the magics
turn expansion off and split here. Backslash and ``#`` are ordinary characters, as in Windows paths. A whole
argument ``$name`` or ``{name}`` stands for that variable of the notebook; inside single quotes nothing is
replaced, as in a shell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from nbmigrate.errors import CommandError

__all__ = ["Argument", "expand", "split", "texts", "variable_in"]

_VARIABLE = re.compile(r"\$([^\W\d]\w*)|\{([^\W\d]\w*)\}")


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: its text without the quotes, and whether single quotes kept it literal."""

    text: str
    literal: bool = False


def split(line: str) -> list[Argument]:
    """Split a line at its blanks; quotes of either kind keep blanks together."""
    found: list[Argument] = []
    text = ""
    started = literal = False
    quote = ""
    for char in line:
        if quote:
            if char == quote:
                quote = ""
            else:
                text += char
        elif char in "\"'":
            literal = literal or char == "'"
            quote, started = char, True
        elif char.isspace():
            if started:
                found.append(Argument(text, literal))
            text, started, literal = "", False, False
        else:
            text += char
            started = True
    if quote:
        raise CommandError(f"A quotation mark ({quote}) is opened and not closed in: {line.strip()}")
    if started:
        found.append(Argument(text, literal))
    return found


def variable_in(argument: Argument) -> str | None:
    """The name in a ``$name`` or ``{name}`` argument, None for any other."""
    if argument.literal:
        return None
    match = _VARIABLE.fullmatch(argument.text)
    return (match[1] or match[2]) if match else None


def expand(argument: Argument, namespace: Mapping[str, Any]) -> Any:
    """The variable that an argument stands for, else its text; an undefined variable is an error."""
    name = variable_in(argument)
    if name is None:
        return argument.text
    if name in namespace:
        return namespace[name]
    near = get_close_matches(name, [key for key in namespace if not key.startswith("_")], 1)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise CommandError(f"{argument.text}: the notebook has no variable {name}{hint}")


def texts(arguments: Iterable[Argument], namespace: Mapping[str, Any]) -> list[str]:
    """All arguments as text, variables replaced; only text and numbers can stand in a line."""
    result = []
    for argument in arguments:
        value = expand(argument, namespace)
        if not isinstance(value, (str, int, float)) or isinstance(value, bool):
            raise CommandError(
                f"{argument.text} is a {type(value).__name__}; only text or a number can stand here"
            )
        result.append(str(value))
    return result
