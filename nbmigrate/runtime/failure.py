"""A migration that failed, told in one line: revision, statement, the database's words, place, state.

The runtime leaves the user's exception as it is (an env.py may want to catch it) and only notes on it which
step it came out of; the verbs turn it into ``MigrationFailed`` with this module, once.
"""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from nbmigrate.errors import CommandError, MigrateError, MigrationFailed
from nbmigrate.runtime.database import connect_error
from nbmigrate.runtime.urls import safe_url, scrub

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

    from nbmigrate.runtime.environment import EnvironmentContext
    from nbmigrate.runtime.steps import FailedStep

LONGEST_STATEMENT = 300


def migration_failed(error: Exception, environment: EnvironmentContext) -> Exception:
    """The error to raise in place of ``error``; the same one where no step was running."""
    failed: FailedStep | None = getattr(error, "nbmigrate_step", None)
    if failed is None:
        return _outside_steps(error, environment)
    if isinstance(error, MigrationFailed):
        return error
    step = failed.step
    path = getattr(step.revision, "path", None)
    line = _line_in(error, path)
    statement = getattr(error, "statement", None)
    reason = " ".join(str(getattr(error, "orig", None) or error).split()) or type(error).__name__
    if not isinstance(error, MigrateError) and getattr(error, "orig", None) is None:
        reason = f"{type(error).__name__}: {reason}"
    url = _url(environment)
    name = _name(failed)
    parts = [f"{step.direction} of {name} failed: {scrub(reason, url)}"]
    if statement:
        parts.append(f"statement: {_short(scrub(statement, url))}")
    if path:
        parts.append(f"at {path}" + (f", line {line}" if line else ""))
    state = _state(failed)
    return MigrationFailed(
        "; ".join([*parts, state]),
        revision=name,
        direction=step.direction,
        statement=statement,
        path=path,
        line=line,
        state=state,
    )


def tell_interrupted(error: KeyboardInterrupt) -> None:
    """Say in the message of an interrupt what became of the step that was running."""
    failed: FailedStep | None = getattr(error, "nbmigrate_step", None)
    if failed is None:
        if not error.args:
            error.args = ("interrupted; no revision was running",)
        return
    error.args = (f"interrupted: {failed.step.direction} of {_name(failed)}; {_state(failed)}",)


def _name(failed: FailedStep) -> str:
    step = failed.step
    return step.revision.revision if step.revision is not None else ", ".join(step.destination)


def _outside_steps(error: Exception, environment: EnvironmentContext) -> Exception:
    """An error that no step raised: one of the database's is told in a line, any other is the caller's."""
    from sqlalchemy.exc import DBAPIError

    if not isinstance(error, DBAPIError):
        return error
    url = _url(environment)
    if url is None:  # env.py did not get as far as configure(): it could not connect
        return connect_error(environment.config.get_main_option("sqlalchemy.url") or "the database", error)
    reason = " ".join(str(error.orig).split())
    statement = f"; statement: {_short(scrub(error.statement, url))}" if error.statement else ""
    return CommandError(f"{safe_url(url)} refused: {scrub(reason, url)}{statement}")


def _url(environment: EnvironmentContext) -> URL | None:
    connection = environment.contexts[-1].connection if environment.contexts else None
    return connection.engine.url if connection is not None else None


def _line_in(error: BaseException, path: str | None) -> int | None:
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if path and frame.filename == path]
    return lines[-1] if lines else None


def _state(failed: FailedStep) -> str:
    where = ", ".join(failed.heads) or "base"
    if failed.outcome == "kept" and failed.kept is not None:
        return _kept(failed.kept, failed.step.direction, where)
    return {
        "rolled back": f"the step was rolled back, the database is at {where}",
        "kept": "the database does not take such statements back: what ran before the failure is still "
        f"there, the version is still {where}",
        "caller's": "the transaction is yours: roll it back",
        "text": "only text was being written, nothing ran",
    }[failed.outcome]


def _kept(count: int, direction: str, where: str) -> str:
    """What stays where a journal was kept, and what to type."""
    if not count:
        return f"nothing of the step was done, the database is at {where}"
    done = "its first statement is" if count == 1 else f"its first {count} statements are"
    return (
        f"{done} done and stay{'s' if count == 1 else ''} (the database does not take such statements back), "
        f"the version is still {where}: when the reason is gone, `{direction}` carries on after that; "
        f"`{direction} --undo` takes it back"
    )


def _short(statement: str) -> str:
    text = " ".join(statement.split())
    return (
        text if len(text) <= LONGEST_STATEMENT else text[: LONGEST_STATEMENT - 1] + "\N{HORIZONTAL ELLIPSIS}"
    )
