"""Views of a SQLite database: their text is kept as it was written, and compared as such."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy.engine import Connection

from nbmigrate.compare.options import CompareOptions
from nbmigrate.compare.text import tokens
from nbmigrate.model.objects import Objects, View
from nbmigrate.model.schema import Key

_HEAD = re.compile(
    r"\s*CREATE\s+(?:TEMP(?:ORARY)?\s+)?VIEW\s+(?:IF\s+NOT\s+EXISTS\s+)?"
    r"""(?:(?:"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|\w+)\s*\.\s*)?(?:"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|\w+)"""
    r"\s*(?P<columns>\([^)]*\))?\s*AS\b\s*",
    re.IGNORECASE,
)


def reflect_objects(connection: Connection, options: CompareOptions) -> Objects:
    """The views of the databases that are looked at."""
    views: dict[Key, View] = {}
    quote = connection.dialect.identifier_preparer.quote_identifier
    for schema in options.schemas:
        catalogue = f"{quote(schema or 'main')}.sqlite_master"
        rows = connection.exec_driver_sql(
            "SELECT type, name, tbl_name, sql FROM "
            f"{catalogue} WHERE type = 'view' OR (type = 'trigger' AND tbl_name IN "
            f"(SELECT name FROM {catalogue} WHERE type = 'view')) ORDER BY name",
            execution_options={"no_parameters": True},
        ).fetchall()
        triggers = [row for row in rows if row[0] == "trigger"]
        for _, name, _, sql in (row for row in rows if row[0] == "view"):
            own = tuple(row[3] for row in triggers if row[2] == name)
            head = _HEAD.match(sql)
            # a text that can't be taken apart stays whole: it is never the one of the models
            text, extra = (sql[head.end() :], head.group("columns") or "") if head else (sql, "")
            views[schema, name] = View(name, schema, text.strip().rstrip(";"), indexes=own, extra=extra)
    return Objects(views=views)


def changed_views(connection: Connection, pairs: Sequence[tuple[View, View]]) -> dict[Key, bool]:
    """Views whose text is another one; SQLite can't replace them as they stand."""
    return {
        there.key: False for there, wanted in pairs if there.extra or tokens(there.sql) != tokens(wanted.sql)
    }
