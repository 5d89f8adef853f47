"""The two kinds of settings files: found, read and parsed, with what is wrong in them told by name.

Decoding, syntax and access fail here and nowhere else; what a key means is ``Config``'s.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from configparser import ConfigParser
from configparser import Error as ConfigParserError
from typing import TYPE_CHECKING, Any

from nbmigrate.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


def folder_of(path: str) -> str:
    """The folder of a file, absolute, as ``%(here)s`` has it: with slashes, and ``..`` kept."""
    if os.sep == "/" and os.path.normpath(path) == path:
        return os.path.dirname(os.path.join(os.getcwd(), path))
    from pathlib import Path  # takes longer to import than all the rest of this file

    return Path(path).absolute().parent.as_posix()


def read_ini(path: str, defaults: Mapping[str, str]) -> ConfigParser:
    """The parsed ini file, empty where there is none; ``ConfigError`` where it can't be read."""
    parser = ConfigParser(defaults)
    try:
        text = _text_of(path, "utf-8", "locale")
    except FileNotFoundError:
        return parser
    try:
        parser.read_string(text, source=path)
    except ConfigParserError as error:
        raise ConfigError(f"{path} is not a valid ini file: {' '.join(str(error).split())}") from error
    return parser


def read_toml(path: str) -> Mapping[str, Any]:
    """The table ``[tool.alembic]`` of a ``pyproject.toml``; ``ConfigError`` where it can't be read."""
    import tomllib

    try:
        table = tomllib.loads(_text_of(path, "utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from error
    for key in ("tool", "alembic"):
        found = table.get(key, {})
        if not isinstance(found, dict):
            name = "[tool.alembic]" if key == "alembic" else "[tool]"
            raise ConfigError(f"Incorrect TOML format: {name} in {path} is not a table")
        table = found
    return table


def _text_of(path: str, *encodings: str) -> str:
    """A file's text in the first encoding that fits; a file that isn't there is the caller's matter."""
    for encoding in encodings:
        try:
            with open(path, encoding=encoding) as file:
                return file.read()
        except FileNotFoundError:
            raise
        except OSError as error:
            raise ConfigError(f"Can't read {path}: {error.strerror}") from error
        except UnicodeDecodeError as error:
            wrong = error
    raise ConfigError(f"{path} can't be decoded ({wrong}): save it as UTF-8") from wrong


def find_project(start: Path) -> Path | None:
    """The configuration of the project that ``start`` lies in.

    ``alembic.ini``, or a ``pyproject.toml`` with ``[tool.alembic]``, in the folder or the nearest one above.
    """
    for folder in (start.absolute(), *start.absolute().parents):
        ini, toml = folder / "alembic.ini", folder / "pyproject.toml"
        if ini.is_file():
            return ini
        if toml.is_file() and _is_ours(toml):
            return toml
    return None


def _is_ours(toml: Path) -> bool:
    """Whether a ``pyproject.toml`` has settings for migrations, or would have if it could be read."""
    import tomllib

    try:
        data = toml.read_bytes()
    except OSError:
        return False
    try:
        tool = tomllib.loads(data.decode("utf-8")).get("tool", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return b"tool.alembic" in data
    return isinstance(tool, dict) and "alembic" in tool
