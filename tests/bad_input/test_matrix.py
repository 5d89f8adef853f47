"""Bad input through every door: one line that names it, the right exit code, nothing written, nothing moved.

The cases stand beside this file, by topic. ``python tests/bad_input/table.py`` prints how each is answered,
and how Alembic answers it.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from bad_input.cases import Case
from bad_input.doors import DOORS
from bad_input.places import Place

TOPICS = ("scripts", "histories", "configuration", "databases", "arguments")
ALL: list[tuple[str, Case]] = [
    (topic, case) for topic in TOPICS for case in importlib.import_module(f"bad_input.{topic}").CASES
]


@pytest.fixture
def place(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    found = Place.copy_of(project, tmp_path / "p")
    monkeypatch.chdir(found.root)
    yield found
    for held in found.open:
        held.close()  # type: ignore[attr-defined]


def test_there_are_enough_cases_and_each_has_a_name_of_its_own() -> None:
    names = [(topic, case.id) for topic, case in ALL]
    assert len(set(names)) == len(names) >= 200
    assert all(case.says for _, case in ALL)


@pytest.mark.parametrize(
    ("case", "door"),
    [
        pytest.param(case, door, id=f"{topic}: {case.id}: {door}")
        for topic, case in ALL
        for door in case.doors
    ],
)
def test_one_line_and_nothing_moved(case: Case, door: str, place: Place, shell: object) -> None:
    case.spoil(place)
    before = place.snapshot()
    answer = DOORS[door](case.argv)
    after = place.snapshot()
    assert not answer.is_traceback, answer
    assert (answer.code, after == before) == (case.code, True), (answer, changes(before, after))
    assert "\n" not in answer.text.strip() and len(answer.text) < 1_000
    assert "s3cret" not in answer.out + answer.err + answer.text
    missing = [words for words in case.says if words not in answer.text]
    assert not missing, answer.text


def changes(before: dict[str, object], after: dict[str, object]) -> list[str]:
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
