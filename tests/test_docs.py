"""The documents' examples run, in their order, each document in a folder of its own."""

from __future__ import annotations

import csv
import re
import runpy
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import get_args

import click
import jinja2
import pytest
from click.testing import CliRunner
from quizgrad import Order, checking
from quizgrad.cli import main
from quizgrad.exams import blueprint
from quizgrad.exams.build import Maker
from quizgrad.grading.policy import ChoiceRule
from quizgrad.rendering.document import Figure
from quizgrad.rendering.figures import KINDS, svg
from quizgrad.rendering.mathematics import layout, mathml

ROOT = Path(__file__).parent.parent
DOCUMENTS = ("README.md", "docs/blueprint.md", "docs/authoring.md", "docs/grading.md", "docs/statistics.md")
NOT_RUN = ("make", "pip")
HEAD = 'title = "T"\nminutes = 10\n'
SLOT = '[[section]]\n[[section.slot]]\nfrom = "mlp/parameter_count"\npoints = 1\n'


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the file that it is, or "", and its text."""

    language: str
    name: str
    text: str


def _text(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def blocks(document: str) -> Iterator[Block]:
    text = _text(document)
    for language, name, body in re.findall(r"^```(\w+) ?(\S*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        yield Block(language, name, body)


def run(line: str) -> str:
    words = shlex.split(line, comments=True)
    settings = dict(word.split("=", 1) for word in takewhile(lambda word: "=" in word, words))
    words = words[len(settings) :]
    if not words or words[0] in NOT_RUN:
        return ""
    assert words[0] == "quizgrad", line
    checking._bank.cache_clear()  # each command of a document is a process of its own
    result = CliRunner(env=settings).invoke(main, words[1:])
    assert result.exit_code == 0, f"{line}\n{result.output}"
    return result.stdout


def show_or_write(path: Path, text: str) -> None:
    """A file that a command wrote must be what the document shows; any other is written."""
    if path.exists():
        assert path.read_text(encoding="utf-8-sig") == text
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def type_an_answer(sheet: Path) -> None:
    """What a reader of the README does between two commands: an empty sheet cannot be graded."""
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    rows[1][3:] = ["1"] * len(rows[1][3:])
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_examples_of_a_document_run(
    document: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    printed = ""
    for block in blocks(document):
        if block.name == "output":
            assert block.text == printed
        elif block.name:
            show_or_write(Path(block.name), block.text)
        elif block.language == "sh":
            printed = "".join(run(line) for line in block.text.replace("\\\n", " ").splitlines())
            if block.text.startswith("quizgrad sheet") and document == "README.md":
                type_an_answer(Path("answers.csv"))
        elif block.language == "python":
            exec(compile(block.text, document, "exec"), names)  # the documents are ours


@pytest.mark.parametrize(
    "block", [block for block in blocks("docs/blueprint.md") if block.language == "toml"]
)
def test_the_parts_of_blueprints_make_forms(block: Block) -> None:
    keys = tomllib.loads(block.text)
    text = ("" if "title" in keys else HEAD) + block.text + ("" if "section" in keys else SLOT)
    assert Maker(Order(text, "example", None, 1), b"secret").form(0).form_pdf.startswith(b"%PDF")


@pytest.mark.parametrize("table", [blueprint.Blueprint, blueprint.Section, blueprint.Slot])
def test_every_key_of_a_blueprint_is_described_and_has_an_example(table: type[blueprint.Table]) -> None:
    text = _text("docs/blueprint.md")
    for name, field in table.model_fields.items():
        key = field.alias or name
        assert f"| `{key}` |" in text
        assert f"\n{key} = " in text or f"{key}]]\n" in text


def test_each_kind_of_figure_has_an_example_that_is_drawn() -> None:
    drawn: list[str] = []

    def figure(kind: str, *, alt: str, **arguments: object) -> str:
        drawn.append(kind)
        return svg(Figure(kind, arguments, alt))

    for block in blocks("docs/authoring.md"):
        if block.language == "jinja" and not block.name:
            assert "<svg" in jinja2.Template(block.text).render(figure=figure)
    assert set(drawn) == set(KINDS)


def test_the_formulas_of_the_authors_page_are_set() -> None:
    formulas = [
        line
        for block in blocks("docs/authoring.md")
        if block.language == "latex"
        for line in block.text.splitlines()
    ]
    assert len(formulas) == 5
    for formula in formulas:
        assert layout(formula, display=True).width > 0
        assert mathml(formula, display=True).startswith("<math")


def test_the_map_names_every_folder_and_module_of_the_root() -> None:
    text = _text("ARCHITECTURE.md")
    folders = [path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name[0] != "."]
    for name in [*(f"{folder.name}/" for folder in folders), *(path.name for path in ROOT.glob("*.py"))]:
        assert f"`{name}`" in text


def test_the_map_has_the_order_of_imports_that_is_enforced() -> None:
    text = _text("ARCHITECTURE.md")
    settings = tomllib.loads(_text("pyproject.toml"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    assert "\n".join(f"    {layer.replace(' | ', ', ')}" for layer in layers) in text


def test_every_folder_with_modules_is_packed() -> None:
    settings = tomllib.loads(_text("pyproject.toml"))
    packed = set(settings["tool"]["setuptools"]["packages"])
    own = [path for path in ROOT.iterdir() if path.is_dir() and path.name.isidentifier()]
    found = {
        ".".join(["quizgrad", *module.parent.relative_to(ROOT).parts])
        for folder in own
        if folder.name not in {"tests", "benchmarks", "docs", "build"}
        for module in folder.rglob("*.py")
        if module.parent.name != "fonts"  # a script that made one of them
    }
    assert packed == {"quizgrad", *found}


def test_data_that_is_no_module_is_packed() -> None:
    settings = tomllib.loads(_text("pyproject.toml"))
    packed = {
        path
        for package, patterns in settings["tool"]["setuptools"]["package-data"].items()
        for pattern in patterns
        for path in ROOT.joinpath(*package.split(".")[1:]).glob(pattern)
    }
    for folder in settings["tool"]["setuptools"]["packages"]:
        for path in ROOT.joinpath(*folder.split(".")[1:]).iterdir():
            if path.suffix in {".toml", ".md", ".txt", ".ttf", ".woff2", ".css", ".html", ".jinja"}:
                assert path in packed or path.parent == ROOT or path.name == "ruff.toml"


@pytest.mark.parametrize("command", ["sheet", "grade", "rekey"])
def test_every_option_of_grading_has_an_example_that_runs(command: str) -> None:
    lines = [
        line
        for block in blocks("docs/grading.md")
        if block.language == "sh"
        for line in block.text.splitlines()
        if line.startswith(f"quizgrad {command} ")
    ]
    for parameter in main.commands[command].params:
        if isinstance(parameter, click.Option):
            assert any(set(parameter.opts) & set(shlex.split(line)) for line in lines), parameter.name


def test_the_shares_of_the_worked_example_are_those_of_the_table() -> None:
    (code,) = (block.text for block in blocks("docs/grading.md") if "shares = {" in block.text)
    shown = dict(re.findall(r'"([a-z0-9 ]+)": "?(-?[0-9/]+)"?', code))
    rows = re.findall(
        r'^\| `"([a-z0-9 ]+)"` \| [^|]+ \| (-?[0-9/]+)[^|]* \|$', _text("docs/grading.md"), re.MULTILINE
    )
    assert dict(rows) == shown
    assert set(shown) == set(get_args(ChoiceRule))


@pytest.mark.parametrize("document", [*DOCUMENTS, "ARCHITECTURE.md", "CHANGELOG.md"])
def test_links_lead_to_files(document: str) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", _text(document)):
        if not target.startswith("https://"):
            assert (ROOT / document).parent.joinpath(target.partition("#")[0]).is_file(), target


def test_the_picture_is_small_enough_to_load_at_once() -> None:
    assert (ROOT / "docs" / "page.png").stat().st_size < 200_000


def test_the_coverage_of_the_curriculum_is_true() -> None:
    page = runpy.run_path(str(ROOT / "docs" / "curriculum.py"))["page"]
    assert (ROOT / "docs" / "curriculum.md").read_text("utf-8") == page(), "run python docs/curriculum.py"
