"""The history rows of the table of speeds, as ratios: ``python tests/bench/history.py [--quick]``.

Not run by pytest: timings never decide a test. Alembic, nbmigrate and a floor written by hand (``scandir``,
``stat``, ``read``) take turns in fresh processes for several rounds; what is printed are medians of CPU time
(user and system), in milliseconds, and how many times less than Alembic's ours is.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

INI = "[alembic]\nscript_location = %(here)s/migrations\nprepend_sys_path = .\npath_separator = os\n"
INI += "sqlalchemy.url = sqlite:///{here}/shop.db\n"

ENV = """from alembic import context
from sqlalchemy import create_engine

engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""

FILE = '''"""add column {number} to orders

Revision ID: {id}
Revises: {revises}
Create Date: 2026-01-05 10:00:00.000000

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '{id}'
down_revision: Union[str, Sequence[str], None] = {down!r}
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_table(
        "orders_{number}",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_orders_{number}_name", "orders_{number}", ["name"])


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_index("ix_orders_{number}_name", "orders_{number}")
    op.drop_table("orders_{number}")
'''

# what is timed begins behind the imports; the second line is a second call in the same process
HISTORY = """
import sys, time
from {package}.config import Config
from {package}.script import ScriptDirectory

def load(config):
    script = ScriptDirectory.from_config(config)
    heads = script.get_heads()
    count = sum(1 for _ in script.walk_revisions())
    return script, heads, count

config = Config({ini!r})
cpu, wall = time.process_time(), time.perf_counter()
script, heads, count = load(config)
print((time.process_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000)
assert count == {count}, count
cpu, wall = time.process_time(), time.perf_counter()
{again}
print((time.process_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000)
"""
AGAIN = {
    "alembic": "load(config)",
    # what a kernel does: the directory is kept, and looks whether the files have changed
    "nbmigrate": "script.refresh(); script.get_heads(); sum(1 for _ in script.walk_revisions())",
}

FLOOR = """
import os, time
cpu, wall = time.process_time(), time.perf_counter()
folder = {versions!r}
with os.scandir(folder) as entries:
    names = sorted(entry.name for entry in entries if entry.name.endswith(".py"))
at = os.open(folder, os.O_RDONLY)
for name in names:
    status = os.stat(name, dir_fd=at)
    if {read}:
        file = os.open(name, os.O_RDONLY, dir_fd=at)
        os.read(file, status.st_size)
        os.close(file)
os.close(at)
print((time.process_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000)
"""


@dataclass
class Project:
    """A generated migration environment."""

    folder: Path
    count: int
    shape: str

    @property
    def ini(self) -> str:
        return str(self.folder / "alembic.ini")

    @property
    def versions(self) -> Path:
        return self.folder / "migrations" / "versions"

    @property
    def cache(self) -> Path:
        return self.folder.parent / "cache"

    @property
    def bytecode(self) -> Path:
        return self.folder.parent / "bytecode"

    def forget(self) -> None:
        """No bytecode and no index, as after a checkout."""
        shutil.rmtree(self.bytecode / self.folder.relative_to("/"), ignore_errors=True)
        shutil.rmtree(self.cache, ignore_errors=True)


def parents(count: int, shape: str) -> list[tuple[int, ...]]:
    """The parents of each revision by number: a line, or a line with side branches that are merged again."""
    if shape == "linear":
        return [(n - 1,) if n else () for n in range(count)]
    found: list[tuple[int, ...]] = []
    for n in range(count):
        place = n % 5
        if n == 0:
            found.append(())
        elif place == 0 and n >= 5:
            found.append((n - 3, n - 1))  # the merge of both lines
        elif place == 3:
            found.append((n - 3,))  # a side branch leaves where the main line has two more
        else:
            found.append((n - 1,))
    return found


def generate(folder: Path, count: int, shape: str) -> Project:
    """Write a project of ``count`` revisions, an hour old."""
    project = Project(folder, count, shape)
    project.versions.mkdir(parents=True)
    Path(project.ini).write_text(INI.format(here=folder))
    (folder / "migrations" / "env.py").write_text(ENV)
    ids = [f"{number * 2654435761 % 2**48:012x}" for number in range(count)]
    for number, ups in enumerate(parents(count, shape)):
        down = tuple(ids[up] for up in ups)
        path = project.versions / f"{ids[number]}_add_column_{number}_to_orders.py"
        text = FILE.format(
            id=ids[number],
            number=number,
            revises=", ".join(down),
            down=None if not down else down[0] if len(down) == 1 else down,
        )
        path.write_text(text)
        old = path.stat().st_mtime - 3600
        os.utime(path, (old, old))
    return project


