"""Operations on whole tables: create, drop, rename, comment."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from typing import TYPE_CHECKING, Any

from nbmigrate.model.operations.base import (
    AlterTableOp,
    HasOptions,
    MigrateOperation,
    NotReversible,
    full_name,
)
from nbmigrate.model.operations.schema_objects import make_table, ordered_constraints

if TYPE_CHECKING:
    from sqlalchemy.schema import MetaData, SchemaItem, Table


class CreateTableOp(MigrateOperation):
    """Create a table.

    ``columns`` holds columns and constraints as they were handed in: for a table of the models these are the
    table's own, untouched. ``to_table()`` copies what it needs.
    """

    def __init__(
        self,
        table_name: str,
        columns: Sequence[SchemaItem],
        *,
        schema: str | None = None,
        if_not_exists: bool | None = None,
        _namespace_metadata: MetaData | None = None,
        _constraints_included: bool = False,
        **kw: Any,
    ) -> None:
        self.table_name = table_name
        self.columns = columns
        self.schema = schema
        self.if_not_exists = if_not_exists
        self.info: dict[Any, Any] = kw.pop("info", {})
        self.comment: str | None = kw.pop("comment", None)
        self.prefixes: Sequence[str] | None = kw.pop("prefixes", None)
        self.kw = kw
        self._namespace_metadata = _namespace_metadata
        self._constraints_included = _constraints_included

    @classmethod
    def from_table(cls, table: Table, *, _namespace_metadata: MetaData | None = None) -> CreateTableOp:
        """The operation that creates ``table``."""
        return cls(
            table.name,
            [*table.c, *ordered_constraints(table)],
            schema=table.schema,
            _namespace_metadata=table.metadata if _namespace_metadata is None else _namespace_metadata,
            _constraints_included=True,
            comment=table.comment,
            info=dict(table.info),
            prefixes=list(table._prefixes),
            **table.kwargs,
        )

    def to_table(self, migration_context: HasOptions | None = None) -> Table:
        """A new Table with copies of the columns and constraints."""
        return make_table(
            self.table_name,
            self.columns,
            context=migration_context,
            constraints_included=self._constraints_included,
            schema=self.schema,
            prefixes=list(self.prefixes or ()),
            comment=self.comment,
            info=dict(self.info or {}),
            **self.kw,
        )

    def reverse(self) -> DropTableOp:
        """Drop the table again."""
        remembered = CreateTableOp(
            self.table_name,
            list(self.columns),
            schema=self.schema,
            _namespace_metadata=self._namespace_metadata,
            _constraints_included=self._constraints_included,
            **self._table_options(),
        )
        return DropTableOp(
            self.table_name, schema=self.schema, table_kw=self._table_options(), _reverse=remembered
        )

    def _table_options(self) -> dict[str, Any]:
        return {
            "comment": self.comment,
            "info": dict(self.info or {}),
            "prefixes": list(self.prefixes or ()),
            **self.kw,
        }

    def to_diff_tuple(self) -> tuple[str, Table]:
        """``("add_table", Table)``."""
        return ("add_table", self.to_table())

    def explain(self) -> str:
        """One sentence."""
        from sqlalchemy.schema import Column

        count = sum(isinstance(item, Column) for item in self.columns)
        columns = f"{count} column{'' if count == 1 else 's'}"
        unless = ", unless it is there already" if self.if_not_exists else ""
        return f"Create the table {full_name(self.table_name, self.schema)} with {columns}{unless}."


class DropTableOp(MigrateOperation):
    """Drop a table; ``_reverse`` remembers what it looked like."""

    def __init__(
        self,
        table_name: str,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
        table_kw: MutableMapping[Any, Any] | None = None,
        _reverse: CreateTableOp | None = None,
    ) -> None:
        self.table_name = table_name
        self.schema = schema
        self.if_exists = if_exists
        self.table_kw: MutableMapping[Any, Any] = table_kw or {}
        self.comment: str | None = self.table_kw.pop("comment", None)
        self.info: dict[Any, Any] | None = self.table_kw.pop("info", None)  # type: ignore[assignment]
        self.prefixes: Sequence[str] | None = self.table_kw.pop("prefixes", None)
        self._reverse = _reverse

    @classmethod
    def from_table(cls, table: Table, *, _namespace_metadata: MetaData | None = None) -> DropTableOp:
        """The operation that drops ``table``, and can make it again."""
        create = CreateTableOp.from_table(table, _namespace_metadata=_namespace_metadata)
        return cls(table.name, schema=table.schema, table_kw=create._table_options(), _reverse=create)

    @property
    def is_bare(self) -> bool:
        """Whether nothing is known of the table but its name."""
        known = self._reverse or self.table_kw or self.comment or self.info or self.prefixes
        return not known and type(self).to_table is DropTableOp.to_table

    def to_table(self, migration_context: HasOptions | None = None) -> Table:
        """The table as it was, or an empty one of that name."""
        return make_table(
            self.table_name,
            self._reverse.columns if self._reverse else (),
            context=migration_context,
            constraints_included=self._reverse is not None and self._reverse._constraints_included,
            schema=self.schema,
            prefixes=list(self.prefixes or ()),
            comment=self.comment,
            info=dict(self.info or {}),
            **self.table_kw,
        )

    def reverse(self) -> CreateTableOp:
        """Create the table again, as it was."""
        if self._reverse is None:
            raise NotReversible(
                f"dropping the table {full_name(self.table_name, self.schema)} can't be reversed: "
                "its columns aren't known"
            )
        return CreateTableOp(
            self.table_name,
            list(self._reverse.columns),
            schema=self.schema,
            _namespace_metadata=self._reverse._namespace_metadata,
            _constraints_included=self._reverse._constraints_included,
            comment=self.comment,
            info=dict(self.info or {}),
            prefixes=list(self.prefixes or ()),
            **self.table_kw,
        )

    def to_diff_tuple(self) -> tuple[str, Table]:
        """``("remove_table", Table)``."""
        return ("remove_table", self.to_table())

    def explain(self) -> str:
        """One sentence."""
        there = " if it is there" if self.if_exists else ""
        return f"Drop the table {full_name(self.table_name, self.schema)} and all its rows{there}."


class RenameTableOp(AlterTableOp):
    """Rename a table; ``table_name`` is the old name."""

    def __init__(self, old_table_name: str, new_table_name: str, *, schema: str | None = None) -> None:
        super().__init__(old_table_name, schema=schema)
        self.new_table_name = new_table_name

    def reverse(self) -> RenameTableOp:
        """Rename it back."""
        return RenameTableOp(self.new_table_name, self.table_name, schema=self.schema)

    def to_diff_tuple(self) -> tuple[str, str | None, str, str]:
        """``("rename_table", schema, old name, new name)``; Alembic has none."""
        return ("rename_table", self.schema, self.table_name, self.new_table_name)

    def explain(self) -> str:
        """One sentence."""
        return f"Rename the table {full_name(self.table_name, self.schema)} to {self.new_table_name}."


class CreateTableCommentOp(AlterTableOp):
    """Set a table's comment."""

    def __init__(
        self,
        table_name: str,
        comment: str | None,
        *,
        schema: str | None = None,
        existing_comment: str | None = None,
    ) -> None:
        super().__init__(table_name, schema=schema)
        self.comment = comment
        self.existing_comment = existing_comment

    def reverse(self) -> CreateTableCommentOp | DropTableCommentOp:
        """Put the comment back that was there, or none."""
        if self.existing_comment is None:
            return DropTableCommentOp(self.table_name, existing_comment=self.comment, schema=self.schema)
        return CreateTableCommentOp(
            self.table_name, self.existing_comment, existing_comment=self.comment, schema=self.schema
        )

    def to_table(self, migration_context: HasOptions | None = None) -> Table:
        """A Table without columns that carries the comment."""
        return make_table(
            self.table_name, context=migration_context, schema=self.schema, comment=self.comment
        )

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """``("add_table_comment", Table, existing comment)``."""
        return ("add_table_comment", self.to_table(), self.existing_comment)

    def explain(self) -> str:
        """One sentence."""
        return f"Set the comment of the table {full_name(self.table_name, self.schema)} to {self.comment!r}."


class DropTableCommentOp(AlterTableOp):
    """Remove a table's comment."""

    def __init__(
        self, table_name: str, *, schema: str | None = None, existing_comment: str | None = None
    ) -> None:
        super().__init__(table_name, schema=schema)
        self.existing_comment = existing_comment

    def reverse(self) -> CreateTableCommentOp:
        """Put the comment back."""
        return CreateTableCommentOp(self.table_name, self.existing_comment, schema=self.schema)

    def to_table(self, migration_context: HasOptions | None = None) -> Table:
        """A Table without columns and comment."""
        return make_table(self.table_name, context=migration_context, schema=self.schema)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """``("remove_table_comment", Table)``."""
        return ("remove_table_comment", self.to_table())

    def explain(self) -> str:
        """One sentence."""
        return f"Remove the comment of the table {full_name(self.table_name, self.schema)}."
