"""Sequences and views as statements, in the spelling that most databases share; a part of ``Dialect``.

The statements are plain text that goes to the driver as it is: what a revision file says about such an object
is the same text, so that it runs under plain Alembic too (decision 11).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Sequence as SQLSequence
from sqlalchemy.schema import CreateSequence

from nbmigrate.ddl.statement import Statement
from nbmigrate.ddl.text import compile_text
from nbmigrate.errors import CommandError

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect as SQLAlchemyDialect

    from nbmigrate.model.operations import (
        AlterSequenceOp,
        CreateSequenceOp,
        CreateViewOp,
        DropSequenceOp,
        DropViewOp,
        ReplaceViewOp,
    )

_WORDS = {
    "increment": "INCREMENT BY {}",
    "minvalue": "MINVALUE {}",
    "maxvalue": "MAXVALUE {}",
    "start": "START WITH {}",
    "cache": "CACHE {}",
}


def qualified(dialect: SQLAlchemyDialect, name: str, schema: str | None) -> str:
    """A name, quoted where it must be, behind its schema."""
    preparer = dialect.identifier_preparer
    text = f"{preparer.quote_schema(schema)}.{preparer.quote(name)}" if schema else preparer.quote(name)
    return _for_no_driver(dialect, text)


def always_quoted(dialect: SQLAlchemyDialect, name: str, schema: str | None = None) -> str:
    """A name in quotes, whether it must be or not, behind its schema."""
    quote = dialect.identifier_preparer.quote_identifier
    return _for_no_driver(dialect, f"{quote(schema)}.{quote(name)}" if schema else quote(name))


def _for_no_driver(dialect: SQLAlchemyDialect, text: str) -> str:
    """Percent signs as they are: SQLAlchemy doubles them for drivers that take them for parameters."""
    return text.replace("%%", "%") if dialect.identifier_preparer._double_percents else text


def literal(text: str) -> str:
    """A string in SQL."""
    return "'" + text.replace("'", "''") + "'"


class ObjectStatements:
    """What each operation on a sequence or a view becomes; what a database lacks is refused in a line."""

    sqlalchemy: SQLAlchemyDialect
    # None: SQLAlchemy's dialect knows
    sequences: ClassVar[bool | None] = None
    materialized_views: ClassVar[bool] = True
    replace_view_words: ClassVar[str] = "CREATE OR REPLACE VIEW"
    no_cycle: ClassVar[str] = "NO CYCLE"

    def name_of(self, name: str, schema: str | None) -> str:
        """A name as it stands in SQL."""
        return qualified(self.sqlalchemy, name, schema)

    def end_of_step(self) -> Iterator[Statement]:
        """What is still to be done when a revision's function has ended, in the same transaction: nothing."""
        yield from ()

    def create_sequence(self, operation: CreateSequenceOp) -> Iterator[Statement]:
        """CREATE SEQUENCE."""
        self._check_sequences(operation.sequence_name)
        options: dict[str, Any] = {k: v for k, v in operation.options.items() if v is not None}
        sequence = SQLSequence(operation.sequence_name, schema=operation.schema, **options)
        yield Statement(compile_text(CreateSequence(sequence), self.sqlalchemy).strip())

    def drop_sequence(self, operation: DropSequenceOp) -> Iterator[Statement]:
        """DROP SEQUENCE."""
        self._check_sequences(operation.sequence_name)
        yield Statement(f"DROP SEQUENCE {self.name_of(operation.sequence_name, operation.schema)}")

    def alter_sequence(self, operation: AlterSequenceOp) -> Iterator[Statement]:
        """ALTER SEQUENCE, with all that changes at once."""
        self._check_sequences(operation.sequence_name)
        name = self.name_of(operation.sequence_name, operation.schema)
        yield Statement(f"ALTER SEQUENCE {name} {self.sequence_options(operation.options)}")

    def sequence_options(self, options: Mapping[str, Any]) -> str:
        """Options of a sequence as SQL."""
        parts = []
        if options.get("data_type") is not None:
            parts.append(f"AS {options['data_type']}")
        parts += [
            word.format(options[name]) for name, word in _WORDS.items() if options.get(name) is not None
        ]
        if options.get("cycle") is not None:
            parts.append("CYCLE" if options["cycle"] else self.no_cycle)
        return " ".join(parts)

    def create_view(self, operation: CreateViewOp) -> Iterator[Statement]:
        """CREATE VIEW, and what belongs to it."""
        kind = self._kind_of_view(operation.view_name, operation.materialized)
        name = self.name_of(operation.view_name, operation.schema)
        extra = f" {operation.extra}" if operation.extra else ""
        yield Statement(f"CREATE {kind} {name}{extra} AS {operation.definition}")
        for text in operation.afterwards:
            yield Statement(text)

    def drop_view(self, operation: DropViewOp) -> Iterator[Statement]:
        """DROP VIEW: never with CASCADE."""
        kind = self._kind_of_view(operation.view_name, operation.materialized)
        yield Statement(f"DROP {kind} {self.name_of(operation.view_name, operation.schema)}")

    def replace_view(self, operation: ReplaceViewOp) -> Iterator[Statement]:
        """CREATE OR REPLACE VIEW, or the words that the database has for it."""
        name = self.name_of(operation.view_name, operation.schema)
        extra = f" {operation.extra}" if operation.extra else ""
        yield Statement(f"{self.replace_view_words} {name}{extra} AS {operation.definition}")

    def _check_sequences(self, name: str) -> None:
        if not (self.sqlalchemy.supports_sequences if self.sequences is None else self.sequences):
            raise CommandError(f"{self._database()} has no sequences: leave out {name!r}")

    def _kind_of_view(self, name: str, materialized: bool) -> str:
        if materialized and not self.materialized_views:
            raise CommandError(f"{self._database()} has no materialised views: make {name!r} a plain one")
        return "MATERIALIZED VIEW" if materialized else "VIEW"

    def _database(self) -> str:
        """The database's name, as a message says it: the emitters' class is called after it."""
        return type(self).__name__
