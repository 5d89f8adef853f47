"""The same models and database in Alembic and here: the same differences, and the same text."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from roundtrip import context_of, database, metadata_of

from nbmigrate.autogenerate import compare_metadata, generate, render_script


def before(m: sa.MetaData) -> None:
    sa.Table(
        "user",
        m,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("a1", sa.Text, server_default="x"),
        sa.Column("old", sa.Integer),
        sa.Index("ix_name", "name"),
    )
    sa.Table(
        "address",
        m,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", sa.String(100), nullable=False),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("user.id", name="fk_user")),
        sa.UniqueConstraint("email", name="uq_email"),
    )
    sa.Table("extra", m, sa.Column("x", sa.CHAR(3)), sa.Column("n", sa.Numeric(10, 2)), sa.Index("ix_x", "x"))


def after(m: sa.MetaData) -> None:
    sa.Table(
        "user",
        m,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(80), nullable=True),
        sa.Column("a1", sa.Text, server_default="y"),
        sa.Column("new", sa.DateTime(timezone=True), nullable=True),
        sa.Index("ix_name", "name", unique=True),
    )
    sa.Table(
        "address",
        m,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", sa.String(100), nullable=False),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("user.id", name="fk_user", ondelete="CASCADE")),
        sa.Column("note", sa.JSON),
        sa.UniqueConstraint("email", "user_id", name="uq_both"),
    )
    sa.Table(
        "item",
        m,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("user_id", sa.ForeignKey("user.id"), index=True),
        sa.Column("kind", sa.Enum("a", "b", name="kind")),
        sa.CheckConstraint("id > 0", name="ck_id"),
        sa.UniqueConstraint("kind", "user_id", name="uq_kind"),
    )


def plain(diff: Any) -> Any:
    """A diff tuple without objects: what tells it from others."""
    if isinstance(diff, list):
        return [(part[0], part[2], part[3], repr(part[-1]).split("(")[0]) for part in diff]
    item = diff[-1]
    return (diff[0], getattr(item, "name", None))


@pytest.fixture(params=["sqlite_url", "postgresql_url"])
def engine(request):
    with database(request.getfixturevalue(request.param)) as engine:
        metadata_of(before).create_all(engine)
        yield engine


def alembic_script(connection: sa.Connection, metadata: sa.MetaData, **opts: Any) -> Any:
    from alembic.autogenerate import produce_migrations
    from alembic.runtime.migration import MigrationContext

    opts = {"compare_server_default": True, **opts}
    return produce_migrations(MigrationContext.configure(connection, opts=opts), metadata)


def test_diff_tuples_are_alembics(engine):
    with engine.connect() as connection:
        theirs = alembic_script(connection, metadata_of(after)).upgrade_ops.as_diffs()
        ours = compare_metadata(context_of(connection), metadata_of(after))
    assert [plain(diff) for diff in ours] == [plain(diff) for diff in theirs]


def test_rendered_text_is_alembics(engine):
    from alembic.autogenerate import render_python_code
    from alembic.runtime.migration import MigrationContext

    with engine.connect() as connection:
        script = alembic_script(connection, metadata_of(after))
        alembic = MigrationContext.configure(connection)
        theirs = [
            render_python_code(ops, migration_context=alembic)
            for ops in (script.upgrade_ops, script.downgrade_ops)
        ]
        context = context_of(connection, render_as_batch=False)
        variables = render_script(generate(context, metadata_of(after)), context)
    assert variables["upgrades"] == theirs[0]
    # Alembic leaves the enum type behind
    ours = variables["downgrades"].replace("    op.execute('DROP TYPE kind')\n", "")
    assert ours == theirs[1]
