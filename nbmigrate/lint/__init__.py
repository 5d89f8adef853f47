"""Lint: what in a revision may hurt, said before it runs; why, and the safe way.

Rules are pure functions of an operation and of what the revision did before it. Those that hold on any
database stand in ``general``; what only one database does stands with that database, in its
``Dialect.lint_rules``. Where both have a rule of one name, the database's own words take the general ones'
place. Nothing here asks a database: what is at stake in rows is counted elsewhere.
"""

from __future__ import annotations

from nbmigrate.lint.linter import Linter
from nbmigrate.model.finding import Finding

__all__ = ["Finding", "Linter"]
