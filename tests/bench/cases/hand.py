"""What a hand feels in a notebook: a real kernel, asked by a real client until it is idle again.

The limits are meant for the wall clock of a machine with nothing else to do; on any other one the kernel's
CPU time (to a hundredth of a second) is nearer to that than the wall clock is, so both are told.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.manager import start_new_kernel

from tests.bench import projects
from tests.bench.bench import Bench
from tests.bench.fresh import ROOT, Failed, Figures, child, whole
from tests.bench.table import Row, Target, at_most, row

# models of as many tables as the database has; then what is to be measured
MODELS = """
import sqlalchemy
from tests.bench.tables import models
metadata = models({count})
"""
CELLS = {
    "%load_ext nbmigrate, SQLAlchemy imported": ("%load_ext nbmigrate", 60),
    "card (%migrate), first": ("%migrate", None),
    "card (%migrate), warm, with a diff of the tables": ("%migrate", 150),
    "%migrate history, first": ("%migrate history", None),
    "%migrate history": ("%migrate history", 300),
    "%migrate graph, first": ("%migrate graph", None),
    "%migrate graph": ("%migrate graph", 300),
}


def hand(bench: Bench) -> Iterator[Row]:
    """1,000 revisions and 300 tables on SQLite; medians over fresh kernels."""
    project = projects.generate(bench.folder / "hand", bench.size(1_000, 100))
    count = bench.size(300, 30)
    child("diff:fill", "floor", {"url": f"sqlite:///{project.folder / 'shop.db'}", "count": count})
    whole(["-m", "nbmigrate", "stamp", "head"], project.folder, project.environment)
    taken: dict[str, list[list[dict[str, float]]]] = {}
    for _ in range(bench.few(3)):
        with kernel(str(project.folder), project.environment) as client:
            client.ask(MODELS.format(count=count))
            for title, (line, _most) in CELLS.items():
                taken.setdefault(title, []).append([client.ask(line)])
                if line == "%load_ext nbmigrate":
                    client.ask(f"%migrate connect {project.ini} --metadata metadata")
            client.complete("%migrate upgrade ")
            begun = f"%migrate upgrade {project.ids[-1][:4]}"
            taken.setdefault("completion of a revision's id", []).append([client.complete(begun)])
    for title, samples in taken.items():
        most = CELLS.get(title, ("", 20))[1]
        found = Figures({"nbmigrate": samples})
        yield row("hand", title, found, Target() if most is None else at_most(most))
        if title in ("%migrate history", "%migrate graph"):
            yield row("hand", f"   output of {title}", found, at_most(200), "bytes")


@contextmanager
def kernel(folder: str, environment: dict[str, str]) -> Iterator[Hand]:
    """A started IPython kernel and a client that is connected to it."""
    env = {**os.environ, **environment, "PYTHONPATH": str(ROOT), "IPYTHONDIR": f"{folder}/ipython"}
    manager, client = start_new_kernel(cwd=folder, env=env, stderr=subprocess.DEVNULL)
    try:
        yield Hand(client, manager.provisioner.pid)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


class Hand:
    """Somebody at a notebook."""

    def __init__(self, client: Any, kernel: int) -> None:
        self.client = client
        self.kernel = kernel

    def ask(self, code: str) -> dict[str, float]:
        """Run a cell: times, and the kilobytes that it displayed."""
        shown: list[dict[str, Any]] = []

        def run() -> Any:
            return self.client.execute_interactive(
                code, timeout=300, output_hook=shown.append, store_history=False
            )

        sample = self._timed(code, run)
        size = sum(len(str(message["content"].get("data", ""))) for message in shown)
        return {**sample, "bytes": size / 1024}

    def complete(self, code: str) -> dict[str, float]:
        """Ask for completions."""
        return self._timed(code, lambda: self.client.complete(code, reply=True, timeout=60))

    def _timed(self, code: str, action: Callable[[], Any]) -> dict[str, float]:
        cpu, wall = self._cpu(), time.perf_counter()
        reply = action()
        wall = (time.perf_counter() - wall) * 1000
        if reply["content"]["status"] != "ok":
            raise Failed(f"{code}: {reply['content']}")
        return {"wall": wall, "cpu": self._cpu() - cpu}

    def _cpu(self) -> float:
        """Milliseconds of CPU that the kernel has used."""
        fields = Path(f"/proc/{self.kernel}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")
