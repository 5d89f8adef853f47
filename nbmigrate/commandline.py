"""``CommandLine``: a command line of one's own, by the documented name ``alembic.config.CommandLine``.

For programs that add commands to the terminal's verbs (``register_command``) or run them inside a program of
their own. The grammar is that of ``cli.py``; what is added here is a function's signature as a verb.
"""

from __future__ import annotations

import copy
import inspect
import logging
import sys
from argparse import Action, Namespace
from collections.abc import Callable, Sequence
from typing import Any

from nbmigrate.cli import build_parser, exit_code, parse
from nbmigrate.cli import main as main
from nbmigrate.config import Config
from nbmigrate.errors import CommandError, MigrateError
from nbmigrate.migrator import Migrator

CommandFunction = Callable[..., Any]

log = logging.getLogger("alembic.util.messaging")


class CommandLine:
    """The verbs, and those that are registered here; ``parser`` and ``subparsers`` are argparse's."""

    def __init__(self, prog: str | None = None) -> None:
        self.parser, self.subparsers = build_parser(prog or "nbmigrate")

    def register_command(self, fn: CommandFunction) -> None:
        """Make a function a verb: ``fn(config, ...)``.

        The verb's name is the function's, its help the first paragraph of the docstring. Parameters without
        a default are positional; one with a default is an option where a built-in verb has an option of that
        name, with that option's spelling.
        """
        parameters = list(inspect.signature(fn).parameters.values())[1:]
        text = " ".join((inspect.getdoc(fn) or "").split("\n\n")[0].split())
        verb = self.subparsers.add_parser(fn.__name__, help=text.replace("%", "%%"), description=text)
        declared = {False: self._declared(options=False), True: self._declared(options=True)}
        names: dict[bool, list[str]] = {False: [], True: []}
        for parameter in parameters:
            is_option = parameter.default is not parameter.empty
            action = declared[is_option].get(parameter.name)
            names[is_option].append(parameter.name)
            if action is not None:
                action = copy.copy(action)
                action.default = parameter.default if is_option else None
                action.nargs = None if not is_option and action.nargs == "?" else action.nargs
                action.required = not is_option
                verb._add_action(action)
            elif not is_option:
                verb.add_argument(parameter.name)
        verb.set_defaults(cmd=(fn, names[False], names[True]), registered=True)

    def _declared(self, options: bool) -> dict[str, Action]:
        """The built-in verbs' options, or positional arguments, by the name of the parameter."""
        found: dict[str, Action] = {}
        for verb in self.subparsers.choices.values():
            for action in verb._actions:
                if bool(action.option_strings) is options and action.dest != "help":
                    found.setdefault(action.dest, action)
        return found

    def run_cmd(self, config: Config, options: Namespace) -> None:
        """Run the verb that was parsed; a ``CommandError`` is printed, and ends the program with 255."""
        try:
            self._run(config, options)
        except MigrateError as error:
            if options.raiseerr:
                raise
            log.error(str(error))
            print(f"FAILED: {error}", file=sys.stderr)
            sys.exit(exit_code(error))

    def _run(self, config: Config, options: Namespace) -> None:
        if getattr(options, "registered", False):
            function, positional, keywords = options.cmd
            given = {name: getattr(options, name) for name in keywords if hasattr(options, name)}
            function(config, *(getattr(options, name) for name in positional), **given)
            return
        if getattr(options, "sql", False) and config.output_buffer is None:
            config.output_buffer = config.stdout
        result = options.call(Migrator.from_config(config, quiet=False), options)
        text = (getattr(result, "brief", None) or str(result)) if result is not None else ""
        if text:
            config.print_stdout(text)
        if problem := getattr(result, "problem", ""):
            raise CommandError(problem)

    def main(self, argv: Sequence[str] | None = None) -> None:
        """Parse a command line and run it."""
        options = parse(self.parser, sys.argv[1:] if argv is None else argv)
        if options is None:
            return
        if options.verb is None:
            raise CommandError(f"too few arguments: name a verb ({', '.join(self.subparsers.choices)})")
        config = Config.from_files(options.config, ini_section=options.name, cmd_opts=options)
        self.run_cmd(config, options)
