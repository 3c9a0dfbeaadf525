from __future__ import annotations

from itertools import permutations
from random import Random

import pytest
from quizgrad import Bank, Given
from quizgrad.generators.backprop.training_lines import is_known, number_of_orders
from quizgrad.preview import drawn
from quizgrad.solvers.backprop.training_steps import outcome, same

from .support import item, keys, mistakes, question

BANK = Bank()
GRAPH = {
    "inputs": (("x", 2), ("y", -1), ("z", 3)),
    "nodes": (
        ("a", "*", "x", "y"),
        ("b", "+", "a", "z"),
        ("c", "*", "b", "x"),
        ("d", "max", "y", "z"),
        ("f", "+", "c", "d"),
    ),
    "outputs": (("f", 1),),
}
NEURON = {
    "inputs": (2, -1),
    "weights": (1, 2),
    "bias": 0,
    "logarithm": 3,
    "target": 1,
    "activation": "sigmoid",
    "loss": "squared",
    "rate": 0.0,
}
NETWORK = {
    "inputs": ((2, 1),),
    "W1": ((1, 2), (-1, 1)),
    "b1": (0, 1),
    "W2": ((2, -3),),
    "b2": (0,),
    "targets": ((5,),),
    "loss": "half_squared",
    "logarithm": 1,
    "rate": 0.0,
}
BATCH = {
    "inputs": ((2, -1), (-2, 1)),
    "W1": ((1, -1), (-1, 1)),
    "b1": (-2, -1),
    "W2": ((1, 0), (0, 1)),
    "b2": (1, 0),
    "targets": ((1, 0), (1, 0)),
    "loss": "cross_entropy",
    "logarithm": 2,
    "rate": 0.0,
}
NUMBERS = {"start": 3.0, "rate": 0.5, "x_0": 1.0, "t_0": 1.0, "x_1": 1.0, "t_1": 0.0, "x_2": 1.0, "t_2": 0.0}
ACCUMULATION = {
    "numbers": tuple(NUMBERS.items()),
    "setup": (
        "w = torch.tensor(start, dtype=torch.float64, requires_grad=True)",
        "optimizer = torch.optim.SGD([w], lr=rate)",
        "((w * x_0 - t_0) ** 2).backward()",
    ),
    "lines": (
        "optimizer.zero_grad()",
        "prediction_1 = w * x_1",
        "loss_1 = (prediction_1 - t_1) ** 2",
        "loss_1.backward()",
        "prediction_2 = w * x_2",
        "loss_2 = (prediction_2 - t_2) ** 2",
        "loss_2.backward()",
        "optimizer.step()",
    ),
}

# Derivatives on a computation graph


def test_derivatives_of_the_golden_graph():
    shown = item("backprop/scalar_graph", **GRAPH)
    true = keys(shown)
    assert true["value_f"] == 5
    assert [true[f"derivative_{name}"] for name in "xyz"] == [-1, 4, 3]
    wrong = mistakes(shown)
    assert wrong["ignores_second_path"]["derivative_x"] == -2
    assert wrong["forward_value_as_gradient"]["derivative_b"] == 1
    assert wrong["multiplies_paths"]["derivative_x"] == -2 * 1


def test_wrong_local_derivatives_on_a_graph():
    wrong = mistakes(item("backprop/scalar_graph", **GRAPH))
    assert wrong["gate_always_open"] == {"derivative_y": 4 + 1}
    assert wrong["add_node_multiplies"]["derivative_d"] == 2
    assert wrong["keeps_own_factor"]["derivative_b"] == 1
    assert wrong["local_only"]["derivative_a"] == 1


def test_functions_on_a_graph():
    nodes = (("a", "sigmoid", "x"), ("b", "square", "a"), ("c", "relu", "y"), ("d", "exp", "c"))
    shown = item(
        "backprop/scalar_graph",
        inputs=(("x", 2), ("y", 1)),
        nodes=(*nodes, ("f", "*", "b", "d")),
        outputs=(("f", 1),),
    )
    wrong = mistakes(shown)
    assert wrong["square_without_factor"]["derivative_a"] == pytest.approx(keys(shown)["derivative_a"] / 2)
    assert wrong["sigmoid_of_argument"]["derivative_x"] == pytest.approx(keys(shown)["derivative_a"] * -2)


