"""A project made once, and one shell, for all cases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from bad_input import places
from IPython.core.interactiveshell import InteractiveShell


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that each case gets a copy of."""
    return places.make_template(tmp_path_factory.mktemp("bad_input") / "project")


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InteractiveShell]:
    """The shell behind the magic's door."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        InteractiveShell.clear_instance()
        made = InteractiveShell.instance()
        made.history_manager.enabled = False
        yield made
        made.history_manager.end_session()
        InteractiveShell.clear_instance()
