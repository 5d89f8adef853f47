"""Results to display: made by hand, with every kind of hostile name that files and databases may hold."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from nbmigrate.model.change import Change
from nbmigrate.model.drawing import Drawing, DrawnColumn, DrawnKey, DrawnTable
from nbmigrate.model.finding import Finding
from nbmigrate.model.lanes import lanes_text
from nbmigrate.model.question import Question
from nbmigrate.notebook.models import ModelCell, Models
from nbmigrate.plans import (
    Draft,
    Explanation,
    OperationText,
    Plan,
    PlannedStep,
    SchemaPicture,
    SQLScript,
    SQLScripts,
    Walk,
    WalkStep,
)
from nbmigrate.results import (
    Audit,
    Card,
    Check,
    Connected,
    Current,
    Diff,
    Edited,
    FileState,
    Graph,
    Init,
    JSONText,
    Place,
    RevisionCreated,
    RevisionInfo,
    Revisions,
    Run,
    SQLText,
    Stamped,
    StepReport,
    Templates,
)

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><b onclick="x">',
    "<a> to <b>",
    "<wip>",
    "a:b:c",
    "javascript:alert(1)",
    "&lt;b&gt; &amp; &#36;",
    "\\N \\G \\l tail\\",
    'quote " and \\" more',
    "{x|y} $z$ %s",
    "\x1b[31mred\x1b[0m",
    "right\u202eleft",
    "zero\u200bwidth",
    "lone \ud800 surrogate",
    "nul \x00 byte",
    "line one\nline two",
    "caf\u00e9 \u4e2d\u6587 \U0001f600",
    "]]> <!-- --",
)


def info(revision: str, *down: str, **fields: Any) -> RevisionInfo:
    return RevisionInfo(
        **{
            "id": revision,
            "down_revision": down,
            "message": f"message of {revision}",
            "status": "applied",
            "created": "2026-01-02 03:04:05",
            "path": f"migrations/versions/{revision}_x.py",
            **fields,
        }
    )


def graph(message: str = "order table", database: str | None = "sqlite:///shop.db") -> Graph:
    infos = (
        info("d4", "b2", message=message, status="pending", is_head=True),
        info("c3", "b1", status="pending", is_head=True, branch_labels=(message,), depends_on=("b2",)),
        info("b2", "b1", is_current=True),
        info("b1", "a0", is_branch_point=True),
        info("a0", is_base=True),
    )
    return Graph(infos, database, ("b2",), (), lanes_text(infos, database))


def every_result(text: str = "plain") -> list[Any]:
    """One value of each type, with ``text`` wherever a file or a database could put one."""
    revision = info(text, text, message=text, path=text, branch_labels=(text,), depends_on=(text,))
    changes = tuple(
        Change(kind, text, text, text, text, text, text)  # type: ignore[arg-type]
        for kind in ("add", "alter", "drop")
    )
    step = StepReport(revision, "upgrade", (), (text,), (text, text), 0.1)
    run = Run("upgrade", "head", text, (), (text,), (step,), 0.2)
    finding = Finding(text, text, text, text)
    question = Question("column", text, text, (text,), 0.7, text, 3, text)
    diff = Diff(text, changes, text, (question,))
    return [
        Connected(text, text, text, text, text, text),
        Init(text, (FileState(text, "created"), FileState(text, "unchanged"))),
        Templates(((text, text),)),
        RevisionCreated(
            "created", revision, text, (text,), changes, text, text, text, run, findings=(finding,)
        ),
        RevisionCreated("created", revision, questions=(question,)),
        RevisionCreated("no changes", note=text),
        run,
        Run("downgrade", "base", text, (), (), (), 0.0),
        Run("upgrade", "head", text, (), (text,), (step,), 0.2, places=(Place(text, (), (text,)),) * 2),
        Run("upgrade", "head", text, (), (), (), 0.0, undone=text),
        SQLText(text, text),
        Stamped(text, (), (text,)),
        Stamped(text, (), (text,), (Place(text, (), (text,)),) * 2),
        Current(text, (revision,), (text,), text),
        Current(text, (), unfinished=text),
        Revisions("history", (revision,), text, 1, text, (text,), text),
        Revisions("history", (revision,), text, 1, text, audit=Audit((text,), (text,))),
        diff,
        Diff(text, ()),
        Edited((text,)),
        Check(text),
        JSONText(text),
        Card(text, text, text, (text,), (text,), 2, text, diff, text),
        Card(text, text, None, (), (), 0, note=text),
        *every_foretelling(text, revision),
    ]


def every_foretelling(text: str, revision: RevisionInfo) -> list[Any]:
    """One value of each type that tells what would happen."""
    operation = OperationText(text, text, (text, text), text)
    step = PlannedStep(
        revision, "upgrade", (), (text,), (operation, operation), text, (Finding(text, text, text, text),)
    )
    bare = PlannedStep(revision, "downgrade", (text,), (), ())
    column = DrawnColumn(text, text, ("FK",), mark="alter", before=text)
    drawing = Drawing((DrawnTable(text, (column,)),), (DrawnKey(text, (text,), text, (text,)),))
    return [
        Plan("upgrade", text, text, text, (), (text,), (step, bare)),
        Plan("downgrade", text, text, text, (text,), (), ()),
        SQLScripts(text, (SQLScript(text, text, text), SQLScript(text, text))),
        SQLScripts(text, (SQLScript(text, text),)),
        Explanation(revision, text, (operation,), (), text, text),
        SchemaPicture(text, text, drawing, text),
        Walk(text, text, (WalkStep(revision, (operation,), drawing, text, text),)),
        Draft("drafted", text, text, (Change("add", text, text, text, text, text, text),)),
        Draft("written", text, revision=revision),
        Models((ModelCell(text, text, (text,)),), (text,), text, (text,)),
    ]


class Parsed(HTMLParser):
    """What a browser would make of HTML: its text, its tags, its attributes, its cells."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.pieces: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self.pieces.append("")

    def handle_endtag(self, tag: str) -> None:
        self.pieces.append("")

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.pieces:
            self.pieces[-1] += data
        else:
            self.pieces.append(data)
