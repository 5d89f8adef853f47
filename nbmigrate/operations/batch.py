"""``BatchOperations``: the directives inside ``with op.batch_alter_table(...) as batch_op``.

Nothing here touches the database: operations are added to one BatchAlterTableOp, which the ``with`` hands
over when it ends. Only ``execute()`` and ``get_bind()`` work at once, before the collected changes, as
Alembic's do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from nbmigrate.model import operations as ops
from nbmigrate.operations.abstract import AbstractOperations, MigrationContext
from nbmigrate.operations.keywords import foreign_key_keywords, warn_of_misspelling

if TYPE_CHECKING:
    from sqlalchemy.schema import Column
    from sqlalchemy.sql.base import Executable


class BatchOperations(AbstractOperations):
    """The directives for one table; as on Operations, without the table's name and schema."""

    def __init__(self, migration_context: MigrationContext, batch: ops.BatchAlterTableOp) -> None:
        super().__init__(migration_context, impl=batch)
        self.batch = batch

    def run(self, operation: ops.MigrateOperation) -> Any:
        """Add one operation to the batch."""
        if isinstance(operation, ops.ExecuteSQLOp):
            return super().run(operation)
        if isinstance(operation, (ops.CreateTableOp, ops.DropTableOp, ops.RenameTableOp)):
            verb = type(operation).__name__.removesuffix("Op")
            raise NotImplementedError(
                f"{verb} can't be part of a batch for the table {self.batch.table_name}: "
                "say it outside the 'with op.batch_alter_table(...)' block"
            )
        self.batch.ops.append(operation)
        return None

    def create_table(self, table_name: str, *columns: Any, **kw: Any) -> NoReturn:
        """Not in a batch: raises NotImplementedError."""
        self._refuse(ops.CreateTableOp(table_name, columns, **kw))

    def drop_table(self, table_name: str, **kw: Any) -> NoReturn:
        """Not in a batch: raises NotImplementedError."""
        self._refuse(ops.DropTableOp(table_name))

    def rename_table(self, old_table_name: str, new_table_name: str, **kw: Any) -> NoReturn:
        """Not in a batch: raises NotImplementedError."""
        self._refuse(ops.RenameTableOp(old_table_name, new_table_name))

    def _refuse(self, operation: ops.MigrateOperation) -> NoReturn:
        self.run(operation)
        raise AssertionError("a batch takes no operation on whole tables")

    def create_table_comment(self, comment: str | None, *, existing_comment: str | None = None) -> None:
        """Set the table's comment."""
        self.invoke(
            ops.CreateTableCommentOp(
                self.batch.table_name,
                comment,
                existing_comment=existing_comment,
                schema=self.batch.schema,
            )
        )

    def drop_table_comment(self, *, existing_comment: str | None = None) -> None:
        """Remove the table's comment."""
        self.invoke(
            ops.DropTableCommentOp(
                self.batch.table_name, existing_comment=existing_comment, schema=self.batch.schema
            )
        )

    def add_column(
        self,
        column: Column[Any],
        *,
        insert_before: str | None = None,
        insert_after: str | None = None,
        if_not_exists: bool | None = None,
        inline_references: bool | None = None,
        inline_primary_key: bool | None = None,
    ) -> None:
        """Add a column; at a certain place only where the table is rebuilt."""
        place = {"insert_before": insert_before, "insert_after": insert_after}
        self.invoke(
            ops.AddColumnOp(
                self.batch.table_name,
                column,
                schema=self.batch.schema,
                if_not_exists=if_not_exists,
                inline_references=inline_references,
                inline_primary_key=inline_primary_key,
                **{word: name for word, name in place.items() if name},
            )
        )

    def drop_column(self, column_name: str, **kw: Any) -> None:
        """Drop a column."""
        self.invoke(ops.DropColumnOp(self.batch.table_name, column_name, schema=self.batch.schema, **kw))

    def alter_column(
        self,
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
        insert_before: str | None = None,
        insert_after: str | None = None,
        **kw: Any,
    ) -> None:
        """Change a column's name, type, nullability, server default, comment or place."""
        warn_of_misspelling("alter_column", kw)
        self.invoke(
            ops.AlterColumnOp(
                self.batch.table_name,
                column_name,
                schema=self.batch.schema,
                existing_type=existing_type,
                existing_server_default=existing_server_default,
                existing_nullable=existing_nullable,
                existing_comment=existing_comment,
                modify_name=new_column_name,
                modify_type=type_,
                modify_server_default=server_default,
                modify_nullable=nullable,
                modify_comment=comment,
                insert_before=insert_before,
                insert_after=insert_after,
                **kw,
            )
        )

    def create_index(self, index_name: str | None, columns: Sequence[Any], **kw: Any) -> None:
        """Create an index on columns or expressions."""
        self.invoke(
            ops.CreateIndexOp(index_name, self.batch.table_name, columns, schema=self.batch.schema, **kw)
        )

    def drop_index(self, index_name: str, **kw: Any) -> None:
        """Drop an index."""
        self.invoke(ops.DropIndexOp(index_name, self.batch.table_name, schema=self.batch.schema, **kw))

    def create_primary_key(self, constraint_name: str | None, columns: Sequence[str]) -> None:
        """Give the table its primary key."""
        self.invoke(
            ops.CreatePrimaryKeyOp(constraint_name, self.batch.table_name, columns, schema=self.batch.schema)
        )

    def create_unique_constraint(self, constraint_name: str | None, columns: Sequence[str], **kw: Any) -> Any:
        """Add a unique constraint."""
        kw["schema"] = self.batch.schema
        return self.invoke(
            ops.CreateUniqueConstraintOp(constraint_name, self.batch.table_name, columns, **kw)
        )

    def create_foreign_key(
        self,
        constraint_name: str | None,
        referent_table: str,
        local_cols: Sequence[str],
        remote_cols: Sequence[str],
        *,
        referent_schema: str | None = None,
        onupdate: str | None = None,
        ondelete: str | None = None,
        deferrable: bool | None = None,
        initially: str | None = None,
        match: str | None = None,
        **dialect_kw: Any,
    ) -> None:
        """Add a foreign key from this table to another, or to itself."""
        self.invoke(
            ops.CreateForeignKeyOp(
                constraint_name,
                self.batch.table_name,
                referent_table,
                local_cols,
                remote_cols,
                source_schema=self.batch.schema,
                referent_schema=referent_schema,
                **foreign_key_keywords(onupdate, ondelete, deferrable, initially, match),
                **dialect_kw,
            )
        )

    def create_check_constraint(self, constraint_name: str | None, condition: Any, **kw: Any) -> None:
        """Add a CHECK constraint."""
        kw["schema"] = self.batch.schema
        self.invoke(ops.CreateCheckConstraintOp(constraint_name, self.batch.table_name, condition, **kw))

    def create_exclude_constraint(self, constraint_name: str | None, *elements: Any, **kw: Any) -> Any:
        """Add an EXCLUDE constraint (PostgreSQL)."""
        kw["schema"] = self.batch.schema
        return self.invoke(
            ops.CreateExcludeConstraintOp(constraint_name, self.batch.table_name, elements, **kw)
        )

    def drop_constraint(self, constraint_name: str | None, type_: str | None = None) -> None:
        """Drop a constraint; ``type_`` is 'foreignkey', 'primary', 'unique' or 'check'."""
        self.invoke(
            ops.DropConstraintOp(constraint_name, self.batch.table_name, type_, schema=self.batch.schema)
        )

    def execute(
        self, sqltext: Executable | str, *, execution_options: Mapping[str, Any] | None = None
    ) -> None:
        """Run SQL at once, before the changes that the batch collects."""
        self.invoke(ops.ExecuteSQLOp(sqltext, execution_options=execution_options))
