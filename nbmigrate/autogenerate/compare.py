"""Door: the name of ``alembic.autogenerate.compare`` that extensions import."""

from nbmigrate.autogenerate.context import comparators

__all__ = ["comparators"]
