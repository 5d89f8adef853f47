"""How Python text is rendered: prefixes, the user's hooks, the imports that come together on the way.

One object goes through all of rendering. Users' hooks and renderers expect Alembic's AutogenContext as their
first or last argument; it is kept in ``autogen_context`` and handed to them, and whatever we are handed back
is turned into options again by ``options_of``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


@dataclass(frozen=True, eq=False)
class RenderOptions:
    """``imports`` is filled while rendering; ``batch`` says that we are inside ``with ... as batch_op``.

    ``reprs`` remembers the texts of types while rendering.

    ``render_item(type_, object, autogen_context)`` is the user's hook: text, or False for "as usual".
    """

    sqlalchemy_module_prefix: str | None = "sa."
    alembic_module_prefix: str | None = "op."
    user_module_prefix: str | None = None
    render_as_batch: bool = False
    render_item: Callable[[str, Any, Any], Any] | None = None
    imports: set[str] = field(default_factory=set)
    dialect: Dialect | None = None
    autogen_context: Any = None
    migration_context: Any = None
    batch: bool = False
    reprs: dict[Any, str] = field(default_factory=dict, repr=False)

    def in_batch(self) -> RenderOptions:
        """The same, inside ``with op.batch_alter_table(...) as batch_op``."""
        return replace(self, batch=True)

    @property
    def sa(self) -> str:
        """The prefix of SQLAlchemy's names."""
        return self.sqlalchemy_module_prefix or ""

    @property
    def op(self) -> str:
        """The prefix of directives."""
        return "batch_op." if self.batch else self.alembic_module_prefix or ""

    @property
    def opts(self) -> Mapping[str, Any]:
        """These options by Alembic's names, for hooks that look at ``autogen_context.opts``."""
        return {
            "sqlalchemy_module_prefix": self.sqlalchemy_module_prefix,
            "alembic_module_prefix": self.alembic_module_prefix,
            "user_module_prefix": self.user_module_prefix,
            "render_as_batch": self.render_as_batch,
            "render_item": self.render_item,
        }

    @property
    def for_hooks(self) -> Any:
        """What a user's hook is given as its ``autogen_context``."""
        return self if self.autogen_context is None else self.autogen_context

    def ask(self, type_: str, thing: Any) -> Any:
        """What the user's ``render_item`` says; False for "as usual"."""
        if self.render_item is None:
            return False
        return self.render_item(type_, thing, self.for_hooks)

    def ask_dialect(self, type_: Any) -> Any:
        """What a dialect written for Alembic says of a type; False for "as usual"."""
        context = self.migration_context or getattr(self.autogen_context, "migration_context", None)
        dialect = getattr(context, "ddl", None)
        hook = None if dialect is None else dialect.hook("render_type")
        return (hook(type_, self.for_hooks) or False) if hook else False


def options_of(context: Any) -> RenderOptions:
    """Options themselves, or an AutogenContext's ``render_options``, else made from its ``opts``."""
    if isinstance(context, RenderOptions):
        return context
    kept = getattr(context, "render_options", None)
    if isinstance(kept, RenderOptions):
        return kept.in_batch() if getattr(context, "_has_batch", False) else kept
    opts = context.opts
    words = ("sqlalchemy_module_prefix", "alembic_module_prefix", "user_module_prefix", "render_item")
    return RenderOptions(
        **{word: opts[word] for word in words if word in opts},
        render_as_batch=bool(opts.get("render_as_batch", False)),
        imports=context.imports,
        dialect=getattr(context, "dialect", None),
        autogen_context=context,
        batch=bool(getattr(context, "_has_batch", False)),
    )
