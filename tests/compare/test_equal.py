"""The fast road of a comparison: what it proves is so, what it can't prove is left to the values."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from roundtrip import context_of, database, diffs

from nbmigrate.autogenerate.context import AutogenContext, compare_options
from nbmigrate.compare.desired import ModelReader
from nbmigrate.compare.equal import equal_tables, without_collector
from nbmigrate.dialects.reflect import reader_for


def enum() -> sa.Column[Any]:
    """A column of an enum type."""
    return sa.Column("kind", sa.Enum("a", "b", name="kind"))


def models(change: Callable[[dict[str, Any]], None] = lambda parts: None) -> sa.MetaData:
    """Two tables; ``change`` may change what the second is made of."""
    metadata = sa.MetaData()
    sa.Table("p", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("code", sa.Integer))
    parts: dict[str, Any] = {
        "id": sa.Column("id", sa.Integer, primary_key=True),
        "name": sa.Column("name", sa.String(40), nullable=False),
        "number": sa.Column("number", sa.Integer, server_default="5"),
        "kind": enum(),
        "p_id": sa.Column("p_id", sa.Integer),
        "fk": sa.ForeignKeyConstraint(["p_id"], ["p.id"], name="fk_t", ondelete="CASCADE"),
        "ix": sa.Index("ix_t", "name", "number"),
        "uq": sa.UniqueConstraint("number", "p_id", name="uq_t"),
    }
    change(parts)
    sa.Table("t", metadata, *sorted(parts.values(), key=lambda part: not isinstance(part, sa.Column)))
    return metadata


def proved(engine: sa.Engine, metadata: sa.MetaData, **opts: Any) -> set[str]:
    """The tables that are proved equal."""
    with engine.connect() as connection:
        options = compare_options(AutogenContext(context_of(connection, **opts), metadata))
        current = reader_for(connection.dialect.name).reflect(connection, options)
        reader = ModelReader(connection.dialect, options)
        reader.schema(metadata)
        return {key[1] for key in equal_tables(current, reader.sources.items(), reader, options)}


def change(name: str, *new: Any) -> Callable[[dict[str, Any]], None]:
    """Take a part away, or put others in its place."""

    def changed(parts: dict[str, Any]) -> None:
        del parts[name]
        parts.update({f"new{number}": part for number, part in enumerate(new)})

    return changed


CHANGES: dict[str, Callable[[], Callable[[dict[str, Any]], None]]] = {
    "column gone": lambda: change("kind"),
    "column more": lambda: change("kind", enum(), sa.Column("x", sa.Text)),
    "length": lambda: change("name", sa.Column("name", sa.String(41), nullable=False)),
    "null": lambda: change("name", sa.Column("name", sa.String(40))),
    "default": lambda: change("number", sa.Column("number", sa.Integer, server_default="6")),
    "no default": lambda: change("number", sa.Column("number", sa.Integer)),
    "default by expression": lambda: change(
        "number", sa.Column("number", sa.Integer, server_default=sa.text("(1 + 5)"))
    ),
    "key gone": lambda: change("fk"),
    "key action": lambda: change("fk", sa.ForeignKeyConstraint(["p_id"], ["p.id"], name="fk_t")),
    "index gone": lambda: change("ix"),
    "index order": lambda: change("ix", sa.Index("ix_t", "number", "name")),
    "index unique": lambda: change("ix", sa.Index("ix_t", "name", "number", unique=True)),
    "index name": lambda: change("ix", sa.Index("ix_u", "name", "number")),
    "index expression": lambda: change("ix", sa.Index("ix_t", sa.text("(number + 1)"))),
    "unique gone": lambda: change("uq"),
    "unique name": lambda: change("uq", sa.UniqueConstraint("number", "p_id", name="uq_u")),
    "unique columns": lambda: change("uq", sa.UniqueConstraint("p_id", "number", name="uq_t")),
    "check": lambda: change("kind", enum(), sa.CheckConstraint("number > 1")),
    "check on a column": lambda: change(
        "number", sa.Column("number", sa.Integer, sa.CheckConstraint("number > 1"), server_default="5")
    ),
    "computed": lambda: change("number", sa.Column("number", sa.Integer, sa.Computed("p_id + 1"))),
    "primary key": lambda: change(
        "p_id", sa.Column("p_id", sa.Integer, primary_key=True, autoincrement=False)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ["sqlite_url", "postgresql_url", "mariadb_url"])
def test_equal_tables_are_proved_equal_and_no_others(request, name):
    with database(request.getfixturevalue(name)) as engine:
        models().create_all(engine)
        assert proved(engine, models()) == {"p", "t"}
        assert diffs(engine, models()) == []
        for title, make in CHANGES.items():
            assert proved(engine, models(make())) == {"p"}, title


def test_nothing_is_proved_where_the_user_wants_to_be_asked(sqlite_url):
    with database(sqlite_url) as engine:
        models().create_all(engine)
        assert proved(engine, models(), compare_type=True, compare_server_default=False) == {"p", "t"}
        for opts in (
            {"include_name": lambda *args: True},
            {"include_object": lambda *args: True},
            {"compare_type": lambda *args: None},
            {"compare_server_default": lambda *args: None},
        ):
            assert proved(engine, models(), **opts) == set()


def test_types_that_look_at_their_column_are_not_remembered(sqlite_url):
    class Own(sa.types.UserDefinedType[Any]):
        cache_ok = True

        def get_col_spec(self, type_expression: Any = None, **kw: Any) -> str:
            return "BLOB" if type_expression.name == "b" else "TEXT"

    metadata = sa.MetaData()
    sa.Table("t", metadata, sa.Column("a", Own()), sa.Column("b", Own()))
    with database(sqlite_url) as engine:
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE t (a TEXT, b TEXT)")
        assert proved(engine, metadata) == set()
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE t")
            connection.exec_driver_sql("CREATE TABLE t (a TEXT, b BLOB)")
        assert proved(engine, metadata) == {"t"}


def test_a_name_with_a_point_is_no_schema(sqlite_url):
    metadata = sa.MetaData()
    sa.Table("a.b", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True),
             sa.Column("r", sa.ForeignKey(metadata.tables["a.b"].c.id)))  # fmt: skip
    with database(sqlite_url) as engine:
        metadata.create_all(engine)
        assert proved(engine, metadata) == {"a.b", "t"}


def test_the_collector_is_as_it_was():
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), without_collector():
        assert not gc.isenabled()
        with without_collector():
            pass
        assert not gc.isenabled()
        raise ZeroDivisionError
    assert gc.isenabled()
