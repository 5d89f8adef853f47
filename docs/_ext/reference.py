"""The pages of the reference, written from the parser, the signatures and the docstrings at each build.

``PAGES`` is each page's file with the function that writes it. Nothing is said here that the package says
itself; where a description stands beside the package (``described``), a name too many or too few stops the
build. ``tests/docs`` reads the same functions.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import described

import nbmigrate
from nbmigrate import cli, command, errors, plans, results
from nbmigrate.migrator import Migrator
from nbmigrate.notebook import grammar
from nbmigrate.notebook.configuration import NbMigrate
from nbmigrate.operations import BatchOperations, Operations
from nbmigrate.runtime.options import KEPT, PARAMETERS
from nbmigrate.runtime.settings import KEYS as RUN_KEYS

PACKAGE = Path(nbmigrate.__file__).parent
ASKS_FOR_A_KEY = {
    "get_alembic_option",
    "get_alembic_boolean_option",
    "get_main_option",
    "get_section_option",
    "_get_toml_config_value",
    "_path_list",
}


def setup(app: Any) -> dict[str, Any]:
    """Write the pages before Sphinx looks for files."""
    app.connect("config-inited", lambda app, config: write(Path(app.srcdir) / "reference"))
    return {"version": nbmigrate.__version__, "parallel_read_safe": True, "parallel_write_safe": True}


def write(folder: Path) -> None:
    """Write every page; one that has not changed is left alone, and need not be read again."""
    for name, page in PAGES.items():
        path, text = folder / name, page()
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


# small pieces


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    lines = [list(head), ["---"] * len(list(head)), *map(list, rows)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def prose(text: str | None) -> str:
    """A docstring, or a help text, as Markdown."""
    words = re.sub(r"``(.+?)``", r"`\1`", inspect.cleandoc(text or ""), flags=re.DOTALL)
    parts = enumerate(words.split("`"))
    return "`".join(part if n % 2 else re.sub(r"([<_*])", r"\\\1", part) for n, part in parts)


def signature(name: str, function: Callable[..., Any]) -> str:
    """A call with its parameters, one a line where they don't fit on one; annotations as they are written."""
    found = inspect.signature(function)
    given = [one for one in found.parameters.values() if one.name not in ("self", "cls")]
    parts: list[str] = []
    for one in given:
        if one.kind is one.KEYWORD_ONLY and "*" not in parts and not any(p.startswith("*") for p in parts):
            parts.append("*")
        stars = {one.VAR_POSITIONAL: "*", one.VAR_KEYWORD: "**"}.get(one.kind, "")
        kind = "" if one.annotation is one.empty else f": {one.annotation}"
        default = "" if one.default is one.empty else f" = {one.default!r}" if kind else f"={one.default!r}"
        parts.append(f"{stars}{one.name}{kind}{default}")
    back = found.return_annotation
    tail = "" if back in (found.empty, "None") else f" -> {back}"
    line = f"{name}({', '.join(parts)}){tail}"
    if len(line) > 90:
        line = f"{name}(\n    " + ",\n    ".join(parts) + f",\n){tail}"
    return f"```python\n{line}\n```"


def methods(cls: type, left_out: Iterable[str] = ()) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The public methods of a class, its base classes' too, in the order in which they are written."""
    seen = set(left_out)
    for base in reversed(cls.__mro__):
        for name in vars(base):
            if name.startswith("_") or name in seen or not callable(getattr(cls, name)):
                continue
            seen.add(name)
            yield name, getattr(cls, name)


# verbs


def option_rows(parser: argparse.ArgumentParser) -> list[list[str]]:
    """A row for each argument: how it is typed, what it does."""
    rows = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction) or action.dest == "help":
            continue
        value = action.metavar or (action.dest.upper() if action.option_strings else action.dest)
        takes_value = action.nargs != 0
        names = [f"`{name} {value}`" if takes_value else f"`{name}`" for name in action.option_strings]
        rows.append([", ".join(names) or f"`{value}`", prose((action.help or "").replace("%%", "%"))])
    return rows


def usage(parser: argparse.ArgumentParser) -> str:
    """The usage line, in lines that a page has room for; an option and its value stay together."""
    formatter = argparse.HelpFormatter(parser.prog, width=76 + len("usage: "))
    formatter.add_usage(parser.usage, parser._actions, parser._mutually_exclusive_groups)
    return textwrap.dedent(formatter.format_help().replace("usage: ", " " * len("usage: "))).strip()


def parsers() -> dict[str, argparse.ArgumentParser]:
    """Every verb's parser; those of the notebook are there too."""
    terminal = dict(cli.build_parser()[1].choices)
    return {**terminal, **{n: p for n, p in grammar.line_parser()[1].choices.items() if n not in terminal}}


