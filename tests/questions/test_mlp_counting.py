from __future__ import annotations

import pytest
from quizgrad.question import Given
from quizgrad.rendering.prompt import prompt

from .support import item, keys, mistakes, question

SMALL = {
    "inputs": ((200, 200),),
    "branches": (500,),
    "layers": (200,),
    "biases": (True, True),
    "normalized": False,
    "frozen": False,
}
BRANCHED = {
    "inputs": ((3, 4, 4), (10,)),
    "branches": (20, 5),
    "layers": (8, 2),
    "biases": (True, False, True, True),
    "normalized": True,
    "frozen": True,
}

# Parameters of a network


def test_parameters_of_the_notes():
    """G05, with the mistakes of its entry."""
    shown = item("mlp/parameter_count", **SMALL)
    assert keys(shown) == {"weights": 20_100_000, "biases": 700, "total": 20_100_700}
    totals = {name: values["total"] for name, values in mistakes(shown).items()}
    assert totals["forgets_biases"] == 20_100_000
    assert totals["has_one_bias"] == 20_100_002
    assert totals["takes_one_row"] == 200_700
    assert totals["gives_inputs_biases"] == 20_140_700
    assert totals["adds_sizes"] == 40_000 + 500 + 500 + 200 + 700


def test_parallel_layers_of_the_notes():
    """G06."""
    parallel = {"inputs": ((16,), (32,)), "branches": (100, 100), "layers": ()}
    assert keys(item("mlp/parameter_count", **SMALL | parallel))["total"] == 5000


def test_parameters_of_frozen_branches_with_normalization():
    shown = item("mlp/parameter_count", **BRANCHED)
    weights, biases = 48 * 20 + 10 * 5 + 25 * 8 + 8 * 2, 20 + 8 + 2
    assert keys(shown) == {
        "weights": weights,
        "biases": biases,
        "normalization": 50,
        "total": weights + biases + 50,
        "trainable": 200 + 16 + 10 + 50,
    }
    wrong = mistakes(shown)
    assert wrong["trains_frozen_layers"] == {"trainable": weights + biases + 50}
    assert wrong["trains_frozen_biases"] == {"trainable": 276 + 20}
    assert wrong["normalization_has_no_shift"]["normalization"] == 25
    assert wrong["counts_running_statistics"] == {
        "normalization": 100,
        "total": weights + biases + 100,
        "trainable": 326,
    }
    assert wrong["counts_missing_biases"]["biases"] == 35
    assert wrong["joins_without_adding"]["weights"] == weights - 5 * 8
    assert wrong["takes_one_channel"]["weights"] == weights - 32 * 20
    assert wrong["takes_one_row"]["weights"] == weights - 44 * 20


def test_wording_of_a_network_shows_all_that_matters():
    words = prompt(item("mlp/parameter_count", **BRANCHED)).markdown
    assert "| Branch 1 (frozen) | an image of $4 \\times 4$ pixels with 3 channels | 20 | yes |" in words
    assert "| Branch 2 (frozen) | 10 features | 5 | no |" in words
    assert "| `nn.BatchNorm1d` | the outputs of the branches | – | – |" in words
    assert "| Output layer | the outputs above | 2 | yes |" in words
    plain = SMALL | {"inputs": ((12,),), "branches": (8,), "layers": (3,)}
    words = prompt(item("mlp/parameter_count", **plain)).markdown
    assert "has 12 inputs, one hidden layer of 8 units and 3 outputs" in words
    words = prompt(item("mlp/parameter_count", **SMALL | {"biases": (False, True)})).markdown
    assert "| Hidden layer 1 | an image of $200 \\times 200$ pixels | 500 | no |" in words


