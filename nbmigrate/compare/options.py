"""What a comparison is to look at: the part of ``configure()``'s parameters that matters here, typed.

Names and meanings are Alembic's. The callables are the user's; they are given SQLAlchemy objects.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nbmigrate.model.schema import Key

IncludeName = Callable[[str | None, str, dict[str, str | None]], bool]
IncludeObject = Callable[[Any, str | None, str, bool, Any], bool]


@dataclass(frozen=True)
class CompareOptions:
    """Options of one comparison.

    ``schemas`` are looked at in the database (None is the default schema); without ``include_schemas`` only
    those tables count in them that the models name. ``exclude_tables`` are never seen.
    ``compare_type`` and ``compare_server_default`` are on, off, or the user's judgement (True is different,
    False is equal, None leaves it to us). ``context`` is what their first argument will be.
    ``checks`` says how CHECKs are told apart: by their ``expression``, by their ``name`` alone (those without
    one are then not looked at), or not at all (None). ``primary_keys`` says whether they are compared,
    ``derive_names`` whether a constraint that has no name is given one, so that it can be dropped again.
    ``as_alembic`` asks for what Alembic finds and no more: an env.py that lists its comparators by name.
    """

    default_schema: str | None = None
    schemas: tuple[str | None, ...] = (None,)
    exclude_tables: frozenset[Key] = frozenset()
    include_schemas: bool = False
    include_name: IncludeName | None = None
    include_object: IncludeObject | None = None
    compare_type: bool | Callable[..., bool | None] = True
    compare_server_default: bool | Callable[..., bool | None] = True
    context: Any = None
    checks: str | None = "expression"
    primary_keys: bool = True
    derive_names: bool = True
    as_alembic: bool = False

    def key(self, schema: str | None, name: str) -> Key:
        """The key of a table: the default schema's name is None."""
        return (None if schema == self.default_schema else schema), name

    def wants_name(self, name: str | None, kind: str, parents: Mapping[str, str | None]) -> bool:
        """Whether the user's ``include_name`` lets a reflected name through."""
        if self.include_name is None:
            return True
        given = dict(parents)
        if "schema_name" in given:
            table = name if kind == "table" else given.get("table_name")
            if table:
                schema = given["schema_name"]
                given["schema_qualified_table_name"] = f"{schema}.{table}" if schema else table
        return bool(self.include_name(name, kind, given))

    def wants_object(self, item: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
        """Whether the user's ``include_object`` lets an object through."""
        return self.include_object is None or bool(self.include_object(item, name, kind, reflected, other))