def test_two_outputs_pass_their_derivatives_on_together():
    nodes = (("a", "*", "x", "y"), ("b", "square", "a"), ("c", "+", "a", "x"))
    shown = item(
        "backprop/scalar_graph",
        inputs=(("x", 2), ("y", 3)),
        nodes=nodes,
        outputs=(("b", 1), ("c", -2)),
    )
    assert keys(shown)["derivative_a"] == 1 * 12 - 2
    assert keys(shown)["derivative_x"] == 10 * 3 - 2


def test_errors_are_carried_from_values_to_derivatives_and_on():
    graph = question("backprop/scalar_graph", **GRAPH)
    carried = graph.follow(Given({"value_b": 5}))
    assert carried["value_b"].value == 1
    assert carried["value_c"].value == 10
    assert carried["derivative_x"].value == 5 + 2 * -1
    carried = graph.follow(Given({"derivative_a": 7}))
    assert carried["derivative_a"].value == 2
    assert carried["derivative_y"].value == 14


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"nodes": (("a", "/", "x", "y"),)}, "'/' with 2 operands is none of"),
        ({"nodes": (("a", "+", "x", "q"),)}, "are not different nodes that come before"),
        ({"nodes": (("a", "+", "x", "x"),)}, "are not different nodes that come before"),
        ({"nodes": (("a",),)}, "a graph has 1 to 4 inputs"),
        ({"nodes": (*GRAPH["nodes"][:4], ("node", "+", "c", "d"))}, "different single letters"),
        ({"outputs": (("c", 1),)}, "exactly the nodes that no other node uses"),
        ({"inputs": (("x", 21), ("y", -1), ("z", 3))}, "larger than 20"),
        ({"inputs": (("x", 20), ("y", -1), ("z", 3))}, "larger than 100"),
        ({"inputs": (("x", 2), ("y", 3), ("z", 3))}, "undecided"),
        ({"nodes": (*GRAPH["nodes"][:4], ("h", "+", "c", "d"), ("f", "exp", "h"))}, "outside -4 to 4"),
        ({"nodes": (*GRAPH["nodes"][:4], ("g", "+", "c", "d"), ("f", "relu", "g"))}, None),
        ({"nodes": (*GRAPH["nodes"], ("g", "square", "f"), ("h", "relu", "g")), "outputs": (("h", 1),)}, "never neg"),
    ],
)  # fmt: skip
def test_unfair_graphs_are_refused(changes, reason):
    flaw = question("backprop/scalar_graph", **GRAPH | changes).flaw()
    assert flaw is None if reason is None else reason in flaw


# Gradient of a single neuron


def test_delta_rule_of_the_golden_neuron():
    shown = item("backprop/delta_rule", **NEURON)
    true, wrong = keys(shown), mistakes(shown)
    assert true["output"] == pytest.approx(0.75)
    assert true["delta"] == pytest.approx(-0.09375)
    assert true["gradient_w1"] == pytest.approx(-0.1875)
    assert wrong["forgets_2"]["delta"] == pytest.approx(-0.046875)
    assert wrong["forgets_activation"]["delta"] == pytest.approx(-0.5)
    assert wrong["sign"]["delta"] == pytest.approx(0.09375)
    assert wrong["input_left_out"]["gradient_w1"] == pytest.approx(-0.09375)


def test_the_slope_of_a_neuron_belongs_to_its_output():
    wrong = mistakes(item("backprop/delta_rule", **NEURON))["derivative_at_wrong_point"]
    net_input = 1.0986122886681098
    assert wrong["delta"] == pytest.approx(-0.5 * net_input * (1 - net_input))


