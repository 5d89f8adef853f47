"""How connect, init and list_templates look: which database and which files a notebook speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbmigrate.notebook.tables import Cell, Html, facts, frame, note, path_cell, plural, table

if TYPE_CHECKING:
    from nbmigrate import results

__all__ = ["connected", "initialised", "templates"]


def connected(value: results.Connected) -> Html:
    """Which database the notebook now speaks of."""
    pairs: list[tuple[str, Cell | str]] = [
        ("database", Cell(value.database, mono=True)),
        ("kind", value.dialect),
        ("named by", value.source),
        ("migrations", path_cell(value.directory)),
        ("models", Cell(value.metadata or "", mono=True)),
        ("note", value.note),
    ]
    return frame(facts("Connected", pairs, ["", "", "", "", "", "alter"]))


def initialised(value: results.Init) -> Html:
    """The files of the migration environment."""
    made = sum(file.state != "unchanged" for file in value.files)
    caption = f"Migration environment in {value.directory}: {plural(made, 'file')} written"
    tints = ["" if file.state == "unchanged" else "add" for file in value.files]
    rows = [(path_cell(file.path), file.state) for file in value.files]
    return frame(table(caption, ("file", "state"), rows, tints=tints))


def templates(value: results.Templates) -> Html:
    """The templates to choose from."""
    rows = [(Cell(name, mono=True), text) for name, text in value.templates]
    hint = "init --template NAME DIRECTORY takes one of them"
    return frame(table(plural(len(rows), "template"), ("template", "what it is"), rows), note(hint))
