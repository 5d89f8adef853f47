"""The parameters of ``configure()``: which there are, which stay for the next call, which were misspelt.

A table in place of a signature with forty names, because the same table answers all three questions. Alembic
keeps unknown keywords in ``opts``, and real projects read theirs back from there, so a misspelling can't be
an error: it gets a warning that suggests the right word.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Iterable, Mapping, MutableMapping
from typing import Any, Literal, Protocol

# the shapes of what configure() may be given, by Alembic's names, for the annotations of an env.py
NameFilterType = Literal[
    "schema",
    "table",
    "column",
    "index",
    "unique_constraint",
    "foreign_key_constraint",
    "check_constraint",
]
NameFilterParentNames = MutableMapping[
    Literal["schema_name", "table_name", "schema_qualified_table_name"], str | None
]
IncludeNameFn = Callable[[str | None, NameFilterType, NameFilterParentNames], bool]
IncludeObjectFn = Callable[[Any, str | None, str, bool, Any], bool]
RenderItemFn = Callable[[str, Any, Any], str | Literal[False]]
ProcessRevisionDirectiveFn = Callable[[Any, Any, list[Any]], None]
CompareType = Callable[[Any, Any, Any, Any, Any], bool | None]
CompareServerDefault = Callable[[Any, Any, Any, str | None, Any, str | None], bool | None]


class OnVersionApplyFn(Protocol):
    """What ``on_version_apply`` is called with, after each step and inside its transaction."""

    def __call__(self, *, ctx: Any, step: Any, heads: Collection[Any], run_args: Mapping[str, Any]) -> None:
        """Take note of a step."""


# given once, these hold for the next call too: a run has one of each
KEPT = (
    "audit",
    "lock",
    "lock_retries",
    "lock_timeout",
    "mssql_batch_separator",
    "oracle_batch_separator",
    "output_encoding",
    "starting_rev",
    "statement_timeout",
    "tag",
    "template_args",
    "transactional_ddl",
    "version_table",
    "version_table_pk",
    "version_table_schema",
)

# these hold for the call that gives them only: an env.py configures several databases one after another
OF_ONE_CALL = (
    "alembic_module_prefix",
    "autogenerate_plugins",
    "compare_server_default",
    "compare_type",
    "include_name",
    "include_object",
    "include_schemas",
    "literal_binds",
    "on_version_apply",
    "process_revision_directives",
    "render_as_batch",
    "render_item",
    "sqlalchemy_module_prefix",
    "target_metadata",
    "transaction_per_migration",
    "upgrade_token",
    "downgrade_token",
    "user_module_prefix",
)

# for the connection, not for the run: explicit parameters of configure()
OF_CONNECTION = ("connection", "dialect_name", "dialect_opts", "output_buffer", "url")

PARAMETERS = tuple(sorted((*KEPT, *OF_ONE_CALL, *OF_CONNECTION)))

# None says something else here than that nothing was given
_NONE_COUNTS = ("alembic_module_prefix", "sqlalchemy_module_prefix")


def configured(before: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a run after one more call of ``configure()``.

    ``template_args`` are added to those that the verb made, in place, because the verb reads them afterwards.
    """
    opts = {name: value for name, value in before.items() if name not in OF_ONE_CALL}
    for name, value in given.items():
        if name == "template_args" and value and opts.get(name) is not None:
            opts[name].update(value)
        elif value is not None or name in _NONE_COUNTS:
            opts[name] = value
    return opts


def warn_of_misspellings(names: Iterable[str], stacklevel: int) -> None:
    """Warn of each keyword that is no parameter and looks like one."""
    for name in names:
        if name in PARAMETERS:
            continue
        import difflib  # for who writes a word of their own only

        near = difflib.get_close_matches(name, PARAMETERS, n=1, cutoff=0.8)
        if near:
            warnings.warn(
                f"configure() has no parameter '{name}': did you mean '{near[0]}'? "
                f"It is kept in get_context().opts as '{name}'",
                UserWarning,
                stacklevel=stacklevel + 1,
            )
