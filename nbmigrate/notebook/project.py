"""How connect, init, list_templates, edit and the card look: the database and files that are spoken of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbmigrate.notebook.tables import Cell, Html, facts, frame, note, path_cell, plural, table
from nbmigrate.results.text import position

if TYPE_CHECKING:
    from nbmigrate import results

__all__ = ["card", "connected", "edited", "initialised", "templates"]


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


def edited(value: results.Edited) -> Html:
    """The files that were opened."""
    return frame(facts("Edited", [("file", path_cell(path)) for path in value.paths]))


def card(value: results.Card) -> Html:
    """Where everything stands."""
    pairs: list[tuple[str, Cell | str]] = [
        ("database", Cell(value.database, mono=True)),
        ("kind", value.dialect),
        ("migrations", path_cell(value.directory) if value.directory else "none yet: %migrate init"),
        ("at", Cell(position(value.current), mono=True)),
        ("heads", Cell(position(value.heads), mono=True)),
        ("pending", plural(value.pending, "revision")),
    ]
    tints = ["", "", "", "", "", "alter" if value.pending else ""]
    if value.diff is not None:
        pairs.append(("models", f"{value.metadata or 'models'}: {value.diff.summary}"))
        tints.append("alter" if value.diff else "")
    else:
        pairs.append(("models", value.note))
    return frame(facts("nbmigrate", pairs, tints))
