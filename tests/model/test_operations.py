"""Operations: Alembic's constructors, attributes, diff tuples and reversals; and what we do otherwise."""

from __future__ import annotations

import inspect
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.ddl.postgresql import CreateExcludeConstraintOp
from alembic.operations import ops as alembic_ops
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from nbmigrate.model import operations as ops
from nbmigrate.model.operations.schema_objects import make_constraint

ALEMBICS = sorted(
    name
    for name, value in vars(alembic_ops).items()
    if inspect.isclass(value) and value.__module__ == alembic_ops.__name__
)
# Alembic's default is one set for all scripts
OTHER_DEFAULTS = {("MigrationScript", "imports")}


def alembic_class(name: str) -> Any:
    return CreateExcludeConstraintOp if name == "CreateExcludeConstraintOp" else getattr(alembic_ops, name)


@pytest.mark.parametrize("name", [*ALEMBICS, "CreateExcludeConstraintOp"])
def test_an_operations_constructor_is_alembics(name: str) -> None:
    def parameters(kind: Any) -> list[tuple[Any, ...]]:
        return [
            (p.name, p.kind, None if (name, p.name) in OTHER_DEFAULTS else p.default)
            for p in inspect.signature(kind).parameters.values()
        ]

    assert parameters(getattr(ops, name)) == parameters(alembic_class(name))


@pytest.mark.parametrize("name", [*ALEMBICS, "CreateExcludeConstraintOp"])
def test_an_operation_has_alembics_public_methods(name: str) -> None:
    ours, theirs = getattr(ops, name), alembic_class(name)
    directives = {n for n in vars(theirs) if "operations" in str(getattr(theirs, n).__doc__ or "")[:60]}
    for method in vars(theirs):
        if method.startswith("_") or method in directives or _is_directive(theirs, method):
            continue
        assert hasattr(ours, method), method
        if callable(getattr(theirs, method)):
            words = list(inspect.signature(getattr(theirs, method)).parameters)
            assert list(inspect.signature(getattr(ours, method)).parameters) == words


def _is_directive(kind: Any, method: str) -> bool:
    function = getattr(kind, method)
    return callable(function) and next(iter(inspect.signature(function).parameters), "") == "operations"


def shop(**metadata: Any) -> sa.Table:
    m = sa.MetaData(**metadata)
    sa.Table("users", m, sa.Column("id", sa.Integer, primary_key=True))
    return sa.Table(
        "orders",
        m,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("user_id", sa.ForeignKey("users.id", ondelete="CASCADE")),
        sa.Column("code", sa.String(5), unique=True, index=False),
        sa.Column("done", sa.Boolean(create_constraint=True, name="is_done")),
        sa.CheckConstraint("id > 0", name="positive"),
        sa.Index("ix_code", sa.text("lower(code)"), unique=True),
        comment="orders",
        prefixes=["TEMPORARY"],
    )


def shown(diff: Any) -> Any:
    """A diff tuple with SQLAlchemy's objects as text, for comparing."""
    if isinstance(diff, list | tuple):
        return [shown(part) for part in diff]
    if isinstance(diff, sa.Table):
        # Alembic keeps constraints in the order of a set
        return sorted(line.strip().rstrip(", ") for line in str(CreateTable(diff)).splitlines())
    if isinstance(diff, sa.Index):
        return str(CreateIndex(diff).compile(dialect=postgresql.dialect()))
    if isinstance(diff, sa.Constraint):
        table = diff.table
        return (
            type(diff).__name__,
            diff.name,
            table.fullname,
            sorted(table.c.keys()),
            getattr(diff, "ondelete", 0),
        )
    if isinstance(diff, sa.Column):
        return (diff.name, repr(diff.type), diff.nullable)
    return diff if isinstance(diff, str | bool | dict | type(None)) else repr(diff)


