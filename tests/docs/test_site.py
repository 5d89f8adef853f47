"""The site is built with warnings as errors; it says all that there is, and every link leads somewhere."""

from __future__ import annotations

import ast
import importlib
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from nbmigrate import cli
from nbmigrate.migrator import Migrator
from nbmigrate.notebook import grammar
from nbmigrate.operations import BatchOperations, Operations
from nbmigrate.runtime.options import PARAMETERS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def built(folder: Path) -> Path:
    """The site as HTML, with the outputs that are saved in the notebooks (``notebook_runs`` runs them)."""
    ignored = shutil.ignore_patterns("_build", "__pycache__")
    for name in ("docs", "notebooks"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "docs", "html"]
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "NBMIGRATE_DOCS_EXECUTE": "off"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return folder / "html"


class Page(HTMLParser):
    """What a page refers to, and what can be referred to on it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag in ("script", "img", "iframe", "source") and "src" in given:
            self.loaded.append(given["src"])
        elif tag == "link" and given.get("rel") in ("stylesheet", "preload", "icon"):
            self.loaded.append(given["href"])


def test_site_is_built_without_a_warning_and_whole(tmp_path: Path) -> None:
    """One test, as the build takes a while."""
    site = built(tmp_path)
    assert len(list(site.rglob("*.html"))) > 50
    expected_links_to_lead_somewhere(site)
    expected_to_fetch_nothing(site)


def expected_links_to_lead_somewhere(site: Path) -> None:
    """Every link inside the site leads to a page, and to a place on it."""
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}
    broken = []
    for path, page in pages.items():
        for link in page.links:
            to = urlsplit(link)
            if to.scheme or to.netloc:
                continue
            target = (path.parent / unquote(to.path)).resolve() if to.path else path
            there = target.is_file() and (not to.fragment or target.suffix != ".html")
            if not there and not (target in pages and unquote(to.fragment) in {"", *pages[target].anchors}):
                broken.append(f"{path.relative_to(site)}: {link}")
    assert not broken


def expected_to_fetch_nothing(site: Path) -> None:
    """No script, style, font or picture comes from elsewhere."""
    for path in site.rglob("*.html"):
        page = Page(path.read_text(encoding="utf-8"))
        assert not [url for url in page.loaded if "//" in url], path
    for path in (*site.rglob("*.css"), *site.rglob("*.js")):
        if path.name != "searchindex.js":
            assert not re.search(r"(?:url\(|@import |import\()['\"]?https?:", path.read_text("utf-8")), path


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ('<a href="other.html#here">x</a>', None),
        ('<a href="#top">x</a><h1 id="top">y</h1>', None),
        ('<a href="https://example.org/x">x</a>', None),
        ('<a href="gone.html">x</a>', expected_links_to_lead_somewhere),
        ('<a href="other.html#there">x</a>', expected_links_to_lead_somewhere),
        ('<script src="https://example.org/x.js"></script>', expected_to_fetch_nothing),
        ('<link rel="stylesheet" href="//example.org/x.css">', expected_to_fetch_nothing),
    ],
)
def test_what_is_wrong_with_a_page_is_seen(tmp_path: Path, page: str, expected: Any) -> None:
    (tmp_path / "other.html").write_text('<h1 id="here">z</h1>')
    (tmp_path / "page.html").write_text(page)
    for check in (expected_links_to_lead_somewhere, expected_to_fetch_nothing):
        if check is expected:
            with pytest.raises(AssertionError):
                check(tmp_path)
        else:
            check(tmp_path)


@pytest.fixture
def reference(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(DOCS / "_ext"))
    return importlib.import_module("reference")


def headings(text: str) -> set[str]:
    return set(re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE))


def test_reference_has_every_verb_flag_operation_and_parameter(reference: ModuleType) -> None:
    verbs, magics, configuration, operations, python = (
        reference.PAGES[f"{name}.md"]()
        for name in ("verbs", "magics", "configuration", "operations", "python")
    )
    notebook = grammar.line_parser()[1].choices
    parsers = {**cli.build_parser()[1].choices, **notebook}
    assert set(cli.VERBS) < set(parsers) and set(parsers) <= headings(verbs)
    for name, parser in parsers.items():
        section = verbs.split(f"\n## {name}\n")[1].split("\n## ")[0]
        for action in parser._actions:
            for word in action.option_strings or [action.dest]:
                assert action.dest == "help" or f"`{word}" in section, f"{name} {word}"
    for parser in (grammar.revision_parser(), grammar.models_parser(), grammar.models_line_parser()):
        words = [word for action in parser._actions for word in action.option_strings]
        assert parser.prog in headings(magics)
        assert all(f"`{word}" in magics for word in words if word not in ("-h", "--help"))
    names = {name for name in dir(Operations) if not name.startswith("_")} - {"context", "impl", "run"}
    assert names <= headings(operations)
    assert names == set(re.findall(r"^op\.(\w+)\(", operations, flags=re.MULTILINE))
    in_batch = {name for name in vars(BatchOperations) if not name.startswith("_")} - {"run"}
    # where its signature is the same, a directive is told once
    assert in_batch - {"execute"} == set(re.findall(r"^batch_op\.(\w+)\(", operations, flags=re.MULTILINE))
    assert all(f"| `{name}` |" in configuration for name in PARAMETERS)
    public = {
        name for name in dir(Migrator) if not name.startswith("_") and callable(getattr(Migrator, name))
    }
    assert public - {"before_env"} <= headings(python)


def test_a_key_that_nobody_describes_stops_the_build(
    reference: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {
        "script_location",
        "timezone",
        "lock_timeout",
        "path_separator",
    } <= reference.keys_in_the_package()
    monkeypatch.delitem(reference.described.KEYS, "timezone")
    monkeypatch.setitem(reference.described.KEYS, "time_zone", "")
    with pytest.raises(RuntimeError, match=r"not described \['timezone'\], not there \['time_zone'\]"):
        reference.configuration()


def said_in_the_package() -> str:
    """Every text in the source of the package, one after the other."""
    texts = []
    for path in (ROOT / "nbmigrate").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.append(node.value)
            elif isinstance(node, ast.JoinedStr):
                texts.append("".join(str(getattr(part, "value", "")) for part in node.values))
    return "\n".join(texts)


def test_messages_on_the_pages_of_databases_are_those_of_the_code() -> None:
    said = said_in_the_package()
    quoted = [
        (path.name, words)
        for path in (DOCS / "dialects").glob("*.md")
        for words in re.findall("“(.+?)”", path.read_text(encoding="utf-8"))
    ]
    assert len(quoted) > 20
    assert not [one for one in quoted if one[1] not in said]


@pytest.mark.parametrize("page", ["README.md"])
def test_links_of_the_readme_lead_to_files(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", text)
    assert not [link for link in links if "://" not in link and not (ROOT / link).exists()]


def test_contributing_says_the_command_of_the_readme() -> None:
    command = re.compile(r"<!-- command: test -->\n```sh\n(.*?)```", flags=re.DOTALL)
    found = [
        command.search((ROOT / name).read_text("utf-8")) for name in ("README.md", "docs/contributing.md")
    ]
    assert found[0] and found[1] and found[0][1] == found[1][1]
