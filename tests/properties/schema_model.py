"""A small world of tables with rows, and random operations on it that must succeed.

The world knows what it should be after each operation, rows included. Operations are made from SQLAlchemy
objects, as autogenerate makes them, so that each knows its way back.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st

from nbmigrate.model import operations as ops

NAMES = (
    *("plain", "select", "Order By", "it's", "100%", "%(x)s", ":colon", "größe_表", 'say "hi"'),
    *("back\\slash", "semi;colon", "a--b", "table", "x.y", "MixedCase", "__under"),
)
TYPES: dict[str, Callable[[], Any]] = {
    "integer": sa.Integer,
    "bigint": sa.BigInteger,
    "short": lambda: sa.String(20),
    "long": lambda: sa.String(80),
}
WIDER = {"integer": "bigint", "short": "long"}
DEFAULTS = {"integer": "7", "bigint": "8", "short": "it's 100%", "long": "a:b \\ c"}


@dataclass
class Column:
    """A column; ``values`` has one for each row."""

    name: str
    kind: str
    nullable: bool
    values: list[Any]
    default: str | None = None
    comment: str | None = None
    # the column that it was in the beginning; None of one that was added
    origin: str | None = None
    # whether NULL was ever forbidden: then it can't come back to rows after it was dropped
    required: bool = False

    def __post_init__(self) -> None:
        self.required = not self.nullable

    def built(self) -> sa.Column[Any]:
        """For SQLAlchemy."""
        return sa.Column(
            self.name,
            TYPES[self.kind](),
            nullable=self.nullable,
            server_default=self.default,
            comment=self.comment,
        )


@dataclass
class Rule:
    """A unique constraint, a CHECK, a foreign key or an index."""

    kind: str
    name: str
    column: str
    target: str | None = None
    unique: bool = False


@dataclass
class Table:
    """A table: ``id`` is its key; ``rows`` are 1 to that number."""

    name: str
    rows: int
    columns: list[Column] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    comment: str | None = None
    origin: str | None = None

    def column(self, name: str) -> Column:
        """By its name."""
        return next(one for one in self.columns if one.name == name)

    def used(self, name: str) -> bool:
        """Whether a rule is about the column."""
        return any(rule.column == name for rule in self.rules)


@dataclass
class World:
    """All tables; ``database`` decides what can be asked of them."""

    database: str
    tables: list[Table]
    number: int = 0

    @classmethod
    def new(cls, database: str) -> World:
        """Two tables with rows, the second referring to the first."""
        number = Column("n", "integer", True, [1, 2, None], origin="n")
        text = Column("100% it's", "short", False, ["a", "b\\", "c:d %s"], "x", origin="100% it's")
        unique = Column("Order By", "integer", False, [10, 20, 30], origin="Order By")
        first = Table("first", 3, [number, text, unique], origin="first")
        ref = Column("ref", "integer", True, [1, None], origin="ref")
        note = Column("note", "long", True, ["tab\there", None], origin="note")
        second = Table("sec ond", 2, [ref, note], [Rule("index", "ix ref", "ref")], origin="sec ond")
        return cls(database, [first, second])

    def table(self, name: str) -> Table:
        """By its name."""
        return next(one for one in self.tables if one.name == name)

    def metadata(self) -> sa.MetaData:
        """For SQLAlchemy."""
        metadata = sa.MetaData()
        for table in self.tables:
            built = sa.Table(
                table.name,
                metadata,
                sa.Column("id", sa.Integer, autoincrement=False),
                *(column.built() for column in table.columns),
                sa.PrimaryKeyConstraint(
                    "id", name=None if self.database == "mariadb" else f"pk_{id_of(table)}"
                ),
                comment=table.comment,
            )
            for rule in table.rules:
                self.add_rule(built, rule)
        return metadata

    def add_rule(self, table: sa.Table, rule: Rule) -> Any:
        """A rule, as part of a table."""
        made: Any
        if rule.kind == "index":
            return sa.Index(rule.name, table.c[rule.column], unique=rule.unique)
        if rule.kind == "unique":
            made = sa.UniqueConstraint(rule.column, name=rule.name)
        elif rule.kind == "check":
            made = sa.CheckConstraint(table.c[rule.column] > -5, name=rule.name)
        else:
            target = sa.Column("id", sa.Integer)
            if rule.target not in table.metadata.tables:
                sa.Table(rule.target, table.metadata, target)
            made = sa.ForeignKeyConstraint(
                [rule.column], [table.metadata.tables[str(rule.target)].c.id], name=rule.name
            )
        table.append_constraint(made)
        return made

    def contents(self) -> dict[str, list[dict[str, Any]]]:
        """The rows that there should be."""
        return {
            table.name: [
                {"id": number + 1, **{column.name: column.values[number] for column in table.columns}}
                for number in range(table.rows)
            ]
            for table in self.tables
        }

    def fresh(self, draw: Callable[[Any], Any], taken: list[str]) -> str:
        """A name that nothing here has yet."""
        folded = {name.casefold() for name in taken}
        name = draw(st.sampled_from(NAMES))
        self.number += 1
        return name if name.casefold() not in folded else f"{name} {self.number}"


def id_of(table: Table) -> str:
    """What does not change when the table is renamed."""
    return table.origin or table.comment or "new"


def built(world: World, name: str) -> sa.Table:
    """One table for SQLAlchemy."""
    return world.metadata().tables[name]


def built_alone(table: sa.Table) -> sa.Table:
    """A copy of a table to which a rule can be added for naming it."""
    return table.to_metadata(sa.MetaData())


Step = Callable[[World, Callable[[Any], Any]], Iterator[ops.MigrateOperation]]


def add_column(world: World, draw: Callable[[Any], Any]) -> Iterator[ops.MigrateOperation]:
    table = draw(st.sampled_from(world.tables))
    kind = draw(st.sampled_from(sorted(TYPES)))
    default = DEFAULTS[kind] if draw(st.booleans()) else None
    nullable = default is None or draw(st.booleans())
    value: Any = int(default) if default and kind in ("integer", "bigint") else default
    name = world.fresh(draw, ["id", *(column.name for column in table.columns)])
    comment = "it's 100% new" if world.database != "sqlite" and draw(st.booleans()) else None
    column = Column(name, kind, nullable, [value] * table.rows, default, comment)
    table.columns.append(column)
    yield ops.AddColumnOp(table.name, column.built())


def drop_column(world: World, draw: Callable[[Any], Any]) -> Iterator[ops.MigrateOperation]:
    found = [
        (table, column)
        for table in world.tables
        for column in table.columns
        if not table.used(column.name) and not column.required
    ]
    if found:
        table, column = draw(st.sampled_from(found))
        whole = built(world, table.name)
        table.columns.remove(column)
        yield ops.DropColumnOp.from_column_and_tablename(None, table.name, whole.c[column.name])


def alter_column(world: World, draw: Callable[[Any], Any]) -> Iterator[ops.MigrateOperation]:
    table = draw(st.sampled_from(world.tables))
    if not table.columns:
        return
    column = draw(st.sampled_from(table.columns))
    before = copy.copy(column)
    referring = any(rule.column == column.name and rule.kind == "foreignkey" for rule in table.rules)
    checked = any(rule.column == column.name and rule.kind == "check" for rule in table.rules)
    what = draw(st.sampled_from(["name", "type", "nullable", "default", "comment"]))
    change: dict[str, Any] = {}
    if what == "name" and not (checked and world.database == "mariadb"):
        column.name = world.fresh(draw, ["id", *(one.name for one in table.columns)])
        change["modify_name"] = column.name
        for rule in table.rules:
            rule.column = column.name if rule.column == before.name else rule.column
    elif what == "type" and column.kind in WIDER and not referring:
        column.kind = WIDER[column.kind]
        change["modify_type"] = TYPES[column.kind]()
    elif what == "nullable" and None not in column.values:
        column.nullable, column.required = not column.nullable, True
        change["modify_nullable"] = column.nullable
    elif what == "default":
        column.default = None if column.default else DEFAULTS[column.kind]
        change["modify_server_default"] = column.default
    elif what == "comment" and world.database != "sqlite":
        column.comment = None if column.comment else "said: 100% it's"
        change["modify_comment"] = column.comment
    if change:
        yield ops.AlterColumnOp(
            table.name,
            before.name,
            existing_type=TYPES[before.kind](),
            existing_nullable=before.nullable,
            existing_server_default=sa.DefaultClause(before.default) if before.default else None,
            existing_comment=before.comment,
            **change,
        )


def create_rule(world: World, draw: Callable[[Any], Any]) -> Iterator[ops.MigrateOperation]:
    table = draw(st.sampled_from(world.tables))
    kind = draw(st.sampled_from(["index", "unique", "check", "foreignkey"]))
    if kind != "index" and any(rule.kind == kind for rule in table.rules):
        return  # DuckDB forgets names: of two it can't be told which is meant
    found = [column for column in table.columns if _takes(world, table, column, kind)]
    targets = [one.name for one in world.tables if one.rows >= 3 and one is not table]
    if not found or (kind == "foreignkey" and not targets):
        return
    column = draw(st.sampled_from(found))
    world.number += 1
    rule = Rule(kind, f"{kind[:2]} {world.number} {draw(st.sampled_from(NAMES))}", column.name)
    if kind == "foreignkey":
        rule.target = draw(st.sampled_from(targets))
    rule.unique = kind == "index" and len(set(column.values)) == table.rows and None not in column.values
    whole = built(world, table.name)
    made = world.add_rule(whole, rule)
    table.rules.append(rule)
    yield (
        ops.CreateIndexOp.from_index(made) if kind == "index" else ops.AddConstraintOp.from_constraint(made)
    )


def _takes(world: World, table: Table, column: Column, kind: str) -> bool:
    """Whether the rows keep such a rule."""
    if kind == "foreignkey":
        # where no index is there MariaDB makes one, and leaves it behind
        indexed = any(rule.kind == "index" and rule.column == column.name for rule in table.rules)
        fits = all(value is None or value in (1, 2, 3) for value in column.values)
        return indexed and fits and column.kind == "integer"
    if kind == "unique":
        return len(set(column.values)) == table.rows and None not in column.values
    return kind == "index" or column.kind in ("integer", "bigint")


def drop_rule(world: World, draw: Callable[[Any], Any]) -> Iterator[ops.MigrateOperation]:
    found = [
        (table, rule)
        for table in world.tables
        for rule in table.rules
        if rule.kind != "index"
        or not any(o.kind == "foreignkey" and o.column == rule.column for o in table.rules)
    ]
    if found:
        table, rule = draw(st.sampled_from(found))
        table.rules.remove(rule)
        made = world.add_rule(built(world, table.name), rule)
        yield (
            ops.DropIndexOp.from_index(made)
            if rule.kind == "index"
            else ops.DropConstraintOp.from_constraint(made)
        )


def rename_table(world: World, draw: Callable[[Any], Any]) -> Iterator[ops.MigrateOperation]:
    table = draw(st.sampled_from(world.tables))
    old, table.name = table.name, world.fresh(draw, [one.name for one in world.tables])
    for other in world.tables:
        for rule in other.rules:
            rule.target = table.name if rule.target == old else rule.target
    yield ops.RenameTableOp(old, table.name)


def create_table(world: World, draw: Callable[[Any], Any]) -> Iterator[ops.MigrateOperation]:
    name = world.fresh(draw, [one.name for one in world.tables])
    world.number += 1
    table = Table(name, 0, comment=f"made {world.number}" if world.database != "sqlite" else None)
    table.origin = f"made {world.number}"
    table.columns = [Column(world.fresh(draw, ["id"]), "short", True, [], "it's")]
    world.tables.append(table)
    yield ops.CreateTableOp.from_table(built(world, name))


def drop_table(world: World, draw: Callable[[Any], Any]) -> Iterator[ops.MigrateOperation]:
    referred = {rule.target for table in world.tables for rule in table.rules}
    # MariaDB lets no index go that a foreign key needs, not even right before its table
    kept = {t.name for t in world.tables if any(rule.kind == "foreignkey" for rule in t.rules)}
    kept = kept if world.database == "mariadb" else set()
    found = [table for table in world.tables if table.name not in referred | kept]
    if len(world.tables) > 1 and found:
        table = draw(st.sampled_from(found))
        whole = built(world, table.name)
        world.tables.remove(table)
        # as autogenerate does: indexes are operations of their own
        for rule in table.rules:
            if rule.kind == "index":
                yield ops.DropIndexOp.from_index(world.add_rule(built_alone(whole), rule))
        yield ops.DropTableOp.from_table(whole)


def comment_table(world: World, draw: Callable[[Any], Any]) -> Iterator[ops.MigrateOperation]:
    if world.database == "sqlite":
        return
    table = draw(st.sampled_from(world.tables))
    old, table.comment = table.comment, None if table.comment else "it's 100% :said"
    if table.comment:
        yield ops.CreateTableCommentOp(table.name, table.comment, existing_comment=old)
    else:
        yield ops.DropTableCommentOp(table.name, existing_comment=old)


STEPS: tuple[Step, ...] = (
    *(add_column, drop_column, alter_column, alter_column, create_rule, create_rule, drop_rule),
    *(rename_table, create_table, drop_table, comment_table),
)