DIFFS: dict[str, Any] = {
    "create table": lambda o: o.CreateTableOp.from_table(shop(schema="s")),
    "drop table": lambda o: o.DropTableOp.from_table(shop()),
    "drop table by name": lambda o: o.DropTableOp("t", schema="s"),
    "create index": lambda o: o.CreateIndexOp("ix", "t", ["a", sa.text("lower(b)")], schema="s", unique=True),
    "index from table": lambda o: o.CreateIndexOp.from_index(next(iter(shop().indexes))),
    "drop index": lambda o: o.DropIndexOp.from_index(next(iter(shop().indexes))),
    "drop index by name": lambda o: o.DropIndexOp("ix"),
    "create primary key": lambda o: o.CreatePrimaryKeyOp("pk", "t", ["a"], schema="s"),
    "create unique": lambda o: o.CreateUniqueConstraintOp("uq", "t", ["a", "b"]),
    "create foreign key": lambda o: o.CreateForeignKeyOp("fk", "t", "u", ["a"], ["b"], referent_schema="s"),
    "create foreign key to itself": lambda o: o.CreateForeignKeyOp(
        "fk", "t", "t", ["a"], ["b"], ondelete="X"
    ),
    "create check": lambda o: o.CreateCheckConstraintOp("ck", "t", "a > 1"),
    "add column": lambda o: o.AddColumnOp("t", sa.Column("a", sa.Integer), schema="s"),
    "drop column": lambda o: o.DropColumnOp("t", "a"),
    "drop known column": lambda o: o.AddColumnOp("t", sa.Column("a", sa.Integer)).reverse(),
    "comment": lambda o: o.CreateTableCommentOp("t", "c", existing_comment="d"),
    "drop comment": lambda o: o.DropTableCommentOp("t"),
    "execute": lambda o: o.ExecuteSQLOp("SELECT 1"),
    "alter": lambda o: o.AlterColumnOp(
        "t",
        "a",
        schema="s",
        existing_type="int",
        existing_nullable=True,
        existing_server_default="1",
        existing_comment="c",
        modify_type="text",
        modify_nullable=False,
        modify_server_default=None,
        modify_comment=None,
    ),
    "alter name only": lambda o: o.AlterColumnOp("t", "a", modify_name="b"),
    "modify": lambda o: o.UpgradeOps([o.ModifyTableOps("t", [o.DropColumnOp("t", "a")]), o.DropTableOp("u")]),
}
for _kind in (sa.PrimaryKeyConstraint, sa.ForeignKeyConstraint, sa.UniqueConstraint):
    DIFFS[f"drop {_kind.__name__}"] = lambda o, kind=_kind: o.DropConstraintOp.from_constraint(
        next(c for c in shop().constraints if isinstance(c, kind))
    )


def diff_of(op: Any) -> Any:
    return shown(op.as_diffs() if hasattr(op, "ops") else op.to_diff_tuple())


@pytest.mark.parametrize("case", DIFFS.values(), ids=list(DIFFS))
def test_a_diff_tuple_is_alembics(case: Any) -> None:
    assert diff_of(case(ops)) == diff_of(case(alembic_ops))


REVERSIBLE = {
    name: case
    for name, case in DIFFS.items()
    if not name.endswith("by name") and name not in ("drop column", "execute", "alter name only", "modify")
}


@pytest.mark.parametrize("case", REVERSIBLE.values(), ids=list(REVERSIBLE))
def test_a_reversal_is_alembics_and_twice_reversed_is_the_same(case: Any) -> None:
    assert diff_of(case(ops).reverse()) == diff_of(case(alembic_ops).reverse())
    assert type(case(ops).reverse().reverse()) is type(case(ops))
    assert diff_of(case(ops).reverse().reverse()) == diff_of(case(alembic_ops).reverse().reverse())


@pytest.mark.parametrize(
    "op",
    [
        ops.DropTableOp("t"),
        ops.DropIndexOp("ix", "t"),
        ops.DropColumnOp("t", "a"),
        ops.DropConstraintOp("uq", "t", "unique"),
        ops.ExecuteSQLOp("DELETE FROM t"),
        ops.BulkInsertOp(sa.table("t"), []),
        ops.AlterColumnOp("t", "a", modify_type=sa.Integer()),
        ops.AlterColumnOp("t", "a", modify_nullable=False),
        ops.AlterColumnOp("t", "a", modify_server_default="1"),
        ops.AlterColumnOp("t", "a", modify_width=3),
        ops.BatchAlterTableOp("t", [ops.DropColumnOp("t", "a")]),
    ],
    ids=lambda op: type(op).__name__,
)
def test_what_is_not_known_is_not_made_up_when_reversing(op: ops.MigrateOperation) -> None:
    with pytest.raises(ops.NotReversible):
        op.reverse()


