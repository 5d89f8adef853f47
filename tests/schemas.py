"""Random schemas with rows, and random edits to them: one generator for every test that wants pairs.

A schema is plain data (tables by name, each with columns, keys, constraints and indexes), so that what fails
is printed as something to read. ``pairs`` draws a schema and a list of edits; what comes out is legal on the
database that it was drawn for, and the rows of the first satisfy the second.
"""

from __future__ import annotations

import copy
import datetime
import decimal
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st

CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
ROWS = 2
TABLES = ["t", "order", 'we"ird', "MiXed Case", "per%cent", "x:y"]
COLUMNS = ["a", "select", "Ünï", 'q"uote', "it's", "B B", "c%d", "e:f", "back`tick"]
TYPES: dict[str, Any] = {
    "integer": sa.Integer,
    "bigint": sa.BigInteger,
    "string": lambda: sa.String(12),
    "longer": lambda: sa.String(30),
    "text": sa.Text,
    "numeric": lambda: sa.Numeric(8, 2),
    "wider": lambda: sa.Numeric(12, 2),
    "boolean": sa.Boolean,
    "date": sa.Date,
    "moment": sa.DateTime,
    "float": sa.Double,
    "bytes": sa.LargeBinary,
    "enum": lambda: sa.Enum("x", "y", name="plain"),
}
FAMILIES = [("integer", "bigint"), ("string", "longer", "text"), ("numeric", "wider")]
IN_KEYS = ("integer", "bigint", "string", "longer", "numeric", "wider", "date", "moment")
DEFAULTS: dict[str, list[Any]] = {
    "integer": ["7", "-1", sa.text("(1 + 2)")],
    "bigint": ["7"],
    "string": ["it's", "100%", "a:b", ""],
    "longer": ["it's"],
    "numeric": ["1.50", sa.text("2")],
    "wider": ["0"],
    "boolean": [sa.true(), sa.false()],
    "date": ["2020-01-31"],
    "moment": [sa.func.now(), sa.text("CURRENT_TIMESTAMP")],
    "float": [sa.text("0.25")],
    "enum": ["x"],
}
COMMENTS = [None, "it's 100%", 'a "quoted" one: two']


@dataclass(frozen=True)
class Kind:
    """What a database can do."""

    name: str
    comments: bool = True
    cycles: bool = True
    deferrable: bool = False
    actions: tuple[str | None, ...] = (None, "CASCADE", "SET NULL")
    partial: bool = False
    stored: tuple[bool, ...] = (True,)
    computed: bool = True
    types: tuple[str, ...] = tuple(TYPES)
    names: tuple[str, ...] = tuple(COLUMNS)
    tables: tuple[str, ...] = tuple(TABLES)


KINDS = {
    "sqlite": Kind("sqlite", comments=False, partial=True, deferrable=True, stored=(True, False)),
    "postgresql": Kind("postgresql", partial=True, deferrable=True),
    "mariadb": Kind("mariadb", stored=(True, False)),
    # DuckDB: keys may not go round, have no actions, and forget the lengths of VARCHAR
    "duckdb": Kind("duckdb", cycles=False, actions=(None,), computed=False),
}

Schema = dict[str, Any]


def value(type_: str, number: int) -> Any:
    """A value that no other row has."""
    if type_ in ("integer", "bigint"):
        return number
    if type_ in ("numeric", "wider"):
        return decimal.Decimal(number) + decimal.Decimal("0.25")
    return {
        "boolean": number % 2 == 0,
        "date": datetime.date(2020, 1, number),
        "moment": datetime.datetime(2020, 1, 1, 0, 0, number),
        "float": number + 0.5,
        "bytes": b"%d\x00\xff" % number,
        "enum": "xy"[number % 2],
    }.get(type_, f"v'{number}%")


