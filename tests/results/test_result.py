"""``to_dicts()``, ``to_pandas()`` and ``sql``: the same on every result."""

from __future__ import annotations

import builtins
import json
from typing import Any

import pytest
from notebook_samples import every_result, graph

from nbmigrate.errors import CommandError
from nbmigrate.results import Diff, Run, SQLText

NO_SQL = {"Connected", "Init", "Templates", "Stamped", "Current", "Revisions", "Edited", "Check", "JSONText"}
NO_SQL |= {"Card", "Graph", "SchemaPicture", "Models", "Draft"}


def test_every_result_is_rows_of_plain_values() -> None:
    for value in [*every_result("x"), graph()]:
        rows = value.to_dicts()
        json.dumps(rows)
        assert len({tuple(row) for row in rows}) <= 1, type(value)
        assert len(value.to_pandas()) == len(rows)


def test_a_row_has_a_revision_by_its_id_and_its_message() -> None:
    run = next(value for value in every_result("x") if isinstance(value, Run))
    (row,) = run.to_dicts()
    assert (row["revision"], row["message"], row["direction"]) == ("x", "x", "upgrade")
    diff = next(value for value in every_result("x") if isinstance(value, Diff))
    assert [row["kind"] for row in diff.to_dicts()] == ["add", "alter", "drop"]


def test_sql_is_one_script_or_a_clear_error() -> None:
    for value in [*every_result("x"), graph()]:
        name = type(value).__name__
        if name in NO_SQL:
            with pytest.raises(AttributeError, match=f"a {name} holds no SQL"):
                _ = value.sql
        elif isinstance(value, Diff) and value:
            with pytest.raises(AttributeError, match="made without its SQL"):
                _ = value.sql
        else:
            assert isinstance(value.sql, str)
            assert value.sql or not getattr(value, "statements", ())
    run = next(value for value in every_result("x") if isinstance(value, Run))
    assert run.sql == "x;\nx;"
    assert SQLText("sqlite", "SELECT 1;\n").sql == "SELECT 1;\n"


def test_without_pandas_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *args: Any, **kw: Any) -> Any:
        if name == "pandas":
            raise ImportError(name)
        return real(name, *args, **kw)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(CommandError, match="pip install pandas; to_dicts"):
        graph().to_pandas()
