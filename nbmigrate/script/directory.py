"""``ScriptDirectory``: a migration environment on disk, and its history.

Alembic's documented names. The history is read on first use, headers only; ``refresh`` reads again what has
changed since (a notebook's kernel lives long, and files are written under its feet), which costs one pass of
``scandir`` and ``stat``.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, cast

from nbmigrate.config import Config, MessagingOptions, PostWriteHookConfig
from nbmigrate.errors import CommandError, ConfigError, RevisionError
from nbmigrate.model.graph import RevisionGraph, Target
from nbmigrate.model.revision import RevisionIds, to_tuple
from nbmigrate.model.wording import spoken
from nbmigrate.script import index
from nbmigrate.script.bytecode import bytecode_of
from nbmigrate.script.files import (
    DEFAULT_FILE_TEMPLATE,
    Stamp,
    resource_path,
    revision_files,
    version_folders,
)
from nbmigrate.script.header import Header, header_of_bytecode, read_header
from nbmigrate.script.load import load_module, read_bytes, searching
from nbmigrate.script.script import Script

if TYPE_CHECKING:
    from pathlib import Path

    from nbmigrate.model.plan import Step

_ONE_HEAD = (
    "The script directory has multiple heads (due to branching). Please use get_heads(), or merge the "
    "branches using 'merge heads'"
)


class ScriptDirectory:
    """A folder with ``env.py``, ``script.py.mako`` and revisions."""

    def __init__(
        self,
        dir: str | os.PathLike[str],
        file_template: str = DEFAULT_FILE_TEMPLATE,
        truncate_slug_length: int | None = 40,
        version_locations: Sequence[str | os.PathLike[str]] | None = None,
        sourceless: bool = False,
        output_encoding: str = "utf-8",
        timezone: str | None = None,
        hooks: Sequence[PostWriteHookConfig] = (),
        recursive_version_locations: bool = False,
        messaging_opts: MessagingOptions | None = None,
        prepend_sys_path: Sequence[str] = (),
    ) -> None:
        self.dir = os.fspath(dir)
        self.file_template = file_template
        self.truncate_slug_length = truncate_slug_length or 40
        self._locations = [os.fspath(location) for location in version_locations or ()]
        self.sourceless = sourceless
        self.output_encoding = output_encoding
        self.timezone = timezone
        self.hooks = list(hooks)
        self.recursive_version_locations = recursive_version_locations
        self.messaging_opts: MessagingOptions = messaging_opts or {}
        self.prepend_sys_path = list(prepend_sys_path)
        self.revision_map = RevisionGraph(self._load_revisions)
        self._headers: index.Rows = {}
        self._unsettled: set[str] = set()
        self._stored = 0
        if not os.path.isdir(self.dir):
            if os.path.exists(self.dir):
                raise CommandError(f"{self.dir} is no folder: script_location names the one with env.py")
            raise CommandError(
                f"Path doesn't exist: {self.dir}.  Please use the 'init' command to create a new "
                "scripts folder."
            )

    @classmethod
    def from_config(cls, config: Config) -> ScriptDirectory:
        """``of``, as a program calls it: ``prepend_sys_path`` stays in front of ``sys.path``.

        Programs (tests of a project, often) build on that with Alembic and import their models next. What
        stands there already is not added again.
        """
        directory = cls.of(config)
        sys.path[:0] = [path for path in directory.prepend_sys_path if path not in sys.path]
        return directory

    @classmethod
    def of(cls, config: Config) -> ScriptDirectory:
        """The script directory that a configuration describes; it needs ``script_location`` only."""
        location = config.script_location
        paths = config.get_prepend_sys_paths_list() or []
        with searching(paths):
            folder = resource_path(location)
        length = config.get_alembic_option("truncate_slug_length")
        try:
            slug_length = None if length is None else int(length)
        except (ValueError, TypeError) as error:
            raise ConfigError(f"truncate_slug_length is {length!r}, not a number") from error
        if slug_length is not None and slug_length < 0:
            raise ConfigError(f"truncate_slug_length is {length!r}, and can't be below 0")
        return cls(
            folder,
            file_template=config.get_alembic_option("file_template", DEFAULT_FILE_TEMPLATE),
            truncate_slug_length=slug_length,
            version_locations=config.get_version_locations_list(),
            sourceless=config.get_alembic_boolean_option("sourceless"),
            output_encoding=config.get_alembic_option("output_encoding", "utf-8"),
            timezone=config.get_alembic_option("timezone"),
            hooks=config.get_hooks_list(),
            recursive_version_locations=config.get_alembic_boolean_option("recursive_version_locations"),
            messaging_opts=config.messaging_opts,
            prepend_sys_path=paths,
        )

    # -- the files

    @property
    def version_locations(self) -> list[str]:
        """The configured folders; ``env.py`` may assign others before it runs."""
        return self._locations

    @version_locations.setter
    def version_locations(self, locations: Sequence[str | os.PathLike[str]] | None) -> None:
        self._locations = [os.fspath(location) for location in locations or ()]
        self.revision_map.forget()

    @property
    def _version_locations(self) -> list[Path]:
        from pathlib import Path

        return [Path(folder) for folder in self._folders]

    @property
    def _folders(self) -> list[str]:
        with searching(self.prepend_sys_path):
            return version_folders(self.dir, self._locations)

    @property
    def versions(self) -> str:
        """The folder with revisions, where there is one only."""
        folders = self._version_locations
        if len(folders) > 1:
            raise CommandError(f"Multiple version_locations present: {', '.join(map(str, folders))}")
        return str(folders[0])

    @property
    def env_py_location(self) -> str:
        """The path of ``env.py``."""
        return os.path.join(self.dir, "env.py")

    def search_path(self) -> AbstractContextManager[None]:
        """``prepend_sys_path``, for as long as a block runs."""
        return searching(self.prepend_sys_path)

    def run_env(self) -> None:
        """Execute ``env.py``; the caller has set the context that it uses."""
        source = self.env_py_location
        path = source if os.path.exists(source) else bytecode_of(source)
        if path is None:
            raise CommandError(f"No env.py in {self.dir}; 'init' creates a migration environment")
        with self.search_path():
            load_module(path, wrap=False)

    def refresh(self) -> bool:
        """Look whether files came, went or changed; the history is then read anew. True if so."""
        if self.revision_map._built is None:
            return True
        changed = {path: stamp for path, stamp in self._files()} != {
            path: stamp for path, (stamp, _) in self._headers.items()
        }
        # what was read just after it was written may have been written again, to the same times
        if changed or any(self._read(path) != self._headers[path][1] for path in self._unsettled):
            self.revision_map.forget()
            return True
        return False

    def _files(self) -> Iterator[tuple[str, Stamp]]:
        return revision_files(
            self._folders, recursive=self.recursive_version_locations, sourceless=self.sourceless
        )

    def _load_revisions(self) -> list[Script]:
        environment = os.path.abspath(self.dir)
        cache = index.index_path(environment)
        unsettled, self._unsettled = self._unsettled, set()
        old = self._headers
        if not old:
            old = index.load(cache, environment)
            self._stored = len(old)
        self._headers, fresh, kept = {}, False, 0
        around_load, scripts = self.search_path, []
        headers = self._headers
        for path, stamp in self._files():
            row = old.get(path)
            if row is None or row[0] != stamp or path in unsettled:
                now = time.time_ns()
                row = (stamp, self._read(path))
                settled = index.settled(stamp, now)
                if not settled:
                    self._unsettled.add(path)
                elif row[1].literal:
                    fresh = True
                kept += settled and row[1].literal
            else:
                kept += row[1].literal
            headers[path] = row
            scripts.append(Script(row[1], path, around_load))
        if fresh or kept != self._stored:
            self._store(cache, environment)
            self._stored = kept
        return scripts

    def _store(self, cache: str | None, environment: str) -> None:
        rows = [
            (path, stamp, header)
            for path, (stamp, header) in self._headers.items()
            if header.literal and path not in self._unsettled
        ]
        index.store(cache, environment, rows)

    def _read(self, path: str) -> Header:
        if path.endswith((".pyc", ".pyo")):
            return header_of_bytecode(path, self.search_path)
        return read_header(path, read_bytes(path), self.search_path)

    # -- the history

    def walk_revisions(self, base: Target = "base", head: Target = "heads") -> Iterator[Script]:
        """All revisions from ``head`` down to ``base``, newest first."""
        with spoken(start=base, end=head):
            yield from cast(
                "Iterator[Script]",
                self.revision_map.iterate_revisions(head, base, inclusive=True, assert_relative_length=False),
            )

    def iterate_revisions(self, upper: Target, lower: Target, **kw: Any) -> Iterator[Script]:
        """The revisions from ``upper`` down to ``lower``, without ``lower``."""
        return cast("Iterator[Script]", self.revision_map.iterate_revisions(upper, lower, **kw))

    def get_revisions(self, id_: Target) -> tuple[Script, ...]:
        """The scripts that an identifier, or each of several, names."""
        with spoken():
            return cast("tuple[Script, ...]", self.revision_map.get_revisions(id_))

    def get_revision(self, id_: Target) -> Script | None:
        """The script that an identifier names; None for "base"."""
        with spoken():
            return cast("Script | None", self.revision_map.get_revision(id_))

    def get_all_current(self, id_: Target) -> set[Script]:
        """The scripts of the rows of a version table, and the heads of branches that they depend on."""
        with spoken():
            return cast("set[Script]", self.revision_map._get_all_current(id_))

    def as_revision_number(self, id_: Target) -> str | tuple[str, ...] | None:
        """The id that "head" or "base" stands for; for "heads" all of them."""
        with spoken():
            ids, _ = self.revision_map._resolve_revision_number(id_)
        if not ids:
            return None
        return ids if id_ == "heads" else ids[0]

    def get_current_head(self) -> str | None:
        """The head; an error where there are several."""
        with spoken(multiple_heads=_ONE_HEAD):
            return self.revision_map.get_current_head()

    def get_heads(self, consider_depends_on: bool = False) -> list[str]:
        """All heads; ``consider_depends_on`` leaves out those that another revision depends on."""
        return list(self.revision_map._real_heads if consider_depends_on else self.revision_map.heads)

    def get_base(self) -> str | None:
        """The base; an error where there are several."""
        bases = self.get_bases()
        if len(bases) > 1:
            raise RevisionError(
                f"The script directory has multiple bases. Please use get_bases(). ({', '.join(bases)})"
            )
        return bases[0] if bases else None

    def get_bases(self) -> list[str]:
        """All bases."""
        return list(self.revision_map.bases)

    def _upgrade_revs(self, destination: Target, current_rev: Target) -> list[Step]:
        from nbmigrate.model.plan import plan_upgrade

        return list(plan_upgrade(self.revision_map, destination, self._rows(current_rev)))

    def _downgrade_revs(self, destination: Target, current_rev: Target) -> list[Step]:
        from nbmigrate.model.plan import plan_downgrade

        return list(plan_downgrade(self.revision_map, destination, self._rows(current_rev)))

    def _stamp_revs(self, revision: Target, heads: Target) -> list[Step]:
        from nbmigrate.model.plan import plan_stamp

        return list(plan_stamp(self.revision_map, revision, self._rows(heads)))

    def _rows(self, current: Target) -> tuple[str, ...]:
        return tuple(row for row in to_tuple(cast("RevisionIds | None", current)) if row)

    # -- writing

    def generate_revision(
        self,
        revid: str,
        message: str | None,
        head: RevisionIds | None = None,
        splice: bool | None = False,
        branch_labels: RevisionIds | None = None,
        version_path: str | os.PathLike[str] | None = None,
        file_template: str | None = None,
        depends_on: RevisionIds | None = None,
        **kw: Any,
    ) -> Script:
        """Write a new revision file from ``script.py.mako``, and add it to the history.

        ``kw`` are further variables of the template (``imports``, ``upgrades``, ``downgrades``, ``config``).
        """
        from nbmigrate.script import write  # with what it needs, only when something is written

        draft = write.draft_revision(
            self, revid, message, head=head, splice=bool(splice), version_path=version_path,
            branch_labels=branch_labels, depends_on=depends_on, file_template=file_template,
        )  # fmt: skip
        return write.write_revision(self, draft, kw)

    def script_at(self, path: str) -> Script:
        """The script in a file that was just written, as the history will hold it."""
        return Script(self._read(path), path, self.search_path)
