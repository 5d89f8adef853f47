"""Post-write hooks: tools that go over a revision file when it has been written.

Three kinds come with Alembic's configuration (``console_scripts``, ``exec``, ``module``); ``register`` adds
others. A tool that exits with an error is an error here: the file stays, and the message says so.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from nbmigrate.errors import CommandError

REVISION_SCRIPT_TOKEN = "REVISION_SCRIPT_FILENAME"

Hook = Callable[[str, dict[str, str]], Any]
_F = TypeVar("_F", bound=Callable[..., Any])

# filled by ``register`` while modules are imported, as Alembic's documented decorator has it
_registry: dict[str, Hook] = {}


def register(name: str) -> Callable[[_F], _F]:
    """Register a function ``(path, options)`` as the hook type ``name``."""

    def registered(hook: _F) -> _F:
        _registry[name] = hook
        return hook

    return registered


def check_hooks(hooks: Sequence[Mapping[str, str]]) -> None:
    """Refuse hooks that could not be run, before there is a file."""
    for hook in hooks:
        name = hook["_hook_name"]
        if "type" not in hook:
            raise CommandError(
                f"Key '{name}.type' (or 'type' in toml) is required for post write hook '{name}'"
            )
        if hook["type"] not in _registry:
            raise CommandError(
                f"No formatter with name '{hook['type']}' registered; "
                f"there are {', '.join(sorted(_registry))}"
            )
        if tool := _TOOLS.get(hook["type"]):
            tool(hook)


def run_hooks(path: str | os.PathLike[str], hooks: Sequence[Mapping[str, str]]) -> None:
    """Run the configured hooks over a revision file, in their order."""
    check_hooks(hooks)
    for hook in hooks:
        _registry[hook["type"]](os.fspath(path), dict(hook))


def _required(options: Mapping[str, str], key: str) -> str:
    if key not in options:
        name = options["_hook_name"]
        raise CommandError(f"Key {name}.{key} is required for post write hook '{name}'")
    return options[key]


def _arguments(options: str, path: str) -> list[str]:
    if REVISION_SCRIPT_TOKEN not in options:
        options = f"{REVISION_SCRIPT_TOKEN} {options}"
    words = shlex.split(options, posix=os.name == "posix")
    return [word.replace(REVISION_SCRIPT_TOKEN, path) for word in words]


def _run(path: str, options: Mapping[str, str], command: list[str]) -> None:
    name = options["_hook_name"]
    call = [*command, *_arguments(options.get("options", ""), path)]
    try:
        done = subprocess.run(
            call, cwd=options.get("cwd") or None, capture_output=True, text=True, errors="replace"
        )
    except OSError as error:
        raise CommandError(f"Post write hook '{name}' can't be run: {error}; {path} is written") from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise CommandError(
            f"Post write hook '{name}' failed with exit code {done.returncode}; {path} is written"
            + (f": {said}" if said else "")
        )


def _entry_point(options: Mapping[str, str]) -> importlib.metadata.EntryPoint:
    name = _required(options, "entrypoint")
    found = [e for e in importlib.metadata.entry_points(group="console_scripts") if e.name == name]
    if not found:
        raise CommandError(f"Could not find entrypoint console_scripts.{name}")
    return found[0]


def _executable(options: Mapping[str, str]) -> str:
    name = _required(options, "executable")
    if shutil.which(name) is None and not Path(name).exists():
        raise CommandError(f"Post write hook '{options['_hook_name']}': no executable {name}")
    return name


def _module(options: Mapping[str, str]) -> str:
    name = _required(options, "module")
    try:
        found = importlib.util.find_spec(name)
    except ImportError:
        found = None
    if found is None:
        raise CommandError(f"Could not find module {name}")
    return name


# what each of Alembic's kinds runs; raises where it isn't there
_TOOLS: dict[str, Callable[[Mapping[str, str]], Any]] = {
    "console_scripts": _entry_point,
    "exec": _executable,
    "module": _module,
}


@register("console_scripts")
def console_scripts(path: str, options: dict[str, str], *_: Any, **__: Any) -> None:
    """Run an installed package's console script, in this Python."""
    entry = _entry_point(options)
    code = f"import sys, {entry.module}; sys.exit({entry.module}.{entry.attr}())"
    _run(path, options, [sys.executable, "-c", code])


@register("exec")
def exec_(path: str, options: dict[str, str], *_: Any, **__: Any) -> None:
    """Run an executable."""
    _run(path, options, [_executable(options)])


@register("module")
def module(path: str, options: dict[str, str], *_: Any, **__: Any) -> None:
    """Run a module, as ``python -m`` does."""
    _run(path, options, [sys.executable, "-m", _module(options)])
