"""What stands in the version table and can't be there: ids without a file, ids that are too long."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from nbmigrate import Migrator, cli
from nbmigrate.errors import CommandError, ResolutionError
from nbmigrate.notebook.displays import html_of, text_of

LONG = "a_revision_id_of_more_than_thirty_two_characters"


def git(*words: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "commit.gpgsign=false", *words],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


@pytest.fixture
def migrator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Migrator]:
    """A project under git with two revisions, both applied; the files of the second are lost by the tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    one = Migrator("sqlite:///x.db")
    one.revision("orders", rev_id="orders_v1")
    one.revision("other")
    one.revision("prices", rev_id="prices_v2", head="orders_v1", splice=True)
    one.upgrade("prices_v2")
    git("init", "-q", "-b", "main")
    yield one


def lose(migrator: Migrator) -> Path:
    found = migrator.script.get_revision("prices_v2")
    assert found is not None
    return Path(found.path).relative_to(Path.cwd())


VERBS = {
    "upgrade": lambda m: m.upgrade("heads"),
    "downgrade": lambda m: m.downgrade("-1"),
    "stamp": lambda m: m.stamp("orders_v1"),
    "plan": lambda m: m.plan("heads"),
    "show current": lambda m: m.show("current"),
    "edit current": lambda m: m.edit("current"),
    "history": lambda m: m.history("current:"),
    "revision": lambda m: m.revision("x", autogenerate=True),
    "check": lambda m: m.check(),
}


@pytest.mark.parametrize("verb", VERBS)
def test_b8_every_verb_says_how_to_get_out(migrator: Migrator, verb: str) -> None:
    lose(migrator).unlink()
    migrator.metadata = sa.MetaData()
    with pytest.raises(ResolutionError) as caught:
        VERBS[verb](migrator)
    said = str(caught.value)
    assert said.startswith("Can't locate revision identified by 'prices_v2': the database stands there")
    assert "bring the file back, or tell the database where it is with 'stamp --purge" in said
    assert "\n" not in said


def test_b8_near_ids_are_named(migrator: Migrator) -> None:
    lose(migrator).unlink()
    migrator.revision("prices", rev_id="prices_v3", head="orders_v1", splice=True)
    with pytest.raises(ResolutionError, match=r"could it be 'prices_v3'.*'stamp --purge prices_v3'"):
        migrator.upgrade("heads")
    assert migrator.stamp("prices_v3", purge=True).after == ("prices_v3",)  # type: ignore[union-attr]


def test_b8_a_file_that_was_deleted_is_found_in_git(migrator: Migrator) -> None:
    path = lose(migrator)
    git("add", ".")
    git("commit", "-qm", "all")
    git("rm", "-q", str(path))
    git("commit", "-qm", "without")
    commit = git("rev-parse", "--short", "HEAD")
    with pytest.raises(ResolutionError) as caught:
        migrator.upgrade("heads")
    line = f"git checkout {commit}^ -- {path}"
    assert f"git: {path} was deleted in commit {commit} of " in str(caught.value)
    assert str(caught.value).endswith(line)
    git(*line.split()[1:])
    assert str(migrator.current()) == "prices_v2 (head)"


def test_b8_a_file_of_another_branch_is_found_in_git(migrator: Migrator) -> None:
    path = lose(migrator)
    migrator.revision("after", rev_id="after", head="prices_v2")  # names the lost one, and is not it
    after = migrator.script.get_revision("after")
    assert after is not None
    git("add", str(path), after.path)
    git("checkout", "-q", "-b", "feature/prices")
    git("commit", "-qm", "prices")
    git("checkout", "-q", "--orphan", "other")
    git("rm", "-q", "--cached", str(path), after.path)
    path.unlink()
    Path(after.path).unlink()
    git("commit", "-q", "--allow-empty", "-m", "nothing")
    with pytest.raises(ResolutionError) as caught:
        migrator.upgrade("heads")
    assert f"git: {path} is on feature/prices" in str(caught.value)
    assert str(caught.value).endswith(f"to bring it back: git checkout feature/prices -- {path}")
    current = migrator.current()
    assert current.missing == ("prices_v2",)
    for shown in (str(current), text_of(current), html_of(current)):
        assert shown is not None
        assert "no file" in shown
        assert "git checkout feature/prices" in shown
    git("checkout", "feature/prices", "--", str(path))
    assert migrator.current().missing == ()