@st.composite
def columns(draw: Any, kind: Kind, nullable: bool | None = None) -> dict[str, Any]:
    """One column; one that is added to a table with rows may only be NOT NULL with a default."""
    type_ = draw(st.sampled_from(kind.types))
    options = [None, *range(len(DEFAULTS.get(type_, ())))]
    default = draw(st.sampled_from(options))
    return {
        "type": type_,
        "default": default,
        "nullable": draw(st.booleans()) if nullable is None or default is not None else nullable,
        "comment": draw(st.sampled_from(COMMENTS)) if kind.comments else None,
    }


@st.composite
def tables(draw: Any, kind: Kind, name: str, others: list[str]) -> dict[str, Any]:
    """One table with the columns id and r (which may refer to a table), and some more."""
    names = draw(st.lists(st.sampled_from(kind.names), max_size=3, unique=True))
    table: dict[str, Any] = {
        "columns": {column: draw(columns(kind)) for column in names},
        "refers": None,
        "uniques": {},
        "indexes": {},
        "checks": {},
        "computed": None,
        "comment": draw(st.sampled_from(COMMENTS)) if kind.comments else None,
    }
    for _ in range(draw(st.integers(0, 2))):
        change = draw(st.sampled_from(["refers", "unique", "index", "check", "computed"]))
        edit(draw, kind, table, name, change, others)
    return table


def edit(draw: Any, kind: Kind, table: dict[str, Any], name: str, change: str, others: list[str]) -> None:
    """Give a table another constraint, or take one away."""
    # where a default fills all rows of a column that comes, there or back, they are not unique
    told = table["columns"]
    usable = [c for c in told if told[c]["type"] in IN_KEYS and told[c]["default"] is None]
    if change == "refers":
        targets = others if kind.cycles else [o for o in others if o < name]
        table["refers"] = draw(
            st.none()
            | st.fixed_dictionaries(
                {
                    "table": st.sampled_from([name, *targets]),
                    "named": st.booleans(),
                    "ondelete": st.sampled_from(kind.actions),
                    "deferrable": st.booleans() if kind.deferrable else st.just(False),
                }
            )
        )
    elif change == "computed":
        free = kind.computed and not (table["indexes"] or table["uniques"])
        table["computed"] = draw(
            st.none() | st.tuples(st.integers(2, 3), st.sampled_from(kind.stored)) if free else st.none()
        )
    elif change == "check":
        which = draw(st.sampled_from(["named", ""]))
        if table["checks"].pop(which, None) is None:
            table["checks"][which] = draw(st.integers(-3, -1))
    else:
        place = table["uniques" if change == "unique" else "indexes"]
        which = draw(st.integers(1, 2))
        if place.pop(which, None) is None and usable:
            place[which] = {
                "columns": draw(st.lists(st.sampled_from(usable), min_size=1, max_size=2, unique=True)),
                "named": draw(st.booleans()),
                "unique": draw(st.booleans()),
                "where": draw(st.booleans()) if kind.partial else False,
            }


EDITS = [
    *("add table", "drop table", "rename table", "table comment"),
    *("add column", "drop column", "rename column", "type", "null", "default", "comment", "computed"),
    *("refers", "unique", "index", "check"),
]


@st.composite
def pairs(draw: Any, kind: Kind) -> tuple[Schema, Schema]:
    """A schema, and what has become of it; ``convention`` says whether names come from one."""
    names = draw(st.lists(st.sampled_from(kind.tables), min_size=1, max_size=3, unique=True))
    before: Schema = {"convention": draw(st.booleans()), "tables": {}}
    for name in names:
        before["tables"][name] = draw(tables(kind, name, [n for n in names if n != name]))
    after = copy.deepcopy(before)
    for change in draw(st.lists(st.sampled_from(EDITS), min_size=1, max_size=6)):
        edit_schema(draw, kind, before, after, change)
    return before, after


