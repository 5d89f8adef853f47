"""Autogenerate: models and database in, revision out.

``generate`` is what the verbs use: comparison, the way back, and the user's last word
(``process_revision_directives``). ``compare_metadata``, ``produce_migrations`` and ``render_python_code`` are
Alembic's functions over the same parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from nbmigrate.autogenerate.backfill import mark_fills, write_fills, write_way_back
from nbmigrate.autogenerate.batch import as_batches
from nbmigrate.autogenerate.casts import say_using
from nbmigrate.autogenerate.context import (
    AutogenContext,
    MigrationContextLike,
    compare_options,
    render_options,
)
from nbmigrate.autogenerate.counters import move_sequences
from nbmigrate.autogenerate.enum_types import place_types
from nbmigrate.autogenerate.extensions import extend
from nbmigrate.autogenerate.objects import add_objects
from nbmigrate.autogenerate.renaming import Renamed
from nbmigrate.autogenerate.sql_lines import sql_lines
from nbmigrate.autogenerate.table_options import add_table_options
from nbmigrate.compare.compare import Traits, compare
from nbmigrate.compare.desired import ModelReader, plain_dialect
from nbmigrate.compare.equal import equal_tables, without_collector
from nbmigrate.dialects.reflect import reader_for
from nbmigrate.errors import CommandError
from nbmigrate.model.facts import settle
from nbmigrate.model.operations import (
    DowngradeOps,
    MigrateOperation,
    MigrationScript,
    OpContainer,
    UpgradeOps,
)
from nbmigrate.render import RenderOptions, render_body, render_op, render_ops

# imported for what it registers
_REGISTERING = (sql_lines,)

if TYPE_CHECKING:
    from nbmigrate.autogenerate.context import Models
    from nbmigrate.autogenerate.renaming import Renaming


def generate(
    context: MigrationContextLike,
    metadata: Models | None = None,
    *,
    revision: Sequence[str] = (),
    renaming: Renaming | None = None,
) -> MigrationScript:
    """What must change, both ways, after the user's ``process_revision_directives`` had its say.

    ``revision`` are the heads that the hook is told, ``renaming`` the answers about renames. A hook that
    empties its list of directives has asked for nothing to be done: the script is then empty too.
    """
    script = produce_migrations(context, metadata, renaming=renaming)
    hook = context.opts.get("process_revision_directives")
    if hook is None:
        return script
    directives = [script]
    hook(context, tuple(revision), directives)
    return directives[0] if directives else MigrationScript(None, UpgradeOps(), DowngradeOps())


def produce_migrations(
    context: MigrationContextLike, metadata: Models | None = None, *, renaming: Renaming | None = None
) -> MigrationScript:
    """What must change, both ways; nothing is asked of ``process_revision_directives``.

    Without ``renaming``, as Alembic has it, only those are renames that the models declare; everything else
    that has another name is dropped and added.
    """
    autogen = AutogenContext(context, metadata, renaming=renaming)
    with without_collector():
        return _migrations(autogen, context)


def _migrations(autogen: AutogenContext, context: MigrationContextLike) -> MigrationScript:
    upgrade = upgrade_operations(autogen)
    upgrade.upgrade_token = context.opts.get("upgrade_token") or "upgrades"
    downgrade = DowngradeOps(downgrade_token=context.opts.get("downgrade_token") or "downgrades")
    upgrade.reverse_into(downgrade)
    if autogen.dialect.name == "postgresql":
        place_types(autogen, upgrade, downgrade)
        for operations in (upgrade, downgrade):
            say_using(operations, autogen.dialect)
    mark_fills(upgrade, autogen)
    if autogen.renaming.fills:
        write_way_back(upgrade, downgrade, autogen)
        write_fills(upgrade, autogen)
        if autogen.dialect.name == "postgresql":
            for operations in (upgrade, downgrade):
                move_sequences(operations, autogen.dialect)
    return MigrationScript(None, upgrade, downgrade)


def compare_metadata(context: MigrationContextLike, metadata: Models) -> list[Any]:
    """The differences as Alembic's diff tuples."""
    script = produce_migrations(context, metadata)
    assert script.upgrade_ops is not None
    return script.upgrade_ops.as_diffs()


