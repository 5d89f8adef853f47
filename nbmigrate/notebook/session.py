"""What a notebook's magics remember between cells: the name of a database and the name of the models.

Names only. Engines and models are looked up in the notebook's namespace at every verb, because re-running a
cell makes new ones; so is the project, because ``init`` may have made it a cell ago.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from nbmigrate.config import Config, find_project
from nbmigrate.errors import CommandError, ConnectError
from nbmigrate.notebook.line import Argument
from nbmigrate.notebook.metadata import NoModels, find_metadata
from nbmigrate.notebook.targets import EMBEDDED, Target, resolve

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from nbmigrate.migrator import Migrator
    from nbmigrate.results import Connected
    from nbmigrate.script import ScriptDirectory

__all__ = ["Session"]

DIRECTORY = "migrations"
SAVED_PASSWORD = (
    "the password in this line is saved with the notebook and in IPython's history: name a variable instead, "
    "of the environment (%migrate connect $DATABASE_URL) or of the notebook"
)
SANDBOX = (
    "a throw-away database in memory: up and down at will; %migrate sandbox again begins anew, "
    "%migrate sandbox --off goes back; its Engine is the variable sandbox"
)
_NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


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
        self._of_jupysql = False
        self.metadata: str | None = None
        self.last_error: BaseException | None = None
        self._sandbox: Engine | None = None
        self._scripts: ScriptDirectory | None = None
        self._history_names = HistoryNames()

    def connect(self, target: Argument | None, metadata: str | None, *, jupysql: bool = False) -> Connected:
        """Remember a database and models by name, once it is clear that the database can be reached.

        With ``jupysql`` and no target it is JupySQL's current connection, whichever that is at each verb;
        with a target, JupySQL's current connection becomes this one.
        """
        from nbmigrate.results import Connected

        taken = jupysql and target is None
        if target is None and metadata is not None and not jupysql:
            target, taken = self._target, self._of_jupysql  # only the models are named anew
        self._asked, self._connected, self._sandbox = target, False, None
        self._of_jupysql = taken
        found = self._resolve(target)
        card = _migrator(found, None).card()
        notes = [SAVED_PASSWORD] if _holds_a_password(target) else []
        if metadata is not None and metadata.partition(".")[0] not in self._namespace():
            notes.append(f"the notebook has no {metadata} yet: it is looked up by that name at every verb")
        if jupysql and not taken:
            from nbmigrate.notebook.jupysql import share

            notes.append(f"%sql speaks to this database too; %sql {share(found)} comes back to it")
        self._target, self.metadata, self._connected = target, metadata, True
        note = "; ".join(notes)
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
        if self._of_jupysql and argument is None:
            from nbmigrate.notebook.jupysql import current_engine

            return Target("JupySQL's current connection", current_engine())
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
