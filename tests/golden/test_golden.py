"""What each call of each operation becomes, on each database: the golden files.

``tests/golden/offline`` holds the text of ``--sql`` for seven dialects, ``tests/golden/online`` the
statements that were executed on the four databases that are here. Alembic, given the same calls, holds the
offline text; where ours is another one on purpose, ``ON_PURPOSE`` says why. After a change, ``pytest
tests/golden --golden`` writes the files anew; then read the difference before committing it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from dialects.same_sql import by_alembic, by_us
from golden import online
from golden.calls import ADD_COLUMN, CALLS, DROP_CONSTRAINT, OBJECTS, TABLE_COMMENT
from golden.texts import DATABASES, golden_text, text_or_refusal

HERE = Path(__file__).parent

IGNORES = "Alembic leaves the argument out"
NEEDS_REBUILD = "DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there"
DUCKDB_LACKS = "DuckDB has no such thing: refused in words, where the plugin's text fails or loses it"
NO_COMMENTS = "SQLite keeps no comments; Alembic's COMMENT ON fails there, or it ends in a traceback"
NO_TABLE = "an index is dropped from its table; Alembic's text names a table no_table"
NO_ALTER = "SQLite has no such ALTER; Alembic's text fails there"
RENDERED = "Alembic can't write a JSON value into a script"

ON_PURPOSE: dict[tuple[str, str, str], str] = {
    ("add_column", "if_not_exists", "mssql"): IGNORES,
    ("add_column", "if_not_exists", "oracle"): IGNORES,
    ("add_column", "inline_references", "mssql"): IGNORES,
    ("add_column", "inline_references", "oracle"): IGNORES,
    ("add_column", "inline_primary_key", "mssql"): IGNORES,
    ("add_column", "inline_primary_key", "oracle"): IGNORES,
    ("drop_column", "if_exists", "oracle"): "Oracle has no DROP COLUMN IF EXISTS",
    ("alter_column", "type_, postgresql_using", "duckdb"): "DuckDB has USING too",
    ("table_comment", "create, existing_comment", "mssql"): "adding a property that is there fails",
    **{("bulk_insert", "dates, json", database): RENDERED for database in DATABASES},
    **{("table_comment", case, "sqlite"): NO_COMMENTS for case in TABLE_COMMENT},
    **{("alter_column", case, "sqlite"): NO_COMMENTS for case in ("comment", "comment=None")},
    **{
        ("alter_column", case, "sqlite"): NO_ALTER
        for case in CALLS["alter_column"][1]
        if case.startswith(("nullable", "type_", "existing_", "without a type"))
        or case in ("server_default", "server_default=None", "server_default, an expression")
    },
    **{
        (operation, case, "duckdb"): NEEDS_REBUILD
        for operation in ("create_foreign_key", "create_check_constraint", "create_exclude_constraint")
        for case in CALLS[operation][1]
        if (operation, case) != ("create_check_constraint", "name=None")
    },
    **{("drop_constraint", case, "duckdb"): NEEDS_REBUILD for case in DROP_CONSTRAINT},
    **{
        ("add_column", case, "duckdb"): NEEDS_REBUILD for case in ADD_COLUMN if case.startswith("foreign key")
    },
    ("alter_column", "type_, to an enum with a CHECK", "duckdb"): NEEDS_REBUILD,
    **{
        (operation, case, "duckdb"): DUCKDB_LACKS
        for operation, case in (
            ("add_column", "inline_references"),
            ("add_column", "computed, persisted"),
            ("add_column", "identity"),
            ("create_table", "constraints"),
            ("create_table", "default, computed"),
            ("create_index", "where"),
            ("create_unique_constraint", "deferrable, initially"),
        )
    },
    ("add_column", "inline_primary_key", "duckdb"): "the sequence that the column counts with is made too",
    ("create_index", "concurrently", "duckdb"): "DuckDB 2.0 has no such word",
    ("create_index", "with, nulls not distinct", "duckdb"): DUCKDB_LACKS,
    ("create_unique_constraint", "nulls not distinct", "duckdb"): DUCKDB_LACKS,
    **{("drop_index", "without table_name", one): NO_TABLE for one in ("mysql", "mariadb")},
    ("add_column", "enum", "duckdb"): "the type is made with its first column",
}


def golden(path: Path, text: str, config: pytest.Config) -> None:
    """Hold a text against its file; with ``--golden`` write the file."""
    if config.getoption("--golden", default=False):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.exists(), f"{path.name} is not there: pytest tests/golden --golden writes it"
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("operation", CALLS, ids=lambda name: f"{CALLS[name][0]}-{name}")
def test_offline_text_is_what_the_file_says(operation: str, pytestconfig: pytest.Config) -> None:
    texts, notes = {}, {}
    for case, call in CALLS[operation][1].items():
        texts[case] = {name: text_or_refusal(by_us, name, call) for name in DATABASES}
        reasons = {
            name: ON_PURPOSE[key] for name in DATABASES if (key := (operation, case, name)) in ON_PURPOSE
        }
        if reasons:
            notes[case] = "; ".join(f"{name}, {why}" for name, why in reasons.items())
    golden(HERE / "offline" / f"{operation}.sql", golden_text(operation, texts, notes), pytestconfig)


def test_text_of_what_alembic_has_no_directive_for(pytestconfig: pytest.Config) -> None:
    texts = {
        case: {name: text_or_refusal(by_us, name, call) for name in DATABASES}
        for case, call in OBJECTS.items()
    }
    golden(HERE / "offline" / "objects.sql", golden_text("objects", texts, {}), pytestconfig)


PAIRS = [(operation, case) for operation, (_, cases) in CALLS.items() for case in cases]


@pytest.mark.parametrize(("operation", "case"), PAIRS, ids=[f"{o}-{c}" for o, c in PAIRS])
def test_offline_text_is_alembics(operation: str, case: str) -> None:
    """The same text; or both refuse; or a reason is written above."""
    call = CALLS[operation][1][case]
    for database in DATABASES:
        alembic = text_or_refusal(by_alembic, database, call)
        # Alembic turns tabs into blanks, inside literals too
        ours = text_or_refusal(by_us, database, call).replace("\t", "    ")
        if "CREATE INDEX" in ours and operation == "create_table":
            # Alembic creates the indexes of a table in the order of a set
            alembic, ours = ("\n\n".join(sorted(text.split("\n\n"))) for text in (alembic, ours))
        same = alembic == ours or (is_refusal(alembic) and is_refusal(ours))
        if (operation, case, database) in ON_PURPOSE:
            assert not same, f"{database}: the same by now, so the reason can go"
        else:
            assert same, f"{database}\n--- Alembic\n{alembic}\n--- ours\n{ours}"


def is_refusal(text: str) -> bool:
    return text.startswith("-- refused")


ENGINES = (
    "sqlite",
    pytest.param("postgresql", marks=pytest.mark.postgresql),
    pytest.param("mariadb", marks=pytest.mark.mariadb),
    "duckdb",
)


@pytest.mark.parametrize("database", ENGINES)
def test_executed_statements_are_what_the_file_says(
    database: str, request: pytest.FixtureRequest, pytestconfig: pytest.Config
) -> None:
    """Every call on tables with rows; one that the database refuses stands in the file with its words."""
    with online.prepared(database, request) as fresh:
        for operation, (_, cases) in CALLS.items():
            texts = {}
            for case, call in cases.items():
                texts[case] = {database: text_or_refusal(fresh, database, call)}
            golden(
                HERE / "online" / database / f"{operation}.sql",
                golden_text(operation, texts, {}),
                pytestconfig,
            )
