"""What the widgets share: whether somebody is there to press, their script, and the bundle that is shown.

Anywidget is imported when a widget is made and not before. Where nobody can press anything (nbclient,
nbconvert, papermill: the kernel is told that there is no one to answer), no widget is made: saved widget
state would make an exported page blank where the widget's own code can't be fetched.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

__all__ = ["bundle", "script", "somebody_there", "takes_next_input"]


def somebody_there(shell: Any) -> bool:
    """Whether a kernel runs this, for a front end that lets people answer."""
    kernel = getattr(shell, "kernel", None)
    return kernel is not None and bool(getattr(kernel, "_allow_stdin", False))


def takes_next_input(shell: Any) -> bool:
    """Whether there is a front end that may put a text into the next cell, or a prompt."""
    return hasattr(shell, "set_next_input") and (somebody_there(shell) or not hasattr(shell, "kernel"))


def script(name: str) -> str:
    """A widget's script, behind what all of them share."""
    folder = files(__package__)
    return "\n".join(folder.joinpath(one).read_text(encoding="utf-8") for one in ("widget.js", name))


def bundle(widget: Any, html: str, text: str, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The widget (None where there is none) for who can show it; HTML and text for who can't."""
    data: dict[str, Any] = {}
    metadata: dict[str, Any] = {}
    if widget is not None:
        made = widget._repr_mimebundle_(**kwargs)
        data, metadata = made if isinstance(made, tuple) else (made or {}, {})
    return {**data, "text/html": html, "text/plain": text}, dict(metadata)
