"""``%migrate ui`` in JupyterLab, in Chromium, in both themes: by mouse and by keyboard."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

CELLS = (
    "%load_ext nbmigrate",
    "%%revision one -m 'a shop'\nop.create_table('shop', sa.Column('id', sa.Integer, primary_key=True))",
    "%%revision two -m '<b>bold</b>'\nop.add_column('shop', sa.Column('town', sa.String(20)))",
    "import sqlalchemy as sa\nmetadata = sa.MetaData()\n"
    "shop = sa.Table('shop', metadata, sa.Column('id', sa.Integer, primary_key=True),"
    " sa.Column('city', sa.String(20)))",
    "%migrate ui",
)


def notebook(folder: Path) -> Path:
    cells = [
        {
            "cell_type": "code",
            "id": f"c{n}",
            "metadata": {},
            "source": text,
            "outputs": [],
            "execution_count": None,
        }
        for n, text in enumerate(CELLS)
    ]
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    file = folder / "ui.ipynb"
    file.write_text(
        json.dumps({"cells": cells, "metadata": {"kernelspec": spec}, "nbformat": 4, "nbformat_minor": 5})
    )
    return file


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_plan_and_apply_compare_and_write(
    open_lab: Callable[[Path, str], Any], tmp_path: Path, theme: str
) -> None:
    with open_lab(notebook(tmp_path), theme) as lab:
        page, shade = lab.page, theme.split()[-1].lower()
        lab.run_all()
        panel = page.locator(".nbmigrate-ui")
        rows = panel.get_by_role("option")
        rows.nth(1).wait_for()
        assert panel.locator("b").all_inner_texts() == ["Migrations"]  # a message is text
        rows.nth(1).click()
        panel.get_by_text("a shop", exact=False).nth(1).wait_for()
        panel.get_by_role("button", name="Plan upgrade to here").wait_for()

        # the keyboard walks, Enter chooses
        panel.get_by_role("listbox").press("ArrowUp")
        panel.get_by_role("listbox").press("Enter")
        panel.get_by_role("heading", name="<b>bold</b>").wait_for()
        assert rows.nth(0).get_attribute("aria-selected") == "true"
        panel.get_by_role("listbox").press("ArrowDown")
        panel.get_by_role("listbox").press("Enter")
        panel.get_by_role("heading", name="a shop").wait_for()

        # two presses; nothing runs at the first
        panel.get_by_role("button", name="Plan upgrade to heads").click()
        apply = panel.get_by_role("button", name="Apply upgrade")
        apply.wait_for()
        panel.scroll_into_view_if_needed()
        lab.shoot(f"ui-plan-{shade}")
        database = next((tmp_path / "root").glob("*.db"))
        assert tables(database) <= {"alembic_version"}
        apply.click()
        panel.get_by_text("upgrade done: 2 revisions").wait_for()
        assert "shop" in tables(database)
        panel.get_by_text("%migrate upgrade heads", exact=True).wait_for()
        panel.get_by_role("button", name="Refresh", disabled=False).wait_for()
        assert [row.inner_text().split()[-1] for row in rows.all()] == ["applied", "applied"]
        panel.get_by_role("button", name="Plan downgrade to here").wait_for()

        # the question, its answer, the revision
        panel.get_by_role("button", name="Compare with models").click()
        rename = panel.get_by_role("button", name="rename shop.town to shop.city")
        rename.wait_for()
        lab.shoot(f"ui-diff-{shade}")
        rename.click()
        panel.get_by_text("--rename").wait_for()
        panel.get_by_role("textbox").fill("towns are cities")
        panel.get_by_role("button", name="Write revision").click()
        rows.nth(2).wait_for()
        lab.shoot(f"ui-written-{shade}")
        assert len(list((tmp_path / "root" / "migrations" / "versions").glob("*.py"))) == 3
        assert page.foreign == []


def tables(database: Path) -> set[str]:
    connection = sqlite3.connect(database)
    try:
        return {name for (name,) in connection.execute("select name from sqlite_master where type='table'")}
    finally:
        connection.close()
