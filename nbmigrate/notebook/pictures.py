"""The revision graph as a picture: boxes and arrows by graphviz, else lanes; never an exception.

Names from the database and the files get into DOT only as escaped label text under ids made here (``n0``,
``n1``), and what ``dot`` gives back is rebuilt from a short list of drawing elements, so that no link, id or
script can come from a name. Black becomes ``currentColor`` on the way: the picture takes the page's colours,
dark or light. Filled box: applied; hollow: pending; double border: head; a tag: where the database stands.
"""

from __future__ import annotations

import shutil
import subprocess
import textwrap
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from xml.etree import ElementTree

from nbmigrate.errors import CommandError
from nbmigrate.model.lanes import Node, folded_nodes, folded_words, lay_out, words
from nbmigrate.notebook.svg import lanes_picture
from nbmigrate.notebook.tables import HTML_LIMIT, Html, clip, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbmigrate.results import Graph, RevisionInfo

__all__ = ["Picture", "dot_source", "mermaid", "mermaid_text", "render_dot", "save"]

Engine = Literal["dot", "pygraphviz", "lanes"]
BOX_LIMIT = 150  # boxes; beyond that a dot picture is a strip that nobody reads
TIMEOUT = 20.0
LINE = 34  # characters in a line of a box
FILL = "#3fb95059"  # the same tint as an added row: seen on white and on black

_SVG = "http://www.w3.org/2000/svg"
_DRAWING = frozenset(("svg", "g", "path", "polygon", "polyline", "ellipse", "text"))
_KEPT = frozenset(
    (
        *("width", "height", "viewBox", "transform", "d", "points", "cx", "cy", "rx", "ry", "x", "y"),
        *("fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray"),
        *("text-anchor", "font-family", "font-size", "font-weight"),
    )
)


def _escaped(text: str) -> str:
    r"""One line of a label: nothing in it is DOT's (``\N``, ``&amp;``, ``<...>``)."""
    return visible(text).replace("\n", " ").replace("\\", "\\\\").replace("&", "&amp;")


def _label(lines: list[str]) -> str:
    from graphviz import nohtml

    return str(nohtml("\\n".join(_escaped(line) for line in lines)))


def _wrapped(text: str, lines: int = 2, width: int = LINE) -> list[str]:
    """A message in a few short lines."""
    return textwrap.wrap(clip(text, 400), width, max_lines=lines, placeholder=" \N{HORIZONTAL ELLIPSIS}")


def _box_lines(node: Node, by_id: dict[str, RevisionInfo]) -> list[str]:
    """What stands in a node's box, line by line."""
    if node.folded:
        counted, _, rest = folded_words(node, dict(by_id)).partition(" revisions ")
        return [f"{counted} revisions", *_wrapped(rest, 3)]
    info = by_id[node.key]
    said = words(info).replace(", the database is here", "").replace("the database is here", "")
    return [info.id, *_wrapped(info.message), *_wrapped(said)]


def _box_style(node: Node, by_id: dict[str, RevisionInfo]) -> dict[str, str]:
    """Filled or hollow, one border or two."""
    if node.folded:
        filled = all(by_id[key].status == "applied" for key in node.folded)
        return {"style": "dashed,filled" if filled else "dashed", "fillcolor": FILL}
    info = by_id[node.key]
    return {
        "style": "rounded,filled" if info.status == "applied" else "rounded",
        "fillcolor": FILL,
        "peripheries": "2" if info.is_head else "1",
    }


