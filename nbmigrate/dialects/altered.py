"""What an altered column is told as, on every database."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from sqlalchemy.sql.schema import Computed, Identity

from nbmigrate.ddl import elements

if TYPE_CHECKING:
    from nbmigrate.model.operations import AlterColumnOp


def existing_facts(operation: AlterColumnOp) -> dict[str, Any]:
    """The schema, and what is known of the column: keyword arguments of ``elements.AlterColumn``."""
    return {
        "schema": operation.schema,
        "existing_type": operation.existing_type,
        "existing_nullable": operation.existing_nullable,
        "existing_server_default": operation.existing_server_default,
        "existing_comment": operation.existing_comment,
    }


def default_element(operation: AlterColumnOp) -> type[elements.ColumnDefault]:
    """The element for a changed default: computed and identity columns have their own."""
    defaults = (operation.modify_server_default, operation.existing_server_default)
    if any(isinstance(default, Computed) for default in defaults):
        return elements.ComputedColumnDefault
    if any(isinstance(default, Identity) for default in defaults):
        return elements.IdentityColumnDefault
    return elements.ColumnDefault


def warn_of_autoincrement(operation: AlterColumnOp) -> None:
    """AUTO_INCREMENT is MySQL's."""
    if not {"autoincrement", "existing_autoincrement"}.isdisjoint(operation.kw):
        told = "autoincrement and existing_autoincrement only make sense for MySQL"
        warnings.warn(told, UserWarning, stacklevel=3)
