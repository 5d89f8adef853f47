"""Several runs at once: each revision is applied once, nobody fails, whoever waits in vain is told."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import create_engine, text

from nbmigrate import Migrator
from nbmigrate.errors import LockTimeout

RUN = """
import sys
from nbmigrate import Migrator
by = Migrator.from_config("alembic.ini") if sys.argv[1] == "project" else Migrator(sys.argv[1])
print(len(by.upgrade("head", lock_timeout=60).steps))
"""


@pytest.fixture
def history(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Eight revisions, on each database in turn; a DuckDB file belongs to one process at a time."""
    monkeypatch.chdir(tmp_path)
    m = Migrator(url)
    for number in range(8):
        body = f'op.create_table("t{number}", sa.Column("id", sa.Integer, primary_key=True))\n'
        m.cell_revision(f"t{number}", body)
    return url


@pytest.mark.parametrize("by", ["address", "project"])
def test_four_processes_on_one_database(history: str, by: str) -> None:
    """By its address, and through an env.py that connects for itself."""
    command = [sys.executable, "-c", RUN, history if by == "address" else by]
    children = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)
    ]
    said = [child.communicate(timeout=120) for child in children]
    assert [child.returncode for child in children] == [0] * 4, said
    assert sum(int(out) for out, _ in said) == 8
    assert Migrator(history).current().revisions[0].is_head


WAITS = """
def upgrade():
    op.create_table("slow", sa.Column("id", sa.Integer, primary_key=True))
    from threads import begun, go_on
    begun.set()
    assert go_on.wait(30)

def downgrade():
    op.drop_table("slow")
"""


@pytest.mark.parametrize(
    "system",
    [
        pytest.param("postgresql", marks=pytest.mark.postgresql),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
    ],
)
def test_whoever_waits_in_vain_is_told_by_whom(
    system: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = request.getfixturevalue(f"{system}_url")
    monkeypatch.chdir(tmp_path)
    threads = SimpleNamespace(begun=threading.Event(), go_on=threading.Event())
    monkeypatch.setitem(sys.modules, "threads", threads)
    made = Migrator(url).revision("slow").revision
    assert made is not None and made.path is not None
    script = Path(made.path)
    script.write_text(script.read_text().partition("def upgrade")[0] + WAITS)
    first = threading.Thread(target=lambda: Migrator(url).upgrade("head"))
    first.start()
    try:
        assert threads.begun.wait(30)
        with pytest.raises(
            LockTimeout, match=r"another migration run is under way .*(process|connection) \d"
        ):
            Migrator(url, lock_timeout=1).upgrade("head")
    finally:
        threads.go_on.set()
        first.join()
    assert not Migrator(url).upgrade("head").steps


def test_the_lock_is_given_back_after_a_failure(history: str) -> None:
    m = Migrator(history, lock_timeout=1)
    m.cell_revision("bad", 'def upgrade():\n    op.execute("no sql")\n\ndef downgrade():\n    pass\n')
    for _ in range(2):
        with pytest.raises(Exception, match=r"upgrade of .* failed"):
            m.upgrade("head")
    engine = create_engine(history)
    with engine.connect() as connection:
        # a connection that stays open holds nothing, and is in nobody's way
        connection.execute(text("select 1"))
        with pytest.raises(Exception, match=r"upgrade of .* failed"):
            m.upgrade("head")
    engine.dispose()


def test_a_step_relative_to_a_version_that_has_moved_is_refused(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    m = Migrator(sqlite_url)
    for number in range(3):
        m.revision(f"number {number}", rev_id=f"rev{number}")
    from nbmigrate.runtime.run import Run

    faster = Migrator(sqlite_url)
    real = Run._step
    calls: list[int] = []

    def slower(self: object, *args: object) -> None:
        if not calls:
            calls.append(1)
            faster.upgrade("rev0")
        real(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(Run, "_step", slower)
    with pytest.raises(Exception, match=r"moved the version from base to rev0 meanwhile, so \+1 means"):
        m.upgrade("+1")
    assert [r.id for r in m.current().revisions] == ["rev0"]
