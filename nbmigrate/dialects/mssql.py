"""SQL Server: transactions around DDL, and scripts in batches."""

from __future__ import annotations

from typing import ClassVar

from nbmigrate.dialects.base import Dialect


class MSSQL(Dialect):
    """SQL Server; ``mssql_batch_separator`` of ``configure()`` is what stands between batches of a script."""

    transactional_ddl = True
    begin_text: ClassVar[str] = "BEGIN TRANSACTION"

    def terminated(self, sql: str) -> str:
        """A statement, its terminator, and GO; not behind BEGIN, which is part of the first batch."""
        separator = self.opts.get("mssql_batch_separator", "GO")
        text = sql + self.statement_terminator
        return text if sql == self.begin_text or not separator else f"{text}\n\n{separator}"
