"""SQL Server for those who subclass it, by Alembic's module name; its SQL is made in ``dialects/``."""

from __future__ import annotations

from typing import ClassVar

from nbmigrate.ddl.impl import DefaultImpl


class MSSQLImpl(DefaultImpl):
    """SQL Server."""

    __dialect__: ClassVar[str] = "mssql"
    transactional_ddl = True
