"""``%revision --draft`` in JupyterLab, in Chromium: the cell below is there, once, and can be run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser_notebooks import save_notebook

pytestmark = pytest.mark.browser

CELLS = (
    "%load_ext nbmigrate\nimport sqlalchemy as sa\nmetadata = sa.MetaData()\n"
    "shop = sa.Table('shop', metadata, sa.Column('id', sa.Integer, primary_key=True))",
    "%revision shops --draft -m 'a shop'",
    "%migrate upgrade",
)


def test_the_cell_below_is_written_once(open_lab: Callable[..., Any], tmp_path: Path) -> None:
    with open_lab(save_notebook(tmp_path / "draft.ipynb", CELLS)) as lab:
        lab.run_all()
        sources = [cell["source"] for cell in lab.cells()]
        assert len(sources) == 4 and sources[2].startswith("%%revision shops -m 'a shop'\nop.create_table")
        assert not list(lab.folder.rglob("versions/*.py"))
        for _ in range(2):
            lab.run_all()
            assert [cell["source"] for cell in lab.cells()] == sources
        assert len(list(lab.folder.rglob("versions/*.py"))) == 1
        lab.shoot("draft")
        assert not [output for output in lab.outputs() if output["output_type"] == "error"]
