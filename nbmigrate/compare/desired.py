"""Models (MetaData) as schema values, spelled as the given database's compiler spells them.

Texts come from SQLAlchemy's own DDL compiler, so what is compared is what ``create_all()`` would have sent.
Constraints that the compiler would leave out (an Enum's CHECK where the database has enums) are left out.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect as SQLAlchemyDialect
from sqlalchemy.exc import CompileError, InvalidRequestError
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import ColumnClause, TextClause, UnaryExpression

from nbmigrate.compare.exclusions import exclusion_text
from nbmigrate.compare.options import CompareOptions
from nbmigrate.errors import ConfigError
from nbmigrate.model.facts import LazyTables
from nbmigrate.model.schema import (
    UNKNOWN,
    Check,
    Column,
    Exclude,
    ForeignKey,
    Index,
    Key,
    PrimaryKey,
    Schema,
    Table,
    Unique,
    sorted_constraints,
)
from nbmigrate.model.view import view_of

_ORDER = re.compile(r"\s+((?:ASC|DESC)(?:\s+NULLS\s+(?:FIRST|LAST))?|NULLS\s+(?:FIRST|LAST))\s*\Z", re.I)
_MODIFIERS = {
    operators.desc_op: "DESC",
    operators.asc_op: "",
    operators.nulls_first_op: "NULLS FIRST",
    operators.nulls_last_op: "NULLS LAST",
}
_IDENTITY = ("always", "start", "increment", "minvalue", "maxvalue", "cache", "cycle")
IDENTITY_DEFAULTS = {"always": False, "start": 1, "increment": 1, "minvalue": 1, "cache": 1, "cycle": False}
_LARGEST = {"smallint": 2**15 - 1, "integer": 2**31 - 1, "bigint": 2**63 - 1}


def model_tables(metadata: sa.MetaData | Sequence[sa.MetaData]) -> Iterable[sa.Table]:
    """Every table of one or several MetaData; ``ConfigError`` where two hold a table of the same key."""
    seen: dict[str, sa.Table] = {}
    twice: dict[str, str] = {}
    for one in [metadata] if isinstance(metadata, sa.MetaData) else metadata:
        for key, table in one.tables.items():
            if view_of(table) is not None:
                continue
            if seen.setdefault(key, table) is not table:
                twice[key] = f'"{key}"'
    if twice:
        raise ConfigError(
            f"Duplicate table keys across multiple MetaData objects: {', '.join(sorted(twice.values()))}; "
            "of those in target_metadata only one may hold a table"
        )
    return seen.values()


def plain_dialect(dialect: SQLAlchemyDialect) -> SQLAlchemyDialect:
    """The same dialect, but writing ``%`` as itself: texts are compared, not sent to the driver."""
    plain: Any = copy.copy(dialect)
    # what types have found out for the other dialect
    vars(plain).pop("_type_memos", None)
    vars(plain).pop("nbmigrate_script", None)
    plain.paramstyle, plain.positional = "named", False
    plain.identifier_preparer = plain.preparer(plain)
    # it quotes the names of types by its dialect's rules
    plain.type_compiler_instance = type(plain.type_compiler_instance)(plain)
    return plain  # type: ignore[no-any-return]


class ModelReader:
    """Reads SQLAlchemy tables with one database's compilers."""

    def __init__(self, dialect: SQLAlchemyDialect, options: CompareOptions) -> None:
        dialect = plain_dialect(dialect)
        self.dialect = dialect
        self.options = options
        self.ddl: Any = dialect.ddl_compiler(dialect, None)  # type: ignore[arg-type]
        self.sql: Any = self.ddl.sql_compiler
        self.types: Any = dialect.type_compiler_instance
        self.type_texts: dict[Any, str] = {}
        self.sources: dict[Key, sa.Table] = {}

    def schema(self, metadata: sa.MetaData | Sequence[sa.MetaData]) -> Schema:
        """The schema that the models ask for, on this database; each table is read when it is asked for.

        Raises ``ConfigError`` where two of several MetaData hold a table of the same name.
        """
        for table in sorted(model_tables(metadata), key=lambda t: (t.schema or "", t.name)):
            key = self.options.key(table.schema, table.name)
            if key not in self.options.exclude_tables:
                self.sources[key] = table
        return Schema(LazyTables(list(self.sources), lambda key: self.table(self.sources[key], key)))

    def table(self, table: sa.Table, key: tuple[str | None, str]) -> Table:
        """One table."""
        checks, uniques, foreign_keys, excludes = [], [], [], []
        on_columns = [c for column in table.columns for c in column.constraints]
        ordered = {id(c): c for c in [*on_columns, *table.constraints]}
        for constraint in ordered.values():
            if not self.exists_here(constraint):
                continue
            if isinstance(constraint, sa.CheckConstraint):
                checks.append(self.check(constraint))
            elif isinstance(constraint, sa.UniqueConstraint):
                uniques.append(self.unique(constraint))
            elif isinstance(constraint, sa.ForeignKeyConstraint):
                foreign_keys.append(self.foreign_key(constraint, table))
            elif constraint.__visit_name__ == "exclude_constraint" and self.dialect.name == "postgresql":
                text = exclusion_text(constraint, self.ddl)
                excludes.append(Exclude(text, self.name(constraint), constraint))
        primary = tuple(column.name for column in table.primary_key.columns)
        return sorted_constraints(
            Table(
                name=key[1],
                schema=key[0],
                columns=tuple(self.column(column, table) for column in table.columns if not column.system),
                primary_key=PrimaryKey(primary, self.name(table.primary_key), table.primary_key)
                if primary
                else None,
                foreign_keys=tuple(foreign_keys),
                uniques=tuple(uniques),
                excludes=tuple(excludes),
                checks=tuple(dict.fromkeys(checks)),
                indexes=tuple(self.index(index) for index in table.indexes),
                comment=self.comment(table.comment),
                source=table,
            )
        )

    def exists_here(self, constraint: sa.Constraint) -> bool:
        """Whether the compiler writes a constraint at all.

        One that a type brings is needed only where the database does not have the type; and SQLAlchemy leaves
        out a foreign key of SQLite where one table names its schema and the other does not.
        """
        if self.dialect.name == "sqlite" and isinstance(constraint, sa.ForeignKeyConstraint):
            return not _is_left_out(constraint)
        rule = getattr(constraint, "_create_rule", None)
        return rule is None or not getattr(constraint, "_type_bound", False) or bool(rule(self.ddl))

    def name(self, item: Any) -> str | None:
        """The name as the database will know it: conventions applied, too long ones cut."""
        if item.name is None:
            return None
        found = self.dialect.identifier_preparer.format_constraint(item, _alembic_quote=False)
        return None if found is None else str(found)

    def comment(self, text: str | None) -> str | None:
        """A comment; empty is none, and so is any where the database has none."""
        return (text or None) if self.dialect.supports_comments else None

    def column(self, column: sa.Column[Any], table: sa.Table) -> Column:
        """One column."""
        identity = column.identity if getattr(self.dialect, "supports_identity_columns", False) else None
        computed = column.computed
        type_text = self.type_text(column)
        return Column(
            name=column.name,
            type_text=type_text,
            nullable=bool(column.nullable),
            default=None if identity is not None else self.default(column),
            comment=self.comment(column.comment),
            generated=None if computed is None else self.expression(computed.sqltext),
            stored=None if computed is None else computed.persisted,
            identity=None if identity is None else identity_options(vars(identity), type_text),
            autoincrement=table._autoincrement_column is column,
            type=column.type,
            source=column,
        )

    def type_text(self, column: sa.Column[Any]) -> str:
        """The type in the database's words."""
        key: Any = column.type
        if key not in self.type_texts:
            try:
                self.type_texts[key] = self.types.process(column.type, type_expression=column)
            except (CompileError, NotImplementedError):
                self.type_texts[key] = UNKNOWN
        return self.type_texts[key]

    def default(self, column: sa.Column[Any]) -> str | None:
        """The server default's text; a bare FetchedValue says that there is something, not what."""
        given = column.server_default
        if given is None or isinstance(given, (sa.Computed, sa.Identity)):
            return None
        try:
            text = self.ddl.get_column_default_string(column)
        except (CompileError, NotImplementedError):
            text = None
        return UNKNOWN if text is None else str(text)

    def expression(self, expression: Any) -> str:
        """An expression inside DDL: no table names, values written out."""
        if isinstance(expression, str):
            return expression
        try:
            return str(self.sql.process(expression, include_table=False, literal_binds=True))
        except (CompileError, NotImplementedError):
            return UNKNOWN

    def check(self, constraint: sa.CheckConstraint) -> Check:
        """A CHECK constraint."""
        return Check(self.expression(constraint.sqltext), self.name(constraint), constraint)

    def unique(self, constraint: sa.UniqueConstraint) -> Unique:
        """A unique constraint; how it may be put off belongs to it."""
        options: dict[str, Any] = dict(_timing(constraint.deferrable, constraint.initially))
        if self.dialect.name == "postgresql" and constraint.dialect_options["postgresql"].get(
            "nulls_not_distinct"
        ):
            options["nulls_not_distinct"] = True
        columns = tuple(column.name for column in constraint.columns)
        return Unique(columns, self.name(constraint), tuple(sorted(options.items())), source=constraint)

    def foreign_key(self, constraint: sa.ForeignKeyConstraint, table: sa.Table) -> ForeignKey:
        """A foreign key; its target need not be among the models."""
        try:
            columns = [element.column for element in constraint.elements]
            schema, name = columns[0].table.schema, columns[0].table.name
            referred = tuple(column.name for column in columns)
        except (InvalidRequestError, sa.exc.NoReferenceError):
            parts = [element.target_fullname.split(".") for element in constraint.elements]
            schema, name = ".".join(parts[0][:-2]) or table.schema, parts[0][-2]
            referred = tuple(part[-1] for part in parts)
        timing = dict(_timing(constraint.deferrable, constraint.initially))
        key = self.options.key(schema, name)
        return ForeignKey(
            columns=tuple(column.name for column in constraint.columns),
            referred_schema=key[0],
            referred_table=key[1],
            referred_columns=referred,
            name=self.name(constraint),
            onupdate=action(constraint.onupdate, self.dialect.name),
            ondelete=action(constraint.ondelete, self.dialect.name),
            deferrable=timing.get("deferrable"),
            initially=timing.get("initially"),
            source=constraint,
        )

    def index(self, index: sa.Index) -> Index:
        """An index."""
        columns, orders = [], []
        for element in index.expressions:
            column, order = self.element(element, index)
            columns.append(column)
            orders.append(order)
        options = self.index_options(index)
        if any(orders):
            options["order"] = tuple(orders)
        return Index(
            name=str(self.name(index)),
            columns=tuple(columns),
            unique=bool(index.unique),
            options=tuple(sorted(options.items())),
            source=index,
        )

    def element(self, element: Any, index: sa.Index) -> tuple[str, str]:
        """One key of an index: a column's name or ``(expression)``, and its order."""
        words: list[str] = []
        while isinstance(element, UnaryExpression) and element.modifier in _MODIFIERS:
            words.insert(0, _MODIFIERS[element.modifier])
            element = element.element
        if isinstance(element, TextClause):
            text, found = element.text, _ORDER.search(element.text)
            if found:
                text = text[: found.start()]
                words.append(re.sub(r"^ASC\b", "", " ".join(found.group(1).upper().split())).strip())
            if index.table is not None and text.strip().strip('"`') in index.table.columns:
                return text.strip().strip('"`'), order_text(words)
            return f"({text.strip()})", order_text(words)
        if isinstance(element, ColumnClause):
            return element.name, order_text(words)
        return f"({self.expression(element)})", order_text(words)

    def index_options(self, index: sa.Index) -> dict[str, Any]:
        """What the database's own keywords say about an index, as far as it is read back."""
        if self.dialect.name in ("mysql", "mariadb"):
            return mysql_index_options(index, index.dialect_options[self.dialect.name])
        if self.dialect.name not in ("sqlite", "postgresql"):
            return {}
        given: Any = index.dialect_options[self.dialect.name]
        found: dict[str, Any] = {}
        where = given.get("where")
        if where is not None:
            found["where"] = self.expression(where)
        if self.dialect.name == "sqlite":
            return found
        if (given.get("using") or "btree").lower() != "btree":
            found["using"] = given["using"].lower()
        if given.get("include"):
            found["include"] = tuple(getattr(c, "name", c) for c in given["include"])
        if given.get("ops"):
            found["ops"] = tuple(
                given["ops"].get(getattr(element, "key", None), "") for element in index.expressions
            )
        if given.get("with"):
            found["with"] = tuple(sorted((str(k), str(v).lower()) for k, v in given["with"].items()))
        if given.get("nulls_not_distinct"):
            found["nulls_not_distinct"] = True
        return found


