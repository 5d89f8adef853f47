"""A real history, by other people: Optuna's ten revisions, opened unchanged, beside Alembic on a twin.

They rebuild SQLite tables in batches, move data through the ORM, and name no constraints. After each
revision, up and down, the database must hold the schema and the rows that Alembic makes of it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, create_engine, inspect, text

import nbmigrate.config
from nbmigrate import Migrator

optuna = pytest.importorskip("optuna", reason="the Python package optuna is not installed")
alembic_command = pytest.importorskip("alembic.command", reason="the Python package alembic is not installed")
import alembic.config  # noqa: E402

HERE = Path(optuna.__file__).parent / "storages" / "_rdb"
HISTORY = [
    "v0.9.0.a",
    "v1.2.0.a",
    "v1.3.0.a",
    "v2.4.0.a",
    "v2.6.0.a",
    "v3.0.0.a",
    "v3.0.0.b",
    "v3.0.0.c",
    "v3.0.0.d",
    "v3.2.0.a",
]

# what a study of 2019 looked like: old distributions, a number kept as an attribute, an infinity kept as the
# largest 32-bit float; the later revisions move all of it
LARGEST = 3.4028234663852886e38
UNIFORM = '{"name": "UniformDistribution", "attributes": {"low": 0.0, "high": 1.0}}'
LOG_UNIFORM = '{"name": "LogUniformDistribution", "attributes": {"low": 0.1, "high": 1.0}}'
ROWS: dict[str, list[dict[str, Any]]] = {
    "studies": [
        {"study_id": 1, "study_name": "first", "direction": "MINIMIZE"},
        {"study_id": 2, "study_name": "50% of 'it'", "direction": "NOT_SET"},
    ],
    "study_user_attributes": [{"study_id": 1, "key": "who", "value_json": '"Zo\u00eb"'}],
    "trials": [
        {"trial_id": 1, "study_id": 1, "state": "COMPLETE", "value": 0.5},
        {"trial_id": 2, "study_id": 1, "state": "COMPLETE", "value": LARGEST},
        {"trial_id": 3, "study_id": 2, "state": "RUNNING", "value": None},
    ],
    "trial_system_attributes": [
        {"trial_id": 1, "key": "_number", "value_json": "0"},
        {"trial_id": 2, "key": "_number", "value_json": "1"},
        {"trial_id": 3, "key": "_number", "value_json": "0"},
        {"trial_id": 3, "key": "other", "value_json": "{}"},
    ],
    "trial_params": [
        {"trial_id": 1, "param_name": "x", "param_value": 0.25, "distribution_json": UNIFORM},
        {"trial_id": 2, "param_name": "x", "param_value": 0.75, "distribution_json": LOG_UNIFORM},
    ],
    "trial_values": [
        {"trial_id": 1, "step": 0, "value": 0.75},
        {"trial_id": 1, "step": 1, "value": -LARGEST},
    ],
}

pytestmark = [
    # the history's own code uses what SQLAlchemy and Optuna have outgrown
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning"),
]


def configured(kind: Any, url: str) -> Any:
    """A Config of either kind, made the way Optuna makes its own."""
    config = kind(str(HERE / "alembic.ini"))
    config.set_main_option("script_location", str(HERE / "alembic").replace("%", "%%"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def schema(url: str) -> dict[str, Any]:
    """Everything that SQLAlchemy can reflect, as plain values that compare."""
    engine = create_engine(url)
    try:
        inspector = inspect(engine)
        return {
            table: {
                "columns": {
                    column["name"]: (
                        str(column["type"]),
                        column["nullable"],
                        column["default"],
                        column.get("comment"),
                    )
                    for column in inspector.get_columns(table)
                },
                "order": [column["name"] for column in inspector.get_columns(table)],
                "primary key": inspector.get_pk_constraint(table),
                "foreign keys": ordered(inspector.get_foreign_keys(table)),
                "unique": ordered(inspector.get_unique_constraints(table)),
                "checks": ordered(inspector.get_check_constraints(table)),
                "indexes": ordered(inspector.get_indexes(table)),
            }
            for table in inspector.get_table_names()
        }
    finally:
        engine.dispose()


def ordered(found: list[Any]) -> list[str]:
    """Reflected dictionaries as sorted text; white space inside an expression is no difference."""
    return sorted(re.sub(r"\s+", " ", repr(sorted(one.items()))) for one in found)


def rows(url: str) -> dict[str, list[str]]:
    """Every row of every table, as sorted text; without the numbers that a sequence gave to moved values."""
    engine = create_engine(url)
    try:
        metadata = MetaData()
        metadata.reflect(engine)
        with engine.connect() as connection:
            return {
                table.name: sorted(
                    repr(sorted(item for item in row.items() if not item[0].endswith("_value_id")))
                    for row in connection.execute(table.select()).mappings()
                )
                for table in metadata.sorted_tables
            }
    finally:
        engine.dispose()


def fill(url: str) -> None:
    """Put ``ROWS`` into a database that stands at the first revision."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for table, values in ROWS.items():
            names = ", ".join(values[0])
            places = ", ".join(f":{name}" for name in values[0])
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({places})"), values)
    engine.dispose()


