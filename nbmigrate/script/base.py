"""``Script`` and ``ScriptDirectory`` under the name of ``alembic.script.base``."""

from nbmigrate.script.directory import ScriptDirectory
from nbmigrate.script.script import Script

__all__ = ["Script", "ScriptDirectory"]
