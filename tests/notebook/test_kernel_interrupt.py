"""The stop button in a real kernel: the cell says what became of the run, and the next one ends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager, start_new_kernel

PREPARE = """
%load_ext nbmigrate
import sqlalchemy as sa
engine = sa.create_engine("{url}")
with engine.begin() as connection:
    connection.exec_driver_sql("create table mine (a int)")
%migrate connect {target}
"""
FIRST = '%%revision first\nop.create_table("first", sa.Column("id", sa.Integer))'
# a statement that takes long, and some Python after it
SLOW = """%%revision slow
def upgrade():
    op.create_table("half", sa.Column("id", sa.Integer))
    if not quick:
        print("begun", flush=True)
        numbers = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 200000)"
        for _ in range(1000):
            op.execute(f"{numbers} SELECT max(x) FROM c")

def downgrade():
    op.drop_table("half")
"""
AFTER = """
import signal, sys
inspector = sa.inspect(engine)
print(sorted(inspector.get_table_names()))
print(signal.getsignal(signal.SIGINT) is signal.default_int_handler, "alembic" in sys.modules)
"""


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[KernelManager, Any]]:
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    manager, client = start_new_kernel(cwd=str(tmp_path))
    try:
        yield manager, client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def run(client: BlockingKernelClient, code: str, on_text: Callable[[str], None] = lambda text: None) -> str:
    """Everything that a cell shows, as text."""
    shown: list[str] = []

    def take(message: dict[str, Any]) -> None:
        content = message["content"]
        if message["msg_type"] == "stream":
            shown.append(content["text"])
            on_text(content["text"])
        elif message["msg_type"] in ("execute_result", "display_data"):
            shown.append(content["data"]["text/plain"])
        elif message["msg_type"] == "error":
            shown.append("\n".join(content["traceback"]))

    client.execute_interactive(code, output_hook=take, timeout=120, allow_stdin=False)
    return "\n".join(shown)


@pytest.mark.parametrize(
    ("url", "target"), [("sqlite:///shop.db", "sqlite:///shop.db"), ("sqlite://", "engine")]
)
def test_the_stop_button(kernel: tuple[KernelManager, Any], url: str, target: str) -> None:
    """A database in memory is the one of the user's engine, and outlives the interrupt."""
    manager, client = kernel
    run(client, PREPARE.format(url=url, target=target))
    run(client, FIRST)
    run(client, "import builtins\nbuiltins.quick = False\n%migrate upgrade")
    run(client, SLOW)
    pressed: list[str] = []

    def press(text: str) -> None:
        if "begun" in text and not pressed:
            pressed.append(text)
            manager.interrupt_kernel()

    said = run(client, "%migrate upgrade", press)
    assert pressed, said
    last = said.strip().splitlines()[-1]
    assert last.startswith("KeyboardInterrupt: interrupted: upgrade of ")
    assert "the step was rolled back, the database is at" in last
    assert "Traceback" not in said
    shown = run(client, AFTER).split("\n")
    assert shown[:2] == ["['alembic_version', 'first', 'mine']", "True False"]
    assert "upgrade" in run(client, "builtins.quick = True\n%migrate upgrade")
    assert run(client, AFTER).split("\n")[0] == "['alembic_version', 'first', 'half', 'mine']"
