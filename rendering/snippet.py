"""The executed check as Python source, to be pasted into a fresh interpreter."""

from __future__ import annotations

import ast
import inspect
import pprint
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any

from ..verify import Item

WIDTH = 84


def snippet(item: Item) -> str:
    """The solver as it ran, with what it uses of its module, and the call with this item's parameters."""
    arguments = {name: getattr(item.question, name) for name in item.entry.inputs}
    call = "".join(f"    {name}={_literal(name, value)},\n" for name, value in arguments.items())
    solver = item.entry.solver
    return f"{solver_source(inspect.getmodule(solver), solver.__name__)}\n\n\nprint({solver.__name__}(\n{call}))\n"


@cache
def solver_source(module: ModuleType | None, name: str) -> str:
    """A function's source with the imports and helpers that it uses, without docstrings.

    Args:
        module: where the function is.
        name: the function.
    """
    if module is None:
        raise ValueError(f"the source of {name} is not to be had")
    text = inspect.getsource(module)
    tree = ast.parse(text)
    needed = _needed(tree, name)
    used = set().union(*(_used_names(node) for node in needed if not _is_import(node)))
    imports = [ast.unparse(_only(node, used)) for node in needed if _is_import(node)]
    others = [_lines_of(node, text.splitlines()) for node in needed if not _is_import(node)]
    return "\n\n\n".join(["\n".join(["from __future__ import annotations\n", *imports]), *others])


def _needed(tree: ast.Module, name: str) -> list[ast.stmt]:
    """The statements of a module that a function depends on, in their order."""
    homes = {bound: node for node in tree.body for bound in _bound_names(node)}
    needed: list[ast.stmt] = []
    pending = [name]
    while pending:
        node = homes.get(pending.pop())
        if node is not None and node not in needed:
            needed.append(node)
            pending += sorted(_used_names(node))
    return [node for node in tree.body if node in needed]


def _is_import(node: ast.stmt) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def _used_names(node: ast.AST) -> set[str]:
    return {used.id for used in ast.walk(node) if isinstance(used, ast.Name)}


def _bound_names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [(name.asname or name.name).partition(".")[0] for name in node.names]
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.AnnAssign):
        return [node.target.id] if isinstance(node.target, ast.Name) else []
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    return []


def _only(node: ast.stmt, used: set[str]) -> ast.stmt:
    """The import without the names that nobody uses."""
    if isinstance(node, ast.ImportFrom):
        names = [name for name in node.names if (name.asname or name.name) in used]
        return ast.ImportFrom(node.module, names, node.level)
    return node


def _lines_of(node: ast.stmt, lines: list[str]) -> str:
    """The statement as its author laid it out."""
    first = min([node.lineno, *(mark.lineno for mark in getattr(node, "decorator_list", []))])
    docstrings = {line for start, end in _docstring_lines(node) for line in range(start, end + 1)}
    kept = range(first, (node.end_lineno or first) + 1)
    return "\n".join(lines[number - 1] for number in kept if number not in docstrings)


def _docstring_lines(node: ast.AST) -> Iterator[tuple[int, int]]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(inner) is not None:
            docstring = inner.body[0]
            if len(inner.body) > 1:
                yield docstring.lineno, docstring.end_lineno or docstring.lineno


def _literal(name: str, value: Any) -> str:
    if isinstance(value, str) and "\n" in value:
        return '"""' + value.replace("\\", "\\\\").replace('"""', r"\"\"\"") + '"""'
    text = pprint.pformat(value, width=WIDTH - len(name) - 6, compact=True)
    return text.replace("\n", "\n" + " " * (len(name) + 5))
