"""Operations: what a migration means to do, as objects; by subject in the modules beside this one."""

from __future__ import annotations

from nbmigrate.model.operations.base import AlterTableOp, HasOptions, MigrateOperation, NotReversible
from nbmigrate.model.operations.columns import AddColumnOp, AlterColumnOp, DropColumnOp
from nbmigrate.model.operations.constraints import (
    AddConstraintOp,
    CreateCheckConstraintOp,
    CreateForeignKeyOp,
    CreatePrimaryKeyOp,
    CreateUniqueConstraintOp,
    DropConstraintOp,
)
from nbmigrate.model.operations.containers import (
    BatchAlterTableOp,
    DowngradeOps,
    MigrationScript,
    ModifyTableOps,
    OpContainer,
    UpgradeOps,
)
from nbmigrate.model.operations.data import BulkInsertOp, ExecuteSQLOp
from nbmigrate.model.operations.exclude import CreateExcludeConstraintOp
from nbmigrate.model.operations.indexes import CreateIndexOp, DropIndexOp
from nbmigrate.model.operations.tables import (
    CreateTableCommentOp,
    CreateTableOp,
    DropTableCommentOp,
    DropTableOp,
    RenameTableOp,
)

__all__ = [
    "AddColumnOp",
    "AddConstraintOp",
    "AlterColumnOp",
    "AlterTableOp",
    "BatchAlterTableOp",
    "BulkInsertOp",
    "CreateCheckConstraintOp",
    "CreateExcludeConstraintOp",
    "CreateForeignKeyOp",
    "CreateIndexOp",
    "CreatePrimaryKeyOp",
    "CreateTableCommentOp",
    "CreateTableOp",
    "CreateUniqueConstraintOp",
    "DowngradeOps",
    "DropColumnOp",
    "DropConstraintOp",
    "DropIndexOp",
    "DropTableCommentOp",
    "DropTableOp",
    "ExecuteSQLOp",
    "HasOptions",
    "MigrateOperation",
    "MigrationScript",
    "ModifyTableOps",
    "NotReversible",
    "OpContainer",
    "RenameTableOp",
    "UpgradeOps",
]
