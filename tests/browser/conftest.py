"""JupyterLab in Chromium: a server of our own in a temporary folder, driven from outside.

Nothing of the person's own Jupyter is read: configuration, data, settings and workspaces are in the temporary
folder too.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from servers import missing, wait_for

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
TOKEN = "t"


class Lab:
    """One page with one notebook open in JupyterLab."""

    def __init__(self, page: Any, pictures: Path) -> None:
        self.page = page
        self.pictures = pictures

    def run_all(self) -> None:
        """Run every cell and wait until all are done."""
        self.page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")

    def outputs(self) -> list[dict[str, Any]]:
        """Every output of every cell, as the notebook's file would hold them."""
        cells = self.page.evaluate("jupyterapp.shell.currentWidget.context.model.toJSON().cells")
        return [output for cell in cells for output in cell.get("outputs", [])]

    def shoot(self, name: str) -> None:
        """Take the whole notebook as pictures, a screen at a time."""
        self.pictures.mkdir(parents=True, exist_ok=True)
        scroller = ".jp-NotebookPanel .jp-WindowedPanel-outer"
        height, seen = self.page.evaluate(
            "s => { const e = document.querySelector(s); return [e.scrollHeight, e.clientHeight] }", scroller
        )
        for number, top in enumerate(range(0, height, seen)):
            self.page.evaluate(
                "([s, top]) => { document.querySelector(s).scrollTop = top;"
                " return new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r))) }",
                [scroller, top],
            )
            self.page.screenshot(path=self.pictures / f"{name}-{number:02}.png")


@pytest.fixture
def open_lab(tmp_path: Path) -> Iterator[Callable[[Path, str], Any]]:
    """A function ``open_lab(notebook, theme)``: a context manager that gives a ``Lab``."""
    for package in ("playwright", "jupyterlab"):
        if find_spec(package) is None:
            missing("browser", f"the Python package {package} is not installed")
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        missing("browser", "Chromium is not installed (Debian: apt-get install chromium)")

    @contextmanager
    def start(notebook: Path, theme: str) -> Iterator[Lab]:
        root = tmp_path / "root"
        root.mkdir()
        shutil.copy(notebook, root)
        pictures = Path(os.environ.get("NBMIGRATE_SCREENSHOTS", tmp_path / "pictures"))
        with (
            _server(root, tmp_path, theme) as address,
            _page(browser, f"{address}/doc/tree/{notebook.name}?token={TOKEN}") as page,
        ):
            yield Lab(page, pictures)

    yield start


@contextmanager
def _server(root: Path, tmp_path: Path, theme: str) -> Iterator[str]:
    extension = {
        "@jupyterlab/apputils-extension/themes": {"theme": theme},
        # no news and no pop-ups, and every cell in the page, not only the visible ones
        "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
        "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    }
    for name, settings in extension.items():
        file = tmp_path / "settings" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(settings))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folders = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    with (tmp_path / "lab.log").open("wb") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--ip=127.0.0.1"),
                *(f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}"),
                *(f"--ServerApp.root_dir={root}", "--expose-app-in-browser"),
            ],
            env={**os.environ, **{name: str(tmp_path / folder) for name, folder in folders.items()}},
            stdout=log,
            stderr=log,
            # its kernels are its children: one group, ended together
            start_new_session=True,
        )
    try:
        address = f"http://127.0.0.1:{port}"

        def alive() -> None:
            if process.poll() is not None:
                raise RuntimeError((tmp_path / "lab.log").read_text()[-2000:])

        wait_for(lambda: _answers(f"{address}/api?token={TOKEN}"), alive)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def _page(browser: str, address: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browser, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        try:
            page = chromium.new_page(viewport={"width": 1200, "height": 1000})
            page.set_default_timeout(60_000)
            page.foreign = []
            page.on(
                "request",
                lambda request: (
                    page.foreign.append(request.url)
                    if not request.url.startswith((address[: address.index("/doc")], "data:", "blob:", "ws:"))
                    else None
                ),
            )
            page.goto(address)
            page.wait_for_function("window.jupyterapp?.shell.currentWidget?.context")
            page.evaluate(
                "async () => { const c = jupyterapp.shell.currentWidget.context; await c.ready;"
                " await c.sessionContext.ready; await c.sessionContext.session.kernel.info }"
            )
            yield page
        finally:
            chromium.close()
