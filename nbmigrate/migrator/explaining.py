"""The verbs that tell before anything runs: plan, sql, explain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import TYPE_CHECKING, Any, Literal

from nbmigrate.errors import CommandError
from nbmigrate.migrator.core import Core, Heads, known_ids, revision_info
from nbmigrate.migrator.running import split_range
from nbmigrate.model.identifiers import did_you_mean
from nbmigrate.model.plan import plan_downgrade, plan_upgrade
from nbmigrate.model.walk import reach
from nbmigrate.script import Script, ScriptDirectory

if TYPE_CHECKING:
    from nbmigrate import plans
    from nbmigrate.migrator.telling import Teller
    from nbmigrate.runtime.environment import EnvironmentContext
    from nbmigrate.runtime.migration import MigrationContext

Direction = Literal["upgrade", "downgrade"]
_PLANS = {"upgrade": plan_upgrade, "downgrade": plan_downgrade}
# what a further configure() for another database takes over from the project's own
_TAKEN_OVER = ("target_metadata", "transaction_per_migration", "on_version_apply", "user_module_prefix")


class ExplainingVerbs(Core):
    """Verbs that show what would happen; they change nothing."""

    def plan(self, target: str = "head") -> plans.Plan:
        """What leads from where the database stands to a target, above or below: steps, operations, SQL.

        The catalogue is read and rows are counted; nothing runs, not even the creation of a version table.
        """
        script = self.script
        found: list[plans.Plan] = []

        def look(heads: Heads, context: MigrationContext) -> tuple[()]:
            found.append(self._planned(script, target, tuple(heads), context))
            return ()

        self._environment(look, script, dont_mutate=True)
        if not found:
            raise CommandError("env.py ran no migrations: it must call context.run_migrations()")
        return found[0] if len(found) == 1 else _together(found)

    def _planned(
        self, script: ScriptDirectory, target: str, heads: Heads, context: MigrationContext
    ) -> plans.Plan:
        from nbmigrate import plans
        from nbmigrate.migrator.telling import Teller

        direction = direction_of(script, target, heads)
        teller = Teller(context, count_rows=True)
        rows, steps = heads, []
        for step in _PLANS[direction](script.revision_map, target, heads).steps:
            after = step.apply_to(rows)
            operations, note = teller.tell(step.revision, direction)
            info = revision_info(step.revision)
            told = (tuple(rows), tuple(after), operations, note, teller.findings)
            steps.append(plans.PlannedStep(info, direction, *told))
            rows = after
        name = self._name_of(context)
        return plans.Plan(direction, target, name, context.dialect.name, heads, tuple(rows), tuple(steps))

    def explain(self, revision: str = "head") -> plans.Explanation:
        """One revision, operation by operation: the Python, the SQL on this database, what it does."""
        script = self.script
        found: list[plans.Explanation] = []

        def look(heads: Heads, context: MigrationContext) -> tuple[()]:
            if not found:
                found.append(_explained(script, _one(script, revision, heads), tuple(heads), context))
            return ()

        self._look_offline_if_unreachable(look, script)
        return found[0]

    def sql(self, target: str = "head", dialects: Sequence[str] = ()) -> plans.SQLScripts:
        """The SQL script to a target (``from:to``, else from base), for one or several databases.

        ``dialects`` are SQLAlchemy's names of database systems; none: the one that is connected. No database
        is asked. Of several, one that can't be written to its end says so in its note; a single one raises.
        """
        from nbmigrate import plans

        script = self.script
        start, end = split_range(target, True, "upgrade")
        direction = _direction_of_range(script, start, end)
        scripts: list[plans.SQLScript] = []
        own = not dialects
        buffer = StringIO()

        def steps(heads: Heads, context: MigrationContext) -> Iterable[Any]:
            return _PLANS[direction](script.revision_map, end, heads).steps if own else ()

        def others(environment: EnvironmentContext) -> None:
            nonlocal own
            if own:
                scripts.append(plans.SQLScript(self._dialect(environment), buffer.getvalue()))
            own = True
            for name in dict.fromkeys(dialects):
                scripts.append(_script_for(environment, name))

        opts = {"starting_rev": start, "destination_rev": end}
        self._environment(steps, script, afterwards=others, as_sql=True, output_buffer=buffer, **opts)
        if len(scripts) == 1 and scripts[0].note:
            raise CommandError(f"the SQL for {scripts[0].dialect} {scripts[0].note}")
        return plans.SQLScripts(target, tuple(scripts))


def _script_for(environment: EnvironmentContext, name: str) -> plans.SQLScript:
    """The same run once more, written for another database system."""
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError

    from nbmigrate import plans

    known = environment.contexts[0]
    buffer = StringIO()
    taken = {key: known.opts[key] for key in _TAKEN_OVER if key in known.opts}
    try:
        environment.configure(
            dialect_name=name,
            dialect_opts={"paramstyle": "named"},
            output_buffer=buffer,
            literal_binds=True,
            **taken,
        )
    except (NoSuchModuleError, ArgumentError) as error:
        from nbmigrate.dialects import NAMES

        raise CommandError(
            f"no database system '{name}' is known here: write {', '.join(NAMES)}, or the name of a "
            f"SQLAlchemy dialect that is installed{did_you_mean(name, NAMES)}"
        ) from error
    try:
        with environment.begin_transaction():
            environment.run_migrations()
    except Exception as error:  # a script is anybody's code; the other databases are to be written still
        step = getattr(getattr(error, "nbmigrate_step", None), "step", None)
        where = f" revision {step.revision.revision}" if step is not None and step.revision else ""
        return plans.SQLScript(name, buffer.getvalue(), f"can't be written from{where} on: {_line(error)}")
    return plans.SQLScript(name, buffer.getvalue())


def _explained(
    script: ScriptDirectory, revision: Script, heads: Heads, context: MigrationContext
) -> plans.Explanation:
    """A revision explained where it stands in the history, whatever the database has now.

    One that could run next is told by the database as it is. For any other the database is a misleading
    witness; its tables are known from the revisions below, which are replayed where that is needed.
    """
    from nbmigrate.migrator.telling import Teller

    edges = script.revision_map.structure
    known, _ = known_ids(script, heads)
    applied = reach(known, edges.needs)
    below = sorted(reach([revision.revision], edges.needs) - {revision.revision}, key=edges.rank.__getitem__)
    could_run = revision.revision not in applied and applied.issuperset(below)
    tellers = [Teller(context)] if could_run and context.connection is not None else []
    # a dialect that keeps a catalogue writes a change by the table as it is, so it must know the table
    if not hasattr(context.ddl, "catalogue"):
        tellers.append(Teller(context, live=False))
    for teller in tellers:
        told = _both_ways(teller, revision, context)
        if not told.upgrade_note and not told.downgrade_note:
            return told
    replaying = Teller(context, live=False)
    for one in below:
        replaying.follow(script.get_revision(one))
    return _both_ways(replaying, revision, context)


def _both_ways(teller: Teller, revision: Script, context: MigrationContext) -> plans.Explanation:
    from nbmigrate import plans

    up, up_note = teller.tell(revision, "upgrade")
    down, down_note = teller.tell(revision, "downgrade")
    return plans.Explanation(revision_info(revision), context.dialect.name, up, down, up_note, down_note)


def _together(several: Sequence[plans.Plan]) -> plans.Plan:
    """The plans of several databases of one env.py as one."""
    from nbmigrate import plans

    first = several[0]
    return plans.Plan(
        first.direction,
        first.target,
        ", ".join(plan.database for plan in several),
        first.dialect,
        first.before,
        first.after,
        tuple(step for plan in several for step in plan.steps),
    )


def _one(script: ScriptDirectory, named: str, heads: Heads) -> Script:
    """The one revision that a name stands for."""
    found = [one for one in script.get_revisions(heads if named == "current" else named) if one is not None]
    if len(found) != 1:
        listed = ", ".join(one.revision for one in found) or "base, where there is none"
        raise CommandError(f"explain tells one revision; '{named}' is {listed}")
    return found[0]


def direction_of(script: ScriptDirectory, target: str, heads: Heads) -> Direction:
    """Whether a target lies above or below where the database stands."""
    end = target.rpartition("@")[2]
    if end in ("head", "heads") or end.startswith("+"):
        return "upgrade"
    if end == "base" or re.fullmatch(r"-\d+", end):
        return "downgrade"
    known, _ = known_ids(script, heads)
    applied = reach(known, script.revision_map.structure.needs)
    named = [one.revision for one in script.get_revisions(target) if one is not None]
    below = applied.issuperset(named) and not set(named) & set(heads)
    return "downgrade" if below else "upgrade"


def _direction_of_range(script: ScriptDirectory, start: str | None, end: str) -> Direction:
    if start is None or start == "base":
        return "upgrade"
    return direction_of(script, end, tuple(one.revision for one in script.get_revisions(start) if one))


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
