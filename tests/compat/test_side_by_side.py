"""The same project, the same command, Alembic's output and ours: K5 to K12, R1 to R14, B1 to B8, X4, X5."""

from __future__ import annotations

import io
import re
import shutil
import warnings
from pathlib import Path
from typing import Any

import alembic.command
import alembic.config
import pytest
from alembic.util import CommandError as AlembicError

import nbmigrate.command
import nbmigrate.config
from nbmigrate.errors import CommandError

# id: (down_revision, depends_on, branch_labels, message)
HISTORY: dict[str, tuple[Any, Any, Any, str]] = {
    "a11111": (None, None, None, "base of all"),
    "b22222": ("a11111", None, None, "second\n\nwith a longer\ntext"),
    "c33331": ("b22222", None, ("shop",), "shop begins"),
    "c33332": ("b22222", None, None, "other branch"),
    "d44444": ("c33331", None, None, "shop goes on"),
    "e55555": (("d44444", "c33332"), None, None, "merged"),
    "f66666": ("e55555", None, None, "after the merge"),
    "g77777": (None, None, ("reports", "rep"), "a base of its own"),
    "h88888": ("g77777", "d44444", None, "depends"),
    "k99991": ("f66666", None, None, "head one, 100%"),
    "k99992": ("f66666", "h88888", None, "head two"),
    "v3.0.0.a": ("g77777", None, None, "an unusual id"),
}
ENV = """
from alembic import context
from sqlalchemy import create_engine, pool
url = context.config.get_main_option("sqlalchemy.url")
if context.is_offline_mode():
    context.configure(url=context.config.get_main_option("offline.url") or url, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    engine = create_engine(url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "versions").mkdir()
    (folder / "env.py").write_text(ENV)
    for number, (name, (below, needs, labels, message)) in enumerate(HISTORY.items()):
        (folder / "versions" / f"{name}.py").write_text(
            f'"""{message}\n\nRevision ID: {name}\nCreate Date: 2026-01-{number + 1:02} 10:00:00\n\n"""\n'
            f"from alembic import op\nimport sqlalchemy as sa\nrevision = {name!r}\n"
            f"down_revision = {below!r}\ndepends_on = {needs!r}\nbranch_labels = {labels!r}\n"
            f"def upgrade():\n    op.create_table('t{number}', sa.Column('id', sa.Integer))\n"
            f"def downgrade():\n    op.drop_table('t{number}')\n"
        )
    return folder


def plain(line: str) -> str:
    """A line without what Alembic leaves to chance or gets wrong (docs/differences.md).

    Labels and children come in the order of a set, tabs become four spaces, and the version's INSERT asks for
    what it has inserted.
    """
    if line.startswith("Branches into: "):
        line = "Branches into: " + ", ".join(sorted(line.removeprefix("Branches into: ").split(", ")))
    line = re.sub(r"\((reports, rep|rep, reports)\)|(?<=names: )reports, rep", "(rep, reports)", line)
    line = line.replace("names: (rep, reports)", "names: rep, reports").replace("\t", "    ")
    return re.sub(r" OUTPUT inserted\.version_num| RETURNING .*version_num( INTO :ret_0)?", "", line).rstrip()


# where it has no answer at all; some of it an error that nobody was to see
REFUSALS = (AlembicError, AssertionError, KeyError)


class Both:
    """One database each for Alembic and for nbmigrate, which both are given the same commands."""

    def __init__(self, project: Path, folder: Path, offline: str) -> None:
        self.project, self.folder, self.offline = project, folder, offline

    def one(self, module: Any, config_class: Any, errors: Any, database: str, call: str, args: Any) -> Any:
        out = io.StringIO()
        config = config_class(stdout=out, output_buffer=out)
        config.set_main_option("script_location", str(self.project))
        config.set_main_option("sqlalchemy.url", f"sqlite:///{self.folder}/{database}.db")
        config.set_main_option("offline.url", self.offline)
        positional, keywords = args
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                getattr(module, call)(config, *positional, **keywords)
        except errors as error:
            return type(error)
        text = re.sub(rf"{database}\.db", "x.db", out.getvalue())
        lines = [plain(line) for line in text.rstrip("\n").splitlines()]
        # Alembic prints rows of the version table, and children, in the order of a set
        return sorted(lines) if call in ("current", "branches") else lines

    def run(self, call: str, *args: Any, **kw: Any) -> tuple[Any, Any]:
        theirs = self.one(alembic.command, alembic.config.Config, REFUSALS, "theirs", call, (args, kw))
        ours = self.one(nbmigrate.command, nbmigrate.config.Config, CommandError, "ours", call, (args, kw))
        return theirs, ours

    def same(self, call: str, *args: Any, **kw: Any) -> list[str] | None:
        theirs, ours = self.run(call, *args, **kw)
        if isinstance(theirs, type) and not issubclass(theirs, AlembicError):
            # an internal error of Alembic's: nothing to hold ours against
            return None
        if isinstance(theirs, type):
            # ours knows every identifier in every command
            if call not in ("show", "history"):
                assert isinstance(ours, type), f"Alembic refuses {args}; we say {ours}"
            return None
        assert ours == theirs
        return theirs  # type: ignore[no-any-return]


@pytest.fixture
def both(project: Path, tmp_path: Path) -> Both:
    return Both(project, tmp_path, "postgresql://")


@pytest.fixture(scope="module")
def halfway(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Databases at two heads of several."""
    folder = tmp_path_factory.mktemp("halfway")
    pair = Both(project, folder, "postgresql://")
    for target in ("e55555", "h88888"):
        pair.same("upgrade", target)
    return folder


