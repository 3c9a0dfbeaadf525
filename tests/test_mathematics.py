import random
import re
import sys
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from quizgrad.rendering.mathematics import Glyph, Layout, MathError, layout, mathml, plain
from quizgrad.rendering.mathematics.font import math_font
from quizgrad.rendering.mathematics.latex import parse
from quizgrad.rendering.mathematics.layout import typeset_directly

NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
AXIS = math_font().constant("AxisHeight")

FORMULAS = [
    r"\mathrm{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right)V",
    r"W=\begin{bmatrix}-1 & 0.5 & 3\\ 2 & -0.25 & 10\\ 0 & 1 & -7\end{bmatrix}",
    r"\begin{pmatrix}a_{11} & \cdots & a_{1n}\\ \vdots & \ddots & \vdots\end{pmatrix}",
    r"x=\left[\begin{smallmatrix}1\\2\\3\end{smallmatrix}\right]",
    r"\left[\begin{array}{|cc|c|}\hline 1&2&3\\\hline 4&5&6\\\hline\end{array}\right]",
    r"\mathrm{ReLU}(x)=\begin{cases}x & \text{if } x>0\\ 0 & \text{otherwise}\end{cases}",
    r"\begin{bmatrix*}[r]-1&2\\3&-40\end{bmatrix*}",
    r"\begin{aligned} z_1 &= W_1x+b_1\\[2pt] a_1 &= \mathrm{ReLU}(z_1)\\ \end{aligned}",
    r"\begin{gathered} a=b\\ c+d=e\end{gathered}",
    r"\prod_{t=1}^{T} p(x_t \mid x_{<t})",
    r"\frac{\partial \mathcal{L}}{\partial W_{ij}^{(l)}}=\delta_i^{(l)}a_j^{(l-1)}",
    r"\nabla_\theta J(\theta)=\mathbb{E}_{\tau\sim\pi_\theta}\left[\sum_{t=0}^{T}R(\tau)\right]",
    r"\hat{y},\ \bar{x},\ \tilde{h}_t,\ \vec{v},\ \dot{x},\ \widehat{xyz},\ \overline{AB},\ \underline{x+y}",
    r"\boldsymbol{\theta},\ \bm{\Sigma},\ \mathbf{x}^\top,\ \mathsf{T},\ \mathtt{relu},\ \mathfrak{g}",
    r"\hat{\theta}=\arg\min_{\theta}\ \operatorname*{arg\,max}_{k}\ \operatorname{Var}[X]",
    r"\lVert x\rVert_2=\sqrt{\sum_i x_i^2},\ \|W\|_F^2,\ \left|\frac{a}{b}\right|",
    r"H=\left\lfloor\frac{32+2\cdot 1-3}{2}\right\rfloor+1",
    r"\int_{-\infty}^{\infty} e^{-x^2}\,dx=\sqrt[3]{\pi}",
    r"\binom{n}{k}=\dfrac{n!}{k!(n-k)!}+\tfrac12",
    r"\underbrace{x_1+\cdots+x_n}_{n\text{ terms}}=\overbrace{a+b}^{2}",
    r"\overset{!}{=},\ \underset{i}{\max},\ \stackrel{\text{def}}{=}",
    r"\color{red}{x}+\textcolor{blue}{y^2}\quad\boxed{y=\underline{\hspace{2em}}}\ \fbox{?}",
    r"f'(x),\ f''(x),\ x'_i,\ \sigma'(z^{(l)}),\ y'^2",
    r"\Big(\frac{a}{b}\Big)\ \bigl[x\bigr]\ \left.\frac{df}{dx}\right|_{x=0}",
    r"\left\langle a\middle|b\right\rangle\ \bigl.x\Bigm/y",
    r"\sum_{\substack{0\le i<n\\ i\ne j}} a_{ij}\ \sum\nolimits_i\ \int\limits_a^b",
    r"α + β ≤ γ × 2,\ 95\%,\ \$5,\ a\&b,\ \#1,\ x = \_\_",
    r"\text{Größe, na\"ive caf\'e, \% of $x_1$}\ \texttt{nn.Linear(3, 2)}",
    r"a\equiv b\pmod{7},\ a\bmod 7,\ a\not\in B,\ f\colon X\to Y,\ a:b",
    r"1{,}234.5678\times 10^{-3},\ 0{,}25,\ .5",
    r"\phantom{x}y\hphantom{z}\vphantom{\frac12}",
]


