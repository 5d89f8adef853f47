"""JupyterLab and Notebook 7 in Chromium: a server of our own for the session, a browser for each file.

The server is JupyterLab's with Notebook 7 beside it, as whoever has both installed has it. Nothing of the
person's own Jupyter is read: configuration, data, settings and workspaces are in a temporary folder too. Each
test has a page, a folder and a kernel of its own, all ended with it.
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
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from servers import missing, wait_for

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
TOKEN = "t"
# another kernel than the installed one: it runs a widget's callbacks on another thread, while a cell runs
THREADED_KERNEL = "7.3.0"
ADDRESSES = {"lab": "doc/tree", "notebook": "notebooks"}

OpenLab = Callable[..., AbstractContextManager["Lab"]]


class Lab:
    """One page with one notebook open."""

    def __init__(self, page: Any, folder: Path, pictures: Path | None = None) -> None:
        self.page = page
        self.folder = folder
        self.pictures = pictures

    def run_all(self) -> None:
        """Run every cell and wait until all are done."""
        self.page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")

    def cells(self) -> list[dict[str, Any]]:
        """The cells, as the notebook's file would hold them."""
        found: list[dict[str, Any]] = self.page.evaluate(
            "jupyterapp.shell.currentWidget.context.model.toJSON().cells"
        )
        return found

    def outputs(self) -> list[dict[str, Any]]:
        """Every output of every cell."""
        return [output for cell in self.cells() for output in cell.get("outputs", [])]

    def shoot(self, name: str) -> None:
        """Take the whole notebook as pictures, a screen at a time, where somebody wants to look at them."""
        if self.pictures is None:
            return
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


@pytest.fixture(scope="session")
def browser_program() -> str:
    """The browser that is installed."""
    for package in ("playwright", "jupyterlab", "notebook"):
        if find_spec(package) is None:
            missing("browser", f"the Python package {package} is not installed")
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        missing("browser", "Chromium is not installed (Debian: apt-get install chromium)")
    return browser


@pytest.fixture(scope="module")
def chromium(browser_program: str) -> Iterator[Any]:
    """A browser for the tests of one file.

    Not for the session: Playwright's loop counts as running in this thread for as long as it is there, and
    no other test could use asyncio.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=browser_program, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        try:
            yield launched
        finally:
            launched.close()


@pytest.fixture(scope="session")
def jupyter(
    browser_program: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path, Path]]:
    """The session's server: its address, the folder that it shows, and Jupyter's data folder."""
    own = tmp_path_factory.mktemp("jupyter")
    root = own / "root"
    root.mkdir()
    with _server(root, own) as address:
        yield address, root, own / "data"


@pytest.fixture(scope="session")
def threaded_kernel(jupyter: tuple[str, Path, Path], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a kernel in which callbacks run beside cells: another ipykernel than the installed one."""
    folder = tmp_path_factory.mktemp("ipykernel")
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(folder)]
    done = subprocess.run([*command, f"ipykernel=={THREADED_KERNEL}"], capture_output=True, text=True)
    if done.returncode:
        missing("browser", f"ipykernel {THREADED_KERNEL} can't be installed: {done.stderr[-300:]}")
    name = "threaded"
    spec = jupyter[2] / "kernels" / name / "kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text(
        json.dumps(
            {
                "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
                "display_name": name,
                "language": "python",
                "env": {"PYTHONPATH": str(folder)},
            }
        )
    )
    return name


@pytest.fixture
def open_lab(jupyter: tuple[str, Path, Path], chromium: Any, tmp_path: Path) -> OpenLab:
    """A function ``open_lab(notebook, theme, app)``: a context manager that gives a ``Lab``.

    ``notebook`` is a file, which is copied into a new folder; ``app`` is "lab" or "notebook". Pictures are
    taken into the folder that ``NBMIGRATE_SCREENSHOTS`` names.
    """
    address, root, _ = jupyter

    @contextmanager
    def start(notebook: Path, theme: str = "JupyterLab Light", app: str = "lab") -> Iterator[Lab]:
        folder = root / f"{tmp_path.name}-{len(list(root.iterdir()))}"
        folder.mkdir()
        shutil.copy(notebook, folder)
        wanted = os.environ.get("NBMIGRATE_SCREENSHOTS")
        url = f"{address}/{ADDRESSES[app]}/{folder.name}/{notebook.name}?token={TOKEN}"
        with _page(chromium, address, url, theme) as page:
            yield Lab(page, folder, Path(wanted) if wanted else None)

    return start


@contextmanager
def _server(root: Path, own: Path) -> Iterator[str]:
    extension = {
        # no news and no pop-ups, and every cell in the page, not only the visible ones
        "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
        "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    }
    for name, settings in extension.items():
        file = own / "settings" / f"{name}.jupyterlab-settings"
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
    with (own / "lab.log").open("wb") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--ip=127.0.0.1"),
                *(f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}"),
                *(f"--ServerApp.root_dir={root}", "--expose-app-in-browser"),
                "--JupyterNotebookApp.expose_app_in_browser=True",
            ],
            env={**os.environ, **{name: str(own / folder) for name, folder in folders.items()}},
            stdout=log,
            stderr=log,
            # its kernels are its children: one group, ended together
            start_new_session=True,
        )
    try:
        address = f"http://127.0.0.1:{port}"

        def alive() -> None:
            if process.poll() is not None:
                raise RuntimeError((own / "lab.log").read_text()[-2000:])

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
def _page(chromium: Any, address: str, url: str, theme: str) -> Iterator[Any]:
    # a context of its own: no cookies, no storage of another test's page
    context = chromium.new_context(viewport={"width": 1200, "height": 1000})
    try:
        page = context.new_page()
        page.set_default_timeout(120_000)  # for machines that are busy with other things
        page.foreign = []
        own = (address, "data:", "blob:", "ws:")
        page.on(
            "request",
            lambda request: None if request.url.startswith(own) else page.foreign.append(request.url),
        )
        page.goto(url)
        page.wait_for_function("window.jupyterapp?.shell.currentWidget?.context")
        page.evaluate(
            "async (theme) => { const c = jupyterapp.shell.currentWidget.context; await c.ready;"
            " await c.sessionContext.ready; await c.sessionContext.session.kernel.info;"
            " await jupyterapp.commands.execute('apputils:change-theme', {theme}) }",
            theme,
        )
        page.wait_for_function(
            "light => document.body.dataset.jpThemeLight === light", arg=str("Light" in theme).lower()
        )
        yield page
        page.evaluate("jupyterapp.shell.currentWidget.context.sessionContext.shutdown()")
    finally:
        context.close()