def run(command: list[str], project: Project, write_bytecode: bool = True) -> tuple[float, str]:
    """CPU milliseconds of a fresh process, and what it printed."""
    env = {**os.environ, "NBMIGRATE_CACHE_DIR": str(project.cache), "PYTHONPATH": str(ROOT)}
    # both packages have bytecode, as where they are installed, whatever this machine's habits are
    env["PYTHONPYCACHEPREFIX"] = str(project.bytecode)
    env["PYTHONDONTWRITEBYTECODE"] = "" if write_bytecode else "1"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=project.folder, env=env, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{command}: {done.stderr[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu * 1000, done.stdout


def in_turn(rounds: int, sides: dict[str, Callable[[], list[float]]]) -> dict[str, list[float]]:
    """The medians of what each side measures, the sides taking turns."""
    taken: dict[str, list[list[float]]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, measure in sides.items():
            taken[name].append(measure())
    return {
        name: [statistics.median(column) for column in zip(*rows, strict=True)]
        for name, rows in taken.items()
    }


def row(title: str, theirs: float, ours: float, floor: float, least: str) -> None:
    """One line of the table."""
    print(f"{title:<58}{theirs:>9.1f}{ours:>9.1f}{floor:>9.1f}{theirs / max(ours, 0.01):>8.1f}x   {least}")


def imports(rounds: int, project: Project) -> None:
    """``import`` beyond SQLAlchemy's own."""

    def of(modules: str) -> Callable[[], list[float]]:
        return lambda: [run([sys.executable, "-c", f"import {modules}"], project)[0]]

    parts = ("{0}", "{0}, {0}.op, {0}.context", "{0}, {0}.op, {0}.command, {0}.config")
    base = of("sqlalchemy")
    for part in parts:
        for name in ("alembic", "nbmigrate"):
            of("sqlalchemy, " + part.format(name))()
        sides = {name: of("sqlalchemy, " + part.format(name)) for name in ("alembic", "nbmigrate")}
        found = in_turn(rounds * 2 + 1, {"base": base, **sides})
        theirs, ours = (found[name][0] - found["base"][0] for name in ("alembic", "nbmigrate"))
        row(f"import {part.format('x')}, beyond SQLAlchemy", theirs, max(ours, 0.1), 0, "4x, goal 6x")


def verbs(rounds: int, project: Project, chosen: tuple[str, ...], least: str) -> None:
    """Verbs in a fresh process, everything warm."""
    floor = FLOOR.format(versions=str(project.versions), read=False)

    def of(*words: str) -> Callable[[], list[float]]:
        return lambda: [run([sys.executable, *words], project)[0]]

    for verb in chosen:
        sides = {
            "alembic": of("-m", "alembic.config", *verb.split()),
            "nbmigrate": of("-m", "nbmigrate", *verb.split()),
            "floor": of("-c", floor),
        }
        for measure in sides.values():
            measure()
        found = in_turn(rounds, sides)
        row(f"{verb}, {project.count:,} {project.shape}, whole process", found["alembic"][0],
            found["nbmigrate"][0], found["floor"][0], least)  # fmt: skip


def history(rounds: int, project: Project) -> None:
    """Load, heads and walk: the first time, with what the first time left, and a second call."""

    def side(package: str, first: bool) -> Callable[[], list[float]]:
        code = HISTORY.format(package=package, ini=project.ini, count=project.count, again=AGAIN[package])

        def measure() -> list[float]:
            if first:
                project.forget()
            # to write bytecode is not counted against the one that does
            printed = run([sys.executable, "-c", code], project, not first)[1].split()
            return [float(printed[0]), float(printed[2])]

        return measure

    def floor(read: bool) -> Callable[[], list[float]]:
        code = FLOOR.format(versions=str(project.versions), read=read)
        return lambda: [float(run([sys.executable, "-c", code], project)[1].split()[0])]

    name = f"{project.count:,} {project.shape}"
    cold = in_turn(rounds, {"alembic": side("alembic", True), "nbmigrate": side("nbmigrate", True),
                            "floor": floor(True)})  # fmt: skip
    row(f"history, {name}, first time", cold["alembic"][0], cold["nbmigrate"][0], cold["floor"][0],
        "10x, goal 18x")  # fmt: skip
    for package in AGAIN:
        side(package, False)()
    warm = in_turn(rounds, {"alembic": side("alembic", False), "nbmigrate": side("nbmigrate", False),
                            "floor": floor(False)})  # fmt: skip
    least = "12x, goal 19x" if project.shape == "linear" else "50x, goal 145x"
    row(f"history, {name}, index there", warm["alembic"][0], warm["nbmigrate"][0], warm["floor"][0], least)
    row(f"history, {name}, second call", warm["alembic"][1], warm["nbmigrate"][1], warm["floor"][0],
        "12x, goal 30x")  # fmt: skip


def memory(project: Project) -> None:
    """The peak of a process that has loaded and walked the history, beyond the interpreter's own."""
    code = "\nimport resource\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"

    def peak(program: str) -> float:
        return float(run([sys.executable, "-c", program + code], project)[1].split()[-1])

    taken = {
        package: peak(HISTORY.format(package=package, ini=project.ini, count=project.count, again="pass"))
        for package in AGAIN
    }
    none = peak("import sqlalchemy")
    title = f"peak MB, {project.count:,} {project.shape} (floor: import sqlalchemy)"
    row(title, taken["alembic"], taken["nbmigrate"], none, "Alembic 125, at most 40 at 10,000")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="3,000 in place of 10,000, fewer rounds")
    parser.add_argument("--rounds", type=int, help="how often each is measured")
    options = parser.parse_args()
    rounds = options.rounds or (3 if options.quick else 7)
    many = 3_000 if options.quick else 10_000
    title = f"CPU ms, medians of {rounds}"
    print(f"{title:<58}{'alembic':>9}{'ours':>9}{'floor':>9}{'ratio':>9}   at least")
    with tempfile.TemporaryDirectory() as temporary:
        small = generate(Path(temporary, "small"), 1_000, "linear")
        imports(rounds, small)
        verbs(rounds, small, ("heads", "history", "show head", "branches"), "9x, goal 14x")
        verbs(rounds, small, ("current",), "2.2x, goal 2.7x")
        verbs(rounds, generate(Path(temporary, "larger"), 3_000, "linear"), ("current",), "6x, goal 8x")
        for shape in ("linear", "branchy"):
            project = generate(Path(temporary, shape), many, shape)
            # Alembic takes half a minute for the branchy one
            history(1 if shape == "branchy" and many > 5_000 else max(rounds // 2, 1), project)
            memory(project)


if __name__ == "__main__":
    main()
