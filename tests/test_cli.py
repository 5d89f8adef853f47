"""The terminal door: exit codes, one-line errors, and where output goes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from nbmigrate.cli import VERBS, build_parser, parse, run_line
from nbmigrate.errors import CommandError


def terminal(folder: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nbmigrate", *argv], cwd=folder, capture_output=True, text=True
    )


@pytest.fixture
def project(sqlite_url: str, tmp_path: Path) -> Path:
    assert terminal(tmp_path, "init", "scripts").returncode == 0
    ini = tmp_path / "alembic.ini"
    ini.write_text(ini.read_text().replace("driver://user:pass@localhost/dbname", sqlite_url))
    return tmp_path


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["upgrde", "head"], "unknown verb 'upgrde': did you mean 'upgrade'?"),
        (["xyzzy"], "unknown verb 'xyzzy': verbs are init, "),
        ([], "too few arguments"),
        (["downgrade"], "the following arguments are required: revision"),
        (["upgrade", "--no-such-flag"], "--no-such-flag"),
        (["upgrade", "nosuchrevision"], "nosuchrevision"),
        (["-c", "missing/alembic.ini", "heads"], "script_location"),
        (["history", "-r", "head"], "[start]:[end]"),
        (["downgrade", "--sql", "base"], "<fromrev>:<torev>"),
        (["stamp", "--sql", "--purge", "head"], "--purge"),
    ],
)
def test_what_can_not_be_done_is_one_line_and_exit_255(argv: list[str], says: str, project: Path) -> None:
    done = terminal(project, *argv)
    assert done.returncode == 255
    assert done.stdout == ""
    last = done.stderr.splitlines()[-1]
    assert last.startswith("FAILED: ") and says in last
    assert "Traceback" not in done.stderr


def test_raiseerr_shows_the_traceback(project: Path) -> None:
    assert "Traceback" in terminal(project, "--raiseerr", "upgrade", "nosuchrevision").stderr


def test_help_and_version_print_and_end_well(tmp_path: Path) -> None:
    for argv in (["-h"], ["--version"], ["upgrade", "-h"]):
        done = terminal(tmp_path, *argv)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout


def test_each_verb_has_a_help_text() -> None:
    parser, verbs = build_parser()
    assert set(verbs.choices) == set(VERBS)
    for name in VERBS:
        assert parse(parser, [name, "-h"]) is None


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:////no/such/folder/x.db", "can't connect to sqlite:////no/such/folder/x.db: unable to open"),
        ("postgresql+psycopg://me:s3cret@127.0.0.1:1/db", "can't connect to postgresql+psycopg://me:***@127"),
    ],
)
def test_a_database_that_is_not_there_is_one_line(url: str, says: str, project: Path) -> None:
    ini = project / "alembic.ini"
    lines = [f"sqlalchemy.url = {url}" if "sqlalchemy.url" in x else x for x in ini.read_text().split("\n")]
    ini.write_text("\n".join(lines))
    done = terminal(project, "current")
    assert (done.returncode, done.stdout) == (255, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr and "s3cret" not in done.stderr


def test_a_version_table_of_somebody_else_is_one_line(project: Path) -> None:
    terminal(project, "revision", "-m", "one", "--rev-id", "aaaa")
    engine = create_engine(f"sqlite:///{project / 'fresh.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("create table alembic_version (other int)")
    engine.dispose()
    done = terminal(project, "current")
    assert done.returncode == 255
    assert "no such column: alembic_version.version_num" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_failing_revision_is_one_line_and_exit_1(project: Path) -> None:
    assert terminal(project, "revision", "-m", "bad", "--rev-id", "aaaa").returncode == 0
    (script,) = (project / "scripts" / "versions").glob("*.py")
    text = script.read_text()
    script.write_text(text.replace('    """Upgrade schema."""\n    pass', '    op.execute("not sql")'))
    assert "not sql" in script.read_text()
    done = terminal(project, "upgrade", "head")
    assert done.returncode == 1
    assert "FAILED: upgrade of aaaa failed: near" in done.stderr
    assert "Traceback" not in done.stderr


def test_quiet_prints_no_result(project: Path) -> None:
    assert terminal(project, "-q", "revision", "-m", "one").stdout == ""


def test_sql_is_written_as_it_comes(project: Path) -> None:
    terminal(project, "revision", "-m", "one", "--rev-id", "aaaa")
    done = terminal(project, "upgrade", "head", "--sql")
    assert "CREATE TABLE alembic_version" in done.stdout
    assert "INSERT INTO alembic_version (version_num) VALUES ('aaaa')" in done.stdout
    assert not (project / "fresh.db").exists()


def test_a_closed_pipe_is_no_error(project: Path) -> None:
    terminal(project, "-q", "revision", "-m", "one")
    command = f"{sys.executable} -m nbmigrate history -v | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], cwd=project, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_ctrl_c_is_one_line(project: Path) -> None:
    terminal(project, "revision", "-m", "slow", "--rev-id", "aaaa")
    (script,) = (project / "scripts" / "versions").glob("*.py")
    waits = '    print("started", flush=True)\n    import time\n    time.sleep(60)'
    script.write_text(script.read_text().replace('    """Upgrade schema."""\n    pass', waits))
    child = subprocess.Popen(
        [sys.executable, "-m", "nbmigrate", "upgrade", "head"],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "started\n"
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=30)
    assert child.returncode == 130
    assert errors.splitlines()[-1] == (
        "FAILED: interrupted: upgrade of aaaa; the step was rolled back, the database is at base"
    )
    assert terminal(project, "current").stdout == ""


def test_the_parser_never_leaves_the_process() -> None:
    parser, _ = build_parser("%migrate", terminal=False)
    with pytest.raises(CommandError, match="did you mean 'history'"):
        parse(parser, ["histroy"])
    assert parse(parser, ["history", "-h"]) is None


def test_run_line_gives_the_exit_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_line(["heads"]) == 255
    assert run_line(["list_templates"]) == 0
    assert os.listdir(tmp_path) == []


def test_current_of_a_stored_id_without_a_file_shows_it_and_fails(project: Path) -> None:
    """K8: a CI job relies on the exit code, as with Alembic; what is known is printed all the same."""
    assert terminal(project, "revision", "-m", "gone", "--rev-id", "gone1").returncode == 0
    assert terminal(project, "stamp", "gone1").returncode == 0
    known = terminal(project, "current")
    assert (known.returncode, known.stdout) == (0, "gone1 (head)\n")
    for path in (project / "scripts" / "versions").glob("gone1*"):
        path.unlink()
    lost = terminal(project, "current")
    assert lost.returncode == 255
    assert lost.stdout.startswith("gone1 (no file)\n")
    assert lost.stderr.splitlines()[-1] == (
        "FAILED: Can't locate revision identified by 'gone1': the database stands there, "
        "and no file has that id"
    )
