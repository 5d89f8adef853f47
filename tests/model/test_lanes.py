"""Lanes: every line of the drawing leads to a parent, and nothing gets lost."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from nbmigrate.model.lanes import Lanes, Node, fold, lanes_text, lay_out, newest_first, to_text


@st.composite
def histories(draw: st.DrawFn) -> list[Node]:
    """Random graphs, newest first: node n may have any older nodes as parents."""
    count = draw(st.integers(0, 14))
    nodes = []
    for number in range(count):
        parents = draw(st.lists(st.integers(0, number - 1), max_size=3, unique=True)) if number else []
        nodes.append(Node(f"r{number}", tuple(f"r{parent}" for parent in parents)))
    return nodes[::-1]


def reached(lanes: Lanes) -> set[tuple[str, str]]:
    """Follow each line from node to node: what the picture says the edges are."""
    edges = set()
    for index, row in enumerate(lanes.rows):
        positions = {below for here, below in row.lines if here == row.lane}
        for later, lower in enumerate(lanes.rows[index + 1 :], index + 1):
            if lower.lane in positions:
                edges.add((row.node.key, lower.node.key))
                positions.discard(lower.lane)
            # where lines have met they are one line: what leaves a lane is followed from that lane
            positions = {below for here, below in lanes.rows[later].lines if here in positions}
    return edges


@settings(max_examples=100)
@given(histories())
def test_following_the_lines_gives_exactly_the_parents(nodes: list[Node]) -> None:
    wanted = {(node.key, parent) for node in nodes for parent in node.parents}
    assert reached(lay_out(nodes)) == wanted


@settings(max_examples=50)
@given(histories(), st.randoms())
def test_order_does_not_depend_on_sets_and_children_come_first(nodes: list[Node], random: object) -> None:
    ordered = newest_first(nodes)
    assert ordered == nodes  # already newest first: the order given is kept
    shuffled = list(nodes)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    place = {node.key: i for i, node in enumerate(newest_first(shuffled))}
    assert len(place) == len(nodes)
    assert all(place[node.key] < place[parent] for node in nodes for parent in node.parents)


@settings(max_examples=50)
@given(histories())
def test_folding_loses_no_revision_and_keeps_every_edge_between_what_is_left(nodes: list[Node]) -> None:
    folded = fold(nodes, shortest=2)
    assert sorted(key for node in folded for key in node.folded or (node.key,)) == sorted(
        node.key for node in nodes
    )
    shown = {node.key for node in folded}
    assert all(parent in shown for node in folded for parent in node.parents)


def test_a_run_of_four_is_folded_and_a_run_of_three_is_not() -> None:
    def line(length: int) -> list[Node]:
        return [*(Node(f"r{n}", (f"r{n - 1}",)) for n in range(length, 0, -1)), Node("r0")]

    assert [node.key for node in fold(line(4))] == ["r4", "r3", "r2", "r1", "r0"]
    assert [node.folded for node in fold(line(5))] == [(), ("r4", "r3", "r2", "r1"), ()]
    kept = fold(line(5), keep=["r2"])
    assert all(not node.folded for node in kept)


def test_a_merge_looks_as_git_draws_it() -> None:
    nodes = [
        Node("m", ("b", "c")),
        Node("b", ("a",)),
        Node("c", ("a",)),
        Node("h", ("a",)),
        Node("a"),
    ]
    drawn = to_text(lay_out(nodes), lambda node: node.key)
    assert drawn == [
        "*    m",
        "|\\",
        "* |  b",
        "| *  c",
        "|/",
        "| *  h",
        "|/",
        "*    a",
    ]


def test_the_trunk_stays_on_the_left_when_a_side_branch_waited_for_it_first() -> None:
    nodes = [Node("m", ("t2", "x")), Node("x", ("t1",)), Node("t2", ("t1",)), Node("t1", ("t0",)), Node("t0")]
    assert lay_out(nodes).rows[-1].lane == 0
    assert lay_out(nodes).width == 2


def test_what_stands_below_a_base_does_not_look_like_its_parent() -> None:
    drawn = to_text(
        lay_out([Node("b", ("a",)), Node("a"), Node("y", ("x",)), Node("x")]), lambda node: node.key
    )
    assert drawn == ["*    b", "*    a", "  *  y", "  *  x"]


def test_parents_outside_what_is_shown_run_off_the_bottom() -> None:
    lanes = lay_out([Node("b", ("a",)), Node("a", ("not shown",))])
    assert [row.node.key for row in lanes.rows] == ["b", "a"]
    assert lanes.rows[-1].lines == ()


def test_a_circle_is_drawn_instead_of_lost() -> None:
    assert {row.node.key for row in lay_out([Node("a", ("b",)), Node("b", ("a",)), Node("c")]).rows} == {
        "a",
        "b",
        "c",
    }


def test_ten_thousand_revisions_stay_narrow() -> None:
    nodes = [
        Node(f"r{n}", (f"r{n - 1}",) if n % 7 else (f"r{n - 1}", f"r{n - 5}")) for n in range(9999, 4, -1)
    ]
    nodes += [Node(f"r{n}") for n in range(5)]
    lanes = lay_out(fold(nodes))
    assert lanes.width < 20


@dataclass(frozen=True)
class Info:
    id: str
    down_revision: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    branch_labels: tuple[str, ...] = ()
    message: str = ""
    is_head: bool = False
    is_current: bool = False
    status: str = "unknown"


def test_the_text_tells_applied_pending_head_and_position_in_words_and_signs() -> None:
    text = lanes_text(
        [
            Info("c", ("b",), message="third", is_head=True, status="pending"),
            Info("b", ("a",), message="second", is_current=True, status="applied"),
            Info("a", message="first", branch_labels=("shop",), status="applied"),
        ],
        "sqlite:///x.db",
        ["gone"],
    )
    assert text.splitlines()[:4] == [
        "o  c  third  (head, pending)",
        "*  b  second  (applied, the database is here)",
        "*  a  first  (applied, branch: shop)",
        "   gone  (no file; the database is here)",
    ]
    assert "* applied  o pending" in text


def test_a_folded_run_says_how_many_and_from_where_to_where() -> None:
    infos = [Info(f"r{n}", (f"r{n - 1}",) if n else (), status="applied") for n in range(9, -1, -1)]
    infos[0] = Info("r9", ("r8",), is_head=True, is_current=True, status="applied")
    assert ":  7 revisions r1 .. r7 (applied)" in lanes_text(infos, "x").splitlines()


def test_no_revisions() -> None:
    assert lanes_text([]) == "No revisions yet"
    assert lay_out([]).rows == ()
