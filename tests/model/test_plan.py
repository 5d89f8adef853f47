"""Plans: steps, rows of the version table, stamps, and what is said when there is no way."""

from __future__ import annotations

import random
import warnings

import pytest
from alembic.script import ScriptDirectory as AlembicDirectory
from alembic.util import CommandError as AlembicError
from alembic_oracle import Node, alembic_map, graphs, our_graph, run_steps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nbmigrate.errors import (
    CommandError,
    MultipleHeads,
    RangeNotAncestorError,
    ResolutionError,
    RevisionError,
)
from nbmigrate.model.plan import VersionChange, plan_downgrade, plan_stamp, plan_upgrade

DIAMOND = [
    Node("aaaa1"),
    Node("bbbb1", ("aaaa1",), labels=("shop",)),
    Node("cccc1", ("aaaa1",)),
    Node("dddd1", ("bbbb1", "cccc1")),
]
TWO_BASES = [Node("aaaa1", labels=("shop",)), Node("aaaa2", ("aaaa1",)), Node("xxxx1", labels=("blog",)),
             Node("xxxx2", ("xxxx1",), needs=("aaaa2",))]  # fmt: skip


def test_a_merge_deletes_all_rows_but_one_and_the_way_back_inserts_them() -> None:
    graph = our_graph(DIAMOND)
    up = list(plan_upgrade(graph, "head", ()).changes())
    assert [str(step) for step, _, _ in up] == [
        "upgrade  -> aaaa1",
        "upgrade aaaa1 -> cccc1",
        "upgrade aaaa1 -> bbbb1",
        "upgrade bbbb1, cccc1 -> dddd1",
    ]
    assert up[-1][1] == VersionChange(delete=("bbbb1",), update=(("cccc1", "dddd1"),))
    down = list(plan_downgrade(graph, "base", ("dddd1",)).changes())
    assert down[0][1] == VersionChange(insert=("bbbb1",), update=(("dddd1", "cccc1"),))
    assert down[-1][1] == VersionChange(delete=("aaaa1",))
    assert down[-1][2] == ()


def test_what_a_dependency_implies_is_no_row_and_is_current_all_the_same() -> None:
    graph = our_graph(TWO_BASES)
    plan = plan_upgrade(graph, "heads", ())
    assert plan.after == ("xxxx2",)
    assert [r.revision for r in graph.implied_heads(plan.after)] == ["xxxx2", "aaaa2"]
    assert graph.heads == ("aaaa2", "xxxx2")
    assert graph._real_heads == ("xxxx2",)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(graphs(), st.randoms(use_true_random=False))
def test_stamps_leave_the_rows_that_alembic_leaves(nodes: list[Node], dice: random.Random) -> None:
    theirs, ours = alembic_map(nodes), our_graph(nodes)
    directory = AlembicDirectory.__new__(AlembicDirectory)
    directory.revision_map = theirs
    heads = plan_upgrade(ours, dice.choice(nodes).id, ()).after
    for _ in range(4):
        a, b = dice.choice(nodes).id, dice.choice(nodes).id
        target = dice.choice([a, b, "base", "heads", "head", (a, b), f"{a}@base", f"{a}@head", "nope"])
        try:
            expected = run_steps(directory._stamp_revs(target, heads), heads)
        except AlembicError:
            with pytest.raises(CommandError):
                plan_stamp(ours, target, heads)
            continue
        except (AssertionError, KeyError):
            continue  # its own rules contradict each other there
        plan = plan_stamp(ours, target, heads)
        assert set(plan.after) == (expected[-1][1] if expected else set(heads))
        assert [step.is_upgrade for step in plan] == [
            step.is_upgrade for step in directory._stamp_revs(target, heads)
        ]
        heads = plan.after


def test_a_stamp_of_both_sides_of_a_merge_gives_both() -> None:
    plan = plan_stamp(our_graph(DIAMOND), ("bbbb1", "cccc1"), ("dddd1",))
    assert set(plan.after) == {"bbbb1", "cccc1"}


