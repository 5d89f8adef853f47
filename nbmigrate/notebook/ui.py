"""``%migrate ui``: the panel as a widget, with the same history as a static display beside it."""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING, Any

from nbmigrate.notebook.displays import html_of, text_of
from nbmigrate.notebook.errors import unreachable
from nbmigrate.notebook.panel import Panel
from nbmigrate.notebook.widgets import bundle, script

if TYPE_CHECKING:
    from nbmigrate.notebook.session import Session
    from nbmigrate.results import Revisions

__all__ = ["Interface"]

PRIVATE = (
    "this database lives in memory, and by its Engine in the thread of the cells only: create_engine("
    "'sqlite://', poolclass=StaticPool, connect_args={'check_same_thread': False}) is for all threads, as "
    "is %migrate sandbox"
)


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
        return bundle(self.widget, html_of(self.history) or "", repr(self), **kwargs)


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


def _is_private(session: Session) -> bool:
    """Whether this thread would see another database than the cells do."""
    try:
        database = session.migrator().database
        return database is not None and database.is_private_to_a_thread
    except Exception:  # what is wrong with the connection is told by the press
        return False


@cache
def _widget_class() -> Any:
    """The widget's class, made when first needed."""
    import anywidget
    import traitlets

    class MigrateInterface(anywidget.AnyWidget):
        """Draws a panel's state and sends what was pressed."""

        _esm = script("ui.js")
        state = traitlets.Dict().tag(sync=True)

        def __init__(self, panel: Panel, session: Session) -> None:
            super().__init__(state=panel.state)
            panel.changed = lambda state: setattr(self, "state", state)

            home = threading.get_ident()

            def pressed(_: Any, content: Any, buffers: Any) -> None:
                # a callback may come on a thread of its own, while a cell runs
                with session.lock:
                    if threading.get_ident() != home and _is_private(session):
                        panel.refuse(PRIVATE)
                    else:
                        panel.press(content)

            self.on_msg(pressed)

    return MigrateInterface
