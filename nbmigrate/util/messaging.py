"""Messages to a person, by the names of ``alembic.util.messaging``."""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn, TextIO

log = logging.getLogger("alembic.util.messaging")


def write_outstream(stream: TextIO, *text: str | bytes, quiet: bool = False) -> None:
    """Write texts; what the stream's encoding lacks becomes ``?``, a closed pipe is no error."""
    if quiet:
        return
    encoding = getattr(stream, "encoding", None) or "utf-8"
    with suppress(OSError):
        for part in text:
            data = part if isinstance(part, bytes) else part.encode(encoding, "replace")
            stream.write(data.decode(encoding))


def msg(msg: str, newline: bool = True, flush: bool = False, quiet: bool = False) -> None:
    """Print a message."""
    if quiet:
        return
    write_outstream(sys.stdout, msg, "\n" if newline else "")
    if flush:
        sys.stdout.flush()


@contextmanager
def status(status_msg: str, newline: bool = False, quiet: bool = False) -> Iterator[None]:
    """Print what the block does, and at its end ``done`` or ``FAILED``."""
    msg(f"{status_msg} ...", newline, flush=True, quiet=quiet)
    try:
        yield
    except BaseException:
        write_outstream(sys.stdout, "  FAILED\n", quiet=quiet)
        raise
    write_outstream(sys.stdout, "  done\n", quiet=quiet)


def err(message: str, quiet: bool = False) -> NoReturn:
    """Log and print an error, and end the program with exit code 255."""
    log.error(message)
    msg(f"FAILED: {message}", quiet=quiet)
    sys.exit(-1)


def warn(msg: str, stacklevel: int = 2) -> None:
    """Warn of something that is most likely not meant."""
    warnings.warn(msg, UserWarning, stacklevel=stacklevel + 1)


def warn_deprecated(msg: str, stacklevel: int = 2) -> None:
    """Warn of something that will go away."""
    warnings.warn(msg, DeprecationWarning, stacklevel=stacklevel + 1)


def obfuscate_url_pw(input_url: str) -> str:
    """A database URL with its password masked."""
    from sqlalchemy.engine import make_url

    return make_url(input_url).render_as_string(hide_password=True)


def format_as_comma(value: str | Iterable[str] | None) -> str:
    """One text, several joined by commas, or none."""
    if value is None:
        return ""
    return value if isinstance(value, str) else ", ".join(value)
