"""What extensions ask ``alembic.util.sqla_compat``: the same answers as Alembic's."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from alembic.util import sqla_compat as theirs
from sqlalchemy.dialects import postgresql

from nbmigrate.util import sqla_compat as ours

META = sa.MetaData(
    naming_convention={"ck": "ck_%(table_name)s_%(constraint_name)s", "ix": "ix_%(column_0_label)s"}
)
PARENT = sa.Table("parent", META, sa.Column("id", sa.Integer, primary_key=True), schema="other")
CHILD = sa.Table(
    "child",
    META,
    sa.Column("id", sa.Integer, sa.Identity(start=5, cycle=True), primary_key=True),
    sa.Column("parent_id", sa.ForeignKey("other.parent.id", ondelete="CASCADE", deferrable=True)),
    sa.Column("above", sa.ForeignKey("child.id")),
    sa.Column("twice", sa.Integer, sa.Computed("id * 2")),
    sa.Column("kind", sa.String(5), nullable=False),
    sa.CheckConstraint("id > 0", name="positive"),
    sa.UniqueConstraint("kind", "parent_id"),
    sa.Index(None, "kind"),
)
LOWER = sa.Index("lower_kind", sa.func.lower(CHILD.c.kind))
THINGS = [
    *sorted(CHILD.constraints, key=lambda one: (str(type(one)), str(one.name), len(one.columns))),
    *CHILD.indexes,
]
DIALECT = postgresql.dialect()


@pytest.mark.parametrize("name", ["_get_constraint_final_name", "_constraint_is_named"])
def test_names_of_constraints(name: str) -> None:
    for one in THINGS:
        assert getattr(ours, name)(one, DIALECT) == getattr(theirs, name)(one, DIALECT)


def test_keys_and_columns() -> None:
    constraints = [one for one in THINGS if isinstance(one, sa.Constraint)]
    for one in constraints:
        assert ours._table_for_constraint(one) is theirs._table_for_constraint(one)
        if not isinstance(one, sa.CheckConstraint):
            assert list(ours._columns_for_constraint(one)) == list(theirs._columns_for_constraint(one))
        assert ours._is_type_bound(one) == theirs._is_type_bound(one)
        if isinstance(one, sa.ForeignKeyConstraint):
            assert tuple(ours._fk_spec(one)) == tuple(theirs._fk_spec(one))
            assert ours._fk_is_self_referential(one) == theirs._fk_is_self_referential(one)
    for name, schema in (("a", None), ("a", "b")):
        assert ours._get_table_key(name, schema) == theirs._get_table_key(name, schema)
    assert ours.all_table_check_constraints(CHILD) == theirs.all_table_check_constraints(CHILD)


def test_columns_and_types() -> None:
    for column in CHILD.c:
        default = column.server_default
        assert ours._server_default_is_computed(default) == theirs._server_default_is_computed(default)
        assert ours._server_default_is_identity(default) == theirs._server_default_is_identity(default)
        assert ours._nullability_might_be_unset(column) == theirs._nullability_might_be_unset(column)
        assert ours.is_expression(column) == theirs.is_expression(column)
    variant = sa.String(5).with_variant(sa.Text(), "postgresql")
    for type_ in (variant, sa.String(3)):
        assert ours._type_has_variants(type_) == theirs._type_has_variants(type_)
        assert ours._get_variant_mapping(type_) == theirs._get_variant_mapping(type_)
        assert ours._resolve_for_variant(type_, DIALECT) is theirs._resolve_for_variant(type_, DIALECT)
    for index in CHILD.indexes:
        assert ours.is_expression_index(index) == theirs.is_expression_index(index)
    assert ours.is_expression_index(LOWER)
    identity = CHILD.c.id.identity
    assert ours._get_identity_options_dict(identity)["start"] == 5
    given = {k: v for k, v in theirs._get_identity_options_dict(identity).items() if v is not None}
    assert {k: v for k, v in ours._get_identity_options_dict(identity).items() if k in given} == given


@pytest.mark.parametrize("module", [ours, theirs], ids=["ours", "theirs"])
def test_connections(module: Any) -> None:
    engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
    with engine.connect() as connection:
        assert not module._get_connection_in_transaction(connection)
        with module._ensure_scope_for_ddl(connection):
            assert module._get_connection_in_transaction(connection)
            connection.exec_driver_sql("create table t (a int)")
        assert not module._get_connection_in_transaction(connection)
        assert module._connectable_has_table(connection, "t", None)
        module._safe_begin_connection_transaction(connection)
        module._safe_rollback_connection_transaction(connection)
        module._safe_commit_connection_transaction(connection)
        assert not connection.in_transaction()
    assert module._get_connection_in_transaction(None) is False
    engine.dispose()


def test_versions() -> None:
    assert ours.sqlalchemy_version == theirs.sqlalchemy_version
    assert ours._vers == theirs._vers
    assert ours.identity_has_dialect_kwargs == theirs.identity_has_dialect_kwargs


@pytest.mark.parametrize("module", [ours, theirs], ids=["ours", "theirs"])
def test_a_value_in_the_statement(module: Any) -> None:
    statement = sa.select(module._literal_bindparam("x", "it's", type_=sa.String()))
    assert "'it''s'" in str(statement.compile(dialect=DIALECT))
