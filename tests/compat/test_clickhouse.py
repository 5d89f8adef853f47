"""ClickHouse, by ``clickhouse-connect``'s class for Alembic, on the real engine (chDB).

nbmigrate knows nothing of ClickHouse; the project is the one that the package's documentation describes.
"""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

pytest.importorskip("chdb")
pytest.importorskip("clickhouse_connect")

ENV = """
    from alembic import context
    from clickhouse_connect.cc_sqlalchemy.alembic import clickhouse_writer, include_object
    from sqlalchemy import create_engine, pool
    import models

    def run(**where):
        context.configure(
            target_metadata=models.metadata,
            include_object=include_object,
            process_revision_directives=clickhouse_writer,
            compare_server_default=True,
            **where,
        )
        with context.begin_transaction():
            context.run_migrations()

    url = context.config.get_main_option("sqlalchemy.url")
    if context.is_offline_mode():
        run(url=url)
    else:
        with create_engine(url, poolclass=pool.NullPool).connect() as connection:
            run(connection=connection)
"""
MODELS = """
    import sqlalchemy as sa
    from clickhouse_connect.cc_sqlalchemy.ddl.tableengine import MergeTree
    from clickhouse_connect.cc_sqlalchemy.datatypes.sqltypes import Nullable, String, UInt32, UInt64

    metadata = sa.MetaData()
    events = sa.Table(
        "events",
        metadata,
        sa.Column("id", UInt32),
        sa.Column("name", Nullable(String)),
        MergeTree(order_by="id"),
    )
"""
DRIVE = """
    import sys, warnings
    warnings.simplefilter("ignore")
    from {package} import main
    def verb(*words):
        print("$", *words, flush=True)
        try:
            main(list(words))
        except SystemExit as left:
            assert not left.code, left
    verb("revision", "--autogenerate", "-m", "first", "--rev-id", "aaaa")
    verb("upgrade", "head")
    verb("check")
    import models
    models.events.append_column(models.sa.Column("more", models.UInt64, server_default=models.sa.text("7")))
    verb("revision", "--autogenerate", "-m", "second", "--rev-id", "bbbb")
    verb("upgrade", "head")
    verb("check")
    verb("current")
    verb("downgrade", "-1")
    verb("current")
    verb("upgrade", "aaaa:bbbb", "--sql")
"""


def driven(folder: Path, package: str) -> tuple[str, dict[str, str]]:
    """What the verbs print, and the revision files without their dates."""
    (folder / "proj" / "versions").mkdir(parents=True)
    (folder / "proj" / "env.py").write_text(textwrap.dedent(ENV))
    (folder / "models.py").write_text(textwrap.dedent(MODELS))
    (folder / "proj" / "script.py.mako").write_text(
        "${imports}\nfrom alembic import op\nimport sqlalchemy as sa\n"
        "revision, down_revision = ${repr(up_revision)}, ${repr(down_revision)}\n"
        "def upgrade():\n    ${upgrades}\n\ndef downgrade():\n    ${downgrades}\n".replace("\\\n", "\n")
    )
    (folder / "alembic.ini").write_text(
        "[alembic]\nscript_location = %(here)s/proj\nprepend_sys_path = .\npath_separator = os\n"
        "sqlalchemy.url = clickhousedb:///?interface=chdb&path=%(here)s/data\n".replace("\\\n", "\n")
    )
    script = textwrap.dedent(DRIVE).format(package=package)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    files = sorted((folder / "proj" / "versions").glob("*.py"))
    return done.stdout, {path.name: path.read_text() for path in files}


def sql_of(output: str) -> list[str]:
    """The statements of the last verb."""
    last = output.rpartition("$ upgrade aaaa:bbbb --sql")[2]
    return re.findall(r"^(?:ALTER|INSERT|CREATE|DELETE|UPDATE).*;$", last, re.MULTILINE)


def test_a_project_on_clickhouse_by_both(tmp_path: Path) -> None:
    ours, our_files = driven(tmp_path / "ours", "nbmigrate.cli")
    theirs, their_files = driven(tmp_path / "theirs", "alembic.config")
    assert our_files == their_files and set(our_files) == {"aaaa_first.py", "bbbb_second.py"}
    assert "clickhousedb_engine=MergeTree(order_by='id')" in our_files["aaaa_first.py"]
    assert sql_of(ours) == sql_of(theirs)
    assert sql_of(ours) == [
        "ALTER TABLE `events` ADD COLUMN `more` UInt64 DEFAULT 7;",
        "INSERT INTO `alembic_version` (version_num) VALUES ('bbbb');",
        "ALTER TABLE `alembic_version` DELETE WHERE `version_num` = 'aaaa' SETTINGS mutations_sync = 2;",
    ]
    assert ours.count("No new upgrade operations detected.") == 2
    assert "bbbb (head)" in ours and "\naaaa\n" in ours


NOTEBOOK = """
    import models
    from nbmigrate import Migrator
    from clickhouse_connect.cc_sqlalchemy.datatypes import sqltypes
    migrator = Migrator("clickhousedb:///?interface=chdb&path=data", metadata=models.metadata, directory="m")
    print(migrator.diff())
    made = migrator.revision("first", autogenerate=True)
    path = made.revision.path
    text = open(path).read()
    lines = "from clickhouse_connect.cc_sqlalchemy.datatypes.sqltypes import *\\n"
    lines += "from clickhouse_connect.cc_sqlalchemy.ddl.tableengine import *\\n"
    open(path, "w").write(lines + text)
    print(migrator.plan("head"))
    migrator.upgrade("head")
    print("changes:", len(migrator.diff().changes))
    print(migrator.downgrade("base"))
    print(migrator.current())
"""


def test_without_a_project_the_packages_class_is_found_beside_its_dialect(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text(textwrap.dedent(MODELS))
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(NOTEBOOK)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "engine mergetree order by id" in " ".join(done.stdout.split()).lower()
    assert "changes: 0" in done.stdout
