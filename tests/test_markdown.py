import pytest
from hypothesis import given
from hypothesis import strategies as st
from quizgrad.rendering.document import (
    Blank,
    Code,
    DisplayMath,
    Document,
    DocumentError,
    Figure,
    Heading,
    LineBreak,
    Listing,
    Math,
    Paragraph,
    Table,
    Text,
)
from quizgrad.rendering.markdown import document, inlines

NETWORK = Figure("network", {"layers": (2, 3)}, "a network")


def blocks(markdown: str, *figures: Figure):
    return document(markdown, figures).blocks


def test_a_paragraph_holds_words_styles_code_and_formulas():
    assert blocks("The *output* of **`relu`** is $\\max(0, x)$,\nalways.") == (
        Paragraph(
            (
                Text("The "),
                Text("output", italic=True),
                Text(" of "),
                Text("relu", bold=True, code=True),
                Text(" is "),
                Math(r"\max(0, x)"),
                Text(", always."),
            )
        ),
    )


def test_emphasis_within_strong_is_both():
    assert inlines("**a *b* c**") == (
        Text("a ", bold=True),
        Text("b", bold=True, italic=True),
        Text(" c", bold=True),
    )


def test_headings_have_three_levels():
    assert blocks("# One\n### $x$ three") == (
        Heading(1, (Text("One"),)),
        Heading(3, (Math("x"), Text(" three"))),
    )


def test_a_hard_break_is_kept_and_a_trailing_one_is_not():
    assert blocks("one\\\ntwo  \nthree") == (
        Paragraph((Text("one"), LineBreak(), Text("two"), LineBreak(), Text("three"))),
    )


def test_a_listing_keeps_its_lines_and_language():
    assert blocks("```python\nfor x in y:\n\n    print('$x$')\n```") == (
        Code("for x in y:\n\n    print('$x$')", "python"),
    )
    assert blocks("```\nplain\n```") == (Code("plain", ""),)


def test_indentation_makes_no_listing_and_dashes_make_no_heading():
    assert blocks("    indented") == (Paragraph((Text("indented"),)),)
    assert blocks("words\n===") == (Paragraph((Text("words ==="),)),)


def test_display_formulas_cut_their_paragraph():
    cut = (Paragraph((Text("Given"),)), DisplayMath("y = x"), Paragraph((Text("find it."),)))
    assert blocks("Given $$y = x$$ find it.") == cut
    assert blocks("Given\n$$\ny = x\n$$\nfind it.") == cut
    assert blocks("Given\n\n$$y = x$$\n\nfind it.") == cut


def test_a_display_formula_alone_leaves_no_empty_paragraph():
    assert blocks("$$a$$\n$$b$$\n") == (DisplayMath("a"), DisplayMath("b"))


def test_lists_hold_blocks():
    assert blocks("1. one\n2. two\n   - [[blank:inner]]\n   - $$x$$") == (
        Listing(
            (
                (Paragraph((Text("one"),)),),
                (Paragraph((Text("two"),)), Listing(((Blank("inner"),), (DisplayMath("x"),)))),
            ),
            ordered=True,
        ),
    )


def test_a_table_has_alignments_and_blanks_in_cells():
    assert blocks(
        "| Layer | Shape | n |\n|---|:-:|--:|\n| `a \\| b` | [[blank:s]] | about [[blank:n.1]] |"
    ) == (
        Table(
            ((Text("Layer"),), (Text("Shape"),), (Text("n"),)),
            (((Text("a | b", code=True),), (Blank("s"),), (Text("about "), Blank("n.1"))),),
            ("left", "center", "right"),
        ),
    )


def test_a_short_table_row_is_filled_with_empty_cells():
    (table,) = blocks("|a|b|\n|-|-|\n|1|")
    assert isinstance(table, Table)
    assert table.rows == (((Text("1"),), ()),)


def test_a_blank_is_inline_among_words_and_a_block_alone():
    assert blocks("Rows: [[blank:rows]]\n\n[[blank:choice-1]]") == (
        Paragraph((Text("Rows: "), Blank("rows"))),
        Blank("choice-1"),
    )


def test_a_blank_may_stand_in_a_row_of_formulas():
    assert blocks("$y =$ [[blank:y]] $\\cdot\\,x$") == (
        Paragraph((Math("y ="), Text(" "), Blank("y"), Text(" "), Math(r"\cdot\,x"))),
    )


