"""Operations on indexes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nbmigrate.model.operations.base import (
    HasOptions,
    MigrateOperation,
    NotReversible,
    full_name,
    listed,
    named,
)
from nbmigrate.model.operations.schema_objects import make_index

if TYPE_CHECKING:
    from sqlalchemy.schema import Index

    from nbmigrate.model.operations.schema_objects import Expression


class CreateIndexOp(MigrateOperation):
    """Create an index; ``kw`` holds dialect options such as ``postgresql_using``."""

    def __init__(
        self,
        index_name: str | None,
        table_name: str,
        columns: Sequence[Expression],
        *,
        schema: str | None = None,
        unique: bool = False,
        if_not_exists: bool | None = None,
        **kw: Any,
    ) -> None:
        self.index_name = index_name
        self.table_name = table_name
        self.columns = columns
        self.schema = schema
        self.unique = unique
        self.if_not_exists = if_not_exists
        self.kw = kw

    @classmethod
    def from_index(cls, index: Index) -> CreateIndexOp:
        """The operation that creates ``index``."""
        if index.table is None:
            raise ValueError(f"the index {index.name} belongs to no table")
        return cls(
            index.name,
            index.table.name,
            index.expressions,
            schema=index.table.schema,
            unique=index.unique,
            **index.kwargs,
        )

    def to_index(self, migration_context: HasOptions | None = None) -> Index:
        """The index, on a table of that name."""
        return make_index(
            self.index_name,
            self.table_name,
            self.columns,
            context=migration_context,
            schema_name=self.schema,
            unique=self.unique,
            **self.kw,
        )

    def reverse(self) -> DropIndexOp:
        """Drop the index again."""
        remembered = CreateIndexOp(
            self.index_name,
            self.table_name,
            list(self.columns),
            schema=self.schema,
            unique=self.unique,
            **self.kw,
        )
        return DropIndexOp(
            self.index_name,
            self.table_name,
            schema=self.schema,
            _reverse=remembered,
            unique=self.unique,
            **self.kw,
        )

    def to_diff_tuple(self) -> tuple[str, Index]:
        """``("add_index", Index)``."""
        return ("add_index", self.to_index())

    def explain(self) -> str:
        """One sentence."""
        kind = "unique index" if self.unique else "index"
        table = full_name(self.table_name, self.schema)
        columns = listed(getattr(column, "name", column) for column in self.columns)
        unless = ", unless it is there already" if self.if_not_exists else ""
        return f"Create {named(kind, self.index_name)} on {columns} of the table {table}{unless}."


class DropIndexOp(MigrateOperation):
    """Drop an index; ``_reverse`` remembers what it was."""

    def __init__(
        self,
        index_name: str | None,
        table_name: str | None = None,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
        _reverse: CreateIndexOp | None = None,
        **kw: Any,
    ) -> None:
        self.index_name = index_name
        self.table_name = table_name
        self.schema = schema
        self.if_exists = if_exists
        self._reverse = _reverse
        self.kw = kw

    @classmethod
    def from_index(cls, index: Index) -> DropIndexOp:
        """The operation that drops ``index``, and can create it again."""
        create = CreateIndexOp.from_index(index)
        return cls(
            create.index_name,
            create.table_name,
            schema=create.schema,
            _reverse=create,
            unique=create.unique,
            **index.kwargs,
        )

    def to_index(self, migration_context: HasOptions | None = None) -> Index:
        """The index as it was, or one of that name on some column."""
        return make_index(
            self.index_name,
            self.table_name,
            self._reverse.columns if self._reverse else ["x"],
            context=migration_context,
            schema_name=self.schema,
            **self.kw,
        )

    def reverse(self) -> CreateIndexOp:
        """Create the index again."""
        if self._reverse is None or self.table_name is None:
            raise NotReversible(
                f"dropping {named('index', self.index_name)} can't be reversed: its columns aren't known"
            )
        kw = dict(self.kw)
        return CreateIndexOp(
            self.index_name,
            self.table_name,
            list(self._reverse.columns),
            schema=self.schema,
            unique=bool(kw.pop("unique", False)),
            **kw,
        )

    def to_diff_tuple(self) -> tuple[str, Index]:
        """``("remove_index", Index)``."""
        return ("remove_index", self.to_index())

    def explain(self) -> str:
        """One sentence."""
        on = f" of the table {full_name(self.table_name, self.schema)}" if self.table_name else ""
        there = " if it is there" if self.if_exists else ""
        return f"Drop {named('index', self.index_name)}{on}{there}."
