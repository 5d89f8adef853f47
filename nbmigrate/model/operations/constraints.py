"""Operations on constraints: primary key, unique, foreign key, check, exclude; and dropping any of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from nbmigrate.model.operations.base import (
    HasOptions,
    MigrateOperation,
    NotReversible,
    full_name,
    listed,
    named,
)
from nbmigrate.model.operations.schema_objects import (
    constraint_name,
    make_check,
    make_foreign_key,
    make_primary_key,
    make_unique,
    table_of,
    target_of,
)

if TYPE_CHECKING:
    from sqlalchemy import schema as sa_schema
    from sqlalchemy.schema import Constraint
    from sqlalchemy.sql.elements import ColumnElement

    from nbmigrate.model.operations.schema_objects import Expression

AddType = TypeVar("AddType", bound="type[AddConstraintOp]")


class AddConstraintOp(MigrateOperation):
    """Add a constraint: what the kinds have in common."""

    constraint_type: ClassVar[str] = ""
    # SQLAlchemy's __visit_name__ of a constraint to the class here; filled while modules are imported
    add_constraint_ops: ClassVar[dict[str, type[AddConstraintOp]]] = {}

    constraint_name: Any

    @classmethod
    def register_add_constraint(cls, type_: str) -> Callable[[AddType], AddType]:
        """Class decorator: this class adds constraints of SQLAlchemy's kind ``type_``."""

        def register(subclass: AddType) -> AddType:
            AddConstraintOp.add_constraint_ops[type_] = subclass
            return subclass

        return register

    @classmethod
    def from_constraint(cls, constraint: Constraint) -> AddConstraintOp:
        """The operation that adds ``constraint`` to its table."""
        kind = constraint.__visit_name__
        if kind not in AddConstraintOp.add_constraint_ops:
            raise ValueError(f"there is no operation for a constraint of the kind {kind!r}")
        return AddConstraintOp.add_constraint_ops[kind].from_constraint(constraint)

    def to_constraint(self, migration_context: HasOptions | None = None) -> Constraint:
        """The constraint, on a table of that name."""
        raise NotImplementedError

    def reverse(self) -> DropConstraintOp:
        """Drop the constraint again; where the database forgets names, by the one that is made from it."""
        operation = DropConstraintOp.from_constraint(self.to_constraint())
        known_as = self.info.get("known_as")
        if known_as is not None:
            operation.constraint_name = constraint_name(known_as)
        return operation

    def to_diff_tuple(self) -> tuple[str, Constraint]:
        """``("add_constraint", Constraint)``."""
        return ("add_constraint", self.to_constraint())


_DROP_TYPES = {
    "unique_constraint": "unique",
    "foreign_key_constraint": "foreignkey",
    "primary_key_constraint": "primary",
    "check_constraint": "check",
    "column_check_constraint": "check",
    "table_or_column_check_constraint": "check",
}

_WORDS = {
    "unique": "unique constraint",
    "foreignkey": "foreign key",
    "primary": "primary key",
    "check": "check constraint",
}


class DropConstraintOp(MigrateOperation):
    """Drop a constraint; ``_reverse`` remembers what it was."""

    def __init__(
        self,
        constraint_name: Any,
        table_name: str,
        type_: str | None = None,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
        _reverse: AddConstraintOp | None = None,
    ) -> None:
        self.constraint_name = constraint_name
        self.table_name = table_name
        self.constraint_type = type_
        self.schema = schema
        self.if_exists = if_exists
        self._reverse = _reverse

    @classmethod
    def from_constraint(cls, constraint: Constraint) -> DropConstraintOp:
        """The operation that drops ``constraint``, and can add it again."""
        table = table_of(constraint)
        return cls(
            constraint_name(constraint.name),
            table.name,
            _DROP_TYPES.get(constraint.__visit_name__),
            schema=table.schema,
            _reverse=AddConstraintOp.from_constraint(constraint),
        )

    def to_constraint(self) -> Constraint:
        """The constraint as it was, under the name and on the table that this operation has now."""
        if self._reverse is None:
            raise NotReversible("constraint cannot be produced; original constraint is not present")
        constraint = self._reverse.to_constraint()
        constraint.name = self.constraint_name
        table = table_of(constraint)
        table.name = self.table_name
        table.schema = self.schema
        return constraint

    def reverse(self) -> AddConstraintOp:
        """Add the constraint again."""
        return AddConstraintOp.from_constraint(self.to_constraint())

    def to_diff_tuple(self) -> tuple[str, Constraint]:
        """``("remove_fk" or "remove_constraint", Constraint)``."""
        word = "remove_fk" if self.constraint_type == "foreignkey" else "remove_constraint"
        return (word, self.to_constraint())

    def explain(self) -> str:
        """One sentence."""
        kind = _WORDS.get(self.constraint_type or "", "constraint")
        table = full_name(self.table_name, self.schema)
        there = " if it is there" if self.if_exists else ""
        return f"Drop {named(kind, self.constraint_name)} from the table {table}{there}."


