"""Any schema with rows, any edits: found, rendered, run, found no more; the same as made afresh; and back.

``NBMIGRATE_NIGHTLY=1`` tries 500 pairs on each database in place of 60 (a larger number is taken as it is),
other ones each time, and looks at what is there with SQLAlchemy's eyes too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import schemas
from hypothesis import HealthCheck, Phase, given, note, settings
from schemas.promises import Database, there_and_back

NIGHTLY = int(os.environ.get("NBMIGRATE_NIGHTLY") or 0)
CASES = 60 if not NIGHTLY else max(NIGHTLY, 500)


@pytest.fixture
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty database of the kind that the test asks for."""
    name = request.param
    if name == "duckdb":
        pytest.importorskip("duckdb_sqlalchemy")
    in_memory = {"sqlite": "sqlite://", "duckdb": "duckdb:///:memory:"}
    yield in_memory.get(name) or request.getfixturevalue(f"{name}_url")


def parameter(name: str) -> object:
    """One database, with its mark where it is a server."""
    marks = {"postgresql": pytest.mark.postgresql, "mariadb": pytest.mark.mariadb}
    return pytest.param(name, id=name, marks=marks.get(name, ()))


@pytest.mark.parametrize("url", [parameter(name) for name in schemas.KINDS], indirect=True)
@pytest.mark.filterwarnings("ignore")
def test_there_and_back(request, url):
    kind = schemas.KINDS[request.node.callspec.params["url"]]
    database = Database(url, closely=bool(NIGHTLY))

    @settings(
        max_examples=CASES,
        deadline=None,
        derandomize=not NIGHTLY,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(schemas.pairs(kind))
    def holds(pair):
        there_and_back(database, kind, *pair, note=note)

    try:
        holds()
    finally:
        database.engine.dispose()
