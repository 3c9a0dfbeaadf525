import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from quizgrad.answers import (
    Integer,
    Matrix,
    MultipleChoice,
    Option,
    Ordering,
    Real,
    ShortText,
    SingleChoice,
    Vector,
)
from quizgrad.rendering.document import (
    Blank,
    Code,
    Document,
    DocumentError,
    Figure,
    Heading,
    Listing,
    Paragraph,
    Table,
    Text,
)
from quizgrad.rendering.html import TEMPLATES, fragment, page
from quizgrad.rendering.markdown import document
from quizgrad.rendering.mathematics import symbols

TAGS = frozenset(
    re.findall(
        r"\w+",
        "p div span h3 h4 h5 strong em code pre br table thead tbody tr th td ul ol li figure input small "
        "bdi fieldset legend label math mrow mstyle mpadded mspace msup mi mn mo mtext",
    )
)
CHOICE = SingleChoice((Option("*first*", right=True), Option("$x^2$"), Option("third")))
STATEMENTS = MultipleChoice((Option("one", right=True), Option("two"), Option("three", right=True)))
STEPS = Ordering(("`a()`", "`b()`", "`c()`"), ((0, 1), (1, 2)))
ANSWERS = {
    "n": Integer(3),
    "r": Real(0.125, 3),
    "s": Real(0.5, 3),
    "v": Vector((1.0, 2.0, 3.0)),
    "m": Matrix(((1.0, 2.0, 3.0), (4.0, 5.0, 6.0)), 2),
    "one": CHOICE,
    "all": STATEMENTS,
    "order": STEPS,
    "word": ShortText("tanh", ("tanh", "ReLU")),
}


def tree(html: str) -> ET.Element:
    """The elements without their name spaces."""
    return ET.fromstring(re.sub(r' xmlns="[^"]*"', "", f"<body>{html}</body>"))


def rendered(markdown: str, **options) -> ET.Element:
    return tree(fragment(document(markdown), ANSWERS, **options))


def words(element: ET.Element) -> str:
    return "".join(element.itertext())


def names(element: ET.Element) -> list[str | None]:
    return [field.get("name") for field in element.iter("input")]


def test_words_keep_their_styles():
    (paragraph,) = rendered("**a *b*** `c < d` \\\n& e")
    assert paragraph.tag == "p"
    assert [child.tag for child in paragraph] == ["strong", "strong", "code", "br"]
    assert words(paragraph) == "a b c < d & e"


def test_headings_leave_two_levels_to_the_page():
    assert [element.tag for element in rendered("# a\n## b\n### c")] == ["h3", "h4", "h5"]


def test_formulas_are_mathml():
    paragraph, formula = rendered("$x$ is\n\n$$\\frac{x}{2}$$")
    inline, display = paragraph.find("math"), formula.find("math")
    assert inline.get("display", "inline") == "inline"
    assert display.get("display") == "block"
    assert list(display.iter("mfrac"))


def test_code_is_highlighted_and_escaped():
    (listing,) = rendered("```python\nif a < b:\n    return '<b>'\n```")
    assert words(listing) == "if a < b:\n    return '<b>'"
    assert {"k", "s1"} <= {span.get("class") for span in listing.iter("span")}


def test_code_of_an_unknown_language_is_plain():
    (listing,) = rendered("```no-such-language\na < b\n```")
    assert words(listing) == "a < b"
    assert not list(listing.iter("span"))


def test_tables_have_scopes_and_alignments():
    (table,) = rendered("| Layer | n |\n|---|--:|\n| conv | [[blank:n]] |\n| pool | 0 |")
    head, *rows = table.iter("tr")
    assert [cell.get("scope") for cell in head] == ["col", "col"]
    assert [[cell.tag for cell in row] for row in rows] == [["th", "td"], ["th", "td"]]
    assert [cell.get("scope") for row in rows for cell in row] == ["row", None, "row", None]
    assert [cell.get("class") for cell in rows[0]] == ["left", "right"]
    assert names(rows[0][1]) == ["n"]


def test_a_first_column_of_blanks_names_no_rows():
    (table,) = rendered("| n | Layer |\n|---|---|\n| [[blank:n]] | conv |")
    assert [cell.tag for cell in list(table.iter("tr"))[1]] == ["td", "td"]


