"""Renames typed at a terminal and in a notebook: asked for, answered, refused, and told as JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from IPython.core.interactiveshell import InteractiveShell
from roundtrip import database

from nbmigrate.notebook import load

MODELS = """import sqlalchemy as sa

metadata = sa.MetaData()
key = sa.Column("id", sa.Integer, primary_key=True)
sa.Table({table!r}, metadata, key, sa.Column({column!r}, sa.String(20){info}))
"""
HOSTILE = 'a "b".c=d; --%s'


def terminal(folder: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nbmigrate", *argv], cwd=folder, capture_output=True, text=True
    )


@pytest.fixture
def project(sqlite_url: str, tmp_path: Path) -> Path:
    """A database whose table user has a column mail with a value; the models call it email."""
    assert terminal(tmp_path, "init", "scripts").returncode == 0
    ini = tmp_path / "alembic.ini"
    ini.write_text(ini.read_text().replace("driver://user:pass@localhost/dbname", sqlite_url))
    env = tmp_path / "scripts" / "env.py"
    text = env.read_text()
    assert "target_metadata = None" in text
    env.write_text(
        text.replace("target_metadata = None", "from models import metadata\n\ntarget_metadata = metadata")
    )
    fill(sqlite_url, "mail")
    models(tmp_path)
    return tmp_path


def models(folder: Path, *, table: str = "user", column: str = "email", info: str = "") -> None:
    (folder / "models.py").write_text(MODELS.format(table=table, column=column, info=info))


def fill(url: str, column: str) -> None:
    metadata = sa.MetaData()
    id_ = sa.Column("id", sa.Integer, primary_key=True)
    table = sa.Table("user", metadata, id_, sa.Column(column, sa.String(20), key="it"))
    with database(url) as engine, engine.begin() as connection:
        connection.exec_driver_sql('DROP TABLE IF EXISTS "user"')
        metadata.create_all(connection)
        connection.execute(table.insert(), {"id": 1, "it": "a@b"})


def files(folder: Path) -> list[Path]:
    return sorted((folder / "scripts" / "versions").glob("*.py"))


def told(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.stdout)
    assert list(found) == ["form", "database", "different", "changes", "questions"]
    return found


def test_json_is_one_object_of_the_documented_form(project: Path) -> None:
    asked = terminal(project, "diff", "--json")
    assert asked.returncode == 0
    found = told(asked)
    assert found["form"] == 1 and found["different"] is True
    keys = ["kind", "object", "name", "before", "after", "rows", "fails", "operation"]
    assert [list(change) for change in found["changes"]] == [keys, keys]
    (question,) = found["questions"]
    assert list(question) == [
        "object", "old", "new", "reasons", "score", "rows", "count", "within", "must_be_answered",
        "rename", "drop",
    ]  # fmt: skip
    assert (question["old"], question["new"], question["count"]) == ("user.mail", "user.email", 1)
    assert (question["rename"], question["drop"]) == ("--rename user.mail=user.email", "--drop user.mail")

    checked = terminal(project, "check", "--json", *question["rename"].split())
    assert checked.returncode == 255
    found = told(checked)
    assert found["questions"] == [] and len(found["changes"]) == 1
    dropped = told(terminal(project, "diff", "--json", *question["drop"].split()))
    assert dropped["questions"] == [] and len(dropped["changes"]) == 2


def test_check_json_without_a_difference_ends_well(project: Path) -> None:
    models(project, column="mail")
    done = terminal(project, "check", "--json")
    assert done.returncode == 0
    assert (told(done)["different"], told(done)["changes"]) == (False, [])


def test_without_an_answer_nothing_is_written(project: Path) -> None:
    done = terminal(project, "revision", "--autogenerate", "-m", "x")
    assert done.returncode not in (0, None)
    assert files(project) == []
    assert "--rename user.mail=user.email   or   --drop user.mail" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["email", HOSTILE])
def test_an_answered_rename_keeps_the_value(project: Path, sqlite_url: str, name: str) -> None:
    """The question's own option, split as a shell does, is the answer, whatever the name."""
    import shlex

    models(project, column=name)
    (question,) = told(terminal(project, "diff", "--json"))["questions"]
    answer = shlex.split(question["rename"])
    done = terminal(project, "revision", "--autogenerate", "-m", "x", *answer)
    assert done.returncode == 0, done.stderr
    assert len(files(project)) == 1
    assert terminal(project, "upgrade", "head").returncode == 0
    with database(sqlite_url) as engine, engine.connect() as connection:
        rows = connection.exec_driver_sql('SELECT * FROM "user"').mappings().all()
    assert [dict(row) for row in rows] == [{"id": 1, name: "a@b"}]
    assert terminal(project, "check").returncode == 0


@pytest.mark.parametrize("answer", ["user.mail", "user.nothing=user.none", "user.mail=user.none"])
def test_an_answer_without_meaning_is_refused(project: Path, answer: str) -> None:
    done = terminal(project, "revision", "--autogenerate", "-m", "x", "--rename", answer)
    assert done.returncode == 255
    assert done.stderr.splitlines()[-1].startswith("FAILED: --rename user.")
    assert files(project) == []


def test_the_models_may_answer(project: Path) -> None:
    models(project, info=', info={"renamed_from": "mail"}')
    found = told(terminal(project, "diff", "--json"))
    assert found["questions"] == [] and len(found["changes"]) == 1
    models(project, table="people", column="mail", info='), info=dict(renamed_from="user"')
    found = told(terminal(project, "diff", "--json"))
    assert found["questions"] == [] and len(found["changes"]) == 1


def test_the_magics_take_the_same_answers(
    project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(project)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.history_manager.enabled = False
    load(shell)
    try:
        namespace: dict[str, Any] = {}
        exec((project / "models.py").read_text(), namespace)
        shell.user_ns["metadata"] = namespace["metadata"]
        (question,) = shell.run_line_magic("migrate", "diff").questions
        line = f"revision --autogenerate -m x {question.rename}"
        assert shell.run_line_magic("migrate", line) is not None
        (script,) = files(project)
        assert "new_column_name='email'" in script.read_text()
    finally:
        shell.history_manager.end_session()
        InteractiveShell.clear_instance()