@AddConstraintOp.register_add_constraint("primary_key_constraint")
class CreatePrimaryKeyOp(AddConstraintOp):
    """Give a table its primary key."""

    constraint_type = "primarykey"

    def __init__(
        self,
        constraint_name: Any,
        table_name: str,
        columns: Sequence[str],
        *,
        schema: str | None = None,
        **kw: Any,
    ) -> None:
        self.constraint_name = constraint_name
        self.table_name = table_name
        self.columns = columns
        self.schema = schema
        self.kw = kw

    @classmethod
    def from_constraint(cls, constraint: Constraint) -> CreatePrimaryKeyOp:
        """The operation that adds this primary key."""
        key = cast("sa_schema.PrimaryKeyConstraint", constraint)
        table = table_of(key)
        return cls(
            constraint_name(key.name),
            table.name,
            key.columns.keys(),
            schema=table.schema,
            **key.dialect_kwargs,
        )

    def to_constraint(self, migration_context: HasOptions | None = None) -> sa_schema.PrimaryKeyConstraint:
        """The primary key, on a table of that name."""
        return make_primary_key(
            self.constraint_name,
            self.table_name,
            self.columns,
            context=migration_context,
            schema_name=self.schema,
            **self.kw,
        )

    def explain(self) -> str:
        """One sentence."""
        table = full_name(self.table_name, self.schema)
        return f"Make {listed(self.columns)} the primary key of the table {table}."


@AddConstraintOp.register_add_constraint("unique_constraint")
class CreateUniqueConstraintOp(AddConstraintOp):
    """Add a unique constraint."""

    constraint_type = "unique"

    def __init__(
        self,
        constraint_name: Any,
        table_name: str,
        columns: Sequence[str],
        *,
        schema: str | None = None,
        **kw: Any,
    ) -> None:
        self.constraint_name = constraint_name
        self.table_name = table_name
        self.columns = columns
        self.schema = schema
        self.kw = kw

    @classmethod
    def from_constraint(cls, constraint: Constraint) -> CreateUniqueConstraintOp:
        """The operation that adds this unique constraint."""
        unique = cast("sa_schema.UniqueConstraint", constraint)
        table = table_of(unique)
        kw: dict[str, Any] = {
            word: getattr(unique, word) for word in ("deferrable", "initially") if getattr(unique, word)
        }
        kw.update(unique.dialect_kwargs)
        columns = [column.name for column in unique.columns]
        return cls(constraint_name(unique.name), table.name, columns, schema=table.schema, **kw)

    def to_constraint(self, migration_context: HasOptions | None = None) -> sa_schema.UniqueConstraint:
        """The unique constraint, on a table of that name."""
        return make_unique(
            self.constraint_name,
            self.table_name,
            self.columns,
            context=migration_context,
            schema_name=self.schema,
            **self.kw,
        )

    def explain(self) -> str:
        """One sentence."""
        table = full_name(self.table_name, self.schema)
        name = named("unique constraint", self.constraint_name)
        return f"Add {name} on {listed(self.columns)} to the table {table}: no two rows may agree in it."


def _referent(element: sa_schema.ForeignKey) -> tuple[str | None, str, str]:
    """Schema, table and column name; the foreign key's own words (keys) where the table isn't at hand."""
    from sqlalchemy.exc import NoReferenceError

    try:
        column = element.column
    except NoReferenceError:
        schema, table, name = target_of(element)
        return schema, table, name or str(element.parent.name)
    return column.table.schema, column.table.name, str(column.name)