def ink(formula: Layout, text: str) -> list[Glyph]:
    return [glyph for glyph in formula.glyphs if glyph.text == text]


def one(formula: Layout, text: str) -> Glyph:
    (glyph,) = ink(formula, text)
    return glyph


@pytest.mark.parametrize("latex", FORMULAS)
@pytest.mark.parametrize("display", [False, True])
def test_every_output_of_a_formula(latex, display):
    formula = layout(latex, display)
    assert formula.glyphs
    assert formula.width > 0
    root = ElementTree.fromstring(mathml(latex, display))
    assert root.tag == f"{NAMESPACE}math"
    assert root.get("display") == ("block" if display else None)
    assert plain(latex)
    assert "\\" not in plain(latex)


@pytest.mark.parametrize(
    ("latex", "culprit"),
    [
        (r"E=mc^2 \tag{1}", r"\tag"),
        (r"\cfrac{1}{2}", r"\cfrac"),
        (r"\newcommand{\x}{1}\x", r"\newcommand"),
        (r"\ce{H2O}", r"\ce"),
        (r"\SI{3}{m}", r"\SI"),
        (r"\genfrac{}{}{0pt}{}{a}{b}", r"\genfrac"),
        (r"\xrightarrow{f}", r"\xrightarrow"),
        (r"\mathop{x}_a", r"\mathop"),
        (r"\rule{1em}{1em}", r"\rule"),
        (r"\href{javascript:alert(1)}{x}", r"\href"),
        (r"\foo", r"\foo"),
        (r"\begin{eqnarray}a&=&b\end{eqnarray}", "eqnarray"),
        (r"\begin{multline}a\end{multline}", "multline"),
        (r"\begin{align}a&=b\end{align}", "align"),
        (r"\begin{bmatrix}\hline 1\end{bmatrix}", r"\hline"),
        (r"\begin{bmatrix}1\end{pmatrix}", "pmatrix"),
        (r"\begin{bmatrix}\end{bmatrix}", "nothing"),
        (r"\begin{array}{c@{}c}1&2\end{array}", "c@{}c"),
        (r"\begin{array}{c}1&2\end{array}", "columns"),
        (r"\frac{1}{2", "}"),
        (r"\frac{1}", r"\frac"),
        (r"x^", "^"),
        (r"{x", "}"),
        (r"x}", "}"),
        (r"a & b", "&"),
        (r"a \\ b", r"\\"),
        (r"a_b_c", "subscripts"),
        (r"a^b'", "superscripts"),
        (r"\left(x", r"\right"),
        (r"\left x\right)", "bracket"),
        (r"x\right)", r"\right"),
        (r"x\limits_a", r"\limits"),
        (r"\text{a $x}", "$"),
        (r"\text{\textbf{x}}", r"\textbf"),
        (r"\hspace{two}", "two"),
        (r"\textcolor{mauve}{x}", "mauve"),
        (r"\operatorname{$x$}", "$x$"),
        (r"\not\alpha", r"\not"),
        ("95%", "%"),
        ("a $ b", "$"),
        ('"x"', '"'),
        ("\U000f0000", "private"),
        (r"\text{日本}", "日"),
    ],
)
def test_refusals_name_the_culprit_and_the_formula(latex, culprit):
    with pytest.raises(MathError) as refusal:
        layout(latex)
    message = str(refusal.value)
    problem, shown = message.split(", in the formula ")
    assert culprit in problem
    assert shown == repr(latex)


@given(st.text(alphabet="\\{}[]()^_&'$%~ ab12.,+-=|é日", max_size=30))
@settings(max_examples=300, deadline=None)
def test_any_text_is_set_or_refused(text):
    try:
        written = mathml(text)
    except MathError:
        with pytest.raises(MathError):
            plain(text)
        return
    ElementTree.fromstring(written)
    plain(text)


FRAGMENTS = r"""
\frac{a}{b} \sqrt{x} \sum_{i} \hat{y} x^{2} _{1} \left( \right) \begin{bmatrix} \end{bmatrix} & \text{a}
0.5 \mathbf{W} \log = - , { } \alpha \begin{cases} \end{cases} \underbrace{a} ' \big( \not= \\ 7
"""


@given(st.lists(st.sampled_from(FRAGMENTS.split()), max_size=8).map(" ".join))
@settings(max_examples=300, deadline=None)
def test_any_commands_are_set_or_refused(latex):
    try:
        written = mathml(latex)
    except MathError:
        return
    ElementTree.fromstring(written)
    plain(latex)
    assert layout(latex, True) == typeset_directly(latex, True)


