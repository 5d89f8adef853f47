"""What autogenerate works in: the migration context with the models, by Alembic's names.

``MigrationContextLike`` is all that autogenerate asks of a migration context, so that it needs no runtime.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from nbmigrate.autogenerate.extensions import beyond_names, chosen_comparators
from nbmigrate.autogenerate.renaming import Renaming
from nbmigrate.compare.desired import model_tables, plain_dialect
from nbmigrate.compare.options import CompareOptions
from nbmigrate.errors import CommandError
from nbmigrate.model.schema import Key
from nbmigrate.render import RenderOptions
from nbmigrate.runtime.records import own_tables
from nbmigrate.util.dispatch import PriorityDispatcher

if TYPE_CHECKING:
    from sqlalchemy import MetaData, Table
    from sqlalchemy.engine import Connection, Dialect
    from sqlalchemy.engine.reflection import Inspector

    from nbmigrate.model.objects import Objects

    Models = MetaData | Sequence[MetaData]


# others register here while their modules are imported, as Alembic's documented registry has it
comparators = PriorityDispatcher()


class MigrationContextLike(Protocol):
    """The part of a MigrationContext that is used here; ``opts`` are ``configure()``'s parameters."""

    @property
    def connection(self) -> Connection | None:
        """The live connection."""

    @property
    def dialect(self) -> Dialect:
        """SQLAlchemy's dialect."""

    @property
    def opts(self) -> Any:
        """``configure()``'s parameters by Alembic's names."""


class AutogenContext:
    """The state of one autogenerate run; users' hooks and renderers are handed it.

    ``imports`` collects the import lines that the rendered text needs.
    """

    def __init__(
        self,
        migration_context: MigrationContextLike,
        metadata: Models | None = None,
        opts: Mapping[str, Any] | None = None,
        autogenerate: bool = True,
        renaming: Renaming | None = None,
    ) -> None:
        given = migration_context.opts if opts is None else opts
        self.opts: dict[str, Any] = _with_defaults(given)
        self.migration_context = migration_context
        self.metadata: Any = given.get("target_metadata") if metadata is None else metadata
        # a context without a project, which somebody has made to compare two things with, needs no models yet
        if autogenerate and getattr(migration_context, "script", None) is not None:
            self.require_models()
        self.connection = migration_context.connection
        self.dialect = migration_context.dialect
        self.imports: set[str] = set()
        self._has_batch = False
        # the answers about renames, and what is asked: Alembic's own functions ask nothing
        self.renaming = renaming or Renaming(ask=False)
        # what the database has beside the tables, and what the models ask for; filled by the comparison
        self.objects: tuple[Objects, Objects] | None = None

    def require_models(self) -> None:
        """Raise ``CommandError`` where there are no models to compare with."""
        if self.metadata is None:
            raise CommandError(
                "Can't proceed with --autogenerate option; no MetaData object is set for the "
                "environment: set target_metadata in env.py, or name the models"
            )

    @cached_property
    def comparators(self) -> PriorityDispatcher:
        """The comparison functions that others have registered, here for this run."""
        return chosen_comparators(self, comparators)

    @cached_property
    def inspector(self) -> Inspector:
        """SQLAlchemy's Inspector of the connection."""
        from sqlalchemy import inspect

        if self.connection is None:
            raise TypeError("can't inspect a database: there is no connection")
        return inspect(self.connection)

    @cached_property
    def sorted_tables(self) -> list[Table]:
        """The models' tables, those first that others refer to."""
        metadata = self.metadata if isinstance(self.metadata, list | tuple) else [self.metadata]
        list(model_tables(self.metadata))
        return [table for one in metadata for table in one.sorted_tables]

    @cached_property
    def table_key_to_table(self) -> dict[str, Table]:
        """The models' tables by their keys."""
        return {table.key: table for table in model_tables(self.metadata)}

    def run_name_filters(self, name: str | None, type_: str, parent_names: dict[str, str | None]) -> bool:
        """Whether ``include_name`` lets a reflected name through."""
        return _filters(self).wants_name(name, type_, parent_names)

    def run_object_filters(
        self, object_: Any, name: str | None, type_: str, reflected: bool, compare_to: Any
    ) -> bool:
        """Whether ``include_object`` lets an object through."""
        return _filters(self).wants_object(object_, name, type_, reflected, compare_to)

    run_filters = run_object_filters