def edit_schema(draw: Any, kind: Kind, before: Schema, after: Schema, change: str) -> None:
    """One edit."""
    found = after["tables"]
    free = [name for name in kind.tables if name not in found and name not in before["tables"]]
    if change == "add table" and free:
        name = draw(st.sampled_from(free))
        found[name] = draw(tables(kind, name, sorted(found)))
    if not found or change == "add table":
        return
    name = draw(st.sampled_from(sorted(found)))
    table = found[name]
    new_table = name not in before["tables"] and "renamed" not in table
    told = table["columns"]
    if change == "drop table":
        del found[name]
        forget(found, name)
    elif change == "rename table":
        rename_table(draw, before, found, name, free)
    elif change == "add column":
        new = [c for c in kind.names if c not in told and c not in old_columns(before, name, table)]
        if new:
            told[draw(st.sampled_from(new))] = draw(columns(kind, None if new_table else True))
    elif change in ("table comment", "comment") and not kind.comments:
        return
    elif change == "table comment":
        table["comment"] = draw(st.sampled_from(COMMENTS))
    elif change in ("unique", "index", "check", "computed", "refers"):
        # rows of the first schema refer to tables of the first schema only
        targets = [o for o in sorted(found) if o != name and (o in before["tables"] or new_table)]
        edit(draw, kind, table, name, change, targets)
    elif told:
        column = draw(st.sampled_from(sorted(told)))
        edit_column(draw, kind, table, column, change, old_columns(before, name, table), new_table)


def old_columns(before: Schema, name: str, table: dict[str, Any]) -> dict[str, Any]:
    """The columns that a table had."""
    return before["tables"].get(table.get("renamed", name), {}).get("columns", {})


def forget(found: dict[str, Any], name: str) -> None:
    """No key refers to a table that is gone."""
    for table in found.values():
        if table["refers"] and table["refers"]["table"] == name:
            table["refers"] = None


def rename_table(draw: Any, before: Schema, found: dict[str, Any], name: str, free: list[str]) -> None:
    """Another name for a table that was there; the models say what it was."""
    if name not in before["tables"] or not free:
        return
    new = draw(st.sampled_from(free))
    table = found[new] = found.pop(name)
    table["renamed"] = name
    for other in found.values():
        if other["refers"] and other["refers"]["table"] == name:
            other["refers"]["table"] = new


def edit_column(  # noqa: C901 - one branch a kind of edit
    draw: Any,
    kind: Kind,
    table: dict[str, Any],
    column: str,
    change: str,
    old: dict[str, Any],
    new_table: bool,
) -> None:
    """One edit of a column."""
    told = table["columns"]
    used = [u for place in ("uniques", "indexes") for u in table[place].values() if column in u["columns"]]
    if change == "drop column":
        # the way back could not give its rows a value
        if not told[column]["nullable"] and told[column]["default"] is None:
            return
        del told[column]
        for place in ("uniques", "indexes"):
            table[place] = {k: u for k, u in table[place].items() if column not in u["columns"]}
    elif change == "rename column":
        new = [c for c in kind.names if c not in told and c not in old]
        if column in old and "renamed" not in told[column] and new:
            name = draw(st.sampled_from(new))
            table["columns"] = {name if c == column else c: facts for c, facts in told.items()}
            table["columns"][name]["renamed"] = column
            for unique in used:
                unique["columns"] = [name if c == column else c for c in unique["columns"]]
    elif change == "type":
        family = next((f for f in FAMILIES if told[column]["type"] in f), ())
        wider = [t for t in family if t in kind.types and (t in IN_KEYS or not used)]
        if wider:
            told[column]["type"] = draw(st.sampled_from(wider))
            if told[column]["default"] is not None:
                told[column]["default"] = 0 if told[column]["type"] in DEFAULTS else None
    elif change == "null":
        was_there = old.get(told[column].get("renamed", column))
        if new_table or was_there is not None or told[column]["default"] is not None:
            told[column]["nullable"] = not told[column]["nullable"]
    elif change == "default":
        options = DEFAULTS.get(told[column]["type"], [])
        needed = not told[column]["nullable"] and column not in old and "renamed" not in told[column]
        if options and not used:
            chosen = draw(st.sampled_from([*([] if needed else [None]), *range(len(options))]))
            told[column]["default"] = chosen
    elif change == "comment":
        told[column]["comment"] = draw(st.sampled_from(COMMENTS))


