"""What Operations and BatchOperations share: the way of an operation to the one who carries it out.

A directive makes an operation and calls ``invoke``. An implementation that somebody registered for the
operation's class comes first; without one the operation goes to ``run``: the migration context's dialect, or
in batch the list that is handed over at the end. Extensions register both (``register_operation``,
``implementation_for``), at import time and for the whole process, as Alembic's extensions do.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

from nbmigrate.model import operations as ops

if TYPE_CHECKING:
    from sqlalchemy.sql.elements import BindParameter, conv
    from sqlalchemy.types import TypeEngine

    Implementation = Callable[[Any, Any], Any]

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
OpClass = TypeVar("OpClass", bound=type)


class MigrationContext(Protocol):
    """The part of a migration context that directives use."""

    @property
    def opts(self) -> Mapping[str, Any]:
        """What the context was configured with."""

    @property
    def bind(self) -> Any:
        """The live connection, or what stands for it offline."""

    def run_operation(self, operation: ops.MigrateOperation, /) -> Any:
        """Carry the operation out."""


class AbstractOperations:
    """Directives bound to one migration context."""

    _implementations: ClassVar[dict[type, Implementation]] = {}

    def __init__(self, migration_context: MigrationContext, impl: Any = None) -> None:
        self.migration_context = migration_context
        self._impl = impl

    @property
    def impl(self) -> Any:
        """In batch what holds ``table_name`` and ``schema``; else the context's, where it has one."""
        return self._impl if self._impl is not None else getattr(self.migration_context, "impl", None)

    @classmethod
    def register_operation(cls, name: str, sourcename: str | None = None) -> Callable[[OpClass], OpClass]:
        """Class decorator: add the directive ``name``, its classmethod of that name or ``sourcename``.

        The classmethod is called with these operations and then the directive's own arguments.
        """

        def register(op_class: OpClass) -> OpClass:
            source = getattr(op_class, sourcename or name)

            @functools.wraps(source)
            def directive(self: AbstractOperations, *args: Any, **kw: Any) -> Any:
                return source(self, *args, **kw)

            directive.__name__ = name
            setattr(cls, name, directive)
            return op_class

        return register

    @classmethod
    def implementation_for(cls, op_cls: type, replace: bool = False) -> Callable[[F], F]:
        """Decorator: carry operations of this class out with this function of (operations, operation).

        ``replace`` is needed where the class has an implementation already, ours included.
        """

        def register(function: F) -> F:
            taken = op_cls in AbstractOperations._implementations or op_cls.__module__.startswith(
                ops.__name__
            )
            if taken and not replace:
                raise ValueError(
                    f"Can not set dispatch function for object {op_cls!r}: key already exists. "
                    "To replace existing function, use replace=True."
                )
            AbstractOperations._implementations[op_cls] = function
            return function

        return register

    def invoke(self, operation: ops.MigrateOperation) -> Any:
        """Carry one operation out."""
        for kind in type(operation).__mro__:
            implementation = AbstractOperations._implementations.get(kind)
            if implementation is not None:
                return implementation(self, operation)
        return self.run(operation)

    def run(self, operation: ops.MigrateOperation) -> Any:
        """Carry one operation out, past what has been registered for its class."""
        if isinstance(operation, ops.OpContainer) and not isinstance(operation, ops.BatchAlterTableOp):
            for one in operation.ops:
                self.invoke(one)
            return None
        return self.migration_context.run_operation(operation)

    def get_context(self) -> Any:
        """The migration context."""
        return self.migration_context

    def get_bind(self) -> Any:
        """The connection that the migration runs on; offline a stand-in."""
        return self.migration_context.bind

    def f(self, name: str) -> conv:
        """A name that the naming convention has been applied to already."""
        from sqlalchemy.sql.elements import conv

        return conv(name)

    def inline_literal(self, value: Any, type_: TypeEngine[Any] | None = None) -> BindParameter[Any]:
        """A value that is written into the SQL text in place of a bound parameter."""
        from nbmigrate.operations.literal import InlineLiteral

        return InlineLiteral(None, value, type_=type_)

    def run_async(self, async_function: Callable[..., Awaitable[T]], *args: Any, **kw_args: Any) -> T:
        """Call an async function with the AsyncConnection that the migration runs on, and wait for it.

        Raises NotImplementedError offline and ValueError where the engine isn't an async one.
        """
        connection = self.get_bind()
        if connection is None or getattr(self.migration_context, "as_sql", False):
            raise NotImplementedError("Cannot call run_async in SQL mode")
        if not connection.dialect.is_async:
            raise ValueError("Cannot call run_async with a sync engine")
        from sqlalchemy.ext.asyncio import AsyncConnection
        from sqlalchemy.util import await_only

        proxy = AsyncConnection._retrieve_proxy_for_target(connection)
        result: T = await_only(async_function(proxy, *args, **kw_args))
        return result
