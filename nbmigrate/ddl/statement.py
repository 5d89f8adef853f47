"""A statement: what one operation becomes on one database, before anything runs.

Operations say what is meant; dialects turn them into these; executors run them (online), write them as text
(offline) or collect them (recording). A statement keeps SQLAlchemy's construct rather than text, so that the
database's own compiler, third-party ones included, has the last word on spelling and quoting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.sql.base import Executable

    from nbmigrate.model.rows import RowStream


@dataclass(frozen=True, eq=False)
class Statement:
    """One statement to run.

    ``construct`` is a SQLAlchemy executable (a DDL element, ``text()``, an ``insert()``), or a plain string
    that goes to the driver as it is. ``rows`` are the parameter sets of a multi-row insert, or a stream
    of them that only its executor reads.
    ``execution_options`` are SQLAlchemy's.
    """

    construct: Executable | str
    rows: Sequence[Mapping[str, Any]] | RowStream | None = None
    execution_options: Mapping[str, Any] = field(default_factory=dict)


class Executor(Protocol):
    """Where statements go: a connection, a text stream, or a list."""

    @property
    def connection(self) -> Connection | None:
        """The live connection; None when text is written instead."""

    def execute(self, statement: Statement) -> Any:
        """Run, write or collect one statement; online, the cursor result."""
