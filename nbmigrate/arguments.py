"""What each verb takes: its arguments, declared with argparse, and the parser that all doors share.

A function here adds the arguments of one verb, or some that several have in common, to a parser;
``cli.VERBS`` says which verb has which.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from nbmigrate.errors import CommandError


class HelpShown(Exception):
    """The parser has printed a help text, or a version: there is nothing to run."""


class _Formatter(argparse.HelpFormatter):
    """As wide as the terminal; argparse makes one for each argument, and imports ``shutil`` to measure."""

    def __init__(self, prog: str) -> None:
        try:
            columns = int(os.environ.get("COLUMNS") or 0) or os.get_terminal_size(1).columns
        except (ValueError, OSError):
            columns = 80
        super().__init__(prog, width=(columns or 80) - 2)


class Parser(argparse.ArgumentParser):
    """An ``ArgumentParser`` that neither exits nor prints usage: it raises ``CommandError``.

    ``verbs`` are the words that it knows, for the message about one that it doesn't.
    """

    verbs: Sequence[str] = ()

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **{"formatter_class": _Formatter, **kw})

    def error(self, message: str) -> NoReturn:
        """Raise ``CommandError`` with argparse's message and, for an unknown verb, the likely one."""
        unknown = re.search(r"invalid choice: '(.*?)'", message)
        if unknown:
            word = unknown.group(1)
            import difflib

            near = difflib.get_close_matches(word.lower(), self.verbs, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"verbs are {', '.join(self.verbs)}"
            message = f"unknown verb '{word}': {hint}"
        elif "the following arguments are required" in message:
            message = f"{message}; see: {self.prog} -h"
        raise CommandError(message)

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse's; what no verb takes is told with the verb's own flags in mind."""
        found, unknown = self.parse_known_args(args, namespace)
        if unknown:
            self.error(self._unrecognized(unknown, getattr(found, "verb", None)))
        return found

    def _unrecognized(self, words: Sequence[str], verb: str | None) -> str:
        chosen = [a.choices[verb] for a in self._actions if isinstance(a.choices, dict) and verb in a.choices]
        parser = chosen[0] if chosen else self
        flags = [flag for action in parser._actions for flag in action.option_strings]
        import difflib

        near = difflib.get_close_matches(words[0].partition("=")[0], flags, n=1)
        hint = f"; did you mean {near[0]}?" if near else f"; see: {parser.prog} -h"
        return f"unrecognized arguments: {' '.join(words)}{hint}"

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """Raise ``HelpShown`` in place of leaving the process."""
        if message:
            sys.stdout.write(message)
        raise HelpShown


Args = argparse.Namespace
Declare = Callable[[argparse.ArgumentParser], None]


def sql_flags(parser: argparse.ArgumentParser) -> None:
    """Verbs that can write SQL in place of running it."""
    parser.add_argument("--sql", action="store_true", help="print the SQL in place of running it")
    parser.add_argument("--tag", help="a free text for env.py (context.get_tag_argument())")


def verbose(parser: argparse.ArgumentParser) -> None:
    """Verbs that can say more."""
    parser.add_argument("-v", "--verbose", action="store_true", help="more about each revision")


def message(parser: argparse.ArgumentParser) -> None:
    """What a new revision does, in words."""
    parser.add_argument("-m", "--message", help="what the revision does, in a few words")


def new_file(parser: argparse.ArgumentParser) -> None:
    """Verbs that write a revision."""
    message(parser)
    parser.add_argument("--branch-label", action="append", help="a name for the branch that begins here")
    parser.add_argument("--rev-id", help="the revision's id, in place of a random one")
    parser.add_argument("--splice", action="store_true", help="allow a parent that is no head")


def init(parser: argparse.ArgumentParser) -> None:
    """``init``."""
    parser.add_argument("directory", nargs="?", help="the folder to make (default: migrations)")
    parser.add_argument("-t", "--template", default="generic", help="which template (default: generic)")
    parser.add_argument("--package", action="store_true", help="put an __init__.py into both folders")


def revision(parser: argparse.ArgumentParser) -> None:
    """``revision``."""
    new_file(parser)
    parser.add_argument("--autogenerate", action="store_true", help="fill it with what the models ask for")
    parser.add_argument("--sql", action="store_true", help="no database: revision_environment decides")
    parser.add_argument("--head", default="head", help="the parent, or <branch>@head")
    parser.add_argument("--version-path", help="the versions folder that gets the file")
    parser.add_argument("--depends-on", action="append", help="a revision that must have run before")
    answers(parser)


def answers(parser: argparse.ArgumentParser) -> None:
    """What may be a rename: yes or no."""
    parser.add_argument(
        "--rename",
        action="append",
        default=[],
        metavar="OLD=NEW",
        help="table.column, or a table, that has another name in the models; repeatable",
    )
    parser.add_argument(
        "--drop",
        action="append",
        default=[],
        metavar="OLD",
        help="no rename: it goes, with what it holds; repeatable",
    )


def comparison(parser: argparse.ArgumentParser) -> None:
    """``diff`` and ``check``."""
    answers(parser)
    parser.add_argument("--json", action="store_true", help="for programs: one JSON object, nothing else")


def merge(parser: argparse.ArgumentParser) -> None:
    """``merge``."""
    new_file(parser)
    parser.add_argument("revisions", nargs="*", help="the heads to join, or 'heads'")
    parser.add_argument(
        "--rebase",
        action="store_true",
        help="write no revision: put the side of the first head, which has not run, on top of the second",
    )


def upgrade(parser: argparse.ArgumentParser) -> None:
    """``upgrade``."""
    parser.add_argument("revision", nargs="?", default="head", help="the target: an id, head, heads, +1, ...")
    sql_flags(parser)
    manner(parser)


def downgrade(parser: argparse.ArgumentParser) -> None:
    """``downgrade``."""
    parser.add_argument("revision", nargs="?", default="", help="the target: an id, base, -1, ...")
    sql_flags(parser)
    manner(parser)


def manner(parser: argparse.ArgumentParser) -> None:
    """How a run behaves towards others, and towards one that was not ended."""
    seconds: Any = {"type": _seconds, "metavar": "SECONDS"}
    parser.add_argument("--lock-timeout", help="wait so long for another run or a table", **seconds)
    parser.add_argument("--statement-timeout", help="let a statement take so long", **seconds)
    parser.add_argument(
        "--audit", action="store_true", default=None, help="write each step into the audit log"
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="carry on with an unfinished revision, though its script was edited",
    )
    parser.add_argument("--undo", action="store_true", help="take back what an unfinished revision did")


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of seconds") from None


def stamp(parser: argparse.ArgumentParser) -> None:
    """``stamp``."""
    parser.add_argument("revisions", nargs="+", help="one or more ids, heads, base")
    parser.add_argument("--purge", action="store_true", help="empty the version table first, unread")
    sql_flags(parser)


def current(parser: argparse.ArgumentParser) -> None:
    """``current``."""
    verbose(parser)
    parser.add_argument("-c", "--check-heads", action="store_true", help="fail unless at every head")


def heads(parser: argparse.ArgumentParser) -> None:
    """``heads``."""
    verbose(parser)
    parser.add_argument("--resolve-dependencies", action="store_true", help="heads by depends_on, too")


def history(parser: argparse.ArgumentParser) -> None:
    """``history``."""
    verbose(parser)
    parser.add_argument("-r", "--rev-range", help="[start]:[end]; 'current' may stand at either end")
    parser.add_argument("--audit", action="store_true", help="the audit log too, and what was edited since")
    parser.add_argument("-i", "--indicate-current", action="store_true", help="mark where the database is")


def show(parser: argparse.ArgumentParser) -> None:
    """``show``."""
    parser.add_argument("revision", nargs="?", default="head", help="an id, head, current, ...")


def edit(parser: argparse.ArgumentParser) -> None:
    """``edit``."""
    parser.add_argument("revision", help="an id, head, current, ...")


def ensure_version(parser: argparse.ArgumentParser) -> None:
    """``ensure_version``."""
    parser.add_argument("--sql", action="store_true", help="print the SQL in place of running it")


def erd(parser: argparse.ArgumentParser) -> None:
    """``erd``."""
    parser.add_argument("revision", nargs="?", help="at a revision (default: the database as it is)")
    parser.add_argument(
        "--diff", action="store_true", help="mark what is pending, or what the revision changes"
    )
    parser.add_argument(
        "--table",
        nargs="+",
        action="extend",
        default=[],
        metavar="NAME",
        help="only these tables ('order*' for several) and those next to them",
    )


def walk(parser: argparse.ArgumentParser) -> None:
    """``walk``."""
    parser.add_argument("revision", nargs="?", default="heads", help="how far (default: heads)")


def plan(parser: argparse.ArgumentParser) -> None:
    """``plan``."""
    parser.add_argument(
        "revision", nargs="?", default="head", help="the target, above or below (default: head)"
    )


def sql_script(parser: argparse.ArgumentParser) -> None:
    """``sql``."""
    parser.add_argument("revision", nargs="?", default="head", help="the target, or from:to (default: head)")
    parser.add_argument(
        "--dialect",
        nargs="+",
        action="extend",
        metavar="NAME",
        help="for which databases: postgresql mysql",
    )


def nothing(parser: argparse.ArgumentParser) -> None:
    """A verb without arguments of its own."""
    pass
