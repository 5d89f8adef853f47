"""What every verb stands on: configuration, scripts, the environment, and the database's position."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from nbmigrate import results
from nbmigrate.config import Config, as_boolean
from nbmigrate.errors import CommandError, ConnectError, ResolutionError, RevisionError
from nbmigrate.model.walk import reach
from nbmigrate.script import ScriptDirectory
from nbmigrate.script.files import Stamp

if TYPE_CHECKING:
    from nbmigrate.runtime.database import Database
    from nbmigrate.runtime.environment import EnvironmentContext
    from nbmigrate.runtime.migration import MigrationContext

Heads = tuple[str, ...]
Fn = Callable[[Heads, "MigrationContext"], Iterable[Any]]

NO_MODELS = (
    "there are no models to compare with: name them (metadata=Base.metadata; in a notebook "
    "%migrate connect ... --metadata Base; in env.py target_metadata = Base.metadata)"
)


class Position(NamedTuple):
    """Where a database stands: the ids in its version table, what it is called, what is unfinished there."""

    heads: Heads
    database: str
    dialect: str
    unfinished: str = ""


class Core:
    """Configuration and environment of one migrator; the verbs are added by the classes beside it.

    ``before_env`` is called once what a run needs is imported, before the environment runs. ``progress`` is
    called before each revision that runs or is replayed, and after the last: how many are done, of how many,
    and what comes now. It is called often; whoever shows it decides how often that is worth it.
    """

    before_env: Callable[[], object] | None = None
    progress: Callable[[int, int, str], object] | None = None

    def __init__(
        self,
        target: Any = "sqlite:///nbmigrate.db",
        *,
        metadata: Any = None,
        directory: str | os.PathLike[str] = "migrations",
        show_status: bool = False,
        **options: Any,
    ) -> None:
        from nbmigrate.runtime.database import Database

        self.database: Database | None = Database(target)
        self.metadata = metadata
        self.metadata_wins = metadata is not None
        self.show_status = show_status
        self.options: dict[str, Any] = options
        self.quiet = True
        self.config = config_of_folder(directory)

    @classmethod
    def from_config(
        cls,
        config: str | os.PathLike[str] | Config = "alembic.ini",
        *,
        metadata: Any = None,
        show_status: bool = False,
        quiet: bool = True,
    ) -> Self:
        """A migrator that runs a project's own env.py.

        ``config`` is a path to an ``alembic.ini`` or ``pyproject.toml``, or a ``Config``. ``metadata`` takes
        the place of env.py's ``target_metadata``.
        """
        self = cls.__new__(cls)
        self.database = None
        self.metadata = metadata
        self.metadata_wins = metadata is not None
        self.show_status = show_status
        self.options = {}
        self.quiet = quiet
        self.config = config if isinstance(config, Config) else Config.from_files([config])
        return self

    # what the verbs stand on

    @property
    def script(self) -> ScriptDirectory:
        """The migration environment's folder, as it is now."""
        return ScriptDirectory.of(self.config)

    @property
    def directory(self) -> str:
        """The folder of the migration environment, whether it exists or not."""
        return self.config.script_location

    def _environment(
        self,
        fn: Fn,
        script: ScriptDirectory | None = None,
        *,
        afterwards: Callable[[EnvironmentContext], None] | None = None,
        **opts: Any,
    ) -> EnvironmentContext:
        """Run the environment with ``fn``; what it configured and ran is in the returned object.

        ``afterwards`` is called when env.py has ended, while ``import alembic`` still means nbmigrate.
        """
        from nbmigrate.runtime.embedded import run_embedded, run_project
        from nbmigrate.runtime.environment import EnvironmentContext
        from nbmigrate.runtime.failure import migration_failed, tell_interrupted
        from nbmigrate.util.interrupts import allowed

        script = script or self._script_or_empty()
        opts = {**opts, "quiet": self.quiet, "progress": self.progress}
        if self.metadata is not None:
            opts.update(session_metadata=metadata_of(self.metadata), session_metadata_wins=self.metadata_wins)
        if self.before_env is not None:
            self.before_env()
        with EnvironmentContext(self.config, script, fn=fn, **opts) as environment:
            try:
                with allowed():
                    if self.database is None:
                        run_project(environment)
                    else:
                        run_embedded(environment, self.database, self.options)
                    if not environment.contexts:
                        warnings.warn(
                            f"{script.env_py_location} did not call context.configure(): nothing was run, "
                            "and no database was looked at",
                            stacklevel=3,
                        )
                    if afterwards is not None:
                        afterwards(environment)
            except ResolutionError as error:
                raise with_whereabouts(error, script) from None
            except KeyboardInterrupt as stopped:
                tell_interrupted(stopped)
                raise
            except (Exception, SystemExit) as error:
                told = migration_failed(error, environment)
                if told is error:
                    raise
                raise told from error
        return environment

    def _look_offline_if_unreachable(self, look: Fn, script: ScriptDirectory) -> None:
        """Look, changing nothing; what the files say can be told without their database."""
        try:
            self._environment(look, script, dont_mutate=True)
        except ConnectError:
            from io import StringIO

            self._environment(look, script, dont_mutate=True, as_sql=True, output_buffer=StringIO())

    def _always_runs_env(self) -> bool:
        """``revision_environment``: env.py runs for every file that is written."""
        key = "revision_environment"
        return as_boolean(self.config.get_alembic_option(key), key)

    def _script_or_empty(self) -> ScriptDirectory:
        """The folder's scripts; a database named without a project may not have a folder yet."""
        if self.database is not None and not os.path.isdir(self.directory):
            return AbsentScripts(self.directory)
        return self.script

    def _position(self, script: ScriptDirectory) -> Position:
        """Where the database stands, without changing it; of several the first."""
        return self._positions(script)[0]

    def _positions(self, script: ScriptDirectory) -> list[Position]:
        """Where each database that env.py serves stands, without changing any; at least one."""
        found: list[Position] = []

        def look(heads: Heads, context: MigrationContext) -> tuple[()]:
            unfinished = context.unfinished(heads)
            told = f"{unfinished}; {unfinished.ways_out}" if unfinished is not None else ""
            found.append(Position(heads, self._database_of(context), context.dialect.name, told))
            return ()

        environment = self._environment(look, script, dont_mutate=True)
        return found or [Position((), self._name(environment), self._dialect(environment))]

    def _position_if_shown(self, script: ScriptDirectory) -> Position | None:
        return self._position(script) if self.show_status else None

    def _name(self, environment: EnvironmentContext) -> str:
        """What the database of a run is called; its last one, where env.py served several."""
        return self._database_of(environment.contexts[-1] if environment.contexts else None)

    def _database_of(self, context: MigrationContext | None) -> str:
        """What the database of a context is called, in words where it has no address."""
        return self._name_of(context) or "the database of env.py"

    def _name_of(self, context: MigrationContext | None) -> str:
        """The address without its secrets; empty where only text is written."""
        from nbmigrate.runtime.urls import safe_url

        if self.database is not None:
            return self.database.name
        connection = context.connection if context is not None else None
        return safe_url(connection.engine.url) if connection is not None else ""

    def _dialect(self, environment: EnvironmentContext) -> str:
        return environment.contexts[-1].dialect.name if environment.contexts else "unknown"


