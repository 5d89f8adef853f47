"""The header of an unusual revision file, from its syntax tree.

Literal assignments at the top of the module are taken; whatever else binds one of the names (a loop, an
import, an ``if``) means that only running the file tells.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Sequence
from typing import Any

from nbmigrate.script.load import syntax_error


def header_by_tree(
    text: str, path: str | os.PathLike[str], wanted: Sequence[str]
) -> tuple[dict[str, Any], str] | None:
    """The wanted names' values and the docstring; None where the file must run to know them."""
    try:
        tree = ast.parse(text, os.fspath(path))
    except (SyntaxError, ValueError) as error:
        raise syntax_error(path, error) from error
    values: dict[str, Any] = {}
    plain: set[ast.AST] = set()
    for node in tree.body:
        for target, value in _assignments(node, wanted):
            try:
                values[target.id] = ast.literal_eval(value)
            except ValueError:
                return None
            plain.add(target)
    if any(name in wanted for node in tree.body for name in _other_bindings(node, plain)):
        return None
    if "revision" not in values and "down_revision" not in values and _may_bind_by_star(tree):
        return None
    return values, ast.get_docstring(tree, clean=False) or ""


def _assignments(node: ast.stmt, wanted: Sequence[str]) -> list[tuple[ast.Name, ast.expr]]:
    targets: list[ast.expr] = []
    value: ast.expr | None = None
    if isinstance(node, ast.Assign):
        targets, value = node.targets, node.value
    elif isinstance(node, ast.AnnAssign):
        targets, value = [node.target], node.value
    if value is None:
        return []
    return [(target, value) for target in targets if isinstance(target, ast.Name) and target.id in wanted]


def _other_bindings(node: ast.AST, plain: set[ast.AST]) -> list[str]:
    """The names that a statement binds in the module in any other way than by a plain assignment."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, ast.Lambda):
        return []
    names = []
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node not in plain:
        names.append(node.id)
    if isinstance(node, ast.alias):
        names.append(node.asname or node.name)
    for child in ast.iter_child_nodes(node):
        names.extend(_other_bindings(child, plain))
    return names


def _may_bind_by_star(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in tree.body)
