"""``import alembic`` inside a run reaches nbmigrate, and leaves no trace."""

from __future__ import annotations

import importlib
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from nbmigrate.runtime.alias import FOLLOWED_VERSION, alembic_alias


def alembic_modules() -> dict[str, object]:
    return {name: m for name, m in sys.modules.items() if name == "alembic" or name.startswith("alembic.")}


@pytest.mark.parametrize("imported_before", [False, True])
def test_the_name_means_nbmigrate_inside_and_what_it_meant_before_outside(imported_before: bool) -> None:
    if imported_before:
        importlib.import_module("alembic.command")
    before, finders = alembic_modules(), list(sys.meta_path)
    with alembic_alias():
        import alembic
        from alembic import context, op

        assert (op.__name__, context.__name__) == ("nbmigrate.op", "nbmigrate.context")
        assert alembic.__version__ == FOLLOWED_VERSION
        import alembic.op as again

        assert again is op
    assert alembic_modules() == before
    assert sys.meta_path == finders
    assert importlib.import_module("nbmigrate.op").__spec__.name == "nbmigrate.op"


def test_it_is_undone_after_an_error_and_may_nest() -> None:
    before = alembic_modules()
    with pytest.raises(ValueError, match="inside"), alembic_alias(), alembic_alias():
        raise ValueError("inside")
    assert alembic_modules() == before


def test_it_stays_while_another_thread_is_inside() -> None:
    entered, leave = threading.Event(), threading.Event()
    seen: list[str] = []

    def work() -> None:
        with alembic_alias():
            entered.set()
            leave.wait(10)
            seen.append(importlib.import_module("alembic.op").__name__)

    thread = threading.Thread(target=work)
    before = alembic_modules()
    with alembic_alias():
        thread.start()
        assert entered.wait(10)
    leave.set()
    thread.join()
    assert seen == ["nbmigrate.op"]
    assert alembic_modules() == before


def test_a_local_folder_called_alembic_does_not_win(tmp_path: Path) -> None:
    (tmp_path / "alembic").mkdir()
    (tmp_path / "alembic" / "__init__.py").write_text("op = 'the local one'\n")
    code = """
        import sys
        sys.path.insert(0, "")
        from nbmigrate.runtime.alias import alembic_alias
        with alembic_alias():
            from alembic import op
            print(op.__name__)
        from alembic import op
        print(op)
    """
    out = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert out.stdout.split("\n")[:2] == ["nbmigrate.op", "the local one"]


def test_what_nbmigrate_has_not_is_not_made_up() -> None:
    with alembic_alias(), pytest.raises(ModuleNotFoundError):
        importlib.import_module("alembic.no_such_module")
