"""A19: every type of SQLAlchemy and of its dialects, with every argument, has Alembic's text and imports.

The types come from the packages themselves, their arguments from their constructors' signatures, so that a
type which a later SQLAlchemy brings is tried too.
"""

from __future__ import annotations

import enum
import inspect
from collections.abc import Iterator
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import render as alembic_render
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite
from sqlalchemy.types import TypeEngine

from nbmigrate.render import RenderOptions
from nbmigrate.render.types import type_text

MODULES = {
    "sqlalchemy": sa.types,
    "postgresql": postgresql,
    "mysql": mysql,
    "sqlite": sqlite,
    "mssql": mssql,
    "oracle": oracle,
}


class Colour(enum.Enum):
    red = 1
    green = 2


class Cents(sa.types.TypeDecorator[Any]):
    impl = sa.Numeric
    cache_ok = True


# an argument's name to the values that are tried; whatever is not here takes what its default says
VALUES: dict[str, list[Any]] = {
    "length": [7],
    "collation": ["C", 'it\'s "x"'],
    "precision": [11],
    "scale": [3],
    "asdecimal": [False],
    "decimal_return_scale": [4],
    "timezone": [True],
    "as_uuid": [False],
    "native_uuid": [False],
    "none_as_null": [True],
    "astext_type": [sa.Text(), sa.String(5)],
    "text_type": [sa.Unicode(9)],
    "dimensions": [2],
    "zero_indexes": [True],
    "as_tuple": [True],
    "name": ["my type"],
    "create_type": [False],
    "schema": ["other"],
    "metadata": [sa.MetaData()],
    "inherit_schema": [True],
    "create_constraint": [True],
    "native_enum": [False],
    "validate_strings": [True],
    "omit_aliases": [False],
    "native": [False],
    "second_precision": [3],
    "day_precision": [2],
    "fields": ["DAY TO SECOND"],
    "charset": ["utf8mb4"],
    "ascii": [True],
    "unicode": [True],
    "binary": [True],
    "national": [True],
    "unsigned": [True],
    "zerofill": [True],
    "display_width": [5],
    "fsp": [6],
    "retrieve_as_bitwise": [True],
    "varying": [True],
    "convert_int": [True],
    "filestream": [True],
    "deprecate_large_types": [True],
    "truncate_microseconds": [True],
    "storage_format": ["%(year)04d"],
    "regexp": [r"(\d+)"],
    "pickler": [None],
    "binary_precision": [53],
    "local_timezone": [True],
    "not_null": [True],
    "check": ["VALUE > 0", sa.column("VALUE") > sa.literal(5)],
    "default": ["x", sa.text("'a'"), sa.func.now()],
    "constraint_name": ["ck"],
    "hashable": [False],
    "dim": [3],
    "storage_type": [None],
    "vector_distance_type": [None],
}
REQUIRED: dict[str, Any] = {
    "item_type": sa.String(5),
    "data_type": sa.Numeric(9, 2),
    "name": "positive",
    "type_": sa.Integer(),
    "precision": 5,
}


def classes() -> Iterator[tuple[str, type[TypeEngine[Any]]]]:
    seen: set[type] = set()
    for where, module in MODULES.items():
        for name in sorted(dir(module)):
            found = getattr(module, name)
            if isinstance(found, type) and issubclass(found, TypeEngine) and found not in seen:
                seen.add(found)
                # an expression's type, which no column has
                if hasattr(found, "__visit_name__") and (name.upper() == name or module is sa.types):
                    yield f"{where}.{name}", found


def made(cls: type[TypeEngine[Any]], *args: Any, **kw: Any) -> TypeEngine[Any] | None:
    """The type, None where this combination is not allowed."""
    try:
        return cls(*args, **kw)
    except (TypeError, ValueError, AssertionError, NotImplementedError, sa.exc.SQLAlchemyError):
        return None


def variants(cls: type[TypeEngine[Any]]) -> Iterator[TypeEngine[Any]]:
    """The type without arguments, with each alone, and with pairs of them."""
    given = {
        name: parameter
        for name, parameter in inspect.signature(cls.__init__).parameters.items()
        if name != "self" and parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
    }
    base = {
        name: REQUIRED[name]
        for name, parameter in given.items()
        if parameter.default is parameter.empty and name in REQUIRED
    }
    args: list[tuple[Any, ...]] = [()]
    if issubclass(cls, sa.Enum):
        args = [("a", "b'c"), (Colour,)]
    elif issubclass(cls, mysql.SET):
        args = [("a", "b'c")]
    # what **kw takes, by the class's bases
    words = {**given}
    for parent in cls.__mro__[1:]:
        if issubclass(parent, TypeEngine) and any(
            p.kind is p.VAR_KEYWORD for p in inspect.signature(cls.__init__).parameters.values()
        ):
            words = {**dict(inspect.signature(parent.__init__).parameters), **words}
    singles = [{name: value} for name in words if name in VALUES for value in VALUES[name]]
    pairs = [{**one, **two} for one, two in product(singles, singles) if list(one) < list(two)]
    if issubclass(cls, postgresql.ENUM | postgresql.DOMAIN):
        base.setdefault("name", "my_type")
    for positional in args:
        for keywords in ({}, *singles, *pairs):
            found = made(cls, *positional, **{**base, **keywords})
            if found is not None:
                yield found


