"""The executed check as Python source, to be pasted into a fresh interpreter."""

from __future__ import annotations

import ast
import inspect
import pprint
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.util import resolve_name
from types import ModuleType
from typing import Any

from ..verify import Item

WIDTH = 84


def snippet(item: Item) -> str:
    """The solver as it ran, with what it uses of its module, and the call with this item's parameters.

    A solver that runs functions which depend on the item, such as the demonstrations of its statements, names
    them by a function `<solver>_parts` of the same parameters beside it; then those are shown and called. The
    snippet is empty where none of them was run.
    """
    arguments = {name: getattr(item.question, name) for name in item.entry.inputs}
    solver = item.entry.solver
    parts = getattr(inspect.getmodule(solver), f"{solver.__name__}_parts", None)
    if parts is not None:
        functions = parts(**arguments)
        calls = "".join(f'print("{part.__name__}:", {part.__name__}())\n' for part in functions)
        return f"{source_of(*functions)}\n\n\n{calls}" if functions else ""
    call = "".join(f"    {name}={_literal(name, value)},\n" for name, value in arguments.items())
    return f"{source_of(solver)}\n\n\nprint({solver.__name__}(\n{call}))\n"


def source_of(*functions: Callable[..., Any]) -> str:
    """The source of functions with the imports and helpers that they use, without docstrings.

    Raises:
        ValueError: the source of a function is not to be had.
    """
    sources = [_source(inspect.getmodule(function), function.__name__) for function in functions]
    imports = _merged(dict.fromkeys(line for lines, _ in sources for line in lines))
    others = dict.fromkeys(text for _, texts in sources for text in texts)
    return "\n\n\n".join(["\n".join(["from __future__ import annotations\n", *imports]), *others])


def _merged(lines: Iterable[str]) -> list[str]:
    """Import lines with one line for each module that names are imported from."""
    merged: dict[str, set[str]] = {}
    for line in lines:
        start, marked, names = line.partition(" import ")
        merged.setdefault(start if marked else line, set()).update(names.split(", ") if marked else ())
    return [
        f"{start} import {', '.join(sorted(names, key=lambda name: (name[0].islower(), name)))}"
        if names
        else start
        for start, names in merged.items()
    ]


@cache
def _source(module: ModuleType | None, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The imports that a function of a module needs, and its helpers and itself.

    What it imports from modules beside its own is shown as source too.
    """
    if module is None:
        raise ValueError(f"the source of {name} is not to be had")
    text = inspect.getsource(module)
    needed = _needed(ast.parse(text), name)
    used = set().union(*(_used_names(node) for node in needed if not _is_import(node)))
    imports: dict[str, None] = {}
    others: dict[str, None] = {}
    for node in needed:
        if isinstance(node, ast.ImportFrom) and node.level:
            beside = sys.modules[resolve_name("." * node.level + (node.module or ""), module.__package__)]
            for helper in _imported(node, used):
                further_imports, further = _source(beside, helper.name)
                imports |= dict.fromkeys(further_imports)
                others |= dict.fromkeys(further)
        elif _is_import(node):
            imports[ast.unparse(_only(node, used))] = None
        else:
            others[_lines_of(node, text.splitlines())] = None
    return tuple(imports), tuple(others)


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
        return ast.ImportFrom(node.module, _imported(node, used), node.level)
    return node


def _imported(node: ast.ImportFrom, used: set[str]) -> list[ast.alias]:
    return [name for name in node.names if (name.asname or name.name) in used]


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
