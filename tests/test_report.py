from __future__ import annotations

import io
from fractions import Fraction
from random import Random
from xml.etree import ElementTree

import pypdf
import pytest
from quizgrad.answers import Integer, MultipleChoice, Option, SingleChoice
from quizgrad.grading.corrections import Correction
from quizgrad.grading.grade import Result, Settings
from quizgrad.grading.policy import Policy
from quizgrad.grading.report import report_html, report_pdf
from quizgrad.grading.report.words import between, decimal, hundredths, percent
from quizgrad.grading.statistics import Interval, statistics
from quizgrad.grading.submissions import Fault
from quizgrad.question import Mistake

from .exam_results import Doubling, Halving, graded, integers, item

FORGETS = Mistake("forgets", {"a": 7}, "The factor $2^k$ is missing.")


def choice(order: str) -> SingleChoice:
    return SingleChoice(tuple(Option(f"says {name}", name == "a", name=name) for name in order))


def an_exam() -> Result:
    """Thirty students, an item for each thing that the report tells, and a student with another's answers."""
    rng = Random(1)
    forms, typed = [], []
    for _ in range(30):
        order = "".join(rng.sample("abcd", 4))
        forms.append(
            [
                integers("q1", 14, mistakes=[FORGETS]),
                item("q2", {"choice": choice(order)}),
                integers("q3", 5, question=rng.choice([Doubling, Halving])),
                *(integers(f"q{number}", rng.randrange(10**5)) for number in range(4, 14)),
            ]
        )
        right = rng.random()
        answers = {
            stored.id: {blank: key.printed() for blank, key in stored.item.answers.items()}
            for stored in forms[-1]
            if rng.random() < right
        }
        typed.append({"q1": {"a": "7"}} | answers)
    typed[4] = {
        stored.id: {"a": stored.item.answers["a"].printed()} for stored in forms[9] if stored.id != "q2"
    }
    typed[6]["q1"] = {"a": "=1+1 <b>"}
    return graded(forms, typed, faults=[Fault("scan.pdf", "the file <ends> too early")], title="Quiz & more")


@pytest.fixture(scope="module")
def exam() -> Result:
    return an_exam()


@pytest.fixture(scope="module")
def html(exam: Result) -> str:
    return report_html(exam, statistics(exam))


@pytest.fixture(scope="module")
def pdf(exam: Result) -> str:
    reader = pypdf.PdfReader(io.BytesIO(report_pdf(exam, statistics(exam))))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


SAID = [
    "Quiz & more · report",
    "30 of 30 forms graded",
    "Cronbach’s alpha",
    "Facility is the mean share",
    "Fairness between forms",
    "toys/halving",
    "This is a reason to look at both papers, not a proof",
    "Name 4, id4, form F4",
    "Name 9, id9, form F9",
    "1 answer and 1 fault to be looked at",
    "the file <ends> too early",
    "Multiple choice: right minus wrong",
    "Expected share of the points: blank 0.00, at random 0.25",
]


def words_of(html: str) -> str:
    return " ".join("".join(ElementTree.fromstring(html.partition("\n")[2]).itertext()).split())


@pytest.mark.parametrize("said", SAID)
def test_both_say_the_same(said: str, html: str, pdf: str) -> None:
    assert said in words_of(html)
    assert said in pdf


def test_the_page_is_well_formed_and_has_its_drawings_inside(html: str) -> None:
    assert html.count("<svg") == 2  # totals, and one choice
    assert "<script" not in html
    assert 'src="' not in html
    words_of(html)


def test_what_a_drawing_shows_is_also_said(html: str) -> None:
    assert "Histogram of totals. Students by points:" in html
    assert "How many students chose each option. a:" in html


def test_a_mistake_is_shown_with_its_sentence_and_count(exam: Result, html: str) -> None:
    (mistake,) = statistics(exam).mistakes
    assert "The factor" in words_of(html)
    assert f'<td class="right">{mistake.made}</td><td class="right">30</td>' in html


def test_the_same_result_gives_the_same_bytes(exam: Result) -> None:
    assert report_pdf(exam, statistics(exam)) == report_pdf(an_exam(), statistics(an_exam()))
    assert report_html(exam, statistics(exam)) == report_html(an_exam(), statistics(an_exam()))


