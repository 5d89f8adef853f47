"""How far a run is: one display, seldom changed, nothing for a short run and nothing in a batch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from nbmigrate import Migrator
from nbmigrate.errors import MigrationFailed
from nbmigrate.notebook import load, progress

BODY = "op.create_table('t{n}', sa.Column('id', sa.Integer, primary_key=True))"


class Publisher:
    """Where displays go."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, bool]] = []

    def publish(
        self, data: dict[str, str], metadata: Any = None, *, transient: Any, update: bool = False, **_: Any
    ) -> None:
        assert set(data) == {"text/plain", "text/html"}
        self.sent.append((transient["display_id"], data["text/plain"], update))


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setattr(progress, "EVERY", 0.0)
    InteractiveShell.clear_instance()
    made: Any = InteractiveShell.instance()
    made.history_manager.enabled = False
    made.display_pub = Publisher()
    made.kernel = SimpleNamespace(_allow_stdin=True)
    load(made)
    made.run_line_magic("migrate", "connect sqlite:///real.db")
    for n in range(3):
        made.run_cell_magic("revision", f"r{n} -m '<r{n}>'", BODY.format(n=n))
    yield made
    made.history_manager.end_session()
    InteractiveShell.clear_instance()


class Soon:
    """A timer that rings at once."""

    def __init__(self, seconds: float, function: Any, args: Any) -> None:
        self.ring = lambda: function(*args)

    def start(self) -> None:
        pass

    def cancel(self) -> None:
        pass


def test_one_display_with_every_revision_in_it(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    timers: list[Soon] = []
    monkeypatch.setattr(progress.threading, "Timer", lambda *a: timers.append(Soon(*a)) or timers[-1])
    real = Migrator._environment

    def ring(self: Any, fn: Any, *args: Any, **opts: Any) -> Any:
        def rung(heads: Any, context: Any) -> Any:
            steps = fn(heads, context)
            if timers and not shell.display_pub.sent and context.opts["progress"]:
                context.opts["progress"](0, 3, "before the first")
                timers[-1].ring()
            return steps

        return real(self, rung, *args, **opts)

    monkeypatch.setattr(Migrator, "_environment", ring)
    shell.run_line_magic("migrate", "upgrade")
    sent = shell.display_pub.sent
    assert len({name for name, _, _ in sent}) == 1
    assert [update for _, _, update in sent] == [False] + [True] * (len(sent) - 1)
    texts = [text for _, text, _ in sent]
    assert texts[0].startswith("upgrade: 0 of 3 [....") and "<r1>" in texts[2]
    assert [text.split(" [")[0] for text in texts[1:5]] == [f"upgrade: {n} of 3" for n in range(4)]
    assert texts[4].endswith("[##############################]")
    assert texts[-1] == ""  # the result says all


def test_a_short_run_shows_nothing(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "FIRST", 600.0)
    for line in ("upgrade", "downgrade base", "walk"):
        shell.run_line_magic("migrate", line)
    assert not shell.display_pub.sent


@pytest.mark.parametrize("somebody", [True, False])
def test_where_it_stopped_stays_to_be_seen_and_a_batch_is_quiet(
    shell: Any, monkeypatch: pytest.MonkeyPatch, somebody: bool
) -> None:
    shell.kernel._allow_stdin = somebody
    waits = (
        "import pathlib, time\nwhile pathlib.Path('wait').exists(): time.sleep(0.01)\nop.execute('nonsense')"
    )
    shell.run_cell_magic("revision", "bad", waits)
    if somebody:
        Path("wait").touch()
    monkeypatch.setattr(progress, "FIRST", 0.0)
    publish = shell.display_pub.publish
    # the picture comes from the timer, while the revision runs; then the revision may end
    monkeypatch.setattr(
        shell.display_pub, "publish", lambda *a, **k: (publish(*a, **k), Path("wait").unlink(missing_ok=True))
    )
    with pytest.raises(MigrationFailed):
        shell.run_line_magic("migrate", "upgrade")
    sent = shell.display_pub.sent
    assert (sent != []) is somebody
    if somebody:
        assert sent[-1][1].startswith("upgrade: 3 of 4 ") and sent[-1][1].endswith(", bad")


def test_seldom() -> None:
    told: list[int] = []
    tell = progress.seldom(lambda done, total, doing: told.append(done))
    for done in range(1001):
        tell(done, 1000, "")
    assert told[0] == 0 and told[-1] == 1000 and len(told) < 20


def test_a_display_that_fails_stops_no_migration(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "FIRST", 0.0)
    monkeypatch.setattr(shell.display_pub, "publish", lambda *a, **k: 1 / 0)
    assert len(shell.run_line_magic("migrate", "upgrade").steps) == 3


def test_a_project_with_its_own_env_tells_too(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    embedded = Migrator(sqlite_url)
    embedded.init(template="generic")
    migrator = Migrator.from_config("alembic.ini")
    migrator.cell_revision("one", BODY.format(n=1))
    told: list[tuple[int, int]] = []
    migrator.progress = lambda done, total, doing: told.append((done, total))
    migrator.upgrade("head")
    assert told == [(0, 1), (1, 1)]
    migrator.upgrade("head")
    migrator.current()
    assert len(told) == 2
