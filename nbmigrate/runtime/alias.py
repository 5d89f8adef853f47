"""The name ``alembic``, while nbmigrate runs a project's files.

Revision scripts, ``env.py`` and the modules that they import say ``from alembic import op, context``. Inside
``alembic_alias()`` that import reaches nbmigrate, whether or not Alembic is installed, and even where a local
folder is called ``alembic``; afterwards ``sys.modules`` is as it was. ``alembic.__version__`` is then the
version of Alembic whose behaviour we follow, because revisions compare it.

Python has one ``sys.modules`` a process, so the alias counts its users under a lock: it stays while any
thread is inside.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any

FOLLOWED_VERSION = "1.20.1"
_IDENTITY = ("__name__", "__spec__", "__package__", "__loader__", "__path__")


class _SameModule(Loader):
    """Hands out a module that is imported already, under a second name, and leaves its identity alone."""

    def __init__(self, module: ModuleType) -> None:
        self.module = module
        self.identity = {name: vars(module)[name] for name in _IDENTITY if name in vars(module)}

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return self.module

    def exec_module(self, module: ModuleType) -> None:
        vars(module).update(self.identity)


class _Root(Loader):
    """Makes the module ``alembic`` itself: a package whose members are nbmigrate's."""

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        def member(name: str) -> Any:
            if name.startswith("__") or find_spec(f"nbmigrate.{name}") is None:
                raise AttributeError(
                    f"module 'alembic' has no attribute {name!r} (nbmigrate stands in for it)"
                )
            # kept: each revision asks for ``op``, and the import system twice for each
            found = vars(module)[name] = import_module(f"nbmigrate.{name}")
            return found

        vars(module).update(__version__=FOLLOWED_VERSION, __getattr__=member, __path__=[])


class _Finder(MetaPathFinder):
    """Answers for ``alembic`` and everything below it, before any other finder."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname == "alembic":
            return ModuleSpec(fullname, _Root(), is_package=True)
        if not fullname.startswith("alembic."):
            return None
        name = "nbmigrate" + fullname.removeprefix("alembic")
        try:
            module = import_module(name)
        except ModuleNotFoundError as missing:
            if missing.name is None or not name.startswith(missing.name):
                raise
            return None
        return ModuleSpec(fullname, _SameModule(module), is_package=hasattr(module, "__path__"))


_lock = threading.RLock()
_finder = _Finder()
_users = 0
_kept: dict[str, ModuleType] = {}


def _take_out() -> dict[str, ModuleType]:
    """Remove every ``alembic`` module from ``sys.modules`` and return them."""
    names = [name for name in sys.modules if name == "alembic" or name.startswith("alembic.")]
    return {name: sys.modules.pop(name) for name in names}


@contextmanager
def alembic_alias() -> Iterator[None]:
    """Let ``import alembic`` mean nbmigrate inside the block; nests, and threads may overlap."""
    global _users
    with _lock:
        if _users == 0:
            _kept.update(_take_out())
            sys.meta_path.insert(0, _finder)
        _users += 1
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if _users == 0:
                sys.meta_path.remove(_finder)
                _take_out()
                sys.modules.update(_kept)
                _kept.clear()
