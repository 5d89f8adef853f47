"""The version table: one row per head, the only thing that nbmigrate keeps in a database.

``alembic_version(version_num VARCHAR(32) NOT NULL)`` with the primary key ``alembic_version_pkc``, the same
table that Alembic keeps, so that both can take turns on one database.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, inspect, literal_column
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateTable

from nbmigrate.ddl.statement import Executor, Statement
from nbmigrate.ddl.text import compile_text, to_sql
from nbmigrate.errors import CommandError
from nbmigrate.model.operations import AlterColumnOp

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from nbmigrate.dialects.base import Dialect
    from nbmigrate.model.plan import Step, VersionChange


# where the ids stand in the text of a statement
_OLD, _NEW = "{{the old id}}", "{{the new id}}"
_PLACE = re.compile(f"{re.escape(_OLD)}|{re.escape(_NEW)}")


class VersionTable:
    """Reads and moves the rows of the version table.

    ``options`` are ``configure()``'s ``version_table``, ``version_table_schema`` and ``version_table_pk``.
    """

    def __init__(self, dialect: Dialect, options: Mapping[str, Any]) -> None:
        self.dialect = dialect
        self.name: str = options.get("version_table") or "alembic_version"
        self.schema: str | None = options.get("version_table_schema")
        self.table = dialect.version_table(
            self.name, self.schema, primary_key=options.get("version_table_pk", True)
        )
        self._texts: dict[str, str] = {}

    def exists(self, connection: Connection) -> bool:
        """Whether the database has the table."""
        return inspect(connection).has_table(self.name, schema=self.schema)

    def read(self, connection: Connection) -> tuple[str, ...]:
        """The stored ids in the database's order; none where the table is absent. Creates nothing."""
        if not self.exists(connection):
            return ()
        try:
            found = tuple(row[0] for row in connection.execute(self.table.select()))
        except DBAPIError as error:
            if "version_num" not in str(error.orig):  # locked, or cut off
                raise
            raise CommandError(
                f"the table {self.name} is no version table, whose one column is version_num: "
                f"{' '.join(str(error.orig).split())}; where it is somebody else's, name another one by "
                "version_table=... in configure()"
            ) from error
        if empty := [row for row in found if row is None or row == ""]:
            raise CommandError(
                f"the version table {self.name} holds a row with {empty[0]!r}, which is no revision's id: "
                "delete it, or write anew where the database stands with 'stamp --purge <revision>'"
            )
        return found

    def width(self, connection: Connection | None) -> int | None:
        """How many characters of an id the column holds; None for any number."""
        column = self.table.c.version_num.type
        if connection is not None and self.exists(connection):
            # it may have been widened since it was made
            for found in inspect(connection).get_columns(self.name, schema=self.schema):
                if found["name"] == "version_num":
                    column = found["type"]
        length: int | None = getattr(column, "length", None)
        return length

    def refuse_long_ids(
        self, steps: Iterable[Step], heads: Sequence[str], connection: Connection | None, dialect: Dialect
    ) -> None:
        """Raise ``CommandError`` where a step would write an id that the column can't hold.

        Text that goes on from somewhere (``heads``, no connection) is for a table that nobody can look at.
        """
        declared: int | None = self.table.c.version_num.type.length  # type: ignore[attr-defined]
        ids = [one for step in steps for one in step.to_revisions if declared and len(one) > declared]
        if not ids or not dialect.keeps_lengths or (connection is None and heads):
            return
        width = self.width(connection)
        for one in ids:
            if width is not None and len(one) > width:
                raise CommandError(
                    f"Revision identifier '{one}' has {len(one)} characters, and {self.name}.version_num "
                    f"holds {width}: nothing was run; give the revision a shorter id (in its file, and where "
                    "other files name it), or widen the column first: "
                    f"{self._widened(len(one), width, dialect)}"
                )

    def _widened(self, needed: int, width: int, dialect: Dialect) -> str:
        """The statement that makes the column wide enough, as this database has it."""
        operation = AlterColumnOp(
            self.name,
            "version_num",
            schema=self.schema,
            modify_type=String(max(needed, 2 * width)),
            existing_type=String(width),
            existing_nullable=False,
        )
        statements = [text for one in dialect.emit(operation) for text in to_sql(one, dialect.sqlalchemy)]
        return "; ".join(" ".join(text.split()) for text in statements)

    def create(self, executor: Executor) -> None:
        """Create the table, without asking whether it is there."""
        self.dialect.version_executor(executor).execute(Statement(CreateTable(self.table)))

    def clear(self, executor: Executor) -> None:
        """Delete every row."""
        self.dialect.version_executor(executor).execute(Statement(self.table.delete()))

    def move(self, change: VersionChange, executor: Executor) -> None:
        """Insert, update and delete the rows that a step moves.

        Raises ``CommandError`` where the database says that a row to be moved was not there: somebody else
        has moved it since.
        """
        own = self.dialect.version_executor(executor)
        # somebody else's way of executing may look at the construct
        statement = self._text if own is executor else self._construct
        for old in change.delete:
            self._one_row(own, statement("delete", old=old), f"deleting '{old}'")
        for new in change.insert:
            own.execute(Statement(statement("insert", new=new)))
        for old, new in change.update:
            self._one_row(own, statement("update", old=old, new=new), f"updating '{old}' to '{new}'")

    def _construct(self, kind: str, old: str = "", new: str = "") -> Any:
        """INSERT, UPDATE or DELETE of a row, with the ids as literals."""
        here = self.table.c.version_num == literal_column(f"'{_quoted(old)}'")
        if kind == "delete":
            return self.table.delete().where(here)
        value: Any = literal_column(f"'{_quoted(new)}'")
        if kind == "insert":
            return self.table.insert().values(version_num=value).inline()
        return self.table.update().values(version_num=value).where(here)

    def _text(self, kind: str, old: str = "", new: str = "") -> str:
        """The same as text: compiled once, the ids put in.

        Built and compiled anew for each revision, as the ids differ, it was an eighth of a run.
        """
        if kind not in self._texts:
            self._texts[kind] = compile_text(self._construct(kind, _OLD, _NEW), self.dialect.sqlalchemy)
        text = self._texts[kind]
        return _PLACE.sub(lambda found: _quoted(old if found[0] == _OLD else new), text)

    def _one_row(self, executor: Executor, statement: Any, doing: str) -> None:
        result = executor.execute(Statement(statement))
        if result is None or executor.connection is None:
            return
        if executor.connection.dialect.supports_sane_rowcount and result.rowcount != 1:
            why = (
                "The id stands there more than once: 'stamp --purge <revision>' writes the table anew"
                if result.rowcount > 1
                else "Another run has moved the version meanwhile: look at `current`, then run again"
            )
            raise CommandError(
                f"Online migration expected to match one row when {doing} in '{self.name}'; "
                f"{result.rowcount} found. {why}"
            )


def _quoted(revision: str) -> str:
    """An id inside a SQL string literal."""
    return revision.replace("'", "''")
