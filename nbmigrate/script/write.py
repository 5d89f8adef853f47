"""Writing revision files: what they are called, what stands in them, and never half of one.

First everything is decided and checked (``Draft``), then the template is rendered, then the file appears
under its name in one ``os.replace``. Mako is imported only here, and only when something is written.
"""

from __future__ import annotations

import datetime
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbmigrate.errors import CommandError, ScriptError
from nbmigrate.model.revision import Revision, RevisionIds, to_tuple, tuple_rev_as_scalar
from nbmigrate.model.wording import spoken
from nbmigrate.script.header import Header, literal_header
from nbmigrate.script.names import check_id, check_labels, check_path, file_name, in_docstring
from nbmigrate.script.script import Script, comma
from nbmigrate.script.write_hooks import check_hooks, run_hooks

if TYPE_CHECKING:
    from nbmigrate.script.directory import ScriptDirectory

_HEADS = (
    "Multiple heads are present; please specify the head revision on which the new revision should be based, "
    "or perform a merge (--head <id>, or 'merge heads')"
)


@dataclass(frozen=True)
class Draft:
    """A revision that is decided and not yet written."""

    revid: str
    message: str | None
    path: Path
    down_revision: tuple[str, ...]
    branch_labels: tuple[str, ...]
    depends_on: tuple[str, ...]
    create_date: datetime.datetime | str

    def variables(self) -> dict[str, Any]:
        """What ``script.py.mako`` is given, by Alembic's names."""
        return {
            "up_revision": self.revid,
            "down_revision": tuple_rev_as_scalar(self.down_revision),
            "branch_labels": self.branch_labels or None,
            "depends_on": tuple_rev_as_scalar(self.depends_on),
            "create_date": self.create_date,
            "comma": comma,
            "message": in_docstring(self.message)
            if self.message and self.message.strip()
            else "empty message",
        }


def draft_revision(
    directory: ScriptDirectory,
    revid: str,
    message: str | None,
    *,
    head: RevisionIds | None,
    splice: bool,
    branch_labels: RevisionIds | None,
    version_path: str | os.PathLike[str] | None,
    depends_on: RevisionIds | None,
    file_template: str | None = None,
) -> Draft:
    """Decide everything about a new revision, and refuse what could not be applied later."""
    check_id(directory, revid)
    heads = parents(directory, head, splice)
    date = create_date(directory.timezone)
    folder = _folder(directory, heads, version_path)
    template = file_template or directory.file_template
    path = folder / file_name(template, revid, message, date, directory.truncate_slug_length)
    check_path(folder, path, template, recursive=directory.recursive_version_locations)
    labels = to_tuple(branch_labels)
    check_labels(directory, revid, labels)
    return Draft(
        revid,
        message,
        path,
        tuple(h.revision for h in heads),
        labels,
        _dependencies(directory, depends_on),
        date,
    )


def parents(directory: ScriptDirectory, head: RevisionIds | None, splice: bool) -> list[Revision]:
    """The revisions that a new one is to stand on."""
    with spoken(multiple_heads=_HEADS):
        found = directory.revision_map.get_revisions("head" if head is None else head)
    heads = [revision for revision in found if revision is not None]
    if len({h.revision for h in heads}) != len(heads):
        raise CommandError(f"Duplicate head revisions specified: {', '.join(h.revision for h in heads)}")
    for revision in heads:
        if not splice and not revision.is_head:
            raise CommandError(
                f"Revision {revision.revision} is not a head revision; please specify --splice to create a "
                "new branch from this revision"
            )
    return heads


def _folder(
    directory: ScriptDirectory, heads: Sequence[Revision], version_path: str | os.PathLike[str] | None
) -> Path:
    folders = directory._version_locations
    if version_path is None:
        if len(folders) == 1:
            return folders[0]
        for revision in heads:
            if isinstance(revision, Script):
                return _location_of(revision, folders)
        raise CommandError(
            "Multiple version locations present, please specify --version-path: "
            f"{', '.join(str(folder) for folder in folders)}"
        )
    wanted = Path(version_path).absolute()
    if wanted not in folders:
        raise CommandError(
            f"Path {Path(version_path)} is not represented in current version locations: "
            f"{', '.join(str(folder) for folder in folders)}"
        )
    return wanted


def _location_of(revision: Script, folders: Sequence[Path]) -> Path:
    """The configured folder that a revision lies in, at whatever depth."""
    path = revision._script_path
    for folder in sorted(folders, key=lambda f: len(f.parts), reverse=True):
        if path.is_relative_to(os.path.realpath(folder)):
            return folder
    return path.parent


