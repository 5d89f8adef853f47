"""The terminal door, and the one grammar of all doors.

``build_parser`` is written once with argparse and serves the terminal, ``%migrate``, help texts and
completion. A verb is one line in ``VERBS``: its help, its arguments (``arguments``), its ``Migrator`` call.
"""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from nbmigrate import __version__, arguments
from nbmigrate.arguments import Args, Declare, HelpShown, Parser
from nbmigrate.errors import CommandError, EnvironmentFailed, MigrateError

if TYPE_CHECKING:
    from nbmigrate.config import Config
    from nbmigrate.migrator import Migrator

FAILED = 255  # what `alembic` exits with where a command can't do what it was asked
MIGRATION_FAILED = 1
INTERRUPTED = 130


def _make_revision(m: Migrator, a: Args) -> Any:
    return m.revision(
        a.message,
        autogenerate=a.autogenerate,
        sql=a.sql,
        head=a.head,
        splice=a.splice,
        branch_label=a.branch_label,
        version_path=a.version_path,
        rev_id=a.rev_id,
        depends_on=a.depends_on,
        reuse=getattr(a, "reuse", False),
        renames=answers_of(a),
    )


def _downgraded(migrator: Migrator, a: Args) -> Any:
    if not a.revision and not a.undo:
        raise CommandError(
            "the following arguments are required: revision (an id, base, -1, ...); see: downgrade -h"
        )
    return migrator.downgrade(a.revision, sql=a.sql, tag=a.tag, **_asked(a))


def _asked(a: Args) -> dict[str, Any]:
    """What upgrade and downgrade have in common."""
    names = ("resume", "undo", "lock_timeout", "statement_timeout", "audit")
    return {name: getattr(a, name) for name in names}


def answers_of(a: Args) -> dict[str, str | None] | None:
    """``--rename`` and ``--drop`` as the verbs want them."""
    if not a.rename and not a.drop:
        return None
    from nbmigrate.compare.rename_answers import typed_answers

    return typed_answers(a.rename, a.drop)


def _compared(verb: Callable[..., Any], a: Args) -> Any:
    asked = {"sql": True} if a.verb == "diff" and getattr(a, "shows_sql", False) else {}
    found = verb(renames=answers_of(a), **asked)
    return _json(found) if a.json else found


def _json(found: Any) -> Any:
    from nbmigrate.results import JSONText

    return JSONText.of(found.to_dict())


def _heads_to_join(a: Args) -> list[str]:
    if not a.revisions and not a.rebase:
        raise CommandError("merge needs to know what to join: two heads or more, or 'heads'")
    return a.revisions or ["heads"]


