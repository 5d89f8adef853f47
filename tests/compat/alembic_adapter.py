"""What the fixtures of ``alembic.testing`` reach inside Alembic for, made of nbmigrate's parts.

Imported before Alembic's own tests run on nbmigrate (see test_alembic_suite.py). It stands here and not in
the product, because nobody who uses Alembic by its documentation needs these names.
"""

from __future__ import annotations

import contextlib
import importlib.machinery
import importlib.metadata
import importlib.util
import logging
import os
import sys
import tomllib
from configparser import ConfigParser
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy.dialects.postgresql import provision

import nbmigrate
import nbmigrate.ddl
import nbmigrate.migration
import nbmigrate.runtime.environment
from nbmigrate import op, util
from nbmigrate.model.plan import Step
from nbmigrate.runtime import active, plugins
from nbmigrate.script import Script, ScriptDirectory, write
from nbmigrate.script.load import load_module

sys.path.append(str(Path(__file__).parent))
from adapter.making import module

logging.getLogger("alembic").addHandler(logging.NullHandler())


# the suite's own plugin maps ``alembic`` to nbmigrate, and tests set attributes on that module
nbmigrate.runtime.environment.alembic_alias = contextlib.nullcontext


# ---- alembic.util


def pyc_file_from_path(path: str | Path) -> Path | None:
    """The bytecode that belongs to a source file, where there is one."""
    path = Path(path)
    found = [Path(importlib.util.cache_from_source(str(path)))]
    found += [path.with_suffix(suffix) for suffix in importlib.machinery.BYTECODE_SUFFIXES]
    return next((one for one in found if one.exists()), None)


def load_python_file(folder: str | Path, name: str) -> ModuleType:
    """Execute env.py or a revision; the compiled file is left behind, as an import leaves it."""
    import py_compile

    path = Path(folder, name)
    if path.exists():
        py_compile.compile(str(path))
        return load_module(path, wrap=False)
    compiled = pyc_file_from_path(path)
    if compiled is None:
        raise ImportError(f"Can't find Python file {path}")
    return load_module(compiled, wrap=False)


util.pyc_file_from_path = pyc_file_from_path  # type: ignore[attr-defined]
util.load_python_file = load_python_file  # type: ignore[attr-defined]


# ---- alembic.util.sqla_compat


@contextlib.contextmanager
def _ensure_scope_for_ddl(connection: Any) -> Any:
    if connection is None or connection.in_transaction():
        yield
    else:
        with connection.begin():
            yield


def _safe_begin_connection_transaction(connection: Any) -> Any:
    return connection.get_transaction() or connection.begin()


def _safe_commit_connection_transaction(connection: Any) -> None:
    if connection.get_transaction():
        connection.get_transaction().commit()


def _safe_rollback_connection_transaction(connection: Any) -> None:
    if connection.get_transaction():
        connection.get_transaction().rollback()


def _connectable_has_table(connectable: Any, name: str, schema: str | None) -> bool:
    return bool(connectable.dialect.has_table(connectable, name, schema))


def _is_type_bound(constraint: Any) -> bool:
    return bool(constraint._type_bound)


def _get_connection_in_transaction(connection: Any) -> bool:
    return connection is not None and connection.in_transaction()


def _none_name() -> Any:
    from sqlalchemy.sql.base import _NONE_NAME

    return _NONE_NAME


def _sqla_version() -> tuple[int, ...]:
    import re

    import sqlalchemy

    return tuple(int(part) for part in re.findall(r"\d+", sqlalchemy.__version__)[:3])


module(
    "util.sqla_compat",
    _ensure_scope_for_ddl=_ensure_scope_for_ddl,
    _safe_begin_connection_transaction=_safe_begin_connection_transaction,
    _safe_commit_connection_transaction=_safe_commit_connection_transaction,
    _safe_rollback_connection_transaction=_safe_rollback_connection_transaction,
    _connectable_has_table=_connectable_has_table,
    _is_type_bound=_is_type_bound,
    _get_connection_in_transaction=_get_connection_in_transaction,
    _NONE_NAME=_none_name(),
    sqla_2_1=_sqla_version() >= (2, 1),
    sqla_2=True,
)


# ---- alembic.op: the fixtures bind operations for good by writing ``alembic.op._proxy``