@pytest.fixture
def placed(project: Path, halfway: Path, tmp_path: Path) -> Both:
    for name in ("theirs", "ours"):
        shutil.copy(halfway / f"{name}.db", tmp_path / f"{name}.db")
    return Both(project, tmp_path, "postgresql://")


@pytest.mark.parametrize("verbose", [False, True])
@pytest.mark.parametrize("verb", ["heads", "branches", "history", "current"])
def test_k8_to_k11_lists(placed: Both, verb: str, verbose: bool) -> None:
    assert placed.same(verb, verbose=verbose)


def test_k9_resolved_dependencies(both: Both) -> None:
    assert both.same("heads", resolve_dependencies=True)


@pytest.mark.parametrize("checked", [True, False])
def test_k8_check_heads(placed: Both, checked: bool) -> None:
    placed.same("current", check_heads=checked)


@pytest.mark.parametrize(
    "rev_range",
    [
        "a11111:e55555", "a1:", ":d4", "b22222:shop@head", "base:heads", "reports@base:reports@head",
        "current:", ":current", "-2:", "e55555-2:e55555", "c33331:+2", "g7:v3.0.0.a", "x:", "e5:a1", "head:",
        "nocolon", "b2:h8",
    ],
)  # fmt: skip
@pytest.mark.parametrize("indicate", [False, True])
def test_k11_r11_history_ranges(placed: Both, rev_range: str, indicate: bool) -> None:
    placed.same("history", rev_range=rev_range, indicate_current=indicate)


IDENTIFIERS = [
    "a11111", "a", "b2", "c3333", "c33331", "head", "heads", "base", "current", "shop", "reports", "rep",
    "shop@head", "reports@head", "reports@heads", "reports@base", "shop@d4", "h88888@head", "v3.0.0.a", "v3",
    "nothing", "shop@nothing", "k9999",
]  # fmt: skip


@pytest.mark.parametrize("identifier", IDENTIFIERS)
def test_k12_r1_to_r8_show(placed: Both, identifier: str) -> None:
    placed.same("show", identifier)


@pytest.mark.parametrize(
    "target",
    [
        *[item for item in IDENTIFIERS if item != "current"],
        "+1", "+2", "+20", "-1", "shop@+1", "reports@+1", "a11111+2", "head-1", "k99991-1", "shop@head-2",
        "heads-1", "base+1", "e55555+1", "",
    ],
)  # fmt: skip
def test_k5_r9_r10_upgrade_from_halfway(placed: Both, target: str) -> None:
    placed.same("upgrade", target)
    placed.same("current")


@pytest.mark.parametrize(
    "target",
    [
        "base", "a11111", "b2", "c33331", "d44444", "e55555", "g77777", "shop@base", "reports@base", "-1",
        "-2", "-20", "+1", "shop@-1", "reports@-1", "h88888-1", "e55555-2", "a11111+1", "shop", "nothing",
        "k99991", "head", "heads",
    ],
)  # fmt: skip
def test_k6_r9_r12_downgrade_from_halfway(placed: Both, target: str) -> None:
    placed.same("downgrade", target)
    placed.same("current")


@pytest.mark.parametrize(
    "targets",
    [
        "base",
        "heads",
        "head",
        "k99991",
        ["k99991", "h88888"],
        "b2",
        "shop",
        "reports@head",
        "nothing",
    ],
)
@pytest.mark.parametrize("purge", [False, True])
def test_k7_stamp_from_halfway(placed: Both, targets: Any, purge: bool) -> None:
    before = placed.run("current")[1]
    if placed.same("stamp", targets, purge=purge) is None and purge:
        # what is refused leaves the rows; Alembic has deleted them by then
        assert placed.run("current")[1] == before
        return
    placed.same("current")


def test_k15_b8_unknown_stored_revision(both: Both) -> None:
    import sqlite3

    both.same("ensure_version")
    for name in ("theirs", "ours"):
        connection = sqlite3.connect(both.folder / f"{name}.db")
        connection.execute("insert into alembic_version values ('gone')")
        connection.commit()
        connection.close()
    for verb, args in (("upgrade", ["heads"]), ("downgrade", ["base"]), ("stamp", ["heads"])):
        both.same(verb, *args)
    both.same("stamp", "k99991", purge=True)
    both.same("current")


OFFLINE = ["postgresql://", "mysql+pymysql://", "mssql+pyodbc://", "oracle://"]


@pytest.mark.parametrize("url", OFFLINE)
@pytest.mark.parametrize(
    ("verb", "target"),
    [
        ("upgrade", "k99991"), ("upgrade", "a1:e5"), ("upgrade", "shop"), ("upgrade", "base:g7"),
        ("downgrade", "f6:e5"), ("downgrade", "d4:a1"), ("downgrade", "e5"), ("stamp", "e5"),
        ("stamp", "a1:e5"), ("stamp", "heads"), ("upgrade", "e5:a1"), ("upgrade", "nothing"),
    ],
)  # fmt: skip
def test_x4_offline_text(both: Both, url: str, verb: str, target: str) -> None:
    both.offline = url
    both.same(verb, target, sql=True)


@pytest.mark.parametrize("url", OFFLINE)
def test_x4_k15_ensure_version_text(both: Both, url: str) -> None:
    both.offline = url
    assert both.same("ensure_version", sql=True)
