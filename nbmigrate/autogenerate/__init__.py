"""Autogenerate: what the models ask for, as operations, as Python, and as rows of a table."""

from __future__ import annotations

from nbmigrate.autogenerate.api import (
    compare_metadata,
    generate,
    produce_migrations,
    render_op_text,
    render_operations,
    render_python_code,
    render_script,
)
from nbmigrate.autogenerate.context import AutogenContext, comparators
from nbmigrate.autogenerate.describe import describe
from nbmigrate.autogenerate.revision import RevisionContext
from nbmigrate.autogenerate.rewriter import Rewriter
from nbmigrate.render import renderers

__all__ = [
    "AutogenContext",
    "RevisionContext",
    "Rewriter",
    "comparators",
    "compare_metadata",
    "describe",
    "generate",
    "produce_migrations",
    "render_op_text",
    "render_operations",
    "render_python_code",
    "render_script",
    "renderers",
]
