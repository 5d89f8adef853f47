"""Splitting a magic line, and the variables in it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbmigrate.errors import CommandError
from nbmigrate.notebook.line import Argument, expand, split, texts, variable_in


def words(line: str) -> list[str]:
    return [argument.text for argument in split(line)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", []),
        ("   ", []),
        ("upgrade head", ["upgrade", "head"]),
        ("  upgrade   +1 ", ["upgrade", "+1"]),
        ("downgrade -1", ["downgrade", "-1"]),
        ('revision -m "add a column"', ["revision", "-m", "add a column"]),
        ("revision -m 'add a column'", ["revision", "-m", "add a column"]),
        ('revision -m ""', ["revision", "-m", ""]),
        (r"connect C:\data\x.db", ["connect", r"C:\data\x.db"]),
        (r'connect "C:\data dir\x.db"', ["connect", r"C:\data dir\x.db"]),
        ("revision -m add #1", ["revision", "-m", "add", "#1"]),
        ("""-m "it's new" """, ["-m", "it's new"]),
        ("--message='a b' x", ["--message=a b", "x"]),
        ("upgrade abc:def ae1027@head", ["upgrade", "abc:def", "ae1027@head"]),
        ("""a'b'"c d"e""", ["abc de"]),
    ],
)
def test_split(line: str, expected: list[str]) -> None:
    assert words(line) == expected


@settings(max_examples=60)
@given(st.lists(st.text(max_size=10).filter(lambda s: '"' not in s or "'" not in s), max_size=5))
def test_quoted_arguments_come_back(arguments: list[str]) -> None:
    line = " ".join(f"'{a}'" if '"' in a else f'"{a}"' for a in arguments)
    assert words(line) == arguments


def test_a_quotation_mark_that_stays_open_is_an_error() -> None:
    with pytest.raises(CommandError, match="opened and not closed"):
        split("revision -m it's")


def test_only_a_whole_argument_is_a_variable() -> None:
    namespace = {"rev": "ae10", "n": 3}
    assert texts(split("$rev {rev} {n}"), namespace) == ["ae10", "ae10", "3"]
    untouched = "x$rev {rev}:head $rev@head {{rev}} $$rev {rev.id} $ {} $1"
    assert texts(split(untouched), namespace) == untouched.split()
    assert texts(split("""'$rev' "cost {n}" '{undefined}'"""), namespace) == [
        "$rev",
        "cost {n}",
        "{undefined}",
    ]


def test_an_undefined_variable_is_an_error_that_names_a_near_one() -> None:
    with pytest.raises(CommandError, match=r"\$reviison.*did you mean revision\?"):
        texts(split("show $reviison"), {"revision": "a", "_hidden": "b"})
    with pytest.raises(CommandError, match=r"has no variable x$"):
        expand(Argument("{x}"), {})


def test_only_text_and_numbers_can_stand_in_a_line() -> None:
    with pytest.raises(CommandError, match=r"\$rev is a list"):
        texts(split("show $rev"), {"rev": ["a"]})


def test_variable_in() -> None:
    assert variable_in(Argument("$a_1")) == "a_1"
    assert variable_in(Argument("{\u00e9t\u00e9}")) == "\u00e9t\u00e9"
    assert variable_in(Argument("$a", literal=True)) is None
    assert variable_in(Argument("$1")) is None
