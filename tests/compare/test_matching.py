"""Which constraint is which: names given late, conventions, models that must stay as they are."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from roundtrip import database, diffs, run, sources

CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def models(convention: dict[str, str] | None = None, named: bool = False) -> sa.MetaData:
    metadata = sa.MetaData(naming_convention=convention)
    sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(10)),
        sa.Column("up", sa.Integer),
        sa.Column("flag", sa.Boolean(create_constraint=True, name="flag")),
        sa.UniqueConstraint("code", name="code_once" if named else None),
        sa.ForeignKeyConstraint(["up"], ["t.id"], name="up_there" if named else None),
        sa.CheckConstraint("up > 0", name="up_positive"),
    )
    return metadata


@pytest.mark.parametrize("fixture", ["sqlite_url", "postgresql_url"])
def test_a_convention_that_comes_later_names_nothing_anew_on_sqlite(request, fixture):
    """Keys and CHECKs are what they say; only a unique constraint that has a name is known by it."""
    with database(request.getfixturevalue(fixture)) as engine:
        models().create_all(engine)
        found = [diff[0] for diff in diffs(engine, models(CONVENTION))]
    assert found == ([] if fixture == "sqlite_url" else ["remove_constraint", "add_constraint"])


@pytest.mark.parametrize("fixture", ["sqlite_url", "postgresql_url"])
def test_names_in_the_database_don_t_matter_to_models_without(request, fixture):
    with database(request.getfixturevalue(fixture)) as engine:
        models(named=True).create_all(engine)
        assert diffs(engine, models()) == []
        models(named=True).drop_all(engine)
        models(CONVENTION).create_all(engine)
        assert diffs(engine, models()) == []


@pytest.mark.parametrize("fixture", ["sqlite_url", "postgresql_url"])
def test_conventional_names_reach_the_database(request, fixture):
    metadata = models(CONVENTION)
    bare = sa.MetaData()
    columns = [sa.Column("id", sa.Integer, primary_key=True), sa.Column("code", sa.String(10))]
    sa.Table("t", bare, *columns, sa.Column("up", sa.Integer))
    with database(request.getfixturevalue(fixture)) as engine:
        bare.create_all(engine)
        imports, upgrade, downgrade = sources(engine, metadata, target_metadata=metadata)
        run(engine, imports, upgrade, target_metadata=metadata)
        inspector = sa.inspect(engine)
        assert [u["name"] for u in inspector.get_unique_constraints("t")] == ["uq_t_code"]
        assert [fk["name"] for fk in inspector.get_foreign_keys("t")] == ["fk_t_up_t"]
        assert "ck_t_up_positive" in [c["name"] for c in inspector.get_check_constraints("t")]
        assert diffs(engine, metadata) == []
        run(engine, imports, downgrade, target_metadata=metadata)
        assert diffs(engine, bare) == []


def test_the_models_stay_as_they_are(sqlite_url):
    """Comparing, rendering and reversing must not add to the user's tables."""
    metadata = models(CONVENTION)

    def shape() -> list[object]:
        table = metadata.tables["t"]
        return [len(table.constraints), len(table.indexes), len(table.foreign_keys), list(metadata.tables)]

    before = shape()
    other = models(CONVENTION)
    other.tables["t"].append_column(sa.Column("more", sa.Integer))
    with database(sqlite_url) as engine:
        for _ in range(3):
            sources(engine, metadata)
        assert shape() == before
        other.create_all(engine)
        for _ in range(3):
            sources(engine, metadata)
        assert shape() == before
        metadata.drop_all(engine)
        metadata.create_all(engine)
        assert diffs(engine, metadata) == []


def test_options_of_an_identity(postgresql_url):
    before, after = sa.MetaData(), sa.MetaData()
    sa.Table("t", before, sa.Column("id", sa.Integer, sa.Identity(), primary_key=True))
    sa.Table("t", after, sa.Column("id", sa.Integer, sa.Identity(always=True, cycle=True), primary_key=True))
    with database(postgresql_url) as engine:
        before.create_all(engine)
        assert [diff[0][0] for diff in diffs(engine, after)] == ["modify_default"]
        imports, upgrade, downgrade = sources(engine, after)
        run(engine, imports, upgrade)
        assert diffs(engine, after) == []
        run(engine, imports, downgrade)
        assert diffs(engine, before) == []


def test_optunas_own_history_and_models_agree(sqlite_url):
    """A real project's models, after create_all()."""
    pytest.importorskip("optuna")
    from optuna.storages._rdb.models import BaseModel

    with database(sqlite_url) as engine:
        BaseModel.metadata.create_all(engine)
        assert diffs(engine, BaseModel.metadata) == []
