"""Messages of every kind: one file, which every system can hold, which Python and Alembic can read back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory as AlembicDirectory
from bad_input.doors import DOORS
from bad_input.places import Place

MESSAGES = {
    "empty": "",
    "blanks": "   ",
    "very long": "word " * 20_000 + "end",
    "one long word": "x" * 300,
    "slashes": "../../etc/passwd",
    "absolute": "/etc/passwd",
    "backslashes": r"C:\new\table",
    "a backslash at the end": "ends in \\",
    "an escape that is none": r"\u12 \N{nothing} \x",
    "dots": "...",
    "a dot at the end": "name.",
    "two lines": "one\n\nand more",
    "a quote": 'say "hi"',
    "quotes": '"""; import os; """',
    "single quotes": "it's '''",
    "unicode": "gr\u00f6\u00dfe \u8868 \U0001f389",
    "right to left": "\u202eabc",
    "letters in pieces": "e\u0301" * 100,
    "null": "a\0b",
    "control characters": "a\x07b\x08c",
    "percent": "100% %(rev)s %s %",
    "mako": "${1/0} <% raise %> ## x",
    "mako lines": "% for x in y:",
    "html": "<script>alert(1)</script>",
    "sql": "'; drop table one; --",
    "a dash": "-x",
    "nothing but signs": "!?*",
    "a Windows device": "CON",
    "a shell": "$(rm x) `rm x` $HOME",
}
FORBIDDEN = re.compile(r'[<>:"/\\|?*\0-\x1f]')


@pytest.fixture
def place(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    found = Place.copy_of(project, tmp_path / "p")
    monkeypatch.chdir(found.root)
    return found


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("kind", MESSAGES)
def test_a_message_is_kept_whole(kind: str, door: str, place: Place, shell: object) -> None:
    message = MESSAGES[kind]
    if door == "magic" and re.search(r"[\n\0-\x1f]", message):
        pytest.skip("a line magic is one line")
    before = place.snapshot()
    answer = DOORS[door](["revision", f"--message={message}", "--rev-id", "cccc"])
    assert (answer.code, answer.is_traceback) == (0, False), answer
    (new,) = place.snapshot().keys() - before.keys()
    name = Path(new).name
    assert not FORBIDDEN.search(name) and len(name.encode()) < 255
    assert name == name.strip(" .") and name.split(".")[0].upper() != "CON"
    wanted = message if message.strip() else "empty message"
    theirs = AlembicDirectory.from_config(AlembicConfig("alembic.ini")).get_revision("cccc")
    # Alembic's message is the docstring's first paragraph
    assert theirs.doc == wanted.split("\n\n")[0].strip()
    assert theirs.longdoc.startswith(wanted.strip())
    shown = DOORS["terminal"](["history"])
    assert shown.code == 0 and wanted.split("\n")[0].strip() in shown.out
    assert DOORS["terminal"](["upgrade", "head"]).code == 0
    assert place.rows() == ["cccc"]


@pytest.mark.parametrize("door", ["terminal", "python", "embedded"])
def test_half_a_letter_is_refused(door: str, place: Place) -> None:
    """A lone surrogate: what a terminal gives for bytes that are no text."""
    before = place.snapshot()
    answer = DOORS[door](["revision", "-m", "a\udcffb"])
    assert answer.code == 255 and "surrogates not allowed" in answer.text
    assert place.snapshot() == before


def test_a_docstring_of_another_kind_can_not_be_broken_out_of(place: Place) -> None:
    text = place.template.read_text().replace('"""${message}', "'''${message}", 1)
    place.template.write_text(text.replace('\n"""\n', "\n'''\n", 1))
    message = "it's '''; raise SystemExit; '''"
    assert DOORS["terminal"](["revision", "-m", message, "--rev-id", "cccc"]).code == 0
    assert message in DOORS["terminal"](["history"]).out
    assert DOORS["terminal"](["upgrade", "head"]).code == 0