# verb: (help line, its arguments, what it calls)
VERBS: dict[str, tuple[str, Declare, Callable[[Migrator, Args], Any]]] = {
    "init": (
        "make a migration environment: alembic.ini, env.py, versions/",
        arguments.init,
        lambda m, a: m.init(a.directory, template=a.template, package=a.package),
    ),
    "list_templates": ("what init can make", arguments.nothing, lambda m, a: m.list_templates()),
    "revision": ("write a new revision file", arguments.revision, _make_revision),
    "merge": (
        "write a revision that joins heads",
        arguments.merge,
        lambda m, a: m.merge(
            _heads_to_join(a),
            a.message,
            rebase=a.rebase,
            branch_label=a.branch_label,
            rev_id=a.rev_id,
            splice=a.splice,
            reuse=getattr(a, "reuse", False),
        ),
    ),
    "upgrade": (
        "run revisions up to a target",
        arguments.upgrade,
        lambda m, a: m.upgrade(a.revision, sql=a.sql, tag=a.tag, **_asked(a)),
    ),
    "downgrade": (
        "take revisions back down to a target",
        arguments.downgrade,
        _downgraded,
    ),
    "stamp": (
        "write the version without running anything",
        arguments.stamp,
        lambda m, a: m.stamp(a.revisions, sql=a.sql, tag=a.tag, purge=a.purge),
    ),
    "current": (
        "where the database stands",
        arguments.current,
        lambda m, a: m.current(verbose=a.verbose, check_heads=a.check_heads),
    ),
    "heads": (
        "the newest revision of each branch",
        arguments.heads,
        lambda m, a: m.heads(verbose=a.verbose, resolve_dependencies=a.resolve_dependencies),
    ),
    "branches": ("where branches begin", arguments.verbose, lambda m, a: m.branches(verbose=a.verbose)),
    "history": (
        "the revisions, newest first",
        arguments.history,
        lambda m, a: m.history(
            a.rev_range, verbose=a.verbose, indicate_current=a.indicate_current, audit=a.audit
        ),
    ),
    "show": ("one revision and its source", arguments.show, lambda m, a: m.show(a.revision)),
    "edit": ("open a revision's file in the editor", arguments.edit, lambda m, a: m.edit(a.revision)),
    "check": (
        "fail where models and database differ",
        arguments.comparison,
        lambda m, a: _compared(m.check, a),
    ),
    "diff": ("models against database, as a table", arguments.comparison, lambda m, a: _compared(m.diff, a)),
    "graph": ("the revision graph as a picture", arguments.nothing, lambda m, a: m.graph()),
    "plan": ("what an upgrade or downgrade would do", arguments.plan, lambda m, a: m.plan(a.revision)),
    "sql": (
        "the SQL of an upgrade or downgrade, for several databases",
        arguments.sql_script,
        lambda m, a: m.sql(a.revision, a.dialect or ()),
    ),
    "explain": (
        "one revision, operation by operation",
        arguments.show,
        lambda m, a: m.explain(a.revision),
    ),
    "erd": (
        "the schema as a picture: tables, columns, keys",
        arguments.erd,
        lambda m, a: m.erd(a.revision, diff=a.diff, tables=a.table),
    ),
    "walk": (
        "the history step by step, with the schema at each",
        arguments.walk,
        lambda m, a: m.walk(a.revision),
    ),
    "ensure_version": (
        "create the version table only",
        arguments.ensure_version,
        lambda m, a: m.ensure_version(sql=a.sql),
    ),
}


def build_parser(
    prog: str = "nbmigrate", *, terminal: bool = True, only: str | None = None
) -> tuple[Parser, Any]:
    """The parser and its verbs (argparse's subparsers, to which a door may add its own).

    ``terminal`` adds the options that name a project: a notebook has ``connect`` for that. ``only``
    names the one verb that a line is known to begin with: eighteen parsers cost more than most verbs do.
    """
    parser = Parser(prog=prog, description="Schema migrations, in Alembic's file format.")
    parser.verbs = tuple(VERBS)
    parser.add_argument("--version", action="version", version=f"{prog} {__version__}")
    if terminal:
        parser.add_argument("-c", "--config", action="append", help="alembic.ini and/or pyproject.toml")
        parser.add_argument("-n", "--name", default="alembic", help="the ini section (default: alembic)")
        parser.add_argument("-x", action="append", help="key=value for env.py, repeatable")
        parser.add_argument("--raiseerr", action="store_true", help="show the whole traceback of an error")
        parser.add_argument("-q", "--quiet", action="store_true", help="print no results")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", parser_class=Parser)
    for name, (text, declare, call) in VERBS.items():
        if only in VERBS and name != only:
            continue
        verb = verbs.add_parser(name, help=text, description=text)
        declare(verb)
        # Alembic's env.py files read cmd_opts.cmd[0].__name__
        function = _named(name, call)
        verb.set_defaults(call=call, cmd=(function, [], []))
    return parser, verbs


