"""O1 to O21: every directive takes every argument that Alembic's takes, on Operations and BatchOperations."""

from __future__ import annotations

import inspect

import pytest
from alembic.operations import BatchOperations as AlembicBatch
from alembic.operations import Operations as AlembicOperations

from nbmigrate.operations import BatchOperations, Operations

PAIRS = [
    pytest.param(theirs, ours, name, id=f"{ours.__name__}-{name}")
    for theirs, ours in ((AlembicOperations, Operations), (AlembicBatch, BatchOperations))
    for name in sorted(dir(theirs))
    if not name.startswith("_") and inspect.isfunction(getattr(theirs, name))
    # Alembic's batch inherits it; a batch within a batch has no meaning there either
    if (ours, name) != (BatchOperations, "batch_alter_table")
]


@pytest.mark.parametrize(("theirs", "ours", "name"), PAIRS)
def test_the_same_arguments(theirs: type, ours: type, name: str) -> None:
    wanted = inspect.signature(getattr(theirs, name)).parameters
    found = inspect.signature(getattr(ours, name)).parameters
    takes_any = any(one.kind is inspect.Parameter.VAR_KEYWORD for one in found.values())
    for word, parameter in wanted.items():
        if parameter.kind in (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL):
            assert any(one.kind is parameter.kind for one in found.values()), word
        else:
            assert word in found or takes_any, word
    positional = [word for word, one in wanted.items() if one.kind is one.POSITIONAL_OR_KEYWORD]
    assert [word for word, one in found.items() if one.kind is one.POSITIONAL_OR_KEYWORD] == positional
