"""What a server refuses, through every door: a wrong password, and rights that a user has not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import servers
import sqlalchemy as sa
from bad_input.cases import PROJECT
from bad_input.doors import DOORS
from bad_input.places import Place

RIGHT = "r1ghtly"
SYSTEMS = [
    pytest.param("postgresql", marks=pytest.mark.postgresql),
    pytest.param("mariadb", marks=pytest.mark.mariadb),
]
# how a user is made who may nothing, and what one is told who ...
MADE = {
    "postgresql": (
        "DROP ROLE IF EXISTS nobody_much",
        f"CREATE ROLE nobody_much LOGIN PASSWORD '{RIGHT}'",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    ),
    "mariadb": (
        "DROP USER IF EXISTS nobody_much@localhost",
        f"CREATE USER nobody_much@localhost IDENTIFIED BY '{RIGHT}'",
    ),
}
KEPT_OUT = {
    "postgresql": ("REVOKE CONNECT ON DATABASE {name} FROM PUBLIC",),
    "mariadb": (),
}
LET_IN = {"postgresql": (), "mariadb": ("GRANT SELECT ON {name}.* TO nobody_much@localhost",)}
WRITES_VERSIONS = {
    "postgresql": (
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON alembic_version TO nobody_much",
    ),
    "mariadb": (
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)",
        "GRANT SELECT ON {name}.* TO nobody_much@localhost",
        "GRANT INSERT, UPDATE, DELETE ON {name}.alembic_version TO nobody_much@localhost",
    ),
}
WRONG_PASSWORD = {"postgresql": "password authentication failed", "mariadb": "Access denied for user"}
NO_DATABASE = {"postgresql": "permission denied for database", "mariadb": "to database"}
# PostgreSQL's first table is the revision's, or shares its transaction; MariaDB's is the journal
CODE = {"postgresql": 1, "mariadb": 255}
NO_CREATE = {
    "postgresql": "permission denied for schema public",
    "mariadb": "CREATE command denied to user 'nobody_much'@'localhost'",
}


class Refusing:
    """A database of a server, and a user who has a password and no rights there yet."""

    def __init__(self, url: str, system: str) -> None:
        self.url = sa.make_url(url)
        self.system = system
        self.engine = sa.create_engine(self.url, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
        self.run(*MADE[system])

    def run(self, *statements: str) -> None:
        """Run statements as one who may."""
        with self.engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement.format(name=self.url.database))

    def address(self, password: str) -> str:
        """The user's address."""
        url = self.url.set(username="nobody_much", password=password)
        return url.render_as_string(hide_password=False)

    def holds(self) -> dict[str, list[Any]]:
        """Every table with its rows."""
        with self.engine.connect() as connection:
            names = sa.inspect(connection).get_table_names()
            return {name: list(connection.exec_driver_sql(f"SELECT * FROM {name}")) for name in names}

    def end(self) -> None:
        """Take the user away again."""
        if self.system == "postgresql":
            self.run("DROP OWNED BY nobody_much")
        self.run(MADE[self.system][0])


@pytest.fixture(params=SYSTEMS)
def refusing(request: pytest.FixtureRequest) -> Iterator[Refusing]:
    found = Refusing(request.getfixturevalue(f"{request.param}_url"), request.param)
    yield found
    found.end()


@pytest.fixture
def asks_for_passwords(refusing: Refusing) -> Iterator[None]:
    """PostgreSQL from the wheel trusts everybody; this user it asks."""
    if refusing.system != "postgresql":
        yield
        return
    with refusing.engine.connect() as connection:
        rules = Path(connection.exec_driver_sql("SHOW hba_file").scalar_one())
    if not rules.is_file():
        servers.missing("postgresql", "its pg_hba.conf is not ours to change")
    before = rules.read_text()
    rules.write_text(f"local all nobody_much scram-sha-256\n{before}")
    refusing.run("SELECT pg_reload_conf()")
    yield
    rules.write_text(before)
    refusing.run("SELECT pg_reload_conf()")


@pytest.fixture
def place(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    found = Place.copy_of(project, tmp_path / "p")
    monkeypatch.chdir(found.root)
    return found


def refused(refusing: Refusing, place: Place, door: str, password: str, code: int, *says: str) -> None:
    """One line that says it, without the password; nothing moved on the server, nothing was written."""
    place.url(refusing.address(password))
    before = place.snapshot(), refusing.holds()
    answer = DOORS[door](["upgrade", "head"])
    assert not answer.is_traceback and answer.code == code, answer
    assert "\n" not in answer.text.strip() and password not in answer.out + answer.err + answer.text, answer
    assert not [words for words in says if words not in answer.text], answer.text
    assert (place.snapshot(), refusing.holds()) == before


@pytest.mark.parametrize("door", PROJECT)
def test_a_wrong_password(
    door: str, refusing: Refusing, place: Place, shell: object, asks_for_passwords: None
) -> None:
    says = ("can't connect to", "nobody_much", WRONG_PASSWORD[refusing.system])
    refused(refusing, place, door, "s3cret", 255, *says)


@pytest.mark.parametrize("door", PROJECT)
def test_no_right_to_connect(door: str, refusing: Refusing, place: Place, shell: object) -> None:
    refusing.run(*KEPT_OUT[refusing.system])
    refused(refusing, place, door, RIGHT, 255, "can't connect to", NO_DATABASE[refusing.system])


@pytest.mark.parametrize("door", PROJECT)
def test_no_right_to_create(door: str, refusing: Refusing, place: Place, shell: object) -> None:
    """An empty database: the version table is the first that would be made."""
    refusing.run(*LET_IN[refusing.system])
    refused(refusing, place, door, RIGHT, CODE[refusing.system], NO_CREATE[refusing.system])


@pytest.mark.parametrize("door", PROJECT)
def test_no_right_to_create_but_a_version_table(
    door: str, refusing: Refusing, place: Place, shell: object
) -> None:
    refusing.run(*WRITES_VERSIONS[refusing.system])
    refused(refusing, place, door, RIGHT, CODE[refusing.system], NO_CREATE[refusing.system])
