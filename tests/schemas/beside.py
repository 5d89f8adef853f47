"""Edits of what lies beside the tables: views, sequences, the enum type."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from schemas.kinds import LABELS, Kind, Schema


def _view(draw: Any, kind: Kind, schema: Schema) -> None:
    which = draw(st.sampled_from(["v", 'Vi"ew %']))
    there = schema["views"].pop(which, None)
    if (there is not None and draw(st.booleans())) or not schema["tables"]:
        return
    name = draw(st.sampled_from(sorted(schema["tables"])))
    columns = sorted(schema["tables"][name]["columns"])
    schema["views"][which] = {
        "table": name,
        "columns": draw(st.lists(st.sampled_from(columns), max_size=2, unique=True)) if columns else [],
        "least": draw(st.integers(0, 1)),
        "materialized": draw(st.booleans()) if kind.materialized else False,
    }


def _sequence(draw: Any, kind: Kind, schema: Schema) -> None:
    if "sequence" in kind.without:
        return
    which = draw(st.sampled_from(["s", "Se'q %"]))
    there = schema["sequences"].pop(which, None)
    if there is not None and (kind.name == "duckdb" or draw(st.booleans())):
        return
    schema["sequences"][which] = {
        "start": draw(st.sampled_from([1, 5])) if there is None else there["start"],
        "increment": draw(st.integers(1, 3)),
        "maxvalue": draw(st.sampled_from([1000, 5000])),
        "cycle": draw(st.booleans()),
    }


def _enum(draw: Any, kind: Kind, schema: Schema) -> None:
    """Values in another order, more of them, or less; those that rows hold stay."""
    chosen = draw(st.lists(st.sampled_from(LABELS[2:]), unique=True))
    schema["enum"]["values"] = draw(st.permutations([*LABELS[:2], *chosen]))


BESIDE = {"view": _view, "sequence": _sequence, "enum": _enum}
