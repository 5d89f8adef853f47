"""What each database can do, and the types, defaults and values to draw from."""

from __future__ import annotations

import datetime
import decimal
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql

Schema = dict[str, Any]

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
COLLATIONS = {"sqlite": "NOCASE", "postgresql": "C", "mariadb": "utf8mb4_bin", "duckdb": "NOCASE"}
# the first two are what rows hold
LABELS = ["x", "y", "it's", "z z", "100%"]

TYPES: dict[str, Any] = {
    "small": sa.SmallInteger,
    "integer": sa.Integer,
    "bigint": sa.BigInteger,
    "unsigned": lambda: mysql.INTEGER(unsigned=True),
    "string": lambda: sa.String(12),
    "longer": lambda: sa.String(30),
    "text": sa.Text,
    "latin": lambda: mysql.VARCHAR(12, charset="latin1", collation="latin1_bin"),
    "numeric": lambda: sa.Numeric(8, 2),
    "wider": lambda: sa.Numeric(12, 2),
    "boolean": sa.Boolean,
    "date": sa.Date,
    "time": sa.Time,
    "moment": sa.DateTime,
    "float": sa.Double,
    "bytes": sa.LargeBinary,
    "json": sa.JSON,
    "list": lambda: sa.ARRAY(sa.Integer),
}
INTEGERS = ("small", "integer", "bigint", "unsigned")
STRINGS = ("string", "longer", "text", "latin", "collated")
FAMILIES = [INTEGERS, STRINGS, ("numeric", "wider")]
# what every value of a type can become, and come back from
CASTS = {
    **dict.fromkeys(("small", "integer", "bigint"), ("numeric", "string", "longer", "text")),
    "numeric": ("string", "longer", "text"),
    "date": ("moment", "string", "text"),
    "moment": ("longer", "text"),
    "boolean": ("integer",),
}
IN_KEYS = (*INTEGERS, "string", "longer", "latin", "collated", "numeric", "wider", "date", "moment")
DEFAULTS: dict[str, list[Any]] = {
    "small": ["3"],
    "integer": ["7", "-1", sa.text("(1 + 2)")],
    "bigint": ["7"],
    "unsigned": ["7"],
    "string": ["it's", "100%", "a:b", ""],
    "longer": ["it's", "back\\slash"],
    "collated": ["it's"],
    "latin": ["it's"],
    "numeric": ["1.50", sa.text("2")],
    "wider": ["0"],
    "boolean": [sa.true(), sa.false()],
    "date": ["2020-01-31"],
    "moment": [sa.func.now(), sa.text("CURRENT_TIMESTAMP")],
    "float": [sa.text("0.25")],
    "enum": ["x", "y"],
}
COMMENTS = [None, "it's 100%", 'a "quoted" one: two']


@dataclass(frozen=True)
class Kind:
    """What a database can do.

    ``without`` are edits that it has not, ``indexes`` and ``uniques`` what its indexes and unique constraints
    can say beside their columns; ``other`` whether there may be a second schema beside the default one.
    """

    name: str
    without: tuple[str, ...] = ()
    cycles: bool = True
    deferrable: bool = False
    actions: tuple[str | None, ...] = (None, "CASCADE", "SET NULL")
    indexes: tuple[str, ...] = ()
    uniques: tuple[str, ...] = ()
    stored: tuple[bool, ...] = (True,)
    computed_to_plain: bool = True
    materialized: bool = False
    other: bool = False
    enum_names: tuple[str, ...] = ("mood",)
    default_schema: str | None = None
    not_types: tuple[str, ...] = ("unsigned", "latin", "list")
    not_default: tuple[str, ...] = ()
    names: tuple[str, ...] = tuple(COLUMNS)
    tables: tuple[str, ...] = tuple(TABLES)

    @property
    def types(self) -> tuple[str, ...]:
        """The types that it has."""
        return tuple(t for t in (*TYPES, "collated", "enum") if t not in self.not_types)

    @property
    def collation(self) -> str:
        """A collation that is not the usual one."""
        return COLLATIONS[self.name]


ONLY_POSTGRESQL = ("exclude", "counter")
ONLY_MARIADB = ("engine", "charset")
KINDS = {
    "sqlite": Kind(
        "sqlite",
        without=("comment", "table comment", "sequence", *ONLY_POSTGRESQL, *ONLY_MARIADB),
        deferrable=True,
        indexes=("where", "desc", "expression"),
        stored=(True, False),
        default_schema="main",
    ),
    "postgresql": Kind(
        "postgresql",
        without=ONLY_MARIADB,
        deferrable=True,
        indexes=(
            *("where", "desc", "desc nulls last", "expression", "hash", "brin"),
            *("include", "ops", "with", "nulls not distinct"),
        ),
        uniques=("deferrable", "nulls not distinct"),
        materialized=True,
        other=True,
        enum_names=("mood", 'Mo"od', "it's"),
        default_schema="public",
        not_types=("unsigned", "latin"),
    ),
    "mariadb": Kind(
        "mariadb",
        without=ONLY_POSTGRESQL,
        indexes=("desc", "length"),
        stored=(True, False),
        other=True,
        not_types=("list",),
    ),
    # DuckDB: keys may not go round, have no actions, and forget the lengths of VARCHAR
    "duckdb": Kind(
        "duckdb",
        without=(*ONLY_POSTGRESQL, *ONLY_MARIADB),
        cycles=False,
        actions=(None,),
        stored=(False,),
        indexes=("expression",),
        default_schema="main",
    ),
}


def value(type_: str, number: int) -> Any:
    """A value that no other row has."""
    if type_ in INTEGERS:
        return number
    if type_ in ("numeric", "wider"):
        return decimal.Decimal(number) + decimal.Decimal("0.25")
    return {
        "boolean": number % 2 == 0,
        "date": datetime.date(2020, 1, number),
        "time": datetime.time(1, 2, number),
        "moment": datetime.datetime(2020, 1, 1, 0, 0, number),
        "float": number + 0.5,
        "bytes": b"%d\x00\xff" % number,
        "json": {"a": [number, "it's"]},
        "list": [number, 7],
        "enum": LABELS[number % 2],
    }.get(type_, f"v'{number}%")
