"""MySQL for those who subclass it, by Alembic's module name; its SQL is made in ``dialects/``."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from nbmigrate.ddl.impl import DefaultImpl

_CALL = re.compile(r"\bcurrent_timestamp\(\)")


class MySQLImpl(DefaultImpl):
    """MySQL."""

    __dialect__: ClassVar[str] = "mysql"

    def compare_server_default(
        self,
        inspector_column: Any,
        metadata_column: Any,
        rendered_metadata_default: str | None,
        rendered_inspector_default: str | None,
    ) -> bool:
        """Whether two server defaults differ; MariaDB writes CURRENT_TIMESTAMP as a call."""
        wanted, there = (
            None if one is None else _CALL.sub("current_timestamp", one.lower())
            for one in (rendered_metadata_default, rendered_inspector_default)
        )
        same = wanted == there and "'" not in (rendered_metadata_default or "")
        return not same and super().compare_server_default(
            inspector_column, metadata_column, rendered_metadata_default, rendered_inspector_default
        )


class MariaDBImpl(MySQLImpl):
    """MariaDB."""

    __dialect__: ClassVar[str] = "mariadb"
