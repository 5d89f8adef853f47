"""Door: Alembic's old name for ``nbmigrate.runtime.environment``."""

from nbmigrate.runtime.environment import EnvironmentContext

__all__ = ["EnvironmentContext"]
