"""The body of a cell and the file that it becomes."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory as AlembicDirectory
from hypothesis import given, settings
from hypothesis import strategies as st

from nbmigrate.config import Config
from nbmigrate.errors import CommandError, ScriptError
from nbmigrate.script import Script, ScriptDirectory
from nbmigrate.script.cell import CellRevision, body_hash, find_cell, has_functions, write_cell
from nbmigrate.script.environment_files import init_environment

FUNCTIONS = '''import json  # for helper
from collections import abc

SIZE = 3  # how many


@staticmethod
def helper():
    # inside helper
    return SIZE


# what goes up
def upgrade():
  # two spaces are mine
  op.execute(f"""
    select {helper()}
""")


def downgrade(): op.execute("x")  # one line
# the end
'''

BARE = '''# leading
import json

names = ["a", "b"]  # used here only

op.create_table(
    "t",
    sa.Column("id", sa.Integer),  # the key

    # more
)
op.execute("""
select 1
\ttab
""")

if names:
    op.execute('it''s')  # nested
op.execute("a"); op.execute("b")
# trailing
'''


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ScriptDirectory:
    monkeypatch.chdir(tmp_path)
    init_environment(Config("alembic.ini"), "migrations")
    return ScriptDirectory(tmp_path / "migrations")


class Calls:
    """Stands in for ``op`` and remembers what was called."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, tuple[Any, ...]]] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *args: self.seen.append((name, args))


def executed(script: Script, direction: str) -> list[Any]:
    module = script.module
    module.op = calls = Calls()  # type: ignore[attr-defined]
    getattr(module, direction)()
    return [args[0] for _, args in calls.seen]


def test_functions_go_into_the_file_as_they_were_typed(directory: ScriptDirectory) -> None:
    script = write_cell(directory, "add_t", FUNCTIONS)
    source = script.source
    for piece in (
        "import json  # for helper\nfrom collections import abc\n",
        "SIZE = 3  # how many\n",
        "@staticmethod\ndef helper():\n    # inside helper\n    return SIZE\n",
        "# what goes up\ndef upgrade():\n  # two spaces are mine\n",
        '  op.execute(f"""\n    select {helper()}\n""")\n',
        'def downgrade(): op.execute("x")  # one line\n# the end\n',
    ):
        assert piece in source
    assert executed(script, "upgrade") == ["\n    select 3\n"]
    assert executed(script, "downgrade") == ["x"]
    assert script.doc == "add t"
    assert Path(script.path).name == f"{script.revision}_add_t.py"


def test_bare_lines_become_upgrade_and_texts_keep_their_lines(directory: ScriptDirectory) -> None:
    script = write_cell(directory, "add_t", BARE, message="Add t", downgrade_lines=["op.drop_table('t')"])
    assert executed(script, "upgrade") == ["t", "\nselect 1\n\ttab\n", "its", "a", "b"]
    assert executed(script, "downgrade") == ["t"]
    for comment in ("# leading", "# used here only", "# the key", "# more", "# nested", "# trailing"):
        assert script.source.count(comment) == 1
    assert script.doc == "Add t"
    assert "\n    # trailing\n" in script.source


def test_alembic_reads_the_file(directory: ScriptDirectory) -> None:
    script = write_cell(directory, "add_t", BARE, downgrade_lines=["pass"])
    theirs = AlembicDirectory(directory.dir).get_revision("head")
    assert (theirs.revision, theirs.doc) == (script.revision, "add t")


def test_no_way_back_is_not_a_silent_one(directory: ScriptDirectory) -> None:
    script = write_cell(directory, "a", "def upgrade():\n    pass\n")
    with pytest.raises(NotImplementedError, match=r"no downgrade\(\)"):
        script.module.downgrade()
    empty = write_cell(directory, "b", "op.execute('x')", downgrade_lines=[])
    assert executed(empty, "downgrade") == []


def test_the_cell_finds_its_file_again(directory: ScriptDirectory) -> None:
    assert find_cell(directory, "add_t") is None
    script = write_cell(directory, "add_t", BARE)
    assert find_cell(directory, "add_t") == (script, body_hash(BARE))
    found = find_cell(ScriptDirectory(directory.dir), "add_t")
    assert found is not None
    assert found[0].revision == script.revision
    assert body_hash(BARE) == body_hash("\n" + BARE.replace("\n", "  \n") + "\n\n")
    assert body_hash(BARE) != body_hash(BARE + "op.execute('more')\n")


def test_the_same_cell_gets_the_same_id_everywhere(directory: ScriptDirectory, tmp_path: Path) -> None:
    first = write_cell(directory, "add_t", "op.execute('x')")
    other = tmp_path / "other"
    init_environment(Config(tmp_path / "other.ini"), other)
    again = write_cell(ScriptDirectory(other), "add_t", "op.execute('x')  \n")
    assert again.revision == first.revision
    assert len(first.revision) == 12
    second = write_cell(directory, "next", "op.execute('x')")
    assert second.revision != first.revision
    assert second.down_revision == first.revision


