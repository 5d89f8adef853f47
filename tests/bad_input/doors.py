"""The doors: one command line through the terminal, the magic, Python, and Alembic; what each answers."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from nbmigrate import Migrator
from nbmigrate.cli import build_parser, exit_code, parse, run_line
from nbmigrate.errors import MigrateError
from nbmigrate.notebook import load, unload

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Answer:
    """What came back: exit code, kind of error ("" without one), its text, and all that was printed."""

    code: int
    kind: str
    text: str
    out: str = ""
    err: str = ""

    @property
    def is_traceback(self) -> bool:
        """Whether a person would have seen frames of Python."""
        return "Traceback" in self.out + self.err


@contextmanager
def _captured() -> Iterator[tuple[io.StringIO, io.StringIO]]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield out, err


def terminal(argv: Sequence[str]) -> Answer:
    """``nbmigrate ...``, in this process."""
    with _captured() as (out, err):
        try:
            code = run_line(argv)
        except BaseException as error:
            return Answer(1, type(error).__name__, str(error), out.getvalue(), f"Traceback: {error!r}")
    last = (err.getvalue().splitlines() or [""])[-1] if code else ""
    return Answer(
        code, "FAILED" if code else "", last.removeprefix("FAILED: "), out.getvalue(), err.getvalue()
    )


def process(
    argv: Sequence[str], *, env: Mapping[str, str | None] | None = None, program: str = "nbmigrate", **kw: Any
) -> Answer:
    """``nbmigrate ...`` as a process of its own; None in ``env`` takes a variable out."""
    given = {**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}
    kw.setdefault("stdin", subprocess.DEVNULL)
    done = subprocess.run(
        [sys.executable, "-m", program, *argv],
        capture_output=True, env={k: v for k, v in given.items() if v is not None}, timeout=120, **kw,
    )  # fmt: skip
    out, err = (text.decode("utf-8", "backslashreplace") for text in (done.stdout, done.stderr))
    last = (err.splitlines() or [""])[-1] if done.returncode else ""
    return Answer(
        done.returncode, "FAILED" if done.returncode else "", last.removeprefix("FAILED: "), out, err
    )


def in_python(argv: Sequence[str]) -> Answer:
    """The same call of a ``Migrator`` for the project's configuration."""
    return _called(argv, lambda: Migrator.from_config("alembic.ini"))


def embedded(argv: Sequence[str]) -> Answer:
    """The same call of a ``Migrator`` for the database by its address, without the project's env.py."""
    return _called(argv, lambda: Migrator("sqlite:///shop.db", directory="migrations"))


def _called(argv: Sequence[str], made: Callable[[], Migrator]) -> Answer:
    with _captured() as (out, err):
        try:
            args = parse(build_parser()[0], argv)
            if args is None:
                return Answer(0, "", "", out.getvalue(), err.getvalue())
            result = args.call(made(), args)
        except MigrateError as error:
            return Answer(exit_code(error), type(error).__name__, str(error), out.getvalue(), err.getvalue())
        except BaseException as error:
            return Answer(1, type(error).__name__, str(error), out.getvalue(), f"Traceback: {error!r}")
    problem = getattr(result, "problem", "")
    return Answer(255 if problem else 0, "", problem, str(result), err.getvalue())


def alembic(argv: Sequence[str]) -> Answer:
    """``alembic ...``, in this process."""
    from alembic.config import main

    with _captured() as (out, err):
        try:
            main(argv=list(argv), prog="alembic")
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
            said = (out.getvalue() + err.getvalue()).splitlines() or [""]
            return Answer(
                code % 256, "FAILED", said[-1].removeprefix("FAILED: "), out.getvalue(), err.getvalue()
            )
        except BaseException as error:
            return Answer(1, type(error).__name__, str(error), out.getvalue(), f"Traceback: {error!r}")
    return Answer(0, "", "", out.getvalue(), err.getvalue())


def magic(argv: Sequence[str]) -> Answer:
    """``%migrate ...`` in a cell."""
    return cell("%migrate " + " ".join(quoted(argument) for argument in argv))


def cell(text: str) -> Answer:
    """Any cell, in a fresh session of the magics, shown as IPython shows it."""
    shell = InteractiveShell.instance()
    unload(shell)
    load(shell)
    with _captured() as (out, err):
        result = shell.run_cell(text, store_history=False)
    error = result.error_in_exec or result.error_before_exec
    if error is None:
        problem = getattr(result.result, "problem", "")
        return Answer(255 if problem else 0, "", problem, out.getvalue(), err.getvalue())
    lines = getattr(error, "_render_traceback_", lambda: ["Traceback"])()
    shown = "\n".join(lines)
    assert shown in out.getvalue()  # a real error output, and this is all of it
    code = exit_code(error) if isinstance(error, MigrateError) else 1
    return Answer(code, type(error).__name__, shown, out.getvalue(), err.getvalue())


def quoted(argument: str) -> str:
    """An argument as it is typed behind a magic: in quotes where it has blanks or quotes in it."""
    if argument and not set(argument) & set(" \"'$;{}"):
        return argument
    return "".join(f"'{part}'" if part != "'" else '"\'"' for part in _pieces(argument)) or '""'


def _pieces(argument: str) -> Iterator[str]:
    for position, part in enumerate(argument.split("'")):
        if position:
            yield "'"
        if part:
            yield part


DOORS: dict[str, Callable[[Sequence[str]], Answer]] = {
    "terminal": terminal,
    "magic": magic,
    "python": in_python,
    "embedded": embedded,
}
