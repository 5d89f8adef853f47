"""A click in ``%migrate ui``, in JupyterLab in a real Chromium: from the press until its effect is painted.

By the clock on the wall and inside the page: browser, server and kernel all have their part in it. The two
presses that need only what is on the screen or in the folder are a revision and "Plan upgrade".
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.bench import projects
from tests.bench.bench import Bench
from tests.bench.cases.hand import MODELS
from tests.bench.fresh import Figures, child
from tests.bench.table import Row, at_most, row

CLICKS = 12
PANEL = ".nbmigrate-ui"
# press what answers to a selector (the nth of them), resolve when the panel says something and it is painted
PRESS = """
([panel, pressed, nth, said]) => new Promise((done) => {
  const place = document.querySelector(panel), start = performance.now()
  const watch = new MutationObserver(() => {
    if (![...place.querySelectorAll('h1, h2, h3, h4, h5, button')].some((e) => e.textContent.includes(said)))
      return
    watch.disconnect()
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)))
  })
  watch.observe(place, {subtree: true, childList: true, characterData: true})
  place.querySelectorAll(pressed)[nth].click()
})
"""


def click(bench: Bench) -> Iterator[Row]:
    """1,000 revisions, none applied, and models of 300 tables; nothing where there is no browser."""
    from tests.browser.conftest import BROWSERS

    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None or any(find_spec(name) is None for name in ("playwright", "jupyterlab")):
        print("no Chromium, Playwright or JupyterLab: no case 'click'", file=sys.stderr)
        return
    project = projects.generate(bench.folder / "click", bench.size(1_000, 100))
    count = bench.size(300, 30)
    child("diff:fill", "floor", {"url": f"sqlite:///{project.folder / 'shop.db'}", "count": count})
    cells = [
        "import os, sys\nfrom pathlib import Path\n"
        f"sys.path.insert(0, {str(Path(__file__).parents[3])!r})\nos.environ.update({project.environment!r})",
        MODELS.format(count=count),
        "%load_ext nbmigrate",
        f"%migrate connect {project.ini} --metadata metadata",
        "%migrate ui",
    ]
    with opened(browser, bench.folder / "lab", cells) as page:
        page.locator(f"{PANEL} [role=option]").nth(3).wait_for()
        chosen = [
            _press(page, "[role=option]", 1 + n % 3, f"table {project.count - 2 - n % 3} ")
            for n in range(CLICKS)
        ]
        yield row("click", f"click on one of {project.count:,} revisions in %migrate ui",
                  _figures(chosen), at_most(300), "wall")  # fmt: skip


def _press(page: Any, pressed: str, nth: int, said: str) -> float:
    found: float = page.evaluate(PRESS, [PANEL, pressed, nth, said])
    return found


def _figures(times: Sequence[float]) -> Figures:
    return Figures({"nbmigrate": [[{"wall": one}] for one in times]})


@contextmanager
def opened(browser: str, folder: Path, cells: Sequence[str]) -> Iterator[Any]:
    """A page of JupyterLab with a notebook of these cells, all of them run."""
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import TOKEN, _page, _server
    from tests.browser_notebooks import save_notebook

    root = folder / "root"
    root.mkdir(parents=True)
    file = save_notebook(root / "click.ipynb", cells)
    with sync_playwright() as playwright, _server(root, folder) as address:
        launched = playwright.chromium.launch(
            executable_path=browser, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        try:
            url = f"{address}/doc/tree/{file.name}?token={TOKEN}"
            with _page(launched, address, url, "JupyterLab Light") as page:
                page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
                yield page
        finally:
            launched.close()
