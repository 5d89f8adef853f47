"""The operation classes under Alembic's module name (``alembic.operations.ops``)."""

from __future__ import annotations

from nbmigrate.model.operations import *  # noqa: F403
