"""Displays: each result type has both forms, whatever text is in it, within the size limit."""

from __future__ import annotations

import inspect
import subprocess
import sys
from dataclasses import is_dataclass, replace
from importlib import import_module
from pkgutil import iter_modules

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from IPython.core.formatters import DisplayFormatter
from notebook_samples import HOSTILE, Parsed, every_result, graph, info

from nbmigrate import plans, results
from nbmigrate.model.change import Change
from nbmigrate.model.finding import Finding
from nbmigrate.notebook import models
from nbmigrate.notebook.displays import html_of, register, text_of, unregister
from nbmigrate.notebook.pictures import Picture
from nbmigrate.notebook.tables import visible
from nbmigrate.plans import Draft, Explanation, OperationText, Plan, PlannedStep, SQLScript, SQLScripts
from nbmigrate.results import Diff, Result, RevisionCreated, Revisions, text_table

# they stand inside other results
PARTS = {"RevisionInfo", "FileState", "StepReport", "ModelCell", "OperationText", "PlannedStep", "SQLScript"}
PARTS |= {"Audit", "Place", "WalkStep"}
TABLE_TAGS = {"div", "table", "caption", "thead", "tbody", "tr", "th", "td", "ins", "del", "span", "details"}
TAGS = TABLE_TAGS | {"summary", "pre", "svg", "path", "circle", "g", "text", "polygon", "polyline", "ellipse"}


@pytest.fixture
def formatter() -> DisplayFormatter:
    made = DisplayFormatter()
    register(made)
    return made


def test_every_result_type_has_a_sample_and_a_display(formatter: DisplayFormatter) -> None:
    rooms = [import_module(f"nbmigrate.results.{room.name}") for room in iter_modules(results.__path__)]
    types = {
        name: value
        for module in (*rooms, plans, models)
        for name, value in vars(module).items()
        if inspect.isclass(value) and is_dataclass(value) and value.__module__ == module.__name__
    }
    samples = {type(value).__name__ for value in every_result()} | {"Graph"}
    assert types.keys() - PARTS == samples
    assert all(issubclass(types[name], Result) for name in samples)
    for value in [*every_result(), Picture(graph())]:
        data, _ = formatter.format(value)
        assert set(data) == {"text/html", "text/plain"}
        assert data["text/plain"] == visible(text_of(value))
        assert visible(str(value)) in data["text/plain"] or isinstance(value, Revisions)


def test_text_alone_says_it_all_in_ascii(formatter: DisplayFormatter) -> None:
    for value in every_result("Zyx"):
        data, _ = formatter.format(value)
        shown = data["text/plain"]
        assert shown.isascii(), type(value)
        # whatever number or name a field holds can be read in it, whether or not HTML can be shown
        assert "Zyx" in shown, type(value)
        assert not [line for line in shown.split("\n") if line != line.rstrip()], type(value)