@AddConstraintOp.register_add_constraint("foreign_key_constraint")
class CreateForeignKeyOp(AddConstraintOp):
    """Add a foreign key; ``source_schema``, ``referent_schema`` and the actions are in ``kw``."""

    constraint_type = "foreignkey"

    def __init__(
        self,
        constraint_name: Any,
        source_table: str,
        referent_table: str,
        local_cols: Sequence[str],
        remote_cols: Sequence[str],
        **kw: Any,
    ) -> None:
        self.constraint_name = constraint_name
        self.source_table = source_table
        self.referent_table = referent_table
        self.local_cols = local_cols
        self.remote_cols = remote_cols
        self.kw = kw

    @classmethod
    def from_constraint(cls, constraint: Constraint) -> CreateForeignKeyOp:
        """The operation that adds this foreign key."""
        key = cast("sa_schema.ForeignKeyConstraint", constraint)
        table = table_of(key)
        referents = [_referent(element) for element in key.elements]
        referent_schema, referent, _column = referents[0]
        words = ("onupdate", "ondelete", "initially", "deferrable", "use_alter", "match")
        kw: dict[str, Any] = {word: getattr(key, word) for word in words if getattr(key, word)}
        kw["source_schema"] = table.schema
        kw["referent_schema"] = referent_schema
        kw.update(key.dialect_kwargs)
        local = [element.parent.name for element in key.elements]
        remote = [column for _schema, _table, column in referents]
        return cls(constraint_name(key.name), table.name, referent, local, remote, **kw)

    def to_constraint(self, migration_context: HasOptions | None = None) -> sa_schema.ForeignKeyConstraint:
        """The foreign key, between tables of these names."""
        return make_foreign_key(
            self.constraint_name,
            self.source_table,
            self.referent_table,
            self.local_cols,
            self.remote_cols,
            context=migration_context,
            **self.kw,
        )

    def to_diff_tuple(self) -> tuple[str, Constraint]:
        """``("add_fk", ForeignKeyConstraint)``."""
        return ("add_fk", self.to_constraint())

    def explain(self) -> str:
        """One sentence."""
        table = full_name(self.source_table, self.kw.get("source_schema"))
        referent = full_name(self.referent_table, self.kw.get("referent_schema"))
        name = named("foreign key", self.constraint_name)
        return (
            f"Add {name} to the table {table}: {listed(self.local_cols)} must be found as "
            f"{listed(self.remote_cols)} in {referent}."
        )


@AddConstraintOp.register_add_constraint("check_constraint")
@AddConstraintOp.register_add_constraint("table_or_column_check_constraint")
@AddConstraintOp.register_add_constraint("column_check_constraint")
class CreateCheckConstraintOp(AddConstraintOp):
    """Add a CHECK constraint."""

    constraint_type = "check"

    def __init__(
        self,
        constraint_name: Any,
        table_name: str,
        condition: Expression,
        *,
        schema: str | None = None,
        **kw: Any,
    ) -> None:
        self.constraint_name = constraint_name
        self.table_name = table_name
        self.condition = condition
        self.schema = schema
        self.kw = kw

    @classmethod
    def from_constraint(cls, constraint: Constraint) -> CreateCheckConstraintOp:
        """The operation that adds this CHECK."""
        check = cast("sa_schema.CheckConstraint", constraint)
        table = table_of(check)
        return cls(
            constraint_name(check.name),
            table.name,
            cast("ColumnElement[Any]", check.sqltext),
            schema=table.schema,
            **check.dialect_kwargs,
        )

    def to_constraint(self, migration_context: HasOptions | None = None) -> sa_schema.CheckConstraint:
        """The CHECK, on a table of that name."""
        return make_check(
            self.constraint_name,
            self.table_name,
            self.condition,
            context=migration_context,
            schema_name=self.schema,
            **self.kw,
        )

    def explain(self) -> str:
        """One sentence."""
        table = full_name(self.table_name, self.schema)
        name = named("check constraint", self.constraint_name)
        return f"Add {name} to the table {table}: {self.condition} must hold for every row."
