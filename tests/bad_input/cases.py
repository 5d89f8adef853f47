"""What a case is: something wrong, a command line, and what the answer must say."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass

from bad_input.places import Place

Spoil = Callable[[Place], None]

PROJECT = ("terminal", "magic", "python")  # the doors that read the project's configuration
EVERYWHERE = (*PROJECT, "embedded")  # and a database by its address
TERMINAL = ("terminal",)


@dataclass(frozen=True)
class Case:
    """``spoil`` makes it, ``argv`` runs into it, each of ``says`` stands in the one line of the answer.

    ``code`` is the terminal's exit code: 255 where nothing was begun, 1 where a revision or env.py failed.
    """

    id: str
    argv: tuple[str, ...]
    spoil: Spoil
    says: tuple[str, ...]
    code: int = 255
    doors: tuple[str, ...] = PROJECT

    def __str__(self) -> str:
        return self.id


def case(
    id: str,
    line: str,
    spoil: Spoil,
    *says: str,
    code: int = 255,
    doors: tuple[str, ...] = PROJECT,
) -> Case:
    """A case from a line as it is typed."""
    return Case(id, tuple(shlex.split(line)), spoil, says, code, doors)


def cases_of(line: str, *, doors: tuple[str, ...] = PROJECT) -> Callable[..., Case]:
    """``case`` for one line and its doors, which most cases of a kind have in common."""

    def made(id: str, spoil: Spoil, *says: str, code: int = 255) -> Case:
        return case(id, line, spoil, *says, code=code, doors=doors)

    return made


def nothing(place: Place) -> None:
    """The project is as it should be; what is wrong is what was typed."""


def writes(text: str, name: str = "next") -> Spoil:
    """Put this in the place of a whole file of the project."""

    def spoil(place: Place) -> None:
        getattr(place, name).write_text(text)

    return spoil


def replaces(old: str, new: str, name: str = "next") -> Spoil:
    """Change a text in a file of the project."""

    def spoil(place: Place) -> None:
        path = getattr(place, name)
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    return spoil


def body(*lines: str) -> Spoil:
    """Make the pending revision run these lines."""
    return lambda place: place.body(*lines)


def setting(name: str, value: str | None) -> Spoil:
    """Set, or take out, a key of the ini file."""
    return lambda place: place.setting(name, value)


def url(text: str) -> Spoil:
    """Give the project another address."""
    return lambda place: place.url(text)


def sql(*statements: str) -> Spoil:
    """Run statements on the database."""
    return lambda place: place.sql(*statements)


def both(*spoils: Spoil) -> Spoil:
    """One after the other."""

    def spoil(place: Place) -> None:
        for one in spoils:
            one(place)

    return spoil
