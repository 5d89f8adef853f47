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
from nbmigrate.model.operations.enums import AlterEnumOp, CreateEnumOp, DropEnumOp
from nbmigrate.model.operations.exclude import CreateExcludeConstraintOp
from nbmigrate.model.operations.generated import DropExpressionOp
from nbmigrate.model.operations.indexes import CreateIndexOp, DropIndexOp
from nbmigrate.model.operations.remarks import RemarkOp
from nbmigrate.model.operations.renames import RenameIndexOp
from nbmigrate.model.operations.sequences import AlterSequenceOp, CreateSequenceOp, DropSequenceOp
from nbmigrate.model.operations.table_options import AlterTableOptionsOp, ConvertTableOps
from nbmigrate.model.operations.tables import (
    CreateTableCommentOp,
    CreateTableOp,
    DropTableCommentOp,
    DropTableOp,
    RenameTableOp,
)
from nbmigrate.model.operations.views import CreateViewOp, DropViewOp, ReplaceViewOp

__all__ = [
    "AddColumnOp",
    "AddConstraintOp",
    "AlterColumnOp",
    "AlterEnumOp",
    "AlterSequenceOp",
    "AlterTableOp",
    "AlterTableOptionsOp",
    "BatchAlterTableOp",
    "BulkInsertOp",
    "ConvertTableOps",
    "CreateCheckConstraintOp",
    "CreateEnumOp",
    "CreateExcludeConstraintOp",
    "CreateForeignKeyOp",
    "CreateIndexOp",
    "CreatePrimaryKeyOp",
    "CreateSequenceOp",
    "CreateTableCommentOp",
    "CreateTableOp",
    "CreateUniqueConstraintOp",
    "CreateViewOp",
    "DowngradeOps",
    "DropColumnOp",
    "DropConstraintOp",
    "DropEnumOp",
    "DropExpressionOp",
    "DropIndexOp",
    "DropSequenceOp",
    "DropTableCommentOp",
    "DropTableOp",
    "DropViewOp",
    "ExecuteSQLOp",
    "HasOptions",
    "MigrateOperation",
    "MigrationScript",
    "ModifyTableOps",
    "NotReversible",
    "OpContainer",
    "RemarkOp",
    "RenameIndexOp",
    "RenameTableOp",
    "ReplaceViewOp",
    "UpgradeOps",
]
