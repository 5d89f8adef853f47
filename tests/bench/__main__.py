"""Every row of the table of speeds: ``python -m tests.bench [--quick] [--only CASE] [--json | --markdown]``.

Not run by pytest: timings never decide a test. Alembic, nbmigrate and a floor written by hand (the bare
driver, raw catalogue queries, ``scandir`` and ``stat``) take turns in fresh processes for several rounds.
Printed are medians of CPU time (user and system) in milliseconds, how many times less than Alembic's ours is,
the target, wall time beside it, and how far apart the middle half of our rounds lay.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.bench import table
from tests.bench.bench import DATABASES, Bench
from tests.bench.cases import CASES, NOT_QUICK
from tests.bench.machine import machine

sys.path.insert(0, str(Path(__file__).parents[1]))  # servers.py, as the tests import it


def options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true",
        help="small sizes, one round, SQLite, no case that needs a server or a browser: under a minute",
    )  # fmt: skip
    parser.add_argument("--rounds", type=int, help="how often each is measured (5; 1 with --quick)")
    parser.add_argument("--only", action="append", choices=sorted(CASES), metavar="CASE",
                        help="one case, may be given again: " + ", ".join(CASES))  # fmt: skip
    parser.add_argument(
        "--database", action="append", choices=DATABASES, help="one database, may be repeated"
    )
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="print JSON")
    shape.add_argument("--markdown", action="store_true", help="print the table of docs/speed.md")
    return parser.parse_args()


def main() -> None:
    """Run the cases and print; what was measured until then also where it is interrupted."""
    given = options()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    rows: list[table.Row] = []
    with contextlib.suppress(KeyboardInterrupt):
        run(given, rows)
    if given.json:
        print(table.as_json(rows, machine()))
    elif given.markdown:
        print(machine(), "", table.as_markdown(rows), sep="\n")


def run(given: argparse.Namespace, rows: list[table.Row]) -> None:
    """Run the cases into ``rows``, each printed as it comes."""
    import servers

    start = time.monotonic()
    # what is to be read as a whole says on the side how far it is
    out = sys.stderr if given.json or given.markdown else sys.stdout
    print(machine(), table.text_line(table.HEADING), sep="\n", file=out, flush=True)
    with contextlib.ExitStack() as stack:
        # not on a disk where there is a choice: what is measured is the work, not how long a disk takes
        place = tempfile.TemporaryDirectory(prefix="nbbench", dir=servers.in_memory())
        folder = Path(stack.enter_context(place))
        # every process finds bytecode of both packages, whatever the habits here
        os.environ.update(PYTHONPYCACHEPREFIX=str(folder / "bytecode"), PYTHONDONTWRITEBYTECODE="")
        rounds = given.rounds or (1 if given.quick else 5)
        kinds = tuple(given.database or (DATABASES[:1] if given.quick and not given.only else DATABASES))
        bench = Bench(folder, given.quick, rounds, stack, kinds)
        quick = [name for name in CASES if name not in NOT_QUICK]
        for name in given.only or (quick if given.quick else CASES):
            for row in CASES[name](bench):
                rows.append(row)
                print(table.as_text(row), file=out, flush=True)
    print(
        f"{time.monotonic() - start:.0f} s; medians of {rounds} rounds, of fewer where one takes long",
        file=out,
    )


if __name__ == "__main__":
    main()
