"""``@value``: frozen values, as ``@dataclass(frozen=True)`` has them, made without compiling anything.

``dataclass`` writes and compiles six functions for each class and imports ``inspect`` to do so: twenty
classes of results were a fifth of what ``nbmigrate heads`` took. Here the methods are closures over the names
of the fields; defaults are class attributes. To ``dataclasses.fields``, ``replace`` and ``asdict`` the values
are dataclasses: what those ask for is made when it is asked for.
"""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar, dataclass_transform

__all__ = ["replaced", "value"]

T = TypeVar("T")


class _Fields:
    """``__dataclass_fields__``, made by the real ``dataclass`` at the first look."""

    def __get__(self, instance: Any, owner: type) -> dict[str, Any]:
        from dataclasses import dataclass, fields

        own = {name: owner.__dict__[name] for name in owner.__annotations__ if name in owner.__dict__}
        twin: Any = dataclass(frozen=True)(
            type(owner.__name__, (), {"__annotations__": owner.__annotations__, **own})
        )
        made = {field.name: field for field in fields(twin)}
        owner.__dataclass_fields__ = made  # type: ignore[attr-defined]
        return made


def _refuse(self: Any, name: str, *_: Any) -> NoReturn:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot change field {name!r}: a {type(self).__name__} is frozen")


@dataclass_transform(frozen_default=True)
def value(cls: type[T]) -> type[T]:
    """Make a class of annotated names a frozen value; it may not inherit fields."""
    names = tuple(cls.__annotations__)
    known = frozenset(names)
    needed = known.difference(vars(cls))

    def __init__(self: Any, *args: Any, **kw: Any) -> None:
        given = dict(zip(names, args, strict=False))
        if len(args) > len(names) or not given.keys().isdisjoint(kw) or not known.issuperset(kw):
            raise TypeError(f"{cls.__name__} takes {', '.join(names)}; got {args!r}, {kw!r}")
        given.update(kw)
        if missing := needed.difference(given):
            raise TypeError(f"{cls.__name__} lacks {', '.join(sorted(missing))}")
        self.__dict__.update(given)

    def content(self: Any) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in names)

    def __eq__(self: Any, other: Any) -> bool:
        return content(self) == content(other) if type(other) is type(self) else NotImplemented

    def __repr__(self: Any) -> str:
        return f"{cls.__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    methods: dict[str, Any] = {
        "__init__": __init__,
        "__eq__": __eq__,
        "__hash__": lambda self: hash(content(self)),
        "__setattr__": _refuse,
        "__delattr__": _refuse,
        "__match_args__": names,
        "__dataclass_fields__": _Fields(),
    }
    if "__repr__" not in vars(cls):
        methods["__repr__"] = __repr__
    for name, method in methods.items():
        setattr(cls, name, method)
    return cls


def replaced(old: T, **changes: Any) -> T:
    """The same value with other fields: ``dataclasses.replace``, without importing it."""
    return type(old)(**{**vars(old), **changes})
