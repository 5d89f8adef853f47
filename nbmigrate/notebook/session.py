"""What a notebook's magics remember between cells: the name of a database and the name of the models.

Names only. Engines and models are looked up in the notebook's namespace at every verb, because re-running a
cell makes new ones; so is the project, because ``init`` may have made it a cell ago.
"""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from nbmigrate.config import Config, find_project
from nbmigrate.errors import CommandError, ConnectError
from nbmigrate.notebook.line import Argument, variable_in

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from nbmigrate.migrator import Migrator
    from nbmigrate.results import Connected
    from nbmigrate.script import ScriptDirectory

__all__ = ["EMBEDDED", "Session", "Target", "address_names", "engine_names", "find_metadata", "model_names"]

EMBEDDED = "sqlite:///nbmigrate.db"
DIRECTORY = "migrations"
SAVED_PASSWORD = (
    "the password in this line is saved with the notebook and in IPython's history: name a variable instead, "
    "of the environment (%migrate connect $DATABASE_URL) or of the notebook"
)
SANDBOX = (
    "a throw-away database in memory: up and down at will; %migrate sandbox again begins anew, "
    "%migrate sandbox --off goes back; its Engine is the variable sandbox"
)
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


@dataclass(frozen=True)
class HistoryNames:
    """The names in a history: branch labels, and the ids from the newest to the oldest."""

    labels: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


class Defaults(Protocol):
    """What holds where a notebook named nothing."""

    database: Any
    metadata: Any


class _NoDefaults:
    database = EMBEDDED
    metadata = ""


class NoModels(CommandError):
    """The notebook has no models, or several and none was named."""


class Session:
    """One notebook's connection and models, by name."""

    def __init__(self, namespace: Callable[[], Mapping[str, Any]], defaults: Defaults | None = None) -> None:
        self._namespace = namespace
        # cells and the widget's presses, which may come on a thread of their own, exclude each other
        self.lock = threading.RLock()
        self._defaults: Defaults = defaults or _NoDefaults()
        self._target: Argument | None = None
        self._asked: Argument | None = None  # the last that connect was asked for, reached or not
        # after a connect that failed, no verb may work on whatever was connected before
        self._connected = True
        self.metadata: str | None = None
        self.last_error: BaseException | None = None
        self._sandbox: Engine | None = None
        self._scripts: ScriptDirectory | None = None
        self._history_names = HistoryNames()

    def connect(self, target: Argument | None, metadata: str | None) -> Connected:
        """Remember a database and models by name, once it is clear that the database can be reached."""
        from nbmigrate.results import Connected

        if target is None and metadata is not None:
            target = self._target  # only the models are named anew
        self._asked, self._connected, self._sandbox = target, False, None
        found = self._resolve(target)
        card = _migrator(found, None).card()
        self._target, self.metadata, self._connected = target, metadata, True
        note = SAVED_PASSWORD if _holds_a_password(target) else ""
        return Connected(card.database, card.dialect, found.source, card.directory, metadata, note)

    def sandbox(self, *, off: bool = False) -> tuple[Connected, Engine | None]:
        """A new throw-away database in memory in place of the notebook's; ``off`` goes back to that one.

        The revisions are the project's. Returns what is connected now, and the sandbox's engine.
        """
        from nbmigrate.results import Connected

        self._sandbox = None if off else _in_memory()
        found = self._resolve(self._target)
        card = _migrator(found, None).card()
        note = SANDBOX if not off else ""
        said = Connected(card.database, card.dialect, found.source, card.directory, self.metadata, note)
        return said, self._sandbox

    def migrator(self) -> Migrator:
        """A ``Migrator`` for what the names stand for now, without models: for verbs that don't compare."""
        target = self._resolved()
        try:
            return self.with_models()[0]
        except CommandError:
            return _migrator(target, None)

    def with_models(self) -> tuple[Migrator, str | None]:
        """A ``Migrator`` with the notebook's models, and their name.

        Models that were named take the place of those of a project's env.py; models that were only found
        stand in where env.py has none, and then may be absent here: the name is None.
        """
        target = self._resolved()
        named = self.metadata or self._defaults.metadata or None
        try:
            name, metadata = find_metadata(named, self._namespace())
        except NoModels:
            if target.config is None or named is not None:
                raise
            return _migrator(target, None), None
        migrator = _migrator(target, metadata)
        migrator.metadata_wins = named is not None or target.config is None
        return migrator, name if migrator.metadata_wins else None

    def history_names(self) -> HistoryNames:
        """The ids and branch labels in the files as they are now; the database is not asked.

        Kept between calls, because completion asks at every key: only what has changed is read again.
        """
        from nbmigrate.migrator.core import config_of_folder
        from nbmigrate.script import ScriptDirectory

        target = self._resolve(self._target)
        if target.config is not None:
            config = Config.from_files([str(target.config)])
        else:
            config = config_of_folder(_directory())
            if not Path(config.get_alembic_option("script_location", "")).is_dir():
                return HistoryNames()
        found, kept = ScriptDirectory.of(config), self._scripts
        if kept is None or (kept.dir, kept.version_locations) != (found.dir, found.version_locations):
            self._scripts = kept = found
        if kept.refresh():
            newest_first = list(kept.walk_revisions())
            labels = sorted({label for one in newest_first for label in one.branch_labels or ()})
            self._history_names = HistoryNames(tuple(labels), tuple(one.revision for one in newest_first))
        return self._history_names

    def _resolved(self) -> Target:
        if not self._connected:
            raise ConnectError("no connection: the last %migrate connect failed; connect again first")
        return self._resolve(self._target)

    def _resolve(self, argument: Argument | None) -> Target:
        if self._sandbox is not None:
            return Target("sandbox", self._sandbox)
        return resolve(argument, self._namespace(), self._defaults.database)

    def scrub(self, text: str) -> str:
        """A message without the secrets of the remembered database, and of the one last asked for."""
        for argument in (self._target, self._asked):
            try:
                url = self._resolve(argument).url
            except CommandError:
                continue
            if url is not None:
                from nbmigrate.runtime.urls import scrub

                text = scrub(text, url)
        return text