def test_renaming_is_reversed() -> None:
    table = ops.RenameTableOp("a", "b", schema="s").reverse()
    assert (table.table_name, table.new_table_name, table.schema) == ("b", "a", "s")
    column = ops.AlterColumnOp(
        "t", "a", modify_name="b", modify_type="text", existing_type="int", modify_width=2, existing_width=1
    ).reverse()
    assert (column.column_name, column.modify_name) == ("b", "a")
    assert (column.modify_type, column.existing_type) == ("int", "text")
    assert column.kw == {"modify_width": 1, "existing_width": 2}


def test_a_batch_is_reversed_part_by_part_from_the_end() -> None:
    batch = ops.BatchAlterTableOp(
        "t",
        [ops.AddColumnOp("t", sa.Column("a", sa.Integer)), ops.CreateUniqueConstraintOp("uq", "t", ["a"])],
        schema="s",
        recreate="always",
    )
    back = batch.reverse()
    assert [type(op) for op in back.operations] == [ops.DropConstraintOp, ops.DropColumnOp]
    assert (back.table_name, back.schema, back.recreate) == ("t", "s", "always")
    assert [diff[0] for diff in batch.as_diffs()] == ["add_column", "add_constraint"]


def test_what_is_changed_on_a_drop_is_what_comes_back() -> None:
    # Rewriters rename operations in place
    drop = ops.DropTableOp.from_table(shop())
    drop.table_name, drop.schema = "archive", "old"
    assert drop.reverse().to_table().fullname == "old.archive"
    constraint = ops.DropConstraintOp.from_constraint(
        next(c for c in shop().constraints if isinstance(c, sa.UniqueConstraint))
    )
    constraint.constraint_name = "uq_new"
    assert constraint.reverse().constraint_name == "uq_new"


def test_to_table_leaves_the_models_alone_and_repeats_no_constraint() -> None:
    table = shop()
    made = ops.CreateTableOp.from_table(table).to_table()
    assert made is not table and made.c.code is not table.c.code
    assert table.c.code.unique is True and made.c.code.unique is False
    assert sorted(type(c).__name__ for c in made.constraints) == sorted(
        type(c).__name__ for c in table.constraints
    )
    assert str(CreateTable(made)) == str(CreateTable(table))


def test_a_table_with_an_index_among_its_items() -> None:
    index = sa.Index("ix_a", "a")
    sa.Table("other", sa.MetaData(), sa.Column("a", sa.Integer), index)
    made = ops.CreateTableOp(
        "t", [sa.Column("a", sa.Integer), index, sa.Index("ix_b", sa.text("a"))]
    ).to_table()
    assert sorted(str(i.name) for i in made.indexes) == ["ix_a", "ix_b"]
    assert index.table.name == "other"


def test_an_index_on_an_expression_of_the_models_columns() -> None:
    table = shop()
    index = ops.CreateIndexOp("ix", "orders", [sa.func.lower(table.c.code), table.c.id.desc()]).to_index()
    assert index.table is not table and sorted(index.table.c.keys()) == ["code", "id"]
    assert "lower(code)" in shown(index)


def test_names_come_from_the_targets_naming_convention() -> None:
    convention = {
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(column_0_label)s",
        "ck": "ck_%(table_name)s",
    }
    context = SimpleNamespace(opts={"target_metadata": sa.MetaData(naming_convention=convention)})
    assert ops.CreateUniqueConstraintOp(None, "t", ["a"]).to_constraint(context).name == "uq_t_a"
    assert ops.CreateUniqueConstraintOp(None, "t", ["a"]).to_constraint().name is None
    assert ops.CreateIndexOp(None, "t", ["a"]).to_index(context).name == "ix_t_a"
    assert ops.CreateCheckConstraintOp(None, "t", "a > 1").to_constraint(context).name == "ck_t"
    several = SimpleNamespace(opts={"target_metadata": [sa.MetaData()]})
    assert ops.CreateUniqueConstraintOp("uq", "t", ["a"]).to_constraint(several).name == "uq"


