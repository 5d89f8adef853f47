"""Operations on sequences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbmigrate.model.operations.base import MigrateOperation, NotReversible, full_name, listed


class CreateSequenceOp(MigrateOperation):
    """Create a sequence; ``options`` by SQLAlchemy's names (``start``, ``increment``, ``data_type``, ...)."""

    def __init__(
        self, sequence_name: str, options: Mapping[str, Any] | None = None, *, schema: str | None = None
    ) -> None:
        self.sequence_name = sequence_name
        self.options = dict(options or {})
        self.schema = schema

    def reverse(self) -> DropSequenceOp:
        """Drop it again."""
        return DropSequenceOp(self.sequence_name, schema=self.schema, options=self.options)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """``("add_sequence", schema, name, options)``."""
        return ("add_sequence", self.schema, self.sequence_name, self.options)

    def explain(self) -> str:
        """One sentence."""
        return f"Create the sequence {full_name(self.sequence_name, self.schema)}."


class DropSequenceOp(MigrateOperation):
    """Drop a sequence, and with it the number that it has come to; ``options`` are what it had."""

    def __init__(
        self, sequence_name: str, *, schema: str | None = None, options: Mapping[str, Any] | None = None
    ) -> None:
        self.sequence_name = sequence_name
        self.schema = schema
        self.options = None if options is None else dict(options)

    def reverse(self) -> CreateSequenceOp:
        """Create it again, from its start."""
        if self.options is None:
            raise NotReversible(f"dropping the sequence {self.sequence_name} can't be reversed: its options?")
        return CreateSequenceOp(self.sequence_name, self.options, schema=self.schema)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """``("remove_sequence", schema, name, options)``."""
        return ("remove_sequence", self.schema, self.sequence_name, self.options)

    def explain(self) -> str:
        """One sentence."""
        return f"Drop the sequence {full_name(self.sequence_name, self.schema)} and its counter."


class AlterSequenceOp(MigrateOperation):
    """Change options of a sequence; its counter stays."""

    def __init__(
        self,
        sequence_name: str,
        options: Mapping[str, Any],
        existing_options: Mapping[str, Any],
        *,
        schema: str | None = None,
    ) -> None:
        self.sequence_name = sequence_name
        self.options = dict(options)
        self.existing_options = dict(existing_options)
        self.schema = schema

    def reverse(self) -> AlterSequenceOp:
        """Change them back."""
        return AlterSequenceOp(self.sequence_name, self.existing_options, self.options, schema=self.schema)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """``("modify_sequence", schema, name, existing options, options)``."""
        return ("modify_sequence", self.schema, self.sequence_name, self.existing_options, self.options)

    def explain(self) -> str:
        """One sentence."""
        told = listed(f"{word} {value}" for word, value in self.options.items())
        return f"Change the sequence {full_name(self.sequence_name, self.schema)}: {told}."
