"""Headers are read without running the file; whatever the way, they are what running it would give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory as AlembicDirectory
from hypothesis import given, settings
from hypothesis import strategies as st

from nbmigrate.errors import ScriptError
from nbmigrate.script import header_tree
from nbmigrate.script.header import Header, read_header

PLAIN = '''"""add email

Revision ID: abc123
Revises: fff000
Create Date: 2024-05-01 10:11:12.131415

"""
from typing import Sequence, Union
from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision: str = 'abc123'
down_revision: Union[str, Sequence[str], None] = 'fff000'
branch_labels: Union[str, Sequence[str], None] = ("shop", "till")
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    raise SystemExit("never run")
'''


def read(text: str, name: str = "x.py") -> Header:
    return read_header(name, text.encode())


def test_a_template_s_file_is_read_without_parsing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("parsed")

    monkeypatch.setattr(header_tree, "header_by_tree", refuse)
    found = read(PLAIN)
    assert found.revision == "abc123"
    assert found.down_revision == "fff000"
    assert found.branch_labels == ("shop", "till")
    assert found.depends_on == ()
    assert found.doc.startswith("add email\n\nRevision ID")
    assert found.create_date == "2024-05-01 10:11:12.131415"
    assert read(PLAIN.replace("\n", "\r\n")).doc == found.doc


@pytest.mark.parametrize(
    ("text", "down"),
    [
        ("revision = 'b'\ndown_revision = 'a'\ndown_revision = 'c'\n", "c"),
        ("revision = 'b'\ndown_revision = ('a' 'b')\n", "ab"),
        ("revision = 'b'\ndown_revision = ('a')\n", "a"),
        ("revision = 'b'\ndown_revision = (\n  'a',\n  'c',\n)\n", ("a", "c")),
        ("revision = 'b'\ndown_revision = ['a', 'c']  # both\n", ("a", "c")),
        ("revision = 'b'\ndown_revision = 'a\\x62'\n", "ab"),
        ("revision, down_revision = 'b', 'a'\n", "a"),
        ("revision = 'b'\nif True:\n    down_revision = 'a'\n", "a"),
        ("revision = 'b'\ndown_revision = 'a'.lower()\n", "a"),
        ("revision = 'b'\ndown_revision = 'a'\ndown_revision += 'c'\n", "ac"),
        ("'one line'\nrevision = 'b'\ndown_revision = None\n", None),
        ("'''revision = 'x'\ndown_revision = 'y'\n'''\nrevision = 'b'\ndown_revision = 'a'\n", "a"),
        ("import os as down_revision\nrevision = 'b'\ndown_revision = 'a'\n", "a"),
        ("revision = 'b'\ndown_revision = 'a'\nfrom os import sep as down_revision\n", "/"),
        ("revision = 'b'\ndown_revision = 'a'\nfor down_revision in 'xyz': pass\n", "z"),
        ("revision = 'b'\ndown_revision = 'a'\ndef upgrade():\n    f(revision='z')\n", "a"),
        ("# coding: latin-1\nrevision = 'b'\ndown_revision = 'a'\n", "a"),
        ("from __future__ import annotations\nrevision = 'b'\ndown_revision = ()\n", None),
    ],
)
def test_unusual_headers_are_what_running_the_file_gives(tmp_path: Path, text: str, down: Any) -> None:
    path = tmp_path / "b_x.py"
    path.write_text(text)
    found = read_header(path, path.read_bytes())
    assert found.revision == "b"
    assert found.down_revision == down
    namespace: dict[str, Any] = {}
    exec(text, namespace)
    assert found.doc == (namespace.get("__doc__") or "").strip()


TEXT = st.text(st.sampled_from("ab'\"\\ \n#=,()[]é"), max_size=6)


@settings(max_examples=120, deadline=None)
@given(
    doc=st.one_of(st.none(), TEXT),
    values=st.tuples(
        TEXT.filter(bool), st.one_of(st.none(), TEXT.filter(bool), st.lists(TEXT.filter(bool), min_size=2))
    ),
    labels=st.one_of(st.none(), st.tuples(TEXT)),
    body=st.sampled_from(
        ["", "def upgrade(): pass\n", "revision_note = 1\n", "x = '''\nrevision = 'q'\n'''\n"]
    ),
)
def test_any_text_is_read_as_python_reads_it(doc: str | None, values: Any, labels: Any, body: str) -> None:
    revision, down = values
    lines = [repr(doc)] if doc is not None else []
    lines += [f"revision = {revision!r}", f"down_revision = {down!r}", f"branch_labels = {labels!r}"]
    found = read("\n".join(lines) + "\n" + body)
    assert found.revision == revision
    assert found.down_revision == (tuple(down) if isinstance(down, list) else down)
    assert found.branch_labels == (labels or ())
    assert found.doc == (doc or "").strip()


def test_a_syntax_error_names_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.py"
    path.write_text("revision = 'a'\ndown_revision = (\n\ndef upgrade(:\n")
    with pytest.raises(ScriptError) as caught:
        read_header(path, path.read_bytes())
    assert caught.value.path == str(path)
    assert caught.value.line == 4 or caught.value.line == 2
    assert f"{path}, line {caught.value.line}: syntax error" in str(caught.value)


def test_a_computed_header_that_raises_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.py"
    path.write_text("import os\nrevision = os.environ['NO_SUCH_VARIABLE']\ndown_revision = None\n")
    with pytest.raises(ScriptError, match="line 2: KeyError"):
        read_header(path, path.read_bytes())


def test_ids_from_old_file_names_and_files_that_are_no_revisions() -> None:
    assert read("down_revision = None\n", "3512b954651e.py").revision == "3512b954651e"
    with pytest.raises(ScriptError, match=r"Could not determine revision id from filename utils\.py"):
        read("x = 1\n", "utils.py")
    with pytest.raises(ScriptError, match="has no 'down_revision'"):
        read("revision = 'a'\n")
    with pytest.raises(ScriptError, match="revision is 5, not a text"):
        read("revision = 5\ndown_revision = None\n")


def test_a_real_project_s_headers_are_what_alembic_reads() -> None:
    optuna = pytest.importorskip("optuna")
    folder = Path(optuna.__file__).parent / "storages" / "_rdb" / "alembic"
    theirs = AlembicDirectory(folder)
    scripts = list(theirs.walk_revisions())
    assert len(scripts) >= 10
    for script in scripts:
        found = read_header(script.path, Path(script.path).read_bytes())
        assert (found.revision, found.down_revision, found.doc) == (
            script.revision, script.down_revision, script.longdoc
        )  # fmt: skip
