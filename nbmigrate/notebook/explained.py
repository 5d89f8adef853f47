"""How plans, explanations and model cells look: what is shown before anything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbmigrate.notebook.tables import Cell, Html, frame, note, table

if TYPE_CHECKING:
    from nbmigrate.notebook.models import Models

__all__ = ["models"]


def models(value: Models) -> Html:
    """The model cells, and what names a table or class that no cell defines."""
    rows = [(Cell(cell.group, mono=True), Cell(", ".join(cell.classes), mono=True)) for cell in value.cells]
    tints = ["add" if cell.group == value.group else "" for cell in value.cells]
    shown = table(value.summary, ("cell", "classes"), rows, tints=tints)
    return frame(shown, *(note(f"note: {text}") for text in value.notes))
