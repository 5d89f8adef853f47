"""``%migrate walk`` with a slider: the replayed history, and the widget that shows one revision at a time.

The history is replayed once, in memory, when the verb is called; what a step looks like is made when it is
first looked at. The database is not asked, so a walk goes on while a cell works on it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from nbmigrate.notebook.differences import functions_of
from nbmigrate.notebook.displays import html_of, text_of
from nbmigrate.notebook.erd import changes_in_words, walked_picture
from nbmigrate.notebook.errors import one_line
from nbmigrate.notebook.tables import clip, sql_lines, visible
from nbmigrate.notebook.widgets import bundle, script
from nbmigrate.results import position

if TYPE_CHECKING:
    from nbmigrate import plans

__all__ = ["Walker"]

TEXT = 20_000  # characters of a script or its SQL
WORDS = 20  # operations of a revision that are told


class Walker:
    """What ``%migrate walk`` returns where there is somebody to walk: the walk and its widget.

    Attributes of the walk (``steps``, ``target``, ...) can be read from it.
    """

    def __init__(self, value: plans.Walk) -> None:
        self.value = value
        self._told: dict[int, dict[str, Any]] = {}
        self.widget: Any = _widget_class()(self)

    def __getattr__(self, name: str) -> Any:
        """The walk's attributes."""
        if name == "value" or name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.value, name)

    def __str__(self) -> str:
        """The walk as text."""
        return str(self.value)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The widget for who can show it; the steps as a list for who can't."""
        return bundle(self.widget, html_of(self.value) or "", text_of(self.value), **kwargs)

    @property
    def titles(self) -> list[str]:
        """What each step is called."""
        return [title(step) for step in self.value.steps]

    def told(self, at: int) -> dict[str, Any]:
        """What the widget shows of a step, made once."""
        if at not in self._told:
            try:
                self._told[at] = {"at": at, **_told(self.value.steps[at])}
            except Exception as error:  # whatever goes wrong is told where one looks
                return {"at": at, **_NOTHING, "error": one_line(error, lambda text: text)}
        return self._told[at]


_NOTHING = {
    "facts": "", "words": [], "note": "", "summary": "", "picture": "", "python": "", "sql": "", "error": "",
}  # fmt: skip


def title(step: plans.WalkStep) -> str:
    """Id and message, on one line."""
    return clip(visible(f"{step.revision.id}  {step.revision.message}".rstrip()).replace("\n", " "), 200)


def _told(step: plans.WalkStep) -> dict[str, Any]:
    info = step.revision
    facts = [f"follows {position(info.down_revision)}"]
    facts += [f"depends on {position(info.depends_on)}"] if info.depends_on else []
    facts += [f"branch {', '.join(info.branch_labels)}"] if info.branch_labels else []
    facts += [info.created.partition(".")[0]] if info.created else []
    words = [one.words for one in step.operations[:WORDS]] or ["It changes nothing."]
    if len(step.operations) > WORDS:
        words.append(f"And {len(step.operations) - WORDS:,} operations more.")
    return {
        **_NOTHING,
        "facts": visible(" \N{MIDDLE DOT} ".join(facts)),
        "words": [clip(visible(text), 400) for text in words],
        "note": visible(f"note: {step.note}" if step.note else ""),
        "summary": clip(visible(changes_in_words(step.drawing)), 500),
        "picture": walked_picture(step.drawing),
        "python": clip(visible(functions_of(step.source)), TEXT),
        "sql": clip(visible(sql_lines(step.statements)), TEXT),
    }


@cache
def _widget_class() -> Any:
    """The widget's class, made when first needed."""
    import anywidget
    import traitlets

    class MigrateWalk(anywidget.AnyWidget):
        """Shows one step, and asks for others."""

        _esm = script("walk.js")
        titles: Any = traitlets.List().tag(sync=True)
        dialect: Any = traitlets.Unicode().tag(sync=True)
        shown: Any = traitlets.Dict().tag(sync=True)

        def __init__(self, walker: Walker) -> None:
            names = walker.titles
            super().__init__(titles=names, dialect=walker.value.dialect, shown=walker.told(0))

            def asked(_: Any, content: Any, buffers: Any) -> None:
                at = content.get("at") if isinstance(content, dict) else None
                if isinstance(at, int) and 0 <= at < len(names):
                    self.shown = walker.told(at)

            self.on_msg(asked)

    return MigrateWalk
