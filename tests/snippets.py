"""The blocks of a Markdown page, and a way to run them: what a reader would type, in one empty folder.

A block runs by its language: ``python`` as a cell of a notebook, ``sh`` in a shell, ``console`` in a shell
where the lines behind ``$ `` are compared with what is printed. A comment in front says otherwise:

- ``<!-- file: models.py -->``: it is written into that file;
- ``<!-- add: path, before: the beginning of a line -->``: it is put in front of that line of a file, as deep
  as the line; without ``before`` at the file's end;
- ``<!-- prints -->``: it is what the block before it has printed;
- ``<!-- fails: words -->``: it fails, with these words;
- ``<!-- not run: reason -->``: it can't be run here; ``<!-- command: ... -->``: ``.ci/run`` does that.

``<!-- run`` ... ``-->`` is a cell that a reader does not see. Ids, times and dates are not compared, and a
line ``...`` stands for any lines.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

RUN = ("python", "sh", "console")
# read, not run: pictures made of letters
LEFT = ("text", "")
BLOCK = re.compile(
    r"^(?:<!-- run\n(?P<hidden>.*?)\n-->"
    r"|(?:<!-- (?P<marker>file|add|prints|fails|not run|command)(?:: (?P<words>.*?))? -->\n)?"
    r"^(?P<fence>`{3,})(?P<language>[^\n]*)\n(?P<code>.*?)^(?P=fence)$)",
    flags=re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Block:
    """One block of a page: what it is, what its comment says, and the line it stands on."""

    language: str
    code: str
    line: int
    marker: str = ""
    words: str = ""


def blocks(page: str) -> Iterator[Block]:
    """The blocks of a page, in order."""
    for found in BLOCK.finditer(page):
        line = page.count("\n", 0, found.start()) + 1
        if found["hidden"] is not None:
            yield Block("python", found["hidden"] + "\n", line)
        else:
            yield Block(
                found["language"].strip(), found["code"], line, found["marker"] or "", found["words"] or ""
            )


def normal(text: str) -> list[str]:
    """Lines in which what differs from run to run is the same."""
    for pattern, word in (
        (r"\x1b\[[0-9;]*m", ""),
        (r"(?<![0-9a-f])[0-9a-f]{12}(?![0-9a-f])", "ID"),
        (r"\d{4}-\d\d-\d\d( \d\d:\d\d(:\d\d(\.\d+)?)?)?", "DATE"),
        (r"\b[\d.]+ (ms|s)\b", "TIME"),
        (r"[ ─-]{3,}", "  "),
    ):
        text = re.sub(pattern, word, text)
    return [line.rstrip() for line in text.strip().splitlines()]


def differ(told: str, printed: str) -> str:
    """What of a told text was not printed; empty where all was."""
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == "..." else f"{re.escape(line)}\n" for line in normal(told)
    )
    said = "".join(f"{line}\n" for line in normal(printed))
    return "" if re.fullmatch(pattern, said) else f"the page says:\n{told}\nand this was printed:\n{printed}"


class Reader:
    """Somebody who types what a page says, in a folder."""

    def __init__(self, shell: InteractiveShell, folder: Path, environment: dict[str, str]) -> None:
        self.shell = shell
        shell.displayhook.write_output_prompt = lambda: None
        self.folder = folder
        self.environment = environment
        self.printed = ""

    def read(self, page: str, name: str) -> None:
        """Run every block of a page; AssertionError where one does not do what it should."""
        for block in blocks(page):
            where = f"{name}, line {block.line}"
            if block.marker == "file":
                path = self.folder / block.words
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.code, encoding="utf-8")
            elif block.marker == "add":
                self.add(block, where)
            elif block.marker == "prints":
                problem = differ(block.code, self.printed)
                assert not problem, f"{where}: {problem}"
            elif block.marker in ("not run", "command"):
                assert block.words, f"{where}: say why it is not run"
            elif block.language in RUN:
                self.run(block, where)
            else:
                is_left = block.language in LEFT or block.language.startswith("{")
                assert is_left, f"{where}: a block of {block.language} needs a marker"

    def add(self, block: Block, where: str) -> None:
        """Put a block into a file that is there."""
        name, _, anchor = block.words.partition(", before: ")
        path = self.folder / name
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        places = [n for n, line in enumerate(lines) if anchor and line.startswith(anchor)]
        assert not anchor or len(places) == 1, f"{where}: {name} has {len(places)} lines {anchor!r}"
        at = places[0] if anchor else len(lines)
        code = indent(dedent(block.code), anchor[: len(anchor) - len(anchor.lstrip())])
        if code.count("\n") > 1:
            code = f"{code}\n" if anchor else f"\n\n{code}"
        path.write_text("".join([*lines[:at], code, *lines[at:]]), encoding="utf-8")

    def run(self, block: Block, where: str) -> None:
        """Run one block; what it printed is kept."""
        if block.language == "console":
            for command, told in session(block.code):
                problem = self.sh(command)
                assert block.marker == "fails" or not problem, f"{where}: {command}: {problem}"
                different = differ(told, self.printed)
                assert not different, f"{where}: {command}: {different}"
            return
        problem = self.sh(block.code) if block.language == "sh" else self.cell(block.code)
        if block.marker == "fails":
            assert block.words in problem, f"{where}: fails with: {problem or 'nothing'}"
        else:
            assert not problem, f"{where}: {problem}"

    def sh(self, command: str) -> str:
        """Run a command; what went wrong."""
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        self.printed = done.stdout
        return f"exit code {done.returncode}: {done.stdout}" if done.returncode else ""

    def cell(self, code: str) -> str:
        """Run a cell; what went wrong."""
        with capture_output() as captured:
            result = self.shell.run_cell(code, store_history=False)
        shown = [output.data.get("text/plain", "") for output in captured.outputs]
        self.printed = captured.stdout + "\n".join(shown)
        error: Any = result.error_before_exec or result.error_in_exec
        return "" if error is None else f"{type(error).__name__}: {error}\n{captured.stdout}"


def session(text: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block, with what it prints."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, told = part.partition("\n")
        yield command, told


def environment(folder: Path) -> dict[str, str]:
    """Variables that let a shell find this Python's programs and leave the person's own files alone."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "COLUMNS": "110", "NBMIGRATE_CACHE_DIR": str(folder / "cache")}
