"""A run on a database that takes no DDL back: written down as it goes, carried on by the next one.

Between the run (``MigrationContext``) and the table (``Journal``): which revision was left unfinished,
whether this run may carry on with it, and how to take it back instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from nbmigrate.errors import CommandError, UnfinishedRun
from nbmigrate.model.operations import MigrateOperation
from nbmigrate.runtime.journal import Entry, Followed, Journal, StepJournal, Unfinished
from nbmigrate.runtime.records import script_digest, signature, step_facts, together, whoever
from nbmigrate.runtime.watch import Watch

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from nbmigrate.model.plan import Step
    from nbmigrate.runtime.migration import MigrationContext


class Resuming:
    """The journal of one run; ``options`` are ``configure()``'s, of which ``resume`` is looked at."""

    def __init__(self, journal: Journal, connection: Connection, options: Mapping[str, Any]) -> None:
        self.journal = journal
        self.connection = connection
        self.resume = bool(options.get("resume", False))
        self.unfinished: Unfinished | None = None
        self.step: StepJournal | None = None
        self.watch = Watch(connection)
        self.by = whoever()

    def begin(self, steps: Sequence[Step], heads: Sequence[str]) -> None:
        """Before the first step: look for an unfinished revision, and see that this run goes on with it.

        Raises ``UnfinishedRun`` where it would do anything else, but for a stamp, which settles the matter.
        """
        found = self.journal.find(self.connection, heads)
        stamps = any(step.is_stamp for step in steps)
        if found is not None and (stamps or found.is_nothing):
            found = None
        self.unfinished = found
        if found is not None:
            self._check(found, steps)
        if found is None:
            self.journal.end(self.connection)
        elif found.not_run:
            self.journal.forget(self.connection, found.not_run)
        self.connection.commit()
        if steps and not stamps:
            about = {**step_facts(steps[0].revision, steps[0].direction), "heads": together(heads)}
            self.journal.begin(self.connection, {**about, **signature(self.by)})

    def _check(self, found: Unfinished, steps: Sequence[Step]) -> None:
        revision: Any = steps[0].revision if steps else None
        goes_on = steps and (revision.revision, steps[0].direction) == (found.revision, found.direction)
        if not goes_on:
            raise _stands_in_the_way(found, f"it has to be settled first: {found.ways_out}")
        if found.doubt is not None:
            raise _stands_in_the_way(found, found.in_doubt)
        if found.entries and found.script_digest != script_digest(revision) and not self.resume:
            raise _stands_in_the_way(
                found,
                f"{revision.path} was edited since. If what has run is still what it says first, "
                f"`{found.direction} --resume` carries on with it as it is now; otherwise "
                f"`{found.direction} --undo`, or put it right by hand and say so with `stamp`",
            )

    def around(self, step: Step, heads: Sequence[str]) -> AbstractContextManager[Any]:
        """The block around a step's script."""
        if step.is_stamp:
            return nullcontext()
        found, self.unfinished = self.unfinished, None
        done: tuple[Entry, ...] = found.entries if found is not None else ()
        self.step = StepJournal(
            self.journal, self.watch, step.revision, step.direction, heads, signature(self.by), done
        )
        return self.step

    def failed(self, error: BaseException) -> int | None:
        """After a step failed and was rolled back: how many of its statements stay done."""
        return self.step.failed(error) if self.step is not None else None

    def running(self) -> str:
        """Who has begun the run that is under way, and when; empty where that is not written down."""
        return self.journal.running(self.connection)

    def end(self) -> None:
        """Everything that was to run has run."""
        self.journal.end(self.connection)

    def undo(self, context: MigrationContext, heads: Sequence[str]) -> Unfinished:
        """Take back what an unfinished revision has done, by reversing its operations; newest first.

        Gives what was unfinished.

        The script is followed as far as it got, with nothing running, to learn the operations. Raises
        ``CommandError`` where there is nothing unfinished, or where one of them has no way back.
        """
        found = self.journal.find(self.connection, heads)
        if found is None:
            raise CommandError("No unfinished run to undo: the database is where `current` says")
        if found.doubt is not None:
            raise _stands_in_the_way(found, found.in_doubt)
        revision = context.script.get_revision(found.revision)
        followed = StepJournal(
            self.journal,
            self.watch,
            revision,
            found.direction,
            heads,
            signature(self.by),
            found.entries,
            stop=True,
        )
        done = _operations(context, followed, getattr(revision.module, found.direction))
        back = [(_way_back(operation, found, entries), entries) for operation, entries in done]
        self.connection.commit()
        for operations, entries in reversed(back):
            with self.connection.begin():
                for operation in operations:
                    context.run_operation(operation)
                self.journal.forget(self.connection, [entry.number for entry in entries])
        self.journal.end(self.connection)
        return found


def _operations(
    context: MigrationContext, followed: StepJournal, script: Any
) -> list[tuple[MigrateOperation | None, Sequence[Entry]]]:
    """The operations behind the statements that are done, in order; None for a statement outside of any."""
    from nbmigrate.operations import Operations

    found: list[tuple[MigrateOperation | None, Sequence[Entry]]] = []

    def claim(operation: MigrateOperation | None, first: int, end: int) -> None:
        if entries := followed.done[first:end]:
            found.append((operation, entries))

    @contextmanager
    def claimed(operation: MigrateOperation) -> Iterator[None]:
        first = followed.seen
        claim(None, sum(len(entries) for _, entries in found), first)
        try:
            yield
        finally:
            claim(operation, first, followed.seen)

    context.claimed = claimed
    try:
        with followed, Operations.context(context):
            script()
    except Followed:
        pass
    except Exception:
        # it may well fail where it failed before, once it has come as far as it got
        if followed.seen < len(followed.done):
            raise
    finally:
        context.claimed = None
    claim(None, sum(len(entries) for _, entries in found), len(followed.done))
    return found


def _way_back(
    operation: MigrateOperation | None, found: Unfinished, entries: Sequence[Entry]
) -> list[MigrateOperation]:
    """The operation reversed; refused in a line where that can't be."""
    try:
        if operation is None:
            raise CommandError("it is plain SQL")
        return [operation.reverse()]
    except (CommandError, NotImplementedError, ValueError) as error:
        raise CommandError(
            f"{found}. It can't be taken back by itself: `{entries[0].text[:120]}` has no way back "
            f"({error}). Nothing was changed. `{found.direction}` carries on where it stopped; or put it "
            "right by hand and say so with `stamp`"
        ) from error


def _stands_in_the_way(found: Unfinished, what_next: str) -> UnfinishedRun:
    table = f"\n{found.table}" if found.entries else ""
    return UnfinishedRun(
        f"{found}; {what_next}{table}",
        found.revision,
        found.direction,
        [entry.text for entry in found.entries],
    )
