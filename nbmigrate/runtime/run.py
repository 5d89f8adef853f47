"""One run of steps on one database: lock, transactions, version rows, journal, log, one step after the other.

``MigrationContext`` is what scripts and env.py see; this is what happens when it is told to run. Which steps
there are it is told by the function ``fn`` that the verb put into the environment's options.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from sqlalchemy.pool import SingletonThreadPool, StaticPool

from nbmigrate.dialects.limits import limited
from nbmigrate.dialects.waiting import lock_timeout
from nbmigrate.errors import CommandError, LockTimeout
from nbmigrate.model.plan import Step
from nbmigrate.operations import Operations
from nbmigrate.runtime.loading import load_scripts
from nbmigrate.runtime.settings import RunSettings
from nbmigrate.runtime.steps import FailedStep, Moved, StepRun
from nbmigrate.util.interrupts import allowed, held, hold_from_here

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from nbmigrate.runtime.audit import AuditLog
    from nbmigrate.runtime.lease import Lease
    from nbmigrate.runtime.migration import MigrationContext
    from nbmigrate.runtime.resuming import Resuming

Heads = tuple[str, ...]

log = logging.getLogger("alembic.runtime.migration")

FIRST_RETRY = 0.5  # seconds before a step that waited for a lock in vain is tried again; doubled each time


class Run:
    """The steps of one call of ``run_migrations``; ``arguments`` reach each script's function."""

    def __init__(
        self, context: MigrationContext, settings: RunSettings, arguments: Mapping[str, Any]
    ) -> None:
        self.context = context
        self.settings = settings
        self.arguments = dict(arguments)
        self.ddl = context.ddl
        self.transactions = context.transactions
        self.executor = context.executor
        self.fn: Callable[..., Sequence[Step]] = context.opts.get("fn") or (lambda heads, context: ())
        self.changes = not context.as_sql and not context.opts.get("dont_mutate", False)
        self.resuming: Resuming | None = context.resuming if self.changes else None
        self.audit: AuditLog | None = self._audit() if settings.audit and self.changes else None
        self.lease: Lease | None = None
        self._functions: dict[str, Callable[..., Any]] = {}
        self._start: Heads = ()
        self._stamp: object = None

    def migrations(self) -> None:
        """Run what ``fn`` gives for where the database stands.

        The version rows move in the same transaction as the step's own changes, where the database has
        transactional DDL; so does the creation of the version table, so that a first revision that fails
        leaves nothing.
        """
        context = self.context
        if not self.changes:
            self._steps(context.get_current_heads())
            return
        wait = self.settings.table_lock_timeout
        if wait is None and self.ddl.one_lock:
            wait = self.settings.lock_timeout
        limits = self.ddl.limits(wait, self.settings.statement_timeout)
        # for env.py too, which closes the connection when we are through
        hold_from_here()
        with (
            held(),
            self.ddl.uninterrupted(context.connection),
            limited(context.connection, limits),
            nullcontext() if self.resuming is None else self.resuming.watch.over(),
            self._locked(),
        ):
            heads = () if context.purge else context.get_current_heads()
            if context.opts.get("undo"):
                self._undo(heads)
            elif not self._steps(heads) and not heads:
                context._ensure_version_table()

    def _steps(self, heads: Heads) -> bool:
        """Run what ``fn`` gives; where another run has moved the version meanwhile, only what is left."""
        context = self.context
        self._start = heads
        steps = self._planned(heads)
        self.ddl.started()
        live = None if context.as_sql else context.connection
        context._version_table.refuse_long_ids(steps, heads, live, self.ddl)
        if context.purge:
            # only now, as what was asked for can be done
            context._purge()
        ran = bool(steps)
        if self.resuming is not None:
            self.resuming.begin(steps, heads)
        if self.audit is not None and ran:
            self.audit.create()
        done = 0
        tell = context.opts.get("progress") if self.changes else None
        while steps:
            if tell is not None:
                tell(done, done + len(steps), str(steps[0]))
            try:
                after = self._step(steps[0], heads)
            except Moved as moved:
                heads = moved.heads
                steps = self._planned(heads)
                continue
            steps.popleft()
            context._heads_offline = heads = after
            done += 1
        if tell is not None and ran:
            tell(done, done, "")
        if self.resuming is not None and ran:
            self.resuming.end()
        return ran

    def _planned(self, heads: Heads) -> deque[Step]:
        """The steps from where the database stands, each with a script that can be run."""
        with allowed():
            steps = deque(self.fn(heads, self.context))
            self._functions = load_scripts(steps, self.context)
        return steps

    def _undo(self, heads: Heads) -> None:
        """Take back what an unfinished revision has done."""
        if self.resuming is None:
            name = self.context.dialect.name
            raise CommandError(f"Nothing to undo: {name} takes back by itself what a failed revision did")
        self.context.undone = self.resuming.undo(self.context, heads)

    # keeping others out

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """The block that keeps other runs of this history out, as far as there is a lock for that.

        Raises ``LockTimeout`` with who holds it and since when, as far as that can be known.
        """
        context = self.context
        assert context.connection is not None
        with ExitStack() as stack:
            # until the whole run is committed, where that happens after we are through
            keep = self.transactions.outlasting if self.transactions.open is not None else stack
            try:
                keep.enter_context(self._lock(context.connection))
            except LockTimeout as error:
                record = self.resuming.running() if self.resuming is not None else ""
                if not record:
                    raise
                raise lock_timeout(error.waited, f"{error.holder}; {record}", error.what) from None
            self._stamp = self.ddl.changed_elsewhere(context.connection)
            yield

    def _lock(self, connection: Connection) -> AbstractContextManager[None]:
        context = self.context
        timeout, table, schema = (
            self.settings.lock_timeout,
            context.version_table,
            context.version_table_schema,
        )
        kind = self.settings.lock or ("lease" if self.ddl.leases else "database")
        if kind == "lease" and not isinstance(connection.engine.pool, (StaticPool, SingletonThreadPool)):
            from nbmigrate.runtime.lease import Lease

            self.lease = Lease(connection.engine, table, schema)
            return self.lease.held(timeout)
        if kind != "database":  # or in the memory of this process: nobody else can be there
            return nullcontext()
        name = f"nbmigrate:{schema or ''}.{table}"
        return self.ddl.lock(connection, name, timeout, in_transaction=self.transactions.external)

    def _look_again(self, heads: Heads) -> None:
        """Where the transaction is the only lock: raise ``Moved`` if another run was faster."""
        context = self.context
        if context.as_sql or context.connection is None:
            return
        stamp = self.ddl.changed_elsewhere(context.connection)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        now = context.get_current_heads()
        if set(now) != set(heads):
            raise Moved(now)

    # one step

    def _step(self, step: Step, heads: Heads) -> Heads:
        """One step in its transaction; again where the dialect asks for other preconditions.

        Where the database stands then.

        A step that could not have a table's lock in time is tried again a few times, where nothing of it,
        and nothing before it in its transaction, has been done.
        """
        pause = FIRST_RETRY
        for attempt in range(self.settings.retries + 1):
            if self.lease is not None:
                self.lease.check()
            try:
                return self._prepared(step, heads)
            except Exception as error:
                last = attempt == self.settings.retries
                nothing_done = self._nothing_done(error)
                if last or not self.ddl.is_lock_timeout(error) or not nothing_done:
                    if nothing_done and self.resuming is not None:
                        self.resuming.end()
                    holder = self.ddl.whole_lock(error)
                    if holder is None:
                        raise
                    waited = (attempt + 1) * self.settings.lock_timeout
                    raise lock_timeout(waited, holder, "the database is locked") from error
                log.info("%s: a lock was not to be had in time; again in %g s", step.short_log, pause)
            with allowed():
                time.sleep(pause)
            pause *= 2
        raise AssertionError("the last attempt ends or raises")

    def _nothing_done(self, error: Exception) -> bool:
        """Whether a step that failed has left nothing, and shares its transaction with no other one."""
        failed: FailedStep | None = getattr(error, "nbmigrate_step", None)
        if failed is None or self.transactions.external or self.transactions.open is not None:
            return False
        return failed.outcome == "rolled back" or failed.kept == 0

    def _prepared(self, step: Step, heads: Heads) -> Heads:
        try:
            return self._attempt(step, heads)
        except self.ddl.restart_errors as error:
            connection = self.context.connection
            if self.transactions.external or self.transactions.open is not None or connection is None:
                raise
            with self.ddl.restarted(connection, error):
                return self._attempt(step, heads)

    def _attempt(self, step: Step, heads: Heads) -> Heads:
        context, executor = self.context, self.executor
        start = time.perf_counter()
        executor.statements.clear()
        try:
            with self.transactions.block(per_migration=True):
                self._look_again(heads)
                if not heads:
                    context._create_version_table()
                context._log_step(step)
                executor.statements.clear()
                if not step.is_stamp:
                    with Operations.context(context), self._written_down(step, heads):
                        with allowed():
                            self._call(step)
                        for statement in self.ddl.end_of_step():
                            executor.execute(statement)
                done = tuple(executor.statements)
                # the way down looks through the graph for it: once for each step
                change = step.version_change(heads)
                after = change.apply_to(heads)
                context._version_table.move(change, executor)
                if self.audit is not None:
                    self.audit.note(step, heads, time.perf_counter() - start)
                self._tell(step, after)
        except BaseException as error:
            if not hasattr(error, "nbmigrate_step"):
                whole_run = self.transactions.open is not None
                kept = self.resuming.failed(error) if self.resuming is not None else None
                before = self._start if whole_run else heads
                failed = FailedStep(step, self.transactions.outcome, before, kept)
                error.nbmigrate_step = failed  # type: ignore[attr-defined]
            raise
        seconds = time.perf_counter() - start
        context.runs.append(StepRun(step, heads, after, done, context.dialect, seconds))
        return after

    def _written_down(self, step: Step, heads: Heads) -> AbstractContextManager[Any]:
        return nullcontext() if self.resuming is None else self.resuming.around(step, heads)

    def _call(self, step: Step) -> None:
        """The script's function; one that would end the process is a failure, whatever its exit code."""
        try:
            self._functions[step.up[0]](**self.arguments)
        except SystemExit as leaving:
            raise CommandError(
                f"{step.direction}() wants to end the process (SystemExit: {leaving.code})"
            ) from leaving

    def _tell(self, step: Step, after: Heads) -> None:
        callbacks = self.context.opts.get("on_version_apply") or ()
        for callback in callbacks if isinstance(callbacks, (list, tuple)) else (callbacks,):
            callback(ctx=self.context, step=step.info, heads=set(after), run_args=dict(self.arguments))

    def _audit(self) -> AuditLog:
        from nbmigrate.runtime.audit import AuditLog

        context = self.context
        return AuditLog(context.version_table, context.version_table_schema, context.connection)
