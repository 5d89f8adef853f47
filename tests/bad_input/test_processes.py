"""What only a process of its own shows: closed pipes, Ctrl-C, an environment with nothing in it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from bad_input.doors import process
from bad_input.places import Place

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell and its signals")

ASCII = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
NOTHING = {"HOME": None, "XDG_CACHE_HOME": None, "NBMIGRATE_CACHE_DIR": None, "USER": None, "LOGNAME": None}
NB = f"{sys.executable} -m nbmigrate"


@pytest.fixture
def place(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    found = Place.copy_of(project, tmp_path / "p")
    monkeypatch.chdir(found.root)
    return found


def shell(command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    "command",
    [
        f"{NB} history -v | head -1; exit ${{PIPESTATUS[0]}}",
        f"{NB} upgrade aaaa:head --sql | true; exit ${{PIPESTATUS[0]}}",
        f"{NB} history >&-",
        f"{NB} --help | true; exit ${{PIPESTATUS[0]}}",
        f"{NB} heads <&-",
    ],
)
def test_a_closed_end_of_a_pipe_is_quiet(command: str, place: Place) -> None:
    before = place.snapshot()
    done = shell(command)
    assert done.returncode == 0 and "Traceback" not in done.stderr and "Exception" not in done.stderr, done
    assert place.snapshot() == before


def test_ctrl_c_takes_the_step_back(place: Place) -> None:
    place.body(
        'op.create_table("two", sa.Column("id", sa.Integer))',
        'print("begun", flush=True)',
        "import time; time.sleep(60)",
    )
    before = place.snapshot()
    with subprocess.Popen(
        [sys.executable, "-m", "nbmigrate", "upgrade", "head"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as child:  # fmt: skip
        try:
            assert child.stdout is not None and child.stdout.readline() == "begun\n"
            child.send_signal(signal.SIGINT)
            _, said = child.communicate(timeout=30)
        finally:
            child.kill()
    assert (child.returncode, "Traceback" in said) == (130, False)
    assert said.splitlines()[-1] == (
        "FAILED: interrupted: upgrade of bbbb; the step was rolled back, the database is at aaaa"
    )
    assert place.snapshot() == before


def test_letters_that_the_terminal_lacks(place: Place) -> None:
    made = process(["revision", "-m", "gr\u00f6\u00dfe \u8868", "--rev-id", "cccc"], env=ASCII)
    assert made.code == 0 and (place.versions / "cccc_gr\u00f6\u00dfe_\u8868.py").exists(), made
    shown = process(["history"], env=ASCII)
    assert (shown.code, shown.out.splitlines()[0]) == (0, r"bbbb -> cccc (head), gr\xf6\xdfe \u8868")
    wrong = process(["upgrade", "\u8868"], env=ASCII)
    assert wrong.code == 255 and r"'\u8868'" in wrong.text


@pytest.mark.parametrize(
    "env", [NOTHING, {**NOTHING, "HOME": "/dev/null/home"}], ids=["no HOME", "a HOME nowhere"]
)
def test_an_environment_with_nothing_in_it(env: dict[str, str | None], place: Place) -> None:
    done = process(["upgrade", "head"], env=env)
    assert done.code == 0 and place.rows() == ["bbbb"], done


def test_a_folder_for_indexes_that_can_not_be_made(place: Place) -> None:
    assert process(["heads"], env={"NBMIGRATE_CACHE_DIR": "/dev/null/x"}).out == "bbbb (head)\n"


def test_a_working_folder_that_is_gone(place: Place) -> None:
    done = shell(f"mkdir gone && cd gone && rmdir ../gone && {NB} heads")
    assert done.returncode in (1, 255) and "Traceback" not in done.stderr, done
    assert "No such file or directory" in done.stderr


def test_the_whole_traceback_on_request(place: Place) -> None:
    place.env.write_text("raise RuntimeError('no')\n")
    done = process(["--raiseerr", "current"])
    assert done.code == 1 and "RuntimeError: no" in done.err and "Traceback" in done.err


def test_a_real_process_answers_as_the_call_does(place: Place) -> None:
    before = place.snapshot()
    done = process(["upgrade", "nosuch"])
    assert (done.code, done.out, "Traceback" in done.err) == (255, "", False)
    assert done.text.startswith("Can't locate revision identified by 'nosuch'")
    assert place.snapshot() == before
