"""``Config``: what ``alembic.ini`` and ``[tool.alembic]`` in ``pyproject.toml`` say.

Alembic's documented class by names and rules: the ini file's main section wins over the toml table;
``%(here)s`` and ``config_args`` are filled in in both, a literal percent sign is doubled in both. The files
are read on first use, so that a ``Config()`` made in memory costs nothing and needs no file. The command line
is not here (``cli.py``): a ``Config`` is a value that any door can make.
"""

from __future__ import annotations

import os
import re
import sys
import warnings
from collections.abc import Mapping, Sequence
from configparser import ConfigParser
from configparser import Error as ConfigParserError
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, TextIO, TypedDict, overload

from nbmigrate.config.files import find_project, folder_of, read_ini, read_toml
from nbmigrate.errors import ConfigError

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path

__all__ = ["Config", "MessagingOptions", "PostWriteHookConfig", "as_boolean", "find_project"]

PostWriteHookConfig = Mapping[str, str]

_SEPARATORS = {"space": " ", "newline": "\n", "os": os.pathsep, ":": ":", ";": ";"}
_SPACE_COMMA = re.compile(r", *| +")
_SPACE_COMMA_COLON = re.compile(r", *| +|:")
_TRUE = ("true", "yes", "on", "y", "t", "1")
_FALSE = ("false", "no", "off", "n", "f", "0")


class MessagingOptions(TypedDict, total=False):
    """How status lines are printed."""

    quiet: bool


