"""What Alembic does not render, or renders wrongly, and how rendering is opened for users."""

from __future__ import annotations

import warnings
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from nbmigrate.model import operations as ops
from nbmigrate.operations import Operations
from nbmigrate.render import Renderers, RenderOptions, render_op, render_ops, renderers
from nbmigrate.runtime.migration import MigrationContext


def line(op: ops.MigrateOperation, **options: Any) -> str:
    return "\n".join(render_op(op, RenderOptions(**options)))


def test_nothing_is_pass() -> None:
    assert render_ops([], RenderOptions()) == "pass\n"
    assert render_ops(ops.UpgradeOps([ops.ModifyTableOps("t", [])]), RenderOptions()) == "pass\n"


def test_what_alembic_has_no_text_for() -> None:
    assert line(ops.RenameTableOp("a", "b", schema="s")) == "op.rename_table('a', 'b', schema='s')"
    assert line(ops.CreatePrimaryKeyOp("pk", "t", ["a"])) == "op.create_primary_key('pk', 't', ['a'])"
    table = sa.table("t", sa.column("a", sa.Integer()))
    assert line(ops.BulkInsertOp(table, [{"a": 1}], multiinsert=False)) == (
        "op.bulk_insert(sa.table('t', sa.column('a', sa.Integer())),\n[\n    {'a': 1},\n], multiinsert=False)"
    )


def test_what_alembic_leaves_out_of_its_text() -> None:
    add = ops.AddColumnOp("t", sa.Column("c", sa.Integer), inline_references=True, insert_after="a")
    assert line(add) == (
        "op.add_column('t', sa.Column('c', sa.Integer(), nullable=True), "
        "inline_references=True, insert_after='a')"
    )
    drop = ops.DropColumnOp("t", "c", mssql_drop_default=True, existing_type=sa.Boolean())
    assert line(drop) == "op.drop_column('t', 'c', existing_type=sa.Boolean(), mssql_drop_default=True)"
    alter = ops.AlterColumnOp("t", "c", modify_type=sa.Integer(), postgresql_using="c::int")
    assert "postgresql_using='c::int'" in line(alter)
    assert "sa.text('now()')" in line(ops.AlterColumnOp("t", "c", modify_server_default=sa.text("now()")))


def test_a_statement_is_rendered_as_its_sql_with_colons_kept() -> None:
    table = sa.table("t", sa.column("a", sa.String()))
    update = table.update().values(a="x:y")
    assert line(ops.ExecuteSQLOp(update), dialect=sqlite.dialect()) == (
        r"op.execute(sa.text(\"UPDATE t SET a='x\\:y'\"))".replace(r"\"", '"')
    )
    told = ops.ExecuteSQLOp("VACUUM", execution_options={"isolation_level": "AUTOCOMMIT"})
    assert line(told) == "op.execute('VACUUM', execution_options={'isolation_level': 'AUTOCOMMIT'})"


def colons(metadata: sa.MetaData) -> None:
    sa.Table(
        "t",
        metadata,
        sa.Column("a", sa.String(20), server_default=sa.text(r"'\:name'")),
        sa.Column("b", sa.String(20), sa.Computed(r"a || '\:y'")),
        sa.Column("quoted", sa.String(20), server_default="'%"),
        sa.CheckConstraint(r"a NOT IN ('\:x', '12:30', 'back\\:slash')", name="ck"),
        sa.Index("ix", "a", sqlite_where=sa.text(r"a <> '\:z'")),
    )


def test_what_text_would_take_for_a_parameter_is_rendered_as_what_it_is() -> None:
    metadata = sa.MetaData()
    colons(metadata)
    table = metadata.tables["t"]
    made = [ops.CreateTableOp.from_table(table), *map(ops.CreateIndexOp.from_index, table.indexes)]
    body = "\n".join(line(op, dialect=sqlite.dialect()) for op in made)
    engine, again = sa.create_engine("sqlite://"), sa.create_engine("sqlite://")
    metadata.create_all(engine)
    with again.begin() as connection, Operations.context(MigrationContext.configure(connection)) as op:
        exec(body, {"op": op, "sa": sa})
    told = [stored(one) for one in (engine, again)]
    engine.dispose(), again.dispose()
    assert told[0] == told[1]
    assert "':name'" in told[1] and "DEFAULT '''%'" in told[1] and "'back\\:slash'" in told[1]


def stored(engine: sa.Engine) -> str:
    with engine.connect() as connection:
        texts = connection.exec_driver_sql("SELECT sql FROM sqlite_schema ORDER BY name").scalars()
        return " ".join(" ".join(texts).split())


def test_a_names_quotes_are_kept() -> None:
    text = line(ops.DropTableCommentOp("it's", schema="o'k"))
    assert '"it\'s"' in text and 'schema="o\'k"' in text