def verbs() -> str:
    """``verbs.md``."""
    terminal = cli.build_parser()[0]
    notebook = grammar.line_parser()[1].choices
    out = [
        "# Verbs and options",
        "The same words in a terminal (`nbmigrate VERB ...`, `python -m nbmigrate VERB ...`) and in a notebook "
        "(`%migrate VERB ...`). In Python a verb is a method of the [Migrator](python.md).",
        "A target is a revision's id or the beginning of one, a branch label, `head`, `heads`, `base`, `current`, "
        "`<branch>@head`, or relative: `+1`, `-2`, `<revision>+1`.",
    ]
    for name, parser in parsers().items():
        where = "" if name in cli.VERBS else " In a notebook only."
        out += [
            f"## {name}",
            f"{(parser.description or '').capitalize()}.{where}",
            f"```text\n{usage(parser)}\n```",
        ]
        rows = option_rows(parser)
        if name in cli.VERBS:
            more = [row for row in option_rows(notebook[name]) if row not in rows]
            rows += [[argument, f"{meaning} (in a notebook only)"] for argument, meaning in more]
        if rows:
            out.append(table(("argument", "meaning"), rows))
    codes = (
        ("0", "done"),
        (f"{cli.MIGRATION_FAILED}", "a revision's own code or SQL failed"),
        (f"{cli.INTERRUPTED}", "interrupted"),
        (f"{cli.FAILED}", "refused: what was asked can't be done, or `check` found a difference"),
    )
    out += [
        "## Before the verb",
        "In a terminal these options stand in front of the verb. A notebook has `connect` for them.",
        table(("option", "meaning"), option_rows(terminal)),
        "## Exit codes",
        table(("code", "meaning"), codes),
    ]
    return "\n\n".join(out) + "\n"


def magics() -> str:
    """``magics.md``."""
    line, _ = grammar.line_parser()
    out = [
        "# Magics",
        "`%load_ext nbmigrate` brings them. `%nbmigrate` is `%migrate` by another name.",
        "A whole argument `$name` or `{name}` stands for that variable; nothing else is expanded, and the body of a "
        "cell never is. A final `;` silences the display. Results can be assigned: `r = %migrate history`.",
        "## %migrate",
        "`%migrate` alone shows where things stand. Its verbs are [the terminal's and three more](verbs.md).",
        table(("option", "meaning"), option_rows(line)),
    ]
    for name, parser in (
        ("%%revision", grammar.revision_parser()),
        ("%%models", grammar.models_parser()),
        ("%models", grammar.models_line_parser()),
    ):
        out += [f"## {name}", parser.description or "", f"```text\n{usage(parser)}\n```"]
        if rows := option_rows(parser):
            out.append(table(("argument", "meaning"), rows))
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                lines = [[f"`{name} {verb}`", p.description or ""] for verb, p in action.choices.items()]
                out.append(table(("line", "meaning"), lines))
    options = [
        [f"`NbMigrate.{name}`", f"`{trait.default_value!r}`", trait.help]
        for name, trait in sorted(NbMigrate.class_own_traits(config=True).items())
    ]
    out += [
        "## %config NbMigrate",
        "For one notebook by `%config NbMigrate.metadata = 'Base'`; for all, in `ipython_config.py` (`c.NbMigrate.metadata "
        "= 'Base'`).",
        table(("option", "default", "meaning"), options),
    ]
    return "\n\n".join(out) + "\n"


# configuration


