"""``merge --rebase``, and ``heads`` where there are two: one history again, with or without a merge."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbmigrate import Migrator, cli
from nbmigrate.errors import CommandError, RevisionError, ScriptError
from nbmigrate.model.graph import RevisionGraph
from nbmigrate.model.rebase import plan_rebase
from nbmigrate.model.revision import Revision
from nbmigrate.notebook.displays import html_of, text_of
from nbmigrate.results import Run


@pytest.fixture
def forked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Migrator]:
    """base1, then left1 and left2 on one side, right1 and right2 on the other."""
    monkeypatch.chdir(tmp_path)
    migrator = Migrator("sqlite:///x.db", show_status=True)
    for name, head in (("base1", "head"), ("left1", "head"), ("left2", "head"), ("right1", "base1"),
                       ("right2", "right1")):  # fmt: skip
        migrator.revision(f"make {name}", rev_id=name, head=head, splice=True)
    yield migrator


def file_of(migrator: Migrator, revision: str) -> Path:
    found = migrator.script.get_revision(revision)
    assert found is not None
    return Path(found.path)


def rebased(migrator: Migrator, *heads: str) -> str:
    return str(migrator.merge(list(heads) or "heads", rebase=True))


def test_the_side_that_has_not_run_moves(forked: Migrator) -> None:
    forked.upgrade("left1")
    before = file_of(forked, "right1").read_text()
    told = rebased(forked)
    assert "Revision right1 rebased: " in told
    assert "2 revisions (right1 to right2) now stand on left2; right1 followed base1" in told
    after = file_of(forked, "right1").read_text()
    assert "Revises: left2\n" in after
    assert after == before.replace("'base1'", "'left2'").replace("Revises: base1", "Revises: left2")
    assert str(forked.heads()) == "right2 (head)"
    run = forked.upgrade()
    assert isinstance(run, Run)
    assert [step.revision.id for step in run.steps] == ["left2", "right1", "right2"]


def test_alembic_reads_what_was_rebased(forked: Migrator) -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    forked.upgrade("right1")
    rebased(forked)
    config = Config()
    config.set_main_option("script_location", "migrations")
    walked = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert walked == ["left2", "left1", "right2", "right1", "base1"]


@pytest.mark.parametrize(
    ("applied", "heads", "message"),
    [
        ((), (), "neither side is applied .* merge --rebase left2 right2 puts the first onto the second"),
        (("left1", "right1"), (), "both sides are applied .* join them: merge heads"),
        (("left1",), ("left2",), "left1 can't be moved: the database has run it already; the other side is "
                                 "not applied, move that: merge --rebase right2 left2"),
        (("left2", "right1"), ("left2", "right2"), "left1, left2 can't be moved: the database has run them "
                                                   "already; join them: merge left2 right2"),
        ((), ("left1",), "left1 is no head"),
        ((), ("left2", "base1"), None),
        ((), ("left2", "right1"), "right1 is no head"),
        ((), ("left2", "left2"), "can't be put on top of itself"),
        ((), ("left2", "right2", "base1"), "3 are named"),
        ((), ("nowhere",), "Can't locate revision identified by 'nowhere'"),
    ],
)  # fmt: skip
def test_what_is_unclear_is_refused_and_changes_nothing(
    forked: Migrator, applied: tuple[str, ...], heads: tuple[str, ...], message: str | None
) -> None:
    for each in applied:
        forked.upgrade(each)
    files = {path: path.read_bytes() for path in Path("migrations", "versions").iterdir()}
    if message is None:
        assert "left2 stands above base1 already" in rebased(forked, *heads)
    else:
        with pytest.raises(RevisionError, match=message):
            rebased(forked, *heads)
    assert {path: path.read_bytes() for path in Path("migrations", "versions").iterdir()} == files


def test_a_third_head_wants_names(forked: Migrator) -> None:
    forked.revision("third", rev_id="third", head="base1", splice=True)
    with pytest.raises(RevisionError, match=r"there are 3 heads .* merge --rebase"):
        rebased(forked)
    with pytest.raises(RevisionError, match="'third' could go onto any of left2, right2"):
        rebased(forked, "third")
    rebased(forked, "third", "left2")
    assert forked.script.get_heads() == ["right2", "third"]


def test_sides_that_are_no_plain_line_are_joined_by_a_merge(forked: Migrator) -> None:
    forked.merge(["right2", "left1"], "join", rev_id="joined", splice=True)
    with pytest.raises(RevisionError, match="joined joins the two already; join them: merge joined left2"):
        rebased(forked, "joined", "left2")
    forked.revision("needs", rev_id="needs", head="left2", depends_on="right1")
    with pytest.raises(RevisionError, match="needs depends on right1, so that can't stand above it"):
        rebased(forked, "joined", "needs")


def test_a_second_time_changes_nothing(forked: Migrator) -> None:
    forked.upgrade("left2")
    rebased(forked, "right2", "left2")
    assert "right2 stands above left2 already" in rebased(forked, "right2", "left2")
    assert "There is one head only" in str(forked.merge(rebase=True, reuse=True))


def test_a_cell_that_ran_before_finds_it_done_though_others_stand_on_it(forked: Migrator) -> None:
    rebased(forked, "right2", "left2")
    forked.revision("make more", rev_id="more")
    assert forked.merge(["right2", "left2"], rebase=True, reuse=True).state == "unchanged"
    with pytest.raises(CommandError, match="is no head"):
        forked.merge(["right2", "left2"], rebase=True)
    with pytest.raises(RevisionError, match="there is one head only"):
        rebased(forked)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("down_revision = 'base1'\n", "down_revision = 'left2'\n"),
        ('down_revision: str = "base1"  # é\n', 'down_revision: str = "left2"  # é\n'),
        ("é = 1; down_revision = 'base1'\n", "é = 1; down_revision = 'left2'\n"),
        ("down_revision = (\n    'base1',\n)\n", "down_revision = 'left2'\n"),
        ("down_revision = ('base' '1')\n", "down_revision = ('left2')\n"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-8-sig"])
def test_every_other_byte_stays(
    forked: Migrator, header: str, expected: str, newline: str, encoding: str
) -> None:
    cookie = "# -*- coding: latin-1 -*-\n" if encoding == "latin-1" else ""
    start = f'{cookie}"""ä\n\nRevises: base1\n"""\nrevision = \'right1\'\n'
    end = "def upgrade(): pass\ndef downgrade():\n    down_revision = 'base1'"
    if encoding == "latin-1" and "é = 1" in header:
        header, expected = (each.replace("é = 1", "e = 1") for each in (header, expected))
    path = file_of(forked, "right1")
    path.write_bytes((start + header + end).replace("\n", newline).encode(encoding))
    rebased(forked, "right2", "left2")
    wanted = (start.replace("Revises: base1", "Revises: left2") + expected + end).replace("\n", newline)
    assert path.read_bytes() == wanted.encode(encoding)


@pytest.mark.parametrize(
    "text",
    [
        "revision = 'right1'\ndown_revision = 'base' + str(1)\n",
        "revision, down_revision = 'right1', 'base1'\n",
        "revision = 'right1'\ndown_revision = None\ndown_revision = 'base1'\n",
    ],
)
def test_a_header_that_is_not_literal_is_refused_with_what_to_write(forked: Migrator, text: str) -> None:
    path = file_of(forked, "right1")
    path.write_text(text + "def upgrade(): pass\ndef downgrade(): pass\n")
    before = path.read_bytes()
    with pytest.raises(ScriptError, match=r"change it by hand, to down_revision = 'left2'"):
        rebased(forked, "right2", "left2")
    assert path.read_bytes() == before


def test_a_write_that_fails_leaves_the_file(forked: Migrator, monkeypatch: pytest.MonkeyPatch) -> None:
    path = file_of(forked, "right1")
    before = path.read_bytes()

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(ScriptError, match="No space left on device"):
        rebased(forked, "right2", "left2")
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir() if p.name.startswith(".nbmigrate")] == []


def test_an_unknown_stored_id_is_not_guessed_at(forked: Migrator) -> None:
    forked.upgrade("left2")
    file_of(forked, "right2").unlink()
    file_of(forked, "left2").unlink()
    with pytest.raises(CommandError, match="the database stands at left2, which no file has"):
        rebased(forked, "right1", "left1")


def test_in_the_terminal(forked: Migrator, capsys: pytest.CaptureFixture[str]) -> None:
    forked.upgrade("left1")
    Path("alembic.ini").write_text(
        "[alembic]\nscript_location = migrations\nsqlalchemy.url = sqlite:///x.db\n"
    )
    Path("migrations", "env.py").write_text(
        "from alembic import context\nfrom sqlalchemy import create_engine\n"
        "with create_engine('sqlite:///x.db').connect() as connection:\n"
        "    context.configure(connection=connection)\n    context.run_migrations()\n"
    )
    assert cli.run_line(["merge"]) == 255
    assert "two heads or more, or 'heads'" in capsys.readouterr().err
    assert cli.run_line(["merge", "--rebase", "-m", "x"]) == 255
    assert "so -m has no meaning" in capsys.readouterr().err
    done = subprocess.run(
        [sys.executable, "-m", "nbmigrate", "merge", "--rebase"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "now stand on left2" in done.stdout
    # programs read this one: Alembic's lines and nothing else
    assert cli.run_line(["heads"]) == 0
    assert capsys.readouterr().out == "right2 (head)\n"


def test_k9_heads_shows_both_branches_and_the_line_to_type(forked: Migrator) -> None:
    forked.upgrade("left1")
    value = forked.heads()
    assert str(value) == "left2 (head)\nright2 (head)"
    text = text_of(value)
    assert text.splitlines()[4:10] == [
        "o    left2  make left2  (head, pending)",
        "*    left1  make left1  (applied, the database is here)",
        "| o  right2  make right2  (head, pending)",
        "| o  right1  make right1  (pending)",
        "|/",
        "*    base1  make base1  (applied)",
    ]
    assert '%migrate merge heads -m "join left2 and right2"' in text
    assert "%migrate merge --rebase right2 left2  " in text
    assert "--rebase left2" not in text
    html = html_of(value)
    assert html is not None
    assert "%migrate merge --rebase right2 left2" in html
    forked.merge("heads", "join left2 and right2")
    assert forked.heads().open == ()
    # the line that was shown may be run again
    assert forked.merge("heads", "join left2 and right2", reuse=True).state == "unchanged"


def test_k9_branches_without_a_common_base_and_long_ones(forked: Migrator) -> None:
    forked.revision("other", rev_id="other", head="base")
    for number in range(6):
        forked.revision(
            f"n{number}", rev_id=f"more{number}", head="right2" if not number else f"more{number - 1}"
        )
    text = text_of(forked.heads())
    assert "3 heads; one again by" in text
    assert "| :  7 revisions right1 .. more4 (pending)" in text
    assert "merge --rebase" not in text


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=14), st.data())
def test_a_rebased_graph_has_the_same_revisions_and_one_head_less(
    shape: list[tuple[int, bool]], data: st.DataObject
) -> None:
    parents: dict[str, tuple[str, ...]] = {"r0": ()}
    for number, (back, twice) in enumerate(shape, 1):
        earlier = list(parents)
        first = earlier[max(0, len(earlier) - 1 - back)]
        second = earlier[-1]
        parents[f"r{number}"] = (first, second) if twice and first != second else (first,)

    def graph_of(found: dict[str, tuple[str, ...]]) -> RevisionGraph:
        return RevisionGraph(lambda: [Revision(key, ups) for key, ups in found.items()])

    graph = graph_of(parents)
    if len(graph.heads) < 2:
        return
    move, onto = data.draw(st.permutations(list(graph.heads)))[:2]
    try:
        plan = plan_rebase(graph, [move, onto], set())
    except RevisionError as error:
        assert "merge" in str(error)
        return
    after = graph_of({**parents, plan.first: (onto,)})
    assert set(after.heads) == set(graph.heads) - {onto}
    assert [key for key in plan.side if key in graph.heads] == [move]
    # what stood below stays below, but for what the side stood on
    order = [one.revision for one in after.iterate_revisions(move, "base")]
    assert order[: len(plan.side)] == list(plan.side)
