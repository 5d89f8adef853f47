"""What the verbs return: frozen values that print as terminal text.

Every verb of ``Migrator`` returns one of these. ``str()`` gives the complete text: the terminal prints it,
and it is the ``text/plain`` of the notebook's display; where programs read Alembic's output (``history``,
``heads``, ``current``, ``branches``, ``show``) the lines are Alembic's. ``to_dicts()``, ``to_pandas()`` and
``sql`` are the same on all (``result.Result``). No HTML here: the notebook registers its displays for these
types from outside. Database addresses are masked before they get in.

Names are handed on lazily (PEP 562), because ``heads`` needs one of five modules.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbmigrate.results.differences import Card, Check, Diff, JSONText, question_detail
    from nbmigrate.results.files import Connected, Edited, FileState, Init, RevisionCreated, Templates
    from nbmigrate.results.result import Result
    from nbmigrate.results.revisions import Audit, Current, Graph, RevisionInfo, Revisions, Status
    from nbmigrate.results.runs import Place, Run, SQLText, Stamped, StepReport
    from nbmigrate.results.text import position, text_table

__all__ = [
    "Audit",
    "Card",
    "Check",
    "Connected",
    "Current",
    "Diff",
    "Edited",
    "FileState",
    "Graph",
    "Init",
    "JSONText",
    "Place",
    "Result",
    "RevisionCreated",
    "RevisionInfo",
    "Revisions",
    "Run",
    "SQLText",
    "Stamped",
    "Status",
    "StepReport",
    "Templates",
    "position",
    "question_detail",
    "text_table",
]

_MODULES = {
    "differences": ("Card", "Check", "Diff", "JSONText", "question_detail"),
    "files": ("Connected", "Edited", "FileState", "Init", "RevisionCreated", "Templates"),
    "result": ("Result",),
    "revisions": ("Audit", "Current", "Graph", "RevisionInfo", "Revisions", "Status"),
    "runs": ("Place", "Run", "SQLText", "Stamped", "StepReport"),
    "text": ("position", "text_table"),
}
_LAZY = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import what is asked for, when it is asked for."""
    if name not in _LAZY:
        raise AttributeError(f"module 'nbmigrate.results' has no attribute {name!r}")
    found = getattr(import_module(f"nbmigrate.results.{_LAZY[name]}"), name)
    globals()[name] = found
    return found