def test_cross_entropy_cancels_the_slope_of_the_sigmoid():
    shown = item("backprop/delta_rule", **NEURON | {"loss": "cross_entropy", "rate": 0.5})
    assert keys(shown)["delta"] == pytest.approx(-0.25)
    assert keys(shown)["new_w1"] == pytest.approx(1 + 0.5 * 0.25 * 2)
    wrong = mistakes(shown)
    assert wrong["keeps_sigmoid_slope"]["delta"] == pytest.approx(-0.25 * 0.1875)
    assert wrong["climbs"]["new_w1"] == pytest.approx(0.75)
    assert wrong["forgets_rate"]["new_w1"] == pytest.approx(1.5)


def test_tanh_and_linear_neurons():
    tanh = item(
        "backprop/delta_rule", **NEURON | {"activation": "tanh", "loss": "half_squared", "target": -1}
    )
    assert keys(tanh)["delta"] == pytest.approx((0.8 + 1) * (1 - 0.64))
    assert mistakes(tanh)["sigmoid_slope_for_tanh"]["delta"] == pytest.approx(1.8 * 0.8 * 0.2)
    linear = NEURON | {"activation": "linear", "loss": "half_squared", "logarithm": 1, "bias": 2}
    shown = item("backprop/delta_rule", **linear)
    assert keys(shown) == {"output": 2, "delta": 1, "gradient_w1": 2, "gradient_w2": -1, "gradient_b": 1}
    assert mistakes(shown)["keeps_2"]["delta"] == 2


def test_errors_of_a_neuron_are_carried_in_closed_form_and_in_the_solver():
    neuron = question("backprop/delta_rule", **NEURON)
    carried = neuron.follow(Given({"output": 0.5}))
    assert carried["output"].value == pytest.approx(0.75)
    assert carried["delta"].value == pytest.approx(-0.25)
    carried = neuron.follow(Given({"delta": 2.0}))
    executed = BANK["backprop/delta_rule"].solve(neuron, {"delta": 2.0})
    assert carried["gradient_w2"].value == executed["gradient_w2"] == -2.0
    assert executed["delta"] == pytest.approx(-0.09375)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"weights": (1,)}, "as many weights"),
        ({"inputs": (0, 0)}, "all inputs are zero"),
        ({"bias": 31}, "larger than 30"),
        ({"logarithm": 0}, "logarithm of 0"),
        ({"loss": "cross_entropy", "target": 2}, "needs a sigmoid and a target"),
        ({"loss": "cross_entropy", "activation": "tanh"}, "needs a sigmoid and a target"),
        ({"bias": 5}, "saturated"),
        ({"activation": "linear", "logarithm": 1, "bias": 1}, "the output equals the target"),
        ({"rate": 1.5}, "outside 0 to 1"),
    ],
)
def test_unfair_neurons_are_refused(changes, reason):
    assert reason in question("backprop/delta_rule", **NEURON | changes).flaw()


# Backpropagation through a small network


def test_gradients_of_the_golden_network():
    """Its second unit has the pre-activation 0, for which no instance is drawn; PyTorch has the slope 0 there."""
    network = question("backprop/mlp_gradients", **NETWORK)
    assert "the input 0" in network.flaw()
    true = {blank: answer.value for blank, answer in network.answer().items()}
    assert true == {
        "hidden": (4, 0),
        "output": 8,
        "output_delta": 3,
        "W2_gradient": ((12, 0),),
        "hidden_delta": (6, 0),
        "W1_gradient": ((12, 6), (0, 0)),
    }
    assert BANK["backprop/mlp_gradients"].solve(network) == true
    wrong = {mistake.name: mistake.values for mistake in network.mistakes()}
    assert wrong["no_relu_mask"] == {"hidden_delta": (6, -9)}
    carried = network.follow(Given(wrong["no_relu_mask"]))
    assert carried["W1_gradient"].value == ((12, 6), (-18, -9))
    assert wrong["transposed_outer"]["W1_gradient"] == ((12, 0), (6, 0))
    assert wrong["half_factor"]["output_delta"] == 6


