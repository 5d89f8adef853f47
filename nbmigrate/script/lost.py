"""Where the file of a revision may be that a database names and the folder has not.

Asked only when a run has failed for it. The version control of most projects knows: the file was deleted in a
commit, or it is on another branch and has never been here. Without git, or where git knows nothing, the
bytecode that Python left behind at least tells the file's name.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from typing import NamedTuple

TIMEOUT = 5.0  # seconds that git may take to look through a history


class _Commit(NamedTuple):
    id: str
    date: str
    change: str
    path: str


def whereabouts(revision: str, folders: Sequence[str]) -> str:
    """A sentence about the file of a lost revision, and what brings it back; empty where nothing is known.

    ``folders`` are those with revisions.
    """
    for folder in folders:
        if os.path.isdir(folder):
            told = _by_git(revision, folder) or _by_bytecode(revision, folder)
            if told:
                return told
        elif len(folders) == 1:
            return f"There is no folder {folder}"
    return ""


def _by_git(revision: str, folder: str) -> str:
    # what a revision file says of itself, whatever the file is called; not those that refer to it
    line = rf"^revision[^=]*=[ \t]*['\"]{re.escape(revision)}['\"]"
    shown = ("--no-renames", "--name-status", "--date=short", "--format=%x00%h%x00%cd")
    commits = _commits(_git(folder, "log", "--all", *shown, f"-G{line}", "--", "."))
    if not commits:
        return ""
    newest = commits[0]
    source = f"{newest.id}^" if newest.change == "D" else newest.id
    if newest.change != "D":
        branches = _branches(folder, newest.id)
        if branches:
            source = branches[0]
    top = _git(folder, "rev-parse", "--show-toplevel").strip()
    path = os.path.relpath(os.path.join(top, newest.path)) if top else newest.path
    if newest.change == "D":
        what = f"git: {path} was deleted in commit {newest.id} of {newest.date}"
    else:
        on = f"on {source}" if source != newest.id else f"in commit {newest.id}"
        what = f"git: {path} is {on} (since {newest.date}), and not in the working folder"
    return f"{what}; to bring it back: git checkout {source} -- {path}"


def _commits(log: str) -> list[_Commit]:
    """The commits that added, changed or deleted the file, newest first."""
    found = []
    for block in log.split("\0")[1:]:
        if "\n" not in block:
            commit = block
            continue
        date, _, rest = block.partition("\n")
        for line in rest.splitlines():
            change, _, path = line.partition("\t")
            if path.endswith(".py"):
                found.append(_Commit(commit, date, change[:1], path))
    return found


def _branches(folder: str, commit: str) -> list[str]:
    """The branches that hold a commit, local ones first."""
    text = _git(folder, "branch", "--all", "--format=%(refname:short)", "--contains", commit)
    names = [name for name in text.splitlines() if name and not name.startswith("(")]
    return sorted(names, key=lambda name: (name.startswith("origin/"), name))


def _git(folder: str, *arguments: str) -> str:
    """What git prints; nothing where there is no git, no repository, or it takes too long."""
    try:
        done = subprocess.run(
            ["git", "-c", "core.quotePath=false", *arguments],
            cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT, check=False,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"},
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode(errors="replace") if done.returncode == 0 else ""


def _by_bytecode(revision: str, folder: str) -> str:
    try:
        names = sorted(os.listdir(os.path.join(folder, "__pycache__")))
    except OSError:
        return ""
    for name in names:
        stem = name.split(".")[0]
        source = f"{stem}.py"
        if revision in stem and not os.path.exists(os.path.join(folder, source)):
            return f"Python's cache says that there was a file {source} in {folder}"
    return ""
