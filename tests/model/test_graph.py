"""The graph by itself: what contradicts itself is refused, with the files by name."""

from __future__ import annotations

import pytest
from alembic_oracle import Node, our_graph

from nbmigrate.errors import (
    CycleDetected,
    DependencyCycleDetected,
    DependencyLoopDetected,
    LoopDetected,
    RevisionError,
)
from nbmigrate.model.graph import Revision, RevisionGraph
from nbmigrate.model.identifiers import near, parse_identifier, parse_range


def with_path(revision: Revision, path: str) -> Revision:
    revision.path = path
    return revision


def test_one_id_in_two_files_is_refused_with_both() -> None:
    graph = RevisionGraph(
        lambda: [with_path(Revision("a1", None), "one.py"), with_path(Revision("a1", None), "two.py")]
    )
    with pytest.raises(
        RevisionError, match=r"Revision a1 is present more than once: in one.py and in two.py"
    ):
        _ = graph.heads


def test_a_missing_parent_is_named_with_the_file_and_what_is_near() -> None:
    graph = RevisionGraph(
        lambda: [with_path(Revision("b1", "abc124"), "b.py"), with_path(Revision("abc123", None), "a.py")]
    )
    with pytest.raises(RevisionError) as caught:
        _ = graph.heads
    assert str(caught.value) == (
        "Revision abc124 referenced from b1 (b.py) is not present; did you mean 'abc123'?"
    )


def test_circles_are_refused_with_their_files() -> None:
    graph = RevisionGraph(
        lambda: [
            Revision("a", None),
            with_path(Revision("b", "c"), "b.py"),
            with_path(Revision("c", "b"), "c.py"),
        ]
    )
    with pytest.raises(CycleDetected) as caught:
        _ = graph.heads
    assert str(caught.value) == "Cycle is detected in revisions (b, c); look at b.py, c.py"
    with pytest.raises(DependencyCycleDetected) as dependency:
        _ = our_graph([Node("a"), Node("b", needs=("c",)), Node("c", ("b",))]).heads
    assert dependency.value.revisions == ("b", "c")
    with pytest.raises(LoopDetected):
        Revision("a", "a")
    with pytest.raises(DependencyLoopDetected):
        Revision("a", None, "a")


def test_a_label_used_twice_is_refused() -> None:
    graph = our_graph([Node("a", labels=("shop",)), Node("b", labels=("shop",))])
    with pytest.raises(RevisionError, match="Branch name 'shop' in revision b already used by revision a"):
        _ = graph.heads


def test_illegal_characters() -> None:
    with pytest.raises(
        RevisionError, match=r"Character\(s\) '\+, -, @' not allowed in revision identifier 'a@b-c\+'"
    ):
        Revision.verify_rev_id("a@b-c+")


def test_an_added_revision_is_as_if_read_with_the_rest() -> None:
    nodes = [Node("a", labels=("shop",)), Node("b", ("a",)), Node("c", ("b",), needs=())]
    graph = our_graph(nodes[:2])
    assert graph.heads == ("b",)
    graph.add_revision(Revision("c", "b"))
    fresh = our_graph(nodes)
    assert graph.heads == fresh.heads
    assert graph.revisions["c"].branch_labels == {"shop"} == fresh.revisions["c"].branch_labels
    assert graph.revisions["b"].nextrev == {"c"}
    with pytest.raises(RevisionError, match="not in map"):
        graph.add_revision(Revision("zz", None), _replace=True)


def test_ids_that_are_no_text_point_to_the_driver() -> None:
    with pytest.raises(RevisionError, match="ensure database driver settings are correct"):
        our_graph([Node("a")]).get_revision(b"a")  # type: ignore[arg-type]


def test_current_is_no_place_in_the_graph() -> None:
    with pytest.raises(RevisionError, match="'current' is where a database stands"):
        our_graph([Node("a")]).get_revision("current")


def test_identifiers_are_cut_in_one_way() -> None:
    found = parse_identifier("shop@head-2")
    assert (found.branch, found.symbol, found.steps, found.start) == ("shop", "head", -2, "shop@head")
    assert parse_identifier("+1").start is None
    assert parse_identifier("v3.0.0.a-1").symbol == "v3.0.0.a"
    assert parse_identifier("my-branch@+1").branch == "my-branch"
    assert parse_identifier("a-1", known={"a-1"}).steps is None
    with pytest.raises(RevisionError, match="names no revision"):
        parse_identifier("shop@")


def test_ranges() -> None:
    assert parse_range("a:b") == ("a", "b")
    assert parse_range(" -3:current ") == ("-3", "current")
    assert parse_range(":b") == (None, "b")
    with pytest.raises(RevisionError, match=r"History range requires \[start\]:\[end\]"):
        parse_range("a")


def test_near_ids() -> None:
    assert near("abcd", ["abce", "zzzz"]) == ["abce"]
    assert near("mail", ["add_email_to_user_2024", "zzzz"]) == ["add_email_to_user_2024"]
    assert near("q", ["abce"]) == []
