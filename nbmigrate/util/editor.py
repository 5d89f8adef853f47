"""Opening a file in the person's editor: ``$EDITOR``, ``$VISUAL``, else one that is usually there."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping

from nbmigrate.errors import CommandError

_USUAL = ("sensible-editor", "editor", "nano", "vim", "code")
_USUAL_ON_WINDOWS = ("code.exe", "notepad++.exe", "notepad.exe")


def open_in_editor(filename: str, environ: Mapping[str, str] | None = None) -> None:
    """Open a file and wait for the editor to end.

    Raises ``CommandError`` where there is no editor, or it fails.
    """
    env = os.environ if environ is None else environ
    command = _editor(env)
    try:
        subprocess.run([*command, filename], check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise CommandError(f"Error executing editor ({error})") from error


def _editor(env: Mapping[str, str]) -> list[str]:
    """The editor's command line; a setting may carry options (``code --wait``)."""
    for variable in ("EDITOR", "VISUAL"):
        setting = env.get(variable, "").strip()
        words = [setting] if os.path.exists(setting) else shlex.split(setting, posix=os.name == "posix")
        program = shutil.which(words[0], path=env.get("PATH")) if words else None
        if program is not None:
            return [program, *words[1:]]
    for name in _USUAL if os.name == "posix" else _USUAL_ON_WINDOWS:
        program = shutil.which(name, path=env.get("PATH"))
        if program is not None:
            return [program]
    raise CommandError("Error executing editor (none found): set the environment variable EDITOR or VISUAL")
