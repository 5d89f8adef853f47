"""Every public name of Alembic (ALEMBIC.md, part 2), reached as ``alembic...`` while nbmigrate runs.

In three worlds: Alembic installed, not installed, and imported before by the user's own code.
"""

from __future__ import annotations

import importlib
import inspect
import json
import subprocess
import sys
from typing import Any

import pytest

from nbmigrate.runtime.alias import alembic_alias

# module: names; a name with a dot is a member of a class
NAMES: dict[str, str] = {
    "alembic": "op context __version__",
    "alembic.op": """add_column alter_column drop_column create_table drop_table rename_table create_index
        drop_index create_primary_key create_unique_constraint create_foreign_key create_check_constraint
        create_exclude_constraint drop_constraint create_table_comment drop_table_comment bulk_insert execute
        batch_alter_table f inline_literal get_bind get_context invoke run_async""",
    "alembic.context": """configure is_offline_mode is_transactional_ddl requires_connection
        get_head_revision get_head_revisions get_starting_revision_argument get_revision_argument
        get_tag_argument get_x_argument run_migrations execute static_output begin_transaction get_context
        get_bind get_impl config script""",
    "alembic.command": """list_templates init revision check merge upgrade downgrade show history heads
        branches current stamp edit ensure_version""",
    "alembic.config": """Config CommandLine CommandLine.main CommandLine.run_cmd
        CommandLine.register_command CommandFunction MessagingOptions PostWriteHookConfig main
        Config.get_section Config.set_main_option Config.remove_main_option Config.set_section_option
        Config.get_section_option Config.get_main_option Config.get_alembic_option
        Config.get_alembic_boolean_option Config.get_version_locations_list Config.get_prepend_sys_paths_list
        Config.get_hooks_list Config.get_template_directory Config.print_stdout""",
    "alembic.script": """Script Script.module Script.doc Script.longdoc Script.log_entry Script.cmd_format
        ScriptDirectory ScriptDirectory.from_config ScriptDirectory.walk_revisions
        ScriptDirectory.get_revision ScriptDirectory.get_revisions ScriptDirectory.get_all_current
        ScriptDirectory.as_revision_number ScriptDirectory.iterate_revisions ScriptDirectory.get_current_head
        ScriptDirectory.get_heads ScriptDirectory.get_base ScriptDirectory.get_bases ScriptDirectory.run_env
        ScriptDirectory.env_py_location ScriptDirectory.versions ScriptDirectory.generate_revision""",
    "alembic.script.base": "Script ScriptDirectory",
    "alembic.script.revision": """RevisionMap RevisionMap.heads RevisionMap.bases RevisionMap.add_revision
        RevisionMap.get_current_head RevisionMap.get_revisions RevisionMap.get_revision
        RevisionMap.filter_for_lineage RevisionMap.iterate_revisions Revision Revision.nextrev
        Revision.is_head Revision.is_base Revision.is_branch_point Revision.is_merge_point
        Revision.verify_rev_id RevisionError RangeNotAncestorError MultipleHeads ResolutionError
        CycleDetected DependencyCycleDetected LoopDetected DependencyLoopDetected tuple_rev_as_scalar""",
    "alembic.script.write_hooks": "register",
    "alembic.runtime.environment": """EnvironmentContext IncludeNameFn IncludeObjectFn RenderItemFn
        ProcessRevisionDirectiveFn CompareType CompareServerDefault OnVersionApplyFn NameFilterType
        NameFilterParentNames""",
    "alembic.environment": "EnvironmentContext",
    "alembic.runtime.migration": """MigrationContext MigrationContext.configure
        MigrationContext.get_current_revision MigrationContext.get_current_heads MigrationContext.stamp
        MigrationContext.run_migrations MigrationContext.execute MigrationContext.begin_transaction
        MigrationContext.autocommit_block MigrationContext.bind MigrationContext.config MigrationInfo
        MigrationInfo.is_migration MigrationInfo.up_revision_id MigrationInfo.up_revision
        MigrationInfo.up_revisions MigrationInfo.down_revisions MigrationInfo.source_revision_ids
        MigrationInfo.source_revisions MigrationInfo.destination_revision_ids
        MigrationInfo.destination_revisions""",
    "alembic.migration": "MigrationContext",
    "alembic.runtime.plugins": """Plugin Plugin.add_autogenerate_comparator Plugin.remove
        Plugin.setup_plugin_from_module Plugin.populate_autogenerate_priority_dispatch""",
    "alembic.operations": "Operations BatchOperations AbstractOperations MigrateOperation MigrationScript",
    "alembic.operations.base": "Operations BatchOperations AbstractOperations",
    "alembic.operations.ops": """MigrateOperation AddConstraintOp DropConstraintOp CreatePrimaryKeyOp
        CreateUniqueConstraintOp CreateForeignKeyOp CreateCheckConstraintOp CreateIndexOp DropIndexOp
        CreateTableOp DropTableOp AlterTableOp RenameTableOp CreateTableCommentOp DropTableCommentOp
        AlterColumnOp AddColumnOp DropColumnOp BulkInsertOp ExecuteSQLOp OpContainer ModifyTableOps
        UpgradeOps DowngradeOps MigrationScript AddConstraintOp.register_add_constraint
        CreateTableOp.from_table CreateTableOp.to_table CreateTableOp.reverse CreateTableOp.to_diff_tuple
        MigrateOperation.info OpContainer.is_empty OpContainer.as_diffs AlterColumnOp.has_changes
        MigrationScript.upgrade_ops_list MigrationScript.downgrade_ops_list""",
    "alembic.operations.toimpl": """create_table drop_table add_column drop_column alter_column
        create_index drop_index create_constraint drop_constraint rename_table execute_sql bulk_insert""",
    "alembic.autogenerate": """compare_metadata produce_migrations render_python_code Rewriter comparators
        renderers RevisionContext render_op_text""",
    "alembic.autogenerate.api": """AutogenContext RevisionContext compare_metadata produce_migrations
        render_python_code AutogenContext.inspector AutogenContext.run_name_filters
        AutogenContext.run_object_filters AutogenContext.run_filters AutogenContext.sorted_tables
        AutogenContext.table_key_to_table""",
    "alembic.autogenerate.rewriter": "Rewriter Rewriter.rewrites Rewriter.chain",
    "alembic.autogenerate.compare": "comparators",
    "alembic.autogenerate.render": """renderers default_renderers render_op render_op_text _repr_type
        _add_table _drop_table _add_column _drop_column _render_column _render_cmd_body _ident
        _alembic_autogenerate_prefix _sqlalchemy_autogenerate_prefix _user_autogenerate_prefix""",
    "alembic.util": """CommandError AutogenerateDiffsDetected DatabaseNotAtHead rev_id
        PriorityDispatchResult DispatchPriority Dispatcher PriorityDispatcher sqla_compat to_list to_tuple
        asbool err warn msg status exc obfuscate_url_pw open_in_editor format_as_comma""",
    "alembic.util.exc": "CommandError AutogenerateDiffsDetected DatabaseNotAtHead",
    "alembic.util.langhelpers": "rev_id to_list to_tuple asbool Dispatcher PriorityDispatcher not_none",
    "alembic.util.messaging": "err warn msg status",
    "alembic.util.sqla_compat": """sqlalchemy_version sqla_2 compiles constraint_name_string
        _get_connection_in_transaction _ensure_scope_for_ddl _connectable_has_table _copy _fk_spec
        _get_constraint_final_name _columns_for_constraint is_expression_index _get_table_key""",
}