def test_own_counts_are_carried_to_the_totals():
    followed = question("mlp/parameter_count", **BRANCHED).follow(Given({"weights": 1000, "biases": 0}))
    assert followed["total"].value == 1050
    assert followed["trainable"].value == 1050 - 1030
    assert followed["weights"].value == 1226


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"inputs": ()}, "each need a layer"),
        ({"branches": (5, 5)}, "each need a layer"),
        ({"biases": (True,)}, "whether it has biases"),
        ({"inputs": ((1, 2, 3, 4),)}, "one to three axes"),
        ({"inputs": ((),)}, "one to three axes"),
        ({"layers": (0,)}, "between 1 and 100000"),
        ({"inputs": ((400, 400),)}, "between 1 and 100000"),
        ({"layers": (5,) * 7}, "at most six"),
        ({"layers": (), "biases": (True,), "frozen": True}, "nothing is left"),
    ],
)
def test_unfair_networks_are_refused(changed, reason):
    assert reason in question("mlp/parameter_count", **SMALL | changed).flaw()


# Shared layers

SHARED = {
    "inputs": 20,
    "hidden": 10,
    "outputs": 1,
    "body": (0, 0),
    "rounds": 1,
    "biased": True,
    "tied": False,
}
TIED = SHARED | {"inputs": 50, "outputs": 50, "body": (0, 1, 0), "rounds": 3, "biased": False, "tied": True}


def test_shared_layer_of_the_notes():
    """G03 and G04: the notes count 441 parameters; there are 331, in 3 layers that are applied 4 times."""
    shown = item("mlp/shared_layer_count", **SHARED)
    assert keys(shown) == {"parameters": 331, "applications": 4, "multiplications": 200 + 100 + 100 + 10}
    wrong = mistakes(shown)
    assert wrong["counts_shared_layer_twice"] == {"parameters": 441}
    assert wrong["drops_shared_biases"] == {"parameters": 321}
    assert wrong["counts_layers_for_applications"] == {"applications": 3}
    assert wrong["multiplies_once"] == {"multiplications": 310}
    assert wrong["multiplies_biases"] == {"multiplications": 410 + 31}


def test_shared_layers_in_a_loop_with_tied_weights():
    shown = item("mlp/shared_layer_count", **TIED)
    assert keys(shown) == {
        "parameters": 500 + 2 * 100 + 50,
        "applications": 10,
        "multiplications": 9 * 100 + 500,
    }
    assert shown.question.listing in prompt(shown).markdown
    wrong = mistakes(shown)
    assert wrong["counts_each_use"] == {"parameters": 750 + 700}
    assert wrong["counts_tied_weight_twice"] == {"parameters": 1250}
    assert wrong["ties_biases"] == {"parameters": 700}
    assert wrong["counts_missing_biases"] == {"parameters": 770}
    assert wrong["goes_round_once"] == {"applications": 4, "multiplications": 800}
    assert wrong["multiplies_in_embedding"] == {"applications": 11, "multiplications": 1900}


def test_figure_has_every_application_unless_there_are_too_many():
    shown = question("mlp/shared_layer_count", **TIED)
    labels = [layer["label"] for layer in shown.stack]
    assert labels[:5] == ["first", "middle1", "middle2", "middle1", "middle1"]
    assert len(shown.stack) == 11
    assert question("mlp/shared_layer_count", **TIED | {"rounds": 30}).stack == []


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"outputs": 0}, "between 1 and 1000"),
        ({"hidden": 5000}, "between 1 and 1000"),
        ({"body": (0, 2)}, "without a gap"),
        ({"body": ()}, "without a gap"),
        ({"body": (-1, 0)}, "without a gap"),
        ({"body": (0, 10**30)}, "without a gap"),
        ({"body": (0,) * 1000}, "without a gap"),
        ({"body": (0,)}, "more than once"),
        ({"rounds": 0}, "more than once"),
        ({"rounds": 1000}, "at most 50"),
        ({"tied": True}, "as many outputs as inputs"),
    ],
)
def test_networks_that_share_nothing_are_refused(changed, reason):
    assert reason in question("mlp/shared_layer_count", **SHARED | changed).flaw()


# Operations and memory

COST = {"widths": (20, 10, 5), "batch": 4, "biased": False, "precision": "float32", "rank": 0}
LOW_RANK = COST | {"widths": (100, 400), "precision": "float16", "rank": 8}


