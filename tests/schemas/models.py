"""SQLAlchemy models of a schema, and rows for them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from nbmigrate import View
from nbmigrate.compare.rename_answers import spelled
from schemas.kinds import CONVENTION, DEFAULTS, ROWS, TYPES, Kind, Schema, value

OTHER = "Oth er"


def build(schema: Schema, kind: Kind, *, default_schema: str | None = None) -> sa.MetaData:
    """The models of a schema; ``default_schema`` is the name to use where one says the default by name."""
    metadata = sa.MetaData(
        naming_convention=CONVENTION if schema["convention"] else None,
        info={"nbmigrate_declares": ("view", "sequence")},
    )
    for name, options in schema["sequences"].items():
        sa.Sequence(name, metadata=metadata, **options)
    tables: dict[str, sa.Table] = {}
    for name, told in schema["tables"].items():
        tables[name] = _table(metadata, schema, kind, name, kind.default_schema or default_schema)
        _constraints(tables[name], told, schema["convention"])
        _indexes(tables[name], told, kind)
    for name, told in schema["tables"].items():
        if told["refers"]:
            _refer(tables[name], tables[told["refers"]["table"]], name, told["refers"])
    for name, told in schema["views"].items():
        table = tables[told["table"]]
        chosen = [table.c.id, *(table.c[c] for c in told["columns"])]
        select = sa.select(*chosen).where(table.c.id > sa.literal(told["least"]))
        View(name, select, metadata, materialized=told["materialized"])
    return metadata


def table_of(metadata: sa.MetaData, name: str) -> sa.Table:
    """The table of that name, whatever its schema."""
    return next(table for table in metadata.tables.values() if table.name == name)


def renames(schema: Schema) -> dict[str, str | None]:
    """The answers to all questions about renames, where the models do not have them."""
    found: dict[str, str | None] = {}
    if not schema["answered"]:
        return found
    for name, told in schema["tables"].items():
        old = told.get("renamed", name)
        other = OTHER if told["schema"] == "other" else None
        if old != name:
            found[spelled(other, old)] = spelled(other, name)
        for column, facts in told["columns"].items():
            if "renamed" in facts:
                found[spelled(other, old, facts["renamed"])] = spelled(other, name, column)
    return found


def _info(schema: Schema, told: dict[str, Any]) -> dict[str, Any]:
    return {"renamed_from": told["renamed"]} if "renamed" in told and not schema["answered"] else {}


def _table(metadata: sa.MetaData, schema: Schema, kind: Kind, name: str, default: str | None) -> sa.Table:
    told = schema["tables"][name]
    where = {None: None, "default": default, "other": OTHER}[told["schema"]]
    options = {}
    if "engine" in told:
        charset = told["charset"].partition("_")[0]
        options = {
            "mysql_engine": told["engine"],
            "mysql_charset": charset,
            "mysql_collate": told["charset"],
            "mariadb_engine": told["engine"],
            "mariadb_charset": charset,
            "mariadb_collate": told["charset"],
        }
    table = sa.Table(
        name,
        metadata,
        sa.Column("id", sa.Integer, primary_key="id" in told["key"], autoincrement=False, nullable=False),
        *(
            _column(schema, kind, column, facts, column in told["key"])
            for column, facts in told["columns"].items()
        ),
        sa.Column("r", sa.Integer),
        comment=told["comment"],
        info=_info(schema, told),
        schema=where,
        **options,
    )
    if told["key"] != [column.name for column in table.primary_key.columns]:
        table.primary_key = sa.PrimaryKeyConstraint(*(table.c[c] for c in told["key"]))
    if told["computed"]:
        made = told["computed"]
        expression = table.c[made["of"]] * sa.literal(made["factor"])
        computed = [] if made["plain"] else [sa.Computed(expression, persisted=made["stored"])]
        table.append_column(sa.Column("made", sa.BigInteger, *computed))
    if told["counter"]:
        facts = told["counter"]
        options = {word: facts[word] for word in ("start", "increment") if facts[word] is not None}
        identity = sa.Identity(always=facts["always"], cycle=facts["cycle"], **options)
        table.append_column(
            sa.Column("num", sa.Integer, *([] if facts["plain"] else [identity]), nullable=False)
        )
    return table


def _column(schema: Schema, kind: Kind, name: str, told: dict[str, Any], in_key: bool) -> sa.Column[Any]:
    default = told["default"]
    type_: Any = TYPES.get(told["type"], sa.String)
    if told["type"] == "collated":
        type_ = sa.String(12, collation=kind.collation)
    elif told["type"] == "enum":
        enum = schema["enum"]
        type_ = sa.Enum(*enum["values"], name=enum["name"], create_constraint=enum["checked"], length=20)
    return sa.Column(
        name,
        type_() if callable(type_) else type_,
        primary_key=in_key,
        autoincrement=False,
        nullable=told["nullable"],
        server_default=None if default is None else DEFAULTS[told["type"]][default],
        comment=told["comment"],
        info=_info(schema, told),
    )


def _prefix(table: sa.Table, told: dict[str, Any]) -> str:
    """Names are the schema's: a table that is renamed keeps those that were given."""
    return "".join(c for c in told.get("renamed", table.name) if c.isalnum())