def _holds_a_password(target: Argument | None) -> bool:
    """Whether a line holds a secret itself, in place of the name of a variable that does."""
    if target is None or "://" not in target.text:
        return False
    from nbmigrate.runtime.urls import secrets_of

    return bool(secrets_of(target.text))


def _in_memory() -> Engine:
    """SQLite in memory, on one connection that every thread may use: a widget's answers come on another."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool

    return create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})


def _migrator(target: Target, metadata: Any) -> Migrator:
    from nbmigrate.migrator import Migrator

    if target.config is not None:
        return Migrator.from_config(target.config, metadata=metadata, show_status=True)
    return Migrator(target.database, metadata=metadata, directory=_directory(), show_status=True)


def _directory() -> str:
    """Where revisions go for a database named without a project: the working folder's project says."""
    here = Path.cwd()
    project = find_project(here)
    if project is None or project.parent != here:
        return DIRECTORY
    location = Config.from_files([str(project)]).get_alembic_option("script_location")
    if not location:
        return DIRECTORY
    folder = Path(str(location))
    return str(folder.relative_to(here) if folder.is_relative_to(here) else folder)


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
        return Target(f"variable {text}", _engine(text, _lookup(text, namespace)))
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


def _lookup(name: str, namespace: Mapping[str, Any]) -> Any:
    """A dotted name's value, looked up from left to right."""
    first, *rest = name.split(".")
    if first not in namespace:
        near = get_close_matches(first, [key.partition(".")[0] for key, _ in _candidates(namespace)], 1)
        hint = f"; did you mean {near[0]}?" if near else ": run the cell that defines it first"
        raise CommandError(f"The notebook has no variable {first}{hint}")
    value = namespace[first]
    for position, part in enumerate(rest, 1):
        try:
            value = getattr(value, part)
        except AttributeError:
            raise CommandError(
                f"{'.'.join([first, *rest[: position - 1]])} has no attribute {part}"
            ) from None
    return value


def engine_names(namespace: Mapping[str, Any]) -> list[str]:
    """The variables that hold engines and connections."""
    if "sqlalchemy" not in sys.modules:
        return []
    from sqlalchemy.engine import Connection, Engine

    return [
        key
        for key, value in list(namespace.items())
        if key[:1] != "_"
        and _worth_asking(value)
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


def model_names(namespace: Mapping[str, Any]) -> list[str]:
    """The variables that hold models: declarative bases and MetaData objects."""
    return [key for key, _ in _candidates(namespace)] if "sqlalchemy" in sys.modules else []


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


def find_metadata(name: str | None, namespace: Mapping[str, Any]) -> tuple[str, Any]:
    """The notebook's models: by name, else the one declarative base or MetaData there is, with its name."""
    if name is not None:
        metadata = _metadata_of(_lookup(name, namespace))
        if metadata is None:
            kind = type(_lookup(name, namespace)).__name__
            raise CommandError(f"{name} is of type {kind}; a MetaData or a declarative base is needed")
        return name, metadata
    found = _candidates(namespace)
    if len(found) > 1:
        found = [(key, metadata) for key, metadata in found if metadata.tables] or found
    if not found:
        raise NoModels(
            "No models in this notebook: define a declarative base with models on it, or a MetaData with "
            "tables, and say which by %migrate connect --metadata NAME"
        )
    if len(found) > 1:
        names = [key for key, _ in found]
        raise NoModels(
            f"Several models in this notebook ({', '.join(names)}): say which by "
            f"%migrate connect --metadata {names[0]}"
        )
    return found[0]


def _candidates(namespace: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Names of MetaData objects and declarative bases, one for each MetaData; else of mapped classes."""
    bases: dict[int, tuple[str, Any]] = {}
    mapped: dict[int, tuple[str, Any]] = {}
    for key, value in list(namespace.items()):
        if key.startswith("_") or key in ("In", "Out"):
            continue
        if not isinstance(value, type) and not _worth_asking(value):
            continue
        metadata = _metadata_of(value)
        if metadata is None:
            continue
        if isinstance(value, type) and "__table__" in vars(value):
            mapped.setdefault(id(metadata), (f"{key}.metadata", metadata))
        else:
            bases.setdefault(id(metadata), (key, metadata))
    return list((bases or mapped).values())


def _worth_asking(value: Any) -> bool:
    """Whether an object may hold models; attributes of anything else are left alone: they may do work."""
    module = type(value).__module__.partition(".")[0]
    return module in ("sqlalchemy", "flask_sqlalchemy", "flask_sqlalchemy_lite")


def _metadata_of(value: Any) -> Any:
    """The MetaData that a value is or has, None without one."""
    from sqlalchemy import MetaData

    if isinstance(value, MetaData):
        return value
    held = getattr(value, "metadata", None)
    return held if isinstance(held, MetaData) else None
