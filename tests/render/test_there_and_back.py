"""A property: the rendered text, run, makes the same operations again."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql

from nbmigrate.model import operations as ops
from nbmigrate.operations import Operations
from nbmigrate.render import RenderOptions, render_ops


class Recorder:
    """A migration context that keeps what it is asked to run."""

    def __init__(self) -> None:
        self.opts: dict[str, Any] = {}
        self.bind = None
        self.operations: list[ops.MigrateOperation] = []

    def run_operation(self, operation: ops.MigrateOperation, /) -> None:
        self.operations.append(operation)


def run(text: str) -> list[ops.MigrateOperation]:
    recorder = Recorder()
    with Operations.context(recorder) as op:
        exec(text, {"op": op, "sa": sa, "postgresql": postgresql})
    return recorder.operations


names = st.text("abcXYZ_'\"%$ é", min_size=1, max_size=8)
maybe = st.none() | names
flags = st.none() | st.booleans()
column_types = st.sampled_from(
    [
        sa.Integer(),
        sa.String(20),
        sa.Numeric(8, 3),
        sa.DateTime(timezone=True),
        sa.Boolean(),
        sa.Enum("a", "b", name="ab"),
        sa.JSON(),
        postgresql.JSONB(astext_type=sa.Text()),
        postgresql.ARRAY(sa.String(3)),
        sa.String(5).with_variant(sa.Text(), "mysql"),
    ]
)
# a quote at an end is taken off: server defaults come from databases in quotes
defaults = (
    st.none() | st.text("abc:%\\ ", max_size=5) | st.sampled_from([sa.text("now()"), sa.text("'it''s' || 5")])
)


@st.composite
def columns(draw: st.DrawFn, name: str | None = None) -> sa.Column[Any]:
    default: Any = draw(defaults | st.sampled_from(["identity", "computed"]))
    special: list[Any] = []
    if isinstance(default, str) and default == "identity":
        special, default = [sa.Identity(always=True, start=draw(st.integers(1, 9)))], None
    elif isinstance(default, str) and default == "computed":
        special, default = [sa.Computed("a + 1", persisted=draw(st.booleans()))], None
    return sa.Column(
        name or draw(names),
        draw(column_types),
        *special,
        nullable=draw(st.booleans()),
        server_default=default,
        comment=draw(maybe),
    )


@st.composite
def tables(draw: st.DrawFn) -> ops.CreateTableOp:
    found = draw(st.lists(names, min_size=1, max_size=4, unique=True))
    table = sa.Table(
        draw(names),
        sa.MetaData(),
        *[draw(columns(name=name)) for name in found],
        sa.UniqueConstraint(found[0], name=draw(maybe)),
        sa.CheckConstraint(sa.column(found[0]) > 5, name=draw(maybe)),
        sa.ForeignKeyConstraint(found[:1], ["other.x"], name=draw(maybe), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint(*found[:1]),
        schema=draw(maybe),
        comment=draw(maybe),
    )
    return ops.CreateTableOp.from_table(table)


column_lists = st.lists(names, min_size=1, max_size=3, unique=True)
operations = st.one_of(
    tables(),
    st.builds(ops.DropTableOp, names, schema=maybe, if_exists=flags),
    st.builds(ops.RenameTableOp, names, names, schema=maybe),
    st.builds(ops.CreateTableCommentOp, names, names, schema=maybe, existing_comment=maybe),
    st.builds(ops.DropTableCommentOp, names, schema=maybe, existing_comment=maybe),
    st.builds(ops.AddColumnOp, names, columns(), schema=maybe, if_not_exists=flags, inline_references=flags),
    st.builds(ops.DropColumnOp, names, names, schema=maybe, if_exists=flags),
    st.builds(
        ops.AlterColumnOp,
        names,
        names,
        schema=maybe,
        existing_type=st.none() | column_types,
        modify_type=st.none() | column_types,
        modify_nullable=flags,
        modify_name=maybe,
        modify_comment=st.just(False) | maybe,
        modify_server_default=st.just(False) | defaults,
    ),
    st.builds(
        ops.CreateIndexOp, names, names, column_lists, schema=maybe, unique=st.booleans(), if_not_exists=flags
    ),
    st.builds(ops.DropIndexOp, names, names, schema=maybe, if_exists=flags),
    st.builds(ops.CreatePrimaryKeyOp, names, names, column_lists, schema=maybe),
    st.builds(ops.CreateUniqueConstraintOp, names, names, column_lists, schema=maybe),
    st.builds(
        ops.CreateForeignKeyOp, names, names, names, st.just(["a"]), st.just(["b"]), source_schema=maybe
    ),
    st.builds(ops.CreateCheckConstraintOp, names, names, st.sampled_from(["a > 1", "b = 'x'"]), schema=maybe),
    st.builds(ops.DropConstraintOp, names, names, st.sampled_from([None, "unique", "check"]), schema=maybe),
    st.builds(ops.ExecuteSQLOp, names),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(operations, max_size=4))
def test_what_is_rendered_makes_the_same_operations_when_it_runs(made: list[ops.MigrateOperation]) -> None:
    text = render_ops(made, RenderOptions())
    again = run(text)
    assert [type(op) for op in again] == [type(op) for op in made]
    assert render_ops(again, RenderOptions()) == text


@settings(max_examples=30, deadline=None)
@given(names, maybe, st.lists(columns(), min_size=1, max_size=3))
def test_a_batch_makes_the_same_batch_when_it_runs(table: str, schema: str | None, added: list[Any]) -> None:
    inside = [ops.AddColumnOp(table, column, schema=schema) for column in added]
    batch = ops.BatchAlterTableOp(table, inside, schema=schema, recreate="always")
    text = render_ops([batch], RenderOptions())
    (again,) = run(text)
    assert isinstance(again, ops.BatchAlterTableOp)
    assert (again.table_name, again.schema, again.recreate) == (table, schema, "always")
    assert render_ops([again], RenderOptions()) == text
