import io
import os
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdfium2 import PdfDocument
from quizgrad.answers import (
    Integer,
    Matrix,
    MultipleChoice,
    Option,
    Ordering,
    Real,
    Shape,
    ShortText,
    SingleChoice,
    Vector,
)
from quizgrad.rendering.document import Document, DocumentError, Text
from quizgrad.rendering.markdown import document
from quizgrad.rendering.pdf import document_pdf, exam_pdf, key_pdf, merged, page_png, pages_png
from quizgrad.rendering.pdf.blanks import BOX_HEIGHT
from quizgrad.rendering.pdf.lines import chunks, filled
from quizgrad.rendering.pdf.listing import listing
from quizgrad.rendering.pdf.page import shortened
from quizgrad.rendering.pdf.pages import pages
from quizgrad.rendering.pdf.strips import NEVER, Strip
from quizgrad.rendering.pdf.styles import COLUMN, LARGE_PRINT, Style, Type
from quizgrad.rendering.sheet import KeyNotes, Sheet, SheetItem, SheetSection
from reportlab.pdfbase.pdfmetrics import stringWidth

OPTIONS = (
    Option("It has $C_\\text{in}$ weights", why="Each *kernel* has more."),
    Option("`495`", right=True),
    Option("A half: $\\frac{1}{2}$"),
)
STEPS = ("`loss.backward()`", "`optimizer.zero_grad()`", "Go on")

PROMPTS = {
    "size": (
        "With $H = \\lfloor \\frac{37 + 2}{2} \\rfloor$, how large is it?\n\nRows: [[blank:rows]] "
        "Columns: [[blank:columns]]",
        {"rows": Integer(9182), "columns": Integer(7364)},
    ),
    "table": (
        "```python\nmodel = nn.Sequential(nn.Conv2d(3, 8, 5))  # one layer\n```\n\n"
        "| Layer | Shape | Weights |\n|:--|:-:|--:|\n| `Conv2d` | [[blank:shape]] | [[blank:weights]] |",
        {"shape": Shape((8, 28, 27)), "weights": Integer(6007)},
    ),
    "scores": (
        "$$S = \\begin{bmatrix} 1 & 2 \\\\ 3 & 4 \\end{bmatrix}$$\n\nScores [[blank:scores]] and "
        "weights [[blank:weights]].",
        {"scores": Matrix(((1.25, -2.75), (3.5, 41.25)), 2), "weights": Vector((0.27, 0.73), 2)},
    ),
    "single": ("Choose.\n\n[[blank:choice]]", {"choice": SingleChoice(OPTIONS)}),
    "several": (
        "Choose all.\n\n[[blank:choice]]",
        {"choice": MultipleChoice((replace(OPTIONS[0], right=True), *OPTIONS[1:]))},
    ),
    "order": ("Order.\n\n[[blank:order]]", {"order": Ordering(STEPS, ((0, 1), (1, 2)), (2, 0, 1))}),
    "loss": (
        "Loss: [[blank:loss]]\n\n- Its name is [[blank:name]]",
        {"loss": Real(0.693147, 3), "name": ShortText("SiLU", ("SiLU", "GELU"))},
    ),
}


def items() -> tuple[SheetItem, ...]:
    return tuple(
        SheetItem(
            number=number,
            id=f"i{number}",
            title=f"About the {name}",
            points=Fraction(4),
            minutes=3,
            prompt=document(prompt),
            answers=answers,
            blank_points={blank: Fraction(4, len(answers)) for blank in answers},
            key=KeyNotes(
                question=f"topic/{name}",
                level=2,
                solution=document("By $a + b$ it follows.\n\n$$a^2 = 4$$"),
                executed=("rows = 9182", "columns = 7364"),
                snippet="import torch\n\n\nprint(torch.zeros(3))",
                mistakes=(("9183", "Rounds up, though *floor* was asked."), ("(b)", "Each kernel has more.")),
            ),
        )
        for number, (name, (prompt, answers)) in enumerate(PROMPTS.items(), 1)
    )


