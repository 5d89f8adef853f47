"""What a new revision may be called: its id, its labels, its file, its message in the file.

Whatever is refused here would be found out later: by a colleague's Windows, by a shell, by a history that
passes the file over.
"""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nbmigrate.errors import CommandError
from nbmigrate.model.build import described
from nbmigrate.model.revision import Revision
from nbmigrate.script.files import wanted

if TYPE_CHECKING:
    from nbmigrate.script.directory import ScriptDirectory

LONGEST_ID = 32
_WORDS = ("head", "heads", "base", "current")  # what an identifier may mean besides
_NO_FILE = re.compile(r"[\s/\\<>\"|?*\0-\x1f]")  # what some system has not in the name of a file
_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))}


def check_id(directory: ScriptDirectory, revid: str) -> None:
    """Refuse an id that can't be typed, can't be stored, can't be a file's name everywhere, or is taken."""
    Revision.verify_rev_id(revid)
    if not revid or revid in _WORDS or _NO_FILE.search(revid):
        raise CommandError(f"'{revid}' can't be a revision identifier; letters, digits, '_' and '.' can")
    graph = directory.revision_map.structure
    # a project that has longer ids has widened its version table
    longest = max(LONGEST_ID, *map(len, graph.revisions)) if graph.revisions else LONGEST_ID
    if len(revid) > longest:
        raise CommandError(
            f"Revision identifier '{revid}' has {len(revid)} characters; the version table holds {longest}"
        )
    other = graph.revisions.get(revid) or graph.labels.get(revid)
    if other is not None:
        raise CommandError(f"Revision identifier '{revid}' is taken by {described(other)}; choose another")


def check_labels(directory: ScriptDirectory, revid: str, labels: Sequence[str]) -> None:
    """Refuse labels that could not be typed, or that name something already."""
    graph = directory.revision_map.structure
    for label in labels:
        if not label.strip() or label in _WORDS or re.search(r"[\s@:]", label):
            raise CommandError(f"'{label}' can't be a branch label; letters, digits, '_' and '.' can")
        other = graph.labels.get(label) or graph.revisions.get(label)
        if other is not None or label == revid:
            taken = described(other) if other is not None else "the revision itself"
            raise CommandError(f"Branch name '{label}' is taken by {taken}; choose another")


def file_name(template: str, revid: str, message: str | None, date: datetime.datetime, truncate: int) -> str:
    """The file's name by ``file_template``; it may hold folders."""
    slug = "_".join(re.findall(r"\w+", message or "")).lower()
    if len(slug) > truncate:
        slug = slug[:truncate].rsplit("_", 1)[0] + "_"
    values = {
        "rev": revid,
        "slug": slug,
        "epoch": int(date.timestamp()),
        **{part: getattr(date, part) for part in ("year", "month", "day", "hour", "minute", "second")},
    }
    try:
        return f"{template % values}.py"
    except (KeyError, ValueError, TypeError) as error:
        raise CommandError(
            f"file_template can't be used: {template!r} ({error}); its tokens are {', '.join(values)}"
        ) from error


def check_path(folder: Path, path: Path, given: str, *, recursive: bool) -> None:
    """Refuse a name that no system has for a file, or under which the history would not find it."""
    name = path.name
    below = os.path.relpath(os.path.normpath(path), folder)
    if below.startswith(os.pardir):
        raise CommandError(f"file_template {given!r} leads out of {folder}, to {os.path.normpath(path)}")
    if os.path.dirname(below) and not recursive:
        raise CommandError(
            f"file_template {given!r} puts the file into a folder below {folder}, where it is looked for "
            "only with recursive_version_locations = true"
        )
    if not wanted(str(path.parent), name, False):
        raise CommandError(f"a file {name} is passed over as no revision: choose another id or file_template")
    if path.stem.split(".")[0].upper() in _RESERVED or not path.stem.strip("."):
        raise CommandError(
            f"there can't be a file {name} on Windows: choose another id, or a file_template with more to it"
        )
    try:
        there = os.path.lexists(path)
    except ValueError as error:
        raise CommandError(f"there can't be a file {str(path)!r}: {error}") from error
    if there:
        raise CommandError(f"{path} exists already; give the revision another id or message")


def in_docstring(message: str | None) -> str:
    """The message as the template's docstring takes it: what would end it, or mean another thing there."""
    if not message or not message.strip():
        return "empty message"
    text = message.replace("\\", "\\\\")
    for quotes in ('"""', "'''"):
        text = text.replace(quotes, "".join(f"\\{quote}" for quote in quotes))
    return re.sub(r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f]", lambda sign: f"\\x{ord(sign[0]):02x}", text)
