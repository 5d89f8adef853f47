"""The escape function and the tables: any text comes back from the HTML as it went in."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from notebook_samples import HOSTILE, Parsed

from nbmigrate.notebook.tables import Cell, Html, esc, facts, limited, listing, table, visible

ANY_TEXT = st.text(st.characters(), max_size=60)  # surrogates and controls included


@settings(max_examples=100)
@given(ANY_TEXT)
def test_any_text_round_trips_through_the_escaped_html(text: str) -> None:
    parsed = Parsed(f'<p title="{esc(text)}">{esc(text)}</p>')
    assert parsed.tags == ["p"]
    assert parsed.text == visible(text)
    assert parsed.attributes == [("title", visible(text))]


@settings(max_examples=50)
@given(ANY_TEXT)
def test_what_is_visible_can_be_seen_written_to_a_file_and_is_otherwise_unchanged(text: str) -> None:
    seen = visible(text)
    seen.encode("utf-8")
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in seen if c not in "\n\t")
    assert visible(seen) == seen
    if text.isprintable():
        assert seen == text


@settings(max_examples=50)
@given(ANY_TEXT, ANY_TEXT)
def test_cells_captions_and_listings_hold_the_text_and_no_other_tags(one: str, two: str) -> None:
    made = table(one, [one, two], [[one, Cell(two, mono=True, title=one)]], tints=["add"])
    parsed = Parsed(made)
    assert set(parsed.tags) <= {"table", "caption", "thead", "tbody", "tr", "th", "td"}
    assert all(visible(text) in parsed.pieces for text in (one, two) if text)
    assert visible(one).rstrip("\n") in Parsed(listing(one, one)).text
    assert visible(two) in Parsed(facts(one, [(one, two)])).text


@pytest.mark.parametrize(
    "text", ["\x1b", "\u202e", "\u2066", "\u200b", "\x00", "\r", "\x85", "\u2028", "\ud800"]
)
def test_characters_that_act_instead_of_being_seen_are_spelt_out(text: str) -> None:
    assert visible(f"a{text}b").startswith("a\\")
    assert text not in visible(f"a{text}b")


def test_letters_of_every_script_stay() -> None:
    text = "caf\u00e9 \u4e2d\u6587 \u0645\u06cc\u200c\u062e \U0001f468\u200d\U0001f469\n\t~"
    assert visible(text) == text


def test_html_passes_and_is_the_only_thing_that_does() -> None:
    assert esc(Html("<b>")) == "<b>"
    assert esc(esc("<b>")) == "&lt;b&gt;"


def test_tables_have_what_survives_an_untrusted_notebook() -> None:
    made = table("2 things", ["name", "value"], [["a", "1"], ["b", "2"]], tints=["add", "drop"])
    assert "<caption" in made
    assert 'scope="col"' in made
    assert 'scope="row"' in made
    assert "background:rgba(46,160,67,.20)" in made
    for lost in ("<style", "var(", "class=", "<code", "id="):
        assert lost not in made
    colours = [part for part in made.replace('"', ";").split(";") if part.startswith("color:")]
    assert colours == ["color:inherit"]


def test_columns_that_are_empty_everywhere_are_left_out() -> None:
    assert Parsed(table("c", ["a", "b", "c"], [["1", "", "3"], ["4", "", ""]])).text == "cac134"


def test_a_table_beyond_the_limit_says_how_many_rows_are_missing() -> None:
    made = table("big", ["n"], [[f"row {n} " + "x" * 100] for n in range(10_000)])
    assert len(made.encode()) < 130_000
    shown = made.count("<tr>") - 2
    assert f"{10_000 - shown:,} more rows are not shown here" in made


def test_a_listing_beyond_the_limit_says_how_many_lines_are_missing() -> None:
    made = listing("sql", "\n".join(f"select {n};" for n in range(100_000)))
    assert len(made.encode()) < 70_000
    assert "more lines are not shown here" in made
    one_line = listing("sql", "x" * 1_000_000)
    assert len(one_line.encode()) < 70_000


@settings(max_examples=30)
@given(st.text(max_size=40), st.integers(1, 60))
def test_limited_text_is_the_text_or_whole_lines_of_it(text: str, limit: int) -> None:
    shown = limited(text, limit)
    if len(visible(text).encode()) <= limit:
        assert shown == visible(text)
    else:
        assert "\N{HORIZONTAL ELLIPSIS}" in shown


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names(text: str) -> None:
    parsed = Parsed(table(text, [text], [[text]]))
    assert set(parsed.tags) <= {"table", "caption", "thead", "tbody", "tr", "th", "td"}
    assert parsed.pieces.count(visible(text)) == 3
