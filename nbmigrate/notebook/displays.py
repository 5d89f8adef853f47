"""How each result looks in a notebook: ``text/html`` and a complete ``text/plain``, always both.

One function a type, in the room that its subject has; a room is imported when something of it is shown.
``register`` hands them to IPython's formatters by name, so that loading the extension imports none of the
types. The results themselves know no HTML.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from nbmigrate.notebook.errors import from_here
from nbmigrate.notebook.tables import limited

__all__ = ["html_of", "register", "unregister"]

# the module of a type: its name, and the room and function that show it
_DISPLAYS: dict[str, dict[str, str]] = {
    "nbmigrate.results.files": {
        "Connected": "project.connected",
        "Init": "project.initialised",
        "Templates": "project.templates",
        "Edited": "project.edited",
        "RevisionCreated": "differences.revision_created",
    },
    "nbmigrate.results.runs": {
        "Run": "runs.run",
        "SQLText": "runs.sql_text",
        "Stamped": "runs.stamped",
    },
    "nbmigrate.results.revisions": {
        "Current": "histories.current",
        "Revisions": "histories.revisions",
        "Graph": "histories.graph",
    },
    "nbmigrate.results.differences": {
        "Diff": "differences.diff",
        "Check": "differences.check",
        "JSONText": "differences.json_text",
        "Card": "project.card",
    },
    "nbmigrate.plans": {
        "Plan": "explained.plan",
        "SQLScripts": "explained.sql_scripts",
        "Draft": "differences.draft",
        "Explanation": "explained.explanation",
        "SchemaPicture": "erd.schema_picture",
        "Walk": "erd.walk",
    },
    "nbmigrate.notebook.erd": {"Schema": "erd.schema_picture"},
    "nbmigrate.notebook.pictures": {"Picture": "histories.picture"},
    "nbmigrate.notebook.models": {"Models": "explained.models"},
}
# where a notebook's text says more than the terminal's lines, which are Alembic's
_TEXTS = {
    "Check": "differences.check_text",
    "Current": "histories.current_text",
    "Revisions": "histories.revisions_text",
}
_TYPES = {(module, name): where for module, names in _DISPLAYS.items() for name, where in names.items()}


def html_of(value: Any) -> str | None:
    """The HTML of a result, None for anything else."""
    where = _TYPES.get((type(value).__module__, type(value).__name__))
    return None if where is None else str(_called(where, value))


def _called(where: str, value: Any) -> Any:
    room, _, function = where.partition(".")
    return getattr(import_module(f"nbmigrate.notebook.{room}"), function)(value)


def text_of(value: Any) -> str:
    """The whole of a result as text: LaTeX, terminals and mails show nothing else.

    Paths below the working folder are shown from there: a saved notebook need not tell where it was run.
    """
    where = _TEXTS.get(type(value).__name__) if is_shown(value) else None
    text = str(value) if where is None else str(_called(where, value))
    return limited(from_here(text))


def is_shown(value: Any) -> bool:
    """Whether a value is a result that has a display here."""
    return (type(value).__module__, type(value).__name__) in _TYPES


def _plain(value: Any, printer: Any, cycle: bool) -> None:
    printer.text(text_of(value))


def register(formatter: Any) -> None:
    """Give IPython's display formatter a display for every result type."""
    for module, name in _TYPES:
        formatter.formatters["text/html"].for_type_by_name(module, name, html_of)
        formatter.formatters["text/plain"].for_type_by_name(module, name, _plain)


def unregister(formatter: Any) -> None:
    """Take the displays away again."""
    for module, name in _TYPES:
        for mimetype in ("text/html", "text/plain"):
            formatter.formatters[mimetype].pop((module, name), None)
            formatter.formatters[mimetype].pop(f"{module}.{name}", None)