def test_a_step_of_a_network_uses_the_old_weights():
    shown = item("backprop/mlp_gradients", **NETWORK | {"b1": (0, -1), "rate": 0.5})
    assert keys(shown)["new_W1"] == ((-5, -1), (-1, 1))
    wrong = mistakes(shown)
    assert wrong["uses_updated_w2"]["new_W1"] == ((1 + 12, 2 + 6), (-1, 1))
    assert wrong["climbs"]["new_W1"] == ((7, 5), (-1, 1))


def test_a_batch_with_softmax_has_fractions_for_probabilities():
    shown = item("backprop/mlp_gradients", **BATCH)
    true = keys(shown)
    assert true["output"][0] == pytest.approx((4 / 5, 1 / 5))
    assert true["output"][1] == pytest.approx((1 / 3, 2 / 3))
    assert true["output_delta"][0] == pytest.approx((-1 / 10, 1 / 10))
    wrong = mistakes(shown)
    assert wrong["batch_sum_not_mean"]["output_delta"][1] == pytest.approx((-2 / 3, 2 / 3))
    assert wrong["target_minus_output"]["output_delta"][1] == pytest.approx((1 / 3, -1 / 3))
    assert wrong["no_softmax"]["output"][0] == pytest.approx((2 * 0.69314718, 0))


def test_errors_of_a_network_are_carried_backward():
    network = question("backprop/mlp_gradients", **NETWORK)
    carried = network.follow(Given({"output": 7}))
    assert carried["output_delta"].value == 2
    assert carried["W2_gradient"].value == ((8, 0),)
    carried = network.follow(Given({"hidden": (4, 1)}))
    assert carried["output"].value == 5
    carried = network.follow(Given({"hidden_delta": (1, 2)}))
    assert carried["W1_gradient"].value == ((2, 1), (4, 2))
    batch = question("backprop/mlp_gradients", **BATCH)
    carried = batch.follow(Given({"hidden_delta": ((1.0, 0.0), (0.0, 2.0))}))
    assert carried["b1_gradient"].value == (1.0, 2.0)


@pytest.mark.parametrize(
    ("base", "changes", "reason"),
    [
        (NETWORK, {"W2": ((2,),)}, "not all rows of W2"),
        (NETWORK, {"b2": (0, 0)}, "one bias per unit"),
        (NETWORK, {"inputs": ()}, "a layer has 1 to 4 units"),
        (NETWORK, {"W1": ((1, 2),) * 5}, "a layer has 1 to 4 units"),
        (NETWORK, {"b1": (0, 101)}, "larger than 100"),
        (NETWORK, {"rate": -0.1}, "the learning rate lies outside"),
        (NETWORK, {"b1": (0, 2), "targets": ((5,),), "b2": (0,)}, "a gradient is zero as a whole"),
        (NETWORK, {"b1": (0, -5), "W2": ((20, 1),)}, "larger than 60"),
        (BATCH, {"targets": ((1, 1), (1, 0))}, "not one-hot"),
        (BATCH, {"b2": (9, 0)}, "smaller than 1/20"),
    ],
)
def test_unfair_networks_are_refused(base, changes, reason):
    assert reason in question("backprop/mlp_gradients", **base | changes).flaw()


# Order of a training step


def test_gradients_accumulate_over_two_backward_calls():
    """L = w², w = 3, two calls without clearing in between."""
    shown = item("backprop/training_step_order", **ACCUMULATION)
    assert keys_of_numbers(shown) == {"gradient": 12, "weight": -3.0}
    wrong = mistakes(shown)
    assert wrong["no_accumulation"] == {"gradient": 6, "weight": 0.0}
    assert wrong["keeps_old_gradient"]["gradient"] == 12 + 2 * (3 - 1)
    assert wrong["step_clears"] == {"gradient": 0}
    assert wrong["climbs"] == {"weight": 9.0}
    carried = shown.question.follow(Given({"gradient": 6}))
    assert carried["weight"].value == 0.0


