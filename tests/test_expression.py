from __future__ import annotations

import json
import math

import pytest
from quizgrad.answers import Ambiguous, Notation, Unreadable, from_json
from quizgrad.answers.expression import Expression

COMMA = Notation(",")
Z = (("z", "real"),)
XY = (("x", "positive"), ("y", "real"))
SIGMOID_DERIVATIVE = Expression("sigmoid(z)*(1 - sigmoid(z))", Z)
KEYS = [
    SIGMOID_DERIVATIVE,
    Expression("1 - tanh(z)^2", Z),
    Expression("exp(z)/(1 + exp(z))", Z),
    Expression("x*exp(x) + exp(x)", XY),
    Expression("(1 - ln(x))/x^2", XY),
    Expression("1/2*x^2*y", XY),
    Expression("0.5*x^(-0.25)", XY),
    Expression("-y/x + (1 - y)/(1 - x)", (("x", "unit"), ("y", "unit"))),
    Expression("y_hat - y", (("y_hat", "unit"), ("y", "unit"))),
    Expression("2*w_1*x_12*(theta - 3)", tuple((name, "real") for name in ("w_1", "x_12", "theta"))),
    Expression("abs(x) + sqrt(x) + max(0, x, y) + log2(x)", XY),
    Expression("sigmoid(x/sigma)", (("x", "real"), ("sigma", "positive"))),
    Expression("e*x", (("x", "real"), ("e", "real"))),
    Expression("3*pi/4", ()),
    Expression("-x^2*(-y)", XY),
    Expression("x*1e-12", XY),
]


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.value)
@pytest.mark.parametrize("notation", [Notation("."), COMMA], ids=["point", "comma"])
def test_every_spelling_of_the_key_is_right(key, notation):
    for text in (key.printed(notation), key.latex(notation), *key.spellings(notation)):
        assert key.judge(text, notation).right, text


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.value)
def test_goes_to_json_and_back(key):
    assert from_json(json.loads(json.dumps(key.to_json()))) == key


def test_spellings_differ():
    key = Expression("1/2*x^2*y", XY)
    assert key.printed() == "1/2*x^2*y"
    assert key.latex() == r"\frac{1}{2} x^{2} y"
    assert set(key.spellings()) == {r"\frac{1}{2} x^{2} y", "1/2*x**2*y", "1/2*x^2 y", "1/2 · x^2 · y"}


def test_equal_formulas_are_right_and_others_are_told_where_they_differ():
    for typed in ("1/(4*cosh(z/2)^2)", "(1-tanh(z/2)^2)/4", "e^-z/(1+e^-z)^2", "= σ(z)(1-σ(z))"):
        assert SIGMOID_DERIVATIVE.judge(typed).right
    verdict = SIGMOID_DERIVATIVE.judge("sigmoid(z)")
    assert not verdict.right
    assert not verdict.undecided
    assert "that of the key" in verdict.note


def test_what_is_neither_proved_nor_refuted_goes_to_a_person():
    verdict = Expression("ln(z^2)", Z).judge("2 ln(z)")
    assert verdict.undecided
    assert not verdict.right
    assert "has no value, unlike the key" in verdict.note


def test_what_cannot_be_read_is_not_judged():
    with pytest.raises(Unreadable, match="did you mean “sigmoid”"):
        SIGMOID_DERIVATIVE.read("sigmoidd(z)")
    with pytest.raises(Ambiguous):
        SIGMOID_DERIVATIVE.read("1/4z")
    with pytest.raises(Unreadable, match="nothing was written"):
        SIGMOID_DERIVATIVE.read("  ")
    with pytest.raises(Unreadable, match="more than 500"):
        SIGMOID_DERIVATIVE.read("+".join("z" * 300))
    with pytest.raises(Unreadable, match="more than 2000"):
        SIGMOID_DERIVATIVE.read("(" * 1_000_000)


def test_carries_no_error():
    with pytest.raises(ValueError, match="carries no error"):
        SIGMOID_DERIVATIVE.carried(SIGMOID_DERIVATIVE.read("z"))


def test_like_keeps_the_symbols():
    mistake = SIGMOID_DERIVATIVE.like("1 - sigmoid(z)")
    assert mistake == Expression("1 - sigmoid(z)", Z)
    assert not SIGMOID_DERIVATIVE.judge(mistake.printed()).right


