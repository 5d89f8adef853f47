"""EXCLUDE constraints (PostgreSQL): found, rendered, applied, taken back."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from roundtrip import database, diffs, run, run_with_alembic, sources
from sqlalchemy.dialects.postgresql import INT4RANGE, ExcludeConstraint

pytestmark = pytest.mark.postgresql


def models(*constraints: Any, table: bool = True) -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table("other", metadata, sa.Column("id", sa.Integer, primary_key=True))
    if table:
        sa.Table(
            "booking",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("During it", INT4RANGE, nullable=False),
            sa.Column("room", INT4RANGE),
            *constraints,
        )
    return metadata


def plain(name: str | None = "no_overlap") -> ExcludeConstraint:
    return ExcludeConstraint((sa.column("During it"), "&&"), name=name)


def full() -> ExcludeConstraint:
    return ExcludeConstraint(
        (sa.column("During it"), "&&"),
        (sa.literal_column("(room * '[1,10)'::int4range)"), "="),
        name="no_overlap",
        using="gist",
        where=sa.text("id > 5 AND lower(room) <> 3"),
        deferrable=True,
        initially="DEFERRED",
    )


def there_and_back(engine: sa.Engine, after: sa.MetaData, before: sa.MetaData) -> tuple[str, str]:
    imports, up, down = sources(engine, after)
    for runs in (run, run_with_alembic):
        runs(engine, imports, up)
        assert diffs(engine, after) == []
        runs(engine, imports, down)
        assert diffs(engine, before) == []
    run(engine, imports, up)
    return up, down


@pytest.mark.parametrize("make", [plain, full, lambda: plain(None)], ids=["plain", "full", "unnamed"])
def test_nothing_differs_after_create_all(postgresql_url: str, make: Any) -> None:
    with database(postgresql_url) as engine:
        models(make()).create_all(engine)
        assert diffs(engine, models(make())) == []


def test_it_comes_changes_and_goes(postgresql_url: str) -> None:
    with database(postgresql_url) as engine:
        models().create_all(engine)
        with engine.begin() as connection:
            connection.exec_driver_sql("INSERT INTO booking VALUES (1, '[1,5)'), (2, '[5,9)')")
        up, down = there_and_back(engine, models(plain()), models())
        assert "op.create_exclude_constraint('no_overlap', 'booking', (sa.column('During it'), '&&')" in up
        assert "op.drop_constraint('no_overlap', 'booking'" in down
        there_and_back(engine, models(full()), models(plain()))
        there_and_back(engine, models(), models(full()))
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM booking").scalar() == 2


def test_it_goes_and_comes_with_its_table(postgresql_url: str) -> None:
    with database(postgresql_url) as engine:
        models(full()).create_all(engine)
        there_and_back(engine, models(table=False), models(full()))


def test_one_without_a_name_gets_one(postgresql_url: str) -> None:
    with database(postgresql_url) as engine:
        models().create_all(engine)
        up, _ = there_and_back(engine, models(plain(None)), models())
        assert "op.f('ex_booking_" in up
