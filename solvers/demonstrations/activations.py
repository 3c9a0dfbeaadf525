"""Statements on activation functions."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional


def slope(activation: Callable[[Tensor], Tensor], points: list[float]) -> Tensor:
    """The derivative that autograd finds at some points."""
    x = torch.tensor(points, dtype=torch.float64, requires_grad=True)
    return torch.autograd.grad(activation(x).sum(), x)[0]


def activation_02() -> bool:
    """Whether the slope of the sigmoid stays within 1/4 on a grid."""
    grid = torch.linspace(-8, 8, 1601).tolist()
    return bool(slope(torch.sigmoid, grid).max() <= 0.25 + 1e-12)


def activation_03() -> bool:
    """Whether tanh is steeper than the sigmoid where both are steepest."""
    grid = torch.linspace(-4, 4, 801).tolist()
    return bool(slope(torch.tanh, grid).max() > slope(torch.sigmoid, grid).max())


def activation_04() -> bool:
    """Whether autograd gives ReLU the slope 1 at zero."""
    return slope(torch.relu, [0.0]).item() == 1


def activation_05() -> bool:
    """Whether autograd gives LeakyReLU its negative slope at zero."""
    return (
        slope(lambda x: functional.leaky_relu(x, negative_slope=0.25), [0.0]).item()
        == 0.25
    )


def activation_06() -> bool:
    """Whether max(ax, x) is PReLU for a = 1/2 and for a = 2."""
    x = torch.tensor([-1.0, 1.0])
    return all(
        torch.equal(torch.maximum(a * x, x), functional.prelu(x, torch.tensor([a])))
        for a in (0.5, 2.0)
    )


def activation_07() -> bool:
    """Whether GELU and SiLU fall on one part of the line and rise on another."""
    grid = torch.linspace(-4, 4, 81, dtype=torch.float64)
    steps = [
        activation(grid).diff() for activation in (functional.gelu, functional.silu)
    ]
    return all(bool((step < 0).any() and (step > 0).any()) for step in steps)


def activation_08() -> bool:
    """Whether the difference quotients of ReLU at zero agree from both sides."""
    zero, small = torch.tensor(0.0), torch.tensor(1e-3)
    right = (torch.relu(small) - torch.relu(zero)) / small
    left = (torch.relu(zero) - torch.relu(-small)) / small
    return bool(torch.isclose(left, right))


def activation_09() -> bool:
    """Whether tanh(x) equals 2σ(2x) − 1 on a grid."""
    x = torch.linspace(-5, 5, 101, dtype=torch.float64)
    return torch.allclose(torch.tanh(x), 2 * torch.sigmoid(2 * x) - 1)


def activation_10() -> bool:
    """Whether gradient descent leaves the weight of a dead unit as it is."""
    inputs = torch.tensor([0.5, 1.0, 2.0])
    weight = torch.tensor(-1.0, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=0.1)
    for _ in range(5):
        optimizer.zero_grad()
        ((torch.relu(weight * inputs) - 1) ** 2).mean().backward()
        optimizer.step()
    return weight.item() == -1


def activation_11() -> bool:
    """Whether the softmax stays when 100 is added to all logits."""
    logits = torch.tensor([1.0, 2.0, -0.5], dtype=torch.float64)
    return torch.allclose(logits.softmax(0), (logits + 100).softmax(0))


def activation_12() -> bool:
    """Whether the softmax stays when all logits are doubled."""
    logits = torch.tensor([1.0, 2.0, -0.5], dtype=torch.float64)
    return torch.allclose(logits.softmax(0), (2 * logits).softmax(0))


def activation_13() -> bool:
    """Whether the Jacobian of the softmax is diagonal."""
    logits = torch.tensor([1.0, 2.0, -0.5], dtype=torch.float64)
    jacobian = torch.autograd.functional.jacobian(lambda z: z.softmax(0), logits)
    return torch.allclose(jacobian, torch.diag(torch.diagonal(jacobian)))
