"""Random histories: our graph and Alembic's answer the same questions the same way."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from alembic.script import revision as alembic
from alembic_oracle import Node, alembic_map, graphs, large_graphs, our_graph, revision_steps, run_steps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nbmigrate.errors import MigrateError, RevisionError
from nbmigrate.model.plan import Step, plan_downgrade, plan_upgrade

examples = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
dice = st.randoms(use_true_random=False)
any_size = st.one_of(graphs(), large_graphs())


def ids(found: Callable[[], Iterable[Any]]) -> list[str] | Exception:
    """The ids of the answer, or the error."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ["base" if r is None else getattr(r, "revision", r) for r in found()]
    except (alembic.RevisionError, AssertionError, MigrateError) as error:
        return error


def assert_same(theirs: list[str] | Exception, ours: list[str] | Exception) -> None:
    """Where Alembic answers so do we, the same; what it refuses we refuse, and never by accident."""
    if isinstance(theirs, list):
        assert ours == theirs
    elif isinstance(theirs, alembic.RevisionError):
        assert isinstance(ours, RevisionError), ours
    else:
        assert isinstance(ours, (list, RevisionError)), ours


@examples
@given(st.one_of(graphs(12), large_graphs()))
def test_the_shape_is_the_same(nodes: list[Node]) -> None:
    theirs, ours = alembic_map(nodes), our_graph(nodes)
    assert ours.heads == theirs.heads
    assert ours.bases == theirs.bases
    assert ours._real_heads == theirs._real_heads
    assert ours._real_bases == theirs._real_bases
    for name in (*(n.id for n in nodes), *(label for n in nodes for label in n.labels)):
        their, our = theirs._revision_map[name], ours._revision_map[name]
        for attribute in (
            "revision", "down_revision", "dependencies", "branch_labels", "nextrev", "is_head", "is_base",
            "is_branch_point", "is_merge_point", "_all_nextrev", "_is_real_head", "_is_real_base",
            "_is_real_branch_point", "_all_down_revisions", "_normalized_down_revisions",
            "_versioned_down_revisions",
        ):  # fmt: skip
            assert getattr(our, attribute) == getattr(their, attribute), (name, attribute)


@examples
@given(st.one_of(graphs(16), large_graphs()))
def test_history_is_walked_in_the_same_order(nodes: list[Node]) -> None:
    theirs, ours = alembic_map(nodes), our_graph(nodes)
    assert ids(lambda: ours.iterate_revisions("heads", "base", inclusive=True)) == ids(
        lambda: theirs.iterate_revisions("heads", "base", inclusive=True)
    )


def identifiers(nodes: list[Node], dice: random.Random) -> list[str]:
    """Absolute identifiers of every kind."""
    a, b = dice.choice(nodes).id, dice.choice(nodes).id
    found = [a, "head", "heads", "base", a[:2], a[:1], "nothing", f"{a}@head", f"{a}@heads", f"{a}@base"]
    found += [f"{a}@{b}", f"{a}@{b[:2]}"]
    for label in [label for node in nodes for label in node.labels][:2]:
        found += [label, f"{label}@head", f"{label}@heads", f"{label}@base", f"{label}@{a}", label[:7]]
    return found


@examples
@given(any_size, dice)
def test_identifiers_name_the_same_revisions(nodes: list[Node], dice: random.Random) -> None:
    theirs, ours = alembic_map(nodes), our_graph(nodes)
    names = [n.id for n in nodes]
    for text in identifiers(nodes, dice):
        assert_same(ids(lambda: theirs.get_revisions(text)), ids(lambda: ours.get_revisions(text)))  # noqa: B023
        assert_same(ids(lambda: [theirs.get_revision(text)]), ids(lambda: [ours.get_revision(text)]))  # noqa: B023
        for deps in (False, True):
            assert_same(
                ids(lambda: theirs.filter_for_lineage(names, text, include_dependencies=deps)),  # noqa: B023
                ids(lambda: ours.filter_for_lineage(names, text, include_dependencies=deps)),  # noqa: B023
            )