class Config:
    """The settings of one migration environment.

    ``file_`` is an ini file, ``toml_file`` a ``pyproject.toml``; either, both or none may be given, and a
    file that does not exist counts as empty. ``attributes`` carries live objects (connections, engines,
    metadata) into ``env.py``.
    """

    def __init__(
        self,
        file_: str | os.PathLike[str] | None = None,
        toml_file: str | os.PathLike[str] | None = None,
        ini_section: str = "alembic",
        output_buffer: TextIO | None = None,
        stdout: TextIO | None = None,
        cmd_opts: Namespace | None = None,
        config_args: Mapping[str, Any] | None = None,
        attributes: dict[str, Any] | None = None,
    ) -> None:
        self.config_file_name = os.fspath(file_) if file_ else None
        self.toml_file_name = os.fspath(toml_file) if toml_file else None
        self.config_ini_section = ini_section
        self.output_buffer = output_buffer
        self.cmd_opts = cmd_opts
        self.config_args: dict[str, Any] = dict(config_args or {})
        self.toml_args: dict[str, Any] = dict(config_args or {})
        self.attributes: dict[str, Any] = dict(attributes or {})
        self._stdout = stdout
        self._toml_was_named = False

    @classmethod
    def from_files(
        cls,
        paths: Sequence[str | os.PathLike[str]] | None = None,
        ini_section: str = "alembic",
        cmd_opts: Namespace | None = None,
    ) -> Config:
        """The settings in the named files: at most one ini file and one ``pyproject.toml``.

        Without names ``ALEMBIC_CONFIG``, else ``alembic.ini`` and ``pyproject.toml`` in the working folder.
        Raises ``ConfigError`` for two of a kind.
        """
        named = [os.fspath(path) for path in paths or ()]
        if not named:
            default = os.environ.get("ALEMBIC_CONFIG")
            named = [default] if default else ["alembic.ini", "pyproject.toml"]
        toml = [path for path in named if os.path.basename(path) == "pyproject.toml"]
        ini = [path for path in named if path not in toml]
        if len(ini) > 1:
            raise ConfigError(f"only one ini file may be indicated, not {', '.join(ini)}")
        if len(toml) > 1:
            raise ConfigError(f"pyproject.toml indicated more than once: {', '.join(toml)}")
        found = cls(
            ini[0] if ini else "alembic.ini",
            toml[0] if toml else "pyproject.toml",
            ini_section=ini_section,
            cmd_opts=cmd_opts,
        )
        found._toml_was_named = bool(toml) and named != ["alembic.ini", "pyproject.toml"]
        return found

    @property
    def stdout(self) -> TextIO:
        """Where status lines go: what was given, else ``sys.stdout`` as it is now, not at import."""
        return self._stdout if self._stdout is not None else sys.stdout

    @stdout.setter
    def stdout(self, stream: TextIO) -> None:
        self._stdout = stream

    def print_stdout(self, text: str, *arg: Any) -> None:
        """Print a line, formatted with ``arg`` where given; nothing when quiet."""
        if self.messaging_opts.get("quiet"):
            return
        line = str(text) % arg if arg else str(text)
        stream = self.stdout
        encoding = getattr(stream, "encoding", None) or "utf-8"
        stream.write(line.encode(encoding, "replace").decode(encoding))
        stream.write("\n")

    @cached_property
    def messaging_opts(self) -> MessagingOptions:
        """``{"quiet": ...}`` from the command line."""
        return {"quiet": bool(getattr(self.cmd_opts, "quiet", False))}

    # -- the files

    @property
    def _config_file_path(self) -> Path | None:
        from pathlib import Path

        return None if self.config_file_name is None else Path(self.config_file_name)

    @property
    def _toml_file_path(self) -> Path | None:
        from pathlib import Path

        return None if self.toml_file_name is None else Path(self.toml_file_name)

    @cached_property
    def file_config(self) -> ConfigParser:
        """The parsed ini file; without a file, an empty main section."""
        path = self.config_file_name
        self.config_args["here"] = folder_of(path) if path else "."
        defaults = {name: str(value) for name, value in self.config_args.items()}
        defaults["here"] = defaults["here"].replace("%", "%%")
        if getattr(self.cmd_opts, "verbose", False):
            said = f"Loading config from file: {path}" if path else "No config file provided"
            import logging  # with what it needs, only where it is heard

            logging.getLogger("alembic.config").info(said)
        if path is not None:
            return read_ini(path, defaults)
        parser = ConfigParser(defaults)
        parser.add_section(self.config_ini_section)
        return parser

    @cached_property
    def toml_alembic_config(self) -> Mapping[str, Any]:
        """The table ``[tool.alembic]``; empty where there is none."""
        path = self.toml_file_name
        if path is None or not os.path.exists(path):
            return {}
        self.toml_args["here"] = folder_of(path)
        return read_toml(path)

    def get_template_directory(self) -> str:
        """The folder with the templates of ``init``; a subclass may have one of its own."""
        return os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "templates")

    # -- ini only

    @overload
    def get_section(self, name: str, default: None = ...) -> dict[str, str] | None: ...
    @overload
    def get_section(self, name: str, default: dict[str, str]) -> dict[str, str]: ...
    @overload
    def get_section(self, name: str, default: Mapping[str, str]) -> Mapping[str, str]: ...
    def get_section(self, name: str, default: Mapping[str, str] | None = None) -> Mapping[str, str] | None:
        """All options of an ini section, or ``default`` where there is no such section."""
        if not self.file_config.has_section(name):
            return default
        return {key: self._ini_value(name, key) for key in self.file_config.options(name)}

    def set_main_option(self, name: str, value: str) -> None:
        """Set an option of the main section, in memory; a literal ``%`` is written ``%%``."""
        self.set_section_option(self.config_ini_section, name, value)

    def remove_main_option(self, name: str) -> None:
        """Forget an option of the main section."""
        self.file_config.remove_option(self.config_ini_section, name)

    def set_section_option(self, section: str, name: str, value: str) -> None:
        """Set an option of any ini section, making the section where needed."""
        if not self.file_config.has_section(section):
            self.file_config.add_section(section)
        try:
            self.file_config.set(section, name, value)
        except ValueError as error:
            raise ConfigError(
                f"Option {name!r} can't be {value!r}: write a literal percent sign as %%"
            ) from error

    def get_section_option(self, section: str, name: str, default: str | None = None) -> str | None:
        """An option of an ini section; a section that is missing is an error."""
        if not self.file_config.has_section(section):
            raise ConfigError(
                f"No config file {self.config_file_name!r} found, or file has no '[{section}]' section"
            )
        if self.file_config.has_option(section, name):
            return self._ini_value(section, name)
        return default

    @overload
    def get_main_option(self, name: str, default: str) -> str: ...
    @overload
    def get_main_option(self, name: str, default: str | None = None) -> str | None: ...
    def get_main_option(self, name: str, default: str | None = None) -> str | None:
        """An option of the main ini section; the toml file is not asked."""
        return self.get_section_option(self.config_ini_section, name, default)

    def _ini_value(self, section: str, name: str) -> str:
        try:
            return self.file_config.get(section, name)
        except ConfigParserError as error:
            raise ConfigError(
                f"Option {name!r} in section [{section}] of {self.config_file_name}: "
                f"{' '.join(str(error).split())} (a literal percent sign is written %%)"
            ) from error

    # -- ini, then toml

    @overload
    def get_alembic_option(self, name: str, default: str) -> str: ...
    @overload
    def get_alembic_option(self, name: str, default: str | None = None) -> str | None: ...
    def get_alembic_option(self, name: str, default: str | None = None) -> Any:
        """An option of the main ini section, else of ``[tool.alembic]``.

        From toml it may be a list, a table or a number too.
        """
        if self.file_config.has_option(self.config_ini_section, name):
            return self._ini_value(self.config_ini_section, name)
        return self._get_toml_config_value(name, default)

    def get_alembic_boolean_option(self, name: str) -> bool:
        """A switch: exactly ``true`` in ini, a real boolean in toml."""
        if self.file_config.has_option(self.config_ini_section, name):
            return self._ini_value(self.config_ini_section, name) == "true"
        value = self.toml_alembic_config.get(name, False)
        if not isinstance(value, bool):
            raise ConfigError(f"boolean value expected for TOML parameter {name!r}")
        return value

    def _get_toml_config_value(self, name: str, default: Any = None) -> Any:
        table = self.toml_alembic_config
        if name not in table:
            return default
        return self._filled_in(name, table[name])

    def _filled_in(self, name: str, value: Any) -> Any:
        if isinstance(value, str):
            try:
                return value % self.toml_args
            except (KeyError, ValueError, TypeError) as error:
                raise ConfigError(
                    f"TOML parameter {name!r} can't be read from {value!r}: {error} "
                    "(a literal percent sign is written %%)"
                ) from error
        if isinstance(value, list):
            return [self._filled_in(name, item) for item in value]
        if isinstance(value, dict):
            return {key: self._filled_in(name, item) for key, item in value.items()}
        if isinstance(value, int):
            return value
        raise ConfigError(f"unsupported TOML value type for key: {name!r}")

    @property
    def script_location(self) -> str:
        """The folder of the migration environment; ``ConfigError`` says where it should have been named."""
        # the other file would answer for the one that was asked for
        value: Any = None if self._toml_is_lost else self.get_alembic_option("script_location")
        if value and not isinstance(value, str):
            raise ConfigError(f"script_location is {value!r}, not the path of a folder")
        if not value or not value.strip():
            raise ConfigError(
                f"No 'script_location' key found in configuration{self._where_it_is_missing()}; "
                "'init' creates a migration environment"
            )
        return str(value)

    @property
    def _toml_is_lost(self) -> bool:
        """Whether a ``pyproject.toml`` was asked for by name and is not there."""
        return self._toml_was_named and not os.path.exists(self.toml_file_name or "")

    def _where_it_is_missing(self) -> str:
        ini, section = self.config_file_name, self.config_ini_section
        if self._toml_is_lost:
            return f": there is no {self.toml_file_name} in {os.getcwd()}"
        if self.toml_alembic_config:
            return f": it is missing in [tool.alembic] of {self.toml_file_name}"
        if ini is None:
            return ""
        if not os.path.exists(ini):
            return f": there is no {ini} in {os.getcwd()}"
        if self.file_config.has_section(section):
            return f": it is missing in section [{section}] of {ini}"
        there = ", ".join(f"[{name}]" for name in self.file_config.sections()) or "none"
        return f": {ini} has no section [{section}] (its sections: {there})"

    # -- lists

    def get_version_locations_list(self) -> list[str] | None:
        """The folders with revisions, where the configuration names them."""
        return self._path_list(
            "version_locations", ("path_separator", "version_path_separator"), _SPACE_COMMA, "spaces/commas"
        )

    def get_prepend_sys_paths_list(self) -> list[str] | None:
        """What is to stand at the front of ``sys.path`` while ``env.py`` and revisions run."""
        return self._path_list(
            "prepend_sys_path", ("path_separator",), _SPACE_COMMA_COLON, "spaces, commas, and colons"
        )

    def _path_list(
        self, name: str, separators: tuple[str, ...], legacy: re.Pattern[str], legacy_words: str
    ) -> list[str] | None:
        text = None
        if self.file_config.has_option(self.config_ini_section, name):
            text = self._ini_value(self.config_ini_section, name)
        if not text:
            value: list[str] | None = self._get_toml_config_value(name)
            return value
        separator = self._separator(separators)
        if separator is None:
            warnings.warn(
                f"No path_separator found in configuration; falling back to legacy splitting on "
                f"{legacy_words} for {name}.  Consider adding path_separator=os to Alembic config.",
                DeprecationWarning,
                stacklevel=3,
            )
            return legacy.split(text)
        return [part.strip() for part in text.split(separator) if part.strip()]

    def _separator(self, names: tuple[str, ...]) -> str | None:
        for name in names:
            word = self.get_main_option(name)
            if word is None:
                continue
            if word not in _SEPARATORS:
                raise ConfigError(
                    f"'{word}' is not a valid value for {name}; expected 'space', 'newline', 'os', ':', ';'"
                )
            if name == "version_path_separator":
                warnings.warn(
                    "The version_path_separator configuration parameter is deprecated; "
                    "please use path_separator",
                    DeprecationWarning,
                    stacklevel=4,
                )
            return _SEPARATORS[word]
        return None

    def get_hooks_list(self) -> list[PostWriteHookConfig]:
        """The post-write hooks, each with its settings and its name under ``_hook_name``."""
        if not self.file_config.has_section("post_write_hooks"):
            return [
                {**{k: v for k, v in hook.items() if k != "name"}, "_hook_name": hook["name"]}
                for hook in self._get_toml_config_value("post_write_hooks", [])
            ]
        section = self.get_section("post_write_hooks", {})
        names = [n for n in _SPACE_COMMA.split(section.get("hooks", "")) if n]
        return [
            {
                "_hook_name": name,
                **{k[len(name) + 1 :]: v for k, v in section.items() if k.startswith(f"{name}.")},
            }
            for name in names
        ]


def as_boolean(value: Any, key: str = "") -> bool:
    """A truthy word as a boolean, as ``revision_environment`` has it; anything else is an error."""
    if not isinstance(value, str):
        return bool(value)
    word = value.strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ConfigError(f"{key}{': ' if key else ''}String is not true/false: {value!r}")


def __getattr__(name: str) -> Any:
    """The command line by Alembic's names: it stands above, so it is imported when it is asked for."""
    if name in ("CommandFunction", "CommandLine", "main"):
        return getattr(import_module("nbmigrate.commandline"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