def test_a_figure_is_taken_by_number():
    other = Figure("grid", {}, "a grid")
    assert blocks("[[figure:1]]\n\n[[figure:0]]", NETWORK, other) == (other, NETWORK)


def test_nested_brackets_are_words():
    assert inlines("[[1, 2], [3, 4]]") == (Text("[[1, 2], [3, 4]]"),)


def test_escapes_and_entities_are_characters():
    assert inlines(r"\$5 &amp; \*no\* \<b> \[a](b)") == (Text("$5 & *no* <b> [a](b)"),)


@pytest.mark.parametrize("option", ["- 3", "1986. A year", "# one", "+ 2", "| a | b |", "    four", "> 0"])
def test_an_option_is_one_line_whatever_it_begins_with(option):
    assert inlines(option) == (Text(option.strip()),)


def test_an_option_has_styles_and_formulas():
    assert inlines("  **no** $x^2$ ") == (Text("no", bold=True), Text(" "), Math("x^2"))


@pytest.mark.parametrize(
    ("markdown", "sentence"),
    [
        ("see ![a](b.png)", "cannot hold an image"),
        ("see [a](b)", "cannot hold a link"),
        ("see <http://a.example>", "cannot hold a link"),
        ("a <b>bold</b> claim", "cannot hold raw HTML"),
        ("<div>\nx\n</div>", "cannot hold raw HTML"),
        ("> said", "cannot hold a block quote"),
        ("a\n\n---\n\nb", "cannot hold a horizontal rule"),
        ("#### four", "level 1 to 3, not 4"),
        ("3. three", "begins with 1: 3. three"),
        ("# $$x$$", "needs a paragraph"),
        ("|a|\n|-|\n|$$x$$|", "needs a paragraph"),
        ("it costs $5", "formula is not closed"),
        ("$$x$$ $$y$$", "Two display formulas"),
        ("$$\nx\n\ny", "formula is not closed"),
        ("```python\nx", "not closed with ```"),
        ("[[blank:two words]]", "blank's name"),
        ("[[figure:one]]", "figure's number"),
        ("$x = [[blank:x]]$", "cannot stand within a formula"),
        ("$$x = [[blank:x]]$$", "cannot stand within a formula"),
        ("`[[blank:x]]`", "cannot stand within code"),
        ("```\n[[blank:x]]\n```", "cannot stand within a listing"),
        ("see [[figure:0]]", "alone in its paragraph"),
        ("|a|\n|-|\n|[[figure:0]]|", "alone in its paragraph"),
        ("[[figure:1]]", "no figure 1: 1 were given"),
        ("|a|b|\n|-|-|\n|1|2|3|", "3 cells under 2 headings"),
    ],
)
def test_what_the_tree_cannot_hold_is_refused_with_a_sentence(markdown, sentence):
    with pytest.raises(DocumentError, match=sentence.replace("|", r"\|")) as caught:
        blocks(markdown, NETWORK)
    assert "\n" not in str(caught.value)


def test_an_option_is_refused_as_a_text_is():
    with pytest.raises(DocumentError, match="raw HTML"):
        inlines("<script>alert(1)</script>")


@given(st.text(alphabet=st.sampled_from("ab *_`$|[]<>#-+1.\\\n~!&;:(){}%\"'")))
def test_any_text_is_read_or_refused(markdown):
    try:
        tree = document(markdown)
    except DocumentError:
        return
    assert isinstance(tree, Document)
    assert tree == document(markdown)


@given(st.text(alphabet=st.sampled_from("ab +-.,;:()=/'\"?!"), min_size=1))
def test_no_word_is_lost(words):
    assert "".join(piece.text for piece in inlines(words)) == words.strip()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("each layer's outputs", "each layer’s outputs"),
        ("the students' answers", "the students’ answers"),
        ("it doesn't", "it doesn’t"),
        ("(u'v − uv')/v²", "(u'v − uv')/v²"),
        ("write 'a' or 'b'", "write 'a' or 'b'"),
    ],
)
def test_words_have_a_typeset_apostrophe(typed: str, said: str) -> None:
    (text,) = inlines(typed)
    assert text.text == said


def test_code_keeps_its_quotation_marks() -> None:
    assert inlines("`it's`")[0].text == "it's"