def test_golden_operations_and_bytes():
    found = item("mlp/flops_memory", **COST)
    assert keys(found) == {"macs": 1000, "flops": 2000, "parameters": 250, "bytes": 1000, "activations": 60}
    wrong = mistakes(found)
    assert wrong["macs_for_flops"] == {"flops": 1000}
    assert wrong["forgets_batch"] == {"macs": 250, "flops": 500, "activations": 15}
    assert wrong["flops_for_macs"] == {"macs": 2000}
    assert wrong["multiplies_biases"] == {"macs": 1060, "flops": 2120}
    assert wrong["adds_widths"]["macs"] == 180
    assert wrong["bits_for_bytes"] == {"bytes": 8000}
    assert wrong["other_precision"] == {"bytes": 500}
    assert wrong["counts_missing_biases"] == {"parameters": 265, "bytes": 1060}
    assert wrong["counts_inputs"] == {"activations": 140}
    assert wrong["counts_last_layer"] == {"activations": 20}


def test_biases_are_stored_but_not_multiplied():
    found = item("mlp/flops_memory", **COST | {"biased": True})
    assert keys(found)["macs"] == 1000
    assert keys(found)["bytes"] == 1060
    assert mistakes(found)["forgets_biases"] == {"parameters": 250, "bytes": 1000}
    assert mistakes(found)["stores_parameters_for_each_sample"] == {"parameters": 1060, "bytes": 4240}


def test_one_layer_without_memory():
    assert keys(item("mlp/flops_memory", **COST | {"widths": (20, 10), "precision": ""})) == {
        "macs": 800,
        "flops": 1600,
    }


def test_factorization_into_two_layers():
    found = item("mlp/flops_memory", **LOW_RANK)
    assert keys(found) == {
        "weights": 40_000,
        "flops": 320_000,
        "bytes": 80_000,
        "low_weights": 4000,
        "low_flops": 32_000,
        "low_bytes": 8000,
        "rank": 79,
    }
    wrong = mistakes(found)
    assert wrong["rounds_rank_up"] == {"rank": 80}
    assert wrong["takes_full_rank"] == {"rank": 100}
    assert wrong["forgets_second_factor"] == {"low_weights": 800, "low_flops": 6400, "low_bytes": 1600}
    assert wrong["multiplies_factors"]["low_weights"] == 320_000
    assert wrong["macs_for_flops"] == {"flops": 160_000, "low_flops": 16_000}


def test_own_counts_are_carried_to_operations_and_bytes():
    assert question("mlp/flops_memory", **COST).consequences(macs=500)["flops"] == 1000
    assert question("mlp/flops_memory", **COST).consequences(parameters=300)["bytes"] == 1200
    carried = question("mlp/flops_memory", **LOW_RANK).consequences(low_weights=1000)
    assert (carried["low_flops"], carried["low_bytes"], carried["flops"]) == (8000, 2000, 320_000)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"widths": (20,)}, "two to six widths"),
        ({"widths": (20, 1)}, "from 2 to"),
        ({"batch": 0}, "batches go from 1"),
        ({"precision": "int7"}, "precision is one of"),
        ({"rank": 3}, "takes one layer"),
        (LOW_RANK | {"precision": ""}, "takes one layer"),
        (LOW_RANK | {"rank": 80}, "does not save"),
        (LOW_RANK | {"rank": -1}, "does not save"),
    ],
)
def test_costs_that_make_no_question_are_refused(changed, reason):
    assert reason in question("mlp/flops_memory", **COST | changed).flaw()


@pytest.mark.parametrize(("width", "parameters"), [(10, 110), (20, 420), (40, 1640)])
def test_parameters_grow_with_the_square_of_the_width(width, parameters):
    """E08: not exponentially, as the notes say."""
    square = {"inputs": ((width,),), "branches": (width,), "layers": (), "biases": (True,)}
    assert keys(item("mlp/parameter_count", **SMALL | square))["total"] == parameters
