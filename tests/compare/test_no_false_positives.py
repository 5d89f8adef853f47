"""After ``metadata.create_all()`` there is no difference, whatever the models hold."""

from __future__ import annotations

import enum

import pytest
import sqlalchemy as sa
from roundtrip import database, diffs, metadata_of
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Colour(enum.Enum):
    red = "r"
    green = "g"


def types(metadata: sa.MetaData) -> None:
    ordinary = [
        sa.Integer(), sa.SmallInteger(), sa.BigInteger(), sa.Numeric(), sa.Numeric(10), sa.Numeric(10, 2),
        sa.Float(), sa.Float(53), sa.Double(), sa.Boolean(), sa.String(1), sa.String(255), sa.Text(),
        sa.Unicode(20), sa.UnicodeText(), sa.Date(), sa.DateTime(), sa.DateTime(timezone=True), sa.Time(),
        sa.Interval(), sa.LargeBinary(), sa.JSON(), sa.Uuid(), sa.Uuid(native_uuid=False), sa.PickleType(),
        sa.Enum("a", "b", name="plain"), sa.Enum(Colour), sa.Enum("x", "yy", native_enum=False),
        sa.Enum("p", "q", native_enum=False, create_constraint=True, name="checked"),
        sa.Boolean(create_constraint=True, name="is_it"), sa.CHAR(3), sa.VARCHAR(7), sa.DECIMAL(5, 1),
        sa.REAL(), sa.TIMESTAMP(), sa.String(8).with_variant(sa.Text(), "sqlite"),
    ]  # fmt: skip
    sa.Table(
        "types",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        *(sa.Column(f"c{number}", type_) for number, type_ in enumerate(ordinary)),
    )


