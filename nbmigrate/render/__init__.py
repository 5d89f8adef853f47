"""Operations as Python text: what autogenerate writes into a revision file.

The text is Alembic's, character for character, for whatever Alembic can say; what it leaves out or can't
render (renaming a table, a primary key, rows) is said too.
"""

from __future__ import annotations

# imported for what they register
from nbmigrate.render import constraints as _constraints
from nbmigrate.render import operations as _operations
from nbmigrate.render.body import render_body, render_ops
from nbmigrate.render.containers import render_op
from nbmigrate.render.options import RenderOptions, options_of
from nbmigrate.render.registry import Renderers, renderers

__all__ = ["RenderOptions", "Renderers", "options_of", "render_body", "render_op", "render_ops", "renderers"]

_REGISTERING = (_constraints, _operations)
