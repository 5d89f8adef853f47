"""``Operations``: what a migration script calls as ``op``.

Each directive is written out with Alembic's signature and makes one operation; that is all there is to it.
Keywords beyond the signature are kept on the operation where Alembic keeps them (``**kw``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, Literal

from nbmigrate.model import operations as ops
from nbmigrate.operations.abstract import AbstractOperations
from nbmigrate.operations.batch import BatchOperations
from nbmigrate.operations.keywords import foreign_key_keywords, warn_of_misspelling

if TYPE_CHECKING:
    from sqlalchemy.schema import Column, SchemaItem, Table
    from sqlalchemy.sql.base import Executable
    from sqlalchemy.sql.selectable import TableClause

__all__ = ["AbstractOperations", "BatchOperations", "Operations"]


class Operations(AbstractOperations):
    """The directives of a migration, bound to one migration context."""

    @classmethod
    @contextmanager
    def context(cls, migration_context: Any) -> Iterator[Operations]:
        """Operations for this migration context; what the module ``op`` speaks of, inside the block.

        The context decides how the latter is done: its ``bound_operations(operations)``, where it has that.
        """
        operations = cls(migration_context)
        bound = getattr(migration_context, "bound_operations", nullcontext)
        with bound(operations):
            yield operations

    @contextmanager
    def batch_alter_table(
        self,
        table_name: str,
        schema: str | None = None,
        recreate: Literal["auto", "always", "never"] = "auto",
        partial_reordering: Sequence[Sequence[str]] | None = None,
        copy_from: Table | None = None,
        table_args: Sequence[Any] = (),
        table_kwargs: Mapping[str, Any] | None = None,
        reflect_args: Sequence[Any] = (),
        reflect_kwargs: Mapping[str, Any] | None = None,
        naming_convention: Mapping[str, str] | None = None,
    ) -> Iterator[BatchOperations]:
        """Collect changes to one table and carry them out at the end of the block, as one operation.

        Nothing is carried out where the block raises.
        """
        batch = ops.BatchAlterTableOp(
            table_name,
            (),
            schema,
            recreate,
            partial_reordering,
            copy_from,
            table_args,
            table_kwargs,
            reflect_args,
            reflect_kwargs,
            naming_convention,
        )
        yield BatchOperations(self.migration_context, batch)
        self.invoke(batch)

    # tables

    def create_table(
        self, table_name: str, *columns: SchemaItem, if_not_exists: bool | None = None, **kw: Any
    ) -> Table:
        """Create a table from columns and constraints; returns the Table."""
        return self.invoke(  # type: ignore[no-any-return]
            ops.CreateTableOp(table_name, columns, if_not_exists=if_not_exists, **kw)
        )

    def drop_table(
        self, table_name: str, *, schema: str | None = None, if_exists: bool | None = None, **kw: Any
    ) -> None:
        """Drop a table."""
        self.invoke(ops.DropTableOp(table_name, schema=schema, if_exists=if_exists, table_kw=kw))

    def rename_table(self, old_table_name: str, new_table_name: str, *, schema: str | None = None) -> None:
        """Rename a table."""
        self.invoke(ops.RenameTableOp(old_table_name, new_table_name, schema=schema))

    def create_table_comment(
        self,
        table_name: str,
        comment: str | None,
        *,
        existing_comment: str | None = None,
        schema: str | None = None,
    ) -> None:
        """Set a table's comment."""
        self.invoke(
            ops.CreateTableCommentOp(table_name, comment, existing_comment=existing_comment, schema=schema)
        )

    def drop_table_comment(
        self, table_name: str, *, existing_comment: str | None = None, schema: str | None = None
    ) -> None:
        """Remove a table's comment."""
        self.invoke(ops.DropTableCommentOp(table_name, existing_comment=existing_comment, schema=schema))

    # columns

    def add_column(
        self,
        table_name: str,
        column: Column[Any],
        *,
        schema: str | None = None,
        if_not_exists: bool | None = None,
        inline_references: bool | None = None,
        inline_primary_key: bool | None = None,
    ) -> None:
        """Add a column, with the constraints and indexes that it asks for."""
        self.invoke(
            ops.AddColumnOp(
                table_name,
                column,
                schema=schema,
                if_not_exists=if_not_exists,
                inline_references=inline_references,
                inline_primary_key=inline_primary_key,
            )
        )

    def drop_column(
        self,
        table_name: str,
        column_name: str,
        *,
        schema: str | None = None,
        **kw: Any,
    ) -> None:
        """Drop a column."""
        self.invoke(ops.DropColumnOp(table_name, column_name, schema=schema, **kw))

    def alter_column(
        self,
        table_name: str,
        column_name: str,
        *,
        nullable: bool | None = None,
        comment: str | Literal[False] | None = False,
        server_default: Any = False,
        new_column_name: str | None = None,
        type_: Any | None = None,
        existing_type: Any | None = None,
        existing_server_default: Any = False,
        existing_nullable: bool | None = None,
        existing_comment: str | None = None,
        schema: str | None = None,
        **kw: Any,
    ) -> None:
        """Change a column's name, type, nullability, server default or comment."""
        warn_of_misspelling("alter_column", kw)
        self.invoke(
            ops.AlterColumnOp(
                table_name,
                column_name,
                schema=schema,
                existing_type=existing_type,
                existing_server_default=existing_server_default,
                existing_nullable=existing_nullable,
                existing_comment=existing_comment,
                modify_name=new_column_name,
                modify_type=type_,
                modify_server_default=server_default,
                modify_nullable=nullable,
                modify_comment=comment,
                **kw,
            )
        )

    # indexes and constraints

    def create_index(
        self,
        index_name: str | None,
        table_name: str,
        columns: Sequence[Any],
        *,
        schema: str | None = None,
        unique: bool = False,
        if_not_exists: bool | None = None,
        **kw: Any,
    ) -> None:
        """Create an index on columns or expressions."""
        self.invoke(
            ops.CreateIndexOp(
                index_name,
                table_name,
                columns,
                schema=schema,
                unique=unique,
                if_not_exists=if_not_exists,
                **kw,
            )
        )

    def drop_index(
        self,
        index_name: str,
        table_name: str | None = None,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
        **kw: Any,
    ) -> None:
        """Drop an index."""
        self.invoke(ops.DropIndexOp(index_name, table_name, schema=schema, if_exists=if_exists, **kw))

    def create_primary_key(
        self,
        constraint_name: str | None,
        table_name: str,
        columns: Sequence[str],
        *,
        schema: str | None = None,
    ) -> None:
        """Give a table its primary key."""
        self.invoke(ops.CreatePrimaryKeyOp(constraint_name, table_name, columns, schema=schema))

    def create_unique_constraint(
        self,
        constraint_name: str | None,
        table_name: str,
        columns: Sequence[str],
        *,
        schema: str | None = None,
        **kw: Any,
    ) -> Any:
        """Add a unique constraint."""
        return self.invoke(
            ops.CreateUniqueConstraintOp(constraint_name, table_name, columns, schema=schema, **kw)
        )

    def create_foreign_key(
        self,
        constraint_name: str | None,
        source_table: str,
        referent_table: str,
        local_cols: Sequence[str],
        remote_cols: Sequence[str],
        *,
        onupdate: str | None = None,
        ondelete: str | None = None,
        deferrable: bool | None = None,
        initially: str | None = None,
        match: str | None = None,
        source_schema: str | None = None,
        referent_schema: str | None = None,
        **dialect_kw: Any,
    ) -> None:
        """Add a foreign key."""
        self.invoke(
            ops.CreateForeignKeyOp(
                constraint_name,
                source_table,
                referent_table,
                local_cols,
                remote_cols,
                source_schema=source_schema,
                referent_schema=referent_schema,
                **foreign_key_keywords(onupdate, ondelete, deferrable, initially, match),
                **dialect_kw,
            )
        )

    def create_check_constraint(
        self,
        constraint_name: str | None,
        table_name: str,
        condition: Any,
        *,
        schema: str | None = None,
        **kw: Any,
    ) -> None:
        """Add a CHECK constraint."""
        self.invoke(ops.CreateCheckConstraintOp(constraint_name, table_name, condition, schema=schema, **kw))

    def create_exclude_constraint(
        self, constraint_name: str | None, table_name: str, *elements: Any, **kw: Any
    ) -> Any:
        """Add an EXCLUDE constraint (PostgreSQL)."""
        return self.invoke(ops.CreateExcludeConstraintOp(constraint_name, table_name, elements, **kw))

    def drop_constraint(
        self,
        constraint_name: str | None,
        table_name: str,
        type_: str | None = None,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
    ) -> None:
        """Drop a constraint; ``type_`` is 'foreignkey', 'primary', 'unique' or 'check'."""
        self.invoke(
            ops.DropConstraintOp(constraint_name, table_name, type_, schema=schema, if_exists=if_exists)
        )

    # rows and SQL

    def bulk_insert(
        self, table: Table | TableClause, rows: Iterable[Mapping[str, Any]], *, multiinsert: bool = True
    ) -> None:
        """Insert rows; ``multiinsert=False`` sends one INSERT a row, which ``inline_literal`` needs.

        ``rows`` are dictionaries: in a list, or from a generator or any other iterable; or a pandas or
        Polars frame, an Arrow table or reader, whatever has ``__arrow_c_stream__``. More than a few thousand
        are read and sent in pieces, so that any number of them takes little memory. A missing value of a
        frame is NULL.

        Raises ``TypeError`` where a row is no dictionary.
        """
        self.invoke(ops.BulkInsertOp(table, rows, multiinsert=multiinsert))

    def execute(
        self, sqltext: Executable | str, *, execution_options: Mapping[str, Any] | None = None
    ) -> None:
        """Run SQL text or a SQLAlchemy statement; ``:name`` in text is a parameter, as in ``text()``."""
        self.invoke(ops.ExecuteSQLOp(sqltext, execution_options=execution_options))

    def run(self, operation: ops.MigrateOperation) -> Any:
        """Carry one operation out; a table that is created is the result."""
        result = super().run(operation)
        if not isinstance(operation, ops.CreateTableOp):
            return result
        from sqlalchemy.schema import Table

        return result if isinstance(result, Table) else operation.to_table(self.migration_context)
