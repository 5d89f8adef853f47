"""Random lists of changes on the table that has everything: up, compare, down, compare."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from harness import newer_sqlite
from harness.sqlite_case import SCHEMA, migrate, objects, rows, run_script
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.pool import NullPool

from nbmigrate.dialects.sqlite.tokens import tokenise, unquote

COLUMNS = ("id", "email", "age", "o", "twice", "thrice", "note", "spare")
TYPES = {"email": sa.String(50), "note": sa.TEXT(), "spare": sa.TEXT()}


@dataclass(frozen=True)
class Change:
    """One change and its way back, in a batch; ``part`` is what it is about: no two changes are about one."""

    part: str
    up: Callable[[Any], Any]
    down: Callable[[Any], Any]
    renames: tuple[str, str] | None = None
    placed: bool = False


def altered(column: str, part: str, up: dict[str, Any], down: dict[str, Any]) -> Change:
    return Change(
        f"{part} {column}",
        lambda batch: batch.alter_column(column, **up),
        lambda batch: batch.alter_column(column, **down),
    )


def renamed(column: str, new: str) -> Change:
    return Change(
        f"name {column}",
        lambda batch: batch.alter_column(column, new_column_name=new),
        lambda batch: batch.alter_column(new, new_column_name=column),
        (column, new),
    )


def added(name: str, make: Callable[[str], sa.Column[Any]], place: dict[str, str]) -> Change:
    return Change(
        f"column {name}",
        lambda batch: batch.add_column(make(name), **place),
        lambda batch: batch.drop_column(name),
        placed=bool(place),
    )


def constrained(name: str, kind: str, up: Callable[[Any, str], Any]) -> Change:
    return Change(
        f"constraint {name}",
        lambda batch: up(batch, name),
        lambda batch: batch.drop_constraint(name, type_=kind),
    )


NEW_COLUMNS = (
    lambda name: sa.Column(name, sa.Integer),
    lambda name: sa.Column(name, sa.Integer, nullable=False, server_default="3"),
    lambda name: sa.Column(name, sa.DateTime, server_default=sa.func.current_timestamp()),
    lambda name: sa.Column(name, sa.String(9), unique=True),
    lambda name: sa.Column(name, sa.Boolean(create_constraint=True, name=f"ck {name}")),
    lambda name: sa.Column(
        name, sa.Integer, sa.ForeignKey("other.id", name=f"fk {name}", ondelete="CASCADE")
    ),
    lambda name: sa.Column(name, sa.Integer, sa.Computed("age + 1", persisted=True)),
    lambda name: sa.Column(name, sa.Integer, sa.Computed("age + 1", persisted=False)),
    lambda name: sa.Column(name, sa.Integer, index=True),
)
new_names = st.sampled_from(["new", "Key", "select", "it's", 'a "b"', "ü %s", ":c"])
text_columns = st.sampled_from(sorted(TYPES))

changes = st.one_of(
    st.builds(
        lambda column, length: altered(
            column, "type", {"type_": sa.String(length)}, {"type_": TYPES[column]}
        ),
        text_columns,
        st.integers(60, 90),
    ),
    st.builds(
        lambda column: altered(column, "null", {"nullable": False}, {"nullable": True}),
        st.sampled_from(["email", "note", "age"]),
    ),
    st.builds(
        lambda column, default: altered(
            column, "default", {"server_default": default}, {"server_default": None}
        ),
        text_columns,
        st.sampled_from(["x", "it's", sa.func.current_date(), sa.text("(1 + 1)")]),
    ),
    st.builds(renamed, st.sampled_from(["email", "note", "age", "spare", "id"]), new_names),
    st.builds(
        added,
        new_names,
        st.sampled_from(NEW_COLUMNS),
        st.sampled_from([{}, {"insert_before": "o"}, {"insert_after": "id"}]),
    ),
    st.builds(
        lambda name, columns: constrained(
            name, "unique", lambda b, n: b.create_unique_constraint(n, columns)
        ),
        new_names,
        st.sampled_from([["id", "note"], ["email"], ["age", "o", "spare"]]),
    ),
    st.builds(
        lambda name: constrained(
            name, "check", lambda b, n: b.create_check_constraint(n, "length(note) < 50")
        ),
        new_names,
    ),
    st.builds(
        lambda name: constrained(
            name,
            "foreignkey",
            lambda b, n: b.create_foreign_key(n, "other", ["spare"], ["id"], ondelete="SET NULL"),
        ),
        new_names,
    ),
    st.builds(
        lambda name, columns: Change(
            f"index {name}", lambda b: b.create_index(name, columns), lambda b: b.drop_index(name)
        ),
        new_names,
        st.sampled_from([["note"], ["age", "spare"], [sa.text("upper(email)")]]),
    ),
)
lists = st.lists(changes, min_size=1, max_size=6, unique_by=lambda change: change.part)


def possible(found: list[Change]) -> bool:
    """Whether no name is given to two things, and no text speaks of a column by a name that it lost."""
    new = [change.renames[1] for change in found if change.renames]
    new += [change.part.partition(" ")[2] for change in found if change.part.startswith("column")]
    old = {change.renames[0] for change in found if change.renames}
    said = any(change.part.startswith(("constraint", "index", "column")) for change in found)
    return len(set(new)) == len(new) and not (said and old)


def texts_of(engine: sa.Engine) -> dict[str, list[str]]:
    """The text of each object, without quotes: SQLite's RENAME COLUMN leaves some that need not be."""
    return {
        name: [unquote(token.text) if token.kind == "quoted" else token.text for token in tokenise(sql)]
        for name, sql in objects(engine).items()
    }


