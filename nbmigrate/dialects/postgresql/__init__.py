"""PostgreSQL: what it spells otherwise, USING, and IDENTITY."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, schema
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import Identity
from sqlalchemy.types import NULLTYPE

from nbmigrate.ddl import elements
from nbmigrate.ddl.statement import Statement
from nbmigrate.dialects.altered import existing_facts
from nbmigrate.dialects.base import Dialect, Rule, Statements
from nbmigrate.dialects.limits import Limit, sqlstate
from nbmigrate.dialects.places import without_place
from nbmigrate.dialects.postgresql.lock import advisory_lock
from nbmigrate.dialects.postgresql.recreate import recreate
from nbmigrate.dialects.postgresql.types import TypeStatements
from nbmigrate.errors import CommandError
from nbmigrate.model.operations.schema_objects import make_table

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql.base import PGDDLCompiler
    from sqlalchemy.engine import Connection

    from nbmigrate.model.operations import AlterColumnOp, BatchAlterTableOp


class Postgresql(TypeStatements, Dialect):
    """PostgreSQL."""

    transactional_ddl = True

    @property
    def lint_rules(self) -> tuple[Rule, ...]:
        """Imported when something is linted."""
        from nbmigrate.dialects.postgresql.lint import RULES

        return RULES

    def limits(self, lock: float | None, statement: float | None) -> tuple[Limit, ...]:
        """PostgreSQL's manual, "Client Connection Defaults": lock_timeout, statement_timeout."""
        asked = (("lock_timeout", lock), ("statement_timeout", statement))
        return tuple(
            Limit(f"SELECT current_setting('{name}')", f"SET {name} = '{{}}'", f"{round(seconds * 1000)}ms")
            for name, seconds in asked
            if seconds is not None
        )

    def is_lock_timeout(self, error: BaseException) -> bool:
        """SQLSTATE lock_not_available."""
        return sqlstate(error) == "55P03"

    def lock(
        self, connection: Connection, name: str, timeout: float, *, in_transaction: bool
    ) -> AbstractContextManager[None]:
        """An advisory lock, which ends with the connection at the latest."""
        return advisory_lock(connection, name, timeout, in_transaction)

    def table_recreated(self, operation: BatchAlterTableOp) -> Statements:
        """ALTERs, and then the table made anew in the order of columns that is asked for; offline ALTERs."""
        if not self.live:
            yield from super().table_recreated(operation)
            return
        for inner in operation.operations:
            yield from self.emit(without_place(inner))
        yield from recreate(self, operation)

    def column_changes(self, operation: AlterColumnOp) -> Statements:
        """The type first: a new default may only fit the new type."""
        using = operation.kw.get("postgresql_using")
        if operation.modify_type is not None:
            column: Column[Any] = Column(operation.column_name, operation.modify_type)
            yield from self.missing_types(make_table(operation.table_name, [column], context=self))
            yield Statement(
                elements.ColumnType(
                    operation.table_name,
                    operation.column_name,
                    operation.modify_type,
                    using=using,
                    **existing_facts(operation),
                )
            )
        elif using is not None:
            raise CommandError("postgresql_using must be used with the type_ parameter")
        yield from super().column_changes(operation)

    def column_type_change(self, operation: AlterColumnOp) -> Statements:
        """Nothing: it has been done first."""
        yield from ()

    def index_element(self, index: schema.Index, **condition: Any) -> schema.CreateIndex:
        """CREATE INDEX; SQLAlchemy wants the columns of INCLUDE to be in the table."""
        table = index.table
        for name in index.kwargs.get("postgresql_include") or ():
            if table is not None and name not in table.c:
                table.append_column(Column(name, NULLTYPE))
        return schema.CreateIndex(index, **condition)


@compiles(elements.RenameTable, "postgresql")
def _rename_table(element: elements.RenameTable, compiler: PGDDLCompiler, **kw: Any) -> str:
    # the new name takes no schema: a rename does not move a table
    new = elements.format_table_name(compiler, element.new_table_name, None)
    return f"{elements.alter_table(compiler, element)} RENAME TO {new}"


@compiles(elements.ColumnType, "postgresql")
def _column_type(element: elements.ColumnType, compiler: PGDDLCompiler, **kw: Any) -> str:
    using = f" USING {element.using}" if element.using else ""
    alter = elements.alter_column(compiler, element)
    return f"{alter} TYPE {elements.format_type(compiler, element.type_)}{using}"


@compiles(elements.IdentityColumnDefault, "postgresql")
def _identity_column(element: elements.IdentityColumnDefault, compiler: PGDDLCompiler, **kw: Any) -> str:
    alter = elements.alter_column(compiler, element)
    identity, existing = element.default, element.existing_server_default
    if identity is None:
        return f"{alter} DROP IDENTITY"
    if existing in (None, False):
        options = compiler.visit_identity_column(identity)  # type: ignore[no-untyped-call]
        return f"{alter} ADD {options}"
    return " ".join([alter, *_identity_changes(compiler, identity, existing)])


def _identity_changes(compiler: PGDDLCompiler, identity: Any, existing: Any) -> list[str]:
    """``SET ...`` for each option that differs; what neither says, or is the default, does not."""
    changes = []
    new, old, default = (_identity_options(options) for options in (identity, existing, Identity()))
    differing = {
        name for name in {*new, *old} if new.get(name) != old.get(name) and new.get(name) != default.get(name)
    }
    differing -= {"always", "order", "on_null"}
    if bool(identity.always) != bool(getattr(existing, "always", None)):
        differing.add("always")
    for name in sorted(differing):
        if name == "always":
            changes.append(f"SET GENERATED {'ALWAYS' if identity.always else 'BY DEFAULT'}")
        else:
            options = compiler.get_identity_options(Identity(**{name: new[name]}))
            changes.append(f"SET {options}")
    return changes


def _identity_options(identity: Any) -> dict[str, Any]:
    names = ("start", "increment", "minvalue", "maxvalue", "nominvalue", "nomaxvalue", "cycle", "cache")
    return {name: getattr(identity, name) for name in names if getattr(identity, name, None) is not None}
