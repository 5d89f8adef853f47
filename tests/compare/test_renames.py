"""What may be renamed: names, scores, assignment, answers, the schema with other names; no database."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbmigrate.compare.assignment import EXACT, best_pairs
from nbmigrate.compare.options import CompareOptions
from nbmigrate.compare.rename_answers import answers_from, parts_of, spelled, typed_answers
from nbmigrate.compare.rename_operations import IN_BETWEEN, steps_of
from nbmigrate.compare.renamed_schema import renamed_schema, renamed_text
from nbmigrate.compare.renames import decide
from nbmigrate.compare.similar import THRESHOLD, ColumnPair, name_likeness, table_likeness, words_of
from nbmigrate.errors import CommandError
from nbmigrate.model.schema import Check, Column, ForeignKey, Index, PrimaryKey, Schema, Table, Unique

# names


@pytest.mark.parametrize(
    ("old", "new", "least"),
    [
        ("createdAt", "created_at", 1.0),
        ("user", "users", 1.0),
        ("mail", "email", 0.75),
        ("addr", "address", 0.75),
        ("qty", "quantity", 0.75),
        ("name", "full_name", 0.8),
        ("person_id", "author_id", 0.5),
    ],
)
def test_names_that_are_alike(old: str, new: str, least: float) -> None:
    assert name_likeness(old, new) >= least


@pytest.mark.parametrize(("old", "new"), [("price", "cost"), ("c1", "c2"), ("a", "b"), ("email", "age")])
def test_names_that_are_not(old: str, new: str) -> None:
    assert name_likeness(old, new) < 0.5


def test_a_name_without_letters_is_itself() -> None:
    assert words_of("--") == ("--",)


# scores


def table(*columns: Column, name: str = "t", **kw: object) -> Table:
    return Table(name, None, (Column("id", "INTEGER", False), *columns), PrimaryKey(("id",)), **kw)  # type: ignore[arg-type]


def score(old: Column, new: Column) -> float:
    return ColumnPair(table(old), table(new)).likeness(old, new).score


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (Column("price", "INTEGER"), Column("cost", "INTEGER")),
        (Column("mail", "VARCHAR(20)"), Column("email", "TEXT")),
        (Column("created", "VARCHAR(20)"), Column("created_at", "TIMESTAMP")),
        (Column("price", "INTEGER", False, "0"), Column("unit_price", "NUMERIC(10, 2)")),
    ],
)
def test_worth_a_question(old: Column, new: Column) -> None:
    assert score(old, new) >= THRESHOLD


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (Column("born", "DATE"), Column("motto", "VARCHAR(20)")),
        (Column("total", "INTEGER", generated="a + b"), Column("total2", "INTEGER")),
        (Column("motto", "VARCHAR(20)"), Column("shout", "VARCHAR(20)", generated="upper(motto)")),
    ],
)
def test_not_worth_one(old: Column, new: Column) -> None:
    assert score(old, new) < THRESHOLD


def test_two_references_to_different_tables_are_not_one() -> None:
    old, new = Column("author_id", "INTEGER"), Column("category_id", "INTEGER")
    there = table(old, foreign_keys=(ForeignKey(("author_id",), None, "author", ("id",)),))
    wanted = table(new, foreign_keys=(ForeignKey(("category_id",), None, "category", ("id",)),))
    assert ColumnPair(there, wanted).likeness(old, new).score < THRESHOLD
    # unless the one table is the other under a new name
    renamed = ColumnPair(there, wanted, {(None, "author"): (None, "category")})
    assert renamed.likeness(old, new).score >= THRESHOLD


def test_reasons_are_words() -> None:
    old, new = Column("mail", "TEXT"), Column("email", "TEXT")
    assert ColumnPair(table(old), table(new)).likeness(old, new).reasons == (
        "the same type TEXT",
        "a similar name",
        "everything else alike",
        "the same place",
    )


def test_tables() -> None:
    columns = (Column("name", "TEXT"), Column("born", "DATE"), Column("size", "INTEGER"))
    person = table(*columns, name="person")
    assert table_likeness(person, table(*columns, name="human")).score >= THRESHOLD
    assert (
        table_likeness(person, table(Column("total", "NUMERIC"), Column("at", "TIME"), name="sale")).score
        < THRESHOLD
    )


# the assignment


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(1, 99), max_size=16))
def test_the_total_is_the_best_there_is(hundredths: dict[tuple[int, int], int]) -> None:
    scores = {pair: value / 100 for pair, value in hundredths.items()}
    found = best_pairs(scores)
    assert len({left for left, _ in found}) == len({right for _, right in found}) == len(found)

    def best(lefts: tuple[int, ...], taken: frozenset[int]) -> int:
        if not lefts:
            return 0
        options = [(p[1], v) for p, v in hundredths.items() if p[0] == lefts[0] and p[1] not in taken]
        rest = [best(lefts[1:], taken)]
        return max(rest + [v + best(lefts[1:], taken | {right}) for right, v in options])

    assert sum(hundredths[pair] for pair in found) == best((0, 1, 2, 3, 4), frozenset())


def test_first_come_is_not_first_served() -> None:
    scores = {("name", "nickname"): 0.8, ("name", "full_name"): 0.7, ("nick", "nickname"): 0.75}
    assert best_pairs(scores) == [("name", "full_name"), ("nick", "nickname")]


def test_of_equal_totals_the_order_decides() -> None:
    pairs = list(itertools.product("abc", "xyz"))
    assert best_pairs(dict.fromkeys(pairs, 0.5)) == best_pairs(dict.fromkeys(pairs, 0.5))
    assert len(best_pairs(dict.fromkeys(pairs, 0.5))) == 3


def test_very_many_are_taken_best_first() -> None:
    size = EXACT + 10
    draw = random.Random(1)
    scores = {(a, b): 1.0 if a == b else draw.uniform(0.5, 0.9) for a in range(size) for b in range(size)}
    assert best_pairs(scores) == [(n, n) for n in range(size)]


# answers


@given(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=3))
def test_any_name_can_be_written(parts: list[str]) -> None:
    assert parts_of(spelled(*parts)) == tuple(parts)


@given(st.text(min_size=1, max_size=8), st.text(min_size=1, max_size=8))
def test_any_answer_can_be_written(old: str, new: str) -> None:
    if old != new:
        (answer,) = answers_from([f"{spelled('t', old)}={spelled('t', new)}"])
        assert (answer.old, answer.new) == (("t", old), ("t", new))


def test_answers_of_a_line_and_of_python_are_the_same() -> None:
    assert typed_answers(["t.a=t.b"], ["t.c"]) == {"t.a": "t.b", "t.c": None}
    assert answers_from({"t.a": "t.b", "t.c": None}) == answers_from(["t.a=t.b"], ["t.c"])


@pytest.mark.parametrize("line", ["t.a", "=t.b", "t.a=", "a..b=c", '"a=b', "a.b.c.d=e", ""])
def test_what_is_no_answer(line: str) -> None:
    with pytest.raises(CommandError):
        answers_from([line])


def test_two_answers_about_one_thing() -> None:
    with pytest.raises(CommandError, match="two answers about t"):
        answers_from(["t.a=t.b"], ["t.a"])


# what the answers mean


def schema(*tables: Table) -> Schema:
    return Schema({one.key: one for one in tables})


def columns(*names: str, table_name: str = "t") -> Schema:
    return schema(table(*(Column(name, "INTEGER") for name in names), name=table_name))


def decided(current: Schema, desired: Schema, *lines: str, drops: tuple[str, ...] = ()) -> object:
    return decide(current, desired, answers_from(lines, drops), CompareOptions(), ask=True)


@pytest.mark.parametrize(
    ("current", "desired", "line", "told"),
    [
        (columns("a", "b"), columns("b"), "t.a=t.b", "has a column b already"),
        (columns("a"), columns("b"), "t.a=t.x", "the models have no column x in t; its columns: id, b"),
        (columns("a"), columns("b"), "t.a=u.b", "does not move a column to another table"),
        (columns("a"), columns("b", table_name="u"), "t=x", "the models have no table x"),
        (columns("a"), columns("b", table_name="u"), "t=s.u", "the models have no table s.u"),
    ],
)
def test_answers_that_can_not_hold(current: Schema, desired: Schema, line: str, told: str) -> None:
    with pytest.raises(CommandError, match=told):
        decided(current, desired, line)


def test_two_can_not_get_one_name() -> None:
    with pytest.raises(CommandError, match="both a and b of t are renamed to c"):
        decided(columns("a", "b"), columns("c"), "t.a=t.c", "t.b=t.c")


def test_an_answer_that_was_carried_out_is_nothing_any_more() -> None:
    found = decide(columns("b"), columns("b"), answers_from(["t.a=t.b"]), CompareOptions())
    assert not found and found.used


def test_what_is_to_go_is_not_asked_for() -> None:
    current, desired = columns("a"), columns("b")
    assert decide(current, desired, (), CompareOptions()).candidates
    found = decide(current, desired, answers_from((), ["t.a"]), CompareOptions())
    assert not found.candidates and not found


def test_a_name_that_means_two_things() -> None:
    both = schema(table(Column("b", "INTEGER"), name="a"), Table("b", "a", (Column("x", "INTEGER"),)))
    with pytest.raises(CommandError, match="is a table of a schema, and a column of a table"):
        decide(both, columns("b"), answers_from(["a.b=a.c"]), CompareOptions())


# the order of renames


@settings(max_examples=200)
@given(st.permutations("abcdef"), st.integers(1, 6))
def test_no_two_things_ever_bear_one_name(shuffled: list[str], count: int) -> None:
    """Any renames among the names, circles and chains included, end where they should."""
    names = dict(zip("abcdef"[:count], shuffled, strict=False))
    holds = {name: name for name in "abcdef"[:count]}
    for old, new in steps_of(names, "abcdef"):
        assert new not in holds, "the name is taken"
        holds[new] = holds.pop(old)
    assert {thing: name for name, thing in holds.items()} == names


def test_the_name_in_between_is_a_free_one() -> None:
    assert steps_of({"a": "b", "b": "a"}, ["a", "b", IN_BETWEEN]) == [
        ("a", f"{IN_BETWEEN}_2"),
        ("b", "a"),
        (f"{IN_BETWEEN}_2", "b"),
    ]


# the schema with other names


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a > 0 AND b < 'a'", "x > 0 AND b < 'a'"),
        ('"a" > 0', '"x" > 0'),
        ("`a` > 0 and [a] = 1", "`x` > 0 and [x] = 1"),
        ("a(a) = 1", "a(x) = 1"),
        ("b::a = A", "b::a = x"),
        ("t.a || aa", "t.x || aa"),
    ],
)
def test_a_name_in_an_expression(before: str, after: str) -> None:
    assert renamed_text(before, {"a": "x"}) == after


def test_a_name_that_must_be_quoted() -> None:
    assert renamed_text("a + 1", {"a": 'my "x"'}) == '"my ""x""" + 1'
    assert renamed_text("a + 1", {"a": "end"}) == '"end" + 1'