def _named(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    def command(*args: Any, **kw: Any) -> Any:
        return call(*args, **kw)

    command.__name__ = command.__qualname__ = name
    return command


def parse(parser: Parser, argv: Sequence[str]) -> Args | None:
    """The parsed arguments; None where a help text was asked for and has been printed.

    Raises ``CommandError`` for arguments that don't fit.
    """
    try:
        found: Args = parser.parse_args(list(argv))
        return found
    except HelpShown:
        return None


def run(args: Args, migrator: Migrator) -> Any:
    """Do what the arguments say and return the verb's result."""
    return args.call(migrator, args)


def main(argv: Sequence[str] | None = None, prog: str | None = None) -> None:
    """Run one command line and leave the process with its exit code (0, 1, 130 or 255)."""
    if argv is not None:  # a program's own call: the process is not ours alone
        sys.exit(run_line(argv, prog or "nbmigrate"))
    # Half of a command is importing modules, which leave no garbage. To look for some meanwhile, and through
    # all of them again at the end, took a third of `current`. What env.py and revisions make is looked
    # through as ever: they run after the freeze.
    gc.set_threshold(20_000, 20, 100)
    if sys.stdout is None:  # closed by whoever started us
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
    elif isinstance(sys.stdout, io.TextIOWrapper):  # a terminal may lack the letters of a message
        sys.stdout.reconfigure(errors="backslashreplace")
    code = run_line(sys.argv[1:], prog or "nbmigrate", before_env=gc.freeze)
    if "sqlalchemy" not in sys.modules:  # nothing of the user's has run
        gc.freeze()
    sys.exit(code)


def run_line(
    argv: Sequence[str], prog: str = "nbmigrate", *, before_env: Callable[[], object] | None = None
) -> int:
    """Run one command line; the exit code. ``before_env`` is called before env.py runs."""
    parser, _ = build_parser(prog, only=argv[0] if argv else None)
    args = None
    try:
        args = parse(parser, argv)
        if args is None:
            return 0
        if args.verb is None:
            parser.print_usage(sys.stderr)
            raise CommandError(f"too few arguments: name a verb ({', '.join(VERBS)})")
        migrator = _migrator(args)
        migrator.before_env = before_env
        result = run(args, migrator)
        _print(args, result)
        if problem := getattr(result, "problem", ""):
            raise CommandError(problem)
        return 0
    except MigrateError as error:
        if args is not None and args.raiseerr:
            raise
        if getattr(args, "json", False) and getattr(error, "diff", None) is not None:
            print(_json(getattr(error, "diff", None)))
            return FAILED
        code = exit_code(error)
        if code:
            print(f"FAILED: {error}", file=sys.stderr)
        return code
    except KeyboardInterrupt as stopped:
        print(f"FAILED: {stopped or 'interrupted'}", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # whoever read our output has gone; Python must not try to flush into the closed pipe at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:  # the file system's, which says what it is about
        if args is not None and args.raiseerr:
            raise
        print(f"FAILED: {error}", file=sys.stderr)
        return MIGRATION_FAILED


def exit_code(error: MigrateError) -> int:
    """What a terminal ends with; an env.py that ends the process by ``sys.exit()`` has its own."""
    leaving = error.__cause__
    if isinstance(error, EnvironmentFailed) and isinstance(leaving, SystemExit):
        code = leaving.code
        return code if isinstance(code, int) else MIGRATION_FAILED if code else 0
    return FAILED if isinstance(error, CommandError) else MIGRATION_FAILED


def _migrator(args: Args) -> Migrator:
    from nbmigrate.migrator import Migrator

    config = _config(args)
    if getattr(args, "sql", False):
        # written as it comes, so that what stood before a failure is not lost
        config.output_buffer = sys.stdout
    return Migrator.from_config(config, quiet=False)


def _config(args: Args) -> Config:
    from nbmigrate.config import Config

    return Config.from_files(args.config, ini_section=args.name, cmd_opts=args)


def _print(args: Args, result: Any) -> None:
    if args.quiet or result is None:
        return
    text = getattr(result, "brief", None) or str(result)
    if text:
        print(text)
    sys.stdout.flush()
