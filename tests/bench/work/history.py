"""Loading the history, its heads and every revision; a verb in a process of its own, for its counts."""

from __future__ import annotations

import contextlib
import io
import os
from importlib import import_module
from typing import Any


def imports(clock: Any, side: str, modules: list[str]) -> None:
    """``import`` of a package where SQLAlchemy is imported already."""
    import sqlalchemy  # noqa: F401

    with clock:
        for name in modules:
            import_module(side + name)


def load(clock: Any, side: str, ini: str, versions: str, count: int, read: bool) -> None:
    """Directory, heads, walk; then once more as a second call in the same process would.

    The floor looks at every file, and reads it where there is no index yet.
    """
    if side == "floor":
        for _ in range(2):
            with clock:
                floor(versions, read)
        return
    config = import_module(f"{side}.config").Config(ini)
    from_config = import_module(f"{side}.script").ScriptDirectory.from_config
    with clock:
        script = from_config(config)
        found = walk(script)
    assert found == count, found
    with clock:
        if side == "alembic":
            script = from_config(config)
        else:
            # what a kernel does: the directory is kept, and looks whether files have changed
            script.refresh()
        walk(script)


def walk(script: Any) -> int:
    """Heads and every revision; how many."""
    script.get_heads()
    return sum(1 for _ in script.walk_revisions())


def floor(versions: str, read: bool) -> None:
    """``scandir``, ``stat``, and reading where nothing is known yet."""
    with os.scandir(versions) as entries:
        names = sorted(entry.name for entry in entries if entry.name.endswith(".py"))
    folder = os.open(versions, os.O_RDONLY)
    for name in names:
        status = os.stat(name, dir_fd=folder)
        if read:
            file = os.open(name, os.O_RDONLY, dir_fd=folder)
            os.read(file, status.st_size)
            os.close(file)
    os.close(folder)


def look(clock: Any, side: str, versions: str, read: bool) -> None:
    """The floor of a verb, as a whole process."""
    floor(versions, read)


def verb(clock: Any, side: str, line: str) -> None:
    """A verb by the package's own door, with what it opens and asks."""
    with contextlib.redirect_stdout(io.StringIO()), clock:
        if side == "alembic":
            from alembic.config import main

            main(argv=line.split())
        else:
            from nbmigrate.cli import run_line

            run_line(line.split())
