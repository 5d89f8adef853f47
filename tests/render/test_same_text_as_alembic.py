"""Each operation is built from Alembic's classes and from ours; both texts must be the same."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import render_python_code
from alembic.ddl.postgresql import CreateExcludeConstraintOp
from alembic.operations import ops as alembic_ops
from alembic.runtime.migration import MigrationContext
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.engine.default import DefaultDialect

from nbmigrate.model import operations as our_ops
from nbmigrate.render import RenderOptions, render_body

Case = Callable[[Any], Any]

DIALECTS = {
    "default": DefaultDialect,
    "sqlite": sqlite.dialect,
    "postgresql": postgresql.dialect,
    "mysql": mysql.dialect,
}

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Colour(enum.Enum):
    red = 1
    green = 2


class Money(sa.types.UserDefinedType[Any]):
    cache_ok = True

    def __init__(self, digits: int = 2) -> None:
        self.digits = digits

    def __repr__(self) -> str:
        return f"Money({self.digits})"

    def get_col_spec(self, **kw: Any) -> str:
        return "MONEY"


class Folded(sa.TypeDecorator[Any]):
    impl = sa.String
    cache_ok = True


def alembic_text(case: Case, dialect: str, **options: Any) -> tuple[str, set[str]]:
    from alembic.autogenerate import render
    from alembic.autogenerate.api import AutogenContext

    context = MigrationContext.configure(dialect=DIALECTS[dialect]())
    opts = {
        "sqlalchemy_module_prefix": "sa.",
        "alembic_module_prefix": "op.",
        "user_module_prefix": None,
        "render_item": None,
        "render_as_batch": False,
        **options,
    }
    autogen = AutogenContext(context, opts=opts)
    autogen.imports = set()
    container = alembic_ops.UpgradeOps([case(alembic_ops)])
    return render._indent(render._render_cmd_body(container, autogen)), autogen.imports


def our_text(case: Case, dialect: str, **options: Any) -> tuple[str, set[str]]:
    chosen = RenderOptions(dialect=DIALECTS[dialect](), **options)
    return render_body(our_ops.UpgradeOps([case(our_ops)]), chosen), chosen.imports


def everything(keyed: bool = True, **metadata: Any) -> sa.Table:
    """A table with one of each, in a MetaData with another that it refers to, by a key or by the name."""
    m = sa.MetaData(**metadata)
    sa.Table("users", m, sa.Column("ident" if keyed else "id", sa.Integer, primary_key=True, key="id"))
    sa.Table(
        "pairs", m, sa.Column("a", sa.Integer), sa.Column("b", sa.Integer), sa.UniqueConstraint("a", "b")
    )
    return sa.Table(
        "orders",
        m,
        sa.Column("id", sa.BigInteger, sa.Identity(always=True, start=10), primary_key=True),
        sa.Column("user_id", sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("code", sa.String(50), unique=True, server_default="x'y", comment="it's a code"),
        sa.Column("note", sa.Text, server_default=sa.text("'none'")),
        sa.Column("made", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("price", sa.Numeric(10, 2)),
        sa.Column("total", sa.Integer, sa.Computed("a + b", persisted=True)),
        sa.Column("twice", sa.Integer, sa.Computed("a * 2")),
        sa.Column("done", sa.Boolean(create_constraint=True, name="is_done")),
        sa.Column("colour", sa.Enum(Colour, name="colour")),
        sa.Column("size", sa.Enum("s", "m", name="size", create_constraint=True)),
        sa.Column("blob", sa.LargeBinary(10)),
        sa.Column("data", sa.JSON()),
        sa.Column("a", sa.Integer),
        sa.Column("b", sa.Integer, autoincrement=False),
        sa.Column("tag", Money(3)),
        sa.Column("folded", Folded(20)),
        sa.Column("fetched", sa.Integer, sa.FetchedValue()),
        sa.ForeignKeyConstraint(
            ["a", "b"], ["pairs.a", "pairs.b"], onupdate="SET NULL", deferrable=True, initially="DEFERRED"
        ),
        sa.UniqueConstraint("a", "b", name="ab", deferrable=True),
        sa.CheckConstraint(sa.column("a") > 5, name="big_a"),
        sa.Index("ix_code_upper", sa.text("upper(code)")),
        comment="all the 'orders'",
        info={"origin": "test"},
        prefixes=["TEMPORARY"],
        mysql_engine="InnoDB",
        sqlite_autoincrement=True,
    )


def typed(type_: Any) -> Case:
    return lambda o: o.AddColumnOp("t", sa.Column("c", type_))


def of_table(build: Callable[[sa.Table], Any], method: str, owner: str) -> Case:
    return lambda o: getattr(getattr(o, owner), method)(build(everything()))


def constraint(kind: type, **metadata: Any) -> Callable[[Any], Any]:
    table = everything(**metadata)
    found = [c for c in table.constraints if isinstance(c, kind)]
    return sorted(found, key=lambda c: (str(c.name), c.columns.keys()))[0]  # type: ignore[return-value]


def exclude(o: Any) -> type:
    return getattr(o, "CreateExcludeConstraintOp", CreateExcludeConstraintOp)


def excluded(**kw: Any) -> sa.Table:
    return sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("period", postgresql.TSRANGE),
        sa.Column("x", sa.Integer),
        postgresql.ExcludeConstraint(
            ("period", "&&"),
            (sa.text("lower(x)"), "="),
            name="no_overlap",
            where=sa.text("x > 1"),
            using="gist",
        ),
        **kw,
    )


TYPES = [
    sa.Integer(),
    sa.String(),
    sa.String(30, collation="C"),
    sa.Unicode(5),
    sa.Numeric(precision=10, scale=2, asdecimal=False),
    sa.Float(53),
    sa.Boolean(),
    sa.DateTime(),
    sa.DateTime(timezone=True),
    sa.Interval(),
    sa.Uuid(),
    sa.LargeBinary(),
    sa.PickleType(),
    sa.JSON(none_as_null=True),
    sa.Enum("a", "b", name="ab", native_enum=False, length=5),
    sa.Enum(Colour),
    sa.ARRAY(sa.String(5)),
    sa.ARRAY(sa.Integer, dimensions=2),
    sa.Integer()
    .with_variant(sa.BigInteger(), "postgresql")
    .with_variant(mysql.INTEGER(unsigned=True), "mysql"),
    sa.ARRAY(postgresql.UUID()),
    postgresql.JSONB(),
    postgresql.JSONB(astext_type=sa.Text()),
    postgresql.JSON(astext_type=sa.String(5)),
    postgresql.HSTORE(text_type=sa.Unicode()),
    postgresql.UUID(as_uuid=True),
    postgresql.ARRAY(sa.Numeric(5, 2)),
    postgresql.ENUM("x", "y", name="xy", create_type=False),
    postgresql.TIMESTAMP(timezone=True, precision=3),
    postgresql.TSVECTOR(),
    postgresql.DOMAIN("positive", sa.Integer(), check="VALUE > 0", not_null=True, schema="s"),
    postgresql.DOMAIN("word", sa.String(5), default=sa.text("'a'"), collation="C", create_type=False),
    mysql.INTEGER(unsigned=True, display_width=5),
    mysql.ENUM("a", "b"),
    mysql.LONGTEXT(charset="utf8mb4"),
    sqlite.DATETIME(truncate_microseconds=True),
    Money(4),
    Folded(7),
    sa.types.NullType(),
]

CASES: dict[str, Case] = {
    "create everything": lambda o: o.CreateTableOp.from_table(everything()),
    "create with schema": lambda o: o.CreateTableOp.from_table(everything(schema="shop")),
    "create with convention": lambda o: o.CreateTableOp.from_table(everything(naming_convention=CONVENTION)),
    "create by hand": lambda o: o.CreateTableOp(
        "t",
        [
            sa.Column("id", sa.Integer, primary_key=True, unique=True),
            sa.Column("u", sa.ForeignKey("s.users.id", name="fk_u")),
            sa.UniqueConstraint("id", name=sa.sql.elements.conv("uq_id")),
        ],
        schema="s",
        if_not_exists=True,
        comment="c",
        mysql_ENGINE="InnoDB",
    ),
    "create nothing": lambda o: o.CreateTableOp("t", []),
    "create with 300 columns": lambda o: o.CreateTableOp(
        "t", [sa.Column(f"c{i}", sa.Integer) for i in range(300)]
    ),
    "create with exclude": lambda o: o.CreateTableOp.from_table(excluded()),
    "drop table": lambda o: o.DropTableOp("t"),
    "drop table in schema": lambda o: o.DropTableOp("t", schema="s", if_exists=True),
    "drop and reverse": lambda o: o.DropTableOp.from_table(everything(keyed=False)).reverse(),
    "create and reverse twice": lambda o: (
        o.CreateTableOp.from_table(everything(keyed=False)).reverse().reverse()
    ),
    "create by hand and reverse twice": lambda o: (
        o.CreateTableOp("t", [sa.Column("a", sa.Integer, unique=True), sa.Column("b", sa.Boolean)])
        .reverse()
        .reverse()
    ),
    "comment": lambda o: o.CreateTableCommentOp("t", 'it\'s "new"', existing_comment="old", schema="s"),
    "comment, none there": lambda o: o.CreateTableCommentOp("t", "new"),
    "drop comment": lambda o: o.DropTableCommentOp("t", existing_comment="old"),
    "drop comment in schema": lambda o: o.DropTableCommentOp("t", schema="s"),
    "drop comment reversed": lambda o: o.DropTableCommentOp(
        "t", existing_comment="old", schema="s"
    ).reverse(),
    "comment reversed": lambda o: o.CreateTableCommentOp("t", "new").reverse(),
    "add column": lambda o: o.AddColumnOp("t", sa.Column("c", sa.Integer, nullable=False), schema="s"),
    "add column if not there": lambda o: o.AddColumnOp("t", sa.Column("c", sa.Integer), if_not_exists=True),
    "add column with default": lambda o: o.AddColumnOp("t", sa.Column("c", sa.String, server_default="a'b")),
    "add column with text": lambda o: o.AddColumnOp(
        "t", sa.Column("c", sa.Date, server_default=sa.text("now()"))
    ),
    "add column with number": lambda o: o.AddColumnOp(
        "t", sa.Column("c", sa.Integer, server_default=sa.text("5"))
    ),
    "add column with numbers": lambda o: o.AddColumnOp(
        "t", sa.Column("c", sa.Integer, server_default=sa.text("55"))
    ),
    "add column with literal": lambda o: o.AddColumnOp(
        "t", sa.Column("c", sa.Integer, server_default=sa.literal(5))
    ),
    "add column with function": lambda o: o.AddColumnOp(
        "t", sa.Column("c", sa.Date, server_default=sa.func.now())
    ),
    "add column with identity": lambda o: o.AddColumnOp(
        "t", sa.Column("c", sa.Integer, sa.Identity(start=3, cycle=True))
    ),
    "add column with dialect option": lambda o: o.AddColumnOp(
        "t", sa.Column("c", sa.Integer, sqlite_on_conflict_not_null="FAIL", nullable=False)
    ),
    "add system column": lambda o: o.AddColumnOp("t", sa.Column("c", sa.Integer, system=True)),
    "add table's column": lambda o: o.AddColumnOp.from_column(everything().c.user_id),
    "drop column": lambda o: o.DropColumnOp("t", "c"),
    "drop column in schema": lambda o: o.DropColumnOp("t", "c", schema="s", if_exists=True),
    "drop column and reverse": lambda o: o.DropColumnOp.from_column_and_tablename(
        None, "t", sa.Column("c", sa.String(3))
    ).reverse(),
    "alter nothing": lambda o: o.AlterColumnOp("t", "c"),
    "alter all": lambda o: o.AlterColumnOp(
        "t",
        "c",
        schema="s",
        existing_type=sa.String(5),
        modify_type=sa.Integer(),
        modify_nullable=False,
        modify_server_default=sa.DefaultClause(sa.text("5 + 5")),
        modify_comment="it's",
        existing_comment="old",
        modify_name="d",
        autoincrement=True,
    ),
    "alter and reverse": lambda o: o.AlterColumnOp(
        "t",
        "c",
        existing_type=sa.String(5),
        existing_nullable=True,
        existing_server_default=None,
        modify_type=sa.Integer(),
        modify_nullable=False,
        modify_server_default=sa.DefaultClause("x"),
        modify_comment="new",
    ).reverse(),
    "alter keeps": lambda o: o.AlterColumnOp(
        "t",
        "c",
        existing_type=sa.String(5),
        existing_nullable=True,
        existing_server_default="'abc'",
        modify_comment=None,
    ),
    "alter drops default": lambda o: o.AlterColumnOp("t", "c", modify_server_default=None),
    "alter sets string default": lambda o: o.AlterColumnOp("t", "c", modify_server_default="abc"),
    "alter identity": lambda o: o.AlterColumnOp(
        # what it was, which Alembic leaves out, is tested where it is needed: tests/compare/test_matching.py
        "t",
        "c",
        modify_server_default=sa.Identity(),
    ),
    "create index": lambda o: o.CreateIndexOp("ix", "t", ["a", "b"], unique=True, schema="s"),
    "create index on expressions": lambda o: o.CreateIndexOp(
        sa.sql.elements.conv("ix"),
        "t",
        [sa.text("lower(a)"), "b", sa.func.upper(sa.column("c"))],
        if_not_exists=True,
    ),
    "create index with options": lambda o: o.CreateIndexOp(
        "ix",
        "t",
        ["a"],
        postgresql_using="gin",
        postgresql_where=sa.text("a > 5"),
        postgresql_ops={"a": "text_pattern_ops"},
        postgresql_include=["b"],
    ),
    "create index without name": lambda o: o.CreateIndexOp(None, "t", ["a"]),
    "drop index": lambda o: o.DropIndexOp("ix", "t", schema="s", if_exists=True),
    "drop index without table": lambda o: o.DropIndexOp("ix"),
    "create primary key within": lambda o: o.CreateTableOp(
        "t", [sa.Column("a", sa.Integer), sa.PrimaryKeyConstraint("a", name="pk_t")]
    ),
    "create unique": lambda o: o.CreateUniqueConstraintOp("uq", "t", ["a", "b"], schema="s"),
    "create unique with options": lambda o: o.CreateUniqueConstraintOp(
        None, "t", ["a"], deferrable=True, initially="DEFERRED", postgresql_nulls_not_distinct=True
    ),
    "create foreign key": lambda o: o.CreateForeignKeyOp(
        "fk",
        "t",
        "u",
        ["a"],
        ["b"],
        ondelete="CASCADE",
        onupdate=None,
        deferrable=True,
        initially="DEFERRED",
        match="FULL",
        use_alter=True,
        source_schema="s",
        referent_schema="r",
    ),
    "create foreign key to itself": lambda o: o.CreateForeignKeyOp(
        None, "t", "t", ["a"], ["b"], postgresql_not_valid=True
    ),
    "create check": lambda o: o.CreateCheckConstraintOp("ck", "t", "a > 5 AND b = 'x'", schema="s"),
    "create check on expression": lambda o: o.CreateCheckConstraintOp(
        sa.sql.elements.conv("ck"), "t", sa.column("a") > 5, postgresql_not_valid=True
    ),
    "create exclude": lambda o: exclude(o)(
        "ex", "t", [("period", "&&"), (sa.column("x"), "=")], where=sa.text("x > 1"), schema="s", using="gist"
    ),
    "create exclude from table": lambda o: o.AddConstraintOp.from_constraint(
        next(c for c in excluded(schema="s").constraints if isinstance(c, postgresql.ExcludeConstraint))
    ),
    "drop constraint": lambda o: o.DropConstraintOp("uq", "t", "unique", schema="s", if_exists=False),
    "drop constraint of no kind": lambda o: o.DropConstraintOp("uq", "t"),
    "execute": lambda o: o.ExecuteSQLOp("UPDATE t SET a = 'x' WHERE b = \"y\"\n"),
    "modify nothing": lambda o: o.ModifyTableOps("t", []),
    "modify": lambda o: o.ModifyTableOps(
        "t",
        [
            o.AddColumnOp("t", sa.Column("c", sa.Integer), schema="s"),
            o.AlterColumnOp("t", "d", existing_type=sa.Integer(), modify_nullable=True, schema="s"),
            o.DropColumnOp("t", "e", schema="s"),
            o.CreateIndexOp(sa.sql.elements.conv("ix"), "t", ["c"], schema="s"),
            o.DropIndexOp("iy", "t", schema="s"),
            o.CreateUniqueConstraintOp("uq", "t", ["c"], schema="s"),
            o.CreateForeignKeyOp("fk", "t", "u", ["a"], ["b"], source_schema="s", referent_schema="r"),
            o.CreateCheckConstraintOp("ck", "t", "a > 5", schema="s"),
            o.DropConstraintOp("old", "t", "foreignkey", schema="s"),
            o.CreateTableCommentOp("t", "new", schema="s"),
            o.DropTableCommentOp("t", existing_comment="old", schema="s"),
        ],
        schema="s",
    ),
}
for kind in (sa.PrimaryKeyConstraint, sa.ForeignKeyConstraint, sa.UniqueConstraint, sa.CheckConstraint):
    for name, told in (
        ("plain", {}),
        ("schema", {"schema": "shop"}),
        ("convention", {"naming_convention": CONVENTION}),
    ):
        if kind is not sa.PrimaryKeyConstraint:
            CASES[f"add {kind.__name__}, {name}"] = lambda o, kind=kind, told=told: (
                o.AddConstraintOp.from_constraint(constraint(kind, **told))
            )
        if kind is not sa.ForeignKeyConstraint or name == "convention":
            CASES[f"drop {kind.__name__}, {name}"] = lambda o, kind=kind, told=told: (
                o.DropConstraintOp.from_constraint(constraint(kind, **told))
            )
for number in range(2):
    CASES[f"index {number} of a table"] = lambda o, number=number: o.CreateIndexOp.from_index(
        sorted(everything().indexes, key=lambda index: str(index.name))[number]
    )
    CASES[f"index {number} of a table dropped and back"] = lambda o, number=number: o.DropIndexOp.from_index(
        sorted(everything().indexes, key=lambda index: str(index.name))[number]
    ).reverse()


@pytest.mark.filterwarnings("ignore:Autogenerate rendered a drop_constraint", "ignore:a drop_constraint")
@pytest.mark.parametrize("batch", [False, True], ids=["", "as batch"])
@pytest.mark.parametrize("dialect", list(DIALECTS))
@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_an_operation_has_alembics_text(case: Case, dialect: str, batch: bool) -> None:
    ours, our_imports = our_text(case, dialect, render_as_batch=batch)
    theirs, their_imports = alembic_text(case, dialect, render_as_batch=batch)
    assert ours == theirs
    assert our_imports == their_imports


@pytest.mark.parametrize("type_", TYPES, ids=repr)
def test_a_type_has_alembics_text(type_: Any) -> None:
    for case in (
        typed(type_),
        lambda o: o.AlterColumnOp("t", "c", modify_type=type_, existing_type=sa.Integer()),
        lambda o: o.CreateTableOp.from_table(sa.Table("t", sa.MetaData(), sa.Column("c", type_))),
    ):
        assert our_text(case, "postgresql") == alembic_text(case, "postgresql")
        prefixed = {
            "user_module_prefix": "mine.",
            "sqlalchemy_module_prefix": "",
            "alembic_module_prefix": "x.",
        }
        assert our_text(case, "postgresql", **prefixed) == alembic_text(case, "postgresql", **prefixed)


@pytest.mark.parametrize(
    "word", ["type", "column", "server_default", "primary_key", "foreign_key", "unique", "check"]
)
def test_render_item_is_asked_as_alembic_asks_it(word: str) -> None:
    def hook(type_: str, thing: Any, autogen_context: Any) -> Any:
        autogen_context.imports.add("import mine")
        return f"mine.{type_}" if type_ == word else False

    case = CASES["create everything"]
    text, imports = our_text(case, "sqlite", render_item=hook)
    assert (text, imports) == alembic_text(case, "sqlite", render_item=hook)
    assert f"mine.{word}" in text


def test_render_python_code_and_render_body_agree_on_nothing() -> None:
    assert render_body([], RenderOptions()) == render_python_code(alembic_ops.UpgradeOps())


def test_a_dropped_table_comes_back_with_the_columns_names_not_with_the_models_keys() -> None:
    # Alembic's reversal forgets the MetaData and writes the key, a column that the database doesn't have
    def case(o: Any) -> Any:
        return o.DropTableOp.from_table(everything()).reverse()

    assert "['users.ident']" in our_text(case, "default")[0]
    assert "['users.id']" in alembic_text(case, "default")[0]
