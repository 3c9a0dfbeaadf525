"""Activation functions: values by PyTorch, derivatives by SymPy and autograd."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import sympy
import torch
from torch import Tensor
from torch.nn import functional


def derivative_symbolic(expression: str, names: Sequence[str]) -> dict[str, str]:
    """Differentiate by the first symbol."""
    return {"derivative": differentiated(expression, tuple(names))}


@lru_cache(maxsize=10_000)
def differentiated(expression: str, names: tuple[str, ...]) -> str:
    """The derivative as text; the same functions come again and again."""
    known = {
        "e": sympy.E,
        "sigmoid": lambda u: 1 / (1 + sympy.exp(-u)),
        "softplus": lambda u: sympy.log(1 + sympy.exp(u)),
    }
    symbols = {name: sympy.Symbol(name, real=True) for name in names}
    function = sympy.sympify(expression, known | symbols)
    return str(sympy.diff(function, symbols[names[0]]))


def value_table(
    xs: Sequence[float], functions: Sequence[tuple[str, float]]
) -> dict[str, Tensor]:
    """Apply PyTorch's functions to all points at once."""
    points = torch.tensor(xs, dtype=torch.float64)
    return {
        f"{name}{place}": value
        for name, parameter in functions
        for place, value in enumerate(applied(name, parameter, points), 1)
    }


def derivative_value(
    given_as: str,
    functions: Sequence[tuple[str, float]],
    xs: Sequence[float],
    weight: int,
    bias: int,
) -> dict[str, float | list[float]]:
    """Let autograd differentiate each function."""
    results: dict[str, float] = {}
    for place, ((name, parameter), start) in enumerate(
        zip(functions, xs, strict=True), 1
    ):
        x = torch.tensor([start], dtype=torch.float64, requires_grad=True)
        z = weight * x + bias
        value = applied(name, parameter, z)
        slope, total = torch.autograd.grad(value, (z, x))
        found = {"z": z, "value": value, "slope": slope, "derivative": total}
        results |= {f"{blank}{place}": number.item() for blank, number in found.items()}
    if given_as == "kinked":
        return {"slopes": [results[f"slope{n}"] for n in range(1, len(xs) + 1)]}
    wanted = (
        ("value", "slope") if given_as == "smooth" else ("z", "slope", "derivative")
    )
    return {blank: results[blank] for blank in results if blank.startswith(wanted)}


def softmax_jacobian(
    logits: Sequence[float],
    given_as: str,
    row: int,
    temperature: int,
    gradient: Sequence[int],
) -> dict[str, Tensor]:
    """Let autograd differentiate the softmax."""

    def softmax(z: Tensor) -> Tensor:
        return functional.softmax(z / temperature, dim=0)

    z = torch.tensor(logits, dtype=torch.float64, requires_grad=True)
    probabilities = softmax(z)
    if given_as != "gradient":
        jacobian = torch.autograd.functional.jacobian(softmax, z)
        if given_as == "probabilities":
            return {"row": jacobian[row - 1]}
        return {"probabilities": probabilities, "jacobian": jacobian}
    upstream = torch.tensor(gradient, dtype=torch.float64)
    (passed,) = torch.autograd.grad(probabilities, z, upstream)
    mean = probabilities.detach() @ upstream
    return {"probabilities": probabilities, "mean": mean, "gradient_z": passed}


def vanishing_chain(
    given_as: str,
    functions: Sequence[tuple[str, float]],
    weights: Sequence[float],
    zs: Sequence[float],
    power: int,
) -> dict[str, float | list[float]]:
    """Let autograd go back through the layers; biases give the pre-activations."""
    if given_as == "bound":
        steepest, bound = chained(functions, weights, [0.0] * len(weights))
        depth = 1
        while abs(steepest[0] * weights[0]) ** depth >= 10**-power:
            depth += 1
        return {"slope": steepest[0], "bound": abs(bound), "depth": depth}
    slopes, gradient = chained(functions, weights, zs)
    values: dict[str, float | list[float]] = {"slopes": slopes, "gradient": gradient}
    if given_as == "residual":
        values["residual"] = chained(functions, weights, zs, skip=1)[1]
    return values


def chained(
    functions: Sequence[tuple[str, float]],
    weights: Sequence[float],
    zs: Sequence[float],
    skip: int = 0,
) -> tuple[list[float], float]:
    """The derivative of each layer's function, and that of the output for the input."""
    start = torch.tensor([1.0], dtype=torch.float64, requires_grad=True)
    h, slopes = start, []
    for (name, parameter), weight, wanted in zip(functions, weights, zs, strict=True):
        bias = wanted - weight * h.detach()
        z = weight * h + bias
        activation = applied(name, parameter, z)
        slopes.append(torch.autograd.grad(activation, z, retain_graph=True)[0].item())
        h = skip * h + activation
    (gradient,) = torch.autograd.grad(h, start)
    return slopes, gradient.item()


def applied(name: str, parameter: float, x: Tensor) -> Tensor:
    """An activation function of PyTorch, with its slope or scale."""
    if name == "step":
        return torch.heaviside(x, torch.ones_like(x))
    if name == "identity":
        return x.clone()
    if name == "leaky_relu":
        return functional.leaky_relu(x, parameter)
    if name == "prelu":
        return functional.prelu(x, torch.tensor([parameter], dtype=x.dtype))
    if name == "softplus":
        return functional.softplus(x, beta=parameter)
    return getattr(torch if name in {"sign", "sigmoid", "tanh"} else functional, name)(
        x
    )
