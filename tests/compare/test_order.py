"""Tables in the order of their foreign keys, the same on every run, circles broken."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from roundtrip import database, upgrade_ops

from nbmigrate.compare.order import creation_order
from nbmigrate.model.operations import CreateTableOp, DropTableOp, ModifyTableOps
from nbmigrate.model.schema import ForeignKey, Table


def tables(edges: dict[str, list[str]]) -> dict[tuple[None, str], Table]:
    return {
        (None, name): Table(name, foreign_keys=tuple(ForeignKey((t,), None, t, ("id",)) for t in targets))
        for name, targets in edges.items()
    }


graphs = st.integers(1, 8).flatmap(
    lambda n: st.fixed_dictionaries(
        {f"t{i}": st.lists(st.sampled_from([f"t{j}" for j in range(n)]), unique=True) for i in range(n)}
    )
)


@settings(max_examples=80, deadline=None)
@given(graphs)
def test_what_is_referred_to_is_there_or_the_key_waits(edges):
    given_tables = tables(edges)
    order, postponed = creation_order(given_tables)
    assert sorted(order) == sorted(given_tables)
    made: set[str] = set()
    for key in order:
        made.add(key[1])
        waits = {fk.referred_table for fk in postponed.get(key, ())}
        inline = set(edges[key[1]]) - waits
        assert inline <= made
        # no key waits without need
        assert not waits & made


@settings(max_examples=40, deadline=None)
@given(graphs)
def test_without_a_circle_no_key_waits(edges):
    acyclic = {name: [t for t in targets if t < name] for name, targets in edges.items()}
    assert creation_order(tables(acyclic))[1] == {}


def test_equals_come_by_name():
    assert [key[1] for key in creation_order(tables({"c": [], "a": [], "b": []}))[0]] == ["a", "b", "c"]


PROGRAM = """
import sqlalchemy as sa
from types import SimpleNamespace
from nbmigrate.autogenerate import generate, render_script
engine = sa.create_engine("sqlite://")
def models(n):
    m = sa.MetaData()
    for i in range(n):
        sa.Table(f"t{i}", m, sa.Column("id", sa.Integer, primary_key=True),
            *(sa.Column(f"f{j}", sa.ForeignKey(f"t{(i * j) % n}.id"), unique=True) for j in range(3)),
            sa.Column("x", sa.Integer, index=True), sa.CheckConstraint("x > 1"), sa.CheckConstraint("x > 0"),
            sa.UniqueConstraint("x", "f1"), sa.Index(f"ix_two_{i}", "f2", "x"))
    return m
models(6).create_all(engine)
with engine.connect() as connection:
    for metadata in (sa.MetaData(), models(9)):
        context = SimpleNamespace(connection=connection, dialect=engine.dialect, opts={})
        for text in render_script(generate(context, metadata), context).values():
            print(text)
"""


def test_the_text_does_not_depend_on_the_hash_seed():
    texts = set()
    for seed in ("0", "1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True
        )
        texts.add(done.stdout)
    assert len(texts) == 1
    assert "create_table" in texts.pop()


def cycle(metadata: sa.MetaData) -> None:
    for name, other in (("a", "b"), ("b", "c"), ("c", "a")):
        sa.Table(
            name,
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("x", sa.ForeignKey(f"{other}.id")),
        )


def test_a_circle_is_created_and_dropped_in_steps(postgresql_url):
    metadata = sa.MetaData()
    cycle(metadata)
    with database(postgresql_url) as engine:
        with engine.connect() as connection:
            ops = upgrade_ops(connection, metadata).ops
        kinds = [type(op) for op in ops]
        assert kinds == [CreateTableOp, CreateTableOp, CreateTableOp, ModifyTableOps]
        metadata.create_all(engine)
        with engine.connect() as connection:
            ops = upgrade_ops(connection, sa.MetaData()).ops
        assert [type(op) for op in ops] == [ModifyTableOps, DropTableOp, DropTableOp, DropTableOp]


def test_sqlite_needs_no_steps(sqlite_url):
    metadata = sa.MetaData()
    cycle(metadata)
    with database(sqlite_url) as engine, engine.connect() as connection:
        assert {type(op) for op in upgrade_ops(connection, metadata).ops} == {CreateTableOp}


@pytest.mark.parametrize("fixture", ["sqlite_url", "postgresql_url"])
def test_a_table_goes_after_the_column_that_refers_to_it(request, fixture):
    before, after = sa.MetaData(), sa.MetaData()
    sa.Table("a_gone", before, sa.Column("id", sa.Integer, primary_key=True))
    key = sa.Column("gone_id", sa.ForeignKey("a_gone.id"))
    sa.Table("kept", before, sa.Column("id", sa.Integer, primary_key=True), key)
    sa.Table("kept", after, sa.Column("id", sa.Integer, primary_key=True))
    with database(request.getfixturevalue(fixture)) as engine:
        before.create_all(engine)
        with engine.connect() as connection:
            ops = upgrade_ops(connection, after).ops
    assert [type(op) for op in ops] == [ModifyTableOps, DropTableOp]
