"""What a migration script calls: ``Operations`` (``op``) and ``BatchOperations`` (``batch_op``)."""

from __future__ import annotations

from nbmigrate.model.operations import MigrateOperation, MigrationScript
from nbmigrate.operations.abstract import AbstractOperations
from nbmigrate.operations.base import Operations
from nbmigrate.operations.batch import BatchOperations

__all__ = ["AbstractOperations", "BatchOperations", "MigrateOperation", "MigrationScript", "Operations"]