def test_a_batch_with_all_it_was_told() -> None:
    batch = ops.BatchAlterTableOp(
        "t",
        [
            ops.DropColumnOp("t", "a"),
            ops.AlterColumnOp("t", "b", modify_nullable=False, existing_type=sa.Integer()),
        ],
        schema="s",
        recreate="always",
        partial_reordering=[("b", "c")],
        table_args=[sa.CheckConstraint("b > 1", name="ck")],
        reflect_args=[sa.Column("b", sa.Boolean())],
        table_kwargs={"sqlite_autoincrement": True},
        reflect_kwargs={"resolve_fks": False},
        naming_convention={"ck": "ck_%(table_name)s"},
    )
    assert render_ops([batch, ops.DropTableOp("u")], RenderOptions()) == (
        "with op.batch_alter_table('t', schema='s', recreate='always', partial_reordering=[('b', 'c')], "
        "table_args=[sa.CheckConstraint('b > 1', name='ck')], "
        "reflect_args=[sa.Column('b', sa.Boolean(), nullable=True)], "
        "table_kwargs={'sqlite_autoincrement': True}, reflect_kwargs={'resolve_fks': False}, "
        "naming_convention={'ck': 'ck_%(table_name)s'}) as batch_op:\n"
        "    batch_op.drop_column('a')\n"
        "    batch_op.alter_column('b',\n"
        "           existing_type=sa.Integer(),\n"
        "           nullable=False)\n"
        "\n"
        "op.drop_table('u')\n"
    )


def test_a_batch_from_a_given_table() -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer, primary_key=True))
    text = line(ops.BatchAlterTableOp("t", [ops.DropColumnOp("t", "b")], copy_from=table))
    assert (
        "copy_from=sa.Table('t', sa.MetaData(), sa.Column('a', sa.Integer(), nullable=False), "
        "sa.PrimaryKeyConstraint('a'))" in text
    )
    assert render_op(ops.BatchAlterTableOp("t"), RenderOptions()) == []


def test_dropping_a_constraint_without_a_name_warns_and_says_so_above_the_line() -> None:
    op = ops.DropConstraintOp(None, "t", "unique")
    with pytest.warns(UserWarning, match="'t'"):
        lines = render_op(op, RenderOptions())
    assert [text[0] for text in lines] == ["#", "#", "#", "o"]


def test_a_table_is_rendered_without_being_copied_or_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer, unique=True))
    op = ops.CreateTableOp.from_table(table)
    monkeypatch.setattr(sa.Column, "_copy", lambda *_, **__: pytest.fail("a column was copied"))
    text = line(op)
    assert "sa.UniqueConstraint('a')" in text
    assert line(op.reverse().reverse()) == text
    assert table.c.a.unique and table.c.a.table is table


class Shout(ops.MigrateOperation):
    def __init__(self, word: str) -> None:
        self.word = word


class Whisper(Shout):
    pass


def test_a_users_renderer_gets_its_autogen_context_and_serves_subclasses() -> None:
    context = SimpleNamespace(name="autogen")
    seen = []

    def render(autogen_context: Any, op: Shout) -> list[str]:
        seen.append(autogen_context)
        return ["# loud", f"op.execute({op.word!r})"]

    renderers.dispatch_for(Shout)(render)
    try:
        options = RenderOptions(autogen_context=context)
        assert render_ops([Whisper("hey")], options) == "# loud\nop.execute('hey')\n"
        assert seen == [context]
        with pytest.raises(ValueError, match="replace=True"):
            renderers.dispatch_for(Shout)(render)
    finally:
        del renderers._users[Shout]
    with pytest.raises(ValueError, match="no dispatch function"):
        render_op(Shout("x"), RenderOptions())


def test_a_branch_keeps_its_renderers_to_itself() -> None:
    branch = renderers.branch()
    branch.dispatch_for(ops.DropTableOp, replace=True)(lambda context, op: "gone")
    drop = ops.DropTableOp("t")
    assert isinstance(branch, Renderers)
    assert branch.dispatch(drop)(RenderOptions(), drop) == "gone"
    assert line(drop) == "op.drop_table('t')"


def test_rendering_from_an_autogen_context() -> None:
    imports: set[str] = set()
    context = SimpleNamespace(
        opts={"sqlalchemy_module_prefix": "sqla.", "alembic_module_prefix": "o.", "render_as_batch": True},
        imports=imports,
        dialect=postgresql.dialect(),
    )
    op = ops.ModifyTableOps("t", [ops.AddColumnOp("t", sa.Column("c", postgresql.JSONB()))])
    assert render_op(op, context) == [
        "with o.batch_alter_table('t', schema=None) as batch_op:",
        "batch_op.add_column(sqla.Column('c', postgresql.JSONB(astext_type=sqla.Text()), nullable=True))",
        "",
    ]
    assert imports == {"from sqlalchemy.dialects import postgresql"}


def test_an_unknown_constraint_is_reported_not_lost() -> None:
    class Odd(sa.Constraint):
        __visit_name__ = "odd"

    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer), Odd())
    with pytest.warns(UserWarning, match="no Python text"):
        assert "[Unknown Python object" in line(ops.CreateTableOp.from_table(table))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        line(ops.CreateTableOp("t", []))


def test_a_check_written_on_a_column_is_not_lost() -> None:
    price = sa.Column("price", sa.Numeric(10, 2), sa.CheckConstraint("price > 0", name="positive"))
    table = sa.Table("article", sa.MetaData(), price)
    text = render_ops([ops.CreateTableOp.from_table(table)], RenderOptions())
    assert "sa.Column('price', sa.Numeric(precision=10, scale=2), sa.CheckConstraint('price > 0', " in text
