"""A value written into the SQL itself: what ``inline_literal()`` returns."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import BindParameter


class InlineLiteral(BindParameter[Any]):
    """A parameter that is always rendered as a literal, online too."""

    # the statement's text depends on the value, which a cached statement would not notice
    inherit_cache = False


@compiles(InlineLiteral)
def _render(element: InlineLiteral, compiler: Any, **kw: Any) -> Any:
    return compiler.render_literal_bindparam(element, **kw)
