"""Blanks graded per second, and whole classes of growing size."""

from __future__ import annotations

import time
from collections.abc import Iterator
from fractions import Fraction

from quizgrad import Bank, Item
from quizgrad.answers import Expression, Real
from quizgrad.exams.blueprint import parse
from quizgrad.exams.store import StoredExam, StoredForm, StoredItem
from quizgrad.grading.grade import grade
from quizgrad.grading.submissions import Submission
from quizgrad.verify import draw, stream_of

NUMBERS = 40_000
EXPRESSIONS = [
    "z*exp(z)",
    "e^z z",
    "exp(z)*z + 0",
    "z e^{z}",
    "(z+1) e^z - e^z",
    "z^2 exp(z)",
    "exp(z)",
    "2z e^z/2",
]
QUESTION = "metrics/binary_scores"
PLACES = 5
CLASSES = (100, 1_000, 10_000)


def run() -> None:
    _blanks()
    _expressions()
    for students in CLASSES:
        exam = _exam(students)
        submissions = list(_submissions(exam))
        started = time.process_time()
        grade(exam, submissions)
        seconds = time.process_time() - started
        per_blank = 1e6 * seconds / students / (PLACES * 8)
        print(
            f"{students:6d} students with {PLACES * 8} blanks {seconds:7.2f} s, {per_blank:5.1f} µs per blank"
        )


def _blanks() -> None:
    key = Real(0.49632, 3)
    started = time.process_time()
    for number in range(NUMBERS):
        key.judge(f"0.{number % 1000:03d}")
    print(f"numeric blanks      {NUMBERS / (time.process_time() - started):9.0f} per second and core")


def _expressions() -> None:
    expression = Expression("z*exp(z)", (("z", "real"),))
    started = time.process_time()
    count = 0
    while time.process_time() - started < 2:
        for text in EXPRESSIONS:
            expression.judge(text)
            count += 1
    print(f"expressions         {count / (time.process_time() - started):9.0f} per second and core")


def _exam(students: int) -> StoredExam:
    entry = Bank()[QUESTION]
    blueprint = parse(
        'title = "B"\nminutes = 60\n[[section]]\n[[section.slot]]\n'
        f'from = "{QUESTION}"\npick = {PLACES}\npoints = 8\n',
        "benchmark",
    )
    pool = [draw(entry, 2, stream_of(b"benchmark", str(number))) for number in range(200)]
    forms = {}
    for number in range(students):
        items = tuple(_stored(place, pool[(number * 7 + place * 31) % len(pool)]) for place in range(PLACES))
        forms[f"F{number}"] = StoredForm(f"F{number}", None, items)
    return StoredExam("BENCH", blueprint, forms, {})


def _stored(place: int, item: Item) -> StoredItem:
    points = dict.fromkeys(item.answers, Fraction(1))
    return StoredItem(f"q{place + 1}", place + 1, 0, "", Fraction(8), points, "", item)


def _submissions(exam: StoredExam) -> Iterator[Submission]:
    """Three answers in four are right; the others are off by 0.1 or 1."""
    for number, form in enumerate(exam.forms.values()):
        answers = {}
        for place, item in enumerate(form.items):
            printed = {blank: answer.printed() for blank, answer in item.item.answers.items()}
            answers[item.id] = {
                blank: text if (number + place + len(blank)) % 4 else f"{float(text) + 1:g}"
                for blank, text in printed.items()
            }
        yield Submission(form.code, "", f"row {number}", answers)
