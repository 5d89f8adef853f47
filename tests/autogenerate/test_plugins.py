"""Plugins and registered comparison functions, by Alembic's names (A23, A24, E28)."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa

from nbmigrate.autogenerate import comparators, compare_metadata
from nbmigrate.errors import CommandError
from nbmigrate.operations import ops
from nbmigrate.runtime import plugins
from nbmigrate.runtime.migration import MigrationContext
from nbmigrate.runtime.plugins import BUILT_IN, Plugin
from nbmigrate.util import DispatchPriority, PriorityDispatcher, PriorityDispatchResult


@pytest.fixture(autouse=True)
def registries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a test registers is forgotten."""
    monkeypatch.setattr(plugins, "_all_plugins", dict(plugins._all_plugins))
    monkeypatch.setattr(comparators, "_registry", {})


@pytest.fixture
def connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        connection.exec_driver_sql("create table t (id integer primary key, a varchar(5), gone integer)")
        yield connection
    engine.dispose()


def models() -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.String(9), server_default="x", nullable=False),
        sa.Column("gone", sa.Integer),
        sa.UniqueConstraint("a", name="uq_a"),
    )
    return metadata


def diffs(connection: sa.Connection, **opts: Any) -> list[Any]:
    context = MigrationContext.configure(connection, opts=opts)
    found = compare_metadata(context, models())
    return sorted(diff[0] for item in found for diff in (item if isinstance(item, list) else [item]))


class CreateView(ops.ExecuteSQLOp):
    def reverse(self) -> ops.ExecuteSQLOp:
        return ops.ExecuteSQLOp("drop view v")


ALL = ["add_constraint", "modify_default", "modify_nullable", "modify_type"]


@pytest.mark.parametrize(
    ("expressions", "expected"),
    [
        (None, ALL),
        (["alembic.autogenerate.*"], ALL),
        (["alembic.autogenerate.*", "alembic.autogenerate.checkconstraint_byname"], ALL),
        (["alembic.autogenerate.*", "~alembic.autogenerate.comments"], ALL),
        (["alembic.autogenerate.*", "~alembic.autogenerate.types"], sorted({*ALL} - {"modify_type"})),
        (["alembic.autogenerate.*", "~alembic.autogenerate.defaults"], sorted({*ALL} - {"modify_default"})),
        (["alembic.autogenerate.*", "~alembic.*.constraints"], ["modify_default", "modify_type"]),
        (["alembic.autogenerate.*", "~alembic.autogenerate.tables"], []),
    ],
)
def test_e28_built_in_parts_are_chosen_by_name(
    connection: sa.Connection, expressions: list[str] | None, expected: list[str]
) -> None:
    assert diffs(connection, autogenerate_plugins=expressions) == expected


def test_e28_an_expression_that_fits_nothing_is_an_error(connection: sa.Connection) -> None:
    with pytest.raises(CommandError, match=r"Did not locate plugins: mine\.none"):
        diffs(connection, autogenerate_plugins=["alembic.autogenerate.*", "mine.none"])
    with pytest.raises(ValueError, match="Invalid plugin expression"):
        Plugin.chosen(["not-a-name"])


def test_a24_the_built_in_names_are_alembics() -> None:
    import alembic.autogenerate  # noqa: F401
    from alembic.runtime import plugins as oracle

    ours = {name for name in BUILT_IN if name.startswith("alembic.")}
    assert ours == {name for name in oracle._all_plugins if name.startswith("alembic.")}
    assert all(name.startswith("nbmigrate.autogenerate.") for name in set(BUILT_IN) - ours)


def test_a24_a_plugin_is_called_where_it_is_chosen(connection: sa.Connection) -> None:
    plugin = Plugin("mine.views")
    seen: list[Any] = []

    def schema(autogen: Any, upgrade: Any, schemas: Any) -> None:
        seen.append(("schema", schemas))
        upgrade.ops.append(CreateView("create view v as select 1"))

    def table(autogen: Any, modify: Any, schema: Any, name: Any, reflected: Any, model: Any) -> None:
        seen.append(("table", schema, name, reflected.name, model.name))
        column = sa.Column("gone", sa.Integer)
        modify.ops.append(ops.DropColumnOp.from_column_and_tablename(schema, name, column))

    def column(
        autogen: Any, change: Any, schema: Any, table: Any, name: Any, before: Any, after: Any
    ) -> None:
        if name == "gone":
            seen.append(("column", table, before.type.__class__.__name__, after.key))
            change.modify_comment = "soon gone"

    plugin.add_autogenerate_comparator(schema, "schema")
    plugin.add_autogenerate_comparator(table, "table")
    plugin.add_autogenerate_comparator(column, "column")
    assert diffs(connection) == ALL
    assert seen == []
    found = diffs(connection, autogenerate_plugins=["alembic.autogenerate.*", "mine.*"])
    assert found == sorted([*ALL, "execute", "modify_comment", "remove_column"])
    assert seen == [
        ("schema", {None}),
        ("column", "t", "INTEGER", "gone"),
        ("table", None, "t", "t", "t"),
    ]


def test_a23_functions_registered_for_everybody(connection: sa.Connection) -> None:
    order: list[str] = []

    @comparators.dispatch_for("schema", subgroup="views", priority=DispatchPriority.FIRST)
    def first(autogen: Any, upgrade: Any, schemas: Any) -> PriorityDispatchResult:
        order.append("first")
        return PriorityDispatchResult.STOP

    @comparators.dispatch_for("schema", subgroup="views")
    def second(autogen: Any, upgrade: Any, schemas: Any) -> None:
        order.append("second")

    @comparators.dispatch_for("autogenerate", qualifier="sqlite")
    def whole(autogen: Any, upgrade: Any) -> None:
        order.append(type(upgrade).__name__)

    @comparators.dispatch_for("autogenerate", qualifier="postgresql")
    def elsewhere(autogen: Any, upgrade: Any) -> None:
        order.append("postgresql")

    assert diffs(connection) == ALL
    assert order == ["UpgradeOps", "first"]


def test_a24_names_are_unique_and_plugins_can_be_removed() -> None:
    plugin = Plugin("mine.one")
    with pytest.raises(ValueError, match="already registered"):
        Plugin("mine.one")
    plugin.remove()
    Plugin("mine.one")


def test_a24_entry_points_are_set_up_when_plugins_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = ModuleType("one"), ModuleType("two")
    one.setup = lambda plugin: plugin.add_autogenerate_comparator(print, "schema")  # type: ignore[attr-defined]
    two.setup = lambda plugin: None  # type: ignore[attr-defined]
    asked: list[str] = []

    class Entry:
        def __init__(self, name: str, found: Any) -> None:
            self.name, self.found = name, found

        def load(self) -> Any:
            return self.found

    def entry_points(group: str) -> list[Any]:
        asked.append(group)
        return [Entry("published.one", one), Entry("published.two", [two])]

    monkeypatch.setattr(metadata, "entry_points", entry_points)
    monkeypatch.setattr(plugins, "_loaded", [])
    with pytest.warns(DeprecationWarning, match="collection of modules"):
        assert Plugin.chosen(["published.*"]) == ("published.one", "published.two")
    Plugin.chosen(["published.*"])
    assert asked == ["alembic.plugins"]
    dispatcher = PriorityDispatcher()
    Plugin.populate_autogenerate_priority_dispatch(dispatcher, ["published.one"])
    assert dispatcher.has("schema")