def _with_defaults(given: Mapping[str, Any]) -> dict[str, Any]:
    opts = dict(given)
    for name, value in (
        ("sqlalchemy_module_prefix", "sa."),
        ("alembic_module_prefix", "op."),
        ("user_module_prefix", None),
        ("render_item", None),
    ):
        opts.setdefault(name, value)
    return opts


def _filters(context: AutogenContext) -> CompareOptions:
    """The user's filters alone."""
    opts = context.opts
    return CompareOptions(
        default_schema=context.dialect.default_schema_name,
        include_name=_all_of(opts.get("include_name")),
        include_object=_all_of(opts.get("include_object")),
    )


def compare_options(context: AutogenContext) -> CompareOptions:
    """``configure()``'s parameters as the comparison wants them."""
    opts = context.opts

    def on(name: str) -> Any:
        # not said is on; Alembic's default for server defaults is off, for want of a safe comparison
        return True if opts.get(name) is None else opts[name]

    options = replace(
        _filters(context),
        include_schemas=bool(opts.get("include_schemas")),
        compare_type=_judged(on("compare_type"), context, "compare_type"),
        compare_server_default=_judged(on("compare_server_default"), context, "compare_server_default"),
        context=context.migration_context,
        **beyond_names(opts),
    )
    own: list[Key] = [
        options.key(opts.get("version_table_schema"), name)
        for name in sorted(own_tables(opts.get("version_table") or "alembic_version"))
    ]
    schemas: list[str | None] = [None] if options.wants_name(None, "schema", {}) else []
    if context.metadata is not None:
        named = {options.key(table.schema, table.name)[0] for table in model_tables(context.metadata)}
        schemas += sorted(
            name for name in named if name is not None and options.wants_name(name, "schema", {})
        )
    return replace(options, schemas=tuple(schemas), exclude_tables=frozenset(own))


def _judged(said: Any, context: AutogenContext, name: str) -> Any:
    """On, off or the user's judgement; else that of a dialect written for Alembic, where it has one."""
    dialect = getattr(context.migration_context, "ddl", None)
    hook = None if dialect is None or said is False else dialect.hook(name)
    if hook is None:
        return said

    def judge(migration_context: Any, ours: Any, theirs: Any, *more: Any) -> bool | None:
        verdict = said(migration_context, ours, theirs, *more) if callable(said) else None
        # types are in the columns; a default comes as (inspected, of the models, of the models as SQL)
        rest = () if name == "compare_type" else (more[2], more[0])
        return bool(hook(ours, theirs, *rest)) if verdict is None else verdict

    return judge


def _all_of(given: Any) -> Callable[..., bool] | None:
    """One function, or several that must all agree."""
    if not given:
        return None
    if callable(given):
        return given  # type: ignore[no-any-return]
    several = tuple(given)
    return lambda *args: all(one(*args) for one in several)


def render_options(context: AutogenContext) -> RenderOptions:
    """How this run renders operations."""
    opts = context.opts
    return RenderOptions(
        sqlalchemy_module_prefix=opts["sqlalchemy_module_prefix"],
        alembic_module_prefix=opts["alembic_module_prefix"],
        user_module_prefix=opts["user_module_prefix"],
        render_as_batch=bool(opts.get("render_as_batch")),
        render_item=opts["render_item"],
        imports=context.imports,
        # texts for a file, in which % is just %
        dialect=plain_dialect(context.dialect),
        autogen_context=context,
    )
