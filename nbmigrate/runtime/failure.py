"""A migration that failed, told in one line: revision, statement, the database's words, place, state.

The runtime leaves the user's exception as it is (an env.py may want to catch it) and only notes on it which
step it came out of; the verbs turn it into ``MigrationFailed`` with this module, once.
"""

from __future__ import annotations

import os
import sysconfig
import traceback
from typing import TYPE_CHECKING

from nbmigrate.errors import (
    CommandError,
    ConfigError,
    ConnectError,
    EnvironmentFailed,
    LockTimeout,
    MigrateError,
    MigrationFailed,
)
from nbmigrate.model.identifiers import did_you_mean
from nbmigrate.runtime.database import address_error, connect_error
from nbmigrate.runtime.urls import safe_url, scrub

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

    from nbmigrate.runtime.environment import EnvironmentContext
    from nbmigrate.runtime.steps import FailedStep

Failure = Exception | SystemExit  # a script may want to end the process

LONGEST_STATEMENT = 300
_OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_INSTALLED = tuple(sysconfig.get_path(kind) for kind in ("stdlib", "purelib", "platlib"))


def migration_failed(error: Failure, environment: EnvironmentContext) -> Failure:
    """The error to raise in place of ``error``; the same one where no step was running."""
    failed: FailedStep | None = getattr(error, "nbmigrate_step", None)
    if failed is None:
        return _outside_steps(error, environment)
    if isinstance(error, MigrationFailed):
        return error
    if failed.outcome == "text" and isinstance(error, BrokenPipeError):
        return error  # nobody reads the text any more
    step = failed.step
    path = getattr(step.revision, "path", None)
    line = _line_in(error, path)
    statement = getattr(error, "statement", None)
    url = _url(environment)
    name = _name(failed)
    reason = _reason(error)
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


def _reason(error: Failure) -> str:
    """The kind of an exception and its text in one line; of the database's errors the text alone."""
    orig = getattr(error, "orig", None)
    text = " ".join(str(orig or error).split())
    if isinstance(error, MigrateError) or orig is not None:
        return text or type(error).__name__
    if isinstance(error, AttributeError) and error.name:
        text += did_you_mean(error.name, dir(error.obj))
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _outside_steps(error: Failure, environment: EnvironmentContext) -> Failure:
    """An error that no step raised: the database's, an address's or env.py's is told in a line.

    Any other is a mistake of ours, and stays as it is.
    """
    from sqlalchemy.exc import DBAPIError

    if isinstance(error, MigrateError):
        return error
    url = _url(environment)
    if not isinstance(error, DBAPIError):
        told = _address_failed(error, environment) if url is None else None
        return told or _environment_failed(error, environment)
    if url is None:  # env.py did not get as far as configure(): it could not connect
        return connect_error(_configured_url(environment) or "the database", error)
    reason = " ".join(str(error.orig).split())
    if environment.contexts[-1].ddl.is_lock_timeout(error):
        return LockTimeout(
            f"{safe_url(url)} is held by another connection: {scrub(reason, url)}; try again when that has "
            "ended, or wait longer: --lock-timeout SECONDS"
        )
    statement = f"; statement: {_short(scrub(error.statement, url))}" if error.statement else ""
    return CommandError(f"{safe_url(url)} refused: {scrub(reason, url)}{statement}")


def _address_failed(error: Failure, environment: EnvironmentContext) -> ConnectError | None:
    """What is wrong with the configured address, where it is that which env.py stumbled over."""
    address = _configured_url(environment)
    if address is not None:
        return address_error(address, error)
    if not isinstance(error, KeyError) or error.args != ("url",):  # engine_from_config() asked for it
        return None
    config = environment.config
    return ConnectError(
        f"no database is named: there is no sqlalchemy.url in section [{config.config_ini_section}] of "
        f"{config.config_file_name}; write one like sqlite:///shop.db or postgresql://user@host/database"
    )


def _configured_url(environment: EnvironmentContext) -> str | None:
    try:
        return environment.config.get_main_option("sqlalchemy.url")
    except ConfigError:  # no ini file, or none with this section
        return None


def _environment_failed(error: Failure, environment: EnvironmentContext) -> Failure:
    """An exception out of the project's own code, with its place in env.py."""
    env = os.path.normpath(environment.script.env_py_location)
    frames = traceback.extract_tb(error.__traceback__)
    ours = [number for number, frame in enumerate(frames) if frame.filename.startswith(_OURS)]
    theirs = [frame for frame in frames[ours[-1] + 1 if ours else 0 :] if _is_theirs(frame.filename, env)]
    lines = [frame.lineno for frame in frames if frame.filename == env]
    if not theirs or not lines:
        return error
    where = f"at {env}, line {lines[-1]}"
    if theirs[-1].filename != env:
        where += f", raised at {theirs[-1].filename}, line {theirs[-1].lineno}"
    if isinstance(error, ModuleNotFoundError):
        where += "; is it installed in this Python, or its folder in prepend_sys_path?"
    reason = scrub(_reason(error), _configured_url(environment))
    return EnvironmentFailed(f"env.py failed: {reason}; {where}", env, lines[-1])


def _is_theirs(file: str, env: str) -> bool:
    """Whether a file is the project's, not Python's and not an installed package's."""
    return file == env or not file.startswith(("<frozen", *_INSTALLED))


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
