"""``%migrate``, ``%%revision``, ``%%models``: a line is split, the engine is called, its value is returned.

IPython displays the value; so ``history = %migrate history`` assigns it and a final ``;`` silences it. No
expansion by IPython: a whole argument ``$name`` or ``{name}`` stands for a variable, a revision's body stands
for itself. Nothing here asks the person anything.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from IPython.core import magic
from IPython.core.magic import no_var_expand

from nbmigrate import cli
from nbmigrate.arguments import Parser
from nbmigrate.errors import CommandError
from nbmigrate.notebook.completion import Completion
from nbmigrate.notebook.configuration import options_for
from nbmigrate.notebook.errors import full_text, prepare, unreachable
from nbmigrate.notebook.grammar import (
    TRACEBACK,
    line_parser,
    models_line_parser,
    models_parser,
    revision_parser,
)
from nbmigrate.notebook.line import Argument, split, texts
from nbmigrate.notebook.models import ModelCells
from nbmigrate.notebook.progress import shown_progress
from nbmigrate.notebook.session import Session
from nbmigrate.notebook.widgets import somebody_there, takes_next_input

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MigrateMagics"]

F = TypeVar("F", bound="Callable[..., Any]")

# before IPython 8.9, as Colab has it, a final ";" is cut off and silences nothing
silenceable: Callable[[F], F] = getattr(magic, "output_can_be_silenced", no_var_expand)

COMPARING = ("diff", "check")
LONG = ("upgrade", "downgrade", "walk")
READING = ("heads", "branches", "history", "show")


class MigrateMagics:
    """The magics of one IPython shell, and the session they share."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.options = options_for(shell)
        self.session = Session(lambda: self.shell.user_ns, self.options)
        self.completion = Completion(
            self.session,
            lambda: self.shell.user_ns,
            {
                "%migrate": lambda: line_parser()[0],
                "%models": models_line_parser,
                "%%models": models_parser,
                "%%revision": revision_parser,
            },
            lambda: [cell.group for cell in self.model_cells.result.cells],
        )
        self._drafts: dict[str, str] = {}  # cells that were put below, by their names
        self.model_cells = ModelCells(
            lambda: self.shell.user_ns,
            lambda source: self.shell.compile.cache(source),
            lambda: self.shell.compile.flags,
        )

    @no_var_expand
    @silenceable
    def migrate(self, line: str) -> Any:
        """Schema migrations in the notebook.

        %migrate                             where everything stands
        %migrate connect sqlite:///shop.db   which database; --metadata Base says which models
        %migrate diff                        models against database; check fails where they differ
        %migrate revision --autogenerate -m "add customers"    the difference as a revision; merge joins heads
        %migrate plan                        what an upgrade would do; explain, sql and show tell one revision
        %migrate upgrade                     run revisions; downgrade -1 takes the last one back; stamp
        %migrate history                     what there is; graph, heads, branches, current
        %migrate erd                         the tables as a picture; walk goes through the revisions
        %migrate ui                          all of that to click; sandbox: a throw-away database
        %migrate init                        a folder for revisions; list_templates, edit, ensure_version

        %migrate VERB -h tells the options of a verb. The value is a result: history = %migrate history; a
        final ; shows nothing. A whole argument $name or {name} stands for a variable of the notebook.
        After an error, %migrate --traceback shows all of it; %config NbMigrate has the settings.
        """
        return self._guarded(lambda whole: self._migrate(line, whole), line)

    @no_var_expand
    @silenceable
    def revision(self, line: str, cell: str) -> Any:
        """A revision in a cell: %%revision SLUG [-m MESSAGE] [--head H] [--apply] [--amend] [--draft].

        The body is upgrade() and downgrade(), or op. lines alone, which are taken as upgrade(); op and sa are
        there. Run again, the cell finds its revision by SLUG. %%revision -h tells the options.
        """
        return self._guarded(lambda whole: self._revision(line, cell), line)

    @no_var_expand
    @silenceable
    def revision_line(self, line: str) -> Any:
        """The next revision cell, written from the models: %revision SLUG --draft [-m MESSAGE]."""
        return self._guarded(lambda whole: self._revision(line, ""), line)

    @no_var_expand
    @silenceable
    def models_in_cell(self, line: str, cell: str) -> Any:
        """Models that can be run again, in any order and any number of times: %%models [GROUP].

        The cell's classes stand on Base, which is there; %models list and %models reset tell of such cells.
        """
        return self._guarded(lambda whole: self._models_in_cell(line, cell), line)

    @no_var_expand
    @silenceable
    def models(self, line: str) -> Any:
        """The model cells: %models list, %models reset [GROUP ...]."""
        return self._guarded(lambda whole: self._models(line), line)

    def _guarded(self, work: Callable[[bool], Any], line: str) -> Any:
        """Do the work; an error comes out as one line, or whole where the line asks for that."""
        whole = line.split()[:1] == [TRACEBACK]
        shown_whole = whole or self.options.traceback
        try:
            with self.session.lock:
                return work(whole)
        except (Exception, KeyboardInterrupt) as error:
            self.session.last_error = error
            from nbmigrate.notebook.culprits import tell_culprits

            tell_culprits(error, self.shell.user_ns)
            prepare(error, self.session.scrub, whole=shown_whole)
            raise

    def _migrate(self, line: str, whole: bool) -> Any:
        arguments = _arguments(line)
        if whole and not arguments:
            self._print_last_error()
            return None
        parser, _ = line_parser()
        if arguments and arguments[0].text == "connect":
            return self._connect(parser, arguments)
        words = texts(arguments, self.shell.user_ns)
        args = cli.parse(parser, words)
        if args is None:
            return None
        if args.verb == "sandbox":
            return self._sandbox(off=args.off)
        if args.verb == "ui":
            from nbmigrate.notebook.ui import Interface

            return Interface(self.session, live=somebody_there(self.shell))
        if args.verb is None or args.verb in COMPARING or _from_models(args):
            return self._compared(args)
        _check_found_again(args)
        args.reuse = True  # a cell that is run again finds the revision that it made
        migrator = self.session.migrator()
        try:
            result = self._run(args, migrator)
        except Exception as error:
            if args.verb not in READING or not unreachable(error):
                raise
            migrator.show_status = False  # the files can be read without a database
            result = cli.run(args, migrator)
        return self._with_picture(args.verb, result)

    def _with_picture(self, verb: str, result: Any) -> Any:
        """A result that can be saved as a picture, or walked through."""
        if verb == "graph":
            from nbmigrate.notebook.pictures import Picture

            return Picture(result)
        if verb == "erd":
            from nbmigrate.notebook.erd import Schema

            return Schema(result)
        if verb == "walk" and result.steps and somebody_there(self.shell):
            from nbmigrate.notebook.walk import Walker

            return Walker(result)
        return result

    def _run(self, args: Any, migrator: Any) -> Any:
        """Run a verb; where it takes its time and somebody looks on, how far it is is shown."""
        if args.verb not in LONG or not somebody_there(self.shell):
            return cli.run(args, migrator)
        with shown_progress(args.verb) as migrator.progress:
            return cli.run(args, migrator)

    def _compared(self, args: Any) -> Any:
        """A verb that needs the models, by the name that they have now."""
        if args.verb is None:
            return self._card()
        if getattr(args, "draft", False):
            return self._drafted(_named(args), args)
        args.reuse = args.shows_sql = True
        migrator, name = self.session.with_models()
        result = cli.run(args, migrator)
        shows_name = args.verb == "diff" and not args.json
        return replace(result, metadata=name) if shows_name and name else result

    def _card(self) -> Any:
        """The card; that models can't be found is a line in it."""
        note = None
        try:
            migrator, name = self.session.with_models()
        except CommandError as error:
            migrator, name, note = self.session.migrator(), None, str(error)
        card = migrator.card()
        if note is not None:
            return replace(card, note=note)
        return replace(card, metadata=name) if name else card

    def _connect(self, parser: Parser, arguments: list[Argument]) -> Any:
        args = cli.parse(parser, [argument.text for argument in arguments])
        if args is None:
            return None
        target = None
        if args.target is not None:
            target = next(argument for argument in arguments[1:] if argument.text == args.target)
        return self.session.connect(target, args.metadata, jupysql=args.jupysql)

    def _sandbox(self, *, off: bool) -> Any:
        said, engine = self.session.sandbox(off=off)
        if engine is not None:
            self.shell.user_ns["sandbox"] = engine
        return said

    def _print_last_error(self) -> None:
        error = self.session.last_error
        print(full_text(error, self.session.scrub) if error is not None else "No error so far")

    def _revision(self, line: str, cell: str) -> Any:
        args = cli.parse(revision_parser(), texts(_arguments(line), self.shell.user_ns))
        if args is None:
            return None
        slug = _named(args)
        if args.draft and cell.strip():
            raise CommandError(
                "--draft writes the next cell from the models, and this one holds a revision: "
                f"on a line of its own, %revision {slug} --draft"
            )
        if args.draft:
            return self._drafted(slug, args)
        if not cell.strip():
            raise CommandError(
                f"The revision {slug} is empty: write op. lines below %%revision {slug}, or let the models "
                f"say them with %revision {slug} --draft"
            )
        return self.session.migrator().cell_revision(
            slug,
            cell,
            message=args.message,
            head=args.head,
            splice=args.splice,
            apply=args.apply,
            amend=args.amend,
        )

    def _drafted(self, slug: str, args: Any) -> Any:
        """The cell that the models ask for, put below where a front end can; the same text only once."""
        migrator, _ = self.session.with_models()
        draft = migrator.draft(slug, args.message, head=args.head, renames=cli.answers_of(args))
        if not draft.cell or not takes_next_input(self.shell):
            return draft
        if self._drafts.get(slug) != draft.cell:
            self.shell.set_next_input(draft.cell.rstrip())
            self._drafts[slug] = draft.cell
        return replace(draft, placed=True)

    def _models_in_cell(self, line: str, cell: str) -> Any:
        args = cli.parse(models_parser(), texts(_arguments(line), self.shell.user_ns))
        if args is None:
            return None
        # lines are counted as the person sees them: the magic's own, and blank ones, which IPython strips
        above = 1 + len(cell) - len(cell.lstrip("\n"))
        return self.model_cells.run(args.group, "\n" * above + self.shell.transform_cell(cell))

    def _models(self, line: str) -> Any:
        args = cli.parse(models_line_parser(), texts(_arguments(line), self.shell.user_ns))
        if args is None:
            return None
        return self.model_cells.reset(args.group) if args.verb == "reset" else self.model_cells.result


def _arguments(line: str) -> list[Argument]:
    """The line's arguments, without the final ``;`` and the leading ``--traceback``."""
    line = line.strip()
    arguments = split(line[:-1] if line.endswith(";") else line)
    return arguments[1:] if arguments and arguments[0].text == TRACEBACK else arguments


def _check_found_again(args: Any) -> None:
    """Refuse a revision that the cell would write anew, under another id, whenever it is run."""
    if args.verb == "revision" and not (args.message or args.rev_id):
        raise CommandError(
            "a revision needs a message here, by which the cell finds it when it is run again: "
            '%migrate revision -m "add email"'
        )


def _from_models(args: Any) -> bool:
    return getattr(args, "autogenerate", False) or getattr(args, "draft", False)


def _named(args: Any) -> str:
    """The name of a revision cell: as it was given, else from the message."""
    slug: str = getattr(args, "slug", None) or _slug(args.message or "")
    if not slug:
        raise CommandError("A revision cell needs a name that it keeps: %%revision add_email")
    return slug


def _slug(message: str) -> str:
    return re.sub(r"\W+", "_", message.lower()).strip("_")[:40]
