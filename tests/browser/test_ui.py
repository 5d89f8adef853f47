"""``%migrate ui`` in Chromium, by mouse and by keyboard: in JupyterLab and Notebook 7, in both themes.

With the installed ipykernel, and with one that runs a widget's callbacks on another thread, beside cells.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser_notebooks import save_notebook
from servers import wait_for

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
SLOW = """
%%revision slow
import os, time
op.create_table('shop', sa.Column('id', sa.Integer, primary_key=True))
if os.path.exists('armed'):
    open('started', 'w').close()
    while not os.path.exists('go'):
        time.sleep(0.01)
""".lstrip()


@pytest.mark.parametrize(
    ("app", "theme", "kernel"),
    [
        ("lab", "JupyterLab Light", "python3"),
        ("lab", "JupyterLab Dark", "threaded"),
        ("notebook", "JupyterLab Light", "python3"),
    ],
)
def test_plan_and_apply_compare_and_write(
    open_lab: Callable[..., Any],
    request: pytest.FixtureRequest,
    tmp_path: Path,
    app: str,
    theme: str,
    kernel: str,
) -> None:
    if kernel == "threaded":
        kernel = request.getfixturevalue("threaded_kernel")
    with open_lab(save_notebook(tmp_path / "ui.ipynb", CELLS, kernel), theme, app) as lab:
        page, shade = lab.page, f"{app}-{theme.split()[-1].lower()}"
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
        database = next(lab.folder.glob("*.db"))
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
        assert len(list((lab.folder / "migrations" / "versions").glob("*.py"))) == 3
        assert page.foreign == []


def test_a_press_waits_for_the_cell_that_runs(
    open_lab: Callable[..., Any], threaded_kernel: str, tmp_path: Path
) -> None:
    cells = (
        "import threading, ipykernel, ipywidgets\nprint(ipykernel.__version__)\n%load_ext nbmigrate",
        SLOW,
        "panel = %migrate ui\n"
        "panel.widget.on_msg(lambda *a: print(threading.current_thread().name,"
        " file=open('thread', 'w'), flush=True))\npanel",
        "open('armed', 'w').close()\n%migrate upgrade",
    )
    with open_lab(save_notebook(tmp_path / "busy.ipynb", cells, threaded_kernel)) as lab:
        running = "window.done = jupyterapp.commands.execute('notebook:run-all-cells'); null"
        lab.page.evaluate(running)
        panel = lab.page.locator(".nbmigrate-ui")
        panel.get_by_role("option").first.wait_for()
        wait_for(lambda: (lab.folder / "started").exists(), lambda: None)
        panel.get_by_role("button", name="Refresh").click()
        panel.get_by_text("working").wait_for()
        # the press has reached the kernel, on another thread, and waits there
        assert panel.get_by_role("option").first.inner_text().split()[-1] == "pending"
        (lab.folder / "go").touch()
        panel.get_by_role("option").first.get_by_text("applied").wait_for()
        lab.page.evaluate("window.done")
        assert lab.outputs()[0]["text"] == "7.3.0\n"
        assert (lab.folder / "thread").read_text() != "MainThread\n"
        assert not [output for output in lab.outputs() if output["output_type"] == "error"]


def tables(database: Path) -> set[str]:
    connection = sqlite3.connect(database)
    try:
        return {name for (name,) in connection.execute("select name from sqlite_master where type='table'")}
    finally:
        connection.close()
