from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from quizgrad import Bank, Order, build, grade, load
from quizgrad.answers import Notation
from quizgrad.grading.feedback import feedback_html
from quizgrad.grading.submissions import Submission
from quizgrad.presentation import with_decimal_sign

from .conftest import GENERATOR, TEMPLATE

COMMA = Notation(",")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("about 0.5 of it, or 12.25.", "about 0,5 of it, or 12,25."),
        ("$x = 0.5$ and $$y = -1.5$$", "$x = 0{,}5$ and $$y = -1{,}5$$"),
        ("`lr=0.1` and\n```\nDropout(0.2)\n```", "`lr=0.1` and\n```\nDropout(0.2)\n```"),
        ("version 2.3.1 of A1.5", "version 2.3.1 of A1.5"),
        (r"\$2.50 or \$3.50, $p = 0.5$", r"\$2,50 or \$3,50, $p = 0{,}5$"),
        (r"$\text{\$} 0.5$", r"$\text{\$} 0{,}5$"),
    ],
)
def test_numbers_and_formulas_get_the_decimal_sign_and_code_keeps_the_point(text: str, shown: str) -> None:
    assert with_decimal_sign(text, COMMA) == shown
    assert with_decimal_sign(text, Notation()) == text


def test_an_exam_with_a_decimal_comma_has_it_everywhere(
    tmp_path: Path, write_bank: Callable[..., Path]
) -> None:
    generator = GENERATOR.replace("Go down the slope", "Do not go 0.5 up")
    template = TEMPLATE.replace("$x = {{ x }}$", "$x = {{ x }} + 0.25$, or {{ 0.75 | text }}")
    bank = write_bank(generator=generator, template=template.replace("The slope is", "With 0.1 it is"))
    blueprint = 'title = "T"\nminutes = 9\ndecimal = ","\n[[section]]\n[[section.slot]]\nfrom = "toys/slope"\npoints = 2\n'
    folder = build(Order(blueprint, "t.toml", None, 1, "7", banks=(bank,)), tmp_path / "exam")
    (asked,) = json.loads((folder / "exam.json").read_text())["forms"][0]["items"]
    assert "0{,}25" in asked["prompt"]
    assert "0,75" in asked["prompt"]
    exam = load(folder, Bank([bank]))
    ((item,),) = (form.items for form in exam.forms.values())
    up = next(mistake for mistake in item.item.mistakes if mistake.name == "climbs")
    wrong = item.item.answers["step"].like(up.values["step"]).printed(COMMA)
    code = next(iter(exam.forms))
    result = grade(exam, [Submission(code, "", "in.csv", {item.id: {"step": wrong}})])
    html = feedback_html(result, result.forms[0])
    assert "Do not go 0,5 up" in html
    assert "With 0,1 it is" in html
    text = re.sub(r"<(style|head).*?</\1>|<[^>]*>", " ", html, flags=re.DOTALL)
    assert not re.search(r"[0-9]\.[0-9]", text)