EVERY = [(name, type_) for name, cls in classes() for type_ in variants(cls)]
DIALECTS = [postgresql.dialect(), mysql.dialect(), sqlite.dialect()]


def alembic(type_: Any, dialect: Any, prefix: str | None = None, hook: Any = None) -> tuple[str, set[str]]:
    opts = {
        "sqlalchemy_module_prefix": "sa.",
        "alembic_module_prefix": "op.",
        "user_module_prefix": prefix,
        "render_item": hook,
    }
    autogen: Any = SimpleNamespace(
        opts=opts,
        imports=set(),
        dialect=dialect,
        migration_context=SimpleNamespace(impl=_impl(dialect), dialect=dialect),
    )
    return alembic_render._repr_type(type_, autogen), autogen.imports


def _impl(dialect: Any) -> Any:
    from alembic.ddl.impl import DefaultImpl

    return DefaultImpl.get_by_dialect(dialect)(dialect, None, True, None, None, {})


def ours(type_: Any, dialect: Any, prefix: str | None = None, hook: Any = None) -> tuple[str, set[str]]:
    options = RenderOptions(dialect=dialect, user_module_prefix=prefix, render_item=hook)
    return type_text(type_, options), options.imports


def test_there_are_as_many_as_sqlalchemy_has() -> None:
    assert len({name for name, _ in EVERY}) > 120
    assert len(EVERY) > 900


@pytest.mark.parametrize("where", list(MODULES))
def test_every_type_with_every_argument(where: str) -> None:
    count = 0
    for name, type_ in EVERY:
        if name.startswith(f"{where}."):
            # away from PostgreSQL Alembic leaves the prefix of a type within one of PostgreSQL's out
            for dialect in DIALECTS[:1] if where == "postgresql" else DIALECTS:
                assert ours(type_, dialect) == alembic(type_, dialect), (name, vars(type_))
            assert ours(type_, dialect, "my.") == alembic(type_, dialect, "my."), name
            count += 1
    assert count


def nested() -> st.SearchStrategy[Any]:
    """A type in an array, in a domain, beside a variant, in one of the user's own, or by itself."""
    # a quoted quote in the text of a type within another: Alembic leaves out that type's prefix
    plain = st.sampled_from([type_ for _, type_ in EVERY if "\\'" not in repr(type_)])
    flat = plain.filter(lambda type_: not isinstance(type_, sa.ARRAY | sa.types.NullType))
    return st.one_of(
        flat.map(sa.ARRAY),
        flat.map(postgresql.ARRAY),
        flat.map(lambda type_: postgresql.DOMAIN("d", type_)),
        flat.map(lambda type_: sa.String(5).with_variant(type_, "mysql").with_variant(sa.Text(), "sqlite")),
        flat.map(lambda type_: postgresql.JSONB(astext_type=type_)),
        flat.map(lambda type_: postgresql.HSTORE(text_type=type_)),
        st.integers(1, 30).map(lambda scale: Cents(30, scale)),
        st.builds(lambda one, two: sa.ARRAY(one.with_variant(two, "oracle")), flat, flat),
    )


@settings(max_examples=150)
@given(nested(), st.sampled_from([None, "", "mine."]))
def test_types_within_types(type_: Any, prefix: str | None) -> None:
    dialect = DIALECTS[0]
    assert ours(type_, dialect, prefix) == alembic(type_, dialect, prefix)


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_render_item_may_speak_for_a_type_within(dialect: Any) -> None:
    def hook(kind: str, thing: Any, context: Any) -> Any:
        if kind == "type" and isinstance(thing, sa.Numeric):
            context.imports.add("import money")
            return f"money.Money({thing.scale})"
        return False

    for type_ in (sa.ARRAY(sa.Numeric(5, 2)), sa.Text().with_variant(sa.Numeric(5, 2), "mysql"), Cents(5, 3)):
        assert ours(type_, dialect, None, hook) == alembic(type_, dialect, None, hook)
    assert ours(sa.ARRAY(sa.Numeric(5, 2)), dialect, None, hook)[1] == {"import money"}