def upgrade_operations(autogen: AutogenContext) -> UpgradeOps:
    """Reflect, read the models, bring both to one spelling, compare."""
    if autogen.connection is None or autogen.opts.get("as_sql"):
        raise CommandError(
            "autogenerate can't use as_sql=True as it prevents querying the database for schema information"
        )
    autogen.require_models()
    dialect, options = autogen.dialect, compare_options(autogen)
    reader = reader_for(dialect.name)
    current = reader.reflect(autogen.connection, options)
    models = ModelReader(dialect, options)
    desired = models.schema(autogen.metadata)
    if not autogen.renaming.answers:
        # an answer may say that two tables change places which look the same
        settled = equal_tables(current, models.sources.items(), models, options)
        current, desired = settle(current, settled), settle(desired, settled)
    renamed = Renamed(autogen, options, current, desired)
    current, desired = reader.normalise(autogen.connection, renamed.current, desired)
    current, renames = renamed.follow(current, desired)
    mysql = dialect.name in ("mysql", "mariadb")
    sqlite = dialect.name == "sqlite"
    traits = Traits(
        inline_keys=sqlite,
        keys_hold_indexes=mysql,
        autoincrement_is_altered=mysql,
        expressions_untold=sqlite,
        keeps_computed_values=dialect.name == "postgresql",
        forgets_names=dialect.name == "duckdb",
    )
    upgrade = compare(current, desired, options, traits)
    add_table_options(autogen, upgrade, options, renamed.decision.tables)
    upgrade.ops[:0] = renames
    add_objects(autogen, upgrade, options, current, desired, renamed.decision.old_keys)
    extend(autogen, upgrade, options.schemas)
    return upgrade


@without_collector()
def render_script(script: MigrationScript, context: MigrationContextLike) -> dict[str, Any]:
    """The template variables of a revision file: bodies by their tokens, and ``imports``."""
    autogen = AutogenContext(context, autogenerate=False)
    # one set: the user's hooks add to the context's
    autogen.imports |= script.imports
    options = render_options(autogen)
    variables: dict[str, Any] = {}
    for upgrade in script.upgrade_ops_list:
        variables[upgrade.upgrade_token] = render_body(_renderable(upgrade.ops, autogen), options)
    for downgrade in script.downgrade_ops_list:
        variables[downgrade.downgrade_token] = render_body(_renderable(downgrade.ops, autogen), options)
    variables["imports"] = "\n".join(sorted(options.imports))
    return variables


@without_collector()
def render_bodies(script: MigrationScript, context: MigrationContextLike) -> tuple[str, str, list[str]]:
    """Upgrade, downgrade and the imports that they need, as lines neither indented nor between comments."""
    autogen = AutogenContext(context, autogenerate=False)
    autogen.imports |= script.imports
    options = render_options(autogen)
    up, down = (
        render_ops(_renderable(container.ops, autogen), options).rstrip("\n")
        for container in (script.upgrade_ops_list[-1], script.downgrade_ops_list[-1])
    )
    return up, down, sorted(options.imports)


def render_operations(
    operations: OpContainer | Iterable[MigrateOperation], context: MigrationContextLike
) -> str:
    """Operations as Python lines, neither indented nor between comment lines."""
    autogen = AutogenContext(context, autogenerate=False)
    several = operations.ops if isinstance(operations, OpContainer) else list(operations)
    return render_ops(_renderable(several, autogen), render_options(autogen)).rstrip("\n")


def _renderable(operations: Sequence[MigrateOperation], autogen: AutogenContext) -> list[MigrateOperation]:
    """In batches where the database needs it and the user has not decided otherwise."""
    decided = autogen.opts.get("render_as_batch") is not None
    return list(operations) if decided or autogen.dialect.name != "sqlite" else as_batches(operations)


def render_op_text(autogen_context: AutogenContext, op: MigrateOperation) -> str:
    """One operation as Python text, as in Alembic; lines are joined, nothing is indented."""
    return "\n".join(render_op(op, autogen_context))


@without_collector()
def render_python_code(
    up_or_down_op: OpContainer,
    sqlalchemy_module_prefix: str = "sa.",
    alembic_module_prefix: str = "op.",
    render_as_batch: bool = False,
    imports: Sequence[str] = (),
    render_item: Any = None,
    migration_context: MigrationContextLike | None = None,
    user_module_prefix: str | None = None,
) -> str:
    """The body of ``upgrade()`` or ``downgrade()`` as Python text, as in Alembic."""
    if migration_context is None:
        from sqlalchemy.engine.default import DefaultDialect

        dialect: Any = DefaultDialect()
    else:
        dialect = plain_dialect(migration_context.dialect)
    options = RenderOptions(
        sqlalchemy_module_prefix=sqlalchemy_module_prefix,
        alembic_module_prefix=alembic_module_prefix,
        user_module_prefix=user_module_prefix,
        render_as_batch=render_as_batch,
        render_item=render_item,
        imports=set(imports),
        dialect=dialect,
        migration_context=migration_context,
    )
    return render_body(up_or_down_op, options)


def __getattr__(name: str) -> Any:
    """``RevisionContext`` has its module to itself, which builds on this one."""
    if name == "RevisionContext":
        from nbmigrate.autogenerate.revision import RevisionContext

        return RevisionContext
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
