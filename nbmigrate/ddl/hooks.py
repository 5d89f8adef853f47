"""The hooks of ``DefaultImpl`` that autogenerate and the environment call, for others to override.

What they say here is what nbmigrate's own comparison says, so that an override may end in ``super()``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from nbmigrate.compare.lenient import same_default, same_type_text
from nbmigrate.compare.text import normal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.engine import Dialect
    from sqlalchemy.schema import Column


class Verdict:
    """What comparing two indexes or constraints came to: equal, different (and how), or skipped."""

    def __init__(self, kind: Literal["equal", "different", "skip"], messages: Sequence[str] = ()) -> None:
        self.kind = kind
        self.messages = tuple(messages)

    @property
    def is_equal(self) -> bool:
        """Whether both are the same."""
        return self.kind == "equal"

    @property
    def is_different(self) -> bool:
        """Whether they differ."""
        return self.kind == "different"

    @property
    def is_skip(self) -> bool:
        """Whether they can't be compared."""
        return self.kind == "skip"

    @property
    def message(self) -> str:
        """What differs, or why it was not compared."""
        return ", ".join(self.messages)

    @classmethod
    def Equal(cls) -> Verdict:
        """Both are the same."""
        return cls("equal")

    @classmethod
    def Different(cls, reason: str | Sequence[str]) -> Verdict:
        """They differ."""
        return cls("different", [reason] if isinstance(reason, str) else reason)

    @classmethod
    def Skip(cls, reason: str | Sequence[str]) -> Verdict:
        """They can't be compared."""
        return cls("skip", [reason] if isinstance(reason, str) else reason)


class Hooks:
    """What ``DefaultImpl`` answers when nobody overrides it."""

    dialect: Dialect
    type_synonyms: ClassVar[tuple[set[str], ...]] = ({"NUMERIC", "DECIMAL"},)
    type_arg_extract: ClassVar[Sequence[str]] = ()
    identity_attrs_ignore: ClassVar[tuple[str, ...]] = ("order", "on_null")

    def compare_type(self, inspector_column: Column[Any], metadata_column: Column[Any]) -> bool:
        """Whether the types of two columns differ."""
        return not same_type_text(
            self._type_text(inspector_column),
            self._type_text(metadata_column),
            [frozenset(word.lower() for word in group) for group in self.type_synonyms],
        )

    def _type_text(self, column: Column[Any]) -> str:
        return str(self.dialect.type_compiler_instance.process(column.type))

    def compare_server_default(
        self,
        inspector_column: Any,
        metadata_column: Any,
        rendered_metadata_default: str | None,
        rendered_inspector_default: str | None,
    ) -> bool:
        """Whether two server defaults, given as SQL, differ."""
        return not same_default(rendered_inspector_default, rendered_metadata_default)

    def compare_indexes(self, metadata_index: Any, reflected_index: Any) -> Verdict:
        """Whether two indexes of one name are the same, in uniqueness and columns."""
        told = []
        if bool(metadata_index.unique) != bool(reflected_index.unique):
            told.append(f"unique={bool(reflected_index.unique)} to unique={bool(metadata_index.unique)}")
        wanted, there = (
            [normal(self.render_ddl_sql_expr(one)) for one in index.expressions]
            for index in (metadata_index, reflected_index)
        )
        if wanted != there:
            told.append(f"expression {there} to {wanted}")
        return Verdict.Different(told) if told else Verdict.Equal()

    def compare_unique_constraint(self, metadata_constraint: Any, reflected_constraint: Any) -> Verdict:
        """Whether two unique constraints are over the same columns."""
        wanted, there = (
            sorted(column.name for column in one.columns)
            for one in (metadata_constraint, reflected_constraint)
        )
        return Verdict.Equal() if wanted == there else Verdict.Different(f"expression {there} to {wanted}")

    def compare_check_constraint(self, metadata_constraint: Any, reflected_constraint: Any) -> Verdict:
        """Whether two CHECK constraints of one name are the same; they are taken to be."""
        return Verdict.Equal()

    def correct_for_autogen_constraints(
        self,
        conn_uniques: set[Any],
        conn_indexes: set[Any],
        metadata_unique_constraints: set[Any],
        metadata_indexes: set[Any],
    ) -> None:
        """Take out of four sets what must not be compared."""

    def correct_for_autogen_foreignkeys(self, conn_fks: set[Any], metadata_fks: set[Any]) -> None:
        """Take out of two sets what must not be compared."""

    def autogen_column_reflect(self, inspector: Any, table: Any, column_info: Any) -> None:
        """Change what was read of a column."""

    def _compat_autogen_column_reflect(self, inspector: Any) -> Callable[..., Any]:
        return self.autogen_column_reflect

    def cast_for_batch_migrate(self, existing: Any, existing_transfer: dict[str, Any], new_type: Any) -> None:
        """Put a CAST around a column that a rebuild copies into one of another kind."""
        from sqlalchemy import cast

        if existing.type._type_affinity is not new_type._type_affinity:
            existing_transfer["expr"] = cast(existing_transfer["expr"], new_type)

    def render_ddl_sql_expr(self, expr: Any, is_server_default: bool = False, **kw: Any) -> str:
        """An expression as SQL, with its values written out."""
        keywords = {"literal_binds": True, "include_table": False}
        return str(expr.compile(dialect=self.dialect, compile_kwargs=keywords))

    def render_type(self, type_obj: Any, autogen_context: Any) -> str | Literal[False] | None:
        """A type as Python source; False for the usual way."""
        return False

    def adjust_reflected_dialect_options(self, reflected_object: Any, kind: str) -> dict[str, Any]:
        """The dialect's own options of a reflected index or constraint."""
        options: dict[str, Any] = reflected_object.get("dialect_options", {})
        return options

    def _normalize_computed_default(self, sqltext: str) -> str:
        return re.sub(r"[ \(\)'\"`\[\]\t\r\n]", "", sqltext).lower()

    def requires_recreate_in_batch(self, batch_op: Any) -> bool:
        """Whether a batch needs its table rebuilt; nbmigrate's dialects decide that by themselves."""
        return False

    def prep_table_for_batch(self, batch_impl: Any, table: Any) -> None:
        """What must happen before a table is rebuilt."""

    def start_migrations(self) -> None:
        """A run begins."""