def keys_in_the_package() -> set[str]:
    """Every configuration key that the package, or an env.py of its templates, asks for."""
    found = set(RUN_KEYS)
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        # a key may stand in a variable first
        named = {
            target.id: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name not in ASKS_FOR_A_KEY:
                continue
            for one in node.args[: 2 if name == "_path_list" else 1]:
                given = named.get(one.id, one) if isinstance(one, ast.Name) else one
                found |= {
                    part.value
                    for part in ast.walk(given)
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                }
    return found


def variables_in_the_package() -> set[str]:
    """Every environment variable that the package reads by name."""
    found = {"EDITOR", "VISUAL"}
    for path in PACKAGE.rglob("*.py"):
        found |= set(re.findall(r"environ(?:\.get\(|\[)\"(\w+)\"", path.read_text(encoding="utf-8")))
    return found


def hook_keys_in_the_package() -> set[str]:
    """Every key of a post-write hook that the package reads."""
    text = (PACKAGE / "script" / "write_hooks.py").read_text(encoding="utf-8")
    found = re.findall(r"options\.get\(\"(\w+)\"|_required\(options, \"(\w+)\"|hook\[\"([a-z]\w+)\"\]", text)
    return {name for names in found for name in names if name}


def same(what: str, there: Iterable[str], told: Iterable[str]) -> None:
    """Stop the build where the names in the package are not those that are described."""
    missing, unknown = sorted(set(there) - set(told)), sorted(set(told) - set(there))
    if missing or unknown:
        raise RuntimeError(f"docs/_ext/described.py, {what}: not described {missing}, not there {unknown}")


def configuration() -> str:
    """``configuration.md``."""
    same("KEYS", keys_in_the_package(), described.KEYS)
    same("VARIABLES", variables_in_the_package(), described.VARIABLES)
    same("HOOK_KEYS", hook_keys_in_the_package(), described.HOOK_KEYS)
    same("CONFIGURE", PARAMETERS, described.CONFIGURE)
    rows = [[f"`{name}`", text] for name, text in described.KEYS.items()]
    hooks = [[f"`{name}`", text] for name, text in described.HOOK_KEYS.items()]
    variables = [[f"`{name}`", text] for name, text in sorted(described.VARIABLES.items())]
    parameters = [
        [f"`{name}`", text, "holds for the next call too" if name in KEPT else ""]
        for name, text in sorted(described.CONFIGURE.items())
    ]
    return (
        "\n\n".join(
            (
                "# Configuration",
                "In the section `[alembic]` of `alembic.ini` (`-n` names another section), or in `[tool.alembic]` of "
                "`pyproject.toml`; where both have a key, the ini file's counts. `%(here)s` is the file's folder; a literal "
                "percent sign is written twice. A project of its own may have further keys, which env.py reads.",
                table(("key", "meaning"), rows),
                "## Tools that go over a new file",
                "`[post_write_hooks]` in `alembic.ini`: `hooks` names them, and each has keys with its name in front "
                "(`ruff.type = module`).",
                table(("key", "meaning"), hooks),
                "## configure()",
                "What `env.py` gives to `context.configure()`, and what `Migrator(...)` takes as further keyword arguments for a "
                "database that was named without a project. A word that is none of these is kept, as Alembic keeps it, with a "
                "warning where it looks like a misspelling.",
                table(("parameter", "meaning", ""), parameters),
                "## Environment variables",
                table(("variable", "meaning"), variables),
            )
        )
        + "\n"
    )


# operations and Python


def operations() -> str:
    """``operations.md``."""
    left_out = {"context", "impl", "run"}
    batch = dict(methods(BatchOperations, left_out))
    out = [
        "# Operations",
        "What a revision calls: `from alembic import op` (or `from nbmigrate import op`), and in a `%%revision` cell without "
        "an import. Further keywords with a database's name in front (`postgresql_using=...`) reach SQLAlchemy.",
    ]
    for name, function in sorted(methods(Operations, left_out)):
        out += [f"## {name}", signature(f"op.{name}", function), prose(function.__doc__)]
        if name in batch and inspect.signature(batch[name]) != inspect.signature(function):
            out += ["In a batch:", signature(f"batch_op.{name}", batch[name]), prose(batch[name].__doc__)]
    return "\n\n".join(out) + "\n"


def python() -> str:
    """``python.md``."""
    out = [
        "# Python",
        "## Migrator",
        prose(Migrator.__doc__),
        "`from nbmigrate import Migrator`",
        signature("Migrator", Migrator.__init__),
    ]
    for name, function in methods(Migrator):
        out += [f"### {name}", signature(f"Migrator.{name}", function), prose(function.__doc__)]
    out += [
        "## Results",
        "Frozen values. `str()` of one is what a terminal prints and what a notebook shows as text.",
    ]
    for module in (results, plans):
        given = {name: getattr(module, name) for name in getattr(module, "__all__", vars(module))}
        for name, cls in given.items():
            if inspect.isclass(cls) and cls.__module__.startswith(module.__name__) and is_dataclass(cls):
                shown = ", ".join(f"`{field.name}`" for field in fields(cls))
                more = [n for n, _ in methods(cls)] + [
                    n for n, v in vars(cls).items() if isinstance(v, property) and not n.startswith("_")
                ]
                told = f"Fields: {shown}." + (f" Also: {', '.join(f'`{n}`' for n in more)}." if more else "")
                out += [f"### {name}", f"`{module.__name__}.{name}`: {prose(cls.__doc__)}", told]
    out += ["## View", prose(nbmigrate.View.__doc__), signature("nbmigrate.View", nbmigrate.View.__init__)]
    out += ["## nbmigrate.command", prose(command.__doc__)]
    for name in command.__all__:
        function = getattr(command, name)
        out += [f"### command.{name}", signature(f"command.{name}", function), prose(function.__doc__)]
    out += ["## Errors", prose(errors.__doc__)]
    return "\n\n".join(out) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "verbs.md": verbs,
    "magics.md": magics,
    "configuration.md": configuration,
    "operations.md": operations,
    "python.md": python,
}
