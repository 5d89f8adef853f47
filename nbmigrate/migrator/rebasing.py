"""``merge --rebase``: one side of an open history goes on top of the other, in place of a merge revision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nbmigrate import results
from nbmigrate.errors import CommandError, ResolutionError, RevisionError
from nbmigrate.migrator.core import Heads, known_ids, revision_info
from nbmigrate.model.rebase import Rebase, plan_rebase
from nbmigrate.model.walk import reach

if TYPE_CHECKING:
    from nbmigrate.migrator.writing import WritingVerbs
    from nbmigrate.runtime.migration import MigrationContext
    from nbmigrate.script import ScriptDirectory


def rebase(verbs: WritingVerbs, revisions: Sequence[str], *, reuse: bool = False) -> results.RevisionCreated:
    """Change the one parent that puts a side that has not run onto the other.

    ``revisions`` are the head to move and the head that stays, the head to move, or "heads" where the
    database decides. With ``reuse`` one head is no error but nothing to do.
    """
    script = verbs.script
    named = [] if list(revisions) == ["heads"] else _ids(script, revisions)
    if not named and reuse and len(script.get_heads()) < 2:
        return results.RevisionCreated("unchanged", note="There is one head only: nothing to rebase")
    if reuse and len(named) == 2 and named[1] in reach(named[:1], script.revision_map.structure.needs):
        return _done_already(*named)  # the cell ran before, and others may stand on it by now
    plan = plan_rebase(script.revision_map, named, _applied(verbs, script))
    if not plan.side:
        return _done_already(plan.move, plan.onto)
    from nbmigrate.script.reparent import reparent

    first = script.get_revision(plan.first)
    assert first is not None
    reparent(first, plan.onto)
    written = verbs.script.get_revision(plan.first)
    assert written is not None
    return results.RevisionCreated("rebased", revision_info(written), note=_told(plan))


def _done_already(move: str, onto: str) -> results.RevisionCreated:
    return results.RevisionCreated("unchanged", note=f"{move} stands above {onto} already: nothing to rebase")


def _ids(script: ScriptDirectory, revisions: Sequence[str]) -> list[str]:
    found: list[str] = []
    for each in revisions:
        for one in script.get_revisions(each):
            if one is None:
                raise RevisionError(f"'{each}' is no revision that could be moved")
            found.append(one.revision)
    return found


def _applied(verbs: WritingVerbs, script: ScriptDirectory) -> set[str]:
    """The ids of every revision that the database has, or any of those that env.py serves."""
    rows: list[str] = []

    def look(heads: Heads, context: MigrationContext) -> tuple[()]:
        rows.extend(heads)
        return ()

    verbs._environment(look, script, dont_mutate=True)
    known, missing = known_ids(script, tuple(rows))
    if missing:
        raise ResolutionError(
            f"the database stands at {', '.join(missing)}, which no file has, so it can't be told which side "
            "has run; bring the file back, or join the heads: merge heads",
            missing[0],
        )
    return reach(known, script.revision_map.structure.needs)


def _told(plan: Rebase) -> str:
    count = len(plan.side)
    those = f"{count} revisions ({plan.first} to {plan.move})" if count > 1 else plan.first
    return (
        f"{those} now {'stand' if count > 1 else 'stands'} on {plan.onto}; {plan.first} followed "
        f"{results.position(plan.before)}. A database elsewhere that has run {plan.first} already would take "
        f"{plan.onto} for applied"
    )


def refuse_arguments(**given: object) -> None:
    """What describes a new revision has no meaning where none is written."""
    for name, value in given.items():
        if value:
            option = "-m" if name == "message" else f"--{name.replace('_', '-')}"
            raise CommandError(f"--rebase writes no new revision, so {option} has no meaning; leave it out")
