"""The parsers of the magics: the terminal's grammar with what only a notebook has, and the cell magics'."""

from __future__ import annotations

from functools import cache
from typing import Any

from nbmigrate import arguments, cli
from nbmigrate.arguments import Parser

__all__ = ["TRACEBACK", "line_parser", "models_line_parser", "models_parser", "revision_parser"]

TRACEBACK = "--traceback"
DRAFT = "write no file: put what the models ask for into the next cell, as %%%%revision"


@cache
def line_parser() -> tuple[Parser, Any]:
    """The parser of ``%migrate`` and its verbs."""
    parser, verbs = cli.build_parser("%migrate", terminal=False)
    parser.add_argument(
        TRACEBACK, action="store_true", help="first of all: show errors whole; alone: the last error"
    )
    text = "name the database of this notebook"
    connect = verbs.add_parser("connect", help=text, description=text)
    connect.add_argument(
        "target",
        nargs="?",
        help="a URL, $ENVVAR, the name of an Engine, Connection or AsyncEngine variable, or a path to "
        "alembic.ini or pyproject.toml; left out: the project here or above, else SQLite in nbmigrate.db",
    )
    connect.add_argument("--metadata", help="the models: Base, Base.metadata, SQLModel, db, ...")
    connect.add_argument(
        "--jupysql",
        action="store_true",
        help="alone: the connection that %%sql uses now; with a target: let %%sql use that one too",
    )
    text = "a throw-away database in memory, for lessons"
    sandbox = verbs.add_parser("sandbox", help=text, description=text)
    sandbox.add_argument("--off", action="store_true", help="back to the notebook's own database")
    text = "the history to click and to walk by keyboard: plan, apply, compare, write"
    verbs.add_parser("ui", help=text, description=text)
    verbs.choices["revision"].add_argument("--draft", action="store_true", help=DRAFT)
    parser.verbs = tuple(verbs.choices)
    return parser, verbs


@cache
def revision_parser() -> Parser:
    """The parser of the line of ``%%revision``."""
    parser = Parser(prog="%%revision", description="Write the revision that this cell holds.")
    parser.add_argument("slug", nargs="?", help="the name by which the cell finds its revision again")
    parser.add_argument("-m", "--message", help="what the revision does, in a few words")
    parser.add_argument("--head", default="head", help="the parent, or <branch>@head")
    parser.add_argument("--splice", action="store_true", help="allow a parent that is no head")
    parser.add_argument("--apply", action="store_true", help="upgrade to it at once")
    parser.add_argument(
        "--amend", action="store_true", help="applied already: take it down, rewrite it, run it again"
    )
    parser.add_argument("--draft", action="store_true", help=DRAFT)
    arguments.answers(parser)
    return parser


@cache
def models_parser() -> Parser:
    """The parser of the line of ``%%models``."""
    text = "Models that can be run again, in any order; Base is there, fresh, or like the notebook's own."
    parser = Parser(prog="%%models", description=text)
    parser.add_argument("group", nargs="?", help="the name by which the cell finds its models again")
    return parser


@cache
def models_line_parser() -> Parser:
    """The parser of ``%models``."""
    parser = Parser(prog="%models", description="The model cells of this notebook.")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", parser_class=Parser)
    verbs.add_parser("list", help="the cells that are known", description="The cells that are known.")
    text = "forget cells, and the names that they defined"
    reset = verbs.add_parser("reset", help=text, description=text)
    reset.add_argument("group", nargs="*", help="which (default: all)")
    parser.verbs = tuple(verbs.choices)
    return parser
