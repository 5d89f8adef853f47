"""Columns and the constraints within a table as Python text: what stands inside ``create_table(...)``."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from sqlalchemy import schema
from sqlalchemy.sql import elements, functions

from nbmigrate.model.operations.schema_objects import is_type_bound, target_of
from nbmigrate.render.expressions import (
    condition_text,
    ident,
    keyword_texts,
    name_text,
    server_default,
    sql_text,
    stands_alone,
    value_text,
)
from nbmigrate.render.types import type_text

if TYPE_CHECKING:
    from nbmigrate.render.options import RenderOptions


def column_text(column: schema.Column[Any], options: RenderOptions) -> Any:
    """``sa.Column(...)``; None where the user's hook leaves the column out."""
    rendered = options.ask("column", column)
    if rendered is not False:
        return rendered
    parts = [repr(ident(column.name)), type_text(column.type, options)]
    keywords = []
    if column.server_default is not None:
        default = server_default(column.server_default, options)
        if default and stands_alone(column.server_default):
            parts.append(default)
        elif default:
            keywords.append(f"server_default={default}")
    # a CHECK written on a column is no constraint of the table: it would be lost
    for check in column.constraints:
        text = _check(check, options) if isinstance(check, schema.CheckConstraint) else None
        if text is not None:
            parts.append(text)
    if column.autoincrement is not None and column.autoincrement != "auto":
        keywords.append(f"autoincrement={column.autoincrement!r}")
    if column.nullable is not None:
        keywords.append(f"nullable={column.nullable}")
    if column.system:
        keywords.append(f"system={column.system}")
    if column.comment is not None:
        keywords.append(f"comment={column.comment!r}")
    keywords += keyword_texts(column.kwargs, options)
    return f"{options.sa}Column({', '.join([*parts, ', '.join(keywords)])})"


def constraint_text(
    constraint: schema.Constraint, options: RenderOptions, namespace: schema.MetaData | None
) -> Any:
    """One constraint of a table; None where nothing is to be written for it."""
    kind = constraint.__visit_name__
    if isinstance(constraint, schema.PrimaryKeyConstraint):
        return _asked("primary_key", constraint, options, lambda: _primary_key(constraint, options))
    if isinstance(constraint, schema.ForeignKeyConstraint):
        return _asked(
            "foreign_key", constraint, options, lambda: _foreign_key(constraint, options, namespace)
        )
    if isinstance(constraint, schema.UniqueConstraint):
        return _asked("unique", constraint, options, lambda: unique_text(constraint, options, None))
    if isinstance(constraint, schema.CheckConstraint):
        return _asked("check", constraint, options, lambda: _check(constraint, options))
    if kind == "exclude_constraint":
        return _asked("exclude", constraint, options, lambda: exclude_text(constraint, options, None))
    warnings.warn(f"there is no Python text for the constraint {constraint!r}", stacklevel=2)
    return f"[Unknown Python object {constraint!r}]"


def _asked(word: str, constraint: schema.Constraint, options: RenderOptions, usual: Any) -> Any:
    rendered = options.ask(word, constraint)
    return usual() if rendered is False else rendered


def _named(constraint: schema.Constraint, options: RenderOptions) -> list[str]:
    return [f"name={name_text(constraint.name, options)}"] if constraint.name else []


def _primary_key(constraint: schema.PrimaryKeyConstraint, options: RenderOptions) -> str | None:
    if not len(constraint.columns):
        return None
    parts = [repr(ident(column.name)) for column in constraint.columns]
    return f"{options.sa}PrimaryKeyConstraint({', '.join([*parts, *_named(constraint, options)])})"


