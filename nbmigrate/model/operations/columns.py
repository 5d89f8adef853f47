"""Operations on columns: add, drop, alter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from nbmigrate.model.operations.base import AlterTableOp, HasOptions, NotReversible, full_name, listed

if TYPE_CHECKING:
    from sqlalchemy.schema import Column


class AddColumnOp(AlterTableOp):
    """Add a column. In batch ``kw`` may hold ``insert_before`` and ``insert_after``."""

    def __init__(
        self,
        table_name: str,
        column: Column[Any],
        *,
        schema: str | None = None,
        if_not_exists: bool | None = None,
        inline_references: bool | None = None,
        inline_primary_key: bool | None = None,
        **kw: Any,
    ) -> None:
        super().__init__(table_name, schema=schema)
        self.column = column
        self.if_not_exists = if_not_exists
        self.inline_references = inline_references
        self.inline_primary_key = inline_primary_key
        self.kw = kw

    @classmethod
    def from_column(cls, col: Column[Any]) -> AddColumnOp:
        """The operation that adds ``col`` to its table."""
        return cls(col.table.name, col, schema=col.table.schema)

    @classmethod
    def from_column_and_tablename(cls, schema: str | None, tname: str, col: Column[Any]) -> AddColumnOp:
        """The operation that adds ``col`` to a table of that name."""
        return cls(tname, col, schema=schema)

    def to_column(self) -> Column[Any]:
        """The column, the very object."""
        return self.column

    def reverse(self) -> DropColumnOp:
        """Drop the column again."""
        drop = DropColumnOp.from_column_and_tablename(self.schema, self.table_name, self.column)
        drop.if_exists = self.if_not_exists
        return drop

    def to_diff_tuple(self) -> tuple[str, str | None, str, Column[Any]]:
        """``("add_column", schema, table, Column)``."""
        return ("add_column", self.schema, self.table_name, self.column)

    def explain(self) -> str:
        """One sentence."""
        nullable = "" if self.column.nullable else ", which must not be NULL,"
        table = full_name(self.table_name, self.schema)
        unless = ", unless it is there already" if self.if_not_exists else ""
        return f"Add the column {self.column.name}{nullable} to the table {table}{unless}."


class DropColumnOp(AlterTableOp):
    """Drop a column; ``_reverse`` remembers what it looked like."""

    def __init__(
        self,
        table_name: str,
        column_name: str,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
        _reverse: AddColumnOp | None = None,
        **kw: Any,
    ) -> None:
        super().__init__(table_name, schema=schema)
        self.column_name = column_name
        self.kw = kw
        self.if_exists = if_exists
        self._reverse = _reverse

    @classmethod
    def from_column_and_tablename(cls, schema: str | None, tname: str, col: Column[Any]) -> DropColumnOp:
        """The operation that drops ``col`` from a table of that name, and can add it again."""
        add = AddColumnOp.from_column_and_tablename(schema, tname, col)
        return cls(tname, str(col.name), schema=schema, _reverse=add)

    def to_column(self, migration_context: HasOptions | None = None) -> Column[Any]:
        """The column as it was, or one of that name without a type."""
        if self._reverse is not None:
            return self._reverse.column
        from sqlalchemy.schema import Column
        from sqlalchemy.types import NULLTYPE

        return Column(self.column_name, NULLTYPE)

    def reverse(self) -> AddColumnOp:
        """Add the column again, empty."""
        if self._reverse is None:
            raise NotReversible("operation is not reversible; original column is not present")
        add = AddColumnOp.from_column_and_tablename(self.schema, self.table_name, self._reverse.column)
        add.if_not_exists = self.if_exists
        return add

    def to_diff_tuple(self) -> tuple[str, str | None, str, Column[Any]]:
        """``("remove_column", schema, table, Column)``."""
        return ("remove_column", self.schema, self.table_name, self.to_column())

    def explain(self) -> str:
        """One sentence."""
        table = full_name(self.table_name, self.schema)
        there = " if it is there" if self.if_exists else ""
        return f"Drop the column {self.column_name} and its values from the table {table}{there}."


class AlterColumnOp(AlterTableOp):
    """Change a column.

    None means "leave it" for name, type and nullability; False does for server default and comment, where
    None is a value: "have none". ``existing_*`` say what is there now, for databases that must be told the
    whole column, and for reversing. In batch ``kw`` may hold ``insert_before`` and ``insert_after``.
    """

    def __init__(
        self,
        table_name: str,
        column_name: str,
        *,
        schema: str | None = None,
        existing_type: Any | None = None,
        existing_server_default: Any = False,
        existing_nullable: bool | None = None,
        existing_comment: str | None = None,
        modify_nullable: bool | None = None,
        modify_comment: str | Literal[False] | None = False,
        modify_server_default: Any = False,
        modify_name: str | None = None,
        modify_type: Any | None = None,
        **kw: Any,
    ) -> None:
        super().__init__(table_name, schema=schema)
        self.column_name = column_name
        self.existing_type = existing_type
        self.existing_server_default = existing_server_default
        self.existing_nullable = existing_nullable
        self.existing_comment = existing_comment
        self.modify_nullable = modify_nullable
        self.modify_comment = modify_comment
        self.modify_server_default = modify_server_default
        self.modify_name = modify_name
        self.modify_type = modify_type
        self.kw = kw

    def to_diff_tuple(self) -> list[tuple[Any, ...]]:
        """A list with a tuple for each of ``modify_type, _nullable, _default, _comment`` that is changed."""
        existing = {
            "existing_type": self.existing_type,
            "existing_nullable": self.existing_nullable,
            "existing_server_default": self.existing_server_default,
            "existing_comment": self.existing_comment,
        }
        changes = (
            ("modify_type", "existing_type", self.modify_type, None),
            ("modify_nullable", "existing_nullable", self.modify_nullable, None),
            ("modify_default", "existing_server_default", self.modify_server_default, False),
            ("modify_comment", "existing_comment", self.modify_comment, False),
        )
        return [
            (
                word,
                self.schema,
                self.table_name,
                self.column_name,
                {key: value for key, value in existing.items() if key != own},
                existing[own],
                new,
            )
            for word, own, new, unset in changes
            if new is not unset
        ]

    def has_changes(self) -> bool:
        """Whether anything besides the name is changed."""
        return (
            self.modify_nullable is not None
            or self.modify_server_default is not False
            or self.modify_type is not None
            or self.modify_comment is not False
            or any(word.startswith("modify_") for word in self.kw)
        )

    def reverse(self) -> AlterColumnOp:
        """Change the column back; what is there now must have been said for whatever is changed."""
        self._check_reversible()
        kw = dict(self.kw)
        for word in [word for word in kw if word.startswith("modify_")]:
            other = "existing_" + word.removeprefix("modify_")
            if other not in kw:
                raise NotReversible(f"altering {self.column_name} can't be reversed: {other} isn't known")
            kw[word], kw[other] = kw[other], kw[word]
        typed = self.modify_type is not None
        nulled = self.modify_nullable is not None
        defaulted = self.modify_server_default is not False
        commented = self.modify_comment is not False
        return type(self)(
            self.table_name,
            self.modify_name or self.column_name,
            schema=self.schema,
            existing_type=self.modify_type if typed else self.existing_type,
            modify_type=self.existing_type if typed else None,
            existing_nullable=self.modify_nullable if nulled else self.existing_nullable,
            modify_nullable=self.existing_nullable if nulled else None,
            existing_server_default=self.modify_server_default if defaulted else self.existing_server_default,
            modify_server_default=self.existing_server_default if defaulted else False,
            existing_comment=(self.modify_comment or None) if commented else self.existing_comment,
            modify_comment=self.existing_comment if commented else False,
            modify_name=self.column_name if self.modify_name else None,
            **kw,
        )

    def _check_reversible(self) -> None:
        missing = [
            word
            for word, new, unset, known in (
                ("existing_type", self.modify_type, None, self.existing_type is not None),
                ("existing_nullable", self.modify_nullable, None, self.existing_nullable is not None),
                (
                    "existing_server_default",
                    self.modify_server_default,
                    False,
                    self.existing_server_default is not False,
                ),
            )
            if new is not unset and not known
        ]
        if missing:
            raise NotReversible(
                f"altering {self.table_name}.{self.column_name} can't be reversed: "
                f"{listed(missing)} {'is' if len(missing) == 1 else 'are'} not given"
            )

    def explain(self) -> str:
        """One sentence."""
        parts = []
        if self.modify_name is not None:
            parts.append(f"rename it to {self.modify_name}")
        if self.modify_type is not None:
            from sqlalchemy.types import to_instance  # a class stands for its instance

            was = f" from {to_instance(self.existing_type)!r}" if self.existing_type is not None else ""
            parts.append(f"change its type{was} to {to_instance(self.modify_type)!r}")
        if self.modify_nullable is not None:
            parts.append("allow NULL" if self.modify_nullable else "forbid NULL")
        if self.modify_server_default is not False:
            gone = self.modify_server_default is None
            parts.append("remove its server default" if gone else "set its server default")
        if self.modify_comment is not False:
            gone = self.modify_comment is None
            parts.append("remove its comment" if gone else f"set its comment to {self.modify_comment!r}")
        table = full_name(self.table_name, self.schema)
        return f"Alter the column {self.column_name} of the table {table}: {listed(parts) or 'no change'}."