def position(url: str) -> list[str]:
    """The version table, read as it stands."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return list(connection.scalars(text("SELECT version_num FROM alembic_version")))
    finally:
        engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """A function that makes another empty database of one kind."""
    if request.param == "sqlite":
        names = (f"sqlite:///{tmp_path / str(n)}.db" for n in itertools.count())
        yield lambda: next(names)
        return
    # asking for a database first skips where there is no server
    request.getfixturevalue("postgresql_url")
    server = request.getfixturevalue("postgresql_server")
    made: list[str] = []

    def make() -> str:
        made.append(server.create())
        return made[-1]

    yield make
    for url in made:
        server.drop(url)


def test_the_history_as_it_is_read(sqlite_url: str) -> None:
    migrator = Migrator.from_config(configured(nbmigrate.config.Config, sqlite_url))
    assert [r.id for r in migrator.heads().revisions] == [HISTORY[-1]]
    assert [r.id for r in migrator.history().revisions] == HISTORY[::-1]
    assert str(migrator.history()).splitlines()[-1].startswith("<base> -> v0.9.0.a, ")


def test_the_schema_at_each_point_is_the_one_that_alembic_makes(fresh: Callable[[], str]) -> None:
    for number, revision in enumerate(HISTORY, 1):
        ours, theirs = fresh(), fresh()
        migrator = Migrator.from_config(configured(nbmigrate.config.Config, ours))
        report = migrator.upgrade(revision)
        assert [step.revision.id for step in report.steps] == HISTORY[:number]
        oracle = configured(alembic.config.Config, theirs)
        alembic_command.upgrade(oracle, revision)
        assert position(ours) == position(theirs) == [revision]
        assert schema(ours) == schema(theirs), f"after {revision}"

    # at the head now: one down, and up again
    assert str(migrator.upgrade("head")).startswith("Nothing to upgrade")
    for move, target, there in (("downgrade", "-1", HISTORY[-2]), ("upgrade", "+1", HISTORY[-1])):
        getattr(migrator, move)(target)
        getattr(alembic_command, move)(oracle, target)
        assert position(ours) == position(theirs) == [there]
        assert schema(ours) == schema(theirs), f"after {move} to {there}"


def test_the_rows_at_each_point_are_the_ones_that_alembic_leaves(
    fresh: Callable[[], str], tmp_path: Path
) -> None:
    # the oracle walks on SQLite: on PostgreSQL Alembic 1.20 can't run v2.4.0.a on its own (CREATE TYPE of a
    # type that is there)
    ours, theirs = fresh(), f"sqlite:///{tmp_path / 'oracle.db'}"
    migrator = Migrator.from_config(configured(nbmigrate.config.Config, ours))
    oracle = configured(alembic.config.Config, theirs)
    for revision in HISTORY:
        assert migrator.upgrade(revision).after == (revision,)
        alembic_command.upgrade(oracle, revision)
        if revision == HISTORY[0]:
            fill(ours)
            fill(theirs)
        assert rows(ours) == rows(theirs), f"after {revision}"
    assert len(rows(ours)["trials"]) == len(ROWS["trials"])


def test_optuna_works_on_what_we_made(sqlite_url: str) -> None:
    Migrator.from_config(configured(nbmigrate.config.Config, sqlite_url)).upgrade("head")
    storage = optuna.storages.RDBStorage(sqlite_url)
    try:
        assert storage.get_current_version() == storage.get_head_version() == HISTORY[-1]
        study = optuna.create_study(storage=storage, study_name="x")
        study.optimize(lambda trial: trial.suggest_float("x", -1, 1) ** 2, n_trials=2)
        assert len(study.trials) == 2
    finally:
        storage.remove_session()
        storage.engine.dispose()