def models_of(context: MigrationContext) -> Any:
    """The models that a run compares with; ``CommandError`` where there are none."""
    metadata = context.opts.get("target_metadata")
    if metadata is None:
        raise CommandError(NO_MODELS)
    return metadata


class AbsentScripts(ScriptDirectory):
    """A migration environment that is not there yet: a history without revisions."""

    def __init__(self, directory: str) -> None:
        super().__init__(os.curdir)
        self.dir = directory

    def _files(self) -> Iterator[tuple[str, Stamp]]:
        return iter(())


def config_of_folder(directory: str | os.PathLike[str]) -> Config:
    """The configuration of a database that was named without a project: its folder, and an ini beside it."""
    from pathlib import Path

    folder = Path(directory)
    ini = folder.resolve().parent / "alembic.ini"
    config = Config(str(ini)) if ini.is_file() else Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config


def metadata_of(named: Any) -> Any:
    """The MetaData of what was named as the models: itself, a declarative base, or a list of them."""
    if isinstance(named, (list, tuple)):
        return [metadata_of(item) for item in named]
    return getattr(named, "metadata", named)


def applied_ids(script: ScriptDirectory, place: Position | None) -> set[str] | None:
    """The ids of every revision that a position includes; None where no database was asked."""
    if place is None:
        return None
    known, _ = known_ids(script, place.heads)
    return reach(known, script.revision_map.structure.needs)


def known_ids(script: ScriptDirectory, heads: Heads) -> tuple[Heads, Heads]:
    """The stored ids that have a file, and those that have none."""
    known, missing = [], []
    for item in heads:
        try:
            found = script.get_revision(item)
        except RevisionError:
            found = None
        if found is None:
            missing.append(item)
        else:
            known.append(found.revision)
    return tuple(known), tuple(missing)


def refuse_lost(script: ScriptDirectory, rows: Heads) -> None:
    """Raise ``ResolutionError`` where the version table names a revision that no file has."""
    from nbmigrate.model.plan import check_rows

    try:
        check_rows(script.revision_map, rows)
    except ResolutionError as error:
        raise with_whereabouts(error, script) from None


def with_whereabouts(error: ResolutionError, script: ScriptDirectory) -> ResolutionError:
    """The same error; what is known of the file is told with it, if the id is one that a database holds."""
    if error.stored and (told := lost_file(script, str(error.argument))):
        error.args = (f"{error}. {told}",)
        error.stored = False
    return error


def lost_file(script: ScriptDirectory, revision: str) -> str:
    """Where the file of a stored id without a file may be; empty where nothing is known."""
    from nbmigrate.script.lost import whereabouts

    return whereabouts(revision, script._folders)


def revision_info(
    revision: Any, place: Position | None = None, applied: set[str] | None = None
) -> results.RevisionInfo:
    """A script as a value; ``applied`` are the ids that the database has, None where it was not asked."""
    status: results.Status = "unknown"
    if applied is not None:
        status = "applied" if revision.revision in applied else "pending"
    return results.RevisionInfo(
        id=revision.revision,
        down_revision=ids(revision.down_revision),
        depends_on=ids(revision.dependencies),
        branch_labels=tuple(sorted(revision.branch_labels or ())),
        message=revision.doc or "",
        path=revision.path,
        created=revision.create_date,
        is_head=revision.is_head,
        is_base=revision.is_base,
        is_branch_point=revision.is_branch_point,
        is_merge_point=revision.is_merge_point,
        is_current=place is not None and revision.revision in place.heads,
        status=status,
    )


def ids(value: str | Iterable[str] | None) -> tuple[str, ...]:
    """None, one id or several as a tuple."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def source_of(revision: Any) -> str:
    """The text of a revision's file."""
    with open(revision.path, encoding="utf-8", errors="replace") as stream:
        return stream.read()
