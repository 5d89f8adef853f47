"""%migrate plan, sql and explain in a kernel: shown in both forms, assignable, and nothing runs."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

CELLS = [
    "%load_ext nbmigrate",
    "%migrate connect sqlite:///shop.db",
    "%%revision add_user\nop.create_table('user', sa.Column('id', sa.Integer, primary_key=True))",
    "%migrate plan",
    "%migrate explain",
    "%migrate sql head --dialect postgresql mysql",
    "plan = %migrate plan\nprint(plan.direction, len(plan.steps), plan.sql.count('CREATE TABLE'))",
    "%migrate upgrade;",
    "%migrate plan",
    "%migrate plan base",
    "%migrate sql head --dialect postgres",
]


def test_telling_in_a_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    client = NotebookClient(
        notebook, timeout=120, kernel_name="python3", allow_errors=True,
        resources={"metadata": {"path": str(tmp_path)}},
    )  # fmt: skip
    client.execute()
    outputs = [cell.outputs for cell in notebook.cells]
    for index in (3, 4, 5, 8, 9):
        (shown,) = outputs[index]
        assert set(shown.data) == {"text/html", "text/plain"}, shown
    assert "Create the table user with 1 column." in outputs[3][0].data["text/plain"]
    assert "nothing has run" in outputs[3][0].data["text/html"]
    assert "op.create_table" in outputs[4][0].data["text/plain"]
    assert "SERIAL" in outputs[5][0].data["text/html"]
    assert "AUTO_INCREMENT" in outputs[5][0].data["text/html"]
    assert outputs[6][0].text == "upgrade 1 1\n"
    assert outputs[7] == []
    assert "Nothing to upgrade" in outputs[8][0].data["text/plain"]
    assert "Plan: downgrade" in outputs[9][0].data["text/plain"]
    (error,) = outputs[10]
    assert error.output_type == "error"
    assert len(error.traceback) == 1
    assert "no database system 'postgres'" in error.traceback[0]