def test_a_detached_target_is_a_constant():
    lines = list(ACCUMULATION["lines"])
    lines.insert(5, "t_2 = prediction_1.detach()")
    numbers = NUMBERS | {"x_2": 3.0}
    del numbers["t_2"]
    changes = {"lines": tuple(lines), "numbers": tuple(numbers.items())}
    shown = item("backprop/training_step_order", **ACCUMULATION | changes)
    assert keys_of_numbers(shown)["gradient"] == 6 + 2 * (9 - 3) * 3
    assert mistakes(shown)["differentiates_target"]["gradient"] == 6 + 2 * (9 - 3) * (3 - 1)


def keys_of_numbers(shown):
    return {blank: shown.answers[blank].value for blank in ("gradient", "weight")}


def test_every_right_order_of_a_step_gets_full_marks_and_no_other():
    shown = drawn(BANK["backprop/training_step_order"], 1, "7")
    assert len(shown.question.lines) == 5
    assert right_orders_by_running(shown.question) == right_orders_by_grading(shown)


@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_every_right_order_of_a_backward_pass_gets_full_marks_and_no_other(seed):
    shown = drawn(BANK["backprop/training_step_order"], 2, seed)
    running = right_orders_by_running(shown.question)
    assert running == right_orders_by_grading(shown)
    assert len(running) == shown.question.orders()


def right_orders_by_running(question):
    """All orders that leave the same numbers behind as the author's, among all there are."""
    numbers = {name: Random(name).uniform(1, 2) for name, _ in question.numbers}

    def left_behind(order):
        return outcome(numbers, [*question.setup, *(question.lines[place] for place in order)])

    right = left_behind(range(len(question.lines)))
    orders = permutations(range(len(question.lines)))
    return {order for order in orders if same(left_behind(order), right)}


def right_orders_by_grading(shown):
    answer = shown.answers["order"]
    places = [answer.origins.index(line) for line in range(len(answer.items))]
    orders = permutations(range(len(answer.items)))
    return {order for order in orders if answer.compare([places[line] for line in order]).right}


def test_orders_that_are_often_given_are_wrong():
    step = drawn(BANK["backprop/training_step_order"], 1, "7")
    assert {mistake.name: mistake.values["order"] for mistake in step.mistakes} == {
        "step_before_backward": (0, 1, 2, 4, 3),
        "zero_grad_after_backward": (1, 2, 3, 0, 4),
        "zero_grad_last": (1, 2, 3, 4, 0),
    }
    backward = drawn(BANK["backprop/training_step_order"], 2, "7")
    assert {mistake.name for mistake in backward.mistakes} == {
        "forward_order_for_backprop",
        "hands_on_too_early",
    }


def test_orders_are_counted():
    assert number_of_orders(3, []) == 6
    assert number_of_orders(3, [(0, 1), (1, 2)]) == 1
    assert number_of_orders(4, [(0, 1), (2, 3)]) == 6


@pytest.mark.parametrize(
    "line",
    [
        "import os",
        "x = __import__('os')",
        "loss = criterion(exit(), y)",
        "x = y ** 99999999",
        "optimizer.step(); exit()",
        "optimizer.step()\nexit()",
        "model = nn.Linear(9999999999, 1)",
        "os.backward()\n",
    ],
)
def test_only_known_lines_are_run(line):
    assert not is_known(line)
    wrong = question("backprop/training_step_order", **ACCUMULATION | {"lines": (line, line)})
    assert "is not one of those that this question knows" in wrong.flaw()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"lines": ("optimizer.step()",)}, "not 2 to 10 lines"),
        ({"numbers": tuple(NUMBERS.items())[:6]}, "is missing"),
        ({"numbers": tuple((NUMBERS | {"t_2": 0.5}).items())}, "not whole"),
        ({"numbers": tuple((NUMBERS | {"t_2": 3.0}).items())}, "a gradient is zero"),
        ({"numbers": tuple((NUMBERS | {"t_2": 21.0}).items())}, "larger than 20"),
        ({"numbers": tuple((NUMBERS | {"x_2": 20.0}).items())}, "larger than 200"),
    ],
)
def test_unfair_steps_are_refused(changes, reason):
    assert reason in question("backprop/training_step_order", **ACCUMULATION | changes).flaw()