def test_b8_without_git_the_bytecode_tells_the_name(
    migrator: Migrator, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = lose(migrator)
    cache = path.parent / "__pycache__"
    cache.mkdir(exist_ok=True)
    (cache / f"{path.stem}.cpython-311.pyc").write_bytes(b"")
    path.unlink()
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ResolutionError, match=f"Python's cache says that there was a file {path.name}"):
        migrator.upgrade("heads")


def test_a_purge_that_can_not_be_followed_by_a_stamp_leaves_the_rows(migrator: Migrator) -> None:
    with pytest.raises(ResolutionError, match="'prices_v9'; did you mean 'prices_v2'"):
        migrator.stamp("prices_v9", purge=True)
    assert str(migrator.current()) == "prices_v2 (head)"


def long_one(folder: str = "migrations") -> None:
    """A revision whose id a VARCHAR(32) does not hold, behind one that would make a table."""
    versions = Path(folder, "versions")
    for key, down in (("short", None), (LONG, "short")):
        (versions / f"{key[:9]}.py").write_text(
            f"revision = {key!r}\ndown_revision = {down!r}\nfrom alembic import op\nimport sqlalchemy as sa\n"
            f"def upgrade(): op.create_table('t_{key}', sa.Column('a', sa.Integer))\n"
            f"def downgrade(): op.drop_table('t_{key}')\n"
        )


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Migrator("sqlite:///x.db").init()
    long_one()


@pytest.mark.postgresql
def test_an_id_that_is_too_long_is_refused_before_anything_runs(project: None, postgresql_url: str) -> None:
    migrator = Migrator(postgresql_url)
    refused = (
        f"Revision identifier '{LONG}' has {len(LONG)} characters, and alembic_version.version_num holds 32"
    )
    for call in (
        lambda: migrator.upgrade("head"),
        lambda: migrator.stamp("head"),
        lambda: migrator.stamp("head", purge=True),
    ):
        with pytest.raises(CommandError, match=refused):
            call()
    engine = sa.create_engine(postgresql_url)
    assert sa.inspect(engine).get_table_names() == []
    migrator.upgrade("short")
    with pytest.raises(CommandError) as caught:
        migrator.upgrade("head")
    widen = str(caught.value).partition("widen the column first: ")[2]
    assert widen == "ALTER TABLE alembic_version ALTER COLUMN version_num TYPE VARCHAR(64)"
    with engine.begin() as connection:
        connection.exec_driver_sql(widen)
    assert migrator.upgrade("head").after == (LONG,)  # type: ignore[union-attr]
    migrator.downgrade("base")
    engine.dispose()


def test_an_id_is_never_too_long_where_lengths_are_not_kept(project: None) -> None:
    for url in ("sqlite:///x.db", "duckdb:///x.duck"):
        migrator = Migrator(url)
        assert migrator.upgrade("head").after == (LONG,)  # type: ignore[union-attr]
    # and where there is one already, a new one may be as long
    made = migrator.revision("more", rev_id=LONG.replace("more", "less"), head=LONG)
    assert made.state == "created"
    with pytest.raises(CommandError, match=f"the version table holds {len(LONG)}"):
        migrator.revision("more", rev_id=LONG + "x", head="heads")


def test_x4_text_that_makes_the_table_is_held_to_its_width(project: None) -> None:
    Path("alembic.ini").write_text("[alembic]\nscript_location = migrations\n")
    Path("migrations", "env.py").write_text(
        "from alembic import context\ncontext.configure(dialect_name='postgresql')\n"
        "context.run_migrations()\n"
    )
    assert cli.run_line(["upgrade", "head", "--sql"]) == 255
    assert cli.run_line(["upgrade", "short:head", "--sql"]) == 0
