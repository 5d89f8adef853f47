"""What can stand at the cursor behind ``%migrate``, ``%%revision``, ``%models``: names, never a query.

The grammar is read from the parsers that also parse the line, so a new verb or flag completes by being there.
Revision ids and branch labels come from the files' headers, which the session keeps between two presses of
the key; the database is never asked. Nothing here knows IPython: ``matcher.py`` does.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbmigrate.errors import MigrateError
from nbmigrate.notebook.line import split
from nbmigrate.notebook.metadata import model_names
from nbmigrate.notebook.session import Session
from nbmigrate.notebook.targets import address_names, engine_names

__all__ = ["Candidate", "Completion", "Found"]

_LINE = re.compile(r"\s*(?:[^=%#'\"]+=\s*)?%(migrate|nbmigrate|models)\s+(.*)")
_CELL = re.compile(r"%%(revision|models)\s+(.*)")
_FILES = ("alembic.ini", "pyproject.toml")

# where a revision is meant, the words besides ids and labels that make sense there
SYMBOLS: dict[str, tuple[str, ...]] = {
    "upgrade": ("head", "heads", "+1"),
    "downgrade": ("-1", "base"),
    "stamp": ("head", "heads", "base"),
    "show": ("head", "heads", "current"),
    "explain": ("head", "heads"),
    "plan": ("head", "heads", "+1", "-1", "base"),
    "sql": ("head", "heads", "base"),
    "merge": ("heads",),
    "history": ("current", "head", "heads", "base"),
    "revision": ("head",),
    "%%revision": ("head",),
}
REVISIONS = ("revision", "revisions", "head", "depends_on", "rev_range")
OF_A_BRANCH = ("head", "base", "+1", "-1")  # what can stand behind ``label@``
DIALECTS = ("sqlite", "postgresql", "mysql", "mariadb", "mssql", "oracle", "duckdb")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One text that may stand at the cursor, and what it is."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Found:
    """The candidates for the text directly before the cursor, most likely first."""

    fragment: str = ""
    candidates: tuple[Candidate, ...] = ()


class Completion:
    """The completions of one shell: ``parsers`` has the parser of each magic, ``groups`` the model cells."""

    def __init__(
        self,
        session: Session,
        namespace: Callable[[], Mapping[str, Any]],
        parsers: Mapping[str, Callable[[], argparse.ArgumentParser]],
        groups: Callable[[], list[str]] = list,
    ) -> None:
        self._session = session
        self._namespace = namespace
        self._parsers = parsers
        self._groups = groups
        self._made: dict[str, argparse.ArgumentParser] = {}

    def complete(self, text: str, line_number: int = 0, column: int | None = None) -> Found | None:
        """What fits at a place of a cell's text; None where the place is none of ours."""
        lines = text.split("\n")
        if line_number >= len(lines):
            return None
        before = lines[line_number][:column]
        match = _LINE.fullmatch(before)
        if match is not None:
            name = f"%{match[1].replace('nbmigrate', 'migrate')}"
        else:
            match = _CELL.fullmatch(before)
            if match is None or any(line.strip() for line in lines[:line_number]):
                return None
            name = f"%%{match[1]}"
        if name not in self._parsers:
            return None
        if name not in self._made:
            self._made[name] = self._parsers[name]()
        return self._at_the_end_of(match[2], name, self._made[name])

    def _at_the_end_of(self, line: str, name: str, parser: argparse.ArgumentParser) -> Found:
        fragment = re.search(r"\S*\Z", line)[0]  # type: ignore[index]  # matches always
        try:
            words = [argument.text for argument in split(line[: len(line) - len(fragment)])]
        except MigrateError:
            return Found()  # inside quotes stands what only a person knows
        place = _Place(parser, name)
        for word in words:
            place.read(word)
        option, equals, value = fragment.partition("=")
        if equals and option in place.options:
            return self._values(place, place.options[option], value)
        if place.awaiting is not None and not fragment.startswith("-"):
            return self._values(place, place.awaiting, fragment)
        action = place.positional
        found = self._values(place, action, fragment) if action is not None else Found(fragment)
        if found.fragment != fragment:
            return found
        flags = [Candidate(flag, "flag") for flag in place.flags() if fits(flag, fragment)]
        flags.sort(key=lambda one: one.text in ("-h", "--help"))
        return Found(fragment, (*found.candidates, *flags))

    def _values(self, place: _Place, action: argparse.Action, fragment: str) -> Found:
        """What fits as the value of one argument, or as the part of it behind a colon."""
        if action.dest in REVISIONS:
            fragment = fragment.rpartition(":")[2]
        if fragment[:1] in ("$", "{"):
            return Found(fragment, tuple(self._variables(action, fragment)))
        every = self._of(place.verb, action, fragment)
        return Found(fragment, tuple(one for one in every if one.text.startswith(fragment)))

    def _of(self, verb: str, action: argparse.Action, fragment: str) -> Iterator[Candidate]:
        if action.choices:
            kind = "verb" if isinstance(action, argparse._SubParsersAction) else "word"
            yield from (Candidate(str(choice), kind) for choice in action.choices)
        elif action.dest in REVISIONS:
            yield from self._revisions(SYMBOLS.get(verb, ()), fragment)
        elif action.dest == "target":
            yield from (Candidate(name, "variable") for name in _databases(self._namespace()))
            yield from (Candidate(name, "file") for name in _FILES if Path(name).is_file())
        elif action.dest == "group":
            yield from (Candidate(name, "model cell") for name in self._groups())
        elif action.dest == "metadata":
            yield from (Candidate(name, "models") for name in model_names(self._namespace()))
        elif action.dest == "dialect":
            yield from (Candidate(name, "dialect") for name in DIALECTS)
        elif action.dest == "template":
            yield from (Candidate(name, "template") for name in _templates())

    def _revisions(self, symbols: tuple[str, ...], fragment: str) -> Iterator[Candidate]:
        yield from (Candidate(symbol, "target") for symbol in symbols)
        try:
            names = self._session.history_names()
        except Exception:  # whatever is wrong with the files is said by the verb, not while typing
            return
        for label in names.labels:
            yield Candidate(label, "branch")
            yield from (Candidate(f"{label}@{end}", "branch") for end in OF_A_BRANCH if end in symbols)
        yield from (Candidate(one, "revision") for one in names.ids if one.startswith(fragment))

    def _variables(self, action: argparse.Action, fragment: str) -> Iterator[Candidate]:
        """``$name`` and ``{name}``: what of the notebook, or for a database the environment, can stand."""
        opening, namespace = fragment[0], self._namespace()
        names: Iterable[str] = (
            name
            for name, value in namespace.items()
            if name[:1] != "_" and isinstance(value, (str, int, float)) and not isinstance(value, bool)
        )
        if action.dest == "target":
            urls = [name for name, value in os.environ.items() if "://" in value and opening == "$"]
            names = [*_databases(namespace), *sorted(urls)]
        close = "}" if opening == "{" else ""
        for name in names:
            text = f"{opening}{name}{close}"
            if text.startswith(fragment):
                yield Candidate(text, "variable")