@examples
@given(any_size, dice)
def test_ranges_hold_the_same_revisions(nodes: list[Node], dice: random.Random) -> None:
    theirs, ours = alembic_map(nodes), our_graph(nodes)
    texts = identifiers(nodes, dice) + relatives(nodes, dice)
    for _ in range(8):
        upper, lower = dice.choice(texts), dice.choice(texts)
        inclusive = dice.random() < 0.5
        expected = ids(lambda: theirs.iterate_revisions(upper, lower, inclusive=inclusive))  # noqa: B023
        found = ids(lambda: ours.iterate_revisions(upper, lower, inclusive=inclusive))  # noqa: B023
        if isinstance(expected, Exception) and any(text[-2:-1] in ("+", "-") for text in (upper, lower)):
            # one grammar for both ends: we know relative ones there that Alembic knows elsewhere
            assert isinstance(found, (list, RevisionError)), found
            continue
        assert_same(expected, found)


def relatives(nodes: list[Node], dice: random.Random) -> list[str]:
    """What counts from another revision, or (of a range) from its other end."""
    a, b = dice.choice(nodes).id, dice.choice(nodes).id
    steps = dice.choice((1, 2, 5))
    found = [f"-{steps}", f"{a}-{steps}", f"{a}+{steps}", f"head-{steps}", f"heads-{steps}", f"base+{steps}"]
    found += [f"{a}@{b}-{steps}", f"{a}@head-{steps}", f"+{steps}"]
    for label in [label for node in nodes for label in node.labels][:2]:
        found += [f"{label}@head-{steps}", f"{label}-{steps}", f"{label}@-{steps}", f"{label}@+{steps}"]
    return found


@examples
@given(any_size, dice)
def test_what_show_is_told_names_the_same_revision(nodes: list[Node], dice: random.Random) -> None:
    """R10: Alembic's ``show`` knows less; where it answers we answer the same."""
    theirs, ours = alembic_map(nodes), our_graph(nodes)
    for text in relatives(nodes, dice):
        expected = ids(lambda: theirs.get_revisions(text))  # noqa: B023
        found = ids(lambda: ours.get_revisions(text))  # noqa: B023
        if isinstance(expected, list) and "base" not in expected:
            assert found == expected, text
        else:  # further down than there is anything: Alembic gives the base
            assert isinstance(found, (list, RevisionError)), text


def targets(nodes: list[Node], dice: random.Random) -> list[str]:
    """What upgrade and downgrade may be told."""
    a = dice.choice(nodes).id
    found = [a, a[:2], "head", "heads", "base", "+1", "+2", "-1", "-2", f"{a}+1", f"{a}-1", f"{a}+2"]
    found += [f"{a}@+1", f"{a}@-1", "head-1", "head-2", f"{a}@base"]
    for label in [label for node in nodes for label in node.labels][:1]:
        found += [label, f"{label}@+1", f"{label}@-1", f"{label}@+2", f"{label}@base", f"{label}@{a}"]
    return found


@examples
@given(any_size, dice)
def test_up_and_down_run_the_same_and_move_the_same_rows(nodes: list[Node], dice: random.Random) -> None:
    theirs, ours = alembic_map(nodes), our_graph(nodes)
    heads: tuple[str, ...] = ()
    for _ in range(5):
        target, up = dice.choice(targets(nodes, dice)), dice.random() < 0.6
        if up:
            expected = ids(lambda: theirs.iterate_revisions(target, heads, implicit_base=True))  # noqa: B023
            found = ids(lambda: [s.revision for s in plan_upgrade(ours, target, heads)][::-1])  # noqa: B023
        else:
            expected = ids(
                lambda: theirs.iterate_revisions(heads, target, select_for_downgrade=True)  # noqa: B023
            )
            found = ids(lambda: [s.revision for s in plan_downgrade(ours, target, heads)])  # noqa: B023
        assert_same(expected, found)
        if isinstance(expected, list):
            heads = _assert_same_rows(theirs, ours, expected[::-1] if up else expected, heads, up)


