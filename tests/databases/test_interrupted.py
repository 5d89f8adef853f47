"""KeyboardInterrupt at random moments, in a process that lives on: nothing stays held, the next run ends it.

A few runs up and down on each database; with ``NBMIGRATE_NIGHTLY`` a hundred each.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import servers
from databases import killing

ROUNDS = 100 if os.environ.get("NBMIGRATE_NIGHTLY") else 3
REVISIONS = 8

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="there is no SIGINT for one process on Windows"
)


@pytest.fixture(
    params=[
        "sqlite",
        "duckdb",
        pytest.param("postgresql", marks=pytest.mark.postgresql),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
    ]
)
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database; a file lies where no disk has to be waited for."""
    driver = {"sqlite": "sqlite", "duckdb": "duckdb+duckdb_sqlalchemy"}.get(request.param)
    if driver is None:
        yield request.getfixturevalue(f"{request.param}_url")
        return
    with tempfile.TemporaryDirectory(dir=servers.in_memory()) as folder:
        yield f"{driver}:///{folder}/fresh.db"


def test_interrupted_at_random_moments(url: str, tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    killing.write_history(folder, REVISIONS)
    seed = random.randrange(1 << 30)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "databases.interrupting",
            url,
            str(folder),
            *map(str, (ROUNDS, seed, REVISIONS)),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=3000,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout), f"no run was interrupted (seed {seed}): this test shows nothing"
