"""The verbs that write files: init, revision, merge, and the revision of a notebook cell."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from nbmigrate import results
from nbmigrate.config import Config
from nbmigrate.errors import CommandError, ConnectError
from nbmigrate.migrator.core import Heads, applied_ids, ids, models_of, revision_info, source_of
from nbmigrate.migrator.running import RunningVerbs
from nbmigrate.model.change import Change
from nbmigrate.model.revision import to_tuple
from nbmigrate.model.value import replaced
from nbmigrate.script import Script, ScriptDirectory

if TYPE_CHECKING:
    from nbmigrate.autogenerate.revision import RevisionContext
    from nbmigrate.model.question import Question
    from nbmigrate.runtime.database import Database
    from nbmigrate.runtime.environment import EnvironmentContext
    from nbmigrate.runtime.migration import MigrationContext


class Proposed(NamedTuple):
    """What autogenerate found: the revisions that are to be written, their differences, open questions."""

    proposal: RevisionContext
    changes: tuple[Change, ...]
    questions: tuple[Question, ...]


class WritingVerbs(RunningVerbs):
    """Verbs that write into the migration environment's folder."""

    def init(
        self, directory: str | None = None, *, template: str = "generic", package: bool = False
    ) -> results.Init:
        """Make a migration environment: ``alembic.ini``, and in ``directory`` env.py, a template, versions.

        One that is there already is left as it is. Raises ``CommandError`` where the folder holds something
        else.
        """
        from nbmigrate.script.environment_files import init_environment

        folder = directory or self.config.get_alembic_option("script_location") or "migrations"
        url = None
        if self.database is not None:
            url = url_for_file(self.database)
            from pathlib import Path

            ini = Path(folder).resolve().parent / "alembic.ini"
            self.config = Config(str(ini))
            self.config.set_main_option("script_location", str(folder).replace("%", "%%"))
        files = init_environment(
            self.config, str(folder), template=template, package=package, sqlalchemy_url=url
        )
        return results.Init(str(folder), tuple(results.FileState(*item) for item in files))

    def list_templates(self) -> results.Templates:
        """The templates that ``init`` knows, with a line about each."""
        from nbmigrate.script.environment_files import list_templates

        return results.Templates(tuple(list_templates(self.config)))

    def _script_made(self) -> ScriptDirectory:
        """The scripts' folder, made where it is absent (a prototype needs no set-up)."""
        if self.database is not None and not os.path.isdir(self.directory):
            self.init()
        return self.script

    def revision(
        self,
        message: str | None = None,
        *,
        autogenerate: bool = False,
        sql: bool = False,
        head: str = "head",
        splice: bool = False,
        branch_label: str | Sequence[str] | None = None,
        version_path: str | None = None,
        rev_id: str | None = None,
        depends_on: str | Sequence[str] | None = None,
        reuse: bool = False,
        renames: Mapping[str, str | None] | None = None,
        process_revision_directives: Any = None,
    ) -> results.RevisionCreated:
        """Write a new revision file; with ``autogenerate`` filled with what the models ask for.

        Autogenerate without a difference writes nothing. ``renames`` leads from old names to new ones
        (``{"user.mail": "user.email"}``), to None where something is no rename and goes. Where values would
        be lost for want of such an answer, ``RenamesUnanswered`` is raised and nothing is written. With
        ``reuse`` (the notebook) a revision that has this message already is left as it is, so that a cell
        can be run again.
        """
        if sql and autogenerate:
            raise CommandError("Using --sql with --autogenerate does not make any sense")
        script = self._script_made()
        if reuse and message and (there := with_message(script, message)) is not None:
            return self._written("unchanged", script, there)
        arguments: dict[str, Any] = {
            "message": message,
            "autogenerate": autogenerate,
            "sql": sql,
            "head": head,
            "splice": splice,
            "branch_label": ids(branch_label),
            "version_path": version_path,
            "rev_id": rev_id,
            "depends_on": depends_on,
        }
        if autogenerate or self._always_runs_env():
            hook = process_revision_directives
            written: results.RevisionCreated = self._proposed(
                script, arguments, hook, renames, self._files_of
            )
            return written
        if sql:
            raise CommandError(
                "Using --sql with the revision command when revision_environment is not configured does not "
                "make any sense"
            )
        place = {name: arguments[name] for name in ("head", "splice", "version_path", "depends_on")}
        made = script.generate_revision(
            rev_id or new_id(), message, branch_labels=ids(branch_label), config=self.config, **place
        )
        return self._written("created", self.script, made)

    def _proposed(
        self,
        script: ScriptDirectory,
        arguments: dict[str, Any],
        hook: Any,
        renames: Mapping[str, str | None] | None,
        finish: Callable[[Proposed, EnvironmentContext], Any],
    ) -> Any:
        """What ``finish`` makes of what databases, models and hooks ask for, once env.py has ended."""
        from nbmigrate.autogenerate import RevisionContext, describe
        from nbmigrate.autogenerate.losses import refuse_losses
        from nbmigrate.autogenerate.renaming import Renaming
        from nbmigrate.script.write import parents

        autogenerate = arguments["autogenerate"]
        renaming = Renaming(renames, fills=True)
        proposal = RevisionContext(self.config, script, arguments, hook, renaming)
        changes: list[Change] = []
        found: list[Any] = []

        def propose(heads: Heads, context: MigrationContext) -> tuple[()]:
            if not autogenerate:
                proposal.run_no_autogenerate(heads, context)
                return ()
            models_of(context)
            proposal.run_autogenerate(heads, context)
            for upgrade in (up for one in proposal.generated_revisions for up in one.upgrade_ops_list[-1:]):
                refuse_losses(upgrade, context.connection)
            for one in proposal.generated_revisions:
                changes.extend(c for c in describe(one.upgrade_ops_list[-1], context) if c not in changes)
            return ()

        def write(environment: EnvironmentContext) -> None:
            name = self._name(environment)
            renaming.check_answers()
            renaming.check_questions()
            if not proposal.generated_revisions or (autogenerate and proposal.is_empty):
                for one in proposal.generated_revisions[:1]:
                    # several heads are refused whether there are differences or not
                    parents(script, to_tuple(one.head) or None, bool(one.splice))
                found.append(results.RevisionCreated("no changes", database=name))
                return
            proposed = Proposed(proposal, tuple(changes), tuple(renaming.questions))
            found.append(finish(proposed, environment))

        self._environment(
            propose,
            script,
            afterwards=write,
            as_sql=arguments["sql"],
            template_args=proposal.template_args,
            revision_context=proposal,
            dont_mutate=True,
        )
        return found[0]

    def _files_of(self, proposed: Proposed, environment: EnvironmentContext) -> results.RevisionCreated:
        """The files, written."""
        made = list(proposed.proposal.generate_scripts())
        context = environment.contexts[-1] if len(environment.contexts) == 1 else None
        first = self._result("created", made[0], context, proposed.changes)
        others = tuple(revision_info(one) for one in made[1:])
        name = self._name(environment)
        return replaced(first, database=name, others=others, questions=proposed.questions)

    def _result(
        self,
        state: Any,
        revision: Script,
        context: MigrationContext | None = None,
        changes: tuple[Change, ...] = (),
    ) -> results.RevisionCreated:
        """The result for a written file, with the SQL of its ``upgrade()`` where a context is at hand.

        The SQL is that of the file, not of the operations it was rendered from: what is shown is what runs.
        """
        made = results.RevisionCreated(state, revision_info(revision), source_of(revision), changes=changes)
        if context is None:
            return made
        from nbmigrate.migrator.preview import preview_upgrade, reopened

        with reopened(context) as live:
            told = preview_upgrade(live, revision)
        database, dialect = self._name_of(context), context.dialect.name
        return replaced(made, **told._asdict(), database=database, dialect=dialect)

    def _written(
        self, state: Any, script: ScriptDirectory, revision: Script, *, asks_env: bool = False
    ) -> results.RevisionCreated:
        """The same, with a context of its own where a database was named and can be reached.

        ``asks_env``: also where only a project's env.py knows the database.
        """
        if self.database is None and not asks_env:
            return self._result(state, revision)
        found: list[results.RevisionCreated] = []

        def look(heads: Heads, context: MigrationContext) -> tuple[()]:
            found.append(self._result(state, revision, context))
            return ()

        try:
            self._environment(look, script, dont_mutate=True)
        except ConnectError as error:
            return replaced(self._result(state, revision), note=str(error))
        return found[0] if found else self._result(state, revision)

    def cell_revision(
        self,
        slug: str,
        body: str,
        message: str | None = None,
        *,
        head: str = "head",
        splice: bool = False,
        apply: bool = False,
        amend: bool = False,
    ) -> results.RevisionCreated:
        """Write the revision that a notebook cell holds; running the cell again changes nothing.

        The key is ``slug``; ``head`` and ``splice`` say where a new one goes. A changed body rewrites the
        file while it is not applied; once applied it is refused, unless ``amend`` (downgrade with the old
        body, rewrite, upgrade). ``apply`` upgrades to it.
        """
        from nbmigrate.script.cell import body_hash, find_cell, write_cell

        script = self._script_made()
        there = find_cell(script, slug)
        if there is None:
            written = write_cell(
                script,
                slug,
                body,
                message=message,
                head=head,
                splice=splice,
                downgrade_lines=self._way_back(script, body),
            )
            return self._applied("created", written, apply)
        revision, stored = there
        if stored == body_hash(body):
            return self._applied("unchanged", revision, apply)
        place = self._position(script)
        is_applied = revision.revision in (applied_ids(script, place) or ())
        if is_applied and not amend:
            raise CommandError(
                f"revision {revision.revision} ('{slug}') is applied already and its cell has changed: run "
                "the cell with --amend (takes the old one back, rewrites it, applies the new one), or give "
                "the change a cell with a name of its own"
            )
        lines = self._way_back(script, body)
        if is_applied:
            self.downgrade(f"{revision.revision}-1")
        written = write_cell(
            script, slug, body, message=message, head=head, rewrite=revision, downgrade_lines=lines
        )
        if not is_applied:
            return self._applied("rewritten", written, apply)
        amended = self._applied("amended", written, True)
        for above in place.heads:
            self.upgrade(above)
        return amended

    def _applied(self, state: Any, revision: Script, apply: bool) -> results.RevisionCreated:
        """The result for a cell's revision, upgraded to where that was asked."""
        written = self._written(state, self.script, revision, asks_env=True)
        if not apply:
            return written
        run = self.upgrade(revision.revision)
        return replaced(written, applied=run if isinstance(run, results.Run) and run.steps else None)

    def _way_back(self, script: ScriptDirectory, body: str) -> list[str] | None:
        """The lines of downgrade() for a body of bare ``op.`` lines; None where the cell has its own."""
        from nbmigrate.migrator.preview import reversed_lines
        from nbmigrate.script.cell import has_functions

        if has_functions(body):
            return None
        found: list[list[str]] = []

        def look(heads: Heads, context: MigrationContext) -> tuple[()]:
            found.append(reversed_lines(context, body))
            return ()

        self._environment(look, script, dont_mutate=True)
        return found[0]

    def merge(
        self,
        revisions: str | Sequence[str] = "heads",
        message: str | None = None,
        *,
        branch_label: str | Sequence[str] | None = None,
        rev_id: str | None = None,
        splice: bool = False,
        rebase: bool = False,
        reuse: bool = False,
    ) -> results.RevisionCreated:
        """Write a revision that joins several heads; ``reuse`` as for ``revision``.

        With ``rebase`` no revision is written: the side of the first head, which must not have run, is put
        on the second by changing one ``down_revision``. "heads" lets the database decide between two.
        """
        if rebase:
            from nbmigrate.migrator import rebasing

            given = {"message": message, "branch_label": branch_label, "rev_id": rev_id, "splice": splice}
            rebasing.refuse_arguments(**given)
            return rebasing.rebase(self, ids(revisions), reuse=reuse)
        script = self.script
        if reuse and message and (there := with_message(script, message)) is not None:
            return self._written("unchanged", script, there)
        joined = script.get_revisions(revisions)
        if len(joined) < 2:
            raise CommandError(
                f"nothing to merge: '{' '.join(ids(revisions))}' is one revision; name two or more, or have "
                "two heads"
            )
        variables: dict[str, Any] = {"config": self.config}
        made: list[Script] = []

        def write(environment: EnvironmentContext | None = None) -> None:
            made.append(
                script.generate_revision(
                    rev_id or new_id(),
                    message,
                    head=tuple(item.revision for item in joined),
                    branch_labels=ids(branch_label),
                    splice=splice,
                    **variables,
                )
            )

        if self._always_runs_env():
            self._environment(lambda heads, context: (), script, afterwards=write, template_args=variables)
        else:
            write()
        return self._written("created", self.script, made[0])


def new_id() -> str:
    """A random revision id: twelve hexadecimal digits, as Alembic makes them."""
    import uuid

    return uuid.uuid4().hex[-12:]


def with_message(script: ScriptDirectory, message: str) -> Script | None:
    """The newest revision that bears this message."""
    first_line = message.strip().split("\n")[0].strip()
    return next((item for item in script.walk_revisions() if item.doc.split("\n")[0] == first_line), None)


def url_for_file(database: Database) -> str | None:
    """The address to write into alembic.ini: None where it holds a secret, which no file may get.

    A database in memory, such as a sandbox, is nobody's afterwards: the default file takes its place.
    """
    from nbmigrate.runtime.database import in_memory
    from nbmigrate.runtime.urls import secrets_of

    if in_memory(database.url):
        return "sqlite:///nbmigrate.db"
    return None if secrets_of(database.url) else database.url.render_as_string(hide_password=False)
