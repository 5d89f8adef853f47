"""A1 to A17, A20 and A21: what Alembic finds is found, and told by the same tuples, when that is asked for.

``autogenerate_plugins=["alembic.autogenerate.*"]`` is how a project asks for what Alembic finds and no more.
Each row is a change of one kind, given to both on the same database; ``ours`` is what we find beyond it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import produce_migrations as by_alembic
from alembic.runtime.migration import MigrationContext as AlembicContext
from roundtrip import database, metadata_of
from sqlalchemy.dialects import mysql

from nbmigrate.autogenerate import produce_migrations
from nbmigrate.runtime.migration import MigrationContext

Items = Callable[[], list[Any]]
ALL = ("sqlite", "postgresql", "mariadb")


def items(*more: Any) -> Items:
    """A table's items, made anew for each MetaData: ``more`` are functions."""
    return lambda: [sa.Column("id", sa.Integer, primary_key=True), *(one() for one in more)]


def col(*args: Any, **kw: Any) -> Callable[[], Any]:
    return lambda: sa.Column("c", *(args or (sa.Integer(),)), **kw)


def key(**kw: Any) -> Callable[[], Any]:
    return lambda: sa.Column("c", sa.Integer, sa.ForeignKey("o.id", name="fk_c", **kw))


def index(*columns: Any, **kw: Any) -> Callable[[], Any]:
    return lambda: sa.Index("ix_c", *columns, **kw)


def unique(*columns: str, name: str | None = "uq_c", **kw: Any) -> Callable[[], Any]:
    return lambda: sa.UniqueConstraint(*columns, name=name, **kw)


@dataclass(frozen=True)
class Row:
    """A change, the databases where Alembic finds it, and the kinds that it finds."""

    before: Items
    after: Items
    finds: tuple[str, ...]
    where: tuple[str, ...] = ALL
    opts: dict[str, Any] = field(default_factory=dict)
    table_before: dict[str, Any] = field(default_factory=dict)
    table_after: dict[str, Any] = field(default_factory=dict)


plain = items(col())
DEFAULTS = {"compare_server_default": True}
ROWS = {
    "A2 a column comes": Row(items(), plain, ("add_column",)),
    "A2 a column goes": Row(plain, items(), ("remove_column",)),
    "A3 nullable": Row(plain, items(col(nullable=False)), ("modify_nullable",)),
    "A4 an index comes": Row(plain, items(col(), index("c")), ("add_index",)),
    "A4 an index changes": Row(
        items(col(), index("c")), items(col(), index("c", "id")), ("remove_index", "add_index")
    ),
    "A4 an index becomes unique": Row(
        items(col(), index("c")), items(col(), index("c", unique=True)), ("remove_index", "add_index")
    ),
    "A4 an expression": Row(
        items(col(sa.String(9)), index(sa.text("lower(c)"))),
        items(col(sa.String(9)), index(sa.text("upper(c)"))),
        ("remove_index", "add_index"),
        ("postgresql",),
    ),
    "A5 a unique constraint comes": Row(plain, items(col(), unique("c")), ("add_constraint",), ALL[:2]),
    "A5 a unique constraint goes": Row(items(col(), unique("c")), plain, ("remove_constraint",), ALL[:2]),
    "A5 without a name it is known by its columns": Row(
        items(col(), unique("c", name=None)), items(col(), unique("c", name=None)), ()
    ),
    "A5 NULLS NOT DISTINCT": Row(
        items(col(), unique("c")),
        items(col(), unique("c", postgresql_nulls_not_distinct=True)),
        ("remove_constraint", "add_constraint"),
        ("postgresql",),
    ),
    "A6 a foreign key comes": Row(plain, items(key()), ("add_fk",)),
    "A6 a foreign key goes": Row(items(key()), plain, ("remove_fk",), ALL[:2]),
    "A6 ON DELETE": Row(items(key()), items(key(ondelete="CASCADE")), ("remove_fk", "add_fk")),
    "A6 ON UPDATE": Row(items(key()), items(key(onupdate="SET NULL")), ("remove_fk", "add_fk")),
    "A6 DEFERRABLE": Row(
        items(key()),
        items(key(deferrable=True, initially="DEFERRED")),
        ("remove_fk", "add_fk"),
        ("postgresql",),
    ),
    "A7 another type": Row(items(col(sa.String(9))), items(col(sa.Numeric(9, 2))), ("modify_type",)),
    "A7 a length": Row(items(col(sa.String(9))), items(col(sa.String(19))), ("modify_type",)),
    "A7 turned off": Row(items(col(sa.String(9))), items(col(sa.Text())), (), opts={"compare_type": False}),
    "A7 members of MySQL's ENUM": Row(
        items(col(mysql.ENUM("a", "b"))),
        items(col(mysql.ENUM("a", "b", "c"))),
        ("modify_type",),
        ("mariadb",),
    ),
    "A8 comment of a column": Row(plain, items(col(comment="it's")), ("modify_comment",), ALL[1:]),
    "A8 comment of a table": Row(
        plain, plain, ("add_table_comment",), ALL[1:], table_after={"comment": "it's"}
    ),
    "A8 an empty comment is none": Row(plain, items(col(comment="")), (), ALL[1:]),
    "A9 a server default": Row(plain, items(col(server_default="5")), ("modify_default",), opts=DEFAULTS),
    "A9 off unless asked for": Row(
        plain, items(col(server_default="5")), (), opts={"compare_server_default": False}
    ),
    "A10 options of an identity": Row(
        items(col(sa.Integer, sa.Identity(start=3))),
        items(col(sa.Integer, sa.Identity(start=4, always=True))),
        ("modify_default",),
        ("postgresql",),
        DEFAULTS,
    ),
    "A11 another expression": Row(
        items(col(sa.Integer, sa.Computed("id + 1", persisted=True))),
        items(col(sa.Integer, sa.Computed("id + 2", persisted=True))),
        (),
        ("postgresql",),
        DEFAULTS,
    ),
    "A14 the sequence of a SERIAL": Row(plain, plain, (), ("postgresql",), DEFAULTS),
    "A14 the index of a foreign key": Row(items(key()), items(key()), (), ("mariadb",)),
    "A17 an index over an expression": Row(
        items(col(sa.String(9)), index(sa.text("lower(c)"))), items(col(sa.String(9))), (), ("sqlite",)
    ),
}
CASES = [(name, where) for name, row in ROWS.items() for where in row.where]


