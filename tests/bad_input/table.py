"""How each case is answered, here and by Alembic: ``python tests/bad_input/table.py [topic ...]``.

A row is good where the answer has no traceback, the exit code is not 0, and nothing was written or moved;
"harm" is where something was, though the command failed or did not notice.
"""

from __future__ import annotations

import importlib
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bad_input import doors, places
from bad_input.cases import Case

TOPICS = ("scripts", "histories", "configuration", "databases", "arguments")
# Alembic opens the pipe and waits for ever; it has no such keys, flags or verbs
NOT_FOR_ALEMBIC = {"a pipe", "a wrong lock_timeout"}
OUR_VERBS = {"explain", "plan", "walk", "erd", "sql", "diff"}
OUR_FLAGS = {"--lock-timeout", "--statement-timeout", "--undo", "--rename"}


def has_no_such_thing(case: Case) -> bool:
    """Whether Alembic can't be asked this."""
    words = set(case.argv)
    return case.id in NOT_FOR_ALEMBIC or bool(words & OUR_FLAGS) or bool(OUR_VERBS & set(case.argv[:1]))


def rating(case: Case, door: Callable[[Sequence[str]], doors.Answer], template: Path, root: Path) -> str:
    """``good``, ``traceback``, ``unnoticed`` or ``harm``."""
    place = places.Place.copy_of(template, root)
    os.chdir(place.root)
    try:
        case.spoil(place)
        before = place.snapshot()
        answer = door(case.argv)
        for held in place.open:
            held.close()  # type: ignore[attr-defined]
        if place.snapshot() != before:
            return "harm"
        if answer.code == 0:
            return "unnoticed"
        return "traceback" if answer.is_traceback else "good"
    finally:
        os.chdir("/")
        shutil.rmtree(root)


def rows(topics: Sequence[str]) -> Iterator[tuple[str, str, str, str]]:
    """Topic, case, our rating, Alembic's."""
    base = Path(tempfile.mkdtemp())
    os.environ["NBMIGRATE_CACHE_DIR"] = str(base / "cache")
    template = places.make_template(base / "template")
    try:
        for topic in topics:
            for case in importlib.import_module(f"bad_input.{topic}").CASES:
                ours = rating(case, doors.terminal, template, base / "p")
                theirs = "-" if has_no_such_thing(case) else rating(case, doors.alembic, template, base / "p")
                yield topic, case.id, ours, theirs
    finally:
        shutil.rmtree(base)


if __name__ == "__main__":
    counts: dict[str, Counter[str]] = {"nbmigrate": Counter(), "alembic": Counter()}
    for topic, id, ours, theirs in rows(sys.argv[1:] or TOPICS):
        counts["nbmigrate"][ours] += 1
        counts["alembic"][theirs] += 1
        print(f"{topic:14} {id:42} {ours:10} {theirs}")
    for name, count in counts.items():
        print(f"{name}: {dict(count.most_common())}")