class _Place:
    """Where in the grammar the cursor stands, after the words before it."""

    def __init__(self, parser: argparse.ArgumentParser, verb: str) -> None:
        self.verb = verb
        self.awaiting: argparse.Action | None = None
        self._used: set[str] = set()
        self._enter(parser)

    def _enter(self, parser: argparse.ArgumentParser) -> None:
        self.options: dict[str, argparse.Action] = parser._option_string_actions
        self._positionals = [action for action in parser._actions if not action.option_strings]

    @property
    def positional(self) -> argparse.Action | None:
        """The argument that comes next by its place."""
        return self._positionals[0] if self._positionals else None

    def read(self, word: str) -> None:
        """Take one whole word."""
        option, equals, _ = word.partition("=")
        action = self.options.get(option)
        if self.awaiting is not None and action is None:
            if self.awaiting.nargs not in ("+", "*"):
                self.awaiting = None
            return
        if action is not None:
            self._used.add(action.dest)
            takes_value = action.nargs != 0
            self.awaiting = action if takes_value and not equals else None
            return
        action = self.positional
        if action is None:
            return
        if isinstance(action, argparse._SubParsersAction):
            self._positionals = []
            if word in action.choices:
                self.verb = word
                self._enter(action.choices[word])
        elif action.nargs not in ("+", "*"):
            self._positionals.pop(0)

    def flags(self) -> list[str]:
        """The options that may still be given, those that repeat included."""
        repeats = argparse._AppendAction
        return [
            text
            for text, action in self.options.items()
            if action.dest not in self._used or isinstance(action, repeats)
        ]


def fits(flag: str, fragment: str) -> bool:
    """Whether a flag is to be offered: the long form always, the short one where a dash was typed."""
    return flag.startswith(fragment) and (flag.startswith("--") or fragment.startswith("-"))


def _databases(namespace: Mapping[str, Any]) -> list[str]:
    return [*engine_names(namespace), *address_names(namespace)]


def _templates() -> list[str]:
    from nbmigrate.config import Config
    from nbmigrate.script.environment_files import list_templates

    return [name for name, _ in list_templates(Config())]
