"""Every block of README and of the pages of docs/ does what the page says."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from snippets import Block, Reader, blocks, differ, environment

ROOT = Path(__file__).parents[2]
GENERATED = {
    "docs/reference/" + name for name in ("verbs", "magics", "configuration", "operations", "python")
}
PAGES = sorted(
    str(path.relative_to(ROOT))
    for path in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"))
    if "_build" not in path.parts and str(path.relative_to(ROOT).with_suffix("")) not in GENERATED
)
WITH_BLOCKS = [page for page in PAGES if "```" in (ROOT / page).read_text(encoding="utf-8")]
SERVERS = {"postgresql": "POSTGRESQL_URL", "mariadb": "MARIADB_URL"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "here"
    made.mkdir()
    return made


@pytest.fixture
def reader(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("IPYTHONDIR", str(folder.parent / "ipython"))
    variables = environment(folder.parent)
    monkeypatch.setenv("PATH", variables["PATH"])
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.history_manager.enabled = False
    modules, path = set(sys.modules), list(sys.path)
    yield Reader(shell, folder, variables)
    shell.run_cell("%reload_ext nbmigrate\n%unload_ext nbmigrate")
    shell.history_manager.end_session()
    InteractiveShell.clear_instance()
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        if str(getattr(sys.modules[name], "__file__", None) or "").startswith(str(folder)):
            del sys.modules[name]


def server_of(page: str) -> str | None:
    """The server that a page wants: ``<!-- server: postgresql -->``."""
    return next((name for name in SERVERS if f"<!-- server: {name} -->" in page), None)


@pytest.mark.parametrize("name", WITH_BLOCKS)
def test_page(
    name: str, reader: Reader, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (ROOT / name).read_text(encoding="utf-8")
    if server := server_of(page):
        url = request.getfixturevalue(f"{server}_url")
        reader.environment["DATABASE_URL"] = url
        monkeypatch.setenv("DATABASE_URL", url)
    if "<!-- in a copy of the package -->" in page:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "nbmigrate", reader.folder / "nbmigrate", ignore=ignored)
        reader.environment["PYTHONPATH"] = str(reader.folder)
    reader.read(page, name)


PAGE = """\
<!-- run
x = 1
-->

```python
print(x + 1)
```

<!-- prints -->
```text
2
```

```console
$ echo a; echo b; echo c
a
...
c
```
"""


def test_a_page_is_read(reader: Reader, folder: Path) -> None:
    reader.read(PAGE, "page")
    reader.read(
        "<!-- file: a/b.txt -->\n```ini\nx = 1\n```\n<!-- fails: KeyError -->\n```python\n{}['a']\n```\n",
        "page",
    )
    assert (folder / "a" / "b.txt").read_text() == "x = 1\n"


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (PAGE.replace("\n2\n", "\n3\n"), "line 9: the page says"),
        (PAGE.replace("\nc\n", "\nd\n"), "this was printed"),
        ("```python\n1 / 0\n```", "line 1: ZeroDivisionError"),
        ("```sh\nfalse\n```", "exit code 1"),
        ("```toml\nx = 1\n```", "needs a marker"),
        ("<!-- fails: KeyError -->\n```python\n1\n```", "fails with: nothing"),
    ],
)
def test_what_is_wrong_is_seen(reader: Reader, page: str, words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        reader.read(page, "page")


def test_what_differs_from_run_to_run_is_the_same() -> None:
    assert not differ("0123456789ab 12 ms 2026-01-02 03:04", "ba9876543210 7 ms 2027-11-12 13:14")
    assert differ("0123456789ab", "x")


def test_blocks_of_the_readme() -> None:
    found = list(blocks((ROOT / "README.md").read_text(encoding="utf-8")))
    assert len(found) > 5 and all(isinstance(block, Block) for block in found)