@pytest.mark.parametrize(
    "result",
    [
        graded([[integers("q1", 1)]], []),
        graded([[integers("q1", 1)]], [{}]),
        graded([[integers("q1", 1)]] * 3, [{}] * 3, Settings(corrections=[Correction("q1", "drop")])),
        graded([[integers("q1", 1), integers("q2", 1)]] * 4, [{"q1": {"a": "1"}}] * 4),
        graded(
            [[item("q1", {"a": MultipleChoice(tuple(Option(f"says {n}", n < 20) for n in range(26)))})]],
            [{"q1": {"a": "a b z"}}],
            Settings(Policy("false2", Fraction(-1), mistakes={"toys/doubling:forgets": Fraction(1, 3)})),
        ),
        graded([[item("q1", {"a": Integer(1)})]], [{"q1": {"a": "\x00\u202e" + "9" * 5000}}]),
    ],
    ids=["nobody", "one blank", "all dropped", "all equal", "26 options", "hostile"],
)
def test_edge_cases_have_a_report(result: Result) -> None:
    figures = statistics(result)
    words_of(report_html(result, figures))
    assert report_pdf(result, figures).startswith(b"%PDF")


def test_corrections_of_the_key_are_told_with_their_reasons() -> None:
    changes = [
        Correction("q1", "accept", blank="a", value="<2>", reason="the slides say so"),
        Correction("q1", "tolerance", value="0.5"),
        Correction("q1", "full marks", form="AAAA"),
        Correction("q1", "drop"),
    ]
    result = graded([[integers("q1", 1)]], [{"q1": {"a": "2"}}], Settings(corrections=changes))
    html = report_html(result, statistics(result))
    assert "q1.a: &lt;2&gt; is right too (the slides say so)." in html
    assert "q1: values within 0.5 of the key are right." in html
    assert "q1 on form AAAA: everybody gets the points." in html
    assert "q1: dropped." in html


def test_options_with_other_numbers_on_each_form_are_named_by_their_mistakes() -> None:
    def numeric(key: int, *mistakes: str) -> SingleChoice:
        wrong = (
            Option(f"{key} and {name}", why=f"Because of {name}.", name=name) for name in ("same", *mistakes)
        )
        return SingleChoice((Option(f"{key} itself", right=True, name="key"), *wrong))

    forms = [[item("q1", {"choice": numeric(1, "one")})], [item("q1", {"choice": numeric(2, "two")})]]
    result = graded(forms, [{"q1": {"choice": "a"}}] * 2)
    html = report_html(result, statistics(result))
    assert all(f"Because of {name}." in html for name in ("same", "one", "two"))
    assert "1 and one" not in html


def test_warnings_are_in_words() -> None:
    rng = Random(3)
    forms = [[integers(f"q{n}", 1) for n in range(1, 6)] for _ in range(60)]
    typed = []
    for _ in forms:
        strong = rng.random() < 0.5
        answers = {f"q{n}": {"a": "1" if strong or rng.random() < 0.3 else "0"} for n in range(1, 4)}
        typed.append(answers | {"q4": {"a": "0" if strong else "1"}, "q5": {"a": "what?"}})
    result = graded(forms, typed)
    text = words_of(report_html(result, statistics(result)))
    assert "q4: students who did better elsewhere did worse here: check key and wording." in text
    assert "q5: very hard; 100 % not readable (is the wanted notation clear?)." in text
    assert "q4, q5; the reasons are below the table of items." in text


def test_how_figures_are_written() -> None:
    assert [decimal(value) for value in (3, 2.5, 10, 0.004, -0.004, -1.25)] == [
        "3",
        "2.5",
        "10",
        "0",
        "0",
        "−1.25",
    ]
    assert [hundredths(value) for value in (0.5, -0.001, -0.25)] == ["0.50", "0.00", "−0.25"]
    assert percent(Fraction(1, 3)) == "33.3\N{NO-BREAK SPACE}%"
    assert between(Interval(-0.1, 0.3)).split() == ["−0.10", "to", "0.30"]


def test_the_table_of_blanks_is_narrow_enough_for_whole_words(pdf: str) -> None:
    assert "Blanks item blank facility right wrong left blank unreadable" in pdf
    assert "q3 toys/doubling a " in pdf.replace("\N{NO-BREAK SPACE}", "")
