"""How the adapter makes a module of Alembic's inside, and what stands for a function that we have not."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import nbmigrate


def module(name: str, **names: Any) -> ModuleType:
    """A module of Alembic's inside, by name below the package; names are added to one that is there."""
    full = f"nbmigrate.{name}"
    try:
        made = importlib.import_module(full)
    except ModuleNotFoundError:
        made = ModuleType(full)
        sys.modules[full] = made
        parent, _, last = name.rpartition(".")
        holder = sys.modules[f"nbmigrate.{parent}"] if parent else nbmigrate
        setattr(holder, last, made)
    vars(made).update(names)
    return made


def package(name: str, **names: Any) -> ModuleType:
    """The same, with modules below it."""
    made = module(name, **names)
    if not hasattr(made, "__path__"):
        made.__path__ = []  # type: ignore[attr-defined]
    return made


def absent(name: str) -> Callable[..., Any]:
    """A function of Alembic's inside for which nbmigrate has nothing: tests that call it are of class C."""

    def call(*args: Any, **kw: Any) -> Any:
        raise NotImplementedError(f"nbmigrate has nothing like Alembic's {name}")

    call.__name__ = name.rpartition(".")[2]
    return call