@pytest.mark.parametrize(
    ("value", "symbols", "message"),
    [
        ("x + ", (("x", "real"),), "ends where"),
        ("x + y", (("x", "real"),), "“y”"),
        ("x", (("x", "complex"),), "the domain 'complex' of x is none of real"),
        ("2", (("2x", "real"),), "'2x' cannot be the name of a symbol"),
        ("1", (("x y", "real"),), "not known|cannot be the name"),
    ],
)
def test_a_key_that_could_not_be_compared_is_refused(value, symbols, message):
    with pytest.raises(ValueError, match=message):
        Expression(value, symbols)


def test_flaw_is_a_key_without_values():
    assert SIGMOID_DERIVATIVE.flaw() is None
    assert Expression("3*pi", ()).flaw() is None
    assert Expression("ln(-z^2)", Z).flaw() == "ln(-z^2) has a value at 0 points only"
    assert Expression("sqrt(-2)", ()).flaw() is not None


def test_hint_names_the_symbols():
    assert [Expression("1", symbols).hint for symbols in ((), Z, XY)] == ["", "in z", "in x and y"]
    assert Expression("1", (*XY, *Z)).hint == "in x, y and z"


def test_the_gate_takes_text_and_sympy():
    import sympy

    z = sympy.Symbol("z", real=True)
    sigmoid = 1 / (1 + sympy.exp(-z))
    assert SIGMOID_DERIVATIVE.agrees(sympy.diff(sigmoid, z))
    assert SIGMOID_DERIVATIVE.agrees("exp(-z)/(1 + exp(-z))**2")
    assert not SIGMOID_DERIVATIVE.agrees(sympy.diff(sympy.tanh(z), z))
    assert not SIGMOID_DERIVATIVE.agrees(-sympy.diff(sigmoid, z))
    assert not SIGMOID_DERIVATIVE.agrees("no formula")
    assert not SIGMOID_DERIVATIVE.agrees(None)


def test_the_gate_takes_every_function_as_sympy_prints_it():
    import sympy

    x = sympy.Symbol("x", real=True)
    for value, executed in (
        ("relu(x) + abs(x)", sympy.Max(0, x) + sympy.Abs(x)),
        ("heaviside(x)*sign(x)", sympy.Heaviside(x) * sympy.sign(x)),
        ("arctan(x) + arsinh(x)", sympy.atan(x) + sympy.asinh(x)),
        ("e^x + pi", sympy.exp(x) + sympy.pi),
        ("e*x", sympy.E * x),
        ("sqrt(x^2 + 1)/3", sympy.sqrt(x**2 + 1) / 3),
        ("ln(x^2 + 1)", sympy.log(x**2 + 1)),
    ):
        assert Expression(value, (("x", "real"),)).agrees(executed)


def test_the_gate_is_stricter_than_points():
    almost = Expression("1", ())
    assert almost.judge("1 + 1e-30").right
    assert not almost.agrees("1 + 1e-30")


def test_the_gate_takes_computed_values():
    def derivative(z: float) -> float:
        return math.exp(-z) / (1 + math.exp(-z)) ** 2

    places = (-2.0, -0.3, 0.7, 1.9)
    points = [{"z": place} for place in places]
    values = [derivative(place) for place in places]
    assert SIGMOID_DERIVATIVE.agrees({"points": points, "values": values})
    assert not SIGMOID_DERIVATIVE.agrees({"points": points, "values": [*values[:3], values[3] * (1 + 1e-7)]})
    assert not SIGMOID_DERIVATIVE.agrees({"points": points, "values": [-value for value in values]})
    assert not SIGMOID_DERIVATIVE.agrees({"points": points, "values": values[:3]})
    assert not SIGMOID_DERIVATIVE.agrees({"points": points[:1], "values": values[:1]})
    assert not SIGMOID_DERIVATIVE.agrees({"points": [], "values": []})
    assert not SIGMOID_DERIVATIVE.agrees({})
    assert not SIGMOID_DERIVATIVE.agrees({"points": [{"x": 1.0}] * 4, "values": values})


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("6*x*sigmoid(3*x^2 - 5)*(1 - sigmoid(3*x^2 - 5))", "6*x*exp(5 - 3*x^2)/(exp(5 - 3*x^2) + 1)^2"),
        ("2*x*(1 - tanh(x^2)^2)", "2x/cosh(x^2)^2"),
    ],
)
def test_values_lost_in_rounding_are_no_difference(key: str, typed: str) -> None:
    assert Expression(key, (("x", "real"),)).judge(typed).right
    assert not Expression(key, (("x", "real"),)).judge(f"2*({typed})").right