def test_hostile_formulas_are_refused():
    for latex in ("{" * 5000, r"\sqrt{" * 500 + "x" + "}" * 500, r"\frac" * 900, "x" * 100_000):
        with pytest.raises(MathError):
            layout(latex)


@pytest.mark.parametrize(
    "level", [r"\sqrt{\frac{#}{2}}", r"\left(\frac{#}{2}\right)", r"x_{#}^2", r"\hat{\overline{#}}"]
)
def test_deep_nesting_is_no_trap(level):
    nested = "x"
    for _ in range(16):
        nested = level.replace("#", nested)
    assert len(layout(nested, True).glyphs) < 3000


def test_mathml_is_safe_in_a_page():
    written = mathml(r"\text{<script>alert(1)</script>} a<b \text{\&amp;}")
    assert "<script" not in written
    (words,) = [node.text for node in ElementTree.fromstring(written) if "script" in (node.text or "")]
    assert words == "<script>alert(1)</script>"


# Digits


def with_digits(rng: random.Random, template: str) -> str:
    return re.sub("#", lambda _: str(rng.randrange(10)), template)


TEMPLATES = [
    r"\begin{bmatrix}-#.# & #\\ ## & -#.##\end{bmatrix}",
    r"\left\lfloor\frac{##+2\cdot #-#}{#}\right\rfloor+1=##",
    r"x_{#}^{##},\ 10^{-#},\ e^{-#/#},\ 2^{2^{#}},\ \sqrt[#]{#}",
    r"\sum_{i=#}^{##} \underbrace{#x}_{#},\ \hat{#},\ \overline{#}",
    r"\frac#{#}+\tfrac##,\ \binom{##}{#},\ \boxed{##},\ (##)^#",
    r"\text{## items of #},\ \mathbf{#}x,\ \mathbb{1},\ \mathrm{conv#},\ \texttt{x[#]}",
    r"#{,}#\,\hspace{#em}\mathbf{W_{#}}",
    r"\begin{aligned}#x+#y&=#\\[#pt] #z&=##\end{aligned}",
]


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_layout_with_digits_filled_in_is_the_direct_layout(template):
    rng = random.Random(template)
    for _ in range(50):
        latex = with_digits(rng, template)
        for display in (False, True):
            assert layout(latex, display) == typeset_directly(latex, display)


def test_formulas_that_differ_in_digits_are_set_once():
    kept = sys.modules["quizgrad.rendering.mathematics.layout"]._typeset_kept
    layout(r"\zeta_1+\zeta_{23}")
    before = kept.cache_info().misses
    layout(r"\zeta_4+\zeta_{56}")
    assert kept.cache_info().misses == before
    layout(r"\zeta_4+\zeta_{5}")
    assert kept.cache_info().misses == before + 1


def test_digits_are_shown_in_their_order():
    formula = layout(r"\frac{12}{34}+\overset{5}{6}+\sqrt[7]{8}")
    assert sorted(glyph.text for glyph in formula.glyphs if glyph.text.isdigit()) == list("12345678")
    assert one(formula, "1").x < one(formula, "2").x
    assert one(formula, "1").y > one(formula, "3").y
    assert one(formula, "5").y > one(formula, "6").y


# What a typesetter sees


def test_space_around_relations_and_operators():
    letters = layout("a").width + layout("b").width
    for sign, gap in (("=", 10 / 18), ("+", 8 / 18), ("/", 0), (",", 3 / 18)):
        assert layout(f"a{sign}b").width == pytest.approx(letters + layout(sign).width + gap, abs=0.05)


def test_a_sign_without_left_operand_has_no_space():
    assert layout("-b").width == pytest.approx(layout("-").width + layout("b").width)
    apart = one(layout("a=-b"), "b").x - one(layout("a=-b"), "−").x
    assert apart == pytest.approx(layout("-").width)


def test_a_decimal_comma_has_no_space():
    assert layout("0{,}5").width < layout("0,5").width
    assert "<mn>0,5</mn>" in mathml("0{,}5")


def test_superscripts_stand_at_one_height():
    formula = layout(r"x^2(a)^2\hat{x}^2\mathrm{ab}^2")
    assert len({glyph.y for glyph in ink(formula, "2")}) == 1


def test_superscripts_are_lower_under_a_root():
    formula = layout(r"x^2+\sqrt{y^3}")
    assert one(formula, "3").y < one(formula, "2").y


