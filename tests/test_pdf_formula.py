import io
import os
import subprocess
import sys
import unicodedata

import pypdf
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from quizgrad.rendering.mathematics import MathError, layout
from quizgrad.rendering.pdf import formula
from quizgrad.rendering.pdf.fonts import register, text_runs
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

SIZE = 20
PAGE = (300, 200)
ORIGIN = (30, 90)
ATTENTION = r"\mathrm{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right)V"
MATRIX = r"W=\begin{bmatrix}-1.5 & 0 & 3\\ 2 & -0.25 & 10\end{bmatrix}"


def pdf(*formulas: str, color: str | None = None) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=PAGE, invariant=1)
    for latex in formulas:
        formula.draw(canvas, latex, True, *ORIGIN, SIZE, color)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def picture(content: bytes, scale: int = 4):
    return pypdfium2.PdfDocument(content)[0].render(scale=scale).to_pil().convert("RGB")


def ink(content: bytes, scale: int = 4) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of what is drawn, in points."""
    image = picture(content, scale).convert("L").point(lambda value: 255 * (value < 160))
    left, top, right, bottom = image.getbbox()
    return left / scale, PAGE[1] - bottom / scale, right / scale, PAGE[1] - top / scale


def embedded_font(content: bytes) -> dict:
    fonts = pypdf.PdfReader(io.BytesIO(content)).pages[0]["/Resources"]["/Font"]
    return fonts["/Math"]


@pytest.mark.parametrize("latex", [ATTENTION, MATRIX, r"\sum_{i=1}^n x_i", r"\underbrace{a+b}_{c}", "x=1"])
def test_what_is_drawn_fills_the_box_of_the_layout(latex):
    box = layout(latex, True)
    left, bottom, right, top = ink(pdf(latex))
    x, y = ORIGIN
    assert x - 0.5 < left < x + 0.2 * SIZE
    assert x + (box.width - 0.2) * SIZE < right < x + box.width * SIZE + 0.5
    assert y + (box.ascent - 0.3) * SIZE < top < y + box.ascent * SIZE + 0.5
    assert y - box.descent * SIZE - 0.5 < bottom < y - (box.descent - 0.5) * SIZE


def test_a_formula_is_text_that_can_be_selected():
    text = pypdf.PdfReader(io.BytesIO(pdf(r"\alpha x_1=\mathbf{W}+\sqrt{2}"))).pages[0].extract_text()
    assert "".join(text.split()) == "αx1=W+√2"


def test_copying_a_formula_gives_its_latex():
    page = pypdfium2.PdfDocument(pdf(r"\hat{y}_é+\frac{1}{2}"))[0]
    assert page.get_textpage().get_text_range() == r"$\hat{y}_é+\frac{1}{2}$"


def test_every_code_has_a_glyph_a_width_and_a_text():
    content = pdf(ATTENTION)
    font = embedded_font(content)
    descendant = font["/DescendantFonts"][0].get_object()
    glyphs = TTFont(io.BytesIO(descendant["/FontDescriptor"]["/FontFile2"].get_data()))
    places = descendant["/CIDToGIDMap"].get_data()
    unicode = font["/ToUnicode"].get_data().decode()
    widths = descendant["/W"]
    widths = {widths[place]: widths[place + 1].get_object()[0] for place in range(0, len(widths), 2)}
    for glyph in layout(ATTENTION, True).glyphs:
        place = int.from_bytes(places[2 * glyph.index : 2 * glyph.index + 2], "big")
        advance, _ = glyphs["hmtx"][glyphs.getGlyphName(place)]
        assert place
        assert widths[glyph.index] == advance
        assert f"<{glyph.index:04X}> <{glyph.text.encode('utf-16-be').hex().upper()}>" in unicode


def test_a_document_holds_only_the_glyphs_that_it_uses():
    content = pdf("x", ATTENTION)
    descendant = embedded_font(content)["/DescendantFonts"][0].get_object()
    glyphs = TTFont(io.BytesIO(descendant["/FontDescriptor"]["/FontFile2"].get_data()))
    used = {glyph.index for latex in ("x", ATTENTION) for glyph in layout(latex, True).glyphs}
    composed = glyphs["maxp"].numGlyphs - 1 - len(used)
    assert 0 <= composed <= 3
    assert len(content) < 12_000


def test_documents_do_not_share_glyphs():
    first, second = io.BytesIO(), io.BytesIO()
    canvases = [Canvas(file, pagesize=PAGE, invariant=1) for file in (first, second)]
    for canvas, latex in zip(canvases, ("x", MATRIX), strict=True):
        formula.draw(canvas, latex, True, *ORIGIN, SIZE)
    for canvas in canvases:
        canvas.save()
    assert first.getvalue() == pdf("x")
    assert second.getvalue() == pdf(MATRIX)


def test_bytes_are_the_same_in_every_process():
    script = (
        "import sys, tests.test_pdf_formula as t; sys.stdout.buffer.write(t.pdf(t.ATTENTION, t.MATRIX, 'x'))"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            cwd=formula.__file__.rsplit("/rendering", 1)[0],
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] == pdf(ATTENTION, MATRIX, "x")


def test_colours():
    def colors(content):
        return {color for _, color in picture(content, 2).getcolors(100_000)}

    assert (0, 0, 255) in colors(pdf(r"\blacksquare", color="#0000ff"))
    assert (0, 0, 0) in colors(pdf(r"\blacksquare"))
    both = colors(pdf(r"\blacksquare\textcolor{red}{\blacksquare}", color="#0000ff"))
    assert {(0, 0, 255), (192, 0, 0)} <= both


def test_text_after_a_formula_keeps_its_place_and_font():
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=PAGE, invariant=1)
    register()
    for x, word in ((10, "before"), (200, "after")):
        canvas.setFont("Text", 12)
        canvas.drawString(x, 90, word)
        if word == "before":
            formula.draw(canvas, "x^2", False, 100, 90, SIZE)
    canvas.save()
    text = pypdfium2.PdfDocument(file.getvalue())[0].get_textpage().get_text_range()
    assert text.index("before") < text.index("x") < text.index("after")


def test_a_refused_formula_leaves_the_document_alone():
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=PAGE, invariant=1)
    with pytest.raises(MathError, match="foo"):
        formula.draw(canvas, r"\foo", True, 0, 0, SIZE)
    formula.draw(canvas, "x", True, *ORIGIN, SIZE)
    canvas.save()
    assert file.getvalue() == pdf("x")


# Text fonts

NAMES = {
    "Ada Lovelace": ["Text"],
    "Søren Ångström Đặng Łukasz": ["Text"],
    "Ελένη Παπαδάκη": ["Text"],
    "Фёдор Їжак": ["Text"],
    "Երևան Գրիգոր": ["Fallback"],
    "田中太郎": ["EastAsian"],
    "さくら田": ["EastAsian"],
    "김철수": ["EastAsian"],
    "Li 李雷": ["Text", "EastAsian"],
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_printed_in_fonts_that_have_its_letters(name):
    runs = text_runs(name)
    assert [font for font, _ in runs] == NAMES[name]
    assert "".join(text for _, text in runs) == unicodedata.normalize("NFC", name)
    for bold in (False, True):
        for italic in (False, True):
            for font, text in text_runs(name, bold, italic):
                face = pdfmetrics.getFont(font).face
                assert all(ord(letter) in getattr(face, "charToGlyph", {ord(letter)}) for letter in text)


def test_cuts():
    assert text_runs("Ada", bold=True) == (("Text-Bold", "Ada"),)
    assert text_runs("Ada", italic=True) == (("Text-Italic", "Ada"),)
    assert text_runs("Ada", bold=True, italic=True) == (("Text-BoldItalic", "Ada"),)
    assert text_runs("Θεός", italic=True) == (("Text", "Θεός"),)
    assert [font for font, _ in text_runs("Nguyễn Minh", italic=True)] == ["Text", "Text-Italic"]


def test_right_to_left_writing_is_in_printed_order():
    assert text_runs("משה כהן") == (("Fallback", "ןהכ השמ"),)
    assert text_runs("משה 12")[0] == ("Text", "12 ")
    ((font, joined),) = text_runs("محمد")
    assert font == "Fallback"
    assert unicodedata.normalize("NFKC", joined)[::-1] == "محمد"
    assert all(
        "ARABIC LETTER" in unicodedata.name(letter) and "FORM" in unicodedata.name(letter)
        for letter in joined
    )


def test_marks_stay_with_their_letters():
    assert text_runs("Jose\u0301") == (("Text", "José"),)
    assert text_runs("Ade\u0323\u0301 Ojo") == (("Fallback", "Adẹ\u0301 "), ("Text", "Ojo"))
    for _, text in text_runs("x\u0331\u0301田\u0301 q\u0323"):
        assert not unicodedata.combining(text[0])


def test_scripts_without_a_font_are_transliterated():
    assert text_runs("राम कुमार") == (("Text", "ram kumar"),)
    assert text_runs("a\tb\u200dc\x07") == (("Text", "a bc"),)
    assert text_runs("") == ()


def test_names_in_all_scripts_reach_the_page():
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=PAGE, invariant=1)
    for row, name in enumerate([*NAMES, "محمد علي"]):
        x = 10
        for font, text in text_runs(name):
            canvas.setFont(font, 10)
            canvas.drawString(x, 180 - 14 * row, text)
            x += pdfmetrics.stringWidth(text, font, 10)
        assert x > 30
    canvas.save()
    text = pypdfium2.PdfDocument(file.getvalue())[0].get_textpage().get_text_range()
    assert "Ελένη" in text
    assert "Đặng" in text
    assert "Їжак" in text


def test_registering_again_is_no_work():
    register()
    font = pdfmetrics.getFont("Text")
    register()
    assert pdfmetrics.getFont("Text") is font
    assert {"Text-BoldItalic", "Mono", "Mono-Bold"} <= set(pdfmetrics.getRegisteredFontNames())
