"""``%migrate ui``: the panel as a widget, with the same history as a static display beside it.

Anywidget is imported when the verb is called and not before. Where nobody can press anything (nbclient,
nbconvert, papermill: the kernel is told that there is no one to answer), no widget is made: saved widget
state would make an exported page blank where the widget's own code can't be fetched.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from nbmigrate.notebook.displays import html_of, text_of
from nbmigrate.notebook.errors import unreachable
from nbmigrate.notebook.panel import Panel

if TYPE_CHECKING:
    from nbmigrate.notebook.session import Session
    from nbmigrate.results import Revisions

__all__ = ["Interface", "somebody_there"]


class Interface:
    """What ``%migrate ui`` returns: a panel, its widget where there is somebody to press, its static twin."""

    def __init__(self, session: Session, *, live: bool) -> None:
        self.panel = Panel(session)
        self.history = _history(session)
        self.panel.press({"do": "refresh"})
        self.widget: Any = _widget_class()(self.panel, session) if live else None

    def __repr__(self) -> str:
        """The history as text."""
        return text_of(self.history)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The widget for who can show it; the history as HTML and as text for who can't."""
        bundle: dict[str, Any] = {}
        metadata: dict[str, Any] = {}
        if self.widget is not None:
            made = self.widget._repr_mimebundle_(**kwargs)
            bundle, metadata = made if isinstance(made, tuple) else (made or {}, {})
        return {**bundle, "text/html": html_of(self.history), "text/plain": repr(self)}, dict(metadata)


def _history(session: Session) -> Revisions:
    """The history, without applied and pending where the database can't be reached."""
    migrator = session.migrator()
    try:
        return migrator.history()
    except Exception as error:
        if not unreachable(error):
            raise
        migrator.show_status = False
        return migrator.history()


def somebody_there(shell: Any) -> bool:
    """Whether a kernel runs this, for a front end that lets people answer."""
    kernel = getattr(shell, "kernel", None)
    return kernel is not None and bool(getattr(kernel, "_allow_stdin", False))


@cache
def _widget_class() -> Any:
    """The widget's class, made when first needed."""
    import anywidget
    import traitlets

    class MigrateInterface(anywidget.AnyWidget):
        """Draws a panel's state and sends what was pressed."""

        _esm = files(__package__).joinpath("ui.js").read_text(encoding="utf-8")
        state = traitlets.Dict().tag(sync=True)

        def __init__(self, panel: Panel, session: Session) -> None:
            super().__init__(state=panel.state)
            panel.changed = lambda state: setattr(self, "state", state)

            def pressed(_: Any, content: Any, buffers: Any) -> None:
                # a callback may come on a thread of its own, while a cell runs
                with session.lock:
                    panel.press(content)

            self.on_msg(pressed)

    return MigrateInterface