def mysql_index_options(index: sa.Index, given: Any) -> dict[str, Any]:
    """Lengths of prefixes, one for each column, and the kind (FULLTEXT, SPATIAL)."""
    found: dict[str, Any] = {}
    length = given.get("length")
    if length:
        names = [str(getattr(element, "name", element)) for element in index.expressions]
        found["length"] = tuple(length.get(name) if isinstance(length, dict) else length for name in names)
    if given.get("prefix"):
        found["prefix"] = str(given["prefix"]).upper()
    return found


def order_text(words: Iterable[str]) -> str:
    """``DESC NULLS LAST`` and the like; what holds anyway is left out."""
    text = " ".join(word for word in words if word)
    return {"DESC NULLS FIRST": "DESC", "NULLS LAST": "", "ASC": "", "ASC NULLS LAST": ""}.get(text, text)


def action(text: str | None, dialect_name: str = "") -> str | None:
    """A foreign key's action; NO ACTION, and where that is the same RESTRICT, is None."""
    found = " ".join((text or "").upper().split())
    if found == "RESTRICT" and dialect_name in ("mysql", "mariadb"):
        return None
    return None if found in ("", "NO ACTION") else found


def _is_left_out(constraint: sa.ForeignKeyConstraint) -> bool:
    """Whether SQLAlchemy's compiler for SQLite takes a foreign key for one between two database files."""
    try:
        return constraint.referred_table.schema != constraint.table.schema
    except (InvalidRequestError, sa.exc.NoReferenceError):
        return False


def _timing(deferrable: bool | None, initially: str | None) -> list[tuple[str, Any]]:
    """When a constraint is checked: only what differs from "at once"."""
    late = (initially or "").upper() == "DEFERRED"
    found: list[tuple[str, Any]] = []
    if deferrable or (late and deferrable is None):
        found.append(("deferrable", True))
    if late:
        found.append(("initially", "DEFERRED"))
    return found


def identity_options(given: dict[str, Any], type_text: str) -> tuple[tuple[str, Any], ...]:
    """The options of an identity column, those left out that hold anyway."""
    increment = given.get("increment") or 1
    defaults: dict[str, Any] = dict(IDENTITY_DEFAULTS)
    if increment < 0:
        defaults |= {"maxvalue": -1, "start": given.get("maxvalue") or -1}
        defaults["minvalue"] = -1 - _LARGEST.get(type_text.lower(), 2**63 - 1)
    else:
        defaults |= {
            "maxvalue": _LARGEST.get(type_text.lower(), 2**63 - 1),
            "start": given.get("minvalue") or 1,
        }
    found = [(name, given.get(name)) for name in _IDENTITY]
    return tuple((name, value) for name, value in found if value is not None and value != defaults[name])
