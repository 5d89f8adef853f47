"""What names a database in a line: a variable, the environment's, a file, a URL; looked up at every verb."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from nbmigrate.config import Config, find_project
from nbmigrate.errors import ConnectError
from nbmigrate.notebook.line import Argument, variable_in
from nbmigrate.notebook.metadata import lookup, worth_asking

__all__ = ["EMBEDDED", "Target", "address_names", "engine_names", "resolve"]

EMBEDDED = "sqlite:///nbmigrate.db"
SQLITE_FILE = b"SQLite format 3\0"
_NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


@dataclass(frozen=True)
class Target:
    """A database: something SQLAlchemy connects to, or a project's configuration file."""

    source: str
    database: Any = None
    config: Path | None = None

    @property
    def url(self) -> Any:
        """Its address, where it can be known: its secrets are kept out of messages."""
        if self.config is not None:
            return Config.from_files([str(self.config)]).get_main_option("sqlalchemy.url")
        database = self.database
        engine = getattr(database, "sync_engine", None) or getattr(database, "engine", database)
        return getattr(engine, "url", engine)


def resolve(argument: Argument | None, namespace: Mapping[str, Any], default: str = EMBEDDED) -> Target:
    """What a target names now; a one-line error where it names nothing.

    In this order: ``$NAME`` (a variable, else the environment's), the name of a variable, a configuration
    file, a URL.
    """
    if argument is None:
        project = find_project(Path.cwd())
        if project is not None:
            return Target(str(project), config=project)
        return Target("the default", default)
    text = argument.text
    name = variable_in(argument)
    if name is not None:
        return _from_variable(text, name, namespace)
    if _NAME.fullmatch(text) and text.partition(".")[0] in namespace:
        return Target(f"variable {text}", _engine(text, lookup(text, namespace)))
    if "://" in text:
        return Target("its URL", text)
    path = Path(text).expanduser()
    if path.is_dir() and find_project(path) is not None:
        path = find_project(path) or path
    if path.is_file():
        with path.open("rb") as file:
            first = file.read(len(SQLITE_FILE))
        if first == SQLITE_FILE:
            raise ConnectError(f"{text} is a database of SQLite: write sqlite:///{path}")
        return Target(str(path), config=path)
    if path.suffix in (".ini", ".toml"):
        raise ConnectError(f"No file {text} in {Path.cwd()}")
    raise ConnectError(_unknown(text, namespace))


def _from_variable(text: str, name: str, namespace: Mapping[str, Any]) -> Target:
    if name in namespace:
        return Target(f"variable {name}", _engine(name, namespace[name]))
    if text.startswith("$") and name in os.environ:
        return Target(f"environment variable {name}", os.environ[name])
    places = "neither the notebook nor the environment has a" if text[0] == "$" else "the notebook has no"
    raise ConnectError(f"{text}: {places} variable {name}")


def _engine(name: str, value: Any) -> Any:
    """A variable's value if one can connect to it: a text, a URL, an Engine, Connection or AsyncEngine."""
    from sqlalchemy.engine import URL, Connection, Engine

    if isinstance(value, (URL, Engine, Connection)) or (isinstance(value, str) and "://" in value):
        return value
    if isinstance(getattr(value, "sync_engine", None), Engine):
        return value
    bound = getattr(value, "engine", None)  # SQLModel's and Flask-SQLAlchemy's objects hold one
    if isinstance(bound, Engine):
        return bound
    what = "a text that is no URL" if isinstance(value, str) else f"of type {type(value).__name__}"
    raise ConnectError(f"{name} is {what}; a URL, an Engine, a Connection or an AsyncEngine is needed")


def engine_names(namespace: Mapping[str, Any]) -> list[str]:
    """The variables that hold engines and connections."""
    if "sqlalchemy" not in sys.modules:
        return []
    from sqlalchemy.engine import Connection, Engine

    return [
        key
        for key, value in list(namespace.items())
        if key[:1] != "_"
        and worth_asking(value)
        and (
            isinstance(value, (Engine, Connection)) or isinstance(getattr(value, "sync_engine", None), Engine)
        )
    ]


def address_names(namespace: Mapping[str, Any]) -> list[str]:
    """The variables that hold a database's address as text."""
    return [
        key
        for key, value in list(namespace.items())
        if key[:1] != "_" and isinstance(value, str) and "://" in value
    ]


def _unknown(text: str, namespace: Mapping[str, Any]) -> str:
    names = engine_names(namespace)
    near = get_close_matches(text, names, 1)
    if near:
        return f"The notebook has no variable {text}; did you mean {near[0]}?"
    known = f" Engines here: {', '.join(names)}." if names else ""
    return (
        f"{text} is no variable of this notebook, no file and no URL such as sqlite:///shop.db or "
        f"postgresql://user@host/name.{known}"
    )
