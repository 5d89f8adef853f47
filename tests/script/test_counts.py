"""What a start costs, counted: files opened, modules imported, scripts run; the same on any machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# the real start of the terminal door, with a hook that sees every file that Python or the system opens
COUNTED = """
import json, sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
from nbmigrate.cli import run_line
code = run_line({line!r})
json.dump({{"code": code, "opened": opened, "modules": sorted(sys.modules)}}, open({out!r}, "w"))
"""
# imported by no verb that reads files: each was seen to cost milliseconds, or to drag others along
HEAVY = "sqlalchemy mako alembic logging ast inspect dataclasses difflib traceback uuid tempfile subprocess"
HEAVY += " nbmigrate.script.header_tree asyncio IPython importlib.metadata tomllib shutil textwrap pathlib"


def project(folder: Path, count: int, body: str = "pass") -> Path:
    """A line of revisions that were written long ago."""
    (folder / "alembic.ini").write_text(
        "[alembic]\nscript_location = %(here)s/migrations\npath_separator = os\nprepend_sys_path = .\n"
    )
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    for number in range(count):
        down = f"r{number - 1:06}" if number else None
        path = versions / f"r{number:06}_x.py"
        path.write_text(
            f'"""revision {number}"""\nrevision = "r{number:06}"\ndown_revision = {down!r}\n\n'
            f"def upgrade():\n    {body.format(number=number)}\n\ndef downgrade():\n    pass\n"
        )
    return versions


def run(folder: Path, *line: str) -> dict[str, list[str]]:
    out = folder / "counted.json"
    env = {**os.environ, "PYTHONPATH": str(ROOT), "NBMIGRATE_CACHE_DIR": str(folder / "cache")}
    env["PYTHONDONTWRITEBYTECODE"] = "1"
    done = subprocess.run(
        [sys.executable, "-c", COUNTED.format(line=list(line), out=str(out))],
        cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(out.read_text())
    assert found["code"] == 0, done.stderr
    return found


def of_the_project(opened: Sequence[str], folder: Path) -> list[str]:
    """Those that are not Python's own or the package's: what the size of a project could multiply."""
    code = (str(ROOT), sys.prefix, sys.base_prefix, str(folder / "counted.json"))
    return [name for name in opened if not name.startswith(code)]


@pytest.mark.parametrize("line", [["heads"], ["history"], ["show", "head"], ["branches"]])
def test_a_warm_start_opens_five_files_at_most(tmp_path: Path, line: list[str]) -> None:
    versions = project(tmp_path, 1000)
    old = 1_700_000_000
    for path in versions.iterdir():
        os.utime(path, (old, old))
    # times of change can't be set: the first start takes the clock to be an hour later
    ahead = "import time; real = time.time_ns; time.time_ns = lambda: real() + 3600 * 10**9; "
    cold = subprocess.run(
        [sys.executable, "-c", ahead + "from nbmigrate.cli import run_line; run_line(['heads'])"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NBMIGRATE_CACHE_DIR": str(tmp_path / "cache")},
    )  # fmt: skip
    assert cold.stdout == "r000999 (head)\n", cold.stderr
    opened = of_the_project(run(tmp_path, *line)["opened"], tmp_path)
    assert len(opened) <= 5, opened
    assert any(name.startswith(str(tmp_path / "cache")) for name in opened)


def test_only_the_scripts_that_run_are_imported(tmp_path: Path) -> None:
    project(tmp_path, 50, "open('ran', 'a').write('{number}\\n')")
    (tmp_path / "migrations" / "env.py").write_text(
        "from alembic import context\nfrom sqlalchemy import create_engine\n"
        "with create_engine('sqlite:///shop.db').connect() as connection:\n"
        "    context.configure(connection=connection)\n"
        "    with context.begin_transaction():\n        context.run_migrations()\n"
    )
    for path in (tmp_path / "migrations" / "versions").iterdir():
        path.write_text("open('imported', 'a').write(__file__ + '\\n')\n" + path.read_text())
    run(tmp_path, "stamp", "r000009")
    assert not (tmp_path / "imported").exists()
    run(tmp_path, "upgrade", "+3")
    assert (tmp_path / "ran").read_text().split() == ["10", "11", "12"]
    imported = {Path(line).name for line in (tmp_path / "imported").read_text().split()}
    assert imported == {"r000010_x.py", "r000011_x.py", "r000012_x.py"}


def test_a_script_that_runs_is_read_once(tmp_path: Path) -> None:
    versions = project(tmp_path, 20)
    (tmp_path / "migrations" / "env.py").write_text(
        "from alembic import context\nfrom sqlalchemy import create_engine\n"
        "with create_engine('sqlite:///shop.db').connect() as connection:\n"
        "    context.configure(connection=connection)\n"
        "    with context.begin_transaction():\n        context.run_migrations()\n"
    )
    headers, ran = (
        [
            name
            for name in run(tmp_path, *line)["opened"]
            if name.startswith(str(versions)) and name[-1] == "y"
        ]
        for line in (["heads"], ["upgrade", "+7"])
    )
    # for their headers, which are not in an index yet
    assert len(headers) == 20
    assert len(ran) - len(headers) == 7


@pytest.mark.parametrize(
    "line", [["heads"], ["history"], ["show", "head"], ["branches"], ["--help"], ["upgrade", "--help"]]
)
def test_verbs_that_read_files_import_little(tmp_path: Path, line: list[str]) -> None:
    project(tmp_path, 3)
    # what Python's own modules import in this version of it is not ours to save
    own = "import sys, argparse, configparser, contextlib, importlib.util, typing, shutil, textwrap; "
    own = own if "--help" in line else own.replace(", shutil, textwrap", "")
    base = subprocess.run([sys.executable, "-c", own + "print(*sys.modules)"], capture_output=True, text=True)
    modules = set(run(tmp_path, *line)["modules"]) - set(base.stdout.split())
    assert sorted(modules.intersection(HEAVY.split())) == []


def imported(source: str) -> set[str]:
    """The modules that a fresh process imports between ``start`` and the end."""
    program = f"import sys\n{source}\nprint(*sorted(set(sys.modules) - start))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


def test_help_imports_the_grammar_alone() -> None:
    modules = imported(
        "start = set(sys.modules)\nfrom nbmigrate.cli import run_line\n"
        "try:\n    run_line(['--help'])\nexcept SystemExit:\n    pass"
    )
    ours = {name for name in modules if name.startswith("nbmigrate")}
    names = ("", ".arguments", ".cli", ".errors", ".version")
    assert ours == {f"nbmigrate{name}" for name in names}


def test_load_ext_imports_no_engine(tmp_path: Path) -> None:
    modules = imported(
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance()\nstart = set(sys.modules)\n"
        "shell.run_line_magic('load_ext', 'nbmigrate')\n"
        "assert 'migrate' in shell.magics_manager.magics['line']"
    )
    others = "sqlalchemy mako alembic ipywidgets anywidget graphviz pandas importlib.metadata subprocess"
    assert sorted(modules.intersection(others.split())) == []
    # doors and values: what does the work is imported by the first verb
    rooms = {name.split(".")[1] for name in modules if name.startswith("nbmigrate.")}
    assert rooms <= {"arguments", "cli", "config", "errors", "notebook", "results", "util", "version"}