class _Bound(ModuleType):
    """The module ``op``, whose attribute ``_proxy`` is what is bound."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "_proxy":
            active.operations.set(value)
        else:
            super().__setattr__(name, value)

    def __delattr__(self, name: str) -> None:
        if name == "_proxy":
            active.operations.set(None)
        else:
            super().__delattr__(name)

    def __getattribute__(self, name: str) -> Any:
        return active.operations.get() if name == "_proxy" else super().__getattribute__(name)


op.__class__ = _Bound


# ---- alembic.util.compat


def importlib_metadata_get(group: str) -> Any:
    """The entry points of a group."""
    return importlib.metadata.entry_points(group=group)


module(
    "util.compat",
    is_posix=os.name == "posix",
    py314=sys.version_info >= (3, 14),
    EntryPoint=importlib.metadata.EntryPoint,
    importlib_metadata_get=importlib_metadata_get,
    tomllib=tomllib,
    read_config_parser=lambda parser, paths: ConfigParser.read(parser, paths, encoding="utf-8"),
)


# ---- alembic.script


def _from_path(cls: type[Script], directory: ScriptDirectory, path: str) -> Script:
    """The script in a file."""
    return directory.script_at(os.path.realpath(path))


Script._from_path = classmethod(_from_path)  # type: ignore[attr-defined]

# a script directory that is asked for the date of a new file, which tests replace


def _dated(directory: ScriptDirectory, *args: Any, **kw: Any) -> Any:
    """Draft a revision with the directory's own idea of now."""
    with contextlib.ExitStack() as stack:
        real = write.create_date
        stack.callback(setattr, write, "create_date", real)
        write.create_date = lambda timezone: directory._generate_create_date()  # type: ignore[attr-defined]
        return _draft(directory, *args, **kw)


def _generate_create_date(directory: ScriptDirectory) -> Any:
    """Now, in the directory's time zone."""
    return _create_date(directory.timezone)


_draft, write.draft_revision = write.draft_revision, _dated
_create_date = write.create_date
ScriptDirectory._generate_create_date = _generate_create_date  # type: ignore[attr-defined]


# ---- alembic.migration: steps and what they do to the version table, over our own


class HeadMaintainer:
    """Moves the version table step by step; the rows are in ``heads``."""

    def __init__(self, context: Any, heads: Any) -> None:
        self.context = context
        self.heads = set(heads)

    def update_to_step(self, step: Step) -> None:
        """Move the rows of the version table as this step does."""
        rows = sorted(self.heads)
        change = step.version_change(rows)
        self.heads = set(step.apply_to(rows))
        if isinstance(self.context, nbmigrate.migration.MigrationContext):
            self.context._version_table.move(change, self.context.executor)


def _ids(value: Any) -> tuple[str, ...]:
    return util.to_tuple(value, ()) or ()


def stamp_step(from_: Any, to_: Any, is_upgrade: bool, branch_move: bool, graph: Any = None) -> Step:
    """Alembic's ``StampStep``."""
    above, below = (to_, from_) if is_upgrade else (from_, to_)
    return Step(graph, "stamp", _ids(above), _ids(below), None, is_upgrade, branch_move)


class MigrationStep:
    """Alembic's factories of steps."""

    @staticmethod
    def upgrade_from_script(graph: Any, revision: Any) -> Step:
        """The step up to a revision."""
        return Step(graph, "upgrade", (revision.revision,), revision._normalized_down_revisions, revision)

    @staticmethod
    def downgrade_from_script(graph: Any, revision: Any) -> Step:
        """The step down from a revision."""
        return Step(
            graph, "downgrade", (revision.revision,), revision._normalized_down_revisions, revision, False
        )


# the version table as a SQLAlchemy Table
nbmigrate.migration.MigrationContext._version = property(  # type: ignore[attr-defined]
    lambda context: context._version_table.table
)
vars(nbmigrate.migration).update(
    HeadMaintainer=HeadMaintainer, MigrationStep=MigrationStep, StampStep=stamp_step
)

import adapter.autogenerate  # noqa: E402
import adapter.insides  # noqa: E402
import adapter.mocked  # noqa: E402, F401

# ---- alembic.runtime.plugins


def _setup() -> None:
    """Set up the published plugins, again."""
    plugins._loaded.clear()
    plugins._load_entry_points()


vars(plugins).update(
    _make_re=plugins._pattern,
    _translate_legacy_name=lambda name: plugins._RENAMED.get(name, name),
    _setup=_setup,
)


# ---- SQLAlchemy's test plugin wants extensions that no test here needs, and a wheel's PostgreSQL lacks
provision._extensions.clear()
