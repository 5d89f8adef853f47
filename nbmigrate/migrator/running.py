"""The verbs that move a database: upgrade, downgrade, stamp, ensure_version."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import TYPE_CHECKING, Any, NamedTuple

from nbmigrate import results
from nbmigrate.errors import CommandError
from nbmigrate.migrator.core import Core, Fn, Heads, revision_info
from nbmigrate.script import ScriptDirectory

if TYPE_CHECKING:
    from nbmigrate.runtime.migration import MigrationContext
    from nbmigrate.runtime.steps import StepRun


class Manner(NamedTuple):
    """How a run was asked for; None leaves it to ``configure()`` and the configuration."""

    resume: bool = False
    undo: bool = False
    lock_timeout: float | None = None
    statement_timeout: float | None = None
    audit: bool | None = None

    @property
    def options(self) -> dict[str, Any]:
        """The same as options of the environment."""
        asked = {
            "lock_timeout": self.lock_timeout,
            "statement_timeout": self.statement_timeout,
            "audit": self.audit,
        }
        return {"resume": self.resume, "undo": self.undo, "asked": asked}


class RunningVerbs(Core):
    """Verbs that run revisions, or write the version table."""

    def upgrade(
        self,
        target: str = "head",
        *,
        sql: bool = False,
        tag: str | None = None,
        resume: bool = False,
        undo: bool = False,
        lock_timeout: float | None = None,
        statement_timeout: float | None = None,
        audit: bool | None = None,
    ) -> results.Run | results.SQLText:
        """Run the revisions up to ``target``; with ``sql`` give their SQL text and run nothing.

        On a database that takes no DDL back a run carries on with a revision that was left unfinished;
        ``resume`` lets it do so with a script that was edited since, ``undo`` takes the unfinished revision
        back and runs nothing. ``lock_timeout`` and ``statement_timeout`` are seconds: how long another run or
        a table's lock is waited for, and how long a statement may take. ``audit`` writes each step into the
        audit log. Raises ``MigrationFailed`` where a revision fails, ``RevisionError`` where the target names
        nothing, ``LockTimeout`` where another run does not end, ``UnfinishedRun`` where an unfinished
        revision stands in the way.
        """
        how = Manner(resume, undo, lock_timeout, statement_timeout, audit)
        return self._run("upgrade", target, how, sql=sql, tag=tag)

    def downgrade(
        self,
        target: str = "",
        *,
        sql: bool = False,
        tag: str | None = None,
        resume: bool = False,
        undo: bool = False,
        lock_timeout: float | None = None,
        statement_timeout: float | None = None,
        audit: bool | None = None,
    ) -> results.Run | results.SQLText:
        """Take revisions back down to ``target``; with ``sql`` (``from:to``) give their SQL text.

        The other arguments as for ``upgrade``; without a target only ``undo`` makes sense.
        """
        if not target and not undo:
            raise CommandError("the following arguments are required: revision (an id, base, -1, ...)")
        how = Manner(resume, undo, lock_timeout, statement_timeout, audit)
        return self._run("downgrade", target or "base", how, sql=sql, tag=tag)

    def _run(
        self, direction: Any, target: str, how: Manner, *, sql: bool, tag: str | None
    ) -> results.Run | results.SQLText:
        if sql and (how.resume or how.undo):
            raise CommandError("--resume and --undo are for a database, not for SQL text: leave out --sql")
        script = self.script
        start, target_ = split_range(target, sql, direction)
        from nbmigrate.model.plan import plan_downgrade, plan_upgrade

        plan = plan_upgrade if direction == "upgrade" else plan_downgrade
        seen: dict[MigrationContext, list[Heads]] = {}

        def steps(heads: Heads, context: MigrationContext) -> Iterable[Any]:
            before = seen.setdefault(context, [])
            if before and target_[:1] in ("+", "-"):
                raise CommandError(
                    f"another run has moved the version from {results.position(before[0])} to "
                    f"{results.position(heads)} meanwhile, so {target_} means something else now: look at "
                    "`current`, then run again"
                )
            before.append(tuple(heads))
            return plan(script.revision_map, target_, heads).steps

        opts: dict[str, Any] = {"destination_rev": target_, "tag": tag, "starting_rev": start}
        if sql:
            return self._sql(steps, script, **opts)
        began = time.perf_counter()
        environment = self._environment(steps, script, **how.options, **opts)
        runs = [run for context in environment.contexts for run in context.runs]
        # an env.py may configure a context only to look
        ran = [context for context in environment.contexts if context in seen or context.undone]
        places = [self._place(context, seen.get(context, [])) for context in ran]
        return results.Run(
            direction=direction,
            target=target_,
            database=self._name(environment),
            before=places[0].before if places else (),
            after=places[-1].after if places else (),
            steps=tuple(self._step_report(run, direction) for run in runs),
            seconds=time.perf_counter() - began,
            places=tuple(places) if len(places) > 1 else (),
            undone="\n".join(context.undone.taken_back for context in environment.contexts if context.undone),
        )

    def _place(self, context: MigrationContext, seen: Sequence[Heads]) -> results.Place:
        """A database of a run; ``seen`` is where it was found standing, at first and later."""
        found = seen or [context.undone.heads if context.undone is not None else ()]
        after = context.runs[-1].after if context.runs else found[-1]
        return results.Place(self._database_of(context), found[0], tuple(after))

    def _step_report(self, run: StepRun, direction: Any) -> results.StepReport:
        return results.StepReport(
            revision=revision_info(run.step.revision),
            direction=direction,
            source=run.before,
            destination=run.after,
            statements=run.texts,
            seconds=run.seconds,
        )

    def _sql(self, fn: Fn, script: ScriptDirectory, **opts: Any) -> results.SQLText:
        buffer = StringIO()
        environment = self._environment(fn, script, as_sql=True, output_buffer=buffer, **opts)
        return results.SQLText(self._dialect(environment), buffer.getvalue())

    def stamp(
        self,
        revisions: str | Sequence[str],
        *,
        sql: bool = False,
        tag: str | None = None,
        purge: bool = False,
    ) -> results.Stamped | results.SQLText:
        """Write into the version table where the database stands; no revision runs.

        ``purge`` empties the table first, without reading it: the way out of an id that no file has.
        """
        script = self.script
        targets = [revisions] if isinstance(revisions, str) else list(revisions)
        start = None
        if sql:
            if purge:
                raise CommandError("Can't use --purge with --sql mode")
            start, targets = split_stamp(targets)
        seen: dict[MigrationContext, results.Place] = {}

        def steps(heads: Heads, context: MigrationContext) -> Iterable[Any]:
            from nbmigrate.model.plan import plan_stamp

            plan = plan_stamp(script.revision_map, targets, heads)
            first = seen[context].before if context in seen else tuple(heads)
            seen[context] = results.Place(self._database_of(context), first, plan.after)
            return plan.steps

        opts: dict[str, Any] = {"destination_rev": targets[0] if len(targets) == 1 else targets, "tag": tag}
        if sql:
            return self._sql(steps, script, starting_rev=start, **opts)
        environment = self._environment(steps, script, purge=purge, **opts)
        places = tuple(seen.values()) or (results.Place(self._name(environment), (), ()),)
        return results.Stamped(
            ", ".join(dict.fromkeys(place.database for place in places)),
            places[0].before,
            places[-1].after,
            places if len(places) > 1 else (),
        )

    def ensure_version(self, *, sql: bool = False) -> results.Stamped | results.SQLText:
        """Create the version table, and nothing else."""
        position: list[Heads] = []

        def create(heads: Heads, context: MigrationContext) -> tuple[()]:
            position.append(tuple(heads))
            context._ensure_version_table()
            return ()

        if sql:
            return self._sql(create, self._script_or_empty())
        environment = self._environment(create)
        place = position[0] if position else ()
        return results.Stamped(self._name(environment), place, place)


def split_range(target: str, sql: bool, direction: str) -> tuple[str | None, str]:
    """``from:to`` in two; only SQL text may be asked for from somewhere else than where a database is.

    Raises ``CommandError`` for a range without ``--sql``, and for a downgrade's SQL without one.
    """
    start, colon, end = target.partition(":")
    if not colon:
        if sql and direction == "downgrade":
            raise CommandError("downgrade with --sql requires <fromrev>:<torev>, for example: head:base")
        return None, target
    if not sql:
        raise CommandError("Range revision not allowed: a database starts where it is; add --sql, or drop "
                           f"'{start}:'")  # fmt: skip
    return start or None, end or ("head" if direction == "upgrade" else "base")


def split_stamp(targets: Sequence[str]) -> tuple[str | None, list[str]]:
    """The starting point and the targets of ``stamp --sql from:to``."""
    starts, ends = set(), []
    for target in targets:
        start, colon, end = target.partition(":")
        starts.add(start if colon else None)
        ends.append(end if colon else start)
    if len(starts) > 1:
        raise CommandError("Stamp operation with --sql only supports a single starting revision at a time")
    return starts.pop(), ends
