"""Histories: revisions that contradict each other, and identifiers that name nothing."""

from __future__ import annotations

from bad_input.cases import EVERYWHERE, Case, Spoil, both, nothing, replaces, sql
from bad_input.places import Place

UP = ("upgrade", "head")


def more(*scripts: tuple[str, object]) -> Spoil:
    def spoil(place: Place) -> None:
        for id, down in scripts:
            place.script(id, down)

    return spoil


def _cycle(place: Place) -> None:
    place.script("cccc", "dddd")
    place.script("dddd", "cccc")


def _twins(place: Place) -> None:
    (place.versions / "bbbb_again.py").write_text(place.next.read_text())


def _no_folder(place: Place) -> None:
    for path in place.versions.iterdir():
        path.unlink()
    place.versions.rmdir()


CASES = [
    Case("a cycle", UP, _cycle, doors=EVERYWHERE),
    Case("a revision below itself", UP, more(("cccc", "cccc")), doors=EVERYWHERE),
    Case("a revision that depends on itself", UP, replaces("depends_on = None", "depends_on = 'bbbb'"), doors=EVERYWHERE),
    Case("dependencies in a circle", UP, both(more(("cccc", None)), replaces("depends_on = None", "depends_on = 'cccc'"), lambda p: (p.versions / "cccc_x.py").write_text((p.versions / "cccc_x.py").read_text().replace("depends_on = None", "depends_on = 'bbbb'")) and None), doors=EVERYWHERE),
    Case("a missing parent", UP, more(("cccc", "bbbc")), doors=EVERYWHERE),
    Case("a missing dependency", UP, replaces("depends_on = None", "depends_on = 'zzzz'"), doors=EVERYWHERE),
    Case("twin ids", UP, _twins, doors=EVERYWHERE),
    Case("one label twice", UP, both(replaces("branch_labels = None", "branch_labels = 'shop'"), replaces("branch_labels = None", "branch_labels = 'shop'", "done")), doors=EVERYWHERE),
    Case("a label that is an id", UP, replaces("branch_labels = None", "branch_labels = 'aaaa'"), doors=EVERYWHERE),
    Case("two heads: upgrade", UP, more(("cccc", "aaaa")), doors=EVERYWHERE),
    Case("two heads: revision", ("revision", "-m", "x"), more(("cccc", "aaaa")), doors=EVERYWHERE),
    Case("two heads: downgrade head", ("downgrade", "head"), more(("cccc", "aaaa")), doors=EVERYWHERE),
    Case("a lost id: upgrade", UP, sql("update alembic_version set version_num = 'gone'"), doors=EVERYWHERE),
    Case("a lost id: downgrade", ("downgrade", "base"), sql("update alembic_version set version_num = 'gone'"), doors=EVERYWHERE),
    Case("a lost id: current", ("current",), sql("update alembic_version set version_num = 'gone'")),
    Case("a lost id: stamp", ("stamp", "head"), sql("update alembic_version set version_num = 'gone'"), doors=EVERYWHERE),
    Case("a lost id: check", ("check",), sql("update alembic_version set version_num = 'gone'"), doors=("terminal", "python")),
    Case("an unknown target", ("upgrade", "bbbc"), nothing, doors=EVERYWHERE),
    Case("an unknown branch", ("upgrade", "shop@head"), nothing, doors=EVERYWHERE),
    Case("the beginning of two ids", ("upgrade", "bbb"), more(("bbbbcc", "bbbb")), doors=EVERYWHERE),
    Case("one step too many up", ("upgrade", "+2"), nothing, doors=EVERYWHERE),
    Case("one step too many down", ("downgrade", "-2"), nothing, doors=EVERYWHERE),
    Case("upgrade to what lies below", ("upgrade", "base"), nothing, doors=EVERYWHERE),
    Case("downgrade to what lies above", ("downgrade", "bbbb"), nothing, doors=EVERYWHERE),
    Case("a step of a wrong sign up", ("upgrade", "-1"), nothing, doors=EVERYWHERE),
    Case("a step of a wrong sign down", ("downgrade", "+1"), nothing, doors=EVERYWHERE),
    Case("a target of blanks", ("upgrade", "  "), nothing, doors=EVERYWHERE),
    Case("an empty target", ("upgrade", ""), nothing, doors=EVERYWHERE),
    Case("an @ without a branch", ("upgrade", "@head"), nothing, doors=EVERYWHERE),
    Case("a range where none is", ("upgrade", "aaaa:bbbb"), nothing, doors=EVERYWHERE),
    Case("a range of unrelated ends", ("history", "-r", "bbbb:aaaa"), nothing, doors=EVERYWHERE),
    Case("a range without a colon", ("history", "-r", "aaaa"), nothing, doors=EVERYWHERE),
    Case("show: unknown", ("show", "nosuch"), nothing, doors=EVERYWHERE),
    Case("show: base", ("show", "base"), nothing, doors=EVERYWHERE),
    Case("edit: unknown", ("edit", "nosuch"), nothing, doors=EVERYWHERE),
    Case("explain: unknown", ("explain", "nosuch"), nothing, doors=EVERYWHERE),
    Case("plan: unknown", ("plan", "nosuch"), nothing, doors=EVERYWHERE),
    Case("walk: unknown", ("walk", "nosuch"), nothing, doors=EVERYWHERE),
    Case("erd: unknown", ("erd", "nosuch"), nothing, doors=EVERYWHERE),
    Case("sql: unknown", ("sql", "nosuch"), nothing, doors=EVERYWHERE),
    Case("stamp: unknown", ("stamp", "nosuch"), nothing, doors=EVERYWHERE),
    Case("stamp: an ancestor and its child", ("stamp", "aaaa", "bbbb"), nothing, doors=EVERYWHERE),
    Case("merge: one revision", ("merge", "heads", "-m", "x"), nothing, doors=EVERYWHERE),
    Case("merge: an ancestor and its child", ("merge", "aaaa", "bbbb", "-m", "x"), nothing, doors=EVERYWHERE),
    Case("merge: one revision twice", ("merge", "bbbb", "bbbb", "-m", "x"), nothing, doors=EVERYWHERE),
    Case("merge: unknown", ("merge", "bbbb", "nosuch", "-m", "x"), nothing, doors=EVERYWHERE),
    Case("revision: the parent is no head", ("revision", "-m", "x", "--head", "aaaa"), nothing, doors=EVERYWHERE),
    Case("revision: an unknown parent", ("revision", "-m", "x", "--head", "nosuch"), nothing, doors=EVERYWHERE),
    Case("revision: an unknown dependency", ("revision", "-m", "x", "--depends-on", "nosuch"), nothing, doors=EVERYWHERE),
    Case("revision: an id that is taken", ("revision", "-m", "x", "--rev-id", "aaaa"), nothing, doors=EVERYWHERE),
    Case("revision: a label that is taken", ("revision", "-m", "x", "--branch-label", "shop"), replaces("branch_labels = None", "branch_labels = 'shop'", "done"), doors=EVERYWHERE),
    Case("the versions folder is gone", UP, _no_folder, doors=EVERYWHERE),
]
