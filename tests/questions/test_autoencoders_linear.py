"""Linear autoencoders: golden errors and projections, carried errors, refusals."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import nn

from .support import item, keys, mistakes, question

ERROR = "autoencoders/linear_reconstruction_error"
GOLDEN: dict[str, Any] = {
    "form": "data", "values": (), "kept": 1, "percent": 0, "data": ((2, 0), (0, 1), (2, 0), (0, 1)), "centred": False,
}  # fmt: skip
TURNED = GOLDEN | {"data": ((1, 1), (-5, -7), (3, -3), (-7, -3)), "centred": True}
SINGULAR = GOLDEN | {"form": "singular values", "values": (4, 2, 1), "data": ()}
EIGENVALUES = SINGULAR | {"form": "eigenvalues", "values": (12, 4, 3, 1), "kept": 2, "percent": 90}


def about(values: Any) -> Any:
    return pytest.approx(values, abs=5e-5)


def trained_error(rows: tuple[tuple[int, ...], ...]) -> float:
    """What a linear autoencoder with one hidden unit reaches by training."""
    torch.manual_seed(0)
    x = torch.tensor(rows, dtype=torch.float64)
    network = nn.Sequential(nn.Linear(2, 1, bias=False), nn.Linear(1, 2, bias=False)).double()
    optimizer = torch.optim.LBFGS(network.parameters(), max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        error = (network(x) - x).square().sum()
        error.backward()
        return error

    optimizer.step(loss)
    return float(loss().detach())


def test_roots_that_are_not_whole_keep_their_digits() -> None:
    found = keys(item(ERROR, **GOLDEN | {"data": ((7, -1), (0, 0), (2, 4))}))
    assert sum(found["eigenvalues"]) == pytest.approx(70, abs=1e-12)
    assert math.prod(found["eigenvalues"]) == pytest.approx(900, abs=1e-9)


def test_the_golden_error_is_what_training_reaches() -> None:
    # Its first row loses nothing, so that it is no fair question as it stands.
    found = question(ERROR, **GOLDEN)
    wanted = found.consequences()
    assert wanted["error"] == 2
    assert wanted["share"] == 0.8
    assert wanted["direction"] == (1, 0)
    assert trained_error(GOLDEN["data"]) == pytest.approx(2, abs=1e-6)
    wrong = {mistake.name: mistake.values for mistake in found.mistakes()}
    assert wrong["sum_of_singular_values"]["error"] == about(1.4142)
    assert wrong["keeps_smallest"]["error"] == 8
    assert wrong["divides_by_the_number_of_points"]["error"] == 0.5


def test_points_around_their_mean() -> None:
    found = item(ERROR, **TURNED)
    assert keys(found) == {
        "scatter": ((68, 24), (24, 32)), "eigenvalues": (80, 20), "error": 20, "share": 0.8,
        "direction": about((0.8944, 0.4472)), "output": about((2, -1)),
    }  # fmt: skip
    wrong = mistakes(found)
    assert wrong["not_centred"]["scatter"] == ((84, 48), (48, 68))
    assert wrong["forgets_to_add_the_mean"]["output"] == about((4, 2))
    assert wrong["takes_the_other_direction"]["direction"] == about((0.4472, -0.8944))
    assert wrong["explained_unsquared"]["share"] == about(2 / 3)


def test_centred_and_uncentred_directions_differ() -> None:
    """Without centring a linear autoencoder is not principal component analysis."""
    centred = keys(item(ERROR, **TURNED))["direction"]
    raw = keys(item(ERROR, **TURNED | {"centred": False}))["direction"]
    assert sum(a * b for a, b in zip(centred, raw, strict=True)) < 0.99


def test_singular_values() -> None:
    found = item(ERROR, **SINGULAR)
    assert keys(found) == {"total": 21, "error": 5}
    assert mistakes(found)["sum_of_singular_values"]["error"] == 3
    assert mistakes(found)["keeps_smallest"]["error"] == 16


def test_the_size_of_the_code_that_keeps_a_share() -> None:
    found = item(ERROR, **EIGENVALUES)
    assert keys(found) == {"total": 20, "error": 4, "share": 0.8, "needed": 3}
    wrong = mistakes(found)
    assert wrong["squares_the_eigenvalues"] == {"total": 170, "error": 10, "share": about(16 / 17)}
    assert wrong["takes_the_lost_share"] == {"share": about(0.2)}
    assert wrong["explained_unsquared"]["needed"] == 4


def test_errors_of_the_spectrum_are_carried_forward() -> None:
    assert question(ERROR, **EIGENVALUES).consequences(error=5)["share"] == 0.75
    carried = question(ERROR, **TURNED).consequences(eigenvalues=(90, 10))
    assert (carried["error"], carried["share"]) == (10, 0.9)
    assert question(ERROR, **TURNED).consequences(direction=(1, 0))["output"] == (1, -3)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (SINGULAR | {"form": "other"}, "form is one of"),
        (SINGULAR | {"data": ((1, 2),)}, "either values or data"),
        (SINGULAR | {"values": (4,)}, "two to six"),
        (SINGULAR | {"values": (4, 2, 0)}, "positive values"),
        (SINGULAR | {"values": (2, 4, 1)}, "the values fall"),
        (SINGULAR | {"kept": 3}, "smaller than the data"),
        (SINGULAR | {"percent": 100}, "below 100"),
        (EIGENVALUES | {"percent": 80}, "just the share"),
        (GOLDEN | {"data": ((1, 2), (2, 4))}, "three to"),
        (GOLDEN | {"data": ((1, 2, 3),) * 3}, "points of the plane"),
        (GOLDEN | {"data": ((1, 2), (2, 4), (10**9, 1))}, "coordinate is larger"),
        (GOLDEN | {"kept": 2}, "one number"),
        (GOLDEN | {"data": ((1, 2), (2, 4), (3, 6))}, "lie on a line"),
        (GOLDEN | {"data": ((1, 0), (0, 1), (1, 0), (0, 1))}, "no direction"),
        (GOLDEN | {"data": ((0, 2), (1, 0), (0, 2), (1, 0))}, "first entry"),
        (GOLDEN | {"data": ((0, 1), (1, 0), (1, 1), (1, 2)), "centred": True}, "not whole"),
        (GOLDEN, "loses nothing"),
    ],
)
def test_unfair_spectra_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(ERROR, **parameters).flaw()


PROJECTION = "autoencoders/projection_reconstruction"
SINGLE: dict[str, Any] = {"decoder": ((1,), (2,), (2,)), "point": (9, 0, 0)}
ORTHOGONAL: dict[str, Any] = {"decoder": ((1, 1), (2, 0), (-1, 1)), "point": (4, 8, 2)}
GENERAL: dict[str, Any] = {"decoder": ((0, 1), (-1, 1), (1, 0)), "point": (3, 1, -4)}
ORTHONORMAL: dict[str, Any] = {"decoder": ((0.6, 0), (0.8, 0), (0, 1)), "point": (-1, 7, 2)}


def test_the_golden_projection() -> None:
    found = item(PROJECTION, **SINGLE)
    assert keys(found) == {"code": 1, "reconstruction": (1, 2, 2)}
    wrong = mistakes(found)
    assert wrong["uses_outer_product"] == {"reconstruction": (9, 18, 18)}
    assert wrong["encoder_is_transposed"] == {"code": 9, "reconstruction": (9, 18, 18)}
    assert wrong["residual_as_output"] == {"reconstruction": (8, -2, -2)}
    assert wrong["divides_by_the_length"] == {"code": 3, "reconstruction": (3, 6, 6)}


def test_orthogonal_columns() -> None:
    found = item(PROJECTION, **ORTHOGONAL)
    assert keys(found) == {
        "code": (3, 3), "reconstruction": (6, 6, 0), "residual": (-2, 2, 2), "error": 12, "same": "no",
    }  # fmt: skip


def test_orthonormal_columns_make_tied_weights_the_best_encoder() -> None:
    found = keys(item(PROJECTION, **ORTHONORMAL))
    assert found == {
        "code": (5, 2),
        "reconstruction": (3, 4, 2),
        "residual": (-4, 3, 0),
        "error": 25,
        "same": "yes",
    }


def test_columns_at_an_angle() -> None:
    found = item(PROJECTION, **GENERAL)
    assert keys(found) == {
        "gram": ((2, -1), (-1, 2)), "code": (-2, 1), "reconstruction": (1, 3, -2), "error": 12, "tied_error": 66,
    }  # fmt: skip
    wrong = mistakes(found)
    assert wrong["encoder_is_transposed"]["reconstruction"] == (4, 9, -5)
    assert wrong["ignores_the_angle"]["gram"] == ((2, 0), (0, 2))


def test_the_encoder_is_the_pseudo_inverse_and_not_the_transposed_decoder() -> None:
    decoder = torch.tensor(GENERAL["decoder"], dtype=torch.float64)
    encoder = torch.linalg.inv(decoder.T @ decoder) @ decoder.T
    torch.testing.assert_close(encoder, torch.linalg.pinv(decoder))
    code = encoder @ torch.tensor(GENERAL["point"], dtype=torch.float64)
    assert code.tolist() == pytest.approx(keys(item(PROJECTION, **GENERAL))["code"])


def test_errors_of_a_projection_are_carried_forward() -> None:
    assert question(PROJECTION, **SINGLE).consequences(code=2)["reconstruction"] == (2, 4, 4)
    carried = question(PROJECTION, **ORTHOGONAL).consequences(reconstruction=(4, 8, 0))
    assert (carried["residual"], carried["error"]) == ((0, 0, 2), 4)
    assert question(PROJECTION, **GENERAL).consequences(gram=((2, 0), (0, 2)))["code"] == (-2.5, 2)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (SINGLE | {"point": (9, 0)}, "a row of the decoder"),
        (SINGLE | {"decoder": ((1,), (2, 3), (2,))}, "one or two columns"),
        (SINGLE | {"decoder": ((), (), ())}, "one or two columns"),
        ({"decoder": ((1, 2), (3, 4)), "point": (1, 2)}, "fewer than rows"),
        (SINGLE | {"decoder": ((1,), (20,), (2,))}, "larger than 10"),
        (SINGLE | {"decoder": ((1,), (1 / 3,), (2,))}, "two decimals"),
        (SINGLE | {"decoder": ((1,), (float("nan"),), (2,))}, "larger than 10"),
        (SINGLE | {"point": (1e9, 0, 0)}, "an entry of x"),
        (GENERAL | {"decoder": ((1, 2), (1, 2), (1, 2))}, "dependent"),
        (SINGLE | {"decoder": ((1,), (0,), (0,))}, "only copies"),
        (GENERAL | {"decoder": ((0.5, 1), (-1, 1), (1, 0))}, "are whole unless"),
        (SINGLE | {"point": (8, 0, 0)}, "not whole"),
        (SINGLE | {"point": (2, -1, 0)}, "code is zero"),
        (SINGLE | {"point": (2, 4, 4)}, "nothing is lost"),
    ],
)
def test_unfair_projections_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(PROJECTION, **parameters).flaw()
