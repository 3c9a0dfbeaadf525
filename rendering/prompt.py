"""From a verified item to Markdown: prompt, worked solution, and the snippet that repeats the check."""

from __future__ import annotations

import ast
import inspect
import pprint
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from ..answers import Answer, Notation
from ..answers.base import POINT
from ..answers.number import decimal_text, exact, exact_text
from ..bank import Entry
from ..errors import UserError
from ..verify import CHOICE, Item
from .document import Figure

MOST_DECIMALS = 6
"""A number in a text that needs more decimals than this must be rounded by its template."""


@dataclass(frozen=True)
class Prose:
    """Markdown with the figures that it places."""

    markdown: str
    figures: tuple[Figure, ...] = ()


def prompt(item: Item, notation: Notation = POINT) -> Prose:
    """What the student reads, with `[[blank:name]]` where answers go.

    Raises:
        UserError: the template cannot be rendered; names it and the line.
    """
    prose = _render(item, "prompt", notation)
    extra = (
        []
        if f"[[blank:{CHOICE}]]" in prose.markdown or CHOICE not in item.answers
        else [f"[[blank:{CHOICE}]]"]
    )
    hint = wanted_notation(item.answers)
    return Prose(
        "\n\n".join([prose.markdown.strip(), *([f"*{hint}*"] if hint else []), *extra]), prose.figures
    )


def solution(item: Item, notation: Notation = POINT) -> Prose:
    """The worked solution with this instance's numbers.

    Raises:
        UserError: see `prompt`.
    """
    return _render(item, "solution", notation)


def wanted_notation(answers: Mapping[str, Answer]) -> str:
    """On the decimals that are wanted and the words that may be used; empty if there is no need."""
    hints = {blank: answer.hint for blank, answer in answers.items() if answer.hint}
    decimals = {hint for hint in hints.values() if hint.endswith(("decimal", "decimals"))}
    sentences = []
    if len(decimals) == 1:
        sentences.append(f"Give numbers to {decimals.pop()}.")
    elif decimals:
        parts = [f"{blank.replace('_', ' ')} to {hint}" for blank, hint in hints.items() if hint in decimals]
        sentences.append(f"Give {', '.join(parts)}.")
    sentences += [f"Write {hint}." for hint in dict.fromkeys(hints.values()) if hint.startswith("one of")]
    return " ".join(sentences)


def snippet(item: Item) -> str:
    """Python source that builds and runs the same computation, to be pasted into a fresh interpreter."""
    arguments = {name: getattr(item.question, name) for name in item.entry.inputs}
    calls = ",\n    ".join(f"{name}={_literal(value)}" for name, value in arguments.items())
    source = solver_source(item.entry)
    name = item.entry.solver.__name__
    return f"{source}\n\n\nprint({name}(\n    {calls},\n))\n" if calls else f"{source}\n\n\nprint({name}())\n"


def solver_source(entry: Entry) -> str:
    """The solver with the imports and helpers of its module that it uses, without their docstrings."""
    return _source(entry.solver)


@cache
def _source(solver: Callable[..., Any]) -> str:
    module = inspect.getmodule(solver)
    tree = _Undocumented().visit(ast.parse(inspect.getsource(module))) if module else ast.Module([], [])
    statements = {name: node for node in tree.body for name in _bound_names(node)}
    needed: list[ast.stmt] = []
    pending = [solver.__name__]
    while pending:
        node = statements.get(pending.pop())
        if node is not None and node not in needed:
            needed.append(node)
            pending += sorted(_used_names(node))
    imports = [node for node in tree.body if node in needed and isinstance(node, ast.Import | ast.ImportFrom)]
    others = [node for node in tree.body if node in needed and node not in imports]
    used = set().union(*map(_used_names, others))
    head = "\n".join(ast.unparse(_only(node, used)) for node in imports)
    return "\n\n\n".join([head, *map(ast.unparse, others)])


def _used_names(node: ast.AST) -> set[str]:
    return {used.id for used in ast.walk(node) if isinstance(used, ast.Name)}


def _only(node: ast.Import | ast.ImportFrom, used: set[str]) -> ast.stmt:
    """The import without the names that nobody uses."""
    names = [name for name in node.names if (name.asname or name.name).partition(".")[0] in used]
    if isinstance(node, ast.ImportFrom):
        return ast.ImportFrom(node.module, names, node.level)
    return ast.Import(names)


def _bound_names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [(name.asname or name.name).partition(".")[0] for name in node.names]
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    return []


class _Undocumented(ast.NodeTransformer):
    """Drops docstrings and annotations, which a student's check does not need."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:  # the name that ast calls
        self.generic_visit(node)
        if ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        node.returns = None
        for argument in (*node.args.args, *node.args.kwonlyargs):
            argument.annotation = None
        return node


def _literal(value: Any) -> str:
    if isinstance(value, str) and "\n" in value:
        return '"""' + value.replace("\\", "\\\\").replace('"""', r"\"\"\"") + '"""'
    return pprint.pformat(value, width=80, compact=True).replace("\n", "\n    ")


