"""Histories: revisions that contradict each other, and identifiers that name nothing."""

# ruff: noqa: E501 (a table: one case, one line where it can be)

from __future__ import annotations

from functools import partial

from bad_input.cases import EVERYWHERE, Spoil, both, case, cases_of, nothing, replaces, sql
from bad_input.places import Place

GONE = sql("update alembic_version set version_num = 'gone'")
WAY_OUT = ("'gone': the database stands there, and no file has that id", "'stamp --purge <revision>'")
UNKNOWN = ("Can't locate revision identified by 'nosuch'", "'history' lists those that there are")
MODELS = replaces("target_metadata = None", "import sqlalchemy\ntarget_metadata = sqlalchemy.MetaData()", "env")

typed = partial(case, doors=EVERYWHERE)
up = cases_of("upgrade head", doors=EVERYWHERE)


def more(*scripts: tuple[str, object]) -> Spoil:
    def spoil(place: Place) -> None:
        for id, down in scripts:
            place.script(id, down)

    return spoil


def labelled(label: str, name: str = "next") -> Spoil:
    return replaces("branch_labels = None", f"branch_labels = '{label}'", name)


def needs(id: str) -> Spoil:
    return replaces("depends_on = None", f"depends_on = '{id}'")


def needed_in_a_circle(place: Place) -> None:
    path = place.script("cccc")
    path.write_text(path.read_text().replace("depends_on = None", "depends_on = 'bbbb'"))


def twins(place: Place) -> None:
    (place.versions / "bbbb_again.py").write_text(place.next.read_text())


def no_folder(place: Place) -> None:
    for path in place.versions.iterdir():
        path.unlink()
    place.versions.rmdir()


FORK = more(("cccc", "aaaa"))

CASES = [
    # files that contradict each other
    up("a cycle", more(("cccc", "dddd"), ("dddd", "cccc")), "Cycle", "(cccc, dddd)", "cccc_x.py", "dddd_x.py"),
    up("a revision below itself", more(("cccc", "cccc")), "Self-loop", "(cccc); look at", "cccc_x.py"),
    up("a revision that needs itself", needs("bbbb"), "Dependency self-loop", "(bbbb); look at", "bbbb_two.py"),
    up("dependencies in a circle", both(needed_in_a_circle, needs("cccc")), "Dependency cycle", "cccc_x.py"),
    up("a missing parent", more(("cccc", "bbbc")), "bbbc referenced from cccc", "cccc_x.py", "mean 'bbbb'?"),
    up("a missing dependency", needs("zzzz"), "zzzz referenced from bbbb", "bbbb_two.py", "not present"),
    up("twin ids", twins, "bbbb is present more than once", "bbbb_again.py and in", "give one of them another"),
    up("one label twice", both(labelled("shop"), labelled("shop", "done")), "'shop'", "bbbb_two.py", "aaaa_one.py"),
    up("a label that is an id", labelled("aaaa"), "Branch name 'aaaa' in revision bbbb", "already used"),
    up("two heads: upgrade", FORK, "Multiple head revisions", "'heads' for all heads", "(heads: bbbb, cccc)"),
    typed("two heads: revision", "revision -m x", FORK, "--head <id>, or 'merge heads'", "(heads: bbbb, cccc)"),
    typed("two heads: downgrade", "downgrade head", FORK, "'<branchname>@head'", "(heads: bbbb, cccc)"),
    up("the versions folder is gone", no_folder, "'aaaa': the database stands there", "There is no folder"),
    # ids that the database holds and no file has
    up("a lost id: upgrade", GONE, *WAY_OUT),
    typed("a lost id: downgrade", "downgrade base", GONE, *WAY_OUT),
    typed("a lost id: stamp", "stamp head", GONE, *WAY_OUT),
    case("a lost id: check", "check", both(GONE, MODELS), *WAY_OUT),
    case("a lost id: current", "current", GONE, WAY_OUT[0]),
    # what is typed
    typed("an unknown target", "upgrade bbbc", nothing, "'bbbc'; did you mean 'bbbb'?"),
    typed("an unknown branch", "upgrade shop@head", nothing, "No such branch: 'shop'; 'branches' and 'history'"),
    typed("the beginning of two ids", "upgrade bbb", more(("bbbbcc", "bbbb")), "'bbbb', 'bbbbcc'...; type more"),
    typed("one step too many up", "upgrade +2", nothing, "+2 didn't produce 2", "there is only 1 above aaaa"),
    typed("one step too many down", "downgrade -2", nothing, "-2 didn't produce 2", "only 1 below aaaa"),
    typed("down to what lies above", "downgrade bbbb", nothing, "bbbb is not a valid downgrade", "'history' tell"),
    typed("a wrong sign up", "upgrade -1", nothing, "an upgrade goes up; to go down, use downgrade -1"),
    typed("a wrong sign down", "downgrade +1", nothing, "a downgrade goes down; to go up, use upgrade +1"),
    typed("a target of blanks", "upgrade '  '", nothing, "Can't locate revision", "'history' lists"),
    typed("an empty target", "upgrade ''", nothing, "it is empty: name an id, head, base, +1"),
    typed("an @ without a branch", "upgrade @head", nothing, "'@head' names no revision", "for instance 'shop@head'"),
    typed("a range where none is", "upgrade aaaa:bbbb", nothing, "Range revision not allowed", "drop 'aaaa:'"),
    typed("a range upside down", "history -r bbbb:aaaa", nothing, "bbbb:aaaa does not refer to ancestor"),
    typed("a range without a colon", "history -r aaaa", nothing, "[start]:[end]", "not 'aaaa'"),
    *(
        typed(f"{verb}: unknown", f"{verb} nosuch", nothing, *UNKNOWN)
        for verb in ("show", "edit", "explain", "plan", "walk", "erd", "sql", "stamp")
    ),
    typed("merge: unknown", "merge bbbb nosuch -m x", nothing, *UNKNOWN),
    typed("revision: an unknown parent", "revision -m x --head nosuch", nothing, *UNKNOWN),
    typed("revision: an unknown dependency", "revision -m x --depends-on nosuch", nothing, *UNKNOWN),
    typed("merge: one revision", "merge heads -m x", nothing, "nothing to merge: 'heads' is one revision"),
    typed("merge: a parent and its child", "merge aaaa bbbb -m x", nothing, "aaaa is not a head", "--splice"),
    typed("merge: one twice", "merge bbbb bbbb -m x", nothing, "Duplicate head revisions specified: bbbb, bbbb"),
    typed("revision: no head", "revision -m x --head aaaa", nothing, "aaaa is not a head revision", "--splice"),
    typed("revision: an id that is taken", "revision -m x --rev-id aaaa", nothing, "'aaaa' is taken by", "another"),
    typed("revision: a label that is taken", "revision -m x --branch-label shop", labelled("shop", "done"),
          "'shop' is taken by aaaa", "choose another"),
]  # fmt: skip
