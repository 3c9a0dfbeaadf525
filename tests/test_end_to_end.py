"""From a blueprint to marks: simulated students hand in on paper and as PDF, and every mark is foretold."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import permutations
from pathlib import Path
from random import Random
from typing import Any, NoReturn

import pytest
from click.testing import CliRunner
from pypdf import PdfReader, PdfWriter
from quizgrad.answers import Answer, Matrix, MultipleChoice, Notation, Ordering, Real, SingleChoice, Vector
from quizgrad.bank import Bank
from quizgrad.cli import main
from quizgrad.exams import store
from quizgrad.exams.store import StoredExam, StoredForm, StoredItem
from quizgrad.grading import run
from quizgrad.question import Given

SLOTS = [
    ("cnn/conv_output_size", 2, 3, ""),
    ("attention/scaled_dot_product", 1, 6, ""),
    ("metrics/binary_scores", 2, 8, ""),
    ("activations/derivative_symbolic", 1, 2, ""),
    ("backprop/training_step_order", 1, 3, ""),
    ("concepts/losses", 2, 4, ""),
    ("mlp/parameter_count", 2, 2, 'as = "choice"'),
    ("gnn/gcn_normalized_adjacency", 1, 5, ""),
    ("cnn/sequential_table", 1, 7, ""),
    ("optimizers/adam_step", 2, 5, ""),
]
BLUEPRINT = 'title = "Midterm"\nminutes = 75\n{decimal}[[section]]\ntitle = "All"\n' + "".join(
    f'[[section.slot]]\nfrom = "{name}"\nlevel = {level}\npoints = {points}\n{more}\n'
    for name, level, points, more in SLOTS
)
POLICY = 'choices = "right minus wrong"\ncoarse = "1/2"\ncarried = 0.75\n'
COARSE, CARRIED = Fraction(1, 2), Fraction(3, 4)
BANK = Bank()


@dataclass(frozen=True)
class Foretold:
    """What is typed into a blank, and the share of its points that it must earn."""

    text: str
    share: Fraction


Typed = dict[str, Foretold]
Student = Callable[[StoredItem, Notation], Typed]
RIGHT, WRONG = Fraction(1), Fraction(0)


# The rules, written a second time: numbers by their text, orders by trying all, choices by counting.


def share_of(answer: Answer, text: str) -> Fraction:
    if isinstance(answer, MultipleChoice):
        right = {letter for letter, option in zip("abcdefgh", answer.options, strict=False) if option.right}
        ticked = set(text.replace("none", "")) & set("abcdefgh")
        return max(Fraction(len(ticked & right) - len(ticked - right), len(right)), WRONG)
    if isinstance(answer, SingleChoice):
        return Fraction(answer.options["abcdefgh".index(text)].right)
    if isinstance(answer, Ordering):
        return order_share(answer, text.split())
    if answer.kind == "expression":
        raise ValueError("a formula's share is known to who typed it")
    return numbers_share(answer, re.findall(r"-?\d+(?:\.\d+)?", text))


def numbers_share(answer: Any, texts: list[str]) -> Fraction:
    keys = flat(answer.value)
    if len(texts) != len(keys):
        return WRONG
    decimals = getattr(answer, "decimals", 0)
    unit = Fraction(1, 10**decimals) if decimals else Fraction(0)
    exact = [Fraction(f"{key:.12g}" if decimals else key) for key in keys]
    right = [abs(Fraction(text) - key) <= unit for text, key in zip(texts, exact, strict=True)]
    coarse = [
        len(text.partition(".")[2]) < decimals and Fraction(text) != key
        for text, key in zip(texts, exact, strict=True)
    ]
    share = Fraction(sum(right), len(right))
    return share * COARSE if all(right) and any(coarse) else share


def flat(value: Any) -> list[Any]:
    return [entry for part in value for entry in flat(part)] if isinstance(value, tuple) else [value]


def order_share(answer: Ordering, letters: list[str]) -> Fraction:
    typed = [answer.origins["ABCDEFGHIJKL".index(letter)] for letter in letters]
    steps = range(len(answer.items))
    valid = [
        order
        for order in permutations(steps)
        if all(order.index(first) < order.index(second) for first, second in answer.before)
    ]
    return Fraction(max(common(typed, order) for order in valid), len(steps))


def common(first: Any, second: Any) -> int:
    """The length of the longest common subsequence."""
    row = [0] * (len(second) + 1)
    for one in first:
        former = row.copy()
        for place, other in enumerate(second, 1):
            row[place] = former[place - 1] + 1 if one == other else max(former[place], row[place - 1])
    return row[-1]


# The students


def right(item: StoredItem, notation: Notation) -> Typed:
    return {blank: Foretold(answer.printed(notation), RIGHT) for blank, answer in item.item.answers.items()}


def other_notations(item: StoredItem, notation: Notation) -> Typed:
    typed = right(item, notation)
    for number, (blank, answer) in enumerate(item.item.answers.items()):
        spellings = answer.spellings(notation)
        typed[blank] = Foretold(spellings[number % len(spellings)], RIGHT)
    return typed


def lower_edges(item: StoredItem, notation: Notation, edge: int = 0) -> Typed:
    answers = item.item.answers.items()
    return right(item, notation) | {
        blank: Foretold(answer.edges()[edge].replace(".", notation.decimal), RIGHT)
        for blank, answer in answers
        if answer.edges()
    }


def upper_edges(item: StoredItem, notation: Notation) -> Typed:
    return lower_edges(item, notation, -1)


def just_outside(item: StoredItem, notation: Notation) -> Typed:
    """Only the last blank, so that nothing is carried into it."""
    blank, answer = list(item.item.answers.items())[-1]
    if not answer.outside():
        return {}
    text = answer.outside()[0]
    return {blank: Foretold(text.replace(".", notation.decimal), share_of(answer, text))}


def blank_paper(item: StoredItem, notation: Notation) -> Typed:
    return {}


def nonsense(item: StoredItem, notation: Notation) -> Typed:
    return {
        blank: Foretold("=cmd|' /C calc'!A0", WRONG)
        for blank, answer in item.item.answers.items()
        if not isinstance(answer, SingleChoice | MultipleChoice)
    }


def mistaken(item: StoredItem, notation: Notation, which: int = 0) -> Typed:
    """A named mistake in its first blank, all else right: the key comes before what is carried."""
    typed = right(item, notation)
    if not item.item.mistakes or "choice" in typed:
        return typed
    mistake = item.item.mistakes[which % len(item.item.mistakes)]
    blank, value = next(iter(mistake.values.items()))
    answer = item.item.answers[blank]
    text = answer.like(value).printed()
    share = WRONG if answer.kind == "expression" else share_of(answer, text)
    return typed | {blank: Foretold(answer.like(value).printed(notation), share)}


def mistaken_otherwise(item: StoredItem, notation: Notation) -> Typed:
    return mistaken(item, notation, 1)


def carrying(item: StoredItem, notation: Notation) -> Typed:
    """A first value that is off by 3, and everything after it computed from that."""
    question = item.item.question
    typed: Typed = {}
    own: dict[str, Any] = {}
    for blank, answer in item.item.answers.items():
        if not isinstance(value := getattr(answer, "value", None), int | float | tuple):
            typed[blank] = Foretold(answer.printed(notation), RIGHT)
            continue
        key = question.follow(Given(own))[blank] if own and question.carries_errors() else answer
        if not own:
            key = answer.like(raised(value))
        text = key.printed()
        share = share_of(answer, text)
        follows = own and question.carries_errors() and share < 1
        typed[blank] = Foretold(key.printed(notation), CARRIED if follows else share)
        own[blank] = answer.carried(answer.read(text))
    return typed


def raised(value: Any) -> Any:
    return (raised(value[0]), *value[1:]) if isinstance(value, tuple) else value + 3


def too_coarse(item: StoredItem, notation: Notation) -> Typed:
    """One decimal less than wanted."""
    typed = right(item, notation)
    for blank, answer in item.item.answers.items():
        if isinstance(answer, Real):
            text = f"{answer.value:.{answer.decimals - 1}f}"
            share = share_of(answer, text)
            typed[blank] = Foretold(text.replace(".", notation.decimal), share)
    return typed


STUDENTS: dict[str, Student] = {
    student.__name__: student
    for student in (
        right,
        other_notations,
        lower_edges,
        upper_edges,
        just_outside,
        blank_paper,
        nonsense,
        mistaken,
        mistaken_otherwise,
        carrying,
        too_coarse,
    )
}


def answered(exam: StoredExam) -> dict[str, dict[str, Typed]]:
    """What everybody types, by form and item."""
    notation = Notation(exam.blueprint.decimal)
    return {
        form.code: {item.id: STUDENTS[form.student.name](item, notation) for item in form.items}
        for form in exam.forms.values()
        if form.student
    }


# The exam, and what is handed in


@dataclass(frozen=True)
class Folder:
    """An exam on disk, the way its students answer, and the policy."""

    path: Path
    policy: Path
    exam: StoredExam
    answers: dict[str, dict[str, Typed]]


@pytest.fixture(scope="module", params=[".", ","])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    root = tmp_path_factory.mktemp("midterm")
    decimal = 'decimal = ","\n' if request.param == "," else ""
    (root / "midterm.toml").write_text(BLUEPRINT.replace("{decimal}", decimal))
    rows = "".join(f"{number:04d},{name}\n" for number, name in enumerate(STUDENTS, 1))
    (root / "class.csv").write_text(f"student_id,name\n{rows}")
    (root / "policy.toml").write_text(POLICY)
    order = ["exam", root / "midterm.toml", "--roster", root / "class.csv", "-o", root / "exam"]
    quizgrad(*order, "--seed", "end to end", "--fillable")
    exam = store.load(root / "exam", BANK)
    return Folder(root / "exam", root / "policy.toml", exam, answered(exam))


def quizgrad(*arguments: object) -> str:
    done = CliRunner().invoke(main, list(map(str, arguments)))
    assert done.exit_code == 0, done.output
    return done.output


def graded(folder: Folder, submissions: Path, target: Path, *options: str) -> Path:
    quizgrad("grade", folder.path, submissions, "-o", target, "--policy", folder.policy, *options)
    return target


def as_table(folder: Folder, path: Path) -> Path:
    """The sheet as somebody types it in from paper; the time says that empty papers were handed in too."""
    quizgrad("sheet", folder.path, "-o", path)
    header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    for row in rows:
        for column, name in enumerate(header[3:], 3):
            item, _, blank = name.partition(".")
            if foretold := folder.answers[row[0]].get(item, {}).get(blank):
                row[column] = foretold.text
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([[*header, "received"], *([*row, "2026-11-27 10:00"] for row in rows)])
    return path


def as_pdfs(folder: Folder, target: Path) -> Path:
    """The filled forms; a vector or matrix is written into its boxes."""
    target.mkdir()
    for form in folder.exam.forms.values():
        path = next((folder.path / "forms").glob(f"*{form.code}.pdf"))
        writer = PdfWriter(clone_from=path)
        values = dict(filled(form, folder.answers[form.code], list(PdfReader(path).get_fields() or ())))
        for page in writer.pages:
            writer.update_page_form_field_values(page, values, auto_regenerate=False)
        writer.write(target / path.name)
    return target


def filled(form: StoredForm, typed: dict[str, Typed], names: list[str]) -> Iterator[tuple[str, str]]:
    for item in form.items:
        for blank, foretold in typed[item.id].items():
            answer, name = item.item.answers[blank], f"{item.id}.{blank}"
            if isinstance(answer, MultipleChoice):
                yield from ((f"{name}.{letter}", "/Yes") for letter in letters(foretold.text))
            elif isinstance(answer, SingleChoice):
                yield name, f"/{letters(foretold.text)[0]}"
            elif isinstance(answer, Vector | Matrix):
                boxes = [other for other in names if re.fullmatch(rf"{re.escape(name)}(\.\d+)+", other)]
                cells = cells_of(foretold.text, len(boxes))
                assert len(cells) == len(boxes)
                yield from zip(boxes, cells, strict=True)
            else:
                yield name, foretold.text


def letters(text: str) -> str:
    """The options that an answer in any notation names."""
    return "" if text.lower() in {"none", "-"} else re.sub("[^a-h]|and", "", text.lower())


def cells_of(text: str, count: int) -> list[str]:
    numbers = re.findall(r"-?\d+(?:[.,]\d+)?", text.replace("\\\\", " ")) if "cmd" not in text else []
    return numbers or [text] * count


# Marks


def check_marks(folder: Folder, target: Path) -> None:
    """Every mark of responses.csv and scores.csv is the foretold one."""
    responses = list(rows_of(target / "responses.csv"))
    blanks = {
        (form.code, item.id, blank): (item, folder.answers[form.code][item.id].get(blank))
        for form in folder.exam.forms.values()
        for item in form.items
        for blank in item.item.answers
    }
    assert {(row["form"], row["item"], row["blank"]) for row in responses} == set(blanks)
    totals = dict.fromkeys(folder.exam.forms, Fraction(0))
    for row in responses:
        item, foretold = blanks[row["form"], row["item"], row["blank"]]
        points = foretold.share * item.blank_points[row["blank"]] if foretold else Fraction(0)
        totals[row["form"]] += points
        assert abs(Fraction(row["points"]) - points) <= Fraction(1, 2000), (row, foretold)
        if foretold is None:
            assert row["verdict"] in {"blank", "wrong", "partly"}, (
                row
            )  # an all-blank multiple choice is blank
    for row in rows_of(target / "scores.csv"):
        assert abs(Fraction(row["total"]) - totals[row["form"]]) <= Fraction(1, 2000), row


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))


def content(target: Path) -> dict[str, bytes]:
    return {str(path.relative_to(target)): path.read_bytes() for path in target.rglob("*") if path.is_file()}


TABLES_ONLY = ("--no-feedback", "--no-report")


def test_every_mark_is_the_foretold_one_from_a_table(folder: Folder, tmp_path: Path) -> None:
    target = graded(folder, as_table(folder, tmp_path / "in.csv"), tmp_path / "out", *TABLES_ONLY)
    check_marks(folder, target)
    verdicts = {row["verdict"] for row in rows_of(target / "responses.csv")}
    assert verdicts == {"right", "partly", "wrong", "carried", "blank", "unreadable", "undecided"}


def test_every_mark_is_the_foretold_one_from_filled_pdfs(folder: Folder, tmp_path: Path) -> None:
    target = graded(folder, as_pdfs(folder, tmp_path / "in"), tmp_path / "out", *TABLES_ONLY)
    check_marks(folder, target)


def test_each_planted_mistake_is_named(folder: Folder, tmp_path: Path) -> None:
    target = graded(folder, as_table(folder, tmp_path / "in.csv"), tmp_path / "out", *TABLES_ONLY)
    named = {(row["form"], row["item"]) for row in rows_of(target / "responses.csv") if row["mistake"]}
    for form in folder.exam.forms.values():
        if form.student and form.student.name == "mistaken":
            planted = {(form.code, item.id) for item in form.items if item.item.mistakes}
            choices = {(form.code, item.id) for item in form.items if "choice" in item.item.answers}
            assert named & {(form.code, item.id) for item in form.items} == planted - choices


# Grading again


@pytest.fixture
def first(folder: Folder, tmp_path: Path) -> tuple[Path, Path]:
    """The table that was handed in, and the results of the first run."""
    table = as_table(folder, tmp_path / "in.csv")
    return table, graded(folder, table, tmp_path / "out", *TABLES_ONLY)


def code_of(folder: Folder, student: str) -> str:
    return next(
        form.code for form in folder.exam.forms.values() if form.student and form.student.name == student
    )


def totals(target: Path) -> dict[str, Fraction]:
    return {row["form"]: Fraction(row["total"]) for row in rows_of(target / "scores.csv")}


def test_grading_again_changes_nothing(folder: Folder, first: tuple[Path, Path]) -> None:
    table, target = first
    before = content(target)
    graded(folder, table, target, *TABLES_ONLY)
    assert content(target) == before
    assert not (target / "differences.csv").exists()


def decide(target: Path, decisions: dict[tuple[str, str, str], str]) -> None:
    """Write decisions into review.csv, as a person does."""
    rows = list(rows_of(target / "review.csv"))
    for row in rows:
        row["decision"] = decisions.get((row["form"], row["item"], row["blank"]), row["decision"])
    with (target / "review.csv").open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_decisions_count_and_survive_every_regrade(folder: Folder, first: tuple[Path, Path]) -> None:
    table, target = first
    before, code = totals(target), code_of(folder, "nonsense")
    decide(target, {(code, "q1", "rows"): "1", (code, "q1", "columns"): "0,5"})
    for _ in range(3):
        graded(folder, table, target, *TABLES_ONLY)
        assert totals(target) == before | {code: before[code] + Fraction(3, 2)}
    assert not (target / "differences.csv").exists()


def test_a_corrected_key_shows_whose_total_changed(folder: Folder, first: tuple[Path, Path]) -> None:
    table, target = first
    before, code = totals(target), code_of(folder, "nonsense")
    corrections = folder.path / "corrections.json"
    try:
        quizgrad("rekey", folder.path, "--item", "q4", "--accept", "=cmd|' /C calc'!A0", "--form", code)
        graded(folder, table, target, *TABLES_ONLY)
        (difference,) = rows_of(target / "differences.csv")
        assert (difference["form"], difference["change"]) == (code, "2")
        assert totals(target) == before | {code: before[code] + 2}
        quizgrad("rekey", folder.path, "--item", "q2", "--drop")
        kept = totals(graded(folder, table, target, "--keep-better", *TABLES_ONLY))
        assert kept == before | {code: before[code] + 2}
        after = totals(graded(folder, table, target, *TABLES_ONLY))
        worth = {
            row["form"]: Fraction(row["q2"]) for row in rows_of(_without(corrections, folder, table, target))
        }
        assert all(abs(after[form] - kept[form] + worth[form]) < Fraction(1, 500) for form in kept)
    finally:
        corrections.unlink(missing_ok=True)


def _without(corrections: Path, folder: Folder, table: Path, target: Path) -> Path:
    corrections.unlink()
    return graded(folder, table, target.with_name("again"), *TABLES_ONLY) / "scores.csv"


# Killed


def test_killed_before_any_file_is_replaced_the_results_are_whole(
    folder: Folder, first: tuple[Path, Path]
) -> None:
    """Each file is the former or the new one, and the next run ends as if none had been killed."""
    table, target = first
    job = run.Job(folder.path, (table,), target, run.Policy(), feedback=False, report=False)
    old = content(target)
    run.run(replace(job, target=target.with_name("new")), BANK)
    new = content(target.with_name("new"))
    step = 0
    while not survives(lambda: run.run(job, BANK), step := step + 1):
        check_whole(target, old, new)
    assert step == 7
    assert (target / "differences.csv").exists()
    assert {name: text for name, text in content(target).items() if name in new} == new


def test_killed_at_any_moment_the_results_are_whole(folder: Folder, first: tuple[Path, Path]) -> None:
    table, target = first
    job = run.Job(folder.path, (table,), target, run.Policy(), feedback=False)
    old = content(graded(folder, table, target, "--no-feedback"))
    started = time.perf_counter()
    run.run(replace(job, target=target.with_name("new")), BANK)
    seconds = time.perf_counter() - started
    new = content(target.with_name("new"))
    for moment in Random(0).choices(range(100), k=6):
        child = os.fork()
        if not child:
            _run_and_leave(lambda: run.run(job, BANK))
        time.sleep(seconds * moment / 100)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        check_whole(target, old, new)


def check_whole(target: Path, old: dict[str, bytes], new: dict[str, bytes]) -> None:
    for name, data in content(target).items():
        if not name.endswith(".partial") and name != "differences.csv":
            assert data in {old.get(name), new.get(name)}, name


def survives(work: Callable[[], object], step: int) -> bool:
    """Whether work comes to its end in another process that is killed before it replaces a file."""
    child = os.fork()
    if not child:
        _kill_before(step)
        _run_and_leave(work)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, -signal.SIGKILL)
    return status == 0


def _kill_before(step: int) -> None:
    """Have this process killed before it renames its n-th file."""
    renamed = 0

    def count(event: str, _: object) -> None:
        nonlocal renamed
        renamed += event == "os.rename"
        if event == "os.rename" and renamed == step:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def _run_and_leave(work: Callable[[], object]) -> NoReturn:
    try:
        work()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


# Hostile papers


HOSTILE = [
    "${jndi:ldap://localhost/a}",
    "**bold** $\\frac{1}{0$ `code`",
    "<script>alert(1)</script>",
    "=HYPERLINK(1)",
    "\t@SUM(A1)",
    "\u202e42\u0301\u200b",
    "\x00\x1b[31m\ud800",
    "![](http://localhost/x.png)",
    "| a | b |\n|---|---|",
    "x" * 5_000,
    "9**9**9",
    "مرحبا 王 😀",
]


def test_hostile_papers_are_graded_and_harm_nobody_who_reads_the_results(
    folder: Folder, tmp_path: Path
) -> None:
    rng = Random(1)
    papers = [
        {
            "form": form.code,
            "answers": {
                item.id: {blank: rng.choice(HOSTILE) for blank in item.item.answers} for item in form.items
            },
        }
        for form in folder.exam.forms.values()
    ]
    (tmp_path / "in.json").write_text(json.dumps(papers))
    target = graded(folder, tmp_path / "in.json", tmp_path / "out")
    assert len(list(rows_of(target / "scores.csv"))) == len(papers)
    pages = [path.read_text(encoding="utf-8") for path in target.rglob("*.html")]
    assert len(pages) == len(papers) + 1
    for page in pages:
        assert "<script>alert" not in page
        assert 'src="http' not in page
    for name in ("scores.csv", "responses.csv", "review.csv"):
        for row in rows_of(target / name):
            for cell in row.values():
                assert not re.match(r"\s*[=+@]|\s*-(?![\d.,eE+-]*$)", cell), cell
