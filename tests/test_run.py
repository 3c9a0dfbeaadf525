"""Grading runs on disk: what a second run into the same folder leaves, and what is refused."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from quizgrad.cli import main

from .conftest import GENERATOR, TEMPLATE

BLUEPRINT = """
title = "Quiz"
minutes = 5
[[section]]
[[section.slot]]
from = "toys/slope"
points = 4
set = { w = 3, x = 2 }
"""
ROSTER = "student_id,name\n1,Ada\n2,Ben\n3,Cleo\n"
HEAD = "student_id,q1.slope,q1.step\n"


class Desk:
    """An exam for three students, and the commands on it."""

    def __init__(self, folder: Path, bank: Path) -> None:
        self.folder, self.bank = folder, bank
        (folder / "quiz.toml").write_text(BLUEPRINT)
        (folder / "class.csv").write_text(ROSTER)
        made = self.run("exam", folder / "quiz.toml", "--roster", folder / "class.csv", "-o", self.exam)
        assert made.exit_code == 0, made.output

    @property
    def exam(self) -> Path:
        return self.folder / "quiz"

    @property
    def results(self) -> Path:
        return self.folder / "results"

    def run(self, *words: object):  # type: ignore[no-untyped-def]
        return CliRunner().invoke(main, ["--bank", str(self.bank), *map(str, words)])

    def grade(self, rows: str, *options: str):  # type: ignore[no-untyped-def]
        (self.folder / "answers.csv").write_text(HEAD + rows)
        return self.run("grade", self.exam, self.folder / "answers.csv", "-o", self.results, *options)

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.results / name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def sheets(self) -> set[str]:
        """The students who have feedback."""
        return {path.name.partition("_")[0] + path.suffix for path in (self.results / "feedback").iterdir()}


@pytest.fixture
def desk(tmp_path: Path, write_bank: Callable[..., Path]) -> Desk:
    return Desk(tmp_path, write_bank())


def test_a_name_without_a_font_is_named_when_the_exam_is_made(desk: Desk) -> None:
    (desk.folder / "thai.csv").write_text('student_id;name\n="0012";สมชาย\n')
    made = desk.run(
        "exam", desk.folder / "quiz.toml", "--roster", desk.folder / "thai.csv", "-o", desk.folder / "thai"
    )
    assert made.exit_code == 0
    assert "there is no font with their script: สมชาย (0012)" in made.stderr


def test_feedback_of_students_who_are_no_longer_graded_is_removed(desk: Desk) -> None:
    desk.grade("1,12,0.80\n2,6,1.40\n", "--no-report")
    assert desk.sheets() == {"1.pdf", "1.html", "2.pdf", "2.html"}
    (desk.results / "feedback" / "my notes.html").touch()
    desk.grade("1,12,0.80\n", "--no-report")
    assert desk.sheets() == {"1.pdf", "1.html", "my notes.html.html"}


def test_a_run_without_feedback_and_report_leaves_none_of_an_earlier_one(desk: Desk) -> None:
    desk.grade("1,12,0.80\n")
    assert (desk.results / "report.pdf").exists()
    desk.grade("1,6,1.40\n", "--no-feedback", "--no-report")
    assert desk.sheets() == set()
    assert not {"report.pdf", "report.html"} & {path.name for path in desk.results.iterdir()}


@pytest.mark.parametrize("rows", ["", "9,1,1\n"])
def test_without_a_readable_submission_nothing_is_written_over(desk: Desk, rows: str) -> None:
    desk.grade("1,12,0.80\n")
    before = {path: path.read_bytes() for path in desk.results.rglob("*") if path.is_file()}
    refused = desk.grade(rows)
    assert refused.exit_code == 2
    assert "nothing was graded or written: no submission could be read" in refused.stderr
    assert ("no student of this exam has the id '9'" in refused.stderr) == bool(rows)
    assert before == {path: path.read_bytes() for path in desk.results.rglob("*") if path.is_file()}


def test_an_empty_folder_of_submissions_makes_no_results(desk: Desk) -> None:
    (desk.folder / "handed in").mkdir()
    refused = desk.run("grade", desk.exam, desk.folder / "handed in", "-o", desk.results)
    assert refused.exit_code == 2
    assert len(refused.stderr.splitlines()) == 1
    assert not desk.results.exists()


def test_students_who_handed_in_nothing_are_absent_and_not_at_zero(desk: Desk) -> None:
    run = desk.grade("1,12,0.80\n2,7,7\n3,,\n")
    assert "graded 2 of 3 forms, 1 absent" in run.stdout
    assert [(row["name"], row["total"], row["q1"]) for row in desk.rows("scores.csv")] == [
        ("Ada", "4", "4"),
        ("Ben", "0", "0"),
        ("Cleo", "absent", ""),
    ]
    assert {row["student_id"] for row in desk.rows("responses.csv")} == {"1", "2"}
    report = (desk.results / "report.html").read_text()
    assert "Mean 2 of 4 points" in report
    assert "1 student handed in nothing" in report


def test_an_empty_row_with_a_time_is_an_empty_paper(desk: Desk) -> None:
    (desk.folder / "in.csv").write_text("student_id,received,q1.slope\n1,,12\n2,2026-11-27 10:00,\n")
    desk.run("grade", desk.exam, desk.folder / "in.csv", "-o", desk.results)
    assert [row["total"] for row in desk.rows("scores.csv")] == ["2", "0", "absent"]


def test_who_is_no_longer_graded_is_among_the_differences(desk: Desk) -> None:
    desk.grade("1,12,0.80\n2,12,0.80\n")
    desk.grade("1,12,0.80\n")
    (difference,) = desk.rows("differences.csv")
    assert (difference["name"], difference["before"], difference["now"]) == ("Ben", "4", "absent")


def test_spare_forms_without_a_student_are_not_absent(desk: Desk) -> None:
    spare = desk.folder / "spare"
    desk.run("exam", desk.folder / "quiz.toml", "--forms", 3, "-o", spare)
    code = next((spare / "forms").iterdir()).stem
    (desk.folder / "in.csv").write_text(f"form,q1.slope\n{code},12\n")
    assert (
        "graded 1 of 3 forms\n" in desk.run("grade", spare, desk.folder / "in.csv", "-o", desk.results).stdout
    )
    assert [row["form"] for row in desk.rows("scores.csv")] == [code]


NEW_FIELD = GENERATOR.replace("    x: int\n", "    x: int\n    rate: float\n")
OTHER_BLANK = GENERATOR.replace('"slope": Integer(slope)', '"rise": Integer(slope)')
OTHER_KEY = GENERATOR.replace("slope = 2 * self.w * self.x", "slope = 4 * self.w * self.x")


@pytest.mark.parametrize(
    "changed",
    [{"generator": NEW_FIELD}, {"generator": OTHER_BLANK}, {"generator": OTHER_KEY}, {"generator": ""}],
    ids=["a new field", "another blank", "another key", "gone"],
)
def test_an_old_exam_is_graded_by_its_stored_keys_when_a_question_has_changed(
    desk: Desk, write_bank: Callable[..., Path], changed: dict[str, str]
) -> None:
    desk.bank = write_bank(name="later", **changed)
    run = desk.grade("1,12,0.80\n2,6,1.40\n3,12,2.00\n")
    assert run.exit_code == 0, run.output
    told = "graded by their stored keys alone: toys/slope" in run.stdout
    assert told == (changed["generator"] in {NEW_FIELD, ""})
    assert [row["total"] for row in desk.rows("scores.csv")] == ["4", "0", "2"]
    mistakes = {(row["student_id"], row["blank"]): row["mistake"] for row in desk.rows("responses.csv")}
    assert mistakes["2", "slope"] == "forgets_factor"
    review = desk.rows("review.csv")
    (doubtful,) = (row for row in review if row["student_id"])
    assert (doubtful["student_id"], doubtful["blank"]) == ("2", "step")
    assert "the question has changed since the exam was made" in doubtful["why"]
    named = [row["why"] for row in review if not row["student_id"]]
    assert bool(named) == (changed["generator"] in {NEW_FIELD, ""})
    assert all(
        "question toys/slope: it has changed since the exam was made with quizgrad" in why for why in named
    )
    sheet = next((desk.results / "feedback").glob("2_*.html")).read_text()
    assert "One step of gradient descent" in sheet
    assert "It cannot be shown, as the question has changed" in sheet


def test_the_prompt_of_an_old_exam_is_shown_as_it_was_printed(
    desk: Desk, write_bank: Callable[..., Path]
) -> None:
    desk.bank = write_bank(name="later", template=TEMPLATE.replace("What is the slope", "How steep is it"))
    desk.grade("1,12,0.80\n")
    sheet = next((desk.results / "feedback").glob("1_*.html")).read_text()
    assert "What is the slope" in sheet
    assert "The slope is" in sheet  # the solution


def test_a_drawing_that_cannot_be_made_again_is_replaced_by_a_note(
    desk: Desk, write_bank: Callable[..., Path]
) -> None:
    drawing = '{{ figure("grid", values=((1, 2), (3, 4)), alt="A grid.") }}\n{% endblock %}'
    before = write_bank(name="before", template=TEMPLATE.replace("{% endblock %}", drawing, 1))
    drawn = Desk(_new(desk.folder / "drawn"), before)
    drawn.grade("1,12,0.80\n", "--no-report")
    assert "<svg" in next((drawn.results / "feedback").glob("*.html")).read_text()
    drawn.bank = desk.bank
    drawn.grade("1,12,0.80\n", "--no-report")
    sheet = next((drawn.results / "feedback").glob("*.html")).read_text()
    assert "<svg" not in sheet
    assert "The drawing cannot be shown" in sheet


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_a_policy_may_name_a_mistake_that_only_the_stored_exam_knows(
    desk: Desk, write_bank: Callable[..., Path]
) -> None:
    desk.bank = write_bank(name="later", generator="")
    policy = desk.folder / "policy.toml"
    policy.write_text('[mistakes]\n"toys/slope:forgets_factor" = 0.5\n')
    assert desk.grade("2,6,\n", "--policy", str(policy)).exit_code == 0
    assert [row["total"] for row in desk.rows("scores.csv")] == ["absent", "1", "absent"]
    policy.write_text('[mistakes]\n"toys/slope:sleeps" = 0.5\n')
    assert desk.grade("2,6,\n", "--policy", str(policy)).exit_code == 2
