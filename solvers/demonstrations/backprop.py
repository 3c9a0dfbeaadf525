"""Statements on backpropagation and initialisation."""

import torch
from torch import nn


def backprop_01() -> bool:
    """Whether the gradient of x² + 3x at 2 is the sum 4 + 3."""
    x = torch.tensor(2.0, requires_grad=True)
    (x * x + 3 * x).backward()
    assert x.grad is not None
    return x.grad.item() == 7


def backprop_02() -> bool:
    """Whether two backward passes leave what one leaves."""
    w = torch.tensor(3.0, requires_grad=True)
    for _ in range(2):
        (w**2).backward()
    assert w.grad is not None
    return w.grad.item() == 6


def backprop_03() -> bool:
    """Whether autograd finds the second derivative 18 of x³ at 3."""
    x = torch.tensor(3.0, requires_grad=True)
    (first,) = torch.autograd.grad(x**3, x, create_graph=True)
    (second,) = torch.autograd.grad(first, x)
    return second.item() == 18


def backprop_05() -> bool:
    """Whether a weight differs after the backward pass."""
    w = torch.tensor(3.0, requires_grad=True)
    before = w.item()
    (w**2).backward()
    return w.item() != before


def backprop_06() -> bool:
    """Whether the gradient follows the inputs under the same error signal."""
    w = torch.tensor([0.5, -1.0, 2.0], requires_grad=True)
    x = torch.tensor([1.0, 2.0, -3.0])
    (gradient,) = torch.autograd.grad(0.7 * (w @ x), w)
    (doubled,) = torch.autograd.grad(0.7 * (w @ (2 * x)), w)
    return torch.allclose(gradient, 0.7 * x) and torch.allclose(doubled, 2 * gradient)


def backprop_08() -> bool:
    """Whether two hidden units that start equal get the same gradient."""
    hidden = nn.Linear(3, 2)
    network = nn.Sequential(hidden, nn.Tanh(), nn.Linear(2, 1))
    for parameter in network.parameters():
        nn.init.constant_(parameter, 0.3)
    error = network(torch.tensor([[1.0, -2.0, 0.5]])) - 1
    first, second = torch.autograd.grad(error.square().sum(), hidden.weight)[0]
    return torch.allclose(first, second)


def backprop_09() -> bool:
    """Whether autograd finds 2Ax for a matrix that is not symmetric."""
    A = torch.tensor([[1.0, 2.0], [0.0, 3.0]])
    x = torch.tensor([1.0, -1.0], requires_grad=True)
    (gradient,) = torch.autograd.grad(x @ A @ x, x)
    return torch.allclose(gradient, 2 * A @ x)


def init_02() -> bool:
    """Whether weights between 100 and 400 units have the variance 2/500."""
    torch.manual_seed(0)
    weights = nn.init.xavier_normal_(torch.empty(100, 400))
    return abs(weights.var().item() / (2 / 500) - 1) < 0.05
