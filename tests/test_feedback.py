from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO

import pypdf
import pytest
from quizgrad import Bank, Order, Submission, build, grade, load
from quizgrad.answers import Notation
from quizgrad.exams.roster import Student
from quizgrad.exams.store import StoredExam
from quizgrad.grading.feedback import feedback_html, feedback_pdf
from quizgrad.grading.grade import Result

BLUEPRINT = """
title = "Quiz <1>"
minutes = 20
decimal = ","
[[section]]
[[section.slot]]
from = "gnn/gcn_normalized_adjacency"
points = 4.5
[[section.slot]]
from = "attention/scaled_dot_product"
points = 3
[[section.slot]]
from = "concepts/losses"
points = 1
"""
NAME = "Ada <script>alert(1)</script> & *Co* $x$"


@pytest.fixture(scope="module")
def exam(tmp_path_factory: pytest.TempPathFactory) -> StoredExam:
    order = Order(BLUEPRINT, "quiz.toml", (Student("7", NAME),), 0, "7")
    return load(build(order, tmp_path_factory.mktemp("exam") / "quiz"), Bank())


def graded(exam: StoredExam, answers: Mapping[str, Mapping[str, str]]) -> Result:
    (form,) = exam.forms.values()
    return grade(exam, [Submission(form.code, "7", "test", answers)])


def text_of(result: Result) -> str:
    pages = pypdf.PdfReader(BytesIO(feedback_pdf(result, result.forms[0]))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def keys(exam: StoredExam) -> dict[str, dict[str, str]]:
    (form,) = exam.forms.values()
    return {
        item.id: {blank: answer.printed(Notation(",")) for blank, answer in item.item.answers.items()}
        for item in form.items
    }


def test_points_have_the_exams_decimal_sign(exam: StoredExam) -> None:
    assert "8,5 of 8,5 points" in text_of(graded(exam, keys(exam)))


def test_every_cell_of_a_matrix_stands_in_its_box(exam: StoredExam) -> None:
    typed = keys(exam)["q1"]["matrix"]
    result = graded(exam, {"q1": {"matrix": typed}})
    prompt, _, _ = feedback_html(result, result.forms[0]).partition("your answer")
    cells = re.findall(r"\d,\d{3}", typed)
    assert len(cells) > 9
    assert re.findall(r"\d,\d{3}", prompt) == cells


def test_a_vector_from_several_fields_is_shown_as_one(exam: StoredExam) -> None:
    result = graded(exam, {"q2": {"weights": "[[0,1; 0,2; 0,7]]"}})
    assert "(0,1; 0,2; 0,7)" in text_of(result)
    assert "[[0,1" not in text_of(result)


def test_feedback_on_an_exam_in_large_print_is_in_large_print(exam: StoredExam) -> None:
    large = replace(exam, blueprint=exam.blueprint.model_copy(update={"large_print": True}))
    pages = [
        len(pypdf.PdfReader(BytesIO(feedback_pdf(result, result.forms[0]))).pages)
        for result in (graded(exam, {}), graded(large, {}))
    ]
    assert pages[1] > pages[0]


def test_a_long_word_does_not_widen_the_table(exam: StoredExam) -> None:
    text = text_of(graded(exam, {"q2": {"scores": "y" * 3000}}))
    assert f"{'y' * 24}…" in text
    assert "y" * 25 not in text
    assert "The text has 3000 characters, more than 2000." in text


def test_what_students_write_is_never_markup(exam: StoredExam) -> None:
    hostile = "<img src=x onerror=alert(2)> **b** $y$"
    result = graded(exam, {"q2": {"scores": hostile}, "q3": {"true": hostile}})
    html = feedback_html(result, result.forms[0])
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;img src=x onerror=alert(2)&gt; **b** $y$" in html
    assert "*Co* $x$" in html
    assert "**b** $y$" in text_of(result)
