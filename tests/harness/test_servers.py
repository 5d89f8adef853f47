"""The test servers: each test has an empty database of its own, and what is missing is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

pytest_plugins = ["pytester"]


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_has_an_empty_database(database_url: str, turn: int) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        assert inspect(connection).get_table_names() == []
        connection.execute(text("CREATE TABLE t (id INTEGER PRIMARY KEY)"))
        assert inspect(connection).get_table_names() == ["t"]
    engine.dispose()


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
@pytest.mark.parametrize("required", [False, True])
def test_a_missing_server_is_skipped_or_fails(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, kind: str, required: bool
) -> None:
    pytester.makeconftest((Path(__file__).parents[1] / "conftest.py").read_text())
    pytester.makepyfile(
        f"""
        import servers

        def test_it(monkeypatch, request):
            def none():
                raise servers.Missing("it is not here")
            monkeypatch.setattr(servers, "{kind}", none)
            request.getfixturevalue("{kind}_url")
        """
    )
    monkeypatch.setenv("NBMIGRATE_REQUIRE", kind if required else "")
    result = pytester.runpytest_inprocess("-rs", "-p", "no:cacheprovider")
    result.assert_outcomes(**{"failed" if required else "skipped": 1})
    result.stdout.fnmatch_lines([f"*{kind}*it is not here*"])
