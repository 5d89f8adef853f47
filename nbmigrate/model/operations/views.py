"""Operations on views and materialised views: a view is its SELECT, and holds no rows of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nbmigrate.model.operations.base import MigrateOperation, NotReversible, full_name


class CreateViewOp(MigrateOperation):
    """Create a view from the text of its SELECT.

    ``afterwards`` are statements that belong to it: indexes of a materialised view, its comment. ``extra`` is
    what stands between its name and AS.
    """

    def __init__(
        self,
        view_name: str,
        definition: str,
        *,
        schema: str | None = None,
        materialized: bool = False,
        extra: str = "",
        afterwards: Sequence[str] = (),
    ) -> None:
        self.view_name = view_name
        self.definition = definition
        self.schema = schema
        self.materialized = materialized
        self.extra = extra
        self.afterwards = tuple(afterwards)

    def reverse(self) -> DropViewOp:
        """Drop it again."""
        return DropViewOp(self.view_name, schema=self.schema, materialized=self.materialized, _reverse=self)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """``("add_view", schema, name, definition)``."""
        return ("add_view", self.schema, self.view_name, self.definition)

    def explain(self) -> str:
        """One sentence."""
        kind = "materialised view" if self.materialized else "view"
        return f"Create the {kind} {full_name(self.view_name, self.schema)}."


class DropViewOp(MigrateOperation):
    """Drop a view; ``_reverse`` remembers what it was."""

    def __init__(
        self,
        view_name: str,
        *,
        schema: str | None = None,
        materialized: bool = False,
        _reverse: CreateViewOp | None = None,
    ) -> None:
        self.view_name = view_name
        self.schema = schema
        self.materialized = materialized
        self._reverse = _reverse

    def reverse(self) -> CreateViewOp:
        """Create it again."""
        if self._reverse is None:
            raise NotReversible(
                f"dropping the view {self.view_name} can't be reversed: its text is not known"
            )
        return self._reverse

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """``("remove_view", schema, name, definition)``."""
        known = None if self._reverse is None else self._reverse.definition
        return ("remove_view", self.schema, self.view_name, known)

    def explain(self) -> str:
        """One sentence."""
        kind = "materialised view" if self.materialized else "view"
        return f"Drop the {kind} {full_name(self.view_name, self.schema)}; the tables that it reads stay."


class ReplaceViewOp(MigrateOperation):
    """Give a view another SELECT without dropping it, so that rights and views on it stay."""

    def __init__(
        self,
        view_name: str,
        definition: str,
        existing_definition: str,
        *,
        schema: str | None = None,
        extra: str = "",
    ) -> None:
        self.view_name = view_name
        self.definition = definition
        self.existing_definition = existing_definition
        self.schema = schema
        self.extra = extra

    def reverse(self) -> ReplaceViewOp:
        """Give it back the SELECT that it had."""
        return ReplaceViewOp(
            self.view_name,
            self.existing_definition,
            self.definition,
            schema=self.schema,
            extra=self.extra,
        )

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """``("modify_view", schema, name, existing definition, definition)``."""
        return ("modify_view", self.schema, self.view_name, self.existing_definition, self.definition)

    def explain(self) -> str:
        """One sentence."""
        return f"Replace the SELECT of the view {full_name(self.view_name, self.schema)}."
