"""Activation functions: values, derivatives, formulas."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
import torch
from quizgrad.answers import algebra
from quizgrad.answers.base import POINT
from quizgrad.bank import Bank
from quizgrad.generators.activations.derivatives import (
    DerivativeSymbolic,
    DerivativeValue,
    SoftmaxJacobian,
    ValueTable,
    VanishingChain,
)
from quizgrad.generators.activations.differentiation import derivative, tidy
from quizgrad.verify import verified

ENTRY = Bank()["activations/derivative_symbolic"]
DERIVATIVE_ENTRY = Bank()["activations/derivative_value"]
SOFTMAX_ENTRY = Bank()["activations/softmax_jacobian"]
CHAIN_ENTRY = Bank()["activations/vanishing_chain"]
TABLE_ENTRY = Bank()["activations/value_table"]
CROSS_ENTROPY = "-y*ln(sigmoid(z)) - (1 - y)*ln(1 - sigmoid(z))"
TORCH = {
    "sigmoid": torch.sigmoid,
    "softplus": torch.nn.functional.softplus,
    "ln": torch.log,
    **{name: getattr(torch, name) for name in ("exp", "tanh", "sin", "cos", "sqrt")},
}


def asked(function: str, *symbols: tuple[str, algebra.Domain]) -> DerivativeSymbolic:
    """The question about a function of x, or of other symbols."""
    return DerivativeSymbolic(function, symbols or (("x", "real"),))


def slope(function: str) -> str:
    """The derivative with respect to x as text."""
    return algebra.to_text(derivative(algebra.parse(function, ("x", "y")), "x"))


def test_golden_cross_entropy_of_a_logit() -> None:
    item = verified(ENTRY, asked(CROSS_ENTROPY, ("z", "real"), ("y", "unit")), 3)
    key = item.answers["derivative"]
    assert key.value == "sigmoid(z) - y"
    assert key.judge("1/(1 + e^(-z)) - y").right
    assert not key.judge("y - sigmoid(z)").right


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("3*x^4", "12*x^3"),
        ("5/x^3", "-15/x^4"),
        ("2^x", "2^x*ln(2)"),
        ("e^x", "e^x"),
        ("sqrt(x^2 + 5)", "x/sqrt(x^2 + 5)"),
        ("(2*x - 3)^4", "8*(2*x - 3)^3"),
        ("x*ln(x)", "ln(x) + 1"),
        ("ln(x)/x^2", "(1 - 2*ln(x))/x^3"),
        ("x^2*exp(3*x)", "x*exp(3*x)*(3*x + 2)"),
        ("softplus(3*x)/3", "sigmoid(3*x)"),
        ("ln(sigmoid(3*x + 1))", "3*(1 - sigmoid(3*x + 1))"),
        ("tanh(2*x)^3", "6*tanh(2*x)^2*(1 - tanh(2*x)^2)"),
        ("ln(exp(x) + exp(y))", "exp(x)/(exp(x) + exp(y))"),
        ("exp(-x^2/2)", "-x*exp(-x^2/2)"),
        ("y^2", "0"),
    ],
)
def test_derivatives_come_out_simplified(function: str, expected: str) -> None:
    assert slope(function) == expected


@pytest.mark.parametrize("text", ["x - x", "0*x", "2*x + 3*x - 5*x", "(x - 1)*(x + 1) - x^2 + 1"])
def test_terms_that_cancel_leave_zero(text: str) -> None:
    assert tidy(algebra.parse(text, ("x",))) == algebra.Number(Fraction(0))


def test_a_function_without_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="no rule for arcsin"):
        slope("arcsin(x)")


@pytest.mark.parametrize("level", [1, 2, 3])
def test_autograd_agrees_with_the_closed_form(level: int) -> None:
    stream = Random(level)
    for question in (DerivativeSymbolic.draw(stream, level) for _ in range(40)):
        names = question.names
        point = {name: stream.uniform(0.2, 0.9) for name in names}
        tensors = {
            name: torch.tensor(at, dtype=torch.float64, requires_grad=True) for name, at in point.items()
        }
        value = eval(question.expression, {"__builtins__": {}}, TORCH | tensors)  # our own drawn text
        (gradient,) = torch.autograd.grad(value, tensors[question.variable])
        tree = algebra.parse(question.answer()["derivative"].value, names)
        assert algebra.evaluate(tree, point) == pytest.approx(float(gradient), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("function", "name", "wrong"),
    [
        ("sin(3*x)", "drops_inner_derivative", "cos(3*x)"),
        ("x^2*exp(x)", "product_of_derivatives", "2*x*exp(x)"),
        ("x/(x^2 + 1)", "quotient_sign_swapped", "(x^2 - 1)/(x^2 + 1)^2"),
        ("x/(x^2 + 1)", "quotient_with_plus", "(3*x^2 + 1)/(x^2 + 1)^2"),
        ("x/(x^2 + 1)", "quotient_of_derivatives", "1/(2*x)"),
        ("x/(x^2 + 1)", "denominator_not_squared", "(1 - x^2)/(x^2 + 1)"),
        ("2^x", "power_rule_on_exponential", "x*2^(x - 1)"),
        ("exp(x)", "power_rule_on_exponential", "x*exp(x - 1)"),
        ("2^x", "forgets_logarithm_of_base", "2^x"),
        ("x^3", "keeps_exponent", "3*x^3"),
        ("x^3", "forgets_exponent_as_factor", "x^2"),
        ("cos(x)", "sign_of_sine", "sin(x)"),
        ("sqrt(x)", "forgets_half_of_root", "1/sqrt(x)"),
        ("sigmoid(x)", "sigmoid_as_its_derivative", "sigmoid(x)"),
        ("tanh(x)", "tanh_like_sigmoid", "tanh(x)*(1 - tanh(x))"),
        ("softplus(x)", "softplus_without_inner_derivative", "1/(1 + exp(x))"),
        ("x^3", "loses_the_sign", "-3*x^2"),
    ],
)
def test_mistakes(function: str, name: str, wrong: str) -> None:
    question = asked(function, ("x", "positive"))
    mistakes = {mistake.name: mistake.values["derivative"] for mistake in question.mistakes()}
    key = question.answer()["derivative"]
    assert key.like(mistakes[name]).judge(wrong).right
    assert not key.judge(mistakes[name]).right


def test_a_rule_that_is_not_used_cannot_go_wrong() -> None:
    assert {mistake.name for mistake in asked("sin(x)").mistakes()} == {"sign_of_sine", "loses_the_sign"}


def test_the_gate_refuses_a_flipped_sign() -> None:
    question = asked("cos(2*x)")
    solved = ENTRY.solve(question)["derivative"]
    assert question.answer()["derivative"].agrees(solved)
    assert not question.answer()["derivative"].agrees(f"-({solved})")


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        ("2*x + 1", "the derivative is constant"),
        ("7", "the derivative is constant"),
        ("x^2 +", "cannot be read"),
        ("__import__('os')", "cannot be read"),
        ("x^2 + t", "cannot be read"),
        ("arcsin(x)", "there is no rule"),
        ("x^x", "there is no rule"),
        ("x^101", "a number above 100"),
        ("+".join(["x^2"] * 40), "more than 100 characters"),
        ("sin(" * 13 + "x" + ")" * 13, "nested too deeply"),
        ("1/(x - x)", "cannot be differentiated"),
    ],
)
def test_refusals_of_functions(function: str, reason: str) -> None:
    assert reason in (asked(function).flaw() or "")


def test_refusals_of_symbols() -> None:
    assert "different symbols" in (DerivativeSymbolic("x^2", ()).flaw() or "")
    assert "different symbols" in (asked("x^2", ("x", "real"), ("x", "real")).flaw() or "")
    assert "domain" in (asked("x^2", ("x", "complex")).flaw() or "")
    for name in ("{x}", "", "e", "x" * 5000):
        assert "small letter" in (asked("x^2", (name, "real")).flaw() or "")


TABLE = ValueTable(("ln 3", "0", "-ln 3"), (("sigmoid", 0.0), ("tanh", 0.0), ("silu", 0.0)))
SCALED = ValueTable(("-1", "0", "1"), (("softplus", 2.0), ("gelu", 0.0), ("prelu", 2.0)))
KINKED = ValueTable(("-2", "0", "3"), (("step", 0.0), ("sign", 0.0), ("relu", 0.0), ("leaky_relu", 0.2)))


def tabled(question: ValueTable) -> dict[str, float]:
    """The values of the table that passed the gate."""
    return {blank: key.value for blank, key in verified(TABLE_ENTRY, question, 1).answers.items()}


def test_golden_values_of_activation_functions() -> None:
    values = tabled(TABLE)
    assert (values["sigmoid1"], values["tanh1"]) == pytest.approx((0.75, 0.8))
    assert values["silu1"] == pytest.approx(0.824, abs=5e-4)
    scaled = tabled(SCALED)
    assert (scaled["softplus2"], scaled["gelu3"]) == pytest.approx((0.3466, 0.8413), abs=5e-5)
    assert scaled["prelu1"] == -2
    assert list(tabled(KINKED).values()) == pytest.approx([0, 1, 1, -1, 0, 1, 0, 0, 3, -0.4, 0, 3])


def test_mish_is_put_together_from_softplus_and_tanh() -> None:
    values = tabled(ValueTable(("ln 2", "-ln 2"), (("mish", 0.0),)))
    assert values["mish1"] == pytest.approx(0.8 * 0.693147, abs=1e-6)


@pytest.mark.parametrize(
    ("question", "name", "blank", "wrong"),
    [
        (KINKED, "step_is_zero_at_zero", "step2", 0),
        (KINKED, "step_as_sign", "step1", -1),
        (KINKED, "sign_as_step", "sign1", 0),
        (KINKED, "relu_abs", "relu1", 2),
        (KINKED, "leaky_wrong_slope", "leaky_relu1", -0.02),
        (KINKED, "leaky_as_relu", "leaky_relu1", 0),
        (KINKED, "leaky_loses_the_sign", "leaky_relu1", 0.4),
        (TABLE, "sigmoid_with_wrong_sign", "sigmoid1", 0.25),
        (TABLE, "tanh_as_sigmoid", "tanh1", 0.75),
        (TABLE, "tanh_of_half", "tanh1", 0.5),
        (TABLE, "silu_is_sigmoid", "silu1", 0.75),
        (SCALED, "prelu_as_max", "prelu1", -1),
        (SCALED, "prelu_slope_on_the_right", "prelu3", 2),
        (SCALED, "softplus_no_beta_division", "softplus2", 0.693147),
        (SCALED, "softplus_ignores_beta", "softplus2", 0.693147),
        (SCALED, "gelu_is_distribution", "gelu1", 0.158655),
        (SCALED, "gelu_without_reflection", "gelu1", -0.841345),
        (ValueTable(("ln 2", "-1"), (("mish", 0.0),)), "mish_without_factor", "mish1", 0.8),
        (ValueTable(("ln 2", "-1"), (("mish", 0.0),)), "mish_without_tanh", "mish1", 0.7615),
    ],
)
def test_mistakes_in_the_table(question: ValueTable, name: str, blank: str, wrong: float) -> None:
    mistakes = {mistake.name: mistake.values for mistake in question.mistakes()}
    assert mistakes[name][blank] == pytest.approx(wrong, abs=1e-4)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (replace(TABLE, points=("1",)), "two to six points"),
        (replace(TABLE, functions=(("tanh", 0.0),) * 2), "comes twice"),
        (replace(TABLE, points=("1", "ln x")), "a point is a number"),
        (replace(TABLE, points=("1", "1.0", "-1")), "points are different"),
        (replace(TABLE, points=("-1", "nan")), "points are different"),
        (replace(TABLE, points=("-1", "7")), "go from -6 to 6"),
        (replace(TABLE, functions=(("softmax", 0.0),)), "a function is one of"),
        (replace(TABLE, functions=(("prelu", 0.0),)), "slopes and scales"),
        (replace(TABLE, functions=(("prelu", 1 / 3),)), "four decimals"),
        (replace(TABLE, functions=(("tanh", 1.0),)), "have a parameter"),
        (replace(TABLE, points=("1", "2")), "the same sign"),
    ],
)
def test_refusals_of_the_table(question: ValueTable, reason: str) -> None:
    assert TABLE.flaw() is SCALED.flaw() is KINKED.flaw() is None
    assert reason in (question.flaw() or "")


KINKS = DerivativeValue(
    "kinked",
    (("relu", 0.0), ("leaky_relu", 0.1), ("prelu", 2.0), ("identity", 0.0)),
    ("3", "0", "-2", "4"),
    1,
    0,
)
SMOOTH = DerivativeValue("smooth", (("sigmoid", 0.0), ("tanh", 0.0)), ("ln 3", "ln 3"), 1, 0)
UNITS = DerivativeValue(
    "units", (("sigmoid", 0.0), ("silu", 0.0), ("softplus", 2.0)), ("1", "0.5", "0.4"), 2, -2
)


def test_golden_derivatives() -> None:
    keys = {blank: key.value for blank, key in verified(DERIVATIVE_ENTRY, SMOOTH, 2).answers.items()}
    assert keys == pytest.approx({"value1": 0.75, "slope1": 3 / 16, "value2": 0.8, "slope2": 9 / 25})
    at_log_three = DerivativeValue("units", (("silu", 0.0),), ("ln 3",), 1, 0)
    assert at_log_three.answer()["slope1"].value == pytest.approx(0.956, abs=5e-4)
    assert verified(DERIVATIVE_ENTRY, KINKS, 1).answers["slopes"].value == (1, 0.1, 2, 1)


def test_the_chain_rule_gives_the_weight_as_a_factor() -> None:
    question = replace(UNITS, bias=-1)
    keys = {
        blank: key.value
        for blank, key in verified(
            DERIVATIVE_ENTRY, replace(question, points=("1", "0.8", "0.4")), 3
        ).answers.items()
    }
    assert keys["z1"] == 1
    assert keys["derivative1"] == pytest.approx(2 * 0.196612, abs=1e-5)


@pytest.mark.parametrize(
    ("question", "name", "blank", "wrong"),
    [
        (SMOOTH, "sigma_prime_as_sigma", "slope1", 0.75),
        (SMOOTH, "evaluates_at_activation", "slope1", 0.2179),
        (SMOOTH, "tanh_like_sigmoid", "slope2", 0.16),
        (SMOOTH, "sigmoid_like_tanh", "slope1", 0.4375),
        (UNITS, "silu_prime_as_sigmoid", "slope2", 0.2689),
        (UNITS, "silu_prime_without_first_term", "slope2", -0.1966),
        (UNITS, "softplus_keeps_beta", "slope3", 0.1664),
        (UNITS, "softplus_ignores_beta", "slope3", 0.2315),
        (UNITS, "forgets_bias", "z1", 2),
        (UNITS, "evaluates_at_input", "z2", 0.5),
        (UNITS, "forgets_chain_factor", "derivative1", 0.25),
        (UNITS, "differentiates_for_the_weight", "derivative1", 0.25),
    ],
)
def test_mistakes_in_derivatives(question: DerivativeValue, name: str, blank: str, wrong: float) -> None:
    mistakes = {mistake.name: mistake.values for mistake in question.mistakes()}
    assert mistakes[name][blank] == pytest.approx(wrong, abs=1e-4)


@pytest.mark.parametrize(
    ("name", "slopes"),
    [
        ("relu_prime_returns_x", (3, 0.1, 2, 1)),
        ("identity_prime_returns_x", (1, 0.1, 2, 4)),
        ("leaky_prime_returns_value", (1, 0, -4, 1)),
        ("leaky_as_relu", (1, 0, 0, 1)),
        ("derivative_from_the_right", (1, 1, 2, 1)),
    ],
)
def test_mistakes_at_kinks(name: str, slopes: tuple[float, ...]) -> None:
    mistakes = {mistake.name: mistake.values for mistake in KINKS.mistakes()}
    assert mistakes[name]["slopes"] == pytest.approx(slopes)


def test_own_values_are_carried_to_derivatives() -> None:
    assert SMOOTH.consequences(value1=0.5)["slope1"] == 0.25
    assert SMOOTH.consequences(value2=0.5)["slope2"] == 0.75
    carried = UNITS.consequences(z1=math.log(3))
    assert (carried["slope1"], carried["derivative1"]) == pytest.approx((0.1875, 0.375))


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (replace(SMOOTH, given_as="words"), "given_as is one of"),
        (replace(SMOOTH, functions=(("relu", 0.0), ("tanh", 0.0))), "different functions of"),
        (replace(SMOOTH, functions=(("tanh", 0.0),) * 2), "different functions of"),
        (replace(SMOOTH, points=("1",)), "a point is wanted"),
        (replace(SMOOTH, weight=2), "only units"),
        (replace(SMOOTH, points=("1", "ln")), "a point is a number"),
        (replace(SMOOTH, points=("1", "nan")), "go from -6 to 6"),
        (replace(UNITS, points=("1", "5", "1")), "go from -6 to 6"),
        (replace(UNITS, weight=0, bias=1), "go from -6 to 6"),
        (replace(SMOOTH, points=("1", "0")), "not asked at 0"),
        (replace(SMOOTH, points=("1", "5")), "saturated"),
        (replace(KINKS, functions=(*KINKS.functions[:3], ("identity", 1.0))), "have a parameter"),
    ],
)
def test_refusals_of_derivatives(question: DerivativeValue, reason: str) -> None:
    assert SMOOTH.flaw() is KINKS.flaw() is None
    assert reason in (question.flaw() or "")


ROW = SoftmaxJacobian((3, 2, 1), "probabilities", 2, 0, 1, ())
WHOLE = SoftmaxJacobian((3, 2, 1), "logits", 0, 100, 1, ())
PASSED = SoftmaxJacobian((3, 2, 1), "gradient", 0, 0, 2, (1, -2, 4))


def test_golden_jacobian_of_the_softmax() -> None:
    key = verified(SOFTMAX_ENTRY, WHOLE, 2).answers["jacobian"]
    assert key.texts(POINT) == [
        ["0.2500", "-0.1667", "-0.0833"],
        ["-0.1667", "0.2222", "-0.0556"],
        ["-0.0833", "-0.0556", "0.1389"],
    ]
    assert verified(SOFTMAX_ENTRY, ROW, 1).answers["row"].value == pytest.approx((-1 / 6, 2 / 9, -1 / 18))


def test_a_gradient_passed_back_through_the_softmax() -> None:
    keys = {blank: key.value for blank, key in verified(SOFTMAX_ENTRY, PASSED, 3).answers.items()}
    assert keys["mean"] == pytest.approx(0.5)
    assert keys["gradient_z"] == pytest.approx((0.125, -2.5 / 6, 3.5 / 12))


@pytest.mark.parametrize(
    ("question", "name", "blank", "wrong"),
    [
        (ROW, "diagonal_only", "row", (0, 2 / 9, 0)),
        (ROW, "sign_off_diagonal", "row", (1 / 6, 2 / 9, 1 / 18)),
        (ROW, "diagonal_formula_everywhere", "row", (1 / 6, 2 / 9, 5 / 18)),
        (ROW, "forgets_the_numerator", "row", (-1 / 6, -1 / 9, -1 / 18)),
        (PASSED, "diagonal_only", "gradient_z", (1 / 8, -2 / 9, 5 / 18)),
        (PASSED, "scaled_by_temperature", "gradient_z", (0.5, -5 / 3, 7 / 6)),
        (PASSED, "ignores_inner_derivative", "gradient_z", (0.25, -5 / 6, 7 / 12)),
        (PASSED, "softmax_without_temperature", "probabilities", (9 / 14, 4 / 14, 1 / 14)),
        (PASSED, "no_exponential", "probabilities", (0.613147, 0.386853, 0)),
        (PASSED, "plain_mean", "mean", 1),
    ],
)
def test_mistakes_with_the_softmax(question: SoftmaxJacobian, name: str, blank: str, wrong: object) -> None:
    mistakes = {mistake.name: mistake.values for mistake in question.mistakes()}
    assert mistakes[name][blank] == pytest.approx(wrong, abs=1e-6)


def test_own_probabilities_are_carried_through_the_softmax() -> None:
    assert WHOLE.consequences(probabilities=(0.5, 0.5, 0.0))["jacobian"][0] == (0.25, -0.25, 0.0)
    assert PASSED.consequences(probabilities=(0.5, 0.5, 0.0))["mean"] == -0.5
    assert PASSED.consequences(mean=1.0)["gradient_z"] == pytest.approx((0, -0.5, 0.25))


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (replace(ROW, given_as="words"), "given_as is"),
        (replace(ROW, odds=(3,)), "two to five odds"),
        (replace(ROW, odds=(3, 0)), "two to five odds"),
        (replace(ROW, odds=(3, 2, 3)), "equally probable"),
        (replace(ROW, row=4), "a row is asked"),
        (replace(WHOLE, row=1), "a row is asked"),
        (replace(WHOLE, offset=-1), "the offset goes"),
        (replace(PASSED, temperature=11), "the temperature from"),
        (replace(WHOLE, temperature=2), "belong together"),
        (replace(PASSED, gradient=(1, 2)), "an entry for each class"),
        (replace(PASSED, gradient=(1, 1, 1)), "entries are equal"),
    ],
)
def test_refusals_of_the_softmax(question: SoftmaxJacobian, reason: str) -> None:
    assert ROW.flaw() is WHOLE.flaw() is PASSED.flaw() is None
    assert reason in (question.flaw() or "")


SIGMOID, TANH, RELU = ("sigmoid", 0.0), ("tanh", 0.0), ("relu", 0.0)
BOUND = VanishingChain("bound", (SIGMOID,) * 3, (-2.0,) * 3, (), 3)
LAYERS = VanishingChain("layers", (SIGMOID,) * 4, (2.0,) * 4, ("0",) * 4, 0)
RESIDUAL = VanishingChain("residual", (TANH, RELU), (-1.0, 2.0), ("ln 3", "1"), 0)


def chain(question: VanishingChain) -> dict[str, object]:
    """The keys of the layers that passed the gate."""
    return {blank: key.value for blank, key in verified(CHAIN_ENTRY, question, 1).answers.items()}


def test_golden_gradient_through_four_sigmoid_layers() -> None:
    assert chain(LAYERS) == {"slopes": (0.25,) * 4, "gradient": 0.0625}
    mistakes = {mistake.name: mistake.values for mistake in LAYERS.mistakes()}
    assert mistakes["forgets_weights"]["gradient"] == pytest.approx(0.0039, abs=1e-5)
    assert mistakes["sum_not_product"]["gradient"] == 2
    assert mistakes["uses_activation_not_derivative"]["gradient"] == 1


def test_the_bound_and_the_depth_at_which_it_vanishes() -> None:
    assert chain(BOUND) == {"slope": 0.25, "bound": 0.125, "depth": 10}
    mistakes = {mistake.name: mistake.values for mistake in BOUND.mistakes()}
    assert mistakes["bound_half"] == {"slope": 0.5, "bound": 1.0}
    assert mistakes["forgets_a_layer"] == {"bound": 0.25}
    assert mistakes["forgets_weights"] == {"bound": pytest.approx(0.015625)}
    assert mistakes["sum_not_product"] == {"bound": 1.5}
    assert mistakes["rounds_depth_down"] == {"depth": 9}


def test_residual_connections_add_one_to_each_factor() -> None:
    keys = chain(RESIDUAL)
    assert (keys["gradient"], keys["residual"]) == pytest.approx((-0.72, 1.92))
    mistakes = {mistake.name: mistake.values for mistake in RESIDUAL.mistakes()}
    assert mistakes["adds_one_to_the_product"] == {"residual": pytest.approx(0.28)}
    assert mistakes["weights_the_skip"] == {"residual": pytest.approx(-1.36 * 4)}
    assert mistakes["loses_signs"] == {"gradient": pytest.approx(0.72)}
    assert mistakes["tanh_like_sigmoid"]["slopes"] == pytest.approx((0.16, 1))


def test_own_derivatives_are_carried_through_the_layers() -> None:
    assert RESIDUAL.consequences(slopes=(0.5, 1.0))["residual"] == pytest.approx(1.5)
    assert BOUND.consequences(slope=0.1)["depth"] == 5
    with pytest.raises(ValueError, match="does not become smaller"):
        BOUND.consequences(slope=0.5)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (replace(BOUND, given_as="words"), "given_as is"),
        (replace(BOUND, weights=(2.0,)), "two to six layers"),
        (replace(BOUND, weights=(0.0,) * 3), "sizes from 0.1"),
        (replace(BOUND, weights=(1 / 3,) * 3), "four decimals"),
        (replace(BOUND, functions=(("softmax", 0.0),) * 3), "a function is one of"),
        (replace(BOUND, functions=(("silu", 0.0),) * 3), "sigmoid, tanh and relu"),
        (replace(BOUND, functions=(TANH,) * 3), "a bound is asked"),
        (replace(BOUND, power=0), "the power goes"),
        (replace(BOUND, weights=(4.0,) * 3), "the weight to 3.5"),
        (replace(BOUND, weights=(0.4,) * 3, power=2), "is the given one"),
        (replace(LAYERS, points=("0", "0", "0", "one")), "a pre-activation is"),
        (replace(LAYERS, points=("0",)), "each layer has"),
        (replace(LAYERS, power=2), "no power"),
        (replace(RESIDUAL, points=("ln 3", "-1")), "not active"),
        (replace(LAYERS, weights=(1.0,) * 4), "vanished altogether"),
        (replace(RESIDUAL, functions=(RELU, RELU)), "vanished altogether"),
    ],
)
def test_refusals_of_layers(question: VanishingChain, reason: str) -> None:
    assert BOUND.flaw() is LAYERS.flaw() is RESIDUAL.flaw() is None
    assert reason in (question.flaw() or "")