def test_text_tables_are_aligned_whatever_the_letters() -> None:
    wide = "\u4e2d\u6587"
    made = text_table(("a", "b"), [(wide, "x"), ("e\u0301", "y"), ("two\nlines", "z")]).split("\n")
    assert made == ["a          b", "---------  -", f"{wide}       x", "e\u0301          y", "two lines  z"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_are_text_in_every_display(formatter: DisplayFormatter, text: str) -> None:
    for value in every_result(text):
        data, _ = formatter.format(value)
        parsed = Parsed(data["text/html"])
        assert set(parsed.tags) <= TAGS, type(value)
        assert not {name for name, _ in parsed.attributes if name.startswith("on") or name == "href"}
        assert visible(text) in parsed.text, type(value)
        data["text/html"].encode("utf-8")
        data["text/plain"].encode("utf-8")
        assert "\x1b" not in data["text/plain"]
        assert "\u202e" not in data["text/plain"] + data["text/html"]


@settings(max_examples=15, deadline=None)
@given(st.text(st.characters(), min_size=1, max_size=20))
def test_any_text_is_only_text(text: str) -> None:
    for value in every_result(text):
        assert set(Parsed(html_of(value) or "").tags) <= TAGS


def test_the_diff_table_says_each_change_by_sign_and_word() -> None:
    diff = next(value for value in every_result("user") if isinstance(value, Diff))
    made = html_of(diff) or ""
    parsed = Parsed(made)
    for said in ("+ add", "\N{MINUS SIGN} drop", "~ alter"):
        assert said in parsed.pieces
    assert {"ins", "del"} <= set(parsed.tags)
    assert "3 differences: 1 to add, 1 to alter, 1 to drop" in parsed.text
    assert made.index("rgba(46,160,67") < made.index("rgba(210,153,34") < made.index("rgba(248,81,73")


def test_the_history_shows_lanes_status_and_position_in_words() -> None:
    revisions = graph().revisions
    parsed = Parsed(html_of(Revisions("history", revisions, "", 5, "sqlite:///shop.db", ("b2",))) or "")
    assert parsed.tags.count("svg") == 5
    assert "applied, the database is here" in parsed.pieces
    assert "pending" in parsed.pieces
    assert "history: 5 revisions; sqlite:///shop.db is at b2" in parsed.pieces


def test_ten_thousand_revisions_fold_to_a_screen(formatter: DisplayFormatter) -> None:
    infos = tuple(
        info(f"r{n}", *([f"r{n - 1}"] if n else []), is_current=n == 5000) for n in range(9999, -1, -1)
    )
    value = Revisions("history", infos, "\n".join(i.id * 20 for i in infos), 10_000)
    data, _ = formatter.format(value)
    parsed = Parsed(data["text/html"])
    assert parsed.tags.count("tr") < 70
    assert "r5000" in parsed.pieces
    assert any("4998 revisions r1 .. r4998" in piece for piece in parsed.pieces)
    assert sum(len(text.encode()) for text in data.values()) < 200_000
    assert ":  4998 revisions r1 .. r4998" in data["text/plain"]


def test_no_output_is_larger_than_200_kb(formatter: DisplayFormatter) -> None:
    for value in every_result("x" * 300_000):
        data, _ = formatter.format(value)
        assert sum(len(text.encode()) for text in data.values()) <= 200_000, type(value)


def test_no_output_of_many_rows_is_larger_than_200_kb(formatter: DisplayFormatter) -> None:
    name = '"quoted" <name> of a table'
    changes = tuple(
        Change("add", "table", f"{name} {n}", after=name * 3, operation=f"op.create_table({name!r},\n    )")
        for n in range(5000)
    )
    statements = tuple(f"CREATE TABLE {name * 4} {n}" for n in range(5000))
    findings = tuple(Finding("drop-column", f"{name} {n}", name * 3, name * 3) for n in range(1000))
    operations = tuple(OperationText(name * 3, name, (one,), "drops 1 row") for one in statements)
    written = RevisionCreated("created", info("a1"), "\n".join(statements), statements, changes)
    values = [
        Diff(name, changes, statements=statements, dialect="sqlite"),
        replace(written, findings=findings, database=name, dialect="sqlite"),
        Plan("upgrade", "head", name, "sqlite", (), ("a1",),
             (PlannedStep(info("a1"), "upgrade", (), ("a1",), operations, findings=findings),)),
        Explanation(info("a1"), "sqlite", operations, operations),
        SQLScripts("head", tuple(SQLScript(one, "\n".join(statements)) for one in ("sqlite", "mysql"))),
        Draft("drafted", "x", "\n".join(statements), changes),
    ]  # fmt: skip
    for value in values:
        data, _ = formatter.format(value)
        assert sum(len(text.encode()) for text in data.values()) <= 200_000, type(value)
        assert "more" in data["text/plain"] and "more" in data["text/html"]


def test_unregister_takes_the_displays_away(formatter: DisplayFormatter) -> None:
    every = every_result()
    assert "text/html" in formatter.format(every[0])[0]
    unregister(formatter)
    assert all(set(formatter.format(value)[0]) == {"text/plain"} for value in every)


def test_values_of_other_types_are_left_alone() -> None:
    assert html_of("text") is None
    assert html_of([graph()]) is None


def test_a_graph_from_python_is_a_picture_too() -> None:
    assert "<svg" in str(html_of(graph()))


def test_loading_imports_nothing_heavy() -> None:
    code = (
        "import sys, IPython.core.interactiveshell\n"
        "before = set(sys.modules)\n"
        "import nbmigrate.notebook.magics, nbmigrate.notebook.displays\n"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "heavy = 'sqlalchemy graphviz pygraphviz ipywidgets anywidget mako pandas'.split()\n"
        "print(sorted(new & set(heavy)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_load_ext_imports_what_parses_a_line_and_nothing_that_answers_it() -> None:
    code = (
        "import sys\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance(); shell.history_manager.enabled = False\n"
        "before = set(sys.modules)\n"
        "shell.run_line_magic('load_ext', 'nbmigrate')\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    new = done.stdout.split()
    assert len(new) <= 40, new
    ours = {
        name.removeprefix("nbmigrate.").partition(".")[0] for name in new if name.startswith("nbmigrate.")
    }
    assert ours <= {"arguments", "cli", "config", "errors", "notebook", "results", "version"}
    rooms = {
        "differences",
        "histories",
        "explained",
        "runs",
        "erd",
        "pictures",
        "panel",
        "walk",
        "ui",
        "jupysql",
    }
    assert not rooms.intersection(name.rpartition(".")[2] for name in new)
