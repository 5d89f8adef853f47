"""What autogenerate writes does not depend on PYTHONHASHSEED: random pairs, one process for each seed.

``NBMIGRATE_NIGHTLY`` tries the seeds 0 to 20 in place of three.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import schemas
from hypothesis import HealthCheck, Phase, given, settings

SEEDS = range(21) if os.environ.get("NBMIGRATE_NIGHTLY") else (0, 1, 7)
PAIRS = 40
PROGRAM = """
import pickle, sys, warnings
warnings.simplefilter("ignore")
import schemas
from roundtrip import sources
from schemas.promises import Database
kind = schemas.KINDS["sqlite"]
database = Database("sqlite://")
for first, second in pickle.load(open(sys.argv[1], "rb")):
    database.begin(first, kind)
    for text in sources(database.engine, schemas.build(second, kind), renames=schemas.renames(second)):
        print(text)
database.engine.dispose()
"""


def test_the_same_text_under_every_seed(tmp_path: Path) -> None:
    pairs: list[Any] = []

    @settings(
        max_examples=PAIRS,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(schemas.pairs(schemas.KINDS["sqlite"]))
    def draw(pair: Any) -> None:
        pairs.append(pair)

    draw()
    path = tmp_path / "pairs"
    path.write_bytes(pickle.dumps(pairs))
    texts = set()
    for seed in SEEDS:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(path)],
            env={
                **os.environ,
                "PYTHONHASHSEED": str(seed),
                "PYTHONPATH": os.pathsep.join([str(Path(schemas.__file__).parents[1]), *sys.path]),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        texts.add(done.stdout)
    assert len(texts) == 1
    assert "batch_op.add_column" in texts.pop()
