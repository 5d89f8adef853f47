"""Model cells: any order, any number of times, and a failing one leaves everything as it was."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbclient import NotebookClient
from sqlalchemy import create_engine
from sqlalchemy.orm import Session as OrmSession
from sqlalchemy.orm import configure_mappers

from nbmigrate.errors import CommandError
from nbmigrate.notebook import load, unload
from nbmigrate.notebook.metadata import find_metadata
from nbmigrate.notebook.models import Models

IMPORTS = """
from sqlalchemy import ForeignKey, String, Table, Column, Integer, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
"""
USER = """
class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    posts: Mapped[list["Post"]] = relationship(back_populates="user")
"""
POST = """
class Post(Base):
    __tablename__ = "post"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    user: Mapped["User"] = relationship(back_populates="posts")
"""
Run = Callable[..., Any]


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    InteractiveShell.clear_instance()
    made: Any = InteractiveShell.instance()
    made.history_manager.enabled = False
    load(made)
    made.ex(IMPORTS)
    yield made
    made.run_line_magic("models", "reset")
    unload(made)
    made.history_manager.end_session()
    InteractiveShell.clear_instance()


@pytest.fixture
def models(shell: Any) -> Run:
    def run(line: str, cell: str) -> Models:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            result = shell.run_cell_magic("models", line, cell)
        assert isinstance(result, Models)
        return result

    return run


def columns(shell: Any, table: str = "user") -> list[str]:
    _, metadata = find_metadata(None, shell.user_ns)
    return [column.name for column in metadata.tables[table].columns]


def works(shell: Any) -> None:
    """The classes that the notebook has now belong together and to a database."""
    names = shell.user_ns
    engine = create_engine("sqlite://")
    names["Base"].metadata.create_all(engine)
    with OrmSession(engine) as session:
        session.add(names["User"](name="a", posts=[names["Post"](), names["Post"]()]))
        session.commit()
        assert session.query(names["Post"]).join(names["User"]).count() == 2
    engine.dispose()


@pytest.mark.parametrize("order", [["users", "posts"], ["posts", "users"]])
def test_in_any_order_and_any_number_of_times(shell: Any, models: Run, order: list[str]) -> None:
    cells = {"users": USER, "posts": POST}
    first = models(order[0], cells[order[0]])
    assert len(first.notes) == 1  # what the other cell brings is missed, and only said
    for group in [order[1], *order, order[0], order[0]]:
        assert models(group, cells[group]).notes == ()
        works(shell)
    assert set(shell.user_ns["Base"].metadata.tables) == {"user", "post"}


def test_what_changes_leaves_no_ghost(shell: Any, models: Run) -> None:
    models("users", USER)
    models("posts", POST)
    models("users", USER.replace("name:", "full_name:"))
    assert columns(shell) == ["id", "full_name"]
    models("posts", POST.replace("class Post", "class Article").replace('"post"', '"article"'))
    assert "Post" not in shell.user_ns
    assert set(shell.user_ns["Base"].metadata.tables) == {"user", "article"}
    result = models("posts", POST)
    assert "Article" not in shell.user_ns
    assert result.notes == ()


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("class User(Base:\n    pass\n", r"model cell users, line 2: .*; the models stay as they were"),
        (USER + "\n1 / 0\n", r"model cell users, line 9: ZeroDivisionError: .*stay as they were"),
        (USER.replace("primary_key=True", ""), r"model cell users, line 3: ArgumentError: .*primary key"),
        (USER + "\nUnknown\n", r"model cell users, line 9: NameError: name 'Unknown'"),
        (USER + POST, r"class Post is in the model cell posts already: .*%models reset posts"),
    ],
)
def test_a_failing_cell_keeps_everything(shell: Any, models: Run, cell: str, message: str) -> None:
    models("users", USER)
    models("posts", POST)
    shell.user_ns["mine"] = [1]
    before = dict(shell.user_ns)
    with pytest.raises(CommandError, match=message) as caught:
        models("users", cell)
    assert len(caught.value._render_traceback_()) == 1  # type: ignore[attr-defined]
    assert shell.user_ns == before
    assert all(shell.user_ns[key] is before[key] for key in before)
    works(shell)
    assert models("posts", POST).notes == ()  # the source that failed was not kept
    works(shell)


def test_a_cell_that_uses_another_ones_names_may_come_first(shell: Any, models: Run) -> None:
    mixin = "class Named:\n    name: Mapped[str]\n"
    user = (
        USER.replace("(Base)", "(Named, Base)").replace("    name:", "    # ").replace("    posts:", "    # ")
    )
    models("a", user.replace("Named, ", ""))
    models("b", mixin)
    models("a", user)
    assert sorted(columns(shell)) == ["id", "name"]
    models("b", mixin + "    age: Mapped[int]\n")
    assert sorted(columns(shell)) == ["age", "id", "name"]


def test_a_base_of_the_notebook_is_the_pattern(shell: Any, models: Run) -> None:
    shell.ex(
        "class Base(DeclarativeBase):\n"
        "    metadata = MetaData(naming_convention={'pk': 'pk_%(table_name)s'})\n"
        "    type_annotation_map = {str: String(40)}\n"
    )
    own = shell.user_ns["Base"]
    models("users", USER.replace("posts:", "# "))
    models("users", USER.replace("posts:", "# "))
    table = shell.user_ns["Base"].metadata.tables["user"]
    assert table.primary_key.name == "pk_user"
    assert table.c.name.type.length == 40
    assert own.metadata.tables == {}
    shell.run_line_magic("models", "reset")
    assert shell.user_ns["Base"] is own


def test_a_base_in_a_cell_serves_the_others(shell: Any, models: Run) -> None:
    models("users", USER)
    models("base", "class Base(DeclarativeBase):\n    metadata = MetaData(schema='shop')\n")
    assert list(shell.user_ns["Base"].metadata.tables) == ["shop.user"]
    models("users", USER)
    assert list(shell.user_ns["Base"].metadata.tables) == ["shop.user"]


def test_cells_without_a_name_do_not_push_each_other_out(shell: Any, models: Run) -> None:
    models("", USER)
    models("", POST)
    models("", USER.replace("name:", "full_name:"))
    works_on = shell.run_line_magic("models", "list")
    assert [(cell.group, cell.classes) for cell in works_on.cells] == [
        ("cell1", ("User",)),
        ("cell2", ("Post",)),
    ]
    assert columns(shell) == ["id", "full_name"]


def test_list_and_reset(shell: Any, models: Run) -> None:
    assert str(shell.run_line_magic("models", "list")) == "No model cells"
    models("users", USER)
    listed = models("posts", POST)
    assert str(listed) == "2 model cells, 2 tables: user, post\n  users  User\n  posts  Post"
    shell.user_ns["kept"] = 1
    left = shell.run_line_magic("models", "reset posts")
    assert [cell.group for cell in left.cells] == ["users"]
    assert "Post" not in shell.user_ns
    with pytest.raises(CommandError, match="No model cell nothing; there are: users"):
        shell.run_line_magic("models", "reset nothing")
    shell.run_line_magic("models", "reset")
    assert {"User", "Post", "Base"} & set(shell.user_ns) == set()
    assert shell.user_ns["kept"] == 1
    with pytest.raises(CommandError, match="unknown verb"):
        shell.run_line_magic("models", "lst")


def test_a_name_that_the_notebook_took_over_is_left_alone(shell: Any, models: Run) -> None:
    models("users", USER + "\nlimit = 3\n")
    shell.user_ns["limit"] = 4
    models("users", USER)
    assert shell.user_ns["limit"] == 4


def test_what_could_not_be_configured_stands_in_nobodys_way(shell: Any, models: Run) -> None:
    assert "Post" in models("users", USER).notes[0]
    models("posts", POST)
    configure_mappers()  # global: fails as long as a mapper is about that failed before
    with pytest.raises(CommandError):
        models("users", USER.replace("Post", "Nothing") + "\n1 / 0\n")
    configure_mappers()


def test_in_a_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    sources = [
        "%load_ext nbmigrate",
        IMPORTS,
        f"%%models users\n{USER}",
        f"%%models posts\n{POST}",
        "%migrate diff",
        "%migrate revision --autogenerate -m first\n",
        "%migrate upgrade;",
        f"%%models users\n{USER}    email: Mapped[str]\n",
        "%migrate diff",
        "%%models users\nclass User(Base:\n    pass",
        "print(User.email, Post.user)",
        "%models list",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    client = NotebookClient(
        notebook, timeout=120, kernel_name="python3", allow_errors=True,
        resources={"metadata": {"path": str(tmp_path)}},
    )  # fmt: skip
    client.execute()
    outputs = [cell.outputs for cell in notebook.cells]
    assert [len(found) for found in outputs] == [0, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1], outputs
    assert outputs[2][0].data["text/plain"].count("note:") == 1
    assert set(outputs[3][0].data) == {"text/html", "text/plain"}
    assert "note" not in outputs[3][0].data["text/plain"]
    assert "2 differences: 2 to add" in outputs[4][0].data["text/plain"]
    assert "1 difference: 1 to add" in outputs[8][0].data["text/plain"]
    assert "email" in outputs[8][0].data["text/plain"]
    assert outputs[9][0].output_type == "error"
    assert len(outputs[9][0].traceback) == 1
    assert outputs[10][0].text == "User.email Post.user\n"
    assert "users  User" in outputs[11][0].data["text/plain"]
