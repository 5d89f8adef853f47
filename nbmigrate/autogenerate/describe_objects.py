"""Enum types, sequences and views as rows of the diff table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from nbmigrate.model import operations as ops


def _full(schema: str | None, name: str) -> str:
    return f"{schema}.{name}" if schema else name


def _values(values: Any) -> str:
    return "" if values is None else f"({', '.join(repr(value) for value in values)})"


def _options(options: Mapping[str, Any] | None) -> str:
    return " ".join(f"{word} {value}" for word, value in sorted((options or {}).items()))


def _select(text: str | None) -> str:
    words = " ".join((text or "").split())
    return words if len(words) <= 200 else f"{words[:200]} ..."


def _kind(op: Any) -> str:
    return "materialised view" if getattr(op, "materialized", False) else "view"


def _drop_view(words: Any, op: Any) -> Any:
    before = _select(op._reverse.definition if op._reverse else "")
    return "drop", _kind(op), _full(op.schema, op.view_name), before, ""


def _drop_expression(words: Any, op: Any) -> Any:
    before = "" if op._reverse is None else words.column(op._reverse.column)
    return "alter", "column", f"{_full(op.schema, op.table_name)}.{op.column_name}", before, "a plain column"


WORDS: dict[type, Callable[[Any, Any], Any]] = {
    ops.CreateEnumOp: lambda w, op: ("add", "enum", _full(op.schema, op.enum_name), "", _values(op.values)),
    ops.DropEnumOp: lambda w, op: ("drop", "enum", _full(op.schema, op.enum_name), _values(op.values), ""),
    ops.AlterEnumOp: lambda w, op: (
        "alter",
        "enum",
        _full(op.schema, op.enum_name),
        _values(op.existing_values),
        _values(op.values),
    ),
    ops.CreateSequenceOp: lambda w, op: (
        "add",
        "sequence",
        _full(op.schema, op.sequence_name),
        "",
        _options(op.options),
    ),
    ops.DropSequenceOp: lambda w, op: (
        "drop",
        "sequence",
        _full(op.schema, op.sequence_name),
        _options(op.options),
        "",
    ),
    ops.AlterSequenceOp: lambda w, op: (
        "alter",
        "sequence",
        _full(op.schema, op.sequence_name),
        _options(op.existing_options),
        _options(op.options),
    ),
    ops.CreateViewOp: lambda w, op: (
        "add",
        _kind(op),
        _full(op.schema, op.view_name),
        "",
        _select(op.definition),
    ),
    ops.DropViewOp: _drop_view,
    ops.AlterTableOptionsOp: lambda w, op: (
        "alter",
        "table",
        _full(op.schema, op.table_name),
        _options(op.existing_options),
        _options(op.options),
    ),
    ops.DropExpressionOp: _drop_expression,
    ops.ReplaceViewOp: lambda w, op: (
        "alter",
        "view",
        _full(op.schema, op.view_name),
        _select(op.existing_definition),
        _select(op.definition),
    ),
}
"""Sign, kind, name, before and after of each; the functions take what describes and the operation."""