def sheet(**changes: object) -> Sheet:
    form = Sheet(
        title="Midterm",
        course="Deep Learning",
        date="27 November 2026",
        minutes=75,
        instructions="Write *legibly*.",
        student="Amira Kim",
        student_id="1029772",
        form="K7Q2",
        qr="QG1-4K2M9XQZ-K7Q2-1F3A",
        sections=(SheetSection("First part", items()[:4]), SheetSection("Second part", items()[4:])),
    )
    return replace(form, **changes)


@cache
def paper() -> bytes:
    return exam_pdf(sheet())


@cache
def fillable() -> bytes:
    return exam_pdf(sheet(), fillable=True)


@cache
def key() -> bytes:
    return key_pdf(sheet())


def texts(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in PdfDocument(pdf)]


def picture(pdf: bytes, page: int, scale: float) -> Image.Image:
    return Image.open(io.BytesIO(page_png(pdf, page, scale)))


def widgets(pdf: bytes) -> list[dict]:
    return [
        note.get_object() for page in PdfReader(io.BytesIO(pdf)).pages for note in page.get("/Annots", [])
    ]


def fields(pdf: bytes) -> dict[str, dict]:
    found = PdfReader(io.BytesIO(pdf)).get_fields() or {}
    return {name: field for name, field in found.items() if field.get("/FT")}


# What stands on the pages


def test_every_page_tells_its_form_and_place():
    pages = texts(paper())
    assert len(pages) > 1
    for number, text in enumerate(pages, 1):
        assert "Form K7Q2" in text
        assert f"Page {number} of {len(pages)}" in text


def test_first_page_names_student_course_and_points():
    first = texts(paper())[0]
    for said in (
        "Deep Learning",
        "Midterm",
        "27 November 2026 · 75 minutes · 28 points",
        "Amira Kim",
        "1029772",
    ):
        assert said in first
    assert "Write legibly." in first
    assert "Total" in first


def test_later_pages_have_a_running_head():
    for text in texts(paper())[1:]:
        assert "Deep Learning · Midterm" in text
        assert "Amira Kim · 1029772" in text


def test_questions_stand_in_order_under_their_headings():
    text = " ".join(texts(paper()))
    places = [
        text.index(said) for said in ("First part", *(f"{n}. About" for n in range(1, 5)), "Second part")
    ]
    assert places == sorted(places)
    assert "(4 points)" in text


@pytest.mark.parametrize(
    ("points", "said"), [("1", "(1 point)"), ("5/2", "(2.5 points)"), ("7/3", "(7/3 points)")]
)
def test_points_are_counted(points, said):
    item = replace(items()[0], points=Fraction(points))
    assert said in texts(exam_pdf(sheet(sections=(SheetSection("", (item,)),))))[0]


def test_instructions_and_date_may_be_missing():
    first = texts(exam_pdf(sheet(instructions="", date="")))[0]
    assert "75 minutes · 28 points" in first


@pytest.mark.parametrize("name", ["Владимир Θεόδωρος", "Nguyễn Thị Ánh"])
def test_names_of_any_script_are_printed(name):
    assert name in texts(exam_pdf(sheet(student=name)))[0]


def test_a_line_that_is_too_long_ends_with_an_ellipsis():
    line = shortened("Hohenlohe-Langenburg " * 9, Type(), 120)
    assert sum(word.width for word in line) <= 120.01
    assert line[-1].text.endswith("…")
    assert "".join(word.text for word in shortened("Amira Kim", Type(), 120)) == "Amira Kim"


def test_points_table_wraps_for_many_questions():
    many = tuple(replace(items()[0], number=number, id=f"i{number}", work_lines=0) for number in range(1, 41))
    first = texts(exam_pdf(sheet(sections=(SheetSection("", many),))))[0]
    assert first.count("Score") > 1


def test_qr_code_is_on_every_page_as_it_should_be():
    scale = 4
    expected = [list(map(bool, row)) for row in segno.make(sheet().qr, error="m", micro=False, mask=0).matrix]
    for page in range(len(texts(paper()))):
        image = picture(paper(), page, scale).convert("L")
        assert read_modules(image, len(expected), scale) == expected