def models(the_items: Items, **kw: Any) -> Callable[[sa.MetaData], None]:
    def fill(metadata: sa.MetaData) -> None:
        sa.Table("o", metadata, sa.Column("id", sa.Integer, primary_key=True))
        sa.Table("t", metadata, *the_items(), **kw)

    return fill


def told(diffs: list[Any]) -> list[Any]:
    """Diff tuples with what can be compared: columns by name and type, constraints by name and columns."""
    return [[_one(part) for part in diff] if isinstance(diff, list) else _one(diff) for diff in diffs]


def _one(diff: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(_value(part) for part in diff if not isinstance(part, dict))


def _value(part: Any) -> Any:
    if isinstance(part, sa.types.TypeEngine):
        return repr(part)
    if isinstance(part, sa.Column):
        return (part.name, repr(part.type), part.nullable)
    if isinstance(part, sa.schema.ForeignKeyConstraint):
        return (part.name, part.ondelete, part.onupdate, part.deferrable, part.initially)
    if isinstance(part, sa.UniqueConstraint):
        return (part.name, [column.name for column in part.columns])
    if isinstance(part, sa.Index):
        # an expression that was read back is spelled by the database, in either of two ways
        return (part.name, part.unique, [getattr(one, "name", "...") for one in part.expressions])
    if isinstance(part, (sa.Table, sa.schema.Sequence)):
        return part.name
    if isinstance(part, sa.schema.DefaultClause):
        return str(part.arg)
    return type(part) if isinstance(part, (sa.Identity, sa.Computed)) else part


def kinds(diffs: list[Any]) -> tuple[str, ...]:
    return tuple(diff[0][0] if isinstance(diff, list) else diff[0] for diff in diffs)


@pytest.mark.parametrize(("name", "where"), CASES, ids=[f"{name}-{where}" for name, where in CASES])
def test_as_alembic_finds_it(name: str, where: str, request: pytest.FixtureRequest) -> None:
    row = ROWS[name]
    with database(request.getfixturevalue(f"{where}_url")) as engine, engine.connect() as connection:
        metadata_of(models(row.before, **row.table_before)).create_all(connection)
        connection.commit()
        after = models(row.after, **row.table_after)
        with warnings.catch_warnings():
            # Alembic warns of a computed column that changes, and of expressions that it can't compare
            warnings.simplefilter("ignore")
            context = AlembicContext.configure(connection, opts=row.opts)
            theirs = by_alembic(context, metadata_of(after))
            opts = {"autogenerate_plugins": ["alembic.autogenerate.*"], **row.opts}
            ours = produce_migrations(MigrationContext.configure(connection, opts=opts), metadata_of(after))
    # A21: the tuples; A20: the way back is the reverse of each
    for mine, other in ((ours.upgrade_ops, theirs.upgrade_ops), (ours.downgrade_ops, theirs.downgrade_ops)):
        assert told(mine.as_diffs()) == told(other.as_diffs())
    assert kinds(ours.upgrade_ops.as_diffs()) == row.finds


@pytest.mark.parametrize("where", ALL)
def test_a1_a15_tables_and_the_hooks_that_leave_some_out(where: str, request: pytest.FixtureRequest) -> None:
    def there(metadata: sa.MetaData) -> None:
        models(plain)(metadata)
        sa.Table("gone", metadata, sa.Column("a", sa.Integer))
        sa.Table("theirs", metadata, sa.Column("a", sa.Integer))

    def wanted(metadata: sa.MetaData) -> None:
        models(plain)(metadata)
        sa.Table("new", metadata, sa.Column("a", sa.Integer), sa.Column("o_id", sa.ForeignKey("o.id")))
        sa.Table("skipped", metadata, sa.Column("a", sa.Integer))

    seen: dict[str, list[Any]] = {"ours": [], "theirs": []}

    def hooks(who: str) -> dict[str, Any]:
        def include_name(name: str | None, type_: str, parents: dict[str, str | None]) -> bool:
            seen[who].append(("name", name, type_, sorted(parents)))
            return name != "theirs"

        def include_object(item: Any, name: str | None, type_: str, reflected: bool, compare_to: Any) -> bool:
            seen[who].append(("object", name, type_, reflected, compare_to is None))
            return name != "skipped"

        return {"include_name": include_name, "include_object": include_object}

    with database(request.getfixturevalue(f"{where}_url")) as engine, engine.connect() as connection:
        metadata_of(there).create_all(connection)
        connection.commit()
        context = AlembicContext.configure(connection, opts=hooks("theirs"))
        theirs = by_alembic(context, metadata_of(wanted)).upgrade_ops.as_diffs()
        opts = {"autogenerate_plugins": ["alembic.autogenerate.*"], **hooks("ours")}
        script = produce_migrations(MigrationContext.configure(connection, opts=opts), metadata_of(wanted))
    ours = script.upgrade_ops.as_diffs()
    assert told(ours) == told(theirs) == [("add_table", "new"), ("remove_table", "gone")]
    # the same things are asked about, whatever their order
    assert {one for one in map(str, seen["theirs"]) if "'table'" in one} <= set(map(str, seen["ours"]))


def test_a12_autoincrement_is_carried_along(mariadb_url: str) -> None:
    """A column whose type changes keeps counting, as MySQL wants the whole column said again."""
    with database(mariadb_url) as engine, engine.connect() as connection:
        metadata_of(models(items())).create_all(connection)
        connection.commit()

        def wanted(metadata: sa.MetaData) -> None:
            sa.Table("o", metadata, sa.Column("id", sa.Integer, primary_key=True))
            sa.Table("t", metadata, sa.Column("id", sa.BigInteger, primary_key=True))

        context = AlembicContext.configure(connection)
        theirs = by_alembic(context, metadata_of(wanted)).upgrade_ops
        ours = produce_migrations(MigrationContext.configure(connection), metadata_of(wanted)).upgrade_ops
    for found in (ours, theirs):
        (change,) = found.ops[0].ops
        assert change.kw["autoincrement"] is True


def test_a13_a_check_by_its_name_alone_when_that_is_asked_for(postgresql_url: str) -> None:
    def check(name: str, text: str) -> Items:
        return items(col(), lambda: sa.CheckConstraint(text, name=name))

    with database(postgresql_url) as engine, engine.connect() as connection:
        metadata_of(models(check("ck", "c > 0"))).create_all(connection)
        connection.commit()
        for after, finds in (
            (check("ck", "c > 1"), []),
            (check("other", "c > 0"), ["remove_constraint", "add_constraint"]),
        ):
            plugins = ["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"]
            found = []
            for produce, context in (
                (by_alembic, AlembicContext.configure(connection, opts={"autogenerate_plugins": plugins})),
                (
                    produce_migrations,
                    MigrationContext.configure(connection, opts={"autogenerate_plugins": plugins}),
                ),
            ):
                script = produce(context, metadata_of(models(after)))  # type: ignore[operator]
                found.append(sorted(kinds(script.upgrade_ops.as_diffs())))
            assert found == [sorted(finds), sorted(finds)]


def test_a16_one_look_at_all_tables(postgresql_url: str) -> None:
    """The number of statements does not grow with the tables (tests/compare/test_queries.py counts them)."""
    counts = []
    with database(postgresql_url) as engine, engine.connect() as connection:
        for number in (1, 12):
            metadata = sa.MetaData()
            for place in range(number):
                sa.Table(f"t{place}", metadata, sa.Column("id", sa.Integer, primary_key=True))
            metadata.create_all(connection)
            connection.commit()
            seen: list[str] = []

            def look(*args: Any, into: list[str] = seen) -> None:
                into.append(args[2])

            sa.event.listen(connection, "before_cursor_execute", look)
            produce_migrations(MigrationContext.configure(connection), metadata)
            sa.event.remove(connection, "before_cursor_execute", look)
            counts.append(len(seen))
    assert counts[0] == counts[1] > 0
