"""How a run behaves towards others: what it waits for, how long, what it tries again, what it writes down."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from nbmigrate import Migrator
from nbmigrate.errors import CommandError, ConfigError, MigrationFailed
from nbmigrate.runtime.run import Run
from nbmigrate.runtime.settings import RunSettings, run_settings

FIRST = 'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))\n'
ADDS = 'op.add_column("t", sa.Column("x", sa.Integer))\n'


class Config:
    def __init__(self, **options: str) -> None:
        self.options = options

    def get_alembic_option(self, name: str) -> str | None:
        return self.options.get(name)


def test_nothing_asked_for() -> None:
    assert run_settings({}, None) == RunSettings(10.0, None, None, 0, False)


def test_a_flag_before_configure_before_the_configuration() -> None:
    config = Config(lock_timeout="3", statement_timeout="30", audit="true")
    assert run_settings({}, config) == RunSettings(3.0, 3.0, 30.0, 3, True)
    options: dict[str, Any] = {"lock_timeout": 2, "lock_retries": 1}
    assert run_settings(options, config) == RunSettings(2.0, 2.0, 30.0, 1, True)
    options["asked"] = {"lock_timeout": 1.5, "statement_timeout": None, "audit": False}
    assert run_settings(options, config) == RunSettings(1.5, 1.5, 30.0, 1, False)


@pytest.mark.parametrize(
    ("option", "says"),
    [
        ({"lock_timeout": "soon"}, "lock_timeout is 'soon': give a number of seconds"),
        ({"statement_timeout": -1}, "statement_timeout is -1"),
        ({"audit": "maybe"}, "audit is 'maybe': give true or false"),
    ],
)
def test_a_value_that_is_none_is_refused(option: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        run_settings(option, None)


@pytest.fixture
def history(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Two revisions, the first of which has run; ``make(url)`` gives the URL back."""
    monkeypatch.chdir(tmp_path)

    def make(url: str) -> str:
        m = Migrator(url)
        m.cell_revision("first", FIRST)
        m.upgrade()
        m.cell_revision("second", ADDS)
        return url

    return make


@contextmanager
def a_long_query(url: str) -> Iterator[Callable[[], None]]:
    """Somebody reads ``t`` in a transaction that stays open, until the given function is called."""
    engine = sa.create_engine(url)
    connection = engine.connect()
    connection.execute(sa.text("SELECT * FROM t"))
    try:
        yield connection.rollback
    finally:
        connection.close()
        engine.dispose()


SERVERS = [
    pytest.param("postgresql", marks=pytest.mark.postgresql),
    pytest.param("mariadb", marks=pytest.mark.mariadb),
]


@pytest.mark.parametrize("system", SERVERS)
def test_a_table_that_is_read_is_not_waited_for_longer_than_asked(
    system: str, history: Callable[[str], str], request: pytest.FixtureRequest
) -> None:
    url = history(request.getfixturevalue(f"{system}_url"))
    with a_long_query(url), pytest.raises(MigrationFailed, match=r"(?i)lock.*timeout") as failed:
        Migrator(url, lock_timeout=1, lock_retries=0).upgrade()
    assert "nothing of the step was done" in str(failed.value) or "rolled back" in str(failed.value)
    assert len(Migrator(url).upgrade().steps) == 1


