"""What ``%migrate ui`` shows and does, without a widget: a state of plain values, and what presses change.

The widget sends what was pressed and draws the state; it decides nothing. A run takes two presses: the first
plans, the second applies that very plan; anything in between throws the plan away, and a plan that would come
out differently by then is not run. Whatever a press does is said as the ``%migrate`` line that does it.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from nbmigrate.errors import CommandError
from nbmigrate.model.lanes import folded_nodes, folded_words, lay_out
from nbmigrate.notebook.errors import one_line
from nbmigrate.notebook.progress import seldom
from nbmigrate.notebook.svg import lane_strips
from nbmigrate.notebook.tables import clip, visible

__all__ = ["Panel", "Verbs"]

NEWEST = 120  # rows that are not folded
TEXT = 20_000  # characters of a script or its SQL
State = dict[str, Any]


class Verbs(Protocol):
    """The notebook's session, as far as it is needed."""

    def migrator(self) -> Any:
        """A ``Migrator`` for the notebook's database."""
        ...

    def with_models(self) -> tuple[Any, str | None]:
        """The same with the notebook's models."""
        ...

    def scrub(self, text: str) -> str:
        """A message without secrets."""
        ...


class Panel:
    """The state of one panel; ``changed`` is called whenever there is something new to draw."""

    def __init__(self, session: Verbs, changed: Callable[[State], None] = lambda state: None) -> None:
        self.session = session
        self.changed = changed
        self.answers: dict[str, str | None] = {}
        self._planned: tuple[Any, ...] = ()
        self._details: dict[tuple[str, str], State] = {}  # by id and source, until the history is read anew
        self.state: State = {
            "database": "",
            "rows": [],
            "selected": None,
            "detail": None,
            "plan": None,
            "diff": None,
            "busy": "",
            "said": "",
            "error": "",
            "line": "%migrate ui",
        }

    def press(self, pressed: Mapping[str, Any]) -> None:
        """Do what was pressed; an error is shown, and nothing else changes."""
        actions: dict[str, Callable[..., None]] = {
            "refresh": self.refresh,
            "select": self.select,
            "plan": self.plan,
            "apply": self.apply,
            "cancel": self.cancel,
            "diff": self.diff,
            "answer": self.answer,
            "write": self.write,
        }
        action = actions.get(str(pressed.get("do")))
        arguments = {key: value for key, value in pressed.items() if key != "do"}
        if action is None:
            return
        self._tell(busy=str(pressed["do"]), error="", said="")
        if action not in (self.plan, self.apply):
            self._tell(plan=None)
        try:
            action(**arguments)
            self._tell(busy="")
        except Exception as error:  # whatever a person's scripts and databases raise is told here
            self._tell(busy="", said="", error=clip(one_line(error, self.session.scrub), 2_000))

    def refuse(self, why: str) -> None:
        """Do nothing of what was pressed, and say why."""
        self._tell(busy="", said="", error=why)

    def _tell(self, **news: Any) -> None:
        self.state = {**self.state, **news}
        self.changed(self.state)

    def refresh(self) -> None:
        """Read history and position anew."""
        self._tell(line="%migrate history")
        self._read()

    def _read(self) -> None:
        self._details.clear()
        graph = self.session.migrator().graph()
        infos = graph.revisions
        by_id = {info.id: info for info in infos}
        lanes = lay_out(folded_nodes(infos, NEWEST))
        applied = {info.id for info in infos if info.status == "applied"}
        strips = lane_strips(lanes, applied, {info.id for info in infos if info.is_head})
        rows: list[dict[str, Any]] = []
        for row, strip in zip(lanes.rows, strips, strict=True):
            if row.node.folded:
                told = folded_words(row.node, dict(by_id))
                rows.append({"id": None, "lanes": strip, "message": clip(visible(told), 200)})
                continue
            info = by_id[row.node.key]
            marks = [word for word, holds in (("here", info.is_current), ("head", info.is_head)) if holds]
            rows.append(
                {
                    "id": info.id,
                    "name": clip(visible(info.id), 40),
                    "lanes": strip,
                    "message": clip(visible(info.message).replace("\n", " "), 100),
                    "status": info.status,
                    "marks": [*marks, *(visible(f"branch: {label}") for label in info.branch_labels)],
                }
            )
        at = ", ".join((*graph.current, *graph.missing)) or "base"
        where = f"{graph.database} is at {at}" if graph.database else "the database can't be reached"
        selected = self.state["selected"]
        self._tell(rows=rows, database=visible(where))
        if selected in by_id:
            status = by_id[selected].status
            self._tell(detail={**self.state["detail"], "status": status} if self.state["detail"] else None)
        else:
            self._tell(selected=None, detail=None)

    def select(self, id: str) -> None:
        """Show one revision: words, Python, SQL."""
        self._tell(selected=id, detail=None, line=_line("explain", id))
        migrator = self.session.migrator()
        shown = migrator.show(id)
        if len(shown.revisions) != 1:
            raise CommandError(f"{id} is no single revision")
        known = self._details.get((id, shown.source))
        if known is None:
            known = self._details[id, shown.source] = self._told(migrator, id, shown)
        self._tell(detail=known)

    def _told(self, migrator: Any, id: str, shown: Any) -> State:
        """The words and the SQL of a revision; until they are known, what stands in its file is shown.

        In a long history on a database that must know its tables, all that came before is gone through.
        """
        info = shown.revisions[0]
        facts = [
            ("follows", ", ".join(info.down_revision) or "base"),
            ("file", _from_here(info.path or "")),
            ("created", info.created or ""),
        ]
        detail: State = {
            "title": clip(visible(f"{info.id}  {info.message}".rstrip()), 200),
            "facts": [[name, visible(text)] for name, text in facts if text],
            "words": [],
            "python": clip(visible(shown.source), TEXT),
            "sql": "",
            "status": next((row["status"] for row in self.state["rows"] if row["id"] == info.id), "unknown"),
        }
        self._tell(detail=detail)
        told = migrator.explain(id)
        words = [operation.words for operation in told.upgrade] or ["It changes nothing."]
        sql = ";\n\n".join(text.strip() for one in told.upgrade for text in one.statements)
        note = [["note", visible(told.upgrade_note)]] if told.upgrade_note else []
        return {
            **detail,
            "facts": [*detail["facts"], *note],
            "words": [clip(visible(text), 400) for text in words[:50]],
            "sql": clip(visible(f"{sql};" if sql else ""), TEXT),
        }

    def plan(self, target: str) -> None:
        """The first press: what a run to a target would do. The direction follows from where things stand."""
        self._tell(plan=None, line=_line("plan", target))
        plan = self.session.migrator().plan(target)
        steps = [
            {
                "title": clip(visible(f"{step.direction} {step.revision.id}  {step.revision.message}"), 200),
                "words": [
                    clip(visible(f"{one.words} ({one.rows})" if one.rows else one.words), 400)
                    for one in step.operations[:50]
                ],
                "note": visible(step.note),
            }
            for step in plan.steps[:50]
        ]
        if len(plan.steps) > len(steps):
            steps.append({"title": f"and {len(plan.steps) - len(steps)} more", "words": [], "note": ""})
        sql = ";\n\n".join(text.strip() for step in plan.steps for text in step.statements)
        shown = {
            "target": target,
            "direction": plan.direction,
            "summary": visible(plan.summary),
            "steps": steps,
            "sql": clip(visible(f"{sql};" if sql else ""), TEXT),
        }
        self._planned = _essence(plan)
        self._tell(plan=shown if steps else None, said="" if steps else "nothing to do")

    def cancel(self) -> None:
        """Throw the plan away, as every press does that neither plans nor applies."""
        self._tell(said="nothing was changed")

    def apply(self, target: str) -> None:
        """The second press: run what was planned, if it would still come out the same."""
        plan = self.state["plan"]
        if plan is None or plan["target"] != target:
            raise CommandError("Plan first: what is applied is what was shown")
        self._tell(plan=None)
        migrator = self.session.migrator()
        if _essence(migrator.plan(target)) != self._planned:
            self._read()
            raise CommandError(
                "The database or the revisions have changed since this was planned: plan again"
            )

        def show(done: int, total: int, doing: str) -> None:
            self._tell(busy=f"{plan['direction']}: {done} of {total}")

        self._tell(line=_line(plan["direction"], target))
        migrator.progress = seldom(show)
        try:
            run = getattr(migrator, plan["direction"])(target)
            said = f"{plan['direction']} done: {len(run.steps)} revision{'s' if len(run.steps) != 1 else ''}"
            self._tell(said=f"{said} in {run.seconds:.2f} s")
        finally:  # a run that failed may have done its first revisions
            self._read()

    def diff(self) -> None:
        """Models against database, with every question open again."""
        self.answers.clear()
        self._compare()

    def _compare(self) -> None:
        self._tell(line=f"%migrate diff{self._flags()}")
        migrator, name = self.session.with_models()
        found = migrator.diff(renames=dict(self.answers) or None)
        rows = [
            {
                "kind": change.kind,
                "object": visible(f"{change.object_kind} {change.name}"),
                "detail": clip(visible(change.detail), 300),
                "rows": visible(change.rows or ""),
            }
            for change in found.changes[:300]
        ]
        questions = [
            {"old": one.old, "new": one.new, "text": visible(one.text), "rows": visible(one.rows)}
            for one in found.questions
        ]
        shown = {
            "summary": visible(found.summary),
            "models": name or "",
            "rows": rows,
            "questions": questions,
        }
        self._tell(diff=shown)

    def answer(self, old: str, new: str | None) -> None:
        """A question's answer: a new name, or None for no rename."""
        self.answers[old] = new
        try:
            self._compare()
        except Exception:
            del self.answers[old]  # an answer to no question must not stand in the way of the next
            raise

    def write(self, message: str) -> None:
        """Write the differences as a revision."""
        message = " ".join(visible(message).split())
        if not message:
            raise CommandError("Say in a few words what the revision does")
        migrator, _ = self.session.with_models()
        made = migrator.revision(message, autogenerate=True, reuse=True, renames=dict(self.answers) or None)
        line = f"%migrate revision --autogenerate -m {shlex.quote(message)}{self._flags()}"
        said = "no difference, nothing written"
        if made.revision is not None:
            said = f"{made.revision.id} {made.state}"
        self.answers.clear()
        self._tell(line=line, said=said, diff=None)
        self._read()

    def _flags(self) -> str:
        words = [
            f" --rename {shlex.quote(f'{old}={new}')}" if new is not None else f" --drop {shlex.quote(old)}"
            for old, new in self.answers.items()
        ]
        return "".join(words)


def _from_here(path: str) -> str:
    """A path as seen from the working folder: a saved notebook need not tell where it was run."""
    return path.replace(f"{os.getcwd()}{os.sep}", "")


def _line(verb: str, target: str) -> str:
    """The line that does the same."""
    return f"%migrate {verb} {shlex.quote(visible(target))}"


def _essence(plan: Any) -> tuple[Any, ...]:
    """What a plan must have kept for its run to do what was shown; how many rows there are may change."""
    steps = tuple((step.revision.id, step.statements, step.note) for step in plan.steps)
    return plan.direction, sorted(plan.before), steps