def state(engine: sa.Engine) -> dict[str, Any]:
    return {
        "texts": texts_of(engine),
        "t": rows(engine, f"SELECT {', '.join(COLUMNS)} FROM t ORDER BY 1"),
        "child": rows(engine, "SELECT * FROM child ORDER BY 1"),
        "counter": rows(engine, "SELECT * FROM sqlite_sequence"),
        "order": [row[0] for row in rows(engine, "SELECT name FROM pragma_table_xinfo('t')")],
    }


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@given(
    lists.filter(possible),
    st.sampled_from(["always", "auto"]),
    st.booleans(),
    st.sampled_from([None, newer_sqlite]),
)
def test_up_and_down(found: list[Change], recreate: str, foreign_keys: bool, module: Any) -> None:
    if any(change.placed for change in found):
        recreate = "always"
    with tempfile.TemporaryDirectory() as folder:
        engine = sa.create_engine(f"sqlite:///{Path(folder) / 'db'}", poolclass=NullPool, module=module)
        run_script(engine, SCHEMA)
        before = state(engine)

        def run(op: Any, steps: list[Callable[[Any], Any]]) -> None:
            with op.batch_alter_table("t", recreate=recreate) as batch_op:
                for step in steps:
                    step(batch_op)

        context = migrate(engine, lambda op: run(op, [one.up for one in found]), foreign_keys=foreign_keys)
        assert context.rebuilds == (1 if recreate == "always" else context.rebuilds) <= 1
        check_up(engine, before, found)
        migrate(engine, lambda op: run(op, [one.down for one in found[::-1]]), foreign_keys=foreign_keys)
        assert state(engine) == before
        engine.dispose()


def check_up(engine: sa.Engine, before: dict[str, Any], found: list[Change]) -> None:
    """Rows, children and counter are as they were; of the other objects only names of columns are other."""
    new = dict(change.renames for change in found if change.renames)
    quote = engine.dialect.identifier_preparer.quote_identifier
    columns = ", ".join(quote(new.get(name, name)) for name in COLUMNS)
    assert rows(engine, f"SELECT {columns} FROM t ORDER BY 1") == before["t"]
    assert rows(engine, "SELECT * FROM child ORDER BY 1") == before["child"]
    assert rows(engine, "SELECT * FROM sqlite_sequence") == before["counter"]
    assert rows(engine, "PRAGMA integrity_check") == [("ok",)]
    assert rows(engine, "PRAGMA foreign_key_check") == []
    assert len(rows(engine, "SELECT * FROM v")) == 2
    texts, old = texts_of(engine), before["texts"]
    assert set(old) <= set(texts)
    if not new:
        assert {name: texts[name] for name in old if name != "t"} == {
            n: s for n, s in old.items() if n != "t"
        }
    table = objects(engine)["t"]
    actions = "ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED"
    kept = ("-- the key", "/* free text */", "COLLATE NOCASE", actions, "STORED", "ON CONFLICT REPLACE")
    for part in (*kept, "CONSTRAINT ck_note", "AUTOINCREMENT"):
        assert part in table
