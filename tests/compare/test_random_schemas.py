"""Random pairs of schemas: what leads from one to the other is found, run, and found no more; and back."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from roundtrip import database, diffs, run, sources

TYPES = [sa.Integer(), sa.String(5), sa.String(9), sa.Text(), sa.Numeric(8, 2), sa.DateTime(), sa.Boolean()]
DEFAULTS = [None, "7", "it's", sa.text("1")]

columns = st.dictionaries(
    st.sampled_from(["a", "b", "c"]),
    st.fixed_dictionaries(
        {
            "type": st.integers(0, len(TYPES) - 1),
            "nullable": st.booleans(),
            "default": st.integers(0, len(DEFAULTS) - 1),
            "index": st.booleans(),
            "unique": st.booleans(),
        }
    ),
    max_size=3,
)
one_table = st.fixed_dictionaries(
    {
        "columns": columns,
        "check": st.sampled_from([None, "id > 0", "id > 1 AND id < 9"]),
        "named": st.booleans(),
        "refers": st.sampled_from([None, "t", "u", "v"]),
        "cascade": st.booleans(),
    }
)
schemas = st.dictionaries(st.sampled_from(["t", "u", "v"]), one_table, max_size=3)


def build(schema: dict[str, Any]) -> sa.MetaData:
    metadata = sa.MetaData()
    for name, told in schema.items():
        items: list[Any] = [sa.Column("id", sa.Integer, primary_key=True)]
        for column, facts in told["columns"].items():
            default: Any = DEFAULTS[facts["default"]]
            items.append(
                sa.Column(
                    column,
                    TYPES[facts["type"]],
                    nullable=facts["nullable"],
                    server_default=default,
                    index=facts["index"],
                    unique=facts["unique"],
                )
            )
        if told["check"]:
            items.append(sa.CheckConstraint(told["check"], name=f"ck_{name}" if told["named"] else None))
        if told["refers"] in schema:
            action = "CASCADE" if told["cascade"] else None
            key_name = f"fk_{name}" if told["named"] else None
            items.append(
                sa.Column("ref", sa.ForeignKey(f"{told['refers']}.id", name=key_name, ondelete=action))
            )
        sa.Table(name, metadata, *items)
    return metadata


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(schemas, schemas)
def test_there_and_back_on_sqlite(first, second):
    before, after = build(first), build(second)
    with (
        tempfile.TemporaryDirectory() as folder,
        database(f"sqlite:///{Path(folder) / 'random.db'}") as engine,
    ):
        before.create_all(engine)
        assert diffs(engine, before) == []
        imports, upgrade, downgrade = sources(engine, after)
        run(engine, imports, upgrade)
        assert diffs(engine, after) == [], upgrade
        run(engine, imports, downgrade)
        assert diffs(engine, before) == [], downgrade


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(schemas, schemas)
def test_there_and_back_on_postgresql(postgresql_url, first, second):
    # a default that its column can't hold is no schema that PostgreSQL would take
    for schema in (first, second):
        for told in schema.values():
            for facts in told["columns"].values():
                facts["default"] = 0
    before, after = build(first), build(second)
    with database(postgresql_url) as engine:
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        before.create_all(engine)
        assert diffs(engine, before) == []
        imports, upgrade, downgrade = sources(engine, after)
        run(engine, imports, upgrade)
        assert diffs(engine, after) == [], upgrade
        run(engine, imports, downgrade)
        assert diffs(engine, before) == [], downgrade
