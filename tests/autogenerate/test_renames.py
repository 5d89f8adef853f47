"""Renames on every database: found, asked for, answered, run with rows kept, and led back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from roundtrip import context_of, database, metadata_of, run, run_with_alembic

from nbmigrate.autogenerate import generate, render_script
from nbmigrate.autogenerate.renaming import Renaming

Models = Callable[[sa.MetaData], Any]
Answers = dict[str, str | None]


def table(m: sa.MetaData, name: str, *items: Any, **kw: Any) -> sa.Table:
    key = sa.Column("id", sa.Integer, primary_key=True, autoincrement=False)
    return sa.Table(name, m, key, *items, **kw)


def one_column(name: str, type_: Any = None, **kw: Any) -> Models:
    return lambda m: table(m, "t", sa.Column(name, sa.String(20) if type_ is None else type_, **kw))


def column_with_everything(name: str, target: str, key: str) -> Models:
    """A column in an index, a unique constraint, a foreign key and a CHECK."""

    def models(m: sa.MetaData) -> None:
        table(m, target)
        table(
            m,
            "t",
            sa.Column(name, sa.Integer, index=True),
            sa.Column("x", sa.Integer),
            sa.UniqueConstraint(name, "x", name=f"uq_t_{name}"),
            sa.ForeignKeyConstraint([name], [f"{target}.id"], name=key),
            sa.CheckConstraint(f"{name} >= 0", name="ck_t"),
        )

    return models


def in_index(name: str, table_name: str = "t") -> Models:
    return lambda m: table(m, table_name, sa.Column(name, sa.Integer, index=True))


def referred_to(name: str, column: str) -> Models:
    """A table that another refers to, and itself."""

    def models(m: sa.MetaData) -> None:
        table(
            m,
            name,
            sa.Column("up", sa.Integer, sa.ForeignKey(f"{name}.id", name="fk_up")),
            sa.Column("label", sa.String(20)),
        )
        table(m, "child", sa.Column(column, sa.Integer, sa.ForeignKey(f"{name}.id", name="fk_child")))

    return models


def three(*names: str) -> Models:
    return lambda m: table(m, "t", *(sa.Column(name, sa.Integer) for name in names))


CASES: dict[str, tuple[Models, Models, Answers, dict[str, list[dict[str, Any]]]]] = {
    "column": (
        one_column("mail"),
        one_column("email"),
        {"t.mail": "t.email"},
        {"t": [{"id": 1, "mail": "a"}]},
    ),
    "column and its type": (
        one_column("mail", sa.String(20)),
        one_column("email", sa.String(60)),
        {"t.mail": "t.email"},
        {"t": [{"id": 1, "mail": "a"}, {"id": 2, "mail": None}]},
    ),
    "column, default and NULL": (
        one_column("mail", server_default="x"),
        one_column("email", server_default="y", nullable=False),
        {"t.mail": "email"},
        {"t": [{"id": 1, "mail": "a"}]},
    ),
    "column not null with a default": (
        one_column("mail", server_default="x", nullable=False),
        one_column("email", server_default="x", nullable=False),
        {"t.mail": "t.email"},
        {"t": [{"id": 1, "mail": "a"}]},
    ),
    "hostile names": (
        lambda m: table(m, "my table", sa.Column('a "b".c=d', sa.Integer)),
        lambda m: table(m, "my table", sa.Column("Größe; --%s", sa.Integer)),
        {'"my table"."a ""b"".c=d"': '"my table"."Größe; --%s"'},
        {"my table": [{"id": 1, 'a "b".c=d': 5}]},
    ),
    "swap": (
        three("a", "b", "c"),
        three("a", "b", "c"),
        {"t.a": "t.b", "t.b": "t.a"},
        {"t": [{"id": 1, "a": 1, "b": 2, "c": 3}]},
    ),
    "chain": (
        three("a", "b"),
        three("b", "c"),
        {"t.a": "t.b", "t.b": "t.c"},
        {"t": [{"id": 1, "a": 1, "b": 2}]},
    ),
    "table": (
        lambda m: table(m, "t", sa.Column("label", sa.String(20))),
        lambda m: table(m, "u", sa.Column("label", sa.String(20))),
        {"t": "u"},
        {"t": [{"id": 1, "label": "x"}]},
    ),
    "table, its columns and its index": (
        in_index("a", "t"),
        in_index("b", "u"),
        {"t": "u", "t.a": "u.b"},
        {"t": [{"id": 1, "a": 7}]},
    ),
    "column in an index": (in_index("a"), in_index("b"), {"t.a": "t.b"}, {"t": [{"id": 1, "a": 7}]}),
    "table said by its column": (
        in_index("a", "t"),
        in_index("b", "u"),
        {"t.a": "u.b"},
        {"t": [{"id": 1, "a": 7}]},
    ),
    "tables change places": (
        lambda m: (table(m, "t", sa.Column("x", sa.Integer)), table(m, "u", sa.Column("y", sa.Integer))),
        lambda m: (table(m, "u", sa.Column("x", sa.Integer)), table(m, "t", sa.Column("y", sa.Integer))),
        {"t": "u", "u": "t"},
        {"t": [{"id": 1, "x": 7}], "u": [{"id": 2, "y": 8}]},
    ),
    "column with everything": (
        column_with_everything("a_id", "a", "fk_t_a"),
        column_with_everything("b_id", "a", "fk_t_a"),
        {"t.a_id": "t.b_id"},
        {"a": [{"id": 7}], "t": [{"id": 1, "a_id": 7, "x": 1}]},
    ),
    "a table that others refer to, and their column": (
        referred_to("person", "person_id"),
        referred_to("human", "human_id"),
        {"person": "human", "child.person_id": "child.human_id"},
        {
            "person": [{"id": 1, "up": None, "label": "x"}, {"id": 2, "up": 1, "label": "y"}],
            "child": [{"id": 5, "person_id": 2}],
        },
    ),
}  # fmt: skip


def filled(engine: sa.Engine, models: Models, rows: dict[str, list[dict[str, Any]]]) -> sa.MetaData:
    """The models' tables, with rows."""
    metadata = metadata_of(models)
    metadata.create_all(engine)
    with engine.begin() as connection:
        for name, several in rows.items():
            for row in several:
                connection.execute(sa.insert(metadata.tables[name]).values(row))
    return metadata


