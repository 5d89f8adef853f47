"""Door: Alembic's old name for ``nbmigrate.runtime.migration``."""

from nbmigrate.model.plan import MigrationInfo
from nbmigrate.runtime.migration import MigrationContext

__all__ = ["MigrationContext", "MigrationInfo"]
