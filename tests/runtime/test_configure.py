"""``configure()``: every documented parameter by its id in the checklist (E1 to E31)."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, create_engine

from nbmigrate.config import Config
from nbmigrate.errors import CommandError
from nbmigrate.runtime.environment import EnvironmentContext
from nbmigrate.runtime.options import OF_CONNECTION, PARAMETERS, warn_of_misspellings
from nbmigrate.script import ScriptDirectory


@pytest.fixture
def script(tmp_path: Path) -> ScriptDirectory:
    (tmp_path / "versions").mkdir()
    (tmp_path / "versions" / "a.py").write_text('"""first"""\nrevision = "aaaa1"\ndown_revision = None\n')
    return ScriptDirectory(tmp_path)


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def environment(script: ScriptDirectory, **opts: Any) -> EnvironmentContext:
    return EnvironmentContext(Config(), script, **opts)


def offline(script: ScriptDirectory, **opts: Any) -> EnvironmentContext:
    return environment(script, as_sql=True, **opts)


def test_parameters_are_alembics() -> None:
    import inspect

    from alembic.runtime.environment import EnvironmentContext as Oracle

    theirs = set(inspect.signature(Oracle.configure).parameters) - {"self", "kw"}
    ours = set(PARAMETERS)
    assert theirs <= ours
    # documented, and taken out of **kw; and how a run behaves towards others, which is ours
    version_table = {"version_table", "version_table_pk", "version_table_schema"}
    assert ours - theirs <= version_table | {
        "audit",
        "lock",
        "lock_retries",
        "lock_timeout",
        "statement_timeout",
        "mssql_batch_separator",
        "oracle_batch_separator",
        "output_encoding",
    }


def test_e1_an_engine_is_no_connection(script: ScriptDirectory) -> None:
    engine = create_engine("sqlite://")
    with pytest.raises(CommandError, match=r"expected to be a sqlalchemy.engine.Connection"):
        environment(script).configure(connection=engine)  # type: ignore[arg-type]
    engine.dispose()


def test_e1_e2_e3_something_must_name_a_dialect(script: ScriptDirectory) -> None:
    with pytest.raises(CommandError, match="Connection, url, or dialect_name is required"):
        environment(script).configure()


@pytest.mark.parametrize("named", [{"url": "sqlite://"}, {"dialect_name": "sqlite"}])
def test_e2_e3_url_and_name_name_a_dialect(script: ScriptDirectory, named: dict[str, str]) -> None:
    context = offline(script)
    context.configure(**named)  # type: ignore[arg-type]
    assert context.get_context().dialect.name == "sqlite"


def test_e4_dialect_opts(script: ScriptDirectory) -> None:
    context = offline(script)
    context.configure(dialect_name="sqlite", dialect_opts={"paramstyle": "named"})
    assert context.get_context().dialect.paramstyle == "named"


@pytest.mark.parametrize("forced", [True, False])
def test_e5_transactional_ddl(script: ScriptDirectory, forced: bool) -> None:
    context = offline(script)
    context.configure(dialect_name="sqlite", transactional_ddl=forced)
    assert context.is_transactional_ddl() is forced


@pytest.mark.parametrize(("per_migration", "begins"), [(False, 1), (True, 2)])
def test_e6_transaction_per_migration(tmp_path: Path, per_migration: bool, begins: int) -> None:
    versions = tmp_path / "versions"
    versions.mkdir()
    body = "def upgrade(): pass\ndef downgrade(): pass\n"
    (versions / "a.py").write_text(f"revision = 'aaaa1'\ndown_revision = None\n{body}")
    (versions / "b.py").write_text(f"revision = 'bbbb1'\ndown_revision = 'aaaa1'\n{body}")
    script = ScriptDirectory(tmp_path)
    text = io.StringIO()
    fn = lambda heads, context: script._upgrade_revs("head", heads)  # noqa: E731
    with offline(script, fn=fn) as context:
        context.configure(
            dialect_name="postgresql", output_buffer=text, transaction_per_migration=per_migration
        )
        with context.begin_transaction():
            context.run_migrations()
    assert text.getvalue().count("BEGIN;") == text.getvalue().count("COMMIT;") == begins


def test_e7_output_buffer_wins_over_the_configuration(script: ScriptDirectory) -> None:
    configured, given = io.StringIO(), io.StringIO()
    context = EnvironmentContext(Config(output_buffer=configured), script, as_sql=True)
    context.configure(dialect_name="sqlite", output_buffer=given)
    context.static_output("here")
    context.configure(dialect_name="sqlite")
    context.static_output("there")
    assert (given.getvalue().strip(), configured.getvalue().strip()) == ("here", "there")


def test_e8_output_encoding(script: ScriptDirectory) -> None:
    written = io.BytesIO()
    context = offline(script)
    context.configure(dialect_name="sqlite", output_buffer=written, output_encoding="utf-8")  # type: ignore[arg-type]
    context.static_output("-- größer")
    assert written.getvalue() == "-- größer\n\n".encode()


def test_e9_literal_binds_is_for_text_only(script: ScriptDirectory, connection: Connection) -> None:
    offline(script).configure(dialect_name="sqlite", literal_binds=True)
    with pytest.raises(CommandError, match="literal_binds"):
        environment(script).configure(connection=connection, literal_binds=True)


def test_e10_starting_rev_of_a_run_offline(script: ScriptDirectory, connection: Connection) -> None:
    context = offline(script)
    context.configure(dialect_name="sqlite", starting_rev="aaa")
    assert context.get_starting_revision_argument() == "aaa"
    assert context.get_context().get_current_heads() == ("aaaa1",)
    online = environment(script)
    online.configure(connection=connection, starting_rev="aaa")
    with pytest.raises(CommandError, match="database connection"):
        online.get_context().get_current_heads()


def test_e11_tag(script: ScriptDirectory) -> None:
    context = offline(script, tag="of the verb")
    assert context.get_tag_argument() == "of the verb"
    context.configure(dialect_name="sqlite", tag="of env.py")
    context.configure(dialect_name="sqlite")
    assert context.get_tag_argument() == "of env.py"


def test_e12_template_args_are_added_to_the_verbs(script: ScriptDirectory) -> None:
    mine = {"config": "c"}
    context = offline(script, template_args=mine)
    context.configure(dialect_name="sqlite", template_args={"author": "me"})
    assert mine == {"config": "c", "author": "me"}


def test_e13_e14_e15_version_table(script: ScriptDirectory) -> None:
    context = offline(script)
    context.configure(
        dialect_name="sqlite", version_table="v", version_table_schema="s", version_table_pk=False
    )
    migration = context.get_context()
    assert (migration.version_table, migration.version_table_schema) == ("v", "s")
    assert not list(migration._version_table.table.primary_key)
    usual = offline(script)
    usual.configure(dialect_name="sqlite")
    assert usual.get_context().version_table == "alembic_version"
    assert usual.get_context()._version_table.table.primary_key.name == "alembic_version_pkc"


def test_e17_target_metadata_is_of_one_call(script: ScriptDirectory) -> None:
    context = offline(script)
    metadata = MetaData()
    context.configure(dialect_name="sqlite", target_metadata=metadata)
    assert context.get_context().opts["target_metadata"] is metadata
    context.configure(dialect_name="sqlite")
    assert context.get_context().opts.get("target_metadata") is None


def test_e26_a_prefix_may_be_none(script: ScriptDirectory) -> None:
    context = offline(script)
    context.configure(dialect_name="sqlite", sqlalchemy_module_prefix=None)
    assert context.get_context().opts["sqlalchemy_module_prefix"] is None


def test_e30_unknown_keywords_are_kept(script: ScriptDirectory) -> None:
    context = offline(script)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        context.configure(dialect_name="sqlite", tenant="blue")
        context.configure(dialect_name="sqlite")
    assert context.get_context().opts["tenant"] == "blue"


def test_e30_a_likely_misspelling_is_told_where_it_stands(script: ScriptDirectory) -> None:
    context = offline(script)
    with pytest.warns(UserWarning, match="no parameter 'compare_types': did you mean 'compare_type'") as seen:
        context.configure(dialect_name="sqlite", compare_types=True)
    assert seen[0].filename == __file__
    assert context.get_context().opts["compare_types"] is True


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("include_objects", "include_object"),
        ("transaction_per_migrations", "transaction_per_migration"),
        ("render_as_batches", "render_as_batch"),
        ("version_table_shema", "version_table_schema"),
        ("target_meta_data", "target_metadata"),
    ],
)
def test_e30_suggestions(typed: str, meant: str) -> None:
    with pytest.warns(UserWarning, match=f"'{typed}': did you mean '{meant}'"):
        warn_of_misspellings([typed], 1)


@pytest.mark.parametrize("name", ["tenant", "schema", "engine_name", "dialect", *OF_CONNECTION])
def test_e30_other_words_are_left_alone(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_misspellings([name], 1)


def test_e31_the_verbs_own_options_reach_the_context(script: ScriptDirectory) -> None:
    context = offline(script, destination_rev="aaaa1", dont_mutate=True)
    context.configure(dialect_name="sqlite")
    assert context.get_context().opts["dont_mutate"] is True
    assert context.get_context().opts["script"] is script
    assert context.get_revision_argument() == "aaaa1"