def defaults(metadata: sa.MetaData) -> None:
    sa.Table(
        "defaults",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("text", sa.String(30), server_default='it\'s 100% "so"'),
        sa.Column("empty", sa.String(30), server_default=""),
        sa.Column("number_as_text", sa.Integer, server_default="5"),
        sa.Column("number", sa.Integer, server_default=sa.text("-7")),
        sa.Column("numeric", sa.Numeric(8, 2), server_default="1.50"),
        sa.Column("float", sa.Float, server_default=sa.text("0.25")),
        sa.Column("yes", sa.Boolean, server_default=sa.true()),
        sa.Column("no", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("now", sa.DateTime, server_default=sa.func.now()),
        sa.Column("current", sa.DateTime, server_default=sa.func.current_timestamp()),
        sa.Column("text_now", sa.DateTime, server_default=sa.text("CURRENT_TIMESTAMP")),
        sa.Column("enum", sa.Enum("a", "b", name="default_enum"), server_default="a"),
        sa.Column("null", sa.Integer, server_default=sa.text("NULL")),
        sa.Column("colon", sa.String(30), server_default="a:b::c"),
    )


def expressions(metadata: sa.MetaData) -> None:
    sa.Table(
        "expressions",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sum", sa.Integer, server_default=sa.text("(1 + 2)")),
        sa.Column("json", sa.JSON, server_default=sa.text("'{\"a\": [1, 2]}'")),
        sa.Column("price", sa.Numeric(10, 2)),
        sa.Column("name", sa.String(20)),
        sa.Column("twice", sa.Integer, sa.Computed("sum * 2", persisted=True)),
        sa.CheckConstraint("price > 0"),
        sa.CheckConstraint("name IN ('a', 'b') OR name LIKE 'x%'", name="ck_name"),
        sa.CheckConstraint("price BETWEEN 1 AND 10 AND (name IS NULL OR length(name) > 2)"),
        sa.CheckConstraint(sa.column("price") != sa.literal(3)),
    )


def keys(metadata: sa.MetaData) -> None:
    sa.Table(
        "parent",
        metadata,
        sa.Column("a", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("b", sa.String(10), primary_key=True),
        sa.Column("code", sa.String(10), unique=True),
    )
    sa.Table(
        "tree",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("up", sa.ForeignKey("tree.id", ondelete="CASCADE", onupdate="SET NULL"), index=True),
        sa.Column("other", sa.ForeignKey("tree.id", name="fk_other", ondelete="RESTRICT")),
        sa.Column("a", sa.Integer),
        sa.Column("b", sa.String(10)),
        sa.Column("code", sa.ForeignKey("parent.code", onupdate="NO ACTION")),
        sa.ForeignKeyConstraint(["a", "b"], ["parent.a", "parent.b"]),
        sa.UniqueConstraint("a", "id"),
        sa.UniqueConstraint("b", "id", name="named"),
        sa.Index("ix_two", "b", "a"),
        sa.Index("ix_unique", "a", "other", unique=True),
    )
    sa.Table("no_key", metadata, sa.Column("x", sa.Integer), sa.Column("y", sa.Integer))


def comments(metadata: sa.MetaData) -> None:
    sa.Table(
        "commented",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True, comment="it's 100%"),
        sa.Column("empty", sa.Integer, comment=""),
        comment='a "table"',
    )


def hostile(metadata: sa.MetaData) -> None:
    sa.Table(
        'we"ird <table>',
        metadata,
        sa.Column("select", sa.Integer, primary_key=True),
        sa.Column("MiXed Case", sa.String(10), server_default="don't"),
        sa.Column("a.b", sa.Integer, index=True),
        sa.Column("per%cent", sa.Integer, unique=True),
        sa.Column("Ünï", sa.Integer),
        sa.CheckConstraint('"Ünï" > 0' if True else "", name="ck ü"),
        sa.UniqueConstraint("a.b", "Ünï", name="uq'x"),
    )
    sa.Table(
        "order",
        metadata,
        sa.Column("group", sa.Integer, primary_key=True),
        sa.Column("user", sa.ForeignKey('we"ird <table>.select')),
    )


def cycle(metadata: sa.MetaData) -> None:
    sa.Table(
        "hen",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("egg", sa.ForeignKey("egg.id", name="fk_hen_egg", use_alter=True)),
    )
    sa.Table(
        "egg",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("hen", sa.ForeignKey("hen.id", name="fk_egg_hen")),
    )


ALL = [types, defaults, expressions, keys, comments, cycle]


@pytest.mark.parametrize("convention", [None, CONVENTION], ids=["plain", "convention"])
@pytest.mark.parametrize("models", ALL, ids=lambda f: f.__name__)
def test_nothing_differs_after_create_all(database_url, models, convention):
    if convention and models is expressions:
        # a convention with %(constraint_name)s refuses CHECKs without a name
        convention = {key: value for key, value in convention.items() if key != "ck"}
    metadata = metadata_of(models, naming_convention=convention)
    if convention and models is types:
        for number in (26, 27):
            metadata.tables["types"].columns[f"c{number}"].type.name = f"kind_{number}"
    with database(database_url) as engine:
        if engine.dialect.name == "mysql" and models is defaults:
            metadata.tables["defaults"].columns["null"].server_default = None
        metadata.create_all(engine)
        assert diffs(engine, metadata) == []


@pytest.mark.parametrize("fixture", ["sqlite_url", "postgresql_url"])
def test_hostile_names_are_no_difference(request, fixture):
    metadata = metadata_of(hostile)
    with database(request.getfixturevalue(fixture)) as engine:
        metadata.create_all(engine)
        assert diffs(engine, metadata) == []


@pytest.mark.parametrize("fixture", ["sqlite_url", "postgresql_url"])
def test_a_renamed_column_list_of_hostile_names_is_seen(request, fixture):
    metadata, other = metadata_of(hostile), metadata_of(hostile)
    other.tables['we"ird <table>'].append_column(sa.Column("new%one", sa.Integer))
    with database(request.getfixturevalue(fixture)) as engine:
        metadata.create_all(engine)
        assert [diff[0] for diff in diffs(engine, other)] == ["add_column"]


def test_postgresql_own_types_and_indexes_are_no_difference(postgresql_url):
    metadata = sa.MetaData()
    sa.Table(
        "own",
        metadata,
        sa.Column("id", sa.BigInteger, sa.Identity(always=True, start=10, increment=5), primary_key=True),
        sa.Column("plain_identity", sa.Integer, sa.Identity()),
        sa.Column("tags", postgresql.ARRAY(sa.String(20)), server_default="{}"),
        sa.Column("doc", postgresql.JSONB, server_default=sa.text("'{}'::jsonb")),
        sa.Column("key", sa.Uuid, server_default=sa.text("gen_random_uuid()")),
        sa.Column("bits", postgresql.BIT(4)),
        sa.Column("address", postgresql.INET),
        sa.Column("span", postgresql.TSTZRANGE),
        sa.Column("money", postgresql.MONEY),
        sa.Column("search", postgresql.TSVECTOR),
        sa.Column("moment", postgresql.TIMESTAMP(precision=3, timezone=True)),
        sa.Column("name", sa.String(20, collation="C")),
        sa.Column("length", sa.Interval, server_default=sa.text("interval '1 day'")),
        sa.Column("state", postgresql.ENUM("on", "off", name="state"), server_default="on"),
        sa.UniqueConstraint("name", "address", postgresql_nulls_not_distinct=True),
        sa.UniqueConstraint("bits", deferrable=True, initially="DEFERRED"),
        sa.Index("ix_lower", sa.text("lower(name)")),
        sa.Index("ix_expression", sa.func.coalesce(sa.column("name"), "none"), "address"),
        sa.Index("ix_gin", "tags", postgresql_using="gin"),
        sa.Index("ix_ops", "doc", postgresql_using="gin", postgresql_ops={"doc": "jsonb_path_ops"}),
        sa.Index("ix_part", "address", postgresql_where=sa.text("name <> 'it''s' AND id > 5")),
        sa.Index("ix_include", "address", postgresql_include=["name"], postgresql_with={"fillfactor": 70}),
    )
    table = metadata.tables["own"]
    sa.Index("ix_desc", table.c.name.desc().nulls_last(), table.c.address.asc().nulls_first())
    sa.Index("ix_desc_plain", table.c.name.desc())
    with database(postgresql_url) as engine:
        metadata.create_all(engine)
        assert diffs(engine, metadata) == []


def test_sqlite_own_things_are_no_difference(sqlite_url):
    metadata = sa.MetaData()
    table = sa.Table(
        "own",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(20, collation="NOCASE")),
        sa.Column("virtual", sa.Integer, sa.Computed("id + 1")),
        sa.Column("parent", sa.ForeignKey("own.id", deferrable=True, initially="DEFERRED")),
        sa.Index("ix_lower", sa.text("lower(name)")),
        sa.Index("ix_part", "name", sqlite_where=sa.text("name IS NOT NULL AND id>5")),
        sqlite_autoincrement=True,
    )
    sa.Index("ix_desc", table.c.name.desc(), table.c.id)
    with database(sqlite_url) as engine:
        metadata.create_all(engine)
        assert diffs(engine, metadata) == []


