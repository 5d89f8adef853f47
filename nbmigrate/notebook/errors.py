"""Errors in a notebook: one line, as a real error output.

IPython asks an exception for ``_render_traceback_``; what is set on the instance here gives one line in place
of the frames, while nbclient, nbmake and papermill still see a failed cell (they don't for IPython's
``UsageError``). The cause stays chained for ``%debug``, and ``%migrate --traceback`` shows all of it.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable

from nbmigrate.errors import ConnectError, MigrateError, RenamesUnanswered
from nbmigrate.notebook.tables import clip, visible

__all__ = ["expected", "from_here", "full_text", "one_line", "prepare", "unreachable"]

Scrub = Callable[[str], str]
LIMIT = 4_000


def expected(error: BaseException) -> bool:
    """Whether an error speaks for itself: ours, the database's, the file system's, an interrupt; no bug."""
    return isinstance(error, (MigrateError, OSError, KeyboardInterrupt)) or _of_sqlalchemy(error)


def unreachable(error: BaseException) -> bool:
    """Whether an error may come from a database that isn't there: ours, or one out of a project's env.py."""
    return isinstance(error, ConnectError) or _of_sqlalchemy(error) or _of_sqlalchemy(error.__cause__)


def _of_sqlalchemy(error: BaseException | None) -> bool:
    # who has raised an error of SQLAlchemy has imported it; nobody else needs to
    alchemy = sys.modules.get("sqlalchemy.exc")
    return alchemy is not None and isinstance(error, alchemy.SQLAlchemyError)


def one_line(error: BaseException, scrub: Scrub = str) -> str:
    """An error as one line: its name, and its message without line ends and secrets."""
    message = " ".join(visible(from_here(scrub(_message(error)))).split())
    return clip(f"{type(error).__name__}: {message}" if message else type(error).__name__, LIMIT)


def from_here(text: str) -> str:
    """Paths below the working folder as seen from there: a saved notebook need not tell where it was run."""
    try:
        return text.replace(f"{os.getcwd()}{os.sep}", "")
    except OSError:  # the folder is gone
        return text


def _message(error: BaseException) -> str:
    """An error's text; SQLAlchemy's without the link to its documentation."""
    text = str(error)
    return text.partition("\n(Background on this error at:")[0]


def _lines(error: BaseException, scrub: Scrub) -> list[str]:
    """One line; questions keep theirs, since they are there to be copied."""
    if not isinstance(error, RenamesUnanswered):
        return [one_line(error, scrub)]
    lines = [clip(visible(scrub(line)), LIMIT) for line in str(error).split("\n")]
    return [f"{type(error).__name__}: {lines[0]}", *lines[1:]]


def full_text(error: BaseException, scrub: Scrub = str) -> str:
    """The whole traceback as text, without secrets."""
    return visible(scrub("".join(traceback.format_exception(error))).rstrip("\n"))


def prepare(error: BaseException, scrub: Scrub, *, whole: bool = False) -> None:
    """Make IPython show ``error`` as one line, or as the whole traceback where that was asked for."""
    text = str(error)
    told = from_here(scrub(text))
    if told != text and len(error.args) == 1:
        error.args = (told,)  # front ends show str(error) too, and a saved notebook has it
    lines = full_text(error, scrub).split("\n") if whole else _lines(error, scrub)
    if whole or expected(error):
        error._render_traceback_ = lambda: lines  # type: ignore[attr-defined]
