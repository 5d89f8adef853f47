"""Operations that hold operations: an upgrade, all changes to a table, a batch, a whole revision file."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from nbmigrate.model.operations.base import MigrateOperation, full_name

if TYPE_CHECKING:
    from sqlalchemy.schema import SchemaItem, Table

T = TypeVar("T", bound="OpContainer")


class OpContainer(MigrateOperation):
    """A list of operations."""

    def __init__(self, ops: Sequence[MigrateOperation] = ()) -> None:
        self.ops: list[MigrateOperation] = list(ops)

    def is_empty(self) -> bool:
        """Whether there is nothing in it."""
        return not self.ops

    def as_diffs(self) -> list[Any]:
        """The diff tuples of everything in it, containers within containers opened."""
        return list(OpContainer._ops_as_diffs(self))

    @classmethod
    def _ops_as_diffs(cls, migrations: OpContainer) -> Iterator[Any]:
        for op in migrations.ops:
            if isinstance(op, OpContainer) or hasattr(op, "ops"):
                yield from cls._ops_as_diffs(op)  # type: ignore[arg-type]
            else:
                yield op.to_diff_tuple()

    def _reversed_ops(self) -> list[MigrateOperation]:
        return [op.reverse() for op in self.ops][::-1]

    def explain(self) -> str:
        """The sentences of everything in it."""
        return " ".join(op.explain() for op in self.ops) or "Nothing."


class ModifyTableOps(OpContainer):
    """Changes to one table, together."""

    def __init__(
        self, table_name: str, ops: Sequence[MigrateOperation], *, schema: str | None = None
    ) -> None:
        super().__init__(ops)
        self.table_name = table_name
        self.schema = schema

    def reverse(self) -> ModifyTableOps:
        """Each undone, in the opposite order."""
        return ModifyTableOps(self.table_name, ops=self._reversed_ops(), schema=self.schema)


class BatchAlterTableOp(OpContainer):
    """Changes to one table that are carried out at once: by one table rebuild where the database needs it."""

    def __init__(
        self,
        table_name: str,
        operations: Sequence[MigrateOperation] = (),
        schema: str | None = None,
        recreate: str = "auto",
        partial_reordering: Sequence[Sequence[str]] | None = None,
        copy_from: Table | None = None,
        table_args: Sequence[SchemaItem] = (),
        table_kwargs: Mapping[str, Any] | None = None,
        reflect_args: Sequence[SchemaItem] = (),
        reflect_kwargs: Mapping[str, Any] | None = None,
        naming_convention: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(operations)
        self.table_name = table_name
        self.schema = schema
        self.recreate = recreate
        self.partial_reordering = partial_reordering
        self.copy_from = copy_from
        self.table_args = tuple(table_args)
        self.table_kwargs = dict(table_kwargs or {})
        self.reflect_args = tuple(reflect_args)
        self.reflect_kwargs = dict(reflect_kwargs or {})
        self.naming_convention = naming_convention

    @property
    def operations(self) -> list[MigrateOperation]:
        """The operations in it; the same list as ``ops``."""
        return self.ops

    @operations.setter
    def operations(self, operations: Sequence[MigrateOperation]) -> None:
        self.ops = list(operations)

    def reverse(self) -> BatchAlterTableOp:
        """Each undone, in the opposite order, as one batch; not with what described the table as it was."""
        return BatchAlterTableOp(
            self.table_name,
            self._reversed_ops(),
            schema=self.schema,
            recreate=self.recreate,
            naming_convention=self.naming_convention,
        )

    def explain(self) -> str:
        """One sentence a change, after saying which table."""
        changes = super().explain()
        return f"Change the table {full_name(self.table_name, self.schema)} in one go. {changes}"


class UpgradeOps(OpContainer):
    """What an ``upgrade()`` does; ``upgrade_token`` names its place in the template."""

    def __init__(self, ops: Sequence[MigrateOperation] = (), upgrade_token: str = "upgrades") -> None:
        super().__init__(ops)
        self.upgrade_token = upgrade_token

    def reverse_into(self, downgrade_ops: DowngradeOps) -> DowngradeOps:
        """Fill ``downgrade_ops`` with what undoes this."""
        downgrade_ops.ops[:] = self._reversed_ops()
        return downgrade_ops

    def reverse(self) -> DowngradeOps:
        """What undoes this."""
        return self.reverse_into(DowngradeOps())


class DowngradeOps(OpContainer):
    """What a ``downgrade()`` does; ``downgrade_token`` names its place in the template."""

    def __init__(self, ops: Sequence[MigrateOperation] = (), downgrade_token: str = "downgrades") -> None:
        super().__init__(ops)
        self.downgrade_token = downgrade_token

    def reverse(self) -> UpgradeOps:
        """What undoes this."""
        return UpgradeOps(self._reversed_ops())


class MigrationScript(MigrateOperation):
    """A revision file to be written.

    With several databases in one environment there are several ``upgrade_ops`` and ``downgrade_ops``; the
    plural properties hold them all.
    """

    _needs_render: bool | None = None

    def __init__(
        self,
        rev_id: str | None,
        upgrade_ops: UpgradeOps | Sequence[UpgradeOps],
        downgrade_ops: DowngradeOps | Sequence[DowngradeOps],
        *,
        message: str | None = None,
        imports: set[str] | None = None,
        head: str | None = None,
        splice: bool | None = None,
        branch_label: str | Sequence[str] | None = None,
        version_path: str | os.PathLike[str] | None = None,
        depends_on: str | Sequence[str] | None = None,
    ) -> None:
        self.rev_id = rev_id
        self.message = message
        # not Alembic's shared default: that one set is every script's
        self.imports: set[str] = set() if imports is None else imports
        self.head = head
        self.splice = splice
        self.branch_label = branch_label
        self.version_path = pathlib.Path(version_path).as_posix() if version_path else None
        self.depends_on = depends_on
        self._upgrade_ops = _checked(upgrade_ops, UpgradeOps)
        self._downgrade_ops = _checked(downgrade_ops, DowngradeOps)

    @property
    def upgrade_ops(self) -> UpgradeOps | None:
        """The one UpgradeOps; ValueError where there are several."""
        return _only(self._upgrade_ops, "UpgradeOps", "upgrade_ops_list")

    @upgrade_ops.setter
    def upgrade_ops(self, upgrade_ops: UpgradeOps | Sequence[UpgradeOps]) -> None:
        self._upgrade_ops = _checked(upgrade_ops, UpgradeOps)

    @property
    def downgrade_ops(self) -> DowngradeOps | None:
        """The one DowngradeOps; ValueError where there are several."""
        return _only(self._downgrade_ops, "DowngradeOps", "downgrade_ops_list")

    @downgrade_ops.setter
    def downgrade_ops(self, downgrade_ops: DowngradeOps | Sequence[DowngradeOps]) -> None:
        self._downgrade_ops = _checked(downgrade_ops, DowngradeOps)

    @property
    def upgrade_ops_list(self) -> list[UpgradeOps]:
        """All UpgradeOps."""
        return self._upgrade_ops

    @property
    def downgrade_ops_list(self) -> list[DowngradeOps]:
        """All DowngradeOps."""
        return self._downgrade_ops


def _checked(given: T | Sequence[T] | None, kind: type[T]) -> list[T]:
    if given is None:
        return []
    several: list[Any] = list(given) if isinstance(given, list | tuple) else [given]
    for one in several:
        if not isinstance(one, kind):
            raise TypeError(f"{kind.__name__} expected, not {type(one).__name__}")
    return several


def _only(several: list[T], kind: str, plural: str) -> T | None:
    if len(several) > 1:
        raise ValueError(
            f"This MigrationScript instance has a multiple-entry list for {kind}; "
            f"please use the {plural} attribute."
        )
    return several[0] if several else None