def test_scripts_stay_clear_of_each_other():
    formula = layout("W_{j}^{[l]}")
    sub, sup = one(formula, "j"), one(formula, "[")
    assert sup.y - sub.y > 0.4


def test_limits_stand_above_and_below_in_display_style_only():
    beside, stacked = layout(r"\sum_i^n"), layout(r"\sum_i^n", True)
    assert one(beside, "n").x > one(beside, "∑").x + 0.5
    assert one(stacked, "n").x < one(stacked, "∑").x + 0.9
    assert one(stacked, "n").y > 0.9 > one(beside, "n").y


def test_a_sum_in_a_display_fraction_is_small():
    inside = layout(r"\frac{1}{\sum_{j=1}^K z_j}", True)
    alone = layout(r"\sum_{j=1}^K z_j", True)
    assert one(inside, "∑").index != one(alone, "∑").index
    assert inside.descent < alone.descent + 0.6


def test_fractions_are_centred_on_the_axis():
    formula = layout(r"\frac{1}{a+b}", True)
    (bar,) = formula.rules
    assert bar.y + bar.height / 2 == pytest.approx(AXIS)
    middle = one(formula, "1").x + layout("1").width / 2
    assert middle == pytest.approx(bar.x + bar.width / 2)
    assert one(formula, "1").y > bar.y > one(formula, "a").y


def test_matrices_have_room():
    formula = layout(r"\begin{bmatrix}1 & 2\\3 & 4\end{bmatrix}")
    first, right, below = one(formula, "1"), one(formula, "2"), one(formula, "3")
    assert first.y - below.y >= 1.2
    assert right.x - first.x - layout("1").width >= 0.9
    assert first.x == below.x
    assert (formula.ascent - AXIS) == pytest.approx(formula.descent + AXIS)


def test_brackets_grow_with_what_they_hold():
    small, large = layout("[x]"), layout(r"\left[\begin{matrix}1\\2\\3\\4\\5\\6\\7\\8\\9\end{matrix}\right]")
    assert small.ascent + small.descent < 1
    assert large.ascent + large.descent > 10
    assert len(ink(large, "[")) > 2
    tops = [glyph.y for glyph in ink(large, "[")]
    assert max(tops) - min(tops) > 6


@pytest.mark.parametrize("bracket", ["|", r"\|", "(", r"\{", r"\lfloor"])
def test_brackets_of_pieces_have_the_wanted_height(bracket):
    rows = r"\\".join("1" * 14)
    formula = layout(rf"\left{bracket}\begin{{matrix}}{rows}\end{{matrix}}\right.")
    body = layout(rf"\begin{{matrix}}{rows}\end{{matrix}}")
    assert formula.ascent + formula.descent == pytest.approx(body.ascent + body.descent, abs=0.5)


def test_aligned_rows_stand_under_each_other():
    formula = layout(r"\begin{aligned}a&=b\\x+y&=z\\&=w\end{aligned}", True)
    first, second, third = ink(formula, "=")
    assert first.x == second.x == third.x
    assert first.y > second.y > third.y
    assert first.x - one(formula, "a").x > layout("a").width + 0.25


def test_a_table_can_have_lines():
    framed = layout(r"\begin{array}{|c|c|}\hline 1&2\\\hline\end{array}")
    upright = [rule for rule in framed.rules if rule.height > rule.width]
    level = [rule for rule in framed.rules if rule.width > rule.height]
    assert len(upright) == 3
    assert len(level) == 2
    assert upright[0].x < one(framed, "1").x < upright[1].x < one(framed, "2").x < upright[2].x


def test_letters_have_their_cut():
    def index(latex):
        return layout(latex).glyphs[0].index

    def glyph(character):
        return math_font().glyph(character, 0).index

    assert index(r"\phi") == glyph("𝜙")
    assert index(r"\varphi") == glyph("𝜑")
    assert index(r"\Gamma") == glyph("Γ")
    assert index("x") == glyph("𝑥")
    assert index(r"\mathbf{W}") == glyph("𝐖")
    assert index(r"\boldsymbol{\theta}") == glyph("𝜽")
    assert index(r"\mathbb{R}") == glyph("ℝ")
    assert index(r"\mathcal{L}") == glyph("ℒ")
    assert index(r"\mathbf{1}") == glyph("𝟏")
    assert index(r"\hat{i}") == glyph("𝚤")
    assert index("-") == glyph("−")