def test_rewriting_keeps_id_parents_date_and_path(directory: ScriptDirectory) -> None:
    base = directory.generate_revision("aaaa", "base")
    old = write_cell(directory, "add_t", "op.execute('x')", message="First words")
    new = write_cell(directory, "add_t", "op.execute('y')", rewrite=old)
    for name in ("revision", "down_revision", "create_date", "path", "doc"):
        assert getattr(new, name) == getattr(old, name)
    assert old.create_date is not None
    assert new.down_revision == base.revision
    assert executed(new, "upgrade") == ["y"]
    assert directory.get_revision("head") is new
    assert directory.get_heads() == ScriptDirectory(directory.dir).get_heads() == [new.revision]
    assert find_cell(directory, "add_t") == (new, body_hash("op.execute('y')"))


@pytest.mark.parametrize(
    ("body", "line", "text"),
    [
        ("op.execute('x')\ndef upgrade(:\n", 3, "syntax error"),
        ("\n!ls\n", 3, "syntax error"),
        ("op.execute('x'\n", 2, "syntax error"),
        ("def upgrade():\n    pass\nop.execute('x')\n", 4, r"put this into upgrade\(\)"),
        ("def upgrade(): pass\ndef upgrade(): pass\n", 3, r"upgrade\(\) is defined twice"),
        ("async def upgrade():\n    pass\n", 2, "can't be async"),
        ("import os; op.execute('x')\n", 2, "one statement a line"),
    ],
)
def test_what_is_wrong_in_the_body_names_the_cell_s_line(
    directory: ScriptDirectory, body: str, line: int, text: str
) -> None:
    with pytest.raises(ScriptError, match=text) as caught:
        write_cell(directory, "bad", body)
    assert caught.value.line == line
    assert f"revision cell, line {line}: " in str(caught.value)
    assert not list(Path(directory.versions).iterdir())


def test_what_only_the_compiler_sees_is_refused_before_anything_is_written(
    directory: ScriptDirectory,
) -> None:
    with pytest.raises(ScriptError, match="syntax error"):
        write_cell(directory, "bad", "def upgrade():\n    break\n")
    assert not list(Path(directory.versions).iterdir())


def test_empty_cells_and_strange_names(directory: ScriptDirectory) -> None:
    for body in ("", "# nothing\n", "'just a text'\n"):
        with pytest.raises(CommandError, match="is empty"):
            write_cell(directory, "add_t", body)
    for slug in ("two words", "", "a/b"):
        with pytest.raises(CommandError, match="can't name a revision cell"):
            CellRevision(slug, "x")


def test_has_functions() -> None:
    assert has_functions("def upgrade(): pass")
    assert has_functions("op.execute('x')\ndef downgrade():\n    pass\n")
    assert not has_functions("def helper(): pass\nop.execute('x')\n")
    with pytest.raises(ScriptError):
        has_functions("def (")


def test_bare_lines_with_a_downgrade_of_their_own(directory: ScriptDirectory) -> None:
    body = "NAME = 't'\n\nop.execute(NAME)\n\ndef downgrade():\n    op.execute(NAME + ' back')\n"
    script = write_cell(directory, "add_t", body)
    assert executed(script, "upgrade") == ["t"]
    assert executed(script, "downgrade") == ["t back"]


def test_future_imports_stand_first_and_known_imports_once(directory: ScriptDirectory) -> None:
    body = "from __future__ import annotations\nfrom alembic import op\nimport sqlalchemy as sa\n"
    body += "op.execute('x')\n"
    script = write_cell(directory, "add_t", body)
    assert script.source.count("from alembic import op") == 1
    assert script.source.count("import sqlalchemy as sa") == 1
    assert executed(script, "upgrade") == ["x"]


def test_a_slug_s_file_by_hand_is_found_twice(directory: ScriptDirectory) -> None:
    script = write_cell(directory, "add_t", "op.execute('x')")
    copy = Path(script.path).with_name("copy.py")
    copy.write_text(script.source.replace(script.revision, "ffff"))
    with pytest.raises(CommandError, match="Two files say that cell 'add_t' wrote them"):
        find_cell(ScriptDirectory(directory.dir), "add_t")


TEMPLATE = (Path(__file__).parents[2] / "nbmigrate/templates/generic/script.py.mako").read_text()
RENDERED = "def upgrade() -> None:\n    pass\n\n\ndef downgrade() -> None:\n    pass\n"
STATEMENTS = st.sampled_from(
    ["op.execute('a')", "x = 1", "op.execute('''a\n  b\n''')", "if True:\n    op.execute('c')\n    # end",
     "for i in range(2):\n\top.execute(str(i))", "op.execute(f'''{1}\n{2 +\n3}''')", "op.execute('a\\\n b')",
     "op.execute('a\u2028b\x0cc')"]
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(
    st.lists(STATEMENTS, min_size=1, max_size=5), st.lists(st.sampled_from(["", "# note", "  "]), max_size=3)
)
def test_bare_bodies_run_as_the_cell_would(statements: list[str], between: list[str]) -> None:
    body = "\n".join(line for statement in statements for line in [*between, statement])
    direct, filed = Calls(), Calls()
    exec(body, {"op": direct})
    text = CellRevision("cell", body).text(RENDERED, [])
    namespace: dict[str, Any] = {"op": filed}
    exec(text, namespace)
    namespace["upgrade"]()
    assert filed.seen == direct.seen
    assert text.count("# note") == between.count("# note") * len(statements)
    assert ast.get_docstring(ast.parse(TEMPLATE.split("from typing")[0])) is not None
