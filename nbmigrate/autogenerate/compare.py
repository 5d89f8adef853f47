"""Where add-ons find the registry of comparison functions: ``alembic.autogenerate.compare``."""

from __future__ import annotations

from nbmigrate.autogenerate.context import comparators

__all__ = ["comparators"]