def dot_source(graph: Graph) -> str:
    """The graph in DOT, linear runs folded, newest on top, arrows from parent to child."""
    from graphviz import Digraph

    by_id = {info.id: info for info in graph.revisions}
    nodes = folded_nodes(graph.revisions)
    names = {node.key: f"n{number}" for number, node in enumerate(nodes)}
    dot = Digraph(
        graph_attr={"rankdir": "BT", "bgcolor": "transparent", "nodesep": "0.35", "ranksep": "0.4"},
        node_attr={"shape": "box", "fontname": "Helvetica", "fontsize": "10", "margin": "0.14,0.07"},
        edge_attr={"arrowsize": "0.7"},
    )
    for row in lay_out(nodes).rows:  # what shares a lane is drawn as a straight line
        node = row.node
        label = _label(_box_lines(node, by_id))
        dot.node(names[node.key], label, group=f"lane{row.lane}", **_box_style(node, by_id))
    for node in nodes:
        oldest = by_id[node.folded[-1] if node.folded else node.key]
        for parent in dict.fromkeys(node.parents):
            if parent in names:
                style = "solid" if parent in oldest.down_revision else "dashed"
                dot.edge(names[parent], names[node.key], style=style)
    _add_position(dot, graph, names)
    return str(dot.source)


def _add_position(dot: Any, graph: Graph, names: dict[str, str]) -> None:
    """Add the tag that says where the database stands, and the ids for which there is no file."""
    if graph.database is None:
        return
    for number, revision in enumerate(graph.missing):
        names = {**names, revision: f"m{number}"}
        dot.node(f"m{number}", _label([revision, "no file"]), style="dotted")
    at = [names[revision] for revision in (*graph.current, *graph.missing) if revision in names]
    lines = ["database", *_wrapped(graph.database, 2, 44)] + ([] if at else ["at base"])
    dot.node("database", _label(lines), shape="cds", fontsize="9", margin="0.2,0.1")
    for name in dict.fromkeys(at):
        if name == at[0]:  # side by side, the tag's point towards the box
            dot.body.append(f"\t{{ rank=same; database -> {name} [style=dotted arrowhead=none] }}\n")
        else:
            dot.edge("database", name, style="dotted", arrowhead="none", constraint="false")


def render_dot(source: str) -> tuple[Engine, str] | None:
    """SVG text for DOT source and who drew it; None where nothing can."""
    binary = shutil.which("dot")
    if binary is not None:
        try:
            done = subprocess.run(
                [binary, "-Tsvg"],
                input=source.encode("utf-8"),
                capture_output=True,
                timeout=TIMEOUT,
                check=True,
            )
            return "dot", done.stdout.decode("utf-8")
        except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
            pass
    try:
        import pygraphviz

        drawn = pygraphviz.AGraph(string=source).draw(format="svg", prog="dot")
        return "pygraphviz", drawn.decode("utf-8") if isinstance(drawn, bytes) else str(drawn)
    except Exception:  # whatever is wrong with an optional engine: lanes are drawn instead
        return None


def restyled(svg: str) -> str:
    """Graphviz's SVG with nothing but drawing elements in it, in the page's own colours."""
    ElementTree.register_namespace("", _SVG)
    root = _rebuilt(ElementTree.fromstring(svg))
    if root is None:
        raise ValueError("no svg element")
    root.set("style", "max-width:100%;height:auto;")
    root.set("fill", "currentColor")
    return ElementTree.tostring(root, encoding="unicode")


def _rebuilt(element: ElementTree.Element) -> ElementTree.Element | None:
    """A copy of a drawing element with known attributes only; links are opened up, all else is dropped."""
    tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
    if tag == "a":
        tag = "g"
    if tag not in _DRAWING:
        return None
    copy = ElementTree.Element(f"{{{_SVG}}}{tag}")
    for name, value in element.attrib.items():
        if name not in _KEPT or (name in ("fill", "stroke") and value == "transparent"):
            continue
        copy.set(name, "currentColor" if name in ("fill", "stroke") and value == "black" else value)
    if element.get("fill") == "transparent":
        copy.set("fill", "none")
    if tag == "text":
        copy.text = element.text
    copy.extend([child for each in element if (child := _rebuilt(each)) is not None])
    # a notebook that isn't trusted keeps nothing but the texts: a line for each box then
    texts = [child for child in copy if child.tag.endswith("text")]
    for child in texts:
        child.tail = "\n" if child is texts[-1] else " "
    return copy


