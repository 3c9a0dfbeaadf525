"""Linear autoencoders by singular values, pseudo-inverse and least squares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch


def linear_reconstruction_error(
    form: str,
    values: Sequence[float],
    kept: int,
    percent: int,
    data: Sequence[Sequence[float]],
    centred: bool,
) -> dict[str, Any]:
    """Cut the singular value decomposition of a matrix, and compare with the matrix."""
    if form == "data":
        return reconstructed_points(data, centred)
    spectrum = torch.tensor(values, dtype=torch.float64)
    singular = spectrum.sqrt() if form == "eigenvalues" else spectrum
    x = matrix_with(singular)
    total = x.square().sum()
    errors = [(x - cut(x, size)).square().sum() for size in range(len(values) + 1)]
    found: dict[str, Any] = {"total": clean(total), "error": clean(errors[kept])}
    if percent:
        kept_shares = [100 * (1 - error / total) for error in errors]
        found["share"] = kept_shares[kept].item() / 100
        found["needed"] = [bool(share >= percent) for share in kept_shares].index(True)
    return found


def clean(value: torch.Tensor) -> Any:
    """The number without the rounding noise of a decomposition."""
    return value.round(decimals=9).tolist()


def matrix_with(singular: torch.Tensor) -> torch.Tensor:
    """A matrix with more rows than columns that has these singular values."""
    random = torch.Generator().manual_seed(0)
    size = len(singular)
    numbers = torch.randn(2, size + 2, size, generator=random, dtype=torch.float64)
    left, right = torch.linalg.qr(numbers[0])[0], torch.linalg.qr(numbers[1, :size])[0]
    return left @ singular.diag() @ right


def cut(x: torch.Tensor, size: int) -> torch.Tensor:
    """The best approximation of a matrix by one of a smaller rank."""
    left, singular, right = torch.linalg.svd(x, full_matrices=False)
    return left[:, :size] @ singular[:size].diag() @ right[:size]


def reconstructed_points(
    data: Sequence[Sequence[float]], centred: bool
) -> dict[str, Any]:
    """Code points of the plane by one number each."""
    x = torch.tensor(data, dtype=torch.float64)
    mean = x.mean(dim=0) if centred else torch.zeros(2, dtype=torch.float64)
    x = x - mean
    approximation = cut(x, 1)
    _, singular, right = torch.linalg.svd(x)
    error, length = (x - approximation).square().sum(), x.square().sum()
    return {
        "scatter": clean(x.T @ x),
        "eigenvalues": clean(singular.square()),
        "error": error,
        "share": 1 - error / length,
        "direction": right[0] * right[0, 0].sign(),
        "output": approximation[0] + mean,
    }


def projection_reconstruction(
    decoder: Sequence[Sequence[float]], point: Sequence[float], form: str
) -> dict[str, Any]:
    """Find the best code by least squares, and check it with the pseudo-inverse."""
    b = torch.tensor(decoder, dtype=torch.float64)
    x = torch.tensor(point, dtype=torch.float64)
    encoder = torch.linalg.pinv(b)
    code = torch.linalg.lstsq(b, x.unsqueeze(1)).solution.squeeze(1)
    torch.testing.assert_close(encoder @ x, code)
    output = b @ code
    found = {"code": clean(code), "reconstruction": clean(output)}
    if form == "single":
        return found | {"code": clean(code[0])}
    found["error"] = clean((x - output).square().sum())
    if form == "orthogonal":
        same = torch.allclose(encoder, b.T)
        return found | {"residual": clean(x - output), "same": "yes" if same else "no"}
    found["gram"] = clean(torch.linalg.inv(encoder @ encoder.T))
    found["tied_error"] = clean((x - b @ b.T @ x).square().sum())
    return found
