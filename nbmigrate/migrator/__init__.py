"""The verbs, in Python: ``Migrator``.

Every door (terminal, magics, ``nbmigrate.command``) ends here, and every verb returns a value of
``nbmigrate.results``. The verbs stand in one module for each thing that they do: writing files, running
revisions, looking, comparing, explaining. SQLAlchemy is imported by the verbs that need a database only.
"""

from __future__ import annotations

from nbmigrate.migrator.comparing import ComparingVerbs
from nbmigrate.migrator.drafting import DraftingVerbs
from nbmigrate.migrator.explaining import ExplainingVerbs
from nbmigrate.migrator.looking import LookingVerbs
from nbmigrate.migrator.picturing import PicturingVerbs

__all__ = ["Migrator"]


class Migrator(DraftingVerbs, LookingVerbs, ComparingVerbs, ExplainingVerbs, PicturingVerbs):
    """One database, or one project, and its migrations.

    Made for a database that was named (``Migrator("sqlite:///shop.db", metadata=Base.metadata,
    directory="migrations")``: nbmigrate's embedded environment), or for a project
    (``Migrator.from_config("alembic.ini")``: the project's own env.py).
    """
