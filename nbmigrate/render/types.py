"""Column types as Python text.

A type's own ``repr`` is the text; what is added is the module's prefix, the import of a dialect, and the same
for types within types.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from nbmigrate.render.expressions import condition_text, ident, value_text

if TYPE_CHECKING:
    from nbmigrate.render.options import RenderOptions

# __visit_name__ to the attribute that holds a type, and what stands before that type in the repr
_WITHIN = {
    "ARRAY": ("item_type", "("),
    "HSTORE": ("text_type", "text_type="),
    "JSON": ("astext_type", "astext_type="),
    "JSONB": ("astext_type", "astext_type="),
}


def type_text(type_: Any, options: RenderOptions, *, plain: bool = False) -> str:
    """A type as Python text; ``plain`` leaves its variants out."""
    rendered = options.ask("type", type_)
    if isinstance(type_, type):
        type_ = type_()
    if rendered is False:
        rendered = options.ask_dialect(type_)
    if rendered is not False:
        return str(rendered)
    variants = getattr(type_, "_variant_mapping", None)
    if variants and not plain:
        text = type_text(type_, options, plain=True)
        for dialect in sorted(variants):
            text += f".with_variant({type_text(variants[dialect], options, plain=True)}, {dialect!r})"
        return text
    module = type(type_).__module__
    found = re.match(r"sqlalchemy\.dialects\.(\w+)", module)
    if found:
        options.imports.add(f"from sqlalchemy.dialects import {found.group(1)}")
        return _of_dialect(type_, found.group(1), options)
    if module.startswith("sqlalchemy."):
        inner = type_.__visit_name__ == "ARRAY"
        return options.sa + (_with_inner(type_, options) if inner else _repr(type_, options))
    prefix = f"{module}." if options.user_module_prefix is None else options.user_module_prefix
    return f"{prefix}{type_!r}"


def _repr(type_: Any, options: RenderOptions) -> str:
    """The repr of one of SQLAlchemy's types; instances that hold the same have the same.

    Its ``repr`` looks up signatures: for 12,000 columns that is a fifth of all rendering.
    """
    key = type(type_), tuple(vars(type_).values())
    try:
        found = options.reprs.get(key)
    except TypeError:  # it holds a list
        return repr(type_)
    if found is None:
        found = options.reprs[key] = repr(type_)
    return found


def _of_dialect(type_: Any, dialect: str, options: RenderOptions) -> str:
    if dialect == "postgresql" and type_.__visit_name__ == "DOMAIN":
        return _domain(type_, options)
    if dialect == "postgresql" and type_.__visit_name__ in _WITHIN:
        return f"{dialect}.{_with_inner(type_, options)}"
    return f"{dialect}.{type_!r}"


def _with_inner(type_: Any, options: RenderOptions) -> str:
    """The repr with the type inside it rendered by these same rules."""
    attribute, before = _WITHIN[type_.__visit_name__]
    inner = getattr(type_, attribute, None)
    if inner is None:
        return repr(type_)
    return repr(type_).replace(f"{before}{inner!r}", f"{before}{type_text(inner, options)}", 1)


def _domain(type_: Any, options: RenderOptions) -> str:
    parts = [repr(ident(type_.name)), type_text(type_.data_type, options)]
    for word in ("collation", "collation_schema"):
        if getattr(type_, word, None) is not None:
            parts.append(f"{word}={getattr(type_, word)!r}")
    if type_.default is not None:
        parts.append(f"default={value_text(type_.default, options)}")
    if type_.constraint_name is not None:
        parts.append(f"constraint_name={type_.constraint_name!r}")
    if type_.not_null:
        parts.append("not_null=True")
    if type_.check is not None:
        parts.append(f"check={condition_text(type_.check, options)}")
    if type_.schema is not None:
        parts.append(f"schema={ident(type_.schema)!r}")
    if type_.create_type is not True:
        parts.append("create_type=False")
    return f"postgresql.DOMAIN({', '.join(parts)})"