def test_a_foreign_key_by_keys_and_schemas() -> None:
    m = sa.MetaData()
    sa.Table("u", m, sa.Column("ident", sa.Integer, primary_key=True, key="id"), schema="s")
    known = sa.Table("t", m, sa.Column("u", sa.ForeignKey("s.u.id")))
    unknown = sa.Table("x", m, sa.Column("u", sa.ForeignKey("a.b.c")))
    (first,), (second,) = (
        [c for c in t.constraints if isinstance(c, sa.ForeignKeyConstraint)] for t in (known, unknown)
    )
    op = ops.AddConstraintOp.from_constraint(first)
    assert isinstance(op, ops.CreateForeignKeyOp)
    assert (op.referent_table, op.remote_cols, op.kw["referent_schema"]) == ("u", ["ident"], "s")
    op = ops.AddConstraintOp.from_constraint(second)
    assert isinstance(op, ops.CreateForeignKeyOp)
    assert (op.referent_table, op.remote_cols, op.kw["referent_schema"]) == ("b", ["c"], "a")


def test_a_constraint_of_which_only_the_name_is_known() -> None:
    for type_ in (None, "foreignkey", "primary", "unique", "check"):
        constraint = make_constraint("c", "t", type_, schema_name="s")
        assert constraint.name == "c" and constraint.table.fullname == "s.t"
    with pytest.raises(TypeError, match="'type' can be one of"):
        make_constraint("c", "t", "index")


def test_an_exclude_constraint() -> None:
    op = ops.CreateExcludeConstraintOp("ex", "t", [("period", "&&"), (sa.column("x"), "=")], using="gist")
    constraint = op.to_constraint()
    assert isinstance(constraint, postgresql.ExcludeConstraint)
    assert sorted(constraint.table.c.keys()) == ["period", "x"]
    back = ops.AddConstraintOp.from_constraint(constraint)
    assert isinstance(back, ops.CreateExcludeConstraintOp) and back.to_constraint() is constraint


def test_a_script_holds_one_or_several_bodies() -> None:
    one = ops.MigrationScript("x", ops.UpgradeOps(), ops.DowngradeOps(), version_path="a/b")
    assert one.upgrade_ops is one.upgrade_ops_list[0] and one.version_path == "a/b"
    one.upgrade_ops = [ops.UpgradeOps(upgrade_token="a"), ops.UpgradeOps(upgrade_token="b")]
    with pytest.raises(ValueError, match="upgrade_ops_list"):
        _ = one.upgrade_ops
    one.downgrade_ops = []
    assert one.downgrade_ops is None
    with pytest.raises(TypeError, match="DowngradeOps expected"):
        one.downgrade_ops = ops.UpgradeOps()
    assert ops.MigrationScript("y", ops.UpgradeOps(), ops.DowngradeOps()).imports is not one.imports


def test_an_upgrade_is_reversed_into_given_downgrade_operations() -> None:
    upgrade = ops.UpgradeOps([ops.RenameTableOp("a", "b"), ops.RenameTableOp("c", "d")])
    downgrade = ops.DowngradeOps([ops.ExecuteSQLOp("x")], downgrade_token="t")
    assert upgrade.reverse_into(downgrade) is downgrade and downgrade.downgrade_token == "t"
    assert [op.table_name for op in downgrade.ops] == ["d", "b"]  # type: ignore[attr-defined]
    assert [op.table_name for op in downgrade.reverse().ops] == ["a", "c"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("case", DIFFS.values(), ids=list(DIFFS))
def test_every_operation_explains_itself_in_a_sentence(case: Any) -> None:
    sentence = case(ops).explain()
    assert sentence.endswith(".") or sentence.startswith("Run the SQL")


def test_explanations_name_what_matters() -> None:
    assert (
        ops.CreateTableOp.from_table(shop(schema="s")).explain()
        == "Create the table s.orders with 4 columns."
    )
    assert ops.AlterColumnOp(
        "t", "a", modify_name="b", modify_nullable=False, modify_server_default=None
    ).explain() == (
        "Alter the column a of the table t: rename it to b, forbid NULL and remove its server default."
    )
    assert ops.DropIndexOp(None, "t").explain() == "Drop an index without a name of the table t."
    assert (
        "user_id must be found as id in users"
        in ops.CreateForeignKeyOp("fk", "orders", "users", ["user_id"], ["id"]).explain()
    )
    assert ops.BatchAlterTableOp("t", [ops.DropColumnOp("t", "a")]).explain() == (
        "Change the table t in one go. Drop the column a and its values from the table t."
    )


def test_operations_are_told_apart_by_identity() -> None:
    assert ops.DropTableOp("t") != ops.DropTableOp("t")
    op = ops.AlterColumnOp("t", "a", modify_server_default=sa.text("1"))
    op.info["seen"] = True
    assert "seen" in op.info and "modify_server_default" in repr(op)
