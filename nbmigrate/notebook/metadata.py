"""The models of a notebook: declarative bases and MetaData objects, by name or as the only ones there are."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from nbmigrate.errors import CommandError

__all__ = ["NoModels", "find_metadata", "lookup", "model_names", "worth_asking"]


class NoModels(CommandError):
    """The notebook has no models, or several and none was named."""


def lookup(name: str, namespace: Mapping[str, Any]) -> Any:
    """A dotted name's value, looked up from left to right."""
    first, *rest = name.split(".")
    if first not in namespace:
        near = get_close_matches(first, [key.partition(".")[0] for key, _ in candidates(namespace)], 1)
        hint = f"; did you mean {near[0]}?" if near else ": run the cell that defines it first"
        raise CommandError(f"The notebook has no variable {first}{hint}")
    value = namespace[first]
    for position, part in enumerate(rest, 1):
        try:
            value = getattr(value, part)
        except AttributeError:
            raise CommandError(
                f"{'.'.join([first, *rest[: position - 1]])} has no attribute {part}"
            ) from None
    return value


def find_metadata(name: str | None, namespace: Mapping[str, Any]) -> tuple[str, Any]:
    """The notebook's models: by name, else the one declarative base or MetaData there is, with its name."""
    if name is not None:
        metadata = _metadata_of(lookup(name, namespace))
        if metadata is None:
            kind = type(lookup(name, namespace)).__name__
            raise CommandError(f"{name} is of type {kind}; a MetaData or a declarative base is needed")
        return name, metadata
    found = candidates(namespace)
    if len(found) > 1:
        found = [(key, metadata) for key, metadata in found if metadata.tables] or found
    if not found:
        raise NoModels(
            "No models in this notebook: define a declarative base with models on it, or a MetaData with "
            "tables, and say which by %migrate connect --metadata NAME"
        )
    if len(found) > 1:
        names = [key for key, _ in found]
        raise NoModels(
            f"Several models in this notebook ({', '.join(names)}): say which by "
            f"%migrate connect --metadata {names[0]}"
        )
    return found[0]


def model_names(namespace: Mapping[str, Any]) -> list[str]:
    """The variables that hold models: declarative bases and MetaData objects."""
    return [key for key, _ in candidates(namespace)] if "sqlalchemy" in sys.modules else []


def candidates(namespace: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Names of MetaData objects and declarative bases, one for each MetaData; else of mapped classes."""
    bases: dict[int, tuple[str, Any]] = {}
    mapped: dict[int, tuple[str, Any]] = {}
    for key, value in list(namespace.items()):
        if key.startswith("_") or key in ("In", "Out"):
            continue
        if not isinstance(value, type) and not worth_asking(value):
            continue
        metadata = _metadata_of(value)
        if metadata is None:
            continue
        if isinstance(value, type) and "__table__" in vars(value):
            mapped.setdefault(id(metadata), (f"{key}.metadata", metadata))
        else:
            bases.setdefault(id(metadata), (key, metadata))
    return list((bases or mapped).values())


def worth_asking(value: Any) -> bool:
    """Whether an object may hold models; attributes of anything else are left alone: they may do work."""
    module = type(value).__module__.partition(".")[0]
    return module in ("sqlalchemy", "flask_sqlalchemy", "flask_sqlalchemy_lite")


def _metadata_of(value: Any) -> Any:
    """The MetaData that a value is or has, None without one."""
    from sqlalchemy import MetaData

    if isinstance(value, MetaData):
        return value
    held = getattr(value, "metadata", None)
    return held if isinstance(held, MetaData) else None