def _foreign_key(
    constraint: schema.ForeignKeyConstraint, options: RenderOptions, namespace: schema.MetaData | None
) -> str:
    local = ", ".join(repr(ident(element.parent.name)) for element in constraint.elements)
    remote = ", ".join(repr(_target_text(element, namespace)) for element in constraint.elements)
    keywords = _named(constraint, options)
    for word in ("onupdate", "ondelete", "initially", "deferrable", "use_alter", "match"):
        if getattr(constraint, word):
            keywords.append(f"{word}={getattr(constraint, word)!r}")
    keywords += keyword_texts(constraint.dialect_kwargs, options)
    return f"{options.sa}ForeignKeyConstraint([{local}], [{remote}], {', '.join(keywords)})"


def _target_text(element: schema.ForeignKey, namespace: schema.MetaData | None) -> str:
    """``schema.table.column``, by names where the model speaks of a column by its key."""
    schema_name, table, column = target_of(element)
    if schema_name is None and namespace is not None:
        schema_name = namespace.schema
    full = table if schema_name is None else f"{schema_name}.{table}"
    attached = element.parent is not None and element.parent.table is not None
    if column is not None and not element.link_to_name and attached and namespace is not None:
        referent = namespace.tables.get(full)
        found = referent.c.get(column) if referent is not None else None
        if found is not None:
            column = str(found.name)
    return f"{full}.{column}"


def _check(constraint: schema.CheckConstraint, options: RenderOptions) -> str | None:
    if is_type_bound(constraint):
        return None
    parts = [condition_text(constraint.sqltext, options), *_named(constraint, options)]
    parts += keyword_texts(constraint.dialect_kwargs, options)
    return f"{options.sa}CheckConstraint({', '.join(parts)})"


def unique_text(constraint: schema.UniqueConstraint, options: RenderOptions, table: Any) -> str:
    """``sa.UniqueConstraint(...)``; with ``table`` the directive that adds it there."""
    columns = [ident(column.name) for column in constraint.columns]
    keywords = [
        f"{word}={getattr(constraint, word)!r}"
        for word in ("deferrable", "initially")
        if getattr(constraint, word)
    ]
    options_text = keyword_texts(constraint.dialect_kwargs, options)
    if table is None:
        parts = [*map(repr, columns), *keywords, *_named(constraint, options), *options_text]
        return f"{options.sa}UniqueConstraint({', '.join(parts)})"
    parts = [name_text(constraint.name, options)]
    if not options.batch:
        parts.append(repr(ident(table.name)))
        if table.schema:
            keywords.append(f"schema={ident(table.schema)!r}")
    parts += [repr(columns), *keywords, *options_text]
    return f"{options.op}create_unique_constraint({', '.join(parts)})"


def exclude_text(constraint: Any, options: RenderOptions, table: Any) -> str:
    """``postgresql.ExcludeConstraint(...)``; with ``table`` the directive that adds it there."""
    parts = [
        f"({_exclude_element(expression, options)}, {operator!r})"
        for expression, _name, operator in constraint._render_exprs
    ]
    if constraint.where is not None:
        parts.append(f"where={value_text(constraint.where, options)}")
    for word in ("deferrable", "initially", "using"):
        if getattr(constraint, word):
            parts.append(f"{word}={str(getattr(constraint, word))!r}")
    if table is None:
        options.imports.add("from sqlalchemy.dialects import postgresql")
        return f"postgresql.ExcludeConstraint({', '.join([*parts, *_named(constraint, options)])})"
    first = [name_text(constraint.name, options)]
    if not options.batch:
        first.append(repr(ident(table.name)))
        if table.schema:
            parts.append(f"schema={ident(table.schema)!r}")
    return f"{options.op}create_exclude_constraint({', '.join([*first, *parts])})"


def _exclude_element(expression: Any, options: RenderOptions) -> str:
    if isinstance(expression, elements.ColumnClause):
        kind = "literal_column" if expression.is_literal else "column"
        return f"{options.sa}{kind}({str(expression.name)!r})"
    if isinstance(expression, elements.TextClause | functions.FunctionElement):
        return value_text(expression, options)
    return repr(sql_text(expression, options))