def test_a_hint_that_the_text_says_is_not_repeated():
    (table,) = rendered("| r | n |\n|---|---|\n| [[blank:r]] | [[blank:n]] |")
    assert [words(hint) for hint in table.iter("small")] == ["3 decimals"]
    body = rendered("[[blank:r]]\n\n*Give numbers to 3 decimals.*")
    assert not list(body.iter("small"))
    assert "3 decimals" in next(body.iter("input")).get("aria-label")


def test_lists_nest():
    (listing,) = rendered("1. one\n2. two\n   - [[blank:n]]")
    assert listing.tag == "ol"
    assert words(listing[0]) == "one"
    assert names(listing[1].find("ul/li")) == ["n"]


def test_a_blank_is_a_labelled_field_of_its_width_with_its_hint():
    body = rendered("It is [[blank:r]].", prefix="q1.")
    (field,) = body.iter("input")
    assert field.get("name") == "q1.r"
    assert field.get("size") == str(ANSWERS["r"].width)
    assert field.get("aria-label") == "r, 3 decimals"
    assert words(body) == "It is  3 decimals."


def test_a_formula_its_blank_and_the_comma_stay_together():
    body = rendered("With $y =$ [[blank:n]], find it.")
    (group,) = (span for span in body.iter("span") if span.get("class") == "together")
    assert names(group) == ["n"]
    assert words(group).endswith(",")
    assert group.tail == " find it."


def test_vectors_and_matrices_are_grids_of_fields():
    assert names(rendered("[[blank:v]]")) == ["v[0,0]", "v[0,1]", "v[0,2]"]
    body = rendered("$A =$ [[blank:m]]", prefix="q2.")
    (grid,) = (span for span in body.iter("span") if span.get("class") == "grid")
    assert [names(row) for row in grid] == [
        [f"q2.m[{row},{column}]" for column in range(3)] for row in range(2)
    ]
    assert grid[1][2][0].get("aria-label") == "m, row 2, column 3"


@pytest.mark.parametrize(("blank", "control"), [("one", "radio"), ("all", "checkbox")])
def test_options_are_controls_in_a_fieldset(blank, control):
    body = rendered(f"[[blank:{blank}]]", prefix="q3.")
    (fieldset,) = body.iter("fieldset")
    assert words(fieldset.find("legend"))
    controls = list(fieldset.iter("input"))
    assert {field.get("type") for field in controls} == {control}
    assert {field.get("name") for field in controls} == {f"q3.{blank}"}
    assert [field.get("value") for field in controls] == ["a", "b", "c"]
    assert [label[1].text for label in fieldset.iter("label")] == ["(a)", "(b)", "(c)"]


def test_options_never_stand_within_a_paragraph_element():
    body = rendered("Choose: [[blank:one]], please")
    assert not list(body.iter("p"))
    assert len(list(body.iter("fieldset"))) == 1


def test_the_key_of_a_choice_does_not_show():
    html = fragment(document("[[blank:one]]"), ANSWERS)
    moved = SingleChoice(tuple(Option(option.text, right=not option.right) for option in CHOICE.options))
    assert fragment(document("[[blank:one]]"), {"one": moved}) == html


def test_an_ordering_lists_its_steps_and_asks_for_letters():
    body = rendered("[[blank:order]]")
    (steps,) = body.iter("ol")
    assert steps.get("type") == "A"
    assert [words(step) for step in steps] == ["a()", "b()", "c()"]
    assert names(body) == ["order"]


def test_what_is_filled_in_stands_instead_of_the_field():
    filled = {"n": " 12 ", "m": "[[1, 2, 3], [4, 5, 6]]", "order": "A C B", "r": ""}
    body = rendered("[[blank:n]] [[blank:m]] [[blank:r]] [[blank:s]] [[blank:order]]", filled=filled)
    assert [words(text) for text in body.iter("bdi")] == ["12", filled["m"], "—", "A C B"]
    assert names(body) == ["s"]


def test_chosen_options_are_marked():
    body = rendered("[[blank:all]]", filled={"all": "a, c"})
    assert [item.get("class") for item in body.iter("li")] == ["chosen", None, "chosen"]
    assert not names(body)


def test_an_unreadable_choice_is_shown_and_marks_nothing():
    body = rendered("[[blank:one]]", filled={"one": "maybe <b>?"})
    assert [item.get("class") for item in body.iter("li")] == [None] * 3
    assert words(next(body.iter("bdi"))) == "maybe <b>?"


