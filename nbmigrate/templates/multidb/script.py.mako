<%!
import re
%>"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

# what this file is in the history
revision: str = ${repr(up_revision)}
down_revision: Union[str, Sequence[str], None] = ${repr(down_revision)}
branch_labels: Union[str, Sequence[str], None] = ${repr(branch_labels)}
depends_on: Union[str, Sequence[str], None] = ${repr(depends_on)}


def upgrade(engine_name: str) -> None:
    """Upgrade schema."""
    globals()[f"upgrade_{engine_name}"]()


def downgrade(engine_name: str) -> None:
    """Downgrade schema."""
    globals()[f"downgrade_{engine_name}"]()
% for name in re.split(r",\s*", config.get_main_option("databases")):


def upgrade_${name}() -> None:
    """Upgrade ${name} schema."""
    ${context.get(f"{name}_upgrades", "pass") or "pass"}


def downgrade_${name}() -> None:
    """Downgrade ${name} schema."""
    ${context.get(f"{name}_downgrades", "pass") or "pass"}
% endfor
