"""One connection for ``%sql`` and ``%migrate``, in a kernel with JupySQL."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

CELLS = {
    "load": "%load_ext nbmigrate",
    "not loaded": "%migrate connect --jupysql",
    "sql": "%load_ext sql\n%config SqlMagic.feedback = 0",
    "no connection": "%migrate connect --jupysql",
    "theirs": "%sql sqlite:///theirs.db",
    "take": "%migrate connect --jupysql",
    "revision": "%%revision one --apply\n"
    "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.String(9)))",
    "insert": "%sql insert into t values (1, 'x')",
    "engine": "import sqlalchemy as sa\nengine = sa.create_engine('sqlite:///ours.db')",
    "give": "%migrate connect engine --jupysql",
    "upgrade": "%migrate upgrade",
    "same": "from sql.connection import ConnectionManager\n"
    "print(ConnectionManager.current._connection_sqlalchemy.engine is engine)",
    "ours": "found = %sql select count(*) from t\nprint(found.DataFrame().iloc[0, 0])",
    "url": "%migrate connect sqlite:///third.db --jupysql",
    "again": "%migrate connect sqlite:///third.db --jupysql",
    "count": "print(len(ConnectionManager.connections))",
    "memory": "%migrate connect sqlite:// --jupysql",
    "back": "%sql sqlite:///theirs.db\n%migrate connect --jupysql",
    "stands": "%migrate current",
}


pytestmark = pytest.mark.skipif(find_spec("sql") is None, reason="jupysql is not installed")


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The text of each cell's output, the error's line where there is one."""
    folder = tmp_path_factory.mktemp("jupysql")
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS.values()]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        allow_errors=True,
        resources={"metadata": {"path": str(folder)}},
    ).execute()
    shown = [" ".join(_text(output) for output in cell.outputs) for cell in notebook.cells]
    assert not (Path(folder) / ":memory:").exists()
    return dict(zip(CELLS, shown, strict=True))


def _text(output: Any) -> str:
    if output.output_type == "error":
        return str(output.traceback[-1])
    return str(output.get("text") or output.data["text/plain"])


def test_what_is_missing_is_said(outputs: dict[str, str]) -> None:
    assert outputs["not loaded"].startswith("ConnectError: JupySQL is not loaded: %load_ext sql first")
    assert outputs["no connection"].startswith("ConnectError: JupySQL has no connection yet")
    assert "StaticPool" in outputs["memory"]


def test_the_current_connection_of_jupysql_is_taken(outputs: dict[str, str]) -> None:
    assert "Connected to sqlite:///theirs.db (sqlite, from JupySQL's current connection)" in outputs["take"]
    assert "sqlite:///theirs.db is at" in outputs["revision"]
    assert "Error" not in outputs["insert"]
    # whichever connection that is when a verb runs
    assert "sqlite:///theirs.db" in outputs["back"]
    assert outputs["stands"].startswith("sqlite:///theirs.db is at")


def test_an_engine_of_the_notebook_is_given_to_jupysql(outputs: dict[str, str]) -> None:
    assert "%sql speaks to this database too; %sql engine comes back to it" in outputs["give"]
    assert "sqlite:///ours.db is at" in outputs["upgrade"]
    assert outputs["same"] == "True\n"
    assert outputs["ours"] == "0\n"


def test_an_address_too_and_again_without_another_connection(outputs: dict[str, str]) -> None:
    assert "%sql nbmigrate comes back to it" in outputs["url"]
    assert outputs["again"] == outputs["url"]
    assert outputs["count"] == "3\n"
