"""Classes of other packages, written for Alembic: which part is theirs, and how an object is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nbmigrate.ddl.impl import BUILT_IN, DefaultImpl

if TYPE_CHECKING:
    from nbmigrate.ddl.statement import Statement
    from nbmigrate.dialects.base import Dialect


def given(**words: Any) -> dict[str, Any]:
    """The keywords that were said: foreign methods need not know those that were not."""
    return {word: value for word, value in words.items() if value is not None}


def says(impl_class: type[DefaultImpl], name: str) -> bool:
    """Whether a class, or a base of it that is not nbmigrate's, defines a name."""
    return any(name in vars(cls) for cls in foreign_part(impl_class))


def foreign_part(impl_class: type[DefaultImpl]) -> list[type]:
    """The class and its bases, without nbmigrate's own."""
    return [cls for cls in impl_class.__mro__[:-1] if not is_ours(cls)]


def is_ours(cls: type) -> bool:
    """Whether a class is one of nbmigrate's."""
    return cls.__module__.startswith("nbmigrate.ddl.")


def base_name(impl_class: type[DefaultImpl]) -> str:
    """The database whose ways a class builds on: ``postgresql`` for a subclass of PostgresqlImpl."""
    for cls in impl_class.__mro__:
        if is_ours(cls) and "__dialect__" in vars(cls):
            return str(vars(cls)["__dialect__"])
    return "default"


def make_impl(
    impl_class: type[DefaultImpl],
    usual: Dialect,
    run: Callable[[Statement], Any],
    opts: dict[str, Any],
) -> DefaultImpl:
    """An object of the class whose methods make ``usual``'s statements and give them to ``run``."""
    impl = impl_class.__new__(impl_class)
    impl._dialect = usual
    impl._run = run
    as_sql = not usual.live
    impl_class.__init__(
        impl,
        usual.sqlalchemy,
        usual.connection if usual.live else None,
        as_sql,
        opts.get("transactional_ddl"),
        opts.get("output_buffer"),
        opts,
    )
    return impl


def builds_on(impl_class: type[DefaultImpl], name: str) -> bool:
    """Whether a class builds on what nbmigrate has for that database."""
    return name in BUILT_IN and base_name(impl_class) == name
