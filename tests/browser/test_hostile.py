"""Names, comments, defaults and messages that are hostile on purpose, in a trusted JupyterLab: only text.

The notebook is run, so its outputs are trusted: whatever is a script or a handler in them would run.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser_notebooks import save_notebook

from nbmigrate.notebook.tables import visible

pytestmark = pytest.mark.browser

HOSTILE = (
    '"; drop table t; --',
    "<script>window.struck=1</script>",
    "<img src=x onerror=window.struck=1>",
    '"><b onclick="window.struck=1">',
    "javascript:window.struck=1",
    "&lt;b&gt; &amp; &#36;",
    "50% off %(x)s",
    ":x",
    "it's",
    "back`tick",
    "$x$ {x}",
    "\\N \\u0041",
    '"""',
    "\x1b[31mred",
    "right\u202eleft",
    "\u4e2d\u6587\U0001f600",
    "a" * 63,
    "b" * 64,
)
MESSAGE = "<img src=x onerror=window.struck=1> ; drop % :x $x$ \u202e"
VERBS = (
    *("diff", "revision --autogenerate -m {message}", "plan", "upgrade", "check", "history", "graph", "erd"),
    *("walk", "explain", "sql --dialect sqlite postgresql mysql", "show", "current", "heads", "", "ui"),
)
CELLS = (
    "%load_ext nbmigrate",
    "import sqlalchemy as sa\n"
    f"hostile = {list(HOSTILE)!r}\nmessage = {MESSAGE!r}\nmodels = sa.MetaData()\n"
    "for name in hostile:\n"
    "    sa.Table(name, models, sa.Column('id', sa.Integer, primary_key=True),\n"
    "        sa.Column(name, sa.String(9), server_default=name, comment=name), comment=name)",
    # a secret in the address, which no output may hold
    "import os\nos.environ['SHOP'] = 'sqlite:///file:shop.db?uri=true&password=hunter2'",
    "%migrate connect $SHOP",
    *(f"%migrate {verb}" for verb in VERBS),
)


def test_nothing_runs_and_nothing_is_lost(open_lab: Callable[..., Any], tmp_path: Path) -> None:
    with open_lab(save_notebook(tmp_path / "hostile.ipynb", CELLS)) as lab:
        page = lab.page
        dialogs: list[str] = []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        lab.run_all()
        errors = [output for output in lab.outputs() if output["output_type"] == "error"]
        assert not errors, errors[0]
        panel = page.locator(".nbmigrate-ui")
        panel.get_by_role("option").first.click()
        panel.get_by_role("heading", name="<img src=x").first.wait_for()
        lab.shoot("hostile")

        shown = {
            cell["source"].removeprefix("%migrate").strip(): text
            for cell, text in zip(lab.cells(), output_texts(page), strict=True)
            if cell["source"].startswith("%migrate")
        }
        for verb in ("diff", VERBS[1], "plan", "explain", "sql --dialect sqlite postgresql mysql"):
            missing = [name for name in HOSTILE if squeezed(visible(name)) not in squeezed(shown[verb])]
            assert not missing, verb
        for verb in ("history", "upgrade", "show", "heads", "graph"):
            # a box of the graph wraps a message
            assert squeezed(visible(MESSAGE))[:20] in squeezed(shown[verb]), verb

        found = page.evaluate(
            "() => { const out = [...document.querySelectorAll('.jp-OutputArea-output')];"
            " const all = out.flatMap(one => [...one.querySelectorAll('*')]);"
            " return {struck: window.struck ?? null,"
            " scripts: all.filter(e => e.localName === 'script').length,"
            " images: all.filter(e => e.localName === 'img').length,"
            " links: all.filter(e => e.hasAttribute('href') || e.hasAttribute('xlink:href')).length,"
            " handlers: all.flatMap(e => [...e.attributes]).filter(a => a.name.startsWith('on')).length} }"
        )
        assert found == {"struck": None, "scripts": 0, "images": 0, "links": 0, "handlers": 0}
        assert dialogs == [] and page.foreign == []

        saved = json.dumps(lab.cells(), ensure_ascii=False)
        for output in lab.outputs():
            text = json.dumps(output, ensure_ascii=False)
            assert "hunter2" not in text
            assert "\\u001b" not in text and "\u202e" not in text
            assert len(text.encode()) < 250_000
        assert saved.count("hunter2") == 1  # in the cell that a person wrote
        state = page.evaluate("jupyterapp.shell.currentWidget.context.model.toJSON().metadata")
        assert "widgets" not in state
        written = [path for path in lab.folder.rglob("*") if path.suffix in (".py", ".ini", ".toml", ".mako")]
        assert written and not [path for path in written if "hunter2" in path.read_text(encoding="utf-8")]


def output_texts(page: Any) -> list[str]:
    """What can be read in the output of each cell, hidden parts of it included."""
    found: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('.jp-CodeCell')].map(cell => "
        "[...cell.querySelectorAll('.jp-OutputArea-output')].map(one => one.textContent).join(' '))"
    )
    return found


def squeezed(text: str) -> str:
    """Without blanks: lines are broken for the eye."""
    return "".join(text.split())
