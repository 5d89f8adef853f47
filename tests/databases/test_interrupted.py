"""KeyboardInterrupt at random moments, in a process that lives on: nothing stays held, the next run ends it.

A few dozen short runs on SQLite, where they cost least, and some on the others; with ``NBMIGRATE_NIGHTLY``
a hundred of thirty revisions up and down on each.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from databases import killing

NIGHTLY = bool(os.environ.get("NBMIGRATE_NIGHTLY"))

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="there is no SIGINT for one process on Windows"
)


def test_interrupted_at_random_moments(url: str, tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    rounds = 100 if NIGHTLY else 24 if url.startswith("sqlite") else 5
    revisions = killing.COUNT if NIGHTLY else 2
    killing.write_history(folder, revisions)
    seed = random.randrange(1 << 30)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "databases.interrupting",
            url,
            str(folder),
            *map(str, (rounds, seed, revisions)),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=3000,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout), f"no run was interrupted (seed {seed}): this test shows nothing"
