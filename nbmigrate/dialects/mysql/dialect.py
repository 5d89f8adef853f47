"""MySQL and MariaDB: a column is changed by saying all that it is (CHANGE, MODIFY)."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, ClassVar

import sqlalchemy
from sqlalchemy import inspect, schema
from sqlalchemy import types as sqltypes
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.compiler import compiles

from nbmigrate.ddl import elements
from nbmigrate.ddl.statement import Statement
from nbmigrate.dialects.altered import default_element, existing_facts
from nbmigrate.dialects.base import Dialect, Rule, Statements
from nbmigrate.dialects.limits import Limit, error_number
from nbmigrate.dialects.mysql.lock import end_abandoned, lock_holder
from nbmigrate.dialects.mysql.recreate import described, recreate
from nbmigrate.dialects.mysql.table_options import alter_table_options
from nbmigrate.dialects.places import without_place
from nbmigrate.dialects.waiting import wait_for
from nbmigrate.errors import CommandError
from nbmigrate.model.operations.schema_objects import is_type_bound, table_of

if TYPE_CHECKING:
    from sqlalchemy.dialects.mysql.base import MySQLDDLCompiler
    from sqlalchemy.engine import Connection

    from nbmigrate.model.operations import (
        AlterColumnOp,
        AlterTableOptionsOp,
        BatchAlterTableOp,
        DropIndexOp,
        RenameIndexOp,
    )


class MySQL(Dialect):
    """MySQL."""

    materialized_views: ClassVar[bool] = False
    journals = True
    nothing = "DO 0"
    no_cycle = "NOCYCLE"

    @property
    def lint_rules(self) -> tuple[Rule, ...]:
        """Imported when something is linted."""
        from nbmigrate.dialects.mysql.lint import RULES

        return RULES

    @contextmanager
    def lock(
        self, connection: Connection, name: str, timeout: float, *, in_transaction: bool
    ) -> Iterator[None]:
        """A lock by name (MySQL's manual, "Locking Functions"), which ends with the connection at the latest.

        Such names are the whole server's, and of 64 characters at most: so a digest of the database's too.
        """
        began = not connection.in_transaction()
        schema_name, mine = connection.exec_driver_sql("SELECT DATABASE(), CONNECTION_ID()").one()
        key = f"nbmigrate:{hashlib.sha256(f'{schema_name}:{name}'.encode()).hexdigest()[:40]}"

        def attempt() -> bool:
            return bool(connection.exec_driver_sql(f"SELECT GET_LOCK('{key}', 0)").scalar())

        wait_for(attempt, timeout, lambda: lock_holder(connection, key))
        if began:
            connection.commit()
        try:
            yield
        finally:
            released = None
            with suppress(SQLAlchemyError):
                if not connection.closed:
                    released = connection.exec_driver_sql(f"SELECT RELEASE_LOCK('{key}')").scalar()
            if not released:
                with suppress(SQLAlchemyError):
                    end_abandoned(connection.engine, key, mine)

    def limits(self, lock: float | None, statement: float | None) -> tuple[Limit, ...]:
        """Waiting for a table and for a row; a statement's time, which MySQL limits for reads only."""
        found = []
        if lock is not None:
            for name in ("lock_wait_timeout", "innodb_lock_wait_timeout"):
                seconds = max(1, math.ceil(lock))
                found.append(Limit(f"SELECT @@SESSION.{name}", f"SET SESSION {name} = {{}}", seconds))
        if statement is not None:
            if not getattr(self.sqlalchemy, "is_mariadb", False):
                raise CommandError("MySQL limits the time of reads only: leave out statement_timeout")
            ask = "SELECT @@SESSION.max_statement_time"
            found.append(Limit(ask, "SET SESSION max_statement_time = {}", statement))
        return tuple(found)

    def is_lock_timeout(self, error: BaseException) -> bool:
        """ER_LOCK_WAIT_TIMEOUT."""
        return error_number(error) == 1205

    def column_changes(self, operation: AlterColumnOp) -> Statements:
        """One CHANGE or MODIFY with all that the column is to be; a new default alone has its own ALTER."""
        if default_element(operation) is not elements.ColumnDefault:
            # computed and identity columns: this refuses
            yield from super().column_changes(operation)
            return
        autoincrement = operation.kw.get("autoincrement")
        if operation.modify_name is not None or self._is_time_with_default(operation):
            yield Statement(ChangeColumn(operation, operation.modify_name or operation.column_name))
        elif (
            operation.modify_nullable is not None
            or operation.modify_type is not None
            or autoincrement is not None
            or operation.modify_comment is not False
        ):
            yield Statement(ModifyColumn(operation))
        elif operation.modify_server_default is not False:
            yield Statement(
                elements.ColumnDefault(
                    operation.table_name,
                    operation.column_name,
                    operation.modify_server_default,
                    **existing_facts(operation),
                )
            )

    def drop_index(self, operation: DropIndexOp) -> Statements:
        """DROP INDEX ... ON its table, which must be said: an index's name is its table's own here."""
        if not operation.table_name:
            raise CommandError(
                f"An index of {self.sqlalchemy.name} is dropped from its table: give table_name= for the "
                f"index {str(operation.index_name)!r}"
            )
        yield from super().drop_index(operation)

    def rename_index(self, operation: RenameIndexOp) -> Statements:
        """RENAME INDEX, for a unique constraint too: it is an index."""
        table = self.name_of(operation.table_name, operation.schema)
        names = [self.name_of(name, None) for name in (operation.index_name, operation.new_index_name)]
        yield Statement(f"ALTER TABLE {table} RENAME INDEX {names[0]} TO {names[1]}")

    def table_recreated(self, operation: BatchAlterTableOp) -> Statements:
        """ALTERs, and then one that makes the server copy the table, with its columns in their places."""
        if not self.live:
            yield from super().table_recreated(operation)
        else:
            for inner in operation.operations:
                assert self.connection is not None
                yield from self.emit(described(without_place(inner), self.connection))
        yield from recreate(operation, self.connection if self.live else None)

    def alter_table_options(self, operation: AlterTableOptionsOp) -> Statements:
        """ENGINE, CONVERT TO CHARACTER SET."""
        table = self.name_of(operation.table_name, operation.schema)
        yield Statement(alter_table_options(table, operation.options))

    def constraint_dropped(self, constraint: schema.Constraint, **condition: Any) -> Statements:
        """DROP of the constraint's kind; a CHECK that comes with a type only where it is seen to be there.

        Alembic takes it for no constraint, as MySQL before 8.0.16 and MariaDB before 10.2 had none.
        """
        if isinstance(constraint, schema.CheckConstraint) and is_type_bound(constraint):
            known = self.live and self.connection is not None and constraint.name is not None
            if not known or not self._is_there(constraint):
                return
        if type(constraint) is schema.Constraint:
            # SQLAlchemy's text for it is DROP <name>: that drops a column
            raise NotImplementedError(
                "No generic 'DROP CONSTRAINT' in MySQL - please specify constraint type: "
                f"type_='foreignkey', 'primary', 'unique' or 'check' for {str(constraint.name)!r}"
            )
        if condition.get("if_exists") and not self._is_there(constraint):
            return
        yield Statement(schema.DropConstraint(constraint))

    def _is_there(self, constraint: schema.Constraint) -> bool:
        """Whether the table has a constraint of that name; there is no IF EXISTS for constraints here."""
        if not self.live or not isinstance(self.connection, sqlalchemy.Connection):
            return True  # a stand-in (create_mock_engine) can't be asked
        table = table_of(constraint)
        inspector = inspect(self.connection)
        if not inspector.has_table(table.name, schema=table.schema):
            return True
        if isinstance(constraint, schema.PrimaryKeyConstraint):
            return bool(inspector.get_pk_constraint(table.name, schema=table.schema)["constrained_columns"])
        found = [
            *inspector.get_foreign_keys(table.name, schema=table.schema),
            *inspector.get_unique_constraints(table.name, schema=table.schema),
            *inspector.get_check_constraints(table.name, schema=table.schema),
        ]
        return any(str(one["name"]) == str(constraint.name) for one in found)

    def _is_time_with_default(self, operation: AlterColumnOp) -> bool:
        """Whether this is a date and time with a default: CURRENT_TIMESTAMP is for CHANGE only."""
        type_ = operation.modify_type if operation.modify_type is not None else operation.existing_type
        if type_ is None or operation.modify_server_default is None:
            return False
        return sqltypes.to_instance(type_)._type_affinity is sqltypes.DateTime


class MariaDB(MySQL):
    """MariaDB."""

    # since 10.3; SQLAlchemy knows it only once it has connected
    sequences: ClassVar[bool | None] = True


class ModifyColumn(elements.AlterColumn):
    """MODIFY: a column with all that it is to be."""

    def __init__(self, operation: AlterColumnOp) -> None:
        super().__init__(operation.table_name, operation.column_name, **existing_facts(operation))
        type_ = operation.modify_type if operation.modify_type is not None else operation.existing_type
        if type_ is None:
            raise CommandError(
                "All MySQL CHANGE/MODIFY COLUMN operations require the existing type: give existing_type= "
                f"for column {operation.column_name!r} of table {operation.table_name!r}"
            )
        self.type_ = sqltypes.to_instance(type_)
        known = (operation.modify_nullable, operation.existing_nullable, True)
        self.nullable = next(nullable for nullable in known if nullable is not None)
        default = operation.modify_server_default
        self.default = operation.existing_server_default if default is False else default
        autoincrement = operation.kw.get("autoincrement")
        if autoincrement is None:
            autoincrement = operation.kw.get("existing_autoincrement")
        self.autoincrement = autoincrement
        comment = operation.modify_comment
        self.comment = operation.existing_comment if comment is False else comment


class ChangeColumn(ModifyColumn):
    """CHANGE: the same, with a new name."""

    def __init__(self, operation: AlterColumnOp, newname: str) -> None:
        super().__init__(operation)
        self.newname = newname


@compiles(ModifyColumn, "mysql", "mariadb")
def _modify_column(element: ModifyColumn, compiler: MySQLDDLCompiler, **kw: Any) -> str:
    name = elements.format_column_name(compiler, element.column_name)
    return f"{elements.alter_table(compiler, element)} MODIFY {name} {_definition(compiler, element)}"


@compiles(ChangeColumn, "mysql", "mariadb")
def _change_column(element: ChangeColumn, compiler: MySQLDDLCompiler, **kw: Any) -> str:
    old = elements.format_column_name(compiler, element.column_name)
    new = elements.format_column_name(compiler, element.newname)
    return f"{elements.alter_table(compiler, element)} CHANGE {old} {new} {_definition(compiler, element)}"


def _definition(compiler: MySQLDDLCompiler, element: ModifyColumn) -> str:
    text = f"{elements.format_type(compiler, element.type_)} {'NULL' if element.nullable else 'NOT NULL'}"
    if element.autoincrement:
        text += " AUTO_INCREMENT"
    if element.default is not False and element.default is not None:
        text += f" DEFAULT {elements.format_server_default(compiler, element.default)}"
    if element.comment is not None:
        text += f" COMMENT {elements.format_comment(compiler, element.comment)}"
    return text
