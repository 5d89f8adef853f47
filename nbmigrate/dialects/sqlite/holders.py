"""Who has a SQLite file locked: the file does not say, but Linux knows which process holds which lock.

``/proc/locks`` lists them by process and inode (Linux's manual, proc_locks(5)). SQLite's write lock is one on
the file itself, or on the ``-shm`` beside it in WAL mode (sqlite.org/lockingv3.html, wal.html).
"""

from __future__ import annotations

import os
import time
from contextlib import suppress


def holders(path: str) -> str:
    """The processes that have the file locked for writing; empty where that can't be known."""
    inodes = set()
    for name in (path, f"{path}-shm", f"{path}-wal"):
        with suppress(OSError):
            inodes.add(str(os.stat(name).st_ino))
    try:
        with open("/proc/locks", encoding="ascii") as stream:
            lines = [line.split() for line in stream]
    except OSError:
        return ""
    # "1: POSIX ADVISORY WRITE 1234 00:1b:567 0 EOF"; who only waits has an arrow in front
    found = {
        int(words[4])
        for words in lines
        if len(words) > 5 and words[3] == "WRITE" and words[5].rpartition(":")[2] in inodes
    }
    return "; ".join(_told(number) for number in sorted(found))


def _told(number: int) -> str:
    if number == os.getpid():
        return "another connection in this process"
    text = f"process {number}"
    with suppress(OSError):
        with open(f"/proc/{number}/cmdline", "rb") as stream:
            words = stream.read().decode(errors="replace").split("\0")
        began = time.gmtime(os.stat(f"/proc/{number}").st_mtime)
        command = " ".join(" ".join([os.path.basename(words[0]), *words[1:]]).split())
        text += f", `{command[:80]}`, there since {time.strftime('%Y-%m-%d %H:%M:%S UTC', began)}"
    return text