def test_words_have_accents_and_mathematics():
    formula = layout(r"\text{gr\"o\ss er als $x_1$, caf\'e \c{c}\v{s}}")
    assert "".join(glyph.text for glyph in formula.glyphs) == "größeralsx1,caféçš"


def test_colours_reach_glyphs_and_rules():
    formula = layout(r"x+\textcolor{red}{\frac{1}{y}}")
    assert one(formula, "x").color is None
    assert one(formula, "y").color == formula.rules[0].color == "#c00000"


def test_a_formula_fits_its_box():
    for latex in FORMULAS:
        formula = layout(latex, True)
        for glyph in formula.glyphs:
            assert -0.4 < glyph.x < formula.width
            assert -formula.descent - 3 < glyph.y < formula.ascent
        for rule in formula.rules:
            assert rule.x > -0.05
            assert rule.x + rule.width < formula.width + 0.05
            assert rule.y > -formula.descent - 0.05
            assert rule.y + rule.height < formula.ascent + 0.05


# Other outputs


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"x_1^2+x_{i,j}", "x₁² + x_(i, j)"),
        (r"\frac{a+b}{2c}", "(a + b)/(2c)"),
        (r"\frac{\partial L}{\partial W^{[1]}}", "∂L/∂W^([1])"),
        (r"\frac{p(x)}{q(x)}", "p(x)/q(x)"),
        (r"\frac{1}{\frac{a}{b}}", "1/(a/b)"),
        (r"\sqrt{x^2+1}", "√(x² + 1)"),
        (r"\sqrt[3]{x}", "∛(x)"),
        (r"\begin{bmatrix}1&2\\3&4\end{bmatrix}", "[1, 2; 3, 4]"),
        (r"\hat D^{-1/2}", "D̂^(−1/2)"),
        (r"W\in\mathbb{R}^{n\times d}", "W ∈ ℝ^(n×d)"),
        (r"L=-\sum_{k=1}^{K} y_k\log\hat{y}_k", "L = −∑ₖ₌₁ᴷ yₖ log ŷₖ"),
        (r"\sigma'(z)=0{,}5,\ -3.5", "σ′(z) = 0,5, −3.5"),
        (r"\left\lfloor\frac{n-k}{s}\right\rfloor+1", "⌊(n − k)/s⌋ + 1"),
        (r"f(x)=\begin{cases}x & \text{if } x>0\\0\end{cases}", "f(x) = {x if x > 0; 0}"),
        (r"\begin{aligned}a&=b\\c&=d\end{aligned}", "a = b; c = d"),
        (r"\mathrm{softmax}(QK^\top/\sqrt{d_k})V", "softmax(QKᵀ/√(dₖ))V"),
    ],
)
def test_plain_text(latex, text):
    assert plain(latex) == text


@pytest.mark.parametrize(
    ("latex", "part"),
    [
        ("x", "<mi>x</mi>"),
        (r"\Gamma", '<mi mathvariant="normal">Γ</mi>'),
        (r"\mathbf{W}", "<mi>𝐖</mi>"),
        (r"\log x", '<mi>log</mi><mspace width="0.1667em"/><mi>x</mi>'),
        ("a-b", '<mo form="infix">−</mo>'),
        ("a=-b", '<mo form="prefix">−</mo>'),
        ("1.5", "<mn>1.5</mn>"),
        ("a<b", '<mo stretchy="false">&lt;</mo>'),
        ("(a)", '<mo form="prefix" stretchy="false">(</mo>'),
        (r"\left(a\right)", '<mo form="prefix" fence="true" stretchy="true">(</mo>'),
        ("x_i^2", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>"),
        (r"\frac{1}{2}", "<mfrac><mn>1</mn><mn>2</mn></mfrac>"),
        (r"\sqrt[3]{x}", "<mroot><mi>x</mi><mn>3</mn></mroot>"),
        (r"\hat{y}", '<mover accent="true"><mi>y</mi><mo stretchy="false">ˆ</mo></mover>'),
        (r"\max_i", '<munder><mo movablelimits="true" lspace="0" rspace="0">max</mo><mi>i</mi></munder>'),
        (r"\begin{array}{r|c}1&2\end{array}", "border-left"),
    ],
)
def test_mathml(latex, part):
    assert part in mathml(latex)


def test_formulas_are_values_that_can_be_kept():
    assert layout("x^2") is layout("x^2")
    assert mathml("x^2") is mathml("x^2")
    assert parse("a+b") == parse("a + b")
    assert hash(parse(r"\frac{1}{2}"))
