"""The migration environment on disk: revision files, their headers, templates, and the writing of new ones.

No SQLAlchemy here: ``heads``, ``history`` and ``show`` start without it. The two names that Alembic documents
are handed on.
"""

from nbmigrate.script.directory import ScriptDirectory
from nbmigrate.script.script import Script

__all__ = ["Script", "ScriptDirectory"]