def _render(item: Item, block: str, notation: Notation) -> Prose:
    figures: list[Figure] = []
    try:
        template = _template(item.entry.template, notation)
        if block not in template.blocks:
            raise UserError(f"template {item.entry.template} has no block {block!r}")
        context = template.new_context(_variables(item, notation, figures))
        return Prose("".join(template.blocks[block](context)), tuple(figures))
    except jinja2.TemplateSyntaxError as fault:
        raise UserError(f"template {item.entry.template}, line {fault.lineno}: {fault.message}") from fault
    except (
        jinja2.TemplateError,
        TypeError,
        ValueError,
        ArithmeticError,
        LookupError,
        AttributeError,
    ) as fault:
        line = _template_line(fault, item.entry.template)
        raise UserError(f"template {item.entry.template}, {line}block {block}: {fault}") from fault


def _variables(item: Item, notation: Notation, figures: list[Figure]) -> dict[str, Any]:
    def blank(name: str) -> str:
        if name in item.answers:
            return f"[[blank:{name}]]"
        if CHOICE in item.answers:
            return "……"
        raise LookupError(f"the question has no blank {name!r}; it has {', '.join(item.answers)}")

    def figure(kind: str, *, alt: str, **arguments: Any) -> str:
        figures.append(Figure(kind, arguments, alt))
        return f"\n\n[[figure:{len(figures) - 1}]]\n\n"

    def key(name: str) -> str:
        return keys[name].latex(notation)

    keys = item.question.answer() if CHOICE in item.answers else item.answers
    names = _template_names(type(item.question))
    values = {name: getattr(item.question, name) for name in names}
    return values | {
        "blank": blank,
        "figure": figure,
        "key": key,
        "keys": keys,
        "level": item.level,
        "question": item.question,
    }


@cache
def _template_names(question: type[Any]) -> tuple[str, ...]:
    properties = [
        name for name, value in inspect.getmembers(question) if isinstance(value, property) and name[0] != "_"
    ]
    return (*question.__dataclass_fields__, *properties)


def _template_line(fault: BaseException, template: Path) -> str:
    frames = inspect.getinnerframes(fault.__traceback__) if fault.__traceback__ else []
    lines = [frame.lineno for frame in frames if frame.filename == str(template)]
    return f"line {lines[-1]}, " if lines else ""


@cache
def _template(path: Path, notation: Notation) -> jinja2.Template:
    return _environment(path.parent.parent, notation).get_template(f"{path.parent.name}/{path.name}")


@cache
def _environment(folder: Path, notation: Notation) -> jinja2.Environment:
    environment = jinja2.Environment(  # Markdown, not HTML: the renderers escape
        loader=jinja2.FileSystemLoader(folder),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    environment.filters |= filters(notation)
    return environment


def filters(notation: Notation) -> dict[str, Callable[..., str]]:
    """What templates write numbers with: each yields LaTeX.

    `tex` sets a number, a tuple as a vector in round brackets, or a tuple of tuples as a matrix; `column` and
    `row` set a tuple as a matrix of one column or row; `signed` gives the number with its sign, for sums;
    `factor` puts brackets around a negative number, for products; `size` joins a shape with times signs;
    `text` writes a number without LaTeX. A first argument rounds to so many decimals.
    """

    def text(value: Any, decimals: int | None = None) -> str:
        return _number(value, decimals, notation)

    def tex(value: Any, decimals: int | None = None) -> str:
        if not isinstance(value, list | tuple):
            return text(value, decimals).replace(",", "{,}") if not isinstance(value, str) else value
        if value and isinstance(value[0], list | tuple):
            return _matrix([[tex(entry, decimals) for entry in row] for row in value])
        separator = r",\; " if notation.decimal == "." else r";\; "
        return f"({separator.join(tex(entry, decimals) for entry in value)})"

    def column(value: Sequence[Any], decimals: int | None = None) -> str:
        return _matrix([[tex(entry, decimals)] for entry in value])

    def row(value: Sequence[Any], decimals: int | None = None) -> str:
        return _matrix([[tex(entry, decimals) for entry in value]])

    def signed(value: Any, decimals: int | None = None) -> str:
        return f"- {tex(-value, decimals)}" if value < 0 else f"+ {tex(value, decimals)}"

    def factor(value: Any, decimals: int | None = None) -> str:
        return f"({tex(value, decimals)})" if value < 0 else tex(value, decimals)

    def size(value: Sequence[int]) -> str:
        return r" \times ".join(map(str, value))

    return {
        "tex": tex,
        "column": column,
        "row": row,
        "signed": signed,
        "factor": factor,
        "size": size,
        "text": text,
    }


def _matrix(rows: Sequence[Sequence[str]]) -> str:
    return r"\begin{bmatrix}" + r" \\ ".join(" & ".join(row) for row in rows) + r"\end{bmatrix}"


def _number(value: Any, decimals: int | None, notation: Notation) -> str:
    if isinstance(value, bool) or not hasattr(value, "__float__"):
        raise TypeError(f"{value!r} is not a number")
    if decimals is not None:
        return decimal_text(exact(value), decimals, notation)
    text = exact_text(exact(value))
    if len(text.partition(".")[2]) > MOST_DECIMALS:
        raise ValueError(
            f"{value!r} has more than {MOST_DECIMALS} decimals: round it, as in {{{{ x | tex(3) }}}}"
        )
    return text.replace(".", notation.decimal)
