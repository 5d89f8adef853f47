"""The EXCLUDE constraint, which only PostgreSQL has: its SQLAlchemy class is imported when it is needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from nbmigrate.model.operations.base import HasOptions, full_name, named
from nbmigrate.model.operations.constraints import AddConstraintOp
from nbmigrate.model.operations.schema_objects import constraint_name, make_table, table_of

if TYPE_CHECKING:
    from sqlalchemy.schema import Constraint
    from sqlalchemy.sql.elements import ColumnElement, TextClause


@AddConstraintOp.register_add_constraint("exclude_constraint")
class CreateExcludeConstraintOp(AddConstraintOp):
    """Add an EXCLUDE constraint (PostgreSQL)."""

    constraint_type = "exclude"

    def __init__(
        self,
        constraint_name: Any,
        table_name: str,
        elements: Sequence[tuple[Any, str]],
        where: ColumnElement[bool] | str | TextClause | None = None,
        schema: str | None = None,
        _orig_constraint: Any = None,
        **kw: Any,
    ) -> None:
        self.constraint_name = constraint_name
        self.table_name = table_name
        self.elements = elements
        self.where = where
        self.schema = schema
        self._orig_constraint = _orig_constraint
        self.kw = kw

    @classmethod
    def from_constraint(cls, constraint: Constraint) -> CreateExcludeConstraintOp:
        """The operation that adds this EXCLUDE."""
        exclude = cast("Any", constraint)
        table = table_of(exclude)
        return cls(
            constraint_name(exclude.name),
            table.name,
            [(expression, operator) for expression, _name, operator in exclude._render_exprs],
            where=exclude.where,
            schema=table.schema,
            _orig_constraint=exclude,
            deferrable=exclude.deferrable,
            initially=exclude.initially,
            using=exclude.using,
        )

    def to_constraint(self, migration_context: HasOptions | None = None) -> Constraint:
        """The EXCLUDE: the original where there is one of that name, else one on a table of that name."""
        given = self._orig_constraint
        if given is not None and constraint_name(given.name) == self.constraint_name:
            return cast("Constraint", self._orig_constraint)
        from sqlalchemy.dialects.postgresql import ExcludeConstraint
        from sqlalchemy.schema import Column
        from sqlalchemy.types import NULLTYPE

        exclude = ExcludeConstraint(*self.elements, name=self.constraint_name, where=self.where, **self.kw)
        names = dict.fromkeys(name for _expression, name, _operator in exclude._render_exprs if name)
        columns = [Column(name, NULLTYPE) for name in names]
        table = make_table(self.table_name, columns, context=migration_context, schema=self.schema)
        table.append_constraint(exclude)
        return exclude

    def explain(self) -> str:
        """One sentence."""
        table = full_name(self.table_name, self.schema)
        return f"Add {named('exclude constraint', self.constraint_name)} to the table {table}."