WORLD = """
import importlib, json, sys
world, names = sys.argv[1], json.loads(sys.argv[2])
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name == "alembic" or name.startswith("alembic."):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
if world == "not installed":
    sys.meta_path.insert(0, Missing())
if world == "imported before":
    import alembic.op, alembic.command, alembic.autogenerate, alembic.util.sqla_compat
before = {n: m for n, m in sys.modules.items() if n.split(".")[0] == "alembic"}
from nbmigrate.runtime.alias import alembic_alias
lost = []
for module, members in names.items():
    # each by itself: what an earlier import brought along must not help
    with alembic_alias():
        try:
            found = importlib.import_module(module)
            assert module == "alembic" or found.__name__ == "nbmigrate" + module[len("alembic"):], found
            exec(f"from {module} import {', '.join(sorted({m.split('.')[0] for m in members}))}")
        except Exception as error:
            lost.append(f"{module}: {type(error).__name__}: {error}")
after = {n: m for n, m in sys.modules.items() if n.split(".")[0] == "alembic"}
assert before == after and all(before[n] is after[n] for n in before), set(before) ^ set(after)
print(json.dumps(lost))
"""


@pytest.mark.parametrize("world", ["installed", "not installed", "imported before"])
def test_every_module_and_name_in_each_world(world: str) -> None:
    # two modules speak of what runs now: their attributes are there only then
    names = {module: members.split() for module, members in NAMES.items()}
    names["alembic.context"].remove("script")
    names["alembic.context"].remove("config")
    done = subprocess.run(
        [sys.executable, "-c", WORLD, world, json.dumps(names)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []


@pytest.mark.parametrize("module", NAMES)
def test_every_name_is_there(module: str) -> None:
    with alembic_alias():
        found = importlib.import_module(module)
    for name in NAMES[module].split():
        thing: Any = found
        for part in name.split("."):
            assert hasattr(thing, part), f"{module}.{name}"
            thing = getattr(thing, part)


@pytest.mark.parametrize(
    "module",
    ["alembic.command", "alembic.config", "alembic.script", "alembic.script.revision", "alembic.autogenerate",
     "alembic.runtime.environment", "alembic.runtime.migration", "alembic.operations.ops",
     "alembic.autogenerate.api", "alembic.util", "alembic.autogenerate.rewriter", "alembic.runtime.plugins"],
)  # fmt: skip
def test_whatever_can_be_called_takes_alembics_arguments(module: str) -> None:
    """By the same names, in the same order, with the same defaults; ours may take more."""
    theirs = importlib.import_module(module)
    ours = importlib.import_module("nbmigrate" + module.removeprefix("alembic"))
    for name in NAMES[module].split():
        their, our = theirs, ours
        for part in name.split("."):
            # what Alembic gives to instances only can't be compared here
            their, our = getattr(their, part, None), getattr(our, part)
        if name == "Script":  # made by the directory alone, in both
            continue
        if not callable(their) or isinstance(their, type(dict[str, int])) or not hasattr(their, "__module__"):
            continue
        try:
            wanted, given = inspect.signature(their), inspect.signature(our)
        except (ValueError, TypeError):
            continue
        if any(p.kind is p.VAR_KEYWORD for p in given.parameters.values()) and len(given.parameters) < 3:
            continue  # passes everything on
        for number, (argument, parameter) in enumerate(wanted.parameters.items()):
            if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
                continue
            assert argument in given.parameters, f"{name}({argument})"
            if parameter.kind is parameter.POSITIONAL_OR_KEYWORD and number < len(given.parameters):
                assert list(given.parameters)[number] == argument, f"{name}: place of {argument}"
            if isinstance(parameter.default, (str, int, bool, type(None))):
                assert given.parameters[argument].default == parameter.default, f"{name}({argument}=)"