def _assert_same_rows(theirs: Any, ours: Any, order: list[str], heads: tuple[str, ...], up: bool) -> Any:
    their_steps = revision_steps(theirs, [theirs.get_revision(i) for i in order], up)
    try:
        expected = run_steps(their_steps, heads)
    except KeyError:
        expected = None  # it deletes a row of a merge that is not there
    for number, theirs_ in enumerate(their_steps):
        revision = ours.get_revision(order[number])
        step = Step(ours, "upgrade" if up else "downgrade", (revision.revision,),
                    revision._normalized_down_revisions, revision, is_upgrade=up)  # fmt: skip
        change = step.version_change(heads)
        heads = change.apply_to(heads)
        assert step.short_log == theirs_.short_log.replace("<lambda>", step.name)
        for name in ("up_revision_id", "up_revision_ids", "down_revision_ids", "is_upgrade", "is_stamp",
                     "is_migration", "source_revision_ids", "destination_revision_ids"):  # fmt: skip
            assert getattr(step.info, name) == getattr(theirs_.info, name)
        if expected is None:
            continue
        log, after = expected[number]
        assert set(heads) == after
        moved = {*(("insert", i) for i in change.insert), *(("delete", i) for i in change.delete),
                 *(("update", *pair) for pair in change.update)}  # fmt: skip
        # which of a merge's rows is updated is arbitrary in Alembic while another head is there
        assert moved == set(log) or sorted(k for k, *_ in moved) == sorted(k for k, *_ in log)
    return heads


@examples
@given(any_size, dice)
def test_rows_are_always_the_tops_of_what_is_applied(nodes: list[Node], dice: random.Random) -> None:
    ours = our_graph(nodes)
    applied: set[str] = set()
    heads: tuple[str, ...] = ()
    for _ in range(4):
        target, up = dice.choice(targets(nodes, dice)), dice.random() < 0.6
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                plan = (plan_upgrade if up else plan_downgrade)(ours, target, heads)
        except RevisionError:
            continue
        for step, _change, rows in plan.changes():
            name = step.up[0]
            assert (name in applied) != up
            if up:
                assert applied.issuperset(ours.revisions[name]._all_down_revisions)
            applied ^= {name}
            tops = {i for i in applied if applied.isdisjoint(ours.revisions[i].all_children)}
            assert set(rows) == tops
        heads = plan.after


@examples
@given(any_size, dice)
def test_current_shows_the_same_branches(nodes: list[Node], dice: random.Random) -> None:
    theirs, ours = alembic_map(nodes), our_graph(nodes)
    heads = plan_upgrade(ours, "heads", ()).after
    assert {r.revision for r in ours._get_all_current(heads)} == {
        r.revision for r in theirs._get_all_current(heads)
    }


@pytest.mark.parametrize("size", [1000, 2000])
def test_a_branchy_history_is_walked_in_linear_steps(size: int) -> None:
    """Counts, not seconds: the parents that are asked for grow as the history does."""
    from nbmigrate.model.walk import newest_first

    needs: dict[str, tuple[str, ...]] = {"m0": ()}
    for n in range(1, size):
        needs |= {f"a{n}": (f"m{n - 1}",), f"b{n}": (f"m{n - 1}",), f"m{n}": (f"a{n}", f"b{n}")}
    asked = 0

    class Counted(dict[str, tuple[str, ...]]):
        def __getitem__(self, key: str) -> tuple[str, ...]:
            nonlocal asked
            asked += 1
            return super().__getitem__(key)

    rank = {key: number for number, key in enumerate(needs)}
    order = newest_first(set(needs), [f"m{size - 1}"], Counted(needs), rank)
    assert order[:4] == [f"m{size - 1}", f"a{size - 1}", f"b{size - 1}", f"m{size - 2}"]
    assert len(order) == len(needs)
    assert asked <= 5 * len(needs)