def read_modules(image: Image.Image, count: int, scale: float) -> list[list[bool]]:
    """The dark modules of the code at the lower right, of 15 mm, whose right edge is the column's."""
    millimetre = 72 / 25.4 * scale
    left = image.width / 2 + 80 * millimetre - 15 * millimetre
    top = image.height - 24 * millimetre
    module = 15 * millimetre / count
    return [
        [
            image.getpixel((int(left + (column + 0.5) * module), int(top + (row + 0.5) * module))) < 128
            for column in range(count)
        ]
        for row in range(count)
    ]


@pytest.mark.parametrize(("paper_size", "size"), [("A4", (595, 842)), ("Letter", (612, 792))])
def test_paper_has_the_size_that_was_asked_for(paper_size, size):
    page = PdfDocument(exam_pdf(sheet(paper=paper_size)))[0]
    assert tuple(map(round, page.get_size())) == size


def test_large_print_enlarges_text_and_boxes():
    def height_of_a_box(form: Sheet) -> float:
        box = next(note for note in widgets(exam_pdf(form, fillable=True)) if note.get("/T") == "rows")[
            "/Rect"
        ]
        return box[3] - box[1]

    small, large = height_of_a_box(sheet()), height_of_a_box(sheet(large_print=True))
    assert large + 2 == pytest.approx((small + 2) * LARGE_PRINT, rel=0.01)
    assert small + 2 == pytest.approx(BOX_HEIGHT, rel=0.01)
    assert len(texts(exam_pdf(sheet(large_print=True)))) > len(texts(paper()))


def test_work_is_left_out_where_there_is_none_to_do():
    item = replace(items()[0], work_lines=0)
    assert "Work for question" not in texts(exam_pdf(sheet(sections=(SheetSection("", (item,)),))))[0]
    assert "Work for question 1" in texts(paper())[0]


def test_metadata():
    reader = PdfReader(io.BytesIO(paper()))
    assert reader.metadata.title == "Deep Learning · Midterm, form K7Q2"
    assert not reader.metadata.author
    assert reader.trailer["/Root"]["/Lang"] == "en"


def test_size_stays_small():
    for pdf in (paper(), key(), fillable()):
        assert len(pdf) < 150_000