def _constraints(table: sa.Table, told: dict[str, Any], convention: bool) -> None:
    prefix = _prefix(table, told)
    for which, unique in told["uniques"].items():
        name = f"uq_{prefix}_{which}" if unique["named"] or convention else None
        late = {"deferrable": True, "initially": "DEFERRED"} if unique["says"] == "deferrable" else {}
        if unique["says"] == "nulls not distinct":
            late = {"postgresql_nulls_not_distinct": True}
        table.append_constraint(
            sa.UniqueConstraint(*(table.c[c] for c in unique["columns"]), name=name, **late)
        )
    if told["pair"]:
        table.append_constraint(sa.UniqueConstraint("id", "r", name=f"uq {prefix} pair"))
    for which, check in told["checks"].items():
        # a convention with %(constraint_name)s wants one
        name = f"ck_{prefix}_{which}" if which or convention else None
        table.append_constraint(sa.CheckConstraint(_condition(table, check), name=name))
    if told["exclude"]:
        options: dict[str, Any] = {"name": f"ex {prefix}", "using": "btree"}
        if told["exclude"] == "where":
            options["where"] = table.c.id > 0
        if told["exclude"] == "deferrable":
            options |= {"deferrable": True, "initially": "DEFERRED"}
        table.append_constraint(ExcludeConstraint((table.c.id, "="), **options))


def _condition(table: sa.Table, told: dict[str, Any]) -> Any:
    column = table.c[told["column"]]
    return {
        "more": lambda: column > sa.literal(told["least"]),
        "in": lambda: column.in_([1, 2, 3, 7, -told["least"]]),
        "or": lambda: sa.or_(column.is_(None), ~column.between(told["least"] - 10, told["least"])),
        "not": lambda: column != sa.literal(f"no: 'it' 100% {told['least']}"),
        "length": lambda: sa.func.length(column) < 90 - told["least"],
    }[told["says"]]()


def _indexes(table: sa.Table, told: dict[str, Any], kind: Kind) -> None:
    for which, index in told["indexes"].items():
        columns: list[Any] = [table.c[c] for c in index["columns"]]
        first, facts = columns[0], told["columns"][index["columns"][0]]
        keywords: dict[str, Any] = {}
        says = index["says"]
        if says == "where":
            keywords = {f"{kind.name}_where": table.c.id > index["number"] - 50}
        elif says in ("hash", "brin"):
            keywords = {"postgresql_using": says}
        elif says == "include":
            keywords = {"postgresql_include": [table.c.r]}
        elif says == "with":
            keywords = {"postgresql_with": {"fillfactor": index["number"]}}
        elif says == "ops":
            word = "text_pattern_ops" if facts["type"] == "text" else "varchar_pattern_ops"
            keywords = {"postgresql_ops": {first.key: word}}
        elif says == "nulls not distinct":
            keywords = {"postgresql_nulls_not_distinct": True}
        elif says == "length":
            keywords = {"mysql_length": {first.name: index["number"] // 10}}
            keywords |= {"mariadb_length": {first.name: index["number"] // 10}}
        elif says == "desc":
            columns[0] = first.desc()
        elif says == "desc nulls last":
            columns[0] = first.desc().nulls_last()
        elif says == "expression":
            number = sa.literal_column(str(index["number"]))
            columns[0] = sa.func.lower(first) if isinstance(first.type, sa.String) else first + number
        sa.Index(f"ix {_prefix(table, told)} {which}", *columns, unique=index["unique"], **keywords)


def _refer(table: sa.Table, other: sa.Table, name: str, told: dict[str, Any]) -> None:
    late = {"deferrable": True, "initially": "DEFERRED"} if told["deferrable"] else {}
    named = f"fk {name}" if told["named"] else None
    actions = {word: told[word] for word in ("ondelete", "onupdate")}
    # two columns that refer to two: each to the one of its name
    ours, theirs = ("id", "r"), ("id", "r")
    if not told["both"]:
        ours, theirs = ("r",), ("id",)
    columns = [table.c[c] for c in ours], [other.c[c] for c in theirs]
    table.append_constraint(sa.ForeignKeyConstraint(*columns, name=named, **actions, **late))


# rows


def fill(connection: sa.Connection, schema: Schema, metadata: sa.MetaData, second: Schema) -> None:
    """Rows in every table: ids from 1, values that differ, references to what is there in ``second`` too."""
    staying = {told.get("renamed", name) for name, told in second["tables"].items()}
    for name, told in sorted(schema["tables"].items()):
        counter = told["counter"]
        given = {"num": 3} if counter and counter["plain"] else {}
        rows = [
            {
                "id": n,
                **{c: value(facts["type"], n) for c, facts in told["columns"].items()},
                **{c: v + n for c, v in given.items()},
            }
            for n in range(1, ROWS + 1)
        ]
        connection.execute(table_of(metadata, name).insert(), rows)
    for name, told in sorted(schema["tables"].items()):
        if told["refers"] and not told["refers"]["both"] and told["refers"]["table"] in staying:
            table = table_of(metadata, name)
            connection.execute(table.update().where(table.c.id == 1).values(r=ROWS))


def rows_of(connection: sa.Connection, metadata: sa.MetaData) -> dict[str, list[dict[str, Any]]]:
    """What stands in every table."""
    return {
        table.name: [
            dict(row) for row in connection.execute(sa.select(table).order_by(table.c.id)).mappings()
        ]
        for table in metadata.tables.values()
    }