def test_without_fields_there_are_boxes():
    body = rendered("[[blank:n]] [[blank:m]] [[blank:one]] [[blank:order]]", fields=False)
    assert not names(body)
    boxes = [span for span in body.iter("span") if span.get("class") == "box"]
    assert len(boxes) == 1 + 6 + 1
    assert len(words(boxes[0])) == ANSWERS["n"].width


def test_a_blank_without_an_answer_is_an_error_that_names_both():
    with pytest.raises(DocumentError, match="blank lost, but the answers are: n, r"):
        rendered("[[blank:lost]]")


def test_a_figure_has_its_words():
    figure = Figure("network", {"layers": [2, 1]}, "two < three")
    (drawing,) = tree(fragment(Document((figure,)), {}))
    assert drawing.tag == "figure"
    assert "two < three" in words(drawing) + str([node.attrib for node in drawing.iter()])


HOSTILE = st.one_of(
    st.text(),
    st.sampled_from(
        [
            "</bdi></style></script><script>alert(1)</script>",
            '"><img src=x onerror=alert(1)>',
            "' onfocus='alert(1)' autofocus='",
            "&lt;b&gt; &#60; &amp",
            "]]><!-- --><![CDATA[",
            "\x00\x1b[31m\x85\u202e\ud800\ufffe",
            "<svg/onload=alert(1)>",
        ]
    ),
)


class Tags(HTMLParser):
    """Collects what a browser's parser would make of a text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


@settings(max_examples=200, deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE)
def test_hostile_text_never_becomes_markup(shown, typed, hint):
    text = (Text(shown), Text(shown, code=True), Blank("n"), Blank("word"), Blank("one"))
    blocks = (
        Paragraph(text),
        Heading(1, (Text(shown),)),
        Code(shown, "python"),
        Code(shown, "text"),
        Table(((Text(shown),), text), (((Text(shown),), text),), ("left", "right")),
        Listing(((Paragraph((Text(shown),)),),)),
        Blank("order"),
    )
    answers = {**ANSWERS, "word": ShortText(hint, (hint,)), shown: Integer(1)}
    for filled in ({}, {"n": typed, "one": typed, "word": typed, "order": typed}):
        html = fragment(Document(blocks), answers, filled=filled, prefix=typed)
        assert {element.tag for element in tree(html).iter()} <= TAGS | {"body"}
        found = Tags(html)
        assert found.tags <= TAGS
        assert not {name for name in found.attributes if name.startswith("on")}
        assert not found.attributes & {"style", "src", "href", "autofocus"}
        html.encode()


@settings(max_examples=50, deadline=None)
@given(HOSTILE)
def test_a_page_is_well_formed_whatever_its_title(title):
    html = page(title, fragment(document("[[blank:n]]"), ANSWERS))
    root = ET.fromstring(html)
    assert root.get("lang") == "en"
    assert root.find("head/title").text == root.find("body/main/h1").text
    assert [element.tag for element in root.find("head")] == ["meta"] * 4 + ["title", "style"]
    assert "<script" not in html.lower()


def test_a_page_carries_everything_with_it():
    html = page("Formulas", fragment(document("$x$"), ANSWERS))
    style = ET.fromstring(html).find("head/style").text
    assert "prefers-color-scheme: dark" in style
    assert "@media print" in style
    assert "url(data:font/woff2;base64," in style
    assert "url(data:" not in ET.fromstring(page("Words", "<p>none</p>")).find("head/style").text
    assert "http" not in style


def test_the_same_document_gives_the_same_html():
    source = document("$x$ [[blank:m]]\n\n[[blank:all]]")
    assert fragment(source, ANSWERS) == fragment(source, dict(reversed(ANSWERS.items())))


def test_the_font_of_a_page_has_every_sign_that_formulas_may_have():
    listed = (TEMPLATES / "fonts" / "mathematics.txt").read_text()
    held: set[int] = set()
    for first, last in re.findall(r"\b([0-9A-F]{2,5})(?:-([0-9A-F]{2,5}))?\b", re.sub("#.*", "", listed)):
        held |= set(range(int(first, 16), int(last or first, 16) + 1))
    signs = {character for character, _ in symbols.SIGNS.values()} | set(symbols.SLANTED.values())
    signs |= {character for character, _ in symbols.CHARACTERS.values()} | set(symbols.ACCENTS.values())
    assert {sign for sign in signs if ord(sign) not in held} == set()