def content(engine: sa.Engine, metadata: sa.MetaData) -> dict[str, list[tuple[Any, ...]]]:
    """All rows, columns by position."""
    with engine.connect() as connection:
        return {
            name: [tuple(row) for row in connection.execute(sa.select(t).order_by(t.c.id))]
            for name, t in metadata.tables.items()
        }


def generated(engine: sa.Engine, metadata: sa.MetaData, answers: Answers | None = None) -> Any:
    """What would be written, the questions, and the diff tuples."""
    with engine.connect() as connection:
        context, renaming = context_of(connection), Renaming(answers)
        script = generate(context, metadata, renaming=renaming)
        renaming.check_answers()
        variables = render_script(script, context)
        kinds = [type(op).__name__ for op in flat(script.upgrade_ops)]
    return variables, renaming.questions, kinds


def flat(operations: Any) -> Iterator[Any]:
    for operation in operations.ops:
        if hasattr(operation, "ops"):
            yield from flat(operation)
        else:
            yield operation


def values_of(rows: dict[str, list[tuple[Any, ...]]]) -> list[Any]:
    return sorted(rows.values(), key=repr)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_rename_keeps_its_rows_and_leads_back(engine: sa.Engine, case: str) -> None:
    before, after, answers, rows = CASES[case]
    old = filled(engine, before, rows)
    new = metadata_of(after)
    kept = content(engine, old)

    variables, questions, kinds = generated(engine, new, answers)
    assert questions == []
    # an index is dropped and made again where a database can't rename it
    assert not {"DropColumnOp", "AddColumnOp", "DropTableOp", "CreateTableOp"} & set(kinds)
    if engine.dialect.name not in ("sqlite", "duckdb"):
        assert not {"DropIndexOp", "DropConstraintOp", "CreateIndexOp"} & set(kinds)
    run(engine, variables["imports"], variables["upgrades"])
    there = content(engine, new)
    if case == "swap":
        assert there == {"t": [(1, 2, 1, 3)]}
    else:
        assert values_of(there) == values_of(kept)
    assert generated(engine, new)[2] == []

    run(engine, variables["imports"], variables["downgrades"])
    assert content(engine, old) == kept
    assert generated(engine, old)[2] == []


@pytest.mark.parametrize("case", ["column", "chain", "table", "column with everything", "swap"])
def test_plain_alembic_runs_it(sqlite_url: str, postgresql_url: str, mariadb_url: str, case: str) -> None:
    before, after, answers, rows = CASES[case]
    for url in (sqlite_url, postgresql_url, mariadb_url):
        with database(url) as engine:
            old = filled(engine, before, rows)
            new, kept = metadata_of(after), content(engine, old)
            variables, _, _ = generated(engine, new, answers)
            run_with_alembic(engine, variables["imports"], variables["upgrades"])
            if case != "swap":
                assert values_of(content(engine, new)) == values_of(kept)
                assert generated(engine, new)[2] == []
            run_with_alembic(engine, variables["imports"], variables["downgrades"])
            assert content(engine, old) == kept


@pytest.mark.parametrize(
    "case", [case for case in CASES if case not in ("swap", "chain", "tables change places")], ids=str
)
def test_a_rename_is_asked_for(sqlite_url: str, case: str) -> None:
    """The questions of each case, answered with yes, are the answers of the case."""
    before, after, answers, rows = CASES[case]
    with database(sqlite_url) as engine:
        filled(engine, before, rows)
        _, questions, kinds = generated(engine, metadata_of(after))
        assert {"DropColumnOp", "DropTableOp"} & set(kinds)
        told: Answers = {question.old: question.new for question in questions}
        assert (
            generated(engine, metadata_of(after), told)[0]
            == generated(engine, metadata_of(after), answers)[0]
        )
