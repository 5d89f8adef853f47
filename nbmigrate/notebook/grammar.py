"""The parsers of the magics: the terminal's grammar with what only a notebook has, and the cell magics'."""

from __future__ import annotations

from typing import Any

from nbmigrate import cli

__all__ = ["TRACEBACK", "line_parser", "revision_parser"]

TRACEBACK = "--traceback"


def line_parser() -> tuple[cli.Parser, Any]:
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
    return parser, verbs


def revision_parser() -> cli.Parser:
    """The parser of the line of ``%%revision``."""
    parser = cli.Parser(prog="%%revision", description="Write the revision that this cell holds.")
    parser.add_argument("slug", nargs="?", help="the name by which the cell finds its revision again")
    parser.add_argument("-m", "--message", help="what the revision does, in a few words")
    parser.add_argument("--head", default="head", help="the parent, or <branch>@head")
    parser.add_argument("--apply", action="store_true", help="upgrade to it at once")
    parser.add_argument(
        "--amend", action="store_true", help="applied already: take it down, rewrite it, run it again"
    )
    return parser