def _dependencies(directory: ScriptDirectory, names: RevisionIds | None) -> tuple[str, ...]:
    """Labels stay labels; what is the beginning of an id becomes the id."""
    found = []
    with spoken():
        for name in to_tuple(names):
            revision = directory.revision_map.get_revision(name)
            if revision is None:
                raise CommandError(f"A revision can't depend on '{name}': that is no revision")
            found.append(name if name in revision.branch_labels else revision.revision)
    return tuple(found)


def create_date(timezone: str | None) -> datetime.datetime:
    """Now, in the configured time zone, else in local time without one."""
    if timezone is None:
        return datetime.datetime.now()
    from zoneinfo import ZoneInfo

    for name in (timezone, timezone.upper()):
        try:
            return datetime.datetime.now(tz=datetime.UTC).astimezone(ZoneInfo(name))
        except (KeyError, ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError
            continue
    raise CommandError(f"Can't locate timezone: {timezone} (the 'tzdata' package has them all)")


def write_revision(directory: ScriptDirectory, draft: Draft, kw: Mapping[str, Any]) -> Script:
    """Render the draft and put its file in place."""
    return put(directory, draft, render(directory, {**draft.variables(), **kw}))


def put(directory: ScriptDirectory, draft: Draft, text: str) -> Script:
    """Write a revision's file, run the hooks over it, and add it to the history.

    Raises ``ScriptError`` where the text does not read as the drafted revision, ``CommandError`` where a hook
    is configured wrongly; then nothing was written.
    """
    check_hooks(directory.hooks)
    data = encoded(draft.path, text, directory.output_encoding)
    template = os.path.join(directory.dir, "script.py.mako")
    try:
        header = literal_header(draft.path, data)
        if header is not None:  # one that is computed can be known only by running the file
            _check_header(draft, header, template)
    except ScriptError as error:
        raise ScriptError(f"{template} gives no revision, nothing was written: {error}", template) from error
    write_bytes(draft.path, data)
    run_hooks(draft.path, directory.hooks)
    script = directory.script_at(os.path.realpath(draft.path))
    _check_header(draft, script.header, template)
    if script.revision in directory.revision_map.revisions:
        directory.revision_map.add_revision(script, _replace=True)
    else:
        directory.revision_map.add_revision(script)
    return script


def _check_header(draft: Draft, header: Header, template: str) -> None:
    """Refuse a text that is another revision, or has lost the labels."""
    if header.revision != draft.revid:
        raise ScriptError(
            f"it says {header.revision!r} in place of {draft.revid!r}: revision = ${{repr(up_revision)}}",
            template,
        )
    if draft.branch_labels and not header.branch_labels:
        raise ScriptError(
            f"Version {draft.revid} specified branch_labels {', '.join(draft.branch_labels)}, however "
            f"the migration file {draft.path} does not have them; have you upgraded your script.py.mako to "
            "include the 'branch_labels' section?",
            template,
        )


def render(directory: ScriptDirectory, variables: Mapping[str, Any]) -> str:
    """The text that ``script.py.mako`` gives."""
    return render_template(Path(directory.dir, "script.py.mako"), variables)


def render_template(path: Path, variables: Mapping[str, Any]) -> str:
    """Render a mako file; what fails names the template's line."""
    from mako import exceptions
    from mako.template import Template

    try:
        text: str = Template(filename=str(path)).render_unicode(**variables)
    except OSError as error:
        raise ScriptError(f"Can't read {path}: {error.strerror}", str(path)) from error
    except Exception as error:
        line = getattr(error, "lineno", None) or exceptions.RichTraceback().lineno or None
        raise ScriptError(
            f"Template rendering failed: {path}, line {line}: {type(error).__name__}: {error}",
            str(path),
            line,
        ) from error
    return text


def write_text(path: Path, text: str, encoding: str = "utf-8") -> None:
    """``write_bytes`` of a text."""
    write_bytes(path, encoded(path, text, encoding))


def encoded(path: Path, text: str, encoding: str) -> bytes:
    """The bytes of a file; ``CommandError`` where its encoding does not have them."""
    try:
        return text.encode(encoding)
    except (UnicodeEncodeError, LookupError) as error:
        raise CommandError(f"{path} can't be written in output_encoding {encoding}: {error}") from error


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: under another name first, then put in its place."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".nbmigrate-", suffix=".tmp")
    except OSError as error:
        raise ScriptError(f"Can't write {path}: {error.strerror or error}", str(path)) from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        os.replace(temporary, path)
    except OSError as error:
        os.unlink(temporary)
        raise ScriptError(f"Can't write {path}: {error.strerror or error}", str(path)) from error
    except BaseException:
        os.unlink(temporary)
        raise


def _umask() -> int:
    """The process's umask; it can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
