"""``configure()``'s parameters: what is looked at, who judges, how it is written."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from roundtrip import context_of, database, diffs, metadata_of, sources

from nbmigrate.autogenerate import AutogenContext, generate, render_script
from nbmigrate.errors import CommandError
from nbmigrate.model.operations import MigrationScript


def before(m: sa.MetaData) -> None:
    sa.Table(
        "a",
        m,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("gone", sa.Integer, index=True),
        sa.Column("kept", sa.String(5), server_default="x"),
    )
    sa.Table("tmp_b", m, sa.Column("id", sa.Integer, primary_key=True))


def after(m: sa.MetaData) -> None:
    sa.Table(
        "a",
        m,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kept", sa.String(9), server_default="y"),
        sa.Column("new", sa.Integer, unique=True),
    )


@pytest.fixture
def engine(sqlite_url):
    with database(sqlite_url) as engine:
        metadata_of(before).create_all(engine)
        yield engine


def kinds(found: list[Any]) -> list[str]:
    return [diff[0] if isinstance(diff, tuple) else "+".join(part[0] for part in diff) for diff in found]


def test_all_of_it(engine):
    assert kinds(diffs(engine, metadata_of(after))) == [
        "remove_table",
        "add_column",
        "modify_type+modify_default",
        "remove_index",
        "add_constraint",
        "remove_column",
    ]


def test_e20_include_name_sees_reflected_names_with_their_parents(engine):
    seen = []

    def include_name(name, type_, parents):
        seen.append((type_, name, parents.get("schema_name"), parents.get("table_name")))
        if type_ == "table":
            assert parents["schema_qualified_table_name"] == name
        return not (name or "").startswith("tmp_") and name != "gone" and type_ != "index"

    found = kinds(diffs(engine, metadata_of(after), include_name=include_name))
    assert found == ["add_column", "modify_type+modify_default", "add_constraint"]
    assert ("schema", None, None, None) in seen
    assert ("table", "tmp_b", None, None) in seen
    assert ("column", "gone", None, "a") in seen
    assert ("index", "ix_a_gone", None, "a") in seen


def test_e21_include_object_gets_sqlalchemy_objects(engine):
    seen = {}

    def include_object(item, name, type_, reflected, compare_to):
        seen[type_, name] = (type(item).__name__, reflected, compare_to is not None)
        return type_ not in ("index", "table") or name == "a"

    found = kinds(diffs(engine, metadata_of(after), include_object=include_object))
    assert "remove_table" not in found
    assert "remove_index" not in found
    assert seen["table", "a"] == ("Table", False, True)
    assert seen["table", "tmp_b"] == ("Table", True, False)
    assert seen["column", "kept"] == ("Column", False, True)
    assert seen["column", "gone"] == ("Column", True, False)
    assert seen["index", "ix_a_gone"] == ("Index", True, False)


def test_e21_include_object_can_leave_out_a_changed_table(engine):
    found = diffs(engine, metadata_of(after), include_object=lambda *a: a[2] != "table" or a[1] != "a")
    assert kinds(found) == ["remove_table"]


def test_e18_e19_compare_type_and_default_can_be_switched_off(engine):
    found = kinds(diffs(engine, metadata_of(after), compare_type=False, compare_server_default=False))
    assert not any("modify" in kind for kind in found)


def test_e18_compare_type_may_be_a_function(engine):
    seen = []

    def judge(context, ours, theirs, our_type, their_type):
        seen.append((ours.name, str(our_type), str(their_type)))
        return {"id": True, "kept": False}.get(ours.name)

    found = diffs(engine, metadata_of(after), compare_type=judge, compare_server_default=False)
    changed = [diff[0] for diff in found if isinstance(diff, list)]
    assert [(diff[0], diff[3]) for diff in changed] == [("modify_type", "id")]
    assert ("kept", "VARCHAR(5)", "VARCHAR(9)") in seen


def test_e18_compare_type_that_says_nothing_leaves_it_to_us(engine):
    found = diffs(engine, metadata_of(after), compare_type=lambda *a: None)
    assert "modify_type+modify_default" in kinds(found)


def test_e19_compare_server_default_may_be_a_function(engine):
    seen = []

    def judge(context, ours, theirs, our_default, their_default, rendered):
        seen.append((ours.name, our_default, rendered))
        return False

    found = kinds(diffs(engine, metadata_of(after), compare_server_default=judge))
    assert "modify_type" in found
    assert ("kept", "'x'", "'y'") in seen


def test_e27_process_revision_directives_has_the_last_word(engine):
    seen = []

    def hook(context, revision, directives):
        seen.append((context.opts["own"], revision))
        script = directives[0]
        assert isinstance(script, MigrationScript)
        script.upgrade_ops.ops = [op for op in script.upgrade_ops.ops if hasattr(op, "ops")]
        script.imports.add("import math")

    with engine.connect() as connection:
        context = context_of(connection, process_revision_directives=hook, own=1)
        script = generate(context, metadata_of(after), revision=("abc",))
        variables = render_script(script, context)
    assert seen == [(1, ("abc",))]
    assert "drop_table" not in variables["upgrades"]
    assert "import math" in variables["imports"]


def test_a_hook_that_empties_its_directives_leaves_nothing(engine):
    with engine.connect() as connection:
        context = context_of(connection, process_revision_directives=lambda c, r, d: d.clear())
        assert generate(context, metadata_of(after)).upgrade_ops.is_empty()


def test_e23_render_as_batch_is_obeyed_both_ways(engine):
    _, plain, _ = sources(engine, metadata_of(after), render_as_batch=False)
    assert "batch_alter_table" not in plain
    assert "op.alter_column('a', 'kept'" in plain
    _, automatic, _ = sources(engine, metadata_of(after))
    assert "with op.batch_alter_table('a', schema=None) as batch_op:" in automatic
    only_a_column = metadata_of(before)
    only_a_column.tables["a"].append_column(sa.Column("new", sa.Integer))
    _, automatic, _ = sources(engine, only_a_column)
    assert "op.add_column('a', sa.Column('new'" in automatic
    _, forced, _ = sources(engine, only_a_column, render_as_batch=True)
    assert "batch_op.add_column(sa.Column('new'" in forced


def test_e24_e26_render_item_and_prefixes(engine):
    def render_item(type_, item, context):
        assert isinstance(context, AutogenContext)
        if type_ == "type" and isinstance(item, sa.String):
            context.imports.add("import mine")
            return "mine.Text()"
        return False

    imports, upgrade, _ = sources(
        engine,
        metadata_of(after),
        render_item=render_item,
        sqlalchemy_module_prefix="sqla.",
        alembic_module_prefix="oper.",
    )
    assert "import mine" in imports.splitlines()
    assert "type_=mine.Text()" in upgrade
    assert "oper.drop_table('tmp_b')" in upgrade
    assert "sqla.Column('new', sqla.Integer()" in upgrade


def test_e25_tokens_name_the_bodies(engine):
    with engine.connect() as connection:
        context = context_of(connection, upgrade_token="up", downgrade_token="down")
        assert {"up", "down"} < set(render_script(generate(context, metadata_of(after)), context))


def test_e17_several_metadata_are_one_schema_and_may_not_overlap(engine):
    one, two = sa.MetaData(), sa.MetaData()
    after(one)
    sa.Table("tmp_b", two, sa.Column("id", sa.Integer, primary_key=True))
    assert "remove_table" not in kinds(diffs(engine, [one, two]))
    sa.Table("tmp_b", one, sa.Column("id", sa.Integer, primary_key=True))
    with pytest.raises(CommandError, match=r'Duplicate table keys .* objects: "tmp_b"'):
        diffs(engine, [one, two])


def test_no_models_is_an_error_that_says_so(engine):
    with engine.connect() as connection, pytest.raises(CommandError, match="no MetaData object"):
        generate(context_of(connection))


def test_an_empty_difference_renders_pass(engine):
    imports, upgrade, downgrade = sources(engine, metadata_of(before))
    lines = [line.strip() for line in upgrade.splitlines()]
    assert lines == [
        "# ### commands auto generated by Alembic - please adjust! ###",
        "pass",
        "# ### end Alembic commands ###",
    ]
    assert upgrade == downgrade
    assert imports == ""
