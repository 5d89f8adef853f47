"""The environment of a run: what ``env.py`` sees as ``context``.

``EnvironmentContext`` bears Alembic's name and documented members. A verb makes one with the function that
says what to run (``fn``), the project's env.py (or nbmigrate's embedded environment, for a database that was
named without a project) calls ``configure()`` with a connection and then ``run_migrations()``.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, TextIO

from nbmigrate.errors import CommandError
from nbmigrate.runtime import active
from nbmigrate.runtime.alias import alembic_alias
from nbmigrate.runtime.loops import loop_is_running, nested_runs
from nbmigrate.runtime.migration import MigrationContext
from nbmigrate.runtime.options import (
    CompareServerDefault,
    CompareType,
    IncludeNameFn,
    IncludeObjectFn,
    NameFilterParentNames,
    NameFilterType,
    OnVersionApplyFn,
    ProcessRevisionDirectiveFn,
    RenderItemFn,
    configured,
    warn_of_misspellings,
)
from nbmigrate.util.interrupts import held

if TYPE_CHECKING:
    from contextvars import Token

    from sqlalchemy.engine import Connection

    from nbmigrate.config import Config
    from nbmigrate.script import ScriptDirectory

__all__ = [
    "CompareServerDefault",
    "CompareType",
    "EnvironmentContext",
    "IncludeNameFn",
    "IncludeObjectFn",
    "NameFilterParentNames",
    "NameFilterType",
    "OnVersionApplyFn",
    "ProcessRevisionDirectiveFn",
    "RenderItemFn",
    "kept_logging",
]


class EnvironmentContext:
    """Configuration, scripts and options of one run; a context manager.

    ``opts`` are what the verb asks for: ``fn``, ``as_sql``, ``starting_rev``, ``destination_rev``, ``tag``,
    ``dont_mutate``, ``purge``. Inside the ``with`` block the module ``context`` speaks of this object, and
    ``import alembic`` means nbmigrate; both end with the block, whatever happens in it.
    """

    def __init__(self, config: Config, script: ScriptDirectory, **opts: Any) -> None:
        self.config = config
        self.script = script
        self.context_opts = opts
        self.contexts: list[MigrationContext] = []
        self._migration_context: MigrationContext | None = None
        self._tokens: list[Token[EnvironmentContext | None]] = []
        self._stack: list[ExitStack] = []

    def __enter__(self) -> EnvironmentContext:
        stack = ExitStack()
        # first, so that an interrupt finds the rest put in order
        stack.enter_context(held())
        stack.enter_context(alembic_alias())
        stack.enter_context(kept_logging())
        if loop_is_running():
            stack.enter_context(nested_runs())
        self._stack.append(stack)
        self._tokens.append(active.environment.set(self))
        return self

    def __exit__(self, *error: Any) -> None:
        active.environment.reset(self._tokens.pop())
        self._stack.pop().__exit__(*error)

    # what the verb asked

    def is_offline_mode(self) -> bool:
        """Whether SQL text is to be written (``--sql``)."""
        return bool(self.context_opts.get("as_sql", False))

    def is_transactional_ddl(self) -> bool:
        """Whether the configured database takes DDL back on rollback."""
        return self.get_context().ddl.transactional_ddl

    def requires_connection(self) -> bool:
        """Whether a live connection is needed: not offline."""
        return not self.is_offline_mode()

    def get_head_revision(self) -> str | tuple[str, ...] | None:
        """The id of the one head; raises where there are several."""
        return self.script.as_revision_number("head")

    def get_head_revisions(self) -> str | tuple[str, ...] | None:
        """The ids of all heads."""
        return self.script.as_revision_number("heads")

    def get_starting_revision_argument(self) -> Any:
        """Where the run begins: offline as the command line says, online what the database says."""
        context = self._migration_context
        given = self.context_opts.get("starting_rev")
        if context is not None and not context.as_sql and not given:
            return self.script.as_revision_number(context.get_current_heads())
        if "starting_rev" in self.context_opts:
            return self.script.as_revision_number(given)
        raise CommandError("No starting revision argument is available.")

    def get_revision_argument(self) -> Any:
        """The target that the command was given, as an id."""
        return self.script.as_revision_number(self.context_opts["destination_rev"])

    def get_tag_argument(self) -> str | None:
        """The ``--tag`` that the command was given."""
        return self.context_opts.get("tag")

    def get_x_argument(self, as_dictionary: bool = False) -> list[str] | dict[str, str]:
        """The ``-x`` arguments: as they were given, or (``as_dictionary``) split at the first ``=``."""
        value: list[str] = getattr(self.config.cmd_opts, "x", None) or []
        if not as_dictionary:
            return value
        pairs = (argument.partition("=") for argument in value)
        return {name: text for name, _, text in pairs}

    # what env.py does

    def configure(
        self,
        connection: Connection | None = None,
        url: Any = None,
        dialect_name: str | None = None,
        dialect_opts: Mapping[str, Any] | None = None,
        output_buffer: TextIO | None = None,
        **opts: Any,
    ) -> None:
        """Make the ``MigrationContext`` of this run.

        Keywords are those that Alembic documents for ``EnvironmentContext.configure``; None means "not
        given"; unknown ones are kept in ``get_context().opts``, with a warning where one looks like a known
        one misspelt. May be called several times, for several databases: what is about the run (``tag``,
        ``template_args``, unknown ones, ...) holds for the next call too; the rest does not.
        """
        warn_of_misspellings(opts, stacklevel=2)
        if output_buffer is not None:
            self.context_opts["output_buffer"] = output_buffer
        elif self.config is not None and self.config.output_buffer is not None:
            self.context_opts["output_buffer"] = self.config.output_buffer
        self.context_opts = configured(self.context_opts, opts)
        merged = {**self.context_opts, "script": self.script}
        self._choose_metadata(merged)
        if merged.get("literal_binds") and not self.is_offline_mode():
            raise CommandError("Can't use literal_binds setting without as_sql mode")
        self._migration_context = MigrationContext.configure(
            connection=connection,
            url=url,
            dialect_name=dialect_name,
            environment_context=self,
            dialect_opts=dialect_opts,
            opts=merged,
        )
        self.contexts.append(self._migration_context)

    def _choose_metadata(self, opts: dict[str, Any]) -> None:
        """Live models named by the session win over env.py's; nameless ones only fill its gap."""
        chosen, wins = opts.pop("session_metadata", None), opts.pop("session_metadata_wins", False)
        if chosen is not None and (wins or opts.get("target_metadata") is None):
            opts["target_metadata"] = chosen

    def run_migrations(self, **kw: Any) -> None:
        """Run what the verb asked for; ``kw`` reach each ``upgrade()`` and ``downgrade()``."""
        self.get_context().run_migrations(**kw)

    def execute(self, sql: Any, execution_options: Mapping[str, Any] | None = None) -> None:
        """Run, or write, one SQL text or construct."""
        self.get_context().execute(sql, execution_options)

    def static_output(self, text: str) -> None:
        """Write a line into the offline output."""
        self.get_context().static_output(text)

    def begin_transaction(self) -> AbstractContextManager[Any]:
        """The transaction of the run, or nothing where each revision has its own."""
        return self.get_context().begin_transaction()

    def get_context(self) -> MigrationContext:
        """The context that ``configure()`` made.

        Raises ``CommandError`` before ``configure()`` was called.
        """
        if self._migration_context is None:
            raise CommandError("No context has been configured yet: call context.configure() in env.py first")
        return self._migration_context

    def get_bind(self) -> Any:
        """The connection of the run; offline a stand-in that writes."""
        return self.get_context().bind

    def get_impl(self) -> Any:
        """The database's ways by Alembic's names."""
        return self.get_context().impl


@contextmanager
def kept_logging() -> Iterator[None]:
    """Undo what ``fileConfig`` in an env.py does to the loggers that were there before.

    It disables them all, and puts its own handlers on the root logger: a notebook would lose its own log.
    """
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    known = [item for item in root.manager.loggerDict.values() if isinstance(item, logging.Logger)]
    disabled = [(item, item.disabled) for item in known]
    try:
        yield
    finally:
        for item, state in disabled:
            item.disabled = state
        root.handlers[:] = handlers
        root.setLevel(level)
