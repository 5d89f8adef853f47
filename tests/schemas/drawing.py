"""Drawing a schema, and what has become of it."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

from schemas.edits import EDITS, LATER, edit_schema, edit_table
from schemas.kinds import COMMENTS, DEFAULTS, LABELS, Kind, Schema


@st.composite
def columns(draw: Any, kind: Kind, nullable: bool | None = None) -> dict[str, Any]:
    """One column; one that is added to a table with rows may only be NOT NULL with a default."""
    type_ = draw(st.sampled_from(kind.types))
    options = [None, *range(len(DEFAULTS.get(type_, ())))]
    default = draw(st.sampled_from(options))
    return {
        "type": type_,
        "default": default,
        "nullable": draw(st.booleans()) if nullable is None or default is not None else nullable,
        "comment": None if "comment" in kind.without else draw(st.sampled_from(COMMENTS)),
    }


@st.composite
def tables(draw: Any, kind: Kind, name: str, targets: list[str]) -> dict[str, Any]:
    """One table with the columns id and r (which may refer to a table), and some more."""
    names = draw(st.lists(st.sampled_from(kind.names), max_size=3, unique=True))
    schemas = [None, None, *(["default"] if kind.default_schema else []), *(["other"] if kind.other else [])]
    table: dict[str, Any] = {
        "columns": {column: draw(columns(kind)) for column in names},
        "key": ["id"],
        "refers": None,
        "pair": False,
        "uniques": {},
        "indexes": {},
        "checks": {},
        "exclude": None,
        "computed": None,
        "counter": None,
        "schema": draw(st.sampled_from(schemas)),
        "comment": None if "comment" in kind.without else draw(st.sampled_from(COMMENTS)),
    }
    if "engine" not in kind.without:
        table["engine"], table["charset"] = "InnoDB", "utf8mb4_general_ci"
    for _ in range(draw(st.integers(0, 3))):
        edit_table(draw, kind, table, draw(st.sampled_from(LATER)), targets, {}, new=True)
    return table


@st.composite
def pairs(draw: Any, kind: Kind) -> tuple[Schema, Schema]:
    """A schema, and what has become of it.

    ``convention`` says whether names come from one, ``answered`` whether renames are declared in the models
    or answered as on a command line.
    """
    names = draw(st.lists(st.sampled_from(kind.tables), min_size=1, max_size=3, unique=True))
    before: Schema = {
        "convention": draw(st.booleans()),
        "answered": draw(st.booleans()),
        "tables": {},
        "views": {},
        "sequences": {},
        "enum": {"name": draw(st.sampled_from(kind.enum_names)), "values": LABELS[:3], "checked": False},
    }
    if kind.name == "sqlite":
        before["enum"]["checked"] = draw(st.booleans())
    # a key needs its target; where keys may go round all tables are targets
    found = before["tables"]
    for name in names:
        found[name] = draw(tables(kind, name, []))
    for name in names:
        targets = [other for other in names if kind.cycles or other < name]
        if draw(st.booleans()):
            edit_table(draw, kind, found[name], "refers", targets, found, new=True)
    for _ in range(draw(st.integers(0, 2))):
        edit_schema(draw, kind, before, before, draw(st.sampled_from(["view", "sequence", "enum"])), tables)
    after = copy.deepcopy(before)
    edits = [edit for edit in EDITS if edit not in kind.without]
    for edit in draw(st.lists(st.sampled_from(edits), min_size=1, max_size=7)):
        edit_schema(draw, kind, before, after, edit, tables)
    return before, after
