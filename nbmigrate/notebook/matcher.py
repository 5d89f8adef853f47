"""Completion as IPython asks for it: a matcher from 8.6 on, a hook before (Colab has 7.34).

The matcher stands before all others and silences them where it has something to say, so that Python's
keywords don't mix in, with jedi or without.
"""

from __future__ import annotations

import re
from typing import Any

from nbmigrate.notebook.completion import Completion, Found

try:
    from IPython.core.completer import SimpleCompletion, context_matcher
except ImportError:
    context_matcher = None  # type: ignore[assignment]  # IPython before 8.6

__all__ = ["register", "unregister"]

IDENTIFIER = "nbmigrate"
PRIORITY = 1000
_HOOK = re.compile(r".*%(migrate|nbmigrate|models|revision)\s")
MINE = "nbmigrate_completion"


def register(shell: Any, completion: Completion) -> None:
    """Let the shell complete our magics, once; a shell without a completer is left as it is."""
    completer = getattr(shell, "Completer", None)
    if completer is None:
        return
    unregister(shell)
    if context_matcher is None or not hasattr(completer, "suppress_competing_matchers"):
        _register_hook(shell, completion)
        return

    def match(context: Any) -> Any:
        found = completion.complete(context.full_text, context.cursor_line, context.cursor_position)
        if found is None:
            return {"completions": []}
        return {
            "completions": [
                SimpleCompletion(one.text, type=one.kind) for one in found.candidates[: context.limit]
            ],
            "matched_fragment": found.fragment,
            "suppress": True,
            "ordered": True,
        }

    matcher: Any = context_matcher(priority=PRIORITY, identifier=IDENTIFIER)(match)
    setattr(matcher, MINE, True)
    completer.custom_matchers.append(matcher)


def unregister(shell: Any) -> None:
    """Take the matcher, or the hook, away again."""
    completer = getattr(shell, "Completer", None)
    matchers = getattr(completer, "custom_matchers", [])
    matchers[:] = [one for one in matchers if not hasattr(one, MINE)]
    dispatcher = getattr(shell, "strdispatchers", {}).get("complete_command")
    if dispatcher is not None:
        dispatcher.regexs.pop(_HOOK, None)


def _register_hook(shell: Any, completion: Completion) -> None:
    def complete(_shell: Any, event: Any) -> list[str]:
        found = completion.complete(event.text_until_cursor)
        return _tails(found, event.symbol) if found is not None else []

    shell.set_hook("complete_command", complete, re_key=_HOOK)


def _tails(found: Found, symbol: str) -> list[str]:
    """The candidates from where the old completer believes the word to begin: it stops at a dash."""
    cut = len(found.fragment) - len(symbol)
    if cut < 0:
        return []
    return [one.text[cut:] for one in found.candidates]
