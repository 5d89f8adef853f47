"""Pictures of the revision graph: with dot, without, and with names that try to be more than names."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from notebook_samples import HOSTILE, Parsed, graph, info

from nbmigrate.errors import CommandError
from nbmigrate.notebook import pictures
from nbmigrate.notebook.displays import html_of
from nbmigrate.notebook.pictures import Picture, dot_source
from nbmigrate.notebook.tables import visible
from nbmigrate.results import Graph

needs_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="dot is not installed")


@pytest.fixture
def no_dot(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "pygraphviz", None)


def texts_of(svg: str) -> list[str]:
    return [
        element.text or "" for element in ElementTree.fromstring(svg).iter() if element.tag.endswith("text")
    ]


@needs_dot
def test_dot_draws_filled_hollow_double_and_the_tag() -> None:
    picture = Picture(graph())
    assert picture.engine == "dot"
    source = picture.dot
    (box,) = [line for line in source.splitlines() if "\\nmessage of b2\\napplied" in line]
    assert box.strip().startswith("n2 [")
    assert 'style="rounded,filled"' in box
    assert "peripheries=1" in box
    assert "peripheries=2 style=rounded]" in source  # pending head: hollow, double
    assert "database -> n2" in source
    assert "n3 -> n2 [style=solid]" in source  # parent to child
    assert "n2 -> n1 [style=dashed]" in source  # depends on
    assert {"database", "sqlite:///shop.db", "head, pending", "applied"} <= set(texts_of(picture.svg))


@needs_dot
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_are_only_text_in_the_picture(text: str) -> None:
    picture = Picture(graph(text, database=None))
    assert picture.engine == "dot"
    parsed = Parsed(picture.svg)
    assert set(parsed.tags) <= {"svg", "g", "path", "polygon", "polyline", "ellipse", "text"}
    names = {name for name, _ in parsed.attributes}
    assert not names & {"href", "xlink:href", "id", "class", "onclick", "onload"}
    shown = " ".join(" ".join(texts_of(picture.svg)).split())
    assert " ".join(visible(text).split()) in shown


@needs_dot
@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(), min_size=1, max_size=15))
def test_any_id_round_trips_through_dot(text: str) -> None:
    value = Graph((info(text, message="m"),), None, ())
    picture = Picture(value)
    assert picture.engine == "dot"
    # runs of blanks are one blank in a picture
    assert " ".join(texts_of(picture.svg)[0].split()) == " ".join(visible(text).split())


@needs_dot
def test_without_its_drawing_a_picture_is_a_line_for_each_box() -> None:
    lines = Parsed(Picture(graph()).svg).text.split("\n")
    assert "b2 message of b2 applied" in lines
    assert "d4 order table head, pending" in lines


@needs_dot
def test_colours_are_the_pages_own() -> None:
    svg = Picture(graph()).svg
    assert "black" not in svg
    assert 'stroke="currentColor"' in svg
    assert 'fill="currentColor"' in svg.partition(">")[0]


def test_without_dot_the_graph_is_drawn_as_lanes_with_a_hint(no_dot: None) -> None:
    picture = Picture(graph())
    assert picture.engine == "lanes"
    ElementTree.fromstring(picture.svg)
    parsed = Parsed(html_of(picture) or "")
    assert parsed.tags.count("text") == 5
    assert "pip install 'nbmigrate[dot]'" in parsed.text
    assert "ring: head" in parsed.text
    assert "the database is here" in parsed.text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_in_lanes(no_dot: None, text: str) -> None:
    parsed = Parsed(html_of(Picture(graph(text))) or "")
    assert set(parsed.tags) <= {"div", "svg", "g", "path", "circle", "text"}
    assert visible(text) in parsed.text


def test_a_dot_that_fails_or_hangs_falls_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    monkeypatch.setattr(shutil, "which", lambda name: "/bin/dot")
    failures = [
        subprocess.CalledProcessError(1, "dot"),
        subprocess.TimeoutExpired("dot", 1),
        PermissionError("no"),
        FileNotFoundError("gone"),
    ]
    for failure in failures:

        def fail(*args: object, failure: Exception = failure, **kw: object) -> None:
            raise failure

        monkeypatch.setattr(subprocess, "run", fail)
        assert Picture(graph()).engine == "lanes"


def test_a_dot_that_prints_nonsense_falls_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "render_dot", lambda source: ("dot", "<svg"))
    assert Picture(graph()).engine == "lanes"


def test_pygraphviz_is_used_where_dot_is_missing(no_dot: None, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = (
        b'<svg xmlns="http://www.w3.org/2000/svg"><a href="x"><text onclick="y">b2</text></a><script/></svg>'
    )
    module = ModuleType("pygraphviz")
    module.AGraph = lambda string: SimpleNamespace(draw=lambda format, prog: drawn)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pygraphviz", module)
    picture = Picture(graph())
    assert picture.engine == "pygraphviz"
    assert Parsed(picture.svg).tags == ["svg", "g", "text"]
    assert "onclick" not in picture.svg


def test_long_runs_are_folded_and_huge_graphs_drawn_as_lanes() -> None:
    infos = tuple(info(f"r{n}", *([f"r{n - 1}"] if n else [])) for n in range(49, -1, -1))
    assert "48 revisions\\n" in dot_source(Graph(infos, None, ()))
    bushy = tuple(info(f"r{n}", *(["r0"] if n else []), is_head=n > 0) for n in range(300, -1, -1))
    assert Picture(Graph(bushy, None, ())).engine == "lanes"


def test_no_revisions_no_picture() -> None:
    assert "No revisions yet" in (html_of(Picture(Graph((), None, ()))) or "")


def test_ids_without_a_file_and_a_database_at_base_are_shown() -> None:
    missing = Graph(graph().revisions, "sqlite:///x.db", ("gone",), ("gone",))
    assert 'm0 [label="gone\\nno file" style=dotted]' in dot_source(missing)
    assert "database -> m0" in dot_source(missing)
    infos = tuple(info(i.id, *i.down_revision, status="pending") for i in graph().revisions)
    assert "at base" in dot_source(Graph(infos, "sqlite:///x.db", ()))


def test_a_picture_has_the_attributes_of_its_graph() -> None:
    value = graph()
    picture = Picture(value)
    assert picture.revisions is value.revisions
    assert picture.current == ("b2",)
    assert str(picture) == str(value)
    with pytest.raises(AttributeError):
        _ = picture.nothing


def test_the_same_graph_gives_the_same_bytes() -> None:
    assert Picture(graph()).svg == Picture(graph()).svg
    assert dot_source(graph()) == dot_source(graph())


def test_save(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = Picture(graph('<wip> & "q"'))
    svg = picture.save(tmp_path / "x.svg").read_text("utf-8")
    assert svg.startswith("<svg")
    assert "background:white" in svg
    ElementTree.fromstring(svg)
    assert picture.save(str(tmp_path / "x.dot")).read_text("utf-8") == picture.dot
    mermaid = picture.save(tmp_path / "x.mmd").read_text("utf-8")
    assert mermaid.startswith("flowchart BT\n")
    assert "<wip>" not in mermaid
    assert "#60;wip#62;" in mermaid
    with pytest.raises(CommandError, match=r"\.svg, \.dot or \.mmd"):
        picture.save(tmp_path / "x.png")
    assert not (tmp_path / "x.png").exists()
    monkeypatch.setenv("PATH", "")
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    lanes = Picture(graph()).save(tmp_path / "lanes.svg").read_text("utf-8")
    ElementTree.fromstring(lanes)
    assert "background:white" in lanes
