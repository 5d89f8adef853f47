"""``@value``: frozen values, as ``@dataclass(frozen=True)`` has them, made without compiling anything.

``dataclass`` writes and compiles six functions for each class and imports ``inspect`` to do so: twenty
classes of results were a fifth of what ``nbmigrate heads`` took. Here the methods are closures over the names
of the fields; defaults are class attributes. To ``dataclasses.fields``, ``replace`` and ``asdict`` the values
are dataclasses: what those ask for is made when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar, dataclass_transform, overload

__all__ = ["replaced", "value"]

T = TypeVar("T")


class _Fields:
    """``__dataclass_fields__``, made by the real ``dataclass`` at the first look."""

    def __init__(self, hidden: tuple[str, ...]) -> None:
        self.hidden = hidden

    def __get__(self, instance: Any, owner: type) -> dict[str, Any]:
        from dataclasses import dataclass, field, fields

        own = {name: owner.__dict__[name] for name in owner.__annotations__ if name in owner.__dict__}
        own.update((name, field(repr=False, compare=False)) for name in self.hidden)
        twin: Any = dataclass(frozen=True)(
            type(owner.__name__, (), {"__annotations__": owner.__annotations__, **own})
        )
        made = {field.name: field for field in fields(twin)}
        owner.__dataclass_fields__ = made  # type: ignore[attr-defined]
        return made


def _refuse(self: Any, name: str, *_: Any) -> NoReturn:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot change field {name!r}: a {type(self).__name__} is frozen")


@overload
def value(cls: type[T], /) -> type[T]: ...
@overload
def value(*, hidden: tuple[str, ...]) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(frozen_default=True)
def value(cls: type[T] | None = None, /, *, hidden: tuple[str, ...] = ()) -> Any:
    """Make a class of annotated names a frozen value; it may not inherit fields.

    ``hidden`` fields (without defaults) are neither compared nor shown.
    """
    return (lambda made: _value(made, hidden)) if cls is None else _value(cls, hidden)


def _value(cls: type[T], hidden: tuple[str, ...]) -> type[T]:
    names = tuple(cls.__annotations__)
    seen = tuple(name for name in names if name not in hidden)
    known = frozenset(names)
    needed = known.difference(vars(cls))

    def __init__(self: Any, *args: Any, **kw: Any) -> None:
        if not args and kw.keys() == known:  # all by name, as results are made
            self.__dict__.update(kw)
            return
        given = dict(zip(names, args, strict=False))
        if len(args) > len(names) or not given.keys().isdisjoint(kw) or not known.issuperset(kw):
            raise TypeError(f"{cls.__name__} takes {', '.join(names)}; got {args!r}, {kw!r}")
        given.update(kw)
        if missing := needed.difference(given):
            raise TypeError(f"{cls.__name__} lacks {', '.join(sorted(missing))}")
        self.__dict__.update(given)

    def content(self: Any) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in seen)

    def __eq__(self: Any, other: Any) -> bool:
        return content(self) == content(other) if type(other) is type(self) else NotImplemented

    def __repr__(self: Any) -> str:
        return f"{cls.__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in seen)})"

    methods: dict[str, Any] = {
        "__init__": __init__,
        "__eq__": __eq__,
        "__hash__": lambda self: hash(content(self)),
        "__setattr__": _refuse,
        "__delattr__": _refuse,
        "__match_args__": names,
        "__dataclass_fields__": _Fields(hidden),
    }
    if "__repr__" not in vars(cls):
        methods["__repr__"] = __repr__
    for name, method in methods.items():
        setattr(cls, name, method)
    return cls


def replaced(old: T, **changes: Any) -> T:
    """The same value with other fields: ``dataclasses.replace``, without importing it."""
    return type(old)(**{**vars(old), **changes})
