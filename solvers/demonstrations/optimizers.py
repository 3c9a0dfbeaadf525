"""Statements on optimisers."""

from typing import Any

import torch
from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset


def optim_01() -> bool:
    """Whether a loader of 1000 samples in batches of 10 has 100 batches."""
    return len(DataLoader(TensorDataset(torch.zeros(1000, 1)), batch_size=10)) == 100


def optim_02() -> bool:
    """Whether the gradient of the mean loss is the mean of the samples' gradients."""
    torch.manual_seed(0)
    X, y = torch.randn(8, 3, dtype=torch.float64), torch.randn(8, dtype=torch.float64)
    w = torch.ones(3, dtype=torch.float64, requires_grad=True)
    (batch,) = torch.autograd.grad(((X @ w - y) ** 2).mean(), w)
    single = [
        torch.autograd.grad((row @ w - target) ** 2, w)[0]
        for row, target in zip(X, y, strict=True)
    ]
    return torch.allclose(batch, torch.stack(single).mean(dim=0))


def optim_05() -> bool:
    """Whether first steps for gradients of 2 and 2000 are both the learning rate."""
    w = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    w.grad = torch.tensor([2.0, 2000.0], dtype=torch.float64)
    torch.optim.Adam([w], lr=0.1).step()
    return torch.allclose(w.detach(), torch.tensor([-0.1, -0.1], dtype=torch.float64))


def optim_07() -> bool:
    """Whether steps grow for a rate above 2/s², and shrink for one below it."""
    s = 2.0
    ends = []
    for rate in (1.1 * 2 / s**2, 0.9 * 2 / s**2):
        w = torch.tensor(1.0, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=rate)
        for _ in range(30):
            optimizer.zero_grad()
            (0.5 * s**2 * w**2).backward()
            optimizer.step()
        ends.append(abs(w.item()))
    return ends[0] > 100 and ends[1] < 0.01


def optim_10() -> bool:
    """Whether a step shrinks the weight, and then subtracts the gradient."""
    rate, alpha, gradient = 0.1, 0.5, 3.0
    w = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
    w.grad = torch.tensor(gradient, dtype=torch.float64)
    torch.optim.SGD([w], lr=rate, weight_decay=alpha).step()
    return abs(w.item() - ((1 - rate * alpha) * 2.0 - rate * gradient)) < 1e-12


def optim_12() -> bool:
    """Whether nearly all random symmetric matrices have both signs of curvature."""
    torch.manual_seed(0)
    A = torch.randn(200, 8, 8)
    curvatures = torch.linalg.eigvalsh(A + A.transpose(1, 2))
    saddles = (curvatures[:, 0] < 0) & (curvatures[:, -1] > 0)
    return saddles.float().mean().item() > 0.95


def steps_of(
    optimizer: type[torch.optim.Optimizer], gradients: list[float], **settings: Any
) -> Tensor:
    """The steps that one weight takes for a sequence of gradients."""
    w = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    rule, places = optimizer([w], **settings), [0.0]
    for gradient in gradients:
        w.grad = torch.tensor([gradient], dtype=torch.float64)
        rule.step()
        places.append(w.item())
    return torch.tensor(places, dtype=torch.float64).diff()


def optim_18() -> bool:
    """Whether one of 200 steps exceeds ten times the plain step."""
    steps = steps_of(torch.optim.SGD, [1.0] * 200, lr=0.1, momentum=0.9)
    return bool(steps.abs().max() > 10 * 0.1)


def optim_19() -> bool:
    """Whether ten times the gradients give the same steps."""
    gradients = [1.0, -0.5, 2.0]
    plain, scaled = (
        steps_of(torch.optim.SGD, [factor * g for g in gradients], lr=0.1)
        for factor in (1, 10)
    )
    return torch.allclose(plain, scaled)


def optim_20() -> bool:
    """Whether ten times the gradients give the same steps."""
    gradients = [1.0, -0.5, 2.0]
    plain, scaled = (
        steps_of(torch.optim.Adam, [factor * g for g in gradients], lr=0.1, eps=1e-15)
        for factor in (1, 10)
    )
    return torch.allclose(plain, scaled)


def optim_21() -> bool:
    """Whether any step for the same gradient is longer than the one before it."""
    lengths = steps_of(torch.optim.Adagrad, [1.0, 5.0, *[1.0] * 20], lr=0.1).abs()
    return bool((lengths[2:].diff() > 0).any())


def optim_22() -> bool:
    """Whether four backward passes leave the gradient of the single one."""
    torch.manual_seed(0)
    X, y = torch.randn(32, 3).double(), torch.randn(32).double()
    w = torch.ones(3, dtype=torch.float64, requires_grad=True)
    (whole,) = torch.autograd.grad(((X @ w - y) ** 2).mean(), w)
    for rows, targets in zip(X.split(8), y.split(8), strict=True):
        (((rows @ w - targets) ** 2).mean() / 4).backward()
    assert w.grad is not None
    return torch.allclose(w.grad, whole)


def optim_23() -> bool:
    """Whether the uncorrected averages of a first gradient of 2 give a tenth."""
    mean, square = (1 - 0.9) * 2.0, (1 - 0.999) * 2.0**2
    return abs(mean / square**0.5 - 0.1) < 0.05


def optim_24() -> bool:
    """Whether ten steps shrink both coordinates for curvatures of 1 and 10 alike."""
    w = torch.ones(2, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.05)
    for _ in range(10):
        optimizer.zero_grad()
        (0.5 * torch.tensor([1.0, 10.0]).double() * w**2).sum().backward()
        optimizer.step()
    return bool(torch.isclose(w[0], w[1]))


def optim_25() -> bool:
    """Whether a gradient of norm 1/2 is changed."""
    w = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    w.grad = torch.tensor([0.3, 0.4], dtype=torch.float64)
    torch.nn.utils.clip_grad_norm_([w], max_norm=1.0)
    return not torch.allclose(w.grad, torch.tensor([0.3, 0.4], dtype=torch.float64))


def optim_26() -> bool:
    """Whether they agree in the first step on half of w² from 1, not in the second.

    Nesterov's method takes the gradient where the velocity would carry the weight.
    """
    rate, momentum = 0.1, 0.9
    paths = []
    for ahead in (0.0, momentum):
        w, velocity, path = 1.0, 0.0, []
        for _ in range(2):
            gradient = w + ahead * velocity
            velocity = momentum * velocity - rate * gradient
            w += velocity
            path.append(w)
        paths.append(path)
    heavy, nesterov = paths
    return heavy[0] == nesterov[0] and heavy[1] != nesterov[1]


def optim_27() -> bool:
    """Whether one step on the square of w from 1 lowers it for all of five rates."""
    return all((1 - rate * 2) ** 2 < 1 for rate in (0.1, 0.3, 0.6, 0.9, 1.2))
