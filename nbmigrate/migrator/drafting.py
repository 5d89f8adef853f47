"""The verb that writes a cell's text and no file: the revision that the models ask for, to be looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbmigrate import results
from nbmigrate.errors import CommandError
from nbmigrate.migrator.core import revision_info
from nbmigrate.migrator.writing import Proposed, WritingVerbs

if TYPE_CHECKING:
    from nbmigrate import plans
    from nbmigrate.runtime.environment import EnvironmentContext


class DraftingVerbs(WritingVerbs):
    """Verbs that write cells."""

    def draft(
        self,
        slug: str,
        message: str | None = None,
        *,
        head: str = "head",
        renames: Mapping[str, str | None] | None = None,
    ) -> plans.Draft:
        """The ``%%revision`` cell that does what the models ask for; no file is written.

        Where the cell has been run, so that its revision is there, it is not drafted again. ``renames`` as
        for ``revision``. Raises ``RenamesUnanswered`` where values would be lost for want of an answer,
        ``CommandError`` where the database is not at the newest revision, or env.py serves several.
        """
        from nbmigrate import plans
        from nbmigrate.script.cell import CellRevision, find_cell

        CellRevision(slug, "")  # refuses what can't name a cell
        script = self._script_or_empty()
        there = find_cell(script, slug)
        if there is not None:
            return plans.Draft("written", slug, revision=revision_info(there[0]))
        arguments: dict[str, Any] = {"message": message, "autogenerate": True, "sql": False, "head": head}
        arguments |= dict.fromkeys(("splice", "branch_label", "version_path", "rev_id", "depends_on"))

        def finish(proposed: Proposed, environment: EnvironmentContext) -> plans.Draft:
            text = _cell(slug, message, head, proposed, environment)
            return plans.Draft("drafted", slug, text, proposed.changes, proposed.questions)

        found = self._proposed(script, arguments, None, renames, finish)
        return plans.Draft("no changes", slug) if isinstance(found, results.RevisionCreated) else found


def _cell(
    slug: str, message: str | None, head: str, proposed: Proposed, environment: EnvironmentContext
) -> str:
    """The cell's text: bare lines where the way back can be derived from them, else both functions."""
    from nbmigrate.autogenerate.api import render_bodies
    from nbmigrate.migrator.preview import reopened, reversed_lines

    scripts, context = proposed.proposal.generated_revisions, environment.contexts[-1]
    if len(scripts) != 1 or len(scripts[0].upgrade_ops_list) != 1:
        raise CommandError(
            "env.py asks for several revisions, or serves several databases; a cell holds one: "
            "%migrate revision --autogenerate writes the files"
        )
    upgrade, downgrade, imports = render_bodies(scripts[0], context)
    above = "".join(f"{line}\n" for line in imports)
    with reopened(context) as live:
        derived = [line for line in reversed_lines(live, above + upgrade) if line not in imports]
    body = upgrade
    if derived != downgrade.splitlines():
        body = f"def upgrade():\n{_indented(upgrade)}\n\n\ndef downgrade():\n{_indented(downgrade)}"
        above += "\n\n" if above else ""
    return f"{_first_line(slug, message, head)}\n{above}{body}\n"


def _indented(text: str) -> str:
    from textwrap import indent  # not for every start

    return indent(text, "    ")


def _first_line(slug: str, message: str | None, head: str) -> str:
    line = f"%%revision {slug}"
    said = " ".join((message or "").split())
    if said and said != slug.replace("_", " "):
        line += f" -m {_quoted(said)}"
    return line if head == "head" else f"{line} --head {_quoted(head)}"


def _quoted(text: str) -> str:
    """As one argument of a magic: there is no escape sign, and single quotes keep everything as it is."""
    if "'" not in text:
        return f"'{text}'"
    return '"{}"'.format(text.replace('"', "'"))