def mermaid(graph: Graph) -> str:
    """The graph in Mermaid, for READMEs."""
    by_id = {info.id: info for info in graph.revisions}
    nodes = folded_nodes(graph.revisions)
    names = {node.key: f"n{number}" for number, node in enumerate(nodes)}
    lines = ["flowchart BT"]
    for node in nodes:
        label = "<br/>".join(mermaid_text(line) for line in _box_lines(node, by_id))
        lines.append(f'    {names[node.key]}["{label}"]')
    for node in nodes:
        lines += [f"    {names[p]} --> {names[node.key]}" for p in dict.fromkeys(node.parents) if p in names]
    return "\n".join(lines) + "\n"


def mermaid_text(text: str) -> str:
    """Text in which nothing is Mermaid's: every sign is written as its number."""
    return "".join(char if char.isalnum() or char in " .,_-" else f"#{ord(char)};" for char in visible(text))


@dataclass(frozen=True)
class Picture:
    """What ``%migrate graph`` returns: the graph, its picture, and ``save()``.

    Attributes of the graph (``revisions``, ``current``, ...) can be read from the picture.
    """

    graph: Graph

    def __getattr__(self, name: str) -> Any:
        """The graph's attributes."""
        if name == "graph" or name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.graph, name)

    def __str__(self) -> str:
        """The graph as text."""
        return str(self.graph)

    @property
    def dot(self) -> str:
        """The graph in DOT."""
        return dot_source(self.graph)

    @property
    def mermaid(self) -> str:
        """The graph in Mermaid."""
        return mermaid(self.graph)

    @cached_property
    def drawn(self) -> tuple[Engine, Html]:
        """Who drew the picture, and the picture as an svg element."""
        if 0 < len(folded_nodes(self.graph.revisions)) <= BOX_LIMIT:
            answer = render_dot(self.dot)
            if answer is not None:
                try:
                    svg = restyled(answer[1])
                except (ElementTree.ParseError, ValueError):
                    svg = ""
                if svg and len(svg.encode("utf-8")) <= HTML_LIMIT:
                    return answer[0], Html(svg)
        return "lanes", self._lanes()

    @property
    def svg(self) -> str:
        """The picture as an svg element."""
        return self.drawn[1]

    @property
    def engine(self) -> Engine:
        """Who drew it: "dot", "pygraphviz" or "lanes"."""
        return self.drawn[0]

    def _lanes(self) -> Html:
        infos = self.graph.revisions
        by_id = {info.id: info for info in infos}

        def label(node: Node) -> str:
            if node.folded:
                return folded_words(node, dict(by_id))
            info = by_id[node.key]
            said = words(info)
            return clip(f"{info.id}  {info.message}", 90) + (f"  ({said})" if said else "")

        return lanes_picture(
            lay_out(folded_nodes(infos)),
            {info.id for info in infos if info.status == "applied"},
            {info.id for info in infos if info.is_head},
            label,
        )

    def save(self, path: str | Path) -> Path:
        """Write the picture: ``.svg``, ``.dot`` (or ``.gv``) or ``.mmd`` by the end of the name."""
        return save(path, svg=lambda: self.svg, dot=lambda: self.dot, mermaid=lambda: self.mermaid)


def save(
    path: str | Path, *, svg: Callable[[], str], dot: Callable[[], str], mermaid: Callable[[], str]
) -> Path:
    """Write one of three texts, as the end of the name says; ``CommandError`` for any other."""
    path = Path(path)
    kind = path.suffix.lower()
    texts = {".svg": lambda: _on_paper(svg()), ".dot": dot, ".gv": dot, ".mmd": mermaid}
    if kind not in texts:
        raise CommandError(f"A picture is saved as .svg, .dot or .mmd, not as {kind or 'a name without end'}")
    path.write_text(texts[kind](), encoding="utf-8")
    return path


def _on_paper(svg: str) -> str:
    """For a file of its own: dark on white, since there is no page to take colours from."""
    paper = 'style="background:white;color:#1f2328;'
    if 'style="' in svg.partition(">")[0]:
        return svg.replace('style="', paper, 1)
    return svg.replace("<svg ", f'<svg {paper}" ', 1)
