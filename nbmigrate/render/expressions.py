"""Names, SQL expressions and server defaults as Python text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import schema, sql
from sqlalchemy.sql import elements, functions, operators
from sqlalchemy.sql.elements import conv

if TYPE_CHECKING:
    from nbmigrate.render.options import RenderOptions

# what SQLAlchemy's text() takes for a parameter, and for a colon that is none
_PARAMETER = re.compile(r"(?<![:\w]):\w|\\:")


def ident(name: Any) -> str | None:
    """A name as a plain string: a quoted_name's repr is not Python that anybody wants to read."""
    return str(name) if isinstance(name, str) else None


def name_text(name: Any, options: RenderOptions) -> str:
    """A constraint's or index's name; ``op.f('...')`` where a convention has been applied already."""
    if isinstance(name, conv):
        return f"{options.op}f({str(name)!r})"
    return repr(ident(name))


def sql_text(
    expression: Any, options: RenderOptions, *, is_server_default: bool = False, is_index: bool = False
) -> str:
    """An expression's SQL, values written in, columns without their table."""
    from sqlalchemy.engine.default import DefaultDialect

    dialect = options.dialect or DefaultDialect()
    if is_index:
        expression = _in_index(expression, dialect.name)
    text = str(
        expression.compile(dialect=dialect, compile_kwargs={"literal_binds": True, "include_table": False})
    )
    if is_server_default and dialect.name == "sqlite" and _needs_parentheses(text):
        return f"({text})"
    return text


def without_parameters(text: str) -> str:
    """SQL for ``sa.text()``, which takes ``:name`` for a parameter; ``::name`` it leaves alone."""
    if _PARAMETER.search(text) is None:
        return text
    return text.replace(":", r"\:")


def _in_index(expression: Any, dialect: str) -> Any:
    """As the dialect puts it into CREATE INDEX: an expression stands in parentheses."""
    if dialect in ("postgresql", "duckdb"):
        return expression if isinstance(expression, elements.ColumnClause) else expression.self_group()
    if dialect in ("mysql", "mariadb"):
        ordered = isinstance(expression, elements.UnaryExpression) and expression.modifier in (
            operators.desc_op,
            operators.asc_op,
        )
        grouped = (elements.BinaryExpression, elements.UnaryExpression, functions.FunctionElement)
        if isinstance(expression, grouped) and not ordered:
            return elements.Grouping(expression)
    return expression


def _needs_parentheses(text: str) -> bool:
    """Whether SQLite takes this default only in parentheses: neither number, string nor in them already."""
    return bool(text) and not re.match(r"^(?:[0-9.]|'.+'|\(.+\))$", text)


def value_text(value: Any, options: RenderOptions) -> str:
    """A dialect option's value: an expression as ``sa.text('...')``, a column as its name, else its repr."""
    if isinstance(value, list | tuple):
        parts = [value_text(item, options) for item in value]
        if isinstance(value, list):
            return f"[{', '.join(parts)}]"
        return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
    if isinstance(value, schema.Column):
        return repr(ident(value.name))
    if isinstance(value, sql.ClauseElement):
        return _sa_text(sql_text(value, options), options)
    return repr(value)


def _sa_text(text: str, options: RenderOptions) -> str:
    return f"{options.sa}text({without_parameters(text)!r})"


def condition_text(value: Any, options: RenderOptions) -> str:
    """A CHECK's condition, a computed column's expression: the SQL as a Python string for ``text()``."""
    if isinstance(value, sql.ClauseElement):
        return repr(without_parameters(sql_text(value, options)))
    return repr(value)


def keyword_texts(keywords: Any, options: RenderOptions) -> list[str]:
    """Dialect options as ``name=value``."""
    return [f"{word}={value_text(value, options)}" for word, value in keywords.items()]


def index_expression(expression: Any, options: RenderOptions) -> str:
    """One element of an index: a column's name or ``sa.literal_column('...')``."""
    if isinstance(expression, schema.Column):
        return repr(ident(expression.name))
    text = f"{options.sa}literal_column({sql_text(expression, options, is_index=True)!r})"
    if isinstance(expression, elements.Label) and type(expression.name) is str:
        return f"{text}.label({expression.name!r})"
    return text


def stands_alone(default: Any) -> bool:
    """Whether a server default is an argument of its own to Column: Computed and Identity are."""
    return isinstance(default, schema.Computed | schema.Identity)


def server_default(default: Any, options: RenderOptions) -> Any:
    """A server default; None for none."""
    rendered = options.ask("server_default", default)
    if rendered is not False:
        return rendered
    if isinstance(default, schema.Computed):
        return _computed(default, options)
    if isinstance(default, schema.Identity):
        pairs = identity_options(default)
        return f"{options.sa}Identity({', '.join(f'{word}={value}' for word, value in pairs.items())})"
    if isinstance(default, schema.DefaultClause):
        default = default.arg
        if isinstance(default, str):
            return repr(default)
    if isinstance(default, schema.FetchedValue):
        return f"{options.sa}FetchedValue()"
    if isinstance(default, sql.ClauseElement):
        return _sa_text(sql_text(default, options, is_server_default=True), options)
    if isinstance(default, str):
        return repr(re.sub(r"^'|'$", "", default))
    return default


def _computed(computed: schema.Computed, options: RenderOptions) -> str:
    persisted = f"persisted={computed.persisted}" if computed.persisted is not None else ""
    return f"{options.sa}Computed({condition_text(computed.sqltext, options)}, {persisted})"


def identity_options(identity: schema.Identity) -> dict[str, Any]:
    """What an Identity was told, by keyword."""
    if hasattr(identity, "_as_dict"):  # SQLAlchemy 2.1, with dialect options
        return {**identity._as_dict(), **getattr(identity, "dialect_kwargs", {})}
    told: dict[str, Any] = {"always": identity.always}
    words = ("on_null", "start", "increment", "minvalue", "maxvalue", "nominvalue", "nomaxvalue")
    for word in (*words, "cycle", "cache", "order"):
        value = getattr(identity, word, None)
        if value is not None:
            told[word] = value
    return told
