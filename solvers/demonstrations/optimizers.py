"""Statements on optimisers."""

import torch
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