def test_hand_written_sqlite_tables_are_no_difference(sqlite_url):
    metadata = sa.MetaData()
    sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("up", sa.ForeignKey("t.id")),
        sa.CheckConstraint("id > 0"),
        sa.UniqueConstraint("name", name="uq_by_the_models"),
    )
    with database(sqlite_url) as engine:
        with engine.begin() as connection:
            connection.exec_driver_sql(
                "create table 't' (id integer primary key, [name] varchar( 20 ) not null unique,"
                " up int references t, check ((ID>0)))"
            )
        assert diffs(engine, metadata) == []


def test_mariadb_own_types_are_no_difference(mariadb_url):
    metadata = sa.MetaData()
    sa.Table(
        "own",
        metadata,
        sa.Column("id", mysql.INTEGER(unsigned=True), primary_key=True, autoincrement=False),
        sa.Column("tiny", mysql.TINYINT(1)),
        sa.Column("text", mysql.LONGTEXT),
        sa.Column("when", mysql.DATETIME(fsp=3)),
        sa.Column("up", sa.ForeignKey("own.id")),
        sa.CheckConstraint("tiny > 0", name="ck_tiny"),
        sa.CheckConstraint("id > 0 and tiny < 5"),
    )
    with database(mariadb_url) as engine:
        metadata.create_all(engine)
        assert diffs(engine, metadata) == []


def test_e22_schemas_and_the_default_schema_by_name_are_no_difference(postgresql_url):
    metadata = sa.MetaData()
    sa.Table("a", metadata, sa.Column("id", sa.Integer, primary_key=True), schema="public")
    sa.Table(
        "b",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.ForeignKey("public.a.id")),
        sa.Column("kind", sa.Enum("x", "y", name="kind", schema="other")),
        sa.CheckConstraint("id > 0 or a in (1, 2)"),
        sa.Index("ix_b", sa.text("(id + 1)")),
        schema="other",
    )
    with database(postgresql_url) as engine:
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE SCHEMA other")
            connection.exec_driver_sql("CREATE TABLE other.not_in_the_models (id integer)")
        metadata.create_all(engine)
        assert diffs(engine, metadata) == []
        found = diffs(engine, metadata, include_schemas=True)
        assert [(diff[0], diff[1].fullname) for diff in found] == [
            ("remove_table", "other.not_in_the_models")
        ]


def test_declarative_models_are_no_difference(database_url):
    class Base(DeclarativeBase):
        pass

    class User(Base):
        __tablename__ = "user"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str | None] = mapped_column(sa.String(30), index=True)
        colour: Mapped[Colour]
        posts: Mapped[list[Post]] = relationship(back_populates="author")

    class Post(Base):
        __tablename__ = "post"
        id: Mapped[int] = mapped_column(primary_key=True)
        author_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"))
        author: Mapped[User] = relationship(back_populates="posts")

    # the annotations of this function's classes are found by name
    globals().update(User=User, Post=Post)
    try:
        sa.orm.configure_mappers()
    finally:
        del globals()["User"], globals()["Post"]
    with database(database_url) as engine:
        Base.metadata.create_all(engine)
        assert diffs(engine, Base.metadata) == []


def test_the_version_table_is_left_out(database_url):
    with database(database_url) as engine:
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
            connection.exec_driver_sql("CREATE TABLE mine (version_num VARCHAR(32) NOT NULL)")
        assert [diff[1].name for diff in diffs(engine, sa.MetaData())] == ["mine"]
        found = diffs(engine, sa.MetaData(), version_table="mine")
        assert [diff[1].name for diff in found] == ["alembic_version"]


def test_an_index_without_columns_is_the_one_of_its_name(database_url):
    def models(*columns):
        def fill(m):
            sa.Table("t", m, sa.Column("id", sa.Integer, primary_key=True), sa.Index("ix", *columns))

        return metadata_of(fill)

    with database(database_url) as engine:
        models("id").create_all(engine)
        assert diffs(engine, models()) == []
