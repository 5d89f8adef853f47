"""Whether a statement that was interrupted has run: the catalogue is asked for what it makes or takes away.

Used after a crash, for the one statement whose end nobody saw, on databases where each DDL statement happens
wholly or not at all (MySQL's manual, "Atomic Data Definition Statement Support"; MariaDB's, "Atomic DDL").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

NAME = r'(?:`(?:[^`]|``)+`|"(?:[^"]|"")+"|[^\s(),;`"]+?)'
DOTTED = rf"(?:(?P<schema>{NAME})\s*\.\s*)?(?P<table>{NAME})"
END = r"(?=[\s(;,]|$)"


def has_run(connection: Connection, statement: str) -> bool | None:
    """True or False by the catalogue; None for a statement that it can't tell anything of.

    A statement that may simply run again (a column's definition written anew, IF NOT EXISTS, OR REPLACE)
    counts as one that did not.
    """
    if AGAIN.match(statement):
        return False
    for pattern, look in RULES:
        found = re.match(pattern, statement, re.IGNORECASE | re.DOTALL)
        if found is not None:
            named = {key: _bare(value) for key, value in found.groupdict().items()}
            return look(inspect(connection), named)
    return None


def _bare(name: str | None) -> str | None:
    """A name without its quotes."""
    if name is None or name[0] not in '`"':
        return name
    return name[1:-1].replace(name[0] * 2, name[0])


Named = dict[str, Any]


def _table(inspector: Any, named: Named) -> bool:
    return bool(inspector.has_table(named["table"], schema=named["schema"]))


def _view(inspector: Any, named: Named) -> bool:
    return named["table"] in inspector.get_view_names(schema=named["schema"])


def _column(inspector: Any, named: Named, key: str = "column") -> bool:
    columns = inspector.get_columns(named["table"], schema=named["schema"])
    return any(column["name"].lower() == named[key].lower() for column in columns)


def _renamed_column(inspector: Any, named: Named) -> bool:
    """Gone under the old name, there under the new; where both names are one it may run again."""
    if named["column"].lower() == named["new"].lower():
        return False
    return _column(inspector, named, "new") and not _column(inspector, named)


def _renamed_table(inspector: Any, named: Named) -> bool:
    new = {"table": named["new"], "schema": named.get("new_schema") or named["schema"]}
    return _table(inspector, new) and not _table(inspector, named)


def _named(inspector: Any, named: Named) -> bool:
    """An index or a constraint by its name."""
    place = {"table_name": named["table"], "schema": named["schema"]}
    found = [
        *inspector.get_indexes(**place),
        *inspector.get_unique_constraints(**place),
        *inspector.get_foreign_keys(**place),
        *inspector.get_check_constraints(**place),
    ]
    return any((one["name"] or "").lower() == named["name"].lower() for one in found)


def _primary_key(inspector: Any, named: Named) -> bool:
    return bool(inspector.get_pk_constraint(named["table"], schema=named["schema"])["constrained_columns"])


def _not(look: Callable[[Any, Named], bool]) -> Callable[[Any, Named], bool]:
    return lambda inspector, named: not look(inspector, named)


ALTER = rf"\s*ALTER\s+TABLE\s+{DOTTED}{END}\s*"
AGAIN = re.compile(
    r"\s*(CREATE\s+OR\s+REPLACE\b|CREATE\s+[\w\s]*?\bIF\s+NOT\s+EXISTS\b|DROP\s+\w+\s+IF\s+EXISTS\b|TRUNCATE\b|"
    r"ANALYZE\b|OPTIMIZE\b|GRANT\b|REVOKE\b|COMMENT\b|"
    rf"ALTER\s+TABLE\s+{DOTTED}{END}\s*(MODIFY\b|COMMENT\b|ALTER\s+COLUMN\b|ENGINE\b|CONVERT\b))",
    re.IGNORECASE | re.DOTALL,
)
RULES: tuple[tuple[str, Callable[[Any, Named], bool]], ...] = (
    (rf"\s*CREATE\s+TABLE\s+{DOTTED}{END}", _table),
    (rf"\s*DROP\s+TABLE\s+{DOTTED}{END}", _not(_table)),
    (rf"\s*CREATE\s+(?:\w+\s*=\s*\S+\s+|SQL\s+SECURITY\s+\w+\s+)*VIEW\s+{DOTTED}{END}", _view),
    (rf"\s*DROP\s+VIEW\s+{DOTTED}{END}", _not(_view)),
    (rf"\s*CREATE\s+(?:\w+\s+)?INDEX\s+(?P<name>{NAME})\s+(?:USING\s+\w+\s+)?ON\s+{DOTTED}{END}", _named),
    (rf"\s*DROP\s+INDEX\s+(?P<name>{NAME})\s+ON\s+{DOTTED}{END}", _not(_named)),
    (
        rf"\s*RENAME\s+TABLE\s+{DOTTED}\s+TO\s+(?:(?P<new_schema>{NAME})\.)?(?P<new>{NAME}){END}",
        _renamed_table,
    ),
    (rf"{ALTER}RENAME\s+(?:TO\s+|AS\s+)(?:(?P<new_schema>{NAME})\.)?(?P<new>{NAME}){END}", _renamed_table),
    (rf"{ALTER}RENAME\s+COLUMN\s+(?P<column>{NAME})\s+TO\s+(?P<new>{NAME}){END}", _renamed_column),
    (rf"{ALTER}CHANGE\s+(?:COLUMN\s+)?(?P<column>{NAME})\s+(?P<new>{NAME}){END}", _renamed_column),
    (rf"{ALTER}ADD\s+CONSTRAINT\s+(?P<name>{NAME})\s+PRIMARY\s+KEY\b", _primary_key),
    (rf"{ALTER}ADD\s+PRIMARY\s+KEY\b", _primary_key),
    (rf"{ALTER}ADD\s+CONSTRAINT\s+(?P<name>{NAME}){END}", _named),
    (rf"{ALTER}ADD\s+(?:UNIQUE\s+)?(?:INDEX|KEY)\s+(?P<name>{NAME}){END}", _named),
    (rf"{ALTER}DROP\s+PRIMARY\s+KEY\b", _not(_primary_key)),
    (rf"{ALTER}DROP\s+(?:FOREIGN\s+KEY|INDEX|KEY|CONSTRAINT|CHECK)\s+(?P<name>{NAME}){END}", _not(_named)),
    # after every other kind of ADD and DROP: here the next word is the column's name
    (
        rf"{ALTER}ADD\s+(?:COLUMN\s+)?(?!UNIQUE\b|CHECK\b|FOREIGN\b|FULLTEXT\b|SPATIAL\b)(?P<column>{NAME}){END}",
        _column,
    ),
    (rf"{ALTER}DROP\s+(?:COLUMN\s+)?(?P<column>{NAME}){END}", _not(_column)),
)
