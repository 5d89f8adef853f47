"""``init``: the files of a new migration environment, in Alembic's format.

What is there already stays as it is and is reported so; running it again changes nothing. Templates are
folders under ``nbmigrate/templates``; a ``.mako`` in the name of a settings file says that it is rendered,
``script.py.mako`` is copied, since it is the environment's own template.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from nbmigrate.config import Config
from nbmigrate.errors import CommandError, ConfigError
from nbmigrate.model.identifiers import did_you_mean
from nbmigrate.script.write import render_template, write_text

# a template takes the files that it has not itself from these, the last first
_BASED_ON: dict[str, tuple[str, ...]] = {
    "async": ("generic",),
    "multidb": ("generic",),
    "notebook": ("generic",),
    "pyproject": ("generic",),
    "pyproject_async": ("generic", "async", "pyproject"),
}
State = Literal["created", "unchanged", "extended"]
PLACEHOLDER_URL = "driver://user:pass@localhost/dbname"


def list_templates(config: Config | None = None) -> list[tuple[str, str]]:
    """The templates of ``init``: name, and the first line of its README."""
    folder = Path((config or Config()).get_template_directory())
    return [
        (path.name, (path / "README").read_text(encoding="utf-8").partition("\n")[0])
        for path in sorted(folder.iterdir())
        if (path / "README").is_file()
    ]


def init_environment(
    config: Config,
    directory: str | os.PathLike[str],
    template: str = "generic",
    package: bool = False,
    sqlalchemy_url: str | None = None,
) -> list[tuple[str, State]]:
    """Write the migration environment; gives each file with what became of it.

    The settings file is the configuration's own (``config_file_name``), or ``alembic.ini`` beside the folder.
    A folder that holds something else is refused; one that is a migration environment is completed.
    """
    folder = Path(directory)
    sources = _template_files(config, template)
    if folder.exists() and not folder.is_dir():
        raise CommandError(f"{folder} is a file; 'init' needs a folder")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "env.py").is_file():
        raise CommandError(f"Directory {folder} already exists and is not empty")
    done: list[tuple[str, State]] = []
    with _whole_or_not_at_all(folder / "versions", done):
        for path in sources:
            if path.name == "alembic.ini.mako":
                done.append(_ini(config, folder, path, sqlalchemy_url))
            elif path.name == "pyproject.toml.mako":
                done.append(_pyproject(config, folder, path))
            else:
                done.append(_copy(path, folder / path.name))
        if package:
            done += [_written(path / "__init__.py", "") for path in (folder, folder / "versions")]
    return done


@contextmanager
def _whole_or_not_at_all(folder: Path, done: Sequence[tuple[str, State]]) -> Iterator[None]:
    """Make a folder for a block; where the block fails, take back what has been made."""
    absent = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CommandError(f"Can't make the folder {folder}: {error.strerror or error}") from error
        yield
    except BaseException:
        for name, state in done:
            if state == "created":
                Path(name).unlink(missing_ok=True)
        for path in absent:
            with suppress(OSError):
                path.rmdir()
        raise


def _template_files(config: Config, name: str) -> list[Path]:
    templates = dict(list_templates(config))
    if name not in templates:
        raise CommandError(
            f"No such template '{name}'{did_you_mean(name, templates)}; there are {', '.join(templates)}"
        )
    found: dict[str, Path] = {}
    for folder in (*_BASED_ON.get(name, ()), name):
        if folder in templates:
            files = Path(config.get_template_directory(), folder).iterdir()
            found.update((path.name, path) for path in files if path.is_file() and path.suffix != ".pyc")
    return [found[key] for key in sorted(found)]


def _ini(config: Config, folder: Path, template: Path, url: str | None) -> tuple[str, State]:
    path = (config._config_file_path or Path("alembic.ini")).absolute()
    if path.exists():
        return str(path), "unchanged"
    values = {
        "script_location": _location(folder, path.parent),
        "sqlalchemy_url": (url or PLACEHOLDER_URL).replace("%", "%%"),
    }
    return _written(path, render_template(template, values))


def _pyproject(config: Config, folder: Path, template: Path) -> tuple[str, State]:
    path = (config._toml_file_path or Path("pyproject.toml")).absolute()
    location = _location(folder, path.parent).replace("\\", "\\\\").replace('"', '\\"')
    text = render_template(template, {"script_location": location})
    if not path.exists():
        return _written(path, text)
    present = path.read_text(encoding="utf-8")
    try:
        tables = tomllib.loads(present).get("tool", {})
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from error
    if "alembic" in tables:
        return str(path), "unchanged"
    write_text(path, f"{present}\n\n{text}")
    return str(path), "extended"


def _location(folder: Path, start: Path) -> str:
    """``script_location``: from the settings file's folder, or absolute where it was given so."""
    if folder.is_absolute():
        return folder.as_posix().replace("%", "%%")
    relative = os.path.relpath(folder.absolute(), start)
    return "%(here)s/" + Path(relative).as_posix().replace("%", "%%")


def _copy(source: Path, target: Path) -> tuple[str, State]:
    return _written(target, source.read_text(encoding="utf-8"))


def _written(path: Path, text: str) -> tuple[str, State]:
    if path.exists():
        return str(path), "unchanged"
    write_text(path, text)
    return str(path), "created"
