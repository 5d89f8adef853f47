"""The header of a revision file by regular expressions: what every template writes, at ten microseconds.

Only where docstring and assignments are plain literals, each name is assigned once, and nothing else in
the file binds it; ``header_tree.py`` reads the rest.
"""

from __future__ import annotations

import re
from typing import Any

_DOCSTRING = re.compile(
    r'\A(?:[ \t]*(?:\#[^\n]*)?\n)*[rRuU]?("""|\'\'\')([^\\]*?)\1[ \t]*(?:\#[^\n]*)?(?:\n|\Z)'
)
_NO_DOCSTRING = re.compile(r"\A(?:[ \t]*(?:\#[^\n]*)?\n)*(?:from|import|def|class|@|[a-z_]+[ \t]*[:=])")
_ASSIGNED = re.compile(
    r"\b(revision|down_revision|branch_labels|depends_on)\b[ \t]*(?::[^=\n]*)?"
    r"(?:[-+*/%@&|^]{1,2}|>>|<<)?=(?!=)"
)
_BOUND_OTHERWISE = re.compile(
    r"\b(?:as|import|for|del|global)\b[^\n#]*\b(?:revision|down_revision|branch_labels|depends_on)\b"
)
_TEXT = r"""(?:'[^'"\\\n]*'|"[^'"\\\n]*")"""
_LITERAL = re.compile(
    r"^(revision|down_revision|branch_labels|depends_on)[ \t]*(?::[^=\n]*)?=[ \t]*"
    rf"(None|{_TEXT}|[(\[][ \t]*(?:{_TEXT}[ \t]*,?[ \t]*)*[)\]])[ \t]*(?:\#[^\n]*)?$",
    re.MULTILINE,
)
_ONE_TEXT = re.compile(_TEXT)
_BARE_TEXT = re.compile(rf"[(\[][ \t]*{_TEXT}[ \t]*\)|{_TEXT}[ \t]+{_TEXT}")


def header_by_expression(text: str) -> tuple[dict[str, Any], str] | None:
    """The four names' values and the docstring; None where a pattern can't be sure of them."""
    docstring = _DOCSTRING.match(text)
    if docstring is None and not _NO_DOCSTRING.match(text):
        return None
    start = docstring.end() if docstring else 0
    end = text.find("\ndef ", start)
    end = len(text) if end < 0 else end
    matches = list(_LITERAL.finditer(text, start, end))
    literal = {match[1]: match[2] for match in matches}
    if len(literal) != len(matches) or "revision" not in literal or "down_revision" not in literal:
        return None
    rest = start
    pieces = []
    for match in matches:
        pieces.append(text[rest : match.start()])
        rest = match.end()
    pieces.append(text[rest:end])
    # to look for the words is quicker than to look for the patterns, and mostly answers the question
    if _names_any("\0".join(pieces)) and (
        len(_ASSIGNED.findall(text, start, end)) != len(matches) or _BOUND_OTHERWISE.search(text, start, end)
    ):
        return None
    if _names_any(text, end) and (_ASSIGNED.search(text, end) or _BOUND_OTHERWISE.search(text, end)):
        return None
    values: dict[str, Any] = {}
    for name, value in literal.items():
        if value == "None":
            values[name] = None
        elif value[0] not in "([":
            values[name] = value[1:-1]
        elif _BARE_TEXT.search(value):
            return None
        else:
            values[name] = tuple(text[1:-1] for text in _ONE_TEXT.findall(value))
    return values, docstring[2] if docstring else ""


def _names_any(text: str, start: int = 0) -> bool:
    """Whether one of the names, or a part of one, is in the text; lines that are comments don't count."""
    for word in ("revision", "branch_labels", "depends_on"):
        at = text.find(word, start)
        while at >= 0:
            if not text[text.rfind("\n", 0, at) + 1 : at].lstrip().startswith("#"):
                return True
            at = text.find("\n", at)
            at = text.find(word, at) if at >= 0 else -1
    return False
