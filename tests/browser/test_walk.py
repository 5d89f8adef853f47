"""``%migrate walk`` in Chromium, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser_notebooks import save_notebook

pytestmark = pytest.mark.browser

EVIL = "<img src=x onerror=document.title='executed'>"
CELLS = (
    "%load_ext nbmigrate",
    "%%revision one -m 'people'\n"
    "op.create_table('person', sa.Column('id', sa.Integer, primary_key=True), sa.Column('name', sa.Text))",
    f'%%revision two -m "{EVIL}"\nop.add_column("person", sa.Column("""{EVIL}""", sa.Text))',
    "%%revision three -m 'orders'\nop.create_table('order', sa.Column('id', sa.Integer, primary_key=True),"
    " sa.Column('person_id', sa.Integer, sa.ForeignKey('person.id')))",
    "%migrate walk",
)


@pytest.mark.parametrize(("app", "theme"), [("lab", "JupyterLab Dark"), ("notebook", "JupyterLab Light")])
def test_arrows_home_and_end(open_lab: Callable[..., Any], tmp_path: Path, app: str, theme: str) -> None:
    with open_lab(save_notebook(tmp_path / "walk.ipynb", CELLS), theme, app) as lab:
        lab.run_all()
        page = lab.page
        walk = page.locator(".nbmigrate-walk")
        slider = walk.get_by_role("slider", name="revision")
        slider.focus()
        walk.get_by_role("heading", name="people").wait_for()
        assert "Create the table person with 2 columns." in walk.get_by_role("status").inner_text()
        assert "1 of 3" in slider.get_attribute("aria-valuetext")

        page.keyboard.press("ArrowRight")
        picture = walk.get_by_role("img", name="1 table: ~ person")
        picture.get_by_text("+ <img").wait_for()
        walk.get_by_text("ALTER TABLE person ADD COLUMN").wait_for()
        assert "2 of 3" in slider.get_attribute("aria-valuetext") and EVIL in slider.get_attribute(
            "aria-valuetext"
        )
        lab.shoot(f"walk-{app}")
        page.keyboard.press("End")
        walk.get_by_role("img", name="2 tables: + order").get_by_text("+ order").wait_for()
        page.keyboard.press("Home")
        walk.get_by_role("img", name="1 table: + person").wait_for()
        # from a button too, and Tab leads to the next
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "one revision on"
        page.keyboard.press("Enter")
        picture.wait_for()
        page.keyboard.press("ArrowLeft")
        walk.get_by_role("img", name="1 table: + person").wait_for()

        assert walk.locator("img").count() == 0 and page.title() != "executed"
        assert page.foreign == []