def test_stamp_leaves_other_branches_alone() -> None:
    graph = our_graph([Node("aaaa1"), Node("aaaa2", ("aaaa1",)), Node("xxxx1"), Node("xxxx2", ("xxxx1",))])
    assert plan_stamp(graph, "aaaa1", ("xxxx2", "aaaa2")).after == ("xxxx2", "aaaa1")
    assert plan_stamp(graph, "base", ("xxxx2", "aaaa2")).after == ()


@pytest.mark.parametrize(
    ("direction", "target", "heads", "error", "text"),
    [
        ("up", "head", (), MultipleHeads,
         "Multiple head revisions are present for given argument 'head'; please specify a specific target "
         "revision, '<branchname>@head' to narrow to a specific head, or 'heads' for all heads "
         "(heads: aaaa2, xxxx2)"),
        ("up", "aaa2", (), ResolutionError,
         "Can't locate revision identified by 'aaa2'; did you mean 'aaaa2'"),
        ("up", "aaaa", (), ResolutionError,
         "Can't locate revision identified by 'aaaa': Multiple revisions start with 'aaaa': 'aaaa1', "
         "'aaaa2'..."),
        ("up", "+5", ("aaaa1",), RevisionError,
         "Relative revision +5 didn't produce 5 migrations: there is only 1 above aaaa1"),
        ("up", "-1", ("aaaa1",), RevisionError,
         "Relative revision -1 didn't produce 1 migrations: an upgrade goes up; to go down, "
         "use downgrade -1"),
        ("down", "+1", ("aaaa1",), RevisionError,
         "Relative revision +1 didn't produce 1 migrations: a downgrade goes down; to go up, use upgrade +1"),
        ("down", "-3", ("aaaa2",), RevisionError,
         "Relative revision -3 didn't produce 3 migrations: there are only 2 below aaaa2"),
        ("down", "-1", (), RevisionError,
         "Relative revision -1 didn't produce 1 migrations: the database is at base"),
        ("down", "xxxx1", ("aaaa2",), RangeNotAncestorError,
         "Destination xxxx1 is not a valid downgrade target from current head(s)"),
        ("up", "shopp@head", (), ResolutionError, "No such branch: 'shopp'; did you mean 'shop'?"),
        ("up", "head", ("gone1",), ResolutionError, 
         "Can't locate revision identified by 'gone1': the database stands there, and no file has that id"),
    ],
)  # fmt: skip
def test_what_is_refused_is_said_with_what_to_type(
    direction: str, target: str, heads: tuple[str, ...], error: type[Exception], text: str
) -> None:
    graph = our_graph([Node("aaaa1", labels=("shop",)), Node("aaaa2", ("aaaa1",)), Node("xxxx1"),
                       Node("xxxx2", ("xxxx1",))])  # fmt: skip
    with pytest.raises(error) as caught:
        (plan_upgrade if direction == "up" else plan_downgrade)(graph, target, heads)
    assert text in str(caught.value)
    assert isinstance(caught.value, CommandError)


def test_one_step_down_from_two_heads_warns_and_takes_the_first() -> None:
    graph = our_graph([Node("aaaa1"), Node("xxxx1")])
    with pytest.warns(UserWarning, match="downgrade -1 from multiple heads is ambiguous"):
        plan = plan_downgrade(graph, "-1", ("xxxx1", "aaaa1"))
    assert plan.after == ("aaaa1",)


def test_ids_may_hold_dots_and_steps_count_from_them() -> None:
    graph = our_graph([Node("v3.0.0.a"), Node("0.36.0", ("v3.0.0.a",)), Node("kilo", ("0.36.0",))])
    assert [s.up for s in plan_upgrade(graph, "v3.0.0.a+1", ())] == [("v3.0.0.a",), ("0.36.0",)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert [s.up for s in plan_downgrade(graph, "kilo-2", ("kilo",))] == [("kilo",), ("0.36.0",)]