def test_bytes_are_the_same_in_every_process():
    code = (
        "import sys, hashlib, runpy; "
        f"module = runpy.run_path({__file__!r}); "
        "print(*(hashlib.sha256(module[name]()).hexdigest() for name in ('paper', 'key', 'fillable')))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


# The key


def test_key_shows_what_the_paper_hides():
    solved, asked = " ".join(texts(key())), " ".join(texts(paper()))
    for said in ("9182", "7364", "8×28×27", "6007", "−2.75", "41.25", "0.693"):
        assert said in solved
        assert said not in asked


def test_key_shows_solution_check_mistakes_and_snippet():
    solved = " ".join(texts(key()))
    for said in (
        "topic/size · level 2",
        "Worked solution",
        "rows = 9182",
        "Rounds up, though floor was asked.",
        "print(torch.zeros(3))",
        "2 for each of the 2 blanks",
        "Each kernel has more.",
    ):
        assert said in solved


def test_key_marks_the_right_options():
    options = replace(items()[3], key=None, work_lines=0)
    form = sheet(sections=(SheetSection("", (options,)),))
    assert reds_of_questions(exam_pdf(form)) == 0
    assert reds_of_questions(key_pdf(form)) > 50


def reds_of_questions(pdf: bytes) -> int:
    """Red picture elements of the first page below its head."""
    elements = np.asarray(picture(pdf, 0, 2).convert("RGB")).astype(int)[400:]
    return int((elements[..., 0] > elements[..., 1] + 60).sum())


# Forms to fill in


def test_every_blank_has_its_field():
    names = set(fields(fillable()))
    assert names == {
        "quizgrad.form",
        "i1.rows",
        "i1.columns",
        "i2.shape",
        "i2.weights",
        "i3.scores.1.1",
        "i3.scores.1.2",
        "i3.scores.2.1",
        "i3.scores.2.2",
        "i3.weights.1",
        "i3.weights.2",
        "i4.choice",
        "i5.choice.a",
        "i5.choice.b",
        "i5.choice.c",
        "i6.order",
        "i7.loss",
        "i7.name",
    }


def test_form_without_student_asks_for_name_and_id():
    anonymous = exam_pdf(sheet(student=None, student_id=None), fillable=True)
    assert {"quizgrad.name", "quizgrad.id"} <= set(fields(anonymous))


def test_filled_form_says_which_it_is():
    field = fields(fillable())["quizgrad.form"]
    assert field["/V"] == sheet().qr
    assert field["/Ff"] & 1


def test_no_field_is_required_and_all_are_named_for_those_who_cannot_see():
    for name, field in fields(fillable()).items():
        assert not field.get("/Ff", 0) & 2, name
        assert name == "quizgrad.form" or field["/TU"].startswith("Question "), name


def test_what_is_filled_in_reads_back():
    answers = {name: "3.25 ≠ ½" for name, field in fields(fillable()).items() if field["/FT"] == "/Tx"}
    answers |= {"i4.choice": "/b", "i5.choice.a": "/Yes", "i5.choice.c": "/Yes", "i6.order": "BCA"}
    del answers["quizgrad.form"]
    writer = PdfWriter(io.BytesIO(fillable()))
    writer.update_page_form_field_values(None, answers, auto_regenerate=False)
    buffer = io.BytesIO()
    writer.write(buffer)
    read = fields(buffer.getvalue())
    assert {name: read[name]["/V"] for name in answers} == answers
    assert read["i5.choice.b"]["/V"] == "/Off"
    assert read["quizgrad.form"]["/V"] == sheet().qr
    assert ink(buffer.getvalue()) > ink(fillable())


def ink(pdf: bytes) -> int:
    """Dark picture elements of all pages."""
    return sum(
        int((np.asarray(picture(pdf, page, 1).convert("L")) < 128).sum()) for page in range(len(texts(pdf)))
    )


def test_fillable_paper_looks_like_the_printed_one():
    assert texts(fillable()) == texts(paper())
    for page in range(len(texts(paper()))):
        printed, form = (
            PdfDocument(pdf)[page].render(scale=1, may_draw_forms=False) for pdf in (paper(), fillable())
        )
        assert printed.to_pil().tobytes() == form.to_pil().tobytes()


# Documents on their own


def test_document_shows_what_was_filled_in():
    prompt, answers = PROMPTS["scores"]
    pdf = document_pdf(
        "Scores", document(prompt), answers, {"scores": "[[7, 8], [9, 0.5]]", "weights": "odd"}
    )
    text = texts(pdf)[0]
    for said in ("Scores", "7", "8", "9", "0.5", "odd"):
        assert said in text


def test_document_may_be_empty():
    assert "Nothing" in texts(document_pdf("Nothing", Document(())))[0]


@pytest.mark.parametrize("text", ["\u200b", "\u202e", "\ufeff", "\x07"])
def test_an_answer_of_which_nothing_can_be_seen_leaves_its_box_empty(text):
    pdf = document_pdf("Odd", document("Rows: [[blank:rows]]"), {"rows": Integer(3)}, {"rows": text})
    assert "Rows:" in texts(pdf)[0]


def test_blank_without_answer_is_refused():
    with pytest.raises(DocumentError, match="no answer for the blank 'rows'"):
        document_pdf("Odd", document("[[blank:rows]]"), {"columns": Integer(3)})


@pytest.mark.parametrize(
    "markdown",
    [
        "$" + " + ".join(f"x_{{{k}}}" for k in range(60)) + "$",
        "$$" + " + ".join(f"x_{{{k}}}" for k in range(60)) + "$$",
        "`" + "a" * 300 + "`",
        "| "
        + " | ".join(["heading"] * 14)
        + " |\n"
        + "|--" * 14
        + "|\n| "
        + " | ".join(["word"] * 14)
        + " |",
        "```python\n" + "x = 1 + " * 40 + "1\n```",
        "所有答案都写在方框里。" * 40,
    ],
    ids=["formula", "display formula", "code", "table", "listing", "Chinese"],
)
def test_what_is_too_wide_stays_on_the_page(markdown):
    image = picture(document_pdf("Wide", document(markdown)), 0, 1).convert("L")
    margin = image.crop((image.width - 62, 0, image.width, image.height))
    assert min(margin.tobytes()) > 200


# Lines and pages


class Recorder:
    """A pen that notes what is written, and how far to the right."""

    def __init__(self, column: list[Strip]) -> None:
        self.words: list[str] = []
        self.right = 0.0
        for strip in column:
            strip.draw(self, 0, 0, strip.height)

    def text(self, x: float, y: float, text: str, font: str, size: float, color: str) -> None:
        self.words += text.split()
        self.right = max(self.right, x + stringWidth(text, font, size))


@given(st.text(alphabet="ab c.\n", max_size=300), st.floats(min_value=30, max_value=300))
def test_lines_fit_and_keep_every_letter(text, width):
    parts = chunks((Text(text),), Type(), width, lambda blank: pytest.fail("there is no blank"))
    written = Recorder(filled(parts, width, Type()))
    assert "".join(written.words) == "".join(text.split())
    assert written.right <= width + 0.1


def test_words_stay_with_their_punctuation():
    prompt = document("Compute $x$, ($y$) and `z`.").blocks[0]
    for width in range(60, 120, 5):
        parts = chunks(prompt.inlines, Type(), width, lambda blank: pytest.fail("there is no blank"))
        assert len(parts) == 5


def test_a_box_stays_with_its_label():
    prompt = document("Rows: [[blank:rows]] Columns: [[blank:columns]]").blocks[0]
    box = chunks((Text("box"),), Type(), 100, lambda blank: pytest.fail("there is no blank"))[0].pieces[0][1]
    parts = chunks(prompt.inlines, Type(), 200, lambda blank: box)
    assert [len(part.pieces) for part in parts] == [2, 2]


def test_no_line_ends_within_the_label_of_a_further_box():
    answers = {"inputs": Integer(576), "parameters": Integer(4642)}
    text = "Inputs of the layer: [[blank:inputs]] Parameters of the network: [[blank:parameters]]"
    for large_print in (False, True):
        data = document_pdf("Labels", document(text), answers, large_print=large_print)
        assert any(
            "Parameters of the network:" in line.replace("\xa0", " ") for line in texts(data)[0].split("\n")
        )


def test_the_heading_of_a_table_stands_on_each_of_its_pages():
    rows = "".join(f"| {number} | b |\n" for number in range(60))
    data = document_pdf("Table", document(f"| number | letter |\n|---|---|\n{rows}"))
    pages = texts(data)
    assert len(pages) > 1
    assert all(page.count("letter") == 1 for page in pages)


def test_code_is_set_smaller_only_where_that_saves_its_lines():
    """A line that is far too long is broken at full size, so that large print stays large."""

    def leading(length: int) -> float:
        return listing(f"pass\n{'x + ' * (length // 4)}x\npass", "python", Style(LARGE_PRINT), COLUMN)[
            1
        ].height

    assert 0.8 * leading(20) <= leading(70) < leading(20)
    assert leading(100) == leading(20)


def test_no_scrap_is_left_for_the_last_line():
    text = "An image passes through a convolution, then through a pooling layer and so on to an end"
    parts = chunks((Text(text),), Type(), 400, lambda blank: pytest.fail("there is no blank"))
    width = sum(part.width + part.space for part in parts) - parts[-1].width - 0.1
    lines = filled(parts, width, Type())
    assert len(lines) == 2
    assert len(Recorder([lines[-1]]).words) > 1


def strip(height: float, penalty: float = 0, above: float = 0, stretch: float = 0) -> Strip:
    return Strip(height, lambda *_: None, above=above, penalty=penalty, stretch=stretch)


strips = st.builds(
    strip,
    st.floats(min_value=1, max_value=100),
    st.sampled_from([0.0, 50.0, 500.0]),
    st.floats(min_value=0, max_value=30),
    st.sampled_from([0.0, 0.0, 40.0]),
)


@given(st.lists(strips, max_size=40), st.floats(min_value=100, max_value=400))
def test_pages_hold_every_strip_in_order_and_fit(column, room):
    laid = pages(column, room)
    assert [placed.strip for page in laid for placed in page] == column
    for page in laid:
        assert page[0].top == 0
        assert page[-1].top + page[-1].height <= room + 0.1
        for before, after in pairwise(page):
            assert after.top >= before.top + before.height + after.strip.above - 0.01


@given(st.lists(st.booleans(), min_size=1, max_size=20))
def test_no_page_ends_where_it_must_not(bound):
    column = [strip(20, NEVER if together and place % 4 else 0) for place, together in enumerate(bound)]
    for page in pages(column, 90)[1:]:
        assert page[0].strip.penalty < NEVER


def test_a_page_may_be_full_to_within_rounding():
    assert [len(page) for page in pages([strip(50), strip(50.005), strip(50)], 100)] == [2, 1]


def test_first_page_may_be_shorter():
    laid = pages([strip(40)] * 6, 120, first_height=80)
    assert [len(page) for page in laid] == [2, 3, 1]


def test_a_block_that_is_higher_than_a_page_is_still_set():
    assert [len(page) for page in pages([strip(50), strip(300), strip(50)], 120)] == [1, 1, 1]


def test_space_for_work_fills_the_page():
    (page, _) = pages([strip(40), strip(40, stretch=50), strip(100)], 120)
    assert page[-1].top + page[-1].height == pytest.approx(120)


def test_a_half_empty_page_is_worse_than_a_break_within_a_question():
    question = [strip(20), strip(20, NEVER), strip(60, 45)]
    laid = pages([strip(50), *question, strip(80)], 100)
    assert [len(page) for page in laid] == [3, 1, 1]


def test_a_page_that_is_two_fifths_empty_is_worse_than_a_prompt_before_its_table_there():
    laid = pages([strip(57), strip(20), strip(50, 240), strip(40)], 100)
    assert [len(page) for page in laid] == [2, 2]


# Files


def test_forms_are_merged_in_order_each_on_its_own_sheet():
    one = document_pdf("First", document("One page."))
    whole = merged([one, paper(), one])
    assert len(texts(one)) == 1
    pages = texts(whole)
    assert ["First" in text for text in (pages[0], pages[1])] == [True, False]
    assert not pages[1].strip()
    assert pages[2 : 2 + len(texts(paper()))] == texts(paper())
    assert len(pages) % 2 == 0
    assert len(texts(merged([one, one], duplex=False))) == 2


def test_merged_forms_share_their_fonts():
    forms = [exam_pdf(sheet(form=f"K{number:03}")) for number in range(6)]
    assert len(merged(forms)) < 0.5 * sum(map(len, forms))


def test_picture_of_a_page():
    image = picture(paper(), 1, 0.5)
    assert image.format == "PNG"
    assert image.size == (298, 421)
    with pytest.raises(IndexError):
        page_png(paper(), 99)


def test_a_picture_of_all_pages_shows_each_below_the_one_before():
    pdf = paper()
    count = len(PdfReader(io.BytesIO(pdf)).pages)
    assert count > 1
    tall = Image.open(io.BytesIO(pages_png(pdf, 0.5)))
    assert tall.size == (298, 421 * count + 2 * (count - 1))
    last = Image.open(io.BytesIO(page_png(pdf, count - 1, 0.5)))
    assert tall.crop((0, tall.height - 421, 298, tall.height)).tobytes() == last.convert("RGB").tobytes()
