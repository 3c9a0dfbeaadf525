"""Grading runs on disk: what a second run into the same folder leaves, and what is refused."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from quizgrad.cli import main

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