@pytest.mark.parametrize("system", SERVERS)
def test_a_lock_that_was_not_to_be_had_is_tried_for_again(
    system: str,
    history: Callable[[str], str],
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The query ends while the run pauses; with one transaction for all there is no second try."""
    url = history(request.getfixturevalue(f"{system}_url"))
    with a_long_query(url) as end:
        pauses: list[float] = []

        def sleep(seconds: float) -> None:
            pauses.append(seconds)
            end()

        monkeypatch.setattr("nbmigrate.runtime.run.time.sleep", sleep)
        migrator = Migrator(url, lock_timeout=1, transaction_per_migration=True)
        assert len(migrator.upgrade().steps) == 1
    assert pauses == [0.5]


def test_a_failure_that_is_no_lock_is_not_tried_again(
    history: Callable[[str], str], sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = history(sqlite_url)
    Migrator(url).cell_revision("third", "op.execute('no sql')\n")
    attempts: list[int] = []
    real = Run._attempt
    monkeypatch.setattr(Run, "_attempt", lambda self, *a: (attempts.append(1), real(self, *a))[1])
    with pytest.raises(MigrationFailed):
        Migrator(url, lock_timeout=1).upgrade()
    assert len(attempts) == 2


@pytest.mark.parametrize("system", SERVERS)
def test_a_statement_may_take_only_so_long_and_the_session_is_as_before(
    system: str, history: Callable[[str], str], request: pytest.FixtureRequest
) -> None:
    url = history(request.getfixturevalue(f"{system}_url"))
    slow = {"postgresql": "SELECT pg_sleep(30)", "mariadb": "SELECT SLEEP(30)"}[system]
    Migrator(url).cell_revision("third", f"op.execute({slow!r})\n")
    engine = sa.create_engine(url)
    setting = {
        "postgresql": "SELECT current_setting('statement_timeout')",
        "mariadb": "SELECT @@SESSION.max_statement_time",
    }[system]
    with engine.connect() as connection:
        before = connection.exec_driver_sql(setting).scalar()
        connection.commit()
        with pytest.raises(MigrationFailed, match=r"(?i)timeout|max_statement_time"):
            Migrator(connection, statement_timeout=0.3).upgrade()
        assert connection.exec_driver_sql(setting).scalar() == before
    engine.dispose()


def test_where_statements_can_not_be_limited_that_is_said(
    history: Callable[[str], str], sqlite_url: str
) -> None:
    url = history(sqlite_url)
    with pytest.raises(CommandError, match="sqlite has no statement_timeout"):
        Migrator(url).upgrade(statement_timeout=1)
    assert len(Migrator(url).upgrade().steps) == 1


def test_a_locked_sqlite_file_is_waited_for_as_long_as_asked(
    history: Callable[[str], str], sqlite_url: str
) -> None:
    url = history(sqlite_url)
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        with pytest.raises(Exception, match="database is locked"):
            Migrator(url, lock_timeout=0.05, lock_retries=0).upgrade()
        connection.exec_driver_sql("ROLLBACK")
    engine.dispose()
    assert len(Migrator(url).upgrade().steps) == 1


def test_four_threads_upgrade_four_databases_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    urls = [f"sqlite:///{tmp_path / f'{number}.db'}" for number in range(4)]
    for number in range(6):
        Migrator(urls[0]).cell_revision(f"r{number}", FIRST.replace('"t"', f'"t{number}"'))
    failures: list[BaseException] = []

    def run(url: str) -> None:
        try:
            assert len(Migrator(url).upgrade().steps) == 6
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(url,)) for url in urls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    for url in urls:
        assert len(sa.inspect(sa.create_engine(url, poolclass=sa.NullPool)).get_table_names()) == 7


def test_the_audit_log(database_url: str, history: Callable[[str], str]) -> None:
    """Who, when, from, to, how long, with what; and what was edited since it ran."""
    url = history(database_url)
    assert "nothing was written down" in str(Migrator(url).history(audit=True))
    first, second = (one.id for one in reversed(Migrator(url).history().revisions))
    Migrator(url).upgrade(audit=True)
    Migrator(url, audit=True).downgrade("-1")
    Migrator(url, audit=True).upgrade()
    audit = Migrator(url).history(audit=True).audit
    assert audit is not None and audit.edited == ()
    assert [line.split()[6:10] for line in audit.lines] == [
        ["upgrade", first, "->", second],
        ["downgrade", second, "->", first],
        ["upgrade", first, "->", second],
    ]
    assert all("@" in line and " s  nbmigrate " in line for line in audit.lines)
    path = Path(Migrator(url).show(second).revisions[0].path or "")
    path.write_text(path.read_text() + "# edited\n")
    text = str(Migrator(url).history(audit=True))
    assert f"edited since it ran: {path}" in text and text.startswith(f"{first} -> {second} (head)")
    # unasked, only where one is kept by the configuration and the database is asked anyway
    assert "Audit" not in str(Migrator(url).history(indicate_current=True))
    assert "Audit" not in str(Migrator(url, audit=True).history())
    asked = Migrator(url).history(audit=True).audit
    assert Migrator(url, audit=True).history(indicate_current=True).audit == asked


def test_a_step_that_fails_is_not_in_the_audit_log(history: Callable[[str], str], sqlite_url: str) -> None:
    url = history(sqlite_url)
    Migrator(url).cell_revision("third", "op.execute('no sql')\n")
    with pytest.raises(MigrationFailed):
        Migrator(url).upgrade(audit=True)
    audit = Migrator(url).history(audit=True).audit
    assert audit is not None and len(audit.lines) == 1