def test_what_hangs_on_a_renamed_thing_follows() -> None:
    there = Table(
        "t",
        columns=(Column("a", "INTEGER"), Column("g", "INTEGER", generated="a * 2")),
        primary_key=PrimaryKey(("a",)),
        foreign_keys=(ForeignKey(("a",), None, "t", ("a",)),),
        uniques=(Unique(("a", "g"), "uq"),),
        checks=(Check("a > 0"),),
        indexes=(Index("ix", ("a", "(a + 1)"), options=(("where", "a > 5"),)),),
    )
    other = Table(
        "o", columns=(Column("t_a", "INTEGER"),), foreign_keys=(ForeignKey(("t_a",), None, "t", ("a",)),)
    )
    found = renamed_schema(schema(there, other), {(None, "t"): (None, "u")}, {(None, "u"): {"a": "x"}})
    assert list(found.tables) == [(None, "o"), (None, "u")]
    assert found.tables[None, "o"].foreign_keys == (ForeignKey(("t_a",), None, "u", ("x",)),)
    assert found.tables[None, "u"] == Table(
        "u",
        columns=(Column("x", "INTEGER"), Column("g", "INTEGER", generated="x * 2")),
        primary_key=PrimaryKey(("x",)),
        foreign_keys=(ForeignKey(("x",), None, "u", ("x",)),),
        uniques=(Unique(("x", "g"), "uq"),),
        checks=(Check("x > 0"),),
        indexes=(Index("ix", ("x", "(x + 1)"), options=(("where", "x > 5"),)),),
    )
