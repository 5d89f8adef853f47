"""Operations that Alembic has no directive for, as lines that it runs: ``op.execute("...")``.

What autogenerate finds beside the tables (enum types, sequences, views) stays an operation for whoever looks
at it: it explains itself, is counted and can be reversed. Only in the file it is the SQL of the database that
it was written for (decision 11). The renderers are registered here, above the dialects, as those below know
no database.
"""

from __future__ import annotations

from nbmigrate.ddl.text import to_sql
from nbmigrate.dialects import dialect_for
from nbmigrate.model import operations as ops
from nbmigrate.render import RenderOptions, renderers
from nbmigrate.render.expressions import without_parameters


@renderers.built_in(ops.CreateEnumOp)
@renderers.built_in(ops.DropEnumOp)
@renderers.built_in(ops.AlterEnumOp)
@renderers.built_in(ops.CreateSequenceOp)
@renderers.built_in(ops.DropSequenceOp)
@renderers.built_in(ops.AlterSequenceOp)
@renderers.built_in(ops.RenameIndexOp)
@renderers.built_in(ops.CreateViewOp)
@renderers.built_in(ops.DropViewOp)
@renderers.built_in(ops.ReplaceViewOp)
@renderers.built_in(ops.DropExpressionOp)
@renderers.built_in(ops.AlterTableOptionsOp)
def sql_lines(options: RenderOptions, operation: ops.MigrateOperation) -> list[str]:
    """``op.execute(...)`` for each statement of the operation on the database that is rendered for."""
    from sqlalchemy.engine.default import DefaultDialect

    dialect = options.dialect or DefaultDialect()
    texts = [text for one in dialect_for(dialect).emit(operation) for text in to_sql(one, dialect)]
    return [f"{options.op}execute({_literal(without_parameters(text))})" for text in texts]


def _literal(text: str) -> str:
    """A Python string; one of several lines line by line."""
    lines = text.splitlines(keepends=True)
    if len(lines) < 2:
        return repr(text)
    inside = "\n".join(f"    {line!r}" for line in lines)
    return f"\n{inside}\n"
