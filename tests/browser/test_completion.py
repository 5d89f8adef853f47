"""The Tab key in JupyterLab, in Chromium: the list that pops up, and what is put in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser_notebooks import save_notebook

pytestmark = pytest.mark.browser

CELLS = (
    "%load_ext nbmigrate",
    "%%revision one -m 'a shop'\nop.create_table('shop', sa.Column('id', sa.Integer, primary_key=True))",
    "import sqlalchemy as sa\nengine = sa.create_engine('sqlite:///shop.db')",
    "",
)


def test_verbs_revisions_and_variables_pop_up(open_lab: Callable[..., Any], tmp_path: Path) -> None:
    with open_lab(save_notebook(tmp_path / "tab.ipynb", CELLS)) as lab:
        page = lab.page
        lab.run_all()
        (file,) = lab.folder.rglob("versions/*.py")
        revision = file.name.partition("_")[0]
        editor = page.locator(".jp-CodeCell").nth(3).locator(".cm-content")

        def offered(text: str) -> list[str]:
            """The list behind a text; its first entry is taken where there is one only."""
            editor.click()
            page.keyboard.press("Control+a")
            page.keyboard.type(text)
            page.keyboard.press("Tab")
            items = page.locator(".jp-Completer-item .jp-Completer-match")
            items.first.wait_for()
            found = items.all_inner_texts()
            lab.shoot("completion") if text == "%migrate " else None
            page.keyboard.press("Escape")
            return found

        def completed(text: str) -> str:
            """The line after the key, and Enter where there is a list."""
            editor.click()
            page.keyboard.press("Control+a")
            page.keyboard.type(text)
            page.keyboard.press("Tab")
            page.wait_for_function(
                "([e, old]) => e.innerText.trim() !== old"
                " || [...document.querySelectorAll('.jp-Completer-item')].some(one => one.offsetParent)",
                arg=[editor.element_handle(), text],
            )
            if page.locator(".jp-Completer-item:visible").count():
                page.keyboard.press("Enter")
            return str(editor.inner_text()).strip()

        assert {"upgrade", "downgrade", "history", "connect"} <= set(offered("%migrate "))
        assert set(offered("%migrate upgrade ")) >= {"head", "heads", "+1", revision}
        assert "engine" in offered("%migrate connect ")
        # one match is put in at once, behind an assignment as well
        assert completed("x = %migrate upg") == "x = %migrate upgrade"
        assert completed(f"%migrate show {revision[:5]}") == f"%migrate show {revision}"