def build(schema: Schema, kind: Kind) -> sa.MetaData:
    """The models of a schema."""
    metadata = sa.MetaData(naming_convention=CONVENTION if schema["convention"] else None)
    for number, (name, told) in enumerate(schema["tables"].items()):
        info = {"renamed_from": told["renamed"]} if "renamed" in told else {}
        table = sa.Table(
            name,
            metadata,
            sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
            *(_column(column, facts) for column, facts in told["columns"].items()),
            sa.Column("r", sa.Integer),
            comment=told["comment"],
            info=info,
        )
        if told["computed"]:
            factor, stored = told["computed"]
            table.append_column(
                sa.Column("made", sa.Integer, sa.Computed(f"id * {factor}", persisted=stored))
            )
        _constraints(table, told, number, kind, schema["convention"])
    for name, told in schema["tables"].items():
        if told["refers"]:
            _refer(metadata, name, told["refers"])
    return metadata


def _column(name: str, told: dict[str, Any]) -> sa.Column[Any]:
    default = told["default"]
    info = {"renamed_from": told["renamed"]} if "renamed" in told else {}
    return sa.Column(
        name,
        TYPES[told["type"]](),
        nullable=told["nullable"],
        server_default=None if default is None else DEFAULTS[told["type"]][default],
        comment=told["comment"],
        info=info,
    )


def _constraints(table: sa.Table, told: dict[str, Any], number: int, kind: Kind, convention: bool) -> None:
    # names are the schema's: a table that is renamed keeps those that were given
    prefix = "".join(c for c in told.get("renamed", table.name) if c.isalnum())
    for which, unique in told["uniques"].items():
        name = f"uq_{prefix}_{which}" if unique["named"] or convention else None
        table.append_constraint(sa.UniqueConstraint(*(table.c[c] for c in unique["columns"]), name=name))
    for which, index in told["indexes"].items():
        where = table.c.id > 0 if index["where"] else None
        keywords = {"sqlite_where": where, "postgresql_where": where} if where is not None else {}
        sa.Index(
            f"ix {prefix} {which}",
            *(table.c[c] for c in index["columns"]),
            unique=index["unique"],
            **keywords,
        )
    for which, least in told["checks"].items():
        # a convention with %(constraint_name)s wants one
        name = f"ck_{prefix}_{which}" if which or convention else None
        table.append_constraint(sa.CheckConstraint(table.c.id > sa.literal(least), name=name))


def _refer(metadata: sa.MetaData, name: str, told: dict[str, Any]) -> None:
    table, other = metadata.tables[name], metadata.tables[told["table"]]
    late = {"deferrable": True, "initially": "DEFERRED"} if told["deferrable"] else {}
    named = f"fk {name}" if told["named"] else None
    key = sa.ForeignKeyConstraint([table.c.r], [other.c.id], name=named, ondelete=told["ondelete"], **late)
    table.append_constraint(key)


def fill(connection: sa.Connection, schema: Schema, metadata: sa.MetaData) -> None:
    """Rows in every table: ids from 1, values that differ, references to what is there."""
    for name in sorted(schema["tables"]):
        told, table = schema["tables"][name], metadata.tables[name]
        rows = [
            {"id": n, **{c: value(facts["type"], n) for c, facts in told["columns"].items()}}
            for n in range(1, ROWS + 1)
        ]
        connection.execute(table.insert(), rows)
    for name in sorted(schema["tables"]):
        told, table = schema["tables"][name], metadata.tables[name]
        if told["refers"]:
            connection.execute(table.update().where(table.c.id == 1).values(r=ROWS))


def rows_of(connection: sa.Connection, metadata: sa.MetaData) -> dict[str, list[dict[str, Any]]]:
    """What stands in every table."""
    return {
        table.name: [
            dict(row) for row in connection.execute(sa.select(table).order_by(table.c.id)).mappings()
        ]
        for table in metadata.tables.values()
    }
