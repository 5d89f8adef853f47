"""Operations on enum types, which PostgreSQL keeps beside the tables.

A change of values holds all that must be done around it (defaults taken off and put back, indexes made
again): it is found out once, while the database is looked at, and then can be written as SQL for any place
and taken back without another look.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nbmigrate.model.objects import Dependent, EnumColumn
from nbmigrate.model.operations.base import MigrateOperation, NotReversible, full_name, listed


class CreateEnumOp(MigrateOperation):
    """Create an enum type."""

    def __init__(self, enum_name: str, values: Sequence[str], *, schema: str | None = None) -> None:
        self.enum_name = enum_name
        self.values = tuple(values)
        self.schema = schema

    def reverse(self) -> DropEnumOp:
        """Drop it again."""
        return DropEnumOp(self.enum_name, schema=self.schema, values=self.values)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """``("add_enum", schema, name, values)``."""
        return ("add_enum", self.schema, self.enum_name, self.values)

    def explain(self) -> str:
        """One sentence."""
        name = full_name(self.enum_name, self.schema)
        return f"Create the enum type {name} with the values {listed(self.values)}."


class DropEnumOp(MigrateOperation):
    """Drop an enum type; ``values`` are what it had."""

    def __init__(
        self, enum_name: str, *, schema: str | None = None, values: Sequence[str] | None = None
    ) -> None:
        self.enum_name = enum_name
        self.schema = schema
        self.values = None if values is None else tuple(values)

    def reverse(self) -> CreateEnumOp:
        """Create it again."""
        if self.values is None:
            raise NotReversible(f"dropping the enum type {self.enum_name} can't be reversed: its values?")
        return CreateEnumOp(self.enum_name, self.values, schema=self.schema)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """``("remove_enum", schema, name, values)``."""
        return ("remove_enum", self.schema, self.enum_name, self.values)

    def explain(self) -> str:
        """One sentence."""
        return f"Drop the enum type {full_name(self.enum_name, self.schema)}, which no column has any more."


class AlterEnumOp(MigrateOperation):
    """Change the values of an enum type, keeping the rows.

    ``renamed`` maps old values to new ones. ``columns`` have the type; ``dependents`` (CHECKs, partial
    indexes, views) can't stay while their columns change. ``rebuild`` asks for a new type in the old one's
    place even where ADD VALUE would do: a value that was just added can't be used in the same transaction.
    ``comment`` and ``rights`` (statements) are what the new type gets of the old one.
    """

    def __init__(
        self,
        enum_name: str,
        existing_values: Sequence[str],
        values: Sequence[str],
        *,
        schema: str | None = None,
        renamed: Mapping[str, str] | None = None,
        columns: Sequence[EnumColumn] = (),
        dependents: Sequence[Dependent] = (),
        rebuild: bool = False,
        comment: str | None = None,
        rights: Sequence[str] = (),
    ) -> None:
        self.enum_name = enum_name
        self.existing_values = tuple(existing_values)
        self.values = tuple(values)
        self.schema = schema
        self.renamed = dict(renamed or {})
        self.columns = tuple(columns)
        self.dependents = tuple(dependents)
        self.rebuild = rebuild
        self.comment = comment
        self.rights = tuple(rights)

    @property
    def after_renaming(self) -> tuple[str, ...]:
        """The existing values under their new names."""
        return tuple(self.renamed.get(value, value) for value in self.existing_values)

    @property
    def added(self) -> tuple[str, ...]:
        """Values that come."""
        return tuple(value for value in self.values if value not in self.after_renaming)

    @property
    def removed(self) -> tuple[str, ...]:
        """Values that go, by their old names."""
        return tuple(
            value for value in self.existing_values if self.renamed.get(value, value) not in self.values
        )

    @property
    def needs_rebuild(self) -> bool:
        """Whether it takes a new type: a value goes, the order changes, or it was asked for."""
        kept = tuple(value for value in self.values if value in self.after_renaming)
        if kept != self.after_renaming:
            return True
        redefaulted = any(column.new_default is not False for column in self.columns)
        return bool(self.added) and (self.rebuild or redefaulted)

    def reverse(self) -> AlterEnumOp:
        """Change the values back; what holds a value that goes then fails, and nothing is lost."""
        columns = [
            column
            if column.new_default is False
            else replace(column, default=_text(column.new_default), new_default=column.default)
            for column in self.columns
        ]
        reverse = type(self)(
            self.enum_name,
            self.values,
            self.existing_values,
            schema=self.schema,
            renamed={new: old for old, new in self.renamed.items()},
            columns=columns,
            dependents=self.dependents,
            comment=self.comment,
            rights=self.rights,
        )
        reverse.is_reverse = not self.is_reverse
        return reverse

    # on the way back what the revision drops is not there, and is made
    is_reverse: bool = False

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """``("modify_enum", schema, name, existing values, values)``."""
        return ("modify_enum", self.schema, self.enum_name, self.existing_values, self.values)

    def explain(self) -> str:
        """One sentence."""
        parts = []
        if self.added:
            parts.append(f"add {listed(self.added)}")
        parts += [f"rename {old} to {new}" for old, new in self.renamed.items()]
        if self.removed:
            parts.append(f"remove {listed(self.removed)}")
        told = listed(parts) or f"put the values in the order {', '.join(self.values)}"
        how = ", by a new type in its place; rows keep their values" if self.needs_rebuild else ""
        return f"Change the enum type {full_name(self.enum_name, self.schema)}: {told}{how}."


def _text(default: str | bool | None) -> str | None:
    return default if isinstance(default, str) else None
